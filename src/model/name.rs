//! Names as far as one file shows them: keys, and templates with references to names bound elsewhere.
//!
//! The text form, printed by `twopizza facts` and read by [`Template::parse`] and [`Key::parse`]:
//! `space(at)name`, `${space(at)name|default}` for a reference, `{}` for a hole, `*` for a star.

use std::fmt;

/// The kind of a name (`cargo`, `env`, `host`, `table`, …).
///
/// The set is open: what a namespace means (scope rule, case, look-ups) is said in `resolve/spaces`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Namespace(pub &'static str);

/// A name in a place: a table *in a store*, a host *in a network*, a symbol *in a package*.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub namespace: Namespace,
    /// The place the name lives in; empty when the namespace's scope rule tells it.
    pub at: Template,
    pub name: Template,
}

/// Text that may have pieces which another file decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Template(pub Vec<Part>);

/// One piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Text(Box<str>),
    /// A name bound elsewhere: environment, property, field, constant, Helm value, output, mount prefix.
    Ref(Box<Ref>),
    /// One piece that nothing tells.
    Hole,
    /// The rest: captures in a bound name, is substituted in its value.
    Star,
}

/// A reference to a name bound elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    pub key: Key,
    /// What holds when nothing binds the key; may hold references itself.
    pub default: Option<Template>,
}

impl Key {
    /// A key whose place the namespace's scope rule tells.
    pub fn new(namespace: &'static str, name: impl Into<Template>) -> Self {
        Self {
            namespace: Namespace(namespace),
            at: Template::default(),
            name: name.into(),
        }
    }

    /// A key in a place.
    pub fn at(namespace: &'static str, at: impl Into<Template>, name: impl Into<Template>) -> Self {
        Self {
            namespace: Namespace(namespace),
            at: at.into(),
            name: name.into(),
        }
    }

    /// Reads the text form `space(at)name` or `space:name`; `spaces` are the namespaces that may occur.
    pub fn parse(text: &str, spaces: &[&'static str]) -> Option<Self> {
        let mut reader = Reader { rest: text, spaces };
        let key = reader.key(&[])?;
        reader.rest.is_empty().then_some(key)
    }

    /// Whether neither place nor name refers to anything.
    pub fn is_literal(&self) -> bool {
        self.at.is_literal() && self.name.is_literal()
    }
}

impl Template {
    /// Literal text; empty text gives the empty template.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::default()
        } else {
            Self(vec![Part::Text(text)])
        }
    }

    /// A single reference.
    pub fn reference(key: Key, default: Option<Template>) -> Self {
        Self(vec![Part::Ref(Box::new(Ref { key, default }))])
    }

    /// Reads the text form; `spaces` are the namespaces that may occur.
    pub fn parse(text: &str, spaces: &[&'static str]) -> Option<Self> {
        let mut reader = Reader { rest: text, spaces };
        let template = reader.template(&[])?;
        reader.rest.is_empty().then_some(template)
    }

    /// The text, when nothing is unknown.
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The key, when the template is one reference and nothing else.
    pub fn as_ref_key(&self) -> Option<&Key> {
        match self.0.as_slice() {
            [Part::Ref(reference)] => Some(&reference.key),
            _ => None,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is text alone.
    pub fn is_literal(&self) -> bool {
        self.as_text().is_some()
    }

    /// Appends a piece; adjacent texts become one.
    pub fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(last)), Part::Text(text)) => {
                *last = format!("{last}{text}").into();
            }
            (_, part) => self.0.push(part),
        }
    }

    /// Appends all pieces of another template.
    pub fn extend(&mut self, other: &Template) {
        for part in &other.0 {
            self.push(part.clone());
        }
    }
}

impl From<&str> for Template {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Template {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Key> for Template {
    fn from(key: Key) -> Self {
        Self::reference(key, None)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            write!(f, "{}:{}", self.namespace, self.name)
        } else {
            write!(f, "{}({}){}", self.namespace, self.at, self.name)
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Hole => f.write_str("{}")?,
                Part::Star => f.write_str("*")?,
                Part::Ref(reference) => {
                    write!(f, "${{{}", reference.key)?;
                    if let Some(default) = &reference.default {
                        write!(f, "|{default}")?;
                    }
                    f.write_str("}")?;
                }
            }
        }
        Ok(())
    }
}

/// Reads the text form of keys and templates.
struct Reader<'a> {
    rest: &'a str,
    spaces: &'a [&'static str],
}

impl Reader<'_> {
    fn template(&mut self, ends: &[char]) -> Option<Template> {
        let mut template = Template::default();
        while let Some(next) = self.rest.chars().next() {
            if ends.contains(&next) {
                break;
            }
            if let Some(rest) = self.rest.strip_prefix("${") {
                self.rest = rest;
                let key = self.key(&['|', '}'])?;
                let default = match self.rest.strip_prefix('|') {
                    Some(rest) => {
                        self.rest = rest;
                        Some(self.template(&['}'])?)
                    }
                    None => None,
                };
                self.rest = self.rest.strip_prefix('}')?;
                template.push(Part::Ref(Box::new(Ref { key, default })));
            } else if let Some(rest) = self.rest.strip_prefix("{}") {
                self.rest = rest;
                template.push(Part::Hole);
            } else if next == '*' {
                self.rest = &self.rest[1..];
                template.push(Part::Star);
            } else {
                let (text, rest) = self.rest.split_at(next.len_utf8());
                template.push(Part::Text(text.into()));
                self.rest = rest;
            }
        }
        Some(template)
    }

    fn key(&mut self, ends: &[char]) -> Option<Key> {
        let cut = self.rest.find([':', '('])?;
        let namespace = *self
            .spaces
            .iter()
            .find(|name| **name == &self.rest[..cut])?;
        let placed = self.rest[cut..].starts_with('(');
        self.rest = &self.rest[cut + 1..];
        let mut at = Template::default();
        if placed {
            at = self.template(&[')'])?;
            self.rest = self.rest.strip_prefix(')')?;
        }
        let name = self.template(ends)?;
        Some(Key {
            namespace: Namespace(namespace),
            at,
            name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACES: &[&str] = &["env", "http", "table", "datasource"];

    #[test]
    fn the_text_form_is_read_as_it_is_printed() {
        for text in [
            "http(http://${env:CATALOGUE_HOST|catalogue}:8080/product/{})GET",
            "table(${datasource:default})ordering.orders",
            "env(path:.env)CART_ADDR",
            "env:${env:A|${env:B|*}}",
        ] {
            assert_eq!(Key::parse(text, SPACES).unwrap().to_string(), text);
        }
        assert_eq!(Key::parse("unknown:name", SPACES), None);
    }

    #[test]
    fn adjacent_texts_become_one() {
        let mut template = Template::text("a");
        template.push(Part::Text("b".into()));
        template.push(Part::Text("".into()));
        assert_eq!(template.as_text(), Some("ab"));
    }
}
