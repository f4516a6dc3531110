//! C and C++: what files include, modules that they import, and where programs start.

mod directives;
mod includes;
mod scan;

pub(super) use includes::Includes;
