//! Which package does a Java file belong to, what does it import, and which types does it declare?
//!
//! Source: <https://docs.oracle.com/javase/specs/jls/se21/html/jls-7.html>

use super::names::{Names, Reader, stem};
use crate::extract::tokens::{Dialect, Kind};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads packages, imports and types.
#[derive(Debug)]
pub(in crate::extract) struct Java;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("jvm/java"),
    summary: "Packages, imports and types of Java files",
    globs: &["**/*.java"],
    markers: &[],
    languages: &[Language::Java],
    ownership: false,
};

impl Extractor for Java {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let mut names = Names::of(file, Dialect::Java, facts);
        let mut reader = Reader::new(file.bytes, Dialect::Java);
        // Brackets of all kinds: types are declared outside of them.
        let mut depth = 0usize;
        let mut last = "";
        while let Some(token) = reader.next() {
            let word = match token.kind {
                Kind::Sign(b'{' | b'(' | b'[') => {
                    depth += 1;
                    continue;
                }
                Kind::Sign(b'}' | b')' | b']') => {
                    depth = depth.saturating_sub(1);
                    continue;
                }
                Kind::Word => reader.word(token),
                _ => continue,
            };
            match word {
                "package" if depth == 0 && names.package.is_none() => {
                    if let Some(found) = reader.dotted() {
                        names.package = Some((found.name, found.bytes));
                    }
                }
                "import" if depth == 0 => import(&mut reader, &mut names),
                "class" | "interface" | "enum" | "record" if depth == 0 => {
                    if let Some((name, bytes)) = reader.take_word() {
                        names.declare(name, bytes);
                    }
                }
                "main"
                    if depth == 1
                        && last == "void"
                        && reader.peek().is_some_and(|token| token.is(b'(')) =>
                {
                    names.main(stem(file), token.bytes());
                }
                word if word.starts_with(|c: char| c.is_uppercase()) => names.uses(word),
                _ => {}
            }
            last = word;
        }
        names.state(reader, facts);
    }
}

fn import(reader: &mut Reader<'_>, names: &mut Names) {
    let Some(found) = reader.dotted() else {
        return;
    };
    // `import static a.B.c;`, and `import module a.b;`, which names no package.
    let found = match found.name.as_str() {
        "static" => match reader.dotted() {
            Some(found) => found,
            None => return,
        },
        "module" if !reader.peek().is_some_and(|token| token.is(b';')) => return,
        _ => found,
    };
    names.import(&found.name, found.all, found.bytes);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn the_head_and_the_types_are_read() {
        let text = "/* package not.this; */
package com.acme.cart;

import com.acme.catalog.Item;
import com . acme . stock . Level ;
import static com.acme.money.Round.up;
import java.util.*;
import module java.base;

@Deprecated(since = \"import x.y.Z;\")
public final class Cart { class Inner { Level level; enum Kind { A } } Class<?> c = Cart.class; }
record Line(Item item) {}
@interface Mark {}
sealed interface Shape permits Cart {}
";
        expect![[r#"
            file binds jvm-used:* = A Cart Class Deprecated Inner Item Kind Level  @ "java.util.*"
            here provides jvm:com.acme.cart.Cart  @ "Cart"
            here provides jvm:com.acme.cart.Line  @ "Line"
            here provides jvm:com.acme.cart.Mark  @ "Mark"
            here provides jvm:com.acme.cart.Shape  @ "Shape"
            here provides jvmpkg:com.acme.cart  @ "com.acme.cart"
            here requires jvm:com.acme.catalog.Item [link.impl]  @ "com.acme.catalog.Item"
            here requires jvm:com.acme.money.Round.up [link.impl]  @ "com.acme.money.Round.up"
            here requires jvm:com.acme.stock.Level [link.impl]  @ "com . acme . stock . Level"
            here requires jvm:java.util.* [link.impl]  @ "java.util.*"
        "#]]
        .assert_eq(&lines(&Java, "src/main/java/com/acme/cart/Cart.java", text));
    }

    #[test]
    fn a_main_is_a_program_where_the_file_says_so() {
        let text = "package a; class X { public static void main(String[] args) {} }";
        assert!(lines(&Java, "a/ShopApplication.java", text).contains("trait:entry-point"));
        assert!(!lines(&Java, "a/Dump.java", text).contains("trait:entry-point"));
        let other = "package a; class X { void f() { main(); } }";
        assert!(!lines(&Java, "a/Main.java", other).contains("trait:entry-point"));
    }

    #[test]
    fn a_comment_that_allows_keeps_its_import_apart() {
        let text = "package a;
import b.C; // twopizza: allow direct-link -- soon gone
import b.D;
";
        let found = lines(&Java, "a/X.java", text);
        assert!(found.contains("allow:direct-link = soon gone"), "{found}");
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = lines(&Java, "a/X.java", "package a; import b.C; class X { \"open");
        assert!(found.contains("jvm:b.C"), "{found}");
        assert_eq!(lines(&Java, "a/X.java", "import"), "");
        assert_eq!(lines(&Java, "a/X.java", b"\xff import ."), "");
    }
}
