//! Labels: `//a/b:c`, `//a/b`, `:c`, `@repo//a/b:c`.
//!
//! Source: <https://bazel.build/concepts/labels>

/// Whether a text is a label of another package: what starts with `//` or a repository, and holds nothing else.
pub(super) fn is_label(text: &str) -> bool {
    let Some(cut) = text.find("//") else {
        return false;
    };
    let (repository, rest) = (&text[..cut], &text[cut + 2..]);
    // Buck's cells have no sign before their name.
    let name = repository.trim_start_matches('@');
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '+');
    if !name.chars().all(is_name) || repository.len() - name.len() > 2 {
        return false;
    }
    let (package, target) = rest.split_once(':').unwrap_or((rest, "x"));
    let is_part = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "!%-@^_\"#$&'()*-+,;<=>?[]{|}~/.".contains(c))
    };
    !rest.is_empty()
        && !target.is_empty()
        && is_part(package)
        && is_part(target)
        && !package.starts_with('/')
        && !package.contains("...")
        && !matches!(target, "__pkg__" | "__subpackages__")
        // What a choice comes to when no condition holds.
        && text != "//conditions:default"
}

/// The labels that a command names: `$(location //a:b)`, `$(execpath :c)`.
pub(super) fn in_command(text: &str) -> impl Iterator<Item = &str> {
    text.split("$(").skip(1).filter_map(|rest| {
        let inner = rest.split(')').next()?;
        let (word, label) = inner.trim().split_once(' ')?;
        let word = word.trim_end_matches('s');
        let is_place = [
            "location",
            "execpath",
            "rootpath",
            "rlocationpath",
            "rlocation",
            "exe",
        ];
        is_place.contains(&word).then(|| label.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_other_texts() {
        for text in [
            "//a/b:c",
            "//a",
            "//:a",
            "@repo//a:b",
            "@@a~b//c",
            "@//a",
            "cell//a:b",
            "//a:b/c.txt",
        ] {
            assert!(is_label(text), "{text}");
        }
        for text in [
            ":a",
            "a.cc",
            "https://a.example",
            "//a/...",
            "//a:__pkg__",
            "//conditions:default",
            "// a comment",
            "//",
            "///a",
        ] {
            assert!(!is_label(text), "{text}");
        }
    }

    #[test]
    fn commands_name_labels() {
        let found: Vec<&str> = in_command("$(location //a:b) $@ $(execpaths :c) $(pwd)").collect();
        assert_eq!(found, ["//a:b", ":c"]);
    }
}
