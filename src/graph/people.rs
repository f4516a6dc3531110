//! How many people a team has.

use std::collections::BTreeSet;

use crate::model::Team;

/// The direct people of a team, bots left out and each counted once; `None` when no roster tells them.
pub fn people(team: &Team) -> Option<usize> {
    let logins: BTreeSet<String> = team
        .members
        .as_ref()?
        .iter()
        .map(|member| member.trim().trim_start_matches('@').to_lowercase())
        .filter(|login| !login.is_empty() && !is_bot(login))
        .collect();
    Some(logins.len())
}

fn is_bot(login: &str) -> bool {
    ["[bot]", "-bot", "-robot"]
        .iter()
        .any(|end| login.ends_with(end))
}
