//! All dependencies as a table, one row each, for a spreadsheet.

use std::io::{self, Write};

use super::cells::row;
use super::position::{path, position};
use super::{FormatInfo, Renderer};
use crate::analysis::Analysis;
use crate::model::{Dependency, DependencyKind, Endpoint, Finding};

/// The format `csv` of an analysis.
pub(super) struct Csv;

static INFO: FormatInfo = FormatInfo {
    id: "csv",
    summary: "every dependency as a row of a table (RFC 4180)",
};

const HEADER: &[&str] = &[
    "kind",
    "verdict",
    "from_teams",
    "from_component",
    "from_unit",
    "from_path",
    "line",
    "column",
    "to_teams",
    "to_component",
    "to_unit",
    "to_path",
    "object",
    "certainty",
    "context",
    "count",
    "crosses_teams",
    "variants",
];

impl Renderer for Csv {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        row(out, HEADER)?;
        let verdicts = analysis.verdicts();
        let graph = &analysis.graph;
        for dependency in graph.dependencies() {
            if dependency.kind == DependencyKind::Reach {
                continue;
            }
            let [from_teams, from_component, from_unit, from_path] =
                end(analysis, &dependency.from);
            let [to_teams, to_component, to_unit, to_path] = end(analysis, &dependency.to);
            let (line, column) = first_site(analysis, dependency);
            let verdict = verdicts.of(graph, dependency).as_str().to_owned();
            let crosses = graph.crossing(dependency).is_some().to_string();
            row(
                out,
                [
                    dependency.kind.as_str().to_owned(),
                    verdict,
                    from_teams,
                    from_component,
                    from_unit,
                    from_path,
                    line,
                    column,
                    to_teams,
                    to_component,
                    to_unit,
                    to_path,
                    dependency.to.symbol.clone().unwrap_or_default(),
                    dependency.certainty.as_str().to_owned(),
                    dependency.context.as_str().to_owned(),
                    dependency.count.to_string(),
                    crosses,
                    dependency.variants.join(" "),
                ],
            )?;
        }
        Ok(())
    }
}

/// Teams, component, unit and path of one end.
fn end(analysis: &Analysis, end: &Endpoint) -> [String; 4] {
    let graph = &analysis.graph;
    [
        graph.end_ids(end).join(Finding::AND),
        graph.component(end.component).id.clone(),
        end.unit.clone(),
        end.path
            .map_or_else(String::new, |file| path(analysis, file)),
    ]
}

fn first_site(analysis: &Analysis, dependency: &Dependency) -> (String, String) {
    let hop = dependency
        .evidence
        .first()
        .and_then(|one| one.chain.first());
    match hop.and_then(|hop| position(analysis, hop.span)) {
        Some(at) => (at.line.to_string(), at.column.to_string()),
        None => (String::new(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{nasty, render, shop};
    use super::*;

    #[test]
    fn one_row_for_each_dependency() {
        expect_test::expect![[r#"
            kind,verdict,from_teams,from_component,from_unit,from_path,line,column,to_teams,to_component,to_unit,to_path,object,certainty,context,count,crosses_teams,variants
            link.impl,forbidden,cart,cargo:cart-api,cargo:cart-api,cart-api/src/main.rs,1,5,catalog,cargo:catalog-core,cargo:catalog-core,,,observed,production,1,true,
            link.contract,permitted,cart,cargo:cart-api,cargo:cart-api,cart-api/src/main.rs,2,5,catalog,cargo:catalog-proto,cargo:catalog-proto,,,observed,production,1,true,
            link.lib,warned,cart,cargo:cart-api,cargo:cart-api,cart-api/src/main.rs,3,5,billing,cargo:money,cargo:money,,,observed,production,1,true,
            link.impl,forbidden,cart,cargo:cart-worker,cargo:cart-worker,cart-worker/src/main.rs,1,5,catalog,cargo:catalog-core,cargo:catalog-core,,,observed,production,1,true,
            call.http,permitted,catalog,cargo:catalog-core,cargo:catalog-core,catalog-core/src/main.rs,1,5,cart,cargo:cart-api,cargo:cart-api,,,observed,production,1,true,
        "#]].assert_eq(&render(&Csv, &shop()).replace("\r\n", "\n"));
    }

    #[test]
    fn any_name_stays_in_its_cell() {
        let text = render(&Csv, &nasty());
        let (mut cells, mut rows, mut quoted) = (1, Vec::new(), false);
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells += 1,
                '\n' if !quoted => {
                    rows.push(cells);
                    cells = 1;
                }
                _ => {}
            }
        }
        assert_eq!(rows, [HEADER.len(); 3]);
        assert!(text.contains(",\"'=a\"\"b"));
    }
}
