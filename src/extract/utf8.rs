//! The text of a file of which nothing can be read unless it is UTF-8.

use crate::model::{Facts, Parsed, SourceFile};

/// The content as text; where it is none, that is told.
pub(super) fn text<'a>(file: &SourceFile<'a>, facts: &mut Facts<'_>) -> Option<&'a str> {
    match file.text() {
        Ok(text) => Some(text),
        Err(offset) => {
            facts.problem(offset..offset + 1, "not UTF-8");
            facts.parsed(Parsed::Failed);
            None
        }
    }
}
