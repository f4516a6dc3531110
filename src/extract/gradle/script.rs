//! The blocks of a build script: which stand around a place, and what a loop over a literal list puts into one.

use std::ops::Range;

use crate::extract::brackets::Tokens;
use crate::extract::tokens::{Dialect, Kind};

/// The most values of one loop.
const VALUES: usize = 512;

/// A block that is open at a place.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Its name with what stands before it: `sourceSets.main`, `subprojects`.
    pub(super) path: Vec<String>,
    /// What it is given in round brackets, as tokens.
    pub(super) args: Range<usize>,
    /// The token that closes it.
    pub(super) end: usize,
    /// The variable of a loop and its values.
    pub(super) values: Option<(String, Vec<String>)>,
}

impl Frame {
    /// The last word of its name.
    pub(super) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// The tokens of a script.
pub(super) struct Script<'t> {
    pub(super) tokens: Tokens<'t>,
}

impl<'t> Script<'t> {
    pub(super) fn new(text: &'t [u8], path: &str) -> Self {
        let dialect = match path.ends_with(".kts") {
            true => Dialect::Kotlin,
            false => Dialect::Groovy,
        };
        Self {
            tokens: Tokens::new(text, dialect),
        }
    }

    /// Whether a statement can start at a place.
    pub(super) fn starts(&self, at: usize) -> bool {
        let fresh = self.tokens.list.get(at).is_some_and(|token| token.fresh);
        let before = at.checked_sub(1).and_then(|at| self.tokens.list.get(at));
        let open = |sign: u8| matches!(sign, b',' | b'.' | b'(' | b'[' | b'=' | b'+');
        match before.map(|token| token.kind) {
            None => true,
            Some(Kind::Sign(b'{' | b'}' | b';')) => true,
            // `a ->` of a closure, and `if (…) statement`.
            Some(Kind::Sign(b'>' | b')')) => true,
            Some(Kind::Word) if self.tokens.is_word(at - 1, "else") => true,
            Some(Kind::Sign(sign)) => fresh && !open(sign),
            Some(_) => fresh,
        }
    }

    /// Where the statement ends whose arguments start at a place: the line, unless brackets or a comma carry on.
    pub(super) fn statement_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(token) = self.tokens.list.get(at) {
            let carries = at > start
                && (self.tokens.is(at - 1, b',')
                    || self.tokens.is(at - 1, b'=')
                    || self.tokens.is(at - 1, b'.')
                    || token.is(b'.'));
            if at > start && token.fresh && !carries {
                break;
            }
            match token.kind {
                Kind::Sign(b';' | b'}' | b')' | b']' | b'{') => break,
                Kind::Sign(b'(' | b'[') => at = self.tokens.mate(at).max(at) + 1,
                _ => at += 1,
            }
        }
        at
    }

    /// The block that a curly bracket opens.
    pub(super) fn frame(&self, brace: usize) -> Frame {
        let tokens = &self.tokens;
        let mut at = brace;
        let mut args = brace..brace;
        if at > 0 && tokens.is(at - 1, b')') {
            let open = tokens.mate(at - 1);
            if open < at - 1 {
                args = open + 1..at - 1;
                at = open;
            }
        }
        // The types of `register<JvmTestSuite>("functionalTest")`.
        if at > 0 && tokens.is(at - 1, b'>') {
            let near = at.saturating_sub(16);
            if let Some(open) = (near..at).rev().find(|at| tokens.is(*at, b'<')) {
                at = open;
            }
        }
        let mut path = Vec::new();
        let mut receiver = at;
        while at > 0 && path.len() < 8 {
            // `"functionalTest"(JvmTestSuite::class) {` has a name, too.
            let word = tokens.word(at - 1).or_else(|| tokens.literal(at - 1));
            let Some(word) = word else {
                break;
            };
            path.push(word.to_owned());
            at -= 1;
            receiver = at;
            if at > 0 && tokens.is(at - 1, b'.') {
                at -= 1;
                receiver = at;
            } else {
                break;
            }
        }
        path.reverse();
        // `val commonTest by getting {` is about its own name.
        if at >= 2 && tokens.is_word(at - 1, "by") {
            path.extend(tokens.word(at - 2).map(str::to_owned));
        }
        Frame {
            end: tokens.mate(brace),
            values: self.values(brace, &path, &args, receiver),
            path,
            args,
        }
    }

    /// What a loop goes through: `listOf("a", "b").forEach {`, `['a', 'b'].each { x ->`, `for (x in listOf("a")) {`.
    fn values(
        &self,
        brace: usize,
        path: &[String],
        args: &Range<usize>,
        receiver: usize,
    ) -> Option<(String, Vec<String>)> {
        let tokens = &self.tokens;
        match path.last()?.as_str() {
            "forEach" | "each" | "all" => {
                let close = receiver.checked_sub(1)?;
                if !tokens.is(close, b')') && !tokens.is(close, b']') {
                    return None;
                }
                let values = self.literals(tokens.mate(close)..close);
                let named = tokens.is(brace + 2, b'-') && tokens.is(brace + 3, b'>');
                let name = match named {
                    true => tokens.word(brace + 1)?,
                    false => "it",
                };
                (!values.is_empty()).then(|| (name.to_owned(), values))
            }
            "for" => {
                let at = args.clone().find(|at| tokens.is_word(*at, "in"))?;
                let values = self.literals(at..args.end);
                let name = tokens.word(at.checked_sub(1)?)?;
                (!values.is_empty()).then(|| (name.to_owned(), values))
            }
            _ => None,
        }
    }

    fn literals(&self, range: Range<usize>) -> Vec<String> {
        let literals = range.filter_map(|at| self.tokens.literal(at));
        literals.take(VALUES).map(str::to_owned).collect()
    }

    /// The texts that an argument comes to: itself, or one for each value of the loop around it; none when it is not told.
    pub(super) fn texts(&self, at: usize, frames: &[Frame]) -> Vec<String> {
        let loops = || {
            frames
                .iter()
                .rev()
                .filter_map(|frame| frame.values.as_ref())
        };
        if let Some(word) = self.tokens.word(at) {
            let found = loops().find(|(name, _)| name == word);
            return found.map(|(_, values)| values.clone()).unwrap_or_default();
        }
        let Some(text) = self.tokens.literal(at) else {
            return Vec::new();
        };
        if !text.contains('$') {
            return vec![text.to_owned()];
        }
        for (name, values) in loops() {
            let (braced, plain) = (format!("${{{name}}}"), format!("${name}"));
            let put = |value: &String| text.replace(&braced, value).replace(&plain, value);
            let texts: Vec<String> = values.iter().map(put).collect();
            if texts.iter().all(|text| !text.contains('$')) {
                return texts;
            }
        }
        Vec::new()
    }
}

/// The blocks that are open while a script is gone through from its start.
#[derive(Default)]
pub(super) struct Frames {
    pub(super) open: Vec<Frame>,
}

impl Frames {
    /// The deepest nesting that is kept.
    const DEEPEST: usize = 128;

    /// Goes to a token: closes what ends before it, and opens the block that it opens.
    pub(super) fn go(&mut self, at: usize, script: &Script<'_>) {
        self.leave(at);
        if script.tokens.is(at, b'{') && self.open.len() < Self::DEEPEST {
            let frame = script.frame(at);
            if frame.end > at {
                self.open.push(frame);
            }
        }
    }

    /// Closes what ends before a token.
    pub(super) fn leave(&mut self, at: usize) {
        while self.open.last().is_some_and(|frame| frame.end <= at) {
            self.open.pop();
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.open.iter().any(|frame| frame.name() == name)
    }
}
