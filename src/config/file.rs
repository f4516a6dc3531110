//! Finds the configuration file, reads it within bounds, and parses it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::error::Mistakes;
use super::{Config, ConfigErrors, FILE_NAME, sections};

/// The largest file that is read, in bytes: no honest configuration comes near.
const MAX_BYTES: u64 = 4 << 20;

impl Config {
    /// The nearest `twopizza.toml` at `start` or above it, up to the top level of the git repository.
    pub fn find(start: &Path) -> Option<PathBuf> {
        for folder in start.ancestors() {
            let candidate = folder.join(FILE_NAME);
            if candidate.is_file() {
                return Some(candidate);
            }
            if folder.join(".git").exists() {
                return None;
            }
        }
        None
    }

    /// Reads a file; returns its text, too, into which the spans point. `display_path` is named in errors.
    ///
    /// # Errors
    /// What keeps it from being read, or everything that is wrong with it.
    pub fn read(path: &Path, display_path: &str) -> Result<(Self, String), ConfigErrors> {
        let unreadable = |message| ConfigErrors::whole_file(display_path, message);
        let bytes = bytes(path).map_err(|error| unreadable(error.to_string()))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(unreadable(format!(
                "larger than {} MiB, which no configuration needs",
                MAX_BYTES >> 20
            )));
        }
        let text = text_of(bytes, display_path)?;
        Ok((Self::parse(&text, display_path)?, text))
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str, display_path: &str) -> Result<Self, ConfigErrors> {
        let mut config = Self::default();
        document(text, display_path, |table, mistakes| {
            config = sections::read(table, mistakes);
        })?;
        Ok(config)
    }
}

/// Hands a TOML document to `read`, which states what is wrong in it.
///
/// # Errors
/// Everything that is wrong, the syntax included; `read` does not see a text of broken syntax.
pub(super) fn document(
    text: &str,
    display_path: &str,
    read: impl FnOnce(&Spanned<DeTable<'_>>, &mut Mistakes<'_>),
) -> Result<(), ConfigErrors> {
    let mut mistakes = Mistakes::new(display_path, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    // What recovery made of a broken text would give follow-up mistakes.
    let readable = errors.is_empty();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        mistakes.push(span, error.message().replace('\n', ", "));
    }
    if readable {
        read(&document, &mut mistakes);
    }
    mistakes.finish()
}

/// The text without a byte order mark.
///
/// # Errors
/// Where it is not UTF-8.
pub(super) fn text_of(bytes: Vec<u8>, display_path: &str) -> Result<String, ConfigErrors> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            let mut mistakes = Mistakes::new(display_path, &text);
            mistakes.push(valid..valid, "not UTF-8 from here on");
            mistakes.finish()?;
            return Err(ConfigErrors::whole_file(
                display_path,
                "not UTF-8".to_owned(),
            ));
        }
    };
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The bytes of a regular file, one more than the bound at most.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Asked before opening: opening a named pipe would wait for its writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(content: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, content).unwrap();
        Config::read(&path, FILE_NAME).unwrap_err().to_string()
    }

    #[test]
    fn the_nearest_file_counts_and_the_search_ends_at_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let inner = root.join("repo/services/cart");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir_all(root.join("repo/.git")).unwrap();
        std::fs::write(root.join(FILE_NAME), "").unwrap();
        assert_eq!(Config::find(&inner), None);
        std::fs::write(root.join("repo").join(FILE_NAME), "").unwrap();
        assert_eq!(
            Config::find(&inner),
            Some(root.join("repo").join(FILE_NAME))
        );
        std::fs::write(inner.join(FILE_NAME), "").unwrap();
        assert_eq!(Config::find(&inner), Some(inner.join(FILE_NAME)));
    }

    #[test]
    fn a_byte_order_mark_shifts_no_column() {
        assert_eq!(
            refused("\u{feff}nope = 1".as_bytes()),
            "twopizza.toml:1:1: unknown key `nope`"
        );
    }

    #[test]
    fn what_is_too_large_or_not_text_is_refused() {
        assert_eq!(
            refused(&vec![b'#'; (MAX_BYTES + 1) as usize]),
            "twopizza.toml: larger than 4 MiB, which no configuration needs"
        );
        assert_eq!(
            refused(b"# fine\n# \xff"),
            "twopizza.toml:2:3: not UTF-8 from here on"
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        for text in [
            format!("rules = {}{}", "[".repeat(200), "]".repeat(200)),
            format!("rules = {}", "{a=".repeat(200_000)),
            format!("{}a = 1", "a.".repeat(200)),
            format!("[{}a]", "a.".repeat(200)),
        ] {
            let error = Config::parse(&text, FILE_NAME).unwrap_err();
            assert!(error.to_string().starts_with("twopizza.toml:1:"), "{error}");
        }
    }

    #[test]
    fn a_hostile_file_is_refused_in_little_time() {
        let many = |item: fn(usize) -> String| (0..200_000).map(item).collect::<String>();
        for text in [
            format!("rules = {{{}}}", many(|n| format!("r{n}=1,"))),
            format!("team = [{}]", many(|_| "{},".to_owned())),
            format!(
                "source = {{exclude = [{}], nope = 1}}",
                many(|n| format!("\"{n}\","))
            ),
        ] {
            let start = std::time::Instant::now();
            assert!(Config::parse(&text, FILE_NAME).is_err());
            assert!(start.elapsed().as_secs() < 30, "{}", &text[..20]);
        }
    }

    #[test]
    fn every_syntax_error_is_told() {
        let error = Config::parse("a = \n[limits]\nteam-max = 07\n", FILE_NAME).unwrap_err();
        assert_eq!(error.0.len(), 2, "{error}");
    }
}
