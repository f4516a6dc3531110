//! Which findings does the baseline know, and which of its entries does nothing need any more?

use std::collections::BTreeMap;

use super::Baseline;
use super::wildcard::folded;
use crate::model::{Finding, Fingerprint, Level, Organisation, Standing};

/// What the comparison gives besides the standing of each finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The entries of the baseline.
    pub before: usize,
    /// The entries that would be left and added if it were written now.
    pub after: usize,
    /// In the order of the baseline.
    pub stale: Vec<Stale>,
}

/// An entry of the baseline that allows more than there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    pub entry: Fingerprint,
    pub before: u32,
    /// The sites that are left; 0: the finding is gone.
    pub now: u32,
}

/// Tells of each finding that nobody accepted yet whether the baseline knows it.
///
/// A finding is known when all its identities are, each with at least as many sites.
/// Where an identity holds ids of teams, their former names and aliases count as the id.
pub fn compare(
    findings: &mut [Finding],
    organisation: &Organisation,
    baseline: &Baseline,
) -> Comparison {
    let names = Names::new(organisation);
    let entries = baseline.entries();
    let mut by_meaning: BTreeMap<Fingerprint, &Fingerprint> = BTreeMap::new();
    for (entry, count) in entries {
        let known = by_meaning.entry(names.today(entry)).or_insert(entry);
        if entries.get(*known).is_some_and(|other| other < count) {
            *known = entry;
        }
    }
    let find = |identity: &Fingerprint| {
        let exact = entries.get_key_value(identity);
        exact.or_else(|| {
            let entry = *by_meaning.get(&names.today(identity))?;
            entries.get_key_value(entry)
        })
    };

    // Sites that nobody accepted otherwise; of an accepted finding alone, its own.
    let mut found: BTreeMap<&Fingerprint, u32> = BTreeMap::new();
    let mut accepted: BTreeMap<&Fingerprint, u32> = BTreeMap::new();
    let mut added = 0;
    for finding in findings.iter_mut() {
        let mut missing = 0;
        let (mut before, mut grown) = (0_u32, false);
        for (identity, count) in &finding.identities {
            let Some((entry, known)) = find(identity) else {
                missing += 1;
                continue;
            };
            let sites = match finding.standing {
                Standing::New => found.entry(entry).or_default(),
                _ => accepted.entry(entry).or_default(),
            };
            *sites = (*count).max(*sites);
            before = before.saturating_add(*known);
            grown |= count > known;
        }
        if finding.standing != Standing::New || finding.level == Level::Allow {
            continue;
        }
        added += missing;
        finding.standing = match (missing, grown) {
            (0, false) if finding.identities.is_empty() => Standing::New,
            (0, false) => Standing::Known,
            (0, true) => Standing::Grown { before },
            _ => Standing::New,
        };
    }
    let stale: Vec<Stale> = entries
        .iter()
        .filter_map(|(entry, before)| {
            let now = found.get(entry).or_else(|| accepted.get(entry));
            let now = now.copied().unwrap_or(0);
            (now < *before).then(|| Stale {
                entry: entry.clone(),
                before: *before,
                now,
            })
        })
        .collect();
    let gone = stale.iter().filter(|one| one.now == 0).count();
    Comparison {
        before: entries.len(),
        after: entries.len() - gone + added,
        stale,
    }
}

/// What teams were called before.
struct Names<'a> {
    ids: BTreeMap<String, &'a str>,
}

impl<'a> Names<'a> {
    /// A name that another team has today is nobody's former one.
    fn new(organisation: &'a Organisation) -> Self {
        let teams = || organisation.teams.iter().map(|node| &node.team);
        let mut ids: BTreeMap<String, &str> = BTreeMap::new();
        for team in teams() {
            for name in team.previously.iter().chain(&team.aliases) {
                ids.entry(folded(name)).or_insert(&team.id);
            }
        }
        for team in teams() {
            ids.insert(folded(&team.id), &team.id);
        }
        Self { ids }
    }

    /// The fingerprint with the ids that teams have today.
    fn today(&self, entry: &Fingerprint) -> Fingerprint {
        Fingerprint {
            from: self.side(&entry.from),
            to: self.side(&entry.to),
            ..entry.clone()
        }
    }

    /// One id, or several with spaces between them, in order.
    fn side(&self, side: &str) -> String {
        if let Some(id) = self.ids.get(&folded(side)) {
            return (*id).to_owned();
        }
        let mut words: Vec<&str> = side
            .split(' ')
            .map(|word| self.ids.get(&folded(word)).copied().unwrap_or(word))
            .collect();
        words.sort_unstable();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Clause, RuleId, Team, TeamNode};

    fn identity(from: &str) -> Fingerprint {
        Fingerprint {
            rule: "direct-link".to_owned(),
            from: from.to_owned(),
            ..Fingerprint::default()
        }
    }

    fn finding(identities: &[(&str, u32)]) -> Finding {
        let identities: Vec<(Fingerprint, u32)> = identities
            .iter()
            .map(|(from, count)| (identity(from), *count))
            .collect();
        Finding {
            rule: RuleId("direct-link"),
            clause: Clause::NoBackDoors,
            level: Level::Deny,
            message: String::new(),
            from_team: None,
            to_team: None,
            from: None,
            to: None,
            fingerprint: identities[0].0.clone(),
            count: identities.iter().map(|(_, count)| count).sum(),
            identities,
            standing: Standing::New,
            evidence: Vec::new(),
            owner: None,
            help: Vec::new(),
        }
    }

    fn baseline(entries: &[(&str, u32)]) -> Baseline {
        let findings: Vec<Finding> = entries.iter().map(|entry| finding(&[*entry])).collect();
        Baseline::of(&findings)
    }

    fn stands(known: &[(&str, u32)], now: &[(&str, u32)]) -> Standing {
        let mut findings = [finding(now)];
        compare(&mut findings, &Organisation::default(), &baseline(known));
        findings[0].standing.clone()
    }

    #[test]
    fn a_finding_is_known_when_every_part_of_it_is() {
        assert_eq!(stands(&[("a", 2)], &[("a", 2)]), Standing::Known);
        assert_eq!(stands(&[("a", 2)], &[("a", 1)]), Standing::Known);
        assert_eq!(
            stands(&[("a", 1), ("b", 1)], &[("a", 1), ("b", 1)]),
            Standing::Known
        );
        assert_eq!(stands(&[("a", 2)], &[("a", 2), ("b", 1)]), Standing::New);
        assert_eq!(stands(&[], &[("a", 1)]), Standing::New);
    }

    #[test]
    fn one_part_that_grew_is_growth_even_if_another_shrank() {
        assert_eq!(
            stands(&[("a", 2), ("b", 5)], &[("a", 3), ("b", 1)]),
            Standing::Grown { before: 7 }
        );
    }

    #[test]
    fn what_is_gone_or_shrank_is_stale() {
        let mut findings = [finding(&[("a", 1)]), finding(&[("c", 1)])];
        let known = baseline(&[("a", 3), ("b", 1)]);
        let comparison = compare(&mut findings, &Organisation::default(), &known);
        let stale: Vec<_> = comparison
            .stale
            .iter()
            .map(|one| (one.entry.from.as_str(), one.before, one.now))
            .collect();
        assert_eq!(stale, [("a", 3, 1), ("b", 1, 0)]);
        assert_eq!((comparison.before, comparison.after), (2, 2));
    }

    #[test]
    fn what_is_accepted_otherwise_keeps_its_standing_and_its_entry() {
        let mut findings = [finding(&[("a", 1)])];
        let exempt = Standing::Exempt {
            reason: "x".to_owned(),
        };
        findings[0].standing = exempt.clone();
        let comparison = compare(
            &mut findings,
            &Organisation::default(),
            &baseline(&[("a", 1)]),
        );
        assert_eq!(findings[0].standing, exempt);
        assert!(comparison.stale.is_empty());
        assert!(Baseline::of(&findings).entries().is_empty());
    }

    #[test]
    fn a_renamed_team_is_still_known() {
        let team = |id: &str, previously: &[&str]| TeamNode {
            team: Team {
                id: id.to_owned(),
                previously: previously.iter().map(|name| (*name).to_owned()).collect(),
                ..Team::default()
            },
            ..TeamNode::default()
        };
        let organisation = Organisation {
            teams: vec![team("ants", &["zebras"]), team("bees", &["ants"])],
            ..Organisation::default()
        };
        let known = baseline(&[("zebras", 9), ("bees zebras", 2)]);
        let mut findings = [
            finding(&[("ants", 9)]),
            finding(&[("ants bees", 2)]),
            finding(&[("bees", 1)]),
        ];
        let comparison = compare(&mut findings, &organisation, &known);
        assert_eq!(findings[0].standing, Standing::Known);
        assert_eq!(findings[1].standing, Standing::Known);
        assert_eq!(findings[2].standing, Standing::New);
        assert!(comparison.stale.is_empty());
    }
}
