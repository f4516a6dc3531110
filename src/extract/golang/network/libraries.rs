//! Paths of Go packages: versions in them, the standard library, and libraries that are nobody's own code.

/// The first parts of paths of the standard library.
///
/// Source: <https://pkg.go.dev/std>
const STANDARD: &[&str] = &[
    "C",
    "archive",
    "bufio",
    "builtin",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "weak",
];

/// Libraries whose names lead to no address of their own.
const LIBRARIES: &[&str] = &[
    "cloud.google.com/go",
    "github.com/IBM/sarama",
    "github.com/Shopify/sarama",
    "github.com/aws/aws-sdk-go",
    "github.com/aws/aws-sdk-go-v2",
    "github.com/gin-gonic/gin",
    "github.com/go-chi/chi",
    "github.com/go-redis/redis",
    "github.com/gofiber/fiber",
    "github.com/gorilla/mux",
    "github.com/jackc/pgx",
    "github.com/labstack/echo",
    "github.com/nats-io/nats.go",
    "github.com/pkg/errors",
    "github.com/prometheus",
    "github.com/rabbitmq/amqp091-go",
    "github.com/redis/go-redis",
    "github.com/rs/zerolog",
    "github.com/segmentio/kafka-go",
    "github.com/sirupsen/logrus",
    "github.com/spf13",
    "github.com/streadway/amqp",
    "github.com/stretchr/testify",
    "go.mongodb.org",
    "go.opentelemetry.io",
    "go.uber.org",
    "golang.org/x",
    "google.golang.org/grpc",
    "google.golang.org/protobuf",
    "gorm.io",
    "k8s.io",
    "sigs.k8s.io",
];

/// Whether a path belongs to the standard library or to a well-known library.
pub(super) fn is_known(path: &str) -> bool {
    is_standard(path) || LIBRARIES.iter().any(|library| within(path, library))
}

/// Whether the path of a package says that a machine made it from an interface.
pub(super) fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.ends_with("pb")
        || name.ends_with("grpc")
        || name.ends_with("rpc")
        || path.split('/').any(|part| {
            matches!(
                part,
                "gen" | "genproto" | "pb" | "proto" | "protobuf" | "protos" | "rpc" | "stubs"
            )
        })
}

/// Whether a package is of the standard library.
pub(super) fn is_standard(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    STANDARD.binary_search(&first).is_ok()
}

/// Whether a path is the one of a library, whatever its major version.
pub(super) fn is(path: &str, library: &str) -> bool {
    let rest = path.strip_prefix(library);
    rest.is_some_and(|rest| rest.is_empty() || is_version(rest))
}

/// Whether a path is the one of a library or of a package in it.
pub(super) fn within(path: &str, library: &str) -> bool {
    let rest = path.strip_prefix(library);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `/v2`, or `.v2` of gopkg.in.
fn is_version(rest: &str) -> bool {
    let number = rest.strip_prefix("/v").or(rest.strip_prefix(".v"));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The name that a package most likely gives to itself: the last part of its path without a version.
pub(super) fn name(path: &str) -> &str {
    let plain = match path.rsplit_once("/v") {
        Some((plain, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => plain,
        _ => path,
    };
    let last = plain.rsplit('/').next().unwrap_or_default();
    let last = last.split_once(".v").map_or(last, |(name, _)| name);
    let last = last.strip_prefix("go-").unwrap_or(last);
    last.strip_suffix("-go")
        .or(last.strip_suffix(".go"))
        .unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_without_versions() {
        assert!(STANDARD.is_sorted() && LIBRARIES.is_sorted());
        assert!(is(
            "github.com/labstack/echo/v4",
            "github.com/labstack/echo"
        ));
        assert!(!is(
            "github.com/labstack/echo/v4/middleware",
            "github.com/labstack/echo"
        ));
        assert!(is_known("github.com/labstack/echo/v4/middleware"));
        assert!(is_known("net/http") && !is_known("shop/cart"));
    }

    #[test]
    fn packages_have_names() {
        for (path, expected) in [
            ("github.com/labstack/echo/v4", "echo"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/nats-io/nats.go", "nats"),
            ("github.com/go-redis/redis/v9", "redis"),
            ("github.com/segmentio/kafka-go", "kafka"),
            ("net/http", "http"),
        ] {
            assert_eq!(name(path), expected, "{path}");
        }
    }
}
