//! The comments of a TOML file.
//!
//! Source: <https://toml.io/en/v1.0.0#comment>

use std::ops::Range;

/// All comments in order; what is broken gives no worse than a comment too many or too few.
pub(super) fn comments(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at = match byte {
            b'#' => {
                let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |len| at + len);
                found.push(at..end);
                end
            }
            b'"' | b'\'' => after_string(text, at, *byte),
            _ => at + 1,
        };
    }
    found
}

/// Where a string ends that starts at a quote; one on a single line ends with it at the latest.
fn after_string(text: &[u8], start: usize, quote: u8) -> usize {
    let triple = text[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while let Some(byte) = text.get(at) {
        match *byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !triple => return at,
            byte if byte == quote && !triple => return at + 1,
            byte if byte == quote && text[at..].starts_with(&[quote; 3]) => {
                // Up to two quotes may stand before the closing ones.
                let run = text[at..].iter().take(5).take_while(|byte| **byte == quote);
                return at + run.count();
            }
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hide_the_sign() {
        let text = "# a\nb = \"\\\"# c\" # d\ne = '#\\' # f\ng = \"\"\"\n# h\n\"\"\"\"\" # i\nj = '''#\n'''# k\nl = \"\n# m";
        let texts: Vec<_> = comments(text.as_bytes())
            .into_iter()
            .map(|comment| &text[comment])
            .collect();
        assert_eq!(texts, ["# a", "# d", "# f", "# i", "# k", "# m"]);
    }

    #[test]
    fn an_open_end_is_the_end() {
        for text in ["\"", "\"\\", "'''", "\"\"\"\\", "#"] {
            assert!(comments(text.as_bytes()).len() < 2, "{text}");
        }
    }
}
