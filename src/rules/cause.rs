//! Why is a package more than what it is named or linked as? Read from the end of the evidence.

use super::couplings::Coupling;
use crate::model::{Hop, HopKind};

/// What linking a package brings, and through which of its own packages.
pub(super) struct Cause<'a> {
    pub(super) burden: &'a Hop,
    pub(super) through: Vec<&'a str>,
}

impl<'a> Cause<'a> {
    /// The hops behind the one that provides the package; the last one names what it brings.
    pub(super) fn of(coupling: &'a Coupling<'_>) -> Option<Self> {
        let chain = &coupling.evidence.first()?.chain;
        let contract = chain.iter().position(|hop| hop.what == HopKind::Provide)?;
        let (burden, through) = chain.get(contract + 1..)?.split_last()?;
        Some(Self {
            burden,
            through: through.iter().map(|hop| hop.name.as_str()).collect(),
        })
    }

    /// A package by its name, anything else as the resolver describes it.
    pub(super) fn what(&self) -> String {
        match self.burden.what {
            HopKind::Use => format!("`{}`", self.burden.name),
            _ => self.burden.name.clone(),
        }
    }

    /// What is brought, and the way to it.
    pub(super) fn text(&self) -> String {
        let through: Vec<String> = self
            .through
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        match through.as_slice() {
            [] => self.what(),
            _ => format!("{} through {}", self.what(), through.join(" → ")),
        }
    }
}
