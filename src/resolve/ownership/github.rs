//! CODEOWNERS of GitHub and Bitbucket: the last matching line decides.
//!
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>,
//! <https://support.atlassian.com/bitbucket-cloud/docs/set-up-and-use-code-owners/>

use super::books::{Book, Line};
use super::codeowners::Text;
use super::patterns::Patterns;
use super::{Input, lines};
use crate::model::{FileId, OwnershipLine, OwnershipSource, RepoId};

struct LastMatch<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    patterns: Patterns,
    invalid: Vec<OwnershipLine>,
}

/// The book of one file.
pub(super) fn book<'a>(text: Text<'a>) -> Box<dyn Book<'a> + 'a> {
    let lines: Vec<Line<'a>> = text.lines.into_iter().map(|entry| entry.line).collect();
    Box::new(LastMatch {
        repo: text.repo,
        patterns: Patterns::new(lines.iter().map(|line| line.pattern)),
        lines,
        invalid: text.invalid,
    })
}

impl<'a> Book<'a> for LastMatch<'a> {
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
        said.extend(self.patterns.last_match(path).map(|line| line as u32));
    }

    fn outcomes<'s>(
        &self,
        input: &Input<'_>,
        said: &dyn Fn(FileId) -> &'s [u32],
    ) -> Vec<OwnershipLine> {
        let (repo, lines, patterns) = (self.repo, &self.lines, &self.patterns);
        let mut found = lines::outcomes(input, repo, lines, patterns, &|_| 0, said);
        found.extend(self.invalid.iter().cloned());
        found
    }
}
