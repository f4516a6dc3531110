//! What functions of a build make of their arguments: `module(cart)` is a folder where a function `module` says so.
//!
//! A call is a name with its arguments, the function a template over its parameters under its name and their number:
//! of `${sbt-make:module(cart)}` and `sbt-maker:module/1 = modules/${sbt-parameter:1 name}`, `modules/cart`.

use crate::model::{Key, Part, Ref, Template, join};

/// The deepest nesting of references in the body of a function.
const DEPTH: usize = 16;

/// An argument of which nothing is known.
const UNKNOWN: &str = "_";

/// A piece of an argument that nothing tells.
const HOLE: char = '\0';

/// A call of a function.
pub(super) struct Call {
    /// The name under which the function is bound.
    pub(super) function: Key,
    arguments: Vec<String>,
    /// What it gives is a path.
    is_path: bool,
}

impl Call {
    /// The call that a key means, if its namespace has calls.
    pub(super) fn of(key: &Key) -> Option<Self> {
        let (namespace, is_path) = match key.namespace.0 {
            "sbt-make" => ("sbt-maker", true),
            "sbt-format" => ("sbt-formatter", false),
            _ => return None,
        };
        // What nothing binds is an argument of which nothing is known; the function may not need it.
        let text = |part: &Part| match part {
            Part::Text(text) => text.to_string(),
            Part::Ref(_) | Part::Hole | Part::Star => HOLE.to_string(),
        };
        let written: String = key.name.0.iter().map(text).collect();
        let (name, arguments) = written.strip_suffix(')')?.split_once('(')?;
        let argument = |text: &str| match text.contains(HOLE) {
            true => UNKNOWN.to_owned(),
            false => text.to_owned(),
        };
        let arguments: Vec<String> = match arguments {
            "" => Vec::new(),
            list => list.split(',').map(argument).collect(),
        };
        Some(Self {
            function: Key::new(namespace, format!("{name}/{}", arguments.len())),
            arguments,
            is_path,
        })
    }

    /// The body of the function with the arguments put in; `None` when one is missing.
    pub(super) fn apply(&self, body: &Template) -> Option<Template> {
        self.template(body, false, 0)
    }

    /// What it gives, in order: paths without `.` and `..`.
    pub(super) fn tidy(&self, result: Template) -> Template {
        let path = result.as_text().filter(|_| self.is_path);
        match path.and_then(|path| join("", path)) {
            Some(path) => Template::text(path),
            None => result,
        }
    }

    /// As arguments of another call, also what is not known goes on: that function may not need it.
    fn template(&self, body: &Template, goes_on: bool, depth: usize) -> Option<Template> {
        if depth > DEPTH {
            return None;
        }
        let mut result = Template::default();
        for part in &body.0 {
            let Part::Ref(reference) = part else {
                result.push(part.clone());
                continue;
            };
            let key = &reference.key;
            if key.namespace.0 == "sbt-parameter" {
                match (self.argument(key), &reference.default) {
                    (Some(UNKNOWN), _) if goes_on => result.push(Part::Hole),
                    (Some(UNKNOWN), _) => return None,
                    (Some(text), _) => result.push(Part::Text(text.into())),
                    (None, Some(default)) => {
                        result.extend(&self.template(default, goes_on, depth + 1)?);
                    }
                    (None, None) => return None,
                }
                continue;
            }
            let default = match &reference.default {
                Some(default) => Some(self.template(default, goes_on, depth + 1)?),
                None => None,
            };
            let is_call = matches!(key.namespace.0, "sbt-format" | "sbt-make");
            let key = Key {
                namespace: key.namespace,
                at: self.template(&key.at, goes_on, depth + 1)?,
                name: self.template(&key.name, goes_on || is_call, depth + 1)?,
            };
            result.push(Part::Ref(Box::new(Ref { key, default })));
        }
        Some(result)
    }

    /// The argument of a parameter, `2 folder`: by its name, or else by its place.
    fn argument(&self, parameter: &Key) -> Option<&str> {
        let (number, name) = parameter.name.as_text()?.split_once(' ')?;
        let mut labelled =
            (self.arguments.iter()).filter_map(|one| one.strip_prefix(name)?.strip_prefix('='));
        if let Some(value) = labelled.next() {
            return Some(value);
        }
        let number: usize = number.parse().ok()?;
        let argument = self.arguments.get(number.checked_sub(1)?)?.as_str();
        (!argument.contains('=')).then_some(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACES: &[&str] = &["sbt-make", "sbt-parameter", "sbt-text"];

    fn applied(call: &str, body: &str) -> Option<String> {
        let key = Key::new("sbt-make", Template::parse(call, SPACES)?);
        let call = Call::of(&key)?;
        let body = Template::parse(body, SPACES)?;
        Some(call.tidy(call.apply(&body)?).to_string())
    }

    #[test]
    fn arguments_go_where_the_parameters_are() {
        let body = "${sbt-parameter:2 folder|modules}/./${sbt-parameter:1 name}";
        assert_eq!(
            applied("module(cart)", body).as_deref(),
            Some("modules/cart")
        );
        assert_eq!(applied("module(cart,x)", body).as_deref(), Some("x/cart"));
        assert_eq!(
            applied("module(folder=x,name=cart)", body).as_deref(),
            Some("x/cart")
        );
        assert_eq!(applied("module(_)", body), None);
        assert_eq!(applied("module()", body), None);
        assert_eq!(applied("module", body), None);
        let inner =
            "${sbt-make:base(${sbt-parameter:1 name},${sbt-parameter:2 kind|${sbt-text:Full}})}";
        assert_eq!(
            applied("module(cart)", inner).as_deref(),
            Some("${sbt-make:base(cart,${sbt-text:Full})}")
        );
        assert_eq!(
            applied("module(cart,_)", inner).as_deref(),
            Some("${sbt-make:base(cart,{})}")
        );
        assert_eq!(
            applied("module(cart,{})", "${sbt-parameter:1 name}").as_deref(),
            Some("cart")
        );
        let inner = "${sbt-make:base(${sbt-parameter:1 name},x)}";
        assert_eq!(
            applied("module(cart)", inner).as_deref(),
            Some("${sbt-make:base(cart,x)}")
        );
    }
}
