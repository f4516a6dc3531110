//! Small Go files and what they say of the network.

mod ends;
mod values;

use expect_test::{Expect, expect};

use crate::extract::golang::Code;
use crate::extract::testing::lines;

/// Without what the file belongs to and imports.
fn check(path: &str, text: &str, expected: Expect) {
    let all = lines(&Code, path, text);
    let own: String = all
        .split_inclusive('\n')
        .filter(|line| !line.contains("[link.impl]") && !line.contains("provides gopkg("))
        .collect();
    expected.assert_eq(&own);
}

#[test]
fn what_is_no_use_of_the_network_is_left_alone() {
    check(
        "cart/other.go",
        r#"package cart

import (
	"net/http"

	"acme.example/shop/store"
	"example.com/cache"
)

// http.Get("http://comment")
func f(w http.ResponseWriter, r *http.Request) {
	r.Header.Get("X")
	r.URL.Query().Get("id")
	cache.New().Get("http://key")
	store.NewItemClient("a", "b", "c").Load(nil)
	http.NewRequest("GET", "/relative", nil)
	http.Get("http://example.com/x")
}
"#,
        expect![[""]],
    );
    check(
        "cart/cart_test.go",
        "package cart\n\nimport \"net/http\"\n\nfunc f() { http.Get(\"http://made-up\") }\n",
        expect![[""]],
    );
}

#[test]
fn hostile_files_end_quickly() {
    let deep = format!(
        "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}\"x\"{}) }}",
        "(".repeat(5000),
        ")".repeat(5000)
    );
    lines(&Code, "a.go", deep);
    let sum = format!(
        "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}\"x\") }}",
        "a + ".repeat(20_000)
    );
    lines(&Code, "a.go", sum);
    let chain: String = (0..3000)
        .map(|n| format!("x{} := x{n} + x{n}\n", n + 1))
        .collect();
    lines(
        &Code,
        "a.go",
        format!(
            "package a\nimport \"net/http\"\nfunc f() {{ x0 := \"u\"\n{chain} http.Get(x3000) }}"
        ),
    );
    let many: String = (0..3000)
        .map(|n| {
            format!(
                "func f{n}(u string) {{ f{}(u); http.Get(u) }}\n",
                (n + 1) % 3000
            )
        })
        .collect();
    lines(
        &Code,
        "a.go",
        format!("package a\nimport \"net/http\"\n{many}"),
    );
    let routes: String = (0..3000)
        .map(|n| format!("http.HandleFunc(\"/r{n}\", h)\n"))
        .collect();
    let said = lines(
        &Code,
        "a.go",
        format!("package a\nimport \"net/http\"\nfunc f() {{ {routes} }}"),
    );
    assert!(said.contains("! more than 1024 routes; the rest is not read"));
    for piece in [
        "func (",
        "x.y(&",
        "struct {",
        "map[string]",
        "}",
        "a := b(",
        "\"%[9]s",
    ] {
        lines(
            &Code,
            "a.go",
            format!(
                "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}",
                piece.repeat(10_000)
            ),
        );
    }
}
