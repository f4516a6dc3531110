//! Is the organisation cut by skill, by product, or by both?
//!
//! Each line of code has a layer (what skill it asks for) and a product (what it is for), as far as its path tells.
//! How much knowing the team tells of each is the share of its entropy that goes away: 0 is nothing, 1 everything.
//! This is information, never a finding.

use std::collections::BTreeMap;

use super::super::Graph;
use crate::model::{Context, FileRow, Language, TeamId, TeamKind};

/// From this share on a cut is seen, below the other it is not.
const CLEAR: f64 = 0.6;
const SOME: f64 = 0.4;

/// How an organisation is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Teams have one skill each.
    Functional,
    /// Teams have one product each.
    Divisional,
    /// Teams have one skill and one product each.
    Hybrid,
    /// Teams follow neither.
    Unstructured,
}

impl Form {
    /// The text of the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Functional => "functional",
            Self::Divisional => "divisional",
            Self::Hybrid => "hybrid",
            Self::Unstructured => "unstructured",
        }
    }
}

/// The form of an organisation, and what shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganisationForm {
    pub form: Form,
    /// How much the team tells of the layer, from 0 to 1.
    pub functional: f64,
    /// How much the team tells of the product, from 0 to 1.
    pub divisional: f64,
    /// By team.
    pub teams: Vec<TeamShape>,
}

/// What most of a team's code is.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamShape {
    pub team: TeamId,
    pub layer: &'static str,
    /// The share of the layer in the team's lines, from 0 to 1.
    pub layer_share: f64,
    pub product: String,
    /// The share of the product in the team's lines, from 0 to 1.
    pub product_share: f64,
}

/// The form, when at least two teams own code of at least two layers and two products.
pub(super) fn of(graph: &Graph) -> Option<OrganisationForm> {
    let organisation = graph.organisation();
    let mut layers: Table<&'static str> = Table::default();
    let mut products: Table<String> = Table::default();
    for (file, row) in graph.files().iter() {
        let Some(set) = organisation.file(file).set() else {
            continue;
        };
        // What the folders are really called tells it, whatever is shown.
        let path = &graph.files().lies_at(file).path;
        let Some(layer) = layer(path, row) else {
            continue;
        };
        let product = product(path).unwrap_or_default();
        let teams = organisation.teams_of(set);
        let lines = f64::from(row.info.lines.max(1)) / teams.len() as f64;
        for team in teams {
            if organisation.team(*team).team.kind != TeamKind::People {
                layers.add(*team, layer, lines);
                products.add(*team, product.to_owned(), lines);
            }
        }
    }
    if layers.by_team.len() < 2 {
        return None;
    }
    let (functional, divisional) = (layers.told()?, products.told()?);
    let form = match (functional, divisional) {
        (f, d) if f >= SOME && d >= SOME => Form::Hybrid,
        (f, _) if f >= CLEAR => Form::Functional,
        (_, d) if d >= CLEAR => Form::Divisional,
        _ => Form::Unstructured,
    };
    let teams = layers.by_team.keys().filter_map(|team| {
        let (layer, layer_share) = layers.most(*team)?;
        let (product, product_share) = products.most(*team)?;
        Some(TeamShape {
            team: *team,
            layer,
            layer_share,
            product: graph
                .disguise()
                .map_or(product.clone(), |disguise| disguise.path(&product)),
            product_share,
        })
    });
    Some(OrganisationForm {
        form,
        functional,
        divisional,
        teams: teams.collect(),
    })
}

/// Lines by team and tag.
struct Table<T> {
    by_team: BTreeMap<TeamId, BTreeMap<T, f64>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            by_team: BTreeMap::new(),
        }
    }
}

impl<T: Ord + Clone> Table<T> {
    fn add(&mut self, team: TeamId, tag: T, lines: f64) {
        let tags = self.by_team.entry(team).or_default();
        *tags.entry(tag).or_default() += lines;
    }

    /// `1 − H(tag | team) / H(tag)`; `None` when there is only one tag.
    ///
    /// Source: the uncertainty coefficient, H. Theil, *Statistical Decomposition Analysis*, 1972.
    fn told(&self) -> Option<f64> {
        let mut whole: BTreeMap<&T, f64> = BTreeMap::new();
        for (tag, lines) in self.by_team.values().flatten() {
            *whole.entry(tag).or_default() += lines;
        }
        let all = entropy(whole.values().copied());
        let total: f64 = whole.values().sum();
        let within = self.by_team.values().map(|tags| {
            let lines: f64 = tags.values().sum();
            lines / total * entropy(tags.values().copied())
        });
        let within: f64 = within.sum();
        // Rounding may lead a hair below zero.
        (all > 0.0).then(|| (1.0 - within / all).max(0.0))
    }

    /// The tag with the most lines of a team, and its share.
    fn most(&self, team: TeamId) -> Option<(T, f64)> {
        let tags = self.by_team.get(&team)?;
        let total: f64 = tags.values().sum();
        let (tag, lines) = tags
            .iter()
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Some((tag.clone(), lines / total))
    }
}

/// Shannon's entropy of a distribution given by weights, in bits.
fn entropy(weights: impl Iterator<Item = f64> + Clone) -> f64 {
    let total: f64 = weights.clone().sum();
    let terms = weights.filter(|weight| *weight > 0.0).map(|weight| {
        let share = weight / total;
        -share * share.log2()
    });
    terms.sum()
}

/// Folders that tell a layer, whatever is in them.
const LAYER_FOLDERS: &[(&str, &str)] = &[
    ("android", "mobile"),
    ("ios", "mobile"),
    ("mobile", "mobile"),
    ("frontend", "frontend"),
    ("front-end", "frontend"),
    ("web", "frontend"),
    ("webapp", "frontend"),
    ("ui", "frontend"),
    ("client", "frontend"),
    ("backend", "backend"),
    ("back-end", "backend"),
    ("server", "backend"),
    ("api", "backend"),
    ("infra", "infrastructure"),
    ("infrastructure", "infrastructure"),
    ("deploy", "infrastructure"),
    ("deployment", "infrastructure"),
    ("terraform", "infrastructure"),
    ("helm", "infrastructure"),
    ("k8s", "infrastructure"),
    ("ops", "infrastructure"),
    ("data", "data"),
    ("etl", "data"),
    ("analytics", "data"),
    ("dbt", "data"),
];

/// Folders that tell neither layer nor product.
const CONTAINERS: &[&str] = &[
    "app",
    "apps",
    "bin",
    "cmd",
    "components",
    "core",
    "crates",
    "domain",
    "domains",
    "feature",
    "features",
    "internal",
    "java",
    "kotlin",
    "lib",
    "libs",
    "main",
    "module",
    "modules",
    "package",
    "packages",
    "pkg",
    "pkgs",
    "plugins",
    "project",
    "projects",
    "python",
    "scala",
    "service",
    "services",
    "source",
    "sources",
    "src",
    "test",
    "tests",
];

/// The first segments of packages that are named like hosts: what follows is the company.
const HOST_ENDS: &[&str] = &["com", "org", "net", "io", "dev"];

/// What skill a file of code asks for; `None` for what is no code of ours.
fn layer(path: &str, row: &FileRow) -> Option<&'static str> {
    let class = &row.class;
    if class.vendored || row.info.generated || class.context == Context::Generated {
        return None;
    }
    let is_infrastructure = path.ends_with(".tf")
        || path.starts_with(".github/workflows/")
        || path.rsplit('/').next() == Some("Dockerfile");
    if is_infrastructure {
        return Some("infrastructure");
    }
    let is_page = [".css", ".scss", ".less", ".html"];
    let is_page = is_page.iter().any(|end| path.ends_with(end));
    if !class.language.is_code() && !is_page {
        return None;
    }
    if class.context == Context::Test {
        return Some("quality");
    }
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let told = folders.split('/').find_map(|folder| {
        let told = LAYER_FOLDERS.iter().find(|(name, _)| *name == folder);
        told.map(|(_, layer)| *layer)
    });
    Some(
        told.unwrap_or(match class.language {
            Language::Swift | Language::Dart => "mobile",
            Language::Sql => "data",
            _ if is_page => "frontend",
            _ if [".tsx", ".jsx", ".vue", ".svelte"]
                .iter()
                .any(|end| path.ends_with(end)) =>
            {
                "frontend"
            }
            _ => "backend",
        }),
    )
}

/// What a file is for: the first folder that is neither a container nor a layer.
fn product(path: &str) -> Option<&str> {
    let (folders, _) = path.rsplit_once('/')?;
    let mut folders = folders.split('/');
    while let Some(folder) = folders.next() {
        if HOST_ENDS.contains(&folder) {
            folders.next();
            continue;
        }
        let is_layer = LAYER_FOLDERS.iter().any(|(name, _)| *name == folder);
        if !is_layer && !CONTAINERS.contains(&folder) && !folder.starts_with('.') {
            return Some(folder);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[(u32, &'static str, f64)]) -> Option<f64> {
        let mut table = Table::default();
        for (team, tag, lines) in rows {
            table.add(TeamId(*team), *tag, *lines);
        }
        table.told()
    }

    #[test]
    fn a_team_that_tells_everything_and_one_that_tells_nothing() {
        assert_eq!(told(&[(0, "a", 5.0), (1, "b", 5.0)]), Some(1.0));
        let even = [(0, "a", 1.0), (0, "b", 1.0), (1, "a", 3.0), (1, "b", 3.0)];
        assert_eq!(told(&even), Some(0.0));
        assert_eq!(told(&[(0, "a", 1.0), (1, "a", 1.0)]), None);
    }

    /// H = 1 bit; within: 3/4 · H(1/3) + 1/4 · 0, H(1/3) = 0.918296.
    #[test]
    fn a_part_is_told() {
        let found = told(&[(0, "a", 2.0), (0, "b", 1.0), (1, "b", 1.0)]).unwrap();
        let expected = 1.0 - 0.75 * 0.918_295_834_054_489_6;
        assert!((found - expected).abs() < 1e-12, "{found}");
    }

    #[test]
    fn products_are_found_below_containers_layers_and_companies() {
        assert_eq!(product("services/cart/src/main.rs"), Some("cart"));
        assert_eq!(product("frontend/src/cart/Button.tsx"), Some("cart"));
        assert_eq!(
            product("src/main/java/com/acme/billing/Invoice.java"),
            Some("billing")
        );
        assert_eq!(product("src/main.rs"), None);
        assert_eq!(product("README.md"), None);
    }
}
