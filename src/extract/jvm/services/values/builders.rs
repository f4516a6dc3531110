//! What do calls come to that build an address or a request piece by piece?

use std::ops::Range;

use super::{Scope, Value, Values};
use crate::model::Template;

impl Values<'_, '_> {
    /// A call on a builder: what is built, with a piece more.
    pub(super) fn built(
        &self,
        mut value: Value,
        name: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let verb = verb_of(name).filter(|_| is_client(&value.ty));
        if let Some(verb) = verb {
            value.verb = verb;
        }
        match name {
            "method" if is_client(&value.ty) => value.verb = verb_in(&arg(0)),
            "baseUrl" | "rootUri" | "fromHttpUrl" | "fromUriString" | "target" | "setJdbcUrl"
            | "create" => value.texts = arg(0).texts,
            "url" | "uri" if !args.is_empty() && !is_client(&value.ty) => {
                value.texts = arg(0).texts;
            }
            "scheme" => {
                value.texts = arg(0).or_hole();
                value.append(vec!["://".into()]);
            }
            "host" => {
                if value.texts.is_empty() {
                    value.texts.push("http://".into());
                }
                value.append(arg(0).or_hole());
            }
            "port" => {
                value.append(vec![":".into()]);
                value.append(arg(0).or_hole());
            }
            "path" | "pathSegment" | "addPathSegment" | "addPathSegments" | "segment"
            | "replacePath" => {
                if value.texts.is_empty() {
                    value.texts.push(Template::default());
                }
                for number in 0..args.len() {
                    let mut piece = arg(number).or_hole();
                    if name != "path" && name != "replacePath" {
                        piece.iter_mut().for_each(|piece| {
                            let mut with: Template = "/".into();
                            with.extend(piece);
                            *piece = with;
                        });
                    }
                    value.append(piece);
                }
            }
            _ => {}
        }
        value
    }
}

/// Types whose calls go on building the same thing.
pub(in super::super) fn is_builder(ty: &str) -> bool {
    is_client(ty)
        || ty.ends_with(".Builder")
        || matches!(
            ty,
            "UriComponentsBuilder"
                | "UriComponents"
                | "UriBuilder"
                | "RestTemplateBuilder"
                | "ManagedChannelBuilder"
                | "ManagedChannel"
                | "DataSourceBuilder"
                | "Feign"
                | "QueueBuilder"
                | "ExchangeBuilder"
                | "TopicBuilder"
                | "HikariConfig"
                | "HttpServiceProxyFactory"
                | "WebClientAdapter"
                | "RestClientAdapter"
                | "RestTemplateAdapter"
                | "RestTemplate"
                | "Queue"
                | "RestOperations"
        )
}

/// Clients whose requests are built call by call.
pub(in super::super) fn is_client(ty: &str) -> bool {
    matches!(
        ty,
        "WebClient" | "RestClient" | "WebClient.Builder" | "RestClient.Builder"
    )
}

fn verb_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "delete" => "DELETE",
        "patch" => "PATCH",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => return None,
    })
}

/// The verb that a value names.
pub(in super::super) fn verb_in(value: &Value) -> &'static str {
    let text = value.texts.first().and_then(Template::as_text);
    text.and_then(|text| verb_of(&text.to_ascii_lowercase()))
        .unwrap_or("ANY")
}
