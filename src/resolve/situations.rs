//! Real situations walked from hand-made facts to dependencies, before their extractors exist.
//!
//! A line is `path: subject verb …`; `H` is the enclosing unit, `F` the file, anything else a key.

use std::collections::BTreeMap;
use std::fmt::Write;

use expect_test::{Expect, expect};

use super::{Input, resolve};
use crate::config::Config;
use crate::model::{
    Access, Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, Dialect,
    ExtractorId, Fact, FileClass, FileInfo, FileRow, FileTable, Key, Language, Mode, Offer, Owner,
    OwnershipSource, RepoId, RepoPath, Resolved, Selector, Span, Strength, Subject, Template,
};

const SPACES: &[&str] = &[
    "broker",
    "cargo",
    "cargo-patch",
    "cargo-workspace",
    "cmake-target",
    "compose",
    "crate",
    "csharpns",
    "datasource",
    "discovery",
    "dockerfile",
    "env",
    "file",
    "go",
    "gomod",
    "gopkg",
    "grpc",
    "host",
    "http",
    "image",
    "js",
    "k8s",
    "k8sns",
    "maven",
    "npm",
    "path",
    "platform",
    "port",
    "program",
    "property",
    "route",
    "rpc",
    "secret",
    "slot",
    "store",
    "table",
    "tf",
    "topic",
    "trait",
    "values",
];

/// Resolves the facts of one or more repositories (`repo//path: …` when there are several).
pub(super) fn resolved(repos: &[&str], text: &str) -> Resolved {
    let lines: Vec<(RepoPath, &str)> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (path, rest) = line.split_once(": ").expect("a path, then a colon");
            match path.split_once("//") {
                Some((repo, path)) => {
                    let repo = repos.iter().position(|name| *name == repo).unwrap();
                    (RepoPath::new(RepoId(repo as u16), path), rest)
                }
                None => (RepoPath::new(RepoId(0), path), rest),
            }
        })
        .collect();
    let rows = lines.iter().map(|(path, _)| FileRow {
        path: path.clone(),
        mode: Mode::File,
        class: FileClass {
            language: Language::Go,
            ..FileClass::default()
        },
        info: FileInfo::default(),
    });
    let names = repos.iter().map(|name| (*name).to_owned()).collect();
    let files = FileTable::new(names, rows.collect());
    let mut number: BTreeMap<&RepoPath, u32> = BTreeMap::new();
    let mut facts: Vec<Fact> = lines
        .iter()
        .map(|(path, rest)| {
            let line = number.entry(path).or_default();
            *line += 1;
            let file = files.find(path.repo, &path.path).unwrap();
            fact(
                rest,
                Span {
                    file,
                    start: *line,
                    end: *line,
                },
            )
        })
        .collect();
    facts.sort_by_key(|fact| fact.span);
    let config = Config::default();
    let input = Input {
        files,
        facts,
        config: &config,
        config_file: None,
        keep_links: false,
    };
    resolve(input).0
}

fn fact(text: &str, span: Span) -> Fact {
    let (text, when) = match text.split_once(" when ") {
        Some((text, when)) => (text, Some(when)),
        None => (text, None),
    };
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let mut word = || words.next().unwrap_or_default();
    // A blank in a name is written `_` behind the verb of an operation.
    let key = |text: &str| {
        let text = text.replace("GET_/", "GET /");
        Key::parse(&text, SPACES).unwrap_or_else(|| panic!("no key: {text}"))
    };
    let template =
        |text: &str| Template::parse(text, SPACES).unwrap_or_else(|| panic!("no text: {text}"));
    let subject = match word() {
        "H" => Subject::Here,
        "F" => Subject::File,
        named => Subject::Named(key(named)),
    };
    let claim = match word() {
        "component" => Claim::Component {
            kind: ComponentKind::parse(word()).unwrap(),
            name: None,
        },
        "provides" => Claim::Provides {
            key: key(word()),
            how: match word() {
                "creates" => Offer::Creates,
                "maps" => Offer::Maps,
                "declares" => Offer::Declares,
                _ => Offer::Implements,
            },
        },
        "requires" => Claim::Requires {
            key: key(word()),
            kind: {
                let kind = word();
                DependencyKind::ALL
                    .iter()
                    .find(|(_, text)| *text == kind)
                    .unwrap_or_else(|| panic!("no kind: {kind}"))
                    .0
            },
            access: match word() {
                "read" => Access::Read,
                "write" => Access::Write,
                _ => Access::Use,
            },
            count: 1,
        },
        "binds" => Claim::Binds {
            key: key(word()),
            value: {
                assert_eq!(word(), "=");
                template(word())
            },
        },
        "runs" => Claim::Runs {
            what: key(word()),
            entry: Some(word())
                .filter(|word| !word.is_empty())
                .map(Template::text),
        },
        "inherits" => Claim::Inherits {
            from: key(word()),
            prefix: None,
        },
        "owns" => Claim::Owns {
            source: OwnershipSource::Codeowners,
            what: Selector::Paths {
                pattern: word().into(),
                dialect: Dialect::GitHub,
                section: None,
            },
            owners: words.by_ref().filter_map(Owner::parse).collect(),
            strength: Strength::Required,
            cut: false,
        },
        verb => panic!("no verb: {verb}"),
    };
    Fact {
        subject,
        claim,
        span,
        extractor: ExtractorId("hand"),
        certainty: Certainty::Observed,
        context: Context::Production,
        when: when.map(condition).into_iter().collect(),
    }
}

/// `uses npm:express` or `variant dev`.
fn condition(text: &str) -> Condition {
    match text.split_once(' ') {
        Some(("uses", key)) => Condition::Uses(Key::parse(key, SPACES).unwrap()),
        Some(("variant", name)) => Condition::Variant(name.into()),
        _ => panic!("no condition: {text}"),
    }
}

/// Prints dependencies and unresolved sites, with their chains as `path:line`.
#[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
pub(super) fn check(resolved: &Resolved, expected: Expect) {
    let place = |span: Span| format!("{}:{}", resolved.files.display(span.file), span.start);
    let team = |set: Option<crate::model::OwnerSetId>| {
        set.map_or(String::new(), |set| {
            let teams = resolved.organisation.teams_of(set);
            let names: Vec<&str> = teams
                .iter()
                .map(|id| resolved.organisation.team(*id).team.id.as_str())
                .collect();
            format!(" [{}]", names.join(" "))
        })
    };
    let mut text = String::new();
    for dependency in &resolved.dependencies {
        let from = resolved.organisation.endpoint(&dependency.from).set();
        let to = resolved.organisation.endpoint(&dependency.to).set();
        let symbol = dependency.to.symbol.as_deref().unwrap_or_default();
        writeln!(
            text,
            "{}{} -> {}{} {} {symbol} ({}, {})",
            dependency.from.unit,
            team(from),
            dependency.to.unit,
            team(to),
            dependency.kind.as_str(),
            dependency.certainty.as_str(),
            dependency.count,
        )
        .unwrap();
        for evidence in &dependency.evidence {
            let chain: Vec<String> = evidence.chain.iter().map(|hop| place(hop.span)).collect();
            writeln!(text, "    {}", chain.join(" > ")).unwrap();
        }
    }
    for unresolved in &resolved.unresolved {
        writeln!(
            text,
            "unresolved {} {}: {}",
            place(unresolved.span),
            unresolved.name,
            unresolved.why
        )
        .unwrap();
    }
    expected.assert_eq(&text);
}

/// Situation 1: the host is a default in code; another service's Dockerfile sets the same key for itself alone.
#[test]
fn a_default_in_code_is_looked_up_in_the_network_of_the_same_deployment() {
    let shop = resolved(
        &["shop"],
        "
        cart/server.js: H requires http(http://${env:CATALOGUE_HOST|catalogue}:8080/product/{})GET call.http
        cart/Dockerfile: dockerfile(path:cart/Dockerfile) binds env:PORT = 8080
        catalogue/main.go: H provides trait:entry-point
        compose.yaml: compose(path:.)cart component service
        compose.yaml: compose(path:.)cart provides host(compose:.)cart
        compose.yaml: compose(path:.)cart runs path:cart
        compose.yaml: compose(path:.)cart runs dockerfile(path:cart/Dockerfile)
        compose.yaml: compose(path:.)catalogue component service
        compose.yaml: compose(path:.)catalogue provides host(compose:.)catalogue
        compose.yaml: compose(path:.)catalogue runs path:catalogue
        compose.yaml: compose(path:.)other component service
        compose.yaml: compose(path:.)other provides host(compose:.)elsewhere
        compose.yaml: compose(path:.)web component service
        compose.yaml: compose(path:.)web provides host(compose:.)web
        compose.yaml: compose(path:.)web runs path:web
        compose.yaml: compose(path:.)web runs dockerfile(path:web/Dockerfile)
        web/Dockerfile: dockerfile(path:web/Dockerfile) binds env:CATALOGUE_HOST = elsewhere
        web/default.conf.template: H requires http(http://${env:CATALOGUE_HOST}:8080/*)ANY call.route
        ",
    );
    check(
        &shop,
        expect![[r#"
        path:cart -> path:catalogue call.http GET /product/{} (inferred, 1)
            cart/server.js:1 > cart/server.js:1 > compose.yaml:6
        path:web -> compose:other call.route ANY /* (observed, 1)
            web/default.conf.template:1 > web/Dockerfile:1 > compose.yaml:9
    "#]],
    );
}

/// The same names in two networks: each deployment sees its own.
#[test]
fn two_networks_of_one_repository_do_not_mix() {
    let shop = resolved(
        &["shop"],
        "
        a/app.go: H requires http(http://db-proxy/x)GET call.http
        a/compose.yaml: compose(path:a)app component service
        a/compose.yaml: compose(path:a)app runs path:a
        a/compose.yaml: compose(path:a)db-proxy component service
        a/compose.yaml: compose(path:a)db-proxy provides host(compose:a)db-proxy
        b/compose.yaml: compose(path:b)db-proxy component service
        b/compose.yaml: compose(path:b)db-proxy provides host(compose:b)db-proxy
        ",
    );
    check(
        &shop,
        expect![[r#"
        path:a -> compose:db-proxy@a/compose.yaml call.http GET /x (observed, 1)
            a/app.go:1 > a/compose.yaml:4
    "#]],
    );
}

/// Situation 2: address through compose, `.env` and a struct field; the same service once more through Helm.
#[test]
fn two_deployments_of_one_service_give_one_edge_with_two_chains() {
    let shop = resolved(
        &["shop"],
        "
        .env: F binds env:CART_ADDR = cart:7070
        compose.yaml: compose(path:.)frontend component service
        compose.yaml: compose(path:.)frontend runs path:src/frontend
        compose.yaml: compose(path:.)frontend binds env:CART_SERVICE_ADDR = ${env(path:.env)CART_ADDR}
        compose.yaml: compose(path:.)cart component service
        compose.yaml: compose(path:.)cart provides host(compose:.)cart
        compose.yaml: compose(path:.)cart runs path:src/cart
        helm/frontend.yaml: k8s(${k8sns|default})deploy/frontend component service
        helm/frontend.yaml: k8s(${k8sns:namespace|default})deploy/frontend binds env:CART_SERVICE_ADDR = ${values(path:helm/values.yaml)cartService.name}:7070
        helm/frontend.yaml: k8s(${k8sns:namespace|default})deploy/frontend runs image:registry.example/acme/frontend:1.2
        helm/cart.yaml: k8s(${k8sns:namespace|default})deploy/cart component service
        helm/cart.yaml: k8s(${k8sns:namespace|default})deploy/cart runs image:registry.example/acme/cart:1.2
        helm/cart.yaml: k8s(${k8sns:namespace|default})deploy/cart provides host(k8s:default)cartservice
        helm/values.yaml: F binds values:cartService.name = cartservice
        skaffold.yaml: image:frontend runs path:src/frontend
        skaffold.yaml: image:cart runs path:src/cart
        src/cart/main.go: H provides grpc:shop.CartService
        src/frontend/main.go: H binds go(path:src/frontend)server.cartAddr = ${env:CART_SERVICE_ADDR}
        src/frontend/main.go: H binds go(path:src/frontend)server.cartConn = ${go(path:src/frontend)server.cartAddr}
        src/frontend/rpc.go: H requires grpc(${go(path:src/frontend)server.cartConn})${go(example.com/pb)NewCartClient|{}.CartService}/GetCart call.grpc
        src/pb/cart.pb.go: H binds go(example.com/pb)NewCartClient = shop.CartService
        "
        .replace("${k8sns|default}", "${k8sns:namespace|default}")
        .as_str(),
    );
    check(
        &shop,
        expect![[r#"
        path:src/frontend -> path:src/cart call.grpc shop.CartService/GetCart (observed, 1)
            src/frontend/rpc.go:1 > src/pb/cart.pb.go:1 > src/frontend/main.go:2 > src/frontend/main.go:1 > compose.yaml:3 > .env:1 > compose.yaml:5 > src/cart/main.go:1
            src/frontend/rpc.go:1 > src/pb/cart.pb.go:1 > src/frontend/main.go:2 > src/frontend/main.go:1 > helm/frontend.yaml:2 > helm/values.yaml:1 > helm/cart.yaml:3 > src/cart/main.go:1
    "#]],
    );
}

const ORDERS: &str = "
    a/V1__init.sql: H provides table(${datasource:default})order_lines creates
    a/application.yml: H binds datasource:default = ${property:spring.datasource.url}
    a/application.yml: H binds property:spring.datasource.url = jdbc:postgresql://orders-db:5432/orders
    b/app.py: H binds datasource:default = ${env:DATABASE_URL}
    b/app.py: H requires table(${datasource:default})order_lines data.read read
    compose.yaml: compose(path:.)a component service
    compose.yaml: compose(path:.)a runs path:a
    compose.yaml: compose(path:.)b component service
    compose.yaml: compose(path:.)b runs path:b
    compose.yaml: compose(path:.)orders-db component datastore
    compose.yaml: compose(path:.)orders-db provides host(compose:.)orders-db
    compose.yaml: compose(path:.)reports-db component datastore
    compose.yaml: compose(path:.)reports-db provides host(compose:.)reports-db
";

/// Situation 6, same store.
#[test]
fn a_table_in_the_same_store_is_the_creators() {
    let line =
        "compose.yaml: compose(path:.)b binds env:DATABASE_URL = postgres://u:p@orders-db/orders";
    check(
        &resolved(&["shop"], &format!("{ORDERS}{line}")),
        expect![[r#"
            path:a -> compose:orders-db data.use  (observed, 1)
                a/application.yml:2 > a/application.yml:2 > compose.yaml:6
            path:b -> path:a data.read order_lines (observed, 1)
                b/app.py:2 > b/app.py:1 > compose.yaml:9 > a/application.yml:1 > a/application.yml:2 > a/V1__init.sql:1
        "#]],
    );
}

/// Situation 6, different stores: only the name is equal.
#[test]
fn a_table_of_the_same_name_in_another_store_is_no_edge() {
    let line =
        "compose.yaml: compose(path:.)b binds env:DATABASE_URL = postgres://u:p@reports-db/orders";
    check(
        &resolved(&["shop"], &format!("{ORDERS}{line}")),
        expect![[r#"
            path:a -> compose:orders-db data.use  (observed, 1)
                a/application.yml:2 > a/application.yml:2 > compose.yaml:6
        "#]],
    );
}

/// Situation 6, a secret that nobody binds: the only creator is a guess.
#[test]
fn a_table_in_an_unknown_store_is_inferred_from_its_only_creator() {
    let line =
        "compose.yaml: compose(path:.)b binds env:DATABASE_URL = ${secret(shop)reports-db/url}";
    check(
        &resolved(&["shop"], &format!("{ORDERS}{line}")),
        expect![[r#"
            path:a -> compose:orders-db data.use  (observed, 1)
                a/application.yml:2 > a/application.yml:2 > compose.yaml:6
            path:b -> path:a data.read order_lines (inferred, 1)
                b/app.py:2 > b/app.py:1 > compose.yaml:9 > a/application.yml:1 > a/application.yml:2 > a/V1__init.sql:1
        "#]],
    );
}

/// Situation 6, two creators: nobody can tell.
#[test]
fn a_table_in_an_unknown_store_with_two_creators_is_ambiguous() {
    let lines =
        "compose.yaml: compose(path:.)b binds env:DATABASE_URL = ${secret(shop)reports-db/url}
        c/V1__init.sql: H provides table(${datasource:default})order_lines creates
        compose.yaml: compose(path:.)c component service
        compose.yaml: compose(path:.)c runs path:c";
    check(
        &resolved(&["shop"], &format!("{ORDERS}{lines}")),
        expect![[r#"
            path:a -> compose:orders-db data.use  (observed, 1)
                a/application.yml:2 > a/application.yml:2 > compose.yaml:6
            unresolved b/app.py:2 table:order_lines: ambiguous: path:a, path:c
        "#]],
    );
}

/// Situation 6, the same secret in two deployments is one store; an unbound variable of the same name is not.
#[test]
fn a_secret_is_one_thing_and_an_unbound_variable_is_not() {
    let store = |value: &str| {
        resolved(
            &["shop"],
            &format!(
                "
                a/init.sql: H provides table(${{env:DB}})order_lines creates
                b/app.py: H requires table(${{env:DB}})order_lines data.write write
                compose.yaml: compose(path:.)a component service
                compose.yaml: compose(path:.)a runs path:a
                compose.yaml: compose(path:.)a binds env:DB = {value}
                compose.yaml: compose(path:.)b component service
                compose.yaml: compose(path:.)b runs path:b
                compose.yaml: compose(path:.)b binds env:DB = {value}
                "
            ),
        )
    };
    check(
        &store("${secret(shop)db/url}"),
        expect![[r#"
            path:b -> path:a data.write order_lines (observed, 1)
                b/app.py:1 > compose.yaml:6 > compose.yaml:3 > a/init.sql:1
        "#]],
    );
    check(
        &store("${env:ELSEWHERE}"),
        expect![[r#"
            path:b -> path:a data.write order_lines (inferred, 1)
                b/app.py:1 > compose.yaml:6 > compose.yaml:3 > a/init.sql:1
        "#]],
    );
}

/// Situation 8: one Go module, several teams.
#[test]
fn packages_of_one_module_couple_the_owners_of_their_files() {
    let mono = resolved(
        &["mono"],
        "
        CODEOWNERS: F owns /billing/ @acme/billing
        CODEOWNERS: F owns /ledger/ @acme/ledger
        CODEOWNERS: F owns /shared/a.go @acme/billing
        CODEOWNERS: F owns /shared/b.go @acme/ledger
        billing/a.go: H provides gopkg(path:billing)
        billing/a.go: H requires gopkg:example.com/mono/ledger link.impl
        billing/a.go: H requires gopkg:example.com/mono/shared link.impl
        billing/a.go: H requires gopkg:github.com/other/thing link.impl
        billing/b.go: H provides gopkg(path:billing)
        billing/b.go: H requires gopkg:example.com/mono/ledger link.impl
        go.mod: H component service
        go.mod: H provides gomod(path:)example.com/mono
        ledger/l.go: H provides gopkg(path:ledger)
        ledger/l.go: H provides http(:8080)GET
        shared/a.go: H provides gopkg(path:shared)
        shared/b.go: H provides gopkg(path:shared)
        ",
    );
    check(
        &mono,
        expect![[r#"
            gopkg:example.com/mono/billing [billing] -> gopkg:example.com/mono/ledger [ledger] link.impl  (observed, 2)
                billing/a.go:2 > ledger/l.go:1 > ledger/l.go:2
                billing/b.go:2 > ledger/l.go:1 > ledger/l.go:2
            gopkg:example.com/mono/billing [billing] -> gopkg:example.com/mono/shared [billing] link.lib  (observed, 1)
                billing/a.go:3 > shared/a.go:1
        "#]],
    );
}

/// Situation 14: several repositories; a place is exact, a registry name goes to the nearest, hosts stay at home.
#[test]
fn registry_names_go_to_the_nearest_repository_and_hosts_never_leave_theirs() {
    let run = resolved(
        &["shop", "design", "copy"],
        "
        shop//apps/web/package.json: H component library
        shop//apps/web/package.json: H provides npm(path:apps/web)@acme/web
        shop//apps/web/package.json: H requires npm(path:libs/ui)@acme/ui link.impl
        shop//apps/web/package.json: H requires npm(registry:npm)@acme/icons link.impl
        shop//apps/web/package.json: H requires npm(registry:npm)@acme/twice link.impl
        shop//apps/web/package.json: H requires npm(registry:npm)react link.impl
        shop//apps/web/package.json: H requires npm(path:libs/gone)@acme/gone link.impl
        shop//apps/web/app.ts: H requires http(http://payments/pay)POST call.http
        shop//libs/ui/package.json: H component library
        shop//libs/ui/package.json: H provides npm(path:libs/ui)@acme/ui
        design//package.json: H component library
        design//package.json: H provides npm(path:)@acme/icons
        design//twice/package.json: H component library
        design//twice/package.json: H provides npm(path:twice)@acme/twice
        copy//ui/package.json: H component library
        copy//ui/package.json: H provides npm(path:ui)@acme/ui
        copy//twice/package.json: H component library
        copy//twice/package.json: H provides npm(path:twice)@acme/twice
        copy//compose.yaml: compose(path:.)payments component service
        copy//compose.yaml: compose(path:.)payments provides host(compose:.)payments
        ",
    );
    check(
        &run,
        expect![[r#"
        npm:@acme/web -> npm:@acme/icons link.lib  (observed, 1)
            shop/apps/web/package.json:4 > design/package.json:2
        npm:@acme/web -> npm:@acme/ui@shop/libs/ui link.lib  (observed, 1)
            shop/apps/web/package.json:3 > shop/libs/ui/package.json:2
        unresolved shop/apps/web/app.ts:1 http(http://payments/pay)POST: nothing here offers it
        unresolved shop/apps/web/package.json:5 npm(registry:npm)@acme/twice: ambiguous: npm:@acme/twice@design/twice, npm:@acme/twice@copy/twice
        unresolved shop/apps/web/package.json:7 npm(path:libs/gone)@acme/gone: nothing here offers it
    "#]],
    );
}
