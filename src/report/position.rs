//! Places for people: `path:line:column` as far as the run kept the text.

use crate::analysis::Analysis;
use crate::model::{FileId, Place, Position, Span};

/// Path, and line and column when the text of the file was kept.
pub(super) fn place(analysis: &Analysis, place: &Place) -> (Option<String>, Option<Position>) {
    let files = analysis.graph.files();
    match place {
        Place::Run => (None, None),
        Place::Path(repo, path) => {
            let path = crate::model::RepoPath::new(*repo, path.as_str());
            (Some(files.display_path(&path)), None)
        }
        Place::File(file) => (Some(files.display(*file)), None),
        Place::Span(span) => (Some(files.display(span.file)), position(analysis, *span)),
    }
}

/// Line and column of the start of a span; `None` when the text was not kept.
pub(super) fn position(analysis: &Analysis, span: Span) -> Option<Position> {
    analysis.texts.line(span)?;
    Some(analysis.texts.position(span))
}

/// The range of a span; lines and columns from 1, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u32,
    /// In UTF-16 code units, as SARIF and editors count.
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// The range of a span; `None` when the text was not kept.
pub(super) fn region(analysis: &Analysis, span: Span) -> Option<Region> {
    let touched = analysis.texts.touched(span)?;
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX - 1);
    let column = units(&touched.before).saturating_add(1);
    let lines = touched.inside.matches('\n').count();
    let end_column = match touched.inside.rsplit_once('\n') {
        Some((_, last)) => units(last).saturating_add(1),
        None => column.saturating_add(units(&touched.inside)),
    };
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    Some(Region {
        line: touched.line,
        column,
        end_line: touched.line.saturating_add(lines),
        end_column,
    })
}

/// The path of a file.
pub(super) fn path(analysis: &Analysis, file: FileId) -> String {
    analysis.graph.files().display(file)
}

/// `path:line:column`, or the path alone.
pub fn site(analysis: &Analysis, span: Span) -> String {
    let path = path(analysis, span.file);
    match position(analysis, span) {
        Some(at) => format!("{path}:{}:{}", at.line, at.column),
        None => path,
    }
}

/// `path:line`, or the path alone.
pub(super) fn line_of(analysis: &Analysis, span: Span) -> String {
    let path = path(analysis, span.file);
    match position(analysis, span) {
        Some(at) => format!("{path}:{}", at.line),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_region_count_utf16_units_and_the_end_is_behind_the_last_one() {
        let mut analysis = Analysis::default();
        let text = "a\nü🍕x🍕\nyz";
        analysis.texts.insert(FileId(0), text.into());
        let at = |wanted: &str| {
            let start = text.find(wanted).unwrap();
            let span = Span {
                file: FileId(0),
                start: start as u32,
                end: (start + wanted.len()) as u32,
            };
            let region = region(&analysis, span).unwrap();
            let (from, to) = (region.line, region.end_line);
            [from, region.column, to, region.end_column]
        };
        assert_eq!(at("x🍕"), [2, 4, 2, 7]);
        assert_eq!(at("🍕\ny"), [2, 5, 3, 2]);
    }
}
