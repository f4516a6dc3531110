//! Files that list maintainers beside the paths that they look after: MAINTAINERS of Linux and of Zephyr, BOTMETA of Ansible.

mod botmeta;
mod linux;
mod zephyr;

use std::ops::Range;

use crate::model::{
    Certainty, Claim, Dialect, Facts, Owner, OwnershipSource, Selector, Strength, Subject, Team,
    TeamKind,
};

pub(super) use botmeta::Botmeta;
pub(super) use linux::Linux;
pub(super) use zephyr::Zephyr;

/// States that a section of a file has these people; they look after it, and lead it.
fn team(name: &str, people: &[String], at: Range<usize>, facts: &mut Facts<'_>) {
    let team = Team {
        id: name.to_owned(),
        kind: TeamKind::WorkingGroup,
        leads: people.to_vec(),
        // Without a name nothing is known of them, which is not to say that there is nobody.
        members: (!people.is_empty()).then(|| people.to_vec()),
        local: true,
        ..Team::default()
    };
    facts
        .push(Subject::File, Claim::Team(Box::new(team)), at)
        .certainty = Certainty::Declared;
}

/// States who owns what a pattern matches; `cut`: it takes paths out of its section.
fn state(
    what: (Dialect, &str, Option<&str>),
    owners: Vec<Owner>,
    cut: bool,
    at: Range<usize>,
    facts: &mut Facts<'_>,
) {
    let (dialect, pattern, section) = what;
    let claim = Claim::Owns {
        source: OwnershipSource::Maintainers,
        what: Selector::Paths {
            pattern: pattern.into(),
            dialect,
            section: section.map(Into::into),
        },
        owners,
        strength: Strength::Required,
        cut,
    };
    facts.push(Subject::File, claim, at).certainty = Certainty::Declared;
}
