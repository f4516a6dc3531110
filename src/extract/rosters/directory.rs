//! Who is who in one export of a directory: its groups, its people, and the departments that it tells of people.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{github_team, slug, team};
use crate::extract::tree::Node;
use crate::model::{Facts, Team, TeamKind};

/// The groups and people of one file, by all keys by which the file names them.
#[derive(Debug, Default)]
pub(super) struct Directory {
    known: BTreeMap<String, Known>,
    /// The ids that groups have.
    taken: BTreeMap<String, String>,
    /// By id: the name, and where it is told first.
    departments: BTreeMap<String, (String, Range<usize>)>,
}

/// What a key stands for, with the id of the team or person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Group(String),
    Person(String),
}

/// The members of a group.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) people: Vec<String>,
    pub(super) groups: Vec<String>,
}

impl Directory {
    /// Notes a person; the first of two with one key is kept.
    pub(super) fn add_person<'a>(&mut self, id: &str, keys: impl IntoIterator<Item = &'a str>) {
        for key in keys {
            self.add(key, Known::Person(id.to_owned()));
        }
    }

    /// Notes a group, and gives its team: with the slug of its name, or with `unique` when another group has that slug.
    pub(super) fn add_group<'a>(
        &mut self,
        name: &str,
        unique: &str,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Team {
        let mut team = github_team(None, name);
        let free = match self.taken.get(&team.id) {
            Some(holder) => holder == unique,
            None => true,
        };
        if !free || team.id.is_empty() {
            team.id = unique.to_owned();
            team.name = Some(name.to_owned());
        }
        self.taken.insert(team.id.clone(), unique.to_owned());
        for key in keys {
            self.add(key, Known::Group(team.id.clone()));
            if !key.is_empty() && key != team.id && !team.aliases.iter().any(|alias| alias == key) {
                team.aliases.push(key.to_owned());
            }
        }
        team
    }

    fn add(&mut self, key: &str, known: Known) {
        if !key.is_empty() {
            self.known.entry(key.to_lowercase()).or_insert(known);
        }
    }

    /// What a key stands for in this file.
    pub(super) fn find(&self, key: &str) -> Option<&Known> {
        self.known.get(&key.to_lowercase())
    }

    /// How a person is named by whoever refers to them.
    pub(super) fn person(&self, key: &str) -> String {
        match self.find(key) {
            Some(Known::Person(id)) => id.clone(),
            _ => key.to_owned(),
        }
    }

    /// How a group is named by whoever refers to it.
    pub(super) fn group(&self, key: &str) -> String {
        match self.find(key) {
            Some(Known::Group(id)) => id.clone(),
            _ => key.to_owned(),
        }
    }

    /// Puts a member to the people or to the groups; `is_group`: what the member says itself.
    pub(super) fn seat(&self, key: &str, is_group: bool, members: &mut Members) {
        match self.find(key) {
            Some(Known::Group(id)) => members.groups.push(id.clone()),
            Some(Known::Person(id)) => members.people.push(id.clone()),
            None if is_group => members.groups.push(key.to_owned()),
            None => members.people.push(key.to_owned()),
        }
    }

    /// The id of the team that a department is; groups have other ids.
    pub(super) fn department(&mut self, name: &str, bytes: Range<usize>) -> Option<String> {
        let slug = slug(name);
        if slug.is_empty() {
            return None;
        }
        let id = format!("department/{slug}");
        self.departments
            .entry(id.clone())
            .or_insert_with(|| (name.to_owned(), bytes));
        Some(id)
    }

    /// States the departments: they mark people, whether those work together or not.
    pub(super) fn departments(self, facts: &mut Facts<'_>) {
        for (id, (name, bytes)) in self.departments {
            let department = Team {
                id,
                name: Some(name),
                kind: TeamKind::Marker,
                ..Team::default()
            };
            team(facts, department, bytes);
        }
    }
}

/// The text behind a key, unless it is empty.
pub(super) fn said<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    let text = node.text_of(key)?.trim();
    (!text.is_empty()).then_some(text)
}

/// Of a list of maps, the one that says it is the main one, else the first.
pub(super) fn main(list: Option<&Node>) -> Option<&Node> {
    let items = list?.items();
    let is_main = |node: &&Node| node.text_of("primary") == Some("true");
    items.iter().find(is_main).or_else(|| items.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_one_slug_keep_apart() {
        let mut directory = Directory::default();
        assert_eq!(
            directory.add_group("Cart & Pay", "g1", ["g1"]).id,
            "cart-pay"
        );
        assert_eq!(directory.add_group("Cart/Pay", "g2", ["g2"]).id, "g2");
        assert_eq!(directory.add_group("!", "g3", ["g3"]).id, "g3");
        assert_eq!(directory.group("G1"), "cart-pay");
        assert_eq!(directory.group("elsewhere"), "elsewhere");
    }
}
