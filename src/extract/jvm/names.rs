//! States what a file of the JVM declares and imports; shared by its languages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::extract::allowances;
use crate::extract::tokens::{Dialect, Kind, Lexer, Token};
use crate::model::{
    Claim, DependencyKind, Facts, Key, Offer, Parsed, SourceFile, Subject, Template,
};

/// The most distinct imports, declarations, or names used of one file.
const NAMES: usize = 4096;

/// File names, or ends of them, in which a `main` is what the component is for.
const PROGRAMS: &[&str] = &["App", "Application", "Main"];

/// The tokens of a file, one ahead.
pub(super) struct Reader<'t> {
    text: &'t [u8],
    lexer: Lexer<'t>,
    ahead: Option<Token>,
    /// The end of what was read last.
    pub(super) end: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8], dialect: Dialect) -> Self {
        Self {
            text,
            lexer: Lexer::new(text, dialect),
            ahead: None,
            end: 0,
        }
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.ahead.take().or_else(|| self.lexer.next())?;
        self.end = token.bytes().end;
        Some(token)
    }

    pub(super) fn peek(&mut self) -> Option<Token> {
        self.ahead = self.ahead.or_else(|| self.lexer.next());
        self.ahead
    }

    pub(super) fn word(&self, token: Token) -> &'t str {
        self.text
            .get(token.bytes())
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The word that comes next, which is read then.
    pub(super) fn take_word(&mut self) -> Option<(&'t str, Range<usize>)> {
        let token = self.peek().filter(|token| token.kind == Kind::Word)?;
        self.next();
        Some((self.word(token), token.bytes()))
    }

    /// Whether a sign comes next; it is read then.
    pub(super) fn take(&mut self, sign: u8) -> bool {
        let found = self.peek().is_some_and(|token| token.is(sign));
        if found {
            self.next();
        }
        found
    }

    /// The text of the line on which an offset stands, up to the offset.
    pub(super) fn line_before(&self, at: usize) -> &'t [u8] {
        let start = memchr::memrchr(b'\n', &self.text[..at]).map_or(0, |end| end + 1);
        &self.text[start..at]
    }

    /// Words with dots between them; a star may end them, and is told.
    pub(super) fn dotted(&mut self) -> Option<Dotted> {
        let (first, bytes) = self.take_word()?;
        let mut name = first.to_owned();
        let start = bytes.start;
        let mut all = false;
        let mut end = bytes.end;
        while self.peek().is_some_and(|token| token.is(b'.')) {
            self.next();
            if self.take(b'*') {
                all = true;
                end = self.end;
                break;
            }
            let Some((word, bytes)) = self.take_word() else {
                break;
            };
            name.push('.');
            name.push_str(word);
            end = bytes.end;
        }
        Some(Dotted {
            name,
            all,
            bytes: start..end,
        })
    }
}

/// A name with dots, as an import has it.
#[derive(Debug)]
pub(super) struct Dotted {
    pub(super) name: String,
    /// A star follows.
    pub(super) all: bool,
    pub(super) bytes: Range<usize>,
}

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The package, and where its clause stands.
    pub(super) package: Option<(String, Range<usize>)>,
    /// The packages to which an object of Scala gives members.
    pub(super) objects: Vec<(String, Range<usize>)>,
    /// The scopes in which relative names are looked up, the innermost first: Scala has them.
    pub(super) scopes: String,
    imports: BTreeMap<(String, Option<usize>), (u32, Range<usize>)>,
    declared: BTreeMap<String, Range<usize>>,
    /// Where the first import of a whole package stands.
    wildcard: Option<Range<usize>>,
    used: BTreeSet<String>,
    allowed: Vec<Range<usize>>,
    program: Option<Range<usize>>,
    full: Option<Range<usize>>,
}

impl Names {
    /// What comments allow is told first, so that their imports are kept apart.
    pub(super) fn of(file: &SourceFile<'_>, dialect: Dialect, facts: &mut Facts<'_>) -> Self {
        let mut names = Self::default();
        if allowances::promised(file.bytes) {
            let mut lexer = Lexer::new(file.bytes, dialect);
            lexer.comments = Some(Vec::new());
            while lexer.next().is_some() {}
            let comments = lexer.comments.unwrap_or_default();
            names.allowed = allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        facts.parsed(Parsed::Whole);
        names
    }

    pub(super) fn import(&mut self, name: &str, all: bool, bytes: Range<usize>) {
        if all {
            self.wildcard.get_or_insert(bytes.clone());
        }
        let name = match all {
            true => format!("{name}.*"),
            false => name.to_owned(),
        };
        let allowance = self
            .allowed
            .iter()
            .position(|range| range.contains(&bytes.start));
        let key = (name, allowance);
        if let Some((count, _)) = self.imports.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if self.imports.len() < NAMES {
            self.imports.insert(key, (1, bytes));
        } else {
            self.full.get_or_insert(bytes);
        }
    }

    /// A top-level declaration, by its full name.
    pub(super) fn declare(&mut self, name: &str, bytes: Range<usize>) {
        let full = match &self.package {
            Some((package, _)) if !package.is_empty() => format!("{package}.{name}"),
            _ => name.to_owned(),
        };
        self.declare_full(full, bytes);
    }

    pub(super) fn declare_full(&mut self, name: String, bytes: Range<usize>) {
        if self.declared.len() < NAMES {
            self.declared.entry(name).or_insert(bytes);
        } else {
            self.full.get_or_insert(bytes);
        }
    }

    /// A name that is used: what an import of a whole package brings is told by these alone.
    pub(super) fn uses(&mut self, name: &str) {
        let is_name = !name.starts_with(|c: char| c.is_ascii_digit());
        if self.wildcard.is_some() && is_name && self.used.len() < NAMES {
            // A copy only of what is new.
            if self.used.contains(name) {
                return;
            }
            self.used.insert(name.to_owned());
        }
    }

    /// A `main` in a file of this stem.
    pub(super) fn main(&mut self, stem: &str, bytes: Range<usize>) {
        if PROGRAMS.iter().any(|end| stem.ends_with(end)) {
            self.program.get_or_insert(bytes);
        }
    }

    /// States it all, and what could not be read.
    pub(super) fn state(self, reader: Reader<'_>, facts: &mut Facts<'_>) {
        if let Some((bytes, message)) = reader.lexer.problem {
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
        if let Some((package, bytes)) = &self.package {
            let key = Key::new("jvmpkg", package.as_str());
            facts.provides(key, Offer::Implements, bytes.clone());
        }
        for (package, bytes) in self.objects {
            let key = Key::new("jvmobject", package);
            facts.provides(key, Offer::Implements, bytes);
        }
        for (name, bytes) in self.declared {
            facts.provides(Key::new("jvm", name), Offer::Implements, bytes);
        }
        for ((name, _), (count, bytes)) in self.imports {
            let key = Key::at("jvm", self.scopes.as_str(), name);
            facts.requires(key, DependencyKind::LinkImpl, count, bytes);
        }
        if let Some(bytes) = self.wildcard.filter(|_| !self.used.is_empty()) {
            let words: Vec<String> = self.used.into_iter().collect();
            let claim = Claim::Binds {
                key: Key::new("jvm-used", "*"),
                value: Template::text(words.join(" ")),
            };
            facts.push(Subject::File, claim, bytes);
        }
        if let Some(bytes) = self.program {
            let key = Key::new("trait", "entry-point");
            facts.provides(key, Offer::Implements, bytes);
        }
        if let Some(bytes) = self.full {
            let message = format!("more than {NAMES} names; the rest is not read");
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
    }
}

/// The name of a file without folders and ending.
pub(super) fn stem<'a>(file: &SourceFile<'a>) -> &'a str {
    let name = file.path.file_name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
