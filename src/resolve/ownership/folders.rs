//! What is said of folders, found from the paths below them.

use std::collections::HashMap;

/// By folder, from the root, without a slash at the end.
#[derive(Debug)]
pub(super) struct Folders<T>(HashMap<String, T>);

impl<T> Default for Folders<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Default> Folders<T> {
    /// What is said of a folder, to add to it.
    pub(super) fn entry(&mut self, folder: &str) -> &mut T {
        self.0.entry(folder.to_owned()).or_default()
    }
}

impl<T> Folders<T> {
    pub(super) fn get(&self, folder: &str) -> Option<&T> {
        self.0.get(folder)
    }
}

/// The folders in which a path lies, the nearest first, the root last.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let path = rest.filter(|path| !path.is_empty())?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        rest = Some(folder);
        Some(folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_comes_first() {
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(above("x").collect::<Vec<_>>(), [""]);
    }
}
