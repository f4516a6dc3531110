//! Which special interest and working groups has a community that is organised as that of Kubernetes?
//!
//! Source: <https://github.com/kubernetes/community/blob/main/generator/README.md>. The file names who leads a group,
//! never all who take part.

use std::collections::BTreeSet;

use super::directory::said;
use super::documents::documents;
use super::{counts, is_given, person, team};
use crate::extract::tree::Node;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team, TeamKind};

/// Reads `sigs.yaml`.
#[derive(Debug)]
pub(in crate::extract) struct Sigs;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/sigs"),
    summary: "Special interest groups and who leads them, from `sigs.yaml`",
    globs: &["**/sigs.{yaml,yml}", ".twopizza/rosters/sigs/*"],
    markers: &["leadership:"],
    languages: &[Language::Data],
    ownership: true,
};

/// The lists of groups, what begins the label of each, and what they are for: users of a system do no work together.
const LISTS: &[(&str, &str, TeamKind)] = &[
    ("sigs", "sig", TeamKind::Work),
    ("workinggroups", "wg", TeamKind::WorkingGroup),
    ("usergroups", "ug", TeamKind::Marker),
    ("committees", "committee", TeamKind::Work),
];

impl Extractor for Sigs {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !counts(file, facts) {
            return;
        }
        for document in documents(file, facts) {
            if is_given(file) || has_leadership(&document) {
                read(&document, facts);
            }
        }
    }
}

fn groups(document: &Node) -> impl Iterator<Item = (&str, TeamKind, &Node)> {
    LISTS.iter().flat_map(|(list, label, kind)| {
        let groups = document.get(list).map_or(&[][..], Node::items);
        groups.iter().map(|group| (*label, *kind, group))
    })
}

/// Whether any group says where it lives and who leads it.
fn has_leadership(document: &Node) -> bool {
    groups(document)
        .any(|(_, _, group)| group.get("dir").is_some() && group.get("leadership").is_some())
}

fn read(document: &Node, facts: &mut Facts<'_>) {
    let mut seen = BTreeSet::new();
    for (label, kind, group) in groups(document) {
        let Some(dir) = said(group, "dir") else {
            facts.problem(group.bytes.clone(), "a group without `dir`: left out");
            facts.parsed(Parsed::Partly);
            continue;
        };
        let leads = leads(group, &mut seen, facts);
        // Alone, a label may be the login of a person; on issues it stands with the kind of the group in front.
        let label = said(group, "label").map(|text| format!("{label}/{text}"));
        let found = Team {
            id: dir.to_owned(),
            name: said(group, "name").map(str::to_owned),
            kind,
            aliases: label.into_iter().collect(),
            leads,
            ..Team::default()
        };
        let at = group.get("dir").unwrap_or(group);
        team(facts, found, at.bytes.clone());
    }
}

/// Who leads a group now, each once; `seen`: the people of whom the file has told so far.
fn leads(group: &Node, seen: &mut BTreeSet<String>, facts: &mut Facts<'_>) -> Vec<String> {
    let mut leads: Vec<String> = Vec::new();
    for role in ["chairs", "tech_leads"] {
        let people = group.at(&["leadership", role]);
        for lead in people.map_or(&[][..], Node::items) {
            let Some(login) = said(lead, "github") else {
                facts.problem(lead.bytes.clone(), "a lead without `github`: left out");
                facts.parsed(Parsed::Partly);
                continue;
            };
            if !leads.iter().any(|known| known == login) {
                leads.push(login.to_owned());
            }
            if seen.insert(login.to_lowercase()) {
                let known = Person {
                    id: login.to_owned(),
                    name: said(lead, "name").map(str::to_owned),
                    aliases: said(lead, "email").map(str::to_owned).into_iter().collect(),
                    ..Person::default()
                };
                person(facts, known, lead.bytes.clone());
            }
        }
    }
    leads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn leads_count_once_and_those_of_before_do_not() {
        let text = "sigs:\n- dir: sig-cart\n  name: Cart\n  label: cart\n  leadership:\n    chairs: [{github: ada, name: Ada}]\n    tech_leads: [{github: ada}, {github: bob}]\n    emeritus_leads: [{github: eve}]\n";
        let told = lines(&Sigs, "sigs.yaml", text);
        assert!(
            told.contains("file team sig-cart name Cart lead ada, bob alias sig/cart [declared]"),
            "{told}"
        );
        assert_eq!(told.matches("person ada").count(), 1, "{told}");
        assert!(!told.contains("eve"), "{told}");
    }

    #[test]
    fn files_of_the_same_name_with_something_else_say_nothing() {
        let text = "sigs:\n- id: 7\n  leadership: none\n";
        assert_eq!(lines(&Sigs, "sigs.yaml", text), "");
    }
}
