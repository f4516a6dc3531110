//! Which Dockerfile does a service build, and with which contexts?
//!
//! Source: <https://github.com/compose-spec/compose-spec/blob/main/build.md>

use std::ops::Range;

use super::stack::Stack;
use crate::extract::tree::{Node, Value};
use crate::model::{Claim, Key, Part, Subject, Template, join};

/// The build of a service, out of a folder of the tree.
pub(super) struct Build<'n> {
    pub(super) node: &'n Node,
    context: String,
    dockerfile: Option<String>,
    /// A Dockerfile that a variable without a default names.
    named_elsewhere: Option<Template>,
    target: Option<String>,
    /// Other folders that the Dockerfile takes in by name.
    additional: Vec<(String, String, Range<usize>)>,
    pub(super) bytes: Range<usize>,
}

impl<'n> Build<'n> {
    /// The build of a service; `None` for one out of the tree, or where nobody can tell.
    pub(super) fn of(service: &'n Node, stack: &Stack<'_, '_>) -> Option<Self> {
        let node = service.get("build")?;
        let text = |node: Option<&Node>, default: &str| match node {
            None => Some(default.to_owned()),
            Some(node) => stack.assumed(node.text()?),
        };
        let context = match &node.value {
            Value::Map(_) => text(node.get("context"), "."),
            _ => text(Some(node), "."),
        };
        let context = context.filter(|context| !is_remote(context))?;
        let context = join(stack.folder, &context)?;
        let dockerfile = match node.get("dockerfile_inline") {
            Some(_) => None,
            None => text(node.get("dockerfile"), "Dockerfile"),
        };
        let folder = |path: &str| {
            let path = stack.assumed(path).filter(|path| !is_remote(path))?;
            join(stack.folder, &path)
        };
        let additional = additional(node)
            .into_iter()
            .filter_map(|(name, path, bytes)| Some((name.to_lowercase(), folder(path)?, bytes)));
        let named_elsewhere = node
            .get("dockerfile")
            .filter(|_| dockerfile.is_none())
            .and_then(Node::text)
            .map(|path| stack.template(path));
        Some(Self {
            node,
            named_elsewhere,
            dockerfile: dockerfile.and_then(|path| join(&context, &path)),
            context,
            target: text(node.get("target"), "").filter(|target| !target.is_empty()),
            additional: additional.collect(),
            bytes: node.get("context").unwrap_or(node).bytes.clone(),
        })
    }

    /// What the service runs: the Dockerfile, or a stage of it, and the folder that it is built out of.
    pub(super) fn run(&self) -> Vec<Key> {
        let mut place = Template::text("path:");
        if let Some(path) = &self.dockerfile {
            place.push(Part::Text(path.as_str().into()));
        } else if let Some(path) = &self.named_elsewhere {
            if !self.context.is_empty() {
                place.push(Part::Text(format!("{}/", self.context).into()));
            }
            place.extend(path);
        }
        let is_known = self.dockerfile.is_some() || self.named_elsewhere.is_some();
        let dockerfile = is_known.then(|| {
            let stage = self.target.as_deref().unwrap_or_default();
            Key::at("dockerfile", place, stage.to_lowercase())
        });
        let context = Key::new("path", self.context.as_str());
        dockerfile.into_iter().chain([context]).collect()
    }

    /// What holds for whoever builds the same: the contexts of the Dockerfile, and what the image holds.
    pub(super) fn statements(
        &self,
        image: Option<&Template>,
    ) -> Vec<(Subject, Claim, Range<usize>)> {
        let mut found = Vec::new();
        if let Some(image) = image.filter(|image| !image.is_empty()) {
            for what in self.run() {
                let subject = Subject::Named(Key::new("image", image.clone()));
                found.push((
                    subject,
                    Claim::Runs { what, entry: None },
                    self.bytes.clone(),
                ));
            }
        }
        let Some(dockerfile) = &self.dockerfile else {
            return found;
        };
        let mut bind = |key: Key, folder: &str, bytes: &Range<usize>| {
            let value = Template::text(format!("path:{folder}"));
            found.push((Subject::Here, Claim::Binds { key, value }, bytes.clone()));
        };
        let key = Key::new("docker-context", dockerfile.as_str());
        bind(key, &self.context, &self.bytes);
        for (name, folder, bytes) in &self.additional {
            let key = Key::at("docker-context", name.as_str(), dockerfile.as_str());
            bind(key, folder, bytes);
        }
        found
    }
}

/// `additional_contexts`, a map or a list of `name=path`.
fn additional(build: &Node) -> Vec<(&str, &str, Range<usize>)> {
    let Some(contexts) = build.get("additional_contexts") else {
        return Vec::new();
    };
    let entries = contexts.merged().into_iter().filter_map(|entry| {
        let path = entry.value.text()?;
        Some((&*entry.key, path, entry.value.bytes.clone()))
    });
    let items = contexts.items().iter().filter_map(|item| {
        let (name, path) = item.text()?.split_once('=')?;
        Some((name, path, item.bytes.clone()))
    });
    entries.chain(items).collect()
}

/// Addresses, images and other services: no folder of the tree.
fn is_remote(context: &str) -> bool {
    context.contains(':') || context.starts_with("git@")
}
