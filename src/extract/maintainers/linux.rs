//! Which sections of a MAINTAINERS file look after which paths, and who their maintainers are?
//!
//! The format of Linux, which QEMU, Xen, U-Boot, DPDK and others share:
//! <https://docs.kernel.org/process/maintainers.html>. A file without any `F:`, `X:` or `N:` is a list of people in
//! another form, and nothing is read from it. Reviewers (`R:`) and lists (`L:`) own nothing; what a file contains (`K:`)
//! is not looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
        let sections = sections(file.bytes);
        if sections.is_empty() {
            return;
        }
        // Sections of one title are one team, and each has paths of its own.
        let mut teams: BTreeMap<&str, (Range<usize>, BTreeSet<String>)> = BTreeMap::new();
        for section in &sections {
            if section.title.starts_with(EXPLANATION) {
                continue;
            }
            if section.title.is_empty() {
                let (_, _, at) = &section.patterns[0];
                facts.problem(
                    at.clone(),
                    "paths without a section: not used; write the title of one above",
                );
                facts.parsed(Parsed::Partly);
                continue;
            }
            section.tell(facts);
            if !section.is_orphan() {
                let team = teams.entry(&section.title);
                let (_, people) = team.or_insert_with(|| (section.at.clone(), BTreeSet::new()));
                people.extend(section.people.iter().cloned());
            }
        }
        for (title, (at, people)) in teams {
            team(title, &Vec::from_iter(people), at, facts);
        }
        facts.parsed(Parsed::Whole);
    }
}

#[derive(Default)]
struct Section {
    title: String,
    /// The line of the title, from 1.
    line: usize,
    at: Range<usize>,
    people: Vec<String>,
    /// The first `S:`.
    status: Option<String>,
    /// `F`, `X`, `N` with the pattern.
    patterns: Vec<(char, String, Range<usize>)>,
}

/// The sections that have paths: a title and the tags below, blank lines or not.
fn sections(bytes: &[u8]) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    for (line, (text, at)) in (1..).zip(lines(bytes)) {
        match tag(&text) {
            Some((tag, value)) => {
                if let Some(section) = sections.last_mut() {
                    section.add(tag, value, at);
                }
            }
            // Explanations are indented, titles are not.
            None if text.trim().is_empty() || text.starts_with([' ', '\t', '#']) => {}
            // It underlines the title above it.
            None if text.bytes().all(|byte| matches!(byte, b'-' | b'=')) => {}
            None => {
                // A title without paths is text, or a section of nothing.
                sections.pop_if(|section| section.patterns.is_empty());
                sections.push(Section {
                    title: text.trim().to_owned(),
                    line,
                    at,
                    ..Section::default()
                });
            }
        }
    }
    sections.pop_if(|section| section.patterns.is_empty());
    sections
}

/// Lines without their ends; old files have names in other encodings, and paths are what counts.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Range<usize>)> {
    let mut start = 0;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(move |line| {
            let at = start..start + line.trim_ascii_end().len();
            start += line.len();
            (String::from_utf8_lossy(&bytes[at.clone()]), at)
        })
}

/// `M: value`: one capital at the start of a line.
fn tag(line: &str) -> Option<(char, &str)> {
    let (tag, value) = line.split_once(':')?;
    let mut chars = tag.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    chars.next().is_none().then_some((letter, value.trim()))
}

impl Section {
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

    /// Whether it says itself that nobody looks after it; what is obsolete may have somebody.
    fn is_orphan(&self) -> bool {
        let status = self.status.as_deref();
        status.is_some_and(|status| status.starts_with("orphan"))
    }

    fn tell(&self, facts: &mut Facts<'_>) {
        // The line tells sections of one title apart.
        let section = format!("{}:{}", self.title, self.line);
        for (tag, value, at) in &self.patterns {
            let owner = Owner {
                text: self.title.as_str().into(),
                form: OwnerForm::Group,
            };
            let cut = *tag == 'X';
            let owners = (!self.is_orphan() && !cut).then_some(owner);
            let pattern = format!("{tag}: {value}");
            let what = (Dialect::Maintainers, pattern.as_str(), Some(&*section));
            state(what, owners.into_iter().collect(), cut, at.clone(), facts);
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
