//! Which teams and people has the Rust project, or who keeps them as it does?
//!
//! Source: <https://github.com/rust-lang/team/blob/main/docs/toml-schema.md>

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{counts, person, slug, team};
use crate::extract::tables::Wrong;
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team, TeamKind};

/// Reads `teams/*.toml`.
#[derive(Debug)]
pub(in crate::extract) struct RustTeams;

/// Reads `people/*.toml`.
#[derive(Debug)]
pub(in crate::extract) struct RustPeople;

static TEAMS: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/rust-teams"),
    summary: "Teams in the format of the Rust project",
    globs: &["teams/*.toml"],
    markers: &["[people]"],
    languages: &[Language::Data],
    ownership: true,
};

static PEOPLE: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/rust-people"),
    summary: "People in the format of the Rust project",
    globs: &["people/*.toml"],
    markers: &["github-id"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for RustTeams {
    fn info(&self) -> &'static ExtractorInfo {
        &TEAMS
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        read(file, facts, |table, wrong| {
            let people = table.get("people")?.get_ref().as_table()?;
            let (name, bytes) = text(table, "name", wrong)?;
            is_people(people).then(|| Said::Team(read_team(name, table, people, wrong), bytes))
        });
    }
}

impl Extractor for RustPeople {
    fn info(&self) -> &'static ExtractorInfo {
        &PEOPLE
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        read(file, facts, |table, wrong| {
            table.get("github-id")?;
            let (login, bytes) = text(table, "github", wrong)?;
            let known = Person {
                id: login.to_owned(),
                name: text(table, "name", wrong).map(|(name, _)| name.to_owned()),
                aliases: address(table).into_iter().collect(),
                ..Person::default()
            };
            Some(Said::Person(known, bytes))
        });
    }
}

enum Said {
    Team(Team, Range<usize>),
    Person(Person, Range<usize>),
}

/// Hands the table of a file on, and states what comes of it.
fn read(
    file: &SourceFile<'_>,
    facts: &mut Facts<'_>,
    say: impl FnOnce(&DeTable<'_>, &mut Wrong) -> Option<Said>,
) {
    // Teams of the past, also when the whole folder is given.
    let is_archived = file.path.parent().ends_with("teams/archive");
    if !counts(file, facts) || is_archived {
        return;
    }
    let Some(source) = utf8::text(file, facts) else {
        return;
    };
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut wrong = Wrong::default();
    for error in errors {
        wrong.note(
            error.span().unwrap_or(0..0),
            error.message().replace('\n', ", "),
        );
    }
    match say(document.get_ref(), &mut wrong) {
        Some(Said::Team(told, bytes)) => team(facts, told, bytes),
        Some(Said::Person(told, bytes)) => person(facts, told, bytes),
        None => {}
    }
    facts.parsed(Parsed::Whole);
    if let Some((bytes, message)) = wrong.summary() {
        facts.problem(bytes, message);
        facts.parsed(Parsed::Partly);
    }
}

/// A team lists its leads and members, or says whom it takes in.
fn is_people(people: &DeTable<'_>) -> bool {
    ["leads", "members"].iter().any(|key| {
        people
            .get(*key)
            .is_some_and(|list| list.get_ref().is_array())
    }) || people
        .iter()
        .any(|(key, _)| key.get_ref().starts_with("include"))
}

fn read_team(name: &str, table: &DeTable<'_>, people: &DeTable<'_>, wrong: &mut Wrong) -> Team {
    let kind = text(table, "kind", wrong).map(|(kind, _)| kind);
    Team {
        id: name.to_owned(),
        kind: match kind {
            Some("marker-team") => TeamKind::Marker,
            Some("working-group" | "project-group") => TeamKind::WorkingGroup,
            _ => TeamKind::Work,
        },
        parent: text(table, "subteam-of", wrong).map(|(parent, _)| parent.to_owned()),
        leads: logins(people, "leads", wrong),
        members: Some(logins(people, "members", wrong)),
        includes: logins(people, "included-teams", wrong),
        aliases: handles(name, table, wrong),
        ..Team::default()
    }
}

/// The handles of the team on GitHub.
fn handles(name: &str, table: &DeTable<'_>, wrong: &mut Wrong) -> Vec<String> {
    let mut handles = Vec::new();
    for entry in wrong.list(table, "github") {
        let Some(entry) = entry.get_ref().as_table() else {
            continue;
        };
        let team = text(entry, "team-name", wrong).map_or(name, |(name, _)| name);
        for org in logins(entry, "orgs", wrong) {
            handles.push(format!("@{org}/{}", slug(team)));
        }
    }
    handles
}

/// The texts of a list; a member with roles is a table.
fn logins(table: &DeTable<'_>, key: &str, wrong: &mut Wrong) -> Vec<String> {
    let mut found = Vec::new();
    for item in wrong.list(table, key) {
        let login = match item.get_ref() {
            DeValue::Table(member) => member.get("github").and_then(|one| one.get_ref().as_str()),
            one => one.as_str(),
        };
        match login {
            Some(login) => found.push(login.to_owned()),
            None => wrong.note(item.span(), format!("no name in `{key}`")),
        }
    }
    found
}

fn text<'v>(
    table: &'v DeTable<'_>,
    key: &str,
    wrong: &mut Wrong,
) -> Option<(&'v str, Range<usize>)> {
    let text = wrong.text(table, key)?;
    Some((text, table.get(key).map(Spanned::span)?))
}

/// `email = false` says that there is none.
fn address(table: &DeTable<'_>) -> Option<String> {
    Some(table.get("email")?.get_ref().as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn a_member_with_roles_and_handles_of_github() {
        let text = "name = \"cart\"\nkind = \"marker-team\"\nsubteam-of = \"shop\"\n[people]\nleads = [\"ada\"]\nmembers = [\"ada\", {github = \"bob\", roles = [\"x\"]}]\nalumni = [\"eve\"]\nincluded-teams = [\"pay\"]\n[[github]]\norgs = [\"acme\"]\nteam-name = \"Cart Team\"\n";
        assert_eq!(
            lines(&RustTeams, "teams/cart.toml", text),
            "file team cart members ada, bob parent shop lead ada includes pay alias @acme/cart-team [marker] [declared]  @ \"\\\"cart\\\"\"\n"
        );
    }

    #[test]
    fn other_toml_says_nothing() {
        let text = "name = \"cart\"\n[people]\nada = 1\n";
        assert_eq!(lines(&RustTeams, "teams/cart.toml", text), "");
        let text = "github = \"ada\"\n";
        assert_eq!(lines(&RustPeople, "people/ada.toml", text), "");
    }
}
