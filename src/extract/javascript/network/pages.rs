//! Routes that the path of a file tells: handlers of Next.
//!
//! Sources: <https://nextjs.org/docs/app/api-reference/file-conventions/route>, <https://nextjs.org/docs/pages/building-your-application/routing/api-routes>

use std::cell::RefCell;

use super::code::Code;
use crate::extract::said::Said;
use crate::model::Key;

const VERBS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Whether a path is that of a handler.
pub(super) fn is_page(path: &str) -> bool {
    (path.contains("/route.") || path.contains("pages/api/")) && route(path).is_some()
}

/// States the routes that a file serves by where it lies.
pub(super) fn serve(code: &Code, path: &str, said: &RefCell<Said>) {
    let Some((route, by_name)) = route(path) else {
        return;
    };
    let mut said = said.borrow_mut();
    for export in &code.exports {
        let verb = match by_name {
            true if VERBS.contains(&&*export.name) => &*export.name,
            false if matches!(&*export.name, "" | "default") => "ANY",
            _ => continue,
        };
        let key = Key::new("http", format!("{verb} {route}"));
        if let Some(statement) = said.provides(key, &export.bytes) {
            statement.with("npm", "next");
        }
    }
}

/// The route of a path; and whether the names of exports are its verbs.
fn route(path: &str) -> Option<(String, bool)> {
    let (path, extension) = path.rsplit_once('.')?;
    if !matches!(extension, "ts" | "js" | "tsx" | "jsx" | "mjs") {
        return None;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let (name, folders) = parts.split_last()?;
    if *name == "route"
        && let Some(app) = folders.iter().position(|folder| *folder == "app")
    {
        return Some((written(&folders[app + 1..]), true));
    }
    let pages = folders
        .windows(2)
        .position(|pair| pair == ["pages", "api"])?;
    let mut below = folders[pages + 1..].to_vec();
    if *name != "index" {
        below.push(name);
    }
    Some((written(&below), false))
}

/// A path of folders as a route: groups and slots are no part of it, parameters are holes.
fn written(folders: &[&str]) -> String {
    let mut route = String::new();
    for folder in folders {
        if folder.starts_with('(') && folder.ends_with(')') || folder.starts_with('@') {
            continue;
        }
        route.push('/');
        match folder.strip_prefix('[') {
            Some(name) if name.trim_start_matches('[').starts_with("...") => route.push('*'),
            Some(_) => route.push_str("{}"),
            None => route.push_str(folder),
        }
    }
    match route.is_empty() {
        true => "/".to_owned(),
        false => route,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_handlers_are_routes() {
        let read = |path: &str| route(path).map(|(route, _)| route);
        assert_eq!(
            read("web/src/app/(shop)/api/items/[id]/route.ts").as_deref(),
            Some("/api/items/{}")
        );
        assert_eq!(
            read("app/api/[...rest]/route.js").as_deref(),
            Some("/api/*")
        );
        assert_eq!(read("web/pages/api/cart.ts").as_deref(), Some("/api/cart"));
        assert_eq!(
            read("pages/api/items/[id]/index.ts").as_deref(),
            Some("/api/items/{}")
        );
        assert_eq!(read("app/items/page.tsx"), None);
        assert_eq!(read("src/route.ts"), None);
        assert_eq!(read("pages/cart.tsx"), None);
    }
}
