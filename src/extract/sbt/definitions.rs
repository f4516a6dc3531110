//! What a build defines: values and functions, also in the objects of `project/`, and the statements of a block.
//!
//! Source: <https://www.scala-sbt.org/1.x/docs/Basic-Def.html>

use std::ops::Range;

use crate::extract::brackets::Tokens;
use crate::extract::tokens::Kind;

/// The most definitions of one file.
const DEFINITIONS: usize = 8192;

/// How far behind a name the sign that starts its value is looked for.
const HEAD: usize = 48;

/// A value or a function.
#[derive(Debug)]
pub(super) struct Definition<'t> {
    pub(super) name: &'t str,
    /// Where the name stands.
    pub(super) bytes: Range<usize>,
    /// The first list of parameters of a function that has one.
    pub(super) parameters: Option<Vec<Parameter<'t>>>,
    pub(super) is_value: bool,
    /// All behind the name, up to the next definition.
    pub(super) body: Range<usize>,
    /// The expression that it means.
    pub(super) value: Range<usize>,
}

/// A parameter of a function; its default is empty when there is none.
#[derive(Clone, Debug)]
pub(super) struct Parameter<'t> {
    pub(super) name: &'t str,
    pub(super) default: Range<usize>,
}

/// What is defined in a range, also in objects and classes there, in the order of the text.
pub(super) fn definitions<'t>(tokens: &Tokens<'t>, range: Range<usize>) -> Vec<Definition<'t>> {
    let mut found: Vec<Definition<'t>> = Vec::new();
    // Whether the next brace holds the members of an object.
    let mut header = false;
    let mut at = range.start;
    while at < range.end && found.len() < DEFINITIONS {
        let token = tokens.list[at];
        match token.kind {
            Kind::Sign(b'{') if header => {
                header = false;
                close(&mut found, at);
            }
            Kind::Sign(b'(' | b'[' | b'{') => at = tokens.mate(at).max(at),
            Kind::Sign(b'}') => close(&mut found, at),
            Kind::Word => match tokens.word(at).unwrap_or_default() {
                "object" | "class" | "trait" => {
                    header = true;
                    close(&mut found, at);
                }
                keyword @ ("val" | "def") => {
                    header = false;
                    close(&mut found, at);
                    if let Some(name) = tokens.word(at + 1) {
                        found.push(Definition {
                            name,
                            bytes: tokens.bytes(at + 1),
                            parameters: None,
                            is_value: keyword == "val",
                            body: at + 2..range.end,
                            value: range.end..range.end,
                        });
                    }
                }
                _ if token.fresh && is_setting(tokens, at) => close(&mut found, at),
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    for definition in &mut found {
        head(tokens, definition);
    }
    found
}

fn close(found: &mut [Definition<'_>], at: usize) {
    if let Some(last) = found.last_mut() {
        last.body.end = last.body.end.min(at).max(last.body.start);
    }
}

/// A setting of the build itself, such as `name := "shop"` or `ThisBuild / version := "1"`.
fn is_setting(tokens: &Tokens<'_>, at: usize) -> bool {
    let line = (at + 1..tokens.list.len()).take_while(|at| !tokens.list[*at].fresh);
    line.take(12)
        .any(|at| (tokens.is(at, b':') || tokens.is(at, b'+')) && tokens.is(at + 1, b'='))
}

/// Reads parameters, and finds the value behind the type.
fn head<'t>(tokens: &Tokens<'t>, definition: &mut Definition<'t>) {
    let end = definition.body.end;
    let mut at = definition.body.start;
    if tokens.is(at, b'[') {
        at = tokens.mate(at) + 1;
    }
    if tokens.is(at, b'(') && !definition.is_value {
        definition.parameters = Some(parameters(tokens, at));
    }
    let limit = end.min(at + HEAD);
    while at < limit {
        match tokens.list[at].kind {
            Kind::Sign(b'(' | b'[') => at = tokens.mate(at).max(at),
            Kind::Sign(b'=') if !tokens.is(at + 1, b'>') => {
                let rest = at + 1..end;
                // A block is one statement; what follows the first belongs to nobody.
                let value = statements(tokens, rest).into_iter().next();
                definition.value = value.unwrap_or(end..end);
                return;
            }
            _ => {}
        }
        at += 1;
    }
}

fn parameters<'t>(tokens: &Tokens<'t>, open: usize) -> Vec<Parameter<'t>> {
    let mut found = Vec::new();
    for argument in split(tokens, open + 1..tokens.mate(open), b',') {
        let name = argument
            .clone()
            .filter_map(|at| Some((tokens.word(at)?, at)))
            .find(|(word, _)| !matches!(*word, "implicit" | "using"));
        let Some((name, _)) = name else {
            continue;
        };
        let equals = argument
            .clone()
            .find(|at| tokens.is(*at, b'=') && !tokens.is(at + 1, b'>'));
        found.push(Parameter {
            name,
            default: equals.map_or(0..0, |at| at + 1..argument.end),
        });
    }
    found
}

/// The pieces of a range between signs outside of brackets; empty ones are left out.
pub(super) fn split(tokens: &Tokens<'_>, range: Range<usize>, sign: u8) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = range.start;
    let mut at = range.start;
    while at < range.end {
        if let Kind::Sign(b'(' | b'[' | b'{') = tokens.list[at].kind {
            at = tokens.mate(at).max(at);
        } else if tokens.is(at, sign) {
            pieces.push(start..at);
            start = at + 1;
        }
        at += 1;
    }
    pieces.push(start..range.end);
    pieces.retain(|piece| piece.start < piece.end);
    pieces
}

/// The statements of a range: each up to a line that does not go on with it.
pub(super) fn statements(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = range.start;
    let mut at = range.start;
    while at < range.end {
        let token = tokens.list[at];
        if at > start && token.fresh && starts(tokens, at) {
            found.push(start..at);
            start = at;
        }
        if let Kind::Sign(b'(' | b'[' | b'{') = token.kind {
            at = tokens.mate(at).max(at);
        }
        at += 1;
    }
    if start < range.end {
        found.push(start..range.end);
    }
    found
}

/// Whether the first token of a line starts a statement: neither it nor what stands before asks for more.
fn starts(tokens: &Tokens<'_>, at: usize) -> bool {
    let goes_on = match tokens.list[at].kind {
        Kind::Sign(sign) => sign != b'(' && sign != b'@',
        Kind::Word => matches!(tokens.word(at), Some("else" | "extends" | "match" | "with")),
        Kind::Text => false,
    };
    let asks = match tokens.list[at - 1].kind {
        Kind::Sign(sign) => !matches!(sign, b')' | b']' | b'}' | b'_' | b'*'),
        Kind::Word => matches!(tokens.word(at - 1), Some("else" | "in" | "new" | "with")),
        Kind::Text => false,
    };
    !goes_on && !asks
}
