//! The figures, in the published shape.

use super::v1;
use crate::graph::{Graph, Metrics, OrganisationForm, Setting};
use crate::model::TeamId;

pub(super) fn whole(graph: &Graph, metrics: &Metrics) -> v1::Metrics {
    let against = metrics.against_stability.iter();
    v1::Metrics {
        propagation_cost: metrics.propagation_cost,
        modularity: metrics.modularity,
        cross_team_ratio: metrics.cross_team_ratio,
        against_stability: against
            .map(|(from, to)| v1::Pair {
                from: id(graph, *from),
                to: id(graph, *to),
            })
            .collect(),
        organisation_form: metrics.form.as_ref().map(|form| shape(graph, form)),
        settings: metrics
            .settings
            .iter()
            .map(|one| setting(graph, one))
            .collect(),
    }
}

fn shape(graph: &Graph, form: &OrganisationForm) -> v1::OrganisationForm {
    let teams = form.teams.iter().map(|one| v1::TeamShape {
        team: id(graph, one.team),
        layer: one.layer.to_owned(),
        layer_share: one.layer_share,
        product: one.product.clone(),
        product_share: one.product_share,
    });
    v1::OrganisationForm {
        form: form.form.as_str().to_owned(),
        functional: form.functional,
        divisional: form.divisional,
        teams: teams.collect(),
    }
}

fn setting(graph: &Graph, setting: &Setting) -> v1::Setting {
    let (a, b) = setting.teams;
    v1::Setting {
        teams: [id(graph, a), id(graph, b)],
        synchronous: setting.synchronous,
        locality: setting.locality.map(|one| one.as_str().to_owned()),
        overlap_hours: setting.overlap,
        band: setting.band().map(|one| one.as_str().to_owned()),
        strained: setting.is_strained(),
    }
}

fn id(graph: &Graph, team: TeamId) -> String {
    graph.organisation().team(team).team.id.clone()
}
