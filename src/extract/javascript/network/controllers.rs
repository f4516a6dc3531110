//! What controllers of NestJS serve and listen to.
//!
//! Sources: <https://docs.nestjs.com/controllers>, <https://docs.nestjs.com/microservices/basics>, <https://docs.nestjs.com/microservices/grpc>

use std::cell::RefCell;
use std::ops::Range;

use super::code::Decorated;
use super::nest::{OWN, pattern};
use super::origin::Base;
use super::paths::normal;
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Part, Template};

/// States what controllers serve and listen to.
pub(super) fn detect(texts: &Texts<'_>, said: &RefCell<Said>) {
    let mut said = said.borrow_mut();
    for decorated in &texts.code.decorated {
        match &decorated.member {
            Some(_) => member(texts, decorated, &mut said),
            None => class(texts, decorated, &mut said),
        }
    }
}

fn class(texts: &Texts<'_>, decorated: &Decorated, said: &mut Said) {
    for (decorator, bytes) in &decorated.decorators {
        let Value::Call(call) = decorator else {
            continue;
        };
        // `@CartServiceControllerMethods()` of ts-proto: the class serves all of it.
        let origin = texts.code.near_origin(&call.callee);
        let name = origin.path.last();
        if let Some(service) = name.and_then(|name| name.strip_suffix("ControllerMethods")) {
            let bytes: &Range<usize> = bytes;
            if let Some(statement) = said.provides(Key::new("grpc", service), bytes) {
                statement.with("npm", "@nestjs/microservices");
            }
        }
    }
}

fn member(texts: &Texts<'_>, decorated: &Decorated, said: &mut Said) {
    for (decorator, bytes) in &decorated.decorators {
        let Value::Call(call) = decorator else {
            continue;
        };
        let origin = texts.code.near_origin(&call.callee);
        if let Some(path) = origin.of_package(|name| name == "@nestjs/common")
            && let [name] = path.as_slice()
        {
            let verb = match *name {
                "All" => "ANY".to_owned(),
                name => match super::requests::method(name) {
                    Some(verb) => verb,
                    None => continue,
                },
            };
            for route in routes(texts, decorated, call) {
                let mut whole = Template::text(format!("{verb} "));
                whole.extend(&route);
                said.provides(Key::new("http", whole), bytes);
            }
        }
        if let Some(path) = origin.of_package(|name| name == "@nestjs/microservices") {
            listened(texts, call, &path, decorated, (said, bytes));
        }
    }
}

/// What a method of a microservice answers or listens to.
fn listened(
    texts: &Texts<'_>,
    call: &Call,
    path: &[&str],
    decorated: &Decorated,
    (said, bytes): (&mut Said, &Range<usize>),
) {
    let first = call.arguments.first();
    match path {
        ["GrpcMethod" | "GrpcStreamMethod"] => {
            let class = texts.code.classes.get(&decorated.class);
            let service = match first {
                Some(name) => texts.literal(name),
                None => class
                    .and_then(|class| class.name.clone())
                    .map(|name| name.trim_end_matches("Controller").to_owned()),
            };
            if let Some(service) = service {
                said.provides(Key::new("grpc", service), bytes);
            }
        }
        ["EventPattern" | "MessagePattern"] => {
            if let Some(pattern) = first {
                let at = Template::from(Key::new("broker", OWN));
                let key = Key::at("topic", at, self::pattern(texts, pattern));
                said.requires(key, DependencyKind::EventSub, bytes);
            }
        }
        _ => {}
    }
}

/// The routes of a method: the paths of its class with those of itself.
fn routes(texts: &Texts<'_>, decorated: &Decorated, call: &Call) -> Vec<Template> {
    let of_class = texts
        .code
        .decorated
        .iter()
        .find(|other| other.class == decorated.class && other.member.is_none());
    let controller = of_class.and_then(|class| {
        class
            .decorators
            .iter()
            .find_map(|(decorator, _)| match decorator {
                Value::Call(call) => texts
                    .code
                    .near_origin(&call.callee)
                    .is("@nestjs/common", &["Controller"])
                    .then_some(call),
                _ => None,
            })
    });
    let Some(controller) = controller else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for base in paths(texts, controller) {
        for path in paths(texts, call) {
            let prefix = Key::new("property", "nest.prefix");
            let mut whole = Template::reference(prefix, Some(Template::default()));
            for piece in [&base, &path] {
                if !piece.is_empty() {
                    whole.push(Part::Text("/".into()));
                    whole.extend(piece);
                }
            }
            if base.is_empty() && path.is_empty() {
                whole.push(Part::Text("/".into()));
            }
            found.push(whole);
        }
    }
    found
}

/// The paths that a decorator gives, without slashes at their ends.
fn paths(texts: &Texts<'_>, call: &Call) -> Vec<Template> {
    let Some(first) = call.arguments.first() else {
        return vec![Template::default()];
    };
    let first = match texts.member(first, "path") {
        Some(path) if matches!(first, Value::Object(_)) => path,
        None if matches!(first, Value::Object(_)) => return vec![Template::default()],
        _ => first.clone(),
    };
    let several = match texts.code.near_origin(&first).base {
        Base::Value(Value::Array(paths)) => paths.to_vec(),
        _ => vec![first],
    };
    let several = several.iter().map(|path| {
        let text = normal(&texts.text(path));
        let mut trimmed = Template::default();
        let last = text.0.len().saturating_sub(1);
        for (at, part) in text.0.into_iter().enumerate() {
            match part {
                Part::Text(piece) => {
                    let piece = if at == 0 {
                        piece.trim_start_matches('/')
                    } else {
                        &piece
                    };
                    let piece = if at == last {
                        piece.trim_end_matches('/')
                    } else {
                        piece
                    };
                    trimmed.push(Part::Text(piece.into()));
                }
                part => trimmed.push(part),
            }
        }
        trimmed
    });
    several.collect()
}
