//! Globs over whole paths, which start at the root; `**` stands for any number of folders.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// The most globs of one set, and the longest one: automata for them grow with both.
const GLOBS: usize = 20_000;
const LENGTH: usize = 1000;

/// A set in the making.
#[derive(Debug, Default)]
pub(super) struct Globs {
    globs: Vec<Glob>,
}

impl Globs {
    /// Adds a glob.
    ///
    /// # Errors
    /// With the words for a problem, when it cannot be read or is one too many.
    pub(super) fn add(&mut self, pattern: &str) -> Result<(), String> {
        if self.globs.len() >= GLOBS {
            return Err(format!("more than {GLOBS} globs: this one is not used"));
        }
        if pattern.len() > LENGTH {
            return Err(format!("longer than {LENGTH} bytes: this glob is not used"));
        }
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        let glob = glob.map_err(|error| format!("not used as a glob: {}", error.kind()))?;
        self.globs.push(glob);
        Ok(())
    }

    pub(super) fn build(self) -> GlobSet {
        let mut builder = GlobSetBuilder::new();
        for glob in self.globs {
            builder.add(glob);
        }
        builder.build().unwrap_or_else(|_| GlobSet::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_about_whole_paths() {
        let mut globs = Globs::default();
        assert!(globs.add("app/**/*").is_ok());
        assert!(globs.add("{lib,gems}/**/*.{rb,erb}").is_ok());
        assert!(globs.add("a[").is_err());
        assert!(globs.add(&"x".repeat(2000)).is_err());
        let set = globs.build();
        for path in ["app/a", "app/a/b.rb", "gems/x/y.erb", "lib/a.rb"] {
            assert!(set.is_match(path), "{path}");
        }
        for path in ["x/app/a", "app", "lib/a.md"] {
            assert!(!set.is_match(path), "{path}");
        }
    }
}
