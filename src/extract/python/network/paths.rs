//! Paths of routes, without the names of what stands in their places.
//!
//! Sources: <https://flask.palletsprojects.com/en/stable/api/#url-route-registrations>, <https://www.starlette.io/routing/#path-parameters>,
//! <https://docs.djangoproject.com/en/stable/topics/http/urls/>

use crate::model::{Part, Template};

/// Whether a text can be the path of a route.
pub(super) fn is_path(text: &Template) -> bool {
    match text.0.first() {
        None => true,
        Some(Part::Text(start)) => start.starts_with('/'),
        Some(Part::Ref(_)) => text.0.len() > 1,
        _ => false,
    }
}

/// `/items/<int:id>`, `/items/{id:int}` as `/items/{}`.
pub(super) fn normal(path: &Template) -> Template {
    let mut whole = Template::default();
    for part in &path.0 {
        let Part::Text(text) = part else {
            whole.push(part.clone());
            continue;
        };
        let mut rest: &str = text;
        while let Some(at) = rest.find(['<', '{']) {
            let close = if rest[at..].starts_with('<') {
                '>'
            } else {
                '}'
            };
            let Some(end) = rest[at..].find(close) else {
                break;
            };
            whole.push(Part::Text(rest[..at].into()));
            let name = &rest[at + 1..at + end];
            let is_rest = name.starts_with("path:") || name.ends_with(":path");
            whole.push(match is_rest {
                true => Part::Star,
                false => Part::Hole,
            });
            rest = &rest[at + end + 1..];
        }
        whole.push(Part::Text(rest.into()));
    }
    whole
}

/// `^items/(?P<id>[^/]+)/$` as `items/{}/`.
pub(super) fn of_pattern(pattern: &Template) -> Template {
    let mut whole = Template::default();
    for part in &pattern.0 {
        let Part::Text(text) = part else {
            whole.push(part.clone());
            continue;
        };
        let mut depth = 0usize;
        let mut is_class = false;
        let mut plain = String::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => {
                    let next = letters.next();
                    if depth == 0 && !is_class {
                        match next {
                            Some('.' | '/' | '-' | '_') => plain.extend(next),
                            Some('Z' | 'A' | 'b') | None => {}
                            Some(_) => plain.push('\0'),
                        }
                    }
                }
                '[' if !is_class => is_class = true,
                ']' if is_class => {
                    is_class = false;
                    if depth == 0 {
                        plain.push('\0');
                    }
                }
                _ if is_class => {}
                '(' => {
                    if depth == 0 {
                        plain.push('\0');
                    }
                    depth += 1;
                }
                ')' => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                '^' | '$' | '?' | '+' | '*' => {}
                '.' => plain.push('\0'),
                letter => plain.push(letter),
            }
        }
        let mut pieces = plain.split('\0').peekable();
        while let Some(piece) = pieces.next() {
            whole.push(Part::Text(piece.into()));
            if pieces.peek().is_some() && whole.0.last() != Some(&Part::Hole) {
                whole.push(Part::Hole);
            }
        }
    }
    whole
}

/// A path below a prefix, with one slash between them.
pub(super) fn under(prefix: &Template, path: &Template) -> Template {
    let mut whole = prefix.clone();
    let mut rest = path.clone();
    if let (Some(Part::Text(end)), Some(Part::Text(start))) = (whole.0.last(), rest.0.first_mut())
        && end.ends_with('/')
        && let Some(tail) = start.strip_prefix('/')
    {
        *start = tail.into();
    }
    whole.extend(&rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callers_put_into_paths_has_no_name() {
        for (path, plain) in [
            ("/items/<int:id>", "/items/{}"),
            ("/items/<id>/parts/<path:rest>", "/items/{}/parts/*"),
            ("/items/{id}", "/items/{}"),
            ("/items/{id:int}/x", "/items/{}/x"),
            ("/a<b", "/a<b"),
        ] {
            assert_eq!(normal(&Template::text(path)).to_string(), plain);
        }
        for (pattern, plain) in [
            (r"^items/(?P<id>[^/]+)/$", "items/{}/"),
            (r"^items/(?P<id>(a|b)+)$", "items/{}"),
            (r"/v1/[a-z]+/x\.json", "/v1/{}/x.json"),
            (r"^$", ""),
            (r"^\d+/x", "{}/x"),
        ] {
            assert_eq!(of_pattern(&Template::text(pattern)).to_string(), plain);
        }
    }
}
