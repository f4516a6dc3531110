//! Pass 2: folds what is static in the names of things (`k8s(${k8sns|default})deploy/cart`), so that equal things have equal names.

use super::fold::{Context, Folder};
use super::index::Index;
use super::scopes::Scopes;
use super::spaces::{self, ScopeRule};
use crate::model::{Claim, ComponentId, Fact, FileTable, Key, Part, Subject, Template, join};

/// Replaces, in subjects and in the keys that facts name, references that folders above the file bind.
pub(super) fn keys(files: &FileTable, facts: &mut [Fact]) {
    let mut changes = Vec::new();
    {
        let index = Index::new(files, facts);
        let scopes = Scopes::new(vec![ComponentId(0); files.len()]);
        let folder = Folder::new(&index, &scopes);
        for (position, fact) in facts.iter().enumerate() {
            if let Subject::Named(key) = &fact.subject
                && let Some(key) = folded(key, fact, &folder)
            {
                changes.push((position, Change::Subject(key)));
            }
            let named = match &fact.claim {
                Claim::Provides { key, .. } => Some(key),
                Claim::Runs { what, .. } => Some(what),
                Claim::Inherits { from, .. } => Some(from),
                Claim::Binds { key, .. } => Some(key),
                _ => None,
            };
            if let Some(key) = named.and_then(|key| folded(key, fact, &folder)) {
                changes.push((position, Change::Named(key)));
            }
            if let Claim::Component {
                name: Some(name), ..
            } = &fact.claim
                && let Some(key) = folded(&Key::new("", name.clone()), fact, &folder)
            {
                changes.push((position, Change::Name(key.name)));
            }
        }
    }
    for (position, change) in changes {
        let fact = &mut facts[position];
        match (change, &mut fact.claim) {
            (Change::Subject(key), _) => fact.subject = Subject::Named(key),
            (Change::Name(new), Claim::Component { name, .. }) => *name = Some(new),
            (Change::Named(new), Claim::Provides { key, .. }) => *key = new,
            (Change::Named(new), Claim::Runs { what, .. }) => *what = new,
            (Change::Named(new), Claim::Inherits { from, .. }) => *from = new,
            (Change::Named(new), Claim::Binds { key, .. }) => *key = new,
            _ => {}
        }
    }
}

enum Change {
    Subject(Key),
    Named(Key),
    Name(Template),
}

/// The key without references, when all of them are static and give one value.
fn folded(key: &Key, fact: &Fact, folder: &Folder<'_>) -> Option<Key> {
    if key.is_literal() || !is_static(&key.at) || !is_static(&key.name) {
        return None;
    }
    let context = Context {
        file: fact.span.file,
        component: ComponentId(0),
        workload: None,
    };
    let fold = |template: &Template| {
        let mut values = folder.fold(template, fact.span, context).ok()?;
        let value = values.pop()?;
        (values.is_empty() && value.template.is_literal()).then_some(value.template)
    };
    let mut at = fold(&key.at)?;
    // A variable may say `./cart/Dockerfile`.
    if key.namespace.0 == "dockerfile"
        && let Some(path) = at.as_text().and_then(|text| text.strip_prefix("path:"))
        && let Some(path) = join("", path)
    {
        at = Template::text(format!("path:{path}"));
    }
    Some(Key {
        namespace: key.namespace,
        at,
        name: fold(&key.name)?,
    })
}

/// Whether every reference is bound by folders: what a deployment decides must wait for it.
fn is_static(template: &Template) -> bool {
    template.0.iter().all(|part| match part {
        Part::Ref(reference) => {
            // A place that is given says which file is asked, whoever is deployed.
            // Names of code are bound through imports, which are not known yet.
            let is_code = matches!(reference.key.namespace.0, "mount" | "slot");
            let is_placed = !is_code
                && reference
                    .key
                    .at
                    .as_text()
                    .is_some_and(|at| at.starts_with("path:"));
            is_placed
                || matches!(
                    spaces::info(reference.key.namespace).scope,
                    ScopeRule::NearestAncestor | ScopeRule::Parents | ScopeRule::Workspace
                )
        }
        Part::Text(_) => true,
        Part::Hole | Part::Star => false,
    })
}
