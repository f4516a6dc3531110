//! Notes what a file defines and calls: every statement once, every expression once.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use ruff_python_ast::{
    Expr, ExprContext, Operator, Parameters, Stmt, StmtClassDef, StmtFunctionDef, StmtIf,
    StmtImportFrom, WithItem,
};
use ruff_text_size::Ranged;

use super::super::parse::{bytes, span};
use super::code::{Class, Code, Definition, Function, Parameter};
use super::value::{Place, Start, Value};

/// The most scopes and blocks of one file that are noted.
const SCOPES: usize = 1 << 16;

#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) code: Code,
    /// The scopes around what is read, and whether each is of a class.
    scopes: Vec<(u32, bool)>,
    block: u32,
    functions: Vec<Start>,
    classes: Vec<Start>,
    /// Names that the function declares to be the file's own.
    globals: Vec<HashSet<Rc<str>>>,
}

impl Collector {
    /// Everything that statements define and call.
    pub(super) fn read_body(body: &[Stmt]) -> Code {
        let mut collector = Self::default();
        collector.code.scopes.push(0);
        collector.code.blocks.push(0);
        collector.code.names.push(HashMap::new());
        collector.scopes.push((0, false));
        collector.body(body);
        collector.code
    }

    /// Where something at a byte is used.
    pub(super) fn place(&self, byte: u32) -> Place {
        Place {
            scope: self.scope(),
            block: self.block,
            byte,
        }
    }

    fn scope(&self) -> u32 {
        self.scopes.last().map_or(0, |(scope, _)| *scope)
    }

    /// Whether what is read stands in the body of a class.
    fn is_in_class(&self) -> bool {
        self.scopes.last().is_some_and(|(_, is_class)| *is_class)
    }

    /// Reads in a scope of its own.
    pub(super) fn scoped(&mut self, is_class: bool, read: impl FnOnce(&mut Self)) {
        // Names of a class are not seen by what is inside of its functions.
        let mut around = self.scopes.iter().rev();
        let parent = around.find(|(_, is_class)| !is_class);
        let parent = parent.map_or(0, |(scope, _)| *scope);
        if self.code.scopes.len() < SCOPES {
            let scope = u32::try_from(self.code.scopes.len()).unwrap_or(u32::MAX);
            self.code.scopes.push(parent);
            self.code.names.push(HashMap::new());
            self.scopes.push((scope, is_class));
        } else {
            // Names of deeper scopes count as names of this one.
            self.code.cut = true;
            self.scopes.push((parent, is_class));
        }
        self.blocked(read);
        self.scopes.pop();
    }

    /// Reads in a block of its own: what may not be reached.
    fn blocked(&mut self, read: impl FnOnce(&mut Self)) {
        let before = self.block;
        if self.code.blocks.len() < SCOPES {
            self.block = u32::try_from(self.code.blocks.len()).unwrap_or(u32::MAX);
            self.code.blocks.push(before);
        } else {
            self.code.cut = true;
        }
        read(self);
        self.block = before;
    }

    pub(super) fn define(&mut self, name: &str, value: Value, bytes: Range<usize>) {
        self.define_as(name, value, bytes, false);
    }

    fn define_as(&mut self, name: &str, value: Value, bytes: Range<usize>, adds: bool) {
        let is_global = self
            .globals
            .last()
            .is_some_and(|globals| globals.contains(name));
        let scope = if is_global { 0 } else { self.scope() };
        let definition = Definition {
            block: self.block,
            byte: u32::try_from(bytes.end).unwrap_or(u32::MAX),
            value,
            adds,
            bytes,
        };
        if let Some(names) = self.code.names.get_mut(scope as usize) {
            names.entry(name.into()).or_default().push(definition);
        }
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    let (local, module) = match &alias.asname {
                        Some(other) => (other.as_str(), name),
                        None => {
                            self.code.modules.push(name.into());
                            let root = name.split('.').next().unwrap_or(name);
                            (root, root)
                        }
                    };
                    self.define(local, Value::Module(module.into()), bytes(alias.range));
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Return(give) => {
                if let Some(value) = &give.value {
                    let value = self.value(value);
                    self.gives(value);
                }
            }
            Stmt::Assign(assign) => {
                let value = self.value(&assign.value);
                for target in &assign.targets {
                    self.assign(target, value.clone(), span(assign));
                }
            }
            Stmt::AnnAssign(assign) => {
                let kind = self.kind(&assign.annotation);
                let value = assign.value.as_ref().map(|value| self.value(value));
                if let (Expr::Name(name), true, Some(class)) =
                    (&*assign.target, self.is_in_class(), self.classes.last())
                {
                    let class = self.code.classes.entry(*class).or_default();
                    let name: Rc<str> = name.id.as_str().into();
                    class.declared.push((name, kind, span(assign)));
                }
                if let Some(value) = value {
                    self.assign(&assign.target, value, span(assign));
                }
            }
            Stmt::AugAssign(assign) => {
                let value = self.value(&assign.value);
                let value = match assign.op {
                    Operator::Add => value,
                    _ => Value::Unknown,
                };
                if let Expr::Name(name) = &*assign.target {
                    self.define_as(name.id.as_str(), value, span(assign), true);
                }
            }
            Stmt::For(each) => {
                self.value(&each.iter);
                self.blocked(|inner| {
                    inner.assign(&each.target, Value::Unknown, span(&*each.target));
                    inner.body(&each.body);
                });
                self.blocked(|inner| inner.body(&each.orelse));
            }
            Stmt::While(each) => {
                self.value(&each.test);
                self.blocked(|inner| inner.body(&each.body));
                self.blocked(|inner| inner.body(&each.orelse));
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::With(with) => {
                for WithItem {
                    context_expr,
                    optional_vars,
                    ..
                } in &with.items
                {
                    let value = self.value(context_expr);
                    if let Some(target) = optional_vars {
                        self.assign(target, value, span(&**target));
                    }
                }
                self.body(&with.body);
            }
            Stmt::Try(attempt) => {
                self.blocked(|inner| inner.body(&attempt.body));
                for handler in &attempt.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    self.blocked(|inner| {
                        if let Some(name) = &handler.name {
                            inner.define(name.as_str(), Value::Unknown, bytes(name.range));
                        }
                        inner.body(&handler.body);
                    });
                }
                self.blocked(|inner| inner.body(&attempt.orelse));
                self.body(&attempt.finalbody);
            }
            Stmt::Match(select) => {
                self.value(&select.subject);
                for case in &select.cases {
                    self.blocked(|inner| inner.body(&case.body));
                }
            }
            Stmt::Global(global) => {
                if let Some(names) = self.globals.last_mut() {
                    let more = global.names.iter().map(|name| name.as_str().into());
                    names.extend(more);
                }
            }
            Stmt::Expr(expr) => {
                self.value(&expr.value);
            }
            Stmt::Raise(raise) => {
                if let Some(value) = &raise.exc {
                    self.value(value);
                }
            }
            Stmt::Assert(assert) => {
                self.value(&assert.test);
            }
            _ => {}
        }
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        let dots = ".".repeat(import.level as usize);
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        let module: Rc<str> = format!("{dots}{module}").into();
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.code.stars.push(module.clone());
                continue;
            }
            let local = alias.asname.as_ref().unwrap_or(&alias.name);
            let value = Value::Module(module.clone()).member(alias.name.as_str());
            self.define(local.as_str(), value, bytes(alias.range));
        }
    }

    fn branch(&mut self, branch: &StmtIf) {
        self.value(&branch.test);
        self.blocked(|inner| inner.body(&branch.body));
        for clause in &branch.elif_else_clauses {
            if let Some(test) = &clause.test {
                self.value(test);
            }
            self.blocked(|inner| inner.body(&clause.body));
        }
    }

    fn function(&mut self, function: &StmtFunctionDef) {
        let start = function.range.start().to_u32();
        let name = function.name.as_str();
        let decorators: Vec<Value> = function
            .decorator_list
            .iter()
            .map(|one| self.value(&one.expression))
            .collect();
        let class = self.classes.last().copied().filter(|_| self.is_in_class());
        let has = |wanted: &str| {
            decorators
                .iter()
                .any(|value| matches!(value, Value::Name(_, name) if &**name == wanted))
        };
        let is_top = self.scopes.len() == 1;
        let known = match class.and_then(|class| self.code.classes.get(&class)) {
            Some(class) if class.name.is_empty() => String::new(),
            Some(class) => format!("{}.{name}", class.name),
            None if is_top => name.to_owned(),
            None => String::new(),
        };
        let first = match class {
            Some(_) if has("staticmethod") => None,
            Some(class) if has("classmethod") => Some(Value::Class(class)),
            Some(class) => Some(Value::This(class)),
            None => None,
        };
        // What a property gives is read like a field.
        let is_property = class.is_some() && (has("property") || has("cached_property"));
        let value = Value::Function(start);
        match class.and_then(|class| self.code.classes.get_mut(&class)) {
            Some(class) => {
                let value = match is_property {
                    true => Value::Call(Rc::new(super::value::Call {
                        callee: value,
                        arguments: Vec::new(),
                        keywords: Vec::new(),
                        bytes: span(function),
                    })),
                    false => value,
                };
                class.fields.entry(name.into()).or_default().push(value);
                if name == "__init__" {
                    class.constructor = Some(start);
                }
            }
            None => self.define(name, value, span(&function.name)),
        }
        // Functions are called under the names of what they make.
        let known = match known.strip_suffix(".__init__") {
            Some(class) => class.to_owned(),
            None => known,
        };
        let noted = Function {
            name: known.into(),
            decorators,
            bytes: span(&function.name),
            ..Function::default()
        };
        self.code.functions.insert(start, noted);
        self.functions.push(start);
        self.globals.push(HashSet::new());
        self.scoped(false, |inner| {
            inner.parameters(&function.parameters, start, first);
            inner.body(&function.body);
        });
        self.globals.pop();
        self.functions.pop();
    }

    fn parameters(&mut self, parameters: &Parameters, start: Start, first: Option<Value>) {
        let mut first = first;
        let mut at = 0;
        for one in parameters.iter_non_variadic_params() {
            let name = one.parameter.name.as_str();
            if let Some(object) = first.take() {
                self.define(name, object, bytes(one.parameter.name.range));
                continue;
            }
            let kind = one.parameter.annotation.as_ref();
            let kind = kind.and_then(|kind| self.kind(kind));
            let mut value = Value::Parameter(start, at);
            if let Some(default) = &one.default {
                let default = self.value(default);
                value = match default {
                    Value::Nothing => value,
                    default => value.or(default),
                };
            }
            self.define(name, value, bytes(one.parameter.name.range));
            if let Some(function) = self.code.functions.get_mut(&start) {
                let name = name.into();
                function.parameters.push(Parameter { name, kind });
            }
            at += 1;
        }
        for one in parameters.vararg.iter().chain(&parameters.kwarg) {
            self.define(one.name.as_str(), Value::Unknown, bytes(one.name.range));
        }
    }

    fn class(&mut self, class: &StmtClassDef) {
        let start = class.range.start().to_u32();
        let decorators = class.decorator_list.iter();
        let decorators = decorators.map(|one| self.value(&one.expression)).collect();
        let mut bases = Vec::new();
        for argument in class.arguments.iter().flat_map(|list| &list.args) {
            bases.push(self.value(argument));
        }
        let is_top = self.scopes.len() == 1;
        let noted = Class {
            name: if is_top {
                class.name.as_str().into()
            } else {
                "".into()
            },
            bases,
            decorators,
            bytes: span(&class.name),
            ..Class::default()
        };
        self.code.classes.insert(start, noted);
        let value = Value::Class(start);
        if let (true, Some(outer)) = (self.is_in_class(), self.classes.last()) {
            let outer = self.code.classes.entry(*outer).or_default();
            let fields = outer.fields.entry(class.name.as_str().into()).or_default();
            fields.push(value.clone());
        }
        self.define(class.name.as_str(), value, span(&class.name));
        self.classes.push(start);
        self.scoped(true, |inner| inner.body(&class.body));
        self.classes.pop();
        self.made_of_fields(start);
    }

    /// A class whose objects are made of its fields, in order: its constructor is not written.
    ///
    /// Sources: <https://docs.python.org/3/library/dataclasses.html>, <https://docs.pydantic.dev/latest/concepts/models/>
    fn made_of_fields(&mut self, start: Start) {
        let Some(class) = self.code.classes.get(&start) else {
            return;
        };
        let last = |value: &Value, names: &[&str]| {
            let mut value = value.clone();
            if let Value::Call(call) = value {
                value = call.callee.clone();
            }
            let (Value::Name(_, name) | Value::Member(_, name)) = &value else {
                return false;
            };
            names.contains(&&**name)
        };
        let is_decorated =
            |one: &Value| last(one, &["dataclass", "define", "frozen", "s", "attrs"]);
        let is_model = |one: &Value| last(one, &["BaseModel", "NamedTuple", "Struct"]);
        let is_made = class.decorators.iter().any(is_decorated) || class.bases.iter().any(is_model);
        if class.constructor.is_some() || !is_made {
            return;
        }
        let fields: Vec<(Rc<str>, Option<Value>)> = class
            .declared
            .iter()
            .map(|(name, kind, _)| (name.clone(), kind.clone()))
            .collect();
        let function = Function {
            name: class.name.clone(),
            parameters: fields
                .iter()
                .map(|(name, kind)| Parameter {
                    name: name.clone(),
                    kind: kind.clone(),
                })
                .collect(),
            ..Function::default()
        };
        self.code.functions.insert(start, function);
        let Some(class) = self.code.classes.get_mut(&start) else {
            return;
        };
        class.constructor = Some(start);
        for (at, (name, _)) in fields.into_iter().enumerate() {
            let values = class.fields.entry(name).or_default();
            let given = Value::Parameter(start, at);
            let value = match values.pop() {
                None | Some(Value::Nothing) => given,
                Some(value) => given.or(value),
            };
            values.push(value);
        }
    }

    fn gives(&mut self, value: Value) {
        let function = self.functions.last();
        if let Some(function) = function.and_then(|start| self.code.functions.get_mut(start)) {
            function.returns.push(value);
        }
    }

    /// What a function yields counts as what it gives.
    pub(super) fn yields(&mut self, value: Value) {
        self.gives(value);
    }

    /// Gives a value to a target: a name, several, a field, an item.
    pub(super) fn assign(&mut self, target: &Expr, value: Value, bytes: Range<usize>) {
        match target {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if let (true, Some(class)) = (self.is_in_class(), self.classes.last()) {
                    let class = self.code.classes.entry(*class).or_default();
                    let is_new = !class.declared.iter().any(|(known, ..)| **known == *name);
                    if is_new {
                        class.declared.push((name.into(), None, bytes.clone()));
                    }
                    let values = class.fields.entry(name.into()).or_default();
                    values.push(value.clone());
                }
                self.define(name, value, bytes);
            }
            Expr::Tuple(_) | Expr::List(_) => {
                for (at, element) in super::super::strings::elements(target).iter().enumerate() {
                    let part = match &value {
                        Value::List(values) => values.get(at).cloned().unwrap_or(Value::Unknown),
                        Value::Unknown => Value::Unknown,
                        value => {
                            let index = Value::Text(at.to_string().into());
                            Value::Item(Rc::new(value.clone()), Rc::new(index))
                        }
                    };
                    self.assign(element, part, bytes.clone());
                }
            }
            Expr::Starred(starred) => self.assign(&starred.value, Value::Unknown, bytes),
            Expr::Attribute(attribute) if attribute.ctx == ExprContext::Store => {
                let object = self.value(&attribute.value);
                if let Value::Name(place, name) = &object
                    && let Some(Value::This(class) | Value::Class(class)) =
                        self.code.look_up(*place, name)
                    && let Some(class) = self.code.classes.get_mut(&class)
                {
                    let name = attribute.attr.as_str().into();
                    class.fields.entry(name).or_default().push(value);
                    return;
                }
                let target = object.member(attribute.attr.as_str());
                self.code.assigned.push((target, value, bytes));
            }
            Expr::Subscript(_) => {
                let target = self.value(target);
                self.code.assigned.push((target, value, bytes));
            }
            _ => {}
        }
    }

    /// A type as a name: `Client`, `Optional[Client]`, `Client | None`, `"Client"`.
    pub(super) fn kind(&self, annotation: &Expr) -> Option<Value> {
        let mut annotation = annotation;
        loop {
            match annotation {
                Expr::Subscript(subscript) => {
                    let name = super::super::strings::dotted(&subscript.value)?;
                    let is_wrapper = ["Optional", "Annotated", "ClassVar", "Final"]
                        .iter()
                        .any(|wrapper| name.rsplit('.').next() == Some(wrapper));
                    if !is_wrapper {
                        return None;
                    }
                    annotation = match &*subscript.slice {
                        Expr::Tuple(tuple) => tuple.elts.first()?,
                        one => one,
                    };
                }
                Expr::BinOp(either) => annotation = &either.left,
                Expr::StringLiteral(text) => {
                    let name = text.value.to_str();
                    let place = self.place(annotation.range().start().to_u32());
                    return Some(Value::Name(place, name.into()));
                }
                Expr::Name(name) => {
                    let place = self.place(name.range.start().to_u32());
                    return Some(Value::Name(place, name.id.as_str().into()));
                }
                Expr::Attribute(attribute) => {
                    let object = self.kind(&attribute.value)?;
                    return Some(object.member(attribute.attr.as_str()));
                }
                _ => return None,
            }
        }
    }
}
