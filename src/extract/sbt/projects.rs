//! The projects of an sbt build: values of type `Project`, in the folders that they name.
//!
//! Source: <https://www.scala-sbt.org/1.x/docs/Multi-Project.html>

use std::collections::BTreeMap;
use std::ops::Range;

use crate::extract::brackets::Tokens;
use crate::extract::tokens::Kind;

/// The most projects of one build.
const PROJECTS: usize = 8192;

/// A value of the build that is a project.
#[derive(Debug)]
pub(super) struct Project<'t> {
    /// The name of the value, by which others depend on it.
    pub(super) name: &'t str,
    /// Its folder, below that of the build.
    pub(super) folder: String,
    /// The tokens of its definition.
    pub(super) body: Range<usize>,
    /// Where its name stands.
    pub(super) bytes: Range<usize>,
}

/// A function of the build that makes projects: its parameter, and the folder with `$` for it.
type Makers<'t> = BTreeMap<&'t str, String>;

/// All projects, in the order of the text.
pub(super) fn projects<'t>(tokens: &Tokens<'t>) -> Vec<Project<'t>> {
    let definitions = definitions(tokens);
    let makers: Makers<'t> = definitions
        .iter()
        .filter(|definition| definition.keyword == "def")
        .filter_map(|definition| Some((definition.name, maker(tokens, definition)?)))
        .collect();
    let mut found = Vec::new();
    for definition in definitions {
        if definition.keyword != "val" || found.len() >= PROJECTS {
            continue;
        }
        if let Some(folder) = folder(tokens, &definition, &makers) {
            found.push(Project {
                name: definition.name,
                folder,
                body: definition.body,
                bytes: definition.bytes,
            });
        }
    }
    found
}

struct Definition<'t> {
    keyword: &'t str,
    name: &'t str,
    body: Range<usize>,
    bytes: Range<usize>,
}

/// What is defined at the top of a build, each up to the next.
fn definitions<'t>(tokens: &Tokens<'t>) -> Vec<Definition<'t>> {
    let mut found: Vec<Definition<'t>> = Vec::new();
    let mut at = 0;
    while at < tokens.list.len() {
        if let Kind::Sign(b'(' | b'[' | b'{') = tokens.list[at].kind {
            at = tokens.mate(at).max(at) + 1;
            continue;
        }
        let keyword = tokens.word(at).unwrap_or_default();
        let starts = tokens.list[at].fresh || tokens.is_word(at.wrapping_sub(1), "lazy");
        if starts
            && matches!(keyword, "val" | "def")
            && let Some(name) = tokens.word(at + 1)
        {
            close(&mut found, at);
            found.push(Definition {
                keyword,
                name,
                body: at + 2..tokens.list.len(),
                bytes: tokens.bytes(at + 1),
            });
        } else if tokens.list[at].fresh && is_setting(tokens, at) {
            close(&mut found, at);
        }
        at += 1;
    }
    found
}

fn close(found: &mut [Definition<'_>], at: usize) {
    if let Some(last) = found.last_mut() {
        last.body.end = last.body.end.min(at);
    }
}

/// A setting of the build itself, such as `name := "shop"` or `ThisBuild / version := "1"`.
fn is_setting(tokens: &Tokens<'_>, at: usize) -> bool {
    let line = (at + 1..tokens.list.len()).take_while(|at| !tokens.list[*at].fresh);
    tokens.word(at).is_some()
        && line
            .take(12)
            .any(|at| (tokens.is(at, b':') || tokens.is(at, b'+')) && tokens.is(at + 1, b'='))
}

/// The folder that a function makes a project in.
fn maker(tokens: &Tokens<'_>, definition: &Definition<'_>) -> Option<String> {
    let open = definition.body.start;
    if !tokens.is(open, b'(') {
        return None;
    }
    let parameter = tokens.word(open + 1)?;
    let body = tokens.mate(open)..definition.body.end;
    for at in body {
        if !tokens.is_word(at, "file") || !tokens.is(at + 1, b'(') {
            continue;
        }
        if tokens.word(at + 2) == Some(parameter) && tokens.is(at + 3, b')') {
            return Some("$".to_owned());
        }
        // `s"modules/$name"`: the letter is a word of its own.
        let literal = tokens.literal(at + 2).or_else(|| tokens.literal(at + 3));
        if let Some(text) = literal {
            let braced = format!("${{{parameter}}}");
            let text = text
                .replace(&braced, "$")
                .replace(&format!("${parameter}"), "$");
            return text.contains('$').then_some(text);
        }
    }
    None
}

/// The folder of a value that is a project.
fn folder(tokens: &Tokens<'_>, definition: &Definition<'_>, makers: &Makers<'_>) -> Option<String> {
    let body = definition.body.clone();
    // A type may stand before the value: `lazy val core: Project = …`.
    let equals = body.clone().take(12).find(|at| tokens.is(*at, b'='))?;
    let value = equals + 1..body.end;
    let first = value.clone().find(|at| !tokens.is(*at, b'('))?;
    let head = tokens.word(first)?;
    if let Some(pattern) = makers.get(head) {
        let text = tokens
            .literal(first + 2)
            .filter(|_| tokens.is(first + 1, b'('))?;
        return Some(pattern.replace('$', text));
    }
    if !matches!(head, "project" | "Project" | "crossProject") {
        return None;
    }
    // `project.in(file("x"))`, `project in file("x")`, `Project("x", file("x"))`; only the first is the base.
    let near = value.take(64);
    for at in near {
        if tokens.is_word(at, "settings") || tokens.is_word(at, "dependsOn") {
            break;
        }
        if tokens.is_word(at, "file") && tokens.is(at + 1, b'(') {
            return tokens.literal(at + 2).map(str::to_owned);
        }
    }
    (head != "Project").then(|| definition.name.to_owned())
}
