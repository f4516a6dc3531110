//! The stack of a compose file: all compose files of one folder say what they say about the same services.

use std::ops::Range;

use crate::extract::interpolation::{Escape, template};
use crate::model::{
    Certainty, Claim, Condition, Context, Facts, Key, Parsed, Part, RepoPath, Subject, Template,
};

/// The most facts of one file.
const FACTS: usize = 16 << 10;

/// Where facts of one file go.
pub(super) struct Stack<'a, 'f> {
    /// The folder to which paths are relative.
    pub(super) folder: &'a str,
    variant: Option<Box<str>>,
    context: Context,
    left: usize,
    facts: &'a mut Facts<'f>,
}

impl<'a, 'f> Stack<'a, 'f> {
    pub(super) fn new(path: &'a RepoPath, facts: &'a mut Facts<'f>) -> Self {
        let (variant, context) = variant(path.file_name());
        Self {
            folder: path.parent(),
            variant: variant.map(Into::into),
            context,
            left: FACTS,
            facts,
        }
    }

    /// The name of a service of the stack in a folder.
    pub(super) fn subject(folder: &str, service: &str) -> Key {
        Key::at("compose", format!("path:{}", shown(folder)), service)
    }

    /// The name of a host in the network of this stack.
    pub(super) fn host(&self, name: impl Into<Template>) -> Key {
        Key::at("host", format!("compose:{}", shown(self.folder)), name)
    }

    /// States a claim about a named thing; `profiles` are those of the service.
    pub(super) fn state(
        &mut self,
        subject: Key,
        claim: Claim,
        bytes: Range<usize>,
        profiles: &[Box<str>],
    ) {
        self.push(Subject::Named(subject), claim, bytes, profiles);
    }

    /// States a claim.
    pub(super) fn push(
        &mut self,
        subject: Subject,
        claim: Claim,
        bytes: Range<usize>,
        profiles: &[Box<str>],
    ) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = format!("more than {FACTS} statements; the rest is not read");
            self.left_out(bytes, message);
            return;
        }
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.context = fact.context.join(self.context);
        let variants = self.variant.iter().chain(profiles);
        fact.when = variants.cloned().map(Condition::Variant).collect();
    }

    /// Tells that a bound bites.
    pub(super) fn left_out(&mut self, bytes: Range<usize>, message: String) {
        self.facts.problem(bytes, message);
        self.facts.parsed(Parsed::Partly);
    }

    /// A text of the file with its variables: they stand in the `.env` file beside it.
    pub(super) fn template(&self, text: &str) -> Template {
        let place = format!("path:{}/.env", shown(self.folder));
        let place = place.replace("path:./", "path:");
        template(text, Escape::Dollar, &|name, default| {
            Template::reference(Key::at("env", place.as_str(), name), default)
        })
    }

    /// The text with what its defaults say; `None` when a variable has no default.
    pub(super) fn assumed(&self, text: &str) -> Option<String> {
        fn read(template: &Template) -> Option<String> {
            let parts = template.0.iter().map(|part| match part {
                Part::Text(text) => Some(text.to_string()),
                Part::Ref(reference) => read(reference.default.as_ref()?),
                Part::Hole | Part::Star => None,
            });
            parts.collect()
        }
        read(&self.template(text))
    }
}

/// The folder as people write it.
fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

/// What the name of a compose file adds to `compose`, and what the file then is for.
fn variant(name: &str) -> (Option<&str>, Context) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let added = stem
        .split_once("compose")
        .map_or("", |(_, added)| added)
        .trim_matches(['.', '-', '_']);
    if added.is_empty() {
        return (None, Context::Production);
    }
    let context = added
        .split(['.', '-', '_'])
        .map(|word| match word.to_ascii_lowercase().as_str() {
            "debug" | "dev" | "devel" | "development" | "local" | "override" => {
                Context::Development
            }
            "ci" | "e2e" | "integration" | "test" | "testing" | "tests" => Context::Test,
            _ => Context::Production,
        })
        .fold(Context::Production, Context::join);
    (Some(added), context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_tell_what_they_are_for() {
        for (name, expected) in [
            ("docker-compose.yml", (None, Context::Production)),
            ("compose.yaml", (None, Context::Production)),
            ("compose.prod.yaml", (Some("prod"), Context::Production)),
            (
                "docker-compose.override.yml",
                (Some("override"), Context::Development),
            ),
            (
                "docker-compose-dev.yml",
                (Some("dev"), Context::Development),
            ),
            ("docker-compose.ci.yml", (Some("ci"), Context::Test)),
            ("docker-stack.yml", (None, Context::Production)),
        ] {
            assert_eq!(variant(name), expected, "{name}");
        }
    }
}
