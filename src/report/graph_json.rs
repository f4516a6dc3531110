//! A picture as JSON, for other drawing programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{FormatInfo, GraphRenderer};
use crate::graph::{Level, View};

/// The format `json` of a picture.
pub(super) struct GraphJson;

static INFO: FormatInfo = FormatInfo {
    id: "json",
    summary: "nodes and edges as JSON",
};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    title: &'a str,
    level: &'static str,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    dropped: Option<&'a str>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    label: &'a str,
    kind: &'a str,
    team: Option<&'a str>,
    size: usize,
    #[serde(flatten)]
    org: Option<Org<'a>>,
}

/// What a team of the organisation has.
#[derive(Serialize)]
struct Org<'a> {
    parent: Option<&'a str>,
    people: Option<usize>,
    /// With the people of included teams and of all teams below.
    whole: usize,
    oversized: bool,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    kinds: &'a BTreeMap<&'static str, u32>,
    verdict: &'static str,
}

impl GraphRenderer for GraphJson {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        let nodes = view.nodes.iter().map(|node| Node {
            id: &node.id,
            label: &node.label,
            kind: node.kind,
            team: node.team.as_deref(),
            size: node.size,
            org: node.org.as_ref().map(|org| Org {
                parent: org.parent.as_deref(),
                people: org.people,
                whole: org.whole,
                oversized: org.oversized,
            }),
        });
        let edges = view.edges.iter().map(|edge| Edge {
            from: &edge.from,
            to: &edge.to,
            kinds: &edge.kinds,
            verdict: edge.verdict.as_str(),
        });
        let document = Document {
            schema_version: 1,
            title: &view.title,
            level: match view.level {
                Level::Team => "team",
                Level::Component => "component",
                Level::Org => "org",
            },
            nodes: nodes.collect(),
            edges: edges.collect(),
            dropped: view.dropped.as_deref(),
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, draw, nasty, shop};
    use super::*;

    #[test]
    fn nodes_and_edges_are_told_with_verdicts() {
        let text = draw(&GraphJson, &shop(), Level::Team);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["nodes"].as_array().unwrap().len(), 3);
        let edge = &value["edges"][1];
        assert_eq!(edge["from"], "cart");
        assert_eq!(edge["to"], "catalog");
        assert_eq!(edge["kinds"]["link.impl"], 2);
        assert_eq!(edge["verdict"], "forbidden");
    }

    #[test]
    fn any_name_survives() {
        let text = draw(&GraphJson, &nasty(), Level::Component);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["nodes"][0]["label"], NASTY);
    }
}
