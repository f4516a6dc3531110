//! Which groups and users has a domain of Google Workspace?
//!
//! Sources: <https://developers.google.com/workspace/admin/directory/reference/rest/v1/groups>, `…/members`, `…/users`.
//! The API gives the members of a group without the group: they stand in its `members`, or in a file that is called
//! by the group's address.

use std::collections::BTreeMap;
use std::ops::Range;

use super::directory::{Directory, Members, main, said};
use super::documents::documents;
use super::{person, team};
use crate::extract::tree::{Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team};

/// Reads groups with their members, and users.
#[derive(Debug)]
pub(in crate::extract) struct Google;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/google"),
    summary: "Groups and users of Google Workspace, as its Directory API gives them",
    globs: &[".twopizza/rosters/google/*"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

/// What one file has of groups, by address, of users and of members who say that they are gone.
#[derive(Default)]
struct Found<'a> {
    groups: BTreeMap<String, Group<'a>>,
    users: Vec<&'a Node>,
}

#[derive(Default)]
struct Group<'a> {
    name: Option<&'a str>,
    aliases: Vec<&'a str>,
    members: Option<Vec<&'a Node>>,
    bytes: Range<usize>,
}

impl Extractor for Google {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let documents = documents(file, facts);
        let mut found = Found::default();
        for document in &documents {
            let known = sort(document, address_of(&file.path.path), &mut found, facts);
            if !known {
                let message =
                    "not read: neither groups, nor members, nor users of the Directory API";
                partly(document.bytes.clone(), message, facts);
            }
        }
        // Every page but the last one names the next.
        if let Some(last) = documents.last()
            && said(last, "nextPageToken").is_some()
        {
            partly(
                last.bytes.clone(),
                "the pages behind this one are missing",
                facts,
            );
        }
        read(&found, facts);
    }
}

fn partly(bytes: Range<usize>, message: impl Into<String>, facts: &mut Facts<'_>) {
    facts.problem(bytes, message);
    facts.parsed(Parsed::Partly);
}

/// The group whose members a file has, by the file's name: `cart@acme.example.json`.
fn address_of(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.contains('@').then_some(stem)
}

/// Whether the document has anything that is known.
fn sort<'a>(
    document: &'a Node,
    named: Option<&str>,
    found: &mut Found<'a>,
    facts: &mut Facts<'_>,
) -> bool {
    if let Value::List(items) = &document.value {
        for item in items {
            if !one(item, found) {
                let message =
                    "not read: neither a group nor a user, whom `email` or `primaryEmail` names";
                partly(item.bytes.clone(), message, facts);
            }
        }
        return true;
    }
    let lists = ["groups", "users"].map(|key| document.get(key));
    for item in lists.iter().flatten().flat_map(|list| list.items()) {
        if !one(item, found) {
            let message = "left out: no address (`email` or `primaryEmail`)";
            partly(item.bytes.clone(), message, facts);
        }
    }
    let is_page = said(document, "kind").is_some_and(|kind| kind.starts_with("admin#directory#"));
    let alone = document
        .get("members")
        .filter(|_| said(document, "email").is_none());
    match (alone, named) {
        (Some(members), Some(address)) => {
            let group = found.groups.entry(address.to_lowercase()).or_default();
            group.bytes = document.bytes.clone();
            group
                .members
                .get_or_insert_default()
                .extend(members.items());
            true
        }
        (Some(members), None) => {
            let message =
                "members of which group? Call the file by its address: `cart@acme.example.json`";
            partly(members.bytes.clone(), message, facts);
            true
        }
        (None, _) => lists.iter().any(Option::is_some) || one(document, found) || is_page,
    }
}

/// Takes one group or user in, if it is any.
fn one<'a>(item: &'a Node, found: &mut Found<'a>) -> bool {
    if said(item, "primaryEmail").is_some() {
        found.users.push(item);
        return true;
    }
    let Some(email) = said(item, "email") else {
        return false;
    };
    let group = found.groups.entry(email.to_lowercase()).or_default();
    group.name = group.name.or_else(|| said(item, "name"));
    group.aliases.extend(addresses(item));
    group.bytes = item.bytes.clone();
    if let Some(members) = item.get("members") {
        group
            .members
            .get_or_insert_default()
            .extend(members.items());
    }
    true
}

/// The further addresses of a group or user.
fn addresses(item: &Node) -> impl Iterator<Item = &str> {
    ["aliases", "nonEditableAliases"]
        .into_iter()
        .filter_map(|key| item.get(key))
        .flat_map(Node::items)
        .filter_map(Node::text)
}

fn read(found: &Found<'_>, facts: &mut Facts<'_>) {
    let mut directory = Directory::default();
    for user in &found.users {
        if let Some(email) = said(user, "primaryEmail") {
            let id = said(user, "id");
            directory.add_person(email, addresses(user).chain([email]).chain(id));
        }
    }
    let teams = found.groups.iter().map(|(email, group)| {
        let handle = email.split('@').next().unwrap_or(email);
        let keys = group.aliases.iter().copied().chain([email.as_str()]);
        let mut team = directory.add_group(handle, email, keys);
        // Groups of several domains may have one handle.
        team.org = email.split_once('@').map(|(_, domain)| domain.to_owned());
        team.name = group.name.map(str::to_owned).or(team.name);
        (group, team)
    });
    let teams: Vec<(&Group<'_>, Team)> = teams.collect();
    for (group, base) in teams {
        let found = members(group, base, &directory, facts);
        team(facts, found, group.bytes.clone());
    }
    for user in &found.users {
        if let Some(email) = said(user, "primaryEmail") {
            let known = read_user(user, email, &mut directory);
            person(facts, known, user.bytes.clone());
        }
    }
    directory.departments(facts);
}

/// The group with its members. Owners and managers of a group administer it, so they are no leads.
fn members(group: &Group<'_>, base: Team, directory: &Directory, facts: &mut Facts<'_>) -> Team {
    let Some(list) = &group.members else {
        return base;
    };
    let mut members = Members::default();
    for member in list {
        if said(member, "type") == Some("CUSTOMER") {
            let message = "everybody of the domain is a member: not counted";
            partly(member.bytes.clone(), message, facts);
            continue;
        }
        let Some(email) = said(member, "email").or_else(|| said(member, "id")) else {
            partly(
                member.bytes.clone(),
                "a member without `email`: left out",
                facts,
            );
            continue;
        };
        let is_group = said(member, "type") == Some("GROUP");
        directory.seat(email, is_group, &mut members);
        if said(member, "status") == Some("SUSPENDED") && !is_group {
            let gone = Person {
                id: directory.person(email),
                active: false,
                ..Person::default()
            };
            person(facts, gone, member.bytes.clone());
        }
    }
    Team {
        members: Some(members.people),
        includes: members.groups,
        ..base
    }
}

fn read_user(user: &Node, email: &str, directory: &mut Directory) -> Person {
    let is = |key: &str| user.text_of(key) == Some("true");
    let relations = user.get("relations").map_or(&[][..], Node::items);
    let manager = relations
        .iter()
        .find(|relation| said(relation, "type") == Some("manager"))
        .and_then(|relation| said(relation, "value"));
    let work = main(user.get("organizations"));
    let department = work.and_then(|work| Some((said(work, "department")?, work)));
    let place = main(user.get("locations"));
    let site = place.and_then(|place| said(place, "buildingId").or_else(|| said(place, "area")));
    let id = said(user, "id");
    Person {
        id: email.to_owned(),
        name: user
            .at(&["name", "fullName"])
            .and_then(Node::text)
            .map(str::to_owned),
        aliases: addresses(user).chain(id).map(str::to_owned).collect(),
        active: !is("suspended") && !is("archived"),
        teams: department
            .and_then(|(name, work)| directory.department(name, work.bytes.clone()))
            .into_iter()
            .collect(),
        manager: manager.map(|manager| directory.person(manager)),
        site: site.map(str::to_owned),
        ..Person::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn groups_include_groups_and_owners_are_no_leads() {
        let text = r#"{"groups": [{"email": "cart@acme.example", "name": "Cart", "members": [
            {"email": "ada@acme.example", "role": "OWNER", "type": "USER", "status": "ACTIVE"},
            {"email": "bob@acme.example", "role": "MEMBER", "type": "USER", "status": "SUSPENDED"},
            {"email": "pay@acme.example", "type": "GROUP"}, {"id": "C1", "type": "CUSTOMER"}]}]}"#;
        let told = lines(&Google, ".twopizza/rosters/google/all.json", text);
        assert!(
            told.contains("team cart org acme.example name Cart members ada@acme.example, bob@acme.example includes pay@acme.example alias cart@acme.example"),
            "{told}"
        );
        assert!(
            told.contains("person bob@acme.example [inactive]"),
            "{told}"
        );
        assert!(told.contains("! everybody of the domain"), "{told}");
    }

    #[test]
    fn pages_of_members_belong_to_the_group_that_names_the_file() {
        let page = r#"{"kind": "admin#directory#members", "members": [{"email": "ada@acme.example"}], "nextPageToken": "2"}
            {"kind": "admin#directory#members", "members": [{"email": "bob@acme.example"}]}"#;
        let told = lines(
            &Google,
            ".twopizza/rosters/google/cart@acme.example.json",
            page,
        );
        assert!(
            told.contains(
                "team cart org acme.example members ada@acme.example, bob@acme.example alias"
            ),
            "{told}"
        );
        assert!(!told.contains("! "), "{told}");
        let told = lines(&Google, ".twopizza/rosters/google/all.json", page);
        assert!(told.contains("! members of which group?"), "{told}");
    }

    #[test]
    fn users_tell_of_place_and_manager() {
        let text = r#"{"users": [{"primaryEmail": "ada@acme.example", "suspended": true,
            "relations": [{"type": "manager", "value": "eve@acme.example"}],
            "organizations": [{"department": "Shop"}], "locations": [{"area": "desk", "buildingId": "LIS"}]}],
            "nextPageToken": "x"}"#;
        let told = lines(&Google, ".twopizza/rosters/google/users.json", text);
        assert!(
            told.contains("person ada@acme.example teams department/shop manager eve@acme.example site LIS [inactive]"),
            "{told}"
        );
        assert!(
            told.contains("! the pages behind this one are missing"),
            "{told}"
        );
    }
}
