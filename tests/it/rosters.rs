//! Do rosters count that the command line or the configuration names, and is a missing one an error?

use std::fs;

use twopizza::extract::roster_format;
use twopizza::model::RosterFormat;

use crate::program::{Ran, run};
use crate::support::{folder, root, write};

const PEOPLE: &str = "Login;Squad\nada;Cart\nbob;Cart\nacme-bot;Cart\n";

/// A repository in `repo/` with a configuration, and tables beside it.
fn shop(config: &str) -> tempfile::TempDir {
    let made = folder("//- repo/CODEOWNERS\n* @acme/cart\n//- repo/a.rs\nfn main() {}\n");
    let text = format!("//- repo/twopizza.toml\n{config}\n//- hr/people.csv\n{PEOPLE}");
    write(made.path(), &text);
    made
}

fn teams(made: &tempfile::TempDir, args: &[&str]) -> Ran {
    let args = [&["teams", "--format", "csv", "-q"], args].concat();
    run(&made.path().join("repo"), &args)
}

#[test]
fn a_table_outside_of_the_repository_tells_the_people_of_a_team() {
    let made = shop(
        "[[roster]]\npath = \"../hr/people.csv\"\ncolumns = {person = \"Login\", team = \"Squad\"}",
    );
    let ran = teams(&made, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let rows: Vec<&str> = ran.out.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "the owner and the team are one: {rows:?}");
    assert!(rows[0].starts_with("Cart,"), "{rows:?}");
    let owners = run(&made.path().join("repo"), &["owners", "a.rs"]);
    assert_eq!(owners.code, Some(0), "{}", owners.err);
    let all = run(&made.path().join("repo"), &["owners", "--all"]);
    assert!(!all.out.contains("people.csv"), "{}", all.out);
    let json = run(&made.path().join("repo"), &["--format", "json", "-q"]);
    assert!(
        !json.out.contains("people.csv"),
        "it is no file of the repository"
    );
    assert!(!json.out.contains("\"ada\""), "nobody is named");
}

#[test]
fn the_command_line_names_rosters_too() {
    let made = shop("");
    let roster = ["--roster", "../hr"];
    let ran = teams(&made, &roster);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.lines().any(|line| line.starts_with("Cart,")),
        "{}",
        ran.out
    );
    let facts = run(&made.path().join("repo"), &["facts", "--roster", "../hr"]);
    assert!(
        facts.out.contains("../hr/people.csv:2:1"),
        "shown as given: {}",
        facts.out
    );
}

#[test]
fn a_roster_that_cannot_be_read_ends_the_run() {
    let made = shop("");
    fs::write(made.path().join("hr/notes.txt"), "we met\n").unwrap();
    for (path, expected) in [
        (
            "../hr/nobody.csv",
            "cannot read the roster `../hr/nobody.csv`",
        ),
        (
            "../hr/notes.txt",
            "the roster `../hr/notes.txt` is in no format that is known",
        ),
    ] {
        let ran = teams(&made, &["--roster", path]);
        assert_eq!(ran.code, Some(2), "{path}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

#[test]
fn absolute_paths_are_not_shown() {
    let made = shop("");
    let path = made.path().join("hr/people.csv");
    let facts = run(
        &made.path().join("repo"),
        &["facts", "--roster", path.to_str().unwrap()],
    );
    assert!(facts.out.starts_with("CODEOWNERS") || facts.out.contains("\npeople.csv:2:1"));
    assert!(!facts.out.contains("/hr/"), "{}", facts.out);
}

#[test]
fn init_writes_the_teams_of_a_roster() {
    let made = shop("");
    let repo = made.path().join("repo");
    fs::remove_file(repo.join("twopizza.toml")).unwrap();
    let ran = run(&repo, &["init", "--from", "../hr/people.csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = fs::read_to_string(repo.join("twopizza.toml")).unwrap();
    assert!(
        text.ends_with("\n[[team]]\nid = \"Cart\"\nmembers = [\"ada\", \"bob\"]\n"),
        "{text}"
    );
    let ran = teams(&made, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("Cart,"), "{}", ran.out);
}

#[test]
fn every_fixture_of_a_format_is_recognised_as_one() {
    for (format, name) in RosterFormat::ALL {
        let folder = match format {
            RosterFormat::RustTeam => "rosters-rust-teams".to_owned(),
            _ => format!("rosters-{name}"),
        };
        let repo = root()
            .join("fixtures/extract")
            .join(folder)
            .join("one/repo");
        let mut open = vec![repo];
        let mut seen = 0;
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(
                    fs::read_dir(path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
                continue;
            }
            seen += 1;
            let bytes = fs::read(&path).unwrap();
            // The name is not asked, but for its ending.
            let ending = path.extension().unwrap().to_str().unwrap();
            let told = roster_format(&format!("roster.{ending}"), &bytes);
            assert_eq!(told, Some(*format), "{path:?}");
        }
        assert!(seen > 0, "{name}");
    }
}
