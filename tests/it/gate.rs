//! Does the gate open and shut as promised? The program on repositories that a test builds and changes.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use twopizza::Options;
use twopizza::config::Config;
use twopizza::gate::{Date, EXEMPTION_RULES};
use twopizza::model::NoProgress;
use twopizza::report::{Text, plain};
use twopizza::source::Worktree;

use crate::support::{Case, cases, root};

const CODEOWNERS: &str = "/cart/ @acme/cart\n/catalog/ @acme/catalog\n/search/ @acme/search\n";
const CONFIG: &str = "[[team]]\nid = \"catalog\"\n[[team]]\nid = \"search\"\n[[team]]\nid = \"cart\"\naliases = [\"@acme/cart\"]\nmembers = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"]\n";
const BASELINE: &str = "twopizza-baseline.jsonl";
const CONFIG_FILE: &str = "twopizza.toml";

/// `cart` links `catalog-core` in one file and has eight people; `search` links nothing.
fn shop() -> Shop {
    let shop = Shop {
        folder: tempfile::tempdir().expect("a folder can be made"),
    };
    shop.write("CODEOWNERS", CODEOWNERS);
    shop.write(CONFIG_FILE, CONFIG);
    shop.package("cart", "catalog-core = { path = \"../catalog\" }\n");
    shop.write(
        "cart/src/main.rs",
        "use catalog_core::Shelf;\nmod list;\nfn main() {}\n",
    );
    shop.write("cart/src/list.rs", "pub struct List;\n");
    shop.package("search", "");
    shop.write("search/src/main.rs", "fn main() {}\n");
    shop.write(
        "catalog/Cargo.toml",
        "[package]\nname = \"catalog-core\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    );
    shop.write("catalog/src/lib.rs", "pub struct Shelf;\n");
    shop.write("catalog/src/main.rs", "fn main() {}\n");
    shop
}

/// Likewise, with all of it in the baseline.
fn known_shop() -> Shop {
    let shop = shop();
    shop.exits(&["baseline", "write"], 0);
    shop
}

struct Shop {
    folder: TempDir,
}

impl Shop {
    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("the file is there")
    }

    fn append(&self, path: &str, text: &str) {
        self.write(path, &(self.read(path) + text));
    }

    fn package(&self, name: &str, dependencies: &str) {
        self.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n{dependencies}"),
        );
    }

    /// Runs the program in the root; what it prints, both streams.
    fn exits(&self, args: &[&str], code: i32) -> String {
        let out = Command::new(env!("CARGO_BIN_EXE_twopizza"))
            .args(args)
            .args(["--no-cargo", "--color", "never"])
            .current_dir(self.root())
            .output()
            .expect("the program can be started");
        let text = String::from_utf8_lossy(&out.stdout).into_owned()
            + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{args:?}\n{text}");
        text
    }

    fn gate(&self, code: i32) -> String {
        self.exits(&["gate"], code)
    }

    /// Adds an exemption of the link, with these lines.
    fn exempt(&self, lines: &str) {
        let entry = format!("[[exempt]]\nrule = \"direct-link\"\n{lines}");
        self.append(CONFIG_FILE, &entry);
    }
}

fn has(text: &str, wanted: &str) {
    assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
}

#[test]
fn without_a_baseline_everything_counts_and_nothing_is_written() {
    let shop = shop();
    let text = shop.gate(1);
    has(&text, "error[direct-link]");
    has(&text, "twopizza baseline write");
    assert!(!shop.root().join(BASELINE).exists());
    assert!(!text.contains("have a nice day"));
}

#[test]
fn what_is_in_the_baseline_passes_and_the_delta_is_told() {
    let shop = known_shop();
    let before = shop.read(BASELINE);
    let text = shop.exits(&["check"], 0);
    has(&text, "baseline 2 → 2 (±0)");
    has(&text, "Thank you; have a nice day!");
    assert!(!text.contains("error["), "{text}");
    assert_eq!(shop.read(BASELINE), before);
}

#[test]
fn the_baseline_is_sorted_and_the_same_twice() {
    let shop = known_shop();
    let first = shop.read(BASELINE);
    assert_eq!(
        first,
        "{\"rule\":\"direct-link\",\"kind\":\"link.impl\",\"from\":\"cargo:cart\",\"to\":\"cargo:catalog-core\",\"symbol\":\"\",\"count\":1}\n\
         {\"rule\":\"oversized-team\",\"kind\":\"\",\"from\":\"cart\",\"to\":\"\",\"symbol\":\"\",\"count\":8}\n"
    );
    let text = shop.exits(&["baseline", "write"], 0);
    has(&text, "2 entries (0 added, 0 dropped, 0 grown, 0 shrunk)");
    assert_eq!(shop.read(BASELINE), first);
}

#[test]
fn a_new_coupling_shuts_the_gate_and_alone_is_shown() {
    let shop = known_shop();
    shop.package("search", "catalog-core = { path = \"../catalog\" }\n");
    shop.write(
        "search/src/main.rs",
        "use catalog_core::Shelf;\nfn main() {}\n",
    );
    let text = shop.gate(1);
    has(
        &text,
        "team `search` links the implementation of `catalog-core`",
    );
    assert!(!text.contains("team `cart` links"), "{text}");
    has(&text, "1 new, 0 grown, 2 known");
}

#[test]
fn one_more_site_of_a_known_coupling_shuts_the_gate() {
    let shop = known_shop();
    shop.append("cart/src/list.rs", "use catalog_core::Shelf;\n");
    has(&shop.gate(1), "0 new, 1 grown, 1 known");
}

#[test]
fn a_moved_line_and_a_moved_file_change_nothing() {
    let shop = known_shop();
    let main = shop.read("cart/src/main.rs");
    shop.write("cart/src/main.rs", &format!("// one\n// two\n{main}"));
    shop.gate(0);
    shop.write("cart/src/main.rs", "mod list;\nmod deep;\nfn main() {}\n");
    shop.write("cart/src/deep/mod.rs", "use catalog_core::Shelf;\n");
    shop.gate(0);
}

#[test]
fn a_renamed_team_changes_nothing() {
    let shop = known_shop();
    shop.write(
        "CODEOWNERS",
        &CODEOWNERS.replace("@acme/cart", "@acme/checkout"),
    );
    let renamed = CONFIG.replace("cart", "checkout");
    shop.write(CONFIG_FILE, &renamed);
    has(&shop.gate(1), "oversized-team");
    shop.append(CONFIG_FILE, "previously = [\"cart\"]\n");
    has(&shop.gate(0), "2 known");
}

#[test]
fn warnings_count_only_where_they_are_asked_for() {
    let shop = known_shop();
    shop.append(CONFIG_FILE, "[rules]\ndirect-link = \"warn\"\n");
    shop.write(BASELINE, "");
    shop.append(CONFIG_FILE, "oversized-team = \"allow\"\n");
    shop.gate(0);
    shop.exits(&["gate", "--fail-on", "warn"], 1);
    shop.append(CONFIG_FILE, "[gate]\nfail-on = \"warn\"\n");
    shop.gate(1);
    shop.exits(&["gate", "--fail-on", "deny"], 0);
}

#[test]
fn what_cannot_be_judged_exits_with_2() {
    let empty = Shop {
        folder: tempfile::tempdir().unwrap(),
    };
    has(&empty.gate(2), "no files to look at");

    let shop = known_shop();
    shop.append(BASELINE, "<<<<<<< HEAD\n");
    has(
        &shop.gate(2),
        "line 3: a conflict of a merge is not resolved",
    );
    shop.write(BASELINE, "nonsense\n");
    has(&shop.gate(2), "line 1: no entry of a baseline");
    has(&shop.exits(&["baseline", "prune"], 2), "line 1");
    has(&shop.exits(&["baseline", "write"], 0), "could not be used");
    shop.gate(0);

    shop.exits(&["gate", "--baseline", "none.jsonl"], 2);
    shop.append(CONFIG_FILE, "[gate]\nbaseline = \"ci/none.jsonl\"\n");
    has(&shop.gate(2), "ci/none.jsonl: there is no such file");
    assert!(!shop.root().join("ci").exists());
    shop.write(CONFIG_FILE, "[gate]\nfail = 1\n");
    has(
        &shop.gate(2),
        "twopizza.toml:2:1: unknown key `fail` in [gate]",
    );
}

#[test]
fn without_owners_nothing_is_judged_and_no_baseline_is_touched() {
    let shop = known_shop();
    let before = shop.read(BASELINE);
    fs::remove_file(shop.root().join("CODEOWNERS")).unwrap();
    has(&shop.gate(2), "nothing says who owns what");
    shop.write("CODEOWNERS", "/nothing/ @acme/nobody\n");
    has(&shop.gate(2), "no file has an owner");
    for action in ["write", "prune", "check"] {
        shop.exits(&["baseline", action], 2);
    }
    assert_eq!(shop.read(BASELINE), before);
}

#[test]
fn too_many_unparsed_files_are_no_clean_run() {
    let shop = known_shop();
    shop.write("cart/src/broken.rs", "use catalog_core::Shelf;\nfn (\n");
    has(&shop.gate(2), "`unparsed-floor`");
    shop.append(CONFIG_FILE, "[gate]\nunparsed-floor = 0.5\n");
    let text = shop.gate(1);
    has(&text, "1 grown");
}

#[test]
fn an_exemption_accepts_until_its_last_day() {
    let shop = shop();
    shop.append(CONFIG_FILE, "[rules]\noversized-team = \"allow\"\n");
    let plain = shop.read(CONFIG_FILE);
    let whole = "reason = \"moves\"\nowner = \"cart\"\n";
    shop.exempt(&format!(
        "from = \"cart\"\nto = \"catalog-core\"\n{whole}expires = \"9999-01-01\"\n"
    ));
    has(&shop.gate(0), "1 exempt");
    has(&shop.exits(&["baseline", "write"], 0), "0 entries");
    fs::remove_file(shop.root().join(BASELINE)).unwrap();

    shop.write(CONFIG_FILE, &plain);
    shop.exempt(&format!("from = \"cart\"\n{whole}expires = 2020-01-01\n"));
    let text = shop.gate(1);
    has(&text, "error[expired-exemption]");
    has(&text, "error[direct-link]");
    has(&text, "twopizza.toml:11:1");
    // Not even a baseline makes it good.
    shop.exits(&["baseline", "write"], 0);
    has(&shop.gate(1), "1 new, 0 grown, 1 known");
}

#[test]
fn an_exemption_that_is_not_in_order_is_a_finding() {
    let shop = shop();
    shop.append(CONFIG_FILE, "[rules]\noversized-team = \"allow\"\n");
    let plain = shop.read(CONFIG_FILE);
    shop.exempt("from = \"cart\"\n");
    let text = shop.gate(1);
    has(&text, "error[incomplete-exemption]");
    has(&text, "has no `reason`, `owner`, `expires`");

    shop.write(CONFIG_FILE, &plain);
    let whole = "reason = \"moves\"\nowner = \"cart\"\nexpires = \"9999-01-01\"\n";
    shop.exempt(&format!("from = \"*\"\nmax = 1\n{whole}"));
    shop.gate(0);
    shop.append("cart/src/list.rs", "use catalog_core::Shelf;\n");
    has(
        &shop.gate(1),
        "accepts nothing: 2 sites are more than its `max = 1`",
    );

    shop.write(CONFIG_FILE, &plain);
    shop.exempt(&format!("from = \"search\"\n{whole}"));
    has(&shop.gate(1), "warning[unmatched-exemption]");
    shop.exempt("from = \"c*\"\n");
    has(&shop.gate(2), "needs the key `max`");
    shop.write(
        CONFIG_FILE,
        "[[exempt]]\nrule = \"direct-lnk\"\nto = \"a\"\n",
    );
    has(&shop.gate(2), "did you mean `direct-link`?");
}

#[test]
fn what_was_mended_is_stale_until_it_is_pruned() {
    let shop = known_shop();
    shop.write("cart/src/main.rs", "mod list;\nfn main() {}\n");
    shop.package("cart", "");
    let text = shop.gate(0);
    has(&text, "baseline 2 → 1 (−1)");
    has(&text, "twopizza baseline prune");
    has(
        &shop.exits(&["baseline", "check"], 1),
        "cargo:cart|cargo:catalog-core|: 1 → 0",
    );
    shop.append(CONFIG_FILE, "[gate]\nstale = \"deny\"\n");
    shop.gate(1);
    has(
        &shop.exits(&["baseline", "prune"], 0),
        "1 entry (0 added, 1 dropped",
    );
    shop.gate(0);
    shop.exits(&["baseline", "check"], 0);
}

#[test]
fn a_run_over_a_part_leaves_the_baseline_of_the_whole_alone() {
    let shop = known_shop();
    let before = shop.read(BASELINE);
    shop.write("search/CODEOWNERS", "* @acme/search\n");
    let text = shop.exits(&["gate", "search"], 0);
    assert!(!text.contains("prune") && !text.contains("→"), "{text}");
    for action in ["write", "prune", "check"] {
        has(
            &shop.exits(&["baseline", action, "search"], 2),
            "a larger run",
        );
    }
    assert_eq!(shop.read(BASELINE), before);
    shop.exits(
        &["baseline", "write", "search", "--baseline", "part.jsonl"],
        0,
    );
}

#[test]
fn judging_twice_gives_the_same() {
    let shop = shop();
    shop.exempt("from = \"cart\"\n");
    let tree = Worktree::open(shop.root()).expect("the shop is there");
    let (config, text) =
        Config::read(&shop.root().join(CONFIG_FILE), CONFIG_FILE).expect("it is right");
    let options = Options::default();
    let text = Some((CONFIG_FILE, text.as_str()));
    let mut analysis = twopizza::analyze(&[&tree], &config, text, &options, &NoProgress)
        .expect("the shop can be analyzed");
    let today = Date::constant(2027, 1, 1);
    let mut judge = || {
        twopizza::gate(&mut analysis, &[&tree], &config, &options, None, today)
            .expect("the shop can be judged")
    };
    let first = judge();
    assert_eq!((first.exempt, first.new), (1, 2));
    assert_eq!(judge(), first);
}

#[test]
fn teams_keep_their_own_configuration() {
    let shop = shop();
    shop.write(CONFIG_FILE, "");
    let exempt = "[[exempt]]\nrule = \"direct-link\"\nto = \"catalog\"\nreason = \"moves\"\nowner = \"cart\"\nexpires = \"9999-01-01\"\n";
    shop.write("cart/twopizza.toml", exempt);
    has(&shop.gate(0), "1 exempt");
    // One team does not speak for another.
    fs::remove_file(shop.root().join("cart/twopizza.toml")).unwrap();
    shop.write("search/twopizza.toml", exempt);
    has(&shop.gate(1), "search/twopizza.toml:1:1");
    shop.write(
        "search/twopizza.toml",
        "[[component]]\npath = \".\"\nteam = \"catalog\"\n[limits]\n",
    );
    for verb in ["gate", "analyze"] {
        has(
            &shop.exits(&[verb], 2),
            "search/twopizza.toml:4:2: `limits` belongs",
        );
    }
    shop.exits(&["analyze", "--no-config"], 0);
    shop.write(
        CONFIG_FILE,
        "[source]\nexclude = [\"search/twopizza.toml\", \"nothing/**\", \"catalog\"]\n",
    );
    let text = shop.exits(&["analyze"], 0);
    has(
        &text,
        "twopizza.toml:2:36: `exclude` glob `nothing/**` matches no file",
    );
    has(
        &text,
        "`catalog` matches no file; for the folder write `catalog/**`",
    );
}

#[test]
fn configurations_of_test_data_and_examples_are_nobodys() {
    let shop = shop();
    shop.write(CONFIG_FILE, "");
    let foreign = "[[team]]\nid = \"cart\"\n[limits]\nteam-max = 9\n";
    shop.write("fixtures/acme/twopizza.toml", foreign);
    shop.write("examples/acme/twopizza.toml", foreign);
    for verb in ["analyze", "facts"] {
        let text = shop.exits(&[verb], 0);
        assert!(!text.contains("acme/twopizza.toml"), "{text}");
    }
    has(&shop.gate(1), "direct-link");
    shop.write("cart/twopizza.toml", foreign);
    has(&shop.exits(&["analyze"], 2), "cart/twopizza.toml:3:2");
}

#[test]
fn formats_for_programs_get_everything_and_people_the_verdict() {
    let shop = known_shop();
    let text = shop.exits(&["gate", "--format", "json=report.json"], 0);
    has(&text, "Thank you; have a nice day!");
    has(&shop.read("report.json"), "direct-link");
    let json = shop.exits(&["gate", "--format", "json"], 0);
    assert!(
        json.trim_start().starts_with('{') && !json.contains("Thank you"),
        "{json}"
    );
}

#[test]
#[cfg(unix)]
fn a_baseline_that_is_a_link_out_of_the_repository_is_refused() {
    let shop = shop();
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("secret");
    fs::write(&target, "secret\n").unwrap();
    std::os::unix::fs::symlink(&target, shop.root().join(BASELINE)).unwrap();
    for args in [&["gate"][..], &["baseline", "write"]] {
        let text = shop.exits(args, 2);
        has(&text, "out of the folder");
        assert!(!text.contains("secret\n"));
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), "secret\n");
}

#[test]
fn the_cases_about_exemptions_give_what_is_expected_on_new_years_day() {
    for rule in EXEMPTION_RULES {
        for case in cases(&root().join("fixtures/rules").join(rule)) {
            let text = judged(&case);
            assert_eq!(
                text.contains(&format!("[{rule}]")),
                case.name.starts_with("fires"),
                "{rule}/{}\n{text}",
                case.name
            );
            case.expect("gate.txt", &text);
        }
    }
}

/// What the library says of a case on 2027-01-01: findings that count, notices.
fn judged(case: &Case) -> String {
    let tree = Worktree::open(&case.repo()).expect("a case can be opened");
    let file = case.repo().join(CONFIG_FILE);
    let (config, text) = match Config::read(&file, CONFIG_FILE) {
        Ok((config, text)) => (config, Some((CONFIG_FILE, text))),
        Err(_) => (Config::default(), None),
    };
    let text = text.as_ref().map(|(path, text)| (*path, text.as_str()));
    let options = Options::default();
    let mut analysis = twopizza::analyze(&[&tree], &config, text, &options, &NoProgress)
        .expect("a case can be analyzed");
    let today = Date::constant(2027, 1, 1);
    let verdict = twopizza::gate(&mut analysis, &[&tree], &config, &options, None, today)
        .expect("a case can be judged");
    analysis
        .findings
        .retain(|finding| finding.standing.counts());
    let mut out = Vec::new();
    Text::LONG
        .render_findings(&analysis, &mut out)
        .expect("memory takes everything");
    let mut text = plain(&String::from_utf8_lossy(&out));
    for notice in &verdict.notices {
        text.extend(["\nnotice: ", notice, "\n"]);
    }
    text
}
