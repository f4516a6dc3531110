//! CODEOWNERS of Gitea and Forgejo: regular expressions over the whole path; all lines that match are heard.
//!
//! <https://docs.gitea.com/usage/code-owners>, <https://forgejo.org/docs/latest/user/code-owners/>

use super::books::{Book, Line};
use super::codeowners::Text;
use super::expressions::{Allowance, Expression, Expressions};
use super::{Input, lines};
use crate::model::{FileId, OwnershipLine, OwnershipSource, RepoId};

struct Gitea<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    expressions: Expressions,
    /// The lines that match what their expression does not.
    negated: Vec<bool>,
    invalid: Vec<OwnershipLine>,
}

/// The book of one file.
pub(super) fn book<'a>(text: Text<'a>) -> Box<dyn Book<'a> + 'a> {
    let mut book = Gitea {
        repo: text.repo,
        lines: Vec::new(),
        expressions: Expressions::default(),
        negated: Vec::new(),
        invalid: text.invalid,
    };
    let mut allowance = Allowance::default();
    let mut expressions = Vec::new();
    for entry in text.lines {
        let (pattern, negated) = match entry.line.pattern.strip_prefix('!') {
            Some(pattern) => (pattern, true),
            None => (entry.line.pattern, false),
        };
        // As Gitea puts it together: of alternatives only the first is tied to the start, only the last to the end.
        match allowance.go(&format!("^{pattern}$")) {
            Ok(expression) => {
                expressions.push(Expression::Any(expression));
                book.negated.push(negated);
                book.lines.push(entry.line);
            }
            Err(why) => book.invalid.push(OwnershipLine {
                span: entry.line.span,
                pattern: entry.line.pattern.to_owned(),
                invalid: Some(why),
                ..OwnershipLine::default()
            }),
        }
    }
    book.expressions = Expressions::new(expressions);
    Box::new(book)
}

impl Gitea<'_> {
    /// The lines that match a path, in order.
    fn matches(&self, path: &str) -> Vec<usize> {
        let matching = self.expressions.matches(path);
        if !self.negated.contains(&true) {
            return matching;
        }
        let negated = self.negated.iter().enumerate();
        negated
            .filter(|(line, negated)| matching.binary_search(line).is_ok() != **negated)
            .map(|(line, _)| line)
            .collect()
    }
}

impl<'a> Book<'a> for Gitea<'a> {
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
        let lines = self.matches(path).into_iter();
        said.extend(lines.map(|line| line as u32));
    }

    fn outcomes<'s>(
        &self,
        input: &Input<'_>,
        _: &dyn Fn(FileId) -> &'s [u32],
    ) -> Vec<OwnershipLine> {
        let matches = |path: &str| self.matches(path);
        let mut found = lines::each_counts(input, self.repo, &self.lines, &matches);
        found.extend(self.invalid.iter().cloned());
        found
    }
}
