//! CODEOWNERS of GitLab: in each section the last matching line decides, and all sections are heard.
//!
//! <https://docs.gitlab.com/user/project/codeowners/reference/>

use std::collections::BTreeMap;

use super::books::{Book, Line};
use super::codeowners::{Entry, Text};
use super::patterns::Patterns;
use super::{Input, lines};
use crate::model::{FileId, OwnershipLine, OwnershipSource, RepoId, Strength};

struct GitLab<'a> {
    repo: RepoId,
    /// By section; in a section, a pattern that comes again stands where it came first.
    lines: Vec<Line<'a>>,
    /// By line.
    about: Vec<About>,
    patterns: Patterns,
    invalid: Vec<OwnershipLine>,
}

/// What else a line says.
struct About {
    section: u32,
    strength: Strength,
    /// It takes what it matches out of its section, whatever comes later.
    excludes: bool,
}

/// The book of one file.
pub(super) fn book<'a>(text: Text<'a>) -> Box<dyn Book<'a> + 'a> {
    let entries = in_order(text.lines);
    let about = entries.iter().map(|(section, entry)| About {
        section: *section,
        strength: entry.strength,
        excludes: entry.cut,
    });
    let about = about.collect();
    let lines: Vec<Line<'a>> = entries.into_iter().map(|(_, entry)| entry.line).collect();
    Box::new(GitLab {
        repo: text.repo,
        patterns: Patterns::gitlab(lines.iter().map(|line| line.pattern)),
        lines,
        about,
        invalid: text.invalid,
    })
}

/// The lines with the number of their section, in the order in which they are tried.
///
/// GitLab keeps the lines of a section by their pattern: one that comes again takes the place of the first,
/// <https://gitlab.com/gitlab-org/gitlab/-/blob/master/ee/lib/gitlab/code_owners/file.rb>.
fn in_order(entries: Vec<Entry<'_>>) -> Vec<(u32, Entry<'_>)> {
    let mut sections: BTreeMap<String, u32> = BTreeMap::new();
    let mut first: BTreeMap<(u32, String), usize> = BTreeMap::new();
    let mut found: Vec<(u32, usize, Entry<'_>)> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let name = entry.section.unwrap_or_default().to_lowercase();
        let next = sections.len() as u32;
        let section = *sections.entry(name).or_insert(next);
        let rooted = if entry.line.pattern.starts_with('/') {
            entry.line.pattern.to_owned()
        } else {
            format!("/**/{}", entry.line.pattern)
        };
        let place = *first.entry((section, rooted)).or_insert(index);
        found.push((section, place, entry));
    }
    // Stable: of the lines at one place the last stays the last.
    found.sort_by_key(|(section, place, _)| (*section, *place));
    let found = found.into_iter();
    found.map(|(section, _, entry)| (section, entry)).collect()
}

impl<'a> Book<'a> for GitLab<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::Codeowners
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        let from = said.len();
        let matching = self.patterns.all_matches(path);
        for section in matching.chunk_by(|a, b| self.about[*a].section == self.about[*b].section) {
            if !section.iter().any(|line| self.about[*line].excludes) {
                said.extend(section.last().map(|line| *line as u32));
            }
        }
        // Who must approve goes before who may, and a line that names nobody decides only where no other speaks.
        said[from..].sort_by_key(|line| {
            let line = *line as usize;
            (
                self.lines[line].owners.is_empty(),
                self.about[line].strength,
            )
        });
    }

    fn outcomes<'s>(
        &self,
        input: &Input<'_>,
        said: &dyn Fn(FileId) -> &'s [u32],
    ) -> Vec<OwnershipLine> {
        let section = |line: usize| self.about[line].section;
        let (repo, lines, patterns) = (self.repo, &self.lines, &self.patterns);
        let mut found = lines::outcomes(input, repo, lines, patterns, &section, said);
        for (line, about) in found.iter_mut().zip(&self.about) {
            if about.excludes {
                line.pattern.insert(0, '!');
                line.decided = line.matched;
                line.shadowed_by = None;
            }
        }
        found.extend(self.invalid.iter().cloned());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Owner, Span};

    /// A book of lines `section|pattern owners`; `-` for no section, `!` for an exclusion.
    fn speak(text: &'static str, path: &str) -> Vec<u32> {
        let owners: Vec<Vec<Owner>> = text
            .lines()
            .map(|line| {
                line.split_whitespace()
                    .skip(1)
                    .filter_map(Owner::parse)
                    .collect()
            })
            .collect();
        let mut lines = Vec::new();
        for ((line, owners), number) in text.lines().zip(&owners).zip(1..) {
            let (section, rest) = line.trim().split_once('|').unwrap();
            let pattern = rest.split_whitespace().next().unwrap();
            lines.push(Entry {
                line: Line {
                    pattern: pattern.trim_start_matches('!'),
                    owners,
                    span: Span {
                        start: number,
                        ..Span::default()
                    },
                },
                section: (section != "-").then_some(section),
                strength: Strength::Required,
                cut: pattern.starts_with('!'),
            });
        }
        let book = book(Text {
            repo: RepoId(0),
            lines,
            invalid: Vec::new(),
        });
        let mut said = Vec::new();
        book.speak(path, &mut said);
        let lines = book.lines();
        said.iter()
            .map(|line| lines[*line as usize].span.start)
            .collect()
    }

    #[test]
    fn the_last_line_of_each_section_speaks() {
        let text = "-|* @a\n-|/x/ @b\nDocs|*.md @c\nDocs|/x/ @d\nDev|/y/ @e";
        assert_eq!(speak(text, "x/a.md"), [2, 4]);
        assert_eq!(speak(text, "z/a.md"), [1, 3]);
        assert_eq!(speak(text, "y/a"), [1, 5]);
    }

    #[test]
    fn what_is_excluded_is_out_of_its_section_for_good() {
        let text = "Ruby|*.rb @a\nRuby|!/gen/ \nRuby|/gen/keep.rb @b\nAll|* @c";
        assert_eq!(speak(text, "gen/keep.rb"), [4]);
        assert_eq!(speak(text, "src/x.rb"), [1, 4]);
    }

    #[test]
    fn sections_of_one_name_are_one() {
        let text = "Docs|*.md @a\nCode|*.rs @b\nDOCS|/x.md @c";
        assert_eq!(speak(text, "x.md"), [3]);
    }

    #[test]
    fn a_pattern_that_comes_again_stands_where_it_came_first() {
        let text = "-|/a/ @a\n-|/a/x @b\n-|/a/ @c";
        assert_eq!(speak(text, "a/x"), [2]);
        assert_eq!(speak(text, "a/y"), [3]);
    }

    #[test]
    fn a_line_without_owners_decides_only_alone() {
        let text = "A|* \nB|*.md @b";
        assert_eq!(speak(text, "x.md"), [2, 1]);
        assert_eq!(speak(text, "x.rs"), [1]);
    }
}
