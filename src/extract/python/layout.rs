//! Where the sources of a project lie, as its build tool, its tests and its type checkers are told.
//!
//! Sources: <https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html>,
//! <https://python-poetry.org/docs/pyproject/#packages>, <https://hatch.pypa.io/latest/config/build/>,
//! <https://backend.pdm-project.org/build_config/>, <https://docs.astral.sh/uv/concepts/build-backend/>,
//! <https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath>,
//! <https://mypy.readthedocs.io/en/stable/config_file.html#confval-mypy_path>,
//! <https://microsoft.github.io/pyright/#/configuration>, <https://docs.astral.sh/ruff/settings/#src>

use toml::de::{DeTable, DeValue};

use super::project::Project;
use crate::extract::tables::Value;

/// Keys below `[tool]` that list folders of sources, as texts or lists of texts.
const FOLDERS: &[&[&str]] = &[
    &["hatch", "build", "sources"],
    &["hatch", "build", "targets", "wheel", "sources"],
    &["isort", "src_paths"],
    &["maturin", "python-source"],
    &["mypy", "mypy_path"],
    &["pdm", "build", "package-dir"],
    &["pyright", "extraPaths"],
    &["basedpyright", "extraPaths"],
    &["pytest", "ini_options", "pythonpath"],
    &["pytest", "pythonpath"],
    &["ruff", "src"],
    &["setuptools", "packages", "find", "where"],
    &["uv", "build-backend", "module-root"],
];

/// Keys below `[tool]` that list the folders of packages.
const PACKAGES: &[&[&str]] = &[
    &["hatch", "build", "packages"],
    &["hatch", "build", "targets", "wheel", "packages"],
    &["hatch", "build", "targets", "wheel", "only-include"],
    &["scikit-build", "wheel", "packages"],
];

/// What a `pyproject.toml` says.
pub(super) fn pyproject(document: &DeTable<'_>, project: &mut Project<'_, '_>) {
    let Some(tool) = document
        .get("tool")
        .and_then(|tool| tool.get_ref().as_table())
    else {
        return;
    };
    for path in FOLDERS {
        for (text, value) in get(tool, path).into_iter().flat_map(texts) {
            // Paths may be in one text: `mypy_path = "src:stubs"`.
            let text = text.replace("$MYPY_CONFIG_FILE_DIR", ".");
            for folder in text.split([':', ',', ' ']) {
                project.sources(folder, value.span());
            }
        }
    }
    for path in PACKAGES {
        for (text, value) in get(tool, path).into_iter().flat_map(texts) {
            let package = text
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or(text);
            project.package(package, text, value.span());
        }
    }
    let folders = get(tool, &["setuptools", "package-dir"]);
    for (package, folder) in folders
        .and_then(|value| value.get_ref().as_table())
        .into_iter()
        .flatten()
    {
        if let Some(text) = folder.get_ref().as_str() {
            match package.get_ref().as_ref() {
                "" => project.sources(text, folder.span()),
                package => project.package(package, text, folder.span()),
            }
        }
    }
    let packages = get(tool, &["poetry", "packages"]);
    for entry in packages
        .and_then(|value| value.get_ref().as_array())
        .into_iter()
        .flat_map(|list| list.iter())
    {
        let table = entry.get_ref().as_table();
        let from = table.and_then(|table| table.get("from"));
        if let Some(text) = from.and_then(|from| from.get_ref().as_str()) {
            project.sources(text, entry.span());
        }
    }
    let environments = get(tool, &["pyright", "executionEnvironments"]);
    for entry in environments
        .and_then(|value| value.get_ref().as_array())
        .into_iter()
        .flat_map(|list| list.iter())
    {
        let Some(table) = entry.get_ref().as_table() else {
            continue;
        };
        for key in ["root", "extraPaths"] {
            for (text, value) in table.get(key).into_iter().flat_map(texts) {
                project.sources(text, value.span());
            }
        }
    }
}

/// What a `pants.toml` says: source roots from the root of the repository, and the path of its plugins.
pub(super) fn pants(document: &DeTable<'_>, project: &mut Project<'_, '_>) {
    for path in [&["source", "root_patterns"][..], &["GLOBAL", "pythonpath"]] {
        for (text, value) in get(document, path).into_iter().flat_map(texts) {
            let folder = text.strip_prefix("%(buildroot)s").unwrap_or(text);
            if let Some(folder) = folder.strip_prefix('/').filter(|folder| !folder.is_empty()) {
                project.sources(folder, value.span());
            }
        }
    }
}

/// The value at a path of keys.
fn get<'v, 'i>(table: &'v DeTable<'i>, path: &[&str]) -> Option<&'v Value<'i>> {
    let (last, above) = path.split_last()?;
    let mut at = table;
    for key in above {
        at = at.get(*key)?.get_ref().as_table()?;
    }
    at.get(*last)
}

/// A text, or each text of a list.
fn texts<'v, 'i>(value: &'v Value<'i>) -> Vec<(&'v str, &'v Value<'i>)> {
    match value.get_ref() {
        DeValue::String(text) => vec![(text.as_ref(), value)],
        DeValue::Array(list) => list
            .iter()
            .filter_map(|value| Some((value.get_ref().as_str()?, value)))
            .collect(),
        _ => Vec::new(),
    }
}
