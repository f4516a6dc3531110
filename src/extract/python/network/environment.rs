//! The environment and configuration of a program, through the packages that read it.
//!
//! Sources: <https://docs.python.org/3/library/os.html#os.environ>, <https://pydantic.dev/docs/validation/latest/concepts/pydantic_settings/>,
//! <https://github.com/HBNetwork/python-decouple>, <https://github.com/sloria/environs>, <https://django-environ.readthedocs.io>,
//! <https://www.starlette.io/config/>, <https://www.dynaconf.com>, <https://flask.palletsprojects.com/en/stable/config/>,
//! <https://docs.djangoproject.com/en/stable/topics/settings/>

use super::origin::{Base, Origin};
use super::texts::{Frame, Texts};
use super::value::{Call, Start, Value};
use crate::extract::addresses::{hole, or};
use crate::model::{Key, Template};

/// What a name of a library stands for that leads to the configuration: `django.conf.settings.CART_URL`.
pub(super) fn constant(name: &str) -> Option<Template> {
    let setting = name
        .strip_prefix("django.conf.settings.")
        .or_else(|| name.strip_prefix("flask.current_app.config."))?;
    (is_variable(setting)).then(|| Key::new("property", setting).into())
}

/// `os.environ["CART_HOST"]`, `app.config["CART_URL"]`.
pub(super) fn item(texts: &Texts<'_>, object: &Value, name: &Template) -> Option<Template> {
    let known = texts.code.known(object)?;
    match &*known.name {
        "os.environ" => Some(Key::new("env", name.clone()).into()),
        "flask.Flask().config"
        | "flask.current_app.config"
        | "quart.Quart().config"
        | "quart.current_app.config" => {
            let name = name.as_text()?;
            Some(Key::new("property", name).into())
        }
        _ => None,
    }
}

/// What a call that reads configuration gives, or the member of what it gives.
pub(super) fn read(
    texts: &Texts<'_>,
    call: &Call,
    callee: &Origin,
    path: &[&str],
    frame: Option<&Frame<'_>>,
    depth: u32,
) -> Option<Template> {
    let name = || {
        let name = texts.argument_value(call, 0, "key")?;
        let name = texts.read(&name, frame, depth);
        let is_known = !matches!(name.0.as_slice(), [] | [crate::model::Part::Hole]);
        is_known.then_some(name)
    };
    let bound = |space: &'static str, name: Template, at: usize| {
        let default = texts
            .argument_value(call, at, "default")
            .map(|default| texts.read(&default, frame, depth));
        or(Key::new(space, name).into(), || default.unwrap_or_default())
    };
    let known = texts.code.known_of(callee, 0);
    let known = known.as_ref().map_or("", |known| &*known.name);
    match (known, path) {
        (
            "os.environ.get"
            | "os.getenv"
            | "os.environ.setdefault"
            | "os.environ.pop"
            | "decouple.config",
            [],
        ) => Some(bound("env", name()?, 1)),
        ("starlette.config.Config()" | "decouple.AutoConfig()", []) => {
            Some(bound("env", name()?, 2))
        }
        (
            "flask.Flask().config.get"
            | "flask.current_app.config.get"
            | "quart.Quart().config.get"
            | "quart.current_app.config.get",
            [],
        ) => Some(bound("property", name()?, 1)),
        ("dynaconf.Dynaconf", [name]) if is_variable(name) => {
            let property = Template::from(Key::new("property", *name));
            let env = Key::new("env", format!("DYNACONF_{name}"));
            Some(Template::reference(env, Some(property)))
        }
        // `getattr(settings, "CART_URL", "http://cart")`
        ("", []) if is_getattr(callee) => {
            let object = call.arguments.first()?;
            let name = call.arguments.get(1)?.as_text()?;
            let value = texts.read(&object.clone().member(name), frame, depth);
            Some(or(value, || {
                let default = call.arguments.get(2);
                default.map_or_else(Template::default, |default| {
                    texts.read(default, frame, depth)
                })
            }))
        }
        (known, []) if is_env(known) => {
            let name = name()?;
            Some(bound("env", name, 1))
        }
        // A wrapper of one's own: `must_env("CART_SERVICE_ADDR")`.
        _ => {
            let name = call.arguments.first()?.as_text()?;
            let is_own = match &callee.base {
                Base::Module(module) => !super::markers::is_foreign(module),
                _ => false,
            };
            (is_own && path.is_empty() && is_endpoint(name))
                .then(|| bound("env", Template::text(name), 1))
        }
    }
}

/// `env("X")`, `env.str("X")` of environs and django-environ.
fn is_env(known: &str) -> bool {
    let rest = known
        .strip_prefix("environs.Env()")
        .or_else(|| known.strip_prefix("environ.Env()"))
        .or_else(|| known.strip_prefix("environs.env"))
        .or_else(|| known.strip_prefix("environ.FileAwareEnv()"));
    match rest {
        Some("") => true,
        Some(rest) => matches!(
            rest,
            ".str"
                | ".url"
                | ".int"
                | ".list"
                | ".get_value"
                | ".db"
                | ".db_url"
                | ".cache"
                | ".cache_url"
                | ".dj_db_url"
                | ".dj_cache_url"
                | ".__call__"
        ),
        None => false,
    }
}

fn is_getattr(callee: &Origin) -> bool {
    matches!(&callee.base, Base::Global(name) if &**name == "getattr") && callee.path.is_empty()
}

/// Whether the fields of a class are variables of the environment.
pub(super) fn is_settings(texts: &Texts<'_>, class: Start) -> bool {
    texts.code.extends(class, &|name| {
        matches!(
            name,
            "pydantic.BaseSettings" | "pydantic_settings.BaseSettings" | "pydantic.v1.BaseSettings"
        )
    })
}

/// What a field of a class of settings is: a variable of the environment.
pub(super) fn setting(texts: &Texts<'_>, class: Start, name: &str) -> Option<Template> {
    if !is_settings(texts, class)
        || name.starts_with('_')
        || matches!(name, "model_config" | "Config")
    {
        return None;
    }
    let known = texts.code.classes.get(&class)?;
    let value = texts.code.field_value(class, name);
    let is_declared = known.declared.iter().any(|(known, ..)| **known == *name);
    if value.is_none() && !is_declared {
        return None;
    }
    let value = value.map(|(_, value)| value);
    if let Some(Value::Function(_)) = value {
        return None;
    }
    let prefix = prefix(texts, class).unwrap_or_default();
    let mut variable = format!("{prefix}{name}").to_uppercase();
    let mut default = value.clone();
    if let Some(Value::Call(call)) = &value {
        let maker = texts.code.near_origin(&call.callee).dotted();
        if maker.is_some_and(|name| name.ends_with(".Field")) {
            let aliases = ["env", "validation_alias", "alias"];
            let mut aliases = aliases.iter().filter_map(|name| call.keyword(name));
            if let Some(alias) = aliases.next() {
                let alias = texts.each(alias);
                if let Some(Value::Text(alias)) = alias.first() {
                    variable = alias.to_string();
                }
            }
            default = texts.argument_value(call, 0, "default");
        } else if !matches!(texts.code.near_origin(&call.callee).base, Base::Module(_)) {
            // A property, which makes it of other fields.
            return None;
        }
    }
    let is_ellipsis = matches!(default, Some(Value::Unknown));
    let default = default.filter(|_| !is_ellipsis);
    Some(or(Key::new("env", variable).into(), || {
        match default.map(|default| texts.text(&default)) {
            Some(default) if default != hole() => default,
            _ => Template::default(),
        }
    }))
}

/// What stands in front of the variables of a class of settings.
fn prefix(texts: &Texts<'_>, class: Start) -> Option<String> {
    if let Some((_, Value::Class(config))) = texts.code.field_value(class, "Config") {
        return texts.literal(&texts.code.own_field(config, "env_prefix")?);
    }
    match texts.code.field_value(class, "model_config")?.1 {
        Value::Call(call) => texts
            .argument(&call, usize::MAX, "env_prefix")?
            .as_text()
            .map(str::to_owned),
        dict => texts.literal(&texts.entry(&dict, "env_prefix")?),
    }
}

/// Whether a name is written as variables of the environment are.
pub(super) fn is_variable(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a variable tells an address by its name.
fn is_endpoint(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "ADDR", "ADDRESS", "BROKER", "BROKERS", "DSN", "ENDPOINT", "HOST", "HOSTNAME", "HOSTS",
        "QUEUE", "SERVER", "SERVERS", "TOPIC", "URI", "URL",
    ];
    is_variable(name) && name.split('_').any(|word| WORDS.contains(&word))
}
