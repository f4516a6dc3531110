//! One file per format: pure functions of the result.

mod cells;
mod csv;
mod dot;
mod findings;
mod github;
mod gitlab;
mod graph_csv;
mod graph_json;
mod json;
mod junit;
mod markdown;
mod markup;
mod mermaid;
mod names;
mod notes;
mod position;
mod sarif;
mod style;
#[cfg(test)]
mod testing;
mod text;

use std::io::{self, Write};

use crate::analysis::Analysis;
use crate::graph::View;

pub use json::schema;
pub use names::{fit as cut, safe};
pub use position::site;
pub use text::{Most, Text};

/// Writes a whole analysis in one format.
pub trait Renderer: Sync {
    /// What the format is.
    fn info(&self) -> &'static FormatInfo;

    /// Writes the analysis; `text` always with colours, see [`plain`].
    ///
    /// # Errors
    /// What writing to `out` gives.
    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()>;
}

/// Writes a picture in one format.
pub trait GraphRenderer: Sync {
    /// What the format is.
    fn info(&self) -> &'static FormatInfo;

    /// Writes the picture.
    ///
    /// # Errors
    /// What writing to `out` gives.
    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()>;
}

/// What the command line and the documentation know of a format.
#[derive(Debug)]
pub struct FormatInfo {
    pub id: &'static str,
    pub summary: &'static str,
}

/// Every format of an analysis.
pub const FORMATS: &[&dyn Renderer] = &[
    &Text::SHORT,
    &json::Json,
    &csv::Csv,
    &sarif::Sarif,
    &github::Github,
    &gitlab::Gitlab,
    &junit::Junit,
    &markdown::Markdown,
];

/// Every format of a picture.
pub const GRAPH_FORMATS: &[&dyn GraphRenderer] = &[
    &dot::Dot,
    &mermaid::Mermaid,
    &graph_json::GraphJson,
    &graph_csv::GraphCsv,
];

/// The text without its colours.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::testing::{draw, render, shop};
    use super::*;
    use crate::graph::Level;

    #[test]
    fn every_format_has_its_own_id_and_gives_the_same_bytes_twice() {
        let mut ids: Vec<&str> = FORMATS.iter().map(|format| format.info().id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), FORMATS.len());
        for format in FORMATS {
            assert_eq!(render(*format, &shop()), render(*format, &shop()));
        }
        for format in GRAPH_FORMATS {
            for level in [Level::Team, Level::Component, Level::Org] {
                assert_eq!(draw(*format, &shop(), level), draw(*format, &shop(), level));
            }
        }
    }
}
