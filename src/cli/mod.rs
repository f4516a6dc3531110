//! The command line: one file per verb, each a user of the library; exit codes.

mod analyze;
mod args;
mod baseline;
mod baseline_file;
mod completions;
mod error;
mod explain;
mod facts;
mod formats;
mod formatted;
mod gate;
mod graph;
mod init;
mod inputs;
mod links;
mod output;
mod owners;
mod picture;
mod progress;
mod roster_teams;
mod table;
mod teams;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Cli, Verb};
use error::Stop;

/// What a verb gives: it has informed, or it could not.
type Outcome = Result<(), Stop>;

/// The exit code of everything that could not be done, a wrong command line included.
const COULD_NOT: u8 = 2;

/// The exit code of a gate that does not open.
const SHUT: u8 = 1;

/// Runs a command line, the program's name first.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match args::parse(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help to a closed pipe is help that nobody wants to read to its end.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(COULD_NOT)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    output::set_color(cli.global.color);
    match dispatch(cli) {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Shut) => ExitCode::from(SHUT),
        Err(Stop::Failed(failure)) => {
            output::failure(&failure);
            ExitCode::from(COULD_NOT)
        }
    }
}

fn dispatch(cli: Cli) -> Outcome {
    let global = cli.global;
    inputs::set_threads(global.threads)?;
    match cli.verb.unwrap_or(Verb::Analyze(cli.analyze)) {
        Verb::Analyze(args) => analyze::run(&global, &args),
        Verb::Gate(args) => gate::run(&global, &args),
        Verb::Baseline(args) => baseline::run(&global, &args),
        Verb::Graph(args) => graph::run(&global, &args),
        Verb::Why(args) => why::run(&global, &args),
        Verb::Owners(args) => owners::run(&global, &args),
        Verb::Teams(args) => teams::run(&global, &args),
        Verb::Facts(args) => facts::run(&global, &args),
        Verb::Links(args) => links::run(&global, &args),
        Verb::Explain(args) => explain::run(&global, &args),
        Verb::Init(args) => init::run(&global, &args),
        Verb::Completions(args) => completions::run(&args),
    }
}
