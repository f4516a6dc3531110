//! Which findings does an `[[exempt]]` accept, and is each of them still in order?

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::wildcard::matches;
use crate::config::{Declared, Exemption};
use crate::graph::Graph;
use crate::model::{
    Clause, ComponentId, Disguise, Evidence, FileId, Finding, Fingerprint, HIDDEN, Hop, HopKind,
    Level, RuleId, Span, Standing, Team, parent, within,
};

const EXPIRED: &str = "expired-exemption";
const INCOMPLETE: &str = "incomplete-exemption";
const UNMATCHED: &str = "unmatched-exemption";

/// The rules that the gate judges itself; a baseline never holds their findings.
pub const RULES: &[&str] = &[EXPIRED, INCOMPLETE, UNMATCHED];

/// The days before its end on which an exemption is told.
const SOON: i32 = 14;

/// What exempting gives besides the standing of the findings.
#[derive(Debug, Default)]
pub struct Exempted {
    /// What is wrong with exemptions, with the levels that were asked for.
    pub findings: Vec<Finding>,
    pub notices: Vec<String>,
}

/// Accepts findings by the exemptions that hold on the day `today`.
///
/// `config_file` is the file of the run's configuration; `level` gives the level of a rule of [`RULES`].
pub fn exempt(
    findings: &mut [Finding],
    graph: &Graph,
    exemptions: &[Declared<Exemption>],
    config_file: Option<FileId>,
    today: Date,
    level: impl Fn(&str) -> Level,
) -> Exempted {
    let mut out = Exempted::default();
    let names = Names::new(graph);
    for entry in exemptions {
        let one = &entry.value;
        let told = told(one, graph.disguise().map(|disguise| &**disguise));
        let mut state = |rule, message: String, help: &str| {
            let level = level(rule);
            if level > Level::Allow {
                let fault = fault(graph, entry, &told, config_file, rule, message, help);
                out.findings.push(Finding { level, ..fault });
            }
        };
        let title = title(&told);
        let missing: Vec<&str> = [
            ("reason", one.reason.is_none()),
            ("owner", one.owner.is_none()),
            ("expires", one.expires.is_none()),
        ]
        .iter()
        .filter_map(|(key, missing)| missing.then_some(*key))
        .collect();
        if !missing.is_empty() {
            let keys = missing.join("`, `");
            state(
                INCOMPLETE,
                format!("the exemption of {title} has no `{keys}`"),
                "say why it is needed, who answers for it, and until when",
            );
        }
        if let Some(expires) = one.expires.filter(|expires| *expires < today) {
            state(
                EXPIRED,
                format!("the exemption of {title} expired on {expires}"),
                "mend what it accepted, then delete it; or agree on a later day with those who own the other side",
            );
            continue;
        }
        let matched: Vec<usize> = (0..findings.len())
            .filter(|index| accepts(&names, entry, &findings[*index]))
            .collect();
        if matched.is_empty() {
            state(
                UNMATCHED,
                format!("the exemption of {title} matches no finding"),
                "delete it, or correct its names: `from` and `to` are teams or components, `object` what is used",
            );
            continue;
        }
        let place = format!("{}:{}", told.rule_place.path, told.rule_place.line);
        let sites = matched.iter().fold(0_u64, |sum, index| {
            sum.saturating_add(findings[*index].count.into())
        });
        if let Some(max) = one.max.filter(|max| sites > *max) {
            out.notices.push(format!(
                "{place}: the exemption of {title} accepts nothing: {sites} sites are more than its `max = {max}`"
            ));
            continue;
        }
        for index in matched {
            if findings[index].standing == Standing::New {
                let reason = told.reason.as_deref().unwrap_or("no reason given");
                findings[index].standing = Standing::Exempt {
                    reason: reason.to_owned(),
                };
            }
        }
        if let Some(notice) = ends_soon(&told, &title, &place, today) {
            out.notices.push(notice);
        }
    }
    out
}

fn ends_soon(one: &Exemption, title: &str, place: &str, today: Date) -> Option<String> {
    let expires = one.expires?;
    let days = today.until(expires).ok()?.get_days();
    (days <= SOON).then(|| {
        let days = match days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        let owner = match &one.owner {
            Some(owner) => format!("; `{owner}` answers for it"),
            None => String::new(),
        };
        format!("{place}: the exemption of {title} ends {days} ({expires}){owner}")
    })
}

/// The exemption as messages may tell it.
fn told(one: &Exemption, disguise: Option<&Disguise>) -> Exemption {
    let mut shown = one.clone();
    let Some(disguise) = disguise else {
        return shown;
    };
    let Exemption {
        rule: _,
        rule_place,
        from,
        to,
        object,
        reason,
        owner,
        expires: _,
        max: _,
    } = &mut shown;
    rule_place.path = disguise.path(&rule_place.path);
    for name in [from, to, object].into_iter().flatten() {
        *name = disguise.known_as(name);
    }
    if let Some(reason) = reason {
        HIDDEN.clone_into(reason);
    }
    if let Some(owner) = owner {
        *owner = disguise.quoted(&disguise.handle(owner));
    }
    shown
}

/// A path of the configuration as the table of files has it.
fn path_of(graph: &Graph, path: &str) -> String {
    match graph.disguise() {
        Some(disguise) => disguise.path(path),
        None => path.to_owned(),
    }
}

/// How the exemption is called in messages.
fn title(one: &Exemption) -> String {
    let sides = [("from", &one.from), ("to", &one.to), ("at", &one.object)];
    let sides = sides
        .iter()
        .filter_map(|(word, side)| Some(format!(" {word} `{}`", side.as_ref()?)));
    format!("`{}`{}", one.rule, sides.collect::<String>())
}

fn fault(
    graph: &Graph,
    entry: &Declared<Exemption>,
    one: &Exemption,
    config_file: Option<FileId>,
    rule: &'static str,
    message: String,
    help: &str,
) -> Finding {
    let text = |side: &Option<String>| side.clone().unwrap_or_default();
    let fingerprint = Fingerprint {
        rule: rule.to_owned(),
        kind: one.rule.clone(),
        from: text(&one.from),
        to: text(&one.to),
        symbol: text(&one.object),
    };
    let organisation = graph.organisation();
    let owner = one.owner.as_deref();
    let team = owner.and_then(|owner| organisation.find_team(owner));
    let file = match &entry.at {
        Some(at) => graph.files().find(at.repo, &path_of(graph, &at.path)),
        None => config_file,
    };
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let evidence = file.map(|file| Evidence {
        chain: vec![Hop {
            span: Span {
                file,
                start: offset(entry.start),
                end: offset(entry.end),
            },
            what: HopKind::Provide,
            name: one.rule.clone(),
        }],
    });
    Finding {
        rule: RuleId(rule),
        clause: Clause::NoExceptions,
        level: Level::Allow,
        message,
        from_team: team.map(|team| organisation.team(team).team.id.clone()),
        to_team: None,
        from: None,
        to: None,
        identities: vec![(fingerprint.clone(), 1)],
        fingerprint,
        standing: Standing::New,
        count: 1,
        evidence: evidence.into_iter().collect(),
        owner: None,
        help: vec![help.to_owned()],
    }
}

/// Teams and components by their ids.
struct Names<'a> {
    graph: &'a Graph,
    teams: BTreeMap<&'a str, &'a Team>,
    components: BTreeMap<&'a str, ComponentId>,
}

fn accepts(names: &Names<'_>, entry: &Declared<Exemption>, finding: &Finding) -> bool {
    let one = &entry.value;
    if one.rule != finding.rule.0 || !names.in_scope(entry, finding) {
        return false;
    }
    let from = one.from.as_ref().is_none_or(|pattern| {
        // Sites of another team than the named one are nothing that it accepts.
        all(finding.from_teams(), |id| names.team_is(pattern, id))
            || names.units_are(pattern, finding.from, finding, |one| &one.from)
    });
    let to = one.to.as_ref().is_none_or(|pattern| {
        finding.to_teams().any(|id| names.team_is(pattern, id))
            || names.units_are(pattern, finding.to, finding, |one| &one.to)
    });
    let object = one.object.as_ref().is_none_or(|pattern| {
        let symbols = finding.identities.iter().map(|(one, _)| &*one.symbol);
        all(symbols, |symbol| names.is(pattern, symbol))
    });
    from && to && object
}

impl<'a> Names<'a> {
    fn new(graph: &'a Graph) -> Self {
        let teams = graph.organisation().teams.iter().map(|node| &node.team);
        let components = graph.components().iter().zip(0..);
        Self {
            graph,
            teams: teams.map(|team| (team.id.as_str(), team)).collect(),
            components: components
                .map(|(component, index)| (component.id.as_str(), ComponentId(index)))
                .collect(),
        }
    }

    /// What a sub-folder exempts are findings about what lies in it: its owners speak for nothing else.
    fn in_scope(&self, entry: &Declared<Exemption>, finding: &Finding) -> bool {
        let Some(at) = &entry.at else {
            return true;
        };
        let inside = |component: Option<ComponentId>| {
            let root = component.and_then(|id| self.graph.component(id).root.as_ref());
            let folder = path_of(self.graph, parent(&at.path));
            root.is_some_and(|root| root.repo == at.repo && within(&root.path, &folder))
        };
        match finding.from {
            Some(component) => inside(Some(component)),
            None => all(finding.identities.iter(), |(one, _)| {
                inside(self.components.get(one.from.as_str()).copied())
            }),
        }
    }

    fn team_is(&self, pattern: &str, id: &str) -> bool {
        let others = self.teams.get(id).into_iter().flat_map(|team| {
            let names = team.aliases.iter().chain(&team.previously);
            names.chain(&team.name)
        });
        let hidden = self.graph.disguise();
        let hidden = hidden.map_or(&[][..], |disguise| disguise.called(id));
        let mut names = others.chain(hidden).map(String::as_str).chain([id]);
        names.any(|name| matches(pattern, name))
    }

    /// Whether a pattern means a name of the code, whatever is shown for it.
    fn is(&self, pattern: &str, name: &str) -> bool {
        match self.graph.disguise() {
            Some(disguise) => {
                matches(pattern, disguise.real(name)) || matches(&disguise.known_as(pattern), name)
            }
            None => matches(pattern, name),
        }
    }

    /// Whether a pattern means the component, or all units, of one side.
    fn units_are<'f>(
        &self,
        pattern: &str,
        component: Option<ComponentId>,
        finding: &'f Finding,
        side: impl Fn(&'f Fingerprint) -> &'f String,
    ) -> bool {
        let is = |id: ComponentId| {
            let component = self.graph.component(id);
            self.is(pattern, &component.id) || self.is(pattern, &component.name)
        };
        if component.is_some_and(is) {
            return true;
        }
        let units = finding.identities.iter().map(|(one, _)| side(one));
        all(units, |unit| {
            let component = || self.components.get(unit.as_str()).copied();
            !unit.is_empty() && (self.is(pattern, unit) || component().is_some_and(is))
        })
    }
}

/// Like [`Iterator::all`], and false for none.
fn all<T>(items: impl Iterator<Item = T>, mut is: impl FnMut(T) -> bool) -> bool {
    let mut any = false;
    for item in items {
        if !is(item) {
            return false;
        }
        any = true;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{RepoId, RepoPath};

    fn graph() -> Graph {
        let cart = Team {
            id: "cart".to_owned(),
            aliases: vec!["@acme/cart".to_owned()],
            previously: vec!["basket".to_owned()],
            ..Team::default()
        };
        Builder::new()
            .service("cart-api", "cart")
            .service("cart-worker", "cart")
            .service("catalog", "catalog")
            .team(cart)
            .graph()
    }

    fn finding(from_team: &str, from: &[&str]) -> Finding {
        let print = |from: &str| Fingerprint {
            rule: "direct-link".to_owned(),
            from: format!("cargo:{from}"),
            to: "cargo:catalog".to_owned(),
            symbol: "shelf".to_owned(),
            ..Fingerprint::default()
        };
        let entry = Declared::default();
        Finding {
            rule: RuleId("direct-link"),
            from_team: Some(from_team.to_owned()),
            to_team: Some("catalog".to_owned()),
            fingerprint: print(from[0]),
            identities: from.iter().map(|from| (print(from), 2)).collect(),
            count: 2 * from.len() as u32,
            level: Level::Deny,
            ..fault(
                &Graph::default(),
                &entry,
                &entry.value,
                None,
                EXPIRED,
                String::new(),
                "",
            )
        }
    }

    fn exemption(from: &str, to: &str, object: &str) -> Exemption {
        let side = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Exemption {
            rule: "direct-link".to_owned(),
            from: side(from),
            to: side(to),
            object: side(object),
            reason: Some("we migrate".to_owned()),
            owner: Some("cart".to_owned()),
            expires: Some(Date::constant(2027, 1, 31)),
            ..Exemption::default()
        }
    }

    fn run(value: Exemption, at: Option<&str>, findings: &mut [Finding], today: &str) -> Exempted {
        let entry = Declared {
            value,
            at: at.map(|path| RepoPath::new(RepoId(0), path)),
            ..Declared::default()
        };
        let today = today.parse().unwrap();
        exempt(findings, &graph(), &[entry], None, today, |_| Level::Deny)
    }

    fn accepted(value: Exemption, from_team: &str, from: &[&str]) -> bool {
        let mut findings = [finding(from_team, from)];
        run(value, None, &mut findings, "2026-01-01");
        findings[0].standing != Standing::New
    }

    #[test]
    fn sides_are_teams_or_components_by_any_of_their_names() {
        for from in [
            "cart",
            "@acme/Cart",
            "basket",
            "cart-api",
            "cargo:cart-api",
            "c*",
            "",
        ] {
            assert!(
                accepted(exemption(from, "catalog", "shelf"), "cart", &["cart-api"]),
                "{from}"
            );
        }
        for (from, to, object) in [
            ("search", "catalog", ""),
            ("cart", "cart", ""),
            ("cart", "catalog", "other"),
            ("catalog", "cart", ""),
        ] {
            assert!(
                !accepted(exemption(from, to, object), "cart", &["cart-api"]),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn all_of_a_finding_must_be_meant() {
        let one = || exemption("cart", "catalog", "");
        assert!(!accepted(one(), "cart + search", &["cart-api"]));
        assert!(!accepted(
            exemption("cart-api", "", ""),
            "cart",
            &["cart-api", "cart-worker"]
        ));
        assert!(accepted(
            exemption("cart-*", "", ""),
            "cart",
            &["cart-api", "cart-worker"]
        ));
    }

    #[test]
    fn it_holds_on_its_last_day_and_not_on_the_next() {
        let mut findings = [finding("cart", &["cart-api"])];
        let out = run(
            exemption("cart", "catalog", ""),
            None,
            &mut findings,
            "2027-01-31",
        );
        assert!(matches!(findings[0].standing, Standing::Exempt { .. }));
        assert_eq!(
            out.notices,
            [
                ":0: the exemption of `direct-link` from `cart` to `catalog` ends today (2027-01-31); `cart` answers for it"
            ]
        );
        let mut findings = [finding("cart", &["cart-api"])];
        let out = run(
            exemption("cart", "catalog", ""),
            None,
            &mut findings,
            "2027-02-01",
        );
        assert_eq!(findings[0].standing, Standing::New);
        assert_eq!(out.findings.len(), 1);
        assert_eq!(
            out.findings[0].message,
            "the exemption of `direct-link` from `cart` to `catalog` expired on 2027-01-31"
        );
        assert_eq!(out.findings[0].from_team.as_deref(), Some("cart"));
    }

    #[test]
    fn the_end_is_told_two_weeks_before() {
        let told = |today| {
            let mut findings = [finding("cart", &["cart-api"])];
            run(exemption("cart", "", ""), None, &mut findings, today)
                .notices
                .len()
        };
        assert_eq!((told("2027-01-16"), told("2027-01-17")), (0, 1));
    }

    #[test]
    fn what_is_missing_and_what_matches_nothing_are_findings() {
        let mut findings = [finding("cart", &["cart-api"])];
        let incomplete = Exemption {
            reason: None,
            expires: None,
            ..exemption("cart", "", "")
        };
        let out = run(incomplete, None, &mut findings, "2026-01-01");
        assert_eq!(
            out.findings[0].message,
            "the exemption of `direct-link` from `cart` has no `reason`, `expires`"
        );
        let out = run(
            exemption("search", "", ""),
            None,
            &mut findings,
            "2026-01-01",
        );
        assert_eq!(out.findings[0].rule.0, UNMATCHED);
    }

    #[test]
    fn more_sites_than_its_most_are_not_accepted() {
        let mut findings = [
            finding("cart", &["cart-api"]),
            finding("cart", &["cart-worker"]),
        ];
        let capped = |max| Exemption {
            max: Some(max),
            ..exemption("cart*", "", "")
        };
        let out = run(capped(3), None, &mut findings, "2026-01-01");
        assert!(findings.iter().all(|one| one.standing == Standing::New));
        assert!(out.notices[0].ends_with("accepts nothing: 4 sites are more than its `max = 3`"));
        run(capped(4), None, &mut findings, "2026-01-01");
        assert!(findings.iter().all(|one| one.standing != Standing::New));
    }

    #[test]
    fn a_sub_folder_speaks_for_itself_only() {
        for (at, expected) in [
            ("cart-api/twopizza.toml", true),
            ("cart/twopizza.toml", false),
            ("catalog/twopizza.toml", false),
        ] {
            let mut findings = [finding("cart", &["cart-api"])];
            run(
                exemption("cart", "", ""),
                Some(at),
                &mut findings,
                "2026-01-01",
            );
            assert_eq!(findings[0].standing != Standing::New, expected, "{at}");
        }
    }
}
