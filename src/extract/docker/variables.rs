//! Variables of a Dockerfile that have a default: `ARG NAME=value` and `ENV NAME=value`.
//!
//! Source: <https://docs.docker.com/reference/dockerfile/#environment-replacement>

use std::collections::HashMap;

/// The values that one file shows.
#[derive(Default)]
pub(super) struct Variables {
    values: HashMap<String, String>,
}

impl Variables {
    /// Reads the arguments of `ARG` or `ENV`: `NAME=value`, several of them, values perhaps in quotes.
    pub(super) fn define(&mut self, arguments: &str) {
        for word in arguments.split_whitespace() {
            if let Some((name, value)) = word.split_once('=')
                && let Some((value, _)) = self.replace(value.trim_matches(['"', '\'']))
            {
                self.values.insert(name.to_owned(), value);
            }
        }
    }

    /// A text with its variables replaced, and whether there were any; `None` when one has no value here.
    pub(super) fn replace(&self, text: &str) -> Option<(String, bool)> {
        let mut out = String::new();
        let mut rest = text;
        let mut replaced = false;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let value;
            if let Some(inner) = rest.strip_prefix('{') {
                let end = inner.find('}')?;
                let (name, default) = inner[..end]
                    .split_once(":-")
                    .map_or((&inner[..end], None), |(name, default)| {
                        (name, Some(default))
                    });
                value = match self.values.get(name) {
                    Some(value) => value.clone(),
                    // A default that is put together itself is not worked out.
                    None => default.filter(|default| !default.contains('$'))?.to_owned(),
                };
                rest = &inner[end + 1..];
            } else {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                value = self.values.get(&rest[..end])?.clone();
                rest = &rest[end..];
            }
            out.push_str(&value);
            replaced = true;
        }
        out.push_str(rest);
        Some((out, replaced))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_put_in_and_unknown_names_are_not_guessed() {
        let mut variables = Variables::default();
        variables.define("APP=cart");
        variables.define("DIR=\"apps/${APP}\" OTHER=$MISSING");
        let replace = |text| variables.replace(text).map(|(text, _)| text);
        assert_eq!(replace("$DIR/lib").as_deref(), Some("apps/cart/lib"));
        assert_eq!(replace("${X:-libs}/a").as_deref(), Some("libs/a"));
        assert_eq!(replace("plain").as_deref(), Some("plain"));
        assert_eq!(replace("${OTHER}"), None);
        assert_eq!(replace("${"), None);
        assert_eq!(replace("$"), None);
    }
}
