//! What rules about components share: the manifest that declares one, as evidence.

use crate::model::{Component, Evidence, Hop, HopKind, Span};

/// The file that declares a component, if one does.
pub(super) fn declared(component: &Component) -> Vec<Evidence> {
    let hop = component.declared_in.map(|file| Hop {
        span: Span {
            file,
            start: 0,
            end: 0,
        },
        what: HopKind::Provide,
        name: component.name.clone(),
    });
    hop.map(|hop| Evidence { chain: vec![hop] })
        .into_iter()
        .collect()
}
