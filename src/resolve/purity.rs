//! What makes a contract impure: the shortest way from it to something that runs, or that only servers and stores need.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{Component, ComponentId, Hop, HopKind, Span};

/// What each component links in production, with a place that says so.
pub(super) type Linked = BTreeMap<ComponentId, BTreeMap<ComponentId, Span>>;

/// A thing that a contract must not bring, and where a component has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Burden {
    pub(super) span: Span,
    pub(super) what: HopKind,
    pub(super) name: String,
}

/// The hops from a component to the nearest burden; the last one names it.
pub(super) fn cause<'b>(
    start: ComponentId,
    linked: &Linked,
    components: &[Component],
    burden: impl Fn(ComponentId) -> Option<&'b Burden>,
) -> Vec<Hop> {
    let mut reached: BTreeMap<ComponentId, Option<(ComponentId, Span)>> =
        BTreeMap::from([(start, None)]);
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        if let Some(burden) = burden(at) {
            let mut hops = vec![Hop {
                span: burden.span,
                what: burden.what,
                name: burden.name.clone(),
            }];
            let mut step = at;
            while let Some(Some((before, span))) = reached.get(&step) {
                hops.push(Hop {
                    span: *span,
                    what: HopKind::Use,
                    name: components[step.0 as usize].name.clone(),
                });
                step = *before;
            }
            hops.reverse();
            return hops;
        }
        for (next, span) in linked.get(&at).into_iter().flatten() {
            reached.entry(*next).or_insert_with(|| {
                open.push_back(*next);
                Some((at, *span))
            });
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ComponentKind, FileId};

    fn component(name: &str) -> Component {
        Component {
            id: name.to_owned(),
            name: name.to_owned(),
            kind: ComponentKind::Library,
            root: None,
            declared_in: None,
            aliases: Vec::new(),
            workloads: Vec::new(),
            shared: false,
        }
    }

    fn span(file: u32) -> Span {
        Span {
            file: FileId(file),
            ..Span::default()
        }
    }

    #[test]
    fn the_nearest_burden_is_named_with_the_way_to_it() {
        let components: Vec<Component> = ["api", "a", "b", "c"].map(component).into();
        let id = ComponentId;
        let linked = Linked::from([
            (id(0), BTreeMap::from([(id(1), span(1)), (id(2), span(2))])),
            (id(1), BTreeMap::from([(id(0), span(3)), (id(3), span(4))])),
        ]);
        let burden = Burden {
            span: span(9),
            what: HopKind::Use,
            name: "sqlx".to_owned(),
        };
        let hops = |with: &[u32]| {
            let found = cause(id(0), &linked, &components, |at| {
                with.contains(&at.0).then_some(&burden)
            });
            let texts = found
                .iter()
                .map(|hop| format!("{}@{}", hop.name, hop.span.file.0));
            texts.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(hops(&[3]), "a@1 c@4 sqlx@9");
        assert_eq!(hops(&[3, 2]), "b@2 sqlx@9");
        assert_eq!(hops(&[0, 3]), "sqlx@9");
        assert_eq!(hops(&[]), "");
    }
}
