//! The whole result as JSON, in the shape that `docs/report.schema.json` publishes.

mod metrics;
mod v1;

use std::io::{self, Write};

use super::position::{path, place};
use super::{FormatInfo, Renderer};
use crate::analysis::{Analysis, Coverage};
use crate::graph::{Graph, Metrics, TeamFigures, figures};
use crate::model::{self, ComponentId, DependencyKind, Span};

/// The format `json` of an analysis.
pub(super) struct Json;

static INFO: FormatInfo = FormatInfo {
    id: "json",
    summary: "the whole result as JSON; docs/report.schema.json describes it",
};

impl Renderer for Json {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &report(analysis))?;
        out.write_all(b"\n")
    }
}

/// The JSON Schema of the report.
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<v1::Report>()
}

fn report(analysis: &Analysis) -> v1::Report {
    let graph = &analysis.graph;
    let dependencies = graph.dependencies().iter();
    let metrics = Metrics::of(graph);
    v1::Report {
        schema_version: 1,
        repositories: graph.files().repositories(),
        teams: figures(graph, &analysis.findings, analysis.team_max)
            .iter()
            .map(|one| team(graph, &metrics, one))
            .collect(),
        components: (0..graph.components().len() as u32)
            .map(|index| component(graph, ComponentId(index)))
            .collect(),
        dependencies: dependencies
            .filter(|one| one.kind != DependencyKind::Reach)
            .map(|one| dependency(analysis, one))
            .collect(),
        metrics: metrics::whole(graph, &metrics),
        unresolved: graph
            .unresolved()
            .iter()
            .map(|one| unresolved(analysis, one))
            .collect(),
        findings: analysis
            .findings
            .iter()
            .map(|one| finding(analysis, one))
            .collect(),
        coverage: coverage(&analysis.coverage),
        problems: analysis
            .problems
            .iter()
            .map(|one| problem(analysis, one))
            .collect(),
    }
}

fn team(graph: &Graph, metrics: &Metrics, figures: &TeamFigures) -> v1::Team {
    let node = graph.organisation().team(figures.team);
    let team = &node.team;
    let languages = figures.languages.iter();
    let stability = metrics.teams.get(&figures.team);
    v1::Team {
        id: team.id.clone(),
        name: team.name.clone(),
        kind: team.kind.as_str().to_owned(),
        parent: team.parent.clone(),
        aliases: team.aliases.clone(),
        people: figures.people,
        whole: figures.whole,
        lines_of_communication: figures.lines(),
        leads: figures.leads,
        oversized: figures.oversized,
        known: node.known,
        files: figures.files,
        components: figures.components.len(),
        deployables: figures.deployables.len(),
        languages: languages.map(|one| one.name().to_owned()).collect(),
        couplings_out: figures.couplings_out,
        couplings_in: figures.couplings_in,
        foreign_teams: figures.foreign_teams.len(),
        afferent: stability.map_or(0, |one| one.afferent),
        efferent: stability.map_or(0, |one| one.efferent),
        instability: stability.and_then(|one| one.instability),
        findings: figures.findings,
    }
}

fn component(graph: &Graph, id: ComponentId) -> v1::Component {
    let component = graph.component(id);
    v1::Component {
        id: component.id.clone(),
        name: component.name.clone(),
        aliases: component.other_names(),
        kind: component.kind.as_str().to_owned(),
        root: component
            .root
            .as_ref()
            .map(|root| graph.files().display_path(root)),
        teams: owned(graph.component_ids(id)),
        shared: component.shared,
        targets: graph
            .targets(id)
            .iter()
            .map(|(name, kinds)| v1::Target {
                name: name.clone(),
                kinds: kinds.clone(),
            })
            .collect(),
    }
}

fn dependency(analysis: &Analysis, dependency: &model::Dependency) -> v1::Dependency {
    v1::Dependency {
        from: end(analysis, &dependency.from),
        to: end(analysis, &dependency.to),
        kind: dependency.kind.as_str().to_owned(),
        object: dependency.to.symbol.clone(),
        certainty: dependency.certainty.as_str().to_owned(),
        context: dependency.context.as_str().to_owned(),
        count: dependency.count,
        crosses_teams: analysis.graph.crossing(dependency).is_some(),
        variants: dependency.variants.clone(),
        evidence: evidence(analysis, &dependency.evidence),
    }
}

fn end(analysis: &Analysis, end: &model::Endpoint) -> v1::End {
    let graph = &analysis.graph;
    v1::End {
        component: graph.component(end.component).id.clone(),
        path: end.path.map(|file| path(analysis, file)),
        unit: end.unit.clone(),
        teams: owned(graph.end_ids(end)),
    }
}

fn evidence(analysis: &Analysis, evidence: &[model::Evidence]) -> Vec<v1::Evidence> {
    let hop = |hop: &model::Hop| {
        let (path, line, column) = site(analysis, hop.span);
        v1::Hop {
            path,
            line,
            column,
            what: hop.what.as_str().to_owned(),
            name: hop.name.clone(),
        }
    };
    evidence
        .iter()
        .map(|one| v1::Evidence {
            chain: one.chain.iter().map(hop).collect(),
        })
        .collect()
}

fn unresolved(analysis: &Analysis, one: &model::Unresolved) -> v1::Unresolved {
    let (path, line, column) = site(analysis, one.span);
    v1::Unresolved {
        kind: one.kind.as_str().to_owned(),
        name: one.name.clone(),
        why: one.why.to_string(),
        path,
        line,
        column,
    }
}

fn finding(analysis: &Analysis, finding: &model::Finding) -> v1::Finding {
    let id = |component: Option<ComponentId>| {
        component.map(|component| analysis.graph.component(component).id.clone())
    };
    v1::Finding {
        rule: finding.rule.0.to_owned(),
        level: finding.level.as_str().to_owned(),
        clause: finding.clause.as_str().to_owned(),
        fingerprint: finding.fingerprint.to_string(),
        from: v1::Side {
            teams: finding.from_teams().map(str::to_owned).collect(),
            component: id(finding.from),
        },
        to: v1::Side {
            teams: finding.to_teams().map(str::to_owned).collect(),
            component: id(finding.to),
        },
        message: finding.message.clone(),
        help: finding.help.clone(),
        evidence: evidence(analysis, &finding.evidence),
        count: finding.count,
        standing: finding.standing.as_str().to_owned(),
        reason: finding.standing.reason().map(str::to_owned),
    }
}

fn coverage(coverage: &Coverage) -> v1::Coverage {
    let by_extractor = coverage.by_extractor.iter().map(|(id, one)| {
        let one = v1::ExtractorCoverage {
            files: one.files,
            facts: one.facts,
        };
        (id.clone(), one)
    });
    v1::Coverage {
        files: coverage.files,
        read: coverage.read,
        parsed: coverage.parsed,
        partly: coverage.partly,
        failed: coverage.failed,
        owned: coverage.owned,
        unowned: coverage.unowned,
        unmatched: coverage.unmatched,
        not_followed: coverage.not_followed,
        unresolved: coverage.unresolved,
        by_extractor: by_extractor.collect(),
        unread_languages: coverage.unread_languages.clone(),
        by_kind: coverage.by_kind.clone(),
        suppressed: coverage.suppressed,
        cargo: v1::Cargo {
            workspaces: coverage.cargo.workspaces,
            packages: coverage.cargo.packages,
            confirmed: coverage.cargo.confirmed,
            differing: coverage.cargo.differing,
        },
    }
}

fn problem(analysis: &Analysis, problem: &model::Problem) -> v1::Problem {
    let (path, position) = place(analysis, &problem.place);
    v1::Problem {
        path,
        line: position.map(|at| at.line),
        column: position.map(|at| at.column),
        message: problem.message.clone(),
    }
}

fn site(analysis: &Analysis, span: Span) -> (String, u32, u32) {
    let at = analysis.texts.position(span);
    (path(analysis, span.file), at.line, at.column)
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, nasty, render, shop};
    use super::*;

    #[test]
    fn the_published_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
        let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        expect_test::expect_file![path].assert_eq(&text);
    }

    #[test]
    fn a_rendered_analysis_is_valid_by_the_schema() {
        let schema = serde_json::to_value(schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for analysis in [shop(), nasty(), Analysis::default()] {
            let value: serde_json::Value = serde_json::from_str(&render(&Json, &analysis)).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| error.to_string())
                .collect();
            assert_eq!(errors, Vec::<String>::new());
        }
        let wrong = serde_json::json!({"schema_version": 1});
        assert!(!validator.is_valid(&wrong));
    }

    #[test]
    fn any_name_survives() {
        let value: serde_json::Value = serde_json::from_str(&render(&Json, &nasty())).unwrap();
        let names = value["components"].as_array().unwrap();
        assert!(names.iter().any(|component| component["name"] == NASTY));
    }

    #[test]
    fn reach_is_never_among_the_dependencies() {
        let value: serde_json::Value = serde_json::from_str(&render(&Json, &shop())).unwrap();
        let kinds: Vec<&str> = value["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|dependency| dependency["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds.len(), 5);
        assert!(!kinds.contains(&"reach"));
    }
}
