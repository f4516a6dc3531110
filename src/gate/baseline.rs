//! The baseline: what was there when the gate was switched on, one line for each thing that a finding is about.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{EXEMPTION_RULES, Stale};
use crate::model::{Disguise, Finding, Fingerprint, HIDDEN, Level, Standing, without_bom};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// The rule whose findings are known by whole lines that nobody could read.
const INVALID_LINE: &str = "invalid-ownership-rule";

/// The most wrong lines that are told.
const MOST_LINES: usize = 20;

/// Known findings: what they are, and at how many sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Fingerprint, u32>,
    /// What is odd about the file and does no harm.
    pub notices: Vec<String>,
}

/// One line: a fingerprint in clear, and the number of sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub rule: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub symbol: String,
    pub count: u32,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("there is no such file")]
    Missing,
    #[error("{0}")]
    Unreadable(io::Error),
    #[error("larger than {} MiB, which no baseline needs", MAX_BYTES >> 20)]
    TooLarge,
    #[error("line {line}: a conflict of a merge is not resolved")]
    Conflict { line: usize },
    #[error("{}", .0.join("\n"))]
    Lines(Vec<String>),
}

impl Baseline {
    /// What would be known if everything were accepted that counts now; what is exempt or suppressed is accepted already.
    pub fn of(findings: &[Finding]) -> Self {
        let mut entries = BTreeMap::new();
        for finding in findings {
            let accepted = matches!(
                finding.standing,
                Standing::Exempt { .. } | Standing::Suppressed { .. }
            );
            if accepted
                || finding.level == Level::Allow
                || EXEMPTION_RULES.contains(&finding.rule.0)
            {
                continue;
            }
            for (identity, count) in &finding.identities {
                keep_most(&mut entries, identity.clone(), *count);
            }
        }
        Self {
            entries,
            notices: Vec::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or has a line that is no entry.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing,
            _ => BaselineError::Unreadable(error),
        };
        // Asked before opening: opening a named pipe would wait for its writer.
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(failed(io::Error::other("not a file")));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(BaselineError::TooLarge);
        }
        Self::parse(&bytes)
    }

    /// Reads a text; of several entries for the same finding, as merges leave them, the largest count holds.
    ///
    /// # Errors
    /// When a line is no entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, BaselineError> {
        let mut entries = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut twice = 0_usize;
        for (index, line) in without_bom(bytes).split(|byte| *byte == b'\n').enumerate() {
            let number = index + 1;
            let line = line.trim_ascii();
            if is_conflict(line) {
                return Err(BaselineError::Conflict { line: number });
            }
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice::<Entry>(line) {
                Ok(Entry { count: 0, .. }) => wrong.push(format!("line {number}: `count` is 0")),
                Ok(entry) => {
                    let count = entry.count;
                    twice += usize::from(keep_most(&mut entries, entry.into(), count));
                }
                Err(error) => {
                    let at = error.column();
                    wrong.push(format!(
                        "line {number}: no entry of a baseline (column {at})"
                    ));
                }
            }
        }
        if !wrong.is_empty() {
            let more = wrong.len().saturating_sub(MOST_LINES);
            wrong.truncate(MOST_LINES);
            if more > 0 {
                wrong.push(format!("{more} more lines are no entries"));
            }
            return Err(BaselineError::Lines(wrong));
        }
        let notices = (twice > 0).then(|| {
            format!("{twice} entries of the baseline are there twice: the larger counts hold")
        });
        Ok(Self {
            entries,
            notices: notices.into_iter().collect(),
        })
    }

    /// As findings are known when names are hidden.
    #[must_use]
    pub fn disguised(&self, disguise: &Disguise) -> Self {
        let mut entries = BTreeMap::new();
        for (entry, count) in &self.entries {
            let Fingerprint {
                rule,
                kind,
                from,
                to,
                symbol,
            } = entry;
            let shown = Fingerprint {
                rule: rule.clone(),
                kind: kind.clone(),
                from: disguise.known_as(from),
                to: disguise.known_as(to),
                symbol: match symbol.split_once(' ') {
                    // A line that nobody could read may hold anything.
                    Some((first, _)) if rule == INVALID_LINE && !disguise.knows(symbol) => {
                        format!("{} {HIDDEN}", disguise.known_as(first))
                    }
                    _ => disguise.known_as(symbol),
                },
            };
            keep_most(&mut entries, shown, *count);
        }
        Self {
            entries,
            notices: self.notices.clone(),
        }
    }

    /// The findings with their numbers of sites, in order.
    pub fn entries(&self) -> &BTreeMap<Fingerprint, u32> {
        &self.entries
    }

    /// Without what is stale: entries go, counts fall, nothing is added.
    #[must_use]
    pub fn pruned(&self, stale: &[Stale]) -> Self {
        let mut entries = self.entries.clone();
        for one in stale {
            match one.now {
                0 => {
                    entries.remove(&one.entry);
                }
                now => {
                    let most = entries.get(&one.entry).copied().unwrap_or(0);
                    entries.insert(one.entry.clone(), now.min(most));
                }
            }
        }
        Self {
            entries,
            notices: Vec::new(),
        }
    }

    /// The text: one entry a line, lines in the order of their bytes.
    ///
    /// # Errors
    /// Never in practice: texts and numbers can be written as JSON.
    pub fn to_text(&self) -> io::Result<String> {
        let mut lines = Vec::with_capacity(self.entries.len());
        for (identity, count) in &self.entries {
            lines.push(serde_json::to_string(&Entry::new(identity, *count))?);
        }
        lines.sort_unstable();
        lines.push(String::new());
        Ok(lines.join("\n"))
    }

    /// Writes the file as a whole or not at all.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = self.to_text()?;
        let (mut file, beside) = create_beside(path)?;
        let result = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, path));
        if result.is_err() {
            // What was begun is of no use; that it may be gone already is no second failure.
            let _ = fs::remove_file(&beside);
        }
        result
    }
}

impl Entry {
    fn new(identity: &Fingerprint, count: u32) -> Self {
        let Fingerprint {
            rule,
            kind,
            from,
            to,
            symbol,
        } = identity.clone();
        Self {
            rule,
            kind,
            from,
            to,
            symbol,
            count,
        }
    }
}

impl From<Entry> for Fingerprint {
    fn from(entry: Entry) -> Self {
        Self {
            rule: entry.rule,
            kind: entry.kind,
            from: entry.from,
            to: entry.to,
            symbol: entry.symbol,
        }
    }
}

/// Whether the entry was there before.
fn keep_most(entries: &mut BTreeMap<Fingerprint, u32>, identity: Fingerprint, count: u32) -> bool {
    let mut before = true;
    let most = entries.entry(identity).or_insert_with(|| {
        before = false;
        0
    });
    *most = count.max(*most);
    before
}

/// The lines that git and others put between the sides of a conflict.
fn is_conflict(line: &[u8]) -> bool {
    [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"]
        .iter()
        .any(|marker| line.starts_with(*marker))
}

/// A new file in the same folder, so that renaming stays on one disk.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("no file name"))?;
    let mut number = 0_u32;
    loop {
        let mut name = name.to_os_string();
        name.push(format!(".new{number}"));
        let beside = path.with_file_name(name);
        match File::create_new(&beside) {
            // Somebody else's, or left over: never touched.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => {
                number += 1;
            }
            file => return Ok((file?, beside)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const TWO: &str = concat!(
        r#"{"rule":"direct-link","kind":"link.impl","from":"cargo:a","to":"cargo:b","symbol":"","count":2}"#,
        "\n",
        r#"{"rule":"oversized-team","from":"cart","count":9}"#,
        "\n"
    );

    fn error(text: &str) -> String {
        Baseline::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read_again_and_sorted_by_lines() {
        let baseline = Baseline::parse(TWO.as_bytes()).unwrap();
        expect![[r#"
            {"rule":"direct-link","kind":"link.impl","from":"cargo:a","to":"cargo:b","symbol":"","count":2}
            {"rule":"oversized-team","kind":"","from":"cart","to":"","symbol":"","count":9}
        "#]]
        .assert_eq(&baseline.to_text().unwrap());
        let again = Baseline::parse(baseline.to_text().unwrap().as_bytes()).unwrap();
        assert_eq!(again, baseline);
        let windows = format!("\u{feff}{}", TWO.replace('\n', "\r\n\r\n"));
        assert_eq!(Baseline::parse(windows.as_bytes()).unwrap(), baseline);
        assert_eq!(Baseline::default().to_text().unwrap(), "");
    }

    #[test]
    fn a_conflict_is_an_error_and_never_an_empty_baseline() {
        for marker in ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base"] {
            let text = format!("{TWO}{marker}\n");
            assert_eq!(
                error(&text),
                "line 3: a conflict of a merge is not resolved"
            );
        }
    }

    #[test]
    fn a_line_that_is_no_entry_is_told_without_its_content() {
        let text = format!(
            "{TWO}secret\n[1]\n{{\"rule\":\"a\",\"cuont\":1}}\n{{\"rule\":\"a\",\"count\":0}}\n{{\"rule\":\"a\",\"count\":-1}}\n"
        );
        expect![[r#"
            line 3: no entry of a baseline (column 1)
            line 4: no entry of a baseline (column 2)
            line 5: no entry of a baseline (column 19)
            line 6: `count` is 0
            line 7: no entry of a baseline (column 22)"#]]
        .assert_eq(&error(&text));
        assert!(error(&"\0\u{ff}\n".repeat(100)).ends_with("80 more lines are no entries"));
        assert!(Baseline::parse(&[0xff, b'\n']).is_err());
        let deep = "[".repeat(1_000_000);
        assert!(error(&deep).starts_with("line 1:"));
    }

    #[test]
    fn an_entry_that_a_merge_left_twice_holds_with_the_larger_count() {
        let text = format!("{TWO}{}", TWO.replace("\"count\":9", "\"count\":11"));
        let baseline = Baseline::parse(text.as_bytes()).unwrap();
        assert_eq!(
            baseline.entries.values().copied().collect::<Vec<_>>(),
            [2, 11]
        );
        assert_eq!(
            baseline.notices,
            ["2 entries of the baseline are there twice: the larger counts hold"]
        );
    }

    #[test]
    fn pruning_only_shrinks() {
        let baseline = Baseline::parse(TWO.as_bytes()).unwrap();
        let mut entries = baseline.entries.keys().cloned();
        let (first, second) = (entries.next().unwrap(), entries.next().unwrap());
        let stale = [
            Stale {
                entry: first,
                before: 2,
                now: 0,
            },
            Stale {
                entry: second,
                before: 9,
                now: 8,
            },
        ];
        let pruned = baseline.pruned(&stale);
        assert_eq!(pruned.entries.values().copied().collect::<Vec<_>>(), [8]);
    }

    #[test]
    fn writing_replaces_a_link_and_not_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline.jsonl");
        let baseline = Baseline::parse(TWO.as_bytes()).unwrap();
        #[cfg(unix)]
        {
            let other = folder.path().join("other");
            std::fs::write(&other, "kept").unwrap();
            std::os::unix::fs::symlink(&other, &path).unwrap();
            baseline.write(&path).unwrap();
            assert_eq!(std::fs::read_to_string(&other).unwrap(), "kept");
        }
        baseline.write(&path).unwrap();
        assert_eq!(Baseline::read(&path).unwrap(), baseline);
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert!(left <= 2, "a temporary file is left over");
        let missing = Baseline::read(&folder.path().join("none"));
        assert!(matches!(missing, Err(BaselineError::Missing)));
        assert!(Baseline::read(folder.path()).is_err());
    }
}
