//! Which teams and people has a GitHub organisation, as Peribolos applies them?
//!
//! Sources: <https://docs.prow.k8s.io/docs/components/cli-tools/peribolos/>,
//! <https://github.com/kubernetes/org/blob/main/README.md>

use super::documents::{documents, texts};
use super::{counts, github_reference, github_team, is_given, person, team};
use crate::extract::tree::{Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Person, SourceFile, Team};

/// The keys of a team; one that has others is a team of another tool.
const KEYS: &[&str] = &[
    "description",
    "id",
    "maintainers",
    "members",
    "previously",
    "privacy",
    "repos",
    "teams",
];

/// The keys that tell the people of a team.
const PEOPLE: &[&str] = &["maintainers", "members"];

/// Reads the organisations of Peribolos.
#[derive(Debug)]
pub(in crate::extract) struct Peribolos;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/peribolos"),
    summary: "Teams and people of GitHub organisations, from files of Peribolos",
    globs: &[
        "**/org.{yaml,yml}",
        "**/orgs.{yaml,yml}",
        "**/teams.{yaml,yml}",
        "**/peribolos.{yaml,yml}",
        "**/peribolos/**/*.{yaml,yml}",
        ".twopizza/rosters/peribolos/*",
    ],
    markers: &["teams:", "orgs:", "members:", "admins:"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Peribolos {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !counts(file, facts) {
            return;
        }
        let given = is_given(file);
        let folder = organisation(&file.path.path);
        for document in documents(file, facts) {
            let orgs = document.get("orgs").map_or(&[][..], Node::entries);
            for org in orgs {
                read(Some(&org.key), &org.value, given, facts);
            }
            if orgs.is_empty() {
                read(folder, &document, given, facts);
            }
        }
    }
}

/// The organisation whose folder the file lies in: `config/acme/teams.yaml`, `config/acme/cart/teams.yaml`.
fn organisation(path: &str) -> Option<&str> {
    let folders: Vec<&str> = path.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let at = folders.iter().rposition(|folder| *folder == "config")?;
    folders.get(at + 1).copied()
}

/// Whether a document has teams as Peribolos writes them, or the people of an organisation.
pub(super) fn is_organisation(document: &Node) -> bool {
    let teams = document.get("teams").map_or(&[][..], Node::entries);
    let are_teams = teams.iter().all(|team| is_team(&team.value))
        && teams
            .iter()
            .any(|team| PEOPLE.iter().any(|key| team.value.get(key).is_some()));
    let has_people = ["admins", "members"]
        .iter()
        .all(|key| document.get(key).is_some_and(is_list));
    are_teams || (has_people && teams.is_empty())
}

fn is_team(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(entries) => entries
            .iter()
            .all(|entry| KEYS.contains(&entry.key.as_str())),
        _ => false,
    }
}

fn is_list(node: &Node) -> bool {
    matches!(node.value, Value::List(_) | Value::Null)
}

fn read(org: Option<&str>, document: &Node, given: bool, facts: &mut Facts<'_>) {
    if !given && !is_organisation(document) {
        return;
    }
    for key in ["admins", "members"] {
        for (node, login) in texts(document.get(key)) {
            let known = Person {
                id: login.to_owned(),
                ..Person::default()
            };
            person(facts, known, node.bytes.clone());
        }
    }
    let top = document.get("teams").map_or(&[][..], Node::entries);
    let mut open: Vec<(&Entry, Option<&Entry>)> =
        top.iter().rev().map(|team| (team, None)).collect();
    while let Some((entry, parent)) = open.pop() {
        let below = entry.value.get("teams").map_or(&[][..], Node::entries);
        open.extend(below.iter().rev().map(|team| (team, Some(entry))));
        if !matches!(entry.value.value, Value::Map(_) | Value::Null) {
            facts.problem(
                entry.value.bytes.clone(),
                format!("team `{}` is no map", entry.key.escape_debug()),
            );
            continue;
        }
        team(
            facts,
            read_team(org, entry, parent),
            entry.key_bytes.clone(),
        );
    }
}

fn read_team(org: Option<&str>, entry: &Entry, parent: Option<&Entry>) -> Team {
    let lists = PEOPLE.iter().filter_map(|key| entry.value.get(key));
    let members = lists.flat_map(|list| texts(Some(list)));
    let former = texts(entry.value.get("previously"));
    Team {
        parent: parent.map(|parent| github_reference(org, &parent.key)),
        members: Some(members.map(|(_, login)| login.to_owned()).collect()),
        previously: former
            .map(|(_, name)| github_reference(org, name))
            .collect(),
        ..github_team(org, &entry.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn teams_of_other_tools_say_nothing() {
        for text in [
            "teams:\n  cart:\n    members: [ada]\n    channel: '#cart'\n",
            "teams: [cart, pay]\n",
            "teams:\n  cart: {description: no people}\n",
            "members: [ada]\n",
        ] {
            assert_eq!(lines(&Peribolos, "teams.yaml", text), "", "{text}");
        }
    }

    #[test]
    fn nested_teams_know_their_parent_and_former_names() {
        let text = "teams:\n  Shop Leads:\n    maintainers: [ada]\n    members: [bob]\n    teams:\n      cart:\n        previously: [basket]\n";
        assert_eq!(
            lines(&Peribolos, "config/acme/shop/teams.yaml", text),
            "file team cart org acme members  parent acme/shop-leads alias @acme/cart previously acme/basket [declared]  @ \"cart\"\n\
             file team shop-leads org acme name Shop Leads members ada, bob alias @acme/shop-leads [declared]  @ \"Shop Leads\"\n"
        );
    }
}
