//! What does the value of a dependency mean: a version of a registry, a workspace, a folder, a repository?
//!
//! Sources: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies>,
//! <https://pnpm.io/workspaces>, <https://pnpm.io/catalogs>, <https://yarnpkg.com/protocols>

use crate::model::{Key, Template, join};

/// Where versions come from when nothing else is said.
const REGISTRY: &str = "registry:npm";

/// Which package a dependency means, and from where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Specifier<'t> {
    pub(super) place: Template,
    /// The package's own name, which an alias changes.
    pub(super) name: &'t str,
}

impl<'t> Specifier<'t> {
    /// Reads the value of the dependency `name` of a manifest in `folder`.
    pub(super) fn read(name: &'t str, value: &'t str, folder: &str) -> Self {
        let value = value.trim();
        let of = |place: String| Self {
            place: place.into(),
            name,
        };
        let Some((protocol, rest)) = value.split_once(':') else {
            return if is_path(value) {
                of(path(folder, value))
            } else if is_repository(value) {
                of(format!("git:github.com/{}", without_commit(value)))
            } else {
                of(range(value))
            };
        };
        match protocol {
            "workspace" if rest.starts_with('.') => of(path(folder, rest)),
            "workspace" => match alias(rest) {
                Some((package, range)) => Self {
                    place: format!("workspace:{range}").into(),
                    name: package,
                },
                None => of(format!("workspace:{rest}")),
            },
            "file" | "link" | "portal" => of(path(folder, rest)),
            "npm" => match alias(rest) {
                Some((package, version)) => Self {
                    place: range(version).into(),
                    name: package,
                },
                None => of(range(rest)),
            },
            "catalog" => {
                let catalog = match rest.trim() {
                    "" => "default",
                    rest => rest,
                };
                let key = Key::new("npm-catalog", format!("{catalog}/{name}"));
                Self {
                    place: Template::reference(key, Some(REGISTRY.into())),
                    name,
                }
            }
            "patch" => of(REGISTRY.to_owned()),
            "github" => of(format!("git:github.com/{}", without_commit(rest))),
            "gitlab" => of(format!("git:gitlab.com/{}", without_commit(rest))),
            "bitbucket" => of(format!("git:bitbucket.org/{}", without_commit(rest))),
            "http" | "https" if !rest.contains(".git") => {
                of(format!("url:{}", rest.trim_matches('/')))
            }
            _ if protocol.starts_with("git") || rest.contains(".git") => of(format!(
                "git:{}",
                without_commit(rest.trim_start_matches('/'))
            )),
            _ => of(format!("{protocol}:{rest}")),
        }
    }
}

/// The place of a version or a tag of the registry.
pub(super) fn range(range: &str) -> String {
    match range.trim() {
        "" | "*" | "x" | "X" => REGISTRY.to_owned(),
        range => format!("{REGISTRY}@{range}"),
    }
}

/// `name@range`, `@scope/name@range`, `@scope/name`; a range alone is no alias.
fn alias(text: &str) -> Option<(&str, &str)> {
    let start = usize::from(text.starts_with('@'));
    let cut = text[start..].find('@').map(|at| at + start);
    let (name, range) = match cut {
        Some(cut) => (&text[..cut], &text[cut + 1..]),
        None => (text, "*"),
    };
    let is_name = name.starts_with(|c: char| c == '@' || c.is_ascii_alphabetic())
        && (cut.is_some() || name.contains('/'));
    is_name.then_some((name, range))
}

/// The place of a folder, from the folder of the manifest.
fn path(folder: &str, path: &str) -> String {
    match join(folder, path) {
        Some(path) => format!("path:{path}"),
        None => format!("outside:{path}"),
    }
}

fn is_path(value: &str) -> bool {
    value.starts_with("./") || value.starts_with("../") || value.starts_with('/')
}

/// `owner/repository`, as GitHub has it.
fn is_repository(value: &str) -> bool {
    let mut parts = value.splitn(2, '/');
    let is_name = |part: &str| {
        !part.is_empty()
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !part.contains(' ')
    };
    parts.next().is_some_and(is_name)
        && parts
            .next()
            .is_some_and(|name| is_name(name) && !name.contains('/'))
}

fn without_commit(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or(url);
    url.strip_suffix(".git").unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &str) -> String {
        let read = Specifier::read("@acme/ui", value, "apps/web");
        Key::at("npm", read.place, read.name).to_string()
    }

    #[test]
    fn a_value_tells_where_the_package_comes_from() {
        for (value, expected) in [
            ("^1.2.0", "npm(registry:npm@^1.2.0)@acme/ui"),
            ("*", "npm(registry:npm)@acme/ui"),
            ("", "npm(registry:npm)@acme/ui"),
            ("latest", "npm(registry:npm@latest)@acme/ui"),
            (">=1 <3 || 4.x", "npm(registry:npm@>=1 <3 || 4.x)@acme/ui"),
            ("workspace:*", "npm(workspace:*)@acme/ui"),
            ("workspace:^1.0.0", "npm(workspace:^1.0.0)@acme/ui"),
            ("workspace:@acme/icons@^", "npm(workspace:^)@acme/icons"),
            ("workspace:../ui", "npm(path:apps/ui)@acme/ui"),
            ("file:../../libs/ui", "npm(path:libs/ui)@acme/ui"),
            ("link:./ui", "npm(path:apps/web/ui)@acme/ui"),
            ("portal:../ui", "npm(path:apps/ui)@acme/ui"),
            ("../ui", "npm(path:apps/ui)@acme/ui"),
            ("file:../../../ui", "npm(outside:../../../ui)@acme/ui"),
            (
                "npm:@acme/icons@~2.0.0",
                "npm(registry:npm@~2.0.0)@acme/icons",
            ),
            ("npm:icons@2", "npm(registry:npm@2)icons"),
            ("npm:^1.0.0", "npm(registry:npm@^1.0.0)@acme/ui"),
            (
                "catalog:",
                "npm(${npm-catalog:default/@acme/ui|registry:npm})@acme/ui",
            ),
            (
                "catalog:web",
                "npm(${npm-catalog:web/@acme/ui|registry:npm})@acme/ui",
            ),
            ("acme/ui", "npm(git:github.com/acme/ui)@acme/ui"),
            ("github:acme/ui#main", "npm(git:github.com/acme/ui)@acme/ui"),
            (
                "git+ssh://git@example.com/acme/ui.git#v1",
                "npm(git:git@example.com/acme/ui)@acme/ui",
            ),
            (
                "https://example.com/acme/ui.git",
                "npm(git:example.com/acme/ui)@acme/ui",
            ),
            (
                "https://example.com/ui.tgz",
                "npm(url:example.com/ui.tgz)@acme/ui",
            ),
            (
                "patch:@acme/ui@npm%3A1.0.0#./x.patch",
                "npm(registry:npm)@acme/ui",
            ),
        ] {
            assert_eq!(key(value), expected, "{value}");
        }
    }
}
