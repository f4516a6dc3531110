//! What does an expression of a Go file come to, as far as the file tells?
//!
//! A value of a client or of a connection is the address that it was made with, a value of a router the path in front of its routes.
//! Names of other files are references to slots: `${slot(path:DIR)Type.field}`, `f#0` a parameter, `f#return` a result.

use std::cell::Cell;

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::known;
use super::texts::{is_unknown, join, leads, merge, refers, replace, unknown};
use super::types::Type;
use super::unit::{Init, Unit, Value, Variable, named};
use crate::model::{Key, Template};

/// The longest chain of names and calls.
const DEPTH: usize = 24;
/// The most expressions that are looked at for one value.
const STEPS: u32 = 2048;
/// How deeply references lie in references.
pub(super) const NESTING: usize = 12;

/// Evaluates expressions of one file.
pub(super) struct Values<'u, 't> {
    pub(super) unit: &'u Unit<'t>,
    /// Every call of the file, in the order of the text.
    pub(super) calls: Vec<Call<'t>>,
    steps: Cell<u32>,
    depth: Cell<usize>,
}

impl<'u, 't> Values<'u, 't> {
    pub(super) fn new(unit: &'u Unit<'t>) -> Self {
        let calls = unit.calls.iter();
        Self {
            unit,
            calls: calls.filter_map(|node| Call::read(unit, *node)).collect(),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// What an expression comes to.
    pub(super) fn of(&self, node: Node<'t>) -> Template {
        if self.depth.get() == 0 {
            self.steps.set(0);
        }
        self.deeper(|| self.expression(node))
            .unwrap_or_else(unknown)
    }

    /// The text of an expression that is text alone.
    pub(super) fn literal(&self, node: Node<'t>) -> Option<String> {
        self.of(node).as_text().map(str::to_owned)
    }

    /// One step down, as long as the bounds hold.
    fn deeper<R>(&self, inner: impl FnOnce() -> R) -> Option<R> {
        let (steps, depth) = (self.steps.get() + 1, self.depth.get() + 1);
        if steps > STEPS || depth > DEPTH {
            return None;
        }
        self.steps.set(steps);
        self.depth.set(depth);
        let result = inner();
        self.depth.set(depth - 1);
        Some(result)
    }

    fn expression(&self, node: Node<'t>) -> Template {
        let unit = self.unit;
        let part = |name| node.child_by_field_name(name);
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => {
                Template::text(unquoted(unit.text(node)))
            }
            "int_literal" => Template::text(unit.text(node)),
            "identifier" => self.name(node),
            "binary_expression" => self.sum(node),
            "parenthesized_expression" => node
                .named_child(0)
                .map_or_else(unknown, |inner| self.of(inner)),
            "unary_expression" => match unit.text(node).starts_with(['&', '*']) {
                true => part("operand").map_or_else(unknown, |inner| self.of(inner)),
                false => unknown(),
            },
            "type_assertion_expression" | "type_conversion_expression" => {
                part("operand").map_or_else(unknown, |inner| self.of(inner))
            }
            "selector_expression" => self.selector(node),
            "index_expression" => known::setting(self, node).unwrap_or_else(unknown),
            "call_expression" => self.result(node, 0),
            "composite_literal" => self.composite(node),
            _ => unknown(),
        }
    }

    /// `a + b + c`, from the left; what else operators give is unknown.
    fn sum(&self, node: Node<'t>) -> Template {
        let mut pieces = Vec::new();
        let mut at = node;
        while at.kind() == "binary_expression" {
            let operator = at.child_by_field_name("operator");
            if operator.map(|operator| self.unit.text(operator)) != Some("+") || pieces.len() > 64 {
                return unknown();
            }
            pieces.extend(at.child_by_field_name("right"));
            match at.child_by_field_name("left") {
                Some(left) => at = left,
                None => return unknown(),
            }
        }
        pieces.push(at);
        join(pieces.iter().rev().map(|piece| self.of(*piece)))
    }

    /// A name: of this function, of this file, else of another file of the package.
    fn name(&self, node: Node<'t>) -> Template {
        let name = self.unit.text(node);
        if matches!(name, "nil" | "true" | "false" | "iota" | "_") {
            return unknown();
        }
        match self.unit.variable(name, node.start_byte()) {
            Some((0, variable)) => self.global(name, variable),
            Some((_, variable)) => self.variable(variable, node.start_byte()),
            None if self.unit.imports.contains_key(name) => unknown(),
            None => self.slot(name).into(),
        }
    }

    /// A variable or constant of the package: its value where it is set once, where it is declared.
    fn global(&self, name: &str, variable: &Variable<'t>) -> Template {
        let slot = || Template::from(self.slot(name));
        match variable.inits.as_slice() {
            [init] if init.scope == 0 => {
                let value = self.init(init);
                match refers(&value) || value.is_literal() {
                    true => value,
                    false => slot(),
                }
            }
            _ if variable.ty.is_some_and(|ty| !ty.leads()) => unknown(),
            _ => slot(),
        }
    }

    /// What a variable of a function holds at a place: what was assigned last on every way there,
    /// and what conditions may have put in its place since.
    fn variable(&self, variable: &Variable<'t>, at: usize) -> Template {
        let (certain, before) = self.reaching(variable, at);
        if before.is_empty() {
            return unknown();
        }
        if !certain {
            return merge(before.into_iter().map(|init| self.init(init)).collect());
        }
        let last = before[0];
        let base = match last.value {
            Value::Append(more) => {
                let earlier = variable.with(
                    variable
                        .inits
                        .iter()
                        .filter(|init| init.at < last.at)
                        .copied()
                        .collect(),
                );
                let earlier = self
                    .deeper(|| self.variable(&earlier, last.at.saturating_sub(1)))
                    .unwrap_or_else(unknown);
                join([earlier, self.of(more)])
            }
            Value::Parameter(..) if variable.ty.is_some_and(|ty| !ty.leads()) => unknown(),
            _ => self.init(last),
        };
        let later = &before[1..];
        if later.is_empty() {
            return base;
        }
        if later
            .iter()
            .any(|init| matches!(init.value, Value::Append(_)))
        {
            return join([base, unknown()]);
        }
        let mut values = vec![base];
        values.extend(later.iter().map(|init| self.init(init)));
        merge(values)
    }

    /// The values that a variable may have at a place: the last on every way there, then those of conditions since.
    ///
    /// Not certain: all of them are of other branches, or come later, as in loops.
    pub(super) fn reaching<'v>(
        &self,
        variable: &'v Variable<'t>,
        at: usize,
    ) -> (bool, Vec<&'v Init<'t>>) {
        let here = self.unit.scope_at(at);
        let before: Vec<&Init<'t>> = variable.inits.iter().filter(|init| init.at <= at).collect();
        let last = before
            .iter()
            .rposition(|init| self.unit.holds(init.scope, here));
        match last {
            Some(last) => (true, before[last..].to_vec()),
            None if before.is_empty() => (false, variable.inits.iter().collect()),
            None => (false, before),
        }
    }

    /// One value of a variable or a field.
    pub(super) fn init(&self, init: &Init<'t>) -> Template {
        let found = self.deeper(|| match init.value {
            Value::Expression(node) | Value::Append(node) => self.of(node),
            Value::Result(call, number) => self.result(call, number),
            Value::Parameter(function, number) => {
                let function = &self.unit.functions[function];
                self.slot(&format!("{}#{number}", function.name)).into()
            }
            Value::Closure(call) => known::closure(self, call),
            Value::Out(call) => known::out(self, call),
            Value::Unknown => unknown(),
        });
        found.unwrap_or_else(unknown)
    }

    /// `pkg.Name` or `x.field`.
    fn selector(&self, node: Node<'t>) -> Template {
        let part = |name| node.child_by_field_name(name);
        let (Some(operand), Some(field)) = (part("operand"), part("field")) else {
            return unknown();
        };
        let field = self.unit.text(field);
        if let Some(path) = self.unit.package(operand) {
            return match known::constant(path, field) {
                Some(text) => Template::text(text),
                None if self.unit.is_library(path) => unknown(),
                None => imported(path, field).into(),
            };
        }
        if let Some(value) = known::field(self, operand, field) {
            return value;
        }
        match self.field_slot(node) {
            Some(slot) => slot.into(),
            None => unknown(),
        }
    }

    /// The slot of `x.field`, when the type of `x` is known and the field can lead somewhere.
    pub(super) fn field_slot(&self, node: Node<'t>) -> Option<Key> {
        let operand = node.child_by_field_name("operand")?;
        let field = self.unit.text(node.child_by_field_name("field")?);
        if let Some(ty) = self.type_of(operand) {
            return match ty {
                Type::Local(name) => {
                    if self.unit.structs.contains_key(name)
                        && self
                            .unit
                            .field(name, field)
                            .is_none_or(|known| known.ty == Type::Other)
                    {
                        return None;
                    }
                    Some(self.slot(&format!("{name}.{field}")))
                }
                Type::Imported { path, name, .. } if self.unit.is_own(path) => {
                    Some(imported(path, &format!("{name}.{field}")))
                }
                _ => None,
            };
        }
        // A field of a struct whose fields another file tells.
        if operand.kind() == "selector_expression" {
            let mut outer = self.deeper(|| self.outer_slot(operand)).flatten()?;
            let name = format!("{}.{field}", outer.name.as_text()?);
            if let Some(known) = self.unit.structs.get(outer.name.as_text()?)
                && !known.iter().any(|known| known.name == field)
            {
                return None;
            }
            outer.name = Template::text(name);
            return Some(outer);
        }
        None
    }

    /// The slot of `x.field` even where the field is a struct.
    fn outer_slot(&self, node: Node<'t>) -> Option<Key> {
        let operand = node.child_by_field_name("operand")?;
        let field = self.unit.text(node.child_by_field_name("field")?);
        match self.type_of(operand) {
            Some(Type::Local(name)) => Some(self.slot(&format!("{name}.{field}"))),
            Some(Type::Imported { path, name, .. }) if self.unit.is_own(path) => {
                Some(imported(path, &format!("{name}.{field}")))
            }
            Some(_) => None,
            None if operand.kind() == "selector_expression" => self.field_slot(node),
            None => None,
        }
    }

    /// A result of a call.
    pub(super) fn result(&self, node: Node<'t>, number: usize) -> Template {
        let Some(call) = Call::read(self.unit, node) else {
            return unknown();
        };
        if let Some(value) = known::call(self, &call, number) {
            return value;
        }
        if let Some(value) = self.deeper(|| self.inlined(&call, number)).flatten() {
            return value;
        }
        let passed = self.passed(&call);
        if !is_unknown(&passed) {
            return passed;
        }
        match self.callee_slot(&call) {
            Some(mut slot) if number == 0 => {
                slot.name.extend(&"#return".into());
                slot.into()
            }
            _ => unknown(),
        }
    }

    /// A call of a function of this file: what it returns, with the arguments in the place of its parameters.
    fn inlined(&self, call: &Call<'t>, number: usize) -> Option<Template> {
        let name = self.function_name(call)?;
        let function = self.unit.function(&name)?;
        let values = function.returns.iter().filter_map(|node| {
            let list = node.named_child(0)?;
            let values = named(list);
            match values.as_slice() {
                [call]
                    if number > 0
                        || function.results.len() > 1 && call.kind() == "call_expression" =>
                {
                    Some(self.result(*call, number))
                }
                values => values.get(number).map(|value| self.of(*value)),
            }
        });
        let values: Vec<Template> = values
            .map(|value| self.with_arguments(&value, &name, &call.arguments))
            .collect();
        let value = merge(values);
        (!value.is_empty() && !is_unknown(&value)).then_some(value)
    }

    /// Arguments in the place of the parameters of a function of this file.
    pub(super) fn with_arguments(
        &self,
        template: &Template,
        function: &str,
        arguments: &[Node<'t>],
    ) -> Template {
        replace(template, NESTING, &|key| {
            let number = self.parameter(key, function)?;
            let argument = arguments.get(number)?;
            Some(self.of(*argument))
        })
    }

    /// The number of the parameter that a slot means, when it is one of the function.
    pub(super) fn parameter(&self, key: &Key, function: &str) -> Option<usize> {
        if key.namespace.0 != "slot" || key.at.as_text() != Some(&self.unit.place) {
            return None;
        }
        let rest = key.name.as_text()?.strip_prefix(function)?;
        rest.strip_prefix('#')?.parse().ok()
    }

    /// The one argument of a call that leads somewhere: whatever wraps an address has it, too.
    ///
    /// What the call writes to is none.
    pub(super) fn passed(&self, call: &Call<'t>) -> Template {
        let arguments = call.arguments.iter();
        let given = arguments.filter(|argument| !self.unit.text(**argument).starts_with('&'));
        let mut values: Vec<Template> = given
            .map(|argument| self.of(*argument))
            .filter(leads)
            .collect();
        values.dedup();
        match values.len() {
            1 => values.remove(0),
            _ => unknown(),
        }
    }

    /// `get` or `Client.get`, when the call means a function of this package.
    pub(super) fn function_name(&self, call: &Call<'t>) -> Option<String> {
        match call.callee {
            Callee::Local(name) => Some(name.to_owned()),
            Callee::Method { receiver, name } => match self.type_of(receiver)? {
                Type::Local(ty) => Some(format!("{ty}.{name}")),
                _ => None,
            },
            _ => None,
        }
    }

    /// The slot of a function that is called, without `#…` behind it.
    pub(super) fn callee_slot(&self, call: &Call<'t>) -> Option<Key> {
        match call.callee {
            Callee::Local(name) => (!is_predeclared(name)).then(|| self.slot(name)),
            Callee::Package { path, name } => self.unit.is_own(path).then(|| imported(path, name)),
            Callee::Method { receiver, name } => match self.type_of(receiver)? {
                Type::Local(ty) => Some(self.slot(&format!("{ty}.{name}"))),
                Type::Imported { path, name: ty, .. } if self.unit.is_own(path) => {
                    Some(imported(path, &format!("{ty}.{name}")))
                }
                _ => None,
            },
            Callee::Other => None,
        }
    }

    /// `[]string{…}`: the first of its elements that leads somewhere; `url.URL{…}`.
    fn composite(&self, node: Node<'t>) -> Template {
        if let Some(value) = known::composite(self, node) {
            return value;
        }
        let list = node.child_by_field_name("type").is_some_and(|ty| {
            matches!(
                ty.kind(),
                "slice_type" | "array_type" | "implicit_length_array_type"
            )
        });
        match list {
            true => elements(node)
                .first()
                .map_or_else(unknown, |first| self.of(*first)),
            false => unknown(),
        }
    }

    /// The type of an expression.
    pub(super) fn type_of(&self, node: Node<'t>) -> Option<Type<'t>> {
        if self.depth.get() == 0 {
            self.steps.set(0);
        }
        self.deeper(|| self.typed(node)).flatten()
    }

    fn typed(&self, node: Node<'t>) -> Option<Type<'t>> {
        let unit = self.unit;
        match node.kind() {
            "identifier" => {
                let (_, variable) = unit.variable(unit.text(node), node.start_byte())?;
                if variable.ty.is_some() {
                    return variable.ty;
                }
                let before = variable
                    .inits
                    .iter()
                    .rev()
                    .find(|init| init.at <= node.start_byte());
                match before.or(variable.inits.first())?.value {
                    Value::Expression(value) => self.type_of(value),
                    Value::Result(call, number) => self.type_of_result(call, number),
                    _ => None,
                }
            }
            "parenthesized_expression" => self.type_of(node.named_child(0)?),
            "unary_expression" => self.type_of(node.child_by_field_name("operand")?),
            "composite_literal" => match self.unit.read_type(node.child_by_field_name("type")?) {
                Type::Other => None,
                ty => Some(ty),
            },
            "type_assertion_expression" => {
                Some(self.unit.read_type(node.child_by_field_name("type")?))
            }
            "selector_expression" => {
                let operand = node.child_by_field_name("operand")?;
                let field = unit.text(node.child_by_field_name("field")?);
                match self.type_of(operand)? {
                    Type::Local(name) => match unit.field(name, field)?.ty {
                        Type::Other => None,
                        ty => Some(ty),
                    },
                    _ => None,
                }
            }
            "call_expression" => self.type_of_result(node, 0),
            _ => None,
        }
    }

    fn type_of_result(&self, node: Node<'t>, number: usize) -> Option<Type<'t>> {
        let call = Call::read(self.unit, node)?;
        if let Callee::Local("new") = call.callee {
            let ty = self.unit.read_type(*call.arguments.first()?);
            return (ty != Type::Other).then_some(ty);
        }
        if let Some(name) = self.function_name(&call)
            && let Some(function) = self.unit.function(&name)
        {
            return function.results.get(number).copied();
        }
        match call.callee {
            // What a package makes is called like what is made.
            Callee::Package { path, name } if number == 0 => {
                let name = name.strip_prefix("New").or(name.strip_prefix("Must"))?;
                let name = if name.is_empty() { return None } else { name };
                self.unit.is_own(path).then_some(Type::Imported {
                    path,
                    name,
                    pointer: true,
                })
            }
            _ => None,
        }
    }

    /// A name of this package.
    pub(super) fn slot(&self, name: &str) -> Key {
        Key::at("slot", self.unit.place.as_str(), name)
    }
}

/// Functions and types of the language, which are called alike.
///
/// Source: <https://go.dev/ref/spec#Predeclared_identifiers>
fn is_predeclared(name: &str) -> bool {
    matches!(
        name,
        "append"
            | "any"
            | "bool"
            | "byte"
            | "cap"
            | "clear"
            | "close"
            | "complex"
            | "copy"
            | "delete"
            | "error"
            | "float32"
            | "float64"
            | "imag"
            | "int"
            | "int16"
            | "int32"
            | "int64"
            | "int8"
            | "len"
            | "make"
            | "max"
            | "min"
            | "new"
            | "panic"
            | "print"
            | "println"
            | "real"
            | "recover"
            | "rune"
            | "string"
            | "uint"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uint8"
            | "uintptr"
    )
}

/// A name of an imported package.
pub(super) fn imported(path: &str, name: &str) -> Key {
    Key::at("slot", Key::new("gopkg", path), name)
}

/// The elements of a literal of a list.
pub(super) fn elements(literal: Node<'_>) -> Vec<Node<'_>> {
    let body = literal
        .child_by_field_name("body")
        .map(named)
        .unwrap_or_default();
    let plain = body
        .into_iter()
        .filter(|one| one.kind() == "literal_element");
    plain.filter_map(|one| one.named_child(0)).collect()
}

/// The keys and values of a literal of a struct or a map.
pub(super) fn pairs(literal: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    let body = literal
        .child_by_field_name("body")
        .map(named)
        .unwrap_or_default();
    body.into_iter()
        .filter_map(|pair| {
            let key = pair.child_by_field_name("key")?.named_child(0)?;
            let value = pair.child_by_field_name("value")?.named_child(0)?;
            Some((key, value))
        })
        .collect()
}

/// The text between quotes; escapes other than of quotes and backslashes do not occur in addresses.
pub(super) fn unquoted(text: &str) -> String {
    let inner = |quote| {
        text.strip_prefix(quote)
            .and_then(|text| text.strip_suffix(quote))
    };
    match inner('`') {
        Some(raw) => raw.to_owned(),
        None => match inner('"') {
            Some(text) if text.contains('\\') => text.replace("\\\"", "\"").replace("\\\\", "\\"),
            Some(text) => text.to_owned(),
            None => String::new(),
        },
    }
}
