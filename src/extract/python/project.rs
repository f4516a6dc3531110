//! What every manifest of a Python project says in the same facts: its name, its programs, where its sources lie.

use std::ops::Range;

use super::requirement::{is_name, normalise};
use crate::model::{Certainty, Claim, ComponentKind, Facts, Key, Offer, Subject, join};

/// A folder with a manifest, and where its facts go.
pub(super) struct Project<'a, 'f> {
    pub(super) folder: &'a str,
    pub(super) facts: &'a mut Facts<'f>,
}

impl Project<'_, '_> {
    /// The folder is a distribution with this name.
    pub(super) fn named(&mut self, name: &str, bytes: Range<usize>) -> bool {
        if !is_name(name) {
            return false;
        }
        self.component(Some(name), bytes.clone());
        let key = Key::at("pypi", format!("path:{}", self.folder), normalise(name));
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, bytes.clone());
        self.declare(
            Claim::Binds {
                key: Key::new("pypi-name", self.folder),
                value: normalise(name).into(),
            },
            bytes,
        );
        true
    }

    /// The folder is a component.
    pub(super) fn component(&mut self, name: Option<&str>, bytes: Range<usize>) {
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: name.map(Into::into),
        };
        self.declare(claim, bytes);
    }

    /// A program with the name of its distribution is what the distribution is for; others are helpers.
    pub(super) fn program(&mut self, program: &str, name: Option<&str>, bytes: Range<usize>) {
        let key = Key::new("program", program);
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, bytes.clone());
        if name.is_some_and(|name| normalise(name) == normalise(program)) {
            let key = Key::new("trait", "entry-point");
            let how = Offer::Implements;
            self.declare(Claim::Provides { key, how }, bytes);
        }
    }

    /// Modules are imported from a folder, relative to that of the manifest.
    pub(super) fn sources(&mut self, path: &str, bytes: Range<usize>) {
        let path = path.trim();
        // Globs and references say nothing that holds here.
        if path.is_empty() || path.contains(['*', '$', '%', '{', '~']) {
            return;
        }
        if let Some(path) = join(self.folder, path) {
            let claim = Claim::Binds {
                key: Key::new("python-path", ""),
                value: format!("path:{path}").into(),
            };
            self.declare(claim, bytes);
        }
    }

    /// A package lies in a folder: its sources start above it, when the folder ends like the package.
    pub(super) fn package(&mut self, package: &str, path: &str, bytes: Range<usize>) {
        let below = package.replace('.', "/");
        let path = path.trim_end_matches('/');
        let above = match path.strip_suffix(&below) {
            Some("") => ".",
            Some(above) => match above.strip_suffix('/') {
                Some(above) => above,
                None => return,
            },
            None => return,
        };
        self.sources(above, bytes);
    }

    fn declare(&mut self, claim: Claim, bytes: Range<usize>) {
        self.facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
    }
}
