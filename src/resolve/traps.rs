//! Facts that look alike and are not, go in circles, or reach across repositories.

use std::fmt::Write;

use expect_test::expect;

use super::situations::{check, resolved};

/// A service `name` at the root of compose.yaml that runs the folder of its name.
fn service(repo: &str, name: &str) -> String {
    format!(
        "{repo}compose.yaml: compose(path:.){name} component service
        {repo}compose.yaml: compose(path:.){name} provides host(compose:.){name}
        {repo}compose.yaml: compose(path:.){name} runs path:{name}
        "
    )
}

#[test]
fn references_that_double_at_each_step_are_too_many_and_end_quickly() {
    let mut text = service("", "a");
    text.push_str("a/app.py: H requires http(http://${env:L0}/x)GET call.http\n");
    for level in 0..14 {
        let next = format!("${{env:L{}}}", level + 1);
        writeln!(
            text,
            "compose.yaml: compose(path:.)a binds env:L{level} = {next}{next}"
        )
        .unwrap();
    }
    check(
        &resolved(&["shop"], &text),
        expect![[r#"
        unresolved a/app.py:1 http(http://${env:L0}/x)GET: too many references
    "#]],
    );
}

#[test]
fn each_place_of_a_name_has_its_own_default() {
    check(
        &resolved(
            &["shop"],
            "
            a/app.py: H requires http(http://${env(path:${env:FILE})HOST|cart}/x)GET call.http
            a/one.env: F binds env:HOST = stock
            compose.yaml: compose(path:.)a component service
            compose.yaml: compose(path:.)a runs path:a
            compose.yaml: compose(path:.)a binds env:FILE = a/one.env when variant one
            compose.yaml: compose(path:.)a binds env:FILE = a/two.env when variant two
            compose.yaml: compose(path:.)a provides host(compose:.)a
            compose.yaml: compose(path:.)cart component service
            compose.yaml: compose(path:.)cart provides host(compose:.)cart
            compose.yaml: compose(path:.)stock component service
            compose.yaml: compose(path:.)stock provides host(compose:.)stock
            ",
        ),
        expect![[r#"
            path:a -> compose:cart call.http GET /x (inferred, 1)
                a/app.py:1 > a/app.py:1 > compose.yaml:7
            path:a -> compose:stock call.http GET /x (observed, 1)
                a/app.py:1 > compose.yaml:3 > a/one.env:1 > compose.yaml:9
        "#]],
    );
}

#[test]
fn equal_names_in_the_manifests_of_two_repositories_are_two_things() {
    let half = |repo: &str, callee: &str| {
        format!(
            "{}{}
            {repo}compose.yaml: compose(path:.)web binds env:CALLEE = {callee}
            {repo}web/app.go: H requires http(http://${{env:CALLEE}}/x)GET call.http
            {repo}{callee}/app.go: H provides trait:entry-point
            ",
            service(repo, "web"),
            service(repo, callee)
        )
    };
    let text = half("one//", "cart") + &half("two//", "stock");
    check(
        &resolved(&["one", "two"], &text),
        expect![[r#"
        path:web@one/web -> path:cart call.http GET /x (observed, 1)
            one/web/app.go:1 > one/compose.yaml:7 > one/compose.yaml:5
        path:web@two/web -> path:stock call.http GET /x (observed, 1)
            two/web/app.go:1 > two/compose.yaml:7 > two/compose.yaml:5
    "#]],
    );
}

#[test]
fn a_library_of_another_repository_is_read_in_the_scopes_of_the_program() {
    let text = service("shop//", "web")
        + "
        shop//compose.yaml: compose(path:.)web binds env:CART = cart
        shop//compose.yaml: compose(path:.)cart component service
        shop//compose.yaml: compose(path:.)cart provides host(compose:.)cart
        shop//web/package.json: H component service
        shop//web/package.json: H requires npm(registry:npm)client link.impl
        lib//package.json: H component library
        lib//package.json: H provides npm(path:)client
        lib//client.ts: H requires http(http://${env:CART}/x)GET call.http
        ";
    check(
        &resolved(&["shop", "lib"], &text),
        expect![[r#"
            path:web -> compose:cart call.http GET /x (observed, 1)
                lib/client.ts:1 > shop/compose.yaml:4 > shop/compose.yaml:6
            path:web -> npm:client link.lib  (observed, 1)
                shop/web/package.json:2 > lib/package.json:2
        "#]],
    );
}

#[test]
fn code_that_runs_under_two_entry_points_is_read_in_both_deployments() {
    check(
        &resolved(
            &["shop"],
            "
            app/call.py: H requires http(http://${env:PEER}/x)GET call.http
            compose.yaml: compose(path:.)web component service
            compose.yaml: compose(path:.)web runs path:app serve
            compose.yaml: compose(path:.)web binds env:PEER = cart
            compose.yaml: compose(path:.)web provides host(compose:.)web
            compose.yaml: compose(path:.)worker component service
            compose.yaml: compose(path:.)worker runs path:app work
            compose.yaml: compose(path:.)worker binds env:PEER = stock
            compose.yaml: compose(path:.)worker provides host(compose:.)worker
            compose.yaml: compose(path:.)cart component service
            compose.yaml: compose(path:.)cart provides host(compose:.)cart
            compose.yaml: compose(path:.)stock component service
            compose.yaml: compose(path:.)stock provides host(compose:.)stock
            ",
        ),
        expect![[r#"
            compose:web -> compose:cart call.http GET /x (observed, 1)
                app/call.py:1 > compose.yaml:3 > compose.yaml:10
            compose:worker -> compose:stock call.http GET /x (observed, 1)
                app/call.py:1 > compose.yaml:7 > compose.yaml:12
        "#]],
    );
}

/// Situation 5: what a role requires, every function that takes the role requires.
#[test]
fn what_is_inherited_is_required_by_each_heir() {
    check(
        &resolved(
            &["shop"],
            "
            infra/main.tf: tf(path:infra)queue component broker
            infra/main.tf: tf(path:infra)queue provides topic:orders
            infra/main.tf: tf(path:infra)role requires topic:orders event.pub
            infra/main.tf: tf(path:infra)fn component job
            infra/main.tf: tf(path:infra)fn runs path:src/fn
            infra/main.tf: tf(path:infra)fn inherits tf(path:infra)role
            infra/main.tf: tf(path:infra)other component job
            infra/main.tf: tf(path:infra)other runs path:src/other
            infra/main.tf: tf(path:infra)other inherits tf(path:infra)role
            src/fn/a.py: H provides trait:entry-point
            src/other/a.py: H provides trait:entry-point
            ",
        ),
        expect![[r#"
            path:src/fn -> tf:queue event.pub orders (observed, 1)
                infra/main.tf:3 > infra/main.tf:2
            path:src/other -> tf:queue event.pub orders (observed, 1)
                infra/main.tf:3 > infra/main.tf:2
        "#]],
    );
}

#[test]
fn names_without_a_pass_of_their_own_are_matched_exactly_or_counted() {
    check(
        &resolved(
            &["shop"],
            "
            a/package.json: H component service
            a/a.ts: H requires topic:orders event.sub
            a/a.ts: H requires topic:gone event.sub
            a/a.ts: H requires topic:${env:TOPIC} event.sub
            a/a.ts: H requires topic:twice event.sub
            b/package.json: H component service
            b/b.ts: H provides topic:orders
            b/b.ts: H provides topic:twice
            c/package.json: H component service
            c/c.ts: H provides topic:twice
            ",
        ),
        expect![[r#"
            path:a -> path:b event.sub orders (observed, 1)
                a/a.ts:1 > b/b.ts:1
            unresolved a/a.ts:2 topic:gone: nothing here offers it
            unresolved a/a.ts:3 topic:${env:TOPIC}: nothing binds env:TOPIC
            unresolved a/a.ts:4 topic:twice: ambiguous: path:b, path:c
        "#]],
    );
}

#[test]
fn a_fact_that_holds_only_with_a_package_is_dropped_without_it() {
    check(
        &resolved(
            &["shop"],
            "
            a/package.json: H component service
            a/package.json: H requires npm(registry:npm)express link.impl
            a/a.ts: H provides topic:orders when uses npm:express
            b/package.json: H component service
            b/b.ts: H provides topic:orders when uses npm:express
            b/b.ts: H provides topic:carts when uses npm:express
            c/package.json: H component service
            c/c.ts: H requires topic:orders event.sub
            c/c.ts: H requires topic:carts event.sub
            package.json: H requires npm(registry:npm)kafka link.impl
            c/c.ts: H requires topic:orders event.pub when uses npm:kafka
            ",
        ),
        expect![[r#"
            path:c -> path:a event.pub orders (observed, 1)
                c/c.ts:3 > a/a.ts:1
            path:c -> path:a event.sub orders (observed, 1)
                c/c.ts:1 > a/a.ts:1
            unresolved c/c.ts:2 topic:carts: nothing here offers it
        "#]],
    );
}

#[test]
fn a_password_that_is_not_known_hides_no_host_and_a_user_is_none() {
    check(
        &resolved(
            &["shop"],
            &(service("", "a")
                + "
            a/a.py: H requires http(http://svc:${env:PASS}@cart/x)GET call.http
            a/a.py: H requires http(cart/redirect?to=http://stock/)GET call.http
            compose.yaml: compose(path:.)cart component service
            compose.yaml: compose(path:.)cart provides host(compose:.)cart
            compose.yaml: compose(path:.)svc component service
            compose.yaml: compose(path:.)svc provides host(compose:.)svc
            compose.yaml: compose(path:.)stock component service
            compose.yaml: compose(path:.)stock provides host(compose:.)stock
            "),
        ),
        expect![[r#"
            path:a -> compose:cart call.http GET /redirect (observed, 1)
                a/a.py:2 > compose.yaml:5
            path:a -> compose:cart call.http GET /x (observed, 1)
                a/a.py:1 > compose.yaml:5
        "#]],
    );
}

/// `db` in one network is not `db` in another, and `localhost` is nobody's name.
#[test]
fn stores_at_hosts_that_nobody_offers_are_not_the_same() {
    let run = |address: &str| {
        resolved(
            &["shop"],
            &format!(
                "
            a/init.sql: H provides table(postgres://{address}/app)order_lines creates
            a/compose.yaml: compose(path:a)a component service
            a/compose.yaml: compose(path:a)a runs path:a
            b/b.py: H requires table(postgres://{address}/app)order_lines data.read read
            b/compose.yaml: compose(path:b)b component service
            b/compose.yaml: compose(path:b)b runs path:b
            "
            ),
        )
    };
    check(
        &run("db:5432"),
        expect![[r#"
            path:b -> path:a data.read order_lines (inferred, 1)
                b/b.py:1 > a/init.sql:1
        "#]],
    );
    check(
        &run("localhost:5432"),
        expect![[r#"
            path:b -> path:a data.read order_lines (inferred, 1)
                b/b.py:1 > a/init.sql:1
        "#]],
    );
    check(
        &run("[::1]:5432"),
        expect![[r#"
            path:b -> path:a data.read order_lines (inferred, 1)
                b/b.py:1 > a/init.sql:1
        "#]],
    );
    check(
        &run("db.acme.example"),
        expect![[r#"
            path:b -> path:a data.read order_lines (observed, 1)
                b/b.py:1 > a/init.sql:1
        "#]],
    );
}

#[test]
fn a_patch_holds_in_its_own_workspace_alone() {
    check(
        &resolved(
            &["shop"],
            "
            Cargo.toml: H provides trait:cargo-workspace
            Cargo.toml: H binds cargo-patch:money = path:money
            a/Cargo.toml: H component library
            a/Cargo.toml: H provides cargo(path:a)a
            a/Cargo.toml: H requires cargo(${cargo-patch:money|registry:crates-io})money link.impl
            money/Cargo.toml: H component library
            money/Cargo.toml: H provides cargo(path:money)money
            tools/Cargo.toml: H provides trait:cargo-workspace
            tools/b/Cargo.toml: H component library
            tools/b/Cargo.toml: H provides cargo(path:tools/b)b
            tools/b/Cargo.toml: H requires cargo(${cargo-patch:money|registry:crates-io})money link.impl
            tools/b/Cargo.toml: H requires cargo(${cargo-workspace:gone})gone link.impl
            ",
        ),
        expect![[r#"
            cargo:a -> cargo:money link.lib  (observed, 1)
                a/Cargo.toml:3 > Cargo.toml:2 > money/Cargo.toml:2
            unresolved tools/b/Cargo.toml:4 cargo(${cargo-workspace:gone})gone: nothing binds cargo-workspace:gone
        "#]],
    );
}

#[test]
fn a_package_that_depends_on_itself_is_no_coupling() {
    check(
        &resolved(
            &["shop"],
            "
            CODEOWNERS: F owns * @acme/all
            CODEOWNERS: F owns /a/tests/ @acme/quality
            a/Cargo.toml: H component library
            a/Cargo.toml: H provides cargo(path:a)a
            a/Cargo.toml: H requires cargo(path:a)a link.impl
            a/Cargo.toml: H binds crate:a = ${cargo(path:a)a}
            a/src/lib.rs: H provides trait:none
            a/tests/t.rs: H requires crate:a::X link.impl
            ",
        ),
        expect![[""]],
    );
}

#[test]
fn circles_end() {
    check(
        &resolved(
            &["shop"],
            "
            a/a.py: H requires http(http://${env:A}/x)GET call.http
            compose.yaml: compose(path:.)a component service
            compose.yaml: compose(path:.)a runs compose(path:.)b
            compose.yaml: compose(path:.)b component service
            compose.yaml: compose(path:.)b runs compose(path:.)a
            compose.yaml: compose(path:.)a inherits compose(path:.)b
            compose.yaml: compose(path:.)b inherits compose(path:.)a
            compose.yaml: compose(path:.)a inherits compose(path:.)a
            compose.yaml: compose(path:.)c component service
            compose.yaml: compose(path:.)c runs path:a
            compose.yaml: compose(path:.)c inherits compose(path:.)a
            compose.yaml: compose(path:.)b binds env:A = ${env:B}
            compose.yaml: compose(path:.)a binds env:B = ${env:A|${env:B}}
            compose.yaml: image:x runs image:x
            compose.yaml: compose(path:.)d component service
            compose.yaml: compose(path:.)d runs image:x
            ",
        ),
        expect![[r#"
            unresolved a/a.py:1 http(http://${env:A}/x)GET: nothing binds env:B
        "#]],
    );
}

/// Long chains must not end on the stack.
#[test]
fn a_long_chain_of_inheritance_is_followed() {
    let mut text = String::from(
        "compose.yaml: compose(path:.)n0 component service
        compose.yaml: compose(path:.)n0 runs path:a
        compose.yaml: compose(path:.)n0 provides host(compose:.)n0
        compose.yaml: compose(path:.)n20000 binds env:A = n0
        a/a.py: H requires http(http://${env:A}/x)GET call.http
        ",
    );
    for number in 0..20_000 {
        let next = number + 1;
        writeln!(
            text,
            "compose.yaml: compose(path:.)n{number} inherits compose(path:.)n{next}"
        )
        .unwrap();
    }
    assert_eq!(resolved(&["shop"], &text).unresolved, []);
}

#[test]
fn equal_ids_become_different_ones() {
    let shop = resolved(
        &["shop"],
        "
        k8s.yaml: k8s(one)deploy/web component service
        k8s.yaml: k8s(two)deploy/web component service
        ",
    );
    let ids: Vec<&str> = shop.components.iter().map(|one| &*one.id).collect();
    assert_eq!(
        ids,
        ["k8s:web@k8s.yaml", "k8s:web@k8s.yaml-2", "repository:shop"]
    );
}
