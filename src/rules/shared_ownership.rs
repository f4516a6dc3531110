//! Has a component a second owner besides the first?

use std::collections::BTreeSet;

use super::components::declared;
use super::words::{ids, subject};
use super::{Findings, Rule, RuleInfo, RuleOption};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Clause, ComponentId, ComponentKind, ComponentOwner, Finding, Fingerprint, Level, OwnerSetId,
    RuleId, Span, TeamId, within,
};

/// The rule `shared-ownership`.
pub(super) struct SharedOwnership;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("shared-ownership"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "a second, separate owner has a fifth or more of a component's files",
    docs: include_str!("../../docs/rules/shared-ownership.md"),
    options: &[
        RuleOption {
            name: "share",
            default: 0.2,
            summary: "the part of the source files from which a second owner is told",
        },
        RuleOption {
            name: "min-files",
            default: 5.0,
            summary: "a component with fewer source files is too small to be shared out",
        },
    ],
};

impl Rule for SharedOwnership {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for (index, owner) in graph.organisation().components.iter().enumerate() {
            let Some(component) = graph.components().get(index) else {
                break;
            };
            if !component.kind.is_code() || component.kind == ComponentKind::Test {
                continue;
            }
            let bounds = (findings.option("share"), findings.option("min-files"));
            if let Some(found) = shares(graph, owner, bounds) {
                let id = ComponentId(index as u32);
                findings.push(finding(graph, id, &found), Level::Deny);
            }
        }
    }
}

/// How the files of a component are shared out.
struct Shares {
    first: (OwnerSetId, u64),
    /// Those that have nothing to do with the first, the largest first; never empty.
    others: Vec<(OwnerSetId, u64)>,
    all: u64,
}

/// `share` and `fewest`: from which part of the files, and in how many files at least.
fn shares(graph: &Graph, owner: &ComponentOwner, (share, fewest): (f64, f64)) -> Option<Shares> {
    let organisation = graph.organisation();
    let all: u64 = owner
        .shares
        .iter()
        .map(|(_, files)| u64::from(*files))
        .sum();
    let owned: Vec<(OwnerSetId, u64)> = owner
        .shares
        .iter()
        .filter_map(|(set, files)| Some(((*set)?, u64::from(*files))))
        .collect();
    let (first, rest) = owned.split_first()?;
    // Sets that share an owner with the first are no second party, but they may be parties of the second.
    let apart = |set: OwnerSetId| organisation.cross(first.0, set);
    let others: Vec<(OwnerSetId, u64)> = rest
        .iter()
        .copied()
        .filter(|(set, files)| *files as f64 >= share * all as f64 && apart(*set))
        .collect();
    (all as f64 >= fewest && !others.is_empty()).then_some(Shares {
        first: *first,
        others,
        all,
    })
}

fn finding(graph: &Graph, id: ComponentId, shares: &Shares) -> Finding {
    let organisation = graph.organisation();
    let component = graph.component(id);
    let name = &component.name;
    let teams = |set: OwnerSetId| -> BTreeSet<TeamId> {
        organisation.teams_of(set).iter().copied().collect()
    };
    let part = |(set, files): &(OwnerSetId, u64)| {
        let (owners, _) = subject(graph, &teams(*set));
        format!("{owners} has {files}")
    };
    let others: Vec<String> = shares.others.iter().map(part).collect();
    let other_teams: BTreeSet<TeamId> = shares
        .others
        .iter()
        .flat_map(|(set, _)| organisation.teams_of(*set))
        .copied()
        .collect();
    let (second, _) = subject(graph, &other_teams);
    let (first, _) = subject(graph, &teams(shares.first.0));
    let second_set = shares.others.first().map(|(set, _)| *set);
    let mut help = vec![
        format!(
            "give the files of {second} to {first}, or all to one owner, in the ownership file"
        ),
        format!("move the files of {second} to a component of their own"),
    ];
    if let Some(root) = component.root.as_ref().filter(|root| !root.path.is_empty()) {
        help.push(format!(
            "if they keep it together, name both as owners of all: /{}/",
            root.path
        ));
    }
    Finding {
        message: format!(
            "`{name}` has more than one owner: of its {} source files {}, {}",
            shares.all,
            part(&shares.first),
            others.join(", ")
        ),
        from_team: ids(graph, &teams(shares.first.0)),
        to_team: ids(graph, &other_teams),
        from: Some(id),
        fingerprint: Fingerprint {
            from: component.id.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: declared(component),
        owner: second_set.and_then(|set| first_line(graph, id, set)),
        help,
        ..INFO.finding()
    }
}

/// The line that gives the first file in the folder of a component to an owner set.
fn first_line(graph: &Graph, id: ComponentId, set: OwnerSetId) -> Option<Span> {
    let organisation = graph.organisation();
    let root = graph.component(id).root.as_ref()?;
    let mut owned = graph
        .files()
        .iter()
        .filter(|(_, row)| row.path.repo == root.repo && within(&row.path.path, &root.path))
        .map(|(file, _)| organisation.file(file));
    let same = |own: OwnerSetId| organisation.teams_of(own) == organisation.teams_of(set);
    owned.find(|owned| owned.set().is_some_and(same))?.line()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::Team;

    fn messages(builder: Builder) -> Vec<String> {
        let findings = check(&SharedOwnership, &builder.graph());
        findings.into_iter().map(|one| one.message).collect()
    }

    fn cart(shares: &[(&str, u32)]) -> Builder {
        Builder::new()
            .service("cart", shares[0].0)
            .shares("cart", shares)
    }

    #[test]
    fn a_second_owner_of_a_fifth_is_told() {
        assert_eq!(
            messages(cart(&[("cart", 8), ("search", 2)])),
            [
                "`cart` has more than one owner: of its 10 source files team `cart` has 8, team `search` has 2"
            ]
        );
    }

    #[test]
    fn so_are_owners_of_whom_none_has_a_majority() {
        assert_eq!(
            messages(cart(&[("cart", 4), ("search", 3), ("pay", 2), ("", 1)])).len(),
            1
        );
    }

    #[test]
    fn it_is_silent_for_small_shares_and_small_components() {
        assert!(messages(cart(&[("cart", 9), ("search", 2)])).is_empty());
        assert!(messages(cart(&[("cart", 3), ("search", 1)])).is_empty());
        assert!(messages(cart(&[("cart", 5), ("", 5)])).is_empty());
    }

    #[test]
    fn it_is_silent_when_the_owners_have_a_team_in_common_or_are_kin() {
        assert!(messages(cart(&[("cart", 5), ("cart,search", 5)])).is_empty());
        let child = Team {
            id: "search".to_owned(),
            parent: Some("cart".to_owned()),
            ..Team::default()
        };
        assert!(messages(cart(&[("cart", 5), ("search", 5)]).team(child)).is_empty());
    }
}
