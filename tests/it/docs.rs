//! Does the documentation name everything that there is, and nothing else?

use std::collections::BTreeSet;
use std::fs;

use twopizza::report::{FORMATS, GRAPH_FORMATS};
use twopizza::rules::RULES;

use crate::program::run;
use crate::rust_paths::names;
use crate::support::{root, texts};

#[test]
fn every_rule_file_is_in_the_list() {
    let listed = ids();
    for (file, text) in texts(&root().join("src/rules"), "rs") {
        let names = names(&format!("rules/{file}"), &text);
        if names.implements.iter().any(|name| name == "Rule") {
            let id = file.trim_end_matches(".rs").trim_end_matches("/mod");
            let id = id.replace('_', "-");
            assert!(
                listed.contains(&id),
                "src/rules/{file}: `{id}` is not in RULES"
            );
        }
    }
}

#[test]
fn every_rule_has_its_page() {
    for rule in RULES {
        let info = rule.info();
        let page = root().join(format!("docs/rules/{}.md", info.id.0));
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{page:?}: {error}"));
        assert_eq!(
            info.docs, text,
            "{}: `explain` shows another page",
            info.id.0
        );
        for option in info.options {
            let name = option.name;
            assert!(
                text.contains(&format!("`{name}`")),
                "{page:?} lacks `{name}`"
            );
        }
    }
}

#[test]
fn every_page_belongs_to_a_rule() {
    let listed = ids();
    for (file, _) in texts(&root().join("docs/rules"), "md") {
        let id = file.trim_end_matches(".md");
        assert!(
            listed.contains(id) || file == "README.md",
            "docs/rules/{file}: there is no such rule"
        );
    }
}

#[test]
fn the_index_of_rules_lists_every_rule_and_no_other() {
    let path = root().join("docs/rules/README.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let expected: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let info = rule.info();
            let (id, clause, level) = (info.id.0, info.clause.as_str(), info.level.as_str());
            format!(
                "| [`{id}`]({id}.md) | {clause} | {level} | {} |",
                info.summary
            )
        })
        .collect();
    let listed: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| ["))
        .collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_page_of_formats_lists_every_format_and_no_other() {
    let path = root().join("docs/formats.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let of_results = FORMATS.iter().map(|format| format.info());
    let of_pictures = GRAPH_FORMATS.iter().map(|format| format.info());
    let expected: Vec<String> = of_results
        .clone()
        .chain(of_pictures)
        .map(|info| format!("| `{}` | {} |", info.id, info.summary))
        .collect();
    let mut listed: Vec<&str> = Vec::new();
    for table in page.split("| format | what it is |\n|---|---|\n").skip(1) {
        listed.extend(table.lines().take_while(|line| line.starts_with('|')));
    }
    assert_eq!(listed, expected);
    for info in of_results {
        assert!(
            page.contains(&format!("\n### {}\n", info.id)),
            "{}",
            info.id
        );
    }
}

#[test]
fn the_readme_names_every_verb_and_no_page_names_another() {
    let help = run(root(), &["--help"]).out;
    let verbs = help.split("Verbs:\n").nth(1).expect("help lists verbs");
    let mut verbs: BTreeSet<&str> = verbs
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();

    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for verb in &verbs {
        let named = readme.contains(&format!("twopizza {verb}"));
        assert!(named, "README.md does not name `twopizza {verb}`");
    }
    verbs.insert("check");
    let docs = texts(&root().join("docs"), "md").into_iter();
    for (page, text) in docs.chain([("../README.md".to_owned(), readme)]) {
        let mut fenced = false;
        for (number, line) in text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            for command in commands(line, fenced) {
                let word = command.split([' ', '`']).next().unwrap_or_default();
                let verb = word.chars().all(|c| c.is_ascii_lowercase()) && !word.is_empty();
                assert!(
                    !verb || verbs.contains(word),
                    "docs/{page}:{}: there is no verb `{word}`",
                    number + 1
                );
            }
        }
    }
}

/// What follows the name of the program where a line has it as code.
fn commands(line: &str, fenced: bool) -> impl Iterator<Item = &str> {
    let code = line.trim_start().strip_prefix("twopizza ");
    code.filter(|_| fenced)
        .into_iter()
        .chain(line.split("`twopizza ").skip(1))
}

fn ids() -> BTreeSet<String> {
    RULES
        .iter()
        .map(|rule| rule.info().id.0.to_owned())
        .collect()
}
