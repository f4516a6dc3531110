//! Which findings are told, how they are counted and recognised, and where each one is.

use std::collections::{BTreeMap, BTreeSet};

use super::position::{self, Region};
use crate::analysis::Analysis;
use crate::model::{Component, Finding, Level, RuleId, Span, Standing};

/// The findings that nobody has accepted, worst first.
pub(super) fn told(analysis: &Analysis) -> Vec<&Finding> {
    let findings = analysis.findings.iter();
    findings
        .filter(|finding| finding.level > Level::Allow && finding.standing.counts())
        .collect()
}

/// How many findings there are of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) known: usize,
    pub(super) exempt: usize,
    pub(super) suppressed: usize,
}

/// Counts the findings above `allow`.
pub(super) fn count(analysis: &Analysis) -> Counts {
    let mut counts = Counts::default();
    for finding in &analysis.findings {
        let count = match (finding.level, &finding.standing) {
            (Level::Allow, _) => continue,
            (_, Standing::Known) => &mut counts.known,
            (_, Standing::Exempt { .. }) => &mut counts.exempt,
            (_, Standing::Suppressed { .. }) => &mut counts.suppressed,
            (Level::Deny, _) => &mut counts.errors,
            (Level::Warn, _) => &mut counts.warnings,
        };
        *count += 1;
    }
    counts
}

/// The rules of these findings that are not among the known ones, by id: the gate has rules of its own.
pub(super) fn other_rules(findings: &[&Finding], known: &[&str]) -> Vec<RuleId> {
    let rules = findings.iter().map(|finding| finding.rule);
    let other: BTreeSet<RuleId> = rules.filter(|rule| !known.contains(&rule.0)).collect();
    other.into_iter().collect()
}

/// A level in the words of compilers.
pub(super) fn word(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}

/// What stays the same for a finding from run to run: a hash, and a number for findings that share it.
pub(super) fn marks(findings: &[&Finding]) -> Vec<String> {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let mut marks = Vec::new();
    for finding in findings {
        let hash = fnv(finding.fingerprint.to_string().as_bytes());
        let number = seen.entry(hash).or_default();
        *number += 1;
        marks.push(format!("{hash:016x}:{number}"));
    }
    marks
}

/// Where a format that needs a file shows a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) path: String,
    /// `None`: the file as a whole.
    pub(super) region: Option<Region>,
}

impl Home {
    /// The line, the first one for the file as a whole.
    pub(super) fn line(&self) -> u32 {
        self.region.map_or(1, |region| region.line)
    }
}

/// The place of a span.
pub(super) fn home_of(analysis: &Analysis, span: Span) -> Home {
    Home {
        path: position::path(analysis, span.file),
        region: position::region(analysis, span),
    }
}

/// The first site; for what has none, the line that describes or names the team, the manifest of the component, or the
/// file that says who owns what.
pub(super) fn home(analysis: &Analysis, finding: &Finding) -> Home {
    let first = finding.evidence.first();
    if let Some(hop) = first.and_then(|one| one.chain.first()) {
        return home_of(analysis, hop.span);
    }
    let graph = &analysis.graph;
    let component = finding.from.map(|id| graph.component(id));
    if let Some(home) = component.and_then(|component| manifest(analysis, component)) {
        return home;
    }
    if let Some(span) = team_line(analysis, finding).or(finding.owner) {
        return home_of(analysis, span);
    }
    let organisation = graph.organisation();
    let lines = organisation.files.iter().filter_map(|owned| owned.line());
    let source = lines.map(|span| span.file).min();
    Home {
        path: source.map_or_else(
            || "twopizza.toml".to_owned(),
            |file| position::path(analysis, file),
        ),
        region: None,
    }
}

/// The file that declares a component.
fn manifest(analysis: &Analysis, component: &Component) -> Option<Home> {
    component.declared_in.map(|file| Home {
        path: position::path(analysis, file),
        region: None,
    })
}

/// The line that describes the team that has to act, else the first one that names it as an owner.
fn team_line(analysis: &Analysis, finding: &Finding) -> Option<Span> {
    let organisation = analysis.graph.organisation();
    let team = finding
        .from_teams()
        .find_map(|id| organisation.find_team(id))?;
    let owns = |set| organisation.teams_of(set).contains(&team);
    organisation.team(team).declared_at.or_else(|| {
        let files = organisation.files.iter();
        let ours = files.filter(|owned| owned.set().is_some_and(owns));
        ours.filter_map(|owned| owned.line()).min()
    })
}

/// FNV-1a with 64 bits (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>): the same on every machine and in every version.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{shop, standings};
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn findings_that_share_an_identity_get_numbers() {
        let analysis = shop();
        let twice = [&analysis.findings[0], &analysis.findings[0]];
        let marks = marks(&twice);
        assert_eq!(marks[0].strip_suffix(":1"), marks[1].strip_suffix(":2"));
        assert_eq!(marks[0].len(), 18);
    }

    #[test]
    fn only_what_nobody_accepted_is_told_and_the_rest_is_counted() {
        let analysis = standings();
        let told = told(&analysis);
        assert!(told.iter().all(|finding| finding.standing.counts()));
        let counts = count(&analysis);
        assert_eq!(told.len(), counts.errors + counts.warnings);
        assert_eq!((counts.known, counts.exempt, counts.suppressed), (1, 1, 1));
    }

    #[test]
    fn what_has_no_site_is_shown_where_its_team_or_component_is_written_down() {
        let analysis = shop();
        let home_of = |rule: &str| {
            let of_rule = |one: &&Finding| one.rule.0 == rule;
            let finding = analysis.findings.iter().find(of_rule).unwrap();
            let home = home(&analysis, finding);
            (home.path.clone(), home.line())
        };
        let owners = |line| ("CODEOWNERS".to_owned(), line);
        assert_eq!(home_of("oversized-team"), owners(3));
        assert_eq!(home_of("unowned-component"), owners(1));
        let site = ("cart-api/src/main.rs".to_owned(), 3);
        assert_eq!(home_of("shared-library"), site);
    }
}
