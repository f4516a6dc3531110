//! `twopizza explain`: the page of a rule, or all rules with their levels.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;
use serde::Serialize;
use twopizza::config::closest;
use twopizza::model::Level;
use twopizza::rules::{RULES, RuleInfo};

use super::Outcome;
use super::args::{ExplainArgs, ExplainFormat, Global};
use super::error::{Stop, failed_with_help};
use super::inputs;
use super::output::{self, Kind, plain};
use super::table::{Align, columns};

const HEAD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

pub(super) fn run(global: &Global, args: &ExplainArgs) -> Outcome {
    let rule = args.rule.as_deref().map(find).transpose()?;
    let levels = levels(global);
    let file = args.output.as_deref();
    match (args.format, rule) {
        (ExplainFormat::Text, Some(info)) => output::write(file, Kind::Text, |out| {
            page(out, info.docs)?;
            writeln!(out, "\n{FAINT}Here: {}{FAINT:#}", level(info, &levels))
        }),
        (ExplainFormat::Text, None) => output::write(file, Kind::Text, |out| list(out, &levels)),
        (ExplainFormat::Json, rule) => {
            let with_page = rule.is_some();
            let infos: Vec<&RuleInfo> = match rule {
                Some(info) => vec![info],
                None => infos().collect(),
            };
            let rules: Vec<Row<'_>> = infos
                .into_iter()
                .map(|info| Row::new(info, &levels, with_page))
                .collect();
            output::write(file, Kind::Data, |out| json(out, &rules))
        }
    }
}

/// The levels that the configuration sets, by rule.
type Levels = BTreeMap<String, Level>;

/// One rule for programs.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    clause: &'a str,
    /// When the configuration says nothing.
    default_level: &'a str,
    level: &'a str,
    summary: &'a str,
    /// In Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    docs: Option<&'a str>,
}

#[derive(Serialize)]
struct Page<'a> {
    schema_version: u32,
    rules: &'a [Row<'a>],
}

impl<'a> Row<'a> {
    fn new(info: &'a RuleInfo, levels: &Levels, with_page: bool) -> Self {
        let level = levels.get(info.id.0).copied().unwrap_or(info.level);
        Self {
            id: info.id.0,
            clause: info.clause.as_str(),
            default_level: info.level.as_str(),
            level: level.as_str(),
            summary: info.summary,
            docs: with_page.then_some(info.docs),
        }
    }
}

fn infos() -> impl Iterator<Item = &'static RuleInfo> {
    RULES.iter().map(|rule| rule.info())
}

fn find(name: &str) -> Result<&'static RuleInfo, Stop> {
    let message = format!("there is no rule `{}`", plain(name));
    let Some(info) = infos().find(|info| info.id.0 == name) else {
        return Err(match closest(name, infos().map(|info| info.id.0)) {
            Some(meant) => failed_with_help(message, format!("did you mean `{meant}`?")),
            None => failed_with_help(message, "`twopizza explain` lists the rules"),
        });
    };
    Ok(info)
}

/// A configuration that cannot be read keeps nobody from reading a page.
fn levels(global: &Global) -> Levels {
    let config = inputs::default_root().and_then(|root| inputs::configuration(global, &[root]));
    let mistakes = match config {
        Ok(configured) => return configured.config.rules,
        Err(Stop::Failed(failure)) => failure.messages,
        Err(Stop::Closed | Stop::Shut) => Vec::new(),
    };
    if !global.quiet {
        for message in mistakes {
            output::warning(&message);
        }
    }
    Levels::new()
}

fn level(info: &RuleInfo, levels: &Levels) -> String {
    let default = info.level;
    match levels.get(info.id.0) {
        Some(level) if *level != default => {
            format!("{} (default {})", level.as_str(), default.as_str())
        }
        _ => default.as_str().to_owned(),
    }
}

fn list(out: &mut dyn Write, levels: &Levels) -> io::Result<()> {
    let mut rows = vec![
        ["rule", "clause", "level", "what it finds"]
            .map(str::to_owned)
            .into(),
    ];
    rows.extend(infos().map(|info| {
        vec![
            info.id.0.to_owned(),
            info.clause.as_str().to_owned(),
            level(info, levels),
            info.summary.to_owned(),
        ]
    }));
    columns(out, &[Align::Left; 4], &rows)?;
    writeln!(
        out,
        "\n{FAINT}twopizza explain RULE shows a rule's page{FAINT:#}"
    )
}

/// A Markdown page for a terminal: headings bold, code indented, the rest as it is.
fn page(out: &mut dyn Write, docs: &str) -> io::Result<()> {
    let mut code = false;
    for line in docs.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if code {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        } else if let Some(title) = heading(line) {
            writeln!(out, "{HEAD}{title}{HEAD:#}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let is_heading = title.len() < line.len() && title.starts_with(' ');
    is_heading.then(|| title.trim())
}

fn json(out: &mut dyn Write, rules: &[Row<'_>]) -> io::Result<()> {
    let page = Page {
        schema_version: 1,
        rules,
    };
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn shown(docs: &str) -> String {
        let mut out = Vec::new();
        page(&mut out, docs).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn headings_are_bold_and_code_is_indented() {
        let text = shown("# a-rule\n\n## Example\n\n```toml\n# no heading\n\nb = 1\n```\n\n#tag\n");
        expect![[r##"
            <a-rule>

            <Example>

                # no heading

                b = 1

            #tag
        "##]]
        .assert_eq(&text.replace("\u{1b}[1m", "<").replace("\u{1b}[0m", ">"));
    }

    #[test]
    fn every_page_is_shown_without_fences() {
        for info in infos() {
            let text = shown(info.docs);
            assert!(text.contains(info.id.0) && !text.contains("```"), "{text}");
        }
    }

    #[test]
    fn a_mistyped_rule_is_told_what_may_be_meant() {
        let failure = |name| match find(name) {
            Err(Stop::Failed(failure)) => failure,
            _ => unreachable!("there is no such rule"),
        };
        let help = failure("direct_lnk").help.unwrap();
        assert_eq!(help, "did you mean `direct-link`?");
        assert!(failure("zzz").help.unwrap().contains("lists the rules"));
    }

    #[test]
    fn a_level_is_told_with_its_default_when_they_differ() {
        let info = find("direct-link").unwrap_or_else(|_| unreachable!("the rule is there"));
        let of = |level| Levels::from([("direct-link".to_owned(), level)]);
        assert_eq!(level(info, &Levels::new()), "deny");
        assert_eq!(level(info, &of(Level::Deny)), "deny");
        assert_eq!(level(info, &of(Level::Warn)), "warn (default deny)");
    }

    #[test]
    fn programs_get_the_page_of_one_rule_and_the_list_without() {
        let levels = Levels::from([("direct-link".to_owned(), Level::Allow)]);
        let rows: Vec<Row<'_>> = infos().map(|info| Row::new(info, &levels, false)).collect();
        let mut out = Vec::new();
        json(&mut out, &rows).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["rules"].as_array().unwrap().len(), RULES.len());
        assert_eq!(value["rules"][0]["level"], "allow");
        assert_eq!(value["rules"][0]["default_level"], "deny");
        assert!(value["rules"][0].get("docs").is_none());
    }
}
