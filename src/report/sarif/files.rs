//! The files that a SARIF document speaks of, as locations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Home;
use super::shape::{Artifact, ArtifactLocation, Location, PhysicalLocation, Region};

/// What the paths are relative to; a viewer knows the checkout's place.
pub(super) const ROOT: &str = "%SRCROOT%";

/// Every file named so far, in the order of being named.
#[derive(Default)]
pub(super) struct Files {
    locations: Vec<ArtifactLocation>,
    by_path: BTreeMap<String, usize>,
}

impl Files {
    /// The location of a finding or step.
    pub(super) fn location(&mut self, home: &Home) -> Location {
        let region = match home.region {
            Some(region) => Region {
                start_line: region.line,
                start_column: Some(region.column),
                end_line: Some(region.end_line),
                end_column: Some(region.end_column),
            },
            None => line(1),
        };
        self.with(&home.path, region)
    }

    /// A line, or the first one.
    pub(super) fn line(&mut self, path: &str, at: Option<u32>) -> Location {
        self.with(path, line(at.unwrap_or(1)))
    }

    /// The files for the list of the run.
    pub(super) fn into_artifacts(self) -> Vec<Artifact> {
        let locations = self.locations.into_iter();
        locations.map(|location| Artifact { location }).collect()
    }

    fn with(&mut self, path: &str, region: Region) -> Location {
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: self.file(path),
                region,
            },
            message: None,
        }
    }

    fn file(&mut self, path: &str) -> ArtifactLocation {
        let next = self.locations.len();
        let index = *self.by_path.entry(path.to_owned()).or_insert(next);
        if index == next {
            self.locations.push(ArtifactLocation {
                uri: uri(path),
                uri_base_id: ROOT,
                index,
            });
        }
        self.locations[index].clone()
    }
}

fn line(number: u32) -> Region {
    Region {
        start_line: number,
        start_column: None,
        end_line: None,
        end_column: None,
    }
}

/// A path as a relative reference (RFC 3986): all but unreserved characters is encoded, so that a `:` makes no scheme.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_reference_whatever_it_holds() {
        assert_eq!(
            uri("a:b/c d%\n/ü🍕#?.rs"),
            "a%3Ab/c%20d%25%0A/%C3%BC%F0%9F%8D%95%23%3F.rs"
        );
    }
}
