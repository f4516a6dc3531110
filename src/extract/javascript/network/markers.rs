//! Which files may say something of the network, told by their bytes before their tree is asked.
//!
//! Packages are told by the imports; here is what needs none.

use memchr::memmem;

use super::pages;

/// What a file says in its name that holds the names of topics, hosts and the like.
const NAMES: &[&str] = &[
    "channel", "config", "constant", "endpoint", "env", "event", "exchange", "host", "queue",
    "setting", "stream", "subject", "topic", "url",
];

/// From this size on, a file whose lines are longer than this is a bundle, which repeats what is written elsewhere.
const BUNDLE: usize = 64 << 10;
const LINE: usize = 400;

/// Whether the bytes of a file hold something that may call, serve, or name an address.
pub(in crate::extract::javascript) fn may_matter(path: &str, code: &str) -> bool {
    let bytes = code.as_bytes();
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    has("process.env")
        || has("fetch(")
        || has("import.meta.env")
        || pages::is_page(path)
        || has("export") && (has_address(bytes) || is_named(path))
}

/// Whether a file is a bundle of others.
pub(super) fn is_bundle(code: &str) -> bool {
    code.len() >= BUNDLE && memchr::memchr_iter(b'\n', code.as_bytes()).count() < code.len() / LINE
}

/// Whether some text starts with a scheme: `"http://cart"`, not what a comment links.
fn has_address(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"://").any(|at| {
        let mut scheme = bytes[..at].iter().rev().take(16);
        let before = scheme.find(|byte| !byte.is_ascii_alphanumeric() && **byte != b'+');
        matches!(before, Some(b'"' | b'\'' | b'`' | b'}'))
    })
}

/// Whether the name of a file says that it holds names.
fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    NAMES.iter().any(|word| stem.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_texts_matter_and_those_in_comments_do_not() {
        for (code, matters) in [
            ("export const url = 'http://cart';", true),
            ("export const url = `${scheme}://cart`;", true),
            (
                "// see https://acme.example/docs\nexport const a = 1;",
                false,
            ),
            ("const url = 'http://cart';", false),
            ("fetch(url)", true),
        ] {
            assert_eq!(may_matter("src/a.ts", code), matters, "{code}");
        }
        assert!(may_matter("src/topics.ts", "export const A = 'orders';"));
    }

    #[test]
    fn bundles_are_told_by_their_lines() {
        assert!(is_bundle(&"a();".repeat(20_000)));
        assert!(!is_bundle(&"a();\n".repeat(20_000)));
        assert!(!is_bundle("a();"));
    }
}
