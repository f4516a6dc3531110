//! Fixtures: finding them, and holding what a run gives against the expected files beside them.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;

/// A mini-repository: input in `repo/`, expected output beside it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Case {
    /// The path below the folder that was walked: the sentence that is tested.
    pub name: String,
    pub folder: PathBuf,
}

impl Case {
    /// The root of the input.
    pub(crate) fn repo(&self) -> PathBuf {
        self.folder.join("repo")
    }

    /// Compares with the expected file `name`; `UPDATE_EXPECT=1` writes it.
    pub(crate) fn expect(&self, name: &str, actual: &str) {
        expect_file![self.folder.join(name)].assert_eq(actual);
    }
}

/// The root of this repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A team `cart` whose service links the one of the team `catalog`: a finding of `direct-link`.
pub(crate) const SHOP: &str = "\
//- CODEOWNERS
/cart/ @acme/cart
/catalog/ @acme/catalog
//- cart/Cargo.toml
[package]
name = \"acme-cart\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
acme-catalog = { path = \"../catalog\" }
//- cart/src/main.rs
fn main() {
    println!(\"{}\", acme_catalog::copies());
}
//- catalog/Cargo.toml
[package]
name = \"acme-catalog\"
version = \"0.1.0\"
edition = \"2024\"
//- catalog/src/lib.rs
pub fn copies() -> u32 {
    12
}
//- catalog/src/main.rs
fn main() {
    println!(\"{}\", acme_catalog::copies());
}
";

/// Writes a document in which `//- path` lines start the files.
pub(crate) fn write(folder: &Path, document: &str) {
    for part in document.split("//- ").skip(1) {
        let (path, text) = part.split_once('\n').expect("a path ends its line");
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).unwrap();
        fs::write(&path, text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    }
}

/// A new folder with these files; it has no git.
pub(crate) fn folder(document: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), document);
    folder
}

/// The cases below `folder` in order; what lies in a case's `repo/` is input, never a case.
pub(crate) fn cases(folder: &Path) -> Vec<Case> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let folders = entries(&at).into_iter().filter(|path| path.is_dir());
        if at.join("repo").is_dir() {
            let name = at.strip_prefix(folder).unwrap_or(&at);
            found.push(Case {
                name: slashes(name),
                folder: at,
            });
        } else {
            open.extend(folders);
        }
    }
    found.sort();
    found
}

/// Every file below `folder` with the ending `.extension`: path from `folder`, and text.
pub(crate) fn texts(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for path in entries(&at) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                let name = path.strip_prefix(folder).unwrap_or(&path);
                let text =
                    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
                found.push((slashes(name), text));
            }
        }
    }
    found.sort();
    found
}

/// What lies in a folder, in order; nothing when it is not there.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a folder can be listed to its end").path())
        .collect();
    paths.sort();
    paths
}

fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[test]
fn a_case_is_a_folder_with_a_repo_and_its_input_is_never_one() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder
        .path()
        .join("some-rule/it-fires/repo/fixtures/nested/repo");
    fs::create_dir_all(inner).unwrap();
    fs::create_dir_all(folder.path().join("some-rule/it-is-silent/repo")).unwrap();
    let names: Vec<_> = cases(folder.path())
        .into_iter()
        .map(|case| case.name)
        .collect();
    assert_eq!(names, ["some-rule/it-fires", "some-rule/it-is-silent"]);
}

#[test]
fn expected_files_lie_beside_the_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("repo")).unwrap();
    fs::write(folder.path().join("expected.txt"), "as expected\n").unwrap();
    let found = cases(folder.path());
    assert_eq!(found.len(), 1);
    found[0].expect("expected.txt", "as expected\n");
}

#[test]
fn every_fixture_says_who_owns_it() {
    let found = cases(&root().join("fixtures"));
    assert!(!found.is_empty(), "no fixtures in {:?}", root());
    for case in found
        .iter()
        // In those of `owners/` this is what is tested.
        .filter(|case| !case.name.starts_with("extract/") && !case.name.starts_with("owners/"))
    {
        let places = [
            ".github/CODEOWNERS",
            ".gitlab/CODEOWNERS",
            ".gitea/CODEOWNERS",
            "CODEOWNERS",
            "docs/CODEOWNERS",
        ];
        let listed = places.iter().any(|place| case.repo().join(place).is_file());
        // Other sources show in what is expected: a file with the line that decides.
        let expected = fs::read_to_string(case.folder.join("expected.txt")).unwrap_or_default();
        let owned = listed || expected.contains(" (line ");
        assert!(
            owned || case.name.contains("without-codeowners"),
            "{}",
            case.name
        );
    }
}
