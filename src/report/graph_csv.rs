//! The edges of a picture as a table.

use std::io::{self, Write};

use super::cells::row;
use super::{FormatInfo, GraphRenderer};
use crate::graph::View;

/// The format `csv` of a picture.
pub(super) struct GraphCsv;

static INFO: FormatInfo = FormatInfo {
    id: "csv",
    summary: "every edge as a row of a table (RFC 4180)",
};

impl GraphRenderer for GraphCsv {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::super::testing::{draw, nasty, shop};
    use super::*;
    use crate::graph::Level;

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
    fn a_formula_is_disarmed() {
        assert!(draw(&GraphCsv, &nasty(), Level::Team).contains("\"'=a\"\"b"));
    }
}
