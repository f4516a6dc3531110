//! One screen for people: teams, couplings, findings, and what was looked at.

mod couplings;
mod coverage;
mod findings;
mod snippet;
mod suppressed;
mod teams;

use std::io::{self, Write};

use super::names::safe;
use super::style::{BOLD, GOOD};
use super::{FormatInfo, Renderer};
use crate::analysis::Analysis;
use crate::model::Level;

/// The format `text`.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// The most findings of a rule, teams, couplings and problems that are shown; the others are counted.
    pub most: Most,
}

/// How much of each part is shown.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub teams: usize,
    pub couplings: usize,
    pub findings_per_rule: usize,
    pub problems: usize,
}

static INFO: FormatInfo = FormatInfo {
    id: "text",
    summary: "one screen for people",
};

impl Text {
    /// About one screen.
    pub const SHORT: Self = Self {
        most: Most {
            teams: 12,
            couplings: 12,
            findings_per_rule: 3,
            problems: 5,
        },
    };

    /// Everything.
    pub const LONG: Self = Self {
        most: Most {
            teams: usize::MAX,
            couplings: usize::MAX,
            findings_per_rule: usize::MAX,
            problems: usize::MAX,
        },
    };
}

impl Text {
    /// Writes the findings and nothing else.
    ///
    /// # Errors
    /// What writing to `out` gives.
    pub fn render_findings(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        findings::write(analysis, self.most.findings_per_rule, out)
    }
}

impl Renderer for Text {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let repos = analysis.graph.files().repositories();
        let names: Vec<String> = repos.iter().map(|repo| safe(repo)).collect();
        writeln!(out, "{BOLD}twopizza: {}{BOLD:#}", names.join(", "))?;
        teams::write(analysis, self.most.teams, out)?;
        couplings::write(analysis, self.most.couplings, out)?;
        findings::write(analysis, self.most.findings_per_rule, out)?;
        suppressed::write(analysis, self.most.problems, out)?;
        coverage::write(analysis, self.most.problems, out)?;
        if analysis.worst() == Level::Allow && analysis.coverage.owned > 0 {
            writeln!(out)?;
            writeln!(out, "{GOOD}Thank you; have a nice day!{GOOD:#}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::plain;
    use super::super::testing::{analysis, nasty, render, shop};
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::is_unsafe;

    #[test]
    fn a_shop_fits_on_a_screen() {
        expect![[r#"
            twopizza: acme

            Teams                               people  components     out    in  findings
              cart                                   ?           2       4     1         4
              catalog                               9!           2       1     3         1
              billing                                ?           1       0     1         0

            Couplings between teams
              forbidden link.impl     cart → catalog    2  cart-api/src/main.rs:1:5
              warned    link.lib      cart → billing    1  cart-api/src/main.rs:3:5
              permitted link.contract cart → catalog    1  cart-api/src/main.rs:2:5
              permitted call.http     catalog → cart    1  catalog-core/src/main.rs:1:5

            error[direct-link]: team `cart` links the implementation of `catalog-core`, which team `catalog` owns
             --> cart-api/src/main.rs:1:5
            1 | use catalog-core;
              |     ^^^^^^^^^^^^ `catalog-core` in catalog-core
              = owner: catalog (CODEOWNERS:3 `/catalog-core/src/main.rs catalog`)
              = clause 3: no direct linking, only calls over the network
              = try: call team `catalog` over the network, by the interface in `catalog-proto`
              = or accept it for a while, in twopizza.toml:
                [[exempt]]
                rule = "direct-link"
                from = "cart"
                to = "catalog-core"
                reason = "…"
                owner = "…"
                expires = "YYYY-MM-DD"
               +1 more: twopizza why cart catalog

            error[oversized-team]: team `catalog` has 9 people and so 36 lines of communication; two pizzas feed 7
              = two pizzas: a team is small enough to be fed by them
              = try: split it into 2 teams along what it owns: `catalog-core` and `catalog-proto`
              = or accept it for a while, in twopizza.toml:
                [[exempt]]
                rule = "oversized-team"
                from = "catalog"
                reason = "…"
                owner = "…"
                expires = "YYYY-MM-DD"

            warning[cyclic-team-dependency]: teams `cart` and `catalog` depend on each other in a circle: `cart` → `catalog` → `cart`
             --> cart-api/src/main.rs:1:5 (1 of 3 sites)
            1 | use catalog-core;
              |     ^^^^^^^^^^^^
             ::: catalog-core/src/main.rs:1:5
              = autonomy: a team can move without waiting for a circle of others
              = try: cut `cart` → `catalog` first (link.impl in 2 files)

            warning[shared-library]: team `cart` links the library `money` of team `billing`, which nobody declared as shared
             --> cart-api/src/main.rs:3:5
            3 | use money;
              |     ^^^^^ `money` in money
              = owner: billing (CODEOWNERS:5 `/money/src/main.rs billing`)
              = clause 3: no direct linking, only calls over the network
              = try: if `money` is meant for every team, say so in twopizza.toml:
                [[component]]
                path = "money"
                kind = "library"

            warning[unowned-component]: nobody owns `price-job`: its only source file has no owner
              = ownership: what nobody owns, nobody can keep to the mandate
              = try: name the owner in the ownership file: /price-job/ @organisation/team

            3 errors, 3 warnings

            Looked at
              files      7: 7 read, 7 parsed
              owners     6 owned, 0 explicitly unowned, 1 that no line speaks of
              unresolved 0 sites
        "#]].assert_eq(&plain(&render(&Text::SHORT, &shop())));
    }

    #[test]
    fn a_clean_run_says_thank_you_and_an_unowned_one_does_not() {
        let clean = analysis(Builder::new().service("cart-api", "cart"));
        assert!(render(&Text::SHORT, &clean).contains("Thank you; have a nice day!"));
        let mut unowned = analysis(Builder::new().service("cart-api", "").without_sources());
        unowned.coverage.owned = 0;
        let text = render(&Text::SHORT, &unowned);
        assert!(!text.contains("Thank you"));
        assert!(text.contains("no coupling can be judged"));
    }

    #[test]
    fn an_empty_run_is_told_without_thanks() {
        let text = plain(&render(&Text::SHORT, &Analysis::default()));
        assert!(text.contains("Looked at\n  files      0"));
        assert!(!text.contains("Thank you"));
    }

    #[test]
    fn no_name_reaches_the_terminal_raw() {
        let text = plain(&render(&Text::LONG, &nasty()));
        let raw = |c: char| is_unsafe(c) && c != '\n';
        assert_eq!(text.chars().find(|c| raw(*c)), None);
        assert!(text.contains("\\u{1b}[31m"));
        let coloured = render(&Text::LONG, &nasty());
        assert_eq!(plain(&coloured), text);
        assert!(coloured.contains('\u{1b}'));
    }
}
