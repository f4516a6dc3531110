//! What do `setup.cfg`, `tox.ini`, `pytest.ini` and `mypy.ini` say: a project, its dependencies, where its sources lie?
//!
//! Sources: <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>,
//! <https://docs.python.org/3/library/configparser.html#supported-ini-file-structure>,
//! <https://docs.pytest.org/en/stable/reference/customize.html>

use std::ops::Range;

use super::project::Project;
use super::requirement::{Requirement, Section, require};
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads `setup.cfg` and what tests and type checkers are told in the same form.
#[derive(Debug)]
pub(in crate::extract) struct Ini;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("python/ini"),
    summary: "Python projects, their dependencies and where their sources lie, in setup.cfg and its like",
    globs: &[
        "**/setup.cfg",
        "**/tox.ini",
        "**/pytest.ini",
        "**/.pytest.ini",
        "**/mypy.ini",
        "**/.mypy.ini",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most entries of one file.
const ENTRIES: usize = 16_384;

impl Extractor for Ini {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let document = Document::read(text);
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &document.comments, |_| 0, facts);
        }
        if let Some(bytes) = &document.wrong {
            facts.problem(bytes.clone(), "neither a section nor an entry");
            facts.parsed(Parsed::Partly);
        }
        let mut reader = Reader {
            document: &document,
            project: Project {
                folder: file.path.parent(),
                facts,
            },
        };
        if file.path.file_name() == "setup.cfg" {
            reader.setup();
        }
        reader.paths();
    }
}

/// One value: a line of an entry.
#[derive(Clone, Debug)]
struct Line<'t> {
    text: &'t str,
    bytes: Range<usize>,
}

/// A key of a section with its lines.
#[derive(Debug)]
struct Entry<'t> {
    section: &'t str,
    key: &'t str,
    lines: Vec<Line<'t>>,
}

#[derive(Debug, Default)]
struct Document<'t> {
    entries: Vec<Entry<'t>>,
    comments: Vec<Range<usize>>,
    /// The first line that could not be read.
    wrong: Option<Range<usize>>,
}

impl<'t> Document<'t> {
    /// Sections, `key = value` or `key: value`, and indented lines that go on with the value.
    fn read(text: &'t str) -> Self {
        let mut document = Self::default();
        let mut section = "";
        let mut start = 0;
        for raw in text.split_inclusive('\n') {
            let from = start;
            start += raw.len();
            let trimmed = raw.trim();
            let lead = raw.len() - raw.trim_start().len();
            let bytes = from + lead..from + lead + trimmed.len();
            if trimmed.is_empty() {
                continue;
            }
            if trimmed.starts_with(['#', ';']) {
                document.comments.push(bytes);
                continue;
            }
            if lead > 0
                && let Some(last) = document.entries.last_mut()
            {
                let text = trimmed.split(" #").next().unwrap_or(trimmed).trim_end();
                last.lines.push(Line { text, bytes });
                continue;
            }
            if let Some(name) = trimmed
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'))
            {
                section = name.0.trim();
                continue;
            }
            let Some(cut) = trimmed.find(['=', ':']) else {
                document.wrong.get_or_insert(bytes);
                continue;
            };
            if document.entries.len() >= ENTRIES {
                document.wrong.get_or_insert(bytes);
                break;
            }
            let value = trimmed[cut + 1..].trim();
            let mut lines = Vec::new();
            if !value.is_empty() {
                lines.push(Line {
                    text: value,
                    bytes: bytes.end - value.len()..bytes.end,
                });
            }
            document.entries.push(Entry {
                section,
                key: trimmed[..cut].trim(),
                lines,
            });
        }
        document
    }

    fn lines(&self, section: &str, key: &str) -> &[Line<'t>] {
        self.entries
            .iter()
            .find(|entry| entry.section == section && entry.key.eq_ignore_ascii_case(key))
            .map_or(&[], |entry| &entry.lines)
    }
}

struct Reader<'a, 'f> {
    document: &'a Document<'a>,
    project: Project<'a, 'f>,
}

impl Reader<'_, '_> {
    fn setup(&mut self) {
        let document = self.document;
        let name = document.lines("metadata", "name").first();
        if let Some(name) = name {
            self.project.named(name.text, name.bytes.clone());
        }
        for (key, section) in [
            ("install_requires", Section::PRODUCTION),
            ("tests_require", Section::TEST),
            ("setup_requires", Section::BUILD),
        ] {
            self.requirements(document.lines("options", key), section);
        }
        for entry in &document.entries {
            match entry.section {
                "options.extras_require" => {
                    self.requirements(&entry.lines, Section::extra(entry.key));
                }
                "options.entry_points" if entry.key == "console_scripts" => {
                    for line in &entry.lines {
                        let program = line.text.split('=').next().unwrap_or("").trim();
                        let name = name.map(|name| name.text);
                        self.project.program(program, name, line.bytes.clone());
                    }
                }
                _ => {}
            }
        }
        for line in document.lines("options", "package_dir") {
            for pair in line.text.split(',') {
                let (package, folder) = pair.split_once('=').unwrap_or(("", pair));
                match package.trim() {
                    "" => self.project.sources(folder, line.bytes.clone()),
                    package => self
                        .project
                        .package(package, folder.trim(), line.bytes.clone()),
                }
            }
        }
        for line in document.lines("options.packages.find", "where") {
            self.project.sources(line.text, line.bytes.clone());
        }
    }

    fn requirements(&mut self, lines: &[Line<'_>], section: Section) {
        for line in lines {
            // Values that stand on one line may be separated by `;`, which also starts a marker: what is no name is none.
            if line.text.starts_with("file:") {
                continue;
            }
            if let Some(requirement) = Requirement::parse(line.text) {
                let folder = self.project.folder;
                require(
                    &requirement,
                    section,
                    folder,
                    line.bytes.clone(),
                    self.project.facts,
                );
            }
        }
    }

    /// The folders that tests and type checkers import from.
    fn paths(&mut self) {
        for (section, key) in [
            ("tool:pytest", "pythonpath"),
            ("pytest", "pythonpath"),
            ("mypy", "mypy_path"),
        ] {
            for line in self.document.lines(section, key) {
                let text = line.text.replace("$MYPY_CONFIG_FILE_DIR", ".");
                for folder in text.split([':', ',', ' ']) {
                    self.project.sources(folder, line.bytes.clone());
                }
            }
        }
    }
}
