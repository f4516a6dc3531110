//! Functions and applications that are invoked by name: AWS Lambda, Dapr.
//!
//! Sources: <https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/lambda#InvokeInput>,
//! <https://pkg.go.dev/github.com/dapr/go-sdk/client#Client>

use tree_sitter::Node;

use super::calls::Call;
use super::facts::{Found, Use};
use super::libraries::within;
use super::texts::join;
use super::types::Type;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::{Access, DependencyKind, Key, Template};

pub(super) const DAPR: &str = "github.com/dapr/go-sdk";

/// States the application that a call invokes through Dapr.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let invokes = matches!(
        call.name(),
        "InvokeMethod" | "InvokeMethodWithContent" | "InvokeMethodWithCustomContent"
    );
    if !invokes || !values.unit.imports.values().any(|path| within(path, DAPR)) {
        return;
    }
    let (Some(application), Some(method)) = (call.arguments.get(1), call.arguments.get(2)) else {
        return;
    };
    let verb = call.arguments.get(3).and_then(|verb| values.literal(*verb));
    let verb = verb.filter(|verb| !verb.is_empty());
    let verb = verb.map_or_else(|| "ANY".to_owned(), |verb| verb.to_ascii_uppercase());
    // The application answers under its id, as a host.
    let url = join([
        "http://".into(),
        values.of(*application),
        "/".into(),
        values.of(*method),
    ]);
    let one = Use::call("http", url, verb, DependencyKind::CallInvoke);
    found.add(one, syntax::bytes(call.node));
}

/// Methods of Dapr's client that use a store of state, with what they do.
const STATE: &[(&str, Access)] = &[
    ("DeleteBulkState", Access::Write),
    ("DeleteBulkStateItems", Access::Write),
    ("DeleteState", Access::Write),
    ("DeleteStateWithETag", Access::Write),
    ("ExecuteStateTransaction", Access::Write),
    ("GetBulkState", Access::Read),
    ("GetState", Access::Read),
    ("GetStateWithConsistency", Access::Read),
    ("QueryStateAlpha1", Access::Read),
    ("SaveBulkState", Access::Write),
    ("SaveState", Access::Write),
    ("SaveStateWithETag", Access::Write),
];

/// States the store that a call reads or writes through Dapr, under the name of its component.
pub(super) fn state<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let known = STATE.iter().find(|(name, _)| *name == call.name());
    let (Some((_, access)), Some(store)) = (known, call.arguments.get(1)) else {
        return;
    };
    if !values.unit.imports.values().any(|path| within(path, DAPR)) {
        return;
    }
    let kind = match access {
        Access::Read => DependencyKind::DataRead,
        _ => DependencyKind::DataWrite,
    };
    let at = Template::from(Key::new("store", values.of(*store)));
    let one = Use {
        key: Key::at("store", at, ""),
        kind,
        access: *access,
    };
    found.add(one, syntax::bytes(call.node));
}

/// States the function that a request to Lambda invokes.
pub(super) fn literal<'t>(values: &Values<'_, 't>, node: Node<'t>, found: &mut Found) {
    let ty = node
        .child_by_field_name("type")
        .map(|ty| values.unit.read_type(ty));
    let Some(Type::Imported {
        path,
        name: "InvokeInput" | "InvokeAsyncInput",
        ..
    }) = ty
    else {
        return;
    };
    if !path.ends_with("/service/lambda") {
        return;
    }
    let pairs = pairs(node);
    let name = pairs
        .iter()
        .find(|(key, _)| values.unit.text(*key) == "FunctionName");
    let Some((_, name)) = name else {
        return;
    };
    let one = Use::call(
        "invoke",
        Template::default(),
        values.of(*name),
        DependencyKind::CallInvoke,
    );
    found.add(one, syntax::bytes(node));
}
