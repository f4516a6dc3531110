//! Starts Graphviz, which draws SVG and PNG.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::error::{Stop, failed, failed_with_help};

const LIMIT: Duration = Duration::from_secs(30);
const PROGRAM: &str = "dot";
const INSTALL: &str = "\
install Graphviz: Debian and Ubuntu `apt install graphviz`, macOS `brew install graphviz`, Windows `winget install graphviz`
`--format dot` and `--format mermaid` need nothing";

/// The picture that `dot` makes of a document.
///
/// # Errors
/// When `dot` is missing, fails, or takes longer than the limit.
pub(super) fn draw(document: Vec<u8>, format: &str) -> Result<Vec<u8>, Stop> {
    let mut command = Command::new(PROGRAM);
    command.arg(format!("-T{format}"));
    match run(command, document, LIMIT) {
        Ok(Drawn::Done(picture)) => Ok(picture),
        Ok(Drawn::Failed(message)) => Err(failed_with_help(
            format!("`{PROGRAM}` failed: {message}"),
            "`--format dot` gives the document that it was asked to draw",
        )),
        Ok(Drawn::TooSlow) => Err(failed_with_help(
            format!(
                "`{PROGRAM}` was still drawing after {} seconds",
                LIMIT.as_secs()
            ),
            "draw less: `--focus NAME`, `--level team`, `--max-nodes N` or `--only-violations`",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(failed_with_help(
            format!("{format} needs the program `{PROGRAM}`, which is not installed"),
            INSTALL,
        )),
        Err(error) => Err(failed(format!("cannot run `{PROGRAM}`: {error}"))),
    }
}

#[derive(Debug)]
enum Drawn {
    Done(Vec<u8>),
    Failed(String),
    TooSlow,
}

/// Feeds a program and takes what it gives, within a time limit.
fn run(mut command: Command, input: Vec<u8>, limit: Duration) -> io::Result<Drawn> {
    let deadline = Instant::now() + limit;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    // A thread for each pipe: a full one would stop the program, and with it us.
    let feed = thread::spawn(move || {
        // That it does not read to the end is told by its exit code.
        stdin.map(|mut stdin| stdin.write_all(&input))
    });
    let (out, err) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let Some(status) = wait(&mut child, deadline)? else {
        child.kill()?;
        child.wait()?;
        return Ok(Drawn::TooSlow);
    };
    let picture = out.join().unwrap_or_default();
    let _ = feed.join();
    if status.success() {
        return Ok(Drawn::Done(picture));
    }
    let message = String::from_utf8_lossy(&err.join().unwrap_or_default()).into_owned();
    let first = message.lines().next().map(str::trim).unwrap_or_default();
    Ok(Drawn::Failed(if first.is_empty() {
        status.to_string()
    } else {
        first.to_owned()
    }))
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before a failure still tells something.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Waits for the end of a program; `None` at the deadline. The standard library has no wait with a limit.
fn wait(child: &mut Child, deadline: Instant) -> io::Result<Option<std::process::ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, input: &[u8], limit: u64) -> io::Result<Drawn> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, input.to_vec(), Duration::from_millis(limit))
    }

    #[test]
    fn more_than_a_pipe_holds_goes_through() {
        let input = vec![b'x'; 1 << 20];
        let drawn = shell("cat", &input, 30_000).unwrap();
        assert!(matches!(drawn, Drawn::Done(bytes) if bytes == input));
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let drawn = shell("exec sleep 60", b"", 50).unwrap();
        assert!(matches!(drawn, Drawn::TooSlow));
    }

    #[test]
    fn a_failure_tells_its_first_line() {
        let drawn = shell("echo wrong >&2; echo more >&2; exit 3", b"", 30_000).unwrap();
        assert!(matches!(drawn, Drawn::Failed(message) if message == "wrong"));
    }

    #[test]
    fn a_missing_program_is_not_found() {
        let error = run(Command::new("no-such-dot"), Vec::new(), LIMIT).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
