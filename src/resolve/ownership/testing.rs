//! A small run for tests: files, CODEOWNERS lines, teams, components.

use super::{Input, resolve};
use crate::config::{ComponentConfig, Config, Declared};
use crate::model::{
    Certainty, Claim, Component, ComponentId, ComponentKind, Context, Dialect, ExtractorId, Fact,
    FileClass, FileId, FileRow, FileTable, Language, Organisation, Owned, Owner, OwnerSetId,
    OwnershipSource, Problem, RepoId, RepoPath, Selector, Span, Strength, Subject, Team, within,
};

/// A run of one or more repositories; component 0 is what lies in no other.
pub(super) struct World {
    rows: Vec<FileRow>,
    /// Repository, path of the file, its text.
    codeowners: Vec<(u16, &'static str, &'static str)>,
    pub(super) claims: Vec<Claim>,
    pub(super) components: Vec<Component>,
    pub(super) config: Config,
}

/// The result with the file table, so that tests can ask by path.
pub(super) struct Resolved {
    pub(super) organisation: Organisation,
    pub(super) problems: Vec<Problem>,
    files: FileTable,
}

impl World {
    /// One repository with these lines in `.github/CODEOWNERS`, and empty Rust files.
    pub(super) fn new(codeowners: &'static str, paths: &[&str]) -> Self {
        let mut world = Self {
            rows: Vec::new(),
            codeowners: Vec::new(),
            claims: Vec::new(),
            components: Vec::new(),
            config: Config::default(),
        };
        world.component("");
        world.codeowners(0, ".github/CODEOWNERS", codeowners);
        for path in paths {
            world.file(0, path);
        }
        world
    }

    pub(super) fn codeowners(&mut self, repo: u16, path: &'static str, text: &'static str) {
        self.file(repo, path).class.language = Language::Other;
        self.codeowners.push((repo, path, text));
    }

    pub(super) fn file(&mut self, repo: u16, path: &str) -> &mut FileRow {
        self.rows.push(FileRow {
            path: RepoPath::new(RepoId(repo), path),
            class: FileClass {
                language: Language::Rust,
                ..FileClass::default()
            },
            ..FileRow::default()
        });
        self.rows.last_mut().expect("a row was just pushed")
    }

    pub(super) fn component(&mut self, root: &str) -> &mut Component {
        self.components.push(Component {
            id: root.to_owned(),
            name: root.to_owned(),
            kind: ComponentKind::Library,
            root: Some(RepoPath::new(RepoId(0), root)),
            declared_in: None,
            aliases: Vec::new(),
            workloads: Vec::new(),
            shared: false,
        });
        self.components
            .last_mut()
            .expect("a component was just pushed")
    }

    pub(super) fn team(&mut self, team: Team) {
        self.config.teams.push(Declared {
            value: team,
            ..Declared::default()
        });
    }

    pub(super) fn component_team(&mut self, path: &str, team: &str) {
        self.config.components.push(Declared {
            value: ComponentConfig {
                path: path.to_owned(),
                team: Some(team.to_owned()),
                ..ComponentConfig::default()
            },
            start: 7,
            end: 9,
            at: None,
        });
    }

    pub(super) fn resolve(&self) -> Resolved {
        let mut rows = self.rows.clone();
        rows.push(FileRow {
            path: RepoPath::new(RepoId(0), "twopizza.toml"),
            ..FileRow::default()
        });
        let files = FileTable::new(vec!["shop".to_owned(), "bank".to_owned()], rows);
        let mut facts = Vec::new();
        for (repo, path, text) in &self.codeowners {
            let file = files.find(RepoId(*repo), path).expect("it was added");
            let lines = text.lines().zip(1..).map(|(line, number)| {
                let mut words = line.split_whitespace();
                let what = Selector::Paths {
                    pattern: words.next().unwrap_or_default().into(),
                    dialect: Dialect::GitHub,
                    section: None,
                };
                let claim = Claim::Owns {
                    source: OwnershipSource::Codeowners,
                    what,
                    owners: words.map(|word| Owner::parse(word).expect(word)).collect(),
                    strength: Strength::Required,
                    cut: false,
                };
                fact(claim, file, number)
            });
            facts.extend(lines);
        }
        let roster = FileId(0);
        facts.extend(
            self.claims
                .iter()
                .map(|claim| fact(claim.clone(), roster, 0)),
        );
        let component_of = |file: FileId| {
            let path = files.path(file);
            let roots = self.components.iter().zip(0..).filter(|(component, _)| {
                let root = component.root.as_ref();
                root.is_some_and(|root| root.repo == path.repo && within(&path.path, &root.path))
            });
            let deepest = roots.max_by_key(|(component, _)| component.id.len());
            ComponentId(deepest.map_or(0, |(_, index)| index))
        };
        let (organisation, problems) = resolve(&Input {
            files: &files,
            facts: &facts,
            components: &self.components,
            component_of: &component_of,
            config: &self.config,
            config_file: files.find(RepoId(0), "twopizza.toml"),
        });
        Resolved {
            organisation,
            problems,
            files,
        }
    }
}

impl Resolved {
    pub(super) fn owned(&self, repo: u16, path: &str) -> Owned {
        let file = self.files.find(RepoId(repo), path).expect("it was added");
        self.organisation.file(file)
    }

    /// Teams and deciding line of a file of the first repository.
    pub(super) fn owner(&self, path: &str) -> String {
        self.show(self.owned(0, path))
    }

    pub(super) fn set(&self, path: &str) -> OwnerSetId {
        self.owned(0, path).set().expect("somebody owns it")
    }

    pub(super) fn component(&self, index: usize) -> String {
        self.show(self.organisation.components[index].owned)
    }

    pub(super) fn crosses(&self, from: &str, to: &str) -> bool {
        let (from, to) = (self.set(from), self.set(to));
        let crosses = self.organisation.cross(from, to);
        assert_eq!(crosses, self.organisation.cross(to, from), "both ways");
        crosses
    }

    fn show(&self, owned: Owned) -> String {
        let line = owned.line().map_or(0, |span| span.start);
        match owned {
            Owned::By(set, _) => {
                let teams = self.organisation.teams_of(set).iter();
                let ids = teams.map(|team| self.organisation.team(*team).team.id.as_str());
                format!("{} by {line}", ids.collect::<Vec<_>>().join(" + "))
            }
            Owned::Unowned(_) => format!("unowned by {line}"),
            Owned::Unmatched => "unmatched".to_owned(),
        }
    }
}

fn fact(claim: Claim, file: FileId, line: u32) -> Fact {
    Fact {
        subject: Subject::File,
        claim,
        span: Span {
            file,
            start: line,
            end: line,
        },
        extractor: ExtractorId("test"),
        certainty: Certainty::Declared,
        context: Context::Production,
        when: Vec::new(),
    }
}
