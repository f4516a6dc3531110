//! What calls come to that give texts: addresses, keys, formats, methods of the file itself.

use std::ops::Range;

use super::{Frame, Run, argument, asked, property};
use crate::extract::dotnet::outline::{Argument, Call};
use crate::extract::strings::Text;
use crate::model::{Key, Template};

impl<'t> Run<'_, '_, 't> {
    pub(super) fn call(
        &mut self,
        call: &Call<'t>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Text {
        let outline = self.texts.outline;
        let receiver = outline.receiver(call);
        let first = argument(&call.arguments, "", 0).map(|one| one.tokens.clone());
        let mut value = |range: Option<Range<usize>>| match range {
            Some(range) => self.value(range, frame, depth + 1),
            None => Text::Unknown,
        };
        match call.name {
            "Uri" | "new" if call.is_new => {
                let is_kind =
                    |one: &&Argument<'_>| outline.tokens.is_word(one.tokens.start, "UriKind");
                let arguments = call.arguments.iter().filter(|one| !is_kind(one));
                let mut parts = arguments.map(|one| one.tokens.clone());
                match (parts.next(), parts.next()) {
                    (Some(base), Some(path)) => {
                        let base = value(Some(base));
                        let path = value(Some(path));
                        match path {
                            Text::Unknown => base,
                            path => joined(base, path),
                        }
                    }
                    (base, _) => value(base),
                }
            }
            "Parse" => match receiver
                .clone()
                .and_then(|range| outline.tokens.word(range.end - 1))
            {
                Some("ConfigurationOptions") => value(first),
                _ => Text::Unknown,
            },
            "GetEnvironmentVariable" => match self.literal(first, frame, depth) {
                Some(name) => Text::Bound(Key::new("env", name)),
                None => Text::Unknown,
            },
            "GetConnectionString" => {
                let name = self.template(first, frame, depth);
                let mut key = Template::text("connectionstrings:");
                key.extend(&name);
                property(key)
            }
            "GetRequiredValue" | "GetValue" | "GetSection" | "GetRequiredSection" => {
                let name = self.section(call, frame, depth);
                let key = name.map_or(Text::Unknown, |name| asked(&name));
                let default = argument(&call.arguments, "defaultValue", 1);
                match default.map(|one| one.tokens.clone()) {
                    Some(default) if call.name == "GetValue" => {
                        let default = self.value(default, frame, depth + 1);
                        Text::Or(Box::new(key), Box::new(default))
                    }
                    _ => key,
                }
            }
            "ToString" | "TrimEnd" | "Trim" | "TrimStart" | "ToLower" | "ToLowerInvariant"
            | "AsString"
                if call.arguments.len() < 2 =>
            {
                value(receiver)
            }
            "AppendPathSegment" => {
                let path = value(first);
                joined(value(receiver), path)
            }
            // Endpoints and clusters of Aspire stand for what they belong to.
            "GetEndpoint" => value(receiver),
            "AddCluster" => value(first),
            "Create" => match receiver.and_then(|range| outline.tokens.word(range.end - 1)) {
                Some("ReferenceExpression") => value(first),
                _ => Text::Unknown,
            },
            "Concat" => {
                let parts = call
                    .arguments
                    .iter()
                    .map(|one| value(Some(one.tokens.clone())));
                Text::Join(parts.collect())
            }
            "Format" if receiver.is_some() => {
                let parts: Vec<Text> = call
                    .arguments
                    .iter()
                    .map(|one| value(Some(one.tokens.clone())))
                    .collect();
                format(&parts)
            }
            "nameof" => {
                let last = first.and_then(|range| outline.tokens.word(range.end - 1));
                last.map_or(Text::Unknown, |name| Text::Literal(name.to_owned()))
            }
            _ if receiver.is_none() && !call.is_new => self.local_call(call, frame, depth),
            _ => Text::Unknown,
        }
    }

    /// What a method of the same file gives for these arguments.
    pub(super) fn local_call(
        &mut self,
        call: &Call<'t>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Text {
        let outline = self.texts.outline;
        let mut all = outline.methods.iter().filter(|method| {
            method.name == call.name && method.parameters.len() >= call.arguments.len()
        });
        let (Some(method), None) = (all.next(), all.next()) else {
            return Text::Unknown;
        };
        let body = method.body.clone();
        let mut returns = body
            .clone()
            .filter(|at| outline.tokens.is_word(*at, "return"));
        let value = match (returns.next(), returns.next()) {
            (Some(at), None) => outline.expression(at + 1),
            (None, None) if !body.is_empty() => body,
            _ => return Text::Unknown,
        };
        let arguments = call.arguments.iter();
        let values = arguments
            .map(|one| self.value(one.tokens.clone(), frame, depth + 1))
            .collect();
        let inner = Frame {
            names: &method.parameters,
            values,
        };
        self.value(value, Some(&inner), depth + 1)
    }
}

/// An address and what stands behind it, with one slash between them.
pub(super) fn joined(base: Text, path: Text) -> Text {
    let starts = matches!(&path, Text::Literal(text) if text.starts_with('/'));
    let ends = matches!(&base, Text::Literal(text) if text.ends_with('/'));
    match (base, path) {
        (Text::Literal(base), path) if starts && ends => {
            let base = base.trim_end_matches('/').to_owned();
            Text::Join(vec![Text::Literal(base), path])
        }
        (base, path) if starts || ends => Text::Join(vec![base, path]),
        (base, path) => Text::Join(vec![base, Text::Literal("/".to_owned()), path]),
    }
}

/// `{0}/x/{1}`.
pub(super) fn format(parts: &[Text]) -> Text {
    let Some(Text::Literal(form)) = parts.first() else {
        return Text::Unknown;
    };
    let mut out = Vec::new();
    let mut rest = form.as_str();
    while let Some(open) = rest.find('{') {
        let Some(len) = rest[open..].find('}') else {
            break;
        };
        out.push(Text::Literal(rest[..open].to_owned()));
        let number = rest[open + 1..open + len].split([':', ',']).next();
        let number: Option<usize> = number.and_then(|number| number.parse().ok());
        let value = number.and_then(|number| parts.get(number + 1));
        out.push(value.cloned().unwrap_or(Text::Unknown));
        rest = &rest[open + len + 1..];
    }
    out.push(Text::Literal(rest.to_owned()));
    Text::Join(out)
}
