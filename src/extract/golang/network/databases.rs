//! Which libraries connect to stores, and where are they told the address?

use std::borrow::Cow;

use Place::{Argument, Field};

use super::libraries::{self, within};

pub(super) const MONGO: &str = "go.mongodb.org/mongo-driver";

/// A library that connects to stores of one engine; without an engine, the driver that is named in front of the address tells.
struct Library {
    /// Its paths, without versions.
    paths: &'static [&'static str],
    engine: &'static str,
    places: &'static [Place],
}

/// Where a library is told the address.
pub(super) enum Place {
    /// A function, and which of its arguments.
    Argument(&'static str, usize),
    /// A struct of settings, and which of its fields.
    Field(&'static str, &'static str),
}

const LIBRARIES: &[Library] = &[
    Library {
        paths: &[
            "database/sql",
            "github.com/XSAM/otelsql",
            "github.com/jinzhu/gorm",
            "gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql",
        ],
        engine: "",
        places: &[Argument("Open", 1)],
    },
    Library {
        paths: &[
            "github.com/ClickHouse/clickhouse-go",
            "github.com/uptrace/go-clickhouse",
        ],
        engine: "clickhouse",
        places: &[Field("Options", "Addr")],
    },
    Library {
        paths: &["github.com/DATA-DOG/go-txdb"],
        engine: "",
        places: &[Argument("Register", 2)],
    },
    Library {
        paths: &["github.com/aerospike/aerospike-client-go"],
        engine: "aerospike",
        places: &[Argument("NewClient", 0)],
    },
    Library {
        paths: &["github.com/bradfitz/gomemcache/memcache"],
        engine: "memcached",
        places: &[Argument("New", 0)],
    },
    Library {
        paths: &["github.com/elastic/go-elasticsearch"],
        engine: "elasticsearch",
        places: &[Field("Config", "Addresses")],
    },
    Library {
        paths: &[
            "github.com/globalsign/mgo",
            "gopkg.in/mgo",
            "gopkg.in/mgo.v2",
        ],
        engine: "mongo",
        places: &[Argument("Dial", 0)],
    },
    Library {
        paths: &["github.com/go-pg/pg"],
        engine: "postgres",
        places: &[Field("Options", "Addr")],
    },
    Library {
        paths: &["github.com/go-redis/redis", "github.com/redis/go-redis"],
        engine: "redis",
        places: &[
            Argument("ParseURL", 0),
            Field("ClusterOptions", "Addrs"),
            Field("FailoverOptions", "SentinelAddrs"),
            Field("Options", "Addr"),
            Field("UniversalOptions", "Addrs"),
        ],
    },
    Library {
        paths: &["github.com/gocql/gocql"],
        engine: "cassandra",
        places: &[Argument("NewCluster", 0)],
    },
    Library {
        paths: &["github.com/gomodule/redigo/redis"],
        engine: "redis",
        places: &[
            Argument("Dial", 1),
            Argument("DialContext", 2),
            Argument("DialURL", 0),
        ],
    },
    Library {
        paths: &["github.com/influxdata/influxdb-client-go"],
        engine: "influxdb",
        places: &[Argument("NewClient", 0)],
    },
    Library {
        paths: &["github.com/jackc/pgx"],
        engine: "postgres",
        places: &[Argument("Connect", 1), Argument("ParseConfig", 0)],
    },
    Library {
        paths: &["github.com/jackc/pgx/pgxpool"],
        engine: "postgres",
        places: &[
            Argument("Connect", 1),
            Argument("New", 1),
            Argument("ParseConfig", 0),
        ],
    },
    Library {
        paths: &["github.com/jmoiron/sqlx"],
        engine: "",
        places: &[
            Argument("Connect", 1),
            Argument("ConnectContext", 2),
            Argument("MustConnect", 1),
            Argument("MustOpen", 1),
            Argument("Open", 1),
        ],
    },
    Library {
        paths: &["github.com/minio/minio-go"],
        engine: "minio",
        places: &[Argument("New", 0)],
    },
    Library {
        paths: &["github.com/neo4j/neo4j-go-driver/neo4j"],
        engine: "neo4j",
        places: &[
            Argument("NewDriver", 0),
            Argument("NewDriverWithContext", 0),
        ],
    },
    Library {
        paths: &["github.com/olivere/elastic"],
        engine: "elasticsearch",
        places: &[Argument("SetURL", 0)],
    },
    Library {
        paths: &["github.com/opensearch-project/opensearch-go"],
        engine: "opensearch",
        places: &[Field("Config", "Addresses")],
    },
    Library {
        paths: &["github.com/redis/rueidis"],
        engine: "redis",
        places: &[Field("ClientOption", "InitAddress")],
    },
    Library {
        paths: &["go.etcd.io/etcd/client", "go.etcd.io/etcd/clientv3"],
        engine: "etcd",
        places: &[Field("Config", "Endpoints")],
    },
    Library {
        paths: &["gorm.io/driver/clickhouse"],
        engine: "clickhouse",
        places: &[Argument("Open", 0)],
    },
    Library {
        paths: &["gorm.io/driver/mysql"],
        engine: "mysql",
        places: &[Argument("Open", 0), Field("Config", "DSN")],
    },
    Library {
        paths: &["gorm.io/driver/postgres"],
        engine: "postgres",
        places: &[Argument("Open", 0), Field("Config", "DSN")],
    },
    Library {
        paths: &["gorm.io/driver/sqlserver"],
        engine: "mssql",
        places: &[Argument("Open", 0)],
    },
];

/// Whether a file that imports a package is worth to be read for stores.
pub(super) fn concerns(path: &str) -> bool {
    if libraries::is_standard(path) {
        return path == "database/sql";
    }
    let plain = without_versions(path);
    let mut paths = LIBRARIES.iter().flat_map(|library| library.paths);
    paths.any(|library| plain == *library) || within(path, MONGO)
}

/// Whether a path is the one of a library, with its version anywhere.
pub(super) fn of(path: &str, library: &str) -> bool {
    path == library || without_versions(path) == library
}

/// A path without parts such as `v5`.
fn without_versions(path: &str) -> Cow<'_, str> {
    let is_version = |part: &str| {
        let number = part.strip_prefix('v').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !path.split('/').any(is_version) {
        return Cow::Borrowed(path);
    }
    let plain: Vec<&str> = path.split('/').filter(|part| !is_version(part)).collect();
    Cow::Owned(plain.join("/"))
}

/// The engine of the library at a path, and what is wanted of where it is told the address.
pub(super) fn at<T>(path: &str, wanted: impl Fn(&Place) -> Option<T>) -> Option<(&'static str, T)> {
    LIBRARIES.iter().find_map(|library| {
        let place = library.places.iter().find_map(&wanted)?;
        let is_it = library.paths.iter().any(|known| of(path, known));
        is_it.then_some((library.engine, place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_anywhere_in_a_path() {
        assert!(concerns("github.com/jackc/pgx/v5/pgxpool"));
        assert!(concerns("github.com/redis/go-redis/v9"));
        assert!(concerns("go.etcd.io/etcd/client/v3"));
        assert!(!concerns("github.com/jackc/pgx/v5/pgtype"));
    }
}
