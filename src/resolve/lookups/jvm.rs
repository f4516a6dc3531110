//! The JVM: an imported name is a class, function or value of a file, or all that a package has.
//!
//! The compiler sees the own module and those that the build links, directly or not; where several have a name,
//! only these count, and several of them are ambiguous.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Certainty, Claim, ComponentId, Context, Fact, FileId, Key, RepoId, Subject, Why,
};
use crate::resolve::index::Index;

pub(super) struct Jvm;

impl Lookup for Jvm {
    fn namespaces(&self) -> &'static [&'static str] {
        &["jvm"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut names = Names {
            index: run.index,
            component_of: run.component_of,
            packages: HashMap::new(),
            prefixes: HashSet::new(),
            visible: visible(run),
            groups: HashSet::new(),
        };
        for (file, _) in run.index.files.iter() {
            names.note(file);
        }
        Box::new(names)
    }
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// The files of each package.
    packages: HashMap<(RepoId, &'a str), Vec<FileId>>,
    /// Everything that a package's name starts with: `com` and `com.acme` of `com.acme.cart`.
    prefixes: HashSet<(RepoId, &'a str)>,
    /// What each component links, directly or not.
    visible: HashMap<ComponentId, HashSet<ComponentId>>,
    /// The groups of artifacts that manifests require.
    groups: HashSet<&'a str>,
}

impl<'a> Names<'_, 'a> {
    /// Keeps what one file says.
    fn note(&mut self, file: FileId) {
        let repo = self.index.files.path(file).repo;
        for fact in self.index.facts_of_file(file) {
            match &fact.claim {
                Claim::Provides { key, .. }
                    if matches!(key.namespace.0, "jvmobject" | "jvmpkg") =>
                {
                    let Some(package) = key.name.as_text() else {
                        continue;
                    };
                    let files = self.packages.entry((repo, package)).or_default();
                    if files.last() != Some(&file) {
                        files.push(file);
                    }
                    let ends = package.match_indices('.').map(|(at, _)| at);
                    for end in ends.chain([package.len()]) {
                        self.prefixes.insert((repo, &package[..end]));
                    }
                }
                Claim::Requires { key, .. } if key.namespace.0 == "maven" => {
                    let group = key.name.as_text().and_then(|name| name.split_once(':'));
                    self.groups.extend(group.map(|(group, _)| group));
                }
                Claim::Binds { value, .. } => {
                    // The catalogue of a Gradle build.
                    let group = value
                        .as_ref_key()
                        .filter(|key| key.namespace.0 == "maven")
                        .and_then(|key| key.name.as_text()?.split_once(':'));
                    self.groups.extend(group.map(|(group, _)| group));
                }
                _ => {}
            }
        }
    }

    /// The files that declare the name, or what it is a member of, and what they declare.
    fn declaring<'n>(&self, repo: RepoId, name: &'n str) -> Option<(&'n str, Vec<&'a Fact>)> {
        let mut probe = name;
        loop {
            let found: Vec<&Fact> = self
                .index
                .provides("jvm", probe)
                .map(|(fact, ..)| fact)
                .filter(|fact| self.index.repo(fact) == repo)
                .collect();
            if !found.is_empty() {
                return Some((probe, found));
            }
            probe = probe.rsplit_once('.')?.0;
        }
    }

    /// The targets of facts that all offer one name; what tests declare is not seen from elsewhere.
    fn choose(&self, fact: &Fact, name: &str, offers: &[&'a Fact]) -> Found {
        let own = self.component_of[fact.span.file.0 as usize];
        let mut by_component = self.by_component(fact, offers);
        if let Some(here) = by_component.remove(&own) {
            return self.found(own, here, name, Certainty::Declared);
        }
        let mut seen = self.seen_from(own, &by_component);
        let certainty = match seen.is_empty() {
            // A link that no manifest tells: by a plugin, or a class that comes from elsewhere.
            true => Certainty::Inferred,
            false => Certainty::Declared,
        };
        if seen.is_empty() {
            // Of several modules none is seen: what a package from outside could have is from there.
            let group = self.group(name).filter(|_| by_component.len() > 1);
            if let Some(group) = group {
                return Found::Outside(Some(format!("maven:{group}")));
            }
            seen = by_component.keys().copied().collect();
        }
        match seen.as_slice() {
            [one] => {
                let offers = by_component.remove(one).unwrap_or_default();
                self.found(*one, offers, name, certainty)
            }
            several => self.ambiguous(several),
        }
    }

    /// The offers by component: for production code without those of tests, where there are others.
    fn by_component(
        &self,
        fact: &Fact,
        offers: &[&'a Fact],
    ) -> BTreeMap<ComponentId, Vec<&'a Fact>> {
        let is_test = |file: FileId| self.is_test(file);
        let from_test = is_test(fact.span.file);
        let own = self.component_of[fact.span.file.0 as usize];
        let component = |offer: &Fact| self.component_of[offer.span.file.0 as usize];
        let plain =
            |offer: &Fact| !is_test(offer.span.file) || from_test && component(offer) == own;
        let any = offers.iter().any(|offer| plain(offer));
        let mut found: BTreeMap<ComponentId, Vec<&'a Fact>> = BTreeMap::new();
        for offer in offers.iter().filter(|offer| !any || plain(offer)) {
            found.entry(component(offer)).or_default().push(offer);
        }
        found
    }

    fn seen_from<T>(
        &self,
        own: ComponentId,
        candidates: &BTreeMap<ComponentId, T>,
    ) -> Vec<ComponentId> {
        let visible = self.visible.get(&own);
        candidates
            .keys()
            .copied()
            .filter(|id| visible.is_some_and(|visible| visible.contains(id)))
            .collect()
    }

    fn found(
        &self,
        component: ComponentId,
        offers: Vec<&'a Fact>,
        name: &str,
        certainty: Certainty,
    ) -> Found {
        let target = self.target(component, offers, name, certainty);
        target.map_or(Found::Unknown(Why::NotFound), |target| {
            Found::Here(vec![target])
        })
    }

    fn target(
        &self,
        component: ComponentId,
        offers: Vec<&'a Fact>,
        name: &str,
        certainty: Certainty,
    ) -> Option<Target> {
        let offer = *offers.first()?;
        let files: BTreeSet<FileId> = offers.iter().map(|offer| offer.span.file).collect();
        Some(Target {
            unit: self.unit(offer.span.file),
            certainty,
            component,
            hops: vec![provided(offer, name)],
            ..Target::files(self.component_of, files.into_iter().collect())?
        })
    }

    fn ambiguous(&self, components: &[ComponentId]) -> Found {
        let roots = components.iter().filter_map(|id| {
            let file = self.component_of.iter().position(|other| other == id)?;
            Some(self.index.files.display(FileId(file as u32)))
        });
        Found::Unknown(Why::Ambiguous(roots.collect()))
    }

    /// All that a package has: the files that declare a name which the file uses.
    fn package(&self, fact: &Fact, package: &str, files: &[FileId]) -> Found {
        let used = used(self.index.facts_of_file(fact.span.file));
        let mut offers = Vec::new();
        let mut clauses = Vec::new();
        let mut objects = Vec::new();
        for file in files {
            for offer in self.index.facts_of_file(*file) {
                let Claim::Provides { key, .. } = &offer.claim else {
                    continue;
                };
                match (key.namespace.0, key.name.as_text()) {
                    ("jvmpkg", Some(name)) if name == package => clauses.push(offer),
                    ("jvmobject", Some(name))
                        if name == package && self.reaches(fact, &[*file]) =>
                    {
                        objects.push(offer);
                    }
                    ("jvm", Some(name)) => {
                        let member = name
                            .strip_prefix(package)
                            .and_then(|rest| rest.strip_prefix('.'));
                        if member.is_some_and(|member| used.contains(member)) {
                            offers.push(offer);
                        }
                    }
                    _ => {}
                }
            }
        }
        // What is used and declared nowhere, the object of the package may inherit.
        if offers.is_empty() && !objects.is_empty() {
            return self.choose(fact, package, &objects);
        }
        if offers.is_empty() {
            // A package of the same name may come from outside, where nothing here is linked that has it.
            return match self.reaches(fact, files) {
                true => self.choose(fact, package, &clauses),
                false => self.outside(fact, package, true),
            };
        }
        let own = self.component_of[fact.span.file.0 as usize];
        let by_component = self.by_component(fact, &offers);
        let mut seen = self.seen_from(own, &by_component);
        seen.extend(by_component.contains_key(&own).then_some(own));
        if seen.is_empty() {
            return self.choose(fact, package, &offers);
        }
        let targets = seen.into_iter().filter_map(|id| {
            let offers = by_component.get(&id)?.clone();
            self.target(id, offers, package, Certainty::Declared)
        });
        Found::Here(targets.collect())
    }

    /// The group of artifacts from outside that a name belongs to, as far as names tell.
    fn group<'n>(&self, name: &'n str) -> Option<&'n str> {
        let mut probe = name;
        while let Some((above, _)) = probe.rsplit_once('.') {
            if self.groups.contains(above) && above.contains('.') {
                return Some(above);
            }
            probe = above;
        }
        None
    }

    /// Whether some file is of the same component, or of one that it links; of a component without links, nobody knows.
    fn reaches(&self, fact: &Fact, files: &[FileId]) -> bool {
        let own = self.component_of[fact.span.file.0 as usize];
        let Some(visible) = self.visible.get(&own) else {
            return true;
        };
        files.iter().any(|file| {
            let component = self.component_of[file.0 as usize];
            component == own || visible.contains(&component) && !self.is_test(*file)
        })
    }

    /// Whether a file is for the tests of its module; what a module for tests has in its main folder is there for others.
    fn is_test(&self, file: FileId) -> bool {
        let row = self.index.files.row(file);
        row.class.context == Context::Test && !row.path.path.contains("src/main/")
    }

    /// A name that nothing in the run declares.
    fn outside(&self, fact: &Fact, name: &str, all: bool) -> Found {
        let repo = self.index.repo(fact);
        // A package of the run, for the sake of its name alone: `import com.acme`.
        let is_package = !all && self.prefixes.contains(&(repo, name));
        if is_package || is_standard(name) {
            return Found::Outside(None);
        }
        if let Some(group) = self.group(name) {
            return Found::Outside(Some(format!("maven:{group}")));
        }
        // The package: all before the first word that starts like a class.
        let words: Vec<&str> = name.split('.').collect();
        let class = words
            .iter()
            .position(|word| word.starts_with(char::is_uppercase));
        let end = class.unwrap_or(words.len() - usize::from(!all));
        let package = words[..end].join(".");
        if package.is_empty() {
            return Found::Outside(None);
        }
        let here = self.packages.get(&(repo, package.as_str()));
        if here.is_some_and(|files| self.reaches(fact, files)) {
            // Made by a build, most of the time.
            return Found::Unknown(Why::NotFound);
        }
        Found::Outside(Some(format!("jvm:{package}")))
    }
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(written) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let repo = self.index.repo(fact);
        let (name, all) = match written.strip_suffix(".*") {
            Some(name) => (name, true),
            None => (written, false),
        };
        let scopes = key.at.as_text().unwrap_or_default();
        let (name, scopes) = match name.strip_prefix("_root_.") {
            Some(name) => (name, ""),
            None => (name, scopes),
        };
        let head = name.split('.').next().unwrap_or(name);
        for scope in scopes.split(' ').filter(|scope| !scope.is_empty()) {
            let first = format!("{scope}.{head}");
            let is_package = self.prefixes.contains(&(repo, first.as_str()));
            if is_package || self.declares(repo, &first) {
                let full = format!("{scope}.{name}");
                if let Some(found) = self.absolute(fact, repo, &full, all) {
                    return found;
                }
            }
        }
        self.absolute(fact, repo, name, all)
            .unwrap_or_else(|| match key.at.is_empty() {
                true => self.outside(fact, name, all),
                // Scala imports from values, too: a name that is no package of anybody's may be one.
                false => match self.outside(fact, name, all) {
                    Found::Outside(Some(package)) if !package.contains('.') => Found::Outside(None),
                    found => found,
                },
            })
    }

    fn unit(&self, file: FileId) -> Option<String> {
        let (_, key) = self.index.offered(file, "jvmpkg")?;
        Some(format!("jvmpkg:{}", key.name.as_text()?))
    }
}

impl Names<'_, '_> {
    fn declares(&self, repo: RepoId, name: &str) -> bool {
        self.index
            .provides("jvm", name)
            .any(|(fact, ..)| self.index.repo(fact) == repo)
    }

    /// What a full name means in the run.
    fn absolute(&self, fact: &Fact, repo: RepoId, name: &str, all: bool) -> Option<Found> {
        if all && let Some(files) = self.packages.get(&(repo, name)) {
            return Some(self.package(fact, name, files));
        }
        // Java knows an object of Scala by its name and a sign.
        let name = name.strip_suffix('$').unwrap_or(name);
        if let Some((declared, offers)) = self.declaring(repo, name) {
            return Some(self.choose(fact, declared, &offers));
        }
        // A member that the object of its package inherits.
        let (package, _) = name.rsplit_once('.').filter(|_| !all)?;
        let objects: Vec<&Fact> = (self.index.provides("jvmobject", package))
            .map(|(fact, ..)| fact)
            .filter(|offer| self.index.repo(offer) == repo)
            .filter(|offer| self.reaches(fact, &[offer.span.file]))
            .collect();
        (!objects.is_empty()).then(|| self.choose(fact, package, &objects))
    }
}

/// The names that a file uses, where imports of whole packages made it tell them.
fn used(facts: &[Fact]) -> HashSet<&str> {
    facts
        .iter()
        .filter_map(|fact| match (&fact.subject, &fact.claim) {
            (Subject::File, Claim::Binds { key, value }) if key.namespace.0 == "jvm-used" => {
                value.as_text()
            }
            _ => None,
        })
        .flat_map(|text| text.split(' '))
        .collect()
}

/// What each component links, directly or not; tests see the same and more.
fn visible(run: &Run<'_, '_>) -> HashMap<ComponentId, HashSet<ComponentId>> {
    let mut direct: BTreeMap<ComponentId, Vec<ComponentId>> = BTreeMap::new();
    for (from, to, _) in run.declared {
        direct.entry(*from).or_default().push(*to);
    }
    let mut all = HashMap::new();
    for from in direct.keys() {
        let mut seen = HashSet::new();
        let mut open = vec![*from];
        while let Some(at) = open.pop() {
            for next in direct.get(&at).into_iter().flatten() {
                if seen.insert(*next) {
                    open.push(*next);
                }
            }
        }
        all.insert(*from, seen);
    }
    all
}

/// Whether a name belongs to the JDK or to the library of a language.
fn is_standard(name: &str) -> bool {
    const ALL: &[&str] = &[
        "com.sun.",
        "java.",
        "jdk.",
        "kotlin.",
        "org.w3c.dom.",
        "org.xml.sax.",
        "scala.",
        "sun.",
    ];
    // Of `javax`, the JDK has only a part; the rest is Java EE.
    const JAVAX: &[&str] = &[
        "accessibility",
        "annotation.processing",
        "crypto",
        "imageio",
        "lang.model",
        "management",
        "naming",
        "net",
        "print",
        "rmi",
        "script",
        "security",
        "smartcardio",
        "sound",
        "sql",
        "swing",
        "tools",
        "transaction.xa",
        "xml.catalog",
        "xml.crypto",
        "xml.datatype",
        "xml.namespace",
        "xml.parsers",
        "xml.stream",
        "xml.transform",
        "xml.validation",
        "xml.xpath",
    ];
    let below = |rest: &str, package: &str| {
        rest.strip_prefix(package)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    ALL.iter()
        .any(|prefix| name.starts_with(prefix) || name == prefix.trim_end_matches('.'))
        || name
            .strip_prefix("javax.")
            .is_some_and(|rest| JAVAX.iter().any(|package| below(rest, package)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_of_the_language_is_told_from_java_ee() {
        for name in [
            "java.util.List",
            "javax.sql.DataSource",
            "kotlin.test.assertEquals",
            "scala",
        ] {
            assert!(is_standard(name), "{name}");
        }
        for name in [
            "javax.persistence.Entity",
            "kotlinx.coroutines.flow.Flow",
            "javax.network.X",
        ] {
            assert!(!is_standard(name), "{name}");
        }
    }
}
