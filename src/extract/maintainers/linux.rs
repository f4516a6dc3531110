//! Which sections of a MAINTAINERS file look after which paths, and who their maintainers are?
//!
//! The format of Linux, which QEMU, Xen, U-Boot, DPDK and others share:
//! <https://docs.kernel.org/process/maintainers.html>. A file without any `F:`, `X:` or `N:` is a list of people in
//! another form, and nothing is read from it. Reviewers (`R:`) and lists (`L:`) own nothing; what a file contains (`K:`)
//! is not looked at.

use std::ops::Range;

use super::{state, team};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, Parsed, SourceFile};

/// Where the header of a file explains the tags.
const EXPLANATION: &str = "Descriptions of section entries";

/// Reads MAINTAINERS.
#[derive(Debug)]
pub(crate) struct Linux;

impl Extractor for Linux {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("maintainers/linux"),
            summary: "sections with their maintainers and paths, from MAINTAINERS files as of Linux",
            globs: &["**/MAINTAINERS"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // Old files have names in other encodings; paths are what counts.
        let lines = || {
            let mut start = 0;
            file.bytes
                .split_inclusive(|byte| *byte == b'\n')
                .map(move |line| {
                    let at = start..start + line.trim_ascii_end().len();
                    start += line.len();
                    (String::from_utf8_lossy(&file.bytes[at.clone()]), at)
                })
        };
        let has_paths = lines().any(|(line, _)| {
            let tag = tag(&line);
            tag.is_some_and(|(tag, value)| matches!(tag, 'F' | 'N' | 'X') && !value.is_empty())
        });
        if !has_paths {
            return;
        }
        let mut title = (String::new(), 0..0);
        let mut section: Option<Section> = None;
        for (line, at) in lines() {
            match tag(&line) {
                Some((tag, value)) => section
                    .get_or_insert_with(|| Section::new(title.clone()))
                    .add(tag, value, at),
                // Explanations are indented, titles are not.
                None if line.trim().is_empty() || line.starts_with([' ', '\t', '#']) => {}
                // It underlines the title above it.
                None if line.bytes().all(|byte| matches!(byte, b'-' | b'=')) => {}
                None => {
                    section
                        .take()
                        .into_iter()
                        .for_each(|section| section.tell(facts));
                    title = (line.trim().to_owned(), at);
                }
            }
        }
        section.into_iter().for_each(|section| section.tell(facts));
        facts.parsed(Parsed::Whole);
    }
}

/// `M: value`: one capital at the start of a line.
fn tag(line: &str) -> Option<(char, &str)> {
    let (tag, value) = line.split_once(':')?;
    let mut chars = tag.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    chars.next().is_none().then_some((letter, value.trim()))
}

struct Section {
    title: (String, Range<usize>),
    people: Vec<String>,
    /// The first `S:`.
    status: Option<String>,
    /// `F`, `X`, `N` with the pattern.
    patterns: Vec<(char, String, Range<usize>)>,
}

impl Section {
    fn new(title: (String, Range<usize>)) -> Self {
        Self {
            title,
            people: Vec::new(),
            status: None,
            patterns: Vec::new(),
        }
    }

    fn add(&mut self, tag: char, value: &str, at: Range<usize>) {
        match tag {
            'M' => self.people.extend(person(value)),
            'S' if self.status.is_none() => self.status = Some(value.to_lowercase()),
            'F' | 'X' | 'N' if !value.is_empty() => {
                self.patterns.push((tag, value.to_owned(), at));
            }
            _ => {}
        }
    }

    fn tell(mut self, facts: &mut Facts<'_>) {
        let (title, at) = self.title;
        if self.patterns.is_empty() || title.starts_with(EXPLANATION) {
            return;
        }
        if title.is_empty() {
            let (_, _, at) = self.patterns.swap_remove(0);
            facts.problem(
                at,
                "paths without a section: not used; write the title of one above",
            );
            facts.parsed(Parsed::Partly);
            return;
        }
        let mut people: Vec<String> = Vec::new();
        for person in self.people {
            if !people.contains(&person) {
                people.push(person);
            }
        }
        let status = self.status.unwrap_or_default();
        let orphan = status.starts_with("orphan") || status.starts_with("obsolete");
        if !orphan {
            team(&title, &people, at, facts);
        }
        for (tag, value, at) in self.patterns {
            let owner = Owner {
                text: title.as_str().into(),
                form: OwnerForm::Group,
            };
            let cut = tag == 'X';
            let owners = (!orphan && !cut).then_some(owner).into_iter().collect();
            let pattern = format!("{tag}: {value}");
            let what = (Dialect::Maintainers, pattern.as_str(), Some(title.as_str()));
            state(what, owners, cut, at, facts);
        }
    }
}

/// The address of `Name <address>`, else what stands there.
fn person(value: &str) -> Option<String> {
    let address = value
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    let text = address.map_or(value, |(address, _)| address).trim();
    (!text.is_empty()).then(|| text.to_owned())
}
