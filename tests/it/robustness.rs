//! Whatever the bytes are, a run ends, and soon: mutations of the demo, and files made to hurt.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use twopizza::analysis::Analysis;
use twopizza::config::Config;
use twopizza::model::NoProgress;
use twopizza::source::TextSource;

use crate::support::root;

/// How many mutated copies of the demo are analysed.
const SEEDS: u64 = 100;
/// Generous for one small repository, also without optimisation and beside other tests.
const LIMIT: Duration = Duration::from_secs(20);

/// Pieces that mean something to some reader, or to a terminal.
const PIECES: &[&str] = &[
    "é",
    "𝒳",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\r",
    "\u{1b}[31m",
    "\u{85}",
    "\"",
    "'''",
    "\"\"\"",
    "r#\"",
    "/*",
    "*/",
    "{",
    "}",
    "(",
    ")",
    "[[",
    "]]",
    "#[",
    "::",
    "\\",
    "=",
    "..",
    "${",
    "{}",
    "**",
    "!",
    " @acme/x a@b.c @",
    "99999999999999999999",
    "-9223372036854775808",
    "1e999",
    "path = \"../../..\"",
    "workspace = true",
    "mod x;",
    "use a::{",
    "include!(\"",
    "#![cfg(test)]",
    "[package]\nname = \"\"\n",
    "[patch.",
    "[lib]\n",
    "[workspace]\n",
];

/// Folders that no sane repository has.
const FOLDERS: &[&str] = &[
    "a b",
    "a\nb",
    "a\\b",
    "..",
    ".",
    "",
    "é",
    "x//y",
    "/abs",
    "-rf",
    "\u{1b}[2J",
    "src/src",
];

#[test]
fn mutations_of_the_demo_end_soon_and_without_panic() {
    let mut files = Vec::new();
    collect(
        &root().join("fixtures/repos/acme-shop/repo"),
        "",
        &mut files,
    );
    assert!(files.len() > 20, "the demo is gone");
    for seed in 0..SEEDS {
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut source = TextSource::new("acme", "");
        for (path, bytes) in &files {
            let mut bytes = bytes.clone();
            if numbers.below(3) == 0 {
                mutate(&mut bytes, &mut numbers);
            }
            let name = path.rsplit('/').next().unwrap_or_default();
            let path = match numbers.below(40) {
                0 => format!("{}/{name}", FOLDERS[numbers.below(FOLDERS.len())]),
                _ => path.clone(),
            };
            source = source.with(path, bytes);
        }
        analyse(&source, &format!("seed {seed}"));
    }
}

#[test]
fn files_made_to_hurt_end_soon() {
    let deep = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(5000), close.repeat(5000))
    };
    let code = |text: &str| format!("#[path = \"../../x.rs\"] mod a; {text}");
    let cases: Vec<(&str, String)> = vec![
        ("Cargo.toml", String::new()),
        ("Cargo.toml", format!("a = {}", deep("[", "", "]"))),
        ("Cargo.toml", format!("a = {}", deep("{a = ", "1", "}"))),
        ("Cargo.toml", format!("{}x = 1", "a.".repeat(5000))),
        (
            "Cargo.toml",
            (0..200)
                .map(|n| format!("[{}x]\n", "a.".repeat(n)))
                .collect(),
        ),
        ("Cargo.toml", "= = =\n".repeat(5000)),
        (
            "Cargo.toml",
            "[package]\nname = \"a\\u0000\\u001bb\"\n".to_owned(),
        ),
        (
            "src/lib.rs",
            code(&format!("use {};", deep("a::{", "x", "}"))),
        ),
        (
            "src/lib.rs",
            code(&format!("fn f() {{ {} }}", deep("(", "", ")"))),
        ),
        (
            "src/lib.rs",
            code(&format!("fn f() {{ {}1 }}", "-!&".repeat(5000))),
        ),
        (
            "src/lib.rs",
            code(&format!("fn f() {{ 1{} }}", " + 1".repeat(5000))),
        ),
        (
            "src/lib.rs",
            code(&format!("fn f() {{ a{} }}", ".b()".repeat(5000))),
        ),
        (
            "src/lib.rs",
            code(&format!("type T = {};", deep("Vec<", "u8", ">"))),
        ),
        (
            "src/lib.rs",
            code(&format!("fn f() {{ {}1 }}", "|x| ".repeat(5000))),
        ),
        ("src/lib.rs", code(&format!("m!{}", deep("{[(", "", ")]}")))),
        ("CODEOWNERS", format!("{} @acme/a\n", "a/**/".repeat(500))),
        ("CODEOWNERS", format!("{} @acme/a\n", "*a".repeat(500))),
        (
            ".gitattributes",
            format!("{} linguist-generated\n", "*a".repeat(500)),
        ),
    ];
    for (path, text) in cases {
        let start: String = text.chars().take(40).collect();
        let source = TextSource::new("acme", "//- Cargo.toml\n[package]\nname = \"a\"\n")
            .with("a/a/a/aaaaaaaaaaaaaaaaaaaaaaaab.rs", "")
            .with(path, text);
        analyse(&source, &format!("{path}: {start}"));
    }
}

/// Analyses and watches the time.
fn analyse(source: &TextSource, what: &str) -> Analysis {
    let start = Instant::now();
    let options = twopizza::Options::default();
    let analysis = twopizza::analyze(&[source], &Config::default(), None, &options, &NoProgress)
        // A configuration that came to lie in a sub-folder may well be refused.
        .unwrap_or_else(|error| match error {
            twopizza::Error::Config(_) => Analysis::default(),
            twopizza::Error::Gate(_) => panic!("{what}: {error}"),
        });
    let took = start.elapsed();
    assert!(took < LIMIT, "{what}: {took:?}");
    analysis
}

/// The same numbers on every machine (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }
}

fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(200)).min(bytes.len());
        match numbers.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            4 => bytes.insert(at, numbers.next() as u8),
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
}

/// All files below a folder, in order.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("the demo is there")
        .map(|entry| entry.expect("a folder can be listed to its end").path())
        .collect();
    names.sort();
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{relative}/"), files);
        } else {
            let bytes = fs::read(&path).expect("a file of the demo can be read");
            files.push((relative, bytes));
        }
    }
}
