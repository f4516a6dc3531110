//! "Did you mean": the known name that a mistyped one is nearest to.

/// The candidate nearest to `name`, if any is near enough that it may be meant; the first of equals.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    // A third of the letters may differ: `team-mx` is near `team-max`, `lead` is not near `kind`.
    let bound = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters have to change; `_` for `-` is no change.
fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.replace('_', "-"), &b.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["team-max", "team-min", "kind"];
        assert_eq!(closest("team_max", known), Some("team-max"));
        assert_eq!(closest("Team-Mni", known), Some("team-min"));
        assert_eq!(closest("lead", known), None);
        assert_eq!(closest("", known), None);
    }
}
