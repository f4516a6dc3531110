//! Command lines of containers and processes: what program they start, and which settings they give to it.

/// The most words that are looked at.
const WORDS: usize = 512;

/// The longest text that tells one program from another.
const ENTRY: usize = 120;

/// Programs that come with a store or a broker and talk to it.
const CLIENTS: &[&str] = &[
    "cqlsh",
    "curl",
    "etcdctl",
    "kafka-topics",
    "kafka-topics.sh",
    "mc",
    "mongo",
    "mongodump",
    "mongoimport",
    "mongorestore",
    "mongosh",
    "mysql",
    "mysqldump",
    "pg_dump",
    "pg_isready",
    "pg_restore",
    "psql",
    "rabbitmqadmin",
    "redis-cli",
    "rpk",
];

/// A command line, word by word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    words: Vec<String>,
}

/// `--name=value`, `-Dname=value`, `-name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl Command {
    /// The words of a line, with quotes as shells have them; `None` for one that is not closed.
    pub(super) fn split(line: &str) -> Option<Self> {
        Some(Self::new(shlex::split(line)?))
    }

    /// The words of a list; the script of `sh -c` is taken apart.
    pub(super) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut words: Vec<String> = words.into_iter().take(WORDS).collect();
        let is_shell = words
            .first()
            .is_some_and(|first| matches!(base(first), "sh" | "bash" | "ash" | "dash" | "zsh"));
        if is_shell {
            let option = |word: &String| word.starts_with('-') && word.ends_with('c');
            if let Some(at) = words.iter().position(option)
                && let Some(script) = words.get(at + 1).and_then(|script| shlex::split(script))
            {
                words = script.into_iter().take(WORDS).collect();
            }
        }
        Self { words }
    }

    /// This command with the words of another one behind it, as `CMD` stands behind `ENTRYPOINT`.
    pub(super) fn then(mut self, more: Self) -> Self {
        self.words.extend(more.words);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether it starts a client of a store or a broker instead of the thing itself.
    pub(super) fn is_client(&self) -> bool {
        let mut words = self.words.iter().map(|word| base(word));
        let starts_server = |word: &str| word.ends_with('d') || word.contains("server");
        words.clone().any(|word| CLIENTS.contains(&word)) && !words.any(starts_server)
    }

    /// What tells this program from others of the same image: the words that are no options, addresses or numbers.
    pub(super) fn entry(&self) -> Option<String> {
        let mut entry = String::new();
        let mut hides_next = false;
        for word in self.program() {
            let hidden = std::mem::take(&mut hides_next);
            if word.starts_with('-') {
                hides_next = !word.contains('=') && crate::model::secrets::is_secret(word);
                continue;
            }
            let is_address = word.contains("://") || is_host_port(word);
            let is_value = word.contains('=') || word.contains('$') || word.contains('@');
            let is_number = word.chars().all(|c| c.is_ascii_digit() || c == '.');
            if hidden || is_address || is_value || is_number {
                continue;
            }
            if entry.len() + word.len() > ENTRY {
                break;
            }
            if !entry.is_empty() {
                entry.push(' ');
            }
            entry.push_str(word);
        }
        (!entry.is_empty()).then_some(entry)
    }

    /// The name of the program that is started, as the system looks it up.
    pub(super) fn started(&self) -> Option<&str> {
        let word = self.program().first()?;
        let name = base(word);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        is_name(name).then_some(name)
    }

    /// Whether it starts with the path of a program, and so not with arguments for one that the image tells.
    pub(super) fn has_path(&self) -> bool {
        let first = self.program().first();
        first.is_some_and(|word| word.contains('/') && !word.starts_with('-'))
    }

    /// The settings that stand in the command.
    pub(super) fn settings(&self) -> Vec<Setting<'_>> {
        let mut settings = Vec::new();
        let mut words = self.words.iter().peekable();
        while let Some(word) = words.next() {
            let option = word.trim_start_matches('-');
            if option.len() == word.len() {
                continue;
            }
            let option = match option.strip_prefix('D') {
                Some(property) if word.starts_with("-D") && option.contains('=') => property,
                _ => option,
            };
            let found = match option.split_once('=') {
                Some(found) => Some(found),
                None => words
                    .peek()
                    .filter(|next| !next.starts_with('-'))
                    .filter(|next| next.contains("://") || is_host_port(next))
                    .map(|next| (option, next.as_str())),
            };
            if let Some((name, value)) = found.filter(|(name, _)| is_name(name)) {
                settings.push(Setting { name, value });
            }
        }
        settings
    }

    /// The words from the program on: behind what waits for others, sets variables or stays in front of all.
    fn program(&self) -> &[String] {
        let mut words = self.words.as_slice();
        while let Some((first, rest)) = words.split_first() {
            let name = base(first);
            let waits = name.contains("wait");
            let is_front = matches!(
                name,
                "exec" | "env" | "tini" | "dumb-init" | "sudo" | "time"
            );
            let is_assignment = first
                .split_once('=')
                .is_some_and(|(name, _)| is_name(name) && !name.contains('.'));
            if waits && let Some(end) = words.iter().position(|word| word == "--" || word == "&&") {
                words = &words[end + 1..];
            } else if is_front || is_assignment || name == "--" {
                words = rest;
            } else {
                break;
            }
        }
        words
    }
}

/// The last piece of a path.
fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain)
}

/// Whether a word is `host:port`.
fn is_host_port(word: &str) -> bool {
    word.rsplit_once(':').is_some_and(|(host, port)| {
        let is_host =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
        !port.is_empty()
            && port.len() <= 5
            && port.chars().all(|c| c.is_ascii_digit())
            && host.chars().all(is_host)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: &str) -> Option<String> {
        Command::split(line).unwrap().entry()
    }

    #[test]
    fn an_entry_tells_programs_apart_and_holds_no_option() {
        for (line, expected) in [
            ("PostStorageService", "PostStorageService"),
            ("java -jar app.jar --server.port=8080", "java app.jar"),
            (
                "celery -A acme worker --concurrency 4",
                "celery acme worker",
            ),
            ("sh -c 'exec python worker.py'", "python worker.py"),
            ("./wait-for-it.sh db:5432 -- node app.js", "node app.js"),
            ("serve --password hidden all", "serve all"),
            ("PORT=80 ./cart", "./cart"),
            ("bin/cart http://till:80", "bin/cart"),
        ] {
            assert_eq!(entry(line).as_deref(), Some(expected), "{line}");
        }
        assert_eq!(entry("--port=80"), None);
        assert_eq!(Command::split("a 'b"), None);
    }

    #[test]
    fn a_program_has_a_name() {
        for (line, expected) in [
            ("PostStorageService --verbose", Some("PostStorageService")),
            ("sh -c 'exec /opt/bin/cart 80'", Some("cart")),
            ("tini -- ./till.exe", Some("till")),
            ("--port=80", None),
            ("$PROGRAM", None),
        ] {
            let command = Command::split(line).unwrap();
            let command = Command::new(command.words);
            assert_eq!(command.started(), expected, "{line}");
        }
        assert!(Command::split("./cart").unwrap().has_path());
        assert!(!Command::split("agent -dev").unwrap().has_path());
    }

    #[test]
    fn settings_are_options_with_values() {
        let line = "java -Dspring.profiles.active=docker -Xmx1g -jar a.jar --cart.url=http://cart --redis redis:6379 --flag on";
        let command = Command::split(line).unwrap();
        let found: Vec<_> = command
            .settings()
            .iter()
            .map(|setting| format!("{}={}", setting.name, setting.value))
            .collect();
        assert_eq!(
            found,
            [
                "spring.profiles.active=docker",
                "cart.url=http://cart",
                "redis=redis:6379"
            ]
        );
    }
}
