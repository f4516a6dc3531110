//! PHP: Composer packages, and the classes, functions and files that code names.

mod code;
mod composer;
mod imports;
mod includes;
mod names;
mod signatures;
mod tokens;

pub(super) use code::Code;
pub(super) use composer::Manifest;
