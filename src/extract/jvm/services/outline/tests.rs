//! Tests of what files of Java and Kotlin declare.

use std::fmt::Write;

use expect_test::expect;

use super::*;
use crate::extract::tokens::Dialect;

fn outline(text: &str, dialect: Dialect) -> String {
    let outline = read(&Source::new(text.as_bytes(), dialect));
    let mut out = String::new();
    let names = |list: &[Annotation]| {
        let names: Vec<String> = list.iter().map(|one| format!("@{} ", one.name)).collect();
        names.concat()
    };
    let variables = |list: &[Variable]| {
        let names: Vec<String> = list
            .iter()
            .map(|one| format!("{}{}: {}", names(&one.annotations), one.name, one.ty))
            .collect();
        names.join(", ")
    };
    for class in &outline.classes {
        writeln!(
            out,
            "{}{} {:?} ({})",
            names(&class.annotations),
            class.full,
            class.supers,
            variables(&class.params)
        )
        .unwrap();
        writeln!(out, "  fields: {}.", variables(&class.fields)).unwrap();
        for method in &class.methods {
            let (name, ty) = (&method.name, &method.ty);
            let params = variables(&method.params);
            writeln!(
                out,
                "  {}{name}({params}): {ty}",
                names(&method.annotations)
            )
            .unwrap();
        }
    }
    out
}

#[test]
fn classes_of_java_are_read() {
    let text = r#"
package com.acme;
import static com.acme.Topics.ORDERS;
import java.util.*;
@RestController @RequestMapping(path = {"/a", "/b"})
public class Cart<T> extends Base<T> implements A.B, C {
  private static final Map<String, List<Integer>> M = Map.of("a", 1), N;
  @Value("${x}") private String url;
  int[] n;
  static { init(); }
  public Cart(@Value("${y}") String host, final RestTemplate rest) throws X { this.host = host; }
  @GetMapping("/{id}") public ResponseEntity<Item> get(@PathVariable long id) { return null; }
  abstract <K> void none();
  enum Kind { A("x") { void f() {} }, B; String text() { return ""; } }
  record Line(@NotNull String name, int count) { }
  @interface Mark { String value() default "x"; }
}
interface Api { @GET("x") Call<Item> get(); }
"#;
    expect![[r#"
            com.acme [] ()
              fields: .
            @RestController @RequestMapping com.acme.Cart ["Base", "A.B", "C"] ()
              fields: M: Map, N: , @Value url: String, n: int.
              <init>(): 
              Cart(@Value host: String, rest: RestTemplate): public
              @GetMapping get(@PathVariable id: long): ResponseEntity
              none(): void
            com.acme.Api [] ()
              fields: .
              @GET get(): Call
            com.acme.Cart.Kind [] ()
              fields: .
              text(): String
            com.acme.Cart.Line [] (@NotNull name: String, count: int)
              fields: .
            com.acme.Cart.Mark [] ()
              fields: .
              value(): String
        "#]]
    .assert_eq(&outline(text, Dialect::Java));
}

#[test]
fn classes_of_kotlin_are_read() {
    let text = r#"
package com.acme
import com.acme.shared.TOPIC as T
const val HOST = "cart"
@FeignClient(name = "cart")
interface CartClient { @GetMapping("/x") fun items(@RequestParam q: String): List<Item> }
class Cart(
    @Value("\${cart.url}") private val url: String,
    val rest: RestTemplate = RestTemplate(),
) : Base(url), Api {
    private val base = "http://" +
        HOST
    val full: String get() = base
    fun get(id: Long): Item =
        rest.getForObject("$base/$id")
    companion object { const val TOPIC = "orders" }
}
data class Line(val n: Int)
fun main() { run() }
"#;
    expect![[r#"
            com.acme [] ()
              fields: HOST: .
              main(): 
            @FeignClient com.acme.CartClient [] ()
              fields: .
              @GetMapping items(@RequestParam q: String): List
            com.acme.Cart ["Base", "Api"] (@Value url: String, rest: RestTemplate)
              fields: base: , full: String.
              get(id: Long): Item
            com.acme.Line [] (n: Int)
              fields: .
            com.acme.Cart [] ()
              fields: TOPIC: .
        "#]]
    .assert_eq(&outline(text, Dialect::Kotlin));
}

#[test]
fn hostile_texts_end() {
    for piece in [
        "class A { ",
        "@A(",
        "fun a(",
        "val x = ",
        "<",
        "class ",
        "}",
        "a(b) ",
        "=",
    ] {
        for dialect in [Dialect::Java, Dialect::Kotlin] {
            let text = piece.repeat(20_000);
            read(&Source::new(text.as_bytes(), dialect));
        }
    }
}
