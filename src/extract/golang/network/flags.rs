//! Flags of the command line: what they are called, which variables of the environment set them, and their defaults.
//!
//! Sources: <https://pkg.go.dev/flag>, <https://pkg.go.dev/github.com/spf13/pflag>, <https://pkg.go.dev/github.com/urfave/cli/v2>,
//! <https://pkg.go.dev/github.com/alecthomas/kingpin/v2>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::known::environment;
use super::libraries::within;
use super::texts::{is_unknown, or, unknown};
use super::value::{Values, elements, pairs};
use crate::model::{Key, Template};

const CLI: &str = "github.com/urfave/cli";

/// The flag of a name, with what holds when nobody gives it.
fn flag(name: &str, default: Template) -> Template {
    or(Key::new("flag", name).into(), default)
}

/// Whether a file uses flags at all.
fn has_flags(values: &Values<'_, '_>) -> bool {
    values.unit.imports.values().any(|path| {
        *path == "flag"
            || within(path, "github.com/spf13/pflag")
            || within(path, "github.com/spf13/cobra")
            || within(path, "k8s.io/klog")
    })
}

/// `flag.String(name, default, usage)`, `flags.StringP(name, short, default, usage)`; `c.String(name)` of urfave/cli;
/// `kingpin.Flag(name, help).Default(x).Envar(X).String()`.
pub(super) fn value<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Template> {
    let (at, count) = match call.name() {
        "String" | "StringSlice" => (1, 3),
        "StringP" | "StringSliceP" => (2, 4),
        "Strings" | "URL" | "TCP" => (1, 0),
        "GetString" => (1, 1),
        _ => return None,
    };
    let arguments = &call.arguments;
    if let Callee::Method { receiver, .. } = call.callee
        && arguments.is_empty()
    {
        return kingpin(values, receiver);
    }
    let named = || {
        values
            .literal(*arguments.first()?)
            .filter(|name| is_name(name))
    };
    let is_flag = match call.callee {
        Callee::Package { path, .. } => path == "flag" || within(path, "github.com/spf13/pflag"),
        Callee::Method { .. } => has_flags(values),
        _ => false,
    };
    if is_flag && arguments.len() == count && count > 1 {
        return Some(flag(&named()?, values.of(arguments[at])));
    }
    if let Callee::Method { receiver, name } = call.callee
        && arguments.len() == 1
    {
        let of_cli = values.unit.imports.values().any(|path| within(path, CLI));
        let of_cobra = name == "GetString" && values.unit.text(receiver).ends_with("lags()");
        if of_cli && name != "GetString" || of_cobra {
            return Some(Key::new("flag", named()?).into());
        }
    }
    None
}

/// `flag.StringVar(&x, name, default, usage)`, `flags.StringVarP(&x, name, short, default, usage)`.
pub(super) fn out<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Template> {
    let at = match call.name() {
        "StringVar" | "StringSliceVar" => 2,
        "StringVarP" | "StringSliceVarP" => 3,
        _ => return None,
    };
    let name = values
        .literal(*call.arguments.get(1)?)
        .filter(|name| is_name(name))?;
    Some(flag(&name, values.of(*call.arguments.get(at)?)))
}

/// Flags of urfave/cli: name and value.
pub(super) fn declared<'t>(values: &Values<'_, 't>, literal: Node<'t>) -> Option<(Key, Template)> {
    let unit = values.unit;
    let ty = unit.text(literal.child_by_field_name("type")?);
    if !matches!(ty, "cli.StringFlag" | "cli.StringSliceFlag") {
        return None;
    }
    let mut name = None;
    let mut value = Template::default();
    let mut keys = Vec::new();
    for (key, one) in pairs(literal) {
        match unit.text(key) {
            "Name" => name = values.literal(one),
            "Value" => value = values.of(one),
            "EnvVar" | "Sources" | "EnvVars" => {
                let list = match one.kind() {
                    "composite_literal" => elements(one),
                    "call_expression" => Call::read(unit, one)?.arguments,
                    _ => vec![one],
                };
                keys.extend(list.into_iter().filter_map(|key| values.literal(key)));
            }
            _ => {}
        }
    }
    // The second name of an old version is a short form.
    let name = name?.split(',').next()?.trim().to_owned();
    let keys = keys
        .iter()
        .flat_map(|keys| keys.split(','))
        .map(|key| key.trim().to_owned());
    let mut bound = Template::default();
    for key in keys {
        bound = or(bound, environment(key.into()));
    }
    let bound = or(bound, value);
    (!is_unknown(&bound) && is_name(&name)).then(|| (Key::new("flag", name), bound))
}

fn kingpin<'t>(values: &Values<'_, 't>, receiver: Node<'t>) -> Option<Template> {
    let mut default = Template::default();
    let mut variable = Template::default();
    let mut at = receiver;
    for _ in 0..16 {
        let call = Call::read(values.unit, at)?;
        let first = || {
            call.arguments
                .first()
                .map_or_else(unknown, |first| values.of(*first))
        };
        match call.name() {
            "Default" => default = first(),
            "Envar" | "OverrideDefaultFromEnvar" => variable = environment(first()),
            "Flag" | "Arg" => {
                let name = first();
                let name = name.as_text().filter(|name| is_name(name))?;
                return Some(flag(name, or(variable, default)));
            }
            _ => {}
        }
        at = call.method()?.0;
    }
    None
}

/// Whether a text can be the name of a flag.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
