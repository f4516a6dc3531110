//! Texts that code puts together, as far as one file shows them: literals, concatenation, constants, defaults.
//!
//! Every language reads its expressions into [`Text`], once; what they come to is said here, for all of them.
//! What is bound in another file stays a reference, which resolving folds.

use std::collections::HashMap;

use crate::model::{Key, Part, Ref, Template, join};

/// The longest chain of constants that are defined by each other.
const DEPTH: usize = 16;

/// An expression that gives a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Literal(String),
    /// One after the other: `a + b`, `"{}/{}".format(a, b)`, `` `${a}/${b}` ``.
    Join(Vec<Text>),
    /// Pieces of a path, as `path.join`, `os.path.join` and `File.join` have it.
    Path(Vec<Text>),
    /// A name of this file: a constant or a variable that is assigned once.
    Local(String),
    /// A name that is bound elsewhere: an environment variable, a property, a constant of another file.
    Bound(Key),
    /// The first, or the second where the first gives nothing: `a || b`, `a ?? b`, `getenv("A", "b")`.
    Or(Box<Text>, Box<Text>),
    /// What nothing in the file tells.
    Unknown,
}

/// The constants of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Constants {
    /// `None`: assigned more than once, so that no value is certain.
    values: HashMap<String, Option<Text>>,
}

impl Constants {
    /// A constant means a text; one that is defined twice means nothing certain.
    pub(super) fn define(&mut self, name: impl Into<String>, value: Text) {
        self.values
            .entry(name.into())
            .and_modify(|known| *known = None)
            .or_insert(Some(value));
    }

    /// What an expression comes to.
    pub(super) fn template(&self, text: &Text) -> Template {
        self.fold(text, 0)
    }

    /// What an expression comes to, when it is text alone.
    pub(super) fn literal(&self, text: &Text) -> Option<String> {
        self.template(text).as_text().map(str::to_owned)
    }

    fn fold(&self, text: &Text, depth: usize) -> Template {
        let hole = || Template(vec![Part::Hole]);
        if depth > DEPTH {
            return hole();
        }
        match text {
            Text::Literal(text) => Template::text(text.as_str()),
            Text::Join(parts) => {
                let mut joined = Template::default();
                for part in parts {
                    joined.extend(&self.fold(part, depth + 1));
                }
                joined
            }
            Text::Path(parts) => self.path(parts, depth),
            Text::Local(name) => match self.values.get(name) {
                Some(Some(value)) => self.fold(value, depth + 1),
                _ => hole(),
            },
            Text::Bound(key) => Template::from(key.clone()),
            Text::Or(first, second) => {
                or(self.fold(first, depth + 1), || self.fold(second, depth + 1))
            }
            Text::Unknown => hole(),
        }
    }

    /// Pieces joined by `/`; `.` and `..` are worked out where everything is known.
    fn path(&self, parts: &[Text], depth: usize) -> Template {
        let mut joined = Template::default();
        for part in parts {
            let part = self.fold(part, depth + 1);
            if !joined.is_empty() && !part.is_empty() {
                joined.push(Part::Text("/".into()));
            }
            joined.extend(&part);
        }
        match joined.as_text().and_then(|path| join("", path)) {
            Some(path) => Template::text(path),
            None => joined,
        }
    }
}

/// A reference takes the default; what is known needs none; what is unknown stays so.
fn or(first: Template, second: impl FnOnce() -> Template) -> Template {
    match first.0.as_slice() {
        [] => second(),
        [Part::Ref(reference)] if reference.default.is_none() => {
            Template(vec![Part::Ref(Box::new(Ref {
                key: reference.key.clone(),
                default: Some(second()),
            }))])
        }
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Text {
        Text::Literal(text.to_owned())
    }

    fn local(name: &str) -> Text {
        Text::Local(name.to_owned())
    }

    fn env(name: &str) -> Text {
        Text::Bound(Key::new("env", name))
    }

    #[test]
    fn constants_are_put_in_where_they_are_named() {
        let mut constants = Constants::default();
        constants.define("HOST", literal("cart"));
        constants.define("BASE", Text::Join(vec![literal("http://"), local("HOST")]));
        let url = Text::Join(vec![local("BASE"), literal("/items")]);
        assert_eq!(
            constants.literal(&url).as_deref(),
            Some("http://cart/items")
        );
    }

    #[test]
    fn what_is_assigned_twice_or_by_itself_is_not_known() {
        let mut constants = Constants::default();
        constants.define("TWICE", literal("a"));
        constants.define("TWICE", literal("b"));
        constants.define("SELF", Text::Join(vec![local("SELF"), literal("x")]));
        assert_eq!(constants.template(&local("TWICE")).to_string(), "{}");
        assert!(constants.literal(&local("SELF")).is_none());
        let partly = Text::Join(vec![literal("a/"), local("MISSING"), literal("/b")]);
        assert_eq!(constants.template(&partly).to_string(), "a/{}/b");
    }

    #[test]
    fn a_default_stays_with_its_reference() {
        let constants = Constants::default();
        let or = |a, b| Text::Or(Box::new(a), Box::new(b));
        let host = or(env("CART_HOST"), or(env("HOST"), literal("cart")));
        assert_eq!(
            constants.template(&host).to_string(),
            "${env:CART_HOST|${env:HOST|cart}}"
        );
        assert_eq!(
            constants
                .template(&or(literal("a"), literal("b")))
                .to_string(),
            "a"
        );
        assert_eq!(
            constants
                .template(&or(literal(""), literal("b")))
                .to_string(),
            "b"
        );
        assert_eq!(
            constants
                .template(&or(Text::Unknown, literal("b")))
                .to_string(),
            "{}"
        );
    }

    #[test]
    fn paths_are_worked_out() {
        let constants = Constants::default();
        let path = |parts: &[&str]| Text::Path(parts.iter().map(|part| literal(part)).collect());
        assert_eq!(
            constants
                .literal(&path(&["services/cart", "..", "common/x.py"]))
                .as_deref(),
            Some("services/common/x.py")
        );
        assert_eq!(constants.literal(&path(&["", "a"])).as_deref(), Some("a"));
        // A path that leaves the repository stays as it is written.
        assert_eq!(
            constants.literal(&path(&["a", "../..", "b"])).as_deref(),
            Some("a/../../b")
        );
    }
}
