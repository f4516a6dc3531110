//! Names and sentences as text of Markdown with HTML in it.

use std::fmt::Write as _;

use super::names::safe;

/// A sentence of ours: what stands between backticks is code, unless a name has backticks of its own.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let parts = parts.iter().enumerate();
    parts
        .map(|(index, part)| match index % 2 {
            0 => escape(part),
            _ => code(part),
        })
        .collect()
}

/// A name; code is where no forge looks for people to notify.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text that neither HTML nor Markdown reads anything into: references to characters are never syntax
/// (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>).
/// An empty comment behind `@` and `#` keeps a forge from notifying people and linking issues.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe(text).chars() {
        match c {
            '@' | '#' => {
                let _ = write!(out, "&#{};<!-- -->", u32::from(c));
            }
            c if c.is_ascii_punctuation() && !" .,:;/-'\"()?=+%".contains(c) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_a_mention_a_link_or_a_cell() {
        assert_eq!(
            escape("<b>|*_[a](b)@acme/cart#1 `x`\n"),
            "&#60;b&#62;&#124;&#42;&#95;&#91;a&#93;(b)&#64;<!-- -->acme/cart&#35;<!-- -->1 &#96;x&#96;&#92;n"
        );
    }

    #[test]
    fn names_between_backticks_are_code_unless_they_have_backticks() {
        assert_eq!(
            prose("team `a` and `@b`"),
            "team <code>a</code> and <code>&#64;<!-- -->b</code>"
        );
        assert_eq!(prose("team `a`b`"), "team &#96;a&#96;b&#96;");
    }
}
