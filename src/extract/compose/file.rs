//! Which services does a compose file start, and which other files does it take in?
//!
//! Source: <https://github.com/compose-spec/compose-spec/blob/main/spec.md>

use super::service::Service;
use super::stack::Stack;
use crate::extract::tree::{self, Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Claim, ExtractorId, Facts, Key, Language, Parsed, SourceFile, join, parent};

/// Reads compose files.
#[derive(Debug)]
pub(in crate::extract) struct File;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("compose/file"),
    summary: "Services of compose files: what they run, their names, ports and settings",
    globs: &["**/*.yml", "**/*.yaml"],
    markers: &["services", "include"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for File {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let name = file.path.file_name();
        let is_named = name.contains("compose") || name.contains("stack");
        if !is_named && !may_be_compose(file.bytes) {
            return;
        }
        let documents = if is_named {
            tree::documents(file, facts)
        } else {
            // What is only like a compose file is nobody's problem here.
            let Ok(text) = file.text() else { return };
            let (mut documents, _) = tree::yaml(text);
            documents.retain(is_compose);
            if !documents.is_empty() {
                facts.parsed(Parsed::Whole);
            }
            documents
        };
        let mut stack = Stack::new(file.path, facts);
        for document in &documents {
            read(document, &mut stack);
        }
    }
}

/// Whether a file of any name may hold services: a line starts with `services:`, and none with what other formats have.
fn may_be_compose(bytes: &[u8]) -> bool {
    let starts = |key: &str| {
        bytes.starts_with(key.as_bytes())
            || memchr::memmem::find(bytes, format!("\n{key}").as_bytes()).is_some()
    };
    starts("services:") && !starts("apiVersion:") && !starts("jobs:") && !starts("resources:")
}

/// Whether a document of a file of any name is one of compose: all its services have an image or a build.
fn is_compose(document: &Node) -> bool {
    let Some(services) = document.get("services") else {
        return false;
    };
    let services = services.entries();
    !services.is_empty()
        && services
            .iter()
            .all(|entry| entry.key == "<<" || is_service(&entry.value))
}

/// Whether something is a service: it has an image or a build.
pub(super) fn is_service(service: &Node) -> bool {
    let mut keys = ["build", "extends", "image"].into_iter();
    keys.any(|key| service.get(key).is_some())
}

pub(super) fn read_services(services: &[&Entry], stack: &mut Stack<'_, '_>) {
    for entry in services {
        if matches!(entry.value.value, Value::Map(_)) && !entry.key.is_empty() {
            Service::new(entry, stack).read();
        }
    }
}

fn read(document: &Node, stack: &mut Stack<'_, '_>) {
    let services = document.get("services").map(Node::merged);
    read_services(&services.unwrap_or_default(), stack);
    for (path, span) in included(document) {
        let Some(path) = stack
            .assumed(path)
            .and_then(|path| join(stack.folder, &path))
        else {
            continue;
        };
        let other = parent(&path);
        if other != stack.folder {
            let claim = Claim::Inherits {
                from: Stack::subject(other, ""),
                prefix: None,
            };
            let subject = Stack::subject(stack.folder, "");
            stack.state(subject, claim, span, &[]);
        }
    }
    let networks = document.get("networks").map(Node::merged);
    for entry in networks.unwrap_or_default() {
        if let Some(name) = shared_network(&entry.key, &entry.value) {
            let Some(name) = stack.assumed(name) else {
                continue;
            };
            let claim = Claim::Inherits {
                from: Key::new("compose-network", name),
                prefix: None,
            };
            let subject = Stack::subject(stack.folder, "");
            stack.state(subject, claim, entry.key_bytes.clone(), &[]);
        }
    }
}

/// `include`: paths, or maps with one or several of them.
fn included(document: &Node) -> Vec<(&str, std::ops::Range<usize>)> {
    let items = document.get("include").map_or(&[][..], Node::items);
    let paths = items.iter().flat_map(|item| {
        let path = match &item.value {
            Value::Map(_) => item.get("path"),
            _ => Some(item),
        };
        path.map_or(&[][..], |path| match &path.value {
            Value::List(list) => list.as_slice(),
            _ => std::slice::from_ref(path),
        })
    });
    paths
        .filter_map(|path| Some((path.text()?, path.bytes.clone())))
        .collect()
}

/// The name of a network that other stacks can join: one that is made elsewhere, or has a name of its own.
fn shared_network<'n>(key: &'n str, network: &'n Node) -> Option<&'n str> {
    let external = network.get("external");
    if let Some(name) = network.text_of("name") {
        return Some(name);
    }
    match external.map(|external| &external.value) {
        Some(Value::Map(_)) => external.and_then(|external| external.text_of("name")),
        Some(Value::Scalar { text, .. }) if text == "true" => Some(key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&File, path, text));
    }

    #[test]
    fn contexts_of_services() {
        check(
            "deploy/compose.yaml",
            "x-build: &b
  context: ..
services:
  cart:
    image: acme/cart:${TAG:-latest}
    build: ../services/cart
  till:
    build:
      <<: *b
      dockerfile: services/till/Dockerfile
      additional_contexts:
        shared: ../libs/shared
        base: docker-image://alpine
  stock:
    build:
      context: ${ROOT:-..}
      additional_contexts:
        - Tools=./tools
  far: {build: https://github.com/acme/far.git}
  unknown: {build: $WHERE}
  out: {build: ../../..}
  inline: {build: {dockerfile_inline: FROM a}}
  run: {image: postgres:16}
",
            expect![[r#"
                compose(path:deploy)cart is service [declared]  @ "cart"
                compose(path:deploy)cart provides host(compose:deploy)cart [declared]  @ "cart"
                compose(path:deploy)cart runs dockerfile(path:services/cart/Dockerfile) [declared]  @ "../services/cart"
                compose(path:deploy)cart runs image:acme/cart:${env(path:deploy/.env)TAG|latest} [declared]  @ "acme/cart:${TAG:-latest}"
                compose(path:deploy)cart runs path:services/cart [declared]  @ "../services/cart"
                compose(path:deploy)far is service [declared]  @ "far"
                compose(path:deploy)far provides host(compose:deploy)far [declared]  @ "far"
                compose(path:deploy)inline is service [declared]  @ "inline"
                compose(path:deploy)inline provides host(compose:deploy)inline [declared]  @ "inline"
                compose(path:deploy)inline runs path:deploy [declared]  @ "{dockerfile_inline: FROM a}"
                compose(path:deploy)out is service [declared]  @ "out"
                compose(path:deploy)out provides host(compose:deploy)out [declared]  @ "out"
                compose(path:deploy)run is datastore [declared]  @ "run"
                compose(path:deploy)run provides host(compose:deploy)run [declared]  @ "run"
                compose(path:deploy)run provides trait:engine/postgres [declared]  @ "run"
                compose(path:deploy)run runs image:postgres:16 [declared]  @ "postgres:16"
                compose(path:deploy)stock is service [declared]  @ "stock"
                compose(path:deploy)stock provides host(compose:deploy)stock [declared]  @ "stock"
                compose(path:deploy)stock runs dockerfile(path:Dockerfile) [declared]  @ "${ROOT:-..}"
                compose(path:deploy)stock runs path: [declared]  @ "${ROOT:-..}"
                compose(path:deploy)till is service [declared]  @ "till"
                compose(path:deploy)till provides host(compose:deploy)till [declared]  @ "till"
                compose(path:deploy)till runs dockerfile(path:services/till/Dockerfile) [declared]  @ ".."
                compose(path:deploy)till runs path: [declared]  @ ".."
                compose(path:deploy)unknown is service [declared]  @ "unknown"
                compose(path:deploy)unknown provides host(compose:deploy)unknown [declared]  @ "unknown"
                here binds docker-context(shared)services/till/Dockerfile = path:libs/shared [declared]  @ "../libs/shared"
                here binds docker-context(tools)Dockerfile = path:deploy/tools [declared]  @ "Tools=./tools"
                here binds docker-context:Dockerfile = path: [declared]  @ "${ROOT:-..}"
                here binds docker-context:services/cart/Dockerfile = path:services/cart [declared]  @ "../services/cart"
                here binds docker-context:services/till/Dockerfile = path: [declared]  @ ".."
                image:acme/cart:${env(path:deploy/.env)TAG|latest} runs dockerfile(path:services/cart/Dockerfile) [declared]  @ "../services/cart"
                image:acme/cart:${env(path:deploy/.env)TAG|latest} runs path:services/cart [declared]  @ "../services/cart"
            "#]],
        );
    }

    #[test]
    fn names_ports_and_settings() {
        check(
            "compose.prod.yaml",
            "x-env: &common
  LOG: info
  CART_URL: http://wrong
services:
  web:
    image: acme/web
    container_name: acme-web
    hostname: front
    profiles: [full]
    env_file:
      - web.env
      - path: ./more.env
        required: false
    environment:
      <<: [*common]
      CART_URL: http://${CART_HOST:-cart}:8080
      DB_PASSWORD: hidden
      DB_URL: postgres://u:hidden@db/orders
      Urls__Stock: http://stock
      TAX_URL:
      COST: a$$b
    ports:
      - \"8080:80\"
      - 127.0.0.1:9000-9002:9000-9002/tcp
      - '80'
      - target: 80
        published: \"${PORT:-7070}\"
    links: [db, 'cart:basket']
    networks:
      default:
      inner: {aliases: [shop]}
    depends_on: [cart]
  worker:
    extends: {file: ../base/compose.yaml, service: job}
    build: {context: ., target: run, args: {API: http://cart}}
    entrypoint: [python, worker.py]
    command: --cart.url=http://cart:8080
    environment: [QUEUE=jobs, BARE, SPRING_PROFILES_ACTIVE=docker]
    env_file: worker.env
  db: {image: 'postgres:16'}
networks:
  inner: {external: true, name: acme}
include:
  - infra/compose.yaml
  - path: [a/b.yaml]
",
            expect![[r#"
                compose(path:.) inherits compose(path:a) [declared] when prod  @ "a/b.yaml"
                compose(path:.) inherits compose(path:infra) [declared] when prod  @ "infra/compose.yaml"
                compose(path:.) inherits compose-network:acme [declared] when prod  @ "inner"
                compose(path:.)cart provides host(compose:.)basket [declared] when prod, full  @ "'cart:basket'"
                compose(path:.)db is datastore [declared] when prod  @ "db"
                compose(path:.)db provides host(compose:.)db [declared] when prod  @ "db"
                compose(path:.)db provides trait:engine/postgres [declared] when prod  @ "db"
                compose(path:.)db runs image:postgres:16 [declared] when prod  @ "'postgres:16'"
                compose(path:.)web binds env:CART_URL = http://${env(path:.env)CART_HOST|cart}:8080 [declared] when prod, full  @ "CART_URL: http://${CART_HOST:-cart}:8080"
                compose(path:.)web binds env:COST = a$b [declared] when prod, full  @ "COST: a$$b"
                compose(path:.)web binds env:DB_PASSWORD = {} [declared] when prod, full  @ "DB_PASSWORD: hidden"
                compose(path:.)web binds env:DB_URL = postgres://u:{}@db/orders [declared] when prod, full  @ "DB_URL: postgres://u:hidden@db/orders"
                compose(path:.)web binds env:LOG = info [declared] when prod, full  @ "LOG: info"
                compose(path:.)web binds env:TAX_URL = ${env(path:.env)TAX_URL} [declared] when prod, full  @ "TAX_URL"
                compose(path:.)web binds env:Urls__Stock = http://stock [declared] when prod, full  @ "Urls__Stock: http://stock"
                compose(path:.)web binds property:Urls:Stock = http://stock [declared] when prod, full  @ "Urls__Stock: http://stock"
                compose(path:.)web inherits file:more.env [declared] when prod, full  @ "path: ./more.env\n        required: false\n    "
                compose(path:.)web inherits file:web.env [declared] when prod, full  @ "web.env"
                compose(path:.)web is service [declared] when prod, full  @ "web"
                compose(path:.)web provides host(compose:.)acme-web [declared] when prod, full  @ "acme-web"
                compose(path:.)web provides host(compose:.)front [declared] when prod, full  @ "front"
                compose(path:.)web provides host(compose:.)shop [declared] when prod, full  @ "shop"
                compose(path:.)web provides host(compose:.)web [declared] when prod, full  @ "web"
                compose(path:.)web provides port:${env(path:.env)PORT|7070} [declared] when prod, full  @ "target: 80\n        published: \"${PORT:-7070}\"\n    "
                compose(path:.)web provides port:8080 [declared] when prod, full  @ "\"8080:80\""
                compose(path:.)web provides port:9000 [declared] when prod, full  @ "127.0.0.1:9000-9002:9000-9002/tcp"
                compose(path:.)web provides port:9001 [declared] when prod, full  @ "127.0.0.1:9000-9002:9000-9002/tcp"
                compose(path:.)web provides port:9002 [declared] when prod, full  @ "127.0.0.1:9000-9002:9000-9002/tcp"
                compose(path:.)web runs image:acme/web [declared] when prod, full  @ "acme/web"
                compose(path:.)worker binds env:API = http://cart [declared] when prod  @ "API: http://cart"
                compose(path:.)worker binds env:BARE = ${env(path:.env)BARE} [declared] when prod  @ "BARE"
                compose(path:.)worker binds env:QUEUE = jobs [declared] when prod  @ "QUEUE=jobs"
                compose(path:.)worker binds env:SPRING_PROFILES_ACTIVE = docker [declared] when prod  @ "SPRING_PROFILES_ACTIVE=docker"
                compose(path:.)worker binds property:cart.url = http://cart:8080 [declared] when prod  @ "[python, worker.py]"
                compose(path:.)worker binds property:spring.profiles.active = docker [declared] when prod  @ "SPRING_PROFILES_ACTIVE=docker"
                compose(path:.)worker inherits file:worker.env [declared] when prod  @ "worker.env"
                compose(path:.)worker is service [declared] when prod  @ "worker"
                compose(path:.)worker provides host(compose:.)worker [declared] when prod  @ "worker"
                compose(path:.)worker runs dockerfile(path:Dockerfile)run python worker.py [declared] when prod  @ "."
                compose(path:.)worker runs path: python worker.py [declared] when prod  @ "."
                compose(path:.)worker runs program:python [declared] when prod  @ "[python, worker.py]"
                here binds docker-context:Dockerfile = path: [declared] when prod  @ "."
            "#]],
        );
    }

    #[test]
    fn other_files_say_nothing() {
        check("recompose.yml", "build: 1\n", expect![[r#""#]]);
        check(
            "compose.yml",
            "services: [build\n",
            expect![[r#"
            ! unclosed bracket '['  @ ""
        "#]],
        );
        check("compose.yml", "- services\n", expect![[r#""#]]);
        check(
            "config/services.yaml",
            "services:\n  App\\Cart: {arguments: [image]}\n",
            expect![[r#""#]],
        );
        check(
            "infra/base.yaml",
            "services:\n  cart: {image: acme/cart}\n",
            expect![[r#"
                compose(path:infra)cart is service [declared]  @ "cart"
                compose(path:infra)cart provides host(compose:infra)cart [declared]  @ "cart"
                compose(path:infra)cart runs image:acme/cart [declared]  @ "acme/cart"
            "#]],
        );
    }
}
