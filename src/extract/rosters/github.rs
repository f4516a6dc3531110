//! Which teams has a GitHub organisation, and who is directly in them?
//!
//! Source: <https://docs.github.com/en/graphql/reference/objects#team>. Read are pages of the GraphQL query that
//! `docs/guides/rosters.md` gives, the answers of `GET /orgs/{org}/teams` and `GET /orgs/{org}/teams/{slug}/members`,
//! and a map from slugs to logins.

use super::documents::{documents, is_list, texts};
use super::{github_team, team};
use crate::extract::tree::Node;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile, Team};

/// Reads teams as GitHub gives them.
#[derive(Debug)]
pub(in crate::extract) struct GitHub;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/github"),
    summary: "Teams and people of a GitHub organisation, as its API gives them",
    globs: &[".twopizza/rosters/github/*"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for GitHub {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        for document in documents(file, facts) {
            // With `--slurp`, the pages of an answer are a list.
            let pages = match document.items() {
                [first, ..] if is_list(first) || is_answer(first) => document.items(),
                _ => std::slice::from_ref(&document),
            };
            for page in pages {
                read(page, file, facts);
            }
        }
    }
}

fn read(page: &Node, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    if let Some(organisation) = page.at(&["data", "organization"]) {
        let org = organisation.text_of("login");
        let teams = organisation.at(&["teams", "nodes"]);
        teams_of(org, teams, facts);
        incomplete(teams, facts);
    } else if page.items().iter().any(|one| one.get("login").is_some()) {
        members_of(page, file, facts);
    } else if is_list(page) {
        teams_of(None, Some(page), facts);
    } else if page.entries().iter().any(|entry| is_list(&entry.value)) {
        merged(page, facts);
    } else {
        facts.problem(
            page.bytes.clone(),
            "not read: neither an answer of GitHub's GraphQL, nor a list of teams or members, nor a map of slugs to logins",
        );
        facts.parsed(Parsed::Partly);
    }
}

fn is_answer(node: &Node) -> bool {
    node.at(&["data", "organization"]).is_some()
}

/// An answer of `GET /orgs/{org}/teams/{slug}/members`, in a file that is called like the team.
fn members_of(page: &Node, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    let name = file.path.file_name();
    let slug = name.rsplit_once('.').map_or(name, |(slug, _)| slug);
    let members = page.items().iter().filter_map(|one| one.text_of("login"));
    let found = Team {
        members: Some(members.map(str::to_owned).collect()),
        ..github_team(None, slug)
    };
    team(facts, found, page.bytes.start..page.bytes.start + 1);
}

fn teams_of(org: Option<&str>, teams: Option<&Node>, facts: &mut Facts<'_>) {
    for node in teams.map_or(&[][..], Node::items) {
        let Some(slug) = node.text_of("slug").or_else(|| node.text_of("name")) else {
            facts.problem(node.bytes.clone(), "a team without a slug: left out");
            facts.parsed(Parsed::Partly);
            continue;
        };
        let org = org.or_else(|| organisation_of(node.text_of("html_url")?));
        let org = org.or_else(|| node.get("organization")?.text_of("login"));
        let parent = ["parentTeam", "parent"]
            .iter()
            .find_map(|key| node.get(key)?.text_of("slug"));
        let found = Team {
            name: node
                .text_of("name")
                .filter(|name| *name != slug)
                .map(str::to_owned),
            parent: parent.map(|parent| match org {
                Some(org) => format!("{org}/{parent}"),
                None => parent.to_owned(),
            }),
            members: node.get("members").map(people),
            ..github_team(org, slug)
        };
        team(facts, found, node.bytes.clone());
    }
}

/// The organisation in the address of a team: `https://github.com/orgs/acme/teams/cart`.
fn organisation_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("/orgs/")?;
    let (org, _) = rest.split_once("/teams/")?;
    Some(org)
}

/// The members; none where the answer does not tell them.
///
/// Who maintains the team may change it, which makes nobody its lead.
fn people(members: &Node) -> Vec<String> {
    let login = |node: &Node| Some(node.text_of("login").or_else(|| node.text())?.to_owned());
    match members.get("edges") {
        Some(edges) => {
            let nodes = edges.items().iter();
            nodes.filter_map(|edge| login(edge.get("node")?)).collect()
        }
        None => {
            let nodes = members.get("nodes").unwrap_or(members);
            nodes.items().iter().filter_map(login).collect()
        }
    }
}

/// Tells of teams whose people do not fit on the page.
fn incomplete(teams: Option<&Node>, facts: &mut Facts<'_>) {
    for team in teams.map_or(&[][..], Node::items) {
        let next = team.at(&["members", "pageInfo", "hasNextPage"]);
        if next.and_then(Node::text) == Some("true") {
            facts.problem(
                team.bytes.clone(),
                "this team has more people than the page holds: it is read with fewer than it has",
            );
        }
    }
}

fn merged(document: &Node, facts: &mut Facts<'_>) {
    for entry in document.entries() {
        let members = texts(Some(&entry.value)).map(|(_, login)| login.to_owned());
        let members = is_list(&entry.value).then(|| members.collect());
        let (org, slug) = match entry.key.split_once('/') {
            Some((org, slug)) => (Some(org.trim_start_matches('@')), slug),
            None => (None, entry.key.as_str()),
        };
        let found = Team {
            members,
            ..github_team(org, slug)
        };
        team(facts, found, entry.key_bytes.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    fn read(text: &str) -> String {
        lines(&GitHub, ".twopizza/rosters/github/teams.json", text)
    }

    #[test]
    fn pages_of_the_query() {
        let team = r#"{"slug": "cart", "name": "Cart", "parentTeam": {"slug": "shop"}, "members": {"pageInfo": {"hasNextPage": true}, "edges": [{"role": "MAINTAINER", "node": {"login": "ada"}}, {"role": "MEMBER", "node": {"login": "bob"}}]}}"#;
        let page = format!(
            r#"{{"data": {{"organization": {{"login": "acme", "teams": {{"nodes": [{team}]}}}}}}}}"#
        );
        let told = read(&format!("{page}\n{page}"));
        let facts: Vec<&str> = told
            .lines()
            .filter(|line| line.starts_with("file"))
            .collect();
        assert_eq!(facts.len(), 2, "{told}");
        assert!(
            facts[0].starts_with(
                "file team cart org acme name Cart members ada, bob parent acme/shop alias @acme/cart"
            ),
            "{told}"
        );
        assert!(told.contains("more people than the page holds"), "{told}");
    }

    #[test]
    fn a_list_without_members_tells_no_size() {
        let told = read(r#"[{"slug": "cart", "name": "cart", "parent": null}]"#);
        assert!(told.starts_with("file team cart [declared]"), "{told}");
    }

    #[test]
    fn a_map_of_slugs() {
        let told = read(r#"{"@acme/cart": ["ada", "bob"], "pay": []}"#);
        assert!(
            told.starts_with("file team cart org acme members ada, bob alias @acme/cart"),
            "{told}"
        );
        assert!(told.contains("file team pay members  [declared]"), "{told}");
    }

    #[test]
    fn anything_else_is_a_problem() {
        assert!(read(r#"{"message": "Not Found"}"#).contains("not read"));
        assert!(read("{").starts_with("! "), "{}", read("{"));
    }
}
