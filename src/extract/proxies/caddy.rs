//! Where does Caddy lead requests?
//!
//! Source: <https://caddyserver.com/docs/caddyfile/directives/reverse_proxy>

use std::ops::Range;

use super::routes::{Routes, starred, starred_filled};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// The deepest nesting of blocks.
const DEPTH: usize = 32;

/// Reads Caddyfiles.
#[derive(Debug)]
pub(in crate::extract) struct Caddy;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("proxies/caddy"),
    summary: "Routes of Caddy",
    globs: &["**/Caddyfile", "**/Caddyfile.*", "**/*.caddyfile"],
    markers: &["reverse_proxy"],
    languages: &[Language::Data],
    ownership: false,
};

/// What a block does with the paths in it.
#[derive(Clone, Copy)]
enum Block<'a> {
    /// `handle_path`: what leads here is cut off.
    Cut(&'a str),
    /// `handle`, `route`, a site: paths stay.
    Keep(&'a str),
}

impl Extractor for Caddy {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let mut wrong = false;
        let mut routes = Routes::new(facts);
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let words = words(line, start);
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            match names.as_slice() {
                [] => {}
                ["}", ..] => wrong |= blocks.pop().is_none(),
                ["reverse_proxy", rest @ ..] => {
                    let (path, upstreams) = match rest {
                        [path, upstreams @ ..] if is_matcher(path) => (Some(*path), upstreams),
                        upstreams => (None, upstreams),
                    };
                    let upstream = upstreams.iter().find(|word| **word != "{");
                    if let Some(upstream) = upstream {
                        let bytes = words
                            .iter()
                            .find(|(word, _)| word == upstream)
                            .map_or(start..start, |(_, bytes)| bytes.clone());
                        pass(path, upstream, &blocks, bytes, &mut routes);
                    }
                    if names.last() == Some(&"{") {
                        blocks.push(Block::Keep(""));
                    }
                }
                [name, rest @ .., "{"] if blocks.len() < DEPTH => {
                    let path = rest.first().copied().filter(|path| path.starts_with('/'));
                    blocks.push(match *name {
                        "handle_path" => Block::Cut(path.unwrap_or_default()),
                        _ => Block::Keep(path.unwrap_or_default()),
                    });
                }
                ["{"] if blocks.len() < DEPTH => blocks.push(Block::Keep("")),
                _ => {}
            }
        }
        if wrong || !blocks.is_empty() {
            facts.problem(
                text.len()..text.len(),
                "a block of Caddy that does not end, or ends twice",
            );
            facts.parsed(Parsed::Partly);
        }
    }
}

fn is_matcher(word: &str) -> bool {
    word == "*" || word.starts_with('/') || word.starts_with('@')
}

/// States where a path leads; of a path that only a matcher knows, that some do.
fn pass(
    path: Option<&str>,
    upstream: &str,
    blocks: &[Block<'_>],
    bytes: Range<usize>,
    routes: &mut Routes<'_, '_>,
) {
    if upstream.starts_with("unix/") || upstream.starts_with("unix:") {
        return;
    }
    let server = match upstream.contains("://") {
        true => upstream.trim_end_matches('/').to_owned(),
        false => format!("http://{upstream}"),
    };
    routes.to(&server, bytes.clone());
    let inner = blocks.iter().rev().find_map(|block| match block {
        Block::Cut(path) if !path.is_empty() => Some((*path, true)),
        Block::Keep(path) if !path.is_empty() => Some((*path, false)),
        _ => None,
    });
    let (prefix, is_cut) = match (path, inner) {
        (Some(path), _) if path.starts_with('@') => return,
        (Some("*") | None, None) => ("/*", false),
        (Some("*") | None, Some(inner)) => inner,
        (Some(path), _) => (path, false),
    };
    let prefix = prefix.trim_end_matches('*');
    let to = match is_cut {
        true => format!("{server}/"),
        false => format!("{server}{prefix}"),
    };
    routes.leads(starred(prefix), starred_filled(&to), bytes);
}

/// The words of a line, each with its place; a comment ends the line.
fn words(line: &str, start: usize) -> Vec<(&str, Range<usize>)> {
    let mut words = Vec::new();
    let mut rest = line;
    let mut at = start;
    loop {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return words;
        }
        let length = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        words.push((&trimmed[..length], at..at + length));
        at += length;
        rest = &trimmed[length..];
    }
}
