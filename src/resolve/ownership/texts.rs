//! Which of many texts does a text contain?

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

/// The most texts of one automaton: building one takes time that grows with their square.
pub(super) const CHUNK: usize = 4096;

/// Texts, each with what it stands for.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// [`CHUNK`] texts each.
    automata: Vec<AhoCorasick>,
    /// By text: indices, ascending.
    meanings: Vec<Vec<usize>>,
}

impl Texts {
    /// `None` for texts too large for an automaton.
    pub(super) fn new<T: AsRef<[u8]>>(texts: BTreeMap<T, Vec<usize>>) -> Option<Self> {
        let keys: Vec<&T> = texts.keys().collect();
        let automata = keys.chunks(CHUNK).map(AhoCorasick::new);
        let automata = automata.collect::<Result<Vec<_>, _>>().ok()?;
        Some(Self {
            automata,
            meanings: texts.into_values().collect(),
        })
    }

    /// What the texts stand for that are in `text`, text by text.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t [usize]> + 't {
        let automata = self.automata.iter().enumerate();
        automata.flat_map(move |(chunk, automaton)| {
            let found = automaton.find_overlapping_iter(text);
            found.map(move |found| {
                let number = chunk * CHUNK + found.pattern().as_usize();
                self.meanings[number].as_slice()
            })
        })
    }
}
