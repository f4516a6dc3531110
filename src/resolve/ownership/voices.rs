//! What do all sources say of each file, and which of them decides?

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::Input;
use super::books::{Book, Line};
use super::sets::Sets;
use crate::model::{ComponentId, FileId, Organisation, Owned, Owner, OwnershipSource, Span, Voice};

/// The lines of one book that speak of a path together: the index of the book, the indices of its lines.
pub(super) type Said = (u32, Vec<u32>);

/// By file: what each book says that is not silent, the strongest first.
pub(super) fn said(input: &Input<'_>, books: &[Box<dyn Book<'_> + '_>]) -> Vec<Vec<Said>> {
    let files: Vec<FileId> = input.files.iter().map(|(file, _)| file).collect();
    files
        .par_iter()
        .map(|file| {
            let path = input.files.path(*file);
            let mut said = Vec::new();
            for (index, book) in books.iter().enumerate() {
                let mut lines = Vec::new();
                if book.repo() == path.repo {
                    book.speak(&path.path, &mut lines);
                }
                let index = index as u32;
                if !book.is_joint() {
                    said.extend(lines.into_iter().map(|line| (index, vec![line])));
                } else if !lines.is_empty() {
                    said.push((index, lines));
                }
            }
            said
        })
        .collect()
}

/// Each combination of voices once, and which of them each file has.
pub(super) struct Voices {
    voices: Vec<Vec<Voice>>,
    files: Vec<u32>,
}

/// Joins what the books say with what the configuration says of components, which is the strongest.
pub(super) fn voices(
    input: &Input<'_>,
    books: &[Box<dyn Book<'_> + '_>],
    said: &[Vec<Said>],
    configured: &BTreeMap<ComponentId, Owned>,
    sets: &mut Sets,
) -> Voices {
    let mut voices = vec![Vec::new()];
    let mut known: HashMap<(Option<Owned>, &[Said]), u32> = HashMap::from([((None, &[][..]), 0)]);
    let files = input.files.iter().zip(said).map(|((file, _), said)| {
        let configured = configured.get(&(input.component_of)(file)).copied();
        *known.entry((configured, said)).or_insert_with(|| {
            let first = configured.map(|owned| Voice {
                source: OwnershipSource::Configuration,
                owned,
                general: false,
                lines: owned.line().into_iter().collect(),
            });
            let others = said.iter().map(|said| voice(input, books, said, sets));
            voices.push(first.into_iter().chain(others).collect());
            voices.len() as u32 - 1
        })
    });
    let files = files.collect();
    Voices { voices, files }
}

/// What the lines of one book say together: all their owners, each once.
fn voice(
    input: &Input<'_>,
    books: &[Box<dyn Book<'_> + '_>],
    (book, lines): &Said,
    sets: &mut Sets,
) -> Voice {
    let book = &books[*book as usize];
    let general = lines.iter().all(|line| {
        let own = book.is_general(*line);
        own.unwrap_or_else(|| is_general(input, &book.lines()[*line as usize]))
    });
    let lines = lines.iter().map(|line| &book.lines()[*line as usize]);
    let mut owners: Vec<Owner> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for line in lines {
        spans.push(line.span);
        for owner in line.owners {
            if !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
    }
    Voice {
        source: book.source(),
        owned: sets.owned(&owners, spans[0]),
        general,
        lines: spans,
    }
}

/// Whether a line speaks of every file: by its pattern, or because its file lies at the root.
fn is_general(input: &Input<'_>, line: &Line<'_>) -> bool {
    /// Every file, in the words of all dialects; `/*` of CODEOWNERS is not among them.
    const ALL: &[&str] = &[
        "*", "**", "**/*", "**/**", "/**", "/**/*", "/**/**", "*/", "./", ".*", "^.*$",
    ];
    match line.pattern {
        "" => input.files.path(line.span.file).parent().is_empty(),
        pattern => ALL.contains(&pattern),
    }
}

impl Voices {
    /// Writes them down; the strongest voice decides.
    pub(super) fn apply(self, organisation: &mut Organisation) {
        let decided = |index: &u32| {
            let voices = &self.voices[*index as usize];
            voices.first().map_or(Owned::Unmatched, |voice| voice.owned)
        };
        organisation.files = self.files.iter().map(decided).collect();
        organisation.file_voices = self.files;
        organisation.voices = self.voices;
    }
}
