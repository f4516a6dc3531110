//! Which constants does a Ruby file define and name, and which files does it load?
//!
//! A constant that is named keeps the modules around it: what it means depends on where it stands.
//! Source: <https://docs.ruby-lang.org/en/master/syntax/modules_and_classes_rdoc.html>

use std::ops::Range;

use tree_sitter::Node;

use super::strings::{Place, Strings, children};
use crate::extract::strings::Constants;
use crate::extract::syntax::{Nodes, bytes, text};
use crate::model::{Template, join, parent};

/// The most segments of one name.
const SEGMENTS: usize = 32;

/// A constant that the file defines.
#[derive(Debug)]
pub(super) struct Definition {
    /// In full.
    pub(super) name: String,
    pub(super) how: How,
    pub(super) bytes: Range<usize>,
}

/// How sure it is that the constant is defined here, and not only opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// A class with a superclass, or an assignment.
    New,
    /// A class or module with a body of its own: defined here, or opened again.
    Opened,
    /// A module around others.
    Around,
}

/// A constant that the file names.
#[derive(Debug)]
pub(super) struct Use {
    /// The modules around it, from the outside, as they are written.
    pub(super) nesting: String,
    pub(super) name: String,
    pub(super) bytes: Range<usize>,
}

/// A file that is loaded.
#[derive(Debug)]
pub(super) enum Load {
    /// By its path from the root of the repository, with or without ending.
    File(Template),
    /// By the load path.
    Feature(String),
}

/// What a file defines, names and loads.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) defined: Vec<Definition>,
    pub(super) used: Vec<Use>,
    pub(super) loaded: Vec<(Load, Range<usize>)>,
    pub(super) comments: Vec<Range<usize>>,
}

impl Names {
    /// Reads a tree; `path` is the file's own.
    pub(super) fn new(root: Node<'_>, source: &[u8], path: &str) -> Self {
        let mut reader = Reader {
            strings: Strings { source, path },
            scopes: Vec::new(),
            skipped: Vec::new(),
            found: Self::default(),
        };
        let mut nodes = Nodes::new(root);
        while let Some(node) = nodes.next() {
            if !node.is_named() {
                continue;
            }
            if reader.node(node) == Below::Skip {
                nodes.skip_below();
            }
        }
        reader.found
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    Read,
    Skip,
}

/// A class or module whose body is open.
struct Scope {
    /// As it is written.
    name: String,
    /// In full.
    full: String,
    body: Range<usize>,
}

struct Reader<'a> {
    strings: Strings<'a>,
    scopes: Vec<Scope>,
    /// What names no constant of another place: the names of definitions, methods with capitals.
    skipped: Vec<Range<usize>>,
    found: Names,
}

impl Reader<'_> {
    fn node(&mut self, node: Node<'_>) -> Below {
        let at = node.start_byte();
        self.scopes.retain(|scope| scope.body.end > at);
        match node.kind() {
            "class" | "module" => self.definition(node),
            "assignment" | "operator_assignment" => self.assignment(node),
            "scope_resolution" | "constant" => return self.constant(node),
            "call" => self.call(node),
            "comment" => self.found.comments.push(bytes(node)),
            _ => {}
        }
        Below::Read
    }

    /// `class A::B < C`, `module D`.
    fn definition(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        self.skipped.push(bytes(name));
        let Some(written) = self.path(name) else {
            return;
        };
        let full = self.full(&written);
        let body = node.child_by_field_name("body");
        let how = if node.child_by_field_name("superclass").is_some() {
            How::New
        } else if body.is_some_and(|body| self.is_around(body)) {
            How::Around
        } else {
            How::Opened
        };
        self.found.defined.push(Definition {
            name: full.clone(),
            how,
            bytes: bytes(name),
        });
        if let Some(body) = body {
            self.scopes.push(Scope {
                name: written,
                full,
                body: bytes(body),
            });
        }
    }

    /// Whether a body holds nothing but classes and modules.
    fn is_around(&self, body: Node<'_>) -> bool {
        children(body, &mut body.walk()).all(|child| match child.kind() {
            "class" | "module" => true,
            "call" => {
                let method = child.child_by_field_name("method");
                let method = method.map_or("", |method| text(method, self.strings.source));
                matches!(
                    method,
                    "autoload"
                        | "eager_autoload"
                        | "extend"
                        | "private_constant"
                        | "require"
                        | "require_relative"
                )
            }
            _ => false,
        })
    }

    /// `A = …`, `A::B ||= …`
    fn assignment(&mut self, node: Node<'_>) {
        let Some(left) = node.child_by_field_name("left") else {
            return;
        };
        if !matches!(left.kind(), "constant" | "scope_resolution") {
            return;
        }
        self.skipped.push(bytes(left));
        if let Some(written) = self.path(left) {
            self.found.defined.push(Definition {
                name: self.full(&written),
                how: How::New,
                bytes: bytes(left),
            });
        }
    }

    fn constant(&mut self, node: Node<'_>) -> Below {
        let at = bytes(node);
        if let Some(index) = self
            .skipped
            .iter()
            .position(|range| range.start <= at.start && at.end <= range.end)
        {
            if self.skipped[index] == at {
                self.skipped.swap_remove(index);
            }
            return Below::Skip;
        }
        let Some(name) = self.path(node) else {
            // `object::Name`: nothing here tells whose constant it is.
            if let Some(name) = node.child_by_field_name("name") {
                self.skipped.push(bytes(name));
            }
            return Below::Read;
        };
        let around = self
            .scopes
            .iter()
            .filter(|scope| scope.body.start <= at.start);
        let nesting: Vec<&str> = around.map(|scope| scope.name.as_str()).collect();
        self.found.used.push(Use {
            nesting: nesting.join(" "),
            name,
            bytes: at,
        });
        Below::Skip
    }

    fn call(&mut self, node: Node<'_>) {
        let Some(method) = node.child_by_field_name("method") else {
            return;
        };
        if method.kind() == "constant" {
            // `Integer("3")`
            self.skipped.push(bytes(method));
            return;
        }
        let source = self.strings.source;
        let receiver = node.child_by_field_name("receiver");
        if receiver.is_some_and(|receiver| text(receiver, source) != "Kernel") {
            return;
        }
        let method = text(method, source);
        let number = match method {
            "require" | "require_relative" | "load" | "require_dependency" => 0,
            "autoload" => 1,
            _ => return,
        };
        let argument = node
            .child_by_field_name("arguments")
            .and_then(|list| children(list, &mut list.walk()).nth(number));
        let Some(argument) = argument else {
            return;
        };
        let load = match self.strings.place(argument, &Constants::default()) {
            Some(Place::File(path)) => Load::File(path),
            Some(Place::Written(path)) if method == "require_relative" => {
                match join(parent(self.strings.path), &path) {
                    Some(path) => Load::File(path.into()),
                    None => return,
                }
            }
            Some(Place::Written(path)) if !path.is_empty() => Load::Feature(path),
            _ => return,
        };
        self.found.loaded.push((load, bytes(argument)));
    }

    /// `A`, `A::B`, `::A` as text; `None` when it does not start with a constant.
    fn path(&self, node: Node<'_>) -> Option<String> {
        let mut segments = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next {
            if segments.len() > SEGMENTS {
                return None;
            }
            match node.kind() {
                "constant" => {
                    segments.push(text(node, self.strings.source));
                    next = None;
                }
                "scope_resolution" => {
                    let name = node.child_by_field_name("name")?;
                    if name.kind() != "constant" {
                        return None;
                    }
                    segments.push(text(name, self.strings.source));
                    next = node.child_by_field_name("scope");
                    if next.is_none() {
                        segments.push("");
                    }
                }
                _ => return None,
            }
        }
        segments.reverse();
        Some(segments.join("::"))
    }

    /// The full name of what is defined here.
    ///
    /// `class A::B` inside of a module is in that module only if its `A` is: the file defines it, or lies below its folder.
    fn full(&self, written: &str) -> String {
        let around = match (self.scopes.last(), written.strip_prefix("::")) {
            (_, Some(absolute)) => return absolute.to_owned(),
            (None, None) => return written.to_owned(),
            (Some(scope), None) => &scope.full,
        };
        let inside = format!("{around}::{written}");
        if let Some((head, _)) = written.split_once("::") {
            let head = format!("{around}::{head}");
            let is_defined = self.found.defined.iter().any(|other| other.name == head);
            if !is_defined && !self.lies_below(&head) {
                return written.to_owned();
            }
        }
        inside
    }

    /// Whether the file lies below the folder of a module, as autoloading has it; case and underscores do not count.
    fn lies_below(&self, module: &str) -> bool {
        let normal = |text: &str| text.replace('_', "").to_lowercase();
        let folder = format!("/{}/", module.replace("::", "/"));
        format!("/{}", normal(self.strings.path)).contains(&normal(&folder))
    }
}
