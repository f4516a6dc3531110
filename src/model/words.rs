//! Finds names in texts as whole words, however they are spelled together: `Platform Team`, `platform-team`, `PlatformTeam`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters between two words of a name.
const WIDEST_GAP: usize = 3;

/// Names, and what stands for each of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// By all letters of the name in a row, folded.
    names: BTreeMap<String, Name>,
}

#[derive(Clone, Debug)]
struct Name {
    instead: String,
    /// It has several words, so that blanks and other signs may stand between them.
    several: bool,
}

/// A word of a text: letters between signs, or between changes of case as `camelCase` has them.
struct Word {
    start: usize,
    end: usize,
    folded: String,
}

impl Words {
    /// Adds a name; the first to take it keeps it.
    ///
    /// One letter, or digits alone, is found too often to be looked for.
    pub(super) fn add(&mut self, name: &str, instead: &str) {
        let words = words(name);
        let letters: String = words.iter().map(|word| word.folded.as_str()).collect();
        if letters.chars().count() < 2 || letters.chars().all(|c| c.is_ascii_digit()) {
            return;
        }
        let apart = words.windows(2).any(|pair| pair[0].end < pair[1].start);
        self.names.entry(letters).or_insert_with(|| Name {
            instead: instead.to_owned(),
            several: apart,
        });
    }

    /// Whether all of a text together is one of the names.
    pub(super) fn has(&self, text: &str) -> bool {
        self.names.contains_key(&letters(text))
    }

    /// The text with all names replaced, the longest that begins at a word first.
    pub(super) fn replace<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.names.is_empty() {
            return Cow::Borrowed(text);
        }
        let words = words(text);
        let mut replaced = String::new();
        let mut done = 0;
        let mut at = 0;
        while at < words.len() {
            match self.longest(text, &words[at..]) {
                Some((count, name)) => {
                    replaced.push_str(&text[done..words[at].start]);
                    replaced.push_str(&name.instead);
                    at += count;
                    done = words[at - 1].end;
                    // `cart2` must not look like team 12.
                    if text[done..].starts_with(char::is_numeric) {
                        replaced.push('_');
                    }
                }
                None => at += 1,
            }
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        replaced.push_str(&text[done..]);
        Cow::Owned(replaced)
    }

    /// The longest name that the first words make, and how many they are.
    fn longest(&self, text: &str, words: &[Word]) -> Option<(usize, &Name)> {
        let mut letters = String::new();
        let mut best = None;
        let mut joined = true;
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                match gap(&text[words[index - 1].end..word.start]) {
                    Gap::Joins => {}
                    Gap::Parts => joined = false,
                    Gap::Ends => break,
                }
            }
            letters.push_str(&word.folded);
            let mut after = self
                .names
                .range::<str, _>((Bound::Included(letters.as_str()), Bound::Unbounded));
            let Some((next, name)) = after.next() else {
                break;
            };
            if !next.starts_with(&letters) {
                break;
            }
            if *next == letters && (joined || name.several) {
                best = Some((index + 1, name));
            }
        }
        best
    }
}

/// What stands between two words.
enum Gap {
    /// Nothing, or a sign that makes one word of two: a change of case, `-`, `_`, `.`, `+`, `@`.
    Joins,
    /// A blank or another sign: only a name of several words goes over it.
    Parts,
    Ends,
}

fn gap(text: &str) -> Gap {
    if matches!(text, "" | "-" | "_" | "." | "+" | "@") {
        return Gap::Joins;
    }
    let ends =
        |c: char| c.is_control() || matches!(c, '"' | '`' | '<' | '>' | '=' | '|' | '{' | '}');
    if text.chars().count() > WIDEST_GAP || text.contains(ends) {
        return Gap::Ends;
    }
    Gap::Parts
}

/// The folded letters of a text, without what stands between its words.
pub(super) fn letters(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect()
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let end = start + c.len_utf8();
        if !is_letter(c) {
            before = None;
            continue;
        }
        let next = chars.peek().map(|(_, next)| *next);
        let begins = before.is_none_or(|before| begins(before, c, next));
        match words.last_mut() {
            Some(word) if !begins => word.end = end,
            _ => words.push(Word {
                start,
                end,
                folded: String::new(),
            }),
        }
        before = Some(c);
    }
    for word in &mut words {
        word.folded = folded(&text[word.start..word.end]);
    }
    words
}

/// Whether a letter begins a word although a letter stands before it.
fn begins(before: char, c: char, next: Option<char>) -> bool {
    if is_combining_mark(c) {
        return false;
    }
    let camel =
        c.is_uppercase() && (!before.is_uppercase() || next.is_some_and(char::is_lowercase));
    let number = c.is_numeric() && !before.is_numeric();
    camel || number || stands_alone(c) || stands_alone(before)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || stands_alone(c)
}

/// Signs of scripts that put no blanks between words, and pictures.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{1F000}'..)
}

/// Without case, accents and other marks, since the slug of `Größe` may be `grosse`.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    let lower = plain
        .flat_map(char::to_lowercase)
        .filter(|c| !is_combining_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for c in lower {
        match c {
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            'ı' => folded.push('i'),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(names: &[&str], text: &str) -> String {
        let mut words = Words::default();
        for (name, number) in names.iter().zip(1..) {
            words.add(name, &format!("team-{number}"));
        }
        words.replace(text).into_owned()
    }

    #[test]
    fn a_name_is_found_however_it_is_spelled_together() {
        for text in [
            "Platform Team",
            "platform-team",
            "platform_team",
            "PlatformTeam",
            "platformTeam",
            "PLATFORM_TEAM",
            "platformteam",
            "platform.team",
        ] {
            assert_eq!(replaced(&["Platform Team"], text), "team-1", "{text}");
        }
        assert_eq!(
            replaced(&["platformteam"], "a/PlatformTeam.rs"),
            "a/team-1.rs"
        );
        assert_eq!(replaced(&["ateam"], "a team"), "a team");
    }

    #[test]
    fn only_whole_words_are_found() {
        let names = &["cart", "ann"];
        assert_eq!(
            replaced(names, "carts descartes Anna"),
            "carts descartes Anna"
        );
        assert_eq!(
            replaced(names, "CartService cart2 HTTPCart x_cart-y"),
            "team-1Service team-1_2 HTTPteam-1 x_team-1-y"
        );
    }

    #[test]
    fn the_longest_name_wins_unless_it_is_no_whole_word() {
        let names = &["cart", "cart api"];
        assert_eq!(
            replaced(names, "cart-api, cart-apis"),
            "team-2, team-1-apis"
        );
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        let names = &["Größe", "Équipe Noël", "İstanbul"];
        assert_eq!(
            replaced(
                names,
                "GRÖSSE GRÖẞE gro\u{308}ße grosse equipe-noel ISTANBUL"
            ),
            "team-1 team-1 team-1 team-1 team-2 team-3"
        );
    }

    #[test]
    fn scripts_without_blanks_have_words_too() {
        assert_eq!(
            replaced(&["決済"], "docs/決済チーム.md"),
            "docs/team-1チーム.md"
        );
        assert_eq!(replaced(&["🍕🍕"], "x🍕🍕y"), "xteam-1y");
    }

    #[test]
    fn signs_of_the_name_itself_do_not_keep_it_from_being_found() {
        assert_eq!(
            replaced(&["R & D", "O'Brien"], "the R&D, o'brien"),
            "the team-1, team-2"
        );
        assert_eq!(
            replaced(&["ann.lee@acme.example"], "<ann.lee@acme.example>"),
            "<team-1>"
        );
        assert_eq!(
            replaced(&["Ann Lee"], "Ann\nLee \"Ann\" \"Lee\""),
            "Ann\nLee \"Ann\" \"Lee\""
        );
    }

    #[test]
    fn a_single_letter_and_a_number_are_no_words_to_look_for() {
        assert_eq!(replaced(&["a", "42", "🍕"], "a 42 🍕"), "a 42 🍕");
    }
}
