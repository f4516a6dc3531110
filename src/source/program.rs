//! Starts a program (git, cargo) with nothing to read and a time limit, and takes what it prints.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The most that a program may print: the file list of a very large repository fits.
const LARGEST_OUTPUT: u64 = 1 << 30;

/// Between two looks at a program that has closed its output and still runs.
const PAUSE: Duration = Duration::from_millis(2);

/// What a program printed before it ended well.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// Why there is nothing from a program.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProgramError {
    #[error("cannot find {program}: install it or add it to PATH")]
    NotFound { program: String },
    #[error("cannot run {program}: {source}")]
    Io { program: String, source: io::Error },
    #[error("{program} failed{}: {line}", code.map_or(String::new(), |code| format!(" (exit code {code})")))]
    Failed {
        program: String,
        code: Option<i32>,
        /// The first line of its error output.
        line: String,
    },
    #[error("{program} did not end within {} s and was stopped", limit.as_secs_f32())]
    TimedOut { program: String, limit: Duration },
    #[error("{program} printed more than {LARGEST_OUTPUT} bytes and was stopped")]
    TooMuch { program: String },
}

/// Runs a command to its end.
pub(super) fn output(command: &mut Command, limit: Duration) -> Result<Output, ProgramError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let deadline = Instant::now() + limit;
    let mut child = start(command, &program)?;
    let ended = wait(&mut child, deadline);
    if !matches!(ended, Ok(Some(_))) {
        // Both fail only for a program that has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    match ended {
        Ok(Some((status, output))) if status.success() => Ok(output),
        Ok(Some((status, output))) => Err(ProgramError::Failed {
            program,
            code: status.code(),
            line: first_line(&output.stderr),
        }),
        Ok(None) => Err(ProgramError::TimedOut { program, limit }),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(ProgramError::TooMuch { program })
        }
        Err(source) => Err(ProgramError::Io { program, source }),
    }
}

fn start(command: &mut Command, program: &str) -> Result<Child, ProgramError> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| match source.kind() {
            // A folder of PATH that may not be read hides what else would be `NotFound`.
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => ProgramError::NotFound {
                program: program.to_owned(),
            },
            _ => ProgramError::Io {
                program: program.to_owned(),
                source,
            },
        })
}

/// Waits for the end of both streams, then of the program; nothing: the time is over.
///
/// The readers are not joined: a grandchild that outlives the program may hold the pipes open.
fn wait(child: &mut Child, deadline: Instant) -> io::Result<Option<(ExitStatus, Output)>> {
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let mut streams = [Vec::new(), Vec::new()];
    for (stream, bytes) in [stdout, stderr].into_iter().zip(&mut streams) {
        let left = deadline.saturating_duration_since(Instant::now());
        match stream.map(|stream| stream.recv_timeout(left)) {
            Some(Ok(read)) => *bytes = read?,
            Some(Err(_)) => return Ok(None),
            None => {}
        }
    }
    let [stdout, stderr] = streams;
    let output = Output { stdout, stderr };
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some((status, output)));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}

/// Reads a stream on a thread of its own, so that neither stream fills up while the other is read.
fn drain(stream: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver): (Sender<io::Result<Vec<u8>>>, _) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.take(LARGEST_OUTPUT + 1).read_to_end(&mut bytes);
        // Nobody listens after the time is over.
        let _ = sender.send(match read {
            Ok(_) if bytes.len() as u64 > LARGEST_OUTPUT => Err(io::ErrorKind::FileTooLarge.into()),
            Ok(_) => Ok(bytes),
            Err(error) => Err(error),
        });
    });
    receiver
}

fn first_line(stderr: &[u8]) -> String {
    String::from_utf8_lossy(stderr)
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("no message")
        .to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Result<Output, ProgramError> {
        output(Command::new("sh").args(["-c", script]), limit)
    }

    #[test]
    fn much_on_both_streams_does_not_block() {
        let script = "i=0; while [ $i -lt 3000 ]; do
            echo 0123456789012345678901234567890123456789012345678901234567890123456789;
            echo 0123456789012345678901234567890123456789012345678901234567890123456789 >&2;
            i=$((i+1)); done";
        let output = shell(script, Duration::from_secs(60)).unwrap();
        assert_eq!(
            (output.stdout.len(), output.stderr.len()),
            (213_000, 213_000)
        );
    }

    #[test]
    fn a_program_that_hangs_is_stopped_even_when_a_child_keeps_the_pipe() {
        let start = Instant::now();
        let error = shell("sleep 20 & sleep 20", Duration::from_millis(100)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "sh did not end within 0.1 s and was stopped"
        );
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn errors_name_the_program_and_its_first_words() {
        let second = Duration::from_secs(10);
        assert_eq!(
            shell("echo >&2; echo no luck >&2; echo more >&2; exit 3", second)
                .unwrap_err()
                .to_string(),
            "sh failed (exit code 3): no luck"
        );
        assert_eq!(
            output(&mut Command::new("acme-no-such-program"), second)
                .unwrap_err()
                .to_string(),
            "cannot find acme-no-such-program: install it or add it to PATH"
        );
    }

    #[test]
    fn nothing_can_be_read_from_the_terminal() {
        let output = shell("cat; echo end", Duration::from_secs(10)).unwrap();
        assert_eq!(output.stdout, b"end\n");
    }
}
