//! Does the program keep to its exit codes, streams and arguments?

use std::fs;
use std::process::Stdio;

use crate::program::{git, ran, run, twopizza};
use crate::support::{SHOP, folder, write};

const FINDING: &str = "error[direct-link]: team `cart` links the implementation of `acme-catalog`";

#[test]
fn findings_are_information_and_no_failure() {
    let shop = folder(SHOP);
    let ran = run(shop.path(), &["--no-cargo", "."]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains(FINDING), "{}", ran.out);
    assert_eq!(ran.err, "");
}

#[test]
fn what_could_not_be_done_exits_with_2_and_prints_nothing_but_why() {
    let shop = folder(SHOP);
    write(
        shop.path(),
        "//- wrong.toml\n[rules]\ndirect-lnik = \"deny\"\n",
    );
    let empty = tempfile::tempdir().unwrap();
    let nothing = empty.path().to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["--frobnicate"], "unexpected argument '--frobnicate'"),
        (&["analyze", "--format", "jsno"], "did you mean `json`?"),
        (
            &["analyze", "--format", "json", "--format", "csv"],
            "only one format can go to standard output",
        ),
        (&["no-such-folder"], "cannot open `no-such-folder`"),
        (&["graphs"], "did you mean the verb `graph`?"),
        (&["CODEOWNERS"], "not a folder: `CODEOWNERS`"),
        (
            &["--config", "wrong.toml", "."],
            "unknown rule `direct-lnik`, did you mean `direct-link`?",
        ),
        (&["--config", "none.toml", "."], "none.toml"),
        (&["why", "cart", "catalgo", "--root", "."], "catalgo"),
        (
            &["owners", "no-such-file", "--root", "."],
            "no file of the repository is or lies in",
        ),
        (&["facts", "no-such-file"], "cannot open `no-such-file`"),
        (&["graph", "--kinds", "lnik", "."], "lnik"),
        (&["-j", "0", "."], "0"),
        (
            &["--format", "json=no/such/folder.json", "."],
            "cannot write no/such/folder.json",
        ),
        (&[nothing], "no files to look at"),
    ];
    for (args, why) in cases {
        let ran = run(shop.path(), args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert_eq!(ran.out, "", "{args:?}");
        assert!(ran.err.starts_with("error: "), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(why), "{args:?}: {}", ran.err);
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let here = tempfile::tempdir().unwrap();
    for args in [
        &["--help"][..],
        &["-h"],
        &["graph", "--help"],
        &["--version"],
    ] {
        let ran = run(here.path(), args);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{args:?}: {ran:?}");
        assert!(ran.out.contains("twopizza"), "{args:?}: {}", ran.out);
    }
}

#[test]
fn what_is_missing_is_told_on_standard_error_and_quiet_silences_it() {
    let owned_by_nobody = folder("//- cart/src/main.rs\nfn main() {}\n");
    let args = ["owners", "--all", "--format", "tsv", "--root", "."];
    let ran = run(owned_by_nobody.path(), &args);
    assert_eq!(ran.out, "path\towners\tline\ncart/src/main.rs\t-\t-\n");
    assert!(ran.err.starts_with("warning: no ownership file"), "{ran:?}");
    let quiet = run(owned_by_nobody.path(), &[&args[..], &["--quiet"]].concat());
    assert_eq!((quiet.out, &*quiet.err), (ran.out, ""));
}

#[test]
fn owners_tells_what_of_an_ownership_file_is_not_used() {
    let broken = folder(
        "//- MAINTAINERS\nCART\nM:\tada@acme.example\nN:\t(?<!x)cart\nF:\tcart/\n//- cart/a\n//- .gitea/CODEOWNERS\n(cart @ada\n",
    );
    let args = ["owners", "--all", "--format", "tsv", "--root", "."];
    let ran = run(broken.path(), &args);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("cart/a\tCART\t4\n"), "{ran:?}");
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(told.len(), 2, "{ran:?}");
    assert!(told[0].starts_with("warning: .gitea/CODEOWNERS:1:1: not used: no regular expression"));
    assert!(told[1].starts_with("warning: MAINTAINERS:3:1: `N: (?<!x)cart` is not used"));
    let quiet = run(broken.path(), &[&args[..], &["--quiet"]].concat());
    assert_eq!((quiet.out, &*quiet.err), (ran.out, ""));
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let shop = folder(SHOP);
    for args in [
        &["--no-cargo", "."][..],
        &["--no-cargo", "--format", "json", "."],
        &["graph", "--no-cargo", "."],
        &["facts", "."],
        &["owners", "--all", "--root", "."],
        &["--help"],
    ] {
        let mut command = twopizza(shop.path(), args);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*err), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn several_formats_come_from_one_run() {
    let shop = folder(SHOP);
    let args = [
        "--no-cargo",
        "--format",
        "text",
        "--format",
        "json=report.json",
        "--format",
    ];
    let args = [&args[..], &["csv=report.csv", "."]].concat();
    let ran = run(shop.path(), &args);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    assert!(ran.out.contains(FINDING));
    let read = |name| fs::read_to_string(shop.path().join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["findings"][0]["rule"], "direct-link");
    assert!(read("report.csv").starts_with("kind,verdict,"));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let shop = folder(SHOP);
    let coloured = |args: &[&str], vars: &[(&str, &str)]| {
        let mut command = twopizza(shop.path(), args);
        let ran = ran(command.envs(vars.iter().copied()));
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.contains("direct-link"), "{}", ran.out);
        ran.out.contains('\u{1b}')
    };
    let plain: &[&str] = &["--no-cargo", "."];
    assert!(!coloured(plain, &[]), "a pipe");
    assert!(coloured(plain, &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(plain, &[("NO_COLOR", "1")]));
    assert!(coloured(&["--no-cargo", "--color", "always", "."], &[]));
    let never: &[&str] = &["--no-cargo", "--color", "never", "."];
    assert!(!coloured(never, &[("CLICOLOR_FORCE", "1")]));
    let data: &[&str] = &["--no-cargo", "--color", "always", "--format", "json", "."];
    assert!(!coloured(data, &[("CLICOLOR_FORCE", "1")]), "data");
}

#[test]
fn a_sub_folder_means_the_whole_repository_unless_it_is_named() {
    let shop = folder(SHOP);
    git(shop.path(), &["init", "-q"]);
    let root = run(shop.path(), &["--no-cargo"]);
    let below = shop.path().join("cart/src");
    assert_eq!(run(&below, &["--no-cargo"]), root);
    assert!(root.out.contains(FINDING), "{}", root.out);
    let named = run(&below, &["--no-cargo", "."]);
    assert!(
        named.out.contains("Nothing says who owns what"),
        "{named:?}"
    );
    let owner = run(&below, &["owners", "main.rs"]);
    assert!(owner.out.contains("@acme/cart"), "{owner:?}");
    let why = run(&below, &["why", "cart", "catalog", "--no-cargo"]);
    assert!(why.out.contains("cart/src/main.rs:2:20"), "{why:?}");
}

#[test]
fn a_repository_reads_the_same_with_git_and_without() {
    let shop = folder(SHOP);
    write(
        shop.path(),
        "//- .gitignore\n/target/\n//- target/junk.rs\nuse acme_catalog::junk;\n",
    );
    let without = run(shop.path(), &["--no-cargo", "."]);
    git(shop.path(), &["init", "-q"]);
    let untracked = run(shop.path(), &["--no-cargo", "."]);
    git(shop.path(), &["add", "."]);
    git(shop.path(), &["commit", "-q", "-m", "Open the shop"]);
    let tracked = run(shop.path(), &["--no-cargo", "."]);
    assert!(without.out.contains(FINDING), "{without:?}");
    assert_eq!(untracked, without);
    assert_eq!(tracked, without);
}

#[test]
fn several_roots_are_judged_together() {
    let both = folder(
        "\
//- shop/CODEOWNERS
* @acme/cart
//- shop/Cargo.toml
[package]
name = \"acme-cart\"

[dependencies]
acme-ledger = { git = \"https://git.acme.example/acme/ledger\" }
//- shop/src/main.rs
fn main() {
    acme_ledger::book();
}
//- ledger/CODEOWNERS
* @acme/payments
//- ledger/Cargo.toml
[package]
name = \"acme-ledger\"
repository = \"https://git.acme.example/acme/ledger\"
//- ledger/src/lib.rs
pub fn book() {}
//- ledger/src/main.rs
fn main() {}
",
    );
    let alone = run(both.path(), &["--no-cargo", "shop"]);
    assert!(
        alone.out.ends_with("Thank you; have a nice day!\n"),
        "{}",
        alone.out
    );
    let together = run(both.path(), &["--no-cargo", "shop", "ledger"]);
    assert!(together.out.starts_with("twopizza: shop, ledger\n"));
    assert!(together.out.contains(
        "error[direct-link]: team `cart` links the implementation of `acme-ledger`, which team `payments` owns"
    ), "{}", together.out);
    assert!(together.out.contains("shop/src/main.rs:2:5"));
    let twice = run(both.path(), &["--no-cargo", "shop", "ledger", "./shop"]);
    assert_eq!(twice, together);
}
