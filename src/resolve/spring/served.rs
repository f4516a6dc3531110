//! Which files does a configuration server hand out to which component?
//!
//! `cart.yml` and `cart-docker.yml` are for the program that is called `cart`, `application.yml` is for all.
//! Source: <https://docs.spring.io/spring-cloud-config/reference/server/environment-repository.html>

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::index::Index;
use super::super::spaces::comparable;
use crate::model::{Claim, ComponentId, Fact, FileId, RepoId, Subject, within};

/// What is handed out, nearest first.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Served {
    files: HashMap<ComponentId, Vec<FileId>>,
    heirs: HashMap<FileId, Vec<ComponentId>>,
}

/// Where a server looks for files: its own folder, and last folders of the places that it names.
#[derive(Default)]
struct Server {
    places: BTreeSet<String>,
}

impl Served {
    /// `component` tells whom a fact is about.
    pub(in crate::resolve) fn new(
        index: &Index<'_>,
        component_of: &[ComponentId],
        component: impl Fn(&Fact) -> ComponentId,
    ) -> Self {
        let mut servers: BTreeMap<(RepoId, ComponentId), Server> = BTreeMap::new();
        let mut clients: BTreeSet<(RepoId, ComponentId)> = BTreeSet::new();
        for fact in index.facts {
            let who = || (index.repo(fact), component(fact));
            match &fact.claim {
                Claim::Provides { key, .. }
                    if key.namespace.0 == "trait"
                        && key.name.as_text() == Some("config-server") =>
                {
                    servers.entry(who()).or_default();
                }
                Claim::Requires { key, .. }
                    if key.namespace.0 == "platform"
                        && key.name.as_text() == Some("config-server") =>
                {
                    clients.insert(who());
                }
                _ => {}
            }
        }
        if servers.is_empty() || clients.is_empty() {
            return Self::default();
        }
        let mut names: BTreeMap<(RepoId, String), BTreeSet<ComponentId>> = BTreeMap::new();
        let mut files: BTreeSet<FileId> = BTreeSet::new();
        for fact in index.facts {
            match &fact.claim {
                Claim::Provides { key, .. } if key.namespace.0 == "discovery" => {
                    let who = (index.repo(fact), component(fact));
                    if let Some(name) = key.name.as_text().filter(|_| clients.contains(&who)) {
                        let name = (who.0, name.to_lowercase());
                        names.entry(name).or_default().insert(who.1);
                    }
                }
                Claim::Binds { key, .. }
                    if fact.subject == Subject::File
                        && matches!(key.namespace.0, "property" | "route") =>
                {
                    files.insert(fact.span.file);
                }
                Claim::Binds { key, value } if matches!(key.namespace.0, "property" | "env") => {
                    let name = comparable(&key.name.to_string());
                    if LOCATIONS.iter().any(|known| name.starts_with(known))
                        && let Some(server) = servers.get_mut(&(index.repo(fact), component(fact)))
                    {
                        server.places.extend(last_folders(&value.to_string()));
                    }
                }
                _ => {}
            }
        }
        let mut found: BTreeMap<ComponentId, BTreeSet<(usize, FileId)>> = BTreeMap::new();
        for file in files {
            let path = index.files.path(file);
            let is_served = servers.iter().any(|((repo, id), server)| {
                *repo == path.repo
                    && (component_of[file.0 as usize] == *id
                        || server
                            .places
                            .iter()
                            .any(|place| lies_in(path.parent(), place)))
            });
            if !is_served {
                continue;
            }
            let stem = path
                .file_name()
                .rsplit_once('.')
                .map_or("", |(stem, _)| stem);
            let folder = path.parent().rsplit('/').next().unwrap_or_default();
            let (rank, whom) = match whose(stem, folder, path.repo, &names) {
                Some(found) => found,
                None => continue,
            };
            match whom {
                Some(whom) => {
                    for component in &names[&(path.repo, whom)] {
                        found.entry(*component).or_default().insert((rank, file));
                    }
                }
                None => {
                    for (repo, component) in &clients {
                        let is_itself = servers.contains_key(&(*repo, *component));
                        if *repo == path.repo && !is_itself {
                            found.entry(*component).or_default().insert((rank, file));
                        }
                    }
                }
            }
        }
        let mut served = Self::default();
        for (component, files) in found {
            for (_, file) in files {
                served.files.entry(component).or_default().push(file);
                served.heirs.entry(file).or_default().push(component);
            }
        }
        served
    }

    /// The files that a component is handed, nearest first.
    pub(in crate::resolve) fn files(&self, component: ComponentId) -> &[FileId] {
        self.files.get(&component).map_or(&[], Vec::as_slice)
    }

    /// The components to which a file is handed.
    pub(in crate::resolve) fn heirs(&self, file: FileId) -> &[ComponentId] {
        self.heirs.get(&file).map_or(&[], Vec::as_slice)
    }
}

/// Settings that name places, as they are compared.
const LOCATIONS: &[&str] = &[
    "springcloudconfigservernativesearchlocations",
    "springcloudconfigservergituri",
    "springcloudconfigservergitsearchpaths",
];

/// `classpath:/shared, file:../config-repo/{application}` lead to `shared` and `config-repo`.
fn last_folders(value: &str) -> impl Iterator<Item = String> {
    let places = value.split(',').filter_map(|place| {
        let is_far = place.contains("://") && !place.contains("file://");
        let mut segments = place
            .split(['/', ':'])
            .filter(|segment| !segment.is_empty() && !segment.contains(['{', '}', '$', '*']));
        let last = segments.next_back()?.trim();
        let is_folder = !is_far && !matches!(last, "." | ".." | "file" | "classpath" | "config");
        is_folder.then(|| last.to_owned())
    });
    places.collect::<Vec<_>>().into_iter()
}

/// Whether a folder of this name is the folder, or holds it.
fn lies_in(folder: &str, place: &str) -> bool {
    let mut above = String::new();
    for segment in folder.split('/') {
        above = match above.is_empty() {
            true => segment.to_owned(),
            false => format!("{above}/{segment}"),
        };
        if segment == place {
            return within(folder, &above);
        }
    }
    false
}

/// For whom a file is (`None`: for all), and how near it is.
fn whose(
    stem: &str,
    folder: &str,
    repo: RepoId,
    names: &BTreeMap<(RepoId, String), BTreeSet<ComponentId>>,
) -> Option<(usize, Option<String>)> {
    let stem = stem.to_lowercase();
    let known = |name: &str| names.contains_key(&(repo, name.to_owned()));
    let rest = stem.strip_prefix("application");
    if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('-')) {
        // `cart/application.yml` where each program has a folder.
        let folder = folder.to_lowercase();
        let of_folder = known(&folder).then_some(folder);
        let rank = usize::from(rest.is_empty()) + if of_folder.is_some() { 0 } else { 2 };
        return Some((rank, of_folder));
    }
    if known(&stem) {
        return Some((1, Some(stem)));
    }
    // The longest name in front of a profile.
    let mut cut = stem.len();
    while let Some(at) = stem[..cut].rfind('-') {
        if known(&stem[..at]) {
            return Some((0, Some(stem[..at].to_owned())));
        }
        cut = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_files_are_told_by_their_last_folder() {
        let read = |text: &str| last_folders(text).collect::<Vec<_>>().join(" ");
        assert_eq!(read("classpath:/shared"), "shared");
        assert_eq!(
            read("file:///app/conf, file:../config-repo/{application}"),
            "conf config-repo"
        );
        assert_eq!(read("https://example.org/acme/config-repo"), "");
        assert_eq!(read("${HOME}/config-repo"), "config-repo");
        assert!(lies_in("a/config-repo/cart", "config-repo"));
        assert!(!lies_in("a/other", "config-repo"));
    }
}
