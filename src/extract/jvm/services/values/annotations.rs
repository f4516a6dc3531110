//! What do annotations say: their arguments, and what they put into a variable?

use std::ops::Range;

use super::{Scope, Value, Values, by_name};
use crate::extract::jvm::services::outline::{Annotation, Class, find};
use crate::extract::placeholders;
use crate::model::{Key, Template};

impl Values<'_, '_> {
    /// What annotations put into a variable.
    pub(super) fn annotated(
        &self,
        annotations: &[Annotation],
        scope: Scope,
        depth: usize,
    ) -> Option<Vec<Template>> {
        if let Some(found) = find(annotations, "Value") {
            let value = self.expression(found.args.clone(), scope, depth + 1);
            return Some(properties(value.texts));
        }
        // MicroProfile and Micronaut.
        let property = ["ConfigProperty", "Property"];
        if let Some(found) = property.iter().find_map(|name| find(annotations, name)) {
            let name = self.arg(found, &["name"], scope).texts.pop()?;
            let default = self.arg(found, &["defaultValue"], scope).texts.pop();
            let key = Key::new("property", name);
            return Some(vec![Template::reference(key, default)]);
        }
        if let Some(found) = find(annotations, "GrpcClient") {
            let name = self.arg(found, &["value"], scope).texts.pop()?;
            return Some(vec![channel(&name)]);
        }
        if let Some(found) = find(annotations, "Client") {
            let mut value = self.arg(found, &["value", "id"], scope);
            value.texts.iter_mut().for_each(by_name);
            return Some(properties(value.texts));
        }
        None
    }

    /// The argument of an annotation: by one of the names, else the one without a name.
    pub(in super::super) fn arg(
        &self,
        annotation: &Annotation,
        names: &[&str],
        scope: Scope,
    ) -> Value {
        match self.arg_tokens(annotation, names) {
            Some(tokens) => self.expression(tokens, scope, 1),
            None => Value::default(),
        }
    }

    pub(in super::super) fn arg_tokens(
        &self,
        annotation: &Annotation,
        names: &[&str],
    ) -> Option<Range<usize>> {
        let source = self.source;
        let parts = source.split(annotation.args.clone(), b',');
        let named = |part: &Range<usize>| {
            source.is(part.start + 1, b'=') && !source.is(part.start + 2, b'=')
        };
        for name in names {
            for part in &parts {
                if named(part) && source.is_word(part.start, name) {
                    return Some(part.start + 2..part.end);
                }
            }
        }
        let first = parts.into_iter().next()?;
        (!named(&first) && names.contains(&"value")).then_some(first)
    }
}

/// The prefix of the settings that a class holds.
pub(super) fn settings_of(class: &Class, values: &Values<'_, '_>) -> Option<String> {
    let found = class
        .annotation("ConfigurationProperties")
        .or_else(|| class.annotation("ConfigMapping"))?;
    let scope = Scope::of_class(0);
    let prefix = values.arg(found, &["prefix", "value"], scope).texts.pop()?;
    Some(prefix.as_text()?.to_owned())
}

/// Texts with placeholders, as `@Value` has them.
pub(in super::super) fn properties(texts: Vec<Template>) -> Vec<Template> {
    let read = |text: Template| match text.as_text() {
        Some(text) => placeholders::template(text),
        None => text,
    };
    texts.into_iter().map(read).collect()
}

/// The address of a channel that the configuration names.
///
/// Sources: <https://grpc-ecosystem.github.io/grpc-spring/en/client/configuration.html>, <https://quarkus.io/guides/grpc-service-consumption>
fn channel(name: &Template) -> Template {
    let mut setting: Template = "grpc.client.".into();
    setting.extend(name);
    setting.extend(&".address".into());
    let mut quarkus: Template = "quarkus.grpc.clients.".into();
    quarkus.extend(name);
    quarkus.extend(&".host".into());
    let default = Template::reference(Key::new("property", quarkus), Some(name.clone()));
    Template::reference(Key::new("property", setting), Some(default))
}
