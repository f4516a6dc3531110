//! What is said under a finding, the same in every format for people: plain lines, made safe.

use super::names::{fit, safe};
use super::position::line_of;
use crate::analysis::Analysis;
use crate::model::{Clause, ComponentId, Finding, toml_string};

/// The most lines of a chain.
const MOST_STEPS: usize = 3;

/// The columns of a line that may be long.
const LONG: usize = 240;

/// The columns of a name beside other things.
const SHORT: usize = 40;

/// What is wrong with an exemption cannot be exempt.
const OF_EXEMPTIONS: &[&str] = &[
    "expired-exemption",
    "incomplete-exemption",
    "unmatched-exemption",
];

/// What a coupling ends at: `` `users` of datastore `identity-db` ``, `` `catalog-core` in services/catalog/core ``.
pub(super) fn far_end(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let component = analysis.graph.component(finding.to?);
    let name = format!("`{}`", fit(&component.name, SHORT));
    let symbol = finding.fingerprint.symbol.as_str();
    if !symbol.is_empty() {
        let symbol = fit(symbol, SHORT);
        let kind = component.kind;
        return Some(if kind.is_code() {
            format!("`{symbol}` of {name}")
        } else {
            format!("`{symbol}` of {} {name}", kind.as_str())
        });
    }
    let root = component.root.as_ref();
    let root = root.filter(|root| !root.path.is_empty());
    Some(match root {
        Some(root) => {
            let root = analysis.graph.files().display_path(root);
            format!("{name} in {}", fit(&root, SHORT))
        }
        None => name,
    })
}

/// How many sites a finding has, when there are more than one; a finding about people has none.
pub(super) fn sites(finding: &Finding) -> Option<u32> {
    (finding.count > 1 && finding.clause != Clause::TwoPizzas).then_some(finding.count)
}

/// The lines after the site that make the first chain, each once; `twopizza why` tells what they say.
pub(super) fn way(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let chain = &finding.evidence.first()?.chain;
    let mut lines: Vec<String> = Vec::new();
    for hop in chain.iter().skip(1) {
        let line = safe(&line_of(analysis, hop.span));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.len() > MOST_STEPS {
        let more = lines.len() - MOST_STEPS;
        lines.truncate(MOST_STEPS);
        lines.push(format!("{more} more"));
    }
    (!lines.is_empty()).then(|| format!("through: {}", lines.join(" → ")))
}

/// Who owns the far end, and the line that says so.
pub(super) fn owner(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let line = finding.owner?;
    let who = finding
        .to_team
        .as_ref()
        .map_or_else(|| "nobody".to_owned(), |team| fit(team, LONG));
    let said = analysis.ownership_line(line).unwrap_or_default();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = if said.is_empty() {
        String::new()
    } else {
        format!(" `{}`", fit(&said, 50))
    };
    let place = safe(&line_of(analysis, line));
    Some(format!("owner: {who} ({place}{said})"))
}

/// The mandate in a line.
pub(super) fn clause(finding: &Finding) -> &'static str {
    match finding.clause {
        Clause::Interfaces => "clause 1: every team exposes its data and functions by interfaces",
        Clause::ThroughInterfaces => "clause 2: teams talk through these interfaces",
        Clause::NoBackDoors => "clause 3: no direct linking, only calls over the network",
        Clause::OwnData => "clause 3: no direct reads of another team's data store",
        Clause::Externalizable => "clause 5: every interface could be opened to the world",
        Clause::NoExceptions => "clause 6: no exceptions; an exemption is time to comply",
        Clause::TwoPizzas => "two pizzas: a team is small enough to be fed by them",
        Clause::Ownership => "ownership: what nobody owns, nobody can keep to the mandate",
        Clause::Graph => "autonomy: a team can move without waiting for a circle of others",
    }
}

/// The best way out: its first line, and the lines of configuration that may follow.
pub(super) fn help(finding: &Finding) -> Option<(String, Vec<String>)> {
    let mut lines = finding.help.first()?.split('\n');
    let first = format!("try: {}", fit(lines.next().unwrap_or_default(), LONG));
    Some((first, lines.map(|line| fit(line, LONG)).collect()))
}

/// All of it, a line each.
pub(super) fn all(analysis: &Analysis, finding: &Finding) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(way(analysis, finding));
    notes.extend(owner(analysis, finding));
    notes.push(clause(finding).to_owned());
    if let Some((first, more)) = help(finding) {
        notes.push(first);
        notes.extend(more.into_iter().map(|line| format!("  {line}")));
    }
    notes
}

/// The entry of `twopizza.toml` that accepts a finding for a while; who accepts fills in the rest. Empty when no entry
/// could mean this finding alone.
pub(super) fn exemption(analysis: &Analysis, finding: &Finding) -> Vec<String> {
    let name = |component: ComponentId| analysis.graph.component(component).name.as_str();
    let team = match finding.from_teams().collect::<Vec<_>>()[..] {
        [team] => Some(team),
        _ => None,
    };
    let Some(from) = team.or_else(|| finding.from.map(name)) else {
        return Vec::new();
    };
    if OF_EXEMPTIONS.contains(&finding.rule.0) {
        return Vec::new();
    }
    let to = finding.to.map(name).or_else(|| finding.to_teams().next());
    let symbol = finding.fingerprint.symbol.as_str();
    let known = [
        ("rule", Some(finding.rule.0)),
        ("from", Some(from)),
        ("to", to),
        ("object", (!symbol.is_empty()).then_some(symbol)),
    ];
    let open = [("reason", "…"), ("owner", "…"), ("expires", "YYYY-MM-DD")];
    let known = known
        .into_iter()
        .filter_map(|(key, text)| Some((key, text?)));
    let lines = known
        .chain(open)
        .map(|(key, text)| format!("{key} = {}", toml_string(text)));
    ["[[exempt]]".to_owned()].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, nasty, shop};
    use super::*;

    #[test]
    fn an_exemption_is_toml_that_says_the_name_whatever_it_is() {
        let analysis = nasty();
        let finding = &analysis.findings[0];
        let text = exemption(&analysis, finding).join("\n");
        let table: toml::Table = text.parse().unwrap();
        let entry = &table["exempt"][0];
        assert_eq!(entry["rule"].as_str(), Some("direct-link"));
        assert_eq!(entry["from"].as_str(), finding.from_team.as_deref());
        assert_eq!(entry["to"].as_str(), Some(format!("{NASTY}2").as_str()));
        assert_eq!(entry["expires"].as_str(), Some("YYYY-MM-DD"));
        assert!(text.lines().count() == 7, "{text}");
    }

    #[test]
    fn an_exemption_means_one_finding_or_is_not_proposed() {
        let analysis = shop();
        let mut finding = analysis.findings[0].clone();
        finding.from_team = Some("cart + billing".to_owned());
        assert_eq!(exemption(&analysis, &finding)[2], "from = \"cart-api\"");
        finding.fingerprint.symbol = "orders".to_owned();
        assert_eq!(exemption(&analysis, &finding)[4], "object = \"orders\"");
        finding.from = None;
        assert!(exemption(&analysis, &finding).is_empty());
        finding.from_team = Some("cart".to_owned());
        finding.rule = crate::model::RuleId(OF_EXEMPTIONS[0]);
        assert!(exemption(&analysis, &finding).is_empty());
    }

    #[test]
    fn the_notes_name_owner_clause_and_way_out() {
        let analysis = shop();
        expect_test::expect![[r#"
            owner: catalog (CODEOWNERS:3 `/catalog-core/src/main.rs catalog`)
            clause 3: no direct linking, only calls over the network
            try: call team `catalog` over the network, by the interface in `catalog-proto`"#]]
        .assert_eq(&all(&analysis, &analysis.findings[0]).join("\n"));
        assert_eq!(
            far_end(&analysis, &analysis.findings[0]).as_deref(),
            Some("`catalog-core` in catalog-core")
        );
    }
}
