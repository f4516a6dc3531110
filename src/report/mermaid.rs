//! A picture as a Mermaid flowchart (<https://mermaid.js.org/syntax/flowchart.html>), for Markdown pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::names::safe;
use super::{FormatInfo, GraphRenderer};
use crate::graph::{Legend, Level, Verdict, View, ViewNode};

/// The format `mermaid`.
pub(super) struct Mermaid;

static INFO: FormatInfo = FormatInfo {
    id: "mermaid",
    summary: "a Mermaid flowchart, which GitHub and GitLab draw in Markdown",
};

impl GraphRenderer for Mermaid {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "flowchart LR")?;
        writeln!(out, "  accTitle: {}", quoted(&view.title))?;
        let ids: BTreeMap<&str, usize> = view
            .nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (node.id.as_str(), index))
            .collect();
        if view.level == Level::Org {
            return organisation(view, &ids, out);
        }
        nodes(view, out)?;
        let mut drawn: Vec<Verdict> = Vec::new();
        for edge in &view.edges {
            let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str()))
            else {
                continue;
            };
            let arrow = arrow(edge.group(), edge.verdict);
            let label = quoted(&edge.label);
            writeln!(out, "  n{from} {arrow}|\"{label}\"| n{to}")?;
            drawn.push(edge.verdict);
        }
        legend(view, &mut drawn, out)?;
        for (index, verdict) in drawn.into_iter().enumerate() {
            writeln!(out, "  linkStyle {index} {}", line_style(verdict))?;
        }
        if let Some(dropped) = &view.dropped {
            writeln!(out, "  dropped[\"{}\"]:::note", quoted(dropped))?;
        }
        writeln!(out, "  classDef resource stroke-dasharray: 4 3")?;
        writeln!(out, "  classDef note fill:none,stroke:none")
    }
}

fn nodes(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut by_team: BTreeMap<Option<&str>, Vec<(usize, &ViewNode)>> = BTreeMap::new();
    for (index, node) in view.nodes.iter().enumerate() {
        let team = node.team.as_deref();
        by_team.entry(team).or_default().push((index, node));
    }
    for (cluster, (team, members)) in by_team.into_iter().enumerate() {
        let boxed = view.level == Level::Component;
        if boxed {
            let name = team.unwrap_or("nobody");
            writeln!(out, "  subgraph t{cluster}[\"{}\"]", quoted(name))?;
        }
        for (index, node) in members {
            let class = match node.kind {
                "datastore" | "broker" | "volume" => ":::resource",
                _ => "",
            };
            writeln!(out, "  n{index}[\"{}\"]{class}", quoted(&node.label))?;
        }
        if boxed {
            writeln!(out, "  end")?;
        }
    }
    Ok(())
}

/// Teams below their parents; those without a team above or below stand in rows of their own.
fn organisation(view: &View, ids: &BTreeMap<&str, usize>, out: &mut dyn Write) -> io::Result<()> {
    let all = || view.nodes.iter().enumerate();
    let (kin, lonely): (Vec<_>, Vec<_>) = all().partition(|(_, node)| view.has_kin(node));
    kin.iter()
        .try_for_each(|(index, node)| team(*index, node, out))?;
    for edge in &view.edges {
        if let (Some(above), Some(below)) = (ids.get(&*edge.from), ids.get(&*edge.to)) {
            writeln!(out, "  n{above} --- n{below}")?;
        }
    }
    if !lonely.is_empty() {
        writeln!(out, "  subgraph lonely[\"no team above or below\"]")?;
        lonely
            .iter()
            .try_for_each(|(index, node)| team(*index, node, out))?;
        // Without links Mermaid would put all of them below each other.
        for pair in lonely.chunks(ROW).flat_map(|row| row.windows(2)) {
            writeln!(out, "  n{} ~~~ n{}", pair[0].0, pair[1].0)?;
        }
        writeln!(out, "  end")?;
    }
    for entry in &view.legend {
        if let Legend::Oversized(most) = entry {
            writeln!(out, "  subgraph legend[\"Legend\"]")?;
            writeln!(out, "  la0[\"more people than {most}\"]:::over")?;
            writeln!(out, "  end")?;
        }
    }
    if let Some(dropped) = &view.dropped {
        writeln!(out, "  dropped[\"{}\"]:::note", quoted(dropped))?;
    }
    writeln!(out, "  classDef over stroke:#c62828,stroke-width:3px")?;
    writeln!(out, "  classDef group stroke-dasharray: 4 3")?;
    writeln!(out, "  classDef aside stroke-dasharray: 1 3,color:#757575")?;
    writeln!(out, "  classDef note fill:none,stroke:none")
}

/// Teams without others above or below that stand in one row.
const ROW: usize = 6;

fn team(index: usize, node: &ViewNode, out: &mut dyn Write) -> io::Result<()> {
    let mut label = quoted(&node.label);
    let lines = [node.kind_of_team().map(str::to_owned), node.size_of_team()];
    for line in lines.into_iter().flatten() {
        let _ = write!(label, "<br/>{line}");
    }
    let class = match node.kind {
        _ if node.is_oversized() => ":::over",
        "work" => "",
        "working-group" => ":::group",
        _ => ":::aside",
    };
    writeln!(out, "  n{index}[\"{label}\"]{class}")
}

fn legend(view: &View, drawn: &mut Vec<Verdict>, out: &mut dyn Write) -> io::Result<()> {
    if view.legend.is_empty() {
        return Ok(());
    }
    writeln!(out, "  subgraph legend[\"Legend\"]")?;
    for (row, entry) in view.legend.iter().enumerate() {
        let (group, verdict, text) = match entry {
            Legend::Verdict(verdict, text) => ("link", *verdict, text),
            Legend::Group(group, text) => (*group, Verdict::Permitted, text),
            Legend::Oversized(_) => continue,
        };
        let arrow = arrow(group, verdict);
        writeln!(
            out,
            "  la{row}[\" \"]:::note {arrow}|\"{text}\"| lb{row}[\" \"]:::note"
        )?;
        drawn.push(verdict);
    }
    writeln!(out, "  end")
}

fn arrow(group: &str, verdict: Verdict) -> &'static str {
    match (group, verdict) {
        ("link", Verdict::Forbidden) => "==>",
        ("link" | "mem", _) => "-->",
        _ => "-.->",
    }
}

fn line_style(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Forbidden => "stroke:#c62828,stroke-width:3px",
        Verdict::Warned => "stroke:#ef6c00,stroke-width:2px",
        Verdict::Permitted => "stroke:#9e9e9e,stroke-width:1px",
    }
}

/// Text between quotes: everything that Mermaid or HTML reads becomes an entity.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in safe(text).chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '#' | '`' | '%' | '\\' | '|' | ';' | '{' | '}' | '[' | ']' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{draw, nasty, org, shop};
    use super::*;

    #[test]
    fn teams_with_forbidden_and_permitted_couplings() {
        expect_test::expect![[r#"
            flowchart LR
              accTitle: Teams of acme
              n0["billing"]
              n1["cart"]
              n2["catalog"]
              n1 -->|"link.lib 1"| n0
              n1 ==>|"link.contract 1, link.impl 2"| n2
              n2 -.->|"call.http 1"| n1
              subgraph legend["Legend"]
              la0[" "]:::note ==>|"forbidden by the mandate"| lb0[" "]:::note
              la1[" "]:::note -->|"warned"| lb1[" "]:::note
              la2[" "]:::note -->|"permitted"| lb2[" "]:::note
              la3[" "]:::note -->|"links code"| lb3[" "]:::note
              la4[" "]:::note -.->|"calls over the network"| lb4[" "]:::note
              end
              linkStyle 0 stroke:#ef6c00,stroke-width:2px
              linkStyle 1 stroke:#c62828,stroke-width:3px
              linkStyle 2 stroke:#9e9e9e,stroke-width:1px
              linkStyle 3 stroke:#c62828,stroke-width:3px
              linkStyle 4 stroke:#ef6c00,stroke-width:2px
              linkStyle 5 stroke:#9e9e9e,stroke-width:1px
              linkStyle 6 stroke:#9e9e9e,stroke-width:1px
              linkStyle 7 stroke:#9e9e9e,stroke-width:1px
              classDef resource stroke-dasharray: 4 3
              classDef note fill:none,stroke:none
        "#]]
        .assert_eq(&draw(&Mermaid, &shop(), Level::Team));
    }

    #[test]
    fn teams_stand_below_their_parents() {
        expect_test::expect![[r#"
            flowchart LR
              accTitle: Organisation of acme
              n1["cart<br/>8 people"]:::over
              n3["pay<br/>3 people"]
              n5["shop<br/>1 person"]
              n5 --- n1
              n5 --- n3
              subgraph lonely["no team above or below"]
              n0["admins<br/>permission<br/>20 people"]:::aside
              n2["guild<br/>working-group<br/>5 people"]:::group
              n4["search"]
              n0 ~~~ n2
              n2 ~~~ n4
              end
              subgraph legend["Legend"]
              la0["more people than 7"]:::over
              end
              classDef over stroke:#c62828,stroke-width:3px
              classDef group stroke-dasharray: 4 3
              classDef aside stroke-dasharray: 1 3,color:#757575
              classDef note fill:none,stroke:none
        "#]]
        .assert_eq(&draw(&Mermaid, &org(), Level::Org));
    }

    #[test]
    fn any_name_stays_between_its_quotes() {
        for level in [Level::Team, Level::Component, Level::Org] {
            let text = draw(&Mermaid, &nasty(), level).replace("<br/>", "");
            for line in text.lines() {
                assert_eq!(line.matches('"').count() % 2, 0, "{line}");
            }
            let bad = ['<', '`', '%', '\u{1b}', '\u{202e}'];
            assert_eq!(text.find(bad), None, "{text}");
            assert!(text.contains("#quot;"));
        }
    }
}
