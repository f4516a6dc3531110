//! How many people a team has, and how many pairs of people have to talk.

use crate::model::TeamNode;

/// The direct people of a team, bots left out and each counted once; `None` when no roster tells them.
pub fn people(node: &TeamNode) -> Option<usize> {
    node.people.as_ref().map(Vec::len)
}

/// The pairs that so many people make, n(n−1)/2
/// (Brooks, *The Mythical Man-Month*, 1975, ch. 2: "intercommunication").
pub fn lines_of_communication(people: usize) -> usize {
    people.saturating_mul(people.saturating_sub(1)) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_communication_are_pairs() {
        assert_eq!(
            [0, 1, 2, 7, 8].map(lines_of_communication),
            [0, 0, 1, 21, 28]
        );
    }
}
