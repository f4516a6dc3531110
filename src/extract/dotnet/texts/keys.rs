//! Keys of the configuration: of sections, by index, of options.

use std::ops::Range;

use super::{DEPTH, Frame, Run, argument, asked, property};
use crate::extract::dotnet::outline::{Call, TypeName, simple};
use crate::extract::strings::Text;
use crate::model::{Key, Part, Template};

impl<'t> Run<'_, '_, 't> {
    /// The key of a section: of what the call is made on, and its own.
    pub(super) fn section(
        &mut self,
        call: &Call<'t>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Option<Template> {
        let first = argument(&call.arguments, "key", 0).map(|one| one.tokens.clone());
        let name = self.template(first, frame, depth);
        let receiver = self.texts.outline.receiver(call)?;
        let mut whole = self.prefix(receiver, frame, depth)?;
        whole.extend(&name);
        Some(whole)
    }

    /// What stands in front of a key that is asked of an expression; `None` when it is no configuration.
    pub(super) fn prefix(
        &mut self,
        range: Range<usize>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Option<Template> {
        let outline = self.texts.outline;
        if depth > DEPTH || range.is_empty() {
            return None;
        }
        let last = range.end - 1;
        if let Some(call) = outline.call_ending(last) {
            let is_service = matches!(call.name, "GetRequiredService" | "GetService");
            if is_service && call.generics.first().is_some_and(is_configuration) {
                return Some(Template::default());
            }
            if !matches!(call.name, "GetSection" | "GetRequiredSection") {
                return None;
            }
            let mut key = self.section(call, frame, depth + 1)?;
            key.push(Part::Text(":".into()));
            return Some(key);
        }
        let name = outline.tokens.word(last)?;
        let lower = name.trim_start_matches('_').to_lowercase();
        if matches!(
            &*lower,
            "configuration" | "config" | "conf" | "configurationmanager"
        ) {
            return Some(Template::default());
        }
        let kind = outline.type_of(name, last);
        if kind.as_ref().is_some_and(is_configuration) {
            return Some(Template::default());
        }
        // A section that was taken before.
        let definition = outline.definition(name, last)?;
        self.prefix(definition.value?, frame, depth + 1)
    }

    /// `configuration["A:B"]`.
    pub(super) fn element(
        &mut self,
        of: Range<usize>,
        key: Range<usize>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Text {
        let Some(mut whole) = self.prefix(of, frame, depth) else {
            return Text::Unknown;
        };
        let name = self.template(Some(key), frame, depth);
        whole.extend(&name);
        asked(&whole)
    }

    /// `options.Value.Name` and `_settings.Name`: a key of the section that the type is bound to.
    pub(super) fn option(&mut self, owner: usize, name: &str, depth: usize) -> Option<Text> {
        let mut key = self.bound(owner, depth)?;
        key.push(Part::Text(name.into()));
        Some(property(key))
    }

    /// The section, with `:` behind it, that the object holds which an expression gives; the last token of the expression is told.
    fn bound(&mut self, last: usize, depth: usize) -> Option<Template> {
        let outline = self.texts.outline;
        if depth > DEPTH {
            return None;
        }
        if let Some(call) = outline.call_ending(last) {
            return match (call.name, call.generics.first()) {
                // `configuration.GetSection("A").Get<Settings>()`.
                ("Get", _) => {
                    let receiver = outline.receiver(call)?;
                    let mut key = self.prefix(receiver, None, depth + 1)?;
                    (!key.is_empty()).then(|| {
                        if !matches!(key.0.last(), Some(Part::Text(text)) if text.ends_with(':')) {
                            key.push(Part::Text(":".into()));
                        }
                        key
                    })
                }
                ("GetRequiredService" | "GetService", Some(kind)) => options(kind),
                _ => None,
            };
        }
        let word = outline.tokens.word(last)?;
        if matches!(word, "Value" | "CurrentValue")
            && last > 1
            && outline.tokens.is_sign(last - 1, b'.')
        {
            let holder = last - 2;
            let kind = match outline.call_ending(holder) {
                Some(call) => {
                    let is_service = matches!(call.name, "GetRequiredService" | "GetService");
                    call.generics.first().filter(|_| is_service).cloned()
                }
                None => outline.type_of(outline.tokens.word(holder)?, last),
            }?;
            let is_options = matches!(
                kind.simple(),
                "IOptions" | "IOptionsMonitor" | "IOptionsSnapshot"
            );
            return kind
                .arguments
                .first()
                .filter(|_| is_options)
                .map(|name| section(name));
        }
        let value = outline.definition(word, last).and_then(|one| one.value);
        value
            .and_then(|value| self.bound(value.end.checked_sub(1)?, depth + 1))
            .or_else(|| options(&outline.type_of(word, last)?))
    }
}

/// The section of a type whose name says that it holds settings.
fn options(kind: &TypeName) -> Option<Template> {
    ["Options", "Settings", "Config", "Configuration"]
        .iter()
        .any(|end| kind.path.ends_with(end))
        .then(|| section(&kind.path))
}

fn section(kind: &str) -> Template {
    Key::new("options", simple(kind)).into()
}

fn is_configuration(kind: &TypeName) -> bool {
    matches!(
        kind.simple(),
        "IConfiguration" | "IConfigurationRoot" | "ConfigurationManager"
    )
}
