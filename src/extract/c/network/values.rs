//! What expressions of C++ come to: texts, and references to what is bound elsewhere.
//!
//! Parameters of functions are slots of the program: a name with external linkage means the same function in all of its
//! files (<https://eel.is/c++draft/basic.link>), whichever header declares it.

use tree_sitter::Node;

use super::names::Name;
use super::unit::{Call, Init, Unit, named};
use crate::extract::said::Said;
use crate::extract::syntax;
use crate::model::{Key, Part, Ref, Template};

/// The deepest chain of expressions and variables.
const DEPTH: usize = 24;

/// The longest name that may be a host.
const HOST: usize = 63;

/// The place of the parameters of functions.
const PROGRAM: &str = "c++";

/// Methods and functions that give the same text in another type.
const SAME: &[&str] = &[
    "GetString",
    "String",
    "as",
    "asCString",
    "asString",
    "as_string",
    "c_str",
    "data",
    "forward",
    "get",
    "get_ref",
    "move",
    "str",
    "string",
    "string_view",
    "to_string",
    "value_or",
];

/// Namespaces whose functions are nobody's here.
pub(super) const LIBRARIES: &[&str] = &["absl", "boost", "fmt", "std"];

/// Functions and types of libraries whose parameters say nothing to anybody here.
const KNOWN: &[&str] = &[
    "CreateChannel",
    "CreateCustomChannel",
    "NewStub",
    "THttpClient",
    "TSSLSocket",
    "TServerSocket",
    "TSocket",
    "Url",
    "getenv",
];

/// Evaluates expressions of one file.
pub(super) struct Values<'u, 't> {
    pub(super) unit: &'u Unit<'t>,
}

impl<'u, 't> Values<'u, 't> {
    pub(super) fn new(unit: &'u Unit<'t>) -> Self {
        Self { unit }
    }

    /// What an expression comes to.
    pub(super) fn of(&self, node: Node<'t>) -> Template {
        self.fold(node, 0)
    }

    fn fold(&self, node: Node<'t>, depth: usize) -> Template {
        if depth > DEPTH {
            return unknown();
        }
        let one = |node| self.fold(node, depth + 1);
        match node.kind() {
            "string_literal" | "raw_string_literal" | "concatenated_string" => self.literal(node),
            "number_literal" => Template::text(self.unit.text(node)),
            "identifier" | "type_identifier" => self.variable(node, depth),
            "field_expression" => self.member(node, depth),
            "binary_expression" => match operator(node) {
                Some("+") => {
                    let sides = [
                        node.child_by_field_name("left"),
                        node.child_by_field_name("right"),
                    ];
                    join(sides.into_iter().flatten().map(one))
                }
                _ => unknown(),
            },
            "conditional_expression" => {
                let first = node.child_by_field_name("consequence").map(one);
                let second = node.child_by_field_name("alternative").map(one);
                let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
                match (first.as_ref_key(), second.as_ref_key()) {
                    (Some(_), None) => or(first, second),
                    // `e == nullptr ? "default" : e`
                    (None, Some(_)) => or(second, first),
                    _ => unknown(),
                }
            }
            "parenthesized_expression"
            | "initializer_list"
            | "cast_expression"
            | "pointer_expression" => {
                let inner = node
                    .child_by_field_name("value")
                    .or_else(|| node.child_by_field_name("argument"))
                    .or_else(|| match named(node).as_slice() {
                        [inner] => Some(*inner),
                        _ => None,
                    });
                inner.map_or_else(unknown, one)
            }
            "subscript_expression" => self.setting(node, depth).unwrap_or_else(unknown),
            // A parameter without a name that is a variable in truth.
            "parameter_declaration" if node.child_by_field_name("declarator").is_none() => {
                let inner = node.child_by_field_name("type");
                inner.map_or_else(unknown, one)
            }
            _ => match Call::read(node, self.unit.text) {
                Some(call) => self.call(&call, depth),
                None => unknown(),
            },
        }
    }

    fn literal(&self, node: Node<'t>) -> Template {
        let mut text = String::new();
        for node in syntax::Nodes::new(node) {
            match node.kind() {
                "string_content" | "raw_string_content" => text.push_str(self.unit.text(node)),
                // A macro between texts.
                "identifier" => return join([Template::text(text), unknown()]),
                _ => {}
            }
        }
        Template::text(text)
    }

    fn variable(&self, node: Node<'t>, depth: usize) -> Template {
        let name = self.unit.text(node);
        let at = node.start_byte();
        let inits = self.unit.inits(name, at);
        if inits.is_empty() {
            return match self.unit.parameter(name, at) {
                Some((function, number)) if !function.is_empty() && function != "main" => {
                    slot(function, number).into()
                }
                _ => unknown(),
            };
        }
        let mut all = Template::default();
        let mut values: Vec<Template> = Vec::new();
        for init in inits {
            let value = match *init {
                Init::Expression(value) => self.fold(value, depth + 1),
                // `std::string host("cart")`
                Init::Made(call) => match self.unit.calls[call].arguments.as_slice() {
                    [value] => self.fold(*value, depth + 1),
                    _ => unknown(),
                },
            };
            // An empty start says nothing.
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        if let [value] = values.as_slice() {
            all = value.clone();
        }
        // `text += …` goes on; nothing is certain of what is given twice.
        if all.is_empty() { unknown() } else { all }
    }

    fn member(&self, node: Node<'t>, depth: usize) -> Template {
        let object = node.child_by_field_name("argument");
        let field = node.child_by_field_name("field");
        let (Some(object), Some(field)) = (object, field) else {
            return unknown();
        };
        self.field_of(object, self.unit.text(field), depth)
    }

    /// What was given to a field of an object.
    pub(super) fn field_of(&self, object: Node<'t>, field: &str, depth: usize) -> Template {
        let path = format!("{}.{field}", self.unit.text(object));
        match self.unit.field(path, object.start_byte()) {
            [value] if depth < DEPTH => self.fold(*value, depth + 1),
            _ => unknown(),
        }
    }

    /// `config["cart"]["host"]`, `config.at("cart").value("host", "localhost")`: a setting of that name.
    fn setting(&self, node: Node<'t>, depth: usize) -> Option<Template> {
        let mut keys: Vec<Template> = Vec::new();
        let mut default = None;
        let mut at = node;
        for _ in 0..DEPTH {
            let (object, key) = match at.kind() {
                "subscript_expression" => {
                    let indices = at.child_by_field_name("indices")?;
                    (
                        at.child_by_field_name("argument")?,
                        *named(indices).first()?,
                    )
                }
                "call_expression" => {
                    let call = Call::read(at, self.unit.text)?;
                    match (call.name.last, call.arguments.as_slice()) {
                        ("at", [key]) => (call.receiver?, *key),
                        ("value", [key, second]) if keys.is_empty() => {
                            default = Some(self.fold(*second, depth + 1));
                            (call.receiver?, *key)
                        }
                        _ => break,
                    }
                }
                _ => break,
            };
            if key.kind() == "number_literal" {
                return None;
            }
            let key = self.fold(key, depth + 1);
            if key.is_empty() || key.0.iter().any(|part| matches!(part, Part::Hole)) {
                return None;
            }
            keys.push(key);
            at = object;
        }
        if keys.is_empty() {
            return None;
        }
        let mut name = Template::default();
        for (number, key) in keys.iter().rev().enumerate() {
            if number > 0 {
                name.push(Part::Text(".".into()));
            }
            name.extend(key);
        }
        let setting = Template::from(Key::new("property", name));
        Some(match default {
            Some(default) => or(setting, default),
            None => setting,
        })
    }

    fn call(&self, call: &Call<'t>, depth: usize) -> Template {
        let one = |node: Node<'t>| self.fold(node, depth + 1);
        if let Some(setting) = self.setting(call.node, depth) {
            return setting;
        }
        match (call.name.last, call.receiver, call.arguments.as_slice()) {
            ("getenv" | "secure_getenv", None, [name, ..]) => match one(*name).as_text() {
                Some(name) if !name.is_empty() => Key::new("env", name).into(),
                _ => unknown(),
            },
            // The channel of a client is where it leads to.
            ("CreateChannel" | "CreateCustomChannel", None, [address, ..]) => one(*address),
            ("StrCat" | "concat", None, parts) => join(parts.iter().map(|part| one(*part))),
            ("value_or", Some(object), [default]) => or(one(object), one(*default)),
            (name, Some(object), []) if SAME.contains(&name) => one(object),
            (name, None, [value, ..]) if SAME.contains(&name) => one(*value),
            ("shared_ptr" | "unique_ptr", None, [value]) => one(*value),
            _ => unknown(),
        }
    }

    /// What constructs the object that an expression means: behind variables and smart pointers.
    pub(super) fn constructed(&self, node: Node<'t>) -> Option<Call<'t>> {
        let mut at = node;
        for _ in 0..DEPTH {
            let call = match at.kind() {
                "identifier" | "type_identifier" => {
                    match self.unit.inits(self.unit.text(at), at.start_byte()) {
                        [Init::Expression(value)] => {
                            at = *value;
                            continue;
                        }
                        [Init::Made(call)] => self.unit.calls[*call].clone(),
                        _ => return None,
                    }
                }
                "parameter_declaration" if at.child_by_field_name("declarator").is_none() => {
                    at = at.child_by_field_name("type")?;
                    continue;
                }
                "pointer_expression" | "parenthesized_expression" => {
                    at = at
                        .child_by_field_name("argument")
                        .or_else(|| at.named_child(0))?;
                    continue;
                }
                _ => Call::read(at, self.unit.text)?,
            };
            let wraps = matches!(call.name.last, "shared_ptr" | "unique_ptr" | "move")
                || call.name.last.ends_with("_pointer_cast");
            match (wraps, call.arguments.as_slice()) {
                (true, [inner]) => at = *inner,
                _ => return Some(call),
            }
        }
        None
    }

    /// The address in a list of arguments: a host with a port behind it.
    pub(super) fn address(&self, arguments: &[Node<'t>]) -> Option<Template> {
        arguments.windows(2).find_map(|pair| {
            let &[host, port] = pair else {
                return None;
            };
            if !self.is_port(port) || self.is_port(host) {
                return None;
            }
            let host = self.of(host);
            is_end(&host).then(|| with_port(host, self.of(port)))
        })
    }

    /// Whether an expression is the number of a port: by its value, or by its name.
    fn is_port(&self, node: Node<'t>) -> bool {
        let text = self.unit.text(node);
        match node.kind() {
            "number_literal" => text.len() >= 2 && text.parse::<u16>().is_ok(),
            _ => text.len() < HOST && text.to_ascii_lowercase().contains("port"),
        }
    }

    /// What a call gives to the parameters of a function that may be of another file.
    pub(super) fn given(&self, call: &Call<'t>, said: &mut Said) {
        let Name { last, .. } = &call.name;
        if call.receiver.is_some() || call.name.is_of(LIBRARIES) || KNOWN.contains(last) {
            return;
        }
        for (number, argument) in call.arguments.iter().enumerate() {
            let value = self.of(*argument);
            if is_end(&value) {
                let bytes = syntax::bytes(*argument);
                said.binds(slot(last, number), value, &bytes);
            }
        }
    }
}

fn slot(function: &str, number: usize) -> Key {
    Key::at("slot", PROGRAM, format!("{function}#{number}"))
}

fn operator(node: Node<'_>) -> Option<&str> {
    let operator = node.child_by_field_name("operator")?;
    Some(operator.kind())
}

/// A piece that nothing tells.
pub(super) fn unknown() -> Template {
    Template(vec![Part::Hole])
}

/// One after the other.
pub(super) fn join(parts: impl IntoIterator<Item = Template>) -> Template {
    let mut joined = Template::default();
    for part in parts {
        joined.extend(&part);
    }
    joined
}

/// The host with its port, where that is known.
pub(super) fn with_port(host: Template, port: Template) -> Template {
    match port.0.iter().any(|part| matches!(part, Part::Hole)) {
        true => host,
        false => join([host, Template::text(":"), port]),
    }
}

/// A reference takes the default; what is known needs none.
fn or(first: Template, second: Template) -> Template {
    match first.0.as_slice() {
        [] | [Part::Hole] => second,
        [Part::Ref(reference)] if reference.default.is_none() && !is_unknown(&second) => {
            Template(vec![Part::Ref(Box::new(Ref {
                key: reference.key.clone(),
                default: Some(second),
            }))])
        }
        _ => first,
    }
}

/// Whether nothing at all is known.
pub(super) fn is_unknown(template: &Template) -> bool {
    template.0.iter().all(|part| matches!(part, Part::Hole))
}

/// Whether a text may be an address or a piece of one: it is bound elsewhere, or a single word.
pub(super) fn is_end(value: &Template) -> bool {
    let Some(text) = value.as_text() else {
        return value.0.iter().any(|part| matches!(part, Part::Ref(_)));
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let host = text.split("://").last().unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    !text.contains(char::is_whitespace)
        && (2..=HOST).contains(&host.len())
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().any(|byte| byte.is_ascii_alphabetic())
        && host.bytes().all(is_host)
}
