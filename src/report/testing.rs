//! Analyses built by hand, for the tests of the formats.

use super::{GraphRenderer, Renderer};
use crate::analysis::Analysis;
use crate::config::Limits;
use crate::graph::testing::{Builder, dep};
use crate::graph::{Level, Query};
use crate::model::{ComponentKind, DependencyKind, Place, Problem, Standing, Team, TeamKind};

/// A name that breaks what does not quote.
pub(super) const NASTY: &str =
    "=a\"b'\\c\nd\u{1b}[31m%e</script><script>&#x;🍕\u{202e}שלום|`{}[];--";

/// A small shop: two findings of `direct-link`, a library, a big team, an unowned job.
pub(super) fn shop() -> Analysis {
    let big = Team {
        id: "catalog".to_owned(),
        members: Some((0..9).map(|n| format!("p{n}")).collect()),
        ..Team::default()
    };
    analysis(
        Builder::new()
            .service("cart-api", "cart")
            .service("cart-worker", "cart")
            .service("catalog-core", "catalog")
            .component("catalog-proto", ComponentKind::Contract, "catalog")
            .component("money", ComponentKind::Library, "billing")
            .component("price-job", ComponentKind::Job, "")
            .team(big)
            .dep(dep("cart-api", "catalog-core", DependencyKind::LinkImpl))
            .dep(dep("cart-worker", "catalog-core", DependencyKind::LinkImpl))
            .dep(dep(
                "cart-api",
                "catalog-proto",
                DependencyKind::LinkContract,
            ))
            .dep(dep("cart-api", "money", DependencyKind::LinkLib))
            .dep(dep("catalog-core", "cart-api", DependencyKind::CallHttp))
            .dep(dep("catalog-core", "cart-api", DependencyKind::Reach)),
    )
}

/// An organisation: a team with two below, one of them too large, a group and a team for access.
pub(super) fn org() -> Analysis {
    let team = |id: &str, parent: Option<&str>, kind, people: usize| Team {
        id: id.to_owned(),
        parent: parent.map(str::to_owned),
        kind,
        members: Some((0..people).map(|n| format!("{id}{n}")).collect()),
        ..Team::default()
    };
    analysis(
        Builder::new()
            .service("search-api", "search")
            .service("web", "@ada, @bob")
            .team(team("shop", None, TeamKind::Work, 1))
            .team(team("cart", Some("shop"), TeamKind::Work, 8))
            .team(team("pay", Some("shop"), TeamKind::Work, 3))
            .team(team("guild", None, TeamKind::WorkingGroup, 5))
            .team(team("admins", None, TeamKind::Permission, 20))
            .team(team("@ada, @bob", None, TeamKind::People, 2)),
    )
}

/// Everything has a nasty name.
pub(super) fn nasty() -> Analysis {
    let other = format!("{NASTY}2");
    let owner = NASTY.replace(',', "");
    let mut analysis = analysis(
        Builder::new()
            .service(NASTY, &owner)
            .service(&other, "catalog")
            .dep(dep(NASTY, &other, DependencyKind::LinkImpl))
            .dep(dep(&other, NASTY, DependencyKind::CallHttp)),
    );
    analysis.problems.push(Problem {
        place: Place::Run,
        message: NASTY.to_owned(),
    });
    analysis
}

/// Names of 5,000 characters.
pub(super) fn long() -> Analysis {
    let name = |c: char| c.to_string().repeat(5000);
    let (from, to) = (name('x'), name('🍕'));
    analysis(
        Builder::new()
            .service(&from, &name('y'))
            .service(&to, &name('z'))
            .dep(dep(&from, &to, DependencyKind::LinkImpl)),
    )
}

/// The shop, with a finding of every standing.
pub(super) fn standings() -> Analysis {
    let mut analysis = shop();
    let reason = format!("until the move {NASTY}");
    let standings = [
        Standing::Known,
        Standing::Grown { before: 0 },
        Standing::Exempt {
            reason: reason.clone(),
        },
        Standing::Suppressed { reason },
    ];
    for (finding, standing) in analysis.findings.iter_mut().zip(standings) {
        finding.standing = standing;
    }
    analysis
}

/// Judges a graph by all rules at their own levels.
pub(super) fn analysis(builder: Builder) -> Analysis {
    let (graph, texts) = builder.build();
    let findings = crate::rules::check(&graph, &Limits::default(), |info| info.level);
    let mut analysis = Analysis {
        graph,
        findings,
        texts,
        team_max: Some(Limits::default().team_max),
        ..Analysis::default()
    };
    analysis.coverage.files = 7;
    analysis.coverage.read = 7;
    analysis.coverage.parsed = 7;
    analysis.coverage.owned = 6;
    analysis.coverage.unmatched = 1;
    analysis
}

/// The text of an analysis in one format.
pub(super) fn render(renderer: &dyn Renderer, analysis: &Analysis) -> String {
    let mut out = Vec::new();
    renderer.render(analysis, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The text of the picture of an analysis in one format.
pub(super) fn draw(renderer: &dyn GraphRenderer, analysis: &Analysis, level: Level) -> String {
    let query = Query {
        level,
        ..Query::default()
    };
    let mut out = Vec::new();
    let view = analysis.view(&query).unwrap();
    renderer.render(&view, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
