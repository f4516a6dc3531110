//! What does C# code serve: minimal APIs, controllers, services of gRPC, hubs of SignalR?
//!
//! Sources: <https://learn.microsoft.com/aspnet/core/fundamentals/minimal-apis/route-handlers>,
//! <https://learn.microsoft.com/aspnet/core/mvc/controllers/routing>, <https://learn.microsoft.com/aspnet/core/grpc/aspnetcore>.

use std::ops::Range;

use super::net::{Net, joined, pattern, without_query};
use super::outline::{Attribute, Outline};
use super::texts::{Texts, argument};
use crate::model::{Key, Part, Template};

/// The longest chain of groups.
const GROUPS: usize = 8;

/// Methods that map a route, with the verb.
const MAPS: &[(&str, &str)] = &[
    ("MapDelete", "DELETE"),
    ("MapGet", "GET"),
    ("MapHub", "ANY"),
    ("MapPatch", "PATCH"),
    ("MapPost", "POST"),
    ("MapPut", "PUT"),
];

/// Reads what a file serves.
pub(super) fn read(outline: &Outline<'_>, texts: &Texts<'_, '_>, net: &mut Net) {
    for call in &outline.calls {
        let Ok(found) = MAPS.binary_search_by_key(&call.name, |(name, _)| name) else {
            continue;
        };
        let Some(receiver) = outline.receiver(call) else {
            continue;
        };
        let path = argument(&call.arguments, "pattern", 0);
        let path = path.map(|path| texts.template(path.tokens.clone()));
        let Some(path) = path.filter(|path| path.is_empty() || is_path(path)) else {
            continue;
        };
        if let Some(prefix) = prefix(receiver, outline, texts, 0) {
            let path = joined(&prefix, &path);
            let bytes = outline.bytes(call.at..call.end + 1);
            offer(MAPS[found].1, &path, bytes, net);
        }
    }
    controllers(outline, texts, net);
    for kind in &outline.types {
        for base in &kind.bases {
            let mut segments = base.path.rsplit('.');
            let service = segments.next().and_then(|last| last.strip_suffix("Base"));
            if let Some(service) = service
                && segments.next() == Some(service)
            {
                let bytes = outline.bytes(kind.at..kind.at + 1);
                net.offers(Key::new("grpc", service), bytes);
            }
        }
    }
}

/// Whether a template is a route; a slash in front may be missing.
fn is_path(template: &Template) -> bool {
    matches!(template.0.first(), Some(Part::Text(text)) if !text.contains("://") && !text.contains(' '))
}

fn offer(verb: &str, path: &Template, bytes: Range<usize>, net: &mut Net) {
    let mut name = Template::text(format!("{verb} "));
    let path = pattern(&without_query(path));
    if !matches!(path.0.first(), Some(Part::Text(text)) if text.starts_with('/')) {
        name.push(Part::Text("/".into()));
    }
    name.extend(&path);
    net.offers(Key::new("http", name), bytes);
}

/// The groups in front of a route; `None` when the code is given a group and nothing tells which.
fn prefix(
    receiver: Range<usize>,
    outline: &Outline<'_>,
    texts: &Texts<'_, '_>,
    depth: usize,
) -> Option<Template> {
    let last = receiver.end.checked_sub(1)?;
    let (groups, root) = match outline.call_ending(last) {
        Some(call) => {
            let (mut calls, root) = outline.chain(call);
            calls.push(call);
            (calls, root)
        }
        None => (Vec::new(), Some(receiver)),
    };
    let mut whole = match root.and_then(|root| root.end.checked_sub(1)) {
        Some(at) => {
            let name = outline.tokens.word(at)?;
            let value = outline.definition(name, at).and_then(|one| one.value);
            match value {
                Some(value) if depth < GROUPS && !value.is_empty() => {
                    prefix(value, outline, texts, depth + 1)?
                }
                Some(_) => return None,
                None => {
                    let kind = outline.type_of(name, at);
                    let is_group = kind.is_some_and(|kind| kind.path == "RouteGroupBuilder");
                    if is_group {
                        return None;
                    }
                    Template::default()
                }
            }
        }
        None => Template::default(),
    };
    for group in groups.iter().filter(|group| group.name == "MapGroup") {
        let path = argument(&group.arguments, "prefix", 0)?;
        let path = texts.template(path.tokens.clone());
        if !path.is_empty() && !is_path(&path) {
            return None;
        }
        whole = joined(&whole, &path);
    }
    Some(whole)
}

/// Controllers with attributes.
fn controllers(outline: &Outline<'_>, texts: &Texts<'_, '_>, net: &mut Net) {
    for method in &outline.methods {
        let owner = method.owner.and_then(|owner| outline.types.get(owner));
        let Some(owner) = owner.filter(|owner| {
            let is_base =
                |name: &str| name.ends_with("Controller") || name.ends_with("ControllerBase");
            owner.bases.iter().any(|base| is_base(base.simple()))
                || owner
                    .attributes
                    .iter()
                    .any(|one| one.name == "ApiController")
        }) else {
            continue;
        };
        let verbs: Vec<(&Attribute<'_>, &str)> = method
            .attributes
            .iter()
            .filter_map(|attribute| Some((attribute, verb(attribute.name)?)))
            .collect();
        let route = |list: &[Attribute<'_>]| {
            let one = list.iter().find(|one| one.name == "Route");
            one.and_then(|one| template_of(one, texts))
        };
        let class = route(&owner.attributes);
        let own = route(&method.attributes);
        for (attribute, verb) in verbs {
            let path = template_of(attribute, texts).or_else(|| own.clone());
            let whole = match (&class, path) {
                (None, None) => continue,
                (Some(class), None) => class.clone(),
                (class, Some(path)) => match path.0.first() {
                    Some(Part::Text(text)) if text.starts_with("~/") => {
                        let mut rest = path.clone();
                        rest.0[0] = Part::Text(text[1..].into());
                        rest
                    }
                    Some(Part::Text(text)) if text.starts_with('/') => path,
                    _ => joined(&class.clone().unwrap_or_default(), &path),
                },
            };
            let controller = owner.name.strip_suffix("Controller").unwrap_or(owner.name);
            let whole = named(&whole, controller, method.name);
            let bytes = outline.bytes(attribute.at..method.at + 1);
            offer(verb, &whole, bytes, net);
        }
    }
}

/// The verb of `[HttpGet]` and its like.
fn verb(attribute: &str) -> Option<&'static str> {
    Some(match attribute {
        "HttpGet" => "GET",
        "HttpPost" => "POST",
        "HttpPut" => "PUT",
        "HttpPatch" => "PATCH",
        "HttpDelete" => "DELETE",
        "HttpHead" => "HEAD",
        "HttpOptions" => "OPTIONS",
        _ => return None,
    })
}

/// The route that an attribute gives.
fn template_of(attribute: &Attribute<'_>, texts: &Texts<'_, '_>) -> Option<Template> {
    let path = argument(&attribute.arguments, "template", 0)?;
    Some(texts.template(path.tokens.clone())).filter(is_path)
}

/// `[controller]` and `[action]` are names of the code.
fn named(template: &Template, controller: &str, action: &str) -> Template {
    let mut out = Template::default();
    let action = action.strip_suffix("Async").unwrap_or(action);
    for part in &template.0 {
        out.push(match part {
            Part::Text(text) => Part::Text(
                text.replace("[controller]", controller)
                    .replace("[action]", action)
                    .replace("[area]", "{area}")
                    .into(),
            ),
            part => part.clone(),
        });
    }
    out
}
