//! Under which conditions is a Go file part of its package: build constraints, and the end of its name?
//!
//! Source: <https://pkg.go.dev/cmd/go#hdr-Build_constraints>

use crate::model::{Condition, Context};

/// The most constraint lines of one file.
const LINES: usize = 32;

/// The conditions that a file's name makes: `cart_linux.go`, `cart_windows_arm64_test.go`.
pub(super) fn of_name(path: &str) -> Vec<Condition> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".go").unwrap_or(name);
    let stem = stem.strip_suffix("_test").unwrap_or(stem);
    // What stands before the first `_` is the name of the file, even when it is that of a system.
    let mut parts = stem
        .split('_')
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev();
    let (last, before) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let of = |tag: &str| Condition::Variant(tag.into());
    match (is_system(before), is_system(last), is_processor(last)) {
        (true, _, true) => vec![of(before), of(last)],
        (_, true, _) | (_, _, true) => vec![of(last)],
        _ => Vec::new(),
    }
}

/// The conditions that comments before the package clause make.
pub(super) fn of_comments<'t>(comments: impl Iterator<Item = &'t str>) -> Vec<Condition> {
    let mut modern = None;
    let mut old = Vec::new();
    for comment in comments.take(LINES) {
        if let Some(rest) = comment.strip_prefix("//go:build") {
            if rest.starts_with([' ', '\t']) {
                modern.get_or_insert_with(|| words(rest));
            }
        } else if let Some(rest) = comment.strip_prefix("//").map(str::trim_start)
            && let Some(rest) = rest.strip_prefix("+build")
            && rest.starts_with([' ', '\t'])
        {
            old.push(any_of(rest));
        }
    }
    // The old form does not count beside the new one.
    let texts = modern.map_or(old, |text| vec![text]);
    texts
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| Condition::Variant(text.into()))
        .collect()
}

/// What code under these conditions is for, as far as the name of a tag alone tells it.
pub(super) fn context(conditions: &[Condition]) -> Context {
    let contexts = conditions.iter().map(|condition| match condition {
        Condition::Variant(tag) => match &**tag {
            // Nothing ever sets it: the file is started by hand, with `go run`.
            "ignore" => Context::Development,
            // What is imported so that the module lists it, written for a code generator, or a build script.
            "tools" | "wireinject" | "mage" => Context::Build,
            "e2e" | "integration" => Context::Test,
            _ => Context::Production,
        },
        Condition::Uses(_) => Context::Production,
    });
    contexts.fold(Context::Production, Context::join)
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of the old form: blanks mean or, commas mean and.
fn any_of(text: &str) -> String {
    let options: Vec<String> = text
        .split_whitespace()
        .map(|option| option.replace(',', " && "))
        .collect();
    match options.as_slice() {
        [one] => one.clone(),
        several => several
            .iter()
            .map(|option| match option.contains(' ') {
                true => format!("({option})"),
                false => option.clone(),
            })
            .collect::<Vec<_>>()
            .join(" || "),
    }
}

/// Names of `GOOS`; <https://go.dev/src/internal/syslist/syslist.go>.
fn is_system(tag: &str) -> bool {
    matches!(
        tag,
        "aix"
            | "android"
            | "darwin"
            | "dragonfly"
            | "freebsd"
            | "hurd"
            | "illumos"
            | "ios"
            | "js"
            | "linux"
            | "nacl"
            | "netbsd"
            | "openbsd"
            | "plan9"
            | "solaris"
            | "wasip1"
            | "windows"
            | "zos"
    )
}

/// Names of `GOARCH`.
fn is_processor(tag: &str) -> bool {
    matches!(
        tag,
        "386"
            | "amd64"
            | "amd64p32"
            | "arm"
            | "armbe"
            | "arm64"
            | "arm64be"
            | "loong64"
            | "mips"
            | "mipsle"
            | "mips64"
            | "mips64le"
            | "mips64p32"
            | "mips64p32le"
            | "ppc"
            | "ppc64"
            | "ppc64le"
            | "riscv"
            | "riscv64"
            | "s390"
            | "s390x"
            | "sparc"
            | "sparc64"
            | "wasm"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(conditions: &[Condition]) -> Vec<String> {
        conditions.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_end_of_a_name_is_a_condition() {
        for (path, expected) in [
            ("cart/cart_linux.go", &["linux"][..]),
            ("cart_windows_arm64_test.go", &["windows", "arm64"]),
            ("cart_amd64.go", &["amd64"]),
            ("linux.go", &[]),
            ("linux_test.go", &[]),
            ("arm64_linux.go", &["linux"]),
            ("cart_linux_sum.go", &[]),
            ("cart_unix.go", &[]),
        ] {
            assert_eq!(shown(&of_name(path)), expected, "{path}");
        }
    }

    #[test]
    fn comments_are_conditions() {
        let of = |text: &str| shown(&of_comments(text.lines()));
        assert_eq!(
            of("// a\n//go:build linux  &&\t!cgo\n// +build linux"),
            ["linux && !cgo"]
        );
        assert_eq!(
            of("// +build linux,amd64 darwin\n// +build !cgo"),
            ["(linux && amd64) || darwin", "!cgo"]
        );
        assert!(of("//go:builder x\n// go:build x\n// +builder y\n//go:build").is_empty());
    }

    #[test]
    fn some_tags_tell_what_code_is_for() {
        let of = |text: &str| context(&of_comments(text.lines()));
        assert_eq!(of("//go:build ignore"), Context::Development);
        assert_eq!(of("// +build tools"), Context::Build);
        assert_eq!(of("//go:build !ignore"), Context::Production);
        assert_eq!(of("//go:build linux"), Context::Production);
    }
}
