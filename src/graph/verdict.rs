//! How the rules judged each dependency, so that a picture can colour it.

use std::collections::BTreeMap;

use super::Graph;
use crate::model::{Context, Dependency, Finding, Level};

/// What the rules say of a dependency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    #[default]
    Permitted,
    Warned,
    Forbidden,
}

impl Verdict {
    /// The text of the verdict.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permitted => "permitted",
            Self::Warned => "warned",
            Self::Forbidden => "forbidden",
        }
    }
}

/// The verdicts of a run's findings, looked up by dependency.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// By kind, from-unit, to-unit and symbol.
    by_unit: BTreeMap<(String, String, String, String), Verdict>,
    /// By kind, from-team and to-unit: findings that merge a team's units.
    by_team: BTreeMap<(String, String, String), Verdict>,
}

impl Verdicts {
    /// The verdicts that these findings mean.
    pub fn new(findings: &[Finding]) -> Self {
        let mut verdicts = Self::default();
        for finding in findings {
            let verdict = match finding.level {
                Level::Deny => Verdict::Forbidden,
                Level::Warn => Verdict::Warned,
                Level::Allow => continue,
            };
            let print = &finding.fingerprint;
            if print.kind.is_empty() {
                continue;
            }
            let raise = |slot: &mut Verdict| *slot = verdict.max(*slot);
            let parts = finding.identities.iter().map(|(print, _)| print);
            for print in parts.chain([print]) {
                let key = (
                    print.kind.clone(),
                    print.from.clone(),
                    print.to.clone(),
                    print.symbol.clone(),
                );
                raise(verdicts.by_unit.entry(key).or_default());
            }
            if finding.from.is_none() {
                for team in finding.from_teams() {
                    let key = (print.kind.clone(), team.to_owned(), print.to.clone());
                    raise(verdicts.by_team.entry(key).or_default());
                }
            }
        }
        verdicts
    }

    /// The verdict on a dependency; what is not production or stays in a team is permitted.
    pub fn of(&self, graph: &Graph, dependency: &Dependency) -> Verdict {
        if dependency.context != Context::Production || graph.crossing(dependency).is_none() {
            return Verdict::Permitted;
        }
        let kind = dependency.kind.as_str();
        let key = (
            kind.to_owned(),
            dependency.from.unit.clone(),
            dependency.to.unit.clone(),
            dependency.to.symbol.clone().unwrap_or_default(),
        );
        let by_unit = self.by_unit.get(&key).copied();
        let by_team = graph.end_ids(&dependency.from).into_iter().map(|team| {
            let key = (kind.to_owned(), team.to_owned(), dependency.to.unit.clone());
            self.by_team.get(&key).copied().unwrap_or_default()
        });
        by_team.chain(by_unit).max().unwrap_or_default()
    }
}
