//! Builds small graphs by hand, for the tests of graph, rules and report.

use std::collections::{BTreeMap, BTreeSet};

use super::Graph;
use crate::model::{
    Access, Allowance, Certainty, Component, ComponentId, ComponentKind, ComponentOwner, Context,
    Declared, Dependency, DependencyKind, Endpoint, Evidence, FileId, FileRow, FileTable, Hop,
    HopKind, Member, Organisation, Owned, Owner, OwnerSet, OwnerSetId, OwnershipLine, Person,
    RepoId, RepoPath, Resolved, Span, Stranger, Team, TeamId, TeamNode, Texts,
};

/// A graph in the making: each component has one source file; owners are written `cart,search`, empty for nobody.
#[derive(Clone, Debug)]
pub(crate) struct Builder {
    components: Vec<Part>,
    deps: Vec<Dep>,
    teams: BTreeMap<String, Team>,
    /// Teams that no roster knows.
    unknown: Vec<String>,
    lines: Vec<OwnershipLine>,
    strangers: Vec<Stranger>,
    without_sources: bool,
}

#[derive(Clone, Debug)]
struct Part {
    name: String,
    kind: ComponentKind,
    owners: String,
    shared: bool,
    /// Files by owners, instead of the one file.
    shares: Option<Vec<(String, u32)>>,
}

/// A dependency in the making.
#[derive(Clone, Debug)]
pub(crate) struct Dep {
    from: String,
    to: String,
    kind: DependencyKind,
    certainty: Certainty,
    context: Context,
    /// The owners of the using file, when they are not the component's.
    owners: Option<String>,
    /// The rules that a comment beside the site allows.
    allowed: Vec<String>,
    symbol: Option<String>,
    /// The steps behind the use.
    steps: Vec<(HopKind, String)>,
}

/// A line of an ownership file; owners as written, with spaces between them.
pub(crate) fn line(pattern: &str, owners: &str) -> OwnershipLine {
    OwnershipLine {
        pattern: pattern.to_owned(),
        owners: owners.split_whitespace().filter_map(Owner::parse).collect(),
        ..OwnershipLine::default()
    }
}

/// A production dependency seen in code.
pub(crate) fn dep(from: &str, to: &str, kind: DependencyKind) -> Dep {
    Dep {
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
        certainty: Certainty::Observed,
        context: Context::Production,
        owners: None,
        allowed: Vec::new(),
        symbol: None,
        steps: Vec::new(),
    }
}

impl Dep {
    pub(crate) fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    pub(crate) fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    pub(crate) fn in_file_of(mut self, owners: &str) -> Self {
        self.owners = Some(owners.to_owned());
        self
    }

    pub(crate) fn allowed(mut self, rule: &str) -> Self {
        self.allowed.push(rule.to_owned());
        self
    }

    pub(crate) fn symbol(mut self, symbol: &str) -> Self {
        self.symbol = Some(symbol.to_owned());
        self
    }

    /// One more step of the chain.
    pub(crate) fn then(mut self, what: HopKind, name: &str) -> Self {
        self.steps.push((what, name.to_owned()));
        self
    }

    fn path(&self) -> String {
        match &self.owners {
            Some(owners) => format!("{}/src/{owners}.rs", self.from),
            None => format!("{}/src/main.rs", self.from),
        }
    }
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            components: Vec::new(),
            deps: Vec::new(),
            teams: BTreeMap::new(),
            unknown: Vec::new(),
            lines: Vec::new(),
            strangers: Vec::new(),
            without_sources: false,
        }
    }

    pub(crate) fn service(self, name: &str, owners: &str) -> Self {
        self.component(name, ComponentKind::Service, owners)
    }

    pub(crate) fn component(mut self, name: &str, kind: ComponentKind, owners: &str) -> Self {
        self.components.push(Part {
            name: name.to_owned(),
            kind,
            owners: owners.to_owned(),
            shared: false,
            shares: None,
        });
        self
    }

    /// How the files of a component are shared out, the largest share first.
    pub(crate) fn shares(mut self, name: &str, shares: &[(&str, u32)]) -> Self {
        let shares = shares
            .iter()
            .map(|(owners, files)| ((*owners).to_owned(), *files));
        if let Some(part) = self.components.iter_mut().find(|part| part.name == name) {
            part.shares = Some(shares.collect());
        }
        self
    }

    /// A line of the ownership file; its place is that of the next line of `CODEOWNERS`.
    pub(crate) fn line(mut self, line: OwnershipLine) -> Self {
        self.lines.push(line);
        self
    }

    pub(crate) fn stranger(mut self, stranger: Stranger) -> Self {
        self.strangers.push(stranger);
        self
    }

    /// A team that only ownership files name.
    pub(crate) fn unknown(mut self, id: &str) -> Self {
        self.unknown.push(id.to_owned());
        self.team(Team {
            id: id.to_owned(),
            ..Team::default()
        })
    }

    /// A library that the configuration declares as everybody's.
    pub(crate) fn shared(mut self, name: &str, owners: &str) -> Self {
        self = self.component(name, ComponentKind::Library, owners);
        if let Some(part) = self.components.last_mut() {
            part.shared = true;
        }
        self
    }

    pub(crate) fn dep(mut self, dep: Dep) -> Self {
        self.deps.push(dep);
        self
    }

    pub(crate) fn team(mut self, team: Team) -> Self {
        self.teams.insert(team.id.clone(), team);
        self
    }

    pub(crate) fn without_sources(mut self) -> Self {
        self.without_sources = true;
        self
    }

    pub(crate) fn graph(self) -> Graph {
        self.build().0
    }

    /// The graph and the texts of its files.
    pub(crate) fn build(mut self) -> (Graph, Texts) {
        self.components.sort_by(|a, b| a.name.cmp(&b.name));
        let mut owners_of: BTreeMap<String, String> = BTreeMap::new();
        for part in &self.components {
            owners_of.insert(format!("{}/src/main.rs", part.name), part.owners.clone());
            for (owners, _) in part.shares.iter().flatten() {
                let path = format!("{}/src/{owners}.rs", part.name);
                owners_of.insert(path, owners.clone());
            }
        }
        for dep in &self.deps {
            if let Some(owners) = &dep.owners {
                owners_of.insert(dep.path(), owners.clone());
            }
        }
        let rows = owners_of.keys().map(String::as_str).chain(["CODEOWNERS"]);
        let rows = rows.map(|path| FileRow {
            path: RepoPath::new(RepoId(0), path),
            ..FileRow::default()
        });
        let files = FileTable::new(vec!["acme".to_owned()], rows.collect());
        let file = |path: &str| files.find(RepoId(0), path).unwrap();

        let mut texts = Texts::default();
        let mut codeowners = String::new();
        let mut lines: BTreeMap<String, Span> = BTreeMap::new();
        for (path, owners) in &owners_of {
            let start = codeowners.len() as u32;
            let line = format!("/{path} {owners}");
            codeowners += &line;
            let end = codeowners.len() as u32;
            codeowners += "\n";
            let span = Span {
                file: file("CODEOWNERS"),
                start,
                end,
            };
            lines.insert(path.clone(), span);
        }
        let mut own = Vec::new();
        for line in &self.lines {
            let start = codeowners.len() as u32;
            codeowners += &line.pattern;
            let end = codeowners.len() as u32;
            codeowners += "\n";
            let span = Span {
                file: file("CODEOWNERS"),
                start,
                end,
            };
            own.push(OwnershipLine {
                span,
                ..line.clone()
            });
        }
        texts.insert(file("CODEOWNERS"), codeowners.into_bytes());

        let (mut organisation, sets) = self.organisation(&owners_of);
        organisation.lines = own;
        organisation.strangers = self.strangers.clone();
        organisation.files = vec![Owned::Unmatched; files.len()];
        for (path, owners) in &owners_of {
            let owned = match sets.get(owners) {
                Some(set) => Owned::By(*set, lines[path]),
                None => Owned::Unmatched,
            };
            organisation.files[file(path).0 as usize] = owned;
        }
        organisation.components = self
            .components
            .iter()
            .map(|part| ComponentOwner {
                owned: organisation.file(file(&format!("{}/src/main.rs", part.name))),
                shares: match &part.shares {
                    Some(shares) => shares
                        .iter()
                        .map(|(owners, files)| (sets.get(owners).copied(), *files))
                        .collect(),
                    None => vec![(sets.get(&part.owners).copied(), 1)],
                },
            })
            .collect();

        let mut sources: BTreeMap<FileId, String> = BTreeMap::new();
        let mut dependencies: Vec<Dependency> = self
            .deps
            .iter()
            .map(|dep| {
                let from = file(&dep.path());
                let text = sources.entry(from).or_default();
                *text += "use ";
                let start = text.len() as u32;
                *text += &dep.to;
                let end = text.len() as u32;
                *text += ";\n";
                let span = Span {
                    file: from,
                    start,
                    end,
                };
                self.dependency(dep, from, span)
            })
            .collect();
        let mut allowances: Vec<Allowance> = dependencies
            .iter()
            .flat_map(|dependency| dependency.allowed.clone())
            .collect();
        allowances.sort();
        dependencies.sort_by(|a, b| (&a.from, &a.to, a.kind).cmp(&(&b.from, &b.to, b.kind)));
        for (file, text) in sources {
            texts.insert(file, text.into_bytes());
        }
        let components = self
            .components
            .iter()
            .map(|part| Component {
                id: format!("cargo:{}", part.name),
                name: part.name.clone(),
                kind: part.kind,
                root: Some(RepoPath::new(RepoId(0), part.name.as_str())),
                declared_in: None,
                aliases: Vec::new(),
                workloads: Vec::new(),
                shared: part.shared,
            })
            .collect();
        let resolved = Resolved {
            files,
            components,
            dependencies,
            organisation,
            allowances,
            ..Resolved::default()
        };
        (Graph::new(resolved), texts)
    }

    fn dependency(&self, dep: &Dep, file: FileId, span: Span) -> Dependency {
        let end = |name: &str, path, symbol: &Option<String>| Endpoint {
            component: self.id(name),
            unit: format!("cargo:{name}"),
            path,
            symbol: symbol.clone(),
        };
        let mut chain = vec![Hop {
            span,
            what: HopKind::Use,
            name: dep.to.clone(),
        }];
        chain.extend(dep.steps.iter().map(|(what, name)| Hop {
            span,
            what: *what,
            name: name.clone(),
        }));
        Dependency {
            from: end(&dep.from, Some(file), &None),
            to: end(&dep.to, None, &dep.symbol),
            kind: dep.kind,
            access: Access::Use,
            certainty: dep.certainty,
            context: dep.context,
            variants: Vec::new(),
            declared: Declared::Unjudged,
            count: 1,
            evidence: vec![Evidence { chain }],
            allowed: dep
                .allowed
                .iter()
                .map(|rule| Allowance {
                    span,
                    rule: rule.clone(),
                    reason: "a test".to_owned(),
                })
                .collect(),
        }
    }

    fn id(&self, name: &str) -> ComponentId {
        let index = self.components.iter().position(|part| part.name == name);
        ComponentId(index.unwrap() as u32)
    }

    fn organisation(
        &self,
        owners_of: &BTreeMap<String, String>,
    ) -> (Organisation, BTreeMap<String, OwnerSetId>) {
        let mut teams = self.teams.clone();
        let named = owners_of.values().flat_map(|owners| split(owners));
        for id in named.filter(|id| !id.is_empty()) {
            teams.entry(id.to_owned()).or_insert_with(|| Team {
                id: id.to_owned(),
                ..Team::default()
            });
        }
        let position = |id: &str| TeamId(teams.keys().position(|key| key == id).unwrap() as u32);
        let mut sets = Vec::new();
        let mut by_text = BTreeMap::new();
        for owners in owners_of.values().filter(|owners| !owners.is_empty()) {
            by_text.entry(owners.clone()).or_insert_with(|| {
                let mut ids: Vec<String> = split(owners).into_iter().map(str::to_owned).collect();
                ids.sort();
                let parents = ids.iter().filter_map(|id| teams[id].parent.as_deref());
                let mut ancestors: Vec<TeamId> = parents.map(&position).collect();
                ancestors.sort();
                sets.push(OwnerSet {
                    teams: ids.iter().map(|id| position(id)).collect(),
                    ancestors,
                    atoms: ids,
                    ..OwnerSet::default()
                });
                OwnerSetId(sets.len() as u32 - 1)
            });
        }
        let organisation = Organisation {
            teams: teams
                .into_values()
                .map(|team| TeamNode {
                    known: !self.unknown.contains(&team.id),
                    declared_at: None,
                    members_at: None,
                    whole: people(&team).map_or(0, |people| people.len()),
                    people: people(&team),
                    team,
                })
                .collect(),
            sets,
            has_sources: !self.without_sources,
            ..Organisation::default()
        };
        (organisation, by_text)
    }
}

/// The people of a team as the members and leads name them.
fn people(team: &Team) -> Option<Vec<Member>> {
    let fold = |text: &String| text.trim_start_matches('@').to_lowercase();
    let leads: BTreeSet<String> = team.leads.iter().map(fold).collect();
    let members = team.members.as_ref()?.iter().map(fold).chain(leads.clone());
    let direct: BTreeSet<String> = members
        .filter(|login| !Person::is_bot_login(login))
        .collect();
    let member = |id: String| Member {
        lead: leads.contains(&id),
        id,
        at: None,
    };
    Some(direct.into_iter().map(member).collect())
}

/// The owners that a text names; a comma and a space belong to the id of people.
fn split(owners: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in owners.match_indices(',') {
        if !owners[at..].starts_with(", ") {
            found.push(&owners[start..at]);
            start = at + 1;
        }
    }
    found.push(&owners[start..]);
    found
}
