//! How a long step tells how far it is, without knowing who listens.

/// Hears how far a step is; called from several threads.
pub trait Progress: Sync {
    /// A step begins; `total` is what its `step` calls will add up to.
    fn start(&self, what: &str, total: u64);

    /// So much more of the step is done.
    fn step(&self, by: u64);

    /// The step is over, done or not.
    fn finish(&self);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: &str, _: u64) {}

    fn step(&self, _: u64) {}

    fn finish(&self) {}
}
