//! What do well-known functions give: of the standard library, of gRPC, of helpers that read the environment?

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::libraries::{self, is};
use super::texts::{
    is_environment_end, is_environment_key, is_unknown, join, leads, or, target, unknown,
};
use super::unit::Value;
use super::value::{Values, pairs, unquoted};
use super::{flags, routes, viper};
use crate::model::{Key, Part, Template};

/// The text of a well-known constant.
pub(super) fn constant(path: &str, name: &str) -> Option<&'static str> {
    if !matches!(path, "net/http") {
        return None;
    }
    Some(match name {
        "MethodConnect" => "CONNECT",
        "MethodDelete" => "DELETE",
        "MethodGet" => "GET",
        "MethodHead" => "HEAD",
        "MethodOptions" => "OPTIONS",
        "MethodPatch" => "PATCH",
        "MethodPost" => "POST",
        "MethodPut" => "PUT",
        "MethodTrace" => "TRACE",
        _ => return None,
    })
}

/// The environment variable that a key names.
pub(super) fn environment(key: Template) -> Template {
    match key.as_text().is_some_and(str::is_empty) || key.0.contains(&Part::Hole) {
        true => unknown(),
        false => Key::new("env", key).into(),
    }
}

/// What a field of a well-known value holds: the name of a queue that was just declared.
pub(super) fn field<'t>(
    values: &Values<'_, 't>,
    operand: Node<'t>,
    field: &str,
) -> Option<Template> {
    let unit = values.unit;
    match field {
        "Name" if operand.kind() == "identifier" => {
            let (_, variable) = unit.variable(unit.text(operand), operand.start_byte())?;
            variable.inits.iter().find_map(|init| {
                let (Value::Result(node, 0) | Value::Expression(node)) = init.value else {
                    return None;
                };
                let call = Call::read(unit, node)?;
                let (_, name) = call.method()?;
                let declares = matches!(name, "QueueDeclare" | "QueueDeclarePassive");
                declares.then(|| call.arguments.first().map(|name| values.of(*name)))?
            })
        }
        // Variables of the request that is served.
        "URL" | "Body" | "Header" | "Host" | "Form" => Some(unknown()),
        _ => None,
    }
}

/// `settings["StockAddress"]` of a map that was decoded from a file.
pub(super) fn setting<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Template> {
    let unit = values.unit;
    let operand = node.child_by_field_name("operand")?;
    let key = node.child_by_field_name("index")?;
    if operand.kind() != "identifier" || key.kind() != "interpreted_string_literal" {
        return None;
    }
    let (_, variable) = unit.variable(unit.text(operand), operand.start_byte())?;
    let decoded = variable.inits.iter().any(|init| match init.value {
        Value::Out(call) => Call::read(unit, call)
            .is_some_and(|call| call.name().starts_with("Unmarshal") || call.name() == "Decode"),
        _ => false,
    });
    decoded.then(|| Key::new("property", unquoted(unit.text(key))).into())
}

/// A parameter of a function that a call is given: the router below a path.
pub(super) fn closure<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Template {
    let call = Call::read(values.unit, node);
    call.and_then(|call| routes::mounted(values, &call))
        .unwrap_or_else(unknown)
}

/// What a call writes to where a pointer of it leads.
pub(super) fn out<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Template {
    let Some(call) = Call::read(values.unit, node) else {
        return unknown();
    };
    if let Some(value) = flags::out(values, &call) {
        return value;
    }
    if let Some(value) = by_key(values, &call, true) {
        return value;
    }
    // Others decode, scan, lock: only what this package itself makes of an address is one.
    match call.callee {
        Callee::Local(_) => values.passed(&call),
        Callee::Method { .. } if values.function_name(&call).is_some() => values.passed(&call),
        _ => unknown(),
    }
}

/// The value of a literal of a well-known struct.
pub(super) fn composite<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Template> {
    let ty = node.child_by_field_name("type")?;
    if values.unit.text(ty) != "url.URL" {
        return None;
    }
    let pairs = pairs(node);
    let part = |name: &str| {
        let found = pairs.iter().find(|(key, _)| values.unit.text(*key) == name);
        found.map(|(_, value)| values.of(*value))
    };
    let scheme = part("Scheme").filter(|scheme| !is_unknown(scheme));
    let host = part("Host").unwrap_or_else(unknown);
    let path = part("Path").unwrap_or_default();
    let slash = match path.0.first() {
        Some(Part::Text(text)) if !text.starts_with('/') => "/",
        _ => "",
    };
    Some(join([
        scheme.unwrap_or_else(|| "http".into()),
        "://".into(),
        host,
        slash.into(),
        path,
    ]))
}

/// What a call gives; `None`: it is not well-known.
pub(super) fn call<'t>(
    values: &Values<'_, 't>,
    call: &Call<'t>,
    number: usize,
) -> Option<Template> {
    let argument = |at: usize| {
        let value = call.arguments.get(at).map(|argument| values.of(*argument));
        Some(value.unwrap_or_else(unknown))
    };
    if let Some(value) = flags::value(values, call).or_else(|| viper::value(values, call)) {
        return Some(value);
    }
    if number > 0 {
        // The second result of a look-up is no text.
        let library = call.of_package("os").or(call.of_package("syscall"));
        return library.map(|_| unknown());
    }
    match call.callee {
        Callee::Package { path, name } => {
            if matches!(path, "os" | "syscall") && matches!(name, "Getenv" | "LookupEnv") {
                return Some(environment(argument(0)?));
            }
            if let Some(value) = standard(values, call, path, name) {
                return Some(value);
            }
            if is(path, "google.golang.org/grpc") {
                return match name {
                    "Dial" | "NewClient" => Some(target(argument(0)?)),
                    "DialContext" => Some(target(argument(1)?)),
                    _ => Some(unknown()),
                };
            }
            if is_pointer_helper(name) && call.arguments.len() == 1 {
                return argument(0);
            }
            if let Some(value) = by_key(values, call, false) {
                return Some(value);
            }
            libraries::is_standard(path).then(unknown)
        }
        Callee::Method { receiver, name } => match name {
            "String" if call.arguments.is_empty() && values.function_name(call).is_none() => {
                Some(values.of(receiver))
            }
            "JoinPath" => Some(path_below(values.of(receiver), values, &call.arguments)),
            "Group" | "PathPrefix" | "Subrouter" | "Route" | "With" => {
                routes::group(values, call).or_else(|| by_key(values, call, false))
            }
            _ => by_key(values, call, false),
        },
        Callee::Local("string") => argument(0),
        Callee::Local(
            "make" | "new" | "len" | "cap" | "append" | "copy" | "min" | "max" | "recover",
        ) => Some(unknown()),
        Callee::Local(name) => {
            // What the body tells is worth more than the name.
            let reads = values
                .unit
                .function(name)
                .is_some_and(|function| !function.returns.is_empty());
            match reads {
                true => None,
                false => by_key(values, call, false),
            }
        }
        Callee::Other => None,
    }
}

/// `getenv("CART_ADDR", "cart:7070")` of any helper: a text that is written as such keys are,
/// where the helper or the key says what it is about.
fn by_key<'t>(values: &Values<'_, 't>, call: &Call<'t>, writes: bool) -> Option<Template> {
    let unit = values.unit;
    let at = call.arguments.iter().position(|argument| {
        matches!(
            argument.kind(),
            "interpreted_string_literal" | "raw_string_literal"
        ) && is_environment_key(&unquoted(unit.text(*argument)))
    })?;
    let key = unquoted(unit.text(call.arguments[at]));
    let name = call.name().to_ascii_lowercase();
    if !(name.contains("env") || is_environment_end(&key)) || name.contains("setenv") {
        return None;
    }
    let mut value = environment(key.into());
    let rest = call.arguments.iter().skip(at + 1);
    let rest: Vec<&Node<'t>> = rest
        .filter(|argument| !unit.text(**argument).starts_with('&'))
        .collect();
    if let [default] = rest.as_slice() {
        let default = values.of(**default);
        // A second key or a word for the log is no default of an address.
        if default.is_literal() && !writes || leads(&default) {
            value = or(value, default);
        }
    }
    Some(value)
}

/// `aws.String(x)`, `proto.String(x)`, `lo.ToPtr(x)`: a pointer to what they get.
fn is_pointer_helper(name: &str) -> bool {
    matches!(
        name,
        "Of" | "Ptr"
            | "Pointer"
            | "String"
            | "StringPtr"
            | "StringValue"
            | "To"
            | "ToPtr"
            | "ToString"
    )
}

/// Functions of the standard library that make texts.
fn standard<'t>(
    values: &Values<'_, 't>,
    call: &Call<'t>,
    path: &str,
    name: &str,
) -> Option<Template> {
    let arguments = &call.arguments;
    let argument = |at: usize| {
        arguments
            .get(at)
            .map_or_else(unknown, |argument| values.of(*argument))
    };
    let text = match (path, name) {
        ("fmt", "Sprintf") => format(values, arguments),
        ("fmt", "Sprint") => join(arguments.iter().map(|argument| values.of(*argument))),
        ("net", "JoinHostPort") => join([argument(0), ":".into(), argument(1)]),
        ("net/url", "Parse" | "ParseRequestURI") => argument(0),
        ("net/url", "JoinPath") => {
            path_below(argument(0), values, arguments.get(1..).unwrap_or_default())
        }
        ("path", "Join") => path_below(argument(0), values, arguments.get(1..).unwrap_or_default()),
        (
            "strings",
            "Clone" | "Split" | "SplitN" | "Fields" | "ToLower" | "Trim" | "TrimLeft"
            | "TrimPrefix" | "TrimRight" | "TrimSpace" | "TrimSuffix",
        ) => {
            let value = argument(0);
            match (name, value.as_text()) {
                ("TrimSuffix", Some(text)) => {
                    let end = argument(1);
                    text.strip_suffix(end.as_text().unwrap_or("/"))
                        .unwrap_or(text)
                        .into()
                }
                _ => value,
            }
        }
        ("strings", "Join") => argument(0),
        ("strings" | "strconv", _) => match (name, argument(0)) {
            ("Itoa", text) if text.is_literal() => text,
            _ => unknown(),
        },
        ("cmp", "Or") => {
            let all = arguments.iter().map(|argument| values.of(*argument));
            all.reduce(or).unwrap_or_default()
        }
        ("os", "ExpandEnv") => match argument(0).as_text() {
            Some(text) => expanded(text),
            None => unknown(),
        },
        _ => return None,
    };
    Some(text)
}

/// A path and pieces below it.
fn path_below<'t>(base: Template, values: &Values<'_, 't>, pieces: &[Node<'t>]) -> Template {
    let mut joined = base;
    for piece in pieces {
        let piece = values.of(*piece);
        let ends = matches!(joined.0.last(), Some(Part::Text(text)) if text.ends_with('/'));
        let starts = matches!(piece.0.first(), Some(Part::Text(text)) if text.starts_with('/'));
        match (ends, starts) {
            (false, false) => joined.push(Part::Text("/".into())),
            (true, true) => {
                if let Some(Part::Text(text)) = joined.0.pop() {
                    joined.push(Part::Text(text[..text.len() - 1].into()));
                }
            }
            _ => {}
        }
        joined.extend(&piece);
    }
    joined
}

/// `fmt.Sprintf`: what verbs print, where it is a text.
///
/// Source: <https://pkg.go.dev/fmt#hdr-Printing>
fn format<'t>(values: &Values<'_, 't>, arguments: &[Node<'t>]) -> Template {
    let Some((first, rest)) = arguments.split_first() else {
        return unknown();
    };
    let pattern = values.of(*first);
    let Some(pattern) = pattern.as_text() else {
        return unknown();
    };
    let mut text = Template::default();
    let mut next = 0;
    let mut pieces = pattern.split('%');
    text.push(Part::Text(pieces.next().unwrap_or_default().into()));
    let mut doubled = false;
    for piece in pieces {
        if std::mem::take(&mut doubled) {
            text.push(Part::Text(piece.into()));
            continue;
        }
        // `%%`
        if piece.is_empty() {
            text.push(Part::Text("%".into()));
            doubled = true;
            continue;
        }
        let length = piece
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(piece.len());
        let (mark, behind) = piece.split_at(length);
        let verb = behind.chars().next();
        if let Some(number) = mark
            .strip_prefix('[')
            .and_then(|mark| mark.strip_suffix(']'))
        {
            next = number
                .parse::<usize>()
                .map_or(next, |number| number.saturating_sub(1));
        }
        let value = rest.get(next).map(|argument| values.of(*argument));
        next += 1;
        match (verb, value) {
            (Some('s' | 'v' | 'd'), Some(value)) => text.extend(&value),
            _ => text.push(Part::Hole),
        }
        text.push(Part::Text(behind.get(1..).unwrap_or_default().into()));
    }
    text
}

/// `$NAME` and `${NAME}` in a text.
fn expanded(text: &str) -> Template {
    let mut template = Template::default();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        template.push(Part::Text(before.into()));
        let braced = behind
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let (name, after) = braced.unwrap_or_else(|| {
            let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            behind.split_at(end.unwrap_or(behind.len()))
        });
        match name.is_empty() {
            true => template.push(Part::Text("$".into())),
            false => template.extend(&environment(name.into())),
        }
        rest = after;
    }
    template.push(Part::Text(rest.into()));
    template
}
