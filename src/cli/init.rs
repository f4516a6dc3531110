//! `twopizza init`: writes a `twopizza.toml` of what it inferred, all of it commented out.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use twopizza::config::{Config, FILE_NAME, Limits};
use twopizza::graph::{CoOwner, Proposal, ProposedLibrary, ProposedTeam, propose};
use twopizza::model::toml_string;
use twopizza::rules::RULES;

use super::args::{Global, InitArgs};
use super::error::{Stop, failed, failed_with_help};
use super::inputs::{Inputs, default_root, refuse_anonymize};
use super::output::{self, Kind, name, plain};
use super::{Outcome, roster_teams};

/// What stands above everything; a line that `#` alone switches off has no space behind it.
const HEAD: &str = "\
# What twopizza cannot read from the repository.
# `twopizza init` wrote this from what it found. Nothing of it has an effect yet:
# remove the `#` before a `key = value` or a `[section]` to switch it on.
# All keys and what they mean: ";

const GATE: &str = "\
# What `twopizza gate` lets pass. `twopizza baseline write` accepts what there is today;
# the gate then refuses what is new.
#[gate]
#baseline = \"twopizza-baseline.jsonl\"
#fail-on = \"deny\"
#unparsed-floor = 0.05
#stale = \"warn\"
";

/// What stands above the teams of a roster.
const ROSTER: &str = "
# The teams of the roster that `--from` named. These count; bots and who has left are out.
";

pub(super) fn run(global: &Global, args: &InitArgs) -> Outcome {
    refuse_anonymize(global, "a configuration has to name the teams")?;
    let root = match &args.path {
        Some(root) => root.clone(),
        None => default_root()?,
    };
    let file = root.join(FILE_NAME);
    if !args.dry_run {
        let full = root.canonicalize().unwrap_or_else(|_| root.clone());
        if let Some(found) = Config::find(&full) {
            return Err(exists(&found));
        }
    }
    let mut global = global.clone();
    global.rosters.extend(args.from.clone());
    let global = &global;
    let analysis = Inputs::open(global, std::slice::from_ref(&root))?.analyze()?;
    let proposal = propose(&analysis.graph);
    let mut text = document(&proposal);
    let mut rostered = None;
    if args.from.is_some() {
        let (tables, count) = roster_teams::tables(&analysis.graph);
        text += ROSTER;
        text += &tables;
        rostered = Some(count);
    }
    if args.dry_run {
        return output::write(None, Kind::Data, |out| out.write_all(text.as_bytes()));
    }
    create(&file, &text)?;
    if global.quiet {
        return Ok(());
    }
    output::write(None, Kind::Text, |out| {
        told(out, &file, &proposal, rostered)
    })
}

fn exists(file: &Path) -> Stop {
    failed_with_help(
        format!("there is a configuration already: `{}`", name(file)),
        "`twopizza init --dry-run` shows what would be written",
    )
}

/// Writes a file that is not there yet.
fn create(file: &Path, text: &str) -> Outcome {
    let made = OpenOptions::new().write(true).create_new(true).open(file);
    let written = made.and_then(|mut made| made.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(file),
        _ => failed(format!("cannot write `{}`: {error}", name(file))),
    })
}

fn told(
    out: &mut dyn Write,
    file: &Path,
    proposal: &Proposal,
    rostered: Option<usize>,
) -> io::Result<()> {
    match rostered {
        None => writeln!(
            out,
            "wrote `{}`: all of it commented out, so nothing has changed yet",
            name(file)
        )?,
        Some(count) => writeln!(
            out,
            "wrote `{}`: {count} teams of the roster, which count; all else is commented out",
            name(file)
        )?,
    }
    for (count, what) in [
        (proposal.teams.len(), "teams whose people nobody has told"),
        (
            proposal.co_owners.len(),
            "owners that stand on nearly every line",
        ),
        (proposal.libraries.len(), "libraries that many teams link"),
    ] {
        if count > 0 {
            writeln!(out, "  {count:>4} {what}")?;
        }
    }
    writeln!(
        out,
        "next: read it, then `twopizza baseline write` and `twopizza gate`"
    )
}

/// The whole file.
fn document(proposal: &Proposal) -> String {
    let mut text = format!(
        "{HEAD}{}/blob/main/docs/configuration.md\n\n",
        env!("CARGO_PKG_REPOSITORY")
    );
    text += &limits();
    text.push('\n');
    text += &ownership(&proposal.co_owners);
    text.push('\n');
    text += &rules();
    text.push('\n');
    text += GATE;
    text += &libraries(&proposal.libraries);
    text += &teams(&proposal.teams);
    text
}

fn limits() -> String {
    let limits = Limits::default();
    format!(
        "# How many people two pizzas feed, and how few are hardly a team.\n#[limits]\n#team-max = {}\n#team-min = {}\n",
        limits.team_max, limits.team_min
    )
}

fn ownership(owners: &[CoOwner]) -> String {
    let mut text = String::from(
        "# Owners that stand beside others everywhere, such as a review group: a line with other owners is read without them.\n",
    );
    for owner in owners {
        let _ = writeln!(
            text,
            "# `{}` owns {} of {} owned files together with others; this changes who is judged.",
            plain(&owner.owner),
            owner.files,
            owner.of
        );
    }
    let owners: Vec<String> = owners
        .iter()
        .map(|owner| toml_string(&owner.owner))
        .collect();
    let _ = writeln!(
        text,
        "#[ownership]\n#ignore-owners = [{}]",
        owners.join(", ")
    );
    text
}

fn rules() -> String {
    let mut text = String::from(
        "# What a finding weighs: \"allow\", \"warn\" or \"deny\"; `twopizza explain` tells more.\n#[rules]\n",
    );
    for rule in RULES {
        let info = rule.info();
        let _ = writeln!(text, "#{} = \"{}\"", info.id.0, info.level.as_str());
    }
    text
}

fn libraries(libraries: &[ProposedLibrary]) -> String {
    let mut text = String::new();
    if !libraries.is_empty() {
        text += "\n# Libraries that many teams link. Declared here, a library is everybody's and any team may link it.\n";
    }
    for library in libraries {
        let users: Vec<String> = library.users.iter().map(|team| plain(team)).collect();
        let _ = write!(
            text,
            "\n# `{}` is used by {} teams: {}\n#[[component]]\n#path = {}\n#kind = \"library\"\n",
            plain(&library.name),
            users.len(),
            users.join(", "),
            toml_string(&globset::escape(&library.folder))
        );
    }
    text
}

fn teams(teams: &[ProposedTeam]) -> String {
    let mut text = String::new();
    if !teams.is_empty() {
        text += "\n# Teams that only ownership files name. Their size is unknown until somebody tells their members.\n";
    }
    for team in teams {
        let _ = write!(text, "\n#[[team]]\n#id = {}\n", toml_string(&team.id));
        if !team.handles.is_empty() {
            let handles: Vec<String> = team.handles.iter().map(|one| toml_string(one)).collect();
            let _ = writeln!(text, "#aliases = [{}]", handles.join(", "));
        }
        text += "# members = [\"who\", \"is\", \"in\", \"it\"]\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use twopizza::analysis::Analysis;
    use twopizza::model::NoProgress;
    use twopizza::source::TextSource;

    /// Three teams link a library of a fourth; everything is owned by the leads, too.
    const SHOP: &str = r#"
//- CODEOWNERS
/cart/ @acme/cart @acme/leads
/catalog/ @acme/catalog @acme/leads
/search/ @acme/search @acme/leads
/money/ @acme/billing @acme/leads
//- cart/Cargo.toml
[package]
name = "cart"
[dependencies]
money = { path = "../money" }
catalog = { path = "../catalog" }
//- cart/src/main.rs
fn main() { money::new(); catalog::new() }
//- catalog/Cargo.toml
[package]
name = "catalog"
[dependencies]
money = { path = "../money" }
//- catalog/src/main.rs
fn main() { money::new() }
//- search/Cargo.toml
[package]
name = "search"
[dependencies]
money = { path = "../money" }
//- search/src/main.rs
fn main() { money::new() }
//- money/Cargo.toml
[package]
name = "money"
//- money/src/lib.rs
pub fn new() {}
"#;

    fn analyzed(config: &str) -> Analysis {
        let shop = TextSource::new("shop", SHOP);
        let config = Config::parse(config, FILE_NAME).unwrap();
        let options = twopizza::Options::default();
        twopizza::analyze(&[&shop], &config, None, &options, &NoProgress).unwrap()
    }

    /// Removes the `#` of what it switches off.
    fn switched_on(text: &str) -> String {
        let on = |line: &str| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        };
        text.lines().map(on).collect()
    }

    #[test]
    fn the_file_changes_no_finding_until_somebody_uncomments_a_line() {
        let leads = "[ownership]\nignore-owners = [\"@acme/leads\"]\n";
        for before in [analyzed(""), analyzed(leads)] {
            let text = document(&propose(&before.graph));
            let lines = text.lines().filter(|line| !line.is_empty());
            assert!(lines.clone().all(|line| line.starts_with('#')), "{text}");
        }
        let told = |analysis: &Analysis| format!("{:?}", analysis.findings);
        let before = analyzed(leads);
        let text = document(&propose(&before.graph));
        assert!(!before.findings.is_empty());
        assert_eq!(told(&before), told(&analyzed(&format!("{leads}{text}"))));
    }

    #[test]
    fn what_is_uncommented_is_read_and_means_what_was_proposed() {
        let text = document(&propose(&analyzed("").graph)).replace(GATE, "");
        assert!(
            text.contains("#ignore-owners = [\"@acme/leads\"]"),
            "{text}"
        );
        let config = Config::parse(&switched_on(&text), FILE_NAME).unwrap();
        assert_eq!(config.ownership.ignore_owners, ["@acme/leads"]);
        let ids: Vec<_> = config
            .teams
            .iter()
            .map(|team| team.value.id.as_str())
            .collect();
        assert_eq!(ids, ["billing", "cart", "catalog", "leads", "search"]);
        assert_eq!(config.rules.len(), RULES.len());
        for rule in RULES {
            assert_eq!(config.rules[rule.info().id.0], rule.info().level);
        }
    }

    #[test]
    fn a_library_of_many_teams_is_proposed_and_heals_when_switched_on() {
        let leads = "[ownership]\nignore-owners = [\"@acme/leads\"]\n";
        let before = analyzed(leads);
        let text = document(&propose(&before.graph));
        assert!(
            text.contains("# `money` is used by 3 teams: cart, catalog, search\n#[[component]]\n#path = \"money\"\n"),
            "{text}"
        );
        let of = |analysis: &Analysis, rule| {
            let findings = analysis.findings.iter();
            findings.filter(|finding| finding.rule.0 == rule).count()
        };
        assert_eq!(of(&before, "shared-library"), 3);
        let declared = &text[text.find("#[[component]]").unwrap()..];
        let declared: String = declared
            .lines()
            .take(3)
            .map(|line| format!("{}\n", &line[1..]))
            .collect();
        let after = analyzed(&format!("{leads}{declared}"));
        assert_eq!(of(&after, "shared-library"), 0);
        assert_eq!(of(&after, "direct-link"), of(&before, "direct-link"));
    }

    #[test]
    fn names_that_try_to_break_out_stay_in_their_comment() {
        let nasty = "a\"]\n[rules]\u{7f}'\\";
        let proposal = Proposal {
            teams: vec![ProposedTeam {
                id: nasty.to_owned(),
                handles: vec![nasty.to_owned()],
            }],
            co_owners: vec![CoOwner {
                owner: nasty.to_owned(),
                files: 1,
                of: 1,
            }],
            libraries: vec![ProposedLibrary {
                folder: nasty.to_owned(),
                name: nasty.to_owned(),
                users: vec![nasty.to_owned(); 3],
            }],
        };
        let text = document(&proposal);
        assert!(Config::parse(&text, FILE_NAME).unwrap().teams.is_empty());
        let document: toml::Table = switched_on(&text).parse().unwrap();
        assert_eq!(document["team"][0]["id"].as_str(), Some(nasty));
    }

    #[test]
    fn a_file_that_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        create(&file, "first").unwrap();
        let Err(Stop::Failed(failure)) = create(&file, "second") else {
            unreachable!("the file is there");
        };
        assert!(failure.help.unwrap().contains("--dry-run"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "first");
    }
}
