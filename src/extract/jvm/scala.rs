//! Which packages does a Scala file stand in, what does it import, and what does it declare at its top?
//!
//! Imports may stand anywhere and may be relative: to the packages of the clauses above, and to earlier imports.
//! Source: <https://scala-lang.org/files/archive/spec/2.13/04-basic-declarations.html#import-clauses>

use std::collections::BTreeMap;
use std::ops::Range;

use super::names::{Names, Reader, stem};
use crate::extract::tokens::{Dialect, Kind, Token};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads packages, imports and declarations.
#[derive(Debug)]
pub(in crate::extract) struct Scala;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("jvm/scala"),
    summary: "Packages, imports and top-level declarations of Scala files",
    globs: &["**/*.scala"],
    markers: &[],
    languages: &[Language::Scala],
    ownership: false,
};

impl Extractor for Scala {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let mut names = Names::of(file, Dialect::Scala, facts);
        let mut reader = Reader::new(file.bytes, Dialect::Scala);
        let mut top = Top::default();
        while let Some(token) = reader.next() {
            top.token(token, &mut reader, &mut names, stem(file));
        }
        names.scopes = top.scopes();
        names.state(reader, facts);
    }
}

/// The longest name that is put together from imports.
const LONGEST: usize = 512;

/// What a brace holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Frame {
    Package,
    /// The members of a package, given by an object of its name.
    Object(String),
    Other,
}

#[derive(Default)]
struct Top {
    /// The packages of the clauses, each with all above it.
    packages: Vec<String>,
    frames: Vec<Frame>,
    /// Round and square brackets.
    brackets: usize,
    /// What the next brace holds, when a clause says so.
    next: Option<Frame>,
    last: Option<Kind>,
    /// What earlier imports mean by a name.
    known: BTreeMap<String, String>,
}

impl Top {
    /// The packages in which relative names are looked up, the innermost first.
    fn scopes(&self) -> String {
        let scopes: Vec<&str> = self.packages.iter().rev().map(String::as_str).collect();
        scopes.join(" ")
    }

    fn token(&mut self, token: Token, reader: &mut Reader<'_>, names: &mut Names, stem: &str) {
        let last = self.last.replace(token.kind);
        let word = match token.kind {
            Kind::Sign(b'{') => {
                self.frames.push(self.next.take().unwrap_or(Frame::Other));
                return;
            }
            Kind::Sign(b'}') => {
                self.frames.pop();
                return;
            }
            Kind::Sign(b'(' | b'[') => {
                self.brackets += 1;
                return;
            }
            Kind::Sign(b')' | b']') => {
                self.brackets = self.brackets.saturating_sub(1);
                return;
            }
            Kind::Word => reader.word(token),
            _ => return,
        };
        let member = matches!(last, Some(Kind::Sign(b'.' | b'#')));
        match word {
            _ if member => names.uses(word),
            "package" if self.brackets == 0 => self.package(reader, names),
            "import" => self.imports(reader, names),
            "class" | "trait" | "object" | "enum" | "type" | "def" | "val" | "given"
                if self.brackets == 0 =>
            {
                self.declaration(word, token, reader, names, stem);
            }
            "main" if last == Some(Kind::Sign(b'@')) => names.main(stem, token.bytes()),
            _ => names.uses(word),
        }
    }

    fn package(&mut self, reader: &mut Reader<'_>, names: &mut Names) {
        let is_object = reader
            .peek()
            .is_some_and(|next| reader.word(next) == "object");
        if is_object {
            reader.next();
            if let Some((name, bytes)) = reader.take_word() {
                let package = self.inside(name);
                names.objects.push((package.clone(), bytes));
                self.next = Some(Frame::Object(package));
            }
            return;
        }
        let Some(found) = reader.dotted() else {
            return;
        };
        let package = self.inside(&found.name);
        names.package = Some((package.clone(), found.bytes));
        self.packages.push(package);
        if reader.peek().is_some_and(|next| next.is(b'{')) {
            self.next = Some(Frame::Package);
        }
    }

    /// The full name of what the innermost package holds.
    fn inside(&self, name: &str) -> String {
        match self.packages.last() {
            Some(package) => format!("{package}.{name}"),
            None => name.to_owned(),
        }
    }

    fn declaration(
        &mut self,
        word: &str,
        token: Token,
        reader: &mut Reader<'_>,
        names: &mut Names,
        stem: &str,
    ) {
        let (name, bytes) = match reader.peek() {
            Some(next) if next.kind == Kind::Word => (reader.word(next), next.bytes()),
            _ => return,
        };
        // `case class` and `case object`; a type parameter named like a keyword there is none.
        if matches!(name, "class" | "object") {
            return;
        }
        if word == "def" && name == "main" {
            names.main(stem, bytes.clone());
        }
        let outer = self
            .frames
            .iter()
            .all(|frame| matches!(frame, Frame::Package));
        if let Some((Frame::Object(object), above)) = self.frames.split_last()
            && above.iter().all(|frame| matches!(frame, Frame::Package))
        {
            names.declare_full(format!("{object}.{name}"), bytes);
        } else if outer && (!self.frames.is_empty() || at_margin(reader, token)) {
            names.declare(name, bytes);
        }
        if word == "object" && self.extends_app(reader) {
            names.main(stem, token.bytes());
        }
    }

    /// Whether an object is a program: `object Main extends App`.
    fn extends_app(&mut self, reader: &mut Reader<'_>) -> bool {
        reader.take_word();
        if reader
            .peek()
            .is_none_or(|next| reader.word(next) != "extends")
        {
            return false;
        }
        reader.next();
        reader.peek().is_some_and(|next| reader.word(next) == "App")
    }

    fn imports(&mut self, reader: &mut Reader<'_>, names: &mut Names) {
        loop {
            self.import(reader, names);
            if !reader.take(b',') {
                break;
            }
        }
    }

    fn import(&mut self, reader: &mut Reader<'_>, names: &mut Names) {
        let Some(found) = reader.dotted() else {
            return;
        };
        if reader.take(b'{') {
            self.selectors(&found.name, reader, names);
            return;
        }
        let renamed = self.renamed(reader);
        self.name(&found.name, found.all, renamed, found.bytes, names);
    }

    /// `as Name` and `=> Name` behind what is imported.
    fn renamed<'t>(&mut self, reader: &mut Reader<'t>) -> Option<&'t str> {
        let next = reader.peek()?;
        if next.is(b'=') {
            reader.next();
            reader.take(b'>');
        } else if reader.word(next) == "as" && !next.fresh {
            reader.next();
        } else {
            return None;
        }
        reader.take_word().map(|(name, _)| name)
    }

    fn selectors(&mut self, prefix: &str, reader: &mut Reader<'_>, names: &mut Names) {
        while let Some(next) = reader.next() {
            match next.kind {
                Kind::Sign(b'}') => break,
                Kind::Sign(b'*') => self.name(prefix, true, None, next.bytes(), names),
                Kind::Word => {
                    let word = reader.word(next);
                    let renamed = self.renamed(reader);
                    // `Name => _` leaves it out.
                    if renamed != Some("_") {
                        let name = format!("{prefix}.{word}");
                        self.name(&name, false, renamed, next.bytes(), names);
                    }
                }
                _ => {}
            }
        }
    }

    fn name(
        &mut self,
        name: &str,
        all: bool,
        renamed: Option<&str>,
        bytes: Range<usize>,
        names: &mut Names,
    ) {
        let (name, all) = match name.rsplit_once('.') {
            Some((prefix, "_" | "given")) => (prefix, true),
            _ => (name, all),
        };
        let mut name = name.to_owned();
        // What an earlier import brings has its full name already.
        let (head, rest) = name.split_once('.').unwrap_or((&name, ""));
        if let Some(known) = self.known.get(head).filter(|known| known.len() < LONGEST) {
            name = match (rest, all) {
                ("", true) => known.clone(),
                ("", false) => name,
                _ => format!("{known}.{rest}"),
            };
        }
        if !all && let Some((_, last)) = name.rsplit_once('.') {
            let alias = renamed.unwrap_or(last).to_owned();
            self.known.insert(alias, name.clone());
        }
        names.import(&name, all, bytes);
    }
}

/// Whether the line of a token starts without blanks: what is indented there belongs to something.
fn at_margin(reader: &Reader<'_>, token: Token) -> bool {
    let before = reader.line_before(token.bytes().start);
    !before.first().is_some_and(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn the_clauses_imports_and_declarations_are_read() {
        let text = "package com.acme
package cart

import catalog.{Item, Kind => K, Hidden => _}
import com.acme.stock._, com.acme.money.Round
import K.given
import _root_.scala.util.Try

sealed trait Shape { import Shape.inner; def area: Int }
case class Line(item: Item)
case object Empty
object Shape:
  val inner = 1
final class Cart[T](val id: Int) {
  class Nested
}
type Name = String
package object rules {
  def judge = 1
  class Rule { def no = 2 }
}
object Main extends App
";
        let found = lines(&Scala, "src/main/scala/Main.scala", text);
        let names: Vec<&str> = found
            .lines()
            .filter_map(|line| line.strip_prefix("here "))
            .map(|line| line.split("  @").next().unwrap_or(line))
            .collect();
        expect![[r#"
            provides jvm:com.acme.cart.Cart
            provides jvm:com.acme.cart.Empty
            provides jvm:com.acme.cart.Line
            provides jvm:com.acme.cart.Main
            provides jvm:com.acme.cart.Name
            provides jvm:com.acme.cart.Shape
            provides jvm:com.acme.cart.rules.Rule
            provides jvm:com.acme.cart.rules.judge
            provides jvmobject:com.acme.cart.rules
            provides jvmpkg:com.acme.cart
            provides trait:entry-point
            requires jvm(com.acme.cart com.acme)Shape.inner [link.impl]
            requires jvm(com.acme.cart com.acme)_root_.scala.util.Try [link.impl]
            requires jvm(com.acme.cart com.acme)catalog.Item [link.impl]
            requires jvm(com.acme.cart com.acme)catalog.Kind [link.impl]
            requires jvm(com.acme.cart com.acme)catalog.Kind.* [link.impl]
            requires jvm(com.acme.cart com.acme)com.acme.money.Round [link.impl]
            requires jvm(com.acme.cart com.acme)com.acme.stock.* [link.impl]"#]]
        .assert_eq(&names.join("\n"));
    }

    #[test]
    fn packages_in_braces_hold_declarations() {
        let text = "package a {\n  package b {\n    class C { class D }\n    trait E\n  }\n}\n";
        let found = lines(&Scala, "a/C.scala", text);
        assert!(found.contains("jvm:a.b.C ") && found.contains("jvm:a.b.E "));
        assert!(!found.contains("D"), "{found}");
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = lines(&Scala, "a/X.scala", "package a\nimport b.{C, \"open");
        assert!(found.contains("b.C"), "{found}");
        for text in ["import", "import a.{", "package", "object", "{", "}", "'"] {
            lines(&Scala, "a/X.scala", text);
            lines(&Scala, "a/X.scala", text.repeat(20_000));
        }
    }
}
