//! Maven: what `pom.xml` files declare.

mod elements;
mod pom;

pub(super) use pom::Pom;
