//! What the detectors of network use say of a file, each thing once.

use std::ops::Range;

use super::addresses::without_users;
use crate::model::{
    Access, Claim, Condition, Context, DependencyKind, Facts, Key, Offer, Parsed, Part, Template,
};

/// The most statements of one file, and of those the most bindings of names that other files read.
const STATEMENTS: usize = 2048;
const SLOTS: usize = 256;

/// One statement.
#[derive(Debug)]
pub(in crate::extract) struct Statement {
    pub(in crate::extract) claim: Claim,
    pub(in crate::extract) bytes: Range<usize>,
    pub(in crate::extract) when: Vec<Condition>,
    pub(in crate::extract) context: Context,
}

/// Statements of one file.
#[derive(Debug, Default)]
pub(in crate::extract) struct Said {
    pub(in crate::extract) statements: Vec<Statement>,
    slots: usize,
    /// Where something was left out, and why.
    left_out: Option<(Range<usize>, &'static str)>,
}

impl Said {
    /// The file's component uses a name.
    pub(in crate::extract) fn requires(
        &mut self,
        key: Key,
        kind: DependencyKind,
        bytes: &Range<usize>,
    ) -> Option<&mut Statement> {
        let key = Key {
            at: without_users(&key.at),
            ..key
        };
        let access = match kind {
            DependencyKind::DataRead => Access::Read,
            DependencyKind::DataUse => Access::ReadWrite,
            DependencyKind::DataWrite => Access::Write,
            _ => Access::Use,
        };
        let is_same = |statement: &&mut Statement| matches!(&statement.claim, Claim::Requires { key: known, kind: same, .. } if *known == key && *same == kind);
        if let Some(known) = self.statements.iter_mut().find(is_same) {
            if let Claim::Requires { count, .. } = &mut known.claim {
                *count = count.saturating_add(1);
            }
            return None;
        }
        let claim = Claim::Requires {
            key,
            kind,
            access,
            count: 1,
        };
        self.push(claim, bytes)
    }

    /// The file's component offers a name.
    pub(in crate::extract) fn provides(
        &mut self,
        key: Key,
        bytes: &Range<usize>,
    ) -> Option<&mut Statement> {
        let how = Offer::Implements;
        self.once(Claim::Provides { key, how }, bytes)
    }

    /// In the file's component a name means a value.
    pub(in crate::extract) fn binds(
        &mut self,
        key: Key,
        value: Template,
        bytes: &Range<usize>,
    ) -> Option<&mut Statement> {
        let value = without_users(&value);
        if key.namespace.0 == "slot" {
            if self.slots >= SLOTS {
                self.cut(bytes);
                return None;
            }
            self.slots += 1;
        }
        self.once(Claim::Binds { key, value }, bytes)
    }

    fn once(&mut self, claim: Claim, bytes: &Range<usize>) -> Option<&mut Statement> {
        match self.statements.iter().any(|known| known.claim == claim) {
            true => None,
            false => self.push(claim, bytes),
        }
    }

    fn push(&mut self, claim: Claim, bytes: &Range<usize>) -> Option<&mut Statement> {
        if self.statements.len() >= STATEMENTS {
            self.cut(bytes);
            return None;
        }
        self.statements.push(Statement {
            claim,
            bytes: bytes.clone(),
            when: Vec::new(),
            context: Context::Production,
        });
        self.statements.last_mut()
    }

    /// A file that is not read at all.
    pub(in crate::extract) fn of_bundle() -> Self {
        Self {
            left_out: Some((0..0, "a bundle of other files; only its imports are read")),
            ..Self::default()
        }
    }

    /// A bound bit: some of the file is not read.
    pub(in crate::extract) fn cut(&mut self, bytes: &Range<usize>) {
        let message = "too many addresses in one file; the rest is not read";
        self.left_out.get_or_insert((bytes.clone(), message));
    }

    /// States everything, `offset` bytes further on.
    pub(in crate::extract) fn state(self, offset: usize, facts: &mut Facts<'_>) {
        let moved = |bytes: &Range<usize>| bytes.start + offset..bytes.end + offset;
        for statement in self.statements {
            let subject = crate::model::Subject::Here;
            let fact = facts.push(subject, statement.claim, moved(&statement.bytes));
            fact.context = fact.context.join(statement.context);
            fact.when = statement.when;
        }
        // What a machine made counts as generated, and is expected to be large.
        if let Some((bytes, message)) = self.left_out
            && facts.context() != Context::Generated
        {
            facts.problem(moved(&bytes), message);
            facts.parsed(Parsed::Partly);
        }
    }
}

impl Statement {
    /// Holds only in a component that uses a package.
    pub(in crate::extract) fn with(&mut self, ecosystem: &'static str, package: &str) -> &mut Self {
        self.when
            .push(Condition::Uses(Key::new(ecosystem, package)));
        self
    }

    /// Holds on the machines of developers.
    pub(in crate::extract) fn for_development(&mut self) -> &mut Self {
        self.context = Context::Development;
        self
    }
}

/// Whether a text is worth binding: it refers to something, or looks like an address.
pub(in crate::extract) fn is_worth_binding(text: &Template) -> bool {
    let refers = text.0.iter().any(|part| matches!(part, Part::Ref(_)));
    refers || text.as_text().is_some_and(is_address)
}

/// Whether a text looks like an address: a URL, `host:port`, the name of a host or of a topic.
pub(in crate::extract) fn is_address(text: &str) -> bool {
    if text.len() > 256 || text.contains(char::is_whitespace) {
        return false;
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return !rest.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
    }
    if let Some((host, port)) = text.rsplit_once(':') {
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        return is_port
            && !host.is_empty()
            && host
                .split(',')
                .all(|host| is_host(host.split(':').next().unwrap_or_default()));
    }
    is_host(text)
}

/// A word that may be the name of a host or of a topic.
fn is_host(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}
