//! What does a `BUILD` file say: targets, what they are made of, and what they depend on? Of a `.bzl` file, what it loads?
//!
//! A package of Bazel is no component: repositories have thousands. What a target depends on is linked from the
//! `BUILD` file to the files of the target, and judged by the owners of both. Who may see a target is checked by
//! Bazel itself, so that a dependency that builds is none through a back door.
//! Source: <https://bazel.build/reference/be/overview>, <https://buck2.build/docs/prelude/rules/>

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::attributes::{Attribute, Purpose, attribute, is_rule, purpose};
use super::labels::{in_command, is_label};
use super::values::{Scope, Value};
use crate::extract::syntax::{self, Nodes, bytes, text};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Access, Certainty, Claim, Context, DependencyKind, ExtractorId, Fact, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject, Template, join,
};

/// Reads `BUILD`, `BUILD.bazel`, `BUCK` and `*.bzl`.
#[derive(Debug)]
pub(in crate::extract) struct Rules;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("bazel/rules"),
    summary: "Targets of Bazel and Buck and what they depend on",
    globs: &["**/BUILD", "**/BUILD.bazel", "**/BUCK", "**/*.bzl"],
    markers: &["(", "load"],
    languages: &[Language::Data],
    ownership: false,
};

/// The most labels of one file.
const LABELS: usize = 16_384;

impl Extractor for Rules {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let grammar = || tree_sitter_starlark::LANGUAGE.into();
        let Some(tree) = syntax::parse("Starlark", grammar, file.bytes, facts) else {
            return;
        };
        if allowances::promised(file.bytes) {
            let comments: Vec<Range<usize>> = Nodes::new(tree.root_node())
                .filter(|node| node.kind() == "comment")
                .map(bytes)
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let mut reader = Reader {
            source: file.bytes,
            folder: file.path.parent(),
            scope: Scope::new(file.bytes),
            test_only: false,
            has_library: false,
            programs: Vec::new(),
            labels: BTreeMap::new(),
            facts,
        };
        let is_library = file.path.file_name().ends_with(".bzl");
        reader.file(tree.root_node(), is_library);
        let found = !reader.labels.is_empty();
        reader.tell();
        // A file of this name need not be one of Bazel.
        if found {
            syntax::tell_errors(&tree, "Starlark", facts);
        }
    }
}

struct Reader<'t, 'a, 'f> {
    source: &'t [u8],
    folder: &'t str,
    scope: Scope<'t>,
    /// All targets of the file are for tests.
    test_only: bool,
    has_library: bool,
    programs: Vec<(String, Range<usize>)>,
    labels: BTreeMap<(String, Context), (u32, Range<usize>)>,
    facts: &'a mut Facts<'f>,
}

impl<'t> Reader<'t, '_, '_> {
    fn file(&mut self, root: Node<'t>, is_library: bool) {
        let mut cursor = root.walk();
        let statements: Vec<Node<'t>> = root.named_children(&mut cursor).collect();
        for statement in statements {
            let Some(inner) = statement.named_child(0) else {
                continue;
            };
            match inner.kind() {
                "call" => self.call(inner, is_library),
                "assignment" => self.assignment(inner),
                "list_comprehension" if !is_library => self.comprehension(inner),
                _ => {}
            }
        }
    }

    fn assignment(&mut self, node: Node<'t>) {
        if let (Some(name), Some(value)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) && name.kind() == "identifier"
        {
            self.scope.define(text(name, self.source), value);
        }
    }

    /// `[rule(name = x) for x in [...]]`.
    fn comprehension(&mut self, node: Node<'t>) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        let rounds = self.scope.rounds(node);
        for scope in rounds {
            let outer = std::mem::replace(&mut self.scope, scope);
            if body.kind() == "call" {
                self.call(body, false);
            }
            self.scope = outer;
        }
    }

    fn call(&mut self, node: Node<'t>, is_library: bool) {
        let function = node.child_by_field_name("function");
        let function = function.map_or("", |function| text(function, self.source));
        let Some(arguments) = node.child_by_field_name("arguments") else {
            return;
        };
        match function {
            "load" => {
                // The file of the first argument; the others are names in it.
                if let Some(first) = arguments.named_child(0)
                    && let Some(label) = self.scope.one(first)
                {
                    let label = label.trim_start_matches("native.").to_owned();
                    self.label(&label, Context::Build, bytes(first));
                }
            }
            _ if is_library => {}
            "package" => {
                let mut cursor = arguments.walk();
                for argument in arguments.named_children(&mut cursor) {
                    if self.name_of(argument) == "default_testonly" && self.is_true(argument) {
                        self.test_only = true;
                    }
                }
            }
            function if is_rule(function) => self.rule(function, arguments, bytes(node)),
            _ => {}
        }
    }

    fn name_of(&self, argument: Node<'t>) -> &'t str {
        let name = argument.child_by_field_name("name");
        name.map_or("", |name| text(name, self.source))
    }

    fn is_true(&self, argument: Node<'t>) -> bool {
        let value = argument.child_by_field_name("value");
        value.is_some_and(|value| matches!(text(value, self.source), "1" | "True"))
    }

    fn rule(&mut self, function: &str, arguments: Node<'t>, place: Range<usize>) {
        let purpose = purpose(function);
        let mut target = Target::default();
        let mut test = self.test_only || purpose == Purpose::Test;
        let mut cursor = arguments.walk();
        let arguments: Vec<Node<'t>> = arguments.named_children(&mut cursor).collect();
        for argument in &arguments {
            if self.name_of(*argument) == "testonly" && self.is_true(*argument) {
                test = true;
            }
        }
        for argument in arguments {
            let attribute_name = self.name_of(argument);
            let value = argument.child_by_field_name("value");
            match (attribute_name, value) {
                ("name", Some(value)) => {
                    target.name = self.scope.one(value).unwrap_or_default();
                    target.bytes = bytes(value);
                }
                ("testonly", _) => {}
                ("includes" | "strip_include_prefix" | "include_prefix", Some(value)) => {
                    target.include(attribute_name, self.scope.values(value));
                }
                (_, Some(value)) => self.attribute(attribute_name, value, test, &mut target),
                // `cc_library(**arguments)`, or a macro with plain arguments.
                (_, None) if argument.kind() != "comment" => {
                    self.attribute("deps", argument, test, &mut target);
                }
                _ => {}
            }
        }
        if !target.name.is_empty() {
            if purpose == Purpose::Library && !test {
                self.has_library = true;
            }
            if purpose == Purpose::Program && !test {
                self.programs.push((target.name.clone(), place));
            }
            self.target(&target, purpose, test);
        }
    }

    fn attribute(&mut self, name: &str, value: Node<'t>, test: bool, target: &mut Target) {
        let kind = attribute(name);
        let context = match kind {
            Attribute::Other => return,
            Attribute::Labels(context) if !test => context,
            _ if test => Context::Test,
            _ => Context::Production,
        };
        for value in self.scope.values(value) {
            if kind == Attribute::Command {
                for label in in_command(&value.text) {
                    if is_label(label) {
                        self.label(label, context, value.bytes.clone());
                    }
                }
            } else if is_label(&value.text) {
                // What a choice asks for is there while building.
                let context = if value.is_key {
                    context.join(Context::Build)
                } else {
                    context
                };
                self.label(&value.text, context, value.bytes);
            } else if let Some(inner) = value.text.strip_prefix(':') {
                target.inner.push((inner.to_owned(), value.bytes));
            } else if kind == Attribute::Sources && !value.is_key {
                target.sources.push(value);
            }
        }
    }

    fn label(&mut self, label: &str, context: Context, bytes: Range<usize>) {
        let next = self.labels.len();
        let key = (label.to_owned(), context);
        if let Some((count, _)) = self.labels.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if next < LABELS {
            self.labels.insert(key, (1, bytes));
        }
    }

    fn target(&mut self, target: &Target, purpose: Purpose, test: bool) {
        let place = format!("path:{}", self.folder);
        let subject = Subject::Named(Key::at("bazel", place, target.name.as_str()));
        let how = if purpose == Purpose::Contract {
            Offer::Declares
        } else {
            Offer::Implements
        };
        let claim = Claim::Provides {
            key: Key::new("bazel", target.name.as_str()),
            how,
        };
        let fact = self.say(subject.clone(), claim, target.bytes.clone());
        if test {
            fact.context = fact.context.join(Context::Test);
        }
        for source in &target.sources {
            let Some(path) = join(self.folder, &source.text) else {
                continue;
            };
            let namespace = if source.is_pattern {
                "bazel-glob"
            } else {
                "bazel-source"
            };
            let claim = Claim::Binds {
                key: Key::new(namespace, ""),
                value: Template::text(format!("path:{path}")),
            };
            self.say(subject.clone(), claim, source.bytes.clone());
        }
        // What a target without files of its own passes on.
        if target.sources.is_empty() {
            for (inner, bytes) in &target.inner {
                let claim = Claim::Binds {
                    key: Key::new("bazel-inner", ""),
                    value: Template::text(inner.as_str()),
                };
                self.say(subject.clone(), claim, bytes.clone());
            }
        }
        for (prefix, folder, bytes) in target.roots(self.folder) {
            let claim = Claim::Binds {
                key: Key::at("bazel-include", prefix, ""),
                value: Template::text(format!("path:{folder}")),
            };
            self.say(subject.clone(), claim, bytes);
        }
    }

    fn tell(mut self) {
        if self.labels.len() == LABELS {
            let message = format!("more than {LABELS} labels; the rest is not read");
            self.facts.problem(0..0, message);
            self.facts.parsed(Parsed::Partly);
        }
        for ((label, context), (count, bytes)) in std::mem::take(&mut self.labels) {
            let claim = Claim::Requires {
                key: Key::new("bazel", label),
                kind: DependencyKind::LinkImpl,
                access: Access::Use,
                count,
            };
            let fact = self.say(Subject::Here, claim, bytes);
            fact.context = fact.context.join(context);
        }
        for (name, bytes) in self.programs.clone() {
            let claim = Claim::Provides {
                key: Key::new("program", name),
                how: Offer::Implements,
            };
            self.say(Subject::Here, claim, bytes);
        }
        // A program beside libraries is a helper, unless the package is called after it.
        let package = self.folder.rsplit('/').next().unwrap_or_default();
        let main = self
            .programs
            .iter()
            .find(|(name, _)| !self.has_library || name == package);
        if let Some((_, bytes)) = main.cloned() {
            let claim = Claim::Provides {
                key: Key::new("trait", "entry-point"),
                how: Offer::Implements,
            };
            self.say(Subject::Here, claim, bytes);
        }
    }

    fn say(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) -> &mut Fact {
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact
    }
}

/// A target while its attributes are read.
#[derive(Default)]
struct Target {
    name: String,
    bytes: Range<usize>,
    sources: Vec<Value>,
    /// Targets of the same file that it names.
    inner: Vec<(String, Range<usize>)>,
    includes: Vec<Value>,
    strip: Option<Value>,
    prefix: Option<Value>,
}

impl Target {
    fn include(&mut self, attribute: &str, values: Vec<Value>) {
        match attribute {
            "includes" => self.includes = values,
            "strip_include_prefix" => self.strip = values.into_iter().next(),
            _ => self.prefix = values.into_iter().next(),
        }
    }

    /// The folders in which users look for headers, each with what stands before the names there.
    ///
    /// Source: <https://bazel.build/reference/be/c-cpp#cc_library>
    fn roots(&self, folder: &str) -> Vec<(String, String, Range<usize>)> {
        let mut found = Vec::new();
        for value in &self.includes {
            if let Some(path) = join(folder, &value.text) {
                found.push((String::new(), path, value.bytes.clone()));
            }
        }
        let prefix = self.prefix.as_ref();
        if let Some(value) = self.strip.as_ref().or(prefix) {
            let strip = self.strip.as_ref().map_or("", |value| value.text.as_str());
            let path = match strip.strip_prefix('/') {
                Some(absolute) => join("", absolute),
                None => join(folder, strip),
            };
            let prefix = prefix.map_or("", |value| value.text.trim_matches('/'));
            if let Some(path) = path {
                found.push((prefix.to_owned(), path, value.bytes.clone()));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Rules, path, text));
    }

    #[test]
    fn targets_have_files_and_labels() {
        check(
            "cart/BUILD",
            "load(\"//build:defs.bzl\", \"acme_library\")
package(default_visibility = [\"//visibility:public\"])
COMMON = [\"//base:log\"]
cc_library(
    name = \"cart\",
    srcs = glob([\"src/*.cc\"], exclude = [\"src/old.cc\"]) + [\"//shared:money.cc\"],
    hdrs = [\"cart.h\"],
    includes = [\"include\"],
    visibility = [\"//shop:__pkg__\"],
    deps = COMMON + [\":prices\", \"@abseil//absl/strings\"] + select({
        \"//config:linux\": [\"//base/linux\"],
        \"//conditions:default\": [],
    }),
)
cc_test(name = \"cart_test\", srcs = [\"cart_test.cc\"], deps = [\":cart\", \"//base:log\", \"//testing\"])
cc_library(name = \"fakes\", testonly = 1, deps = [\"//catalog:fakes\"])
genrule(name = \"gen\", outs = [\"a.h\"], tools = [\"//tools:make\"], cmd = \"$(location //tools:make) > $@\")
",
            expect![[r#"
                bazel(path:cart)cart binds bazel-glob: = path:cart/src/*.cc [declared]  @ "\"src/*.cc\""
                bazel(path:cart)cart binds bazel-include: = path:cart/include [declared]  @ "\"include\""
                bazel(path:cart)cart binds bazel-source: = path:cart/cart.h [declared]  @ "\"cart.h\""
                bazel(path:cart)cart provides bazel:cart [declared]  @ "\"cart\""
                bazel(path:cart)cart_test binds bazel-source: = path:cart/cart_test.cc [declared]  @ "\"cart_test.cc\""
                bazel(path:cart)cart_test provides bazel:cart_test [declared] [test]  @ "\"cart_test\""
                bazel(path:cart)fakes provides bazel:fakes [declared] [test]  @ "\"fakes\""
                bazel(path:cart)gen provides bazel:gen [declared]  @ "\"gen\""
                here requires bazel://base/linux [link.impl] [declared]  @ "\"//base/linux\""
                here requires bazel://base:log [link.impl] [declared]  @ "COMMON"
                here requires bazel://base:log [link.impl] [declared] [test]  @ "\"//base:log\""
                here requires bazel://build:defs.bzl [link.impl] [declared] [build]  @ "\"//build:defs.bzl\""
                here requires bazel://catalog:fakes [link.impl] [declared] [test]  @ "\"//catalog:fakes\""
                here requires bazel://config:linux [link.impl] [declared] [build]  @ "\"//config:linux\""
                here requires bazel://shared:money.cc [link.impl] [declared]  @ "\"//shared:money.cc\""
                here requires bazel://testing [link.impl] [declared] [test]  @ "\"//testing\""
                here requires bazel://tools:make [link.impl] [declared]  @ "\"$(location //tools:make) > $@\""
                here requires bazel://tools:make [link.impl] [declared] [build]  @ "\"//tools:make\""
                here requires bazel:@abseil//absl/strings [link.impl] [declared]  @ "\"@abseil//absl/strings\""
            "#]],
        );
    }

    #[test]
    fn what_loops_make_is_known_when_the_list_is() {
        check(
            "cart/BUILD.bazel",
            "NAMES = [\"a\", \"b\"]
[cc_binary(name = n + \"_main\", srcs = [\"%s.cc\" % n], deps = [\"//lib/{}:x\".format(n)]) for n in NAMES]
[cc_test(name = x, deps = [\"//c\"]) for x, y in z()]
",
            expect![[r#"
                bazel(path:cart)a_main binds bazel-source: = path:cart/a.cc [declared]  @ "\"%s.cc\" % n"
                bazel(path:cart)a_main provides bazel:a_main [declared]  @ "n + \"_main\""
                bazel(path:cart)b_main binds bazel-source: = path:cart/b.cc [declared]  @ "\"%s.cc\" % n"
                bazel(path:cart)b_main provides bazel:b_main [declared]  @ "n + \"_main\""
                here provides program:a_main [declared]  @ "cc_binary(name = n + \"_main\", srcs = [\"%s.cc\" % n], deps = [\"//lib/{}:x\".format(n)])"
                here provides program:b_main [declared]  @ "cc_binary(name = n + \"_main\", srcs = [\"%s.cc\" % n], deps = [\"//lib/{}:x\".format(n)])"
                here provides trait:entry-point [declared]  @ "cc_binary(name = n + \"_main\", srcs = [\"%s.cc\" % n], deps = [\"//lib/{}:x\".format(n)])"
                here requires bazel://c [link.impl] [declared] [test]  @ "\"//c\""
                here requires bazel://lib/a:x [link.impl] [declared]  @ "\"//lib/{}:x\".format(n)"
                here requires bazel://lib/b:x [link.impl] [declared]  @ "\"//lib/{}:x\".format(n)"
            "#]],
        );
    }

    #[test]
    fn interface_definitions_are_contracts() {
        check(
            "cart/BUILD",
            "proto_library(name = \"cart_proto\", srcs = [\"cart.proto\"], strip_import_prefix = \"x\")
cc_proto_library(name = \"cart_cc_proto\", deps = [\":cart_proto\"])
alias(name = \"old\", actual = \"//ledger\")
",
            expect![[r#"
                bazel(path:cart)cart_cc_proto binds bazel-inner: = cart_proto [declared]  @ "\":cart_proto\""
                bazel(path:cart)cart_cc_proto provides bazel:cart_cc_proto [declares] [declared]  @ "\"cart_cc_proto\""
                bazel(path:cart)cart_proto binds bazel-source: = path:cart/cart.proto [declared]  @ "\"cart.proto\""
                bazel(path:cart)cart_proto provides bazel:cart_proto [declares] [declared]  @ "\"cart_proto\""
                bazel(path:cart)old provides bazel:old [declared]  @ "\"old\""
                here requires bazel://ledger [link.impl] [declared]  @ "\"//ledger\""
            "#]],
        );
    }

    #[test]
    fn libraries_of_rules_load_others() {
        check(
            "build/defs.bzl",
            "load(\":more.bzl\", \"x\")\nload(\"@rules_cc//cc:defs.bzl\", \"y\")\ndef f():\n    native.cc_library(name = \"a\", deps = [\"//b\"])\nX = y(name = \"//c\")\n",
            expect![[r#"
                here requires bazel::more.bzl [link.impl] [declared] [build]  @ "\":more.bzl\""
                here requires bazel:@rules_cc//cc:defs.bzl [link.impl] [declared] [build]  @ "\"@rules_cc//cc:defs.bzl\""
            "#]],
        );
    }

    #[test]
    fn a_comment_that_allows_is_told() {
        check(
            "cart/BUILD",
            "cc_library(\n    name = \"cart\",\n    deps = [\n        # twopizza: allow direct-link -- soon gone\n        \"//catalog\",\n    ],\n)\n",
            expect![[r##"
                bazel(path:cart)cart provides bazel:cart [declared]  @ "\"cart\""
                file binds allow:direct-link = soon gone [declared]  @ "# twopizza: allow direct-link -- soon gone\n        \"//catalog\","
                here requires bazel://catalog [link.impl] [declared]  @ "\"//catalog\""
            "##]],
        );
    }

    #[test]
    fn other_files_of_the_name_say_nothing() {
        assert_eq!(
            lines(&Rules, "BUILD", "To build (all of it),\nrun make.\n"),
            ""
        );
        let found = facts(
            &Rules,
            "BUILD",
            b"cc_library(name = \"a\", deps = [\"//b\"]\n",
        );
        assert!(found.problems.len() <= 1);
        facts(&Rules, "BUILD", b"\xff(\x00");
    }

    #[test]
    fn hostile_files_end_quickly() {
        facts(&Rules, "BUILD", "a(".repeat(2000).as_bytes());
        facts(&Rules, "BUILD", "[".repeat(5000).as_bytes());
        let constants: String = (0..40)
            .map(|n| format!("A{} = A{n} + A{n}\n", n + 1))
            .collect();
        let text = format!("A0 = [\"//a\"]\n{constants}x(name = \"x\", deps = A40)\n");
        facts(&Rules, "BUILD", text.as_bytes());
    }
}
