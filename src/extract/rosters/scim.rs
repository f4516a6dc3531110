//! Which groups and users does an identity provider hand on by SCIM 2.0?
//!
//! Sources: <https://www.rfc-editor.org/rfc/rfc7643> (what users and groups are),
//! <https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2> (lists of them).

use std::collections::BTreeMap;
use std::ops::Range;

use super::directory::{Directory, Members, main, said};
use super::documents::documents;
use super::{person, team};
use crate::extract::tree::{Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team};

/// Reads lists of groups and users, and single ones.
#[derive(Debug)]
pub(in crate::extract) struct Scim;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/scim"),
    summary: "Groups and users as identity providers hand them on by SCIM",
    globs: &[".twopizza/rosters/scim/*"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

/// Where companies keep what is not of every user.
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Group,
    User,
    Other,
}

impl Extractor for Scim {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let documents = documents(file, facts);
        let mut resources = Vec::new();
        let mut lists = BTreeMap::new();
        for document in &documents {
            let found = resources_of(document);
            if let Some(total) = document.text_of("totalResults") {
                count(total, found, &document.bytes, &mut lists);
            }
            resources.extend(found);
        }
        for (told, found, bytes) in lists.into_values() {
            if found < told {
                let message = format!("the list has {told} entries, {found} of them are here");
                partly(bytes, message, facts);
            }
        }
        read(&resources, facts);
    }
}

fn partly(bytes: Range<usize>, message: impl Into<String>, facts: &mut Facts<'_>) {
    facts.problem(bytes, message);
    facts.parsed(Parsed::Partly);
}

fn resources_of(document: &Node) -> &[Node] {
    match document.get("Resources") {
        Some(list) => list.items(),
        // The end of a list has no `Resources`.
        None if document.get("totalResults").is_some() => &[],
        None => match &document.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(document),
        },
    }
}

/// Of each kind, how many there are by the list itself, how many its pages have, and where it begins.
type Lists = BTreeMap<Kind, (usize, usize, Range<usize>)>;

fn count(total: &str, found: &[Node], bytes: &Range<usize>, lists: &mut Lists) {
    let kind = found.first().map_or(Kind::Other, kind);
    let list = lists.entry(kind).or_insert_with(|| (0, 0, bytes.clone()));
    list.0 = list.0.max(total.parse().unwrap_or(0));
    list.1 += found.len();
}

fn kind(resource: &Node) -> Kind {
    let schemas = resource.get("schemas").map_or(&[][..], Node::items);
    let is = |name: &str| {
        let has = |schema: &Node| schema.text().is_some_and(|text| text.ends_with(name));
        schemas.iter().any(has)
    };
    let told = resource.at(&["meta", "resourceType"]).and_then(Node::text);
    match told {
        Some("Group") => Kind::Group,
        Some("User") => Kind::User,
        _ if is(":core:2.0:Group") => Kind::Group,
        _ if is(":core:2.0:User") => Kind::User,
        _ => Kind::Other,
    }
}

fn read(resources: &[&Node], facts: &mut Facts<'_>) {
    let mut directory = Directory::default();
    let mut groups: Vec<(&Node, Team)> = Vec::new();
    let mut users: Vec<(&Node, &str)> = Vec::new();
    for resource in resources {
        let id = said(resource, "id");
        match kind(resource) {
            Kind::Group => match said(resource, "displayName").or(id) {
                Some(name) => {
                    let team = directory.add_group(name, id.unwrap_or(name), id);
                    groups.push((resource, team));
                }
                None => partly(
                    resource.bytes.clone(),
                    "a group with neither `displayName` nor `id`: left out",
                    facts,
                ),
            },
            Kind::User => match said(resource, "userName").or(id) {
                Some(name) => {
                    directory.add_person(name, id.into_iter().chain([name]));
                    users.push((resource, name));
                }
                None => partly(
                    resource.bytes.clone(),
                    "a user with neither `userName` nor `id`: left out",
                    facts,
                ),
            },
            Kind::Other => partly(
                resource.bytes.clone(),
                "not read: neither a group nor a user of SCIM 2.0",
                facts,
            ),
        }
    }
    for (resource, group) in groups {
        let found = members(resource, group, &directory, facts);
        team(facts, found, resource.bytes.clone());
    }
    for (resource, name) in users {
        let found = user(resource, name, &mut directory);
        person(facts, found, resource.bytes.clone());
    }
    directory.departments(facts);
}

/// The group with its members; with none that are known where the answer leaves them out.
fn members(resource: &Node, group: Team, directory: &Directory, facts: &mut Facts<'_>) -> Team {
    let Some(list) = resource.get("members") else {
        return group;
    };
    let mut members = Members::default();
    for member in list.items() {
        let key = said(member, "value").or_else(|| said(member, "display"));
        let Some(key) = key else {
            let message = "a member with neither `value` nor `display`: left out";
            partly(member.bytes.clone(), message, facts);
            continue;
        };
        let points = said(member, "$ref").is_some_and(|link| link.contains("/Groups/"));
        let is_group =
            said(member, "type").map_or(points, |kind| kind.eq_ignore_ascii_case("group"));
        directory.seat(key, is_group, &mut members);
    }
    Team {
        members: Some(members.people),
        includes: members.groups,
        ..group
    }
}

fn user(resource: &Node, name: &str, directory: &mut Directory) -> Person {
    let company = |key: &str| resource.at(&[ENTERPRISE, key]);
    let emails = resource.get("emails").map_or(&[][..], Node::items);
    let emails = emails.iter().filter_map(|email| said(email, "value"));
    let mut aliases: Vec<String> = Vec::new();
    for alias in said(resource, "id").into_iter().chain(emails) {
        if alias != name && !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.to_owned());
        }
    }
    let groups = resource.get("groups").map_or(&[][..], Node::items);
    // Without a type, a group may be one that only takes in another group of the user.
    let direct = groups
        .iter()
        .filter(|group| said(group, "type") == Some("direct"));
    let mut teams: Vec<String> = direct
        .filter_map(|group| Some(directory.group(said(group, "value")?)))
        .collect();
    if let Some(department) = company("department")
        && let Some(text) = department.text()
    {
        teams.extend(directory.department(text.trim(), department.bytes.clone()));
    }
    let manager = company("manager").and_then(|manager| said(manager, "value").or(manager.text()));
    let site = main(resource.get("addresses")).and_then(|address| said(address, "locality"));
    let names = [Some(resource), resource.get("name")];
    let shown = names
        .into_iter()
        .flatten()
        .zip(["displayName", "formatted"])
        .find_map(|(node, key)| said(node, key));
    Person {
        id: name.to_owned(),
        name: shown.filter(|shown| *shown != name).map(str::to_owned),
        aliases,
        active: resource.text_of("active") != Some("false"),
        teams,
        manager: manager.map(|manager| directory.person(manager.trim())),
        site: site.map(str::to_owned),
        time_zone: said(resource, "timezone").map(str::to_owned),
        ..Person::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    fn read(text: &str) -> String {
        lines(&Scim, ".twopizza/rosters/scim/all.json", text)
    }

    const GROUP: &str = r#""schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]"#;
    const USER: &str = r#""schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]"#;

    #[test]
    fn members_are_joined_by_id_and_groups_are_included() {
        let told = read(&format!(
            r#"[{{{GROUP}, "id": "g1", "displayName": "Cart", "members": [{{"value": "u1"}}, {{"value": "u9"}}, {{"value": "g2"}}, {{"value": "g3", "type": "Group"}}]}},
               {{{GROUP}, "id": "g2", "displayName": "Pay"}}, {{{USER}, "id": "u1", "userName": "ada"}}]"#
        ));
        assert!(
            told.contains("team cart name Cart members ada, u9 includes pay, g3 alias g1"),
            "{told}"
        );
        assert!(
            told.contains("team pay name Pay alias g2 [declared]"),
            "{told}"
        );
    }

    #[test]
    fn users_with_what_the_company_adds() {
        let told = read(&format!(
            r#"{{{USER}, "id": "u1", "userName": "ada", "active": false, "timezone": "Europe/Lisbon",
               "addresses": [{{"locality": "Porto"}}, {{"primary": true, "locality": "Lisbon"}}],
               "{ENTERPRISE}": {{"department": "Shop", "manager": {{"value": "u2"}}}}}}"#
        ));
        assert!(
            told.contains("person ada alias u1 teams department/shop manager u2 site Lisbon zone Europe/Lisbon [inactive]"),
            "{told}"
        );
        assert!(
            told.contains("team department/shop name Shop [marker]"),
            "{told}"
        );
    }

    #[test]
    fn lists_of_which_pages_are_missing() {
        let page = format!(
            r#"{{"totalResults": 2, "Resources": [{{{USER}, "id": "u1", "userName": "ada"}}]}}"#
        );
        assert!(
            read(&page).contains("2 entries, 1 of them"),
            "{}",
            read(&page)
        );
        let whole = format!("{page}\n{}", page.replace("u1", "u2"));
        assert!(!read(&whole).contains("! "), "{}", read(&whole));
        assert_eq!(read(r#"{"totalResults": 0}"#), "");
    }
}
