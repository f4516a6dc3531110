//! The classes of one file with their fields, methods and annotations, as far as names in them may lead somewhere.

mod classes;
mod declarations;
mod head;
mod members;
mod syntax;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::source::Source;

pub(super) use syntax::{annotation, expression_end, type_at, type_before};

use head::head;
use members::Members;

/// The most declarations of one file.
const DECLARATIONS: usize = 1 << 14;

/// The longest name that nested classes may come to.
const LONGEST: usize = 512;

/// An annotation with what stands in its brackets.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    /// Without its package.
    pub(super) name: String,
    /// The tokens between its brackets.
    pub(super) args: Range<usize>,
    /// All of its tokens.
    pub(super) tokens: Range<usize>,
}

/// A parameter, a field, a property.
#[derive(Clone, Debug, Default)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The type without its arguments; empty when the file does not tell.
    pub(super) ty: String,
    pub(super) annotations: Vec<Annotation>,
    /// What it is set to where it is declared.
    pub(super) value: Option<Range<usize>>,
    /// Whether it belongs to the class and not to its objects.
    pub(super) is_static: bool,
}

/// A method, a constructor, a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) annotations: Vec<Annotation>,
    pub(super) params: Vec<Variable>,
    /// The tokens of its body, without braces; of an expression that it is.
    pub(super) body: Range<usize>,
    /// The body is an expression.
    pub(super) is_expression: bool,
}

/// A class, an interface, an object; the first one of a file stands for what lies outside of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// With its package and the classes around it.
    pub(super) full: String,
    pub(super) name: String,
    pub(super) is_interface: bool,
    pub(super) annotations: Vec<Annotation>,
    /// The types that it extends, without their arguments.
    pub(super) supers: Vec<String>,
    /// Parameters of the constructor that stands in the head.
    pub(super) params: Vec<Variable>,
    pub(super) fields: Vec<Variable>,
    pub(super) methods: Vec<Method>,
    pub(super) outer: Option<usize>,
    /// The first token.
    pub(super) at: usize,
}

/// What one file declares.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) package: String,
    /// Full names; a star stands for all of a package.
    pub(super) imports: Vec<Import>,
    pub(super) classes: Vec<Class>,
    pub(super) full: bool,
}

#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) alias: String,
    pub(super) is_static: bool,
}

/// Reads the declarations of a file.
pub(super) fn read(source: &Source<'_>) -> Outline {
    let mut outline = Outline::default();
    let start = head(source, &mut outline);
    let package = outline.package.clone();
    outline.classes.push(Class {
        full: package,
        ..Class::default()
    });
    // Bodies that are still to be read, each with its class.
    let mut open = vec![(0usize, start..source.len())];
    let mut count = 0;
    while let Some((class, body)) = open.pop() {
        let mut reader = Members {
            source,
            outline: &mut outline,
            class,
            open: &mut open,
            count: &mut count,
            pending: Vec::new(),
        };
        reader.members(body);
    }
    outline.full = count > DECLARATIONS;
    outline
}

impl Outline {
    /// Whether a name that holds this is imported: how detectors know the libraries of a file.
    pub(super) fn imports_any(&self, part: &str) -> bool {
        let mut names = self.imports.iter();
        names.any(|import| import.name.contains(part))
    }
}

impl Class {
    pub(super) fn annotation(&self, name: &str) -> Option<&Annotation> {
        find(&self.annotations, name)
    }
}

/// The annotation of a name.
pub(super) fn find<'a>(annotations: &'a [Annotation], name: &str) -> Option<&'a Annotation> {
    annotations.iter().find(|one| one.name == name)
}
