//! What `[source] exclude` leaves out, and which of its globs leave out nothing.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Declared, Source};
use crate::model::{FileId, FileTable, Place, Problem, RepoId, Span};

impl Source {
    /// The globs of `exclude` as one set, in order; that they can be read was checked with the configuration.
    pub fn excluded(&self) -> GlobSet {
        let globs = self.exclude.iter().filter_map(|glob| {
            let pattern = glob.value.trim_start_matches('/');
            let mut glob = GlobBuilder::new(pattern);
            glob.literal_separator(true).build().ok()
        });
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(glob);
        }
        set.build().unwrap_or_default()
    }

    /// The globs of `exclude` that leave out nothing; `used` are the indices of the others.
    pub fn unused_excludes(
        &self,
        used: &BTreeSet<usize>,
        files: &FileTable,
        config_file: Option<FileId>,
    ) -> Vec<Problem> {
        let globs = self.exclude.iter().enumerate();
        globs
            .filter(|(index, _)| !used.contains(index))
            .map(|(_, glob)| unused(glob, files, config_file))
            .collect()
    }
}

fn unused(glob: &Declared<String>, files: &FileTable, config_file: Option<FileId>) -> Problem {
    let folder = glob.value.trim_matches('/');
    let meant = if !folder.is_empty() && files.has_folder(RepoId(0), folder) {
        format!("; for the folder write `{folder}/**`")
    } else {
        String::new()
    };
    Problem {
        place: config_file.map_or(Place::Run, |file| {
            Place::Span(Span {
                file,
                start: glob.start as u32,
                end: glob.end as u32,
            })
        }),
        message: format!("`exclude` glob `{}` matches no file{meant}", glob.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_starts_at_the_root_and_a_star_stays_in_its_folder() {
        let exclude = |glob: &str| Declared {
            value: glob.to_owned(),
            ..Declared::default()
        };
        let source = Source {
            exclude: vec![exclude("/old/*.rs"), exclude("gen/**")],
            max_file_size: None,
        };
        let set = source.excluded();
        assert_eq!(set.matches("old/a.rs"), [0]);
        assert_eq!(set.matches("gen/a/b.rs"), [1]);
        assert!(!set.is_match("old/deep/a.rs"));
        assert!(!set.is_match("cart/gen/a.rs"));
    }
}
