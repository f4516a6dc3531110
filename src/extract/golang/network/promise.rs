//! Can a Go file say something of calls, topics, stores or settings? A cheap look, so that only such files are parsed.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{events, invoke, libraries, rpc, stores, telemetry, texts};

/// Texts that are enough, and texts behind which more has to be looked at.
const ENOUGH: &[&str] = &[
    "Getenv(",
    "LookupEnv(",
    "ExpandEnv(",
    " env:\"",
    "`env:\"",
    "envconfig:\"",
    "viper.",
    "StringVar(",
    "StringVarP(",
    "http.NewRequest",
    "http.Get(",
    "http.Post(",
    "http.Head(",
    "http.PostForm(",
    "ReverseProxy",
    ".URL.Host =",
    "cli.StringFlag",
    "_ADDR\"",
    "_ADDRESS\"",
    "_HOST\"",
    "_HOSTNAME\"",
    "_URL\"",
    "_URI\"",
    "_ENDPOINT\"",
    "_DSN\"",
    "_TOPIC\"",
    "_QUEUE\"",
    "_BROKERS\"",
    "HandleFunc(",
    "grpc.Dial",
    "grpc.NewClient(",
    "ServiceDesc{",
    "HandlerFromEndpoint(",
    "http.Client",
    "resty.",
    "http.DefaultClient",
];

/// `pb.NewCartClient(`, `pb.CartClient`, `pb.RegisterCartServer(`, `TopicOrders = "orders"`.
const MORE: &[&str] = &["Client", "Server(", "Handler(", "Processor(", " = \""];

static MARKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(ENOUGH.iter().chain(MORE)).ok());

/// Whether a file can matter; `body` is where its imports end.
pub(in crate::extract::golang) fn holds<'a>(
    text: &[u8],
    body: usize,
    mut imports: impl Iterator<Item = &'a str>,
) -> bool {
    if imports.any(|path| {
        events::concerns(path)
            || stores::concerns(path)
            || telemetry::concerns(path)
            || libraries::within(path, invoke::DAPR)
    }) {
        return true;
    }
    let body = text.get(body..).unwrap_or_default();
    let Some(marks) = &*MARKS else {
        return true;
    };
    marks.find_overlapping_iter(body).any(|found| {
        let number = found.pattern().as_usize();
        let Some(mark) = number.checked_sub(ENOUGH.len()) else {
            return true;
        };
        let (before, behind) = (&body[..found.start()], &body[found.end()..]);
        match MORE[mark] {
            " = \"" => is_end(before, behind),
            "Client" => {
                let next = behind.first().copied().unwrap_or(b' ');
                !is_part(next) && is_of_package(before, &["New", ""])
            }
            "Server(" => is_of_package(before, &["Register"]),
            _ => is_of_package(before, &["New"]),
        }
    })
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The word that ends with a text.
fn word(before: &[u8]) -> &str {
    let length = before
        .iter()
        .rev()
        .take_while(|byte| is_part(**byte))
        .count();
    std::str::from_utf8(&before[before.len() - length..]).unwrap_or_default()
}

/// Whether the word before a mark is one of a package, in capitals, longer than its start: `pb.NewCart` of `pb.NewCartClient`.
fn is_of_package(before: &[u8], starts: &[&str]) -> bool {
    let word = word(before);
    let in_front = before[..before.len() - word.len()].last();
    in_front == Some(&b'.')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && starts.iter().any(|start| {
            word.strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty())
        })
        && !rpc::is_common(word)
}

/// Whether a name and its value are worth to be told.
fn is_end(before: &[u8], behind: &[u8]) -> bool {
    let length = memchr::memchr2(b'"', b'\n', behind).unwrap_or(behind.len());
    let Ok(value) = std::str::from_utf8(&behind[..length]) else {
        return false;
    };
    let before = before.trim_ascii_end();
    texts::is_address(value) || texts::names_an_end(word(before)) && texts::is_word(value)
}
