//! How many people a team has.

use crate::model::TeamNode;

/// The direct people of a team, bots left out and each counted once; `None` when no roster tells them.
pub fn people(node: &TeamNode) -> Option<usize> {
    node.people.as_ref().map(Vec::len)
}
