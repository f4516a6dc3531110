//! Which artifacts from elsewhere does a build name, and what is a configuration for?
//!
//! Sources: <https://www.scala-sbt.org/1.x/docs/Library-Dependencies.html>, <https://www.scala-sbt.org/1.x/docs/Scopes.html>.

use std::ops::Range;

use super::build::Reader;
use crate::model::{Certainty, Claim, Context, DependencyKind, Key, Subject};

impl Reader<'_, '_, '_> {
    /// `"group" %% "name" % "version" % Test`
    pub(super) fn artifacts(&mut self, subject: &Subject, range: Range<usize>) {
        let tokens = self.tokens;
        for at in range {
            let Some(group) = tokens.literal(at) else {
                continue;
            };
            let mut next = at + 1;
            while tokens.is(next, b'%') {
                next += 1;
            }
            let Some(name) = tokens.literal(next).filter(|_| next > at + 1) else {
                continue;
            };
            // A part of a longer chain is no group.
            if at > 0 && tokens.is(at - 1, b'%') || group.contains('$') || name.contains('$') {
                continue;
            }
            let mut context = Context::Production;
            let mut end = next + 1;
            let mut terms = 0;
            while tokens.is(end, b'%') && terms < 3 {
                terms += 1;
                if terms > 1 || tokens.literal(end + 1).is_none() {
                    context = context.join(self.configuration(end + 1));
                }
                end += 2;
                while tokens.is(end, b'.') {
                    end += 2;
                }
            }
            let key = Key::new("maven", format!("{group}:{name}"));
            self.require(subject, key, context, tokens.bytes(at));
        }
    }

    pub(super) fn require(
        &mut self,
        subject: &Subject,
        key: Key,
        context: Context,
        bytes: Range<usize>,
    ) {
        let claim = Claim::Requires {
            key,
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let fact = self.facts.push(subject.clone(), claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.context = context;
    }

    /// What a configuration is for: `Test`, `"test->test;compile->compile"`, `"provided"`, or a value that is one of these.
    pub(super) fn configuration(&self, at: usize) -> Context {
        let tokens = self.tokens;
        let test = |name: &str| {
            let name = name.trim().to_ascii_lowercase();
            name.ends_with("test") || matches!(&*name, "it" | "multi-jvm" | "test-internal")
        };
        let value = self.names.template(at..at + 1);
        let text = value.as_text().or(tokens.word(at)).unwrap_or_default();
        let is_test = !text.is_empty()
            && text
                .split(';')
                .map(|pair| pair.split("->").next().unwrap_or(pair))
                .flat_map(|left| left.split(','))
                .all(test);
        match is_test {
            true => Context::Test,
            false => Context::Production,
        }
    }
}
