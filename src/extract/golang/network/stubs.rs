//! Generated code of gRPC, Connect and Twirp: which service the functions mean that it offers.

use std::ops::Range;

use tree_sitter::Node;

use super::facts::Found;
use super::unit::Unit;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::Template;

/// The most pieces of one file.
const PIECES: usize = 64;

/// The pieces of a text that describe services: generated files are large, and the rest of them says nothing.
pub(super) fn pieces(text: &[u8], found: &mut Found) -> Vec<Range<usize>> {
    // What starts a piece, and what ends it.
    const MARKS: &[(&[u8], &[u8])] = &[
        (b"ServiceDesc{\n", b"\n}"),
        (b"PathPrefix = \"/twirp/", b"\n"),
        (b"\nconst (\n", b"\n)"),
    ];
    let mut pieces = Vec::new();
    for (mark, end) in MARKS {
        // Constants of Connect are names of services; other generators write many that are none.
        if mark.starts_with(b"\nconst")
            && memchr::memmem::find(text, b"connect.HTTPClient").is_none()
        {
            continue;
        }
        for (number, at) in memchr::memmem::find_iter(text, mark).enumerate() {
            if number >= PIECES {
                let message = format!("more than {PIECES} descriptions of services");
                found.left_out(message, at..at + mark.len());
                break;
            }
            let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |line| line + 1);
            let behind = at + mark.len();
            let length = memchr::memmem::find(&text[behind..], end);
            let stop = length.map_or(text.len(), |length| behind + length + end.len());
            pieces.push(start..stop);
        }
    }
    pieces
}

/// States the full name of each service for the functions that make its clients and register its servers.
///
/// `values` are those of the piece of `text` that starts at `offset`.
pub(super) fn read(values: &Values<'_, '_>, text: &[u8], offset: usize, found: &mut Found) {
    let unit = values.unit;
    let mut state = |functions: &[String], service: &str, bytes: Range<usize>| {
        let bytes = offset + bytes.start..offset + bytes.end;
        for function in functions {
            let declared = format!("func {function}(");
            if memchr::memmem::find(text, declared.as_bytes()).is_some() {
                let slot = values.slot(function);
                found.bind(slot, Template::text(service), bytes.clone());
            }
        }
    };
    for literal in &unit.literals {
        if let Some((go, service)) = description(unit, values, *literal) {
            let functions = [format!("New{go}Client"), format!("Register{go}Server")];
            state(&functions, &service, syntax::bytes(*literal));
        }
    }
    for (name, variable) in unit.globals() {
        let Some(init) = variable.inits.first() else {
            continue;
        };
        let value = values.init(init);
        let Some(text) = value.as_text() else {
            continue;
        };
        if let Some(go) = name.strip_suffix("Name").filter(|go| ends_with(text, go)) {
            // `CartServiceName = "acme.cart.CartService"` of Connect.
            let functions = [format!("New{go}Client"), format!("New{go}Handler")];
            state(&functions, text, init.bytes());
        } else if let Some(go) = name.strip_suffix("PathPrefix")
            && let Some(service) = text
                .strip_suffix('/')
                .and_then(|path| path.rsplit('/').next())
        {
            // `CartPathPrefix = "/twirp/acme.cart.Cart/"` of Twirp.
            let functions = [
                format!("New{go}ProtobufClient"),
                format!("New{go}JSONClient"),
                format!("New{go}Server"),
            ];
            state(&functions, service, init.bytes());
        }
    }
}

/// The Go name and the full name in `grpc.ServiceDesc{ServiceName: "acme.Cart", HandlerType: (*CartServer)(nil), …}`.
fn description<'t>(
    unit: &Unit<'t>,
    values: &Values<'_, 't>,
    literal: Node<'t>,
) -> Option<(String, String)> {
    let ty = unit.text(literal.child_by_field_name("type")?);
    if !ty.ends_with("ServiceDesc") {
        return None;
    }
    let pairs = pairs(literal);
    let part = |name: &str| {
        let found = pairs.iter().find(|(key, _)| unit.text(*key) == name);
        found.map(|(_, value)| *value)
    };
    let service = values
        .literal(part("ServiceName")?)
        .filter(|name| !name.is_empty())?;
    let handler = part("HandlerType")
        .map(|node| unit.text(node))
        .unwrap_or_default();
    let go = handler
        .strip_prefix("(*")
        .and_then(|rest| rest.split_once(')'))
        .and_then(|(name, _)| name.strip_suffix("Server"));
    let last = service.rsplit('.').next().unwrap_or_default();
    Some((go.unwrap_or(last).to_owned(), service))
}

/// Whether a full name ends with the name that Go gives to a service.
fn ends_with(service: &str, go: &str) -> bool {
    service
        .rsplit_once('.')
        .is_some_and(|(_, last)| last.eq_ignore_ascii_case(go))
}

/// Whether the comments in front of a package say that a machine made it.
///
/// Source: <https://go.dev/s/generatedcode>
pub(in crate::extract::golang) fn is_generated(comments: &[&str]) -> bool {
    comments.iter().any(|comment| {
        comment.starts_with("// Code generated ") && comment.trim_end().ends_with("DO NOT EDIT.")
    })
}
