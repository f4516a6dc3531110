//! The files of a run: what they are before anybody has read a fact from them.

use std::collections::{HashMap, HashSet};

use super::{Context, FileId, GivenRoster, RepoId, RepoPath};

/// Everything that an extractor may see.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    pub path: &'a RepoPath,
    /// The content, without a byte order mark: spans are offsets into this.
    pub bytes: &'a [u8],
    pub mode: Mode,
    /// Whether a byte order mark stood before the content.
    pub bom: bool,
    /// What the run is told of the file, when it is given as a roster.
    pub roster: Option<&'a GivenRoster>,
}

impl<'a> SourceFile<'a> {
    /// The content as text; `Err` holds the offset of the first byte that is not UTF-8.
    pub fn text(&self) -> Result<&'a str, usize> {
        std::str::from_utf8(self.bytes).map_err(|error| error.valid_up_to())
    }
}

/// What a directory entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    #[default]
    File,
    Executable,
    /// Its content is the target's path; it is never followed.
    Symlink,
    /// A git submodule.
    Submodule,
}

/// What extraction learned of a file, with or without facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileInfo {
    /// A header says that a machine made it.
    pub generated: bool,
    pub lines: u32,
    pub parsed: Parsed,
}

/// How far a file could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parsed {
    /// No extractor reads files like this.
    #[default]
    NotRead,
    Whole,
    /// Some of it; a problem says what is missing.
    Partly,
    Failed,
}

/// What a path alone tells, together with `.gitattributes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileClass {
    pub language: Language,
    pub context: Context,
    pub vendored: bool,
}

/// The language or format that the name of a file tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Nothing that we could read anything from.
    #[default]
    Other,
    /// Configuration and manifests.
    Data,
    /// Prose: Markdown, licences.
    Prose,
    /// Interface definitions: contracts.
    Idl,
    C,
    CSharp,
    Cpp,
    Dart,
    Elixir,
    FSharp,
    Go,
    Java,
    JavaScript,
    Kotlin,
    Lua,
    Php,
    Python,
    Ruby,
    Rust,
    Scala,
    Shell,
    Sql,
    Swift,
    TypeScript,
}

impl Language {
    /// Whether files of the language are program source, which decides who owns a component.
    pub fn is_code(self) -> bool {
        !matches!(self, Self::Other | Self::Data | Self::Prose | Self::Idl)
    }

    /// The name that people use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Data => "data",
            Self::Prose => "prose",
            Self::Idl => "IDL",
            Self::C => "C",
            Self::CSharp => "C#",
            Self::Cpp => "C++",
            Self::Dart => "Dart",
            Self::Elixir => "Elixir",
            Self::FSharp => "F#",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::JavaScript => "JavaScript",
            Self::Kotlin => "Kotlin",
            Self::Lua => "Lua",
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::Ruby => "Ruby",
            Self::Rust => "Rust",
            Self::Scala => "Scala",
            Self::Shell => "Shell",
            Self::Sql => "SQL",
            Self::Swift => "Swift",
            Self::TypeScript => "TypeScript",
        }
    }
}

/// One file of the run.
#[derive(Clone, Debug, Default)]
pub struct FileRow {
    pub path: RepoPath,
    pub mode: Mode,
    pub class: FileClass,
    pub info: FileInfo,
}

/// All files of the run, sorted by repository and path, so that ids do not depend on the order of reading.
#[derive(Clone, Debug, Default)]
pub struct FileTable {
    rows: Vec<FileRow>,
    by_path: HashMap<RepoPath, FileId>,
    /// The display name of each repository; none for files that the run was given by themselves.
    repos: Vec<String>,
    /// When the rows show other paths: where the files lie, by id.
    lies: Option<Vec<RepoPath>>,
    /// Likewise: the files in the order of the paths that are shown.
    order: Vec<FileId>,
}

impl FileTable {
    /// Sorts the rows and gives them ids.
    pub fn new(repos: Vec<String>, mut rows: Vec<FileRow>) -> Self {
        rows.sort_by(|a, b| a.path.cmp(&b.path));
        rows.dedup_by(|a, b| a.path == b.path);
        let by_path = rows
            .iter()
            .enumerate()
            .map(|(index, row)| (row.path.clone(), FileId(index as u32)))
            .collect();
        Self {
            rows,
            by_path,
            repos,
            lies: None,
            order: Vec::new(),
        }
    }

    /// Shows other paths from now on, and finds files by them; two files never get the same.
    pub fn disguise(&mut self, path: impl Fn(&str) -> String, repo: impl Fn(&str) -> String) {
        let lies = self.rows.iter().map(|row| row.path.clone()).collect();
        let mut taken: HashSet<RepoPath> = HashSet::new();
        for row in &mut self.rows {
            let wanted = path(&row.path.path);
            let mut shown = RepoPath::new(row.path.repo, wanted.as_str());
            let mut number = 2;
            while !taken.insert(shown.clone()) {
                shown = RepoPath::new(row.path.repo, format!("{wanted}~{number}"));
                number += 1;
            }
            row.path = shown;
        }
        for name in &mut self.repos {
            *name = repo(name);
        }
        let ids = || (0..self.rows.len() as u32).map(FileId);
        self.by_path = ids().map(|id| (self.path(id).clone(), id)).collect();
        let mut order: Vec<FileId> = ids().collect();
        order.sort_by_key(|id| self.path(*id));
        self.order = order;
        self.lies = Some(lies);
    }

    /// Where a file lies, whatever path is shown.
    pub fn lies_at(&self, file: FileId) -> &RepoPath {
        match &self.lies {
            Some(lies) => &lies[file.0 as usize],
            None => self.path(file),
        }
    }

    /// The row of a file.
    pub fn row(&self, file: FileId) -> &FileRow {
        &self.rows[file.0 as usize]
    }

    /// The path of a file.
    pub fn path(&self, file: FileId) -> &RepoPath {
        &self.row(file).path
    }

    /// The file at a path.
    pub fn find(&self, repo: RepoId, path: &str) -> Option<FileId> {
        self.by_path.get(&RepoPath::new(repo, path)).copied()
    }

    /// Whether a folder has any file.
    pub fn has_folder(&self, repo: RepoId, folder: &str) -> bool {
        self.below(repo, folder).next().is_some()
    }

    /// The files of a folder and below, in order.
    pub fn below<'t>(&'t self, repo: RepoId, folder: &'t str) -> impl Iterator<Item = FileId> + 't {
        let id = |number: usize| match self.lies {
            Some(_) => self.order[number],
            None => FileId(number as u32),
        };
        let (mut at, mut end) = (0, self.rows.len());
        while at < end {
            let middle = at + (end - at) / 2;
            let path = self.path(id(middle));
            if (path.repo, &*path.path) < (repo, folder) {
                at = middle + 1;
            } else {
                end = middle;
            }
        }
        (at..self.rows.len())
            .map(id)
            .take_while(move |file| {
                let path = self.path(*file);
                path.repo == repo && path.path.starts_with(folder)
            })
            .filter(move |file| super::within(&self.path(*file).path, folder))
    }

    /// All files with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &FileRow)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(index, row)| (FileId(index as u32), row))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the run has no files.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Stores what extraction learned of a file.
    pub fn set_info(&mut self, file: FileId, info: FileInfo) {
        self.rows[file.0 as usize].info = info;
    }

    /// Stores what a file turned out to be for.
    pub fn set_context(&mut self, file: FileId, context: Context) {
        self.rows[file.0 as usize].class.context = context;
    }

    /// The repositories' names, by id.
    pub fn repos(&self) -> &[String] {
        &self.repos
    }

    /// The names of what is looked at: not of files that the run was given by themselves.
    pub fn repositories(&self) -> Vec<String> {
        let named = self.repos.iter().filter(|name| !name.is_empty());
        named.cloned().collect()
    }

    /// The repositories: not what holds files that the run was given by themselves.
    pub fn repo_ids(&self) -> impl Iterator<Item = RepoId> {
        let repos = (0..).map(RepoId).zip(&self.repos);
        repos.filter(|(_, name)| !name.is_empty()).map(|(id, _)| id)
    }

    /// Whether a file was given to the run by itself, and belongs to no repository.
    pub fn is_given(&self, file: FileId) -> bool {
        let repo = usize::from(self.path(file).repo.0);
        self.repos.get(repo).is_some_and(String::is_empty)
    }

    /// The number of files of repositories.
    pub fn len_of_repositories(&self) -> usize {
        let given = self.iter().filter(|(file, _)| self.is_given(*file));
        self.len() - given.count()
    }

    /// The path for people: with the repository's name in front when the run has several.
    pub fn display(&self, file: FileId) -> String {
        self.display_path(self.path(file))
    }

    /// Likewise for a path that need not be a file.
    pub fn display_path(&self, path: &RepoPath) -> String {
        let name = &self.repos[path.repo.0 as usize];
        let named = self.repos.iter().filter(|name| !name.is_empty());
        if named.count() > 1 && !name.is_empty() {
            format!("{name}/{}", path.path)
        } else {
            path.to_string()
        }
    }
}
