//! Texts put together: defaults, one of two, a path below an address.

use crate::model::{Part, Ref, Template};

/// What nothing tells.
pub(super) fn hole() -> Template {
    Template(vec![Part::Hole])
}

/// A reference takes the default, behind the defaults that it has; what is known needs none; what is unknown stays so.
pub(super) fn or(first: Template, second: impl FnOnce() -> Template) -> Template {
    match first.0.as_slice() {
        [] => second(),
        [Part::Ref(reference)] => {
            let default = match &reference.default {
                None => second(),
                Some(default) => or(default.clone(), second),
            };
            // An empty default tells nothing.
            Template::reference(
                reference.key.clone(),
                Some(default).filter(|default| !default.is_empty()),
            )
        }
        _ => first,
    }
}

/// One of two: a name that is bound elsewhere has the other as its default; of two addresses the one that is no machine's own.
pub(super) fn either(first: Template, second: Template) -> Template {
    let is_bound =
        |text: &Template| matches!(text.0.as_slice(), [Part::Ref(one)] if one.default.is_none());
    let is_local = |text: &Template| {
        let start = match text.0.first() {
            Some(Part::Text(start)) => start,
            _ => return false,
        };
        start.contains("localhost") || start.contains("127.0.0.1")
    };
    let is_known =
        |text: &Template| !text.is_empty() && !matches!(text.0.first(), Some(Part::Hole));
    match (&first, &second) {
        _ if first == second => first,
        (_, empty) if empty.is_empty() => first,
        (empty, _) if empty.is_empty() => second,
        (name, default) if is_bound(name) && default.is_literal() => or(first, || second),
        (default, name) if is_bound(name) && default.is_literal() => or(second, || first),
        _ if is_local(&first) && is_known(&second) => second,
        _ if is_local(&second) && is_known(&first) => first,
        _ => hole(),
    }
}

/// A path below an address; a whole address stays as it is.
pub(super) fn joined(base: &Template, path: &Template) -> Template {
    let is_whole = match path.0.first() {
        Some(Part::Text(start)) => start.contains("://"),
        Some(Part::Ref(_)) => base.is_empty(),
        _ => false,
    };
    if is_whole || base.is_empty() {
        return path.clone();
    }
    if path.is_empty() {
        return base.clone();
    }
    let mut joined = base.clone();
    let mut rest = path.clone();
    if let Some(Part::Text(end)) = joined.0.last_mut()
        && let Some(cut) = end.strip_suffix('/')
        && !cut.ends_with('/')
    {
        *end = cut.into();
    }
    if let Some(Part::Text(start)) = rest.0.first_mut() {
        *start = start.trim_start_matches('/').into();
    }
    joined.push(Part::Text("/".into()));
    joined.extend(&rest);
    joined
}

/// An address without what stands in front of its host.
pub(super) fn without_users(address: &Template) -> Template {
    const AUTHORITY: &str = "://";
    let mut plain = Template::default();
    // What stands between `://` and `@` is held back until it is known what it is.
    let mut held: Option<Template> = None;
    for part in &address.0 {
        let Part::Text(text) = part else {
            held.as_mut().unwrap_or(&mut plain).push(tidy(part));
            continue;
        };
        let mut rest: &str = text;
        if held.is_none()
            && let Some(at) = rest.find(AUTHORITY)
        {
            let (scheme, behind) = rest.split_at(at + AUTHORITY.len());
            plain.push(Part::Text(scheme.into()));
            held = Some(Template::default());
            rest = behind;
        }
        let Some(mut user) = held.take() else {
            plain.push(Part::Text(rest.into()));
            continue;
        };
        match rest.find(['/', '@', '?']) {
            Some(end) if rest[end..].starts_with('@') => {
                let behind = rest[end..].trim_start_matches('@');
                plain.push(Part::Text(behind.into()));
            }
            Some(_) => {
                plain.extend(&user);
                plain.push(Part::Text(rest.into()));
            }
            None => {
                user.push(Part::Text(rest.into()));
                held = Some(user);
            }
        }
    }
    if let Some(user) = held {
        plain.extend(&user);
    }
    plain
}

/// A reference whose default has no user and password; defaults are nested as deeply as texts are read.
fn tidy(part: &Part) -> Part {
    match part {
        Part::Ref(reference) => Part::Ref(Box::new(Ref {
            key: reference.key.clone(),
            default: reference.default.as_ref().map(without_users),
        })),
        part => part.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Template {
        Template::parse(text, &["env"]).unwrap()
    }

    #[test]
    fn users_and_passwords_are_left_out_of_addresses() {
        for (whole, plain) in [
            ("postgres://u:p@db:5432/orders", "postgres://db:5432/orders"),
            (
                "mongodb://${env:USER}:${env:PASS}@mongo/x",
                "mongodb://mongo/x",
            ),
            ("postgres://u:p@${env:HOST}/x", "postgres://${env:HOST}/x"),
            ("redis://${env:HOST}:6379", "redis://${env:HOST}:6379"),
            ("http://cart/a@b", "http://cart/a@b"),
            ("${env:URL}", "${env:URL}"),
            ("${env:URL|amqp://u:p@queue}", "${env:URL|amqp://queue}"),
            ("http://cart", "http://cart"),
        ] {
            assert_eq!(without_users(&read(whole)).to_string(), plain);
        }
    }

    #[test]
    fn defaults_go_to_the_innermost_name() {
        let or = |first: &str, second: &str| or(read(first), || read(second)).to_string();
        assert_eq!(or("${env:A}", "a"), "${env:A|a}");
        assert_eq!(or("${env:A|${env:B}}", "b"), "${env:A|${env:B|b}}");
        assert_eq!(or("${env:A}", ""), "${env:A}");
        assert_eq!(or("{}", "a"), "{}");
    }

    #[test]
    fn of_two_addresses_the_one_that_is_elsewhere_counts() {
        let either = |first: &str, second: &str| either(read(first), read(second)).to_string();
        assert_eq!(either("http://cart", "http://localhost:1"), "http://cart");
        assert_eq!(either("cart", "${env:CART}"), "${env:CART|cart}");
        assert_eq!(either("http://a", "http://b"), "{}");
    }

    #[test]
    fn paths_are_joined_with_one_slash() {
        let joined = |base: &str, path: &str| joined(&read(base), &read(path)).to_string();
        assert_eq!(joined("http://cart/", "/items"), "http://cart/items");
        assert_eq!(joined("${env:CART}", "items"), "${env:CART}/items");
        assert_eq!(joined("http://cart", "http://stock"), "http://stock");
        assert_eq!(joined("http://cart", ""), "http://cart");
    }
}
