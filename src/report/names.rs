//! Names from a repository, made safe for a terminal and short enough for a line.

use std::fmt::Write as _;

use crate::model::is_unsafe;

/// Escapes what could steer a terminal or turn the reading direction: control characters, line separators, bidi controls, tags.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unsafe(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Likewise, and cut to a number of terminal columns.
pub fn fit(text: &str, columns: usize) -> String {
    let text = safe(text);
    if width(&text) <= columns {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += char_width(c);
        if used + 1 > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Likewise, and filled with spaces.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let gap = columns.saturating_sub(width(&text));
    format!("{text}{}", " ".repeat(gap))
}

/// The columns that a text takes on a terminal: wide letters and emoji take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// An argument for a shell, quoted where it has to be.
pub(super) fn argument(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@_-./:".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", safe(text).replace('\'', "'\\''"))
    }
}

/// `1 file`, `2 files`
pub(super) fn plural(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

fn char_width(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_shown_escaped() {
        assert_eq!(
            safe("a\x1b[31m\u{202e}b\n\u{9b}"),
            "a\\u{1b}[31m\\u{202e}b\\n\\u{9b}"
        );
        assert_eq!(safe("שלום 🍕 <b>"), "שלום 🍕 <b>");
    }

    #[test]
    fn long_names_are_cut_by_columns() {
        assert_eq!(fit("catalogue", 6), "catal…");
        assert_eq!(pad("🍕", 4), "🍕  ");
        assert_eq!(fit("🍕🍕🍕", 4), "🍕…");
    }

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        assert_eq!(argument("@acme/cart"), "@acme/cart");
        assert_eq!(argument("$(rm x)'"), "'$(rm x)'\\'''");
        assert_eq!(argument("-rf"), "'-rf'");
    }
}
