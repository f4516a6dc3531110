//! Protocol Buffers.

mod descriptor;
mod file;
mod lines;

pub(super) use file::ProtoFile;
