//! Calls, events and connections, from hand-made facts to dependencies.

use expect_test::expect;

use super::situations::{check, resolved};

const SHOP: &str = "
    cart/main.go: H provides trait:entry-point
    compose.yaml: compose(path:.)cart component service
    compose.yaml: compose(path:.)cart provides host(compose:.)cart
    compose.yaml: compose(path:.)cart provides port:8081
    compose.yaml: compose(path:.)cart runs path:cart
    compose.yaml: compose(path:.)web component service
    compose.yaml: compose(path:.)web runs path:web
    compose.yaml: compose(path:.)db component datastore
    compose.yaml: compose(path:.)db provides host(compose:.)db
    compose.yaml: compose(path:.)db provides trait:engine/postgres
    compose.yaml: compose(path:.)queue component broker
    compose.yaml: compose(path:.)queue provides host(compose:.)queue
    compose.yaml: compose(path:.)queue provides trait:engine/kafka
";

fn shop(lines: &str) -> String {
    format!("{SHOP}{lines}")
}

#[test]
fn names_of_registries_ignore_case_and_ports_of_the_machine_are_a_guess() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                price/app.yml: H component service
                price/app.yml: H provides discovery:price-service
                web/a.ts: H requires http(http://PRICE-SERVICE/items)GET call.http
                web/b.ts: H requires http(http://localhost:8081/items)GET call.http
                web/c.ts: H requires http(http://localhost:9999/items)GET call.http
                web/d.ts: H requires http(https://api.example.org/items)GET call.http
                web/e.ts: H requires http(http://web/items)GET call.http
                ",
            ),
        ),
        expect![[r#"
            path:web -> path:cart call.http GET /items (inferred, 1)
                web/b.ts:1 > compose.yaml:3
            path:web -> path:price call.http GET /items (observed, 1)
                web/a.ts:1 > price/app.yml:2
            unresolved web/c.ts:1 http(http://localhost:9999/items)GET: nothing here offers it
        "#]],
    );
}

#[test]
fn a_remote_service_is_found_by_its_name_without_the_package() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/server.go: H provides grpc:acme.v1.CartService
                web/a.ts: H requires grpc(${env:CART_ADDR})CartService/Get call.grpc
                web/b.ts: H requires grpc(${env:CART_ADDR})acme.v2.CartService/Get call.grpc
                ",
            ),
        ),
        expect![[r#"
            path:web -> path:cart call.grpc CartService/Get (inferred, 1)
                web/a.ts:1 > cart/server.go:1
            unresolved web/b.ts:1 grpc(${env:CART_ADDR})acme.v2.CartService/Get: nothing binds env:CART_ADDR
        "#]],
    );
}

#[test]
fn a_topic_joins_who_listens_with_who_publishes() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/pub.go: H requires topic(${env:KAFKA|queue:9092})orders event.pub write
                cart/sub.go: H requires topic(${broker:nats})ticks event.sub read
                web/sub.ts: H requires topic(${broker:kafka})orders event.sub read
                web/any.ts: H requires topic(${broker:kafka}) event.pub write
                ",
            ),
        ),
        expect![[r#"
            path:cart -> broker:nats event.sub ticks (inferred, 1)
                cart/sub.go:1
            path:cart -> compose:queue event.pub orders (inferred, 1)
                cart/pub.go:1 > cart/pub.go:1 > compose.yaml:11
            path:web -> compose:queue event.pub  (inferred, 1)
                web/any.ts:1 > compose.yaml:12
            path:web -> compose:queue event.sub orders (inferred, 1)
                web/sub.ts:1 > compose.yaml:12
            path:web -> path:cart event.sub orders (inferred, 1)
                web/sub.ts:1 > cart/pub.go:1
        "#]],
    );
}

#[test]
fn a_connection_leads_to_the_store_or_to_the_only_one_of_its_engine() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/db.go: H requires store(postgres://u:p@db:5432/cart) data.use write
                web/db.ts: H requires store(${env:DATABASE_URL})postgres data.use write
                web/redis.ts: H requires store(${env:REDIS_URL})redis data.use write
                web/far.ts: H requires store(Host=db.example.org;Database=x) data.use write
                ",
            ),
        ),
        expect![[r#"
            path:cart -> compose:db data.use  (observed, 1)
                cart/db.go:1 > compose.yaml:8
            path:web -> compose:db data.use  (inferred, 1)
                web/db.ts:1 > compose.yaml:9
            path:web -> store:db.example.org data.use  (inferred, 1)
                web/far.ts:1
            unresolved web/redis.ts:1 store(${env:REDIS_URL})redis: nothing binds env:REDIS_URL
        "#]],
    );
}

#[test]
fn names_of_code_are_followed_through_imports_and_stay_in_their_program() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                compose.yaml: compose(path:.)admin component service
                compose.yaml: compose(path:.)admin runs path:admin
                admin/app.js: H provides js(path:admin/app.js)
                admin/app.js: H requires js(path:admin)../lib/get link.impl
                admin/app.js: H binds slot(path:lib/get.js)get#0 = http://queue/x
                lib/get.js: H provides js(path:lib/get.js)
                lib/get.js: H requires http(${slot(path:lib/get.js)get#0})GET call.http
                web/app.js: H provides js(path:web/app.js)
                web/app.js: H requires js(path:web)../lib/get link.impl
                web/app.js: H requires js(path:web)./config link.impl
                web/app.js: H binds slot(path:lib/get.js)get#0 = http://${slot(${js(path:web)./config})HOST}/items
                web/config.js: H provides js(path:web/config.js)
                web/config.js: H binds slot(path:web/config.js)HOST = ${env:CART|cart}
                ",
            ),
        ),
        expect![[r#"
            path:admin -> compose:queue call.http GET /x (observed, 1)
                lib/get.js:2 > admin/app.js:3 > compose.yaml:11
            path:admin -> path:lib link.splice  (observed, 1)
                admin/app.js:2
            path:web -> path:cart call.http GET /items (inferred, 1)
                lib/get.js:2 > web/app.js:4 > web/config.js:2 > web/config.js:2 > compose.yaml:2
            path:web -> path:lib link.splice  (observed, 1)
                web/app.js:2
        "#]],
    );
}

#[test]
fn programs_that_share_one_code_are_told_apart_by_what_they_start() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                all/go.mod: H component service
                all/go.mod: H provides gomod(path:all)acme.example/all
                all/cmd/bill/main.go: H provides trait:entry-point
                all/cmd/bill/main.go: H provides gopkg(path:all/cmd/bill)
                all/cmd/bill/main.go: H requires gopkg:acme.example/all/calls link.impl
                all/cmd/mail/main.go: H provides trait:entry-point
                all/cmd/mail/main.go: H provides gopkg(path:all/cmd/mail)
                all/cmd/mail/main.go: H requires http(http://db/x)GET call.http
                all/calls/calls.go: H provides gopkg(path:all/calls)
                all/calls/calls.go: H requires http(http://cart/items)GET call.http
                compose.yaml: compose(path:.)billing component service
                compose.yaml: compose(path:.)billing runs path:all /app/bill
                compose.yaml: compose(path:.)mailing component service
                compose.yaml: compose(path:.)mailing runs path:all /app/mail
                ",
            ),
        ),
        expect![[r#"
            compose:billing -> path:cart call.http GET /items (observed, 1)
                all/calls/calls.go:2 > compose.yaml:2
            compose:mailing -> compose:db call.http GET /x (observed, 1)
                all/cmd/mail/main.go:3 > compose.yaml:8
            gopkg:acme.example/all/cmd/bill -> gopkg:acme.example/all/calls link.lib  (observed, 1)
                all/cmd/bill/main.go:3 > all/calls/calls.go:1
        "#]],
    );
}

#[test]
fn a_gateway_leads_on_to_the_service_behind() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                compose.yaml: compose(path:.)front component gateway
                compose.yaml: compose(path:.)front provides host(compose:.)front
                compose.yaml: compose(path:.)front runs path:front
                compose.yaml: compose(path:.)front binds env:CART = cart
                front/nginx.conf: H binds route:/api/cart/* = http://${env:CART}:80/*
                front/nginx.conf: H binds route:/* = http://web/*
                front/nginx.conf: H requires http(http://${env:CART}:80/*)ANY call.route
                web/a.ts: H requires http(http://front/api/cart/items/7)GET call.http
                ",
            ),
        ),
        expect![[r#"
            path:front -> path:cart call.route ANY /* (observed, 1)
                front/nginx.conf:3 > compose.yaml:16 > compose.yaml:2
            path:web -> path:cart call.http GET /items/7 (inferred, 1)
                web/a.ts:1 > compose.yaml:14 > front/nginx.conf:1 > compose.yaml:16 > compose.yaml:2
            path:web -> path:front call.http GET /api/cart/items/7 (observed, 1)
                web/a.ts:1 > compose.yaml:14
        "#]],
    );
}

#[test]
fn an_operation_that_one_component_serves_tells_whom_an_unknown_address_means() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/main.go: H provides http:GET_/carts/{}/items
                cart/main.go: H provides http:GET_/health
                web/a.ts: H requires http(${env:CARTS}/carts/{}/items)GET call.http
                web/b.ts: H requires http(${env:CARTS}/health)GET call.http
                web/c.ts: H requires http(http://gone/carts/{}/items)GET call.http
                ",
            ),
        ),
        expect![[r#"
            path:web -> path:cart call.http GET /carts/{}/items (inferred, 1)
                web/a.ts:1 > cart/main.go:2
            unresolved web/b.ts:1 http(${env:CARTS}/health)GET: nothing binds env:CARTS
            unresolved web/c.ts:1 http(http://gone/carts/{}/items)GET: nothing here offers it
        "#]],
    );
}

#[test]
fn a_topic_that_everybody_uses_joins_nobody_and_is_counted() {
    let mut lines = String::new();
    for number in 0..17 {
        use std::fmt::Write;
        let verbs = [("pub", "event.pub write"), ("sub", "event.sub read")];
        for (name, kind) in verbs {
            writeln!(lines, "{name}{number}/a.ts: H component service").unwrap();
            writeln!(
                lines,
                "{name}{number}/a.ts: H requires topic(${{broker:kafka}})all {kind}"
            )
            .unwrap();
        }
    }
    let found = resolved(&["shop"], &shop(&lines));
    let joins = |one: &&crate::model::Dependency| {
        let to = &found.components[one.to.component.0 as usize];
        to.kind == crate::model::ComponentKind::Service
    };
    assert_eq!(found.dependencies.iter().filter(joins).count(), 0);
    assert_eq!(found.dependencies.len(), 34);
    assert_eq!(found.unresolved.len(), 17);
}

#[test]
fn what_nobody_deploys_answers_under_no_name_and_runs_no_engine() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                web/compose.yaml: compose(path:web)gone provides host(compose:.)gone
                web/compose.yaml: compose(path:web)gone provides trait:engine/redis
                cart/a.ts: H requires http(http://gone/items)GET call.http
                cart/b.ts: H requires store(${env:REDIS_URL})redis data.use write
                ",
            ),
        ),
        expect![[r#"
            unresolved cart/a.ts:1 http(http://gone/items)GET: nothing here offers it
            unresolved cart/b.ts:1 store(${env:REDIS_URL})redis: nothing binds env:REDIS_URL
        "#]],
    );
}

#[test]
fn a_deployment_runs_the_program_whose_name_it_starts() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                a/pay/CMakeLists.txt: H component library
                a/pay/CMakeLists.txt: cmake-target(path:a/pay)Pay provides program:Pay
                a/pay/main.cc: H requires http(http://cart/items)GET call.http
                a/bill/CMakeLists.txt: H component library
                a/bill/CMakeLists.txt: cmake-target(path:a/bill)Bill provides program:Bill
                a/bill/main.cc: H requires http(http://cart/bills)GET call.http
                b/bill/CMakeLists.txt: H component library
                b/bill/CMakeLists.txt: cmake-target(path:b/bill)Bill provides program:Bill
                b/bill/main.cc: H requires http(http://db/x)GET call.http
                a/deploy/compose.yaml: compose(path:a/deploy)bill-service component service
                a/deploy/compose.yaml: compose(path:a/deploy)bill-service provides host(compose:a/deploy)bill
                a/deploy/compose.yaml: compose(path:a/deploy)bill-service runs image:acme/all Bill
                a/deploy/compose.yaml: compose(path:a/deploy)bill-service runs program:Bill
                a/deploy/compose.yaml: compose(path:a/deploy)pay-service component service
                a/deploy/compose.yaml: compose(path:a/deploy)pay-service runs image:acme/all Pay
                a/deploy/compose.yaml: compose(path:a/deploy)pay-service runs program:Pay
                a/pay/more.cc: H requires http(http://bill/x)GET call.http
                compose.yaml: compose(path:.)billing component service
                compose.yaml: compose(path:.)billing runs image:acme/all Bill
                compose.yaml: compose(path:.)billing runs program:Bill
                compose.yaml: compose(path:.)watch component service
                compose.yaml: compose(path:.)watch runs image:acme/all server
                compose.yaml: compose(path:.)watch runs program:server
                ",
            ),
        ),
        expect![[r#"
            path:a/bill -> path:cart call.http GET /bills (inferred, 1)
                a/bill/main.cc:1 > compose.yaml:2
            path:a/pay -> path:a/bill call.http GET /x (observed, 1)
                a/pay/more.cc:1 > a/deploy/compose.yaml:2
            path:a/pay -> path:cart call.http GET /items (inferred, 1)
                a/pay/main.cc:1 > compose.yaml:2
            path:b/bill -> compose:db call.http GET /x (inferred, 1)
                b/bill/main.cc:1 > compose.yaml:8
            unresolved compose.yaml:15 program:Bill: ambiguous: a/bill, b/bill
        "#]],
    );
}
