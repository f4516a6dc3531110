//! Typed look-ups in a TOML tree that remember where something had the wrong shape.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// What had the wrong shape, in the order of finding.
#[derive(Debug, Default)]
pub(super) struct Wrong {
    list: Vec<(Range<usize>, String)>,
}

impl Wrong {
    /// Notes something that could not be understood.
    pub(super) fn note(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        self.list.push((bytes, message.into()));
    }

    /// The first in the file, and how many more there are.
    pub(super) fn summary(&self) -> Option<(Range<usize>, String)> {
        // What recovery made up has no place, and what is missing neither: they follow from what has one.
        let place = |bytes: &Range<usize>| (*bytes == (0..0), bytes.start);
        let (bytes, message) = self.list.iter().min_by_key(|(bytes, _)| place(bytes))?;
        let more = match self.list.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Some((bytes.clone(), format!("{message}{more}")))
    }

    /// The text at a key, when there is one.
    pub(super) fn text<'v>(&mut self, table: &'v DeTable<'_>, key: &str) -> Option<&'v str> {
        self.typed(table, key, "text", |value| value.as_str())
    }

    /// Whether a key says `true`.
    pub(super) fn truth(&mut self, table: &DeTable<'_>, key: &str) -> bool {
        self.typed(table, key, "true or false", |value| value.as_bool())
            .unwrap_or(false)
    }

    /// The table at a key, when there is one.
    pub(super) fn table<'v, 'i>(
        &mut self,
        table: &'v DeTable<'i>,
        key: &str,
    ) -> Option<&'v DeTable<'i>> {
        self.typed(table, key, "a table", |value| value.as_table())
    }

    /// The elements at a key, empty when there are none.
    pub(super) fn list<'v, 'i>(
        &mut self,
        table: &'v DeTable<'i>,
        key: &str,
    ) -> impl Iterator<Item = &'v Value<'i>> + use<'v, 'i> {
        self.typed(table, key, "a list", |value| value.as_array())
            .into_iter()
            .flat_map(|array| array.iter())
    }

    fn typed<'v, 'i, T>(
        &mut self,
        table: &'v DeTable<'i>,
        key: &str,
        expected: &str,
        read: impl Fn(&'v DeValue<'i>) -> Option<T>,
    ) -> Option<T> {
        let value = table.get(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            self.note(value.span(), format!("`{key}` must be {expected}"));
        }
        read
    }
}

/// Where an entry stands: its line for `key = value` and dotted keys, the key in the header for `[table.key]`.
pub(super) fn entry_span(key: &Range<usize>, value: &Value<'_>) -> Range<usize> {
    let span = value.span();
    if span.start < key.start {
        return key.clone();
    }
    let end = match value.get_ref() {
        // A dotted key's table has the span of the key alone.
        DeValue::Table(table) => table
            .iter()
            .map(|(_, value)| value.span().end)
            .fold(span.end, usize::max),
        _ => span.end,
    };
    key.start..end.max(key.end)
}

/// The value of a key `x.workspace = true`.
pub(super) fn is_inherited(value: &Value<'_>) -> bool {
    value
        .get_ref()
        .as_table()
        .and_then(|table| table.get("workspace"))
        .is_some_and(|value| value.get_ref().as_bool() == Some(true))
}
