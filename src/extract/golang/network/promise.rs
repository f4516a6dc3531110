//! Can a Go file say something of calls, topics, stores or settings? A cheap look, so that only such files are parsed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{databases, events, invoke, libraries, rpc, telemetry, texts};

/// Texts that are enough.
const ENOUGH: &[&str] = &[
    " env:\"",
    "`env:\"",
    "envconfig:\"",
    "GetString(",
    "SetDefault(",
    "BindEnv(",
    "http.NewRequest",
    "http.Get(",
    "http.Post(",
    "http.Head(",
    "http.PostForm(",
    "DefaultClient.Get(",
    "DefaultClient.Post(",
    "ReverseProxy",
    ".URL.Host =",
    "_ADDR\"",
    "_ADDRESS\"",
    "_BROKER\"",
    "_BROKERS\"",
    "_DSN\"",
    "_ENDPOINT\"",
    "_HOST\"",
    "_HOSTNAME\"",
    "_QUEUE\"",
    "_TOPIC\"",
    "_URI\"",
    "_URL\"",
    "HandleFunc(",
    "HandlerFromEndpoint(",
    "grpc.Dial",
    "grpc.NewClient(",
    "resty.",
];

/// Texts that are enough when the rest of the line says that it is about an end: variables of the environment, flags.
const SETTINGS: &[&str] = &[
    "Getenv(",
    "LookupEnv(",
    "ExpandEnv(",
    "StringVar(",
    "StringVarP(",
    "flag.String(",
    "StringFlag{",
    ".Flag(\"",
];

/// Texts around which more has to be looked at:
/// `pb.NewCartClient(`, `pb.CartClient`, `pb.RegisterCartServer(`, `TopicOrders = "orders"`.
const MORE: &[&str] = &["Client", "Server(", "Handler(", "Processor(", " = \""];

static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let all = ENOUGH.iter().chain(SETTINGS).chain(MORE);
    AhoCorasick::new(all).ok()
});

/// Whether a file can matter; `body` is where its imports end, `imports` are paths with the names that the file uses.
pub(in crate::extract::golang) fn holds(
    text: &[u8],
    body: usize,
    imports: &BTreeMap<&str, &str>,
) -> bool {
    let concerns = |path: &str| {
        events::concerns(path)
            || databases::concerns(path)
            || telemetry::concerns(path)
            || libraries::within(path, invoke::DAPR)
    };
    if imports.values().any(|path| concerns(path)) {
        return true;
    }
    let body = text.get(body..).unwrap_or_default();
    let has = |mark: &[u8]| memchr::memmem::find(body, mark).is_some();
    // A client in a field that another file declares is asked with a message.
    let mut paths = imports.values();
    let messages = paths.any(|path| libraries::is_generated(path) && !libraries::is_known(path));
    if messages && (has(b"(ctx, &") || has(b"Context(), &")) {
        return true;
    }
    let imports_http = imports.values().any(|path| *path == "net/http");
    if imports_http
        && has(b"http.Client")
        && (has(b".Get(\"") || has(b".Get(fmt") || has(b".Post(") || has(b".Get(url"))
    {
        return true;
    }
    let Some(marks) = &*MARKS else {
        return true;
    };
    marks.find_overlapping_iter(body).any(|found| {
        let number = found.pattern().as_usize();
        let Some(number) = number.checked_sub(ENOUGH.len()) else {
            return true;
        };
        let (before, behind) = (&body[..found.start()], &body[found.end()..]);
        let Some(mark) = number.checked_sub(SETTINGS.len()) else {
            let end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
            return std::str::from_utf8(&behind[..end]).is_ok_and(is_about_an_end);
        };
        match MORE[mark] {
            " = \"" => is_end(before, behind),
            "Client" => {
                let next = behind.first().copied().unwrap_or(b' ');
                !is_part(next) && is_of_package(before, &["New", ""], imports)
            }
            "Server(" => is_of_package(before, &["Register"], imports),
            _ => is_of_package(before, &["New"], imports),
        }
    })
}

/// Whether the rest of a line that reads a setting is about where something is.
fn is_about_an_end(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "amqp", "conn", "database", "dsn", "kafka", "mongo", "nats", "redis",
    ];
    let lower = line.to_ascii_lowercase();
    texts::names_an_end(line) || WORDS.iter().any(|word| lower.contains(word))
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

/// Whether the word before a mark is one of a package that is no library, in capitals, longer than its start:
/// `pb.NewCart` of `pb.NewCartClient`.
fn is_of_package(before: &[u8], starts: &[&str], imports: &BTreeMap<&str, &str>) -> bool {
    let own = word(before);
    let Some(in_front) = before[..before.len() - own.len()].strip_suffix(b".") else {
        return false;
    };
    let longer = |start: &&str| {
        own.strip_prefix(*start)
            .is_some_and(|rest| !rest.is_empty())
    };
    own.starts_with(|c: char| c.is_ascii_uppercase())
        && starts.iter().any(longer)
        && !rpc::is_common(own)
        && imports
            .get(word(in_front))
            .is_some_and(|path| !libraries::is_known(path))
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
