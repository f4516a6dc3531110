//! Rosters: who is in which team, from every format in which organisations keep it.
//!
//! A roster is read where its tool looks for it, and only if it has that tool's shape.
//! Those that no tool looks for are put into the folder `.twopizza/rosters/<format>/`, or given to the run by name.

mod backstage;
mod csv;
mod directory;
mod documents;
mod github;
mod google;
mod ldif;
mod peribolos;
mod recognise;
mod rust_team;
mod scim;
mod sigs;

pub(super) use backstage::Backstage;
pub(super) use csv::Csv;
pub(super) use github::GitHub;
pub(super) use google::Google;
pub(super) use ldif::Ldif;
pub(super) use peribolos::Peribolos;
pub(super) use recognise::extractors;
pub use recognise::recognise;
pub(super) use rust_team::{RustPeople, RustTeams};
pub(super) use scim::Scim;
pub(super) use sigs::Sigs;

use std::ops::Range;

use crate::model::{Certainty, Claim, Context, Facts, Person, SourceFile, Subject, Team};

/// Whether the teams of a file are those of the organisation: test data and examples are made up.
fn counts(file: &SourceFile<'_>, facts: &Facts<'_>) -> bool {
    is_given(file) || facts.context() == Context::Production
}

/// Whether somebody put the file where only rosters are, or named it as one.
fn is_given(file: &SourceFile<'_>) -> bool {
    file.roster.is_some() || file.path.path.starts_with(".twopizza/rosters/")
}

fn team(facts: &mut Facts<'_>, team: Team, bytes: Range<usize>) {
    let claim = Claim::Team(Box::new(team));
    facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
}

fn person(facts: &mut Facts<'_>, person: Person, bytes: Range<usize>) {
    let claim = Claim::Person(Box::new(person));
    facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
}

/// The slug that GitHub makes of the name of a team: lower case, `-` for all that is neither letter, digit nor `_`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_alphanumeric() || letter == '_' => slug.push(letter),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_matches('-').to_owned()
}

/// A team of an organisation on GitHub: its slug, and the handle by which files name it.
fn github_team(org: Option<&str>, name: &str) -> Team {
    let id = slug(name);
    Team {
        aliases: org.iter().map(|org| format!("@{org}/{id}")).collect(),
        org: org.map(str::to_owned),
        name: (name != id).then(|| name.to_owned()),
        id,
        ..Team::default()
    }
}

/// How one team of GitHub names another.
fn github_reference(org: Option<&str>, name: &str) -> String {
    match org {
        Some(org) => format!("{org}/{}", slug(name)),
        None => slug(name),
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_those_of_github() {
        assert_eq!(slug("Cart & Checkout"), "cart-checkout");
        assert_eq!(slug(" sig_api-Machinery. "), "sig_api-machinery");
    }
}
