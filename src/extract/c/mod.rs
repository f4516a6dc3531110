//! C and C++: what files include, modules that they import, where programs start, and with whom they speak.

mod directives;
mod includes;
#[cfg(feature = "grammars")]
mod network;
mod scan;

pub(super) use includes::Includes;
#[cfg(feature = "grammars")]
pub(super) use network::Network;
