//! Dart and Flutter: packages in `pubspec.yaml`, and the libraries that code imports.

#[cfg(feature = "grammars")]
mod head;
mod pubspec;
#[cfg(feature = "grammars")]
mod uses;

pub(super) use pubspec::Pubspec;
#[cfg(feature = "grammars")]
pub(super) use uses::Uses;
