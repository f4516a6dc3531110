//! Which file or folder does an import mean, where a name of code is taken from it (`${slot(${js(path:src)./config})HOST}`)?
//!
//! The look-ups of links answer once; folding asks for the answers.

use std::collections::HashMap;

use super::index::Index;
use super::lookups::{self, Finders, Found};
use crate::model::{Claim, Fact, FileId, Key, Part, Template};

/// The most files that one import may mean as a place of names.
const FILES: usize = 4;

/// The places (`path:src/config.js`) that imports of each file mean.
#[derive(Debug, Default)]
pub(super) struct Imports(HashMap<(FileId, Key), Vec<Template>>);

impl Imports {
    /// Looks up every import that some name is taken from.
    pub(super) fn new(index: &Index<'_>, finders: &Finders<'_>) -> Self {
        let mut imports = Self::default();
        for fact in index.facts {
            let templates: [&Template; 3] = match &fact.claim {
                Claim::Requires { key, .. } | Claim::Provides { key, .. } => {
                    [&key.at, &key.name, &key.name]
                }
                Claim::Binds { key, value } => [&key.at, &key.name, value],
                _ => continue,
            };
            for template in templates {
                imports.note(template, fact, index, finders);
            }
        }
        imports
    }

    /// The places that an import of a file means; none when nothing in the run is meant.
    pub(super) fn places(&self, file: FileId, key: &Key) -> &[Template] {
        if self.0.is_empty() || !lookups::handles(key.namespace.0) {
            return &[];
        }
        let places = self.0.get(&(file, key.clone()));
        places.map_or(&[], Vec::as_slice)
    }

    fn note(&mut self, template: &Template, fact: &Fact, index: &Index<'_>, finders: &Finders<'_>) {
        // Not recursive: templates are nested as deeply as a file likes.
        let mut open = vec![template];
        while let Some(template) = open.pop() {
            for part in &template.0 {
                let Part::Ref(reference) = part else {
                    continue;
                };
                open.extend(&reference.default);
                let key = &reference.key;
                if lookups::handles(key.namespace.0) {
                    let place = (fact.span.file, key.clone());
                    self.0
                        .entry(place)
                        .or_insert_with(|| meant(fact, key, index, finders));
                } else {
                    open.extend([&key.at, &key.name]);
                }
            }
        }
    }
}

/// The places that the look-ups find.
fn meant(fact: &Fact, key: &Key, index: &Index<'_>, finders: &Finders<'_>) -> Vec<Template> {
    let Some(Found::Here(targets)) = finders.find(fact, key) else {
        return Vec::new();
    };
    let mut places: Vec<String> = Vec::new();
    for file in targets.iter().flat_map(|target| &target.files) {
        let path = index.files.path(*file);
        // A package of Go is its folder.
        let place = match key.namespace.0 {
            "gopkg" => path.parent(),
            _ => &path.path,
        };
        let place = format!("path:{place}");
        if !places.contains(&place) {
            places.push(place);
        }
        if places.len() > FILES {
            return Vec::new();
        }
    }
    places.into_iter().map(Template::text).collect()
}
