//! The published shape of the report, version 1: its own structs, so that the inside may change.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// What twopizza found.
#[derive(Serialize, JsonSchema)]
pub(super) struct Report {
    /// Grows when a field changes its meaning or goes; new fields do not count.
    pub(super) schema_version: u32,
    /// The repositories that were looked at.
    pub(super) repositories: Vec<String>,
    pub(super) teams: Vec<Team>,
    pub(super) components: Vec<Component>,
    pub(super) dependencies: Vec<Dependency>,
    /// Figures of production code; docs/metrics.md has the formulas.
    pub(super) metrics: Metrics,
    /// Sites whose far end is not known.
    pub(super) unresolved: Vec<Unresolved>,
    /// Worst first.
    pub(super) findings: Vec<Finding>,
    pub(super) coverage: Coverage,
    /// What could not be read or understood.
    pub(super) problems: Vec<Problem>,
}

/// A team, or people who own something together.
#[derive(Serialize, JsonSchema)]
pub(super) struct Team {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// `work`, `working-group`, `permission`, `marker` or `people`.
    pub(super) kind: String,
    pub(super) parent: Option<String>,
    pub(super) aliases: Vec<String>,
    /// Direct people without bots; null when no roster tells them.
    pub(super) people: Option<usize>,
    /// How many they are together with the people of included teams and of all teams below; 0 when nobody is known.
    pub(super) whole: usize,
    /// Pairs of direct people; null when no roster tells them.
    pub(super) lines_of_communication: Option<usize>,
    /// How many of the people lead it; null when no roster tells of leads.
    pub(super) leads: Option<usize>,
    /// Whether it has more people than `team-max`.
    pub(super) oversized: bool,
    /// Whether a roster or the configuration knows the team.
    pub(super) known: bool,
    /// Files that it owns, alone or with others.
    pub(super) files: usize,
    /// Components of code that it owns, alone or with others.
    pub(super) components: usize,
    /// Those of them that run by themselves: services, jobs, websites, gateways, orchestrators.
    pub(super) deployables: usize,
    /// The programming languages of its source files; one that less than a twentieth are in does not count.
    pub(super) languages: Vec<String>,
    /// Sites of production code that use what others own.
    pub(super) couplings_out: usize,
    /// Sites of others' production code that use what it owns.
    pub(super) couplings_in: usize,
    /// Other teams that production code couples it with, in either direction: the coordination load.
    pub(super) foreign_teams: usize,
    /// Teams that depend on it.
    pub(super) afferent: usize,
    /// Teams on which it depends.
    pub(super) efferent: usize,
    /// efferent / (afferent + efferent); null for a team that is not coupled.
    pub(super) instability: Option<f64>,
    /// Findings that nobody accepted and that it has to act on.
    pub(super) findings: usize,
}

/// Figures of the whole run.
#[derive(Serialize, JsonSchema)]
pub(super) struct Metrics {
    /// The mean share of the teams that a change in one of them can reach, from 0 to 1.
    pub(super) propagation_cost: Option<f64>,
    /// How much more the couplings stay within owners than chance would have it, at most 1.
    pub(super) modularity: Option<f64>,
    /// The share of the sites of couplings that cross teams, from 0 to 1.
    pub(super) cross_team_ratio: Option<f64>,
    /// Stabler teams that depend on less stable ones.
    pub(super) against_stability: Vec<Pair>,
    pub(super) organisation_form: Option<OrganisationForm>,
    /// Pairs of coupled teams of which rosters tell a site or a time zone.
    pub(super) settings: Vec<Setting>,
}

/// An ordered pair of teams.
#[derive(Serialize, JsonSchema)]
pub(super) struct Pair {
    pub(super) from: String,
    pub(super) to: String,
}

/// How the organisation is cut, and what shows it; information, never a finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct OrganisationForm {
    /// `functional`, `divisional`, `hybrid` or `unstructured`.
    pub(super) form: String,
    /// How much the team tells of the layer of code, from 0 to 1.
    pub(super) functional: f64,
    /// How much the team tells of the product, from 0 to 1.
    pub(super) divisional: f64,
    pub(super) teams: Vec<TeamShape>,
}

/// What most of a team's code is.
#[derive(Serialize, JsonSchema)]
pub(super) struct TeamShape {
    pub(super) team: String,
    pub(super) layer: String,
    pub(super) layer_share: f64,
    /// Empty: no folder tells it.
    pub(super) product: String,
    pub(super) product_share: f64,
}

/// How two coupled teams can talk.
#[derive(Serialize, JsonSchema)]
pub(super) struct Setting {
    pub(super) teams: [String; 2],
    /// Whether one needs the other at once, not only by events.
    pub(super) synchronous: bool,
    /// `co-located`, `distributed` or `remote`.
    pub(super) locality: Option<String>,
    /// Hours in which both have their working day.
    pub(super) overlap_hours: Option<f64>,
    /// `synchronous` (4 hours or more), `constrained` (2 or more) or `asynchronous`.
    pub(super) band: Option<String>,
    /// They need each other at once and can hardly talk at the same time.
    pub(super) strained: bool,
}

/// What is built, deployed or kept as one thing.
#[derive(Serialize, JsonSchema)]
pub(super) struct Component {
    /// Unique in the report.
    pub(super) id: String,
    /// The deployable's name, else the package's.
    pub(super) name: String,
    /// Other names that people and manifests give it: of packages, deployments, hosts.
    pub(super) aliases: Vec<String>,
    pub(super) kind: String,
    /// The folder of its code; null for what only a manifest names.
    pub(super) root: Option<String>,
    /// The ids of its owners; empty when nobody owns it.
    pub(super) teams: Vec<String>,
    /// The configuration declares it a library for all teams.
    pub(super) shared: bool,
    /// What it builds, as cargo says; empty when cargo was not asked or knows nothing of it.
    pub(super) targets: Vec<Target>,
}

/// One thing that a package builds.
#[derive(Serialize, JsonSchema)]
pub(super) struct Target {
    pub(super) name: String,
    /// `lib`, `bin`, `proc-macro`, `test`, `bench`, `example`, `custom-build`, …
    pub(super) kinds: Vec<String>,
}

/// A dependency of one component on another, merged over all its sites.
#[derive(Serialize, JsonSchema)]
pub(super) struct Dependency {
    pub(super) from: End,
    pub(super) to: End,
    /// `link.impl`, `data.read`, `call.grpc`, …
    pub(super) kind: String,
    /// What is used at the far end: a table, an operation, a topic.
    pub(super) object: Option<String>,
    /// `declared`, `observed` or `inferred`.
    pub(super) certainty: String,
    /// `production`, `build`, `development`, `test` or `generated`.
    pub(super) context: String,
    /// The number of sites: distinct files.
    pub(super) count: u32,
    /// Both ends have known owners, and none in common.
    pub(super) crosses_teams: bool,
    /// Profiles, overlays, programs in which it holds; empty: in all.
    pub(super) variants: Vec<String>,
    /// The first few chains.
    pub(super) evidence: Vec<Evidence>,
}

/// One end of a dependency.
#[derive(Serialize, JsonSchema)]
pub(super) struct End {
    /// The id of the component.
    pub(super) component: String,
    /// The file whose owners are judged; null: the component's owners are.
    pub(super) path: Option<String>,
    /// The package, namespace or component, by its canonical name.
    pub(super) unit: String,
    /// The ids of the teams that are judged; empty when nobody owns the end.
    pub(super) teams: Vec<String>,
}

/// One chain from a site to the far end.
#[derive(Serialize, JsonSchema)]
pub(super) struct Evidence {
    /// The first step is the site.
    pub(super) chain: Vec<Hop>,
}

/// One step of a chain.
#[derive(Serialize, JsonSchema)]
pub(super) struct Hop {
    pub(super) path: String,
    /// From 1.
    pub(super) line: u32,
    /// From 1, in characters.
    pub(super) column: u32,
    /// What the step does: `uses`, `binds`, …
    pub(super) what: String,
    /// What is named there.
    pub(super) name: String,
}

/// A site whose far end is not known.
#[derive(Serialize, JsonSchema)]
pub(super) struct Unresolved {
    pub(super) kind: String,
    pub(super) name: String,
    /// Why the far end is not known.
    pub(super) why: String,
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// One thing that a rule has against the organisation.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding {
    pub(super) rule: String,
    /// `warn` or `deny`.
    pub(super) level: String,
    /// `1`, `2`, `3`, `5`, `6`, `pizza`, `own` or `graph`.
    pub(super) clause: String,
    /// What makes two findings the same; has no line, message or team of a coupling in it.
    pub(super) fingerprint: String,
    /// Who has to act.
    pub(super) from: Side,
    pub(super) to: Side,
    pub(super) message: String,
    /// The ways out, best first.
    pub(super) help: Vec<String>,
    pub(super) evidence: Vec<Evidence>,
    /// The number of sites, or of people.
    pub(super) count: u32,
    /// `new`, `grown`, `known`, `exempt` or `suppressed`.
    pub(super) standing: String,
    /// Why it is exempt or suppressed.
    pub(super) reason: Option<String>,
}

/// One side of a finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct Side {
    /// The ids of the teams.
    pub(super) teams: Vec<String>,
    /// The id of the component.
    pub(super) component: Option<String>,
}

/// What the run looked at.
#[derive(Serialize, JsonSchema)]
pub(super) struct Coverage {
    pub(super) files: usize,
    /// Files that some extractor read.
    pub(super) read: usize,
    pub(super) parsed: usize,
    pub(super) partly: usize,
    pub(super) failed: usize,
    pub(super) owned: usize,
    /// Explicitly without an owner.
    pub(super) unowned: usize,
    /// No ownership line speaks of them.
    pub(super) unmatched: usize,
    /// Symbolic links and submodules: listed, never followed.
    pub(super) not_followed: usize,
    /// Sites whose far end is not known.
    pub(super) unresolved: usize,
    pub(super) by_extractor: BTreeMap<String, ExtractorCoverage>,
    /// Files of program source that nothing reads yet, by language.
    pub(super) unread_languages: BTreeMap<String, usize>,
    /// Dependencies by kind.
    pub(super) by_kind: BTreeMap<String, usize>,
    /// Findings that comments beside the code accept.
    pub(super) suppressed: usize,
    /// How far cargo's own reading of manifests confirms ours.
    pub(super) cargo: Cargo,
}

/// How far cargo's own reading of manifests confirms ours.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cargo {
    /// Workspaces that cargo answered for.
    pub(super) workspaces: usize,
    pub(super) packages: usize,
    /// Path dependencies that both see, production, build and test apart.
    pub(super) confirmed: usize,
    /// Those that only one of the two sees.
    pub(super) differing: usize,
}

/// What one extractor gave.
#[derive(Serialize, JsonSchema)]
pub(super) struct ExtractorCoverage {
    pub(super) files: usize,
    pub(super) facts: usize,
}

/// Something that could not be read or understood.
#[derive(Serialize, JsonSchema)]
pub(super) struct Problem {
    /// Null for the run as a whole.
    pub(super) path: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) message: String,
}
