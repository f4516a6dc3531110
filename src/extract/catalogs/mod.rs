//! Descriptors of software catalogs: which team owns the service that lies here?

mod backstage;
mod compass;
mod cortex;
mod datadog;
mod opslevel;

pub(super) use backstage::Backstage;
pub(super) use compass::Compass;
pub(super) use cortex::Cortex;
pub(super) use datadog::Datadog;
pub(super) use opslevel::OpsLevel;

use crate::extract::git;
use crate::model::{Key, Selector, parent};

/// A folder of a repository, as catalogs name it.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// `github.com/acme/shop`
    repository: String,
    /// From its root.
    folder: String,
}

impl Place {
    /// Reads the address of a folder or a file, as hosts of repositories show it.
    fn parse(url: &str) -> Option<Self> {
        /// What stands between the repository and the branch, and whether a file follows.
        const MARKS: &[(&str, bool)] = &[
            ("/-/tree/", false),
            ("/-/blob/", true),
            ("/tree/", false),
            ("/blob/", true),
            ("/src/", false),
        ];
        let found = MARKS.iter().find_map(|(mark, is_file)| {
            let (address, rest) = url.split_once(mark)?;
            let path = rest.split_once('/').map_or("", |(_, path)| path);
            let path = path.split(['?', '#']).next()?.trim_matches('/');
            Some((address, if *is_file { parent(path) } else { path }))
        });
        let (address, folder) = found.unwrap_or((url, ""));
        Some(Self {
            repository: git::normalise(address.trim_end_matches('/'))?,
            folder: folder.to_owned(),
        })
    }

    /// The folder, when the repository is the one that is looked at, which only the whole run tells.
    fn selector(&self) -> Selector {
        let at = format!("git:{}", self.repository);
        Selector::Name(Key::at("folder", at, self.folder.as_str()))
    }
}

/// A folder of the repository that the descriptor lies in.
fn folder(path: &str) -> Selector {
    Selector::Name(Key::new("folder", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_folders_and_files() {
        let place = |url: &str| {
            let place = Place::parse(url)?;
            Some(format!("{} {}", place.repository, place.folder))
        };
        let some = |text: &str| Some(text.to_owned());
        let github = "https://github.com/acme/shop";
        assert_eq!(place(github), some("github.com/acme/shop "));
        assert_eq!(
            place(&format!("{github}/tree/main/services/cart/")),
            some("github.com/acme/shop services/cart")
        );
        assert_eq!(
            place(&format!(
                "{github}/blob/main/services/cart/catalog-info.yaml"
            )),
            some("github.com/acme/shop services/cart")
        );
        assert_eq!(
            place("https://gitlab.example.com/acme/web/shop/-/tree/main/a"),
            some("gitlab.example.com/acme/web/shop a")
        );
        assert_eq!(
            place("https://bitbucket.org/acme/shop/src/main/a/b"),
            some("bitbucket.org/acme/shop a/b")
        );
        assert_eq!(place("not an address"), None);
    }
}
