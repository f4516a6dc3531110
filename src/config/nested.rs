//! The configuration that a team keeps in its own folder: teams, people, components and exemptions, nothing else.

use std::collections::BTreeMap;
use std::io;

use super::file::{document, text_of};
use super::reader::Reader;
use super::sections::{DOCUMENT, declarations, folded};
use super::{Config, ConfigError, ConfigErrors, ConfigPlace, FILE_NAME};
use crate::model::{Context, FileId, FileTable, Mode, Place, Problem, RepoPath};

/// What it may have.
const SECTIONS: &[&str] = &["component", "exempt", "person", "team"];

impl Config {
    /// The configuration together with those that teams keep in their folders.
    ///
    /// `run_config` is the file that `self` was read from.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn with_nested(
        &self,
        files: &FileTable,
        run_config: Option<FileId>,
        read: impl Fn(&RepoPath) -> io::Result<Vec<u8>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Self, ConfigErrors> {
        let mut merged = self.clone();
        let mut errors = Vec::new();
        for (file, row) in files.iter() {
            let path = files.lies_at(file);
            let nested = path.file_name() == FILE_NAME && !path.parent().is_empty();
            if !nested || Some(file) == run_config || row.mode == Mode::Submodule {
                continue;
            }
            // Test data and examples hold configurations of repositories that are made up.
            if row.class.context != Context::Production {
                continue;
            }
            if row.class.vendored || row.mode == Mode::Symlink {
                problems.push(Problem {
                    place: Place::File(file),
                    message: "a configuration that is a link or other people's: not used"
                        .to_owned(),
                });
                continue;
            }
            let shown = files.display(file);
            match read(path) {
                Ok(bytes) => {
                    if let Err(wrong) = merged.add_nested(path, bytes, &shown) {
                        errors.extend(wrong.0);
                    }
                }
                Err(error) => errors.push(ConfigError {
                    place: ConfigPlace {
                        path: shown,
                        ..ConfigPlace::default()
                    },
                    message: format!("cannot read: {}", error.kind()),
                }),
            }
        }
        if errors.is_empty() {
            Ok(merged)
        } else {
            Err(ConfigErrors(errors))
        }
    }

    /// Adds what the configuration of a sub-folder declares; its paths are relative to that folder.
    ///
    /// # Errors
    /// Everything that is wrong with it; then nothing is added.
    fn add_nested(
        &mut self,
        at: &RepoPath,
        bytes: Vec<u8>,
        display_path: &str,
    ) -> Result<(), ConfigErrors> {
        let text = text_of(bytes, display_path)?;
        let mut names = self.team_names();
        let mut nested = Self::default();
        document(&text, display_path, |table, mistakes| {
            for (key, _) in table.get_ref() {
                let name: &str = key.get_ref();
                if DOCUMENT.keys.contains(&name) && !SECTIONS.contains(&name) {
                    mistakes.push(
                        key.span(),
                        format!(
                            "`{name}` belongs in the configuration of the whole repository; \
                             one in a sub-folder has [[component]], [[exempt]] and [[team]]"
                        ),
                    );
                }
            }
            let mut reader = Reader::new(&DOCUMENT, table.get_ref(), table.span(), mistakes);
            declarations(&mut reader, &mut names, Some(at), &mut nested);
        })?;
        for mut component in nested.components {
            component.value.path = below(at.parent(), &component.value.path);
            self.components.push(component);
        }
        self.teams.extend(nested.teams);
        self.exemptions.extend(nested.exemptions);
        Ok(())
    }

    /// The ids and aliases of all teams, folded, with the team that has them.
    fn team_names(&self) -> BTreeMap<String, String> {
        let teams = self.teams.iter().map(|team| &team.value);
        teams
            .flat_map(|team| {
                let names = team.aliases.iter().chain([&team.id]);
                names.map(|name| (folded(name), team.id.clone()))
            })
            .collect()
    }
}

/// A glob of a folder as a glob of the root.
fn below(folder: &str, glob: &str) -> String {
    let glob = glob.trim_start_matches("./").trim_matches('/');
    match (globset::escape(folder), glob) {
        (folder, "" | ".") => folder,
        (folder, glob) => format!("{folder}/{glob}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepoId;

    fn add(config: &mut Config, text: &str) -> Result<(), String> {
        let at = RepoPath::new(RepoId(0), "services/cart/twopizza.toml");
        config
            .add_nested(&at, text.as_bytes().to_vec(), &at.path)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn its_paths_start_at_its_folder() {
        let mut config = Config::default();
        let text = "[[component]]\npath = \"libs/*\"\n[[component]]\npath = \".\"\n[[team]]\nid = \"cart\"\n\
                    [[exempt]]\nrule = \"r\"\nto = \"b\"\n";
        add(&mut config, text).unwrap();
        let paths: Vec<&str> = config
            .components
            .iter()
            .map(|one| &*one.value.path)
            .collect();
        assert_eq!(paths, ["services/cart/libs/*", "services/cart"]);
        let at = config.exemptions[0].at.as_ref().map(|at| &*at.path);
        assert_eq!(at, Some("services/cart/twopizza.toml"));
        assert_eq!(below("a[1]", "b"), "a[[]1[]]/b");
    }

    #[test]
    fn other_sections_are_errors_and_nothing_is_added() {
        let mut config = Config::default();
        let text = "[[team]]\nid = \"cart\"\n[limits]\nteam-max = 90\n[rule]\n";
        assert_eq!(
            add(&mut config, text).unwrap_err(),
            "services/cart/twopizza.toml:3:2: `limits` belongs in the configuration of the whole repository; \
             one in a sub-folder has [[component]], [[exempt]] and [[team]]\n\
             services/cart/twopizza.toml:5:2: unknown key `rule`, did you mean `rules`?"
        );
        assert!(config.teams.is_empty());
    }

    #[test]
    fn a_team_is_declared_once_in_all_files() {
        let mut config = Config::parse("[[team]]\nid = \"cart\"\n", "twopizza.toml").unwrap();
        assert_eq!(
            add(&mut config, "[[team]]\nid = \"cart\"\n").unwrap_err(),
            "services/cart/twopizza.toml:2:6: team `cart` is declared twice"
        );
    }
}
