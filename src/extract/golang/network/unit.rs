//! One Go file as what its names mean: imports, scopes, variables, functions, structs, calls and literals.
//!
//! Collected once in the order of the text; nothing is evaluated here.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use tree_sitter::Node;

use super::libraries;
use super::types::{self, Type};
use crate::extract::syntax::{self, Nodes};

/// What the detectors know of one file.
pub(super) struct Unit<'t> {
    pub(super) text: &'t [u8],
    /// The folder of the file as the place of the package's names: `path:DIR`.
    pub(super) place: String,
    /// Paths of imports, by the name that the file uses.
    pub(super) imports: BTreeMap<&'t str, &'t str>,
    /// Whose package each path of an import is.
    origins: BTreeMap<&'t str, Origin>,
    scopes: Vec<Scope>,
    variables: HashMap<(usize, &'t str), Variable<'t>>,
    pub(super) functions: Vec<Function<'t>>,
    by_name: HashMap<String, usize>,
    /// The fields of structs; those of a struct inside of another are found under `Outer.field`.
    pub(super) structs: BTreeMap<String, Vec<Field<'t>>>,
    /// What is assigned to fields.
    pub(super) assigned: Vec<(Node<'t>, Init<'t>)>,
    pub(super) calls: Vec<Node<'t>>,
    /// Literals of structs, lists and maps.
    pub(super) literals: Vec<Node<'t>>,
}

/// Whose package a path of an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Library,
    /// A machine made it from an interface.
    Generated,
    /// It may be somebody's own code.
    Own,
}

/// Where names hold.
#[derive(Debug)]
struct Scope {
    start: usize,
    end: usize,
    parent: usize,
    /// The function with a name around it.
    function: Option<usize>,
    /// Whether a function without a name lies between.
    nested: bool,
}

/// A variable, a constant or a parameter.
#[derive(Debug, Default)]
pub(super) struct Variable<'t> {
    /// From where on the name means it.
    from: usize,
    pub(super) ty: Option<Type<'t>>,
    pub(super) inits: Vec<Init<'t>>,
}

impl<'t> Variable<'t> {
    /// The same variable with these values.
    pub(super) fn with(&self, inits: Vec<Init<'t>>) -> Self {
        Self {
            from: self.from,
            ty: self.ty,
            inits,
        }
    }
}

/// One value of a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Init<'t> {
    /// From where on it holds.
    pub(super) at: usize,
    pub(super) scope: usize,
    pub(super) value: Value<'t>,
}

impl Init<'_> {
    /// Where the value stands.
    pub(super) fn bytes(&self) -> Range<usize> {
        match self.value {
            Value::Expression(node)
            | Value::Result(node, _)
            | Value::Closure(node)
            | Value::Append(node)
            | Value::Out(node) => syntax::bytes(node),
            Value::Parameter(..) | Value::Unknown => self.at..self.at,
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'t> {
    Expression(Node<'t>),
    /// One of several results of a call.
    Result(Node<'t>, usize),
    /// A parameter of a function with a name.
    Parameter(usize, usize),
    /// A parameter of a function that this call is given.
    Closure(Node<'t>),
    /// `+=`.
    Append(Node<'t>),
    /// A call gets a pointer to it.
    Out(Node<'t>),
    Unknown,
}

/// A function or a method with a name.
#[derive(Debug)]
pub(super) struct Function<'t> {
    /// `get` or `Client.get`.
    pub(super) name: String,
    /// Names, empty where there are none, and types.
    pub(super) parameters: Vec<(&'t str, Type<'t>)>,
    pub(super) results: Vec<Type<'t>>,
    pub(super) returns: Vec<Node<'t>>,
}

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    pub(super) node: Node<'t>,
    pub(super) ty: Type<'t>,
    pub(super) tag: Option<Node<'t>>,
}

impl<'t> Unit<'t> {
    pub(super) fn new(
        root: Node<'t>,
        text: &'t [u8],
        folder: &str,
        imports: BTreeMap<&'t str, &'t str>,
    ) -> Self {
        let file = Scope {
            start: 0,
            end: usize::MAX,
            parent: 0,
            function: None,
            nested: false,
        };
        let origin = |path: &&'t str| match path {
            path if libraries::is_known(path) => Origin::Library,
            path if libraries::is_generated(path) => Origin::Generated,
            _ => Origin::Own,
        };
        let origins = imports.values().map(|path| (*path, origin(path))).collect();
        let mut unit = Self {
            text,
            place: format!("path:{folder}"),
            imports,
            origins,
            scopes: vec![file],
            variables: HashMap::new(),
            functions: Vec::new(),
            by_name: HashMap::new(),
            structs: BTreeMap::new(),
            assigned: Vec::new(),
            calls: Vec::new(),
            literals: Vec::new(),
        };
        unit.collect(root);
        unit
    }

    /// The text of a node.
    pub(super) fn text(&self, node: Node<'t>) -> &'t str {
        syntax::text(node, self.text)
    }

    /// A function of this file, by `get` or `Client.get`.
    pub(super) fn function(&self, name: &str) -> Option<&Function<'t>> {
        self.by_name.get(name).map(|index| &self.functions[*index])
    }

    /// The innermost scope around a place.
    pub(super) fn scope_at(&self, at: usize) -> usize {
        let mut scope = self
            .scopes
            .partition_point(|scope| scope.start <= at)
            .saturating_sub(1);
        while self.scopes[scope].end <= at && scope != 0 {
            scope = self.scopes[scope].parent;
        }
        scope
    }

    /// Whether all that holds in `outer` holds in `inner`, too.
    pub(super) fn holds(&self, outer: usize, mut inner: usize) -> bool {
        while inner > outer {
            inner = self.scopes[inner].parent;
        }
        inner == outer
    }

    /// The function with a name around a place, when no function without one lies between.
    pub(super) fn function_at(&self, at: usize) -> Option<&Function<'t>> {
        let scope = &self.scopes[self.scope_at(at)];
        let function = scope.function.filter(|_| !scope.nested)?;
        Some(&self.functions[function])
    }

    /// What a name means at a place: its scope and the variable.
    pub(super) fn variable(&self, name: &'t str, at: usize) -> Option<(usize, &Variable<'t>)> {
        let mut scope = self.scope_at(at);
        loop {
            let variable = self.variables.get(&(scope, name));
            // `cart := cart.New()`: the package, until the statement ends.
            if let Some(variable) = variable.filter(|one| scope == 0 || one.from <= at) {
                return Some((scope, variable));
            }
            if scope == 0 {
                return None;
            }
            scope = self.scopes[scope].parent;
        }
    }

    /// The variables and constants of the package that this file declares, sorted.
    pub(super) fn globals(&self) -> Vec<(&'t str, &Variable<'t>)> {
        let own = self.variables.iter().filter(|((scope, _), _)| *scope == 0);
        let mut own: Vec<_> = own.map(|((_, name), one)| (*name, one)).collect();
        own.sort_by_key(|(name, _)| *name);
        own
    }

    /// Whether a package is the one of a well-known library.
    pub(super) fn is_library(&self, path: &str) -> bool {
        self.origins.get(path) == Some(&Origin::Library)
    }

    /// Whether a package is generated from an interface.
    pub(super) fn is_generated(&self, path: &str) -> bool {
        self.origins.get(path) == Some(&Origin::Generated)
    }

    /// Whether a package may be somebody's own code: neither a library nor messages of an interface.
    pub(super) fn is_own(&self, path: &str) -> bool {
        self.origins.get(path) == Some(&Origin::Own)
    }

    /// A struct's field.
    pub(super) fn field(&self, structure: &str, name: &str) -> Option<Field<'t>> {
        let fields = self.structs.get(structure)?;
        fields.iter().find(|field| field.name == name).copied()
    }

    /// The package that a name means at a place, when it is one.
    pub(super) fn package(&self, node: Node<'t>) -> Option<&'t str> {
        if node.kind() != "identifier" {
            return None;
        }
        let name = self.text(node);
        let path = self.imports.get(name)?;
        match self.variable(name, node.start_byte()) {
            Some(_) => None,
            None => Some(path),
        }
    }

    /// Reads a type.
    pub(super) fn read_type(&self, node: Node<'t>) -> Type<'t> {
        types::read(node, self.text, &self.imports)
    }

    fn collect(&mut self, root: Node<'t>) {
        let mut nodes = Nodes::new(root);
        let mut open = vec![0];
        while let Some(node) = nodes.next() {
            // Names, literals and signs are most of a tree, and are read with what they stand in.
            if node.child_count() == 0 {
                continue;
            }
            let at = node.start_byte();
            while open.len() > 1 && self.scopes[open[open.len() - 1]].end <= at {
                open.pop();
            }
            let scope = open[open.len() - 1];
            match node.kind() {
                "import_declaration" | "comment" => nodes.skip_below(),
                "function_declaration" | "method_declaration" => {
                    open.push(self.declared(node, scope));
                }
                "func_literal" => {
                    let inner = self.open(node, scope, true);
                    let call = node.parent().and_then(|list| list.parent());
                    let value = match call.filter(|call| call.kind() == "call_expression") {
                        Some(call) => Value::Closure(call),
                        None => Value::Unknown,
                    };
                    for (name, ty) in self.parameters(node.child_by_field_name("parameters")) {
                        self.define(inner, name, Some(ty), inner, at, value);
                    }
                    open.push(inner);
                }
                "block"
                | "if_statement"
                | "for_statement"
                | "expression_switch_statement"
                | "type_switch_statement"
                | "select_statement"
                | "communication_case"
                | "expression_case"
                | "default_case"
                | "type_case" => {
                    open.push(self.open(node, scope, false));
                }
                "type_spec" => self.structure(node),
                "const_spec" | "var_spec" => self.spec(node, scope),
                "short_var_declaration" | "assignment_statement" => self.assign(node, scope),
                "range_clause" => {
                    let left = node.child_by_field_name("left");
                    for name in left.map(named).unwrap_or_default() {
                        if name.kind() == "identifier" {
                            let text = self.text(name);
                            self.define(scope, text, None, scope, at, Value::Unknown);
                        }
                    }
                }
                "call_expression" => {
                    self.calls.push(node);
                    self.pointers(node, scope);
                }
                "composite_literal" => self.literals.push(node),
                "return_statement" => {
                    let Scope {
                        function, nested, ..
                    } = self.scopes[scope];
                    if let Some(function) = function.filter(|_| !nested) {
                        self.functions[function].returns.push(node);
                    }
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, node: Node<'t>, parent: usize, literal: bool) -> usize {
        let Scope {
            function, nested, ..
        } = self.scopes[parent];
        self.scopes.push(Scope {
            start: node.start_byte(),
            end: node.end_byte(),
            parent,
            function,
            nested: nested || literal,
        });
        self.scopes.len() - 1
    }

    /// A function or a method: gives its scope.
    fn declared(&mut self, node: Node<'t>, parent: usize) -> usize {
        let scope = self.open(node, parent, false);
        let at = node.start_byte();
        let function = self.functions.len();
        self.scopes[scope].function = Some(function);
        let mut name = String::new();
        for (receiver, ty) in self.parameters(node.child_by_field_name("receiver")) {
            if let Type::Local(ty) = ty {
                name = format!("{ty}.");
            }
            self.define(scope, receiver, Some(ty), scope, at, Value::Unknown);
        }
        if let Some(node) = node.child_by_field_name("name") {
            name.push_str(self.text(node));
        }
        let parameters = self.parameters(node.child_by_field_name("parameters"));
        for (number, (name, ty)) in parameters.iter().enumerate() {
            let value = Value::Parameter(function, number);
            self.define(scope, name, Some(*ty), scope, at, value);
        }
        let results = match node.child_by_field_name("result") {
            Some(list) if list.kind() == "parameter_list" => {
                let results = self.parameters(Some(list));
                for (name, ty) in &results {
                    if !name.is_empty() {
                        self.declare(scope, name, Some(*ty), at);
                    }
                }
                results.into_iter().map(|(_, ty)| ty).collect()
            }
            Some(one) => vec![self.read_type(one)],
            None => Vec::new(),
        };
        self.by_name.insert(name.clone(), function);
        self.functions.push(Function {
            name,
            parameters,
            results,
            returns: Vec::new(),
        });
        scope
    }

    /// Names (empty where there is none) and types of a list of parameters.
    fn parameters(&self, list: Option<Node<'t>>) -> Vec<(&'t str, Type<'t>)> {
        let mut found = Vec::new();
        for parameter in list.map(named).unwrap_or_default() {
            let Some(ty) = parameter.child_by_field_name("type") else {
                continue;
            };
            let ty = self.read_type(ty);
            let mut cursor = parameter.walk();
            let before = found.len();
            for name in parameter.children_by_field_name("name", &mut cursor) {
                if name.kind() == "identifier" {
                    found.push((self.text(name), ty));
                }
            }
            if found.len() == before {
                found.push(("", ty));
            }
        }
        found
    }

    fn declare(&mut self, scope: usize, name: &'t str, ty: Option<Type<'t>>, from: usize) {
        if name != "_" && !name.is_empty() {
            let variable = self.variables.entry((scope, name));
            let variable = variable.or_insert_with(|| Variable {
                from,
                ..Variable::default()
            });
            variable.ty = variable.ty.or(ty);
        }
    }

    fn define(
        &mut self,
        scope: usize,
        name: &'t str,
        ty: Option<Type<'t>>,
        inside: usize,
        at: usize,
        value: Value<'t>,
    ) {
        self.declare(scope, name, ty, at);
        if let Some(variable) = self.variables.get_mut(&(scope, name)) {
            variable.inits.push(Init {
                at,
                scope: inside,
                value,
            });
        }
    }

    fn spec(&mut self, node: Node<'t>, scope: usize) {
        let ty = node
            .child_by_field_name("type")
            .map(|ty| self.read_type(ty));
        let values = node
            .child_by_field_name("value")
            .map(named)
            .unwrap_or_default();
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node
            .children_by_field_name("name", &mut cursor)
            .filter(|name| name.kind() == "identifier")
            .collect();
        for (number, name) in names.iter().enumerate() {
            let name = self.text(*name);
            self.declare(scope, name, ty, node.end_byte());
            if let Some(value) = one_of(&values, number, names.len()) {
                self.define(scope, name, ty, scope, node.end_byte(), value);
            }
        }
    }

    /// `a, b := …`, `a = …`, `x.f = …`, `a += …`.
    fn assign(&mut self, node: Node<'t>, scope: usize) {
        let side = |name| {
            node.child_by_field_name(name)
                .map(named)
                .unwrap_or_default()
        };
        let (left, right) = (side("left"), side("right"));
        let new = node.kind() == "short_var_declaration";
        let appends = match node.child_by_field_name("operator") {
            Some(operator) => match self.text(operator) {
                "=" => false,
                "+=" => true,
                _ => return,
            },
            None => false,
        };
        for (number, target) in left.iter().enumerate() {
            let value = match one_of(&right, number, left.len()) {
                Some(Value::Expression(value)) if appends => Value::Append(value),
                Some(value) => value,
                None => Value::Unknown,
            };
            let at = node.end_byte();
            match target.kind() {
                "identifier" => {
                    let name = self.text(*target);
                    let known = self.variable(name, target.start_byte());
                    let declared = match known {
                        Some((known, _)) if !new || known == scope => known,
                        // Assigned, and declared in another file of the package.
                        None if !new => 0,
                        _ => scope,
                    };
                    self.define(declared, name, None, scope, at, value);
                }
                "selector_expression" => {
                    self.assigned.push((*target, Init { at, scope, value }));
                }
                _ => {}
            }
        }
    }

    /// `f(&x, …)`: what the function writes there.
    fn pointers(&mut self, call: Node<'t>, scope: usize) {
        for argument in arguments(call) {
            if argument.kind() != "unary_expression" || !self.text(argument).starts_with('&') {
                continue;
            }
            let Some(target) = argument.child_by_field_name("operand") else {
                continue;
            };
            let at = call.end_byte();
            let value = Value::Out(call);
            match target.kind() {
                "identifier" => {
                    let name = self.text(target);
                    if let Some((known, _)) = self.variable(name, target.start_byte()) {
                        self.define(known, name, None, scope, at, value);
                    }
                }
                "selector_expression" => self.assigned.push((target, Init { at, scope, value })),
                _ => {}
            }
        }
    }

    fn structure(&mut self, node: Node<'t>) {
        let (Some(name), Some(ty)) = (
            node.child_by_field_name("name"),
            node.child_by_field_name("type"),
        ) else {
            return;
        };
        let mut open = vec![(self.text(name).to_owned(), ty)];
        while let Some((name, ty)) = open.pop() {
            if ty.kind() != "struct_type" {
                continue;
            }
            let mut fields = Vec::new();
            for list in named(ty) {
                for declared in named(list) {
                    let Some(ty) = declared.child_by_field_name("type") else {
                        continue;
                    };
                    let tag = declared.child_by_field_name("tag");
                    let mut cursor = declared.walk();
                    for field in declared.children_by_field_name("name", &mut cursor) {
                        let inner = self.text(field);
                        fields.push(Field {
                            name: inner,
                            node: declared,
                            ty: self.read_type(ty),
                            tag,
                        });
                        open.push((format!("{name}.{inner}"), ty));
                    }
                }
            }
            self.structs.insert(name, fields);
        }
    }
}

/// The value of one of several names that are given values together.
fn one_of<'t>(values: &[Node<'t>], number: usize, names: usize) -> Option<Value<'t>> {
    match values {
        [] => None,
        [call] if names > 1 => Some(match call.kind() {
            "call_expression" => Value::Result(*call, number),
            _ if number == 0 => Value::Expression(*call),
            _ => Value::Unknown,
        }),
        values => values.get(number).copied().map(Value::Expression),
    }
}

/// The named children of a node without comments.
pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| child.kind() != "comment")
        .collect()
}

/// The arguments of a call.
pub(super) fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let list = call.child_by_field_name("arguments");
    let arguments = list.map(named).unwrap_or_default();
    arguments
        .into_iter()
        .map(|argument| match argument.kind() {
            // `list...`
            "variadic_argument" => argument.named_child(0).unwrap_or(argument),
            _ => argument,
        })
        .collect()
}
