//! Which package does a Kotlin file belong to, what does it import, and what does it declare at its top?
//!
//! Source: <https://kotlinlang.org/spec/packages-and-imports.html>

use std::ops::Range;

use super::names::{Names, Reader, stem};
use crate::extract::tokens::{Dialect, Kind, Token};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads packages, imports and declarations.
#[derive(Debug)]
pub(in crate::extract) struct Kotlin;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("jvm/kotlin"),
    summary: "Packages, imports and top-level declarations of Kotlin files",
    globs: &["**/*.kt"],
    markers: &[],
    languages: &[Language::Kotlin],
    ownership: false,
};

impl Extractor for Kotlin {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let mut names = Names::of(file, Dialect::Kotlin, facts);
        let mut reader = Reader::new(file.bytes, Dialect::Kotlin);
        let mut top = Top::default();
        while let Some(token) = reader.next() {
            top.token(token, &mut reader, &mut names, stem(file));
        }
        // Functions and properties belong to a class of the file, which Java imports.
        if let Some(bytes) = top.facade {
            let class = top.class.unwrap_or_else(|| format!("{}Kt", stem(file)));
            names.declare(&class, bytes);
        }
        names.state(reader, facts);
    }
}

/// Reads what stands outside of all brackets.
#[derive(Default)]
struct Top {
    depth: usize,
    last: Option<Kind>,
    /// The class of the functions and properties, when `@file:JvmName` says it.
    class: Option<String>,
    /// The first function or property.
    facade: Option<Range<usize>>,
}

impl Top {
    fn token(&mut self, token: Token, reader: &mut Reader<'_>, names: &mut Names, stem: &str) {
        let last = self.last.replace(token.kind);
        let word = match token.kind {
            Kind::Sign(b'{' | b'(' | b'[') => {
                self.depth += 1;
                return;
            }
            Kind::Sign(b'}' | b')' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                return;
            }
            Kind::Word => reader.word(token),
            _ => return,
        };
        if word == "JvmName" && names.package.is_none() && reader.take(b'(') {
            if let Some(next) = reader.peek().filter(|next| next.kind == Kind::Text) {
                self.class = Some(reader.word(next).trim_matches('"').to_owned());
            }
            self.depth += 1;
            return;
        }
        // `Cart::class` is a value, `x.value` a member.
        if self.depth > 0 || matches!(last, Some(Kind::Sign(b':' | b'.'))) {
            names.uses(word);
            return;
        }
        match word {
            "package" if names.package.is_none() => {
                if let Some(found) = reader.dotted() {
                    names.package = Some((found.name, found.bytes));
                }
            }
            "import" => {
                if let Some(found) = reader.dotted() {
                    names.import(&found.name, found.all, found.bytes);
                    if reader.peek().is_some_and(|next| reader.word(next) == "as") {
                        reader.next();
                        reader.take_word();
                    }
                }
            }
            "class" | "interface" | "object" | "typealias" => {
                if let Some(next) = reader.peek()
                    && next.kind == Kind::Word
                {
                    let (name, bytes) = (reader.word(next), next.bytes());
                    // `companion object` has no place here; `object : Type` is a value.
                    names.declare(name, bytes);
                    reader.next();
                    self.last = Some(Kind::Word);
                }
            }
            "fun" | "val" | "var" => {
                if let Some((name, bytes)) = self.member(reader, names) {
                    if name == "main" && word == "fun" {
                        names.main(stem, bytes.clone());
                    }
                    names.declare(name, bytes.clone());
                    self.facade.get_or_insert(bytes);
                }
            }
            word => names.uses(word),
        }
    }

    /// The name of a function or property: the last word before its parameters, behind its receiver.
    fn member<'t>(
        &mut self,
        reader: &mut Reader<'t>,
        names: &mut Names,
    ) -> Option<(&'t str, Range<usize>)> {
        let mut name = None;
        let mut angles = 0usize;
        let mut brackets = 0usize;
        while let Some(next) = reader.peek() {
            let outside = angles == 0 && brackets == 0;
            match next.kind {
                // `fun interface Shape`
                Kind::Word if outside && reader.word(next) == "interface" && name.is_none() => {
                    return None;
                }
                Kind::Word if outside && next.fresh && name.is_some() => break,
                Kind::Word if outside => {
                    if name.is_some() && matches!(reader.word(next), "by" | "get" | "set" | "where")
                    {
                        break;
                    }
                    if let Some((receiver, _)) = name.replace((reader.word(next), next.bytes())) {
                        names.uses(receiver);
                    }
                }
                Kind::Word => names.uses(reader.word(next)),
                Kind::Sign(b'<') => angles += 1,
                Kind::Sign(b'>') => angles = angles.saturating_sub(1),
                // The parameters of a function, or a receiver that is a type of functions.
                Kind::Sign(b'(') if outside && name.is_some() => break,
                Kind::Sign(b'(') => brackets += 1,
                Kind::Sign(b')') if brackets == 0 => break,
                Kind::Sign(b')') => brackets -= 1,
                Kind::Sign(b'.' | b'?' | b'@' | b'*' | b',' | b'-' | b'&') => {}
                Kind::Sign(b':') if !outside => {}
                _ if outside => break,
                _ => {}
            }
            reader.next();
            self.last = Some(next.kind);
        }
        // `fun <T> (…)`, a function without a name, has none.
        name
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn the_head_and_the_declarations_are_read() {
        let text = "@file:JvmName(\"Carts\")
@file:Suppress(\"x\")
package com.acme.`in`.cart

import com.acme.catalog.Item as Thing
import com.acme.stock.level
import com.acme.money.*
import org.junit.Test; import a.B

typealias Name = String
data class Line(val item: Thing, val f: () -> Unit)
sealed interface Shape
fun interface Rule { fun judge() }
object Registry
internal suspend fun <T : Any> List<T>.second(other: T): T = this[1]
fun Map<String, List<Int>>.total() = object : Shape { val inner = 1 }
fun (() -> Unit).twice() { fun local() {} }
val Line.price: Int get() = 1
private val cache by lazy { Line::class }
var a = 1
val kind = Line::class
const val RATE = 3
val <T> List<T>.mid: T
    get() = this[0]
";
        let found = lines(&Kotlin, "src/main/kotlin/Cart.kt", text);
        let names: Vec<&str> = found
            .lines()
            .filter_map(|line| line.strip_prefix("here "))
            .map(|line| line.split("  @").next().unwrap_or(line))
            .collect();
        expect![[r#"
            provides jvm:com.acme.in.cart.Carts
            provides jvm:com.acme.in.cart.Line
            provides jvm:com.acme.in.cart.Name
            provides jvm:com.acme.in.cart.RATE
            provides jvm:com.acme.in.cart.Registry
            provides jvm:com.acme.in.cart.Rule
            provides jvm:com.acme.in.cart.Shape
            provides jvm:com.acme.in.cart.a
            provides jvm:com.acme.in.cart.cache
            provides jvm:com.acme.in.cart.kind
            provides jvm:com.acme.in.cart.mid
            provides jvm:com.acme.in.cart.price
            provides jvm:com.acme.in.cart.second
            provides jvm:com.acme.in.cart.total
            provides jvm:com.acme.in.cart.twice
            provides jvmpkg:com.acme.in.cart
            requires jvm:a.B [link.impl]
            requires jvm:com.acme.catalog.Item [link.impl]
            requires jvm:com.acme.money.* [link.impl]
            requires jvm:com.acme.stock.level [link.impl]
            requires jvm:org.junit.Test [link.impl]"#]]
        .assert_eq(&names.join("\n"));
    }

    #[test]
    fn a_file_with_functions_is_a_class_for_java() {
        let found = lines(&Kotlin, "a/Math.kt", "package a\nfun one() = 1");
        assert!(found.contains("jvm:a.MathKt"), "{found}");
        let found = lines(&Kotlin, "a/Main.kt", "package a\nfun main() {}");
        assert!(found.contains("trait:entry-point"), "{found}");
        let found = lines(&Kotlin, "a/Line.kt", "package a\nclass Line");
        assert!(!found.contains("LineKt"), "{found}");
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = lines(
            &Kotlin,
            "a/X.kt",
            "package a\nimport b.C\nclass X { fun ( \"open",
        );
        assert!(found.contains("jvm:b.C"), "{found}");
        for text in ["fun", "val", "import", "fun <", "fun (", "@file:JvmName("] {
            lines(&Kotlin, "a/X.kt", text);
            lines(&Kotlin, "a/X.kt", text.repeat(20_000));
        }
    }
}
