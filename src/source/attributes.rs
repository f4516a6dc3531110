//! Which files a machine or a stranger wrote, as the repository itself says: in `.gitattributes`, and in the
//! lists that OpenAPI Generator leaves of the files that it has written.
//!
//! Format: <https://git-scm.com/docs/gitattributes>; the attributes:
//! <https://github.com/github-linguist/linguist/blob/main/docs/overrides.md>;
//! `.openapi-generator/FILES`, a path a line from the folder above:
//! <https://github.com/OpenAPITools/openapi-generator/blob/v7.14.0/modules/openapi-generator/src/main/java/org/openapitools/codegen/DefaultGenerator.java>.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;

use super::classify::classify_with;
use super::{Bounds, Entry, Source};
use crate::model::{FileClass, Mode, join, parent, without_bom};

/// The classes of listed files, in their order, and what of these files could not be understood: path and why.
pub fn classify_all(
    source: &dyn Source,
    entries: &[Entry],
    bounds: &Bounds,
) -> (Vec<FileClass>, Vec<(String, String)>) {
    let mut problems = Vec::new();
    let mut attributes = Attributes::default();
    for entry in entries {
        // git does not follow links here either.
        let is_file = matches!(entry.mode, Mode::File | Mode::Executable);
        let is_attributes = entry.path.rsplit('/').next() == Some(".gitattributes");
        if !is_file || !is_attributes && made_folder(&entry.path).is_none() {
            continue;
        }
        match source.read(&entry.path, bounds) {
            Ok(bytes) => match made_folder(&entry.path) {
                Some(folder) => attributes.add_made(folder, &bytes),
                None => attributes.add(&entry.path, &bytes, &mut problems),
            },
            Err(error) => {
                problems.push((entry.path.clone(), format!("cannot read: {}", error.kind())));
            }
        }
    }
    let classes = entries
        .par_iter()
        .map(|entry| match entry.mode {
            Mode::File | Mode::Executable => attributes.classify(&entry.path),
            // Neither is source of its own; what a link points at is listed where it lies.
            Mode::Symlink | Mode::Submodule => FileClass::default(),
        })
        .collect();
    (classes, problems)
}

/// The folder that a list of OpenAPI Generator is about; `None` for other files.
fn made_folder(path: &str) -> Option<&str> {
    let folder = path.strip_suffix(".openapi-generator/FILES")?;
    match folder.strip_suffix('/') {
        Some(folder) => Some(folder),
        None => folder.is_empty().then_some(""),
    }
}

/// The files that have anything to say, by folder.
#[derive(Default)]
struct Attributes {
    folders: BTreeMap<String, Patterns>,
    /// The files on the lists of OpenAPI Generator.
    made: BTreeSet<String>,
}

/// The lines of one file that set one of our attributes.
struct Patterns {
    set: GlobSet,
    lines: Vec<Setting>,
}

/// What one line sets: outer `None` leaves it as it is, inner `None` takes back what was said before.
#[derive(Clone, Copy, Default)]
struct Setting {
    generated: Option<Option<bool>>,
    vendored: Option<Option<bool>>,
}

impl Attributes {
    fn add(&mut self, path: &str, bytes: &[u8], problems: &mut Vec<(String, String)>) {
        let mut set = GlobSetBuilder::new();
        let mut lines = Vec::new();
        for (number, line) in String::from_utf8_lossy(without_bom(bytes))
            .lines()
            .enumerate()
        {
            let Some((pattern, setting)) = parse(line) else {
                continue;
            };
            match glob(&pattern) {
                Ok(glob) => {
                    set.add(glob);
                    lines.push(setting);
                }
                Err(error) => {
                    let why = format!("line {}: not a pattern: {}", number + 1, error.kind());
                    problems.push((path.to_owned(), why));
                }
            }
        }
        if lines.is_empty() {
            return;
        }
        match set.build() {
            Ok(set) => {
                let patterns = Patterns { set, lines };
                self.folders.insert(parent(path).to_owned(), patterns);
            }
            Err(error) => problems.push((path.to_owned(), format!("unusable: {}", error.kind()))),
        }
    }

    fn add_made(&mut self, folder: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(without_bom(bytes));
        let paths = text.lines().map(str::trim).filter(|line| !line.is_empty());
        self.made
            .extend(paths.filter_map(|path| join(folder, &path.replace('\\', "/"))));
    }

    /// The last line that matches decides, and files in deeper folders decide last.
    fn classify(&self, path: &str) -> FileClass {
        let mut generated = None;
        let mut vendored = None;
        let folders = std::iter::once("").chain(path.match_indices('/').map(|(at, _)| &path[..at]));
        for folder in folders {
            if self.folders.is_empty() {
                break;
            }
            let Some(patterns) = self.folders.get(folder) else {
                continue;
            };
            let relative = path[folder.len()..].trim_start_matches('/');
            for line in patterns.set.matches(relative) {
                let setting = patterns.lines[line];
                generated = setting.generated.unwrap_or(generated);
                vendored = setting.vendored.unwrap_or(vendored);
            }
        }
        let made = || self.made.contains(path).then_some(true);
        classify_with(path, generated.or_else(made), vendored)
    }
}

/// The pattern of a line and what it sets of our attributes; `None` when nothing.
fn parse(line: &str) -> Option<(String, Setting)> {
    let line = line.trim_start();
    if line.starts_with('#') || line.starts_with("[attr]") {
        return None;
    }
    let (pattern, attributes) = match line.strip_prefix('"') {
        Some(quoted) => unquote(quoted)?,
        None => {
            let end = line.find(char::is_whitespace)?;
            (line[..end].to_owned(), &line[end..])
        }
    };
    let mut setting = Setting::default();
    for attribute in attributes.split_whitespace() {
        let (name, value) = match attribute.split_once('=') {
            Some((name, value)) => (name, Some(!matches!(value, "false" | "0"))),
            None => match attribute.chars().next() {
                Some('-') => (&attribute[1..], Some(false)),
                Some('!') => (&attribute[1..], None),
                _ => (attribute, Some(true)),
            },
        };
        match name {
            "linguist-generated" => setting.generated = Some(value),
            "linguist-vendored" => setting.vendored = Some(value),
            _ => {}
        }
    }
    // git forbids negative patterns here.
    let is_used = setting.generated.is_some() || setting.vendored.is_some();
    (is_used && !pattern.starts_with('!')).then_some((pattern, setting))
}

/// Reads a quoted pattern after its opening quote, in the manner of C; numeric escapes are not used for text.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut pattern = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((pattern, &text[at + 1..])),
            '\\' => match characters.next()?.1 {
                't' => pattern.push('\t'),
                other => pattern.push(other),
            },
            other => pattern.push(other),
        }
    }
    None
}

/// The glob of a pattern, over paths relative to the folder of its file.
///
/// As in `.gitignore`: without a slash it matches names at any depth, else it starts at the folder.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    // Braces have no meaning for git.
    let escaped = pattern.replace('{', "[{]").replace('}', "[}]");
    let text = match escaped.strip_prefix('/') {
        Some(anchored) => anchored.to_owned(),
        None if escaped.contains('/') => escaped,
        None => format!("**/{escaped}"),
    };
    GlobBuilder::new(&text)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Context;
    use crate::source::TextSource;

    fn classes(document: &str) -> (BTreeMap<String, FileClass>, Vec<(String, String)>) {
        let source = TextSource::new("acme", document);
        let entries = source.list(&Bounds::default()).entries;
        let (classes, problems) = classify_all(&source, &entries, &Bounds::default());
        let paths = entries.into_iter().map(|entry| entry.path);
        (paths.zip(classes).collect(), problems)
    }

    #[test]
    fn the_last_line_and_the_deepest_file_decide() {
        let (classes, problems) = classes(
            "//- .gitattributes\n\
             # comment linguist-generated\n\
             *.rs text eol=lf\n\
             *_client.rs linguist-generated\n\
             /api/** linguist-vendored=true\n\
             api/own.rs -linguist-vendored\n\
             vendor/** linguist-vendored=false\n\
             \"a b.rs\" linguist-generated=true\n\
             {x}.rs linguist-generated\n\
             //- deep/.gitattributes\n\
             hand_client.rs linguist-generated=false\n\
             generated/* !linguist-generated -linguist-generated\n\
             //- deep/cart_client.rs\n\
             //- deep/hand_client.rs\n\
             //- deep/generated/hand.rs\n\
             //- api/x/theirs.rs\n\
             //- api/own.rs\n\
             //- src/api/own.rs\n\
             //- vendor/acme/a.rs\n\
             //- a b.rs\n\
             //- x.rs\n\
             //- {x}.rs\n",
        );
        assert_eq!(problems, []);
        let generated: Vec<&str> = classes
            .iter()
            .filter(|(_, class)| class.context == Context::Generated)
            .map(|(path, _)| &**path)
            .collect();
        assert_eq!(generated, ["a b.rs", "deep/cart_client.rs", "{x}.rs"]);
        let vendored: Vec<&str> = classes
            .iter()
            .filter(|(_, class)| class.vendored)
            .map(|(path, _)| &**path)
            .collect();
        assert_eq!(vendored, ["api/x/theirs.rs"]);
    }

    #[test]
    fn what_openapi_generator_lists_is_generated_unless_attributes_say_otherwise() {
        let (classes, problems) = classes(
            "//- cart/.openapi-generator/FILES\n\
             README.md\n\
             src/lib.rs\n\
             src\\apis\\mod.rs\n\
             src/hand.rs\n\
             ../../../out.rs\n\
             //- cart/.gitattributes\n\
             src/hand.rs -linguist-generated\n\
             //- cart/README.md\n\
             //- cart/src/lib.rs\n\
             //- cart/src/apis/mod.rs\n\
             //- cart/src/hand.rs\n\
             //- cart/src/own.rs\n\
             //- no.openapi-generator/FILES\n\
             own.rs\n\
             //- own.rs\n\
             //- src/lib.rs\n",
        );
        assert_eq!(problems, []);
        let generated: Vec<&str> = classes
            .iter()
            .filter(|(_, class)| class.context == Context::Generated)
            .map(|(path, _)| &**path)
            .collect();
        assert_eq!(generated, ["cart/src/apis/mod.rs", "cart/src/lib.rs"]);
    }

    #[test]
    fn a_pattern_that_cannot_be_read_is_a_problem() {
        let (_, problems) = classes("//- .gitattributes\n\n[a linguist-generated\n");
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].1.starts_with("line 2: not a pattern"),
            "{problems:?}"
        );
    }

    #[test]
    fn a_hand_written_file_that_attributes_clear_is_classified_by_the_rest_of_its_path() {
        let (classes, _) =
            classes("//- .gitattributes\ntests/** -linguist-generated\n//- tests/generated/a.rs\n");
        assert_eq!(classes["tests/generated/a.rs"].context, Context::Test);
    }
}
