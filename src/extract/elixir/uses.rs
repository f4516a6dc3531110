//! Which modules does an Elixir file define, and which does it use: by `alias`, `import`, `use`, calls, structs, protocols?
//!
//! Source: <https://hexdocs.pm/elixir/syntax-reference.html>

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::scopes::Scopes;
use super::syntax::{arguments, atom, call_name, children, key_text, keyword};
use crate::extract::mentions::Mentions;
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{ExtractorId, Facts, Key, Language, Offer, SourceFile};

/// Reads the modules of Elixir files.
#[derive(Debug)]
pub(in crate::extract) struct Uses;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("elixir/uses"),
    summary: "Modules that Elixir code defines and uses",
    globs: &["**/*.ex", "**/*.exs"],
    markers: &[],
    languages: &[Language::Elixir],
    ownership: false,
};

/// The most modules that one file defines.
const MODULES: usize = 1024;

impl Extractor for Uses {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let grammar = || tree_sitter_elixir::LANGUAGE.into();
        let Some(tree) = syntax::parse("Elixir", grammar, file.bytes, facts) else {
            return;
        };
        let mut allowed = Vec::new();
        if allowances::promised(file.bytes) {
            allowed = allowances::tell(file.bytes, &syntax::comments(&tree), |_| 0, facts);
        }
        let mut walk = Walk {
            source: file.bytes,
            scopes: Scopes::default(),
            defined: BTreeMap::new(),
            used: Vec::new(),
        };
        let mut nodes = Nodes::new(tree.root_node());
        while let Some(node) = nodes.next() {
            if walk.node(node) {
                nodes.skip_below();
            }
        }
        let Walk { defined, used, .. } = walk;
        let mut mentions = Mentions::new("elixir", &allowed);
        // What a file defines itself is no use of another one.
        for (name, bytes) in used {
            if !defined.contains_key(&name) {
                mentions.add(name, bytes);
            }
        }
        mentions.state(facts);
        for (name, bytes) in defined {
            facts.provides(Key::new("elixir", name), Offer::Implements, bytes);
        }
        syntax::tell_errors(&tree, "Elixir", facts);
    }
}

struct Walk<'t> {
    source: &'t [u8],
    scopes: Scopes,
    defined: BTreeMap<String, Range<usize>>,
    used: Vec<(String, Range<usize>)>,
}

impl<'t> Walk<'t> {
    /// Reads one node; gives whether all below it is read, too.
    fn node(&mut self, node: Node<'t>) -> bool {
        self.scopes.close(node.start_byte());
        match node.kind() {
            "do_block" | "stab_clause" => {
                self.scopes.open(node.end_byte());
                false
            }
            "alias" => {
                self.mention(node);
                true
            }
            "dot" => self.dot(node),
            "call" => match call_name(node, self.source) {
                Some("alias") => {
                    self.alias(node);
                    true
                }
                Some("require") => {
                    self.require(node);
                    false
                }
                Some("defmodule" | "defprotocol") => {
                    self.module(node);
                    false
                }
                Some("defimpl") => {
                    self.implementation(node);
                    false
                }
                _ => false,
            },
            // What the compiler is told not to miss is no use of it.
            "pair" | "tuple" => is_excluded(node, self.source),
            // Texts and comments hold no modules, but what is put into texts does.
            "comment" | "quoted_content" => true,
            _ => false,
        }
    }

    fn mention(&mut self, node: Node<'t>) {
        if let Some(name) = self.scopes.expand(syntax::text(node, self.source)) {
            self.used.push((name, node.byte_range()));
        }
    }

    /// `__MODULE__.Name`, and `A.{B, C}` of `import`, `require` and `use`; any other dot is looked into.
    fn dot(&mut self, node: Node<'t>) -> bool {
        if is_group(node) {
            let members = self.members(node);
            self.used.extend(members);
            return true;
        }
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            return false;
        };
        let own = left.kind() == "identifier" && syntax::text(left, self.source) == "__MODULE__";
        if own && right.kind() == "alias" {
            self.mention(node);
            return true;
        }
        false
    }

    /// `alias A.B`, `alias A.B, as: C`, `alias A.{B, C.D}`.
    fn alias(&mut self, call: Node<'t>) {
        let given = arguments(call);
        let Some(first) = given.first().copied() else {
            return;
        };
        match first.kind() {
            "dot" if is_group(first) => {
                for (full, bytes) in self.members(first) {
                    self.bring(&full, None, bytes);
                }
            }
            "alias" | "dot" | "identifier" => {
                let Some(full) = self.scopes.expand(syntax::text(first, self.source)) else {
                    return;
                };
                let short = self.short_name(&given);
                self.bring(&full, short, first.byte_range());
            }
            _ => {}
        }
    }

    /// The full names in `A.{B, C.D}`.
    fn members(&self, group: Node<'t>) -> Vec<(String, Range<usize>)> {
        let (Some(left), Some(right)) = (
            group.child_by_field_name("left"),
            group.child_by_field_name("right"),
        ) else {
            return Vec::new();
        };
        let Some(before) = self.scopes.expand(syntax::text(left, self.source)) else {
            return Vec::new();
        };
        children(right)
            .filter(|node| node.kind() == "alias")
            .map(|node| {
                let name = syntax::text(node, self.source);
                (format!("{before}.{name}"), node.byte_range())
            })
            .collect()
    }

    /// A module gets a short name: the given one, else its last piece.
    fn bring(&mut self, full: &str, short: Option<&str>, bytes: Range<usize>) {
        let full: String = full.chars().filter(|c| !c.is_whitespace()).collect();
        let short = short.unwrap_or_else(|| full.rsplit('.').next().unwrap_or(&full));
        self.scopes.alias(short, &full);
        self.used.push((full, bytes));
    }

    /// The name behind `as:`.
    fn short_name(&self, given: &[Node<'t>]) -> Option<&'t str> {
        let value = keyword(*given.get(1)?, "as", self.source)?;
        (value.kind() == "alias").then(|| syntax::text(value, self.source))
    }

    /// `require A.B, as: C` brings a short name, too.
    fn require(&mut self, call: Node<'t>) {
        let given = arguments(call);
        if let Some(short) = self.short_name(&given)
            && let Some(first) = given.first()
            && let Some(full) = self.scopes.expand(syntax::text(*first, self.source))
        {
            self.scopes.alias(short, &full);
        }
    }

    fn module(&mut self, call: Node<'t>) {
        let Some(name) = arguments(call).first().copied() else {
            return;
        };
        if !matches!(name.kind(), "alias" | "dot") {
            return;
        }
        let Some(full) = self.scopes.define(syntax::text(name, self.source)) else {
            return;
        };
        self.define(full.clone(), name.byte_range());
        self.scopes.open(call.end_byte());
        self.scopes.module = full;
    }

    /// `defimpl Protocol, for: Type`: a module of both names; without `for:`, of the module around it.
    fn implementation(&mut self, call: Node<'t>) {
        let given = arguments(call);
        let Some(protocol) = given.first().copied() else {
            return;
        };
        let Some(protocol_name) = self.scopes.expand(syntax::text(protocol, self.source)) else {
            return;
        };
        let types: Vec<Node<'t>> = match given
            .get(1)
            .copied()
            .and_then(|keywords| keyword(keywords, "for", self.source))
        {
            None => Vec::new(),
            Some(list) if list.kind() == "list" => children(list).collect(),
            Some(one) => vec![one],
        };
        let mut names: Vec<String> = types
            .iter()
            .filter_map(|name| self.scopes.expand(syntax::text(*name, self.source)))
            .collect();
        if types.is_empty() && !self.scopes.module.is_empty() {
            names.push(self.scopes.module.clone());
        }
        for name in &names {
            self.define(format!("{protocol_name}.{name}"), protocol.byte_range());
        }
        self.scopes.open(call.end_byte());
        if let Some(name) = names.first() {
            self.scopes.module = format!("{protocol_name}.{name}");
        }
    }

    fn define(&mut self, name: String, bytes: Range<usize>) {
        if self.defined.len() < MODULES {
            self.defined.entry(name).or_insert(bytes);
        }
    }
}

/// Whether a dot has names in braces behind it.
fn is_group(dot: Node<'_>) -> bool {
    dot.child_by_field_name("right")
        .is_some_and(|right| right.kind() == "tuple")
}

/// Whether an option names modules that the compiler should not look for: they may be missing.
///
/// `xref: [exclude: […]]` of a project, `no_warn_undefined: […]`, `@compile {:no_warn_undefined, …}`.
/// Source: <https://hexdocs.pm/mix/Mix.Tasks.Compile.Elixir.html>
fn is_excluded(node: Node<'_>, source: &[u8]) -> bool {
    if node.kind() == "tuple" {
        let first = children(node).next().and_then(|first| atom(first, source));
        return first.is_some_and(|(name, _)| name == "no_warn_undefined");
    }
    let key = |pair: Node<'_>| {
        let key = pair.child_by_field_name("key");
        key.is_some_and(|key| key_text(key, source) == "xref")
    };
    match node.child_by_field_name("key") {
        Some(name) => match key_text(name, source) {
            "no_warn_undefined" => true,
            "exclude" => {
                let around = std::iter::successors(node.parent(), Node::parent);
                around
                    .take(3)
                    .any(|around| around.kind() == "pair" && key(around))
            }
            _ => false,
        },
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Uses, "lib/cart.ex", text));
    }

    #[test]
    fn modules_are_named_by_directives_calls_structs_and_types() {
        check(
            r##"defmodule Shop.Cart do
  @moduledoc """
  See Shop.Nothing, `alias Shop.Nor`.
  """
  use GenServer
  use Shop.Web, :controller
  import Shop.Money, only: [round: 1]
  require Logger
  require Shop.Trace, as: T
  alias Shop.Pricing
  alias Shop.Stock.Level, as: L
  alias Shop.Ledger.{Entry, Account.Owner}
  alias __MODULE__.Item
  @behaviour Shop.Behaviour

  defmodule Line do
    defstruct [:id]
  end

  @spec total(Shop.Types.t()) :: L.t()
  def total(%Entry{} = entry) do
    alias Shop.Inner
    Inner.run(&Owner.f/1)
    # Shop.Comment
    "#{Shop.Text.of(entry)} Shop.No"
    T.trace(:x)
    Item.new() |> Line.f()
    :erlang.now()
    Enum.map([], fn Pricing.X -> Elixir.Pricing.y() end)
    __MODULE__.Deep.g()
    Pricing.Tax
  end

  def other, do: Inner.x()
end

defimpl Shop.Proto, for: [Shop.Cart, Integer] do
  def to(x), do: Pricing.x(x)
end

defprotocol Shop.Own do
  def a(b)
end
"##,
            expect![[r#"
                here provides elixir:Shop.Cart  @ "Shop.Cart"
                here provides elixir:Shop.Cart.Line  @ "Line"
                here provides elixir:Shop.Own  @ "Shop.Own"
                here provides elixir:Shop.Proto.Integer  @ "Shop.Proto"
                here provides elixir:Shop.Proto.Shop.Cart  @ "Shop.Proto"
                here requires elixir:Enum [link.impl]  @ "Enum"
                here requires elixir:GenServer [link.impl]  @ "GenServer"
                here requires elixir:Inner [link.impl]  @ "Inner"
                here requires elixir:Integer [link.impl]  @ "Integer"
                here requires elixir:Logger [link.impl]  @ "Logger"
                here requires elixir:Pricing [link.impl] ×2  @ "Elixir.Pricing"
                here requires elixir:Shop.Behaviour [link.impl]  @ "Shop.Behaviour"
                here requires elixir:Shop.Cart.Deep [link.impl]  @ "__MODULE__.Deep"
                here requires elixir:Shop.Cart.Item [link.impl] ×2  @ "__MODULE__.Item"
                here requires elixir:Shop.Inner [link.impl] ×2  @ "Shop.Inner"
                here requires elixir:Shop.Ledger.Account.Owner [link.impl] ×2  @ "Account.Owner"
                here requires elixir:Shop.Ledger.Entry [link.impl] ×2  @ "Entry"
                here requires elixir:Shop.Money [link.impl]  @ "Shop.Money"
                here requires elixir:Shop.Pricing [link.impl]  @ "Shop.Pricing"
                here requires elixir:Shop.Pricing.Tax [link.impl]  @ "Pricing.Tax"
                here requires elixir:Shop.Pricing.X [link.impl]  @ "Pricing.X"
                here requires elixir:Shop.Proto [link.impl]  @ "Shop.Proto"
                here requires elixir:Shop.Stock.Level [link.impl] ×2  @ "Shop.Stock.Level"
                here requires elixir:Shop.Text [link.impl]  @ "Shop.Text"
                here requires elixir:Shop.Trace [link.impl] ×3  @ "Shop.Trace"
                here requires elixir:Shop.Types [link.impl]  @ "Shop.Types"
                here requires elixir:Shop.Web [link.impl]  @ "Shop.Web"
            "#]],
        );
    }

    #[test]
    fn names_that_nothing_fixes_are_left_out() {
        check(
            "defmodule unquote(name) do\n  alias unquote(x), as: Y\n  apply(mod, :f, [])\n  @x.A\n  x.B\nend\n",
            expect![[r#"
                here requires elixir:A [link.impl]  @ "A"
                here requires elixir:B [link.impl]  @ "B"
            "#]],
        );
        check(
            "config :cart, Shop.Repo, url: Shop.Url\n",
            expect![[r#"
            here requires elixir:Shop.Repo [link.impl]  @ "Shop.Repo"
            here requires elixir:Shop.Url [link.impl]  @ "Shop.Url"
        "#]],
        );
    }

    #[test]
    fn modules_that_the_compiler_should_not_miss_are_not_used() {
        check(
            r##"defmodule Shop.MixProject do
  def project do
    [
      xref: [exclude: [Shop.Late, {Shop.Other, :f, 1}]],
      elixirc_options: [no_warn_undefined: Shop.Gone],
      docs: [exclude: Shop.Read]
    ]
  end

  @compile {:no_warn_undefined, [Shop.Never]}
  def application, do: [mod: {Shop.Application, []}]
end
"##,
            expect![[r#"
                here provides elixir:Shop.MixProject  @ "Shop.MixProject"
                here requires elixir:Shop.Application [link.impl]  @ "Shop.Application"
                here requires elixir:Shop.Read [link.impl]  @ "Shop.Read"
            "#]],
        );
    }

    #[test]
    fn comments_may_allow() {
        check(
            "A.f() # twopizza: allow direct-link -- soon gone\nB.f()\n",
            expect![[r#"
                file binds allow:direct-link = soon gone [declared]  @ "A.f() # twopizza: allow direct-link -- soon gone"
                here requires elixir:A [link.impl]  @ "A"
                here requires elixir:B [link.impl]  @ "B"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told_and_the_rest_is_read() {
        check(
            "defmodule A do\n  alias B.C\n  def f( do\n  C.g()\nend end end ) D.x\n",
            expect![[r#"
                ! not understood as Elixir; 3 more in this file  @ "end end end"
                here provides elixir:A  @ "A"
                here requires elixir:B.C [link.impl] ×2  @ "B.C"
            "#]],
        );
        for piece in [
            "defmodule A do ",
            "alias A.{",
            "\"#{",
            "fn -> ",
            "A.",
            "(",
            "~H\"\"\"",
            "@",
        ] {
            lines(&Uses, "lib/a.ex", piece.repeat(3000));
        }
    }
}
