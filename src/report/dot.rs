//! A picture as a DOT document for Graphviz (<https://graphviz.org/doc/info/lang.html>).

use std::collections::BTreeMap;
use std::io::{self, Write};

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::names::safe;
use super::{FormatInfo, GraphRenderer};
use crate::graph::{Legend, Level, Verdict, View, ViewEdge, ViewNode};

/// The format `dot`.
pub(super) struct Dot;

static INFO: FormatInfo = FormatInfo {
    id: "dot",
    summary: "a DOT document for Graphviz",
};

impl GraphRenderer for Dot {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        let text = document(view).print(&mut PrinterContext::default());
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")
    }
}

fn document(view: &View) -> Graph {
    let title = match &view.dropped {
        Some(dropped) => format!("{}\n{dropped}", view.title),
        None => view.title.clone(),
    };
    // Without `newrank`, Graphviz 2.43 gives up ("trouble in init_rank") on clusters with many labelled edges.
    let mut stmts = vec![
        Stmt::GAttribute(GraphAttributes::Graph(attributes(&[
            ("rankdir", "LR"),
            ("label", &title),
            ("labelloc", "t"),
            ("fontname", "Helvetica"),
            ("newrank", "true"),
        ]))),
        Stmt::GAttribute(GraphAttributes::Node(attributes(&[
            ("shape", "box"),
            ("style", "rounded"),
            ("fontname", "Helvetica"),
        ]))),
        Stmt::GAttribute(GraphAttributes::Edge(attributes(&[
            ("fontname", "Helvetica"),
            ("fontsize", "10"),
        ]))),
    ];
    match view.level {
        Level::Team => stmts.extend(view.nodes.iter().map(node)),
        Level::Component => stmts.extend(clusters(view)),
        Level::Org => stmts.extend(organisation(view)),
    }
    if view.level != Level::Org {
        stmts.extend(view.edges.iter().map(edge));
    }
    stmts.extend(legend(view));
    Graph::DiGraph {
        id: id("twopizza"),
        strict: false,
        stmts,
    }
}

/// A cluster for each team.
fn clusters(view: &View) -> Vec<Stmt> {
    let mut by_team: BTreeMap<Option<&str>, Vec<Stmt>> = BTreeMap::new();
    for one in &view.nodes {
        let team = one.team.as_deref();
        by_team.entry(team).or_default().push(node(one));
    }
    by_team
        .into_iter()
        .enumerate()
        .map(|(index, (team, members))| {
            let look = [
                ("label", team.unwrap_or("nobody")),
                ("style", "rounded"),
                ("color", "#9e9e9e"),
            ];
            cluster(&format!("cluster_team_{index}"), &look, members)
        })
        .collect()
}

/// Teams below their parents; those without a team above or below stand in rows, in a cluster of their own.
fn organisation(view: &View) -> Vec<Stmt> {
    let (kin, lonely): (Vec<&ViewNode>, Vec<&ViewNode>) =
        view.nodes.iter().partition(|node| view.has_kin(node));
    let mut stmts: Vec<Stmt> = kin.into_iter().map(team).collect();
    stmts.extend(view.edges.iter().map(|edge| {
        let look = [("arrowhead", "none"), ("color", "#9e9e9e")];
        arrow(&node_name(&edge.from), &node_name(&edge.to), &look)
    }));
    if !lonely.is_empty() {
        let mut members: Vec<Stmt> = lonely.iter().copied().map(team).collect();
        // Without edges Graphviz would put all of them below each other.
        let rows = lonely.chunks(ROW).flat_map(|row| row.windows(2));
        members.extend(rows.map(|pair| {
            let ends = (node_name(&pair[0].id), node_name(&pair[1].id));
            arrow(&ends.0, &ends.1, &[("style", "invis")])
        }));
        let look = [
            ("label", "no team above or below"),
            ("style", "rounded"),
            ("color", "#9e9e9e"),
        ];
        stmts.push(cluster("cluster_lonely", &look, members));
    }
    stmts
}

/// Teams without others above or below that stand in one row.
const ROW: usize = 6;

fn team(node: &ViewNode) -> Stmt {
    let mut label = node.label.clone();
    let lines = [node.kind_of_team().map(str::to_owned), node.size_of_team()];
    for line in lines.into_iter().flatten() {
        label.push('\n');
        label.push_str(&line);
    }
    let mut look = vec![("label", label.as_str()), ("tooltip", &node.id)];
    if node.is_oversized() {
        look.extend(OVERSIZED);
    }
    match node.kind {
        "work" => {}
        "working-group" => look.push(("style", "rounded,dashed")),
        _ => look.extend([("style", "rounded,dotted"), ("fontcolor", "#757575")]),
    }
    statement(&node_name(&node.id), &look)
}

const OVERSIZED: [(&str, &str); 2] = [("color", "#c62828"), ("penwidth", "3")];

fn cluster(name: &str, look: &[(&str, &str)], members: Vec<Stmt>) -> Stmt {
    let mut stmts = vec![Stmt::GAttribute(GraphAttributes::Graph(attributes(look)))];
    stmts.extend(members);
    Stmt::Subgraph(Subgraph {
        id: id(name),
        stmts,
    })
}

fn node(node: &ViewNode) -> Stmt {
    let shape = match node.kind {
        "datastore" => "cylinder",
        "broker" => "cds",
        "volume" => "folder",
        "contract" => "note",
        "library" => "component",
        _ => "box",
    };
    let mut look = vec![("label", node.label.as_str()), ("tooltip", &node.id)];
    if shape != "box" {
        look.extend([("shape", shape), ("style", "solid")]);
    }
    statement(&node_name(&node.id), &look)
}

fn edge(edge: &ViewEdge) -> Stmt {
    let mut look = vec![("label", edge.label.as_str()), ("tooltip", &edge.label)];
    look.extend(line(edge.group(), edge.verdict));
    arrow(&node_name(&edge.from), &node_name(&edge.to), &look)
}

/// Colour and width say the verdict; line and arrow head say the group.
fn line(group: &str, verdict: Verdict) -> Vec<(&'static str, &'static str)> {
    let (style, head) = match group {
        "link" => ("solid", "normal"),
        "data" => ("dashed", "box"),
        "mem" => ("dashed", "diamond"),
        "door" => ("dashed", "odiamond"),
        "event" => ("dotted", "empty"),
        _ => ("dotted", "vee"),
    };
    let (color, font, width) = match verdict {
        Verdict::Forbidden => ("#c62828", "#c62828", "3"),
        Verdict::Warned => ("#ef6c00", "#ef6c00", "2"),
        Verdict::Permitted => ("#bdbdbd", "#757575", "1"),
    };
    vec![
        ("style", style),
        ("arrowhead", head),
        ("color", color),
        ("fontcolor", font),
        ("penwidth", width),
    ]
}

/// The line of a group without a verdict: in the colour of none.
fn outline(group: &str) -> Vec<(&'static str, &'static str)> {
    let mut look = line(group, Verdict::Permitted);
    look.retain(|(name, _)| !name.ends_with("color"));
    look
}

/// What the lines mean; only those that the picture has.
fn legend(view: &View) -> Option<Stmt> {
    if view.legend.is_empty() {
        return None;
    }
    let mut members = Vec::new();
    for (row, entry) in view.legend.iter().enumerate() {
        let (from, to) = (format!("legend:{row}:a"), format!("legend:{row}:b"));
        let (text, drawn) = match entry {
            Legend::Verdict(verdict, text) => (*text, line("link", *verdict)),
            Legend::Group(group, text) => (*text, outline(group)),
            Legend::Oversized(most) => {
                let text = format!("more people than {most}");
                let mut look = vec![("label", text.as_str())];
                look.extend(OVERSIZED);
                members.push(statement(&format!("legend:{row}"), &look));
                continue;
            }
        };
        for end in [&from, &to] {
            members.push(statement(end, &[("shape", "point"), ("label", "")]));
        }
        let mut look = vec![("label", text)];
        look.extend(drawn);
        members.push(arrow(&from, &to, &look));
    }
    let look = [
        ("label", "Legend"),
        ("style", "dashed"),
        ("color", "#bdbdbd"),
    ];
    Some(cluster("cluster_legend", &look, members))
}

/// Node names get a prefix that no name of the legend has.
fn node_name(id: &str) -> String {
    format!("node:{id}")
}

fn statement(name: &str, look: &[(&str, &str)]) -> Stmt {
    Stmt::Node(Node {
        id: NodeId(id(name), None),
        attributes: attributes(look),
    })
}

fn arrow(from: &str, to: &str, look: &[(&str, &str)]) -> Stmt {
    let end = |name| Vertex::N(NodeId(id(name), None));
    Stmt::Edge(Edge {
        ty: EdgeTy::Pair(end(from), end(to)),
        attributes: attributes(look),
    })
}

fn attributes(pairs: &[(&str, &str)]) -> Vec<Attribute> {
    pairs
        .iter()
        .map(|(key, value)| Attribute(Id::Plain((*key).to_owned()), id(value)))
        .collect()
}

/// A quoted string. The printer does not quote, and Graphviz reads `\N`, `\l` and entities in labels,
/// so backslashes and ampersands are doubled and spelt out.
fn id(text: &str) -> Id {
    let mut quoted = String::from("\"");
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        for c in safe(line).chars() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                '&' => quoted.push_str("&amp;"),
                c => quoted.push(c),
            }
        }
        if lines.peek().is_some() {
            quoted.push_str("\\n");
        }
    }
    quoted.push('"');
    Id::Escaped(quoted)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::super::testing::{draw, nasty, org, shop};
    use super::*;

    #[test]
    fn teams_with_forbidden_and_permitted_couplings() {
        expect_test::expect![[r##"
            digraph "twopizza" {
              graph[rankdir="LR" label="Teams of acme" labelloc="t" fontname="Helvetica" newrank="true"]
              node[shape="box" style="rounded" fontname="Helvetica"]
              edge[fontname="Helvetica" fontsize="10"]
              "node:billing"[label="billing" tooltip="billing"]
              "node:cart"[label="cart" tooltip="cart"]
              "node:catalog"[label="catalog" tooltip="catalog"]
              "node:cart" -> "node:billing" [label="link.lib 1" tooltip="link.lib 1" style="solid" arrowhead="normal" color="#ef6c00" fontcolor="#ef6c00" penwidth="2"]
              "node:cart" -> "node:catalog" [label="link.contract 1, link.impl 2" tooltip="link.contract 1, link.impl 2" style="solid" arrowhead="normal" color="#c62828" fontcolor="#c62828" penwidth="3"]
              "node:catalog" -> "node:cart" [label="call.http 1" tooltip="call.http 1" style="dotted" arrowhead="vee" color="#bdbdbd" fontcolor="#757575" penwidth="1"]
              subgraph "cluster_legend" {
                graph[label="Legend" style="dashed" color="#bdbdbd"]
                "legend:0:a"[shape="point" label=""]
                "legend:0:b"[shape="point" label=""]
                "legend:0:a" -> "legend:0:b" [label="forbidden by the mandate" style="solid" arrowhead="normal" color="#c62828" fontcolor="#c62828" penwidth="3"]
                "legend:1:a"[shape="point" label=""]
                "legend:1:b"[shape="point" label=""]
                "legend:1:a" -> "legend:1:b" [label="warned" style="solid" arrowhead="normal" color="#ef6c00" fontcolor="#ef6c00" penwidth="2"]
                "legend:2:a"[shape="point" label=""]
                "legend:2:b"[shape="point" label=""]
                "legend:2:a" -> "legend:2:b" [label="permitted" style="solid" arrowhead="normal" color="#bdbdbd" fontcolor="#757575" penwidth="1"]
                "legend:3:a"[shape="point" label=""]
                "legend:3:b"[shape="point" label=""]
                "legend:3:a" -> "legend:3:b" [label="links code" style="solid" arrowhead="normal" penwidth="1"]
                "legend:4:a"[shape="point" label=""]
                "legend:4:b"[shape="point" label=""]
                "legend:4:a" -> "legend:4:b" [label="calls over the network" style="dotted" arrowhead="vee" penwidth="1"]
              }
            }
        "##]].assert_eq(&draw(&Dot, &shop(), Level::Team));
    }

    #[test]
    fn teams_stand_below_their_parents() {
        expect_test::expect![[r##"
            digraph "twopizza" {
              graph[rankdir="LR" label="Organisation of acme" labelloc="t" fontname="Helvetica" newrank="true"]
              node[shape="box" style="rounded" fontname="Helvetica"]
              edge[fontname="Helvetica" fontsize="10"]
              "node:cart"[label="cart\n8 people" tooltip="cart" color="#c62828" penwidth="3"]
              "node:pay"[label="pay\n3 people" tooltip="pay"]
              "node:shop"[label="shop\n1 person" tooltip="shop"]
              "node:shop" -> "node:cart" [arrowhead="none" color="#9e9e9e"]
              "node:shop" -> "node:pay" [arrowhead="none" color="#9e9e9e"]
              subgraph "cluster_lonely" {
                graph[label="no team above or below" style="rounded" color="#9e9e9e"]
                "node:admins"[label="admins\npermission\n20 people" tooltip="admins" style="rounded,dotted" fontcolor="#757575"]
                "node:guild"[label="guild\nworking-group\n5 people" tooltip="guild" style="rounded,dashed"]
                "node:search"[label="search" tooltip="search"]
                "node:admins" -> "node:guild" [style="invis"]
                "node:guild" -> "node:search" [style="invis"]
              }
              subgraph "cluster_legend" {
                graph[label="Legend" style="dashed" color="#bdbdbd"]
                "legend:0"[label="more people than 7" color="#c62828" penwidth="3"]
              }
            }
        "##]].assert_eq(&draw(&Dot, &org(), Level::Org));
    }

    #[test]
    fn components_stand_in_a_cluster_for_each_team() {
        let text = draw(&Dot, &shop(), Level::Component);
        for team in ["billing", "cart", "catalog", "nobody"] {
            assert!(text.contains(&format!("graph[label=\"{team}\"")), "{text}");
        }
    }

    /// Graphviz is the judge where it is installed, the parser of our printer everywhere.
    #[test]
    fn any_name_gives_a_document_that_graphviz_reads() {
        for level in [Level::Team, Level::Component, Level::Org] {
            let text = draw(&Dot, &nasty(), level);
            graphviz_rust::parse(&text).unwrap();
            assert!(!text.contains('\u{202e}'));
            let Ok(mut dot) = Command::new("dot")
                .arg("-Tsvg")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
            else {
                continue;
            };
            dot.stdin
                .take()
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
            let done = dot.wait_with_output().unwrap();
            let svg = String::from_utf8(done.stdout).unwrap();
            assert!(done.status.success());
            assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
            assert!(!svg.contains("<script"), "{svg}");
            assert!(
                svg.contains("&lt;/script&gt;&lt;script&gt;&amp;#x;🍕"),
                "{svg}"
            );
        }
    }
}
