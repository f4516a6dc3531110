//! Go packages: an import path is a module's path and a folder below the module; patterns of embedded files.
//!
//! Packages are found as the go command finds them, with one difference: a released version of a module that lies in the
//! same repository is taken for what the tree has. The code is the same team's, but which state of it is linked, the tree
//! does not tell: so such a link is inferred, which warns and never denies.
//! Between repositories a released version is the only way to link, and no guess is made about whose code it is.

use std::collections::HashMap;

use globset::GlobBuilder;

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Certainty, ComponentId, Condition, DependencyKind, Fact, FileId, Hop, HopKind, Key, RepoId,
    Subject, Why, join,
};
use crate::resolve::go_modules::{Module, Place, prefixes};
use crate::resolve::index::{Index, place_path};

pub(super) struct Go;

impl Lookup for Go {
    fn namespaces(&self) -> &'static [&'static str] {
        &["goembed", "gopkg"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let index = run.index;
        let mut packages: HashMap<(RepoId, &'r str), Package<'r>> = HashMap::new();
        for (fact, key, _) in index.provides("gopkg", "") {
            if fact.subject == Subject::Here && key.at.as_text().is_some() {
                let place = (index.repo(fact), index.folder(fact));
                let package = packages.entry(place).or_default();
                let counts = rank(fact, index);
                match package.first().map(|first| rank(first, index)) {
                    // What nobody can import counts only where there is nothing else.
                    Some(best) if best > counts => {}
                    Some(best) if best == counts => package.push(fact),
                    _ => *package = vec![fact],
                }
            }
        }
        Box::new(Packages {
            index,
            component_of: run.component_of,
            packages,
        })
    }
}

/// The offers of the files that make up a package.
type Package<'r> = Vec<&'r Fact>;

/// How much of a package a file is: for everybody, for its own tests, for nobody.
fn rank(offer: &Fact, index: &Index<'_>) -> u8 {
    let never =
        |condition: &Condition| matches!(condition, Condition::Variant(tag) if &**tag == "ignore");
    if index.files.path(offer.span.file).path.ends_with("_test.go") {
        1
    } else if offer.when.iter().any(never) {
        0
    } else {
        2
    }
}

struct Packages<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    packages: HashMap<(RepoId, &'r str), Package<'r>>,
}

impl Finder for Packages<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        match key.namespace.0 {
            "goembed" => self.embedded(fact, key, name),
            _ => self.package(fact, name),
        }
    }

    fn unit(&self, file: FileId) -> Option<String> {
        let (offer, _) = self.index.offered(file, "gopkg")?;
        Some(format!("gopkg:{}", self.import_path(offer)?))
    }
}

impl Packages<'_, '_> {
    /// The package that an import means.
    fn package(&self, fact: &Fact, import: &str) -> Found {
        if import.starts_with("./") || import.starts_with("../") {
            // Of the time before modules; the go command still takes it outside of them.
            let folder = join(self.index.folder(fact), import);
            let repo = self.index.repo(fact);
            let target = folder.and_then(|folder| self.target(repo, &folder, import));
            return target.map_or(Found::Unknown(Why::NotFound), |target| {
                Found::Here(vec![target])
            });
        }
        let repo = self.index.repo(fact);
        let asking = self.index.go_modules.around(repo, self.index.folder(fact));
        let mut missing = false;
        if let Some(asking) = asking {
            for module in prefixes(import) {
                let Some(meaning) = asking.meaning(module) else {
                    continue;
                };
                let below = &import[module.len()..];
                match &meaning.place {
                    Place::Folder(folder) => {
                        let Some(mut target) = self.in_module(repo, folder, below, import) else {
                            // A shorter module path may have it.
                            missing = true;
                            continue;
                        };
                        if let Some(by) = meaning.by {
                            target.hops.insert(0, bound(by, module, folder));
                        }
                        return Found::Here(vec![target]);
                    }
                    Place::Released => {
                        return self
                            .released(asking.repo, module, below, import)
                            .unwrap_or_else(|| Found::Outside(Some(format!("go:{module}"))));
                    }
                    Place::Elsewhere => return Found::Outside(Some(format!("go:{module}"))),
                }
            }
        }
        if missing {
            // Made by a build, or gone.
            return Found::Unknown(Why::NotFound);
        }
        // No manifest tells the version; that of the standard library needs none.
        let first = import.split('/').next().unwrap_or(import);
        let known = prefixes(import).find_map(|module| {
            let below = &import[module.len()..];
            self.released(repo, module, below, import)
        });
        match known {
            Some(found) => found,
            None if first.contains('.') => Found::Outside(Some(format!("go:{import}"))),
            None => Found::Outside(None),
        }
    }

    /// What the tree has of a module of which a released version is asked for; `None` when the module is not of the run.
    fn released(&self, repo: RepoId, module: &str, below: &str, import: &str) -> Option<Found> {
        let named = self.index.go_modules.named(module);
        let near: Vec<&&Module<'_>> = named.iter().filter(|module| module.repo == repo).collect();
        let is_near = !near.is_empty();
        let candidates = if is_near {
            near
        } else {
            named.iter().collect()
        };
        let found: Vec<Target> = candidates
            .iter()
            .filter_map(|candidate| {
                let mut target = self.in_module(candidate.repo, candidate.folder, below, import)?;
                if is_near {
                    target.certainty = Certainty::Inferred;
                }
                target.hops.insert(0, as_released(candidate));
                Some(target)
            })
            .collect();
        match found.as_slice() {
            // The released version may have what the tree no longer has.
            [] => (!candidates.is_empty()).then(|| Found::Outside(Some(format!("go:{module}")))),
            [_] => Some(Found::Here(found)),
            several => {
                let names = several.iter().map(|target| self.name(target)).collect();
                Some(Found::Unknown(Why::Ambiguous(names)))
            }
        }
    }

    /// A package by its folder in a module, unless a module inside cuts the folder out.
    fn in_module(&self, repo: RepoId, module: &str, below: &str, import: &str) -> Option<Target> {
        let folder = join(module, below.trim_start_matches('/'))?;
        let around = self.index.go_modules.around(repo, &folder)?;
        (around.folder == module)
            .then(|| self.target(repo, &folder, import))
            .flatten()
    }

    fn target(&self, repo: RepoId, folder: &str, import: &str) -> Option<Target> {
        let offers = self.packages.get(&(repo, folder))?;
        let offer = offers.first()?;
        let files = offers.iter().map(|offer| offer.span.file).collect();
        let target = Target::files(self.component_of, files)?;
        Some(Target {
            unit: self.import_path(offer).map(|path| format!("gopkg:{path}")),
            hops: vec![provided(offer, import)],
            ..target
        })
    }

    /// For people: where an ambiguous package would be.
    fn name(&self, target: &Target) -> String {
        let file = target.files.first();
        file.map_or_else(String::new, |file| {
            self.index.files.path(*file).parent().to_owned()
        })
    }

    /// The import path of a package, from the folder of its offer.
    fn import_path(&self, offer: &Fact) -> Option<String> {
        let folder = self.index.folder(offer);
        let module = self
            .index
            .go_modules
            .around(self.index.repo(offer), folder)?;
        let below = folder[module.folder.len()..].trim_start_matches('/');
        Some(if below.is_empty() {
            module.path.to_owned()
        } else {
            format!("{}/{below}", module.path)
        })
    }

    /// The files that a pattern of `//go:embed` takes from other components; those of its own are its own business.
    ///
    /// Source: <https://pkg.go.dev/embed#hdr-Directives>
    fn embedded(&self, fact: &Fact, key: &Key, pattern: &str) -> Found {
        let repo = self.index.repo(fact);
        let folder = key.at.as_text().and_then(place_path);
        let (hidden, plain) = match pattern.strip_prefix("all:") {
            Some(plain) => (true, plain),
            None => (false, pattern),
        };
        let escaped = plain.replace('{', "\\{").replace('}', "\\}");
        let glob = GlobBuilder::new(&escaped).literal_separator(true).build();
        let (Some(folder), Ok(glob)) = (folder, glob) else {
            return Found::Unknown(Why::NotFound);
        };
        let glob = glob.compile_matcher();
        let own = self.component_of[fact.span.file.0 as usize];
        let mut by_component: Vec<(ComponentId, Vec<FileId>)> = Vec::new();
        let mut any = false;
        for file in self.index.files.below(repo, &folder) {
            let relative = self.index.files.path(file).path[folder.len()..].trim_start_matches('/');
            if !takes(&glob, relative, hidden) {
                continue;
            }
            any = true;
            let component = self.component_of[file.0 as usize];
            if component == own {
                continue;
            }
            match by_component.iter_mut().find(|(id, _)| *id == component) {
                Some((_, files)) => files.push(file),
                None => by_component.push((component, vec![file])),
            }
        }
        if !any {
            // Made by a build.
            return Found::Unknown(Why::NotFound);
        }
        let targets = by_component.into_iter().filter_map(|(_, files)| {
            Some(Target {
                kind: Some(DependencyKind::LinkSplice),
                symbol: join(&folder, plain).map(|path| format!("file:{path}")),
                ..Target::files(self.component_of, files)?
            })
        });
        Found::Here(targets.collect())
    }
}

/// Whether a pattern takes a file: by its own path, or by that of a folder above it, in which hidden files do not count.
fn takes(glob: &globset::GlobMatcher, path: &str, hidden: bool) -> bool {
    if glob.is_match(path) {
        return true;
    }
    let is_hidden = |rest: &str| rest.split('/').any(|part| part.starts_with(['.', '_']));
    let mut folders = path
        .match_indices('/')
        .map(|(cut, _)| (&path[..cut], &path[cut + 1..]));
    folders.any(|(folder, rest)| {
        (glob.is_match(folder) || folder.is_empty()) && (hidden || !is_hidden(rest))
    })
}

/// The line that says where a module is.
fn bound(by: &Fact, module: &str, folder: &str) -> Hop {
    let folder = if folder.is_empty() { "." } else { folder };
    Hop {
        span: by.span,
        what: HopKind::Bind,
        name: format!("{module} => {folder}"),
    }
}

/// The step that takes the tree for what was released.
fn as_released(module: &Module<'_>) -> Hop {
    Hop {
        span: module.provider.span,
        what: HopKind::Default,
        name: format!("{}, of which a released version is linked", module.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_files_and_whole_folders() {
        let takes = |pattern: &str, path: &str, hidden| {
            let glob = GlobBuilder::new(pattern)
                .literal_separator(true)
                .build()
                .unwrap();
            super::takes(&glob.compile_matcher(), path, hidden)
        };
        assert!(takes("dist", "dist/a/b.js", false));
        assert!(takes("dist/*", "dist/a/b.js", false));
        assert!(takes("*.sql", "a.sql", false));
        assert!(!takes("*.sql", "a/a.sql", false));
        assert!(!takes("dist", "distance/a.js", false));
        assert!(!takes("dist", "dist/.a/b.js", false));
        assert!(takes("dist", "dist/.a/b.js", true));
        assert!(takes("dist/_*", "dist/_a", false));
    }
}
