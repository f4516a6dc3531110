//! What descriptors of teams, services and packages share when they tell who owns something.

use std::ops::Range;

use super::tree::{Node, Value};
use crate::model::{
    Certainty, Claim, Context, Dialect, Facts, Owner, OwnerForm, OwnershipSource, Parsed, Selector,
    SourceFile, Strength, Subject,
};

/// The most statements of one file.
const STATEMENTS: usize = 4096;

/// States who owns what; the span is the line that decides.
pub(super) struct Statements<'a, 'f> {
    pub(super) facts: &'a mut Facts<'f>,
    source: OwnershipSource,
    left: usize,
}

impl<'a, 'f> Statements<'a, 'f> {
    pub(super) fn new(facts: &'a mut Facts<'f>, source: OwnershipSource) -> Self {
        Self {
            facts,
            source,
            left: STATEMENTS,
        }
    }

    /// The owners of what the selector means; none: explicitly nobody.
    pub(super) fn owns(&mut self, what: Selector, owners: Vec<Owner>, bytes: Range<usize>) {
        self.owns_as(what, owners, Strength::Required, bytes);
    }

    /// Likewise, with how binding it is.
    pub(super) fn owns_as(
        &mut self,
        what: Selector,
        owners: Vec<Owner>,
        strength: Strength,
        bytes: Range<usize>,
    ) {
        self.push(what, owners, strength, false, bytes);
    }

    /// Takes paths out of what the file gives.
    pub(super) fn cuts(&mut self, what: Selector, bytes: Range<usize>) {
        self.push(what, Vec::new(), Strength::Required, true, bytes);
    }

    fn push(
        &mut self,
        what: Selector,
        owners: Vec<Owner>,
        strength: Strength,
        cut: bool,
        bytes: Range<usize>,
    ) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = format!(
                "more than {} statements: the rest is not read",
                STATEMENTS - 1
            );
            self.wrong(bytes, message);
            return;
        }
        let claim = Claim::Owns {
            source: self.source,
            what,
            owners,
            strength,
            cut,
        };
        self.facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
    }

    /// Something that is not understood; the rest of the file counts.
    pub(super) fn wrong(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        self.facts.problem(bytes, message);
        self.facts.parsed(Parsed::Partly);
    }

    /// The owner that a scalar names; what is none is told.
    pub(super) fn owner(&mut self, node: &Node) -> Option<Owner> {
        let Some(text) = node.text().map(str::trim) else {
            if node.value != Value::Null {
                self.wrong(node.bytes.clone(), "an owner must be a text");
            }
            return None;
        };
        if let Some(why) = fault(text) {
            self.wrong(node.bytes.clone(), format!("`{text}` is no owner: {why}"));
            return None;
        }
        Some(owner(text))
    }

    /// The owners that a scalar or a list names.
    pub(super) fn owners(&mut self, node: &Node) -> Vec<Owner> {
        let nodes = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        nodes.iter().filter_map(|node| self.owner(node)).collect()
    }
}

/// A handle or an address as such, anything else as the bare name of a team.
pub(super) fn owner(text: &str) -> Owner {
    Owner::parse(text).unwrap_or_else(|| Owner {
        text: text.into(),
        form: match text.split_once('/') {
            // `acme/cart`, as GitHub and others write it without a sign in front.
            Some((org, slug)) if !org.is_empty() && !slug.is_empty() && !slug.contains('/') => {
                OwnerForm::TeamHandle
            }
            _ => OwnerForm::Group,
        },
    })
}

/// Why a text cannot be the name of an owner.
fn fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("it is empty")
    } else if ["{{", "${", "<%", "%{"]
        .iter()
        .any(|sign| text.contains(sign))
    {
        Some("it is a template that nothing fills in here")
    } else if text.len() > 200 || text.chars().any(char::is_control) {
        Some("it is longer than 200 bytes or has control characters")
    } else {
        None
    }
}

/// A pattern over paths from the root, for what a file in `folder` says of paths from there.
pub(super) fn glob(folder: &str, pattern: &str) -> Selector {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    let pattern = match folder {
        "" => pattern.to_owned(),
        folder => format!("{}/{pattern}", globset::escape(folder)),
    };
    Selector::Paths {
        pattern: pattern.into(),
        dialect: Dialect::Glob,
        section: None,
    }
}

/// Whether the bytes have a word at all: cheaper than reading the document.
pub(super) fn mentions(file: &SourceFile<'_>, word: &str) -> bool {
    memchr::memmem::find(file.bytes, word.as_bytes()).is_some()
}

/// Whether a file lies among tests: what it describes is made up, or a sample.
pub(super) fn is_sample(facts: &Facts<'_>) -> bool {
    facts.context() == Context::Test
}
