//! Which file does a `mod` declaration mean?
//!
//! Source: <https://doc.rust-lang.org/reference/items/modules.html#module-source-filenames>

use crate::model::{join, parent};

/// The path without `.rs` or `/mod.rs` of the module `name`, declared in the file at `path` inside `inline` modules.
pub(super) fn stem(path: &str, inline: &[&str], name: &str) -> String {
    let mut stem = folder(path);
    for part in inline.iter().copied().chain([name]) {
        if !stem.is_empty() {
            stem.push('/');
        }
        stem.push_str(part);
    }
    stem
}

/// The file that `#[path = "…"]` means; `None` when it leaves the repository.
pub(super) fn redirected(path: &str, inline: &[&str], relative: &str) -> Option<String> {
    let relative = relative.replace('\\', "/");
    match inline.split_last() {
        None => join(parent(path), &relative),
        Some((last, outer)) => join(&stem(path, outer, last), &relative),
    }
}

/// The folder in which the modules that a file declares are looked up.
fn folder(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let (folder, name) = (parent(path), stem.rsplit('/').next().unwrap_or(stem));
    let is_root = matches!(name, "lib" | "main" | "mod" | "build") || is_target_folder(folder);
    if is_root { folder } else { stem }.to_owned()
}

/// Whether each file of a folder is the root of a program of its own.
fn is_target_folder(folder: &str) -> bool {
    let mut segments = folder.rsplit('/');
    match segments.next() {
        Some("bin") => segments.next() == Some("src"),
        Some("tests" | "examples" | "benches") => segments.all(|segment| segment != "src"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_lie_beside_roots_and_below_other_files() {
        assert_eq!(stem("cart/src/lib.rs", &[], "a"), "cart/src/a");
        assert_eq!(stem("lib.rs", &[], "a"), "a");
        assert_eq!(stem("cart/src/b/mod.rs", &[], "a"), "cart/src/b/a");
        assert_eq!(stem("cart/src/b.rs", &[], "a"), "cart/src/b/a");
        assert_eq!(stem("cart/src/b.rs", &["c"], "a"), "cart/src/b/c/a");
        assert_eq!(stem("cart/src/bin/b.rs", &[], "a"), "cart/src/bin/a");
        assert_eq!(stem("cart/tests/b.rs", &[], "a"), "cart/tests/a");
        assert_eq!(stem("cart/src/tests/b.rs", &[], "a"), "cart/src/tests/b/a");
    }

    #[test]
    fn redirections_start_at_the_file_or_at_the_inline_module() {
        let to = |path, inline: &[&str]| redirected(path, inline, "../x.rs");
        assert_eq!(to("a/src/lib.rs", &[]).as_deref(), Some("a/x.rs"));
        assert_eq!(to("a/src/b.rs", &[]).as_deref(), Some("a/x.rs"));
        assert_eq!(to("a/src/b.rs", &["c"]).as_deref(), Some("a/src/b/x.rs"));
        assert_eq!(to("lib.rs", &[]), None);
    }
}
