//! The colours of text for a terminal; who prints strips them where they do not belong.

use anstyle::{AnsiColor, Style};

use crate::graph::Verdict;
use crate::model::Level;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const MARGIN: Style = AnsiColor::Blue.on_default().bold();

/// The colour of a level.
pub(super) fn level(level: Level) -> Style {
    match level {
        Level::Deny => ERROR,
        Level::Warn => WARNING,
        Level::Allow => DIM,
    }
}

/// The colour of a verdict.
pub(super) fn verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Forbidden => ERROR,
        Verdict::Warned => WARNING,
        Verdict::Permitted => DIM,
    }
}
