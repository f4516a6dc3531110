//! What do a `Gemfile` and a gemspec say: a gem, the gems that it needs, and from where?
//!
//! Both are Ruby programs; read is what they say literally, loops over written lists included.
//! Source: <https://bundler.io/man/gemfile.5.html>, <https://guides.rubygems.org/specification-reference/>

use std::ops::Range;

use tree_sitter::Node;

use super::code::loads;
use super::constants::Names;
use super::strings::{Place, Strings, children};
use crate::extract::strings::{Constants, Text};
use crate::extract::syntax::{self, bytes, text};
use crate::extract::{Extractor, ExtractorInfo, allowances, git};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, SourceFile, Subject, join,
};

/// Reads `Gemfile` and `*.gemspec`.
#[derive(Debug)]
pub(in crate::extract) struct Gems;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("ruby/gems"),
    summary: "Gems, what they depend on, and the gems of a Gemfile",
    globs: &["**/Gemfile", "**/gems.rb", "**/*.gemspec"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The deepest nesting of blocks, the most values of a loop, and the most gems of one file.
const DEPTH: usize = 32;
const VALUES: usize = 256;
const GEMS: usize = 4096;

impl Extractor for Gems {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // A gem among the data of a test is nobody's.
        if facts.context() == Context::Test {
            return;
        }
        let grammar = || tree_sitter_ruby::LANGUAGE.into();
        let Some(tree) = syntax::parse("Ruby", grammar, file.bytes, facts) else {
            return;
        };
        syntax::tell_errors(&tree, "Ruby", facts);
        if allowances::promised(file.bytes) {
            let comments: Vec<_> = syntax::Nodes::new(tree.root_node())
                .filter(|node| node.kind() == "comment")
                .map(bytes)
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let mut reader = Reader {
            strings: Strings {
                source: file.bytes,
                path: &file.path.path,
            },
            folder: file.path.parent(),
            own: None,
            needed: Vec::new(),
            full: false,
        };
        reader.statements(tree.root_node(), &Around::default(), 0);
        let Reader {
            own, needed, full, ..
        } = reader;
        let name = file.path.file_name();
        let is_gemspec = name.ends_with(".gemspec");
        let loaded = Names::new(tree.root_node(), file.bytes, &file.path.path).loaded;
        loads(loaded, facts);
        if full {
            facts.problem(0..0, format!("more than {GEMS} gems; the rest is not read"));
        }
        // A Gemfile that takes over the gemspec beside it serves those who work on the gem.
        let is_tooling = !is_gemspec && own == Some(None);
        if is_gemspec && !file.bytes.trim_ascii().is_empty() {
            gem(file, own.flatten(), facts);
        }
        for needed in needed {
            let claim = Claim::Requires {
                key: needed.key,
                kind: DependencyKind::LinkImpl,
                access: Default::default(),
                count: 1,
            };
            let fact = facts.push(Subject::Here, claim, needed.bytes);
            fact.certainty = Certainty::Declared;
            fact.context = if is_tooling {
                needed.context.join(Context::Development)
            } else {
                needed.context
            };
        }
    }
}

/// The folder of a gemspec is a component.
fn gem(file: &SourceFile<'_>, own: Option<(String, Range<usize>)>, facts: &mut Facts<'_>) {
    // A name that is put together is that of the file, by convention.
    let stem = file.path.file_name().trim_end_matches(".gemspec");
    let (name, bytes, certainty) = match own {
        Some((name, bytes)) => (name, bytes, Certainty::Declared),
        None => (stem.to_owned(), 0..0, Certainty::Inferred),
    };
    let place = format!("path:{}", file.path.parent());
    let claims = [
        Claim::Component {
            kind: ComponentKind::Library,
            name: Some(name.as_str().into()),
        },
        Claim::Provides {
            key: Key::at("gem", place.as_str(), name.as_str()),
            how: Offer::Implements,
        },
        // `gemspec path: 'x'` names no gem.
        Claim::Provides {
            key: Key::at("gem", place.as_str(), ""),
            how: Offer::Implements,
        },
    ];
    for claim in claims {
        facts.push(Subject::Here, claim, bytes.clone()).certainty = certainty;
    }
}

/// A gem that is needed.
struct Needed {
    key: Key,
    context: Context,
    bytes: Range<usize>,
}

/// What the blocks around a statement say.
#[derive(Clone, Default)]
struct Around {
    groups: Vec<String>,
    /// Where its gems come from, unless they say so themselves.
    place: Option<String>,
    constants: Constants,
}

struct Reader<'a> {
    strings: Strings<'a>,
    folder: &'a str,
    /// The name of the gem; in a Gemfile `Some(None)`: the gem beside it.
    own: Option<Option<(String, Range<usize>)>>,
    needed: Vec<Needed>,
    full: bool,
}

impl<'a> Reader<'a> {
    /// Reads the statements below a node: blocks, conditions and whatever else is around them.
    fn statements(&mut self, node: Node<'_>, around: &Around, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let mut around = around.clone();
        for child in children(node, &mut node.walk()) {
            match child.kind() {
                "call" => self.call(child, &around, depth),
                "identifier" if self.text(child) == "gemspec" => {
                    self.own.get_or_insert(None);
                }
                "assignment" => self.assignment(child, &mut around, depth),
                "if"
                | "unless"
                | "else"
                | "elsif"
                | "then"
                | "begin"
                | "if_modifier"
                | "unless_modifier"
                | "body_statement"
                | "block_body"
                | "do_block"
                | "block"
                | "ensure"
                | "rescue"
                | "case"
                | "when"
                | "parenthesized_statements" => {
                    self.statements(child, &around, depth + 1);
                }
                _ => {}
            }
        }
    }

    /// `s.name = "acme"`, or a variable for later.
    fn assignment(&mut self, node: Node<'_>, around: &mut Around, depth: usize) {
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            return;
        };
        match left.kind() {
            "identifier" | "constant" => {
                let name = self.text(left).to_owned();
                around.constants.define(name, self.strings.read(right));
                // `Gem::Specification.new do … end` may be kept in a variable.
                if right.kind() == "call" {
                    self.call(right, around, depth);
                }
            }
            "call" if self.method(left) == "name" && self.own.is_none() => {
                if let Some(name) = self.literal(right, around) {
                    self.own = Some(Some((name, bytes(right))));
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, node: Node<'_>, around: &Around, depth: usize) {
        let block = node.child_by_field_name("block");
        let mut inside = around.clone();
        match self.method(node) {
            "gem" => return self.gem(node, around),
            "gemspec" => return self.gemspec(node, around),
            "add_dependency" | "add_runtime_dependency" => {
                return self.dependency(node, around, Context::Production);
            }
            "add_development_dependency" => {
                return self.dependency(node, around, Context::Development);
            }
            "group" => {
                let groups = self.arguments(node);
                let groups = groups.iter().flat_map(|group| self.words(*group));
                inside.groups.extend(groups);
            }
            "path" => {
                let path = self.arguments(node).first().copied();
                inside.place = path.and_then(|path| self.folder_of(path, around));
            }
            "git" | "github" | "gist" => inside.place = Some("git:".to_owned()),
            "each" => return self.each(node, around, depth),
            _ => {}
        }
        if let Some(block) = block {
            self.statements(block, &inside, depth + 1);
        }
    }

    /// `%w[a b].each { |name| … }`
    fn each(&mut self, node: Node<'_>, around: &Around, depth: usize) {
        let (Some(list), Some(block)) = (
            node.child_by_field_name("receiver"),
            node.child_by_field_name("block"),
        ) else {
            return;
        };
        let parameter = block
            .child_by_field_name("parameters")
            .and_then(|parameters| parameters.named_child(0));
        let values: Vec<Text> = match list.kind() {
            "array" | "string_array" => children(list, &mut list.walk())
                .take(VALUES)
                .map(|value| self.strings.read(value))
                .collect(),
            _ => vec![Text::Unknown],
        };
        for value in values {
            let mut inside = around.clone();
            if let Some(parameter) = parameter {
                let value = Text::Literal(around.constants.literal(&value).unwrap_or_default());
                inside.constants.define(self.text(parameter), value);
            }
            self.statements(block, &inside, depth + 1);
        }
    }

    /// `gem "acme", path: "x", group: :test`
    fn gem(&mut self, node: Node<'_>, around: &Around) {
        let arguments = self.arguments(node);
        let Some(first) = arguments.first() else {
            return;
        };
        let Some(name) = self.literal(*first, around).filter(|name| !name.is_empty()) else {
            return;
        };
        let mut groups = around.groups.clone();
        let mut place = around.place.clone();
        for (key, value) in self.options(&arguments) {
            match key {
                "path" => place = self.folder_of(value, around),
                "git" | "github" | "gist" | "bitbucket" => {
                    let url = self.literal(value, around);
                    let url = url.map(|url| match key {
                        "github" => format!("https://github.com/{url}"),
                        _ => url,
                    });
                    let url = url.as_deref().and_then(git::normalise);
                    place = Some(format!("git:{}", url.unwrap_or_default()));
                }
                "group" | "groups" => groups.extend(self.words(value)),
                _ => {}
            }
        }
        self.need(place, &name, context(&groups), bytes(*first));
    }

    /// `gemspec path: "x", name: "acme"`
    fn gemspec(&mut self, node: Node<'_>, around: &Around) {
        let arguments = self.arguments(node);
        let mut place = None;
        let mut name = String::new();
        for (key, value) in self.options(&arguments) {
            match key {
                "path" => place = self.folder_of(value, around),
                "name" => name = self.literal(value, around).unwrap_or_default(),
                _ => {}
            }
        }
        let own = format!("path:{}", self.folder);
        match place {
            Some(place) if place != own => {
                let context = context(&around.groups);
                self.need(Some(place), &name, context, bytes(node));
            }
            _ => {
                self.own.get_or_insert(None);
            }
        }
    }

    /// `s.add_dependency "acme", "~> 1"`
    fn dependency(&mut self, node: Node<'_>, around: &Around, context: Context) {
        if let Some(first) = self.arguments(node).first()
            && let Some(name) = self.literal(*first, around).filter(|name| !name.is_empty())
        {
            self.need(None, &name, context, bytes(*first));
        }
    }

    fn need(&mut self, place: Option<String>, name: &str, context: Context, bytes: Range<usize>) {
        if self.needed.len() == GEMS {
            self.full = true;
            return;
        }
        let place = place.unwrap_or_else(|| "registry:rubygems".to_owned());
        self.needed.push(Needed {
            key: Key::at("gem", place, name),
            context,
            bytes,
        });
    }

    /// The place that the path of a gem means.
    fn folder_of(&self, node: Node<'_>, around: &Around) -> Option<String> {
        let folder = match self.strings.place(node, &around.constants)? {
            Place::File(path) => path.as_text()?.to_owned(),
            Place::Written(path) => match join(self.folder, &path) {
                Some(path) => path,
                None => return Some(format!("outside:{path}")),
            },
        };
        Some(format!("path:{folder}"))
    }

    fn literal(&self, node: Node<'_>, around: &Around) -> Option<String> {
        around.constants.literal(&self.strings.read(node))
    }

    /// `:a`, `"a"`, `[:a, "b"]`, `%i[a b]`.
    fn words(&self, node: Node<'_>) -> Vec<String> {
        let all = match node.kind() {
            "array" | "symbol_array" | "string_array" => children(node, &mut node.walk()).collect(),
            "pair" => Vec::new(),
            _ => vec![node],
        };
        all.into_iter()
            .map(|node| {
                let quotes = [':', '"', '\''];
                self.text(node).trim_matches(quotes).to_owned()
            })
            .collect()
    }

    fn arguments<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        match node.child_by_field_name("arguments") {
            Some(list) => children(list, &mut list.walk()).collect(),
            None => Vec::new(),
        }
    }

    /// `path: "x"` and `:path => "x"`.
    fn options<'t>(&self, arguments: &[Node<'t>]) -> Vec<(&'a str, Node<'t>)> {
        let pairs = arguments
            .iter()
            .filter(|argument| argument.kind() == "pair");
        pairs
            .filter_map(|pair| {
                let key = pair.child_by_field_name("key")?;
                let value = pair.child_by_field_name("value")?;
                Some((self.text(key).trim_matches([':', '"', '\'']), value))
            })
            .collect()
    }

    fn method(&self, node: Node<'_>) -> &'a str {
        let method = node.child_by_field_name("method");
        method.map_or("", |method| self.text(method))
    }

    fn text(&self, node: Node<'_>) -> &'a str {
        text(node, self.strings.source)
    }
}

/// What the groups of a gem are for: production, unless all of them are for those who work on it.
fn context(groups: &[String]) -> Context {
    let of = |group: &str| match group {
        "test" | "tests" | "spec" | "cucumber" => Context::Test,
        "ci" | "danger" | "debug" | "dev" | "development" | "doc" | "docs" | "lint" | "linting"
        | "rubocop" | "tools" => Context::Development,
        _ => Context::Production,
    };
    let contexts = groups.iter().map(|group| of(group));
    if contexts
        .clone()
        .any(|context| context == Context::Production)
    {
        return Context::Production;
    }
    contexts.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Gems, path, text));
    }

    #[test]
    fn a_gemfile_with_paths_groups_and_loops() {
        check(
            "shop/Gemfile",
            r##"source "https://rubygems.org"
gem "rails", "~> 7.1"
gem "cart", path: "../engines/cart"
gem "ledger", path: File.expand_path("gems/ledger", __dir__), group: %i[development test]
path "components" do
  gem "stock"
end
group :test do
  gem "faker"
  gem "shelf", :path => "#{__dir__}/shelf"
end
%w[desk kiosk].each { |name| gem "acme_#{name}", path: "apps/#{name}" }
gem "fork", github: "acme/fork"
gem "local", path: "../../outside"
gem name_of_something
if ENV["EDGE"]
  gem "edge", path: "edge", group: [:assets, :test]
end
"##,
            expect![[r#"
                here requires gem(git:github.com/acme/fork)fork [link.impl] [declared]  @ "\"fork\""
                here requires gem(outside:../../outside)local [link.impl] [declared]  @ "\"local\""
                here requires gem(path:engines/cart)cart [link.impl] [declared]  @ "\"cart\""
                here requires gem(path:shop/apps/desk)acme_desk [link.impl] [declared]  @ "\"acme_#{name}\""
                here requires gem(path:shop/apps/kiosk)acme_kiosk [link.impl] [declared]  @ "\"acme_#{name}\""
                here requires gem(path:shop/components)stock [link.impl] [declared]  @ "\"stock\""
                here requires gem(path:shop/edge)edge [link.impl] [declared]  @ "\"edge\""
                here requires gem(path:shop/gems/ledger)ledger [link.impl] [declared] [test]  @ "\"ledger\""
                here requires gem(path:shop/shelf)shelf [link.impl] [declared] [test]  @ "\"shelf\""
                here requires gem(registry:rubygems)faker [link.impl] [declared] [test]  @ "\"faker\""
                here requires gem(registry:rubygems)rails [link.impl] [declared]  @ "\"rails\""
            "#]],
        );
    }

    #[test]
    fn a_gemfile_beside_its_gem_is_for_those_who_work_on_it() {
        check(
            "cart/Gemfile",
            "gemspec\ngem \"ledger\", path: \"../ledger\"\n",
            expect![[r#"
                here requires gem(path:ledger)ledger [link.impl] [declared] [development]  @ "\"ledger\""
            "#]],
        );
        check(
            "Gemfile",
            "gemspec path: \"core\"\ngemspec name: \"x\", path: \".\"\n",
            expect![[r#"
                here requires gem(path:core) [link.impl] [declared] [development]  @ "gemspec path: \"core\""
            "#]],
        );
    }

    #[test]
    fn a_gemspec_is_a_component() {
        check(
            "gems/cart/acme_cart.gemspec",
            r##"require_relative "lib/acme/cart/version"
Gem::Specification.new do |spec|
  spec.name = "acme_cart"
  spec.version = Acme::Cart::VERSION
  spec.add_dependency "acme_ledger", spec.version
  spec.add_runtime_dependency("rails", ">= 7")
  spec.add_development_dependency "rspec"
end
"##,
            expect![[r#"
                here is library acme_cart [declared]  @ "\"acme_cart\""
                here provides gem(path:gems/cart) [declared]  @ "\"acme_cart\""
                here provides gem(path:gems/cart)acme_cart [declared]  @ "\"acme_cart\""
                here requires gem(registry:rubygems)acme_ledger [link.impl] [declared]  @ "\"acme_ledger\""
                here requires gem(registry:rubygems)rails [link.impl] [declared]  @ "\"rails\""
                here requires gem(registry:rubygems)rspec [link.impl] [declared] [development]  @ "\"rspec\""
                here requires rbfile:gems/cart/lib/acme/cart/version [link.impl]  @ "\"lib/acme/cart/version\""
            "#]],
        );
        check(
            "gems/desk/acme_desk.gemspec",
            "Gem::Specification.new { |s| s.name = Acme::NAME }",
            expect![[r#"
                here is library acme_desk [inferred]  @ ""
                here provides gem(path:gems/desk) [inferred]  @ ""
                here provides gem(path:gems/desk)acme_desk [inferred]  @ ""
            "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(
            facts(&Gems, "Gemfile", b"gem \"a\", path: (")
                .problems
                .len(),
            1
        );
        assert!(facts(&Gems, "Gemfile", b"").facts.is_empty());
        let deep = "group :a do\n".repeat(5_000);
        facts(&Gems, "Gemfile", deep.as_bytes());
    }
}
