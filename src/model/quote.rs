//! A text of a repository as others read it back: which characters no output may hold, and a text as TOML.

use std::fmt::Write as _;

/// Whether a character could steer a terminal or turn the reading direction: control characters, line separators,
/// bidi controls, tags.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// A text as a basic string of TOML (<https://toml.io/en/v1.0.0#string>), on one line and without unsafe characters.
pub fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_unsafe(c) => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_text_holds_toml_gives_it_back_and_a_terminal_is_safe() {
        for text in [
            "",
            "cart",
            "a\"b\\c",
            "\0\n\r\t\u{7f}\u{85}",
            "é\u{202e}𝒳\u{e0041}",
        ] {
            let quoted = toml_string(text);
            assert!(!quoted.contains(is_unsafe), "{quoted}");
            let table: toml::Table = format!("a = {quoted}").parse().unwrap();
            assert_eq!(table["a"].as_str(), Some(text));
        }
    }
}
