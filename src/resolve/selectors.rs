//! Which workload stands behind a service of a cluster: the one whose pods have all the labels that the service asks for.
//!
//! Source: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#service-and-replicationcontroller>

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::identity::Subjects;
use super::index::Index;
use crate::model::{Claim, Key, RepoId, Subject};

/// The labels of pods, and whose they are.
type Pods<'a> = BTreeMap<(RepoId, &'a Key), (String, BTreeSet<String>)>;

/// Services, each with the number of the workload behind it.
pub(super) fn services<'a>(
    index: &Index<'a>,
    subjects: &Subjects<'a>,
) -> Vec<((RepoId, &'a Key), usize)> {
    let mut pods: Pods<'a> = BTreeMap::new();
    let mut asked: Vec<((RepoId, &Key), &Key)> = Vec::new();
    for fact in index.facts {
        let Subject::Named(subject) = &fact.subject else {
            continue;
        };
        let who = (index.repo(fact), subject);
        match &fact.claim {
            Claim::Provides { key, .. } if key.namespace.0 == "podlabel" => {
                let (_, labels) = pods
                    .entry(who)
                    .or_insert_with(|| (key.at.to_string(), BTreeSet::new()));
                labels.insert(key.name.to_string());
            }
            Claim::Runs { what, .. } if what.namespace.0 == "pods" => asked.push((who, what)),
            _ => {}
        }
    }
    let numbers: HashMap<(RepoId, &Key), usize> = subjects
        .iter()
        .enumerate()
        .map(|(number, (key, _, repo))| ((*repo, *key), number))
        .collect();
    let mut found = Vec::new();
    for ((repo, service), selector) in asked {
        let namespace = selector.at.to_string();
        let wanted = selector.name.to_string();
        let mut behind: Vec<usize> = pods
            .iter()
            .filter(|((there, _), (place, labels))| {
                *there == repo
                    && *place == namespace
                    && wanted.split(',').all(|label| labels.contains(label))
            })
            .filter_map(|(who, _)| numbers.get(who).copied())
            .collect();
        behind.sort_unstable();
        let components: BTreeSet<_> = behind.iter().map(|number| subjects[*number].1).collect();
        // A service in front of several programs is none of them.
        if let (Some(first), 1) = (behind.first(), components.len()) {
            found.push(((repo, service), *first));
        }
    }
    found
}
