//! A repository given as texts, for tests.

use std::collections::BTreeMap;
use std::io;

use super::{Bounds, Entry, Listing, Source};
use crate::model::Mode;

/// A repository given as texts.
#[derive(Clone, Debug, Default)]
pub struct TextSource {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl TextSource {
    /// Reads a document in which `//- path` lines start the files.
    pub fn new(name: impl Into<String>, document: &str) -> Self {
        let mut files = BTreeMap::new();
        let mut current: Option<(String, String)> = None;
        for line in document.split_inclusive('\n') {
            match line.strip_prefix("//- ") {
                Some(path) => {
                    files.extend(current.take().map(|(path, text)| (path, text.into_bytes())));
                    current = Some((path.trim().to_owned(), String::new()));
                }
                None => {
                    if let Some((_, text)) = &mut current {
                        text.push_str(line);
                    }
                }
            }
        }
        files.extend(current.map(|(path, text)| (path, text.into_bytes())));
        Self {
            name: name.into(),
            files,
        }
    }

    /// Adds a file with any bytes.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl Source for TextSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, _: &Bounds) -> Listing {
        Listing {
            entries: self
                .files
                .keys()
                .map(|path| Entry {
                    path: path.clone(),
                    mode: Mode::File,
                })
                .collect(),
            problems: Vec::new(),
        }
    }

    fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > bounds.file_size => {
                Err(io::ErrorKind::FileTooLarge.into())
            }
            Some(bytes) => Ok(bytes.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
