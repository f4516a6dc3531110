//! Shows on a terminal how far a run is.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use twopizza::model::Progress;

/// One line on standard error, gone when the step is over; silent where nobody watches.
#[derive(Debug, Default)]
pub(super) struct Bar {
    shown: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bar {
    /// Shown on a terminal only, and not when `quiet`.
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            shown: !quiet && std::io::stderr().is_terminal(),
            bar: Mutex::default(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Option<ProgressBar>)) {
        if self.shown {
            change(&mut self.bar.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Progress for Bar {
    fn start(&self, what: &str, total: u64) {
        self.with(|slot| {
            if let Some(old) = slot.take() {
                old.finish_and_clear();
            }
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg:12} {wide_bar} {pos}/{len}") {
                bar.set_style(style);
            }
            bar.set_message(what.to_owned());
            *slot = Some(bar);
        });
    }

    fn step(&self, by: u64) {
        self.with(|slot| {
            if let Some(bar) = slot {
                bar.inc(by);
            }
        });
    }

    fn finish(&self) {
        self.with(|slot| {
            if let Some(bar) = slot.take() {
                bar.finish_and_clear();
            }
        });
    }
}
