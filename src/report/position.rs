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
