//! What a path alone tells of a file: its language, what the code is for, whether strangers wrote it.
//!
//! Folders count as whole segments and only where the name has no second meaning: a file that wrongly counts as
//! a test is never judged.

use super::language::language;
use crate::model::{Context, FileClass, Language};

/// The class of a path, before `.gitattributes`.
pub fn classify(path: &str) -> FileClass {
    classify_with(path, None, None)
}

/// The class of a path whose `.gitattributes` may say that a machine or a stranger wrote it.
pub(super) fn classify_with(
    path: &str,
    generated: Option<bool>,
    vendored: Option<bool>,
) -> FileClass {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let language = match language(name) {
        Language::Other if is_message(folders, name) => Language::Idl,
        language => language,
    };
    let lower = folders.to_ascii_lowercase();
    let folders = Folders {
        all: lower
            .split('/')
            .filter(|folder| !folder.is_empty())
            .collect(),
    };
    let vendored = vendored.unwrap_or_else(|| folders.are_vendored());
    let is_generated =
        generated.unwrap_or_else(|| folders.are_generated(language) || is_generated_name(name));
    let context = if !language.is_code() && language != Language::Data {
        // Contracts hold wherever they lie; prose depends on nothing.
        Context::Production
    } else if is_generated {
        Context::Generated
    } else if folders.are_test(language) || (!folders.in_main() && is_test_name(name, language)) {
        Context::Test
    } else if folders.are_development(language) || is_development_name(name) {
        Context::Development
    } else if is_build_name(name, language) {
        Context::Build
    } else {
        Context::Production
    };
    FileClass {
        language,
        context,
        vendored,
    }
}

/// Messages, services and actions of ROS lie in folders that are called like their endings: `msg/Cart.msg`.
fn is_message(folders: &str, name: &str) -> bool {
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "msg" | "srv" | "action") && folder == ending
}

/// The folders above a file, from the root, in lower case.
struct Folders<'a> {
    all: Vec<&'a str>,
}

impl Folders<'_> {
    /// Below `src/main` folders are packages, whose names mean what their authors like (`com/example/demo`).
    fn structural(&self) -> &[&str] {
        let main = self.all.windows(2).position(|pair| pair == ["src", "main"]);
        &self.all[..main.unwrap_or(self.all.len())]
    }

    fn in_main(&self) -> bool {
        self.structural().len() < self.all.len()
    }

    fn are_test(&self, language: Language) -> bool {
        let folders = self.structural();
        folders.iter().enumerate().any(|(at, folder)| {
            let before = at.checked_sub(1).and_then(|at| folders.get(at));
            // Gradle names further sets of sources: `src/componentTest/java`.
            let next = folders.get(at + 1);
            let is_set = folder.ends_with("test")
                && before == Some(&"src")
                && matches!(
                    next,
                    Some(&("groovy" | "java" | "kotlin" | "resources" | "scala"))
                );
            is_test_folder(folder, language)
                || is_set
                || matches!(*folder, "it" | "multi-jvm")
                    && matches!(before, Some(&("src" | "tests")))
        })
    }

    fn are_development(&self, language: Language) -> bool {
        let folders = self.structural();
        // `src/sample` of a Rust package is a module like any other.
        let end = match language {
            Language::Rust => folders.iter().position(|folder| *folder == "src"),
            _ => None,
        };
        let folders = &folders[..end.unwrap_or(folders.len())];
        folders.windows(2).any(|pair| pair == ["scripts", "dev"])
            || folders.iter().any(|folder| {
                matches!(
                    *folder,
                    ".devcontainer"
                        | "example"
                        | "examples"
                        | "sample"
                        | "samples"
                        | "demo"
                        | "demos"
                        | ".storybook"
                )
            })
    }

    /// Folders of output; `build`, `dist` and `target` also hold what people write, so what they hold must fit.
    fn are_generated(&self, language: Language) -> bool {
        let is_script = matches!(language, Language::JavaScript | Language::TypeScript);
        let below = |at: usize| self.all.get(at + 1).copied().unwrap_or("");
        self.all
            .iter()
            .enumerate()
            .any(|(at, folder)| match *folder {
                "generated" | "__generated__" | "genproto" | "generated-sources"
                | "generated-src" | "node_modules" | "bower_components" => true,
                "dist" => is_script && !self.all[..at].contains(&"src"),
                "build" => matches!(
                    below(at),
                    "classes"
                        | "generated"
                        | "intermediates"
                        | "libs"
                        | "reports"
                        | "resources"
                        | "static"
                        | "tmp"
                ),
                "target" => matches!(
                    below(at),
                    "classes"
                        | "debug"
                        | "doc"
                        | "package"
                        | "release"
                        | "surefire-reports"
                        | "test-classes"
                ),
                folder => folder.strip_prefix("gen-").is_some_and(is_generator_target),
            })
    }

    /// Foreign code; `services/vendor` is a service about vendors.
    fn are_vendored(&self) -> bool {
        self.structural()
            .iter()
            .enumerate()
            .any(|(at, folder)| match *folder {
                "third_party" | "third-party" | "node_modules" | "bower_components" => true,
                "vendor" => !self.all[..at].iter().any(|above| {
                    matches!(
                        *above,
                        "src"
                            | "app"
                            | "apps"
                            | "cmd"
                            | "components"
                            | "crates"
                            | "domain"
                            | "domains"
                            | "features"
                            | "internal"
                            | "libs"
                            | "modules"
                            | "packages"
                            | "pkg"
                            | "services"
                    )
                }),
                _ => false,
            })
    }
}

fn is_test_folder(folder: &str, language: Language) -> bool {
    match folder {
        "test" | "tests" | "__tests__" | "testdata" | "test-data" | "test_data" | "fixtures"
        | "__fixtures__" | "e2e" | "benches" | "integration-test" | "integration-tests"
        | "integration_test" | "integration_tests" | "integrationtest" | "integrationtests"
        | "androidtest" | "testfixtures" => true,
        // A Rust folder of these names is as often a module of the product.
        "testing" | "mocks" | "__mocks__" | "cypress" | "playwright" => language != Language::Rust,
        // What Ruby gems offer to the tests of others.
        "testing_support" | "test_support" => language == Language::Ruby,
        // Test data, as PHP's frameworks name it.
        "_fixture" | "_fixtures" => true,
        // Elsewhere a specification.
        "spec" | "specs" => matches!(
            language,
            Language::JavaScript | Language::Php | Language::Ruby | Language::TypeScript
        ),
        folder => is_test_project(folder, language),
    }
}

/// Projects are named after what they test: `acme.billing.unittests`, `shop-e2e`, `orders-it`.
fn is_test_project(folder: &str, language: Language) -> bool {
    let last = folder.rsplit_once('.').map(|(_, last)| last);
    let is_dotnet = matches!(
        last,
        Some(
            "test"
                | "tests"
                | "unittests"
                | "functionaltests"
                | "integrationtests"
                | "acceptancetests"
        )
    );
    let is_jvm = matches!(
        language,
        Language::Java | Language::Kotlin | Language::Scala
    );
    is_dotnet || folder.ends_with("-e2e") || is_jvm && folder.ends_with("-it")
}

/// What test runners look for in file names.
fn is_test_name(name: &str, language: Language) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let ends = |suffixes: &[&str]| {
        suffixes
            .iter()
            .any(|suffix| stem.len() > suffix.len() && stem.ends_with(suffix))
    };
    match language {
        Language::Go | Language::Dart | Language::Elixir => ends(&["_test"]),
        Language::Rust => matches!(stem, "test" | "tests") || ends(&["_test", "_tests"]),
        Language::Ruby => ends(&["_spec", "_test"]),
        Language::C | Language::Cpp => ends(&["_test", "_tests", "_unittest"]),
        Language::Python => {
            stem == "conftest" || stem.starts_with("test_") || ends(&["_test", "_tests"])
        }
        Language::JavaScript | Language::TypeScript => {
            ends(&[
                ".test",
                ".spec",
                ".cy",
                ".e2e",
                ".e2e-spec",
                ".test-d",
                ".bench",
            ]) || ["cypress", "jest", "karma", "playwright", "vitest"]
                .iter()
                .any(|runner| {
                    let rest = stem.strip_prefix(runner);
                    rest.is_some_and(|rest| {
                        rest.starts_with(".config")
                            || rest.starts_with(".setup")
                            || rest.starts_with(".workspace")
                    })
                })
        }
        Language::Java | Language::Kotlin | Language::Scala => {
            ends(&["Test", "Tests", "TestCase", "Spec"]) || is_integration_test(stem)
        }
        Language::CSharp | Language::FSharp | Language::Swift | Language::Php => {
            ends(&["Test", "Tests"])
        }
        Language::Shell => name.ends_with(".bats"),
        _ => false,
    }
}

/// Configuration of bundlers, linters and compilers, written as code: `vite.config.ts`, `.eslintrc.cjs`, `gulpfile.js`.
fn is_build_name(name: &str, language: Language) -> bool {
    if !matches!(language, Language::JavaScript | Language::TypeScript) {
        return false;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let tool = stem.strip_suffix(".config").or_else(|| {
        // `webpack.config.prod`, `vite.config.lib`
        stem.rsplit_once('.')
            .and_then(|(stem, _)| stem.strip_suffix(".config"))
    });
    matches!(
        tool,
        Some(
            "babel"
                | "commitlint"
                | "esbuild"
                | "eslint"
                | "metro"
                | "postcss"
                | "prettier"
                | "rollup"
                | "rspack"
                | "stylelint"
                | "svelte"
                | "swc"
                | "tailwind"
                | "tsdown"
                | "tsup"
                | "unbuild"
                | "vite"
                | "webpack"
        )
    ) || matches!(
        stem,
        ".eslintrc" | ".prettierrc" | ".stylelintrc" | ".babelrc" | "gulpfile" | "Gruntfile"
    )
}

/// `OrderIT`, but not `AUDIT`.
fn is_integration_test(stem: &str) -> bool {
    stem.strip_suffix("IT")
        .is_some_and(|stem| stem.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
}

/// `docker-compose.override.yml`, `compose.ci.yaml`: what a developer's or a build machine adds; `Cart.stories.tsx`.
fn is_development_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if [
        ".stories.ts",
        ".stories.tsx",
        ".stories.js",
        ".stories.jsx",
        ".stories.vue",
        ".stories.svelte",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
    {
        return true;
    }
    let rest = lower.strip_prefix("docker-").unwrap_or(&lower);
    let Some(rest) = rest.strip_prefix("compose") else {
        return false;
    };
    let mut words = rest.split(['.', '-', '_']);
    matches!(lower.rsplit('.').next(), Some("yml" | "yaml"))
        && words.any(|word| {
            matches!(
                word,
                "override" | "dev" | "development" | "local" | "test" | "ci"
            )
        })
}

/// What generators call their files.
fn is_generated_name(name: &str) -> bool {
    const ENDS: &[&str] = &[
        ".pb.go",
        ".pb.gw.go",
        "_pb2.py",
        "_pb2.pyi",
        "_pb2_grpc.py",
        ".pb.cc",
        ".pb.h",
        ".pb.swift",
        ".pb.dart",
        ".g.dart",
        ".freezed.dart",
        ".g.cs",
        ".designer.cs",
        "_pb.js",
        "_pb.ts",
        "_pb.d.ts",
        "_grpc_pb.js",
        "_pb_service.js",
        ".min.js",
    ];
    let lower = name.to_ascii_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end))
        || lower.contains(".generated.")
        || lower.starts_with("zz_generated")
        || name.ends_with("Grpc.java") && name != "Grpc.java"
}

/// The languages of `thrift --gen`, which writes into `gen-<language>`; <https://thrift.apache.org/docs/Languages>.
fn is_generator_target(language: &str) -> bool {
    matches!(
        language,
        "cpp"
            | "csharp"
            | "d"
            | "dart"
            | "delphi"
            | "erl"
            | "go"
            | "java"
            | "javame"
            | "js"
            | "kotlin"
            | "lua"
            | "netstd"
            | "nodejs"
            | "ocaml"
            | "perl"
            | "php"
            | "py"
            | "rb"
            | "rs"
            | "st"
            | "swift"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(context: Context, paths: &[&str]) {
        for path in paths {
            assert_eq!(classify(path).context, context, "{path}");
        }
    }

    #[test]
    fn test_code() {
        all(
            Context::Test,
            &[
                "tests/it/main.rs",
                "crates/cart/benches/fold.rs",
                "crates/cart/src/tests.rs",
                "crates/cart/src/parser_tests.rs",
                "tests/it/config.yaml",
                "pkg/cart/cart_test.go",
                "web/src/App.spec.tsx",
                "web/src/__tests__/App.tsx",
                "spec/models/cart_spec.rb",
                "src/test/java/com/acme/Cart.java",
                "src/it/java/com/acme/Cart.java",
                "src/multi-jvm/scala/com/acme/Cart.scala",
                "cart/CartTest.java",
                "cart/CartIT.java",
                "cart-it/pom/Cart.java",
                "src/Acme.Cart.UnitTests/Helper.cs",
                "Tests/CartTests.swift",
                "service/test_cart.py",
                "service/conftest.py",
                "shop-e2e/run.ts",
                "web/jest.config.js",
                "web/vitest.setup.ts",
                "web/src/types.test-d.ts",
            ],
        );
    }

    #[test]
    fn tempting_names_are_production() {
        all(
            Context::Production,
            &[
                "latest/main.go",
                "contest/lib.rs",
                "src/testing_tools.rs",
                "src/test_util.rs",
                "src/testing/mod.rs",
                "src/attestation/lib.rs",
                "node/chain/spec/src/lib.rs",
                "specs/orders.yaml",
                "pkg/spec/spec.go",
                "it/locale.py",
                "src/orders/it/greeting.rb",
                "audit-it.rs",
                "src/Latest.java",
                "src/AUDIT.java",
                "src/Test.java",
                "src/main/java/com/example/demo/test/Cart.java",
                "src/transforms/sample/mod.rs",
                "examples_service/main.py",
                "src/build/mod.rs",
                "build/Dockerfile",
                "src/target/mod.rs",
                "tools/target/linux.rs",
                "src/dist/zip.rs",
                "gen-ai/main.py",
                "src/generator.rs",
                "compose.yaml",
                "compose.production.yaml",
                "testimony.py",
                "web/app.config.ts",
                "web/next.config.mjs",
                "web/jest.ts",
                "web/src/stories.ts",
                "web/src/vite.ts",
            ],
        );
    }

    #[test]
    fn contracts_and_prose_are_never_tests() {
        all(
            Context::Production,
            &[
                "tests/orders.proto",
                "test/openapi.yaml",
                "examples/schema.graphql",
                "fixtures/README.md",
            ],
        );
    }

    #[test]
    fn configuration_of_build_tools_is_build_code() {
        all(
            Context::Build,
            &[
                "web/vite.config.ts",
                "web/webpack.config.prod.js",
                "eslint.config.mjs",
                ".eslintrc.cjs",
                "gulpfile.js",
            ],
        );
    }

    #[test]
    fn development_and_generated() {
        all(
            Context::Development,
            &[
                "examples/hello.rs",
                "crates/cart/examples/hello.rs",
                "samples/app/main.py",
                ".devcontainer/devcontainer.json",
                "docker-compose.override.yml",
                "compose.ci.yaml",
                "scripts/dev/up.sh",
                "web/src/Cart.stories.tsx",
                "web/.storybook/preview.ts",
            ],
        );
        all(
            Context::Generated,
            &[
                "api/cart.pb.go",
                "api/cart_pb2_grpc.py",
                "gen-py/cart/ttypes.py",
                "src/frontend/genproto/demo.go",
                "src/generated/client.rs",
                "web/dist/main.js",
                "build/generated/source/Cart.java",
                "target/debug/build/cart/out/cart.rs",
                "Forms/Main.Designer.cs",
                "proto/CartGrpc.java",
                // Both hold; the stronger one counts.
                "tests/generated/cart.rs",
            ],
        );
    }

    #[test]
    fn vendored_code() {
        for path in [
            "vendor/github.com/acme/a.go",
            "third_party/zlib/a.c",
            "web/node_modules/x/i.js",
        ] {
            assert!(classify(path).vendored, "{path}");
        }
        for path in [
            "services/vendor/main.rs",
            "src/vendor/mod.rs",
            "src/main/java/com/acme/vendor/A.java",
            "vendors/a.rs",
        ] {
            assert!(!classify(path).vendored, "{path}");
        }
    }
}
