//! What using a package from outside shows of a component.
//!
//! That a package is there shows a capability, which is enough to call a contract impure: its users get the package, too.
//! It is not enough to call a library an implementation: a helper around a driver has no store of its own.
//! That takes an item which defines tables, queries them, or serves routes.

/// Clients of databases and brokers, by ecosystem.
const STORES: &[(&str, &[&str])] = &[
    (
        "cargo",
        &[
            "aws-sdk-dynamodb",
            "cassandra-cpp",
            "clickhouse",
            "diesel",
            "diesel-async",
            "mongodb",
            "mysql",
            "mysql_async",
            "postgres",
            "rusqlite",
            "scylla",
            "sea-orm",
            "sqlx",
            "tiberius",
            "tokio-postgres",
        ],
    ),
    (
        "composer",
        &[
            "doctrine/dbal",
            "doctrine/doctrine-bundle",
            "doctrine/mongodb-odm",
            "doctrine/orm",
            "illuminate/database",
            "laravel/framework",
            "mongodb/mongodb",
            "propel/propel",
        ],
    ),
    (
        "dotnet",
        &[
            "AWSSDK.DynamoDBv2",
            "Aspire.Microsoft.Data.SqlClient",
            "Aspire.Microsoft.EntityFrameworkCore.SqlServer",
            "Aspire.MongoDB.Driver",
            "Aspire.MySqlConnector",
            "Aspire.Npgsql",
            "Aspire.Npgsql.EntityFrameworkCore.PostgreSQL",
            "Aspire.StackExchange.Redis",
            "CassandraCSharpDriver",
            "Dapper",
            "EntityFramework",
            "LiteDB",
            "Marten",
            "Microsoft.Azure.Cosmos",
            "Microsoft.Data.SqlClient",
            "Microsoft.Data.Sqlite",
            "Microsoft.EntityFrameworkCore",
            "Microsoft.EntityFrameworkCore.Cosmos",
            "Microsoft.EntityFrameworkCore.InMemory",
            "Microsoft.EntityFrameworkCore.Relational",
            "Microsoft.EntityFrameworkCore.SqlServer",
            "Microsoft.EntityFrameworkCore.Sqlite",
            "MongoDB.Driver",
            "MySql.Data",
            "MySqlConnector",
            "NHibernate",
            "NPoco",
            "Neo4j.Driver",
            "Npgsql",
            "Npgsql.EntityFrameworkCore.PostgreSQL",
            "Oracle.ManagedDataAccess.Core",
            "Pomelo.EntityFrameworkCore.MySql",
            "RavenDB.Client",
            "ServiceStack.OrmLite",
            "StackExchange.Redis",
            "System.Data.SQLite",
            "System.Data.SqlClient",
            "linq2db",
        ],
    ),
    (
        "gem",
        &[
            "activerecord",
            "mongoid",
            "mysql2",
            "pg",
            "rails",
            "sequel",
            "sqlite3",
        ],
    ),
    (
        "gomod",
        &[
            "cloud.google.com/go/firestore",
            "cloud.google.com/go/spanner",
            "entgo.io/ent",
            "github.com/ClickHouse/clickhouse-go/v2",
            "github.com/go-pg/pg/v10",
            "github.com/go-sql-driver/mysql",
            "github.com/gocql/gocql",
            "github.com/jackc/pgx/v4",
            "github.com/jackc/pgx/v5",
            "github.com/jinzhu/gorm",
            "github.com/jmoiron/sqlx",
            "github.com/lib/pq",
            "github.com/mattn/go-sqlite3",
            "github.com/uptrace/bun",
            "go.etcd.io/bbolt",
            "go.mongodb.org/mongo-driver",
            "go.mongodb.org/mongo-driver/v2",
            "gorm.io/gorm",
            "modernc.org/sqlite",
        ],
    ),
    (
        "maven",
        &[
            "com.amazonaws:aws-java-sdk-dynamodb",
            "com.baomidou:mybatis-plus-boot-starter",
            "com.baomidou:mybatis-plus-spring-boot3-starter",
            "com.clickhouse:clickhouse-jdbc",
            "com.couchbase.client:java-client",
            "com.datastax.oss:java-driver-core",
            "com.h2database:h2",
            "com.microsoft.sqlserver:mssql-jdbc",
            "com.mysql:mysql-connector-j",
            "com.oracle.database.jdbc:ojdbc11",
            "com.oracle.database.jdbc:ojdbc8",
            "com.typesafe.slick:slick_2.12",
            "com.typesafe.slick:slick_2.13",
            "com.typesafe.slick:slick_3",
            "com.zaxxer:HikariCP",
            "dev.morphia.morphia:morphia-core",
            "io.ebean:ebean",
            "io.lettuce:lettuce-core",
            "io.micronaut.data:micronaut-data-hibernate-jpa",
            "io.micronaut.data:micronaut-data-jdbc",
            "io.micronaut.sql:micronaut-jdbc-hikari",
            "io.quarkus:quarkus-hibernate-orm",
            "io.quarkus:quarkus-hibernate-orm-panache",
            "io.quarkus:quarkus-hibernate-reactive-panache",
            "io.quarkus:quarkus-jdbc-h2",
            "io.quarkus:quarkus-jdbc-mysql",
            "io.quarkus:quarkus-jdbc-postgresql",
            "io.quarkus:quarkus-mongodb-client",
            "io.quarkus:quarkus-mongodb-panache",
            "jakarta.persistence:jakarta.persistence-api",
            "javax.persistence:javax.persistence-api",
            "javax.persistence:persistence-api",
            "mysql:mysql-connector-java",
            "net.postgis:postgis-jdbc",
            "org.apache.cassandra:java-driver-core",
            "org.flywaydb:flyway-core",
            "org.hibernate.orm:hibernate-core",
            "org.hibernate:hibernate-core",
            "org.hibernate:hibernate-entitymanager",
            "org.jdbi:jdbi3-core",
            "org.jetbrains.exposed:exposed-core",
            "org.jetbrains.exposed:exposed-jdbc",
            "org.jooq:jooq",
            "org.liquibase:liquibase-core",
            "org.mariadb.jdbc:mariadb-java-client",
            "org.mongodb:mongo-java-driver",
            "org.mongodb:mongodb-driver",
            "org.mongodb:mongodb-driver-kotlin-coroutine",
            "org.mongodb:mongodb-driver-reactivestreams",
            "org.mongodb:mongodb-driver-sync",
            "org.mybatis.spring.boot:mybatis-spring-boot-starter",
            "org.mybatis:mybatis",
            "org.neo4j.driver:neo4j-java-driver",
            "org.postgresql:postgresql",
            "org.postgresql:r2dbc-postgresql",
            "org.scalikejdbc:scalikejdbc_2.12",
            "org.scalikejdbc:scalikejdbc_2.13",
            "org.springframework.boot:spring-boot-starter-data-cassandra",
            "org.springframework.boot:spring-boot-starter-data-couchbase",
            "org.springframework.boot:spring-boot-starter-data-elasticsearch",
            "org.springframework.boot:spring-boot-starter-data-jdbc",
            "org.springframework.boot:spring-boot-starter-data-jpa",
            "org.springframework.boot:spring-boot-starter-data-mongodb",
            "org.springframework.boot:spring-boot-starter-data-mongodb-reactive",
            "org.springframework.boot:spring-boot-starter-data-neo4j",
            "org.springframework.boot:spring-boot-starter-data-r2dbc",
            "org.springframework.boot:spring-boot-starter-data-redis",
            "org.springframework.boot:spring-boot-starter-jdbc",
            "org.springframework.boot:spring-boot-starter-jooq",
            "org.springframework.data:spring-data-jdbc",
            "org.springframework.data:spring-data-jpa",
            "org.springframework.data:spring-data-mongodb",
            "org.springframework.data:spring-data-redis",
            "org.springframework:spring-jdbc",
            "org.springframework:spring-orm",
            "org.tpolecat:doobie-core_2.12",
            "org.tpolecat:doobie-core_2.13",
            "org.tpolecat:doobie-core_3",
            "org.xerial:sqlite-jdbc",
            "redis.clients:jedis",
            "software.amazon.awssdk:dynamodb",
            "software.amazon.awssdk:dynamodb-enhanced",
        ],
    ),
    (
        "hex",
        &[
            "ecto_sql",
            "exandra",
            "exqlite",
            "mariaex",
            "mongodb_driver",
            "myxql",
            "postgrex",
            "tds",
            "xandra",
        ],
    ),
    (
        "npm",
        &[
            "@prisma/client",
            "drizzle-orm",
            "knex",
            "mongodb",
            "mongoose",
            "mysql2",
            "pg",
            "prisma",
            "sequelize",
            "typeorm",
        ],
    ),
    (
        "pub",
        &[
            "drift_postgres",
            "mongo_dart",
            "mysql1",
            "mysql_client",
            "postgres",
        ],
    ),
    (
        "pypi",
        &[
            "asyncpg",
            "django",
            "mongoengine",
            "motor",
            "peewee",
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "pymongo",
            "pymysql",
            "sqlalchemy",
            "tortoise-orm",
        ],
    ),
    (
        "swiftpm",
        &[
            "fluent",
            "fluent-kit",
            "mongo-swift-driver",
            "mysql-nio",
            "postgres-nio",
        ],
    ),
];

/// Web-server frameworks, by ecosystem.
const WEB_SERVERS: &[(&str, &[&str])] = &[
    (
        "cargo",
        &[
            "actix-web",
            "axum",
            "dropshot",
            "gotham",
            "iron",
            "loco-rs",
            "ntex",
            "poem",
            "rocket",
            "rouille",
            "salvo",
            "tide",
            "tiny_http",
            "trillium",
            "warp",
        ],
    ),
    (
        "composer",
        &[
            "cakephp/cakephp",
            "codeigniter4/framework",
            "laminas/laminas-mvc",
            "laravel/framework",
            "mezzio/mezzio",
            "slim/slim",
            "symfony/framework-bundle",
            "yiisoft/yii2",
        ],
    ),
    (
        "dotnet",
        &[
            "Carter",
            "FastEndpoints",
            "Grpc.AspNetCore",
            "Grpc.AspNetCore.Server",
            "HotChocolate.AspNetCore",
            "Microsoft.AspNet.Mvc",
            "Microsoft.AspNet.WebApi",
            "Microsoft.AspNet.WebApi.Core",
            "Microsoft.AspNetCore",
            "Microsoft.AspNetCore.Mvc",
            "Microsoft.AspNetCore.Mvc.Core",
            "Microsoft.AspNetCore.Server.Kestrel",
            "Microsoft.AspNetCore.SignalR",
            "Microsoft.Azure.Functions.Worker",
            "Nancy",
            "ServiceStack",
            "Yarp.ReverseProxy",
        ],
    ),
    ("gem", &["grape", "hanami", "rails", "roda", "sinatra"]),
    (
        "gomod",
        &[
            "github.com/beego/beego/v2",
            "github.com/gin-gonic/gin",
            "github.com/go-chi/chi",
            "github.com/go-chi/chi/v5",
            "github.com/gofiber/fiber/v2",
            "github.com/gofiber/fiber/v3",
            "github.com/gorilla/mux",
            "github.com/julienschmidt/httprouter",
            "github.com/kataras/iris/v12",
            "github.com/labstack/echo/v4",
            "github.com/labstack/echo/v5",
        ],
    ),
    (
        "maven",
        &[
            "com.linecorp.armeria:armeria",
            "com.sparkjava:spark-core",
            "com.typesafe.akka:akka-http_2.12",
            "com.typesafe.akka:akka-http_2.13",
            "com.typesafe.play:play_2.12",
            "com.typesafe.play:play_2.13",
            "dev.zio:zio-http_2.13",
            "dev.zio:zio-http_3",
            "io.dropwizard:dropwizard-core",
            "io.helidon.webserver:helidon-webserver",
            "io.javalin:javalin",
            "io.ktor:ktor-server-cio",
            "io.ktor:ktor-server-core",
            "io.ktor:ktor-server-core-jvm",
            "io.ktor:ktor-server-jetty",
            "io.ktor:ktor-server-netty",
            "io.ktor:ktor-server-netty-jvm",
            "io.micronaut:micronaut-http-server",
            "io.micronaut:micronaut-http-server-netty",
            "io.quarkus:quarkus-rest",
            "io.quarkus:quarkus-rest-jackson",
            "io.quarkus:quarkus-resteasy",
            "io.quarkus:quarkus-resteasy-jackson",
            "io.quarkus:quarkus-resteasy-reactive",
            "io.quarkus:quarkus-resteasy-reactive-jackson",
            "io.quarkus:quarkus-vertx-http",
            "io.undertow:undertow-core",
            "io.vertx:vertx-web",
            "org.apache.pekko:pekko-http_2.12",
            "org.apache.pekko:pekko-http_2.13",
            "org.apache.pekko:pekko-http_3",
            "org.apache.tomcat.embed:tomcat-embed-core",
            "org.eclipse.jetty:jetty-server",
            "org.eclipse.jetty:jetty-servlet",
            "org.glassfish.jersey.containers:jersey-container-grizzly2-http",
            "org.glassfish.jersey.containers:jersey-container-servlet",
            "org.glassfish.jersey.core:jersey-server",
            "org.http4k:http4k-core",
            "org.http4s:http4s-blaze-server_2.13",
            "org.http4s:http4s-ember-server_2.13",
            "org.http4s:http4s-ember-server_3",
            "org.playframework:play_2.13",
            "org.playframework:play_3",
            "org.springframework.boot:spring-boot-starter-jersey",
            "org.springframework.boot:spring-boot-starter-jetty",
            "org.springframework.boot:spring-boot-starter-tomcat",
            "org.springframework.boot:spring-boot-starter-undertow",
            "org.springframework.boot:spring-boot-starter-web",
            "org.springframework.boot:spring-boot-starter-webflux",
            "org.springframework.cloud:spring-cloud-starter-gateway",
            "org.springframework:spring-webflux",
            "org.springframework:spring-webmvc",
        ],
    ),
    (
        "hex",
        &["bandit", "cowboy", "phoenix", "plug_cowboy", "raxx"],
    ),
    (
        "npm",
        &[
            "@nestjs/core",
            "express",
            "fastify",
            "hapi",
            "koa",
            "restify",
        ],
    ),
    (
        "pub",
        &[
            "alfred",
            "angel3_framework",
            "dart_frog",
            "serverpod",
            "shelf",
            "shelf_router",
        ],
    ),
    (
        "pypi",
        &[
            "aiohttp",
            "django",
            "fastapi",
            "flask",
            "sanic",
            "starlette",
            "tornado",
        ],
    ),
    (
        "swiftpm",
        &["hummingbird", "kitura", "perfect-httpserver", "vapor"],
    ),
];

/// Items that define tables or query them, by the namespace of names in code.
const QUERIES: &[(&str, &[&str])] = &[
    ("crate", RUST_QUERIES),
    ("item", GO_QUERIES),
    ("item", NPM_QUERIES),
    ("jvm", JVM_QUERIES),
    ("item", DOTNET_QUERIES),
    ("elixir", ELIXIR_QUERIES),
    ("phpclass", PHP_QUERIES),
    ("pymodule", PYTHON_QUERIES),
    ("rbconst", RUBY_QUERIES),
];

/// Items that serve routes, likewise.
const SERVES: &[(&str, &[&str])] = &[
    ("crate", RUST_SERVES),
    ("item", GO_SERVES),
    ("item", NPM_SERVES),
    ("jvm", JVM_SERVES),
    ("item", DOTNET_SERVES),
    ("elixir", ELIXIR_SERVES),
    ("phpclass", PHP_SERVES),
    ("pymodule", PYTHON_SERVES),
    ("rbconst", RUBY_SERVES),
];

/// Items of Go packages (without the major version) that open a database, work on one or define its tables, sorted.
const GO_QUERIES: &[&str] = &[
    "cloud.google.com/go/firestore.NewClient",
    "cloud.google.com/go/spanner.NewClient",
    "database/sql.Conn",
    "database/sql.DB",
    "database/sql.Open",
    "database/sql.OpenDB",
    "database/sql.Tx",
    "entgo.io/ent.Schema",
    "github.com/dgraph-io/badger.DB",
    "github.com/dgraph-io/badger.Open",
    "github.com/go-pg/pg.Connect",
    "github.com/go-pg/pg.DB",
    "github.com/gocql/gocql.NewCluster",
    "github.com/gocql/gocql.Session",
    "github.com/jackc/pgx.Conn",
    "github.com/jackc/pgx.Connect",
    "github.com/jackc/pgx.Tx",
    "github.com/jackc/pgx/pgxpool.Connect",
    "github.com/jackc/pgx/pgxpool.New",
    "github.com/jackc/pgx/pgxpool.NewWithConfig",
    "github.com/jackc/pgx/pgxpool.Pool",
    "github.com/jackc/pgx/v4/pgxpool.Connect",
    "github.com/jackc/pgx/v4/pgxpool.Pool",
    "github.com/jackc/pgx/v5/pgxpool.New",
    "github.com/jackc/pgx/v5/pgxpool.NewWithConfig",
    "github.com/jackc/pgx/v5/pgxpool.Pool",
    "github.com/jinzhu/gorm.DB",
    "github.com/jinzhu/gorm.Model",
    "github.com/jinzhu/gorm.Open",
    "github.com/jmoiron/sqlx.Connect",
    "github.com/jmoiron/sqlx.DB",
    "github.com/jmoiron/sqlx.MustConnect",
    "github.com/jmoiron/sqlx.MustOpen",
    "github.com/jmoiron/sqlx.Open",
    "github.com/jmoiron/sqlx.Tx",
    "github.com/uptrace/bun.BaseModel",
    "github.com/uptrace/bun.DB",
    "github.com/uptrace/bun.NewDB",
    "go.etcd.io/bbolt.DB",
    "go.etcd.io/bbolt.Open",
    "go.mongodb.org/mongo-driver/mongo.Collection",
    "go.mongodb.org/mongo-driver/mongo.Connect",
    "go.mongodb.org/mongo-driver/mongo.Database",
    "go.mongodb.org/mongo-driver/v2/mongo.Collection",
    "go.mongodb.org/mongo-driver/v2/mongo.Connect",
    "go.mongodb.org/mongo-driver/v2/mongo.Database",
    "gorm.io/gorm.DB",
    "gorm.io/gorm.Model",
    "gorm.io/gorm.Open",
];

/// Items of Go packages that serve requests, sorted.
const GO_SERVES: &[&str] = &[
    "github.com/beego/beego/server/web.Router",
    "github.com/beego/beego/server/web.Run",
    "github.com/gin-gonic/gin.Default",
    "github.com/gin-gonic/gin.New",
    "github.com/go-chi/chi.NewMux",
    "github.com/go-chi/chi.NewRouter",
    "github.com/gofiber/fiber.New",
    "github.com/gorilla/mux.NewRouter",
    "github.com/julienschmidt/httprouter.New",
    "github.com/kataras/iris.Default",
    "github.com/kataras/iris.New",
    "github.com/labstack/echo.New",
    "github.com/valyala/fasthttp.ListenAndServe",
    "github.com/valyala/fasthttp.Server",
    "google.golang.org/grpc.NewServer",
    "net/http.Handle",
    "net/http.HandleFunc",
    "net/http.ListenAndServe",
    "net/http.ListenAndServeTLS",
    "net/http.NewServeMux",
    "net/http.Serve",
    "net/http.ServeTLS",
    "net/http.Server",
];

/// Base classes of .NET's object-relational mappers, and methods that query.
const DOTNET_QUERIES: &[&str] = &[
    "Dapper.Execute",
    "Dapper.ExecuteAsync",
    "Dapper.Query",
    "Dapper.QueryAsync",
    "Dapper.QueryFirstOrDefaultAsync",
    "Dapper.QueryMultipleAsync",
    "Dapper.QuerySingleOrDefaultAsync",
    "Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityDbContext",
    "Microsoft.EntityFrameworkCore.DbContext",
];

/// Applications, base classes and attributes of .NET's web frameworks.
const DOTNET_SERVES: &[&str] = &[
    "Microsoft.AspNetCore.Builder.MapGrpcService",
    "Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder",
    "Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder",
    "Microsoft.AspNetCore.Mvc.ApiController",
    "Microsoft.AspNetCore.Mvc.Controller",
    "Microsoft.AspNetCore.Mvc.ControllerBase",
    "Microsoft.AspNetCore.SignalR.Hub",
    "System.Web.Http.ApiController",
];
/// What makes a module a database, or a change of its tables.
const ELIXIR_QUERIES: &[&str] = &["Ecto.Migration", "Ecto.Repo"];

/// What makes a module a web server, or the routes of one.
const ELIXIR_SERVES: &[&str] = &["Phoenix.Endpoint", "Phoenix.Router", "Plug.Router"];

/// Mappings of Doctrine, models and migrations of Laravel; no connection, which a mere helper may take.
const PHP_QUERIES: &[&str] = &[
    "Doctrine\\ODM\\MongoDB\\Mapping\\Annotations",
    "Doctrine\\ORM\\Mapping",
    "Doctrine\\ORM\\Mapping\\Entity",
    "Illuminate\\Database\\Eloquent\\Model",
    "Illuminate\\Database\\Migrations\\Migration",
    "Illuminate\\Foundation\\Auth\\User",
];

/// Controllers and routes of PHP's web frameworks.
const PHP_SERVES: &[&str] = &[
    "Illuminate\\Routing\\Controller",
    "Illuminate\\Support\\Facades\\Route",
    "Slim\\Factory\\AppFactory",
    "Symfony\\Bundle\\FrameworkBundle\\Controller\\AbstractController",
    "Symfony\\Component\\Routing\\Annotation\\Route",
    "Symfony\\Component\\Routing\\Attribute\\Route",
];

/// Classes from which models and migrations of Ruby are derived.
const RUBY_QUERIES: &[&str] = &[
    "ActiveRecord::Base",
    "ActiveRecord::Migration",
    "Mongoid::Document",
    "Sequel::Model",
];

/// Classes from which controllers and applications of Ruby are derived.
const RUBY_SERVES: &[&str] = &[
    "ActionController::API",
    "ActionController::Base",
    "Grape::API",
    "Hanami::Action",
    "Sinatra::Application",
    "Sinatra::Base",
];

/// Classes from which models are derived, and what makes such a class; no driver, which a mere helper may bring.
const PYTHON_QUERIES: &[&str] = &[
    "beanie.Document",
    "django.contrib.gis.db.models.Model",
    "django.db.models.Model",
    "flask_sqlalchemy.SQLAlchemy",
    "mongoengine.Document",
    "peewee.Model",
    "pony.orm.Database",
    "sqlalchemy.Table",
    "sqlalchemy.ext.automap.automap_base",
    "sqlalchemy.ext.declarative.declarative_base",
    "sqlalchemy.orm.DeclarativeBase",
    "sqlalchemy.orm.declarative_base",
    "sqlalchemy.orm.registry",
    "sqlmodel.SQLModel",
    "tortoise.Model",
    "tortoise.models.Model",
];

/// Applications, routers and servers of Python's web frameworks.
const PYTHON_SERVES: &[&str] = &[
    "aiohttp.web.Application",
    "aiohttp.web.RouteTableDef",
    "aiohttp.web.run_app",
    "bottle.Bottle",
    "connexion.App",
    "connexion.AsyncApp",
    "connexion.FlaskApp",
    "django.core.asgi.get_asgi_application",
    "django.core.wsgi.get_wsgi_application",
    "django.urls.path",
    "django.urls.re_path",
    "falcon.API",
    "falcon.App",
    "falcon.asgi.App",
    "fastapi.APIRouter",
    "fastapi.FastAPI",
    "flask.Blueprint",
    "flask.Flask",
    "grpc.aio.server",
    "grpc.server",
    "litestar.Litestar",
    "quart.Blueprint",
    "quart.Quart",
    "sanic.Blueprint",
    "sanic.Sanic",
    "starlette.applications.Starlette",
    "tornado.web.Application",
    "tornado.web.RequestHandler",
];

/// Items of Rust crates that define tables or query them, sorted.
const RUST_QUERIES: &[&str] = &[
    "diesel::delete",
    "diesel::insert_into",
    "diesel::table",
    "diesel::update",
    "mongodb::Collection",
    "rusqlite::params",
    "sea_orm::DeriveEntityModel",
    "sea_orm::entity",
    "sqlx::FromRow",
    "sqlx::migrate",
    "sqlx::query",
    "sqlx::query_as",
    "sqlx::query_as_unchecked",
    "sqlx::query_file",
    "sqlx::query_file_as",
    "sqlx::query_scalar",
    "sqlx::query_unchecked",
];

/// Items of Rust crates that serve routes, sorted.
const RUST_SERVES: &[&str] = &[
    "actix_web::App",
    "actix_web::HttpServer",
    "actix_web::delete",
    "actix_web::get",
    "actix_web::post",
    "actix_web::put",
    "axum::Server",
    "axum::routing",
    "axum::serve",
    "dropshot::ApiDescription",
    "dropshot::HttpServerStarter",
    "dropshot::ServerBuilder",
    "dropshot::endpoint",
    "iron::Iron",
    "poem::Server",
    "poem::handler",
    "rocket::build",
    "rocket::get",
    "rocket::launch",
    "rocket::post",
    "rocket::routes",
    "rouille::start_server",
    "salvo::Server",
    "tide::new",
    "tiny_http::Server",
    "warp::serve",
];

/// Classes of the JVM that define tables or query them, sorted.
const JVM_QUERIES: &[&str] = &[
    "com.baomidou.mybatisplus.annotation.TableName",
    "io.ebean.Model",
    "io.micronaut.data.annotation.MappedEntity",
    "io.micronaut.data.annotation.Repository",
    "io.micronaut.data.jdbc.annotation.JdbcRepository",
    "io.micronaut.data.mongodb.annotation.MongoRepository",
    "io.quarkus.hibernate.orm.panache.PanacheEntity",
    "io.quarkus.hibernate.orm.panache.PanacheEntityBase",
    "io.quarkus.hibernate.orm.panache.PanacheRepository",
    "io.quarkus.mongodb.panache.PanacheMongoEntity",
    "io.quarkus.mongodb.panache.common.MongoEntity",
    "jakarta.persistence.Embeddable",
    "jakarta.persistence.Entity",
    "jakarta.persistence.EntityManager",
    "jakarta.persistence.MappedSuperclass",
    "jakarta.persistence.Table",
    "javax.jdo.annotations.PersistenceCapable",
    "javax.persistence.Embeddable",
    "javax.persistence.Entity",
    "javax.persistence.EntityManager",
    "javax.persistence.MappedSuperclass",
    "javax.persistence.Table",
    "org.apache.ibatis.annotations.Delete",
    "org.apache.ibatis.annotations.Insert",
    "org.apache.ibatis.annotations.Mapper",
    "org.apache.ibatis.annotations.Select",
    "org.apache.ibatis.annotations.Update",
    "org.jetbrains.exposed.dao.id.IntIdTable",
    "org.jetbrains.exposed.dao.id.LongIdTable",
    "org.jetbrains.exposed.dao.id.UUIDTable",
    "org.jetbrains.exposed.sql.Table",
    "org.jooq.DSLContext",
    "org.springframework.data.cassandra.core.mapping.Table",
    "org.springframework.data.cassandra.repository.CassandraRepository",
    "org.springframework.data.elasticsearch.annotations.Document",
    "org.springframework.data.elasticsearch.repository.ElasticsearchRepository",
    "org.springframework.data.jpa.repository.JpaRepository",
    "org.springframework.data.mongodb.core.MongoTemplate",
    "org.springframework.data.mongodb.core.mapping.Document",
    "org.springframework.data.mongodb.repository.MongoRepository",
    "org.springframework.data.mongodb.repository.ReactiveMongoRepository",
    "org.springframework.data.neo4j.core.schema.Node",
    "org.springframework.data.r2dbc.repository.R2dbcRepository",
    "org.springframework.data.redis.core.RedisHash",
    "org.springframework.data.relational.core.mapping.Table",
    "org.springframework.jdbc.core.JdbcTemplate",
    "org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate",
];

/// Classes and functions of the JVM that serve routes, sorted.
const JVM_SERVES: &[&str] = &[
    "akka.http.scaladsl.server.Directives",
    "akka.http.scaladsl.server.Route",
    "com.linecorp.armeria.server.Server",
    "com.linecorp.armeria.server.annotation.Get",
    "com.linecorp.armeria.server.annotation.Post",
    "io.javalin.Javalin",
    "io.ktor.server.application.Application",
    "io.ktor.server.engine.embeddedServer",
    "io.ktor.server.routing.Route",
    "io.ktor.server.routing.get",
    "io.ktor.server.routing.post",
    "io.ktor.server.routing.routing",
    "io.micronaut.http.annotation.Controller",
    "io.vertx.ext.web.Router",
    "jakarta.ws.rs.GET",
    "jakarta.ws.rs.POST",
    "jakarta.ws.rs.Path",
    "javax.ws.rs.GET",
    "javax.ws.rs.POST",
    "javax.ws.rs.Path",
    "net.devh.boot.grpc.server.service.GrpcService",
    "org.apache.pekko.http.scaladsl.server.Directives",
    "org.apache.pekko.http.scaladsl.server.Route",
    "org.lognet.springboot.grpc.GRpcService",
    "org.springframework.grpc.server.service.GrpcService",
    "org.springframework.stereotype.Controller",
    "org.springframework.web.bind.annotation.RestController",
    "org.springframework.web.reactive.function.server.RouterFunction",
    "org.springframework.web.servlet.function.RouterFunction",
    "play.api.mvc.AbstractController",
    "play.api.mvc.BaseController",
];

/// Classes of the JVM that start a program, sorted.
const JVM_STARTS: &[&str] = &[
    "io.dropwizard.Application",
    "io.dropwizard.core.Application",
    "io.micronaut.runtime.Micronaut",
    "io.quarkus.runtime.Quarkus",
    "io.quarkus.runtime.QuarkusApplication",
    "io.quarkus.runtime.annotations.QuarkusMain",
    "org.springframework.boot.SpringApplication",
    "org.springframework.boot.autoconfigure.SpringBootApplication",
    "org.springframework.boot.runApplication",
];

/// Items of npm packages that define tables or query them, sorted.
const NPM_QUERIES: &[&str] = &[
    "@mikro-orm/core#Entity",
    "@mikro-orm/core#EntitySchema",
    "@nestjs/mongoose#Schema",
    "@nestjs/mongoose#SchemaFactory",
    "@nestjs/typeorm#InjectRepository",
    "@prisma/client#PrismaClient",
    "@typegoose/typegoose#getModelForClass",
    "@typegoose/typegoose#prop",
    "drizzle-orm/mysql-core#mysqlTable",
    "drizzle-orm/pg-core#pgSchema",
    "drizzle-orm/pg-core#pgTable",
    "drizzle-orm/sqlite-core#sqliteTable",
    "mongoose#Schema",
    "mongoose#model",
    "objection#Model",
    "sequelize#DataTypes",
    "sequelize#Model",
    "sequelize-typescript#Table",
    "typeorm#Entity",
    "typeorm#EntitySchema",
];

/// Items of npm packages that serve routes, sorted; `default` is what the package itself does when called.
const NPM_SERVES: &[&str] = &[
    "@apollo/server#ApolloServer",
    "@hapi/hapi#Server",
    "@hapi/hapi#server",
    "@hono/node-server#serve",
    "@koa/router#default",
    "@nestjs/common#Controller",
    "@nestjs/core#NestFactory",
    "@nestjs/graphql#Resolver",
    "apollo-server#ApolloServer",
    "elysia#Elysia",
    "express#Router",
    "express#default",
    "fastify#default",
    "fastify#fastify",
    "hono#Hono",
    "koa#default",
    "koa-router#default",
    "polka#default",
    "restify#createServer",
    "routing-controllers#Controller",
    "routing-controllers#JsonController",
    "type-graphql#Resolver",
];

/// Whether using this item means having tables; `namespace` is that of names in code (`crate`).
pub(super) fn queries(namespace: &str, item: &str) -> bool {
    listed(QUERIES, namespace, item)
}

/// Whether using this item means serving routes.
pub(super) fn serves(namespace: &str, item: &str) -> bool {
    listed(SERVES, namespace, item)
}

/// Whether using this item means starting a program.
pub(super) fn starts(namespace: &str, item: &str) -> bool {
    listed(&[("jvm", JVM_STARTS)], namespace, item)
}

/// Whether using this package means bringing a driver of a store.
pub(super) fn is_store(ecosystem: &str, package: &str) -> bool {
    listed(STORES, ecosystem, package)
}

/// Whether using this package means bringing a web-server framework.
pub(super) fn is_web_server(ecosystem: &str, package: &str) -> bool {
    listed(WEB_SERVERS, ecosystem, package)
}

fn listed(lists: &[(&str, &[&str])], ecosystem: &str, package: &str) -> bool {
    lists
        .iter()
        .any(|(name, packages)| *name == ecosystem && packages.binary_search(&package).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        for (ecosystem, packages) in STORES.iter().chain(WEB_SERVERS) {
            assert!(packages.is_sorted_by(|a, b| a < b), "{ecosystem}");
        }
        for (namespace, items) in QUERIES.iter().chain(SERVES) {
            assert!(items.is_sorted_by(|a, b| a < b), "{namespace}");
        }
        assert!(JVM_STARTS.is_sorted_by(|a, b| a < b));
        assert!(queries("crate", "sqlx::query_as"));
        assert!(queries("jvm", "jakarta.persistence.Embeddable"));
        assert!(queries("pymodule", "django.db.models.Model"));
        assert!(!queries("pymodule", "django.db.models"));
        assert!(!serves("crate", "axum::Json"));
        assert!(is_store("cargo", "sqlx"));
        assert!(!is_store("npm", "sqlx"));
        assert!(is_web_server("pypi", "fastapi"));
    }
}
