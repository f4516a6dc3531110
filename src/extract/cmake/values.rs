//! What the arguments of commands come to: variables of the file put in, what other files set left as a reference.
//!
//! Source: <https://cmake.org/cmake/help/latest/manual/cmake-language.7.html>

use std::collections::HashMap;

use super::generator::{Piece, pieces};
use super::statements::{Argument, Form};
use crate::model::{Key, Part, Template, join};

/// The longest chain of variables whose names hold variables.
const DEPTH: usize = 8;

/// The most values of one text or variable.
const VALUES: usize = 2048;

/// The most values that a text with several variables comes to.
const PRODUCT: usize = 64;

/// The namespace of variables, as other files of the tree know them.
pub(super) const VARIABLE: &str = "cmakevar";

/// The namespace of targets.
pub(super) const TARGET: &str = "cmake-target";

/// The variables of a file or a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    values: HashMap<String, Vec<Template>>,
}

impl Variables {
    pub(super) fn set(&mut self, name: &str, values: Vec<Template>) {
        self.values.insert(name.to_owned(), values);
    }

    /// What a list gets, or what a variable may be, too.
    pub(super) fn add(&mut self, name: &str, values: Vec<Template>) {
        let known = self.values.entry(name.to_owned()).or_default();
        for value in values {
            if known.len() < VALUES && !known.contains(&value) {
                known.push(value);
            }
        }
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.values.remove(name);
    }

    pub(super) fn get(&self, name: &str) -> Option<&[Template]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// What an argument comes to: elements of a list, one by one.
    pub(super) fn expand(&self, argument: &Argument<'_>) -> Vec<Template> {
        if argument.form == Form::Bracket {
            return vec![Template::text(argument.text)];
        }
        let mut found = Vec::new();
        for piece in pieces(argument.text) {
            match piece {
                Piece::Text(text) => {
                    for value in self.text(&text, 0) {
                        elements(value, &mut found);
                    }
                }
                Piece::Target(text) => {
                    let names = self.text(&text, 0).into_iter();
                    found.extend(names.map(|name| Template::from(Key::new(TARGET, name))));
                }
            }
        }
        found.truncate(VALUES);
        found
    }

    /// What a text comes to; a list gives several.
    fn text(&self, text: &str, depth: usize) -> Vec<Template> {
        let mut found = vec![Template::default()];
        let mut rest = text;
        while !rest.is_empty() {
            let cut = rest.find(['$', '\\']).unwrap_or(rest.len());
            if cut > 0 {
                append(&mut found, &[Template::text(&rest[..cut])]);
                rest = &rest[cut..];
                continue;
            }
            if let Some(escaped) = rest.strip_prefix('\\') {
                let end = escaped.chars().next().map_or(0, char::len_utf8);
                append(&mut found, &[Template::text(&escaped[..end])]);
                rest = &escaped[end..];
                continue;
            }
            let (values, after) = self.reference(rest, depth);
            append(&mut found, &values);
            rest = after;
        }
        found
    }

    /// What the text comes to that starts with `$`, and what follows it.
    fn reference<'t>(&self, text: &'t str, depth: usize) -> (Vec<Template>, &'t str) {
        let hole = || vec![Template(vec![Part::Hole])];
        for environment in ["$ENV{", "$CACHE{"] {
            if let Some(rest) = text.strip_prefix(environment) {
                let end = rest.find('}').map_or(rest.len(), |at| at + 1);
                return (hole(), &rest[end..]);
            }
        }
        let Some(inner) = text.strip_prefix("${") else {
            return (vec![Template::text("$")], &text[1..]);
        };
        let Some(end) = closing(inner) else {
            return (hole(), "");
        };
        let (name, rest) = (&inner[..end], &inner[end + 1..]);
        if !name.contains('$') {
            return (self.variable(name), rest);
        }
        if depth >= DEPTH {
            return (hole(), rest);
        }
        let names = self.text(name, depth + 1);
        let values = names.iter().flat_map(|name| match name.as_text() {
            Some(name) => self.variable(name),
            None => hole(),
        });
        (values.collect(), rest)
    }

    /// What a variable means; a reference when another file sets it.
    fn variable(&self, name: &str) -> Vec<Template> {
        if let Some(values) = self.values.get(name) {
            return values.clone();
        }
        // Where the build writes: nothing there is in the tree.
        if name.ends_with("BINARY_DIR") || name.starts_with("CMAKE_INSTALL") {
            return vec![Template(vec![Part::Hole])];
        }
        vec![Template::from(Key::new(VARIABLE, name))]
    }
}

/// Where the variable's name ends, nested ones passed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes[at - 1] == b'$' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Each text followed by each value.
fn append(texts: &mut Vec<Template>, values: &[Template]) {
    if let [value] = values {
        for text in texts {
            text.extend(value);
        }
        return;
    }
    // A variable that is the whole text gives a list.
    if let [text] = texts.as_slice()
        && text.is_empty()
    {
        *texts = values.to_vec();
        return;
    }
    let mut product = Vec::new();
    for text in texts.iter() {
        for value in values {
            if product.len() < PRODUCT {
                let mut text = text.clone();
                text.extend(value);
                product.push(text);
            }
        }
    }
    *texts = product;
}

/// The elements of a list that is written with semicolons.
fn elements(value: Template, found: &mut Vec<Template>) {
    match value.as_text() {
        Some("") => {}
        Some(text) if text.contains(';') => {
            let parts = text.split(';').filter(|part| !part.is_empty());
            found.extend(parts.map(Template::text));
        }
        _ => found.push(value),
    }
}

/// A path as resolving wants it, `path:` from the root of the tree; `None` when it is not in the tree.
///
/// What starts with a variable of another file stays as it is: it may be relative or not.
pub(super) fn path(value: &Template, folder: &str) -> Option<Template> {
    if value.0.contains(&Part::Hole) || value.0.contains(&Part::Star) {
        return None;
    }
    let Some(Part::Text(first)) = value.0.first() else {
        return Some(value.clone());
    };
    let mut path = match first.strip_prefix("path:") {
        Some(_) => Template::default(),
        None if first.starts_with('/') || first.contains(':') => return None,
        None => Template::text(format!("path:{folder}/")),
    };
    path.extend(value);
    if let Some(text) = path.as_text().and_then(|text| text.strip_prefix("path:")) {
        let joined = join("", text.trim_start_matches('/'))?;
        return Some(Template::text(format!("path:{joined}")));
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(variables: &Variables, text: &str) -> Vec<String> {
        let argument = Argument {
            text,
            form: Form::Unquoted,
            bytes: 0..0,
        };
        let values = variables.expand(&argument);
        values.iter().map(ToString::to_string).collect()
    }

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("LIST", vec!["a.cc".into(), "b.cc".into()]);
        variables.set("ONE", vec!["cart".into()]);
        variables.set("NAME", vec!["ONE".into()]);
        variables
    }

    #[test]
    fn variables_are_put_in() {
        for (text, found) in [
            ("${LIST}", &["a.cc", "b.cc"][..]),
            ("src/${LIST}", &["src/a.cc", "src/b.cc"]),
            ("${ONE}_core", &["cart_core"]),
            ("${${NAME}}", &["cart"]),
            ("${OTHER}/x", &["${cmakevar:OTHER}/x"]),
            ("$ENV{HOME}/x", &["{}/x"]),
            ("${CMAKE_CURRENT_BINARY_DIR}/x.cc", &["{}/x.cc"]),
            ("a;b;", &["a", "b"]),
            ("\\${ONE}", &["${ONE}"]),
            ("$<TARGET_OBJECTS:${ONE}>", &["${cmake-target:cart}"]),
            ("${ONE", &["{}"]),
            ("cost$", &["cost$"]),
        ] {
            assert_eq!(expand(&variables(), text), found, "{text}");
        }
    }

    #[test]
    fn a_name_within_a_name_within_a_name_ends() {
        expand(
            &variables(),
            &format!("{}x{}", "${".repeat(5000), "}".repeat(5000)),
        );
        expand(&variables(), &"${LIST}".repeat(200));
    }

    #[test]
    fn paths_start_at_the_root_of_the_tree() {
        let path = |text: &str| path(&Template::text(text), "libs/cart");
        assert_eq!(
            path("src/a.cc").unwrap().to_string(),
            "path:libs/cart/src/a.cc"
        );
        assert_eq!(path("../x/a.cc").unwrap().to_string(), "path:libs/x/a.cc");
        assert_eq!(path("path:/include").unwrap().to_string(), "path:include");
        assert_eq!(path("/usr/include"), None);
        assert_eq!(path("../../../x"), None);
    }
}
