//! Which profiles are active in a deployment, and does what a profile says hold there?
//!
//! Source: <https://docs.spring.io/spring-boot/reference/features/profiles.html>

use std::collections::BTreeSet;

use crate::model::{Condition, Template};

/// The setting that tells the active profiles.
pub(super) const SETTING: &str = "spring.profiles.active";

/// The active profiles of a deployment.
pub(super) struct Active(BTreeSet<String>);

/// The active profiles, where each value that tells them is known whole.
pub(super) fn active<'a>(values: impl FnOnce() -> Vec<&'a Template>) -> Option<Active> {
    let values = values();
    let mut names = BTreeSet::new();
    for value in &values {
        let text = value.as_text()?;
        names.extend(text.split(',').map(|name| name.trim().to_owned()));
    }
    (!values.is_empty()).then_some(Active(names))
}

impl Active {
    /// Whether all conditions hold: of `a|b` one is enough, `!a` holds when `a` is not active.
    pub(super) fn hold(&self, when: &[Condition]) -> bool {
        when.iter().all(|condition| match condition {
            Condition::Variant(profiles) => profiles.split('|').any(|profile| {
                let profile = profile.trim();
                match profile.strip_prefix('!') {
                    Some(absent) => !self.0.contains(absent),
                    None => self.0.contains(profile),
                }
            }),
            Condition::Uses(_) => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_profiles_is_enough_and_absent_ones_count() {
        assert!(active(Vec::new).is_none());
        let text = Template::text("docker, kafka");
        let active = super::active(|| vec![&text]).unwrap();
        let holds = |text: &str| active.hold(&[Condition::Variant(text.into())]);
        assert!(holds("docker") && holds("test|kafka") && holds("!test"));
        assert!(!holds("test") && !holds("!docker"));
    }
}
