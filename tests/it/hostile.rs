//! Can a repository make us run, fetch or write something, or lose more than what is broken in it?

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::program::{Ran, git, ran, run, scrubbed};
use crate::support::{SHOP, folder, write};

/// Settings with which git starts a program; `SCRIPT` stands for it.
const GIT: &[(&str, &str)] = &[
    ("core.fsmonitor", "SCRIPT"),
    ("core.sshCommand", "SCRIPT"),
    ("core.pager", "SCRIPT"),
    ("core.editor", "SCRIPT"),
    ("core.askPass", "SCRIPT"),
    ("core.gitProxy", "SCRIPT"),
    ("core.alternateRefsCommand", "SCRIPT"),
    ("credential.helper", "!SCRIPT"),
    ("diff.external", "SCRIPT"),
    ("diff.evil.command", "SCRIPT"),
    ("diff.evil.textconv", "SCRIPT"),
    ("filter.evil.clean", "SCRIPT"),
    ("filter.evil.smudge", "SCRIPT"),
    ("filter.evil.process", "SCRIPT"),
    ("gpg.program", "SCRIPT"),
    ("uploadpack.packObjectsHook", "SCRIPT"),
    ("pager.ls-files", "SCRIPT"),
    ("alias.ls-files", "!SCRIPT"),
    ("remote.origin.uploadpack", "SCRIPT"),
];

const HOOKS: &[&str] = &[
    "fsmonitor-watchman",
    "post-checkout",
    "post-index-change",
    "pre-auto-gc",
    "reference-transaction",
];

#[test]
fn nothing_that_a_repository_names_is_run_and_nothing_in_it_changes() {
    let shop = folder(SHOP);
    let outside = tempfile::tempdir().unwrap();
    let (root, proof) = (shop.path(), outside.path().join("it-ran"));
    let script = root.join("evil.sh");
    arm(root, &script, &proof);

    // The traps are real: who goes in without care runs the script.
    for (program, args) in [("git", "status"), (env!("CARGO"), "check")] {
        let target = outside.path().join("target");
        let mut command = scrubbed(program);
        let command = command.arg(args).current_dir(root);
        ran(command.env("CARGO_TARGET_DIR", target));
        assert!(proof.exists(), "{program} did not run the script");
        fs::remove_file(&proof).unwrap();
    }
    let _ = fs::remove_file(root.join("Cargo.lock"));

    let before = snapshot(root);
    for args in [
        &["--full", "."][..],
        &["--full", "--no-cargo", "."],
        &["graph", "."],
        &["why", "cart", "catalog", "--root", "."],
        &["owners", "--all", "--root", "."],
        &["teams", "."],
        &["facts", "."],
    ] {
        let ran = run(root, args);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{args:?}: {ran:?}");
        assert!(!proof.exists(), "{args:?}: the script was run");
        assert_eq!(snapshot(root), before, "{args:?}: something was written");
        if args[0] == "--full" {
            assert!(ran.out.contains("\nerror[direct-link]: "), "{}", ran.out);
            assert!(ran.out.contains("\n1 error, 0 warnings\n"), "{}", ran.out);
            assert_eq!(problems(&ran), [""; 0]);
        }
    }
}

#[test]
fn what_is_broken_is_one_problem_each_and_the_rest_is_analysed() {
    let mess = folder(SHOP);
    let root = mess.path();
    let rules = fs::read_to_string(root.join("CODEOWNERS")).unwrap();
    let rules = format!("\u{feff}{}", rules.replace('\n', "\r\n"));
    fs::write(root.join("CODEOWNERS"), rules).unwrap();
    write(root, "//- garbage/Cargo.toml\n[package\nname = = \n[[[\n");
    fs::create_dir(root.join("binary")).unwrap();
    fs::write(root.join("binary/Cargo.toml"), b"\x00\xff[[[ {{{ = \"").unwrap();
    let latin = std::ffi::OsStr::from_bytes(b"cart/src/caf\xe9.rs");
    fs::write(root.join(latin), "fn main() {}").unwrap();
    fs::create_dir(root.join("loop")).unwrap();
    symlink("../loop", root.join("loop/loop")).unwrap();
    symlink("endless.rs", root.join("cart/src/endless.rs")).unwrap();
    let huge = fs::File::create(root.join("cart/src/huge.rs")).unwrap();
    huge.set_len(300 << 20).unwrap();

    let expected = [
        "cart/src/caf\u{fffd}.rs: the path is not UTF-8: left out",
        "cart/src/endless.rs: a symbolic link that leads back to itself: not followed",
        "loop/loop: a symbolic link that leads back to itself: not followed",
        "binary/Cargo.toml: not text: not read",
        "cart/src/huge.rs: larger than 4194304 bytes: not read",
        "CODEOWNERS:1:1: a byte order mark and CRLF line ends: read as if they were not there, save the file without",
        "garbage/Cargo.toml:1:9: unclosed table, expected `]` (and 2 more)",
    ];
    let check = |how: &str, args: &[&str]| {
        let ran = run(root, args);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{how}: {ran:?}");
        assert_eq!(problems(&ran), expected, "{how}");
        assert!(
            ran.out.contains("`/catalog/ @acme/catalog`"),
            "{how}: {}",
            ran.out
        );
        assert!(
            ran.out.contains("\n1 error, 0 warnings\n"),
            "{how}: {}",
            ran.out
        );
    };
    check("without git", &["--full", "--no-cargo", "."]);
    git(root, &["init", "-q"]);
    check("untracked", &["--full", "--no-cargo", "."]);
    // Compressing so many zeros would take git seconds.
    git(root, &["add", ".", ":!cart/src/huge.rs"]);
    check("tracked", &["--full", "--no-cargo", "."]);
    check("with cargo", &["--full", "."]);
}

#[test]
fn a_codeowners_file_that_github_would_refuse_owns_nothing() {
    let shop = folder(SHOP);
    let mut rules = fs::read_to_string(shop.path().join("CODEOWNERS")).unwrap();
    rules.push_str(&"# Who reads this to its end?\n".repeat((3 << 20) / 28));
    fs::write(shop.path().join("CODEOWNERS"), rules).unwrap();
    let ran = run(shop.path(), &["--full", "--no-cargo", "."]);
    let told =
        "`CODEOWNERS` does not count: over 3 MB, GitHub does not load it: nobody owns anything";
    assert!(ran.out.contains(told), "{}", ran.out);
    assert!(!ran.out.contains("[direct-link]"), "{}", ran.out);
}

#[test]
fn no_name_steers_the_terminal_of_who_reads_it() {
    let shop = folder(SHOP);
    let root = shop.path();
    let odd = root.join("cart/src/ca\nrt\u{1b}[2J.rs");
    fs::write(odd, "use acme_catalog::copies; // \u{1b}[2J\u{202e}\n").unwrap();
    let rules = fs::read_to_string(root.join("CODEOWNERS")).unwrap();
    let rules = format!("{rules}/c\u{1b}[31mart/ @acme/c\u{1b}[31mart\n");
    fs::write(root.join("CODEOWNERS"), rules).unwrap();
    write(
        root,
        "//- stock/Cargo.toml\n[package]\nname = \"st\\u001b[2Jock\\nx\"\n",
    );
    for args in [
        &["--full", "."][..],
        &["--format", "json", "."],
        &["graph", "--level", "component", "."],
        &["graph", "--level", "component", "--format", "mermaid", "."],
        &["why", "cart", "catalog", "--root", "."],
        &["owners", "--all", "--root", "."],
        &["owners", "cart", "--root", "."],
        &["teams", "."],
        &["facts", "."],
    ] {
        let ran = run(root, &[args, &["--no-cargo"]].concat());
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:?}");
        for text in [&ran.out, &ran.err] {
            let steers = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
            let line = text.lines().find(|line| line.contains(steers));
            assert_eq!(line, None, "{args:?}");
        }
    }
}

/// Makes a git repository in which everything that can name a program names `script`.
fn arm(root: &Path, script: &Path, proof: &Path) {
    write(
        root,
        "\
//- Cargo.toml
[workspace]
resolver = \"3\"
members = [\"cart\", \"catalog\"]
//- .cargo/config.toml
[build]
rustc = \"SCRIPT\"
rustc-wrapper = \"SCRIPT\"
rustdoc = \"SCRIPT\"
[registry]
global-credential-providers = [\"SCRIPT\"]
[alias]
metadata = [\"run\", \"--\", \"SCRIPT\"]
//- rust-toolchain.toml
[toolchain]
channel = \"acme-no-such-channel\"
//- .gitattributes
* filter=evil diff=evil
",
    );
    let script_path = script.to_str().unwrap();
    let config = root.join(".cargo/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(config, text.replace("SCRIPT", script_path)).unwrap();
    let text = format!("#!/bin/sh\ntouch '{}'\n", proof.display());
    fs::write(script, text).unwrap();
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();

    git(root, &["init", "-q"]);
    // The files are committed before git knows the filters.
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "Open the shop"]);
    let hooks = root.join(".git/evil-hooks");
    fs::create_dir(&hooks).unwrap();
    for hook in HOOKS {
        fs::copy(script, hooks.join(hook)).unwrap();
    }
    git(root, &["config", "core.hooksPath", hooks.to_str().unwrap()]);
    for (key, value) in GIT {
        git(
            root,
            &["config", key, &value.replace("SCRIPT", script_path)],
        );
    }
    let _ = fs::remove_file(proof);
}

/// Every entry below a folder, `.git` included: when it changed, and what it holds.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(at) = open.pop() {
        let metadata = fs::symlink_metadata(&at).unwrap();
        let bytes = if metadata.is_dir() {
            let entries = fs::read_dir(&at).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
            Vec::new()
        } else {
            fs::read(&at).unwrap()
        };
        found.insert(at, (metadata.modified().unwrap(), bytes));
    }
    found
}

/// The problem lines of a text report.
fn problems(ran: &Ran) -> Vec<&str> {
    let lines = ran.out.lines();
    let section =
        lines.skip_while(|line| !line.ends_with(" problem") && !line.ends_with(" problems"));
    let lines = section.skip(1).take_while(|line| line.starts_with("  "));
    lines.map(str::trim).collect()
}
