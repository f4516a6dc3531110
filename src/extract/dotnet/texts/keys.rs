//! Keys of the configuration: of sections, by index, of options.

use std::ops::Range;

use super::{DEPTH, Frame, Run, argument, asked, property};
use crate::extract::dotnet::outline::{Call, simple};
use crate::extract::strings::Text;
use crate::model::{Key, Part, Ref, Template};

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
        if kind.is_some_and(|kind| {
            matches!(
                kind.simple(),
                "IConfiguration" | "IConfigurationRoot" | "ConfigurationManager"
            )
        }) {
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
    pub(super) fn option(&self, owner: usize, name: &str) -> Option<Text> {
        let outline = self.texts.outline;
        let word = outline.tokens.word(owner)?;
        let kind = match word {
            "Value" | "CurrentValue" => {
                let holder = outline.tokens.word(owner.checked_sub(2)?)?;
                let kind = outline.type_of(holder, owner)?;
                let is_options = matches!(
                    kind.simple(),
                    "IOptions" | "IOptionsMonitor" | "IOptionsSnapshot"
                );
                is_options.then(|| kind.arguments.first().cloned())??
            }
            _ => {
                let path = match outline.type_of(word, owner) {
                    Some(kind) => kind.path,
                    None => self.assigned_option(word, owner)?,
                };
                ["Options", "Settings", "Config", "Configuration"]
                    .iter()
                    .any(|end| path.ends_with(end))
                    .then_some(path)?
            }
        };
        let section = Key::new("options", simple(&kind));
        let mut key = Template(vec![Part::Ref(Box::new(Ref {
            key: section,
            default: None,
        }))]);
        key.push(Part::Text(name.to_lowercase().into()));
        Some(property(key))
    }

    /// The type of `x` in `var x = options.Value`.
    pub(super) fn assigned_option(&self, word: &str, at: usize) -> Option<String> {
        let outline = self.texts.outline;
        let value = outline.definition(word, at)?.value?;
        let last = value.end.checked_sub(1)?;
        if !matches!(outline.tokens.word(last)?, "Value" | "CurrentValue") {
            return None;
        }
        let holder = outline.tokens.word(last.checked_sub(2)?)?;
        outline.type_of(holder, last)?.arguments.first().cloned()
    }
}
