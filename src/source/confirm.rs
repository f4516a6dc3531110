//! Holds our reading of Cargo manifests against cargo's own: differences become problem lines.
//!
//! Cargo confirms, and tells readers what each package builds.
//! It decides no edge: it works on a working tree and not on a commit, so the two would differ by tool.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::cargo::{CargoWorkspace, cargo_workspace};
use crate::model::{
    CargoCoverage, ComponentId, Context, FileTable, Parsed, Place, Problem, RepoId, RepoPath,
    Resolved, Target, parent,
};

/// A link that a manifest declares: from folder, to folder, section.
pub type DeclaredLink = (RepoPath, RepoPath, Context);

/// How many workspaces are asked at most: each answer takes up to a fifth of a second.
const WORKSPACES: usize = 8;
/// How many differences are listed for a run.
const DIFFERENCES: usize = 10;

/// What cargo says of one workspace.
#[derive(Debug)]
pub struct Opinion {
    repo: RepoId,
    /// The manifest that was asked about.
    manifest: String,
    answer: Result<CargoWorkspace, String>,
}

/// What came of the comparison.
#[derive(Debug, Default)]
pub struct Confirmation {
    pub problems: Vec<Problem>,
    pub coverage: CargoCoverage,
    /// What the packages build, by their folder.
    pub targets: BTreeMap<RepoPath, Vec<Target>>,
}

/// The topmost manifests of each source that lies on disk: those with no other manifest above them. One that we
/// could not read in full, and what lies below it, is left out.
pub fn cargo_roots(
    files: &FileTable,
    sources: &[&dyn Source],
    wanted: bool,
) -> Vec<(RepoId, String)> {
    let mut roots: Vec<(RepoId, String)> = Vec::new();
    if !wanted {
        return roots;
    }
    let mut manifests: Vec<&RepoPath> = files
        .iter()
        .filter(|(_, row)| row.class.context == Context::Production && !row.class.vendored)
        .map(|(_, row)| &row.path)
        .filter(|path| path.file_name() == "Cargo.toml")
        .filter(|path| {
            let source = sources.get(usize::from(path.repo.0));
            source.is_some_and(|source| source.folder().is_some())
        })
        .collect();
    manifests.sort_by_key(|path| (path.path.matches('/').count(), *path));
    for path in manifests {
        let below = roots.iter().any(|(repo, root)| {
            *repo == path.repo && crate::model::within(path.parent(), parent(root))
        });
        if !below {
            roots.push((path.repo, path.path.to_string()));
        }
    }
    // What we could not read in full is told already, and cargo would only tell it again.
    roots.retain(|(repo, path)| {
        let file = files.find(*repo, path);
        file.is_none_or(|file| files.row(file).info.parsed < Parsed::Partly)
    });
    roots.truncate(WORKSPACES);
    roots
}

/// Asks cargo about each manifest.
pub fn ask_cargo(manifests: &[(RepoId, String)], sources: &[&dyn Source]) -> Vec<Opinion> {
    use rayon::prelude::*;
    manifests
        .par_iter()
        .filter_map(|(repo, manifest)| {
            let root = sources.get(usize::from(repo.0))?.folder()?;
            Some(Opinion {
                repo: *repo,
                manifest: manifest.clone(),
                answer: cargo_workspace(root, manifest),
            })
        })
        .collect()
}

/// What the manifests declare by our reading, as folders.
pub fn declared_links(resolved: &Resolved) -> BTreeSet<DeclaredLink> {
    let root = |id: ComponentId| resolved.components[id.0 as usize].root.clone();
    resolved
        .declared
        .iter()
        .filter_map(|(from, to, context)| Some((root(*from)?, root(*to)?, *context)))
        .collect()
}

/// Compares cargo's path dependencies with ours, package by package that cargo knows.
pub fn compare(opinions: &[Opinion], ours: &BTreeSet<DeclaredLink>) -> Confirmation {
    let mut result = Confirmation::default();
    let mut differences = Vec::new();
    for opinion in opinions {
        let workspace = match &opinion.answer {
            Ok(workspace) => workspace,
            Err(error) => {
                result.problems.push(Problem {
                    place: Place::Path(opinion.repo, opinion.manifest.clone()),
                    message: format!("cargo did not confirm what we read: {error}"),
                });
                continue;
            }
        };
        result.coverage.workspaces += 1;
        result.coverage.packages += workspace.packages.len();
        let at = |path: &str| RepoPath::new(opinion.repo, path);
        for package in &workspace.packages {
            let targets = package.targets.clone();
            result
                .targets
                .insert(at(parent(&package.manifest)), targets);
        }
        let known: BTreeSet<RepoPath> = workspace
            .packages
            .iter()
            .map(|package| at(parent(&package.manifest)))
            .collect();
        let theirs: BTreeSet<DeclaredLink> = workspace
            .packages
            .iter()
            .flat_map(|package| {
                let from = at(parent(&package.manifest));
                package
                    .path_dependencies
                    .iter()
                    .map(move |dependency| (from.clone(), at(&dependency.path), dependency.context))
            })
            .collect();
        let ours: BTreeSet<&DeclaredLink> = ours
            .iter()
            .filter(|(from, ..)| known.contains(from))
            .collect();
        result.coverage.confirmed += theirs.iter().filter(|link| ours.contains(link)).count();
        for link in theirs.iter().filter(|link| !ours.contains(link)) {
            differences.push(difference(link, "cargo sees it, we do not"));
        }
        for link in ours.into_iter().filter(|link| !theirs.contains(link)) {
            differences.push(difference(link, "we see it, cargo does not"));
        }
    }
    result.coverage.differing = differences.len();
    let more = differences.len().saturating_sub(DIFFERENCES);
    differences.truncate(DIFFERENCES);
    result.problems.extend(differences);
    if more > 0 {
        result.problems.push(Problem {
            place: Place::Run,
            message: format!(
                "{more} more differences between our reading of Cargo manifests and cargo's"
            ),
        });
    }
    result
}

fn difference((from, to, context): &DeclaredLink, what: &str) -> Problem {
    let manifest = if from.path.is_empty() {
        "Cargo.toml".to_owned()
    } else {
        format!("{}/Cargo.toml", from.path)
    };
    Problem {
        place: Place::Path(from.repo, manifest),
        message: format!("{} dependency on `{to}`: {what}", context.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::cargo::{CargoDependency, CargoPackage};
    use super::*;

    #[test]
    fn differences_in_both_directions_are_problems_and_agreement_is_counted() {
        let dependency = |path: &str, context| CargoDependency {
            name: path.to_owned(),
            rename: None,
            context,
            path: path.to_owned(),
            optional: false,
            target: None,
        };
        let opinion = Opinion {
            repo: RepoId(0),
            manifest: "Cargo.toml".to_owned(),
            answer: Ok(CargoWorkspace {
                packages: vec![CargoPackage {
                    manifest: "cart/Cargo.toml".to_owned(),
                    name: "cart".to_owned(),
                    targets: vec![("cart".to_owned(), vec!["bin".to_owned()])],
                    path_dependencies: vec![
                        dependency("money", Context::Production),
                        dependency("catalog", Context::Test),
                    ],
                }],
            }),
        };
        let link = |from: &str, to: &str, context| {
            (
                RepoPath::new(RepoId(0), from),
                RepoPath::new(RepoId(0), to),
                context,
            )
        };
        let ours = BTreeSet::from([
            link("cart", "money", Context::Production),
            link("cart", "catalog", Context::Production),
            // A package that cargo was not asked about is not judged.
            link("tools", "money", Context::Production),
        ]);
        let result = compare(&[opinion], &ours);
        assert_eq!(result.coverage.confirmed, 1);
        let folder = RepoPath::new(RepoId(0), "cart");
        assert_eq!(result.targets[&folder][0].1, ["bin"]);
        let lines: Vec<_> = result.problems.iter().map(|line| &*line.message).collect();
        assert_eq!(
            lines,
            [
                "test dependency on `catalog`: cargo sees it, we do not",
                "production dependency on `catalog`: we see it, cargo does not",
            ]
        );
    }
}
