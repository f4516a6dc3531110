//! The edges of a picture as a table; of the organisation, the teams.

use std::io::{self, Write};

use super::cells::row;
use super::{FormatInfo, GraphRenderer};
use crate::graph::{Level, View};

/// The format `csv` of a picture.
pub(super) struct GraphCsv;

static INFO: FormatInfo = FormatInfo {
    id: "csv",
    summary: "every edge as a row of a table (RFC 4180); with --level org, every team",
};

impl GraphRenderer for GraphCsv {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        if view.level == Level::Org {
            return teams(view, out);
        }
        row(out, ["from", "to", "kinds", "count", "verdict"])?;
        for edge in &view.edges {
            let sites: u64 = edge.kinds.values().map(|sites| u64::from(*sites)).sum();
            let count = sites.to_string();
            let cells = [
                edge.from.as_str(),
                edge.to.as_str(),
                edge.label.as_str(),
                count.as_str(),
                edge.verdict.as_str(),
            ];
            row(out, cells)?;
        }
        Ok(())
    }
}

fn teams(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "team",
        "name",
        "kind",
        "parent",
        "people",
        "whole",
        "oversized",
    ];
    row(out, header)?;
    for node in &view.nodes {
        let org = node.org.clone().unwrap_or_default();
        let people = org
            .people
            .map_or(String::new(), |people| people.to_string());
        let whole = match org.people.is_some() || org.whole > 0 {
            true => org.whole.to_string(),
            false => String::new(),
        };
        let cells = [
            node.id.as_str(),
            node.label.as_str(),
            node.kind,
            org.parent.as_deref().unwrap_or_default(),
            &people,
            &whole,
            &org.oversized.to_string(),
        ];
        row(out, cells)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{draw, nasty, org, shop};
    use super::*;

    #[test]
    fn one_row_for_each_edge() {
        expect_test::expect![[r#"
            from,to,kinds,count,verdict
            cart,billing,link.lib 1,1,warned
            cart,catalog,"link.contract 1, link.impl 2",3,forbidden
            catalog,cart,call.http 1,1,permitted
        "#]]
        .assert_eq(&draw(&GraphCsv, &shop(), Level::Team).replace("\r\n", "\n"));
    }

    #[test]
    fn one_row_for_each_team_of_the_organisation() {
        expect_test::expect![[r#"
            team,name,kind,parent,people,whole,oversized
            admins,admins,permission,,20,20,false
            cart,cart,work,shop,8,8,true
            guild,guild,working-group,,5,5,false
            pay,pay,work,shop,3,3,false
            search,search,work,,,,false
            shop,shop,work,,1,1,false
        "#]]
        .assert_eq(&draw(&GraphCsv, &org(), Level::Org).replace("\r\n", "\n"));
    }

    #[test]
    fn a_formula_is_disarmed() {
        assert!(draw(&GraphCsv, &nasty(), Level::Team).contains("\"'=a\"\"b"));
    }
}
