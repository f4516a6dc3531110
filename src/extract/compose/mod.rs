//! Compose: the services of a stack, what they run, under which names they find each other, and what is set for them.

mod build;
mod file;
mod legacy;
mod service;
mod stack;

pub(super) use file::File;
pub(super) use legacy::Legacy;
