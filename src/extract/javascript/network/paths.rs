//! Paths of routes: put together, and with a hole for each of their parameters.

use crate::model::{Part, Template};

/// Appends a path to a prefix.
pub(super) fn add(prefix: &mut Template, path: &Template) {
    let is_root = path.as_text().is_some_and(|path| matches!(path, "" | "/"));
    if is_root {
        return;
    }
    if let Some(Part::Text(end)) = prefix.0.last_mut() {
        *end = end.trim_end_matches('/').into();
    }
    let has_slash = match path.0.first() {
        Some(Part::Text(start)) => start.starts_with('/'),
        Some(Part::Ref(_)) => true,
        _ => false,
    };
    if !has_slash {
        prefix.push(Part::Text("/".into()));
    }
    prefix.extend(path);
}

/// A path with `{}` for its parameters.
pub(super) fn normal(path: &Template) -> Template {
    let mut normal = Template::default();
    for part in &path.0 {
        match part {
            Part::Text(text) => normal.push(Part::Text(plain(text).into())),
            part => normal.push(part.clone()),
        }
    }
    normal
}

/// `/items/:id(\\d+)?` as `/items/{}`.
fn plain(text: &str) -> String {
    let segments = text.split('/').map(|segment| {
        let is_parameter =
            segment.starts_with(':') || segment.starts_with('{') && segment.ends_with('}');
        match is_parameter {
            true => "{}".to_owned(),
            false => match segment.find(':') {
                // `/items/:from-:to` and `/files/v:version` have a parameter inside.
                Some(at) => format!("{}{{}}", &segment[..at]),
                None => segment.to_owned(),
            },
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_paths_are_holes() {
        assert_eq!(plain("/items/:id(\\d+)"), "/items/{}");
        assert_eq!(plain("/items/{id}/parts/*"), "/items/{}/parts/*");
        assert_eq!(plain("/v:major/x"), "/v{}/x");
        assert_eq!(plain("/"), "/");
    }
}
