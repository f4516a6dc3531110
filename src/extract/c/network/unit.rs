//! One file of C or C++ as what its names mean: functions, variables, what is called and constructed, classes.
//!
//! Collected once in the order of the text; nothing is evaluated here. A variable belongs to the function around it:
//! blocks are not told apart, and what two blocks say differently is not certain.

use std::collections::{HashMap, HashSet};

use tree_sitter::Node;

use super::names::Name;
use crate::extract::syntax::{self, Nodes};

/// No function: what holds in the whole file.
pub(super) const FILE: usize = usize::MAX;

/// Functions that make an object of the type that they are given.
const MAKERS: &[&str] = &["make_shared", "make_unique", "MakeUnique", "MakeShared"];

/// What the detectors know of one file.
pub(super) struct Unit<'t> {
    pub(super) text: &'t [u8],
    functions: Vec<Function<'t>>,
    variables: HashMap<(usize, &'t str), Vec<Init<'t>>>,
    /// `options.host = …`, by function and `options.host`.
    fields: HashMap<(usize, String), Vec<Node<'t>>>,
    pub(super) calls: Vec<Call<'t>>,
    /// Classes with the names of what they extend.
    pub(super) classes: Vec<(Node<'t>, Vec<Name<'t>>)>,
    /// Names of classes that this file makes, and of parameters of templates.
    own: HashSet<&'t str>,
    /// Files that it includes, without folders and endings.
    includes: HashSet<&'t str>,
    pub(super) has_thrift: bool,
}

/// A function with a body.
struct Function<'t> {
    name: &'t str,
    start: usize,
    end: usize,
    parameters: Vec<&'t str>,
}

/// Where a value of a variable comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Init<'t> {
    Expression(Node<'t>),
    /// It is constructed by this call.
    Made(usize),
}

/// Something that is called or constructed.
#[derive(Clone, Debug)]
pub(super) struct Call<'t> {
    pub(super) node: Node<'t>,
    pub(super) name: Name<'t>,
    /// What a method is asked of.
    pub(super) receiver: Option<Node<'t>>,
    pub(super) arguments: Vec<Node<'t>>,
}

impl<'t> Call<'t> {
    /// Reads a call, `new`, or what only looks like a parameter: `Client client(connect(address))`.
    pub(super) fn read(node: Node<'t>, text: &'t [u8]) -> Option<Self> {
        let (callee, arguments) = match node.kind() {
            "call_expression" => (
                node.child_by_field_name("function")?,
                node.child_by_field_name("arguments")?,
            ),
            "new_expression" => (
                node.child_by_field_name("type")?,
                node.child_by_field_name("arguments")?,
            ),
            "compound_literal_expression" => (
                node.child_by_field_name("type")?,
                node.child_by_field_name("value")?,
            ),
            "parameter_declaration" => {
                let declarator = node.child_by_field_name("declarator")?;
                if declarator.kind() != "abstract_function_declarator" {
                    return None;
                }
                (
                    node.child_by_field_name("type")?,
                    declarator.child_by_field_name("parameters")?,
                )
            }
            _ => return None,
        };
        let (receiver, callee) = match callee.kind() {
            "field_expression" => (
                callee.child_by_field_name("argument"),
                callee.child_by_field_name("field")?,
            ),
            _ => (None, callee),
        };
        let call = Self {
            node,
            name: Name::read(callee, text)?,
            receiver,
            arguments: named(arguments),
        };
        Some(call.made(text))
    }

    /// `std::make_shared<Cart>(…)` constructs a `Cart`.
    fn made(mut self, text: &'t [u8]) -> Self {
        if MAKERS.contains(&self.name.last)
            && let Some(made) = self.name.first(text)
        {
            self.name = made;
        }
        self
    }
}

impl<'t> Unit<'t> {
    pub(super) fn new(root: Node<'t>, text: &'t [u8]) -> Self {
        let mut unit = Self {
            text,
            functions: Vec::new(),
            variables: HashMap::new(),
            fields: HashMap::new(),
            calls: Vec::new(),
            classes: Vec::new(),
            own: HashSet::new(),
            includes: HashSet::new(),
            has_thrift: false,
        };
        for node in Nodes::new(root) {
            unit.read(node);
        }
        unit
    }

    /// The text of a node.
    pub(super) fn text(&self, node: Node<'t>) -> &'t str {
        syntax::text(node, self.text)
    }

    /// Whether a name is a class of this file or a parameter of a template.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// Whether a header of this name is included, from whatever folder.
    pub(super) fn includes(&self, stem: &str) -> bool {
        self.includes.contains(stem)
    }

    /// The function around a place.
    fn function_at(&self, at: usize) -> usize {
        let end = self.functions.partition_point(|one| one.start <= at);
        let around = self.functions[..end].iter().rposition(|one| at < one.end);
        around.unwrap_or(FILE)
    }

    /// What is given to a variable, seen from a place: in its function, else in the file.
    pub(super) fn inits(&self, name: &'t str, at: usize) -> &[Init<'t>] {
        let own = self.variables.get(&(self.function_at(at), name));
        let found = own.or_else(|| self.variables.get(&(FILE, name)));
        found.map_or(&[], Vec::as_slice)
    }

    /// What is given to a field of a variable, seen from a place.
    pub(super) fn field(&self, path: String, at: usize) -> &[Node<'t>] {
        let found = self.fields.get(&(self.function_at(at), path));
        found.map_or(&[], Vec::as_slice)
    }

    /// The function and the number of the parameter that a name means at a place.
    pub(super) fn parameter(&self, name: &str, at: usize) -> Option<(&'t str, usize)> {
        let function = self.functions.get(self.function_at(at))?;
        let mut parameters = function.parameters.iter();
        let number = parameters.position(|parameter| *parameter == name)?;
        Some((function.name, number))
    }

    fn read(&mut self, node: Node<'t>) {
        match node.kind() {
            "preproc_include" => self.include(node),
            "function_definition" => self.function(node),
            "type_parameter_declaration" | "optional_type_parameter_declaration" => {
                let names = named(node).into_iter();
                let names = names.filter(|name| name.kind() == "type_identifier");
                let names: Vec<&str> = names.map(|name| self.text(name)).collect();
                self.own.extend(names);
            }
            "class_specifier" | "struct_specifier" => self.class(node),
            "declaration" | "field_declaration" => self.declaration(node),
            "field_initializer" => {
                let parts = named(node);
                if let [field, arguments] = parts.as_slice()
                    && let [value] = named(*arguments).as_slice()
                {
                    let name = self.text(*field);
                    self.init(FILE, name, Init::Expression(*value));
                }
            }
            "assignment_expression" => self.assignment(node),
            "call_expression" | "new_expression" | "compound_literal_expression" => {
                self.calls.extend(Call::read(node, self.text));
            }
            _ => {}
        }
    }

    fn include(&mut self, node: Node<'t>) {
        let Some(path) = node.child_by_field_name("path") else {
            return;
        };
        let path = self.text(path).trim_matches(['"', '<', '>']);
        self.has_thrift |= path.starts_with("thrift/");
        let name = path.rsplit('/').next().unwrap_or_default();
        self.includes.extend(name.split('.').next());
    }

    fn function(&mut self, node: Node<'t>) {
        let declarator = node
            .child_by_field_name("declarator")
            .and_then(|one| inner(one, "function_declarator"));
        let Some(declarator) = declarator else {
            return;
        };
        let name = declarator.child_by_field_name("declarator");
        let name = name.and_then(|name| Name::read(name, self.text));
        let parameters = declarator.child_by_field_name("parameters");
        let parameters = parameters.map(named).unwrap_or_default().into_iter();
        let parameters = parameters
            .filter(|one| one.kind().ends_with("parameter_declaration"))
            .map(|one| {
                let name = one.child_by_field_name("declarator");
                let name = name.and_then(|name| inner(name, "identifier"));
                name.map_or("", |name| self.text(name))
            });
        let function = Function {
            name: name.map_or("", |name| name.last),
            start: node.start_byte(),
            end: node.end_byte(),
            parameters: parameters.collect(),
        };
        self.functions.push(function);
    }

    fn class(&mut self, node: Node<'t>) {
        if node.child_by_field_name("body").is_none() {
            return;
        }
        if let Some(name) = node.child_by_field_name("name") {
            self.own.insert(self.text(name));
        }
        let bases = named(node)
            .into_iter()
            .find(|one| one.kind() == "base_class_clause");
        let bases = bases.map(named).unwrap_or_default().into_iter();
        let bases = bases.filter_map(|base| Name::read(base, self.text));
        self.classes.push((node, bases.collect()));
    }

    fn declaration(&mut self, node: Node<'t>) {
        let Some(kind) = node.child_by_field_name("type") else {
            return;
        };
        let function = self.function_at(node.start_byte());
        let mut cursor = node.walk();
        let declarators = node.children_by_field_name("declarator", &mut cursor);
        let declarators: Vec<Node<'t>> = declarators.collect();
        for declarator in declarators {
            let (name, value) = match declarator.kind() {
                "init_declarator" => (
                    declarator.child_by_field_name("declarator"),
                    declarator.child_by_field_name("value"),
                ),
                // What looks like a function that is declared inside of another one constructs an object.
                "function_declarator" if function != FILE => (
                    declarator.child_by_field_name("declarator"),
                    declarator.child_by_field_name("parameters"),
                ),
                _ => continue,
            };
            let name = name.and_then(|name| inner(name, "identifier"));
            let (Some(name), Some(value)) = (name, value) else {
                continue;
            };
            let name = self.text(name);
            let init = match value.kind() {
                "argument_list" | "initializer_list" => self.made(kind, node, named(value)),
                "parameter_list" => {
                    let arguments = named(value);
                    // A parameter that has a name is one.
                    let is_call = arguments.iter().all(|one| {
                        let declarator = one.child_by_field_name("declarator");
                        declarator.is_none_or(|one| one.kind() == "abstract_function_declarator")
                    });
                    match is_call && !arguments.is_empty() {
                        true => self.made(kind, node, arguments),
                        false => None,
                    }
                }
                _ => Some(Init::Expression(value)),
            };
            if let Some(init) = init {
                self.init(function, name, init);
            }
        }
    }

    /// An object that a declaration constructs.
    fn made(
        &mut self,
        kind: Node<'t>,
        node: Node<'t>,
        arguments: Vec<Node<'t>>,
    ) -> Option<Init<'t>> {
        for argument in &arguments {
            if argument.kind() == "parameter_declaration" {
                self.calls.extend(Call::read(*argument, self.text));
            }
        }
        self.calls.push(Call {
            node,
            name: Name::read(kind, self.text)?,
            receiver: None,
            arguments,
        });
        Some(Init::Made(self.calls.len() - 1))
    }

    fn assignment(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            return;
        };
        let operator = node.child_by_field_name("operator");
        // What is added at the end changes no address.
        if operator.is_some_and(|operator| operator.kind() != "=") {
            return;
        }
        let function = self.function_at(node.start_byte());
        match left.kind() {
            "identifier" => {
                let name = self.text(left);
                let is_local = self.variables.contains_key(&(function, name));
                let scope = if is_local { function } else { FILE };
                self.init(scope, name, Init::Expression(right));
            }
            "field_expression" => {
                let (Some(object), Some(field)) = (
                    left.child_by_field_name("argument"),
                    left.child_by_field_name("field"),
                ) else {
                    return;
                };
                let field = self.text(field);
                match self.text(object) {
                    "this" => self.init(FILE, field, Init::Expression(right)),
                    object => {
                        let path = format!("{object}.{field}");
                        self.fields.entry((function, path)).or_default().push(right);
                    }
                }
            }
            _ => {}
        }
    }

    fn init(&mut self, scope: usize, name: &'t str, init: Init<'t>) {
        self.variables.entry((scope, name)).or_default().push(init);
    }
}

/// The children of a node, comments left out.
pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let children = node.named_children(&mut cursor);
    children.filter(|child| child.kind() != "comment").collect()
}

/// What a declarator declares, behind pointers and references.
fn inner<'t>(mut node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    for _ in 0..16 {
        if node.kind() == kind {
            return Some(node);
        }
        node = match node.kind() {
            "pointer_declarator"
            | "parenthesized_declarator"
            | "init_declarator"
            | "array_declarator"
            | "attributed_declarator" => node
                .child_by_field_name("declarator")
                .or_else(|| node.named_child(0))?,
            "reference_declarator" => node.named_child(0)?,
            _ => return None,
        };
    }
    None
}
