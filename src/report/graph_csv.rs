//! The edges of a picture as a table.

use std::io::{self, Write};

use super::cells::row;
use super::{FormatInfo, GraphRenderer};
use crate::graph::View;

/// The format `csv` of a picture.
pub(super) struct GraphCsv;

static INFO: FormatInfo = FormatInfo {
    id: "csv",
    summary: "every edge and kind as a row of a table (RFC 4180)",
};

impl GraphRenderer for GraphCsv {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, view: &View, out: &mut dyn Write) -> io::Result<()> {
        row(out, ["from", "to", "kind", "count", "verdict"])?;
        for edge in &view.edges {
            for (kind, count) in &edge.kinds {
                let count = count.to_string();
                let cells = [
                    edge.from.as_str(),
                    edge.to.as_str(),
                    *kind,
                    count.as_str(),
                    edge.verdict.as_str(),
                ];
                row(out, cells)?;
            }
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
    fn one_row_for_each_edge_and_kind() {
        expect_test::expect![[r#"
            from,to,kind,count,verdict
            cart,billing,link.lib,1,warned
            cart,catalog,link.contract,1,forbidden
            cart,catalog,link.impl,2,forbidden
            catalog,cart,call.http,1,permitted
        "#]]
        .assert_eq(&draw(&GraphCsv, &shop(), Level::Team).replace("\r\n", "\n"));
    }

    #[test]
    fn a_formula_is_disarmed() {
        assert!(draw(&GraphCsv, &nasty(), Level::Team).contains("\"'=a\"\"b"));
    }
}
