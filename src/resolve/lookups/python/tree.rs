//! Which modules lie below which folders: what Python's own finder would see, without a disk.
//!
//! Sources: <https://docs.python.org/3/reference/import.html>, <https://peps.python.org/pep-0420/>

use std::collections::{HashMap, HashSet};

use crate::model::{FileId, FileTable, RepoId, parent};

/// All modules and packages of a run.
pub(super) struct Tree<'r> {
    /// By the path without its ending.
    modules: HashMap<(RepoId, &'r str), (u8, FileId)>,
    /// By the folder of their `__init__.py`.
    packages: HashMap<(RepoId, &'r str), (u8, FileId)>,
    /// Every folder with a module in it or below.
    folders: HashSet<(RepoId, &'r str)>,
    /// Every name that some folder or module has.
    names: HashSet<&'r str>,
}

/// What a folder has under the first segment of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Top {
    Nothing,
    /// A folder without `__init__.py`: other folders may have parts of it.
    Namespace,
    /// A module, or a package that is whole.
    Regular,
}

/// What a folder of the search path has for a dotted name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probe {
    pub(super) top: Top,
    /// The file of the name itself, or, when the last segment is an item of a module, the file of that.
    pub(super) file: Option<FileId>,
    /// Whether the last segment is an item.
    pub(super) item: bool,
}

impl<'r> Tree<'r> {
    pub(super) fn new(files: &'r FileTable) -> Self {
        let mut tree = Self {
            modules: HashMap::new(),
            packages: HashMap::new(),
            folders: HashSet::new(),
            names: HashSet::new(),
        };
        for (file, row) in files.iter() {
            let (repo, path) = (row.path.repo, &*row.path.path);
            let Some((stem, rank)) = module(path) else {
                continue;
            };
            let folder = parent(path);
            let name = &stem[stem.rfind('/').map_or(0, |cut| cut + 1)..];
            let (list, key) = match name {
                "__init__" => (&mut tree.packages, folder),
                _ => (&mut tree.modules, stem),
            };
            let entry = list.entry((repo, key)).or_insert((rank, file));
            *entry = (*entry).min((rank, file));
            tree.names.insert(name);
            tree.note_folder(repo, folder);
        }
        tree
    }

    fn note_folder(&mut self, repo: RepoId, folder: &'r str) {
        let mut at = folder;
        while self.folders.insert((repo, at)) && !at.is_empty() {
            self.names
                .insert(&at[at.rfind('/').map_or(0, |cut| cut + 1)..]);
            at = parent(at);
        }
    }

    /// Whether anything in the run has this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The module or package at a path without ending.
    pub(super) fn at(&self, repo: RepoId, path: &str) -> Option<FileId> {
        let package = self.packages.get(&(repo, path));
        let found = package.or_else(|| self.modules.get(&(repo, path)));
        found.map(|(_, file)| *file)
    }

    /// Whether a folder is a package that is whole.
    pub(super) fn is_package(&self, repo: RepoId, folder: &str) -> bool {
        self.packages.contains_key(&(repo, folder))
    }

    /// Whether a folder has modules in it or below.
    pub(super) fn has(&self, repo: RepoId, folder: &str) -> bool {
        self.folders.contains(&(repo, folder))
    }

    /// All folders with modules in them or below.
    pub(super) fn folders(&self) -> impl Iterator<Item = (RepoId, &'r str)> {
        self.folders.iter().copied()
    }

    /// All modules that are no packages, by their paths without ending.
    pub(super) fn modules(&self) -> impl Iterator<Item = (RepoId, &'r str)> {
        self.modules.keys().copied()
    }

    /// What a folder of the search path has for a dotted name.
    pub(super) fn probe(&self, repo: RepoId, root: &str, name: &str) -> Probe {
        let mut path = String::with_capacity(root.len() + name.len() + 1);
        path.push_str(root);
        if !root.is_empty() {
            path.push('/');
        }
        let base = path.len();
        path.extend(name.chars().map(|c| if c == '.' { '/' } else { c }));
        let first = name.find('.').map_or(path.len(), |cut| base + cut);
        let top = &path[..first];
        let top = match () {
            () if self.at(repo, top).is_some() => Top::Regular,
            () if self.has(repo, top) => Top::Namespace,
            () => Top::Nothing,
        };
        let mut probe = Probe {
            top,
            file: None,
            item: false,
        };
        if top == Top::Nothing {
            return probe;
        }
        probe.file = self.at(repo, &path);
        if probe.file.is_none() && first < path.len() {
            probe.item = true;
            probe.file = self.at(repo, parent(&path));
        }
        probe
    }
}

/// The path without its ending, and how much an ending counts when several files have one stem.
fn module(path: &str) -> Option<(&str, u8)> {
    let (stem, ending) = path.rsplit_once('.')?;
    let rank = match ending {
        "py" => 0,
        "pyx" => 1,
        "pyi" => 2,
        "pyw" => 3,
        _ => return None,
    };
    Some((stem, rank))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileRow, RepoPath};

    fn table(paths: &[&str]) -> FileTable {
        let row = |path: &&str| FileRow {
            path: RepoPath::new(RepoId(0), *path),
            ..FileRow::default()
        };
        FileTable::new(vec!["acme".to_owned()], paths.iter().map(row).collect())
    }

    #[test]
    fn names_are_found_below_a_folder_as_python_finds_them() {
        let files = table(&[
            "src/cart/__init__.py",
            "src/cart/item.py",
            "src/cart/item.pyi",
            "src/cart/fast.pyx",
            "src/cart/stub.pyi",
            "src/ns/deep/pay.py",
            "src/single.py",
        ]);
        let tree = Tree::new(&files);
        let found = |name: &str| {
            let probe = tree.probe(RepoId(0), "src", name);
            let path = probe.file.map(|file| files.path(file).path.to_string());
            (probe.top, path.unwrap_or_default(), probe.item)
        };
        let regular = |path: &str, item| (Top::Regular, path.to_owned(), item);
        assert_eq!(found("cart"), regular("src/cart/__init__.py", false));
        assert_eq!(found("cart.item"), regular("src/cart/item.py", false));
        assert_eq!(found("cart.item.Item"), regular("src/cart/item.py", true));
        assert_eq!(found("cart.VERSION"), regular("src/cart/__init__.py", true));
        assert_eq!(found("cart.fast"), regular("src/cart/fast.pyx", false));
        assert_eq!(found("cart.stub"), regular("src/cart/stub.pyi", false));
        assert_eq!(found("cart.gone.x"), regular("", true));
        assert_eq!(found("single.x"), regular("src/single.py", true));
        assert_eq!(
            found("ns.deep.pay"),
            (Top::Namespace, "src/ns/deep/pay.py".to_owned(), false)
        );
        assert_eq!(found("ns.deep"), (Top::Namespace, String::new(), true));
        assert_eq!(found("os"), (Top::Nothing, String::new(), false));
        assert!(tree.knows("deep") && !tree.knows("os"));
    }
}
