//! Hides teams and people in all that resolving gave, so that rules and formats see pseudonyms alone.
//!
//! Everything is taken apart field by field, so that a new field does not compile before somebody has decided about it.

mod code;
mod names;
mod organisation;

use std::sync::Arc;

use crate::model::{Disguise, FileTable, HIDDEN, Place, Problem, RepoId, Resolved};

/// Puts pseudonyms in place of names, the same for the same name everywhere; `rules` are ids that comments may name.
pub fn anonymize(resolved: &mut Resolved, problems: &mut [Problem], rules: &[&str]) {
    let mut disguise = names::known(&resolved.organisation).disguise();
    code::hide(resolved, rules, &mut disguise);
    let lines = resolved.organisation.lines.iter();
    let patterns: Vec<String> = lines.map(|line| line.pattern.clone()).collect();
    organisation::hide(&mut resolved.organisation, &resolved.files, &disguise);
    for problem in problems {
        self::problem(problem, &resolved.files, &disguise);
    }
    for (before, line) in patterns.iter().zip(&resolved.organisation.lines) {
        disguise.remember(before, &line.pattern);
    }
    resolved.disguise = Some(Arc::new(disguise));
}

fn problem(problem: &mut Problem, files: &FileTable, disguise: &Disguise) {
    let Problem { place, message } = problem;
    *message = told(message, files, disguise);
    match place {
        Place::Run | Place::File(_) | Place::Span(_) => {}
        Place::Path(_, path) => *path = disguise.path(path),
    }
}

/// Our words about what a file says: they often quote what could not be understood, so nobody knows whether that is a name.
fn told(message: &str, files: &FileTable, disguise: &Disguise) -> String {
    let pieces = message.split('`').enumerate().map(|(index, piece)| {
        let path = disguise.path(piece.trim_matches('/'));
        match index % 2 {
            0 => disguise.text(piece),
            _ if is_path(files, &path) => path,
            _ => HIDDEN.to_owned(),
        }
    });
    pieces.collect::<Vec<_>>().join("`")
}

/// Whether a path that is shown is one of a file or a folder.
fn is_path(files: &FileTable, path: &str) -> bool {
    let mut repos = (0..files.repos().len() as u16).map(RepoId);
    !path.is_empty()
        && repos.any(|repo| files.find(repo, path).is_some() || files.has_folder(repo, path))
}
