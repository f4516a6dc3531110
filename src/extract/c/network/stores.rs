//! Connections to stores: MongoDB, Redis, memcached, PostgreSQL, MySQL; only where the code tells the address.
//!
//! Sources: <https://mongoc.org/libmongoc/current/mongoc_uri_t.html>, <https://github.com/redis/hiredis>,
//! <https://github.com/sewenew/redis-plus-plus>, <https://docs.libmemcached.org/>,
//! <https://www.postgresql.org/docs/current/libpq-connect.html>, <https://dev.mysql.com/doc/c-api/8.4/en/mysql-real-connect.html>

use tree_sitter::Node;

use super::unit::Call;
use super::values::{Values, is_end, with_port};
use crate::extract::said::Said;
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Part, Template};

/// States the connection that a call opens; gives whether it is one.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, said: &mut Said) -> bool {
    let Some((engine, address)) = connection(values, call) else {
        return false;
    };
    if is_end(&address) {
        let key = Key::at("store", address, engine);
        said.requires(key, DependencyKind::DataUse, &syntax::bytes(call.node));
    }
    true
}

fn connection<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<(&'static str, Template)> {
    let arguments = call.arguments.as_slice();
    let at = |number: usize| arguments.get(number).map(|one| values.of(*one));
    let name = call.name.last;
    if call.receiver.is_some() {
        return None;
    }
    let of = |namespace: &str| call.name.scope.contains(&namespace);
    Some(match name {
        "mongoc_uri_new" | "mongoc_uri_new_with_error" | "mongoc_client_new" => ("mongodb", at(0)?),
        "uri" if of("mongocxx") => ("mongodb", at(0)?),
        "redisConnect" | "redisConnectWithTimeout" | "redisAsyncConnect" => {
            ("redis", with_port(at(0)?, at(1)?))
        }
        "Redis" | "RedisCluster" => ("redis", options(values, *arguments.first()?)?),
        "memcached" => ("memcached", server(at(0)?)?),
        "memcached_server_add" => ("memcached", with_port(at(1)?, at(2)?)),
        "memcached_server_list_append" => ("memcached", with_port(at(1)?, at(2)?)),
        "PQconnectdb" => ("postgres", at(0)?),
        "connection" if of("pqxx") => ("postgres", at(0)?),
        "mysql_real_connect" => ("mysql", at(1)?),
        _ => (pooled(call, values)?, values.address(arguments)?),
    })
}

/// The store of which clients are pooled: `Pool<RedisClient>("name", host, port)`.
fn pooled<'t>(call: &Call<'t>, values: &Values<'_, 't>) -> Option<&'static str> {
    let inner = call.name.first(values.unit.text)?;
    if inner.arguments.is_some() {
        return None;
    }
    let client = inner.last.strip_suffix("Client")?;
    Some(match client {
        "Redis" => "redis",
        "Memcached" => "memcached",
        "Mongo" | "MongoDB" | "Mongodb" => "mongodb",
        _ => return None,
    })
}

/// `Redis("tcp://host:6379")`, or options whose fields tell host and port.
fn options<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Template> {
    let host = values.field_of(node, "host", 0);
    if is_end(&host) {
        return Some(with_port(host, values.field_of(node, "port", 0)));
    }
    let address = values.of(node);
    is_end(&address).then_some(address)
}

/// The first server of a configuration text: `--SERVER=host:port`.
fn server(text: Template) -> Option<Template> {
    let (first, rest) = text.0.split_first()?;
    let Part::Text(first) = first else {
        return None;
    };
    let first = first.split_once("--SERVER=")?.1;
    let mut server = Template::default();
    for part in std::iter::once(&Part::Text(first.into())).chain(rest) {
        match part {
            Part::Text(text) => match text.split_once([' ', '/']) {
                Some((before, _)) => {
                    server.push(Part::Text(before.into()));
                    break;
                }
                None => server.push(part.clone()),
            },
            _ => server.push(part.clone()),
        }
    }
    Some(server)
}
