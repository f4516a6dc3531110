//! Does every link of the documentation lead somewhere?

use std::path::{Path, PathBuf};

use crate::support::{root, texts};

#[test]
fn every_relative_link_leads_to_a_file_and_its_heading() {
    let mut broken = Vec::new();
    for (page, text) in pages() {
        for link in links(&text) {
            if let Err(why) = follow(&page, link) {
                broken.push(format!("{}: {link}: {why}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_page_is_linked_from_another_one() {
    let pages = pages();
    let linked: Vec<PathBuf> = pages
        .iter()
        .flat_map(|(page, text)| {
            links(text)
                .into_iter()
                .filter_map(|link| target(page, link)?.canonicalize().ok())
                .filter(|target| page.canonicalize().ok().as_ref() != Some(target))
        })
        .collect();
    let start = root().join("README.md");
    for (page, _) in pages.iter().filter(|(page, _)| *page != start) {
        let full = page.canonicalize().unwrap();
        assert!(linked.contains(&full), "no page links {}", page.display());
    }
}

/// The README and every page below `docs/`, with its path.
fn pages() -> Vec<(PathBuf, String)> {
    let readme = root().join("README.md");
    let text = std::fs::read_to_string(&readme).unwrap();
    let docs = texts(&root().join("docs"), "md").into_iter();
    let docs = docs.map(|(file, text)| (root().join("docs").join(file), text));
    std::iter::once((readme, text)).chain(docs).collect()
}

/// The targets of the links and pictures of a page that are not absolute; what stands as code is none.
fn links(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let text = line.split('`').step_by(2);
            found.extend(text.flat_map(|text| text.split("](").skip(1)));
        }
    }
    found
        .into_iter()
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link)
        .filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        .collect()
}

/// The file that a link of a page means.
fn target(page: &Path, link: &str) -> Option<PathBuf> {
    let path = link.split('#').next().unwrap_or(link);
    match path {
        "" => Some(page.to_owned()),
        path => Some(page.parent()?.join(path)),
    }
}

fn follow(page: &Path, link: &str) -> Result<(), String> {
    let target = target(page, link).ok_or("a page lies in a folder")?;
    if !target.exists() {
        return Err("there is no such file".to_owned());
    }
    let Some((_, anchor)) = link.split_once('#') else {
        return Ok(());
    };
    let text = std::fs::read_to_string(&target).map_err(|error| error.to_string())?;
    let known = text.lines().filter(|line| line.starts_with('#'));
    if known.map(anchor_of).any(|one| one == anchor) {
        Ok(())
    } else {
        Err("there is no such heading".to_owned())
    }
}

/// The anchor that forges give a heading.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn code_and_addresses_are_no_links() {
    let page = "[a](b.md) and ![c](d.svg), `[e](f.md)`\n```md\n[g](h.md)\n```\n[i](https://x.example/y)\n[j](k.md#l), also [split `code`](m.md)\n";
    assert_eq!(links(page), ["b.md", "d.svg", "k.md#l", "m.md"]);
    assert_eq!(anchor_of("## `[limits]`"), "limits");
    assert_eq!(
        anchor_of("### What each component is"),
        "what-each-component-is"
    );
}
