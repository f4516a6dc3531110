//! Facts as text: one compact line each, without file and line, the same for the same fact.

use std::fmt::{self, Write};

use super::{
    Access, Certainty, Claim, Condition, Context, Dialect, Fact, Format, Offer, OwnershipSource,
    Selector, Strength, Subject, TeamKind,
};

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = format!("{} {}", self.subject, self.claim);
        if self.certainty != Certainty::Observed {
            write!(line, " [{}]", self.certainty.as_str())?;
        }
        if self.context != Context::Production {
            write!(line, " [{}]", self.context.as_str())?;
        }
        for (index, condition) in self.when.iter().enumerate() {
            write!(
                line,
                "{} {condition}",
                if index == 0 { " when" } else { "," }
            )?;
        }
        // Names come from files and may hold anything.
        for c in line.chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here => f.write_str("here"),
            Self::File => f.write_str("file"),
            Self::Named(key) => key.fmt(f),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variant(variant) => f.write_str(variant),
            Self::Uses(key) => write!(f, "uses {key}"),
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component { kind, name } => {
                write!(f, "is {}", kind.as_str())?;
                name.iter().try_for_each(|name| write!(f, " {name}"))
            }
            Self::Provides { key, how } => {
                write!(f, "provides {key}")?;
                f.write_str(match how {
                    Offer::Implements => "",
                    Offer::Creates => " [creates]",
                    Offer::Declares => " [declares]",
                    Offer::Maps => " [maps]",
                })
            }
            Self::Requires {
                key,
                kind,
                access,
                count,
            } => {
                write!(f, "requires {key} [{}]", kind.as_str())?;
                f.write_str(match access {
                    Access::Use => "",
                    Access::Read => " [read]",
                    Access::Write => " [write]",
                    Access::ReadWrite => " [read, write]",
                })?;
                match count {
                    1 => Ok(()),
                    count => write!(f, " ×{count}"),
                }
            }
            Self::Binds { key, value } => write!(f, "binds {key} = {value}"),
            Self::Runs { what, entry } => {
                write!(f, "runs {what}")?;
                entry.iter().try_for_each(|entry| write!(f, " {entry}"))
            }
            Self::Inherits { from, prefix } => {
                write!(f, "inherits {from}")?;
                prefix.iter().try_for_each(|prefix| write!(f, " {prefix}"))
            }
            Self::Owns {
                source,
                what,
                owners,
                strength,
                cut,
            } => {
                match source {
                    OwnershipSource::Codeowners => write!(f, "owns {what}")?,
                    other => write!(f, "owns {what} by {}", other.as_str())?,
                }
                let unreadable = matches!(what, Selector::Unreadable { .. });
                f.write_str(match owners.is_empty() && !unreadable {
                    true => " nobody",
                    false => "",
                })?;
                owners
                    .iter()
                    .try_for_each(|owner| write!(f, " {}", owner.text))?;
                f.write_str(match strength {
                    Strength::Required => "",
                    Strength::Optional => " [optional]",
                    Strength::Contact => " [contact]",
                })?;
                f.write_str(if *cut { " [cut]" } else { "" })
            }
            Self::Team(team) => {
                write!(f, "team {}", team.id)?;
                list(f, "org", team.org.as_ref().map(std::slice::from_ref))?;
                list(f, "name", team.name.as_ref().map(std::slice::from_ref))?;
                list(f, "members", team.members.as_deref())?;
                list(f, "parent", team.parent.as_ref().map(std::slice::from_ref))?;
                list(f, "lead", some(&team.leads))?;
                list(f, "includes", some(&team.includes))?;
                list(f, "alias", some(&team.aliases))?;
                list(f, "previously", some(&team.previously))?;
                list(f, "site", team.site.as_ref().map(std::slice::from_ref))?;
                list(f, "zone", team.time_zone.as_ref().map(std::slice::from_ref))?;
                match team.kind {
                    TeamKind::Work => Ok(()),
                    kind => write!(f, " [{}]", kind.as_str()),
                }
            }
            Self::Person(person) => {
                write!(f, "person {}", person.id)?;
                list(f, "name", person.name.as_ref().map(std::slice::from_ref))?;
                list(f, "alias", some(&person.aliases))?;
                list(f, "teams", some(&person.teams))?;
                let one = |text: &Option<String>| text.clone().map(|text| [text]);
                list(
                    f,
                    "manager",
                    one(&person.manager).as_ref().map(<[_; 1]>::as_slice),
                )?;
                list(
                    f,
                    "site",
                    one(&person.site).as_ref().map(<[_; 1]>::as_slice),
                )?;
                list(
                    f,
                    "zone",
                    one(&person.time_zone).as_ref().map(<[_; 1]>::as_slice),
                )?;
                f.write_str(if person.bot { " [bot]" } else { "" })?;
                f.write_str(if person.active { "" } else { " [inactive]" })
            }
            Self::Interface(interface) => {
                let format = match interface.format {
                    Format::OpenApi => "OpenAPI",
                    Format::AsyncApi => "AsyncAPI",
                    Format::Protobuf => "Protobuf",
                    Format::GraphQl => "GraphQL",
                    Format::Thrift => "Thrift",
                    Format::Avro => "Avro",
                    Format::JsonSchema => "JSON Schema",
                };
                write!(f, "interface {format} {}", interface.title)?;
                interface
                    .version
                    .iter()
                    .try_for_each(|version| write!(f, " {version}"))?;
                let (items, gaps) = (interface.items.len(), interface.gaps.len());
                write!(f, " [{items} items, {gaps} gaps]")
            }
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paths {
                pattern,
                dialect,
                section,
            } => {
                let dialect = match dialect {
                    Dialect::GitHub => "github",
                    Dialect::GitLab => "gitlab",
                    Dialect::Bitbucket => "bitbucket",
                    Dialect::Gitea => "gitea",
                    Dialect::Kubernetes => "kubernetes",
                    Dialect::Gerrit => "gerrit",
                    Dialect::Maintainers => "maintainers",
                    Dialect::Botmeta => "botmeta",
                    Dialect::Glob => "glob",
                };
                write!(f, "{dialect}:{pattern}")?;
                section
                    .iter()
                    .try_for_each(|section| write!(f, " in [{section}]"))
            }
            Self::Subtree => f.write_str("subtree"),
            Self::File => f.write_str("file"),
            Self::Subject => f.write_str("subject"),
            Self::Name(key) => key.fmt(f),
            Self::Unreadable { text, why, .. } => {
                write!(f, "by an unreadable line `{text}`: {why}")
            }
        }
    }
}

/// A list that is worth telling.
fn some(values: &[String]) -> Option<&[String]> {
    (!values.is_empty()).then_some(values)
}

/// ` name a, b` when the list is known.
fn list(f: &mut fmt::Formatter<'_>, name: &str, values: Option<&[String]>) -> fmt::Result {
    match values {
        Some(values) => write!(f, " {name} {}", values.join(", ")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DependencyKind, ExtractorId, Key, Span};

    #[test]
    fn a_fact_is_one_line() {
        let mut fact = Fact {
            subject: Subject::Here,
            claim: Claim::Requires {
                key: Key::at("cargo", "path:libs/cart", "cart\n"),
                kind: DependencyKind::LinkImpl,
                access: Access::Use,
                count: 3,
            },
            span: Span::default(),
            extractor: ExtractorId("cargo/manifest"),
            certainty: Certainty::Declared,
            context: Context::Test,
            when: vec![Condition::Variant("cfg(unix)".into())],
        };
        assert_eq!(
            fact.to_string(),
            "here requires cargo(path:libs/cart)cart\\n [link.impl] ×3 [declared] [test] when cfg(unix)"
        );
        fact = Fact {
            subject: Subject::Named(Key::new("module", "src/stub")),
            claim: Claim::Provides {
                key: Key::new("trait", "test-only"),
                how: Offer::Declares,
            },
            certainty: Certainty::Observed,
            context: Context::Production,
            when: Vec::new(),
            ..fact
        };
        assert_eq!(
            fact.to_string(),
            "module:src/stub provides trait:test-only [declares]"
        );
    }
}
