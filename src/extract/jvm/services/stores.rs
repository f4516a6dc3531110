//! Connections to stores that code opens itself.

use super::calls::each;
use super::sink::Sink;
use super::values::Values;
use crate::model::{Part, Template};

/// Stores inside of the program.
const INSIDE: &[&str] = &[
    "jdbc:h2:",
    "jdbc:hsqldb:",
    "jdbc:derby:",
    "jdbc:sqlite:",
    "jdbc:tc:",
];

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    each(values, |call| {
        let engine = match call.name {
            "getConnection" if call.on.is_some() && !call.args.is_empty() => {
                let on = call.on.clone().map_or(0, |on| on.end.saturating_sub(1));
                match values.source.is_word(on, "DriverManager") {
                    true => "",
                    false => return,
                }
            }
            "setJdbcUrl" | "jdbcUrl" if call.args.len() == 1 => "",
            "url" if call.args.len() == 1 && call.on.is_some() => {
                match &*call.receiver(values).ty {
                    "DataSourceBuilder" => "",
                    _ => return,
                }
            }
            "create" if call.args.len() == 1 && call.on.is_some() => {
                let on = call.on.clone().map_or(0, |on| on.end.saturating_sub(1));
                match values.source.word(on) {
                    "MongoClients" => "mongodb",
                    "RedisClient" => "redis",
                    _ => return,
                }
            }
            "MongoClient" | "MongoClientURI" if call.is_new && !call.args.is_empty() => "mongodb",
            "Jedis" | "JedisPool" | "RedisStandaloneConfiguration"
                if call.is_new && !call.args.is_empty() =>
            {
                "redis"
            }
            _ => return,
        };
        let value = match call.is_new {
            true => values.eval(
                call.at
                    .saturating_sub(usize::from(!values.source.is_kotlin()))
                    ..call.end,
                call.scope,
            ),
            false => call.arg(0, values),
        };
        for at in value.texts {
            if is_address(&at) {
                sink.store(at, engine, call.bytes(values));
            }
        }
    });
}

/// Whether a text can lead to a store of its own.
fn is_address(at: &Template) -> bool {
    match at.0.first() {
        Some(Part::Text(text)) => !INSIDE.iter().any(|start| text.starts_with(start)),
        Some(Part::Ref(_)) => true,
        _ => false,
    }
}
