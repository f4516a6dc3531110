//! Reads one table of the document: known keys by type, everything else is a mistake.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::closest;
use super::error::Mistakes;

/// The keys that a table may have.
#[derive(Debug)]
pub(super) struct Keys {
    /// How the table is written, for messages; empty for the document itself.
    pub(super) title: &'static str,
    pub(super) keys: &'static [&'static str],
}

/// One table of the document.
pub(super) struct Reader<'a, 'm, 't> {
    keys: &'static Keys,
    table: &'a DeTable<'a>,
    /// Of the table, for what is missing in it.
    span: Range<usize>,
    mistakes: &'m mut Mistakes<'t>,
}

impl<'a, 'm, 't> Reader<'a, 'm, 't> {
    /// Reports every key that is not in `keys`.
    pub(super) fn new(
        keys: &'static Keys,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        mistakes: &'m mut Mistakes<'t>,
    ) -> Self {
        for (key, _) in table {
            let name: &str = key.get_ref();
            if keys.keys.contains(&name) {
                continue;
            }
            let place = match keys.title {
                "" => String::new(),
                title => format!(" in {title}"),
            };
            let meant = match closest(name, keys.keys.iter().copied()) {
                Some(meant) => format!(", did you mean `{meant}`?"),
                None => String::new(),
            };
            mistakes.push(
                key.span(),
                format!("unknown key `{}`{place}{meant}", name.escape_debug()),
            );
        }
        Self {
            keys,
            table,
            span,
            mistakes,
        }
    }

    /// The value of a key, as it stands.
    pub(super) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        debug_assert!(self.keys.keys.contains(&key), "`{key}` is not listed");
        self.table.get(key)
    }

    /// Text that is not empty.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        text_of(self.mistakes, key, value)
    }

    /// States a mistake when a key is not there.
    pub(super) fn require(&mut self, key: &str) {
        if self.value(key).is_none() {
            let title = self.keys.title;
            self.mistakes
                .push(self.span.clone(), format!("{title} needs the key `{key}`"));
        }
    }

    /// A list of texts, each once.
    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.expected(key, value, "a list of texts");
            return None;
        };
        let mut texts: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for item in array.iter() {
            let Some(text) = text_of(self.mistakes, key, item) else {
                continue;
            };
            if !seen.insert(text.clone()) {
                self.mistake(item, format!("`{text}` is in `{key}` twice"));
            }
            texts.push(text);
        }
        Some(texts)
    }

    /// A whole number of at least `least`.
    pub(super) fn number(&mut self, key: &str, least: u64) -> Option<u64> {
        let value = self.value(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.expected(key, value, "a whole number");
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .filter(|number| *number >= least);
        if number.is_none() {
            self.mistake(
                value,
                format!("`{key}` must be a whole number of at least {least}"),
            );
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.expected(key, value, "`true` or `false`");
        }
        flag
    }

    /// One of a closed set of texts.
    pub(super) fn one_of<T: Copy>(&mut self, key: &str, all: &[(T, &'static str)]) -> Option<T> {
        one_of(self.mistakes, key, self.value(key)?, all)
    }

    /// A table with its span.
    pub(super) fn table(&mut self, key: &str) -> Option<(&'a DeTable<'a>, Range<usize>)> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.expected(key, value, &format!("a table `[{key}]`"));
        }
        table.map(|table| (table, value.span()))
    }

    /// A list of tables with their spans.
    pub(super) fn tables(&mut self, key: &str) -> Vec<(&'a DeTable<'a>, Range<usize>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let expected = format!("a list of tables `[[{key}]]`");
        let Some(array) = value.get_ref().as_array() else {
            self.expected(key, value, &expected);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push((table, item.span())),
                None => self.expected(key, item, &expected),
            }
        }
        tables
    }

    /// States a mistake at a value.
    pub(super) fn mistake(&mut self, value: &Spanned<DeValue<'_>>, message: impl Into<String>) {
        self.mistakes.push(value.span(), message);
    }

    /// States a mistake of the table as a whole: what is missing in it.
    pub(super) fn missing(&mut self, message: impl Into<String>) {
        self.mistakes.push(self.span.clone(), message);
    }

    /// The sink, for tables inside of this one.
    pub(super) fn mistakes(&mut self) -> &mut Mistakes<'t> {
        self.mistakes
    }

    /// States that a value has another type than `what`.
    pub(super) fn expected(&mut self, key: &str, value: &Spanned<DeValue<'_>>, what: &str) {
        expected(self.mistakes, key, value, what);
    }
}

/// One of a closed set of texts, outside of a [`Reader`].
pub(super) fn one_of<T: Copy>(
    mistakes: &mut Mistakes<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    all: &[(T, &'static str)],
) -> Option<T> {
    let text = text_of(mistakes, key, value)?;
    let found = all.iter().find(|(_, name)| *name == text);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
        let listed = names.join("`, `");
        let meant = match closest(&text, names) {
            Some(meant) => format!(", did you mean `{meant}`?"),
            None => String::new(),
        };
        let text = text.escape_debug();
        mistakes.push(
            value.span(),
            format!("`{text}` is none of `{listed}`{meant}"),
        );
    }
    found.map(|(value, _)| *value)
}

fn text_of(mistakes: &mut Mistakes<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref().as_str() {
        Some(text) if text.trim().is_empty() => {
            mistakes.push(value.span(), format!("`{key}` must not be empty"));
            None
        }
        // It ends up on terminals and in lines of tables.
        Some(text) if text.contains(char::is_control) => {
            mistakes.push(
                value.span(),
                format!("`{key}` must be one line without control characters"),
            );
            None
        }
        Some(text) => Some(text.to_owned()),
        None => {
            expected(mistakes, key, value, "text");
            None
        }
    }
}

fn expected(mistakes: &mut Mistakes<'_>, key: &str, value: &Spanned<DeValue<'_>>, what: &str) {
    let found = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    mistakes.push(value.span(), format!("`{key}` must be {what}, not {found}"));
}
