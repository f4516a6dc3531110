//! What of well-known packages does a Go file use that serves requests or works on a database?
//!
//! An import names a package, not an item of it, and a client imports `net/http`, too: so this looks into the body,
//! but only of files that import one of these packages and hold the text of one of its items.

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use crate::extract::syntax::{self, Nodes};

/// Path without major version, the name that the package gives to itself, and the items that count.
type Known = (&'static str, &'static str, &'static [&'static str]);

/// The packages, sorted.
const KNOWN: &[Known] = &[
    ("cloud.google.com/go/firestore", "firestore", &["NewClient"]),
    ("cloud.google.com/go/spanner", "spanner", &["NewClient"]),
    (
        "database/sql",
        "sql",
        &["Conn", "DB", "Open", "OpenDB", "Tx"],
    ),
    ("entgo.io/ent", "ent", &["Schema"]),
    (
        "github.com/beego/beego/server/web",
        "web",
        &["Router", "Run"],
    ),
    ("github.com/dgraph-io/badger", "badger", &["DB", "Open"]),
    ("github.com/gin-gonic/gin", "gin", &["Default", "New"]),
    ("github.com/go-chi/chi", "chi", &["NewMux", "NewRouter"]),
    ("github.com/go-pg/pg", "pg", &["Connect", "DB"]),
    (
        "github.com/gocql/gocql",
        "gocql",
        &["NewCluster", "Session"],
    ),
    ("github.com/gofiber/fiber", "fiber", &["New"]),
    ("github.com/gorilla/mux", "mux", &["NewRouter"]),
    ("github.com/jackc/pgx", "pgx", &["Conn", "Connect", "Tx"]),
    (
        "github.com/jackc/pgx/pgxpool",
        "pgxpool",
        &["Connect", "New", "NewWithConfig", "Pool"],
    ),
    (
        "github.com/jackc/pgx/v4/pgxpool",
        "pgxpool",
        &["Connect", "Pool"],
    ),
    (
        "github.com/jackc/pgx/v5/pgxpool",
        "pgxpool",
        &["New", "NewWithConfig", "Pool"],
    ),
    ("github.com/jinzhu/gorm", "gorm", &["DB", "Model", "Open"]),
    (
        "github.com/jmoiron/sqlx",
        "sqlx",
        &["Connect", "DB", "MustConnect", "MustOpen", "Open", "Tx"],
    ),
    (
        "github.com/julienschmidt/httprouter",
        "httprouter",
        &["New"],
    ),
    ("github.com/kataras/iris", "iris", &["Default", "New"]),
    ("github.com/labstack/echo", "echo", &["New"]),
    (
        "github.com/uptrace/bun",
        "bun",
        &["BaseModel", "DB", "NewDB"],
    ),
    (
        "github.com/valyala/fasthttp",
        "fasthttp",
        &["ListenAndServe", "Server"],
    ),
    ("go.etcd.io/bbolt", "bbolt", &["DB", "Open"]),
    (
        "go.mongodb.org/mongo-driver/mongo",
        "mongo",
        &["Collection", "Connect", "Database"],
    ),
    (
        "go.mongodb.org/mongo-driver/v2/mongo",
        "mongo",
        &["Collection", "Connect", "Database"],
    ),
    ("google.golang.org/grpc", "grpc", &["NewServer"]),
    ("gorm.io/gorm", "gorm", &["DB", "Model", "Open"]),
    (
        "net/http",
        "http",
        &[
            "Handle",
            "HandleFunc",
            "ListenAndServe",
            "ListenAndServeTLS",
            "NewServeMux",
            "Serve",
            "ServeTLS",
            "Server",
        ],
    ),
];

/// The items of well-known packages that a file uses.
pub(super) struct Items<'t> {
    text: &'t [u8],
    /// The packages that the file imports, by the name that it uses for each.
    packages: BTreeMap<&'t str, &'static Known>,
}

impl<'t> Items<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            packages: BTreeMap::new(),
        }
    }

    /// Notes an import; `alias` is the name that the file gives it.
    pub(super) fn import(&mut self, path: &str, alias: Option<&'t str>) {
        let plain = without_version(path);
        let known = [path, plain].into_iter().find_map(|path| {
            KNOWN
                .binary_search_by(|(known, ..)| (*known).cmp(path))
                .ok()
        });
        if let Some(at) = known {
            let known = &KNOWN[at];
            self.packages.insert(alias.unwrap_or(known.1), known);
        }
    }

    /// Whether the body can use one of them: else it need not be parsed.
    pub(super) fn promised(&self, body: usize) -> bool {
        let body = self.text.get(body..).unwrap_or_default();
        self.packages.iter().any(|(name, (_, _, items))| {
            let prefix = format!("{name}.");
            memchr::memmem::find_iter(body, &prefix)
                .any(|at| items.contains(&word(&body[at + prefix.len()..])))
        })
    }

    /// The items that a syntax tree uses, each once, with the first place of it.
    pub(super) fn used(&self, root: Node<'_>) -> BTreeMap<String, Range<usize>> {
        let mut found = BTreeMap::new();
        let mut nodes = Nodes::new(root);
        while let Some(node) = nodes.next() {
            let (package, item) = match node.kind() {
                "import_declaration" => {
                    nodes.skip_below();
                    continue;
                }
                "selector_expression" => ("operand", "field"),
                "qualified_type" => ("package", "name"),
                _ => continue,
            };
            let part = |name| {
                node.child_by_field_name(name)
                    .map_or("", |part| syntax::text(part, self.text))
            };
            if let Some((path, _, items)) = self.packages.get(part(package))
                && items.contains(&part(item))
            {
                let name = format!("{path}.{}", part(item));
                found.entry(name).or_insert_with(|| syntax::bytes(node));
            }
        }
        found
    }
}

/// The word at the start of a text.
fn word(text: &[u8]) -> &str {
    let length = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    std::str::from_utf8(&text[..length]).unwrap_or_default()
}

/// A path without its major version at the end.
fn without_version(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((plain, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => plain,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        assert!(
            KNOWN
                .iter()
                .all(|(.., items)| items.is_sorted_by(|a, b| a < b))
        );
    }

    #[test]
    fn a_version_at_the_end_of_a_path_is_cut() {
        assert_eq!(
            without_version("github.com/labstack/echo/v4"),
            "github.com/labstack/echo"
        );
        assert_eq!(
            without_version("example.com/v/vendor"),
            "example.com/v/vendor"
        );
    }
}
