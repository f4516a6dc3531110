//! Do two sources of ownership give the same files to owners who have nothing in common?

use std::collections::{BTreeMap, BTreeSet};

use super::words::{ids, plural, subject};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Clause, Evidence, Finding, Fingerprint, Hop, HopKind, Level, Organisation, OwnerForm,
    OwnerSetId, OwnershipSource, RuleId, Span, TeamId, TeamKind, Voice, toml_string,
};

/// The rule `conflicting-ownership`.
pub(super) struct ConflictingOwnership;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("conflicting-ownership"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "two sources of ownership name different owners for the same files",
    docs: include_str!("../../docs/rules/conflicting-ownership.md"),
    options: &[],
};

/// The most pairs of lines that one finding shows.
const SHOWN: usize = 10;

impl Rule for ConflictingOwnership {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for ((first, second), found) in conflicts(graph.organisation()) {
            findings.push(finding(graph, &first, &second, &found), Level::Deny);
        }
    }
}

/// One of two who disagree: a line, or all lines in files of their own that name the same owners.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    source: OwnershipSource,
    /// `None`: the line stands in the file that it is about.
    line: Option<Span>,
    set: OwnerSetId,
}

/// What two sides disagree about.
#[derive(Debug, Default)]
struct Conflict {
    files: u32,
    /// The lines, the deciding one first.
    lines: BTreeSet<(Span, Span)>,
}

fn conflicts(organisation: &Organisation) -> BTreeMap<(Side, Side), Conflict> {
    let mut files: Vec<u32> = vec![0; organisation.voices.len()];
    for index in &organisation.file_voices {
        if let Some(count) = files.get_mut(*index as usize) {
            *count += 1;
        }
    }
    let mut found: BTreeMap<(Side, Side), Conflict> = BTreeMap::new();
    for (voices, files) in organisation.voices.iter().zip(files) {
        for (first, second) in disagreeing(organisation, voices) {
            let (Some(one), Some(other)) = (side(first), side(second)) else {
                continue;
            };
            let conflict = found.entry((one, other)).or_default();
            conflict.files += files;
            if let (Some(first), Some(second)) = (first.lines.first(), second.lines.first()) {
                conflict.lines.insert((*first, *second));
            }
        }
    }
    found
}

/// The strongest specific voice with each later one that contradicts it.
///
/// The configuration is there to correct what others say, and a line about all files gives way to what is specific.
fn disagreeing<'v>(
    organisation: &Organisation,
    voices: &'v [Voice],
) -> Vec<(&'v Voice, &'v Voice)> {
    let is_corrected = voices
        .first()
        .is_some_and(|voice| voice.source == OwnershipSource::Configuration);
    if is_corrected {
        return Vec::new();
    }
    let mut specific = voices.iter().filter(|voice| !voice.general);
    let Some(first) = specific.next() else {
        return Vec::new();
    };
    let contradicts = |voice: &&Voice| {
        let sets = (first.owned.set(), voice.owned.set());
        let (Some(one), Some(other)) = sets else {
            return false;
        };
        organisation.cross(one, other) && are_comparable(organisation, one, other)
    };
    specific
        .filter(contradicts)
        .map(|second| (first, second))
        .collect()
}

/// Whether two sets that have nobody in common as far as is known really have nobody.
///
/// People may be in a team whose people nobody tells, and an address may be that of a login.
fn are_comparable(organisation: &Organisation, one: OwnerSetId, other: OwnerSetId) -> bool {
    let teams = |set: OwnerSetId| {
        let nodes = organisation.teams_of(set).iter();
        nodes.map(|team| organisation.team(*team))
    };
    let is_people = |set| teams(set).all(|node| node.team.kind == TeamKind::People);
    let is_told = |set| teams(set).all(|node| node.people.is_some());
    match (is_people(one), is_people(other)) {
        (false, false) => true,
        (true, false) => is_told(other),
        (false, true) => is_told(one),
        (true, true) => {
            let has_address = |set: OwnerSetId| {
                let written = organisation.sets[set.0 as usize].written.iter();
                let mut forms = written.map(|owner| owner.form == OwnerForm::Email);
                forms.any(|is_address| is_address)
            };
            has_address(one) == has_address(other)
        }
    }
}

fn side(voice: &Voice) -> Option<Side> {
    let stands_inside = matches!(
        voice.source,
        OwnershipSource::Annotation | OwnershipSource::Label
    );
    Some(Side {
        source: voice.source,
        line: voice.lines.first().copied().filter(|_| !stands_inside),
        set: voice.owned.set()?,
    })
}

fn finding(graph: &Graph, first: &Side, second: &Side, conflict: &Conflict) -> Finding {
    let teams = |side: &Side| {
        let teams = graph.organisation().teams_of(side.set).iter();
        teams.copied().collect::<BTreeSet<TeamId>>()
    };
    let (one, other) = (teams(first), teams(second));
    let (owner, _) = subject(graph, &one);
    let (stranger, _) = subject(graph, &other);
    let source = |side: &Side| side.source.as_str();
    let message = match first.source == second.source {
        true => format!(
            "two lines of source `{}` disagree about {}: one says {owner}, the other {stranger}",
            source(first),
            plural(conflict.files as usize, "file")
        ),
        false => format!(
            "`{}` and `{}` disagree about {}: the first says {owner}, the second {stranger}",
            source(first),
            source(second),
            plural(conflict.files as usize, "file")
        ),
    };
    let hop = |side: &Side, span: Span| Hop {
        span,
        what: HopKind::Use,
        name: name(graph, side),
    };
    let fingerprint = Fingerprint {
        kind: "owner-conflict".to_owned(),
        from: format!("{} {}", source(first), name(graph, first)),
        to: format!("{} {}", source(second), name(graph, second)),
        symbol: written(graph, second.set),
        ..Fingerprint::default()
    };
    Finding {
        message,
        // Both have to settle it.
        from_team: ids(graph, &one.union(&other).copied().collect()),
        // More files below the same lines are no new disagreement.
        identities: vec![(fingerprint.clone(), 1)],
        fingerprint,
        count: conflict.lines.len() as u32,
        evidence: conflict
            .lines
            .iter()
            .take(SHOWN)
            .map(|(deciding, other)| Evidence {
                chain: vec![hop(first, *deciding), hop(second, *other)],
            })
            .collect(),
        help: help(graph, first, second, conflict),
        ..INFO.finding()
    }
}

fn help(graph: &Graph, first: &Side, second: &Side, conflict: &Conflict) -> Vec<String> {
    let file = |span: Span| format!("`{}`", graph.files().display(span.file));
    let mut help = Vec::new();
    if let Some((one, other)) = conflict.lines.first() {
        help.push(format!(
            "if {} is right, change {}, else change {}",
            written(graph, first.set),
            file(*other),
            file(*one)
        ));
    }
    let team = |side: &Side| match graph.organisation().teams_of(side.set) {
        [team] => Some(graph.organisation().team(*team)),
        _ => None,
    };
    if let (Some(one), Some(other)) = (team(first), team(second))
        && one.team.kind != TeamKind::People
        && other.team.kind != TeamKind::People
        && !(one.known && other.known)
    {
        help.push(format!(
            "if both mean one team, say so in twopizza.toml:\n[[team]]\nid = {}\naliases = [{}]",
            toml_string(&one.team.id),
            toml_string(&other.team.id)
        ));
    }
    if first.source != second.source {
        help.push(format!(
            "if `{}` is the better source everywhere, put it first in `sources` of `[ownership]`, or leave the other out",
            second.source.as_str()
        ));
    }
    help
}

/// What a side is called: its pattern, else the file in which it stands.
fn name(graph: &Graph, side: &Side) -> String {
    let Some(span) = side.line else {
        return written(graph, side.set);
    };
    let lines = &graph.organisation().lines;
    let pattern = lines
        .binary_search_by_key(&span, |line| line.span)
        .ok()
        .map(|index| lines[index].pattern.clone());
    pattern.unwrap_or_else(|| graph.files().display(span.file))
}

fn written(graph: &Graph, set: OwnerSetId) -> String {
    let owners = graph.organisation().sets[set.0 as usize].written.iter();
    let texts: Vec<&str> = owners.map(|owner| &*owner.text).collect();
    texts.join(" ")
}
