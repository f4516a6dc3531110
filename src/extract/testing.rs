//! What an extractor says of one text, as lines: for tests.

use super::Extractor;
use crate::model::{Context, Facts, FileFacts, FileId, Mode, Place, RepoId, RepoPath, SourceFile};

/// Facts, problems (`! message`), sorted, each with the text that its span covers.
pub(super) fn lines(extractor: &dyn Extractor, path: &str, text: impl AsRef<[u8]>) -> String {
    let facts = facts(extractor, path, text.as_ref());
    let covered = |start: u32, end: u32| {
        let bytes = &text.as_ref()[start as usize..end as usize];
        format!("{:?}", String::from_utf8_lossy(bytes))
    };
    let mut lines: Vec<String> = facts
        .facts
        .iter()
        .map(|fact| format!("{fact}  @ {}\n", covered(fact.span.start, fact.span.end)))
        .collect();
    lines.extend(facts.problems.iter().map(|problem| match &problem.place {
        Place::Span(span) => {
            format!(
                "! {}  @ {}\n",
                problem.message,
                covered(span.start, span.end)
            )
        }
        _ => format!("! {}\n", problem.message),
    }));
    lines.sort();
    lines.concat()
}

/// Everything that an extractor says of one file.
pub(super) fn facts(extractor: &dyn Extractor, path: &str, bytes: &[u8]) -> FileFacts {
    let mut out = FileFacts::default();
    let path = RepoPath::new(RepoId(0), path);
    let file = SourceFile {
        path: &path,
        bytes,
        mode: Mode::File,
        bom: false,
        roster: None,
    };
    let mut facts = Facts::new(
        &mut out,
        FileId(0),
        extractor.info().id,
        Context::Production,
    );
    extractor.extract(&file, &mut facts);
    out
}
