//! What the items of a project come to, in order: lists, the projects that it refers to, the files that it takes in.

use std::collections::{HashMap, HashSet};

use super::entry::Entry;
use super::evaluate::{Evaluation, is_item};
use super::expression::rooted;
use super::view::View;
use super::{Item, Reference, Serves, Sort, Taken};
use crate::model::{
    Claim, DependencyKind, Fact, FileId, Key, Language, Template, Why, parent, within,
};

/// The most items of one project.
const ITEMS: usize = 1 << 16;

/// Lists of items, by names in small letters.
#[derive(Default)]
pub(super) struct Lists(HashMap<String, List>);

/// A list of items.
#[derive(Default)]
pub(super) struct List {
    pub(super) entries: Vec<Entry>,
    /// Whether these are all, and nothing outside of the tree can change them.
    pub(super) is_sure: bool,
}

impl Lists {
    pub(super) fn get(&self, name: &str) -> Option<&List> {
        self.0.get(&name.to_ascii_lowercase())
    }

    fn of(&mut self, name: &str) -> &mut List {
        let list = self.0.entry(name.to_ascii_lowercase());
        list.or_insert_with(|| List {
            entries: Vec::new(),
            is_sure: true,
        })
    }
}

/// What the items of a project come to.
#[derive(Default)]
pub(super) struct Outcome<'a> {
    pub(super) assembly: String,
    pub(super) root_namespace: String,
    pub(super) references: Vec<Reference<'a>>,
    pub(super) taken: Vec<Taken<'a>>,
    pub(super) friends: Vec<(String, &'a Fact)>,
    pub(super) packages: Vec<&'a str>,
    /// What of its folder it does not compile.
    pub(super) removed: Vec<String>,
    pub(super) unknown: Vec<(&'a Fact, String, Why)>,
}

/// The items as far as they are worked out.
pub(super) struct Items<'e, 'a> {
    known: &'e Evaluation<'e, 'a>,
    lists: Lists,
    /// Contracts, of which more may be said later.
    contracts: Vec<(Item<'a>, DependencyKind, Entry)>,
    /// How many items may still come.
    left: usize,
    out: Outcome<'a>,
}

impl<'e, 'a> Items<'e, 'a> {
    pub(super) fn new(known: &'e Evaluation<'_, 'a>) -> Self {
        Self {
            known,
            lists: Lists::default(),
            contracts: Vec::new(),
            left: ITEMS,
            out: Outcome {
                assembly: known.known("assemblyname"),
                root_namespace: known.known("rootnamespace"),
                ..Outcome::default()
            },
        }
    }

    pub(super) fn finish(mut self) -> Outcome<'a> {
        let mut dropped: Vec<FileId> = Vec::new();
        for (fact, import) in &self.known.items {
            let (holds, variants) = self.view(fact).holds(&fact.when);
            if holds == Some(false) {
                continue;
            }
            let item = Item {
                fact,
                import: *import,
                variants,
                inferred: false,
            };
            match &fact.claim {
                Claim::Binds { key, value } if key.namespace.0 == "msbuild-items" => {
                    if let Some(name) = key.name.as_text() {
                        self.fill(name, value, &item);
                    }
                }
                Claim::Binds { key, value } if is_item(key, "Update") => {
                    if let Some(name) = key.name.as_text() {
                        self.update(name, value, &item);
                    }
                }
                Claim::Binds { key, value } if is_item(key, "Remove") => {
                    if let Some(name) = key.name.as_text() {
                        dropped.extend(self.remove(name, value, &item));
                    }
                }
                Claim::Provides { key, .. } if key.namespace.0 == "friend" => {
                    let entries = self.view(fact).entries(&key.name).unwrap_or_default();
                    let friends = entries.into_iter().map(|entry| (entry.text, *fact));
                    self.out.friends.extend(friends);
                }
                Claim::Requires { key, .. } if key.namespace.0 == "dotnet" => {
                    self.out.packages.extend(key.name.as_text());
                }
                Claim::Requires { key, kind, .. } if key.namespace.0 == "msbuild-item" => {
                    self.item(key, *kind, &item);
                }
                _ => {}
            }
        }
        for (item, kind, entry) in std::mem::take(&mut self.contracts) {
            self.file(&entry, "Protobuf", kind, &item);
        }
        let dropped: HashSet<usize> = dropped
            .into_iter()
            .filter_map(|file| self.known.files.project(file))
            .collect();
        self.out
            .references
            .retain(|reference| !dropped.contains(&reference.to));
        let imports = self.known.imports.iter().map(|(fact, file)| Taken {
            item: Item {
                fact,
                import: None,
                variants: Vec::new(),
                inferred: false,
            },
            kind: DependencyKind::LinkSplice,
            sort: Sort::Imported,
            file: *file,
            serves: Serves::No,
        });
        self.out.taken.extend(imports);
        self.out
    }

    fn view(&self, fact: &Fact) -> View<'_, 'a> {
        View::new(self.known, fact.span.file).with(&self.lists)
    }

    /// The items that a place includes, with what is said of them; `None` when nothing tells which.
    fn included(&mut self, value: &Template, fact: &'a Fact) -> Option<Vec<Entry>> {
        let view = self.view(fact);
        let mut entries = Vec::new();
        for entry in view.entries(value)? {
            match entry.text.contains(['*', '?']) {
                true => entries.extend(self.matching(&entry)),
                false => entries.push(entry),
            }
        }
        let said = self.known.metadata.get(&(fact.span.file, fact.span.start));
        for said in said.into_iter().flatten() {
            let Claim::Binds { key, value } = &said.claim else {
                continue;
            };
            let name = key.name.as_text().unwrap_or_default();
            if name == "Exclude" {
                let excluded = view.entries(value).unwrap_or_default();
                let excluded: HashSet<FileId> = excluded
                    .iter()
                    .flat_map(|entry| self.known.paths(&entry.text))
                    .collect();
                entries.retain(|entry| {
                    let mut files = self.known.paths(&entry.text).into_iter();
                    !files.any(|file| excluded.contains(&file))
                });
                continue;
            }
            for entry in &mut entries {
                let view = view.of(entry);
                if view.holds(&said.when).0 != Some(false)
                    && let Some(value) = view.template(value)
                {
                    entry.set(name, value);
                }
            }
        }
        if entries.len() > self.left {
            let unknown = (fact, value.to_string(), Why::TooDeep);
            self.out.unknown.push(unknown);
            return Some(Vec::new());
        }
        self.left -= entries.len();
        Some(entries)
    }

    /// The files that a path with wildcards means, as paths that start as it does.
    fn matching(&self, pattern: &Entry) -> Vec<Entry> {
        let folder = self.known.project.folder;
        let text = &*pattern.text;
        let wild = text.find(['*', '?']).unwrap_or(text.len());
        let fixed = text[..wild].rfind('/').map_or("", |cut| &text[..=cut]);
        let Some(start) = rooted(fixed, folder) else {
            return Vec::new();
        };
        let any_folder = text[fixed.len()..].starts_with("**/");
        let index = self.known.files.index;
        let files = self.known.paths(text).into_iter();
        let paths = files.filter_map(|file| {
            let path = index.files.path(file);
            let rest = match &*start {
                "" => &path.path,
                start => path.path.strip_prefix(start)?.trim_start_matches('/'),
            };
            let mut entry = Entry {
                text: format!("{fixed}{rest}"),
                ..pattern.clone()
            };
            if any_folder && !parent(rest).is_empty() {
                entry.set("RecursiveDir", format!("{}/", parent(rest)));
            }
            Some(entry)
        });
        paths.collect()
    }

    /// A list of the project's own.
    fn fill(&mut self, name: &str, value: &Template, item: &Item<'a>) {
        let entries = self.included(value, item.fact);
        let list = self.lists.of(name);
        list.is_sure &= entries.is_some() && item.variants.is_empty();
        for mut entry in entries.into_iter().flatten() {
            entry.variants.extend(item.variants.iter().cloned());
            list.entries.push(entry);
        }
    }

    /// What is said later of items that are there.
    fn update(&mut self, name: &str, value: &Template, item: &Item<'a>) {
        let Some(changed) = self.included(value, item.fact) else {
            self.lists.of(name).is_sure = false;
            return;
        };
        let changed: HashMap<String, Entry> = changed
            .into_iter()
            .map(|entry| (entry.text.to_lowercase(), entry))
            .collect();
        let list = self.lists.of(name);
        list.is_sure &= item.variants.is_empty();
        let contracts = self.contracts.iter_mut().map(|(_, _, entry)| entry);
        let contracts = contracts.filter(|_| name == "Protobuf");
        for entry in list.entries.iter_mut().chain(contracts) {
            if let Some(changed) = changed.get(&entry.text.to_lowercase()) {
                entry.say(changed);
            }
        }
    }

    /// The project files among what is removed.
    fn remove(&mut self, name: &str, value: &Template, item: &Item<'a>) -> Vec<FileId> {
        let Some(entries) = self.view(item.fact).entries(value) else {
            self.lists.of(name).is_sure = false;
            return Vec::new();
        };
        match name {
            "Compile" => {
                let folder = self.known.project.folder;
                let removed = entries.iter();
                let removed = removed.filter_map(|entry| rooted(&entry.text, folder));
                self.out.removed.extend(removed);
                Vec::new()
            }
            _ => {
                let texts: HashSet<String> = entries
                    .iter()
                    .map(|entry| entry.text.to_lowercase())
                    .collect();
                let files: Vec<FileId> = entries
                    .iter()
                    .flat_map(|entry| self.known.paths(&entry.text))
                    .collect();
                let gone: HashSet<FileId> = files.iter().copied().collect();
                let known = self.known;
                let list = self.lists.of(name);
                list.is_sure &= item.variants.is_empty();
                if item.variants.is_empty() {
                    list.entries.retain(|entry| {
                        let mut files = known.paths(&entry.text).into_iter();
                        !texts.contains(&entry.text.to_lowercase())
                            && !files.any(|file| gone.contains(&file))
                    });
                }
                match name {
                    "ProjectReference" => files,
                    _ => Vec::new(),
                }
            }
        }
    }

    fn item(&mut self, key: &Key, kind: DependencyKind, item: &Item<'a>) {
        let Some(sort) = key.at.as_text() else {
            return;
        };
        let Some(entries) = self.included(&key.name, item.fact) else {
            if matters(sort) {
                let why = self.view(item.fact).unbound(&key.name);
                let why = why.map_or(Why::NotFound, Why::Unbound);
                self.out
                    .unknown
                    .push((item.fact, key.name.to_string(), why));
            }
            return;
        };
        for entry in &entries {
            let mut item = item.clone();
            let variants = entry.variants.iter();
            item.variants.extend(variants.cloned());
            match sort {
                "ProjectReference" => self.reference(entry, item),
                "Protobuf" => self.contracts.push((item, kind, entry.clone())),
                _ => self.file(entry, sort, kind, &item),
            }
        }
        if matches!(sort, "ProjectReference" | "Protobuf") {
            let list = self.lists.of(sort);
            list.is_sure &= item.variants.is_empty();
            list.entries.extend(entries);
        }
    }

    fn reference(&mut self, entry: &Entry, item: Item<'a>) {
        let files = self.known.paths(&entry.text);
        for to in files
            .iter()
            .filter_map(|file| self.known.files.project(*file))
        {
            let item = item.clone();
            self.out.references.push(Reference { item, to });
        }
        // Project files of other sorts (installers, SQL) are no code.
        if files.is_empty() {
            let unknown = (item.fact, entry.text.clone(), Why::NotFound);
            self.out.unknown.push(unknown);
        }
    }

    fn file(&mut self, entry: &Entry, sort: &str, kind: DependencyKind, item: &Item<'a>) {
        let matters = matters(sort);
        let files = self.known.paths(&entry.text);
        let gone = files.is_empty() && matters && !entry.text.contains("obj/");
        if files.is_empty() && sort == "Reference" {
            let file = entry.text.rsplit('/').next().unwrap_or(&entry.text);
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            let name = format!("assembly:{stem}");
            self.out.unknown.push((item.fact, name, Why::NotFound));
        } else if gone && rooted(&entry.text, self.known.project.folder).is_some() {
            let unknown = (item.fact, entry.text.clone(), Why::NotFound);
            self.out.unknown.push(unknown);
        }
        let services = entry.metadata("GrpcServices", "").unwrap_or_default();
        let serves = match services.to_ascii_lowercase().as_str() {
            "server" => Serves::Only,
            "both" => Serves::Both,
            _ => Serves::No,
        };
        for file in files {
            self.take(file, sort, kind, item, serves);
        }
    }

    /// A file that the project takes in; what lies in its own folder is its own, but may generate code.
    fn take(
        &mut self,
        file: FileId,
        sort: &str,
        kind: DependencyKind,
        item: &Item<'a>,
        serves: Serves,
    ) {
        let row = self.known.files.index.files.row(file);
        let folder = self.known.project.folder;
        let own = within(&row.path.path, folder);
        let sort = match sort {
            "Compile" => Sort::Compiled,
            "Protobuf" => Sort::Generated,
            "None" => Sort::Listed,
            _ => Sort::Other,
        };
        if own && sort != Sort::Generated && !folder.is_empty() {
            return;
        }
        let kind = match (sort, row.class.language) {
            (Sort::Generated, _) | (_, Language::Idl) => DependencyKind::LinkContract,
            _ => kind,
        };
        self.out.taken.push(Taken {
            item: item.clone(),
            kind,
            sort,
            file,
            serves,
        });
    }
}

/// Whether a file that is not there is worth telling.
fn matters(sort: &str) -> bool {
    matches!(sort, "ProjectReference" | "Compile" | "Protobuf")
}
