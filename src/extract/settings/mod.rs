//! Files of settings that a program of any language reads by its own names.

mod file;

pub(super) use file::File;
