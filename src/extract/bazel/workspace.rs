//! Which repositories of Bazel, and cells of Buck, lie in the tree?
//!
//! That labels start in the folder of such a file is told by its name alone: many of them are empty.
//! Source: <https://bazel.build/external/overview>, <https://buck2.build/docs/concepts/buckconfig/>

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::values::Scope;
use crate::extract::syntax::{self, bytes, text};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile, Subject,
    Template, join,
};

/// Reads `MODULE.bazel`, `WORKSPACE` and `.buckconfig`.
#[derive(Debug)]
pub(in crate::extract) struct Workspace;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("bazel/workspace"),
    summary: "Workspaces of Bazel and Buck and the repositories in them",
    globs: &[
        "**/MODULE.bazel",
        "**/WORKSPACE",
        "**/WORKSPACE.bazel",
        "**/.buckconfig",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Workspace {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let mut teller = Teller {
            folder: file.path.parent(),
            facts,
        };
        if file.path.file_name() == ".buckconfig" {
            teller.cells(file.bytes);
            teller.facts.parsed(Parsed::Whole);
            return;
        }
        let grammar = || tree_sitter_starlark::LANGUAGE.into();
        let Some(tree) = syntax::parse("Starlark", grammar, file.bytes, teller.facts) else {
            return;
        };
        syntax::tell_errors(&tree, "Starlark", teller.facts);
        teller.starlark(tree.root_node(), file.bytes);
    }
}

struct Teller<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Teller<'_, '_> {
    fn starlark(&mut self, root: Node<'_>, source: &[u8]) {
        let scope = Scope::new(source);
        let mut apparent: BTreeMap<String, String> = BTreeMap::new();
        let mut places: Vec<(String, String, Range<usize>)> = Vec::new();
        let mut cursor = root.walk();
        for statement in root.named_children(&mut cursor) {
            let Some(call) = statement
                .named_child(0)
                .filter(|node| node.kind() == "call")
            else {
                continue;
            };
            let function = call.child_by_field_name("function");
            let function = function.map_or("", |function| text(function, source));
            let Some(arguments) = call.child_by_field_name("arguments") else {
                continue;
            };
            let mut named: BTreeMap<&str, String> = BTreeMap::new();
            let mut cursor = arguments.walk();
            for argument in arguments.named_children(&mut cursor) {
                let name = argument.child_by_field_name("name");
                let value = argument.child_by_field_name("value");
                if let (Some(name), Some(value)) = (name, value)
                    && let Some(value) = scope.one(value)
                {
                    named.insert(text(name, source), value);
                }
            }
            let get = |name: &str| named.get(name).cloned();
            match function {
                "module" | "workspace" => {
                    for name in [get("name"), get("repo_name")].into_iter().flatten() {
                        self.provide(Key::new("bazel-repository", name), bytes(call));
                    }
                }
                "bazel_dep" => {
                    if let (Some(name), Some(own)) = (get("name"), get("repo_name")) {
                        apparent.insert(name, own);
                    }
                }
                "local_path_override" | "local_repository" | "new_local_repository" => {
                    let name = get("module_name").or_else(|| get("name"));
                    if let (Some(name), Some(path)) = (name, get("path"))
                        && let Some(path) = join(self.folder, &path)
                    {
                        places.push((name, path, bytes(call)));
                    }
                }
                _ => {}
            }
        }
        for (name, path, place) in places {
            if let Some(own) = apparent.get(&name) {
                self.bind(own, &path, place.clone());
            }
            self.bind(&name, &path, place);
        }
    }

    /// `[cells]` of a `.buckconfig`, once called `[repositories]`: a name and a folder on each line.
    fn cells(&mut self, bytes: &[u8]) {
        let mut inside = false;
        let mut at = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            let text = text.trim();
            if text.starts_with('[') {
                inside = matches!(text, "[cells]" | "[repositories]");
            } else if let Some((name, path)) = text.split_once('=').filter(|_| inside)
                && !text.starts_with('#')
                && let Some(path) = join(self.folder, path.trim())
            {
                self.bind(name.trim(), &path, at..at + line.trim_ascii_end().len());
            }
            at += line.len();
        }
    }

    fn provide(&mut self, key: Key, bytes: Range<usize>) {
        let fact = self.facts.provides(key, Offer::Implements, bytes);
        fact.certainty = Certainty::Declared;
    }

    fn bind(&mut self, name: &str, path: &str, bytes: Range<usize>) {
        let claim = Claim::Binds {
            key: Key::new("bazel-repository", name),
            value: Template::text(format!("path:{path}")),
        };
        let fact = self.facts.push(Subject::Here, claim, bytes);
        fact.certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Workspace, path, text));
    }

    #[test]
    fn a_module_names_itself_and_repositories_of_the_tree() {
        check(
            "MODULE.bazel",
            "module(name = \"acme_shop\", repo_name = \"shop\", version = \"1.0\")
bazel_dep(name = \"ledger\", repo_name = \"acme_ledger\")
local_path_override(module_name = \"ledger\", path = \"ledger\")
bazel_dep(name = \"rules_cc\", version = \"0.1\")
",
            expect![[r#"
                here binds bazel-repository:acme_ledger = path:ledger [declared]  @ "local_path_override(module_name = \"ledger\", path = \"ledger\")"
                here binds bazel-repository:ledger = path:ledger [declared]  @ "local_path_override(module_name = \"ledger\", path = \"ledger\")"
                here provides bazel-repository:acme_shop [declared]  @ "module(name = \"acme_shop\", repo_name = \"shop\", version = \"1.0\")"
                here provides bazel-repository:shop [declared]  @ "module(name = \"acme_shop\", repo_name = \"shop\", version = \"1.0\")"
            "#]],
        );
        check(
            "sub/WORKSPACE",
            "workspace(name = \"shop\")\nlocal_repository(name = \"ledger\", path = \"../ledger\")\n",
            expect![[r#"
                here binds bazel-repository:ledger = path:ledger [declared]  @ "local_repository(name = \"ledger\", path = \"../ledger\")"
                here provides bazel-repository:shop [declared]  @ "workspace(name = \"shop\")"
            "#]],
        );
    }

    #[test]
    fn cells_of_buck_are_folders() {
        check(
            ".buckconfig",
            "[buildfile]\nname = BUCK\n[cells]\nroot = .\n# old = x\nprelude = third-party/prelude\n",
            expect![[r#"
                here binds bazel-repository:prelude = path:third-party/prelude [declared]  @ "prelude = third-party/prelude"
                here binds bazel-repository:root = path: [declared]  @ "root = ."
            "#]],
        );
    }

    #[test]
    fn garbage_is_at_most_one_problem() {
        for text in [&b"\xff\xfe"[..], b"module(", b"", &b"x(".repeat(3000)] {
            assert!(facts(&Workspace, "MODULE.bazel", text).problems.len() <= 1);
            facts(&Workspace, ".buckconfig", text);
        }
    }
}
