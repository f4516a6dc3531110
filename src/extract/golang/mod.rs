//! Go: modules, workspaces, and what each file imports, embeds and starts.

#[cfg(feature = "grammars")]
mod code;
#[cfg(feature = "grammars")]
mod constraints;
#[cfg(feature = "grammars")]
mod embed;
#[cfg(feature = "grammars")]
mod head;
#[cfg(feature = "grammars")]
mod header;
#[cfg(feature = "grammars")]
mod items;
mod lines;
mod module;
#[cfg(feature = "grammars")]
mod network;
mod replace;
mod workspace;

#[cfg(feature = "grammars")]
pub(super) use code::Code;
pub(super) use module::Module;
pub(super) use workspace::Workspace;

/// Whether a path lies below a folder of vendored modules: copies, which the go command makes and never asks for by their folder.
///
/// Modules are named after hosts, so a dot in the next folder tells them from a service about vendors.
fn is_vendored(path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    folders
        .windows(3)
        .any(|three| three[0] == "vendor" && three[1].contains('.'))
}

#[cfg(test)]
mod tests {
    #[test]
    fn vendored_modules_are_told_from_services_about_vendors() {
        for path in [
            "vendor/github.com/acme/cart/cart.go",
            "tools/vendor/gopkg.in/yaml.v3/yaml.go",
        ] {
            assert!(super::is_vendored(path), "{path}");
        }
        for path in [
            "services/vendor/main.go",
            "vendor/list/list.go",
            "vendors/acme.com/a.go",
            "services/vendor/vendor.go",
        ] {
            assert!(!super::is_vendored(path), "{path}");
        }
    }
}
