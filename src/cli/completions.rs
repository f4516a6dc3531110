//! `twopizza completions`: what a shell needs to complete our command line.

use super::Outcome;
use super::args::{CompletionsArgs, command};
use super::output::{self, Kind};

pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    // The generator panics on an output that is closed, so it never sees ours.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "twopizza", &mut script);
    output::write(args.output.as_deref(), Kind::Data, |out| {
        out.write_all(&script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;
    use clap_complete::Shell;

    #[test]
    fn every_shell_gets_every_verb() {
        for shell in Shell::value_variants() {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("script");
            let args = CompletionsArgs {
                shell: *shell,
                output: Some(file.clone()),
            };
            run(&args).unwrap();
            let script = std::fs::read_to_string(file).unwrap();
            for verb in command().get_subcommands() {
                assert!(script.contains(verb.get_name()), "{shell}");
            }
        }
    }
}
