//! What came of each line of an ownership file: does it match anything, does it decide anything?

use std::collections::BTreeMap;

use globset::GlobSet;

use super::Input;
use super::books::{Book, Line};
use super::patterns::Patterns;
use super::voices::Said;
use crate::model::{FileId, Mode, OwnershipLine, RepoId};

/// What came of the lines of all books, sorted by place.
pub(super) fn lines(
    input: &Input<'_>,
    books: &[Box<dyn Book<'_> + '_>],
    said: &[Vec<Said>],
) -> Vec<OwnershipLine> {
    let mut found = Vec::new();
    for (book, index) in books.iter().zip(0_u32..) {
        let said = |file: FileId| {
            let said = said.get(file.0 as usize).into_iter().flatten();
            let mut said = said.filter(|(book, _)| *book == index);
            said.next().map_or(&[][..], |(_, lines)| lines)
        };
        found.extend(book.outcomes(input, &said));
    }
    found.sort_by_key(|line| line.span);
    found
}

/// What came of the lines of which the last one that matches decides, in each section by itself.
///
/// `said` gives the lines that decide for a file, at most one of each section.
pub(super) fn outcomes<'s>(
    input: &Input<'_>,
    repo: RepoId,
    lines: &[Line<'_>],
    patterns: &Patterns,
    section: &dyn Fn(usize) -> u32,
    said: &dyn Fn(FileId) -> &'s [u32],
) -> Vec<OwnershipLine> {
    let exclude = input.config.source.excluded();
    let mut found: Vec<OwnershipLine> = lines
        .iter()
        .map(|line| OwnershipLine {
            span: line.span,
            pattern: line.pattern.to_owned(),
            owners: line.owners.to_vec(),
            ..OwnershipLine::default()
        })
        .collect();
    for (file, _) in input.files.iter() {
        for line in said(file) {
            let line = &mut found[*line as usize];
            line.decided += 1;
            line.matched += 1;
        }
    }
    idle(input, repo, patterns, section, said, &mut found);
    for line in &mut found {
        line.left_out = line.matched == 0 && speaks_of(&line.pattern, &exclude);
    }
    found
}

/// Counts what the lines match that decide nothing; few do, so that only these are tried on every path.
fn idle<'s>(
    input: &Input<'_>,
    repo: RepoId,
    all: &Patterns,
    section: &dyn Fn(usize) -> u32,
    said: &dyn Fn(FileId) -> &'s [u32],
    lines: &mut [OwnershipLine],
) {
    let idle: Vec<usize> = (0..lines.len())
        .filter(|line| lines[*line].decided == 0)
        .collect();
    if idle.is_empty() {
        return;
    }
    let patterns = all.only(&idle);
    let mut matched = vec![0; idle.len()];
    let mut deciders: Vec<BTreeMap<usize, u32>> = vec![BTreeMap::new(); idle.len()];
    for (file, row) in input.files.iter() {
        if row.path.repo != repo {
            continue;
        }
        let said = said(file);
        let path = &*row.path.path;
        for index in patterns.all_matches(path) {
            matched[index] += 1;
            let deciding = said.iter().map(|line| *line as usize);
            for line in deciding.filter(|line| section(*line) == section(idle[index])) {
                *deciders[index].entry(line).or_default() += 1;
            }
        }
        if row.mode == Mode::Submodule {
            // What lies in a submodule is not seen, and may be meant.
            for index in patterns.all_matches(&format!("{path}/_")) {
                matched[index] = matched[index].max(1);
            }
        }
    }
    for (index, line) in idle.into_iter().enumerate() {
        lines[line].matched = matched[index];
        // A general line whose files all have lines of their own waits for files to come: only one that covers it shadows it.
        let covering = all.all_matches(&all.made_up_path(line));
        let shadow = covering
            .into_iter()
            .filter(|later| *later > line && section(*later) == section(line))
            .filter(|_| !deciders[index].is_empty())
            .max_by_key(|later| (deciders[index].get(later), *later));
        lines[line].shadowed_by = shadow.map(|later| lines[later].span);
    }
}

/// What came of lines that all count: only whether they match anything.
pub(super) fn each_counts(
    input: &Input<'_>,
    repo: RepoId,
    lines: &[Line<'_>],
    matches: &dyn Fn(&str) -> Vec<usize>,
) -> Vec<OwnershipLine> {
    let exclude = input.config.source.excluded();
    let mut matched = vec![0; lines.len()];
    for (_, row) in input.files.iter().filter(|(_, row)| row.path.repo == repo) {
        for line in matches(&row.path.path) {
            matched[line] += 1;
        }
        if row.mode == Mode::Submodule {
            for line in matches(&format!("{}/_", row.path.path)) {
                matched[line] = matched[line].max(1);
            }
        }
    }
    let lines = lines.iter().zip(matched);
    lines
        .map(|(line, matched)| OwnershipLine {
            span: line.span,
            pattern: line.pattern.to_owned(),
            owners: line.owners.to_vec(),
            matched,
            decided: matched,
            left_out: matched == 0 && speaks_of(line.pattern, &exclude),
            ..OwnershipLine::default()
        })
        .collect()
}

/// Whether a pattern may be about paths that are left out: its own text is one of them, or a folder of them.
fn speaks_of(pattern: &str, exclude: &GlobSet) -> bool {
    let path = pattern.trim_matches('/');
    exclude.is_match(path) || exclude.is_match(format!("{path}/_"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use crate::model::{Mode, OwnershipLine};

    fn lines(world: &World) -> String {
        let lines = world.resolve().organisation.lines;
        let show = |line: &OwnershipLine| {
            let shadow = line.shadowed_by.map(|span| format!(" by {}", span.start));
            let (matched, decided) = (line.matched, line.decided);
            let left_out = if line.left_out { " left out" } else { "" };
            format!(
                "{matched}/{decided}{}{left_out}",
                shadow.unwrap_or_default()
            )
        };
        lines.iter().map(show).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn lines_that_match_nothing_or_decide_nothing_are_told_apart() {
        let text = "/cart/ @acme/a\n/gone/ @acme/b\n/cart/x* @acme/c\n/cart/x1 @acme/d\n/cart/y @acme/e\n/cart/ @acme/f\n/cart/x1 @acme/g";
        let world = World::new(text, &["cart/x1", "cart/x2", "cart/x3", "cart/y"]);
        assert_eq!(
            lines(&world),
            "4/0 by 6, 0/0, 3/0 by 6, 1/0 by 7, 1/0 by 6, 3/3, 1/1"
        );
    }

    #[test]
    fn a_general_line_that_is_used_up_waits_for_files_to_come() {
        let world = World::new(
            "/cart/ @acme/a\n/cart/x* @acme/b\n/cart/y @acme/c",
            &["cart/x1", "cart/y"],
        );
        assert_eq!(lines(&world), "2/0, 1/1, 1/1");
    }

    #[test]
    fn a_path_that_has_a_text_twice_counts_once() {
        let world = World::new("src @acme/a\n* @acme/b", &["src/src/src/a"]);
        // CODEOWNERS and twopizza.toml are files, too.
        assert_eq!(lines(&world), "1/0 by 2, 3/3");
    }

    #[test]
    fn a_component_of_the_configuration_takes_nothing_from_the_lines() {
        let mut world = World::new("/cart/ @acme/a", &["cart/x"]);
        world.component("cart");
        world.component_team("cart", "b");
        assert_eq!(lines(&world), "1/1");
    }

    #[test]
    fn what_is_left_out_or_in_a_submodule_is_no_unused_line() {
        let mut world = World::new("/vendor/ @acme/a\n/sub/ @acme/b\n/gone/ @acme/c", &["x"]);
        world.file(0, "sub").mode = Mode::Submodule;
        world.config.source.exclude = vec![crate::config::Declared {
            value: "/vendor/**".to_owned(),
            ..Default::default()
        }];
        assert_eq!(lines(&world), "0/0 left out, 1/0, 0/0");
    }
}
