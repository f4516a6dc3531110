//! Which constants does a Ruby file define and name, and which files does it load?

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use memchr::memmem;

use super::constants::{How, Load, Names};
use crate::extract::{Extractor, ExtractorInfo, allowances, syntax};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject,
};

/// Reads the names of Ruby code.
#[derive(Debug)]
pub(in crate::extract) struct Code;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("ruby/code"),
    summary: "Constants and files that Ruby code defines, names and loads",
    globs: &["**/*.rb", "**/*.rake", "**/*.ru", "**/Rakefile"],
    markers: &[],
    languages: &[Language::Ruby],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

/// How a file of a pack says that it is public: <https://github.com/rubyatscale/packwerk-extensions#privacy-checker>.
const PUBLIC: &[u8] = b"pack_public: true";

impl Extractor for Code {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let grammar = || tree_sitter_ruby::LANGUAGE.into();
        let Some(tree) = syntax::parse("Ruby", grammar, file.bytes, facts) else {
            return;
        };
        let path = &*file.path.path;
        let names = Names::new(tree.root_node(), file.bytes, path);
        // A tree with errors gives names by chance, unless it says what it is.
        if names.defined.is_empty() && names.used.is_empty() {
            syntax::tell_errors(&tree, "Ruby", facts);
        }
        let allowed = if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &names.comments, |_| 0, facts)
        } else {
            Vec::new()
        };
        if file.path.file_name() == "config.ru" && facts.context() != Context::Test {
            program(facts);
        }
        if memmem::find(file.bytes, PUBLIC).is_some() {
            let claim = Claim::Provides {
                key: Key::new("trait", "pack-public"),
                how: Offer::Implements,
            };
            facts.push(Subject::File, claim, 0..0);
        }
        defined(&names, facts);
        used(&names, &allowed, facts);
        loads(names.loaded, facts);
    }
}

/// States the files that are loaded.
pub(super) fn loads(loaded: Vec<(Load, Range<usize>)>, facts: &mut Facts<'_>) {
    for (load, bytes) in loaded {
        let key = match load {
            Load::File(path) => Key::new("rbfile", path),
            Load::Feature(path) => Key::new("rbrequire", path),
        };
        facts.requires(key, DependencyKind::LinkImpl, 1, bytes);
    }
}

/// `config.ru` stands in the folder of an application: <https://github.com/rack/rack/blob/main/SPEC.rdoc>.
fn program(facts: &mut Facts<'_>) {
    let claim = Claim::Component {
        kind: ComponentKind::Library,
        name: None,
    };
    facts.push(Subject::Here, claim, 0..0);
    facts.provides(Key::new("trait", "entry-point"), Offer::Implements, 0..0);
}

/// States what the file defines, each name once, in the surest way.
fn defined(names: &Names, facts: &mut Facts<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for how in [How::New, How::Opened, How::Around] {
        let list = names.defined.iter().filter(|name| name.how == how);
        for name in list {
            if !seen.insert(&name.name) {
                continue;
            }
            if seen.len() > NAMES {
                too_many(name.bytes.clone(), facts);
                return;
            }
            let offer = match how {
                How::Around => Offer::Declares,
                How::New | How::Opened => Offer::Implements,
            };
            let key = Key::new("rbconst", name.name.as_str());
            let fact = facts.provides(key, offer, name.bytes.clone());
            if how != How::New {
                fact.certainty = Certainty::Inferred;
            }
        }
    }
}

/// A name, the modules around it, and the comment that allows it.
type Hit<'a> = (&'a str, &'a str, Option<usize>);

/// States each name once for the modules around it; what a comment allows is told apart from what none does.
fn used(names: &Names, allowed: &[Range<usize>], facts: &mut Facts<'_>) {
    let mut found: BTreeMap<Hit<'_>, (u32, Range<usize>)> = BTreeMap::new();
    for name in &names.used {
        let allowance = allowed
            .iter()
            .position(|range| range.contains(&name.bytes.start));
        let key = (&*name.name, &*name.nesting, allowance);
        if let Some((count, _)) = found.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if found.len() < NAMES {
            found.insert(key, (1, name.bytes.clone()));
        } else {
            too_many(name.bytes.clone(), facts);
            break;
        }
    }
    for ((name, nesting, _), (count, bytes)) in found {
        let key = Key::at("rbconst", nesting, name);
        facts.requires(key, DependencyKind::LinkImpl, count, bytes);
    }
}

fn too_many(bytes: Range<usize>, facts: &mut Facts<'_>) {
    let message = format!("more than {NAMES} constants; the rest is not read");
    facts.problem(bytes, message);
    facts.parsed(Parsed::Partly);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Code, "app/models/acme/cart.rb", text));
    }

    #[test]
    fn constants_keep_the_modules_around_them() {
        check(
            r##"module Acme
  class Cart < Base
    include Countable
    LIMIT = Money.new(Config::MAX)
    Line = Struct.new(:item)
    belongs_to :shelf, class_name: "Not::This"
    def sum
      Integer("3") + ::Ledger::Entry::total(self.class::RATE)
    rescue Net::Timeout, Lost
      "#{Format.euro(1)} Nor::This" # Nor::This
    end
    class << self
      def all = Catalog::Shelf.all
    end
  end
  class Shop::Desk; end
  class Cart::Empty < Lost; end
end
Acme::VERSION ||= "1"
"##,
            expect![[r#"
                here provides rbconst:Acme [declares] [inferred]  @ "Acme"
                here provides rbconst:Acme::Cart  @ "Cart"
                here provides rbconst:Acme::Cart::Empty  @ "Cart::Empty"
                here provides rbconst:Acme::Cart::LIMIT  @ "LIMIT"
                here provides rbconst:Acme::Cart::Line  @ "Line"
                here provides rbconst:Acme::VERSION  @ "Acme::VERSION"
                here provides rbconst:Shop::Desk [inferred]  @ "Shop::Desk"
                here requires rbconst(Acme Cart)::Ledger::Entry [link.impl]  @ "::Ledger::Entry"
                here requires rbconst(Acme Cart)Catalog::Shelf [link.impl]  @ "Catalog::Shelf"
                here requires rbconst(Acme Cart)Config::MAX [link.impl]  @ "Config::MAX"
                here requires rbconst(Acme Cart)Countable [link.impl]  @ "Countable"
                here requires rbconst(Acme Cart)Format [link.impl]  @ "Format"
                here requires rbconst(Acme Cart)Lost [link.impl]  @ "Lost"
                here requires rbconst(Acme Cart)Money [link.impl]  @ "Money"
                here requires rbconst(Acme Cart)Net::Timeout [link.impl]  @ "Net::Timeout"
                here requires rbconst(Acme Cart)Struct [link.impl]  @ "Struct"
                here requires rbconst(Acme)Base [link.impl]  @ "Base"
                here requires rbconst(Acme)Lost [link.impl]  @ "Lost"
            "#]],
        );
    }

    #[test]
    fn files_are_loaded_by_path_or_by_name() {
        check(
            r##"require "acme/ledger"
require_relative "../boot"
require File.expand_path("../../lib/x", __FILE__)
load File.join(__dir__, "tasks", "y.rake")
require Rails.root.join("lib", "z")
require "#{name}/a"
autoload :Stock, "acme/stock"
Kernel.require("json")
other.require("not/this")
"##,
            expect![[r#"
                here requires rbconst:File [link.impl] ×2  @ "File"
                here requires rbconst:Kernel [link.impl]  @ "Kernel"
                here requires rbconst:Rails [link.impl]  @ "Rails"
                here requires rbfile:${railsroot:}/lib/z [link.impl]  @ "Rails.root.join(\"lib\", \"z\")"
                here requires rbfile:app/models/acme/tasks/y.rake [link.impl]  @ "File.join(__dir__, \"tasks\", \"y.rake\")"
                here requires rbfile:app/models/boot [link.impl]  @ "\"../boot\""
                here requires rbfile:app/models/lib/x [link.impl]  @ "File.expand_path(\"../../lib/x\", __FILE__)"
                here requires rbrequire:acme/ledger [link.impl]  @ "\"acme/ledger\""
                here requires rbrequire:acme/stock [link.impl]  @ "\"acme/stock\""
                here requires rbrequire:json [link.impl]  @ "\"json\""
            "#]],
        );
    }

    #[test]
    fn a_comment_that_allows_is_told_and_keeps_its_names_apart() {
        check(
            "# twopizza: allow direct-link -- soon gone\nLedger.a\nLedger.b\n",
            expect![[r##"
                file binds allow:direct-link = soon gone [declared]  @ "# twopizza: allow direct-link -- soon gone\nLedger.a"
                here requires rbconst:Ledger [link.impl]  @ "Ledger"
                here requires rbconst:Ledger [link.impl]  @ "Ledger"
            "##]],
        );
    }

    #[test]
    fn an_application_is_a_component() {
        expect![[r#"
            here is library  @ ""
            here provides trait:entry-point  @ ""
            here requires rbconst:Shop::App [link.impl]  @ "Shop::App"
        "#]]
        .assert_eq(&lines(&Code, "shop/config.ru", "run Shop::App\n"));
    }

    #[test]
    fn broken_and_hostile_files_end_quickly() {
        check(
            "class Cart < Base\n  def x(\n",
            expect![[r#"
            here requires rbconst:Base [link.impl]  @ "Base"
            here requires rbconst:Cart [link.impl]  @ "Cart"
        "#]],
        );
        check(
            "%%% ???\n",
            expect![[r#"
            ! not understood as Ruby  @ "???"
        "#]],
        );
        for piece in [
            "(",
            "[",
            "class A;",
            "module A\n",
            "A::",
            "\"#{",
            "<<A\n",
            "%w[",
        ] {
            facts(&Code, "a.rb", piece.repeat(5_000).as_bytes());
        }
        let text: String = (0..NAMES + 10).map(|n| format!("A{n}.b\n")).collect();
        let facts = facts(&Code, "a.rb", text.as_bytes());
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES, 1));
    }
}
