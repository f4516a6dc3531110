//! The JVM: the packages, imports and top-level declarations of Java, Kotlin and Scala files.
//!
//! Their names are one world: a Kotlin file imports a Java class as it imports one of its own.
//! What is outside of the head of a file is read for declarations alone, by tokens: so every file can be read whole.

mod java;
mod kotlin;
mod names;
mod scala;

pub(super) use java::Java;
pub(super) use kotlin::Kotlin;
pub(super) use scala::Scala;
