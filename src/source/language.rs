//! Which language or format a file is in, by its name alone.

use crate::model::Language;

/// The language of a file name; what nobody here could read anything from is `Other`.
pub fn language(name: &str) -> Language {
    let lower = name.to_ascii_lowercase();
    if let Some(language) = by_name(&lower) {
        return language;
    }
    let Some((stem, extension)) = lower.rsplit_once('.') else {
        return Language::Other;
    };
    if matches!(extension, "json" | "yaml" | "yml") && is_description(stem) {
        return Language::Idl;
    }
    by_extension(extension)
}

/// Names that say more than their extension does.
fn by_name(name: &str) -> Option<Language> {
    let stem = name.split('.').next().unwrap_or(name);
    let language = match name {
        "rakefile" | "guardfile" | "capfile" | "config.ru" => Language::Ruby,
        "gemfile" | "pipfile" | "procfile" | "jenkinsfile" | "vagrantfile" | "tiltfile"
        | "earthfile" | "caddyfile" | "justfile" | "makefile" | "gnumakefile"
        | "cmakelists.txt" | "go.mod" | "go.sum" | "go.work" | "mix.exs" | "build"
        | "build.bazel" | "workspace" | "workspace.bazel" | "module.bazel" | "codeowners"
        | "owners" | "owners_aliases" | "maintainers" | "maintainers.txt" | "meson.build"
        | "buf.gen.yaml" => Language::Data,
        _ if matches!(stem, "dockerfile" | "containerfile")
            || name.ends_with(".dockerfile")
            || name.ends_with(".gradle.kts")
            || name.ends_with(".sbt")
            || stem.starts_with("requirements") && name.ends_with(".txt")
            || name == ".env"
            || name.starts_with(".env.") =>
        {
            Language::Data
        }
        _ if matches!(
            name,
            "license"
                | "licence"
                | "copying"
                | "notice"
                | "readme"
                | "changelog"
                | "authors"
                | "contributors"
        ) =>
        {
            Language::Prose
        }
        // `.gitignore`, `.npmrc`, `.editorconfig`: configuration without an extension.
        _ if name.rfind('.') == Some(0) => Language::Data,
        _ => return None,
    };
    Some(language)
}

/// Whether the stem of a JSON or YAML file names a description of an interface (OpenAPI, AsyncAPI).
///
/// `openapi`, `openapi-v1`, `orders.openapi`, but not the settings of a generator.
fn is_description(stem: &str) -> bool {
    const FORMATS: &[&str] = &["openapi", "swagger", "asyncapi"];
    const TOOLS: &[&str] = &[
        "cfg",
        "codegen",
        "config",
        "gen",
        "generator",
        "settings",
        "templates",
        "tools",
        "ui",
    ];
    let mut words = stem.split(['.', '-', '_']);
    let (first, last) = (words.clone().next(), words.clone().next_back());
    let is_format = |word: Option<&str>| word.is_some_and(|word| FORMATS.contains(&word));
    (is_format(first) || is_format(last)) && !words.any(|word| TOOLS.contains(&word))
}

fn by_extension(extension: &str) -> Language {
    match extension {
        "proto" | "thrift" | "avsc" | "avdl" | "avpr" | "graphql" | "graphqls" | "gql"
        | "smithy" | "wsdl" | "xsd" | "idl" | "raml" | "fbs" | "capnp" | "wit" => Language::Idl,
        "c" | "h" => Language::C,
        "cs" | "csx" | "cshtml" | "razor" => Language::CSharp,
        "cc" | "cpp" | "cxx" | "c++" | "hh" | "hpp" | "hxx" | "h++" | "inl" | "ipp" | "tpp"
        | "tcc" | "txx" | "ixx" | "cppm" | "ccm" | "cxxm" | "c++m" | "mpp" | "cu" | "cuh" => {
            Language::Cpp
        }
        "dart" => Language::Dart,
        "ex" | "exs" => Language::Elixir,
        "fs" | "fsi" | "fsx" => Language::FSharp,
        "go" => Language::Go,
        "java" => Language::Java,
        "js" | "jsx" | "mjs" | "cjs" | "vue" | "svelte" => Language::JavaScript,
        "kt" | "kts" => Language::Kotlin,
        "lua" => Language::Lua,
        "php" | "phtml" => Language::Php,
        "py" | "pyi" | "pyx" => Language::Python,
        "rb" | "rake" | "gemspec" => Language::Ruby,
        "rs" => Language::Rust,
        "scala" | "sc" => Language::Scala,
        "sh" | "bash" | "zsh" | "fish" | "ksh" | "bats" | "ps1" | "psm1" | "bat" | "cmd" => {
            Language::Shell
        }
        "sql" | "ddl" | "pgsql" | "psql" | "plsql" => Language::Sql,
        "swift" => Language::Swift,
        "ts" | "tsx" | "mts" | "cts" => Language::TypeScript,
        "json" | "jsonc" | "json5" | "jsonl" | "ndjson" | "yaml" | "yml" | "toml" | "xml"
        | "ini" | "cfg" | "conf" | "cnf" | "config" | "properties" | "env" | "tf" | "tfvars"
        | "hcl" | "nomad" | "bicep" | "csproj" | "fsproj" | "vbproj" | "props" | "targets"
        | "sln" | "slnx" | "gradle" | "lock" | "plist" | "bzl" | "cmake" | "mk" | "nix" | "cue"
        | "jsonnet" | "libsonnet" | "tpl" | "tmpl" | "template" | "j2" | "service" | "kdl"
        | "ron" => Language::Data,
        "md" | "mdx" | "markdown" | "rst" | "adoc" | "asciidoc" | "txt" | "org" | "tex" => {
            Language::Prose
        }
        _ => Language::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_language() {
        for (language, names) in [
            (Language::Rust, "lib.rs"),
            (Language::TypeScript, "App.tsx index.d.ts"),
            (Language::Kotlin, "Main.kt"),
            (
                Language::Data,
                "build.gradle.kts Dockerfile Dockerfile.dev api.Dockerfile Cargo.lock .gitignore",
            ),
            (
                Language::Data,
                ".env .env.local go.mod requirements-dev.txt CODEOWNERS CMakeLists.txt",
            ),
            (Language::Prose, "README.md LICENSE notes.txt"),
            (Language::Other, "logo.png program a.out.2"),
            (Language::CSharp, "Program.CS"),
        ] {
            for name in names.split(' ') {
                assert_eq!(super::language(name), language, "{name}");
            }
        }
    }

    #[test]
    fn interface_descriptions_are_told_from_settings_of_their_tools() {
        for name in [
            "openapi.yaml",
            "openapi.v1.json",
            "openapi-3_0.yml",
            "Swagger.json",
            "orders.openapi.yaml",
            "asyncapi.yaml",
            "orders.proto",
            "schema.graphqls",
        ] {
            assert_eq!(language(name), Language::Idl, "{name}");
        }
        for name in [
            "openapitools.json",
            "openapi-generator.yaml",
            "openapi-config.json",
            "swagger-ui.json",
            "my-openapi-notes.yaml",
            "package.json",
        ] {
            assert_eq!(language(name), Language::Data, "{name}");
        }
    }
}
