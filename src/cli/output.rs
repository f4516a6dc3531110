//! The one place that prints: results to standard output or a file, failures and notes to standard error.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use twopizza::model::Disguise;

use super::Outcome;
use super::args::Color;
use super::error::{Failure, write_failed};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();

/// What stands for names, once the run knows it.
static DISGUISE: OnceLock<Arc<Disguise>> = OnceLock::new();

/// From now on nothing is printed that is certainly a name: the last line of defence, for what is rewritten already.
pub(super) fn hide(disguise: &Arc<Disguise>) {
    // A second analysis of the run has the same names.
    let _ = DISGUISE.set(Arc::clone(disguise));
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// For people: coloured where the terminal wants it.
    Text,
    /// For programs: every byte as written.
    Data,
}

/// Decides for the whole run whether output for people is coloured; `auto` asks the terminal, `NO_COLOR`, `CLICOLOR`
/// and `CLICOLOR_FORCE`.
pub(super) fn set_color(color: Color) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// Writes to a file, or to standard output when there is none.
///
/// # Errors
/// What writing gives; a closed pipe is no failure.
pub(super) fn write(
    file: Option<&Path>,
    kind: Kind,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Outcome {
    match file {
        Some(path) => {
            write_file(path, kind, render).map_err(|error| write_failed(&error, &name(path)))
        }
        None => write_stdout(kind, render).map_err(|error| write_failed(&error, "the output")),
    }
}

/// Whether standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints why the run failed.
pub(super) fn failure(failure: &Failure) {
    let mut err = AutoStream::auto(io::stderr().lock());
    // Nobody is left to be told when standard error is closed.
    let _ = messages(&mut err, ERROR, "error", &failure.messages)
        .and_then(|()| help(&mut err, failure.help.as_deref()));
}

/// Prints what the user should know although the run goes on.
pub(super) fn warning(message: &str) {
    let mut err = AutoStream::auto(io::stderr().lock());
    let _ = messages(&mut err, WARNING, "warning", &[message.to_owned()]);
}

/// Text without characters that steer a terminal, break a line or turn the reading direction.
pub(super) fn plain(text: &str) -> String {
    twopizza::report::safe(text)
}

/// A path for people.
pub(super) fn name(path: &Path) -> String {
    plain(&path.to_string_lossy())
}

fn write_file(
    path: &Path,
    kind: Kind,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let file = File::create(path)?;
    if kind == Kind::Data {
        return finish(BufWriter::new(file), render);
    }
    let choice = match ColorChoice::global() {
        ColorChoice::Auto => ColorChoice::Never,
        choice => choice,
    };
    finish(BufWriter::new(AutoStream::new(file, choice)), render)
}

fn write_stdout(
    kind: Kind,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let out = io::stdout().lock();
    match kind {
        Kind::Data => finish(BufWriter::new(out), render),
        Kind::Text => finish(BufWriter::new(AutoStream::auto(out)), render),
    }
}

/// Flushes what a renderer wrote, so that a full disk is told.
fn finish(
    mut out: impl Write,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    match DISGUISE.get() {
        None => render(&mut out)?,
        Some(disguise) => {
            let mut bytes = Vec::new();
            render(&mut bytes)?;
            match String::from_utf8(bytes) {
                Ok(text) => out.write_all(disguise.certain(&text).as_bytes())?,
                // A picture, drawn from a text without names.
                Err(picture) => out.write_all(picture.as_bytes())?,
            }
        }
    }
    out.flush()
}

/// A message on standard error.
fn said(message: &str) -> String {
    match DISGUISE.get() {
        Some(disguise) => disguise.certain(message),
        None => message.to_owned(),
    }
}

fn messages(out: &mut impl Write, style: Style, word: &str, messages: &[String]) -> io::Result<()> {
    for message in messages {
        writeln!(out, "{style}{word}{style:#}: {}", plain(&said(message)))?;
    }
    Ok(())
}

fn help(out: &mut impl Write, help: Option<&str>) -> io::Result<()> {
    for line in help.into_iter().flat_map(str::lines) {
        writeln!(out, "  = {HELP}help{HELP:#}: {}", plain(&said(line)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_path_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\nc ü"), "a\\u{1b}[2Jb\\nc ü");
    }

    #[test]
    fn a_file_for_people_gets_no_colours_and_a_file_for_programs_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        for (kind, expected) in [(Kind::Text, "red"), (Kind::Data, "\u{1b}[31mred\u{1b}[0m")] {
            let path = folder.path().join("out");
            write(Some(&path), kind, |out| {
                out.write_all("\u{1b}[31mred\u{1b}[0m".as_bytes())
            })
            .unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
        }
    }
}
