//! One file per format: pure functions of the result.

use std::io::{self, Write};

use crate::analysis::Analysis;

/// Writes a whole analysis in one format.
pub trait Renderer: Sync {
    /// What the format is.
    fn info(&self) -> &'static FormatInfo;

    /// Writes the analysis.
    ///
    /// # Errors
    /// What writing to `out` gives.
    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()>;
}

/// What the command line and the documentation know of a format.
#[derive(Debug)]
pub struct FormatInfo {
    pub id: &'static str,
    pub summary: &'static str,
}

/// Every format of an analysis.
pub const FORMATS: &[&dyn Renderer] = &[];
