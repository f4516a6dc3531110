//! Which classes, functions and files does a PHP file name, and which does it declare?

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::imports::Space;
use super::includes::includes;
use super::names::{Name, Names};
use super::tokens::Tokens;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
};

/// Reads the names of PHP code.
#[derive(Debug)]
pub(in crate::extract) struct Code;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("php/code"),
    summary: "Classes, functions and files that PHP code declares and names",
    globs: &["**/*.php", "**/*.phtml", "**/*.inc"],
    markers: &["<?"],
    languages: &[Language::Php],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

impl Extractor for Code {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let has_allowances = allowances::promised(file.bytes);
        let tokens = Tokens::new(file.bytes, has_allowances);
        facts.parsed(Parsed::Whole);
        if let Some((bytes, message)) = &tokens.problem {
            facts.problem(bytes.clone(), *message);
            facts.parsed(Parsed::Partly);
        }
        let allowed = if has_allowances {
            allowances::tell(file.bytes, &tokens.comments, |_| 0, facts)
        } else {
            Vec::new()
        };
        let names = Names::new(file.bytes, &tokens);
        declared(&names.declared, facts);
        used(&names, &allowed, facts);
        for include in includes(file.bytes, &tokens, &names.includes, &file.path.path) {
            let key = Key::new("phpfile", include.path);
            let fact = facts.requires(key, DependencyKind::LinkImpl, 1, include.bytes);
            if !include.anchored {
                fact.certainty = Certainty::Inferred;
            }
        }
    }
}

/// States what the file declares, each name once.
fn declared(names: &[Name], facts: &mut Facts<'_>) {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert((name.space, &*name.name)) {
            continue;
        }
        if seen.len() > NAMES {
            too_many(name.bytes.clone(), facts);
            break;
        }
        let key = Key::new(name.space.namespace(), name.name.as_str());
        facts.provides(key, Offer::Implements, name.bytes.clone());
    }
}

/// A name, and the comment that allows it.
type Hit<'a> = (Space, &'a str, Option<usize>);

/// States each name once; what a comment allows is told apart from what none does.
fn used(names: &Names, allowed: &[Range<usize>], facts: &mut Facts<'_>) {
    let declared: HashSet<(Space, &str)> = names
        .declared
        .iter()
        .map(|name| (name.space, &*name.name))
        .collect();
    let mut found: BTreeMap<Hit<'_>, (u32, Range<usize>)> = BTreeMap::new();
    for name in &names.used {
        if declared.contains(&(name.space, &*name.name)) {
            continue;
        }
        let allowance = allowed
            .iter()
            .position(|range| range.contains(&name.bytes.start));
        let key = (name.space, &*name.name, allowance);
        if let Some((count, _)) = found.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if found.len() < NAMES {
            found.insert(key, (1, name.bytes.clone()));
        } else {
            too_many(name.bytes.clone(), facts);
            break;
        }
    }
    for ((space, name, _), (count, bytes)) in found {
        let key = Key::new(space.namespace(), name);
        facts.requires(key, DependencyKind::LinkImpl, count, bytes);
    }
}

fn too_many(bytes: Range<usize>, facts: &mut Facts<'_>) {
    let message = format!("more than {NAMES} names; the rest is not read");
    facts.problem(bytes, message);
    facts.parsed(Parsed::Partly);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Code, "src/Cart.php", text));
    }

    #[test]
    fn imports_types_and_calls_name_classes() {
        check(
            r#"<?php
declare(strict_types=1);
namespace Acme\Shop;
use Acme\Ledger\{Entry, Line as L, function total};
use Acme\Stock\Shelf;
#[ORM\Entity, \Acme\Meta(Kind::A)]
final class Cart extends Base implements \Countable, Sums
{
    use Logs, \Acme\Clock;
    private ?Price $price = null;
    public function __construct(private readonly Entry|Rates $a = new Fixed(), int &...$b) {}
    abstract public function add(self $c): static|L;
    public function f() {
        $x = fn(Item $i): Money => total($i, NOT_A_CLASS | OTHER);
        try { new class(new Tax) extends Anonymous {}; }
        catch (Broken | \Acme\Lost $e) { return $e instanceof Gone ? Cart::g(Shelf::class) : sub\round(2); }
        strlen("Not::this {$a->b}"); // Nor::this
    }
}
enum Kind: string { case A = 'a'; }
function helper(): never {}
const LIMIT = 3;
"#,
            expect![[r#"
                here provides phpclass:Acme\Shop\Cart  @ "Cart"
                here provides phpclass:Acme\Shop\Kind  @ "Kind"
                here provides phpconst:Acme\Shop\LIMIT  @ "LIMIT"
                here provides phpfunction:Acme\Shop\helper  @ "helper"
                here requires phpclass:Acme\Clock [link.impl]  @ "\\Acme\\Clock"
                here requires phpclass:Acme\Ledger\Entry [link.impl] ×2  @ "Entry"
                here requires phpclass:Acme\Ledger\Line [link.impl] ×2  @ "Line"
                here requires phpclass:Acme\Lost [link.impl]  @ "\\Acme\\Lost"
                here requires phpclass:Acme\Meta [link.impl]  @ "\\Acme\\Meta"
                here requires phpclass:Acme\Shop\Anonymous [link.impl]  @ "Anonymous"
                here requires phpclass:Acme\Shop\Base [link.impl]  @ "Base"
                here requires phpclass:Acme\Shop\Broken [link.impl]  @ "Broken"
                here requires phpclass:Acme\Shop\Fixed [link.impl]  @ "Fixed"
                here requires phpclass:Acme\Shop\Gone [link.impl]  @ "Gone"
                here requires phpclass:Acme\Shop\Item [link.impl]  @ "Item"
                here requires phpclass:Acme\Shop\Logs [link.impl]  @ "Logs"
                here requires phpclass:Acme\Shop\Money [link.impl]  @ "Money"
                here requires phpclass:Acme\Shop\ORM\Entity [link.impl]  @ "ORM\\Entity"
                here requires phpclass:Acme\Shop\Price [link.impl]  @ "Price"
                here requires phpclass:Acme\Shop\Rates [link.impl]  @ "Rates"
                here requires phpclass:Acme\Shop\Sums [link.impl]  @ "Sums"
                here requires phpclass:Acme\Shop\Tax [link.impl]  @ "Tax"
                here requires phpclass:Acme\Stock\Shelf [link.impl] ×2  @ "Acme\\Stock\\Shelf"
                here requires phpclass:Countable [link.impl]  @ "\\Countable"
                here requires phpfunction:Acme\Ledger\total [link.impl] ×2  @ "total"
                here requires phpfunction:Acme\Shop\sub\round [link.impl]  @ "sub\\round"
            "#]],
        );
    }

    #[test]
    fn what_looks_like_a_class_and_is_none_is_left_alone() {
        check(
            r#"<?php
$a->class->new; $b = ['class' => X, Y]; foo(class: 1, enum: 2); $f = function () use ($x) { return enum; };
namespace\call(); goto end; end: echo static::class, self::A, parent::b(); switch (A) { case B: break; }
/** @var Doc\Block $c */ $html = ?> <p>Html::text</p> <?php $d = <<<SQL
Heredoc::text
SQL;
"#,
            expect![""],
        );
    }

    #[test]
    fn namespaces_in_braces_have_their_own_imports() {
        check(
            "<?php namespace A { use X\\Y; class B { } Y::f(); } namespace { Y::f(); class C {} } namespace D; C::f();",
            expect![[r#"
                here provides phpclass:A\B  @ "B"
                here provides phpclass:C  @ "C"
                here requires phpclass:D\C [link.impl]  @ "C"
                here requires phpclass:X\Y [link.impl] ×2  @ "X\\Y"
                here requires phpclass:Y [link.impl]  @ "Y"
            "#]],
        );
    }

    #[test]
    fn a_comment_that_allows_is_told_and_keeps_its_names_apart() {
        check(
            "<?php\n# twopizza: allow direct-link -- soon gone\nuse A\\B;\nB::c();\n",
            expect![[r##"
                file binds allow:direct-link = soon gone [declared]  @ "# twopizza: allow direct-link -- soon gone\nuse A\\B;"
                here requires phpclass:A\B [link.impl]  @ "A\\B"
                here requires phpclass:A\B [link.impl]  @ "B"
            "##]],
        );
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "(",
            "{",
            "}",
            "]",
            "#[",
            "use ",
            "use A\\{",
            "new class ",
            "function ",
            "catch(",
            "namespace {",
            "\"{$",
            "<<<A\n",
            "?><?",
            "fn(",
            "require ",
            "define('A',",
            "::",
        ] {
            let text = format!("<?php {}", piece.repeat(50_000));
            facts(&Code, "a.php", text.as_bytes());
        }
        let text: String = (0..NAMES + 10).map(|n| format!("a{n}::b();")).collect();
        let facts = facts(&Code, "a.php", format!("<?php {text}").as_bytes());
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES, 1));
    }
}
