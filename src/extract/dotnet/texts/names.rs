//! What names come to: variables, parameters, constants of other types.

use std::ops::Range;

use super::{Frame, Run, argument};
use crate::extract::dotnet::outline::Definition;
use crate::extract::strings::Text;
use crate::model::Key;

impl<'t> Run<'_, '_, 't> {
    pub(super) fn name(
        &mut self,
        range: Range<usize>,
        name: &'t str,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Text {
        let outline = self.texts.outline;
        let tokens = &outline.tokens;
        let last = range.end - 1;
        let owner = (last >= range.start + 2 && tokens.is_sign(last - 1, b'.')).then(|| last - 2);
        let is_own = match owner {
            None => true,
            Some(owner) => {
                tokens.is_word(owner, "this")
                    || outline
                        .type_around(last)
                        .is_some_and(|kind| tokens.is_word(owner, kind.name))
            }
        };
        if is_own {
            if let Some(known) = self.texts.known.get(name) {
                return known.clone();
            }
            if let Some(frame) = frame
                && let Some(place) = frame.names.iter().position(|known| *known == name)
            {
                return frame.values.get(place).cloned().unwrap_or(Text::Unknown);
            }
            return match outline.definition(name, last) {
                Some(Definition {
                    value: Some(value), ..
                }) => self.value(value, frame, depth + 1),
                Some(_) => Text::Unknown,
                None => self.parameter(name, last, depth),
            };
        }
        let Some(owner) = owner else {
            return Text::Unknown;
        };
        match name {
            "Value" | "AbsoluteUri" | "OriginalString" | "Uri" if !range.is_empty() => {
                let inner = self.value(range.start..last - 1, frame, depth + 1);
                if inner != Text::Unknown {
                    return inner;
                }
            }
            "Empty" if tokens.is_word(owner, "string") || tokens.is_word(owner, "String") => {
                return Text::Literal(String::new());
            }
            _ => {}
        }
        self.option(owner, name, depth)
            .or_else(|| self.far_constant(owner, name))
            .unwrap_or(Text::Unknown)
    }

    /// What all calls in the file give to a parameter, when that is one value.
    pub(super) fn parameter(&mut self, name: &str, at: usize, depth: usize) -> Text {
        let outline = self.texts.outline;
        let place = outline.method_around(at).and_then(|method| {
            let place = method.parameters.iter().position(|one| *one == name)?;
            Some((method.name, place))
        });
        let Some((method, place)) = place else {
            return Text::Unknown;
        };
        let calls = outline.calls.iter().filter(|call| call.name == method);
        let mut found: Option<Text> = None;
        for call in calls.take(16) {
            let value = match argument(&call.arguments, name, place) {
                Some(argument) => self.value(argument.tokens.clone(), None, depth + 1),
                None => Text::Unknown,
            };
            if found.as_ref().is_some_and(|known| *known != value) {
                return Text::Unknown;
            }
            found = Some(value);
        }
        found.unwrap_or(Text::Unknown)
    }

    /// `Topics.Orders`: a constant of another type, which may stand in another file.
    pub(super) fn far_constant(&self, owner: usize, name: &str) -> Option<Text> {
        let outline = self.texts.outline;
        let kind = outline.tokens.word(owner)?;
        let is_constant = |word: &str| word.starts_with(|first: char| first.is_uppercase());
        if !is_constant(kind) || !is_constant(name) {
            return None;
        }
        // What is at the front of the name decides whether it is a type at all.
        let is_lower = owner >= 2
            && outline.tokens.is_sign(owner - 1, b'.')
            && !outline.tokens.word(owner - 2).is_some_and(is_constant);
        let is_variable = outline.type_of(kind, owner).is_some();
        (!is_lower && !is_variable).then(|| Text::Bound(Key::at("slot", kind, name)))
    }
}
