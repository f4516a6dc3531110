//! What does a `mix.exs` say: an application, what it depends on, an umbrella around others?
//!
//! A project file is a program. Read are the tuples that are shaped as dependencies, wherever it makes them.
//! Sources: <https://hexdocs.pm/mix/Mix.Tasks.Deps.html>, <https://hexdocs.pm/mix/Mix.Project.html>

use std::ops::Range;

use tree_sitter::Node;

use super::syntax::{atom, children, key_text, keyword};
use super::text::Reader;
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances, git};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Facts, Key,
    Language, Offer, Part, SourceFile, Subject, Template, join,
};

/// Reads `mix.exs`.
#[derive(Debug)]
pub(in crate::extract) struct Mix;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("elixir/mix"),
    summary: "Elixir applications, their dependencies, and umbrellas",
    globs: &["**/mix.exs"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Mix {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if file.bytes.trim_ascii().is_empty() {
            return;
        }
        let grammar = || tree_sitter_elixir::LANGUAGE.into();
        let Some(tree) = syntax::parse("Elixir", grammar, file.bytes, facts) else {
            return;
        };
        syntax::tell_errors(&tree, "Elixir", facts);
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &syntax::comments(&tree), |_| 0, facts);
        }
        let root = tree.root_node();
        let mut project = Project {
            folder: file.path.parent(),
            source: file.bytes,
            texts: Reader::new(root, file.bytes),
            app: None,
            facts,
        };
        project.names(root);
        project.dependencies(root);
    }
}

/// Keys of the options of a dependency; a tuple with others is something else.
const OPTIONS: &[&str] = &[
    "app",
    "branch",
    "compile",
    "depth",
    "env",
    "git",
    "github",
    "hex",
    "in_umbrella",
    "manager",
    "only",
    "optional",
    "organization",
    "override",
    "path",
    "ref",
    "repo",
    "runtime",
    "sparse",
    "subdir",
    "submodules",
    "system_env",
    "tag",
    "targets",
];

struct Project<'a, 'f, 't> {
    folder: &'a str,
    source: &'t [u8],
    texts: Reader<'t>,
    app: Option<&'t str>,
    facts: &'a mut Facts<'f>,
}

impl<'t> Project<'_, '_, 't> {
    /// What `project/0` and `application/0` say.
    fn names(&mut self, root: Node<'t>) {
        let mut published = None;
        let mut source_url = None;
        for node in Nodes::new(root).filter(|node| node.kind() == "pair") {
            let (Some(key), Some(value)) = (
                node.child_by_field_name("key"),
                node.child_by_field_name("value"),
            ) else {
                continue;
            };
            match key_text(key, self.source) {
                "app" if self.app.is_none() => {
                    if let Some((name, span)) = atom(value, self.source) {
                        self.app = Some(name);
                        self.application(name, span);
                    }
                }
                "apps_path" => {
                    self.provide(Key::new("trait", "mix-umbrella"), node.byte_range());
                }
                // What starts with processes of its own, or is made into a program.
                "mod" if value.kind() == "tuple" => {
                    self.provide(Key::new("trait", "entry-point"), node.byte_range());
                }
                "escript" | "releases" => {
                    self.provide(Key::new("trait", "entry-point"), node.byte_range());
                }
                "package" => published = Some(node.byte_range()),
                "source_url" => source_url = Some((value, node.byte_range())),
                _ => {}
            }
        }
        let Some(app) = self.app else {
            return;
        };
        if let Some(span) = published {
            self.provide(Key::at("hex", "registry:hex.pm", app), span);
        }
        if let Some((value, span)) = source_url
            && let Some((url, _)) = self.texts.path(value)
            && let Some(address) = git::normalise(&url)
        {
            self.provide(Key::at("hex", format!("git:{address}"), app), span);
        }
    }

    fn application(&mut self, name: &str, span: Range<usize>) {
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(name.into()),
        };
        self.declare(claim, span.clone());
        let place = format!("path:{}", self.folder);
        self.provide(Key::at("hex", place, name), span);
    }

    fn dependencies(&mut self, root: Node<'t>) {
        for node in Nodes::new(root).filter(|node| node.kind() == "tuple") {
            let elements: Vec<Node<'t>> = children(node)
                .filter(|child| child.kind() != "comment")
                .collect();
            let Some((name, _)) = elements.first().and_then(|first| atom(*first, self.source))
            else {
                continue;
            };
            let (version, options) = match elements.as_slice() {
                [_, version] if version.kind() == "string" => (Some(*version), None),
                [_, options] if options.kind() == "keywords" => (None, Some(*options)),
                [_, version, options]
                    if version.kind() == "string" && options.kind() == "keywords" =>
                {
                    (Some(*version), Some(*options))
                }
                _ => continue,
            };
            if self.is_dependency(version, options) {
                self.dependency(name, options, node);
            }
        }
    }

    fn is_dependency(&self, version: Option<Node<'_>>, options: Option<Node<'_>>) -> bool {
        // A requirement of a version has a number; other pairs of a name and a text have not.
        let is_version = version.is_none_or(|node| {
            let text = syntax::text(node, self.source);
            text.contains(|c: char| c.is_ascii_digit())
        });
        let known = |options: Node<'_>| {
            children(options)
                .filter_map(|pair| pair.child_by_field_name("key"))
                .all(|key| OPTIONS.contains(&key_text(key, self.source)))
        };
        is_version && options.is_none_or(known)
    }

    fn dependency(&mut self, name: &'t str, options: Option<Node<'t>>, tuple: Node<'t>) {
        let option = |key: &str| options.and_then(|options| keyword(options, key, self.source));
        let is = |key: &str, text: &str| {
            option(key).is_some_and(|value| syntax::text(value, self.source) == text)
        };
        let mut certainty = Certainty::Declared;
        let mut package = name;
        let place: Template = if is("in_umbrella", "true") {
            self.folder_place(&format!("../{name}"))
        } else if let Some(path) = option("path") {
            match self.texts.path(path) {
                Some((path, assumed)) => {
                    if assumed {
                        certainty = Certainty::Inferred;
                    }
                    self.folder_place(&path)
                }
                None => Template(vec![Part::Hole]),
            }
        } else if let Some(url) = option("git").and_then(|url| self.texts.path(url)) {
            let address = git::normalise(&url.0).unwrap_or(url.0);
            format!("git:{address}").into()
        } else if let Some(repository) = option("github").and_then(|url| self.texts.path(url)) {
            format!("git:github.com/{}", repository.0).into()
        } else {
            if let Some((hex, _)) = option("hex").and_then(|hex| atom(hex, self.source)) {
                package = hex;
            }
            "registry:hex.pm".into()
        };
        let context = option("only").map_or(Context::Production, |only| self.context(only));
        let claim = Claim::Requires {
            key: Key::at("hex", place, package),
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let is_optional = is("optional", "true");
        let fact = self.facts.push(Subject::Here, claim, tuple.byte_range());
        fact.certainty = certainty;
        fact.context = context;
        if is_optional {
            fact.when.push(Condition::Variant("optional".into()));
        }
    }

    fn folder_place(&self, path: &str) -> Template {
        match join(self.folder, path) {
            Some(folder) => format!("path:{folder}").into(),
            None => format!("outside:{path}").into(),
        }
    }

    /// The environments of `only:`, an atom or a list of atoms.
    fn context(&self, only: Node<'_>) -> Context {
        let names: Vec<&str> = match only.kind() {
            "list" => children(only)
                .filter_map(|node| atom(node, self.source))
                .map(|(name, _)| name)
                .collect(),
            _ => atom(only, self.source)
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
        };
        let has = |name| names.contains(&name);
        if has("prod") || names.is_empty() {
            Context::Production
        } else if has("test") {
            Context::Test
        } else if names
            .iter()
            .all(|name| matches!(*name, "dev" | "docs" | "doc" | "lint" | "ci"))
        {
            Context::Development
        } else {
            // An environment of the project's own.
            Context::Production
        }
    }

    fn provide(&mut self, key: Key, span: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, span);
    }

    fn declare(&mut self, claim: Claim, span: Range<usize>) {
        self.facts.push(Subject::Here, claim, span).certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Mix, path, text));
    }

    #[test]
    fn an_application_and_what_it_depends_on() {
        check(
            "apps/cart/mix.exs",
            r#"defmodule Cart.MixProject do
  use Mix.Project

  @source_url "https://github.com/acme/shop"

  def project do
    [app: :cart, version: "0.1.0", source_url: @source_url, package: package(), deps: deps(),
     dialyzer: [plt_add_apps: [:ex_unit]]]
  end

  def application do
    [mod: {Cart.Application, []}, extra_applications: [:logger]]
  end

  defp deps do
    [
      {:pricing, in_umbrella: true},
      {:stock, path: "../../libs/stock", only: [:dev, :test]},
      {:ledger, path: library("ledger")},
      {:money, path: Path.expand("../../libs/money", __DIR__)},
      {:odd, path: unknown()},
      {:phoenix, "~> 1.7"}, # web
      {:credo, "~> 1.7", only: [:dev], runtime: false},
      {:till, git: "git@github.com:acme/till.git", tag: "v1"},
      {:fork, github: "acme/fork", override: true},
      {:renamed, "~> 1.0", hex: :original, optional: true}
    ]
  end

  defp library(name) do
    base = System.get_env("LIBRARIES", "../../libs")
    Path.join(base, name)
  end

  def other, do: [{:name, "x"}, {:a, b: 1}]
end
"#,
            expect![[r#"
                here is library cart [declared]  @ "cart"
                here provides hex(git:github.com/acme/shop)cart [declared]  @ "source_url: @source_url"
                here provides hex(path:apps/cart)cart [declared]  @ "cart"
                here provides hex(registry:hex.pm)cart [declared]  @ "package: package()"
                here provides trait:entry-point [declared]  @ "mod: {Cart.Application, []}"
                here requires hex(git:github.com/acme/fork)fork [link.impl] [declared]  @ "{:fork, github: \"acme/fork\", override: true}"
                here requires hex(git:github.com/acme/till)till [link.impl] [declared]  @ "{:till, git: \"git@github.com:acme/till.git\", tag: \"v1\"}"
                here requires hex(path:apps/pricing)pricing [link.impl] [declared]  @ "{:pricing, in_umbrella: true}"
                here requires hex(path:libs/ledger)ledger [link.impl] [inferred]  @ "{:ledger, path: library(\"ledger\")}"
                here requires hex(path:libs/money)money [link.impl] [declared]  @ "{:money, path: Path.expand(\"../../libs/money\", __DIR__)}"
                here requires hex(path:libs/stock)stock [link.impl] [declared] [test]  @ "{:stock, path: \"../../libs/stock\", only: [:dev, :test]}"
                here requires hex(registry:hex.pm)credo [link.impl] [declared] [development]  @ "{:credo, \"~> 1.7\", only: [:dev], runtime: false}"
                here requires hex(registry:hex.pm)original [link.impl] [declared] when optional  @ "{:renamed, \"~> 1.0\", hex: :original, optional: true}"
                here requires hex(registry:hex.pm)phoenix [link.impl] [declared]  @ "{:phoenix, \"~> 1.7\"}"
                here requires hex({})odd [link.impl] [declared]  @ "{:odd, path: unknown()}"
            "#]],
        );
    }

    #[test]
    fn an_umbrella_is_no_application() {
        check(
            "mix.exs",
            "defmodule Shop.MixProject do\n  def project, do: [apps_path: \"apps\", deps: [{:ex_doc, \"~> 0.19\", only: :dev}], releases: [shop: []]]\nend\n",
            expect![[r#"
                here provides trait:entry-point [declared]  @ "releases: [shop: []]"
                here provides trait:mix-umbrella [declared]  @ "apps_path: \"apps\""
                here requires hex(registry:hex.pm)ex_doc [link.impl] [declared] [development]  @ "{:ex_doc, \"~> 0.19\", only: :dev}"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told() {
        check(
            "mix.exs",
            "defmodule A do\n  def project do\n    [app: :a, deps: [{:b, path: \"../b\"}\n",
            expect![[r#"
                ! not understood as Elixir  @ "do\n  def project do\n    [app: :a, deps: [{:b, path: \"../b\"}"
                here is library a [declared]  @ "a"
                here provides hex(path:)a [declared]  @ "a"
                here requires hex(outside:../b)b [link.impl] [declared]  @ "{:b, path: \"../b\"}"
            "#]],
        );
        check("mix.exs", "", expect![[r#""#]]);
        for piece in ["{:a, ", "[", "\"#{", "def a(", "do ", "def a do a() end\n"] {
            lines(&Mix, "mix.exs", piece.repeat(2000));
        }
    }
}
