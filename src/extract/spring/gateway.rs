//! Routes of gateways in front of services, as Spring Cloud Gateway and Zuul are configured.
//!
//! Sources: <https://docs.spring.io/spring-cloud-gateway/reference/spring-cloud-gateway-server-webflux/configuration.html>,
//! <https://cloud.spring.io/spring-cloud-netflix/multi/multi__router_and_filter_zuul.html>

use std::collections::BTreeMap;

use super::config::Sink;
use super::settings::{Document, Setting, behind, is};
use crate::extract::placeholders::template;
use crate::model::{DependencyKind, Key, Part, Template};

/// Where lists of routes stand.
const LISTS: &[&str] = &[
    "spring.cloud.gateway.routes[",
    "spring.cloud.gateway.mvc.routes[",
    "spring.cloud.gateway.server.webflux.routes[",
    "spring.cloud.gateway.server.webmvc.routes[",
];

/// What one route says so far.
#[derive(Default)]
struct Route<'d> {
    /// Where it leads, and the setting that says so.
    target: Option<(Template, &'d Setting)>,
    paths: Vec<String>,
    strip: Strip,
}

/// What is taken from the front of a path.
#[derive(Default)]
enum Strip {
    #[default]
    Nothing,
    Segments(usize),
    /// All in front of the star.
    Prefix,
}

/// States the routes of a document.
pub(super) fn routes(document: &Document, sink: &mut Sink<'_, '_>) {
    let mut routes: BTreeMap<(usize, String), Route<'_>> = BTreeMap::new();
    for setting in &document.settings {
        for (number, list) in LISTS.iter().enumerate() {
            if let Some(rest) = behind(&setting.name, list)
                && let Some((id, rest)) = rest.split_once("].")
            {
                // Numbers are as wide as each other, so that they sort.
                let id = format!("{id:0>6}");
                gateway(rest, setting, routes.entry((number, id)).or_default());
            }
        }
        if let Some(rest) = behind(&setting.name, "zuul.routes.") {
            let (id, rest) = rest.split_once('.').unwrap_or((rest, ""));
            let route = routes.entry((LISTS.len(), id.to_owned()));
            zuul(id, rest, setting, route.or_default());
        }
    }
    for route in routes.into_values() {
        let Some((target, setting)) = route.target else {
            continue;
        };
        let mut whole = target.clone();
        whole.push(Part::Text("/".into()));
        whole.push(Part::Star);
        let key = Key::at("http", whole, "ANY");
        sink.require(key, DependencyKind::CallRoute, setting);
        sink.is_gateway(setting);
        for path in &route.paths {
            let (from, to) = rewritten(path, &route.strip);
            let mut value = target.clone();
            value.extend(&to);
            sink.bind(Key::new("route", from), value, setting);
        }
    }
}

fn gateway<'d>(rest: &str, setting: &'d Setting, route: &mut Route<'d>) {
    let value = &*setting.value;
    if is(rest, "uri") {
        route.target = target(value).map(|target| (target, setting));
    } else if rest.starts_with("predicates[") {
        let paths = match value.split_once('=') {
            Some(("Path", paths)) => paths,
            // The long form: a name, and arguments of which the paths alone start so.
            None if value.starts_with('/') && rest.contains("args") => value,
            _ => return,
        };
        let paths = paths.split(',').map(str::trim);
        route.paths.extend(paths.map(str::to_owned));
    } else if rest.starts_with("filters[") {
        match value.split_once('=') {
            Some(("StripPrefix", count)) => {
                route.strip = Strip::Segments(count.trim().parse().unwrap_or(1));
            }
            // `/cart/(?<rest>.*), /${rest}`: whatever the expression leaves out.
            Some(("RewritePath", rewrite)) => {
                let to = rewrite.rsplit(',').next().unwrap_or_default().trim();
                if to.starts_with("/$") {
                    route.strip = Strip::Prefix;
                }
            }
            _ => {}
        }
    }
}

fn zuul<'d>(id: &str, rest: &str, setting: &'d Setting, route: &mut Route<'d>) {
    let value = &*setting.value;
    match rest {
        // `cart: /cart/**`: the name is the service.
        "" | "path" => {
            route.paths.push(value.to_owned());
            // The prefix goes, unless the route says otherwise.
            if matches!(route.strip, Strip::Nothing) {
                route.strip = Strip::Prefix;
            }
            let target = || Some((target(&format!("lb://{id}"))?, setting));
            route.target = route.target.take().or_else(target);
        }
        _ if is(rest, "serviceId") => {
            route.target = target(&format!("lb://{value}")).map(|target| (target, setting));
        }
        _ if is(rest, "url") => {
            let url = match value.contains("://") || value.contains("${") {
                true => value.to_owned(),
                false => format!("lb://{value}"),
            };
            route.target = target(&url).map(|target| (target, setting));
        }
        _ if is(rest, "stripPrefix") && value == "false" => route.strip = Strip::Segments(0),
        _ => {}
    }
}

/// Where a route leads, without a slash at its end; nothing for routes that stay inside.
fn target(uri: &str) -> Option<Template> {
    let uri = uri.trim_end_matches('/');
    if uri.starts_with("forward:") || uri.starts_with("no:") || uri.is_empty() {
        return None;
    }
    let uri = match uri.strip_prefix("lb:ws://") {
        Some(rest) => format!("lb://{rest}"),
        None => uri.to_owned(),
    };
    Some(template(&uri))
}

/// A pattern of paths as a rewrite rule: `/api/cart/**` without two segments leads to `/*`.
fn rewritten(path: &str, strip: &Strip) -> (Template, Template) {
    let path = match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/{path}"),
    };
    let (fixed, open) = match path.find("**").or_else(|| path.find('*')) {
        Some(at) => (path[..at].trim_end_matches('/'), true),
        None => (path.trim_end_matches('/'), false),
    };
    let segments: Vec<&str> = fixed.split('/').filter(|piece| !piece.is_empty()).collect();
    let build = |segments: &[&str]| {
        let mut template = Template::default();
        for segment in segments {
            template.push(Part::Text("/".into()));
            match segment.starts_with('{') {
                true => template.push(Part::Hole),
                false => template.push(Part::Text((*segment).into())),
            }
        }
        if open {
            template.push(Part::Text("/".into()));
            template.push(Part::Star);
        } else if segments.is_empty() {
            template.push(Part::Text("/".into()));
        }
        template
    };
    let gone = match strip {
        Strip::Nothing => 0,
        Strip::Segments(count) => (*count).min(segments.len()),
        Strip::Prefix => segments.len(),
    };
    (build(&segments), build(&segments[gone..]))
}
