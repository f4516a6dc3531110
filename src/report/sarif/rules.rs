//! The rules as SARIF describes them.

use super::super::findings::other_rules;
use super::shape::{Configuration, Driver, Help, Rule, RuleProperties, Text};
use crate::model::{Clause, Finding, Level, RuleId};
use crate::rules::{RULES, RuleInfo};

/// GitHub cuts descriptions behind 1,024 characters.
const DESCRIPTION: usize = 1_000;

/// The rules of a document: the listed ones, and others that its findings name.
pub(super) struct Known {
    other: Vec<RuleId>,
}

impl Known {
    pub(super) fn of(findings: &[&Finding]) -> Self {
        let listed: Vec<&str> = RULES.iter().map(|rule| rule.info().id.0).collect();
        Self {
            other: other_rules(findings, &listed),
        }
    }

    /// The place of a rule in the document.
    pub(super) fn index(&self, id: RuleId) -> Option<usize> {
        let listed = RULES.iter().map(|rule| rule.info().id);
        let mut all = listed.chain(self.other.iter().copied());
        all.position(|known| known == id)
    }

    /// The program and its rules.
    pub(super) fn driver(&self) -> Driver {
        let mut driver = driver();
        driver.rules.extend(self.other.iter().map(|id| other(*id)));
        driver
    }
}

fn driver() -> Driver {
    Driver {
        name: "twopizza",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: RULES.iter().map(|one| rule(one.info())).collect(),
    }
}

/// A rule without a page.
fn other(id: RuleId) -> Rule {
    let text = id.0.replace('-', " ");
    Rule {
        id: id.0,
        name: pascal(id.0),
        short_description: Text { text: text.clone() },
        full_description: Text { text: text.clone() },
        help_uri: env!("CARGO_PKG_REPOSITORY").to_owned(),
        help: Help {
            markdown: text.clone(),
            text,
        },
        default_configuration: Configuration {
            enabled: true,
            level: "warning",
        },
        properties: RuleProperties {
            tags: vec!["architecture".to_owned()],
            severity: "warning",
        },
    }
}

fn rule(info: &RuleInfo) -> Rule {
    let id = info.id.0;
    let level = match info.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    };
    let severity = match info.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "recommendation",
    };
    Rule {
        id,
        name: pascal(id),
        short_description: Text {
            text: info.summary.to_owned(),
        },
        full_description: Text {
            text: description(info),
        },
        help_uri: format!(
            "{}/blob/main/docs/rules/{id}.md",
            env!("CARGO_PKG_REPOSITORY")
        ),
        help: Help {
            text: info.docs.to_owned(),
            markdown: info.docs.to_owned(),
        },
        default_configuration: Configuration {
            enabled: info.level > Level::Allow,
            level,
        },
        properties: RuleProperties {
            tags: vec!["architecture".to_owned(), tag(info.clause)],
            severity,
        },
    }
}

/// `DirectLink` for `direct-link`.
fn pascal(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn tag(clause: Clause) -> String {
    let text = clause.as_str();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("clause-{text}")
    } else {
        text.to_owned()
    }
}

/// What the page says first, in one line; the summary when the page has no such section.
fn description(info: &RuleInfo) -> String {
    let section = info.docs.split("\n## What it does\n").nth(1);
    let section = section.and_then(|rest| rest.split("\n## ").next());
    let text = section.unwrap_or(info.summary);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    super::fit(
        if text.is_empty() { info.summary } else { &text },
        DESCRIPTION,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described_within_the_limits_of_github() {
        let driver = driver();
        assert_eq!(driver.rules.len(), RULES.len());
        for rule in driver.rules {
            for text in [&rule.short_description.text, &rule.full_description.text] {
                assert!(
                    !text.is_empty() && text.chars().count() <= 1024,
                    "{}",
                    rule.id
                );
            }
            assert!(rule.properties.tags.len() <= 10);
        }
    }

    #[test]
    fn a_rule_is_found_in_the_list_and_has_a_readable_name() {
        let known = Known::of(&[]);
        let at = known.index(RuleId("direct-link")).unwrap();
        assert_eq!(known.driver().rules[at].name, "DirectLink");
        assert_eq!(known.index(RuleId("no-such-rule")), None);
    }
}
