//! PHP: the file that declares a class, a function or a constant, by its full name, as Composer's autoloader would find it.
//!
//! Several files may declare one name: stubs, test data, two applications with a class of the same name.
//! Then the rules of `autoload` decide, the user's own package first, then packages that it requires, then all others.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Certainty, Claim, ComponentId, Context, DependencyKind, Fact, FileId, Key, Part, RepoId, Why,
    within,
};
use crate::resolve::index::Index;

pub(super) struct Php;

impl Lookup for Php {
    fn namespaces(&self) -> &'static [&'static str] {
        &["phpclass", "phpfunction", "phpconst", "phpfile"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut names = Names {
            index: run.index,
            component_of: run.component_of,
            rules: HashMap::new(),
            required: HashMap::new(),
        };
        for fact in run.index.facts {
            names.note(fact);
        }
        Box::new(names)
    }
}

/// `"Acme\\Cart\\": "src/"` of one manifest.
struct Rule<'a> {
    repo: RepoId,
    folder: &'a str,
    /// The folder of the manifest, and its component.
    manifest: &'a str,
    component: ComponentId,
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// By prefix.
    rules: HashMap<&'a str, Vec<Rule<'a>>>,
    /// The packages of the run that each package requires.
    required: HashMap<ComponentId, HashSet<ComponentId>>,
}

impl<'a> Names<'_, 'a> {
    fn note(&mut self, fact: &'a Fact) {
        let component = self.component_of[fact.span.file.0 as usize];
        match &fact.claim {
            Claim::Binds { key, value } if key.namespace.0 == "phpautoload" => {
                if let (Some(prefix), Some(folder)) =
                    (before_star(&key.name.0), before_star(&value.0))
                {
                    self.rules.entry(prefix).or_default().push(Rule {
                        repo: self.index.repo(fact),
                        folder,
                        manifest: self.index.folder(fact),
                        component,
                    });
                }
            }
            Claim::Requires { key, .. } if key.namespace.0 == "composer" => {
                let repo = self.index.repo(fact);
                let offers = self
                    .index
                    .provides("composer", key.name.as_text().unwrap_or_default());
                let targets = offers
                    .filter(|(offer, ..)| self.index.repo(offer) == repo)
                    .map(|(offer, ..)| self.component_of[offer.span.file.0 as usize]);
                self.required.entry(component).or_default().extend(targets);
            }
            _ => {}
        }
    }

    fn component(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }

    fn path(&self, file: FileId) -> &str {
        &self.index.files.path(file).path
    }

    fn file(&self, fact: &Fact, key: &Key) -> Found {
        let Some(path) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let repo = self.index.repo(fact);
        let Some(file) = self.index.files.find(repo, path) else {
            // What an installation puts there.
            let is_installed = path.split('/').any(|segment| segment == "vendor");
            return if is_installed {
                Found::Outside(None)
            } else {
                Found::Unknown(Why::NotFound)
            };
        };
        let target = Target::files(self.component_of, vec![file]);
        let is_foreign = self.component(file) != self.component(fact.span.file);
        Found::Here(
            target
                .map(|target| Target {
                    kind: is_foreign.then_some(DependencyKind::LinkSplice),
                    symbol: is_foreign.then(|| format!("file:{path}")),
                    ..target
                })
                .into_iter()
                .collect(),
        )
    }

    /// Of several files that declare a name, the one that is meant from a file; `Err`: those that are left.
    fn choose(
        &self,
        from: FileId,
        name: &str,
        mut files: Vec<FileId>,
    ) -> Result<FileId, Vec<FileId>> {
        let own = self.component(from);
        let rows = self.index.files;
        let is_test = rows.row(from).class.context == Context::Test;
        let stem = name.rsplit('\\').next().unwrap_or(name);
        let required = self.closure(own);
        let mut keep = |wanted: &dyn Fn(FileId) -> bool| {
            if files.len() > 1 && files.iter().any(|file| wanted(*file)) {
                files.retain(|file| wanted(*file));
            }
        };
        keep(&|file| !rows.row(file).class.vendored);
        keep(&|file| is_test || rows.row(file).class.context != Context::Test);
        keep(&|file| {
            self.ruled(name, file)
                .any(|(rule, _)| rule.component == own)
        });
        keep(&|file| self.ruled(name, file).next().is_some());
        keep(&|file| self.component(file) == own);
        keep(&|file| required.contains(&self.component(file)));
        keep(&|file| {
            let name = rows.path(file).file_name();
            name.split('.').next() == Some(stem)
        });
        match files.as_slice() {
            [file] => Ok(*file),
            _ => Err(files),
        }
    }

    /// The rules by which an autoloader finds a name in a file, with the length of their prefixes.
    fn ruled<'s>(
        &'s self,
        name: &'s str,
        file: FileId,
    ) -> impl Iterator<Item = (&'s Rule<'a>, usize)> {
        let row = self.index.files.path(file);
        let stem = row.path.strip_suffix(".php");
        prefixes(name).flat_map(move |prefix| {
            let rules = self.rules.get(prefix).into_iter().flatten();
            let rest = &name[prefix.len()..];
            rules
                .filter(move |rule| {
                    rule.repo == row.repo
                        && stem
                            .and_then(|stem| stem.strip_prefix(rule.folder))
                            .is_some_and(|stem| same_path(stem, rest))
                })
                .map(move |rule| (rule, prefix.len()))
        })
    }

    /// The packages that a package requires, and what they require.
    fn closure(&self, own: ComponentId) -> HashSet<ComponentId> {
        let mut seen = HashSet::new();
        let mut queue = VecDeque::from([own]);
        while let Some(next) = queue.pop_front() {
            for to in self.required.get(&next).into_iter().flatten() {
                if seen.insert(*to) {
                    queue.push_back(*to);
                }
            }
        }
        seen
    }

    /// Whether an autoloader that the file may run under finds the name there: declared, guessed, or certainly not.
    fn reach(&self, from: FileId, name: &str, file: FileId) -> Option<Certainty> {
        let own = self.component(from);
        let direct = self.required.get(&own);
        if self.component(file) == own
            || direct.is_some_and(|list| list.contains(&self.component(file)))
        {
            return Some(Certainty::Declared);
        }
        let path = self.path(from);
        let mut longest = 0;
        for (rule, length) in self.ruled(name, file) {
            if rule.component == own || within(path, rule.manifest) {
                return Some(Certainty::Declared);
            }
            longest = longest.max(length);
        }
        if self.closure(own).contains(&self.component(file)) {
            return Some(Certainty::Declared);
        }
        // The package has its own place for names like this: another one's class of the same name is a stranger.
        let repo = self.index.files.path(from).repo;
        let has_place = prefixes(name)
            .filter(|prefix| !prefix.is_empty() && prefix.len() >= longest)
            .any(|prefix| {
                let rules = self.rules.get(prefix).into_iter().flatten();
                rules
                    .filter(|rule| rule.repo == repo)
                    .any(|rule| rule.component == own)
            });
        (!has_place).then_some(Certainty::Inferred)
    }
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        if key.namespace.0 == "phpfile" {
            return self.file(fact, key);
        }
        let Some(name) = key.name.as_text() else {
            return Found::Outside(None);
        };
        let repo = self.index.repo(fact);
        let offers: Vec<&Fact> = self
            .index
            .provides(key.namespace.0, name)
            .map(|(offer, ..)| offer)
            .filter(|offer| self.index.repo(offer) == repo)
            .collect();
        let mut files: Vec<FileId> = offers.iter().map(|offer| offer.span.file).collect();
        files.dedup();
        let outside = || {
            // PHP's own classes are in no namespace.
            Found::Outside(name.contains('\\').then(|| format!("php:{name}")))
        };
        let from = fact.span.file;
        let file = match files.as_slice() {
            [] => return outside(),
            [file] => *file,
            _ => match self.choose(from, name, files) {
                Ok(file) => file,
                Err(files) => {
                    let paths = files.iter().map(|file| self.index.files.display(*file));
                    return Found::Unknown(Why::Ambiguous(paths.collect()));
                }
            },
        };
        let Some(certainty) = self.reach(from, name, file) else {
            return outside();
        };
        let offer = offers.iter().find(|offer| offer.span.file == file);
        let target = Target::files(self.component_of, vec![file]);
        match (target, offer) {
            (Some(target), Some(offer)) => Found::Here(vec![Target {
                certainty,
                hops: vec![provided(offer, name)],
                ..target
            }]),
            _ => outside(),
        }
    }
}

/// The prefixes of a name that rules may have: `Acme\Cart\`, `Acme\`, and the empty one; the longest first.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    let mut end = Some(name.len());
    std::iter::from_fn(move || {
        let before = end?;
        let cut = name[..before].rfind('\\');
        end = cut;
        Some(cut.map_or("", |cut| &name[..=cut]))
    })
}

/// Whether a path without ending is a name below a prefix.
fn same_path(path: &str, name: &str) -> bool {
    path.len() == name.len()
        && path
            .bytes()
            .zip(name.bytes())
            .all(|(path, name)| path == name || path == b'/' && matches!(name, b'\\' | b'_'))
}

/// The text in front of the star that ends a template.
fn before_star(parts: &[Part]) -> Option<&str> {
    match parts {
        [Part::Text(text), Part::Star] => Some(text),
        [Part::Star] => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_end_where_namespaces_do() {
        let all: Vec<_> = prefixes("Acme\\Shop\\Cart").collect();
        assert_eq!(all, ["Acme\\Shop\\", "Acme\\", ""]);
        assert_eq!(prefixes("Cart").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn paths_follow_names() {
        assert!(same_path("Shop/Cart", "Shop\\Cart"));
        assert!(same_path("Shop/Cart", "Shop_Cart"));
        assert!(!same_path("Shop/Cart", "shop\\Cart"));
    }
}
