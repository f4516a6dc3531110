//! What expressions of a build come to: texts, folders, and calls of functions that the build defines somewhere.
//!
//! A call is a reference, `${sbt-make:module(cart)}`: what the function makes of its arguments, resolving puts in.

use std::collections::BTreeSet;
use std::ops::Range;

use super::definitions::{Definition, Parameter, definitions, split, statements};
use crate::extract::brackets::Tokens;
use crate::extract::strings::{Constants, Text};
use crate::extract::tokens::Kind;
use crate::model::{Key, Part, Template};

/// The deepest nesting of expressions.
const DEPTH: usize = 12;

/// The longest expression that is read as a text.
const LONGEST: usize = 64;

/// What is not known of an argument.
const UNKNOWN: &str = "_";

/// The names that an expression may use.
#[derive(Clone)]
pub(super) struct Expressions<'a, 't> {
    pub(super) tokens: &'a Tokens<'t>,
    pub(super) constants: Constants,
    known: BTreeSet<&'t str>,
    parameters: Vec<Parameter<'t>>,
}

impl<'a, 't> Expressions<'a, 't> {
    /// In a file with these definitions.
    pub(super) fn new(tokens: &'a Tokens<'t>, definitions: &[Definition<'t>]) -> Self {
        let mut expressions = Self {
            tokens,
            constants: Constants::default(),
            known: BTreeSet::new(),
            parameters: Vec::new(),
        };
        expressions.define(definitions);
        expressions
    }

    fn define(&mut self, definitions: &[Definition<'t>]) {
        let values = || definitions.iter().filter(|one| one.is_value);
        // A name may be used before it is defined.
        self.known.extend(values().map(|one| one.name));
        for definition in values() {
            let value = self.text(definition.value.clone());
            self.constants.define(definition.name, value);
        }
    }

    /// In the body of a function.
    pub(super) fn inside(&self, definition: &Definition<'t>) -> Self {
        Self {
            parameters: definition.parameters.clone().unwrap_or_default(),
            ..self.clone()
        }
    }

    /// With the values of a block.
    pub(super) fn block(&self, range: Range<usize>) -> Self {
        let mut inner = self.clone();
        let local = definitions(self.tokens, range);
        inner.define(&local);
        inner
    }

    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|one| one.name == name)
    }

    /// What an expression comes to.
    pub(super) fn template(&self, range: Range<usize>) -> Template {
        self.constants.template(&self.text(range))
    }

    fn text(&self, range: Range<usize>) -> Text {
        self.nested(range, 0)
    }

    fn nested(&self, range: Range<usize>, depth: usize) -> Text {
        let tokens = self.tokens;
        let Range { mut start, mut end } = range;
        while end > start + 1 && tokens.is(start, b'(') && tokens.mate(start) == end - 1 {
            start += 1;
            end -= 1;
        }
        if depth > DEPTH || end <= start || end - start > LONGEST {
            return Text::Unknown;
        }
        if tokens.is(start, b'{') && tokens.mate(start) == end - 1 {
            let inner = start + 1..end - 1;
            let result = statements(tokens, inner.clone()).pop();
            return result.map_or(Text::Unknown, |result| {
                let block = self.block(inner);
                Text::Join(
                    (block.constants.template(&block.nested(result, depth + 1)).0)
                        .into_iter()
                        .map(piece)
                        .collect(),
                )
            });
        }
        let sums = split(tokens, start..end, b'+');
        let paths = split(tokens, start..end, b'/');
        let all = |pieces: Vec<Range<usize>>| {
            let texts = pieces.into_iter();
            texts.map(|piece| self.nested(piece, depth + 1)).collect()
        };
        match (sums.len(), paths.len()) {
            (1, 1) => self.operand(start..end, depth),
            (_, 1) => Text::Join(all(sums)),
            (1, _) => Text::Path(all(paths)),
            _ => Text::Unknown,
        }
    }

    fn operand(&self, range: Range<usize>, depth: usize) -> Text {
        let tokens = self.tokens;
        let start = self.unqualified(range.clone());
        let length = range.end - start;
        let Some(word) = tokens.word(start) else {
            return match tokens.literal(start).filter(|_| length == 1) {
                Some(text) => Text::Literal(text.to_owned()),
                None => Text::Unknown,
            };
        };
        if length == 1 {
            return self.name(word, depth);
        }
        if length == 2 && matches!(word, "f" | "s") {
            let text = tokens.literal(start + 1);
            return text.map_or(Text::Unknown, |text| self.interpolated(text, depth));
        }
        if !tokens.is(start + 1, b'(') || tokens.mate(start + 1) + 1 != range.end {
            return Text::Unknown;
        }
        if matches!(word, "File" | "file") {
            let arguments = split(tokens, start + 2..range.end - 1, b',');
            let paths = arguments.into_iter();
            return Text::Path(paths.map(|path| self.nested(path, depth + 1)).collect());
        }
        // A list, or an object of a class.
        if word.starts_with(char::is_uppercase) {
            return Text::Unknown;
        }
        Text::Bound(self.call("sbt-format", word, start + 1, depth).0)
    }

    /// Where an expression starts without `new` and the objects and packages before its last name.
    pub(super) fn unqualified(&self, range: Range<usize>) -> usize {
        let tokens = self.tokens;
        let mut at = range.start;
        if tokens.is_word(at, "new") {
            at += 1;
        }
        while at + 2 < range.end
            && tokens.is(at + 1, b'.')
            && tokens.word(at + 2).is_some()
            && tokens.word(at).is_some_and(|word| {
                word.starts_with(char::is_uppercase) && !is_platform(tokens.word(at + 2))
                    || matches!(
                        word,
                        "_root_" | "io" | "java" | "sbt" | "sbtcrossproject" | "this"
                    )
            })
        {
            at += 2;
        }
        at
    }

    fn name(&self, name: &str, depth: usize) -> Text {
        let position = self.parameters.iter().position(|one| one.name == name);
        if let Some(position) = position {
            let number = position + 1;
            let parameter = Text::Bound(Key::new("sbt-parameter", format!("{number} {name}")));
            let default = self.parameters[position].default.clone();
            if default.is_empty() {
                return parameter;
            }
            let default = self.nested(default, depth + 1);
            return Text::Or(Box::new(parameter), Box::new(default));
        }
        if self.known.contains(name) {
            return Text::Local(name.to_owned());
        }
        Text::Bound(Key::new("sbt-text", name))
    }

    /// `modules/$name`, `modules/${name}`
    fn interpolated(&self, text: &str, depth: usize) -> Text {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            pieces.push(Text::Literal(before.to_owned()));
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            if let Some(doubled) = after.strip_prefix('$') {
                pieces.push(Text::Literal("$".to_owned()));
                rest = doubled;
                continue;
            }
            let (name, behind) = match after.strip_prefix('{').and_then(|it| it.split_once('}')) {
                Some(braced) => braced,
                None => after.split_at(after.find(|c| !is_name(c)).unwrap_or(after.len())),
            };
            let name = name.trim();
            let last = name.rsplit_once('.').map_or(name, |(above, last)| {
                match above.starts_with(char::is_uppercase) {
                    true => last,
                    false => "",
                }
            });
            pieces.push(match last.is_empty() || !last.chars().all(is_name) {
                true => Text::Unknown,
                false => self.name(last, depth + 1),
            });
            rest = behind;
        }
        pieces.push(Text::Literal(rest.to_owned()));
        Text::Join(pieces)
    }

    /// `${sbt-make:module(cart,dir=services/cart)}`, and how many arguments are known.
    pub(super) fn call(
        &self,
        namespace: &'static str,
        function: &str,
        open: usize,
        depth: usize,
    ) -> (Key, usize) {
        let tokens = self.tokens;
        let mut known = 0;
        let mut name = Template::text(format!("{function}("));
        let arguments = split(tokens, open + 1..tokens.mate(open), b',');
        for (number, argument) in arguments.into_iter().enumerate() {
            if number > 0 {
                name.push(Part::Text(",".into()));
            }
            let (label, argument) = named(tokens, argument);
            if let Some(label) = label {
                name.push(Part::Text(format!("{label}=").into()));
            }
            let value = self.constants.template(&self.nested(argument, depth + 1));
            let is_plain = value.0.iter().all(|part| match part {
                Part::Text(text) => !text.contains([',', '(', ')', '=']),
                Part::Ref(_) => true,
                Part::Hole | Part::Star => false,
            });
            match is_plain {
                true => {
                    known += 1;
                    name.extend(&value);
                }
                false => name.push(Part::Text(UNKNOWN.into())),
            }
        }
        name.push(Part::Text(")".into()));
        (Key::new(namespace, name), known)
    }
}

/// A part of a template as an expression again.
fn piece(part: Part) -> Text {
    match part {
        Part::Text(text) => Text::Literal(text.into()),
        Part::Ref(reference) => match reference.default {
            None => Text::Bound(reference.key),
            Some(default) => Text::Or(
                Box::new(Text::Bound(reference.key)),
                Box::new(Text::Join(default.0.into_iter().map(piece).collect())),
            ),
        },
        Part::Hole | Part::Star => Text::Unknown,
    }
}

/// The label of an argument, `base = file("x")`, and what is behind it.
pub(super) fn named<'t>(
    tokens: &Tokens<'t>,
    argument: Range<usize>,
) -> (Option<&'t str>, Range<usize>) {
    let label = tokens.word(argument.start).filter(|_| {
        tokens.is(argument.start + 1, b'=')
            && !matches!(
                tokens.list.get(argument.start + 2).map(|token| token.kind),
                Some(Kind::Sign(b'=' | b'>'))
            )
    });
    match label {
        Some(_) => (label, argument.start + 2..argument.end),
        None => (None, argument),
    }
}

/// The parts of a project that is built for several platforms.
pub(super) fn is_platform(word: Option<&str>) -> bool {
    matches!(word, Some("js" | "jvm" | "native" | "wasm"))
}
