//! What one container runs, and which settings it gets.

use super::manifest::Reader;
use crate::extract::command::Command;
use crate::extract::tree::Node;
use crate::model::{Claim, Key, Part, Ref, Template};

/// Reads a container of a workload; what is not the main one gives settings alone.
pub(super) fn read(container: &Node, is_main: bool, subject: &Key, reader: &mut Reader<'_, '_>) {
    if is_main
        && let Some(image) = container.get("image")
        && let Some(name) = reader.template(image)
    {
        let claim = Claim::Runs {
            what: Key::new("image", name),
            entry: command(container, reader),
        };
        reader.say(subject, claim, image.bytes.clone());
        started(container, subject, reader);
    }
    for variable in container.get("env").map_or(&[][..], Node::items) {
        variable_of(variable, subject, reader);
    }
    for source in container.get("envFrom").map_or(&[][..], Node::items) {
        taken(source, subject, reader);
    }
    flags(container, subject, reader);
}

/// What the container starts instead of what its image does.
fn command(container: &Node, reader: &Reader<'_, '_>) -> Option<Template> {
    let command = container.get("command")?;
    let mut text = Template::default();
    for word in command.items() {
        if !text.is_empty() {
            text.push(Part::Text(" ".into()));
        }
        text.extend(&reader.template(word)?);
    }
    text.is_literal()
        .then_some(text)
        .filter(|text| !text.is_empty())
}

/// The program that the container starts, by its name.
fn started(container: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let Some(node) = container.get("command") else {
        return;
    };
    let words = node.items().iter().map_while(|word| {
        let word = reader.template(word)?;
        word.as_text().map(str::to_owned)
    });
    let command = Command::new(words);
    if let Some(name) = command.started() {
        let claim = Claim::Runs {
            what: Key::new("program", name),
            entry: None,
        };
        reader.say(subject, claim, node.bytes.clone());
    }
}

fn variable_of(variable: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let name = variable.get("name").and_then(|name| reader.template(name));
    // In a loop of a chart the name is the values' to tell.
    let Some(name) = name.as_ref().and_then(Template::as_text) else {
        return;
    };
    let Some(node) = variable.get("value").or(variable.get("valueFrom")) else {
        return;
    };
    let value = match variable.get("value") {
        Some(value) => reader.template(value).map(|value| expanded(&value)),
        None => from(node, reader),
    };
    let claim = Claim::Binds {
        key: Key::new("env", name),
        value: value.unwrap_or(Template(vec![Part::Hole])),
    };
    reader.say(subject, claim, node.bytes.clone());
}

/// What a setting takes from elsewhere; of a secret its identity alone.
fn from(source: &Node, reader: &Reader<'_, '_>) -> Option<Template> {
    for (key, space) in [("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")] {
        let Some(source) = source.get(key) else {
            continue;
        };
        let mut name = reader.template(source.get("name")?)?;
        name.push(Part::Text("/".into()));
        name.extend(&reader.template(source.get("key")?)?);
        let key = Key::at(space, reader.namespace.clone(), name);
        return Some(Template::from(key));
    }
    None
}

/// `envFrom`: all that a map of settings says.
fn taken(source: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let Some(map) = source.get("configMapRef").and_then(|map| map.get("name")) else {
        return;
    };
    let Some(name) = reader.template(map) else {
        return;
    };
    let claim = Claim::Inherits {
        from: reader.named("configmap", "", &name),
        prefix: source
            .get("prefix")
            .and_then(|prefix| reader.template(prefix)),
    };
    reader.say(subject, claim, map.bytes.clone());
}

/// Options of the command line: `--name=value`, `--name value`.
fn flags(container: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let words = ["command", "args"]
        .iter()
        .filter_map(|key| container.get(key))
        .flat_map(Node::items);
    let words: Vec<&Node> = words.collect();
    for (number, word) in words.iter().enumerate() {
        let Some(text) = word.text().and_then(|text| text.strip_prefix('-')) else {
            continue;
        };
        let text = text.strip_prefix('-').unwrap_or(text);
        let (name, value) = match text.split_once('=') {
            Some((name, _)) => {
                let whole = reader.template(word);
                (name, whole.and_then(|whole| behind(&whole)))
            }
            None => {
                let next = words.get(number + 1);
                let next =
                    next.filter(|next| next.text().is_some_and(|text| !text.starts_with('-')));
                (text, next.and_then(|next| reader.template(next)))
            }
        };
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
        if let Some(value) = value.filter(|_| !name.is_empty() && name.chars().all(is_name)) {
            let claim = Claim::Binds {
                key: Key::new("flag", name),
                value: expanded(&value),
            };
            reader.say(subject, claim, word.bytes.clone());
        }
    }
}

/// What stands behind the first `=`.
fn behind(option: &Template) -> Option<Template> {
    let (first, rest) = option.0.split_first()?;
    let Part::Text(text) = first else {
        return None;
    };
    let (_, value) = text.split_once('=')?;
    let mut template = Template::text(value);
    for part in rest {
        template.push(part.clone());
    }
    Some(template)
}

/// `$(NAME)` means a variable of the same container.
///
/// Source: <https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>
fn expanded(value: &Template) -> Template {
    let mut out = Template::default();
    for part in &value.0 {
        let Part::Text(text) = part else {
            out.push(part.clone());
            continue;
        };
        let mut rest = &**text;
        while let Some(at) = rest.find("$(") {
            let Some(length) = rest[at..].find(')') else {
                break;
            };
            out.push(Part::Text(rest[..at].into()));
            out.push(Part::Ref(Box::new(Ref {
                key: Key::new("env", &rest[at + 2..at + length]),
                default: None,
            })));
            rest = &rest[at + length + 1..];
        }
        out.push(Part::Text(rest.into()));
    }
    out
}
