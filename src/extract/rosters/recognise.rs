//! Which format has a roster of which only the name and the content are known?

use super::{csv, documents, peribolos};
use crate::extract::tree::{self, Node};
use crate::model::{RosterFormat, without_bom};

/// The extractors of a format, by id.
pub(in crate::extract) fn extractors(format: RosterFormat) -> &'static [&'static str] {
    match format {
        RosterFormat::Backstage => &["rosters/backstage"],
        RosterFormat::Csv => &["rosters/csv"],
        RosterFormat::GitHub => &["rosters/github"],
        RosterFormat::Google => &["rosters/google"],
        RosterFormat::Ldif => &["rosters/ldif"],
        RosterFormat::Peribolos => &["rosters/peribolos"],
        RosterFormat::RustTeam => &["rosters/rust-people", "rosters/rust-teams"],
        RosterFormat::Scim => &["rosters/scim"],
        RosterFormat::Sigs => &["rosters/sigs"],
    }
}

/// The format that name and content tell; `None` when they tell none.
pub fn recognise(path: &str, bytes: &[u8]) -> Option<RosterFormat> {
    let text = String::from_utf8_lossy(without_bom(bytes));
    let text = &*text;
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "csv" | "tsv" => Some(RosterFormat::Csv),
        "ldif" | "ldf" => Some(RosterFormat::Ldif),
        "toml" => is_rust_team(text).then_some(RosterFormat::RustTeam),
        "yaml" | "yml" => tree::yaml(text).0.iter().find_map(of_document),
        "json" => of_json(text),
        _ if text.trim_start().starts_with(['{', '[']) => of_json(text),
        _ if is_ldif(text) => Some(RosterFormat::Ldif),
        _ if csv::is_table(without_bom(bytes)) => Some(RosterFormat::Csv),
        _ => None,
    }
}

fn is_rust_team(text: &str) -> bool {
    let is_person = text.contains("github-id") && text.contains("github");
    text.contains("[people]") || is_person
}

/// The first line that says something is a version or the name of a record.
fn is_ldif(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with("dn:") || line.starts_with("version:")
    })
}

/// Formats of JSON have signs that no other has; the one that is left is GitHub's.
fn of_json(text: &str) -> Option<RosterFormat> {
    let has = |sign: &str| text.contains(sign);
    if has("urn:ietf:params:scim:") {
        return Some(RosterFormat::Scim);
    }
    if has("admin#directory#") || has("\"primaryEmail\"") || has("\"directMembersCount\"") {
        return Some(RosterFormat::Google);
    }
    let (documents, _) = tree::json_pages(text);
    let found = documents.iter().find_map(of_document);
    found.or_else(|| {
        let is_github = documents.iter().any(is_github);
        is_github.then_some(RosterFormat::GitHub)
    })
}

fn of_document(document: &Node) -> Option<RosterFormat> {
    let entity = document.items().first().unwrap_or(document);
    let version = entity.text_of("apiVersion").unwrap_or_default();
    let has_list = |key: &str| {
        document
            .get(key)
            .is_some_and(|node| !node.items().is_empty())
    };
    if version.starts_with("backstage.io/") {
        Some(RosterFormat::Backstage)
    } else if has_list("sigs") || has_list("workinggroups") {
        Some(RosterFormat::Sigs)
    } else if document.get("orgs").is_some() || peribolos::is_organisation(document) {
        Some(RosterFormat::Peribolos)
    } else {
        None
    }
}

/// An answer of GraphQL, a list of teams or of users, or a map from teams to logins.
fn is_github(document: &Node) -> bool {
    if document.at(&["data", "organization"]).is_some() {
        return true;
    }
    match document.items() {
        [] => {
            let entries = document.entries();
            !entries.is_empty() && entries.iter().all(|entry| documents::is_list(&entry.value))
        }
        [first, ..] => {
            let is_one = |key: &str| first.get(key).is_some();
            is_one("slug") || is_one("login") || is_github(first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_content_tell_the_format() {
        let told = |path: &str, text: &str| recognise(path, text.as_bytes());
        assert_eq!(told("people.csv", ""), Some(RosterFormat::Csv));
        assert_eq!(told("export", "login;team\n"), Some(RosterFormat::Csv));
        assert_eq!(told("export", "# a\ndn: cn=cart"), Some(RosterFormat::Ldif));
        assert_eq!(
            told("a.json", "[[{\"slug\": \"cart\"}]]"),
            Some(RosterFormat::GitHub)
        );
        assert_eq!(
            told("a.json", "{\"cart\": [\"ada\"]}"),
            Some(RosterFormat::GitHub)
        );
        let scim = "{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"]}";
        assert_eq!(told("a", scim), Some(RosterFormat::Scim));
        assert_eq!(
            told("a.json", "{\"primaryEmail\": \"a@b.example\"}"),
            Some(RosterFormat::Google)
        );
        assert_eq!(
            told("a.yml", "teams:\n  cart: {members: [ada]}\n"),
            Some(RosterFormat::Peribolos)
        );
        let group = "apiVersion: backstage.io/v1alpha1\nkind: Group\n";
        assert_eq!(told("a.yaml", group), Some(RosterFormat::Backstage));
        assert_eq!(
            told("cart.toml", "[people]\n"),
            Some(RosterFormat::RustTeam)
        );
    }

    #[test]
    fn every_format_has_extractors() {
        let known: Vec<&str> = crate::extract::EXTRACTORS
            .iter()
            .map(|one| one.info().id.0)
            .collect();
        for (format, text) in RosterFormat::ALL {
            for id in extractors(*format) {
                assert!(known.contains(id), "{text}: {id}");
            }
        }
    }

    #[test]
    fn what_is_no_roster_has_no_format() {
        for (path, text) in [
            ("a.json", "{\"name\": \"cart\"}"),
            ("a.json", ""),
            ("a.yaml", "- 1\n"),
            ("notes.txt", "Dear all, the team meets\n"),
            ("a.toml", "[package]\n"),
        ] {
            assert_eq!(recognise(path, text.as_bytes()), None, "{path} {text}");
        }
    }
}
