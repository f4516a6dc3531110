//! The JVM: the packages, imports and top-level declarations of Java, Kotlin and Scala files.
//!
//! Their names are one world: a Kotlin file imports a Java class as it imports one of its own.
//! What is outside of the head of a file is read for declarations alone, by tokens: so every file can be read whole.
//! Whom a file calls and what it serves is read of those files alone that a marker picks.

mod java;
mod kotlin;
mod names;
mod scala;
mod services;

pub(super) use java::Java;
pub(super) use kotlin::Kotlin;
pub(super) use scala::Scala;
pub(super) use services::Services;
