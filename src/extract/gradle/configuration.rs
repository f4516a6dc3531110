//! What is a dependency for, by the name of its configuration: the program, its tests, the build?
//!
//! Source: <https://docs.gradle.org/current/userguide/dependency_configurations.html>

use crate::model::Context;

/// What ends the names of configurations that are on the class path of the program.
const LINKED: &[&str] = &[
    "api",
    "bundle",
    "compile",
    "compileonly",
    "compileonlyapi",
    "embed",
    "embedded",
    "implementation",
    "include",
    "optional",
    "provided",
    "providedcompile",
    "providedruntime",
    "runtime",
    "runtimeonly",
    "shade",
    "shaded",
    "shadow",
];

/// The context of a configuration; `extended` tells whether one of the script's configurations takes it over.
///
/// A configuration of a build's own is no class path: it feeds a tool, unless another one takes it over.
pub(super) fn context(name: &str, extended: bool) -> Context {
    if is_test(name) {
        return Context::Test;
    }
    let lower = name.to_ascii_lowercase();
    if lower == "developmentonly" || lower.starts_with("jmh") {
        Context::Development
    } else if extended || LINKED.iter().any(|end| lower.ends_with(end)) {
        Context::Production
    } else {
        Context::Build
    }
}

/// Whether a name in camel case has the word test in it.
pub(super) fn is_test(name: &str) -> bool {
    let mut start = 0;
    let bounds = name.char_indices().skip(1).filter_map(|(at, letter)| {
        (letter.is_uppercase() || matches!(letter, '-' | '_')).then_some(at)
    });
    bounds.chain([name.len()]).any(|end| {
        let word = name[start..end].trim_start_matches(['-', '_']);
        start = end;
        matches!(
            word.to_ascii_lowercase().as_str(),
            "test" | "tests" | "testing"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_configuration_tells_what_it_is_for() {
        for (name, expected) in [
            ("implementation", Context::Production),
            ("commonMainApi", Context::Production),
            ("debugImplementation", Context::Production),
            ("compile", Context::Production),
            ("testCompile", Context::Test),
            ("androidTestImplementation", Context::Test),
            ("integrationTestCompile", Context::Test),
            ("testFixturesApi", Context::Test),
            ("kapt", Context::Build),
            ("kspTest", Context::Test),
            ("annotationProcessor", Context::Build),
            ("generatedConfig", Context::Build),
            ("jmh", Context::Development),
            ("developmentOnly", Context::Development),
        ] {
            assert_eq!(context(name, false), expected, "{name}");
        }
        assert_eq!(context("vendored", true), Context::Production);
        assert!(!is_test("latest") && !is_test("attestation"));
    }
}
