//! Settings by viper: keys, defaults, and the variables of the environment that set them.
//!
//! Source: <https://pkg.go.dev/github.com/spf13/viper>

use super::calls::{Call, Callee};
use super::known::environment;
use super::libraries::is;
use super::texts::{is_unknown, or};
use super::value::Values;
use crate::model::{Key, Template};

const VIPER: &str = "github.com/spf13/viper";

/// `viper.GetString("cart.addr")`, also of an instance.
pub(super) fn value<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Template> {
    if !matches!(call.name(), "GetString" | "GetStringSlice") || call.arguments.len() != 1 {
        return None;
    }
    of_viper(values, call)?;
    let key = values.literal(call.arguments[0])?;
    Some(property(&key).into())
}

/// What a call says of a key: its default, its variable of the environment.
pub(super) fn bound<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<(Key, Template)> {
    if !matches!(call.name(), "SetDefault" | "BindEnv") {
        return None;
    }
    of_viper(values, call)?;
    let key = values.literal(*call.arguments.first()?)?;
    // Without a name of its own, the key in capitals is the variable.
    let mut value = Template::default();
    if call.name() == "BindEnv" {
        for variable in call.arguments.iter().skip(1) {
            value = or(value, environment(values.of(*variable)));
        }
        if call.arguments.len() == 1 {
            value = environment(variable(&key).into());
        }
    } else {
        value = or(
            environment(variable(&key).into()),
            values.of(*call.arguments.get(1)?),
        );
    }
    (!value.is_empty() && !is_unknown(&value)).then(|| (property(&key), value))
}

/// The variable of a key, as it is with `AutomaticEnv` and the usual replacer.
fn variable(key: &str) -> String {
    key.to_ascii_uppercase().replace(['.', '-'], "_")
}

fn property(key: &str) -> Key {
    Key::new("property", key)
}

fn of_viper<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<()> {
    let imported = values.unit.imports.values().any(|path| is(path, VIPER));
    let fits = match call.callee {
        Callee::Package { path, .. } => is(path, VIPER),
        Callee::Method { .. } => imported,
        _ => false,
    };
    fits.then_some(())
}
