//! Which parts of a file are JavaScript or TypeScript: all of it, or the script blocks of a Vue or Svelte component.
//!
//! Sources: <https://vuejs.org/api/sfc-spec.html>, <https://svelte.dev/docs/svelte/svelte-files>

use std::ops::Range;

use oxc_span::SourceType;

/// A part of a file that is code.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) bytes: Range<usize>,
    /// What it may be, the likeliest first.
    pub(super) types: Vec<SourceType>,
    /// It declares types alone.
    pub(super) declares: bool,
    /// A file that stands for the block's own content.
    pub(super) source: Option<Range<usize>>,
}

/// The parts of a file that are code.
pub(super) fn blocks(name: &str, text: &str) -> Vec<Block> {
    let extension = name.rsplit('.').next().unwrap_or("");
    if matches!(extension, "vue" | "svelte") {
        return scripts(text);
    }
    let stem = name.strip_suffix(extension).unwrap_or(name);
    let is_script = matches!(extension, "ts" | "mts" | "cts");
    let declares = is_script && (stem.ends_with(".d.") || stem.contains(".d."));
    vec![Block {
        bytes: 0..text.len(),
        types: types(if declares { "d.ts" } else { extension }),
        declares,
        source: None,
    }]
}

/// What a file with this ending, or a block in this language, may be.
fn types(language: &str) -> Vec<SourceType> {
    let loose = SourceType::script();
    match language {
        "d.ts" => vec![SourceType::d_ts(), SourceType::ts()],
        "ts" | "mts" | "typescript" => vec![
            SourceType::ts(),
            SourceType::tsx(),
            SourceType::ts().with_script(true),
        ],
        "cts" => vec![SourceType::ts(), SourceType::ts().with_script(true)],
        "tsx" => vec![SourceType::tsx()],
        // Types in `.js` are Flow; most of it is TypeScript, too.
        _ => vec![SourceType::jsx(), loose.with_jsx(true), SourceType::tsx()],
    }
}

/// The script blocks of a component.
fn scripts(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('<').map(|next| at + next) {
        let rest = &text[next..];
        if rest.starts_with("<!--") {
            match rest.find("-->") {
                Some(end) => at = next + end + 3,
                None => break,
            }
            continue;
        }
        at = next + 1;
        let Some(tag) = strip_tag(rest, "<script") else {
            continue;
        };
        let start_of_attributes = next + (rest.len() - tag.len());
        let (attributes, end) = attributes(text, start_of_attributes);
        let body = end..find_end(text, end);
        at = body.end;
        let value = |name: &str| {
            attributes
                .iter()
                .find(|(key, _)| text[key.clone()].eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        // Data, templates and styles of browsers are no code.
        let is_code = value("type").is_none_or(|kind| {
            let kind = &text[kind];
            kind.is_empty()
                || kind == "module"
                || kind.ends_with("javascript")
                || kind.ends_with("typescript")
        });
        if is_code {
            found.push(Block {
                types: types(value("lang").map_or("js", |lang| &text[lang])),
                bytes: body,
                declares: false,
                source: value("src"),
            });
        }
    }
    found
}

/// What follows a tag's name, when the text starts with it.
fn strip_tag<'t>(text: &'t str, tag: &str) -> Option<&'t str> {
    let head = text.get(..tag.len())?;
    let rest = &text[tag.len()..];
    let ends = rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/');
    (head.eq_ignore_ascii_case(tag) && ends).then_some(rest)
}

/// The attributes of a tag, name and value, and where the tag ends.
#[expect(
    clippy::type_complexity,
    reason = "two ranges and where the tag ends, used in one place"
)]
fn attributes(text: &str, start: usize) -> (Vec<(Range<usize>, Range<usize>)>, usize) {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return (found, at + 1),
            b' ' | b'\t' | b'\r' | b'\n' | b'/' => at += 1,
            _ => {
                let key = at;
                let ends = |byte: &u8| matches!(byte, b'=' | b'>' | b' ' | b'\t' | b'\r' | b'\n');
                at += bytes[at..]
                    .iter()
                    .position(ends)
                    .unwrap_or(bytes.len() - at);
                // A lone `=` is no name; go on behind it.
                let key = key..at;
                let mut value = at..at;
                if bytes.get(at) == Some(&b'=') {
                    at += 1;
                    value = match bytes.get(at) {
                        Some(quote @ (b'"' | b'\'')) => {
                            let start = at + 1;
                            let len = memchr::memchr(*quote, &bytes[start..]);
                            let end = len.map_or(bytes.len(), |len| start + len);
                            at = (end + 1).min(bytes.len());
                            start..end
                        }
                        _ => {
                            let start = at;
                            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
                            at += bytes[at..]
                                .iter()
                                .position(ends)
                                .unwrap_or(bytes.len() - at);
                            start..at
                        }
                    };
                }
                found.push((key, value));
            }
        }
    }
    (found, bytes.len())
}

/// Where the content of a script ends.
fn find_end(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(next) = text[at..].find("</").map(|next| at + next) {
        if strip_tag(&text[next..], "</script").is_some() {
            return next;
        }
        at = next + 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn script_blocks_of_components_are_code() {
        let text = "<!-- <script>a</script> -->\n<template><p>x</p></template>\n\
            <SCRIPT setup lang=\"ts\" generic=\"T extends A<B>\">\nlet b = \"</p>\";\n</script>\n\
            <script src='./c.js'></script><script type=\"application/json\">{}</script><scripted>d</scripted><script>e";
        let found: Vec<(&str, Option<&str>)> = blocks("A.vue", text)
            .iter()
            .map(|block| {
                (
                    text[block.bytes.clone()].trim(),
                    block.source.clone().map(|bytes| &text[bytes]),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("let b = \"</p>\";", None),
                ("", Some("./c.js")),
                ("e", None)
            ]
        );
    }

    #[test]
    fn broken_tags_end_with_the_text() {
        for text in [
            "<script",
            "<script ",
            "<script a",
            "<script a=",
            "<script a='",
            "<!--",
            "<script>",
            "<",
            "<script =",
        ] {
            blocks("A.svelte", text);
        }
    }
}
