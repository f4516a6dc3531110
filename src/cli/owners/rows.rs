//! What is told of a file: who owns it, which line decided, and what other sources say.

use serde::Serialize;
use twopizza::model::{FileId, HIDDEN, Owned, Span, Voice};

use super::Owners;

/// One file.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) path: String,
    pub(super) state: &'static str,
    /// As written.
    pub(super) owners: Vec<String>,
    /// Ids of teams, or of made-up teams of people.
    pub(super) teams: Vec<String>,
    pub(super) decided_by: Option<Line>,
    /// All that speak of it, the deciding one first.
    pub(super) voices: Vec<Heard>,
}

/// A line of an ownership file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Line {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) text: String,
}

/// What one source says.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Heard {
    pub(super) source: &'static str,
    /// As written; none: explicitly nobody.
    pub(super) owners: Vec<String>,
    pub(super) teams: Vec<String>,
    /// The first of the lines that say it together.
    pub(super) line: Option<Line>,
    /// The others.
    #[serde(skip)]
    pub(super) more: Vec<Line>,
}

impl Owners {
    pub(super) fn row(&self, file: FileId) -> Row {
        let graph = &self.analysis.graph;
        let organisation = graph.organisation();
        let owned = organisation.file(file);
        let (owners, teams) = self.named(owned);
        Row {
            path: graph.files().path(file).path.to_string(),
            state: match owned {
                Owned::By(..) => "owned",
                Owned::Unowned(_) => "unowned",
                Owned::Unmatched => "unmatched",
            },
            owners,
            teams,
            decided_by: owned.line().map(|span| self.line(span)),
            voices: organisation
                .voices(file)
                .iter()
                .map(|voice| self.heard(voice))
                .collect(),
        }
    }

    fn heard(&self, voice: &Voice) -> Heard {
        let (owners, teams) = self.named(voice.owned);
        let mut lines = voice.lines.iter().map(|span| self.line(*span));
        Heard {
            source: voice.source.as_str(),
            owners,
            teams,
            line: lines.next(),
            more: lines.collect(),
        }
    }

    /// Owners as written, and the ids of their teams.
    fn named(&self, owned: Owned) -> (Vec<String>, Vec<String>) {
        let organisation = self.analysis.graph.organisation();
        let Some(set) = owned.set() else {
            return Default::default();
        };
        let written = organisation.sets.get(set.0 as usize);
        let written = written.map_or(&[][..], |set| &set.written);
        let teams = organisation.teams_of(set).iter();
        (
            written.iter().map(|owner| owner.text.to_string()).collect(),
            teams
                .map(|team| organisation.team(*team).team.id.clone())
                .collect(),
        )
    }

    fn text(&self, span: Span) -> String {
        let hidden = self.analysis.texts.are_hidden();
        let text = self.analysis.ownership_line(span);
        text.unwrap_or_else(|| if hidden { HIDDEN } else { "" }.to_owned())
    }

    fn line(&self, span: Span) -> Line {
        Line {
            path: self.analysis.graph.files().path(span.file).path.to_string(),
            line: self.analysis.texts.position(span).line,
            text: self.text(span),
        }
    }
}
