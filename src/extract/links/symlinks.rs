//! Where does a symbolic link lead?
//!
//! The link is never followed: its content is the path of its target, as git keeps it.
//! Source: <https://git-scm.com/docs/gitdatamodel#objects> (mode 120000).

use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Certainty, DependencyKind, ExtractorId, Facts, Key, Mode, SourceFile, join};

/// Reads the targets of symbolic links.
#[derive(Debug)]
pub(in crate::extract) struct Symlinks;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("git/symlinks"),
    summary: "Targets of symbolic links",
    globs: &["**/*"],
    markers: &[],
    languages: &[],
    ownership: false,
};

/// The longest path of a target; that of systems is no longer.
const LENGTH: usize = 4096;

impl Extractor for Symlinks {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn reads_links(&self) -> bool {
        true
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if file.mode != Mode::Symlink || file.bytes.len() > LENGTH {
            return;
        }
        let Ok(target) = file.text() else {
            facts.problem(0..0, "a symbolic link whose target is not UTF-8");
            return;
        };
        let bytes = 0..file.bytes.len();
        let Some(path) = join(file.path.parent(), target) else {
            facts.problem(bytes, "a symbolic link that leads out of the repository");
            return;
        };
        let key = Key::new("symlink", path);
        facts
            .requires(key, DependencyKind::LinkSplice, 1, bytes)
            .certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileFacts, FileId, RepoId, RepoPath};

    fn said(path: &str, target: &[u8], mode: Mode) -> String {
        let mut out = FileFacts::default();
        let path = RepoPath::new(RepoId(0), path);
        let file = SourceFile {
            path: &path,
            bytes: target,
            mode,
            bom: false,
            roster: None,
        };
        let context = crate::model::Context::Production;
        let mut facts = Facts::new(&mut out, FileId(0), INFO.id, context);
        Symlinks.extract(&file, &mut facts);
        let facts = out.facts.iter().map(ToString::to_string);
        let problems = out.problems.iter().map(|problem| problem.message.clone());
        facts.chain(problems).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_target_is_relative_to_the_folder_of_the_link() {
        assert_eq!(
            said("cart/src/shelf", b"../../catalog/shelf", Mode::Symlink),
            "here requires symlink:catalog/shelf [link.splice] [declared]"
        );
        assert_eq!(said("cart/a", b"b", Mode::File), "");
    }

    #[test]
    fn what_leads_elsewhere_is_told() {
        let out = "a symbolic link that leads out of the repository";
        assert_eq!(said("cart/a", b"/etc/passwd", Mode::Symlink), out);
        assert_eq!(said("cart/a", b"../../x", Mode::Symlink), out);
        assert!(said("a", b"\xff", Mode::Symlink).contains("UTF-8"));
        assert_eq!(said("a", &[b'x'; 5000], Mode::Symlink), "");
    }
}
