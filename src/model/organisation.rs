//! The organisation as resolved: teams, owner sets, and who owns each file and component.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{ComponentId, Endpoint, FileId, Owner, OwnershipSource, Person, Span, Team};

/// An index into [`Organisation::teams`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamId(pub u32);

/// An index into [`Organisation::sets`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerSetId(pub u32);

/// A node of the team graph: a team, or a set of people who own something together.
#[derive(Clone, Debug, Default)]
pub struct TeamNode {
    /// As the roster or the configuration has it, else made up from the owner's handle.
    pub team: Team,
    /// The line that describes the team; `None` when only ownership files name it.
    pub declared_at: Option<Span>,
    /// The line that tells its members; a roster may tell those of a team that the configuration describes.
    pub members_at: Option<Span>,
    /// Whether a roster or the configuration knows the team.
    pub known: bool,
    /// Its direct people, leads among them: active, no bots, each once by folded id, sorted; `None` when no roster tells them.
    pub people: Option<Vec<Member>>,
    /// How many they are together with the people of included teams and of all teams below.
    pub whole: usize,
}

/// One of the direct people of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The folded id.
    pub id: String,
    pub lead: bool,
    /// Where a roster or the configuration says it.
    pub at: Option<Span>,
}

impl TeamNode {
    /// The line that tells its people, else the one that describes it.
    pub fn roster(&self) -> Option<Span> {
        let mut people = self.people.iter().flatten();
        self.members_at
            .or(self.declared_at)
            .or_else(|| people.find_map(|one| one.at))
    }
}

/// Owners that stand together on one line.
#[derive(Clone, Debug, Default)]
pub struct OwnerSet {
    /// As written, in the written order.
    pub written: Vec<Owner>,
    /// The nodes of the team graph that the set stands for, sorted.
    pub teams: Vec<TeamId>,
    /// What two sets are intersected by: `team:<id>` and, for people who are named themselves, `person:<handle>`; sorted.
    pub atoms: Vec<String>,
    /// The people whom rosters put into the teams or below, as `person:<handle>`; sorted.
    /// They meet people who are named themselves, never each other.
    pub members: Vec<String>,
    /// The teams above the teams, sorted.
    pub ancestors: Vec<TeamId>,
}

/// Who owns a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owned {
    /// The set, and the line that decided.
    By(OwnerSetId, Span),
    /// The deciding line names no owner.
    Unowned(Span),
    /// No line speaks of it.
    #[default]
    Unmatched,
}

impl Owned {
    /// The owner set, when there is one.
    pub fn set(self) -> Option<OwnerSetId> {
        match self {
            Self::By(set, _) => Some(set),
            Self::Unowned(_) | Self::Unmatched => None,
        }
    }

    /// The line that decided.
    pub fn line(self) -> Option<Span> {
        match self {
            Self::By(_, span) | Self::Unowned(span) => Some(span),
            Self::Unmatched => None,
        }
    }
}

/// What one source of ownership says of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voice {
    pub source: OwnershipSource,
    pub owned: Owned,
    /// Its lines speak of every file of the repository: what is more specific is no contradiction.
    pub general: bool,
    /// The lines that say it together, the deciding one first.
    pub lines: Vec<Span>,
}

/// Who owns a component, and how its files are shared out.
#[derive(Clone, Debug, Default)]
pub struct ComponentOwner {
    /// The set that owns more than half of the production source files, or that the configuration names.
    pub owned: Owned,
    /// Files by owner set (`None`: nobody), largest first.
    pub shares: Vec<(Option<OwnerSetId>, u32)>,
}

/// One line of an ownership file, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnershipLine {
    pub span: Span,
    /// As written; of a line that cannot be read, the whole line; empty for a file that does not count at all.
    pub pattern: String,
    /// As written; empty: explicitly unowned.
    pub owners: Vec<Owner>,
    /// The files that the pattern matches.
    pub matched: u32,
    /// Those of them for which no later line matches.
    pub decided: u32,
    /// The later line that covers this one, when this one decides nothing; of several the one that decides most of its files.
    pub shadowed_by: Option<Span>,
    /// It matches nothing, but may speak of what the configuration leaves out of the run.
    pub left_out: bool,
    /// Why the line, or the whole file, does not count.
    pub invalid: Option<String>,
}

/// An owner that an ownership file names and no roster knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// As the first line has it.
    pub owner: Owner,
    pub is_team: bool,
    /// The first line.
    pub line: Span,
}

/// Who is called what: teams by id, then by name, alias and former name, folded.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_name: HashMap<String, TeamId>,
    /// The number of teams when it was made.
    of: usize,
}

impl Names {
    fn new(teams: &[TeamNode]) -> Self {
        let nodes = || (0_u32..).map(TeamId).zip(teams);
        let mut by_name = HashMap::new();
        for (id, node) in nodes() {
            by_name.entry(fold(&node.team.id)).or_insert(id);
        }
        for (id, node) in nodes() {
            let team = &node.team;
            let others = team.name.iter().chain(&team.aliases);
            for name in others.chain(&team.previously) {
                by_name.entry(fold(name)).or_insert(id);
            }
        }
        Self {
            by_name,
            of: teams.len(),
        }
    }
}

/// Without `@`, and without case, as GitHub compares handles.
fn fold(name: &str) -> String {
    name.trim_start_matches('@').to_lowercase()
}

/// Teams, owner sets, and who owns what.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Sorted by id.
    pub teams: Vec<TeamNode>,
    pub sets: Vec<OwnerSet>,
    /// By [`FileId`].
    pub files: Vec<Owned>,
    /// By [`FileId`]: the index into `voices`.
    pub file_voices: Vec<u32>,
    /// What the sources say of one path, the strongest first, which decides; each combination once, the first is silence.
    pub voices: Vec<Vec<Voice>>,
    /// The people whom rosters describe, sorted by id.
    pub people: Vec<Person>,
    /// By [`ComponentId`].
    pub components: Vec<ComponentOwner>,
    /// Whether the run has any ownership source at all.
    pub has_sources: bool,
    /// Sorted by place.
    pub lines: Vec<OwnershipLine>,
    /// Each once, sorted by place.
    pub strangers: Vec<Stranger>,
    /// Made at the first question: there may be thousands of teams, and each is asked for by others.
    pub names: OnceLock<Names>,
}

impl Organisation {
    /// A team by index.
    pub fn team(&self, id: TeamId) -> &TeamNode {
        &self.teams[id.0 as usize]
    }

    /// The team with this id, name, alias or former name; case does not matter.
    pub fn find_team(&self, name: &str) -> Option<TeamId> {
        let names = self.names.get_or_init(|| Names::new(&self.teams));
        debug_assert_eq!(names.of, self.teams.len(), "teams came after a question");
        names.by_name.get(&fold(name)).copied()
    }

    /// Who owns a file.
    pub fn file(&self, file: FileId) -> Owned {
        self.files.get(file.0 as usize).copied().unwrap_or_default()
    }

    /// What each source says of a file, the strongest first.
    pub fn voices(&self, file: FileId) -> &[Voice] {
        let index = self.file_voices.get(file.0 as usize).copied();
        let voices = index.and_then(|index| self.voices.get(index as usize));
        voices.map_or(&[], Vec::as_slice)
    }

    /// Who owns a component.
    pub fn component(&self, component: ComponentId) -> Owned {
        self.components
            .get(component.0 as usize)
            .map(|owner| owner.owned)
            .unwrap_or_default()
    }

    /// Who is judged for one end of a dependency: the file's owners, else the component's.
    pub fn endpoint(&self, end: &Endpoint) -> Owned {
        match end.path {
            Some(file) => self.file(file),
            None => self.component(end.component),
        }
    }

    /// The teams of an owner set.
    pub fn teams_of(&self, set: OwnerSetId) -> &[TeamId] {
        &self.sets[set.0 as usize].teams
    }

    /// Whether an edge between two owner sets crosses teams: they have nobody in common, and no team is above another.
    ///
    /// Two teams that merely share a member do cross.
    pub fn cross(&self, from: OwnerSetId, to: OwnerSetId) -> bool {
        let (from, to) = (&self.sets[from.0 as usize], &self.sets[to.0 as usize]);
        disjoint(&from.atoms, &to.atoms)
            && disjoint(&from.atoms, &to.members)
            && disjoint(&from.members, &to.atoms)
            && disjoint(&from.teams, &to.teams)
            && disjoint(&from.ancestors, &to.teams)
            && disjoint(&from.teams, &to.ancestors)
    }

    /// The parents of a team, nearest first; a circle ends the list.
    pub fn ancestors(&self, team: TeamId) -> Vec<TeamId> {
        let mut found = Vec::new();
        let mut at = team;
        while let Some(parent) = self.team(at).team.parent.as_deref() {
            let Some(next) = self.find_team(parent) else {
                break;
            };
            if next == team || found.contains(&next) {
                break;
            }
            found.push(next);
            at = next;
        }
        found
    }
}

/// Whether two sorted lists have nothing in common.
fn disjoint<T: Ord>(a: &[T], b: &[T]) -> bool {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => a.next(),
            std::cmp::Ordering::Greater => b.next(),
            std::cmp::Ordering::Equal => return false,
        };
    }
    true
}
