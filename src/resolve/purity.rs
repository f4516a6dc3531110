//! What makes a contract impure: the shortest way from it to something that runs, or that only servers and stores need.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{ComponentId, Hop, HopKind, Span};

/// What each component, or each unit inside one, links in production, with a place that says so.
pub(super) type Linked<Node = ComponentId> = BTreeMap<Node, BTreeMap<Node, Span>>;

/// A thing that a contract must not bring, and where a component has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Burden {
    pub(super) span: Span,
    pub(super) what: HopKind,
    pub(super) name: String,
}

/// The hops from a component to the nearest burden; the last one names it.
pub(super) fn cause<'b, Node: Copy + Ord>(
    start: Node,
    linked: &Linked<Node>,
    name: impl Fn(Node) -> String,
    burden: impl Fn(Node) -> Option<&'b Burden>,
) -> Vec<Hop> {
    let mut reached: BTreeMap<Node, Option<(Node, Span)>> = BTreeMap::from([(start, None)]);
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
                    name: name(step),
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

/// Who links each node.
pub(super) fn users<Node: Copy + Ord>(linked: &Linked<Node>) -> BTreeMap<Node, Vec<Node>> {
    let mut users: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    for (from, targets) in linked {
        for to in targets.keys() {
            users.entry(*to).or_default().push(*from);
        }
    }
    users
}

/// The nodes that have a property, and all that link them, directly or not.
pub(super) fn reaching<Node: Copy + Ord>(
    users: &BTreeMap<Node, Vec<Node>>,
    having: BTreeSet<Node>,
) -> BTreeSet<Node> {
    let mut open: Vec<Node> = having.iter().copied().collect();
    let mut found = having;
    while let Some(at) = open.pop() {
        for user in users.get(&at).into_iter().flatten() {
            if found.insert(*user) {
                open.push(*user);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    fn span(file: u32) -> Span {
        Span {
            file: FileId(file),
            ..Span::default()
        }
    }

    #[test]
    fn the_nearest_burden_is_named_with_the_way_to_it() {
        let name = |at: ComponentId| ["api", "a", "b", "c"][at.0 as usize].to_owned();
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
            let found = cause(id(0), &linked, name, |at| {
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
