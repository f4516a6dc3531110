//! What does the head of a Go file say: comments in front of the package, its name, and imports?
//!
//! Source: <https://go.dev/ref/spec#Source_file_organization>

use std::ops::Range;

use tree_sitter::{Node, Tree};

use crate::extract::syntax::{self, Nodes};

const BLANKS: &[char] = &[' ', '\t'];

/// What the header of a file says.
#[derive(Debug, Default)]
pub(super) struct Head<'t> {
    /// The comments before the package clause.
    pub(super) comments: Vec<&'t str>,
    /// Where the package's name stands.
    pub(super) package: Option<Range<usize>>,
    pub(super) imports: Vec<Import<'t>>,
    /// Something among the imports that is no Go.
    pub(super) error: Option<Range<usize>>,
}

#[derive(Debug)]
pub(super) struct Import<'t> {
    pub(super) path: &'t str,
    /// The name that the file gives it; `_` and `.` among them.
    pub(super) alias: Option<&'t str>,
    pub(super) bytes: Range<usize>,
}

impl<'t> Head<'t> {
    /// Reads it line by line, as the formatter writes it; `None` where anything stands in another way: for the grammar.
    ///
    /// Most files are read for their imports alone, and a parser takes longer to start than to read them.
    pub(super) fn scan(text: &'t [u8]) -> Option<Self> {
        let mut head = Self::default();
        let mut in_list = false;
        let mut at = 0;
        while at < text.len() {
            let start = at;
            let length = memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
            at += length + 1;
            let line = std::str::from_utf8(&text[start..start + length]).ok()?;
            let code = line.trim_start_matches(BLANKS);
            if code.is_empty() {
                continue;
            }
            if code.starts_with("//") {
                if head.package.is_none() {
                    head.comments.push(code);
                }
                continue;
            }
            if in_list {
                match code == ")" {
                    true => in_list = false,
                    false => head.imports.push(Import::scan(line, start)?),
                }
                continue;
            }
            match (code.split_once(' '), &head.package) {
                (Some(("package", name)), None) if code.len() == line.len() && is_name(name) => {
                    head.package = Some(start + line.len() - name.len()..start + line.len());
                }
                (Some(("import", "(")), Some(_)) => in_list = true,
                (Some(("import", one)), Some(_)) => {
                    let from = line.len() - one.len();
                    head.imports
                        .push(Import::scan(&line[from..], start + from)?);
                }
                (Some(("const" | "func" | "type" | "var", _)), Some(_)) => return Some(head),
                _ => return None,
            }
        }
        (head.package.is_some() && !in_list).then_some(head)
    }

    /// Reads it from a tree, of the header or of the whole file.
    pub(super) fn read(tree: &Tree, text: &'t [u8]) -> Self {
        let mut head = Self::default();
        let root = tree.root_node();
        let mut cursor = root.walk();
        for node in root.children(&mut cursor) {
            match node.kind() {
                "comment" if head.package.is_none() => head.comments.push(syntax::text(node, text)),
                "package_clause" => {
                    let name = node.named_child(0);
                    head.package = head.package.or(name.map(syntax::bytes));
                }
                "import_declaration" => {
                    if node.has_error() {
                        head.error.get_or_insert(syntax::bytes(node));
                    }
                    let specs = Nodes::new(node).filter(|node| node.kind() == "import_spec");
                    head.imports
                        .extend(specs.filter_map(|spec| Import::read(spec, text)));
                }
                // Imports come first; behind an error there may be more of them.
                "comment" | ";" | "\n" => {}
                _ if node.is_error() => {}
                _ if head.package.is_some() => break,
                _ => {}
            }
        }
        head
    }
}

impl<'t> Import<'t> {
    /// Reads a line such as `alias "path"`, without what comes behind it.
    fn scan(line: &'t str, start: usize) -> Option<Self> {
        let (before, rest) = line.split_once('"')?;
        let (path, behind) = rest.split_once('"')?;
        let is_alone = behind.trim_start_matches(BLANKS);
        if path.is_empty()
            || path.contains('\\')
            || !(is_alone.is_empty() || is_alone.starts_with("//"))
        {
            return None;
        }
        let alias = before.trim_matches(BLANKS);
        let is_alias = alias.is_empty() || alias == "." || is_name(alias);
        let length = before.trim_start_matches(BLANKS).len() + path.len() + 2;
        let end = start + before.len() + path.len() + 2;
        is_alias.then(|| Self {
            path,
            alias: (!alias.is_empty()).then_some(alias),
            bytes: end - length..end,
        })
    }

    fn read(spec: Node<'_>, text: &'t [u8]) -> Option<Self> {
        let path = spec.child_by_field_name("path")?;
        let quoted = syntax::text(path, text);
        let quote = quoted.chars().next()?;
        // A path that is not closed may be any other.
        let path = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
        let alias = spec.child_by_field_name("name");
        (!path.is_empty()).then(|| Self {
            path,
            alias: alias.map(|alias| syntax::text(alias, text)),
            bytes: syntax::bytes(spec),
        })
    }
}

/// Whether a text is a name in plain letters.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.starts_with(|c: char| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::golang::header;

    /// What both ways of reading say.
    fn both(text: &str) -> (Option<String>, String) {
        let quick = Head::scan(text.as_bytes());
        let header = &text[..header::end(text.as_bytes())];
        let mut parser = tree_sitter::Parser::new();
        parser
            .set_language(&tree_sitter_go::LANGUAGE.into())
            .unwrap();
        let tree = parser.parse(header, None).unwrap();
        let slow = Head::read(&tree, text.as_bytes());
        (quick.map(|head| format!("{head:?}")), format!("{slow:?}"))
    }

    #[test]
    fn lines_say_what_the_grammar_says() {
        for text in [
            "package cart\n",
            "package cart",
            "// A\n//go:build linux\n\n// Package cart\npackage cart\n\nimport \"fmt\"\n\nfunc a() {}\n",
            "package cart\n\nimport (\n\t\"fmt\"\n\n\t// pb\n\tpb \"example.com/pb\" // b\n\t_ \"x\"\n\t. \"y\"\n)\nimport z \"z\"\nvar a = `\nimport \"b\"\n`\n",
        ] {
            let (quick, slow) = both(text);
            assert_eq!(quick, Some(slow), "{text}");
        }
    }

    #[test]
    fn whatever_else_stands_there_is_for_the_grammar() {
        for text in [
            "",
            "// a\n",
            "package a; import \"b\"\n",
            "/* a */\npackage a\n",
            "package a // b\n",
            " package a\n",
            "package a\r\nimport \"b\"\r\n",
            "package a\nimport `b`\n",
            "package a\nimport (\"b\")\n",
            "package a\nimport (\n\"b\" /* c */\n)\n",
            "package a\nimport (\n\"b\"\n",
            "package a\nimport (\n\"b\"; \"c\"\n)\n",
            "package a\nimport (\n\"b\\x\"\n)\n",
            "package a\nimport (\na b \"c\"\n)\n",
            "package a\npackage b\n",
            "package 1\n",
            "import \"a\"\npackage b\n",
            "package a\nfoo\n",
            "package ä\n",
        ] {
            assert!(Head::scan(text.as_bytes()).is_none(), "{text}");
        }
    }
}
