//! Findings, and problems with reading.

use super::{ComponentId, Evidence, FileId, RepoId, Span};

/// The id of a rule (`direct-link`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub &'static str);

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

impl Level {
    /// Every level with its text.
    pub const ALL: &[(Level, &str)] = &[
        (Level::Allow, "allow"),
        (Level::Warn, "warn"),
        (Level::Deny, "deny"),
    ];

    /// The text of the level.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(level, _)| *level == self)
            .map_or("", |(_, text)| text)
    }

    /// The level with this text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(level, _)| *level)
    }
}

/// The part of the mandate that a rule checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clause {
    Interfaces,
    ThroughInterfaces,
    NoBackDoors,
    OwnData,
    Externalizable,
    NoExceptions,
    TwoPizzas,
    Ownership,
    Graph,
}

impl Clause {
    /// Short: `3`, `pizza`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interfaces => "1",
            Self::ThroughInterfaces => "2",
            Self::NoBackDoors | Self::OwnData => "3",
            Self::Externalizable => "5",
            Self::NoExceptions => "6",
            Self::TwoPizzas => "pizza",
            Self::Ownership => "own",
            Self::Graph => "graph",
        }
    }
}

/// One thing that a rule has against the organisation.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: RuleId,
    pub clause: Clause,
    pub level: Level,
    /// One line, names both teams.
    pub message: String,
    /// The team that has to act; several with [`Finding::AND`] between them.
    pub from_team: Option<String>,
    pub to_team: Option<String>,
    pub from: Option<ComponentId>,
    pub to: Option<ComponentId>,
    pub fingerprint: Fingerprint,
    /// What a baseline remembers: one or more identities, each with its number of sites; never empty once a rule stated it.
    pub identities: Vec<(Fingerprint, u32)>,
    pub standing: Standing,
    /// The number of sites.
    pub count: u32,
    pub evidence: Vec<Evidence>,
    /// Which line says who owns the far end.
    pub owner: Option<Span>,
    /// The way out, best first; the first line is printed after `try:`.
    pub help: Vec<String>,
}

impl Finding {
    /// What stands between several teams in one text; the id of people who own together has commas in it.
    pub const AND: &str = " + ";

    /// The ids of the teams that have to act.
    pub fn from_teams(&self) -> impl Iterator<Item = &str> {
        self.from_team.iter().flat_map(|ids| ids.split(Self::AND))
    }

    /// The ids of the other teams.
    pub fn to_teams(&self) -> impl Iterator<Item = &str> {
        self.to_team.iter().flat_map(|ids| ids.split(Self::AND))
    }
}

/// How a finding stands against what is known and accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nobody accepted it.
    #[default]
    New,
    /// The baseline has it, with fewer sites.
    Grown { before: u32 },
    /// The baseline has it.
    Known,
    /// `[[exempt]]` accepts it for a while.
    Exempt { reason: String },
    /// A comment beside the code accepts it.
    Suppressed { reason: String },
}

impl Standing {
    /// The text of the standing.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Grown { .. } => "grown",
            Self::Known => "known",
            Self::Exempt { .. } => "exempt",
            Self::Suppressed { .. } => "suppressed",
        }
    }

    /// Why somebody accepted it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Exempt { reason } | Self::Suppressed { reason } => Some(reason),
            Self::New | Self::Grown { .. } | Self::Known => None,
        }
    }

    /// Whether the gate judges it.
    pub fn counts(&self) -> bool {
        matches!(self, Self::New | Self::Grown { .. })
    }
}

/// A comment beside code that accepts what a rule has against it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Allowance {
    /// Where it holds.
    pub span: Span,
    /// As written: no rule need go by it.
    pub rule: String,
    pub reason: String,
}

impl Allowance {
    /// Whether it holds for what starts at a place.
    pub fn holds(&self, site: Span) -> bool {
        let Span { file, start, end } = self.span;
        file == site.file && start <= site.start && site.start < end
    }
}

/// What makes two findings the same: no line, no message, no team name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    pub rule: String,
    pub kind: String,
    pub from: String,
    pub to: String,
    pub symbol: String,
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}|{}|{}|{}|{}",
            self.rule, self.kind, self.from, self.to, self.symbol
        )
    }
}

/// Something that we could not read or understand: counted, shown, never fatal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub place: Place,
    /// A lowercase fragment.
    pub message: String,
}

/// Where a problem is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The run as a whole: a missing program, a bound on the number of files.
    Run,
    /// A path that is not a file of the table: left out, not UTF-8.
    Path(RepoId, String),
    File(FileId),
    Span(Span),
}
