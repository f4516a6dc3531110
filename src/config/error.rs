//! What is wrong with a configuration, all of it at once, each at its place.

use std::fmt;
use std::ops::Range;

use crate::model::LineTable;

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigError {
    pub place: ConfigPlace,
    /// A lowercase fragment.
    pub message: String,
}

/// A place in the configuration; line and column from 1, columns in characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigPlace {
    pub path: String,
    /// `0` when the file as a whole is meant.
    pub line: u32,
    pub column: u32,
}

/// Everything that is wrong with a configuration, in the order of the file; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.0))]
pub struct ConfigErrors(pub Vec<ConfigError>);

/// One mistake a line.
fn lines(errors: &[ConfigError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl fmt::Display for ConfigPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

impl ConfigErrors {
    /// One that has no place in the file.
    pub(super) fn whole_file(path: &str, message: String) -> Self {
        Self(vec![ConfigError {
            place: ConfigPlace {
                path: path.to_owned(),
                line: 0,
                column: 0,
            },
            message,
        }])
    }
}

/// The most mistakes that are told: nobody reads more, and a place takes a moment to find.
const MOST: usize = 1_000;

/// Collects mistakes while a text is read.
#[derive(Debug)]
pub(super) struct Mistakes<'a> {
    path: &'a str,
    text: &'a str,
    lines: LineTable,
    found: Vec<ConfigError>,
    /// Beyond the most.
    untold: usize,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self {
            path,
            text,
            lines: LineTable::new(text.as_bytes()),
            found: Vec::new(),
            untold: 0,
        }
    }

    /// States a mistake at a byte range of the text.
    pub(super) fn push(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        if self.found.len() == MOST {
            self.untold += 1;
            return;
        }
        let place = self.place(bytes.start);
        self.found.push(ConfigError {
            place,
            message: message.into(),
        });
    }

    /// Line and column of a byte offset.
    pub(super) fn place(&self, offset: usize) -> ConfigPlace {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.line(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = self.lines.range(line).0 as usize;
        let before = self.text.get(start..offset).unwrap_or("");
        ConfigPlace {
            path: self.path.to_owned(),
            line,
            column: u32::try_from(before.chars().count()).map_or(u32::MAX, |count| count + 1),
        }
    }

    /// Nothing when nothing was wrong.
    ///
    /// # Errors
    /// All mistakes, in the order of the text.
    pub(super) fn finish(mut self) -> Result<(), ConfigErrors> {
        self.found.sort();
        self.found.dedup();
        if self.untold > 0 {
            let mut more = ConfigErrors::whole_file(
                self.path,
                format!("{} more mistakes are not shown", self.untold),
            );
            self.found.append(&mut more.0);
        }
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(ConfigErrors(self.found))
        }
    }
}
