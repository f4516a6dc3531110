//! What a text means in one file of a project, with what is known of properties and lists at this point.

use super::condition::{self, Asked};
use super::entry::Entry;
use super::evaluate::Evaluation;
use super::expression::{Expression, Scope, rooted};
use super::items::Lists;
use crate::model::{Condition, FileId, Part, Template};

/// A place at which texts are read.
#[derive(Clone, Copy)]
pub(super) struct View<'v, 'a> {
    known: &'v Evaluation<'v, 'a>,
    /// The file in which the texts stand, from the root.
    file: &'v str,
    /// `None` while properties are read.
    lists: Option<&'v Lists>,
    /// The item of which something is made.
    entry: Option<&'v Entry>,
    /// Whether only that counts which nothing outside of the tree can change.
    is_certain: bool,
}

impl<'v, 'a> View<'v, 'a> {
    pub(super) fn new(known: &'v Evaluation<'_, 'a>, file: FileId) -> Self {
        Self {
            known,
            file: &known.files.index.files.path(file).path,
            lists: None,
            entry: None,
            is_certain: false,
        }
    }

    pub(super) fn with(self, lists: &'v Lists) -> Self {
        Self {
            lists: Some(lists),
            ..self
        }
    }

    pub(super) fn of(self, entry: &'v Entry) -> Self {
        Self {
            entry: Some(entry),
            ..self
        }
    }

    /// Whether all conditions hold, and those that nothing in the tree decides.
    pub(super) fn holds(&self, conditions: &[Condition]) -> (Option<bool>, Vec<String>) {
        let certain = Self {
            is_certain: true,
            ..*self
        };
        let mut open = Vec::new();
        for condition in conditions {
            let Condition::Variant(text) = condition else {
                continue;
            };
            match condition::holds(text, &certain) {
                Some(false) => return (Some(false), Vec::new()),
                Some(true) => {}
                None => open.push(text.to_string()),
            }
        }
        (open.is_empty().then_some(true), open)
    }

    /// The text of a template.
    pub(super) fn template(&self, template: &Template) -> Option<String> {
        let mut out = String::new();
        for part in &template.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Ref(reference) => {
                    let name = reference.key.name.as_text()?;
                    out.push_str(&match reference.key.namespace.0 {
                        "msbuild" => self.property(name)?,
                        "msbuild-meta" => self.entry?.metadata(name, self.folder())?,
                        "msbuild-items" => {
                            let list = self.list(name)?;
                            let texts: Vec<&str> = list.iter().map(|entry| &*entry.text).collect();
                            texts.join(";")
                        }
                        "msbuild-expression" => self.expression().text(name)?,
                        _ => return None,
                    });
                }
                Part::Hole | Part::Star => return None,
            }
        }
        Some(out)
    }

    /// The items that a template names.
    pub(super) fn entries(&self, template: &Template) -> Option<Vec<Entry>> {
        if let Some(key) = template.as_ref_key() {
            match (key.namespace.0, key.name.as_text()?) {
                ("msbuild-items", name) => return self.list(name),
                ("msbuild-expression", text) => return self.expression().items(text),
                _ => {}
            }
        }
        Some(Entry::all(&self.template(template)?))
    }

    /// The first piece of a template that nothing tells.
    pub(super) fn unbound(&self, template: &Template) -> Option<String> {
        template.0.iter().find_map(|part| match part {
            Part::Ref(reference) => {
                let alone = Template(vec![part.clone()]);
                self.entries(&alone)
                    .is_none()
                    .then(|| reference.key.to_string())
            }
            _ => None,
        })
    }

    fn expression(&self) -> Expression<'_> {
        Expression {
            scope: self,
            file: self.file,
            entry: self.entry,
        }
    }
}

impl Scope for View<'_, '_> {
    fn property(&self, name: &str) -> Option<String> {
        match self.is_certain {
            true => self.known.certain(name),
            false => self.known.property(name),
        }
    }

    fn list(&self, name: &str) -> Option<Vec<Entry>> {
        let list = self.lists?.get(name);
        match list {
            Some(list) if list.is_sure || !self.is_certain => Some(list.entries.clone()),
            Some(_) => None,
            // A list that files of the run fill, and none of those that this project reads.
            None => self.known.files.is_list(name).then(Vec::new),
        }
    }

    fn exists(&self, path: &str) -> bool {
        let files = self.known.files;
        files.find(self.known.project.repo, path).is_some()
    }

    fn above(&self, folder: &str, name: &str) -> Option<String> {
        let files = self.known.files;
        let found = files.above(self.known.project.repo, folder, name)?;
        Some(files.index.files.path(found).path.to_string())
    }

    fn folder(&self) -> &str {
        self.known.project.folder
    }
}

impl Asked for View<'_, '_> {
    fn text(&self, text: &str) -> Option<String> {
        self.expression().text(text)
    }

    fn exists(&self, path: &str) -> bool {
        rooted(path, self.folder()).is_some_and(|path| Scope::exists(self, &path))
    }
}
