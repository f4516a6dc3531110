//! Who approves, and who reviews, what lies in the folder of a Kubernetes OWNERS file; which people an alias stands for.
//!
//! Sources of the format: <https://www.kubernetes.dev/docs/guide/owners/>, and the code that reads it,
//! <https://github.com/kubernetes-sigs/prow/blob/main/pkg/repoowners/repoowners.go>.
//! Front matter of Markdown files, which some repositories read as OWNERS, is not read.

use std::ops::Range;

use super::{Format, format};
use crate::extract::tree::{self, Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, OwnershipSource,
    Parsed, Selector, SourceFile, Strength, Subject, Team,
};

/// The file that says which people an alias stands for; one per repository, in the root.
const ALIASES: &str = "OWNERS_ALIASES";

/// Who owns, and who is asked: the keys with what they mean. Emeriti neither own nor are asked.
const ROLES: &[(&str, Strength)] = &[
    ("approvers", Strength::Required),
    ("reviewers", Strength::Contact),
    ("required_reviewers", Strength::Contact),
];

/// Reads OWNERS and OWNERS_ALIASES.
#[derive(Debug)]
pub(crate) struct Kubernetes;

impl Extractor for Kubernetes {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("owners/kubernetes"),
            summary: "approvers of folders and the people of aliases, from Kubernetes OWNERS files",
            globs: &["**/OWNERS", "OWNERS_ALIASES"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let is_aliases = &*file.path.path == ALIASES;
        let Ok(text) = std::str::from_utf8(file.bytes) else {
            facts.problem(
                0..0,
                "not UTF-8: nobody is read from it; save the file as UTF-8",
            );
            facts.parsed(Parsed::Failed);
            return;
        };
        if !is_aliases {
            match format(text) {
                Format::Kubernetes => {}
                Format::Empty | Format::Gerrit => return,
                Format::Other => {
                    facts.problem(
                        0..0,
                        "neither `approvers:` of Kubernetes nor lines of e-mail addresses as of Gerrit: nobody is read from it",
                    );
                    facts.parsed(Parsed::Failed);
                    return;
                }
            }
        }
        let (documents, wrong) = tree::yaml(text);
        for wrong in &wrong {
            facts.problem(wrong.bytes.clone(), wrong.message.clone());
        }
        if !wrong.is_empty() {
            // Half a file would give the folder to half of its owners.
            facts.parsed(Parsed::Failed);
            return;
        }
        facts.parsed(Parsed::Whole);
        // Of several documents the first is read.
        let Some(document) = documents.first() else {
            return;
        };
        match is_aliases {
            true => aliases(document, facts),
            false => owners(document, facts),
        }
    }
}

fn owners(document: &Node, facts: &mut Facts<'_>) {
    let mut any = false;
    for (role, strength) in ROLES {
        if let Some(entry) = document.entry(role) {
            any |= people(entry, &Selector::Subtree, *strength, facts);
        }
    }
    if let Some(filters) = document.entry("filters") {
        if any
            || document
                .entry("labels")
                .is_some_and(|labels| !labels.value.items().is_empty())
        {
            let why = "`filters` beside `approvers`, `reviewers` or `labels` are not used; move those into a filter `\".*\"`";
            facts.problem(filters.key_bytes.clone(), why);
        } else {
            self::filters(&filters.value, facts);
        }
    }
    let options = document.entry("options");
    let no_parent = options.and_then(|options| options.value.entry("no_parent_owners"));
    if let Some(entry) = no_parent.filter(|entry| entry.value.text() == Some("true")) {
        let at = entry.key_bytes.start..entry.value.bytes.end;
        state(
            Selector::Subtree,
            Vec::new(),
            Strength::Required,
            true,
            at,
            facts,
        );
    }
}

fn filters(filters: &Node, facts: &mut Facts<'_>) {
    for filter in filters.entries() {
        let what = Selector::Paths {
            pattern: filter.key.as_str().into(),
            dialect: Dialect::Kubernetes,
            section: None,
        };
        for (role, strength) in ROLES {
            if let Some(entry) = filter.value.entry(role) {
                people(entry, &what, *strength, facts);
            }
        }
    }
}

/// States whom a key names, at the key; whether it names anybody.
fn people(entry: &Entry, what: &Selector, strength: Strength, facts: &mut Facts<'_>) -> bool {
    let names = names(entry, facts);
    let any = !names.is_empty();
    if any {
        let owners = names.iter().map(|name| Owner {
            text: name.as_str().into(),
            form: OwnerForm::Login,
        });
        let at = entry.key_bytes.clone();
        state(what.clone(), owners.collect(), strength, false, at, facts);
    }
    any
}

fn state(
    what: Selector,
    owners: Vec<Owner>,
    strength: Strength,
    cut: bool,
    at: Range<usize>,
    facts: &mut Facts<'_>,
) {
    let claim = Claim::Owns {
        source: OwnershipSource::OwnersFile,
        what,
        owners,
        strength,
        cut,
    };
    facts.push(Subject::File, claim, at).certainty = Certainty::Declared;
}

/// The logins of a list, without the `@` that some write; what is no list is a problem.
fn names(entry: &Entry, facts: &mut Facts<'_>) -> Vec<String> {
    match &entry.value.value {
        Value::Null => Vec::new(),
        Value::List(items) => {
            let mut names: Vec<String> = Vec::new();
            for item in items {
                let name = item.text().map(|text| text.trim().trim_start_matches('@'));
                match name {
                    Some(name) if !name.is_empty() => {
                        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                            names.push(name.to_owned());
                        }
                    }
                    _ if item.value == Value::Null => {}
                    _ => facts.problem(item.bytes.clone(), "no login or alias: not used"),
                }
            }
            names
        }
        Value::Scalar { .. } | Value::Map(_) => {
            let message = format!(
                "`{}` is no list: not used; write one login a line",
                entry.key
            );
            facts.problem(entry.value.bytes.clone(), message);
            Vec::new()
        }
    }
}

/// Each alias is a team with members.
fn aliases(document: &Node, facts: &mut Facts<'_>) {
    let Some(Value::Map(entries)) = document.get("aliases").map(|node| &node.value) else {
        if document.value != Value::Null
            && document
                .get("aliases")
                .is_none_or(|node| node.value != Value::Null)
        {
            facts.problem(
                document.bytes.start..document.bytes.start,
                "no map `aliases`: no alias is known; write `aliases:` with a list of logins below each name",
            );
            facts.parsed(Parsed::Partly);
        }
        return;
    };
    for entry in entries {
        let members = names(entry, facts);
        let team = Team {
            id: entry.key.trim().trim_start_matches('@').to_owned(),
            members: Some(members),
            local: true,
            ..Team::default()
        };
        if team.id.is_empty() {
            facts.problem(entry.key_bytes.clone(), "an alias without a name: not used");
            continue;
        }
        let at = entry.key_bytes.clone();
        facts
            .push(Subject::File, Claim::Team(Box::new(team)), at)
            .certainty = Certainty::Declared;
    }
}
