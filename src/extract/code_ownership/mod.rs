//! The files of code_ownership: teams with their globs, owners of folders, packages and single files.

mod annotations;
mod config;
mod folders;
mod packages;
mod teams;

pub(super) use annotations::Annotations;
pub(super) use config::Config;
pub(super) use folders::Folders;
pub(super) use packages::Packages;
pub(super) use teams::Teams;

use crate::extract::owned::owner;
use crate::model::{Owner, OwnerForm};

/// A team as these files name it: by its name, whatever signs that has.
fn team(name: &str) -> Owner {
    match owner(name) {
        known if known.form == OwnerForm::TeamHandle && !name.starts_with('@') => Owner {
            form: OwnerForm::Group,
            ..known
        },
        known => known,
    }
}

/// The folder whose `config` folder a file of the tool lies in.
fn root<'p>(path: &'p str, below: &str) -> &'p str {
    let found = path.rmatch_indices(below).find(|(at, _)| {
        let before = &path[..*at];
        before.is_empty() || before.ends_with('/')
    });
    found.map_or("", |(at, _)| path[..at].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_above_the_folder_of_the_configuration() {
        assert_eq!(root("config/teams/cart.yml", "config/"), "");
        assert_eq!(root("apps/shop/config/teams/a.yml", "config/"), "apps/shop");
        assert_eq!(root("app-config/teams/a.yml", "config/"), "");
    }
}
