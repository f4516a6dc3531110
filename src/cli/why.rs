//! `twopizza why`: every coupling between two things, with the chains that show it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use twopizza::analysis::Analysis;
use twopizza::graph::{Between, Indirect, Verdict, Verdicts, between};
use twopizza::model::{Access, Context, Dependency, Endpoint, Evidence, Owned, Span};

use super::Outcome;
use super::args::{Global, WhyArgs};
use super::error::failed;
use super::inputs::Inputs;
use super::output::{self, Kind, plain};

const HEAD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

pub(super) fn run(global: &Global, args: &WhyArgs) -> Outcome {
    let analysis = Inputs::open(global, &args.roots)?.analyze()?;
    let (a, b) = (analysis.typed(&args.a), analysis.typed(&args.b));
    let found = between(&analysis.graph, &a, &b).map_err(failed)?;
    let page = Page {
        analysis: &analysis,
        verdicts: Verdicts::new(&analysis.findings),
        a: &a,
        b: &b,
    };
    output::write(args.output.as_deref(), Kind::Text, |out| {
        page.write(out, &found)
    })
}

struct Page<'a> {
    analysis: &'a Analysis,
    verdicts: Verdicts,
    a: &'a str,
    b: &'a str,
}

impl Page<'_> {
    fn write(&self, out: &mut dyn Write, found: &Between<'_>) -> io::Result<()> {
        let (a, b) = (self.a, self.b);
        if let Some(indirect) = &found.indirect {
            return self.indirect(out, indirect);
        }
        if found.forward.is_empty() && found.backward.is_empty() {
            return writeln!(out, "nothing couples `{}` and `{}`", plain(a), plain(b));
        }
        self.direction(out, a, b, &found.forward)?;
        if !found.forward.is_empty() && !found.backward.is_empty() {
            writeln!(out)?;
        }
        self.direction(out, b, a, &found.backward)
    }

    fn direction(
        &self,
        out: &mut dyn Write,
        from: &str,
        to: &str,
        dependencies: &[&Dependency],
    ) -> io::Result<()> {
        if dependencies.is_empty() {
            return Ok(());
        }
        let count = counted(dependencies.len(), "coupling");
        let (from, to) = (plain(from), plain(to));
        writeln!(out, "{HEAD}{from} -> {to}: {count}{HEAD:#}")?;
        for dependency in dependencies {
            writeln!(out)?;
            self.dependency(out, dependency)?;
        }
        Ok(())
    }

    fn indirect(&self, out: &mut dyn Write, indirect: &Indirect<'_>) -> io::Result<()> {
        let (from, to) = if indirect.backward {
            (self.b, self.a)
        } else {
            (self.a, self.b)
        };
        let steps = counted(indirect.steps.len(), "step");
        let (from, to) = (plain(from), plain(to));
        writeln!(
            out,
            "{HEAD}{from} -> {to}: no direct coupling; the shortest way round has {steps}{HEAD:#}"
        )?;
        for dependency in &indirect.steps {
            writeln!(out)?;
            self.dependency(out, dependency)?;
        }
        Ok(())
    }

    fn dependency(&self, out: &mut dyn Write, dependency: &Dependency) -> io::Result<()> {
        let (verdict, color) = self.verdict(dependency);
        let from = plain(&dependency.from.unit);
        let to = plain(&dependency.to.unit);
        let kind = dependency.kind.as_str();
        let mut notes = vec![counted(dependency.count as usize, "site")];
        notes.push(dependency.certainty.as_str().to_owned());
        match dependency.access {
            Access::Use => {}
            Access::Read => notes.push("reads".to_owned()),
            Access::Write => notes.push("writes".to_owned()),
            Access::ReadWrite => notes.push("reads and writes".to_owned()),
        }
        if dependency.context != Context::Production {
            notes.push(format!("{} only", dependency.context.as_str()));
        }
        if !dependency.variants.is_empty() {
            notes.push(format!("in {}", plain(&dependency.variants.join(", "))));
        }
        let object = match &dependency.to.symbol {
            Some(symbol) => format!(" `{}`", plain(symbol)),
            None => String::new(),
        };
        writeln!(
            out,
            "{color}{verdict}{color:#} {kind}: {from} -> {to}{object} ({})",
            notes.join(", ")
        )?;
        for evidence in &dependency.evidence {
            self.chain(out, evidence)?;
        }
        let shown = dependency.evidence.len();
        let left = (dependency.count as usize).saturating_sub(shown);
        if left > 0 {
            writeln!(out, "  {FAINT}and {}{FAINT:#}", counted(left, "more site"))?;
        }
        self.owner(out, "from", &dependency.from)?;
        self.owner(out, "to", &dependency.to)
    }

    /// What the rules say; they judge what crosses teams, no more.
    fn verdict(&self, dependency: &Dependency) -> (&'static str, Style) {
        let graph = &self.analysis.graph;
        if graph.crossing(dependency).is_none() {
            let owned = |end| graph.organisation().endpoint(end).set().is_some();
            let inside = owned(&dependency.from) && owned(&dependency.to);
            let verdict = if inside { "internal" } else { "unjudged" };
            return (verdict, FAINT);
        }
        let verdict = self.verdicts.of(graph, dependency);
        let color = match verdict {
            Verdict::Permitted => AnsiColor::Green,
            Verdict::Warned => AnsiColor::Yellow,
            Verdict::Forbidden => AnsiColor::Red,
        };
        (verdict.as_str(), color.on_default())
    }

    fn chain(&self, out: &mut dyn Write, evidence: &Evidence) -> io::Result<()> {
        for (index, hop) in evidence.chain.iter().enumerate() {
            let place = self.place(hop.span);
            let arrow = if index == 0 { "-->" } else { " ->" };
            let what = hop.what.as_str();
            writeln!(out, "  {arrow} {place}: {what} `{}`", plain(&hop.name))?;
            if index == 0
                && !self.analysis.texts.are_hidden()
                && let Some(line) = self.analysis.texts.line(hop.span)
            {
                writeln!(out, "      {FAINT}{}{FAINT:#}", plain(line.trim()))?;
            }
        }
        Ok(())
    }

    fn owner(&self, out: &mut dyn Write, end: &str, endpoint: &Endpoint) -> io::Result<()> {
        let organisation = self.analysis.graph.organisation();
        let owned = organisation.endpoint(endpoint);
        let owners = match owned {
            Owned::By(set, _) => {
                let teams = organisation.teams_of(set).iter();
                let ids: Vec<String> = teams
                    .map(|team| plain(&organisation.team(*team).team.id))
                    .collect();
                ids.join(", ")
            }
            Owned::Unowned(_) => "explicitly nobody".to_owned(),
            Owned::Unmatched => "nobody".to_owned(),
        };
        let decided = match owned.line() {
            Some(span) => format!(" ({})", self.place(span)),
            None => String::new(),
        };
        writeln!(out, "  = {end}: {owners}{decided}")
    }

    fn place(&self, span: Span) -> String {
        let path = self.analysis.graph.files().display(span.file);
        let at = self.analysis.texts.position(span);
        format!("{}:{}:{}", plain(&path), at.line, at.column)
    }
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use twopizza::graph::Graph;
    use twopizza::model::{
        Certainty, Component, ComponentId, Declared, DependencyKind, FileId, FileRow, FileTable,
        Hop, HopKind, RepoId, RepoPath, Resolved,
    };

    const TEXT: &str = "fn main() {}\nuse ledger::post; // \u{1b}[2J\n";

    fn end(component: u32, unit: &str) -> Endpoint {
        Endpoint {
            component: ComponentId(component),
            unit: unit.into(),
            path: None,
            symbol: None,
        }
    }

    fn hop(what: HopKind, name: &str, start: usize) -> Hop {
        Hop {
            span: Span {
                file: FileId(0),
                start: start as u32,
                end: start as u32 + 1,
            },
            what,
            name: name.into(),
        }
    }

    /// `cart` links `ledger`, `ledger` links `mail`.
    fn sample() -> Analysis {
        let component = |name: &str| Component {
            id: format!("cargo:{name}"),
            name: name.into(),
            kind: twopizza::model::ComponentKind::Service,
            root: None,
            declared_in: None,
            aliases: Vec::new(),
            workloads: Vec::new(),
            shared: false,
        };
        let link = |from: Endpoint, to: Endpoint, count| Dependency {
            from,
            to,
            kind: DependencyKind::LinkImpl,
            access: Access::Use,
            certainty: Certainty::Observed,
            context: Context::Production,
            variants: Vec::new(),
            declared: Declared::Unjudged,
            count,
            evidence: vec![Evidence {
                chain: vec![
                    hop(HopKind::Use, "ledger::post", TEXT.find("ledger").unwrap()),
                    hop(HopKind::Provide, "cargo:ledger", 0),
                ],
            }],
            allowed: Vec::new(),
        };
        let row = FileRow {
            path: RepoPath::new(RepoId(0), "cart/main.rs"),
            ..FileRow::default()
        };
        let resolved = Resolved {
            files: FileTable::new(vec!["shop".into()], vec![row]),
            components: ["cart", "ledger", "mail"].map(component).into(),
            dependencies: vec![
                link(end(0, "cargo:cart"), end(1, "cargo:ledger"), 3),
                link(end(1, "cargo:ledger"), end(2, "cargo:mail"), 1),
            ],
            ..Resolved::default()
        };
        let mut analysis = Analysis {
            graph: Graph::new(resolved),
            ..Analysis::default()
        };
        analysis.texts.insert(FileId(0), TEXT.into());
        analysis
    }

    fn told(a: &str, b: &str) -> String {
        let analysis = sample();
        let page = Page {
            analysis: &analysis,
            verdicts: Verdicts::default(),
            a,
            b,
        };
        let mut out = Vec::new();
        let found = between(&analysis.graph, a, b).unwrap();
        page.write(&mut anstream::StripStream::new(&mut out), &found)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_step_of_a_coupling_is_told() {
        expect![[r#"
            cart -> ledger: 1 coupling

            unjudged link.impl: cargo:cart -> cargo:ledger (3 sites, observed)
              --> cart/main.rs:2:5: uses `ledger::post`
                  use ledger::post; // \u{1b}[2J
               -> cart/main.rs:1:1: provides `cargo:ledger`
              and 2 more sites
              = from: nobody
              = to: nobody
        "#]]
        .assert_eq(&told("ledger", "cart"));
    }

    #[test]
    fn the_way_round_is_told_step_by_step() {
        expect![[r#"
            cart -> mail: no direct coupling; the shortest way round has 2 steps

            unjudged link.impl: cargo:cart -> cargo:ledger (3 sites, observed)
              --> cart/main.rs:2:5: uses `ledger::post`
                  use ledger::post; // \u{1b}[2J
               -> cart/main.rs:1:1: provides `cargo:ledger`
              and 2 more sites
              = from: nobody
              = to: nobody

            unjudged link.impl: cargo:ledger -> cargo:mail (1 site, observed)
              --> cart/main.rs:2:5: uses `ledger::post`
                  use ledger::post; // \u{1b}[2J
               -> cart/main.rs:1:1: provides `cargo:ledger`
              = from: nobody
              = to: nobody
        "#]]
        .assert_eq(&told("cart", "mail"));
    }
}
