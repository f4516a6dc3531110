//! What the attributes and names of rules mean.

use crate::model::Context;

/// Attributes whose labels are no dependencies: who may use a target, where it can be built, whose licence it has.
const OTHER: &[&str] = &[
    "allowed",
    "applicable_licenses",
    "compatible_with",
    "default_applicable_licenses",
    "default_visibility",
    "deprecation",
    "description",
    "doc",
    "exec_compatible_with",
    "features",
    "licenses",
    "name",
    "package_metadata",
    "restricted_to",
    "tags",
    "target_compatible_with",
    "visibility",
    "within_view",
];

/// Attributes that hold a text in which commands name labels.
const COMMANDS: &[&str] = &[
    "args", "cmd", "cmd_bash", "copts", "defines", "env", "linkopts", "cmd_bat", "cmd_ps",
];

/// Functions of a `BUILD` file that make no target.
const NO_RULES: &[&str] = &[
    "exports_files",
    "fail",
    "glob",
    "licenses",
    "load",
    "package",
    "package_group",
    "print",
    "select",
    "subpackages",
    "workspace",
];

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Other,
    Command,
    /// What the target is made of.
    Sources,
    Labels(Context),
}

/// What the attribute of a name holds.
pub(super) fn attribute(name: &str) -> Attribute {
    match name {
        name if OTHER.contains(&name) => Attribute::Other,
        name if COMMANDS.contains(&name) => Attribute::Command,
        "srcs" | "hdrs" | "src" | "headers" | "exported_headers" | "textual_hdrs"
        | "raw_headers" | "public_headers" => Attribute::Sources,
        "tools" | "exec_tools" | "toolchain" | "toolchains" => Attribute::Labels(Context::Build),
        _ => Attribute::Labels(Context::Production),
    }
}

/// Whether a function makes a target.
pub(super) fn is_rule(function: &str) -> bool {
    !NO_RULES.contains(&function)
}

/// What a rule is for, by its name: the rules of every language are called alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Test,
    Program,
    /// Made of interface definitions.
    Contract,
    Library,
    Other,
}

/// What a rule is for.
pub(super) fn purpose(function: &str) -> Purpose {
    let words: Vec<&str> = function.split(['_', '.']).collect();
    let has = |word: &str| words.contains(&word);
    if has("test") || has("tests") || function == "test_suite" {
        Purpose::Test
    } else if has("proto") && has("library") || has("grpc") && has("library") {
        Purpose::Contract
    } else if has("binary") {
        Purpose::Program
    } else if has("library") {
        Purpose::Library
    } else {
        Purpose::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_called_alike() {
        for (function, found) in [
            ("cc_library", Purpose::Library),
            ("cc_proto_library", Purpose::Contract),
            ("py_binary", Purpose::Program),
            ("acme_cc_test", Purpose::Test),
            ("cc_test_library", Purpose::Test),
            ("java_grpc_library", Purpose::Contract),
            ("genrule", Purpose::Other),
        ] {
            assert_eq!(purpose(function), found, "{function}");
        }
    }
}
