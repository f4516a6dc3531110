//! The command line: verbs, their arguments, and help that teaches.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use twopizza::config::closest;

use super::formats::{
    FormatTo, GraphFormat, format_help, format_to, graph_format, graph_format_help,
};

const GLOBAL: &str = "Options of every verb";

/// Shows who depends on whom, through what, and where that breaks the service-interface mandate.
#[derive(Debug, Parser)]
#[command(
    name = "twopizza",
    version,
    long_about = "Shows how the teams of an organisation are really coupled: who depends on whom, through what,\nand where that breaks the service-interface mandate or the two-pizza rule.",
    subcommand_help_heading = "Verbs",
    subcommand_value_name = "VERB",
    disable_help_subcommand = true,
    override_usage = "twopizza [OPTIONS] [PATH]...\n       twopizza VERB [OPTIONS] ...",
    after_help = "Start with `twopizza` in a repository that has a CODEOWNERS file.",
    after_long_help = "\
Start with
  twopizza                        one screen about the repository you are in
  twopizza why cart billing       every coupling between two teams, with its files and lines
  twopizza graph -o teams.dot     the picture
  twopizza explain direct-link    what a rule is about, and how to mend what it finds
  twopizza init                   a `twopizza.toml` to start from
  twopizza baseline write         accept what is there today
  twopizza gate                   refuse what is new

Without a verb, `analyze` runs. A PATH that is called like a verb is written `./graph`.

Exit codes
  0  informed, with findings or without; the gate is open
  1  the gate is shut; the baseline is stale (`baseline check`)
  2  could not: wrong arguments or configuration, no such path, no files, an unknown name"
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten)]
    pub analyze: AnalyzeArgs,
}

/// What every verb takes.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Global {
    /// Read this configuration instead of the nearest `twopizza.toml`
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, global = true, conflicts_with = "config", help_heading = GLOBAL)]
    pub no_config: bool,
    /// Read who is in which team from FILE, or from all files of a folder, repeatable
    ///
    /// Read are answers of GitHub, SCIM, LDIF, exports of Google Workspace, Backstage, Peribolos and tables with one row for each person; `[[roster]]` in the configuration can say more.
    #[arg(long = "roster", global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub rosters: Vec<PathBuf>,
    /// Do not ask `cargo metadata`; manifests are read anyway
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub no_cargo: bool,
    /// Hide teams and people, the same everywhere, so that the output can be shared; show no source lines
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub anonymize: bool,
    /// When to colour output for people
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, help_heading = GLOBAL)]
    pub color: Color,
    /// Show neither progress nor warnings
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
    /// Read with N threads [default: one for each core]
    #[arg(short = 'j', long, global = true, value_name = "N", value_parser = threads, help_heading = GLOBAL)]
    pub threads: Option<usize>,
}

/// When output for people is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` says otherwise
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Tell on one screen how teams are coupled and what the rules say (the default)
    Analyze(AnalyzeArgs),
    /// Fail when there is something new that a rule denies (exit code 1)
    #[command(visible_alias = "check")]
    Gate(GateArgs),
    /// Write, prune or check the list of findings that the gate knows
    Baseline(BaselineArgs),
    /// Draw teams or components and their couplings, or the teams of the organisation
    Graph(GraphArgs),
    /// Show every coupling between two teams or components, with its evidence
    Why(WhyArgs),
    /// Tell who owns files, and which line decided
    Owners(OwnersArgs),
    /// List the teams: people, components, couplings
    Teams(TeamsArgs),
    /// Print what files say, one fact a line, before anything is joined
    Facts(FactsArgs),
    /// List every link as it was found, file by file
    Links(LinksArgs),
    /// Explain a rule, or list all rules with their levels
    Explain(ExplainArgs),
    /// Write a commented `twopizza.toml` from what the repository shows
    Init(InitArgs),
    /// Print the script with which a shell completes the command line
    Completions(CompletionsArgs),
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples
  twopizza analyze
  twopizza analyze services/cart services/billing
  twopizza analyze --full -q > coupling.txt
  twopizza analyze --format text --format json=report.json")]
pub(super) struct AnalyzeArgs {
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = format_to, help = format_help())]
    pub formats: Vec<FormatTo>,
    /// Show all of it as text, not one screen
    #[arg(long)]
    pub full: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza gate
  twopizza gate --fail-on warn --format json=report.json

A finding counts when it has the level that shuts the gate, and is neither in the baseline nor exempt nor suppressed, or has more sites than the baseline knows.
Without a baseline every finding is new. Nothing is ever written but the formats that are asked for.
Exit codes: 0 open, 1 shut, 2 could not judge: no files, no owners, too much unparsed, an unusable baseline.")]
pub(super) struct GateArgs {
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = format_to, help = format_help())]
    pub formats: Vec<FormatTo>,
    /// The level from which a finding shuts the gate [default: that of the configuration, else deny]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,
    /// The baseline [default: that of the configuration, else twopizza-baseline.jsonl if it is there]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Show every finding that counts
    #[arg(long)]
    pub full: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza baseline write
  twopizza baseline prune
  twopizza baseline check

Exit codes of check: 0 nothing is stale, 1 something is, 2 could not judge.")]
pub(super) struct BaselineArgs {
    /// What to do
    #[arg(value_enum, value_name = "ACTION")]
    pub action: BaselineAction,
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The baseline [default: that of the configuration, else twopizza-baseline.jsonl]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza graph --format mermaid
  twopizza graph --level component --focus cart --depth 2 --format svg -o cart.svg
  twopizza graph --only-violations --kinds link,door
  twopizza graph --level org --format svg -o org.svg")]
pub(super) struct GraphArgs {
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What a node is
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub level: GraphLevel,
    #[arg(long, value_name = "FORMAT", default_value = "dot", value_parser = graph_format, help = graph_format_help())]
    pub format: GraphFormat,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only this team or component and its neighbours
    #[arg(long, value_name = "NAME", help_heading = "What is shown")]
    pub focus: Option<String>,
    /// How many couplings away from the focus [default: 1]
    #[arg(
        long,
        value_name = "N",
        requires = "focus",
        help_heading = "What is shown"
    )]
    pub depth: Option<usize>,
    /// Only these kinds of couplings, or groups of kinds: `link`, `door.private`, …
    #[arg(
        long,
        value_name = "KIND",
        value_delimiter = ',',
        help_heading = "What is shown"
    )]
    pub kinds: Vec<String>,
    /// Only couplings that a rule warns of or forbids
    #[arg(long, help_heading = "What is shown")]
    pub only_violations: bool,
    /// Include tests, builds and development
    #[arg(long, help_heading = "What is shown")]
    pub all_contexts: bool,
    /// Draw at most N nodes, the most coupled ones, and say what is left out [default: 80]
    #[arg(long, value_name = "N", help_heading = "What is shown")]
    pub max_nodes: Option<usize>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza why cart billing
  twopizza why cart-api @acme/billing --root ../shop")]
pub(super) struct WhyArgs {
    /// A team or a component
    #[arg(value_name = "A")]
    pub a: String,
    /// Another one
    #[arg(value_name = "B")]
    pub b: String,
    /// A root to look at, repeatable [default: the git top level]
    #[arg(long = "root", value_name = "PATH")]
    pub roots: Vec<PathBuf>,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza owners src/cart/lib.rs
  twopizza owners services
  twopizza owners --all --format tsv -o owners.tsv

tsv has the columns path, owners (as written, separated by spaces) and line (of the deciding line).
Owners are `-` where the deciding line names nobody; owners and line are `-` where no line matches.")]
pub(super) struct OwnersArgs {
    /// Files or folders, from the current folder, or else from `--root`
    #[arg(value_name = "PATH", required_unless_present = "all")]
    pub paths: Vec<PathBuf>,
    /// Every file of the root
    #[arg(long, conflicts_with = "paths")]
    pub all: bool,
    /// The root, whose ownership file counts [default: the git top level]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: OwnersFormat,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza teams
  twopizza teams --format csv -o teams.csv

The teams with the most findings come first, then those with too many people, then by load for each head.

How to read it
  people   direct members; leads are among them, bots and alumni are not. A `!` marks more than
           `team-max` in [limits]. Unknown (`?`) until a roster or [[team]] in twopizza.toml tells them
  lines    lines of communication: the pairs of people, n(n-1)/2
  owns     components of code that the team owns, alone or with others
  out, in  sites (files of production code) that use what other teams own; that use what it owns
  teams    the other teams that it is coupled with, in either direction
  load     components, programming languages and other teams, for each of the people: no measure,
           but it points to where to ask. `twopizza explain overloaded-team` tells more
  found    findings that the team has to act on; plain `twopizza` shows them

json and csv have all figures, and the whole of a team with those below it. No person is named.
Owners that are people and no team are counted at the end.")]
pub(super) struct TeamsArgs {
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: TeamsFormat,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza facts services/cart
  twopizza facts services/cart/Cargo.toml")]
pub(super) struct FactsArgs {
    /// A file, or a folder as the root [default: the git top level]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza links
  twopizza links --unresolved
  twopizza links --format tsv -o links.tsv

This is what couplings are made of, also inside a team: each import, include and dependency, and where it leads.
tsv has the columns from, to, kind, context, name (as it is written there) and line.
A folder, written with `/` at its end, is a package or component as a whole; `npm:react` is a package from outside; `-` is not known.")]
pub(super) struct LinksArgs {
    /// The roots to look at together [default: the git top level]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only links whose far end is not known, with the reason
    #[arg(long)]
    pub unresolved: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: LinksFormat,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// From which level a finding shuts the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Deny,
    Warn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BaselineAction {
    /// Accept all findings that count today
    Write,
    /// Drop what is gone and lower what shrank; never add
    Prune,
    /// Tell what prune would change
    Check,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza explain
  twopizza explain direct-link
  twopizza explain --format json

A comment beside the code accepts one site of a finding, with a reason:
  use catalog_core::Price; // twopizza: allow direct-link -- gone with the new price service")]
pub(super) struct ExplainArgs {
    /// The rule [default: all, one a line]
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: ExplainFormat,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza init --dry-run
  twopizza init
  twopizza init --from teams.json

All but the teams of `--from` is commented out, so that nothing changes before somebody has read it.
A configuration that is there is never touched.")]
pub(super) struct InitArgs {
    /// The root, where the file is written [default: the git top level]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Write the teams of this roster as [[team]] tables that count
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Print the file instead of writing it
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples
  twopizza completions bash > ~/.local/share/bash-completion/completions/twopizza
  twopizza completions zsh > ~/.zfunc/_twopizza
  twopizza completions fish > ~/.config/fish/completions/twopizza.fish
  twopizza completions powershell >> $PROFILE")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphLevel {
    /// Teams and their couplings
    #[default]
    Team,
    /// Components and their couplings, in a box for each team
    Component,
    /// Teams with their sizes, below their parents
    Org,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OwnersFormat {
    #[default]
    Text,
    Tsv,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LinksFormat {
    #[default]
    Text,
    Tsv,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum TeamsFormat {
    #[default]
    Text,
    Json,
    Csv,
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// Help and version are errors, too, as clap has it.
pub(super) fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(args)?;
    let usage = |kind, message: &str| Err(Cli::command().error(kind, message));
    let analyze = &cli.analyze;
    let before = !analyze.paths.is_empty() || !analyze.formats.is_empty() || analyze.full;
    if cli.verb.is_some() && before {
        return usage(
            ErrorKind::ArgumentConflict,
            "the arguments of a verb stand behind it",
        );
    }
    let formats = match &cli.verb {
        Some(Verb::Analyze(args)) => &args.formats,
        Some(Verb::Gate(args)) => &args.formats,
        _ => &cli.analyze.formats,
    };
    if formats.iter().filter(|to| to.file.is_none()).count() > 1 {
        return usage(
            ErrorKind::ArgumentConflict,
            "only one format can go to standard output: write the others as `--format FORMAT=FILE`",
        );
    }
    Ok(cli)
}

/// The command line as clap knows it.
pub(super) fn command() -> clap::Command {
    Cli::command()
}

/// The verb that a mistyped PATH may mean.
pub(super) fn near_verb(path: &str) -> Option<String> {
    let command = Cli::command();
    let verbs: Vec<&str> = command
        .get_subcommands()
        .map(|verb| verb.get_name())
        .collect();
    closest(path, verbs).map(str::to_owned)
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1024) => Ok(number),
        _ => Err("not a number from 1 to 1024".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cli(args: &[&str]) -> Result<Cli, clap::Error> {
        let args = std::iter::once("twopizza").chain(args.iter().copied());
        parse(args.map(OsString::from))
    }

    fn message(args: &[&str]) -> String {
        cli(args).unwrap_err().to_string()
    }

    #[test]
    fn the_parser_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_verb_paths_are_analyzed() {
        let parsed = cli(&["a", "graph", "-q"]).unwrap();
        assert!(parsed.verb.is_none() && parsed.global.quiet);
        assert_eq!(parsed.analyze.paths, [PathBuf::from("a"), "graph".into()]);
    }

    #[test]
    fn a_path_that_is_called_like_a_verb_is_the_verb() {
        let parsed = cli(&["-j", "2", "graph", "a"]).unwrap();
        assert!(
            matches!(parsed.verb, Some(Verb::Graph(args)) if args.paths == [PathBuf::from("a")])
        );
        assert_eq!(parsed.global.threads, Some(2));
        assert!(cli(&["./graph"]).unwrap().verb.is_none());
    }

    #[test]
    fn options_of_every_verb_stand_before_or_behind_it() {
        for args in [["--no-config", "teams"], ["teams", "--no-config"]] {
            assert!(cli(&args).unwrap().global.no_config);
        }
    }

    #[test]
    fn every_verb_takes_the_options_of_every_verb() {
        let mut command = Cli::command();
        command.build();
        for verb in command.get_subcommands() {
            for option in [
                "anonymize",
                "quiet",
                "threads",
                "color",
                "config",
                "no_config",
            ] {
                let known = verb.get_arguments().any(|arg| arg.get_id() == option);
                assert!(known, "{}: {option}", verb.get_name());
            }
        }
    }

    #[test]
    fn arguments_of_analyze_do_not_stand_before_another_verb() {
        let error = message(&["--format", "text", "graph"]);
        assert!(error.contains("stand behind it"), "{error}");
    }

    #[test]
    fn formats_repeat_but_one_alone_goes_to_standard_output() {
        let parsed = cli(&["--format", "text", "--format", "text=a=b.txt"]).unwrap();
        let files: Vec<_> = parsed
            .analyze
            .formats
            .into_iter()
            .map(|to| to.file)
            .collect();
        assert_eq!(files, [None, Some(PathBuf::from("a=b.txt"))]);
        let error = message(&["analyze", "--format", "text", "--format", "text"]);
        assert!(error.contains("only one format"), "{error}");
        assert!(message(&["--format", "text="]).contains("a file name is missing"));
        let error = message(&["--format", "txt"]);
        assert!(error.contains("did you mean `text`?"), "{error}");
    }

    #[test]
    fn graph_formats_are_ours_and_those_of_dot() {
        let format = |name| match cli(&["graph", "--format", name]).unwrap().verb {
            Some(Verb::Graph(args)) => args.format,
            _ => unreachable!("graph was asked for"),
        };
        assert_eq!(format("dot"), GraphFormat::Own("dot"));
        assert_eq!(format("svg"), GraphFormat::Drawn("svg"));
    }

    #[test]
    fn kinds_are_separated_by_commas() {
        let Some(Verb::Graph(args)) = cli(&["graph", "--kinds", "link,data"]).unwrap().verb else {
            unreachable!("graph was asked for");
        };
        assert_eq!(args.kinds, ["link", "data"]);
    }

    #[test]
    fn every_verb_has_help_with_an_example() {
        for verb in Cli::command().get_subcommands_mut() {
            let name = verb.get_name().to_owned();
            let help = verb.render_long_help().to_string();
            assert!(help.contains(&format!("twopizza {name}")), "{name}");
        }
    }

    #[test]
    fn owners_needs_to_know_whose() {
        assert!(cli(&["owners"]).is_err());
        assert!(cli(&["owners", "--all"]).is_ok());
        assert!(cli(&["-j", "0"]).is_err());
    }

    #[test]
    fn a_mistyped_verb_is_told() {
        assert_eq!(near_verb("grpah").as_deref(), Some("graph"));
        assert_eq!(near_verb("services/cart"), None);
    }
}
