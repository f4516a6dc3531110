//! What cargo says of a workspace: a second opinion on the manifests that we read ourselves.
//!
//! `cargo metadata --no-deps` starts no compiler and writes nothing. The configuration of the analysed repository
//! could still choose a toolchain (`rust-toolchain.toml`) or programs (`.cargo/config.toml`), but both are looked
//! up from the working directory, which therefore lies outside:
//! <https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure>.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use super::{program, relative};
use crate::model::Context;

/// A workspace of two hundred packages takes a tenth of a second.
const LIMIT: Duration = Duration::from_secs(20);

/// The packages of one workspace, as far as they lie in the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CargoWorkspace {
    /// Sorted by manifest.
    pub packages: Vec<CargoPackage>,
}

/// One package of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CargoPackage {
    /// Relative to the root, with `/`.
    pub manifest: String,
    pub name: String,
    /// Names and kinds (`lib`, `bin`, `proc-macro`, `custom-build`, …).
    pub targets: Vec<(String, Vec<String>)>,
    /// Sorted.
    pub path_dependencies: Vec<CargoDependency>,
}

/// A dependency on a package of the same repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CargoDependency {
    pub name: String,
    pub rename: Option<String>,
    /// Production, build or test.
    pub context: Context,
    /// The folder of the other package, relative to the root.
    pub path: String,
    pub optional: bool,
    /// A target triple or `cfg(…)`.
    pub target: Option<String>,
}

/// Asks cargo about the workspace of a manifest (relative to `root`); the error is one line for people.
pub fn cargo_workspace(root: &Path, manifest: &str) -> Result<CargoWorkspace, String> {
    let root = root
        .canonicalize()
        .map_err(|error| format!("cannot find the root for cargo: {}", error.kind()))?;
    // Not a temporary folder: other users could put a configuration above it.
    let outside = root.ancestors().last().unwrap_or(&root);
    if outside == root {
        return Err("cargo is not asked: there is no folder outside of the repository".to_owned());
    }
    let mut command = MetadataCommand::new();
    command
        .cargo_path("cargo")
        .manifest_path(root.join(manifest))
        .current_dir(outside)
        .no_deps()
        .other_options(["--offline".to_owned(), "--color=never".to_owned()])
        .env("RUSTUP_AUTO_INSTALL", "0")
        .env("CARGO_NET_OFFLINE", "true");
    if let Some(toolchain) = toolchain() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    let output = program::output(&mut command.cargo_command(), LIMIT)
        .map_err(|error| relative_text(&error.to_string(), &root))?;
    let metadata = String::from_utf8(output.stdout)
        .ok()
        .and_then(|text| MetadataCommand::parse(text).ok())
        .ok_or("cargo printed metadata in a form that is not known")?;
    Ok(workspace(&metadata, &root))
}

/// The toolchain outside of any repository: the environment's, else rustup's default; none without rustup.
///
/// Set explicitly, it wins over whatever rustup would find.
fn toolchain() -> Option<String> {
    if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN").filter(|name| !name.is_empty()) {
        return toolchain.into_string().ok();
    }
    let home = std::env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".rustup")))?;
    let settings = std::fs::read_to_string(home.join("settings.toml")).ok()?;
    let settings: toml::Table = settings.parse().ok()?;
    Some(settings.get("default_toolchain")?.as_str()?.to_owned())
}

fn workspace(metadata: &Metadata, root: &Path) -> CargoWorkspace {
    let mut packages: Vec<CargoPackage> = metadata
        .workspace_packages()
        .into_iter()
        .filter_map(|package| {
            let mut path_dependencies: Vec<CargoDependency> = package
                .dependencies
                .iter()
                .filter_map(|dependency| {
                    Some(CargoDependency {
                        name: dependency.name.clone(),
                        rename: dependency.rename.clone(),
                        context: context(dependency.kind),
                        path: relative(root, dependency.path.as_ref()?.as_std_path())?,
                        optional: dependency.optional,
                        target: dependency.target.as_ref().map(ToString::to_string),
                    })
                })
                .collect();
            path_dependencies.sort();
            Some(CargoPackage {
                manifest: relative(root, package.manifest_path.as_std_path())?,
                name: package.name.to_string(),
                targets: package
                    .targets
                    .iter()
                    .map(|target| {
                        let kinds = target.kind.iter().map(ToString::to_string).collect();
                        (target.name.clone(), kinds)
                    })
                    .collect(),
                path_dependencies,
            })
        })
        .collect();
    packages.sort();
    CargoWorkspace { packages }
}

fn context(kind: DependencyKind) -> Context {
    match kind {
        DependencyKind::Development => Context::Test,
        DependencyKind::Build => Context::Build,
        _ => Context::Production,
    }
}

/// Reports hold no absolute paths: the same input gives the same text anywhere.
fn relative_text(text: &str, root: &Path) -> String {
    let root = root.to_string_lossy();
    text.replace(&format!("{root}/"), "").replace(&*root, ".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::Repository;

    const CART: &str = "[package]\nname = \"cart\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

    #[test]
    fn packages_targets_and_path_dependencies() {
        let repository = Repository::untracked(&[
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"2\"\nmembers = [\"services/*\", \"libs/*\"]\n[workspace.dependencies]\nmoney = { path = \"libs/money\" }\n",
            ),
            (
                "services/cart/Cargo.toml",
                &format!(
                    "{CART}[dependencies]\nserde = \"1\"\ncash = {{ package = \"money\", path = \"../../libs/money\", optional = true }}\n\
                 [dev-dependencies]\nmoney.workspace = true\n[target.'cfg(unix)'.build-dependencies]\nmoney.workspace = true\n"
                ),
            ),
            ("services/cart/src/main.rs", "fn main() {}"),
            ("services/cart/build.rs", "fn main() {}"),
            ("libs/money/Cargo.toml", &CART.replace("cart", "money")),
            ("libs/money/src/lib.rs", ""),
        ]);
        let workspace = cargo_workspace(repository.root(), "Cargo.toml").unwrap();
        let money = |rename: Option<&str>, context, target: Option<&str>| CargoDependency {
            name: "money".to_owned(),
            rename: rename.map(str::to_owned),
            context,
            path: "libs/money".to_owned(),
            optional: rename.is_some(),
            target: target.map(str::to_owned),
        };
        let target = |name: &str, kind: &str| (name.to_owned(), vec![kind.to_owned()]);
        assert_eq!(
            workspace.packages,
            [
                CargoPackage {
                    manifest: "libs/money/Cargo.toml".to_owned(),
                    name: "money".to_owned(),
                    targets: vec![target("money", "lib")],
                    path_dependencies: vec![],
                },
                CargoPackage {
                    manifest: "services/cart/Cargo.toml".to_owned(),
                    name: "cart".to_owned(),
                    targets: vec![
                        target("cart", "bin"),
                        target("build-script-build", "custom-build")
                    ],
                    path_dependencies: vec![
                        money(None, Context::Build, Some("cfg(unix)")),
                        money(None, Context::Test, None),
                        money(Some("cash"), Context::Production, None),
                    ],
                },
            ]
        );
    }

    #[test]
    fn an_error_is_one_line_without_the_absolute_path() {
        let repository = Repository::untracked(&[("Cargo.toml", "[package\n")]);
        let error = cargo_workspace(repository.root(), "Cargo.toml").unwrap_err();
        assert!(
            error.starts_with("cargo failed (exit code 101): error: "),
            "{error}"
        );
        let error = cargo_workspace(repository.root(), "sub/Cargo.toml").unwrap_err();
        assert!(error.contains("`sub/Cargo.toml`"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn the_repository_starts_nothing_and_nothing_is_written_into_it() {
        use crate::source::testing::script;
        let repository = Repository::untracked(&[
            ("Cargo.toml", CART),
            ("src/lib.rs", ""),
            ("build.rs", "compile_error!()"),
            (
                "rust-toolchain.toml",
                "[toolchain]\nchannel = \"acme-1.0\"\n",
            ),
        ]);
        let trap = script(
            repository.outside(),
            "trap",
            "touch \"$(dirname \"$0\")/sprung\"",
        );
        repository.write(
            ".cargo/config.toml",
            &format!(
                "[build]\nrustc = \"{0}\"\nrustc-wrapper = \"{0}\"\nrustc-workspace-wrapper = \"{0}\"\nrustdoc = \"{0}\"\n\
                 target-dir = \"written\"\n[env]\nPATH = {{ value = \"\", force = true }}\n",
                trap.display()
            ),
        );
        let files = || {
            let mut names: Vec<_> = ignore::WalkBuilder::new(repository.root())
                .standard_filters(false)
                .build()
                .map(|entry| entry.unwrap().into_path())
                .collect();
            names.sort();
            names
        };
        let before = files();
        let workspace = cargo_workspace(repository.root(), "Cargo.toml").unwrap();
        assert_eq!(workspace.packages[0].name, "cart");
        assert_eq!(files(), before);
        assert!(!repository.outside().join("sprung").exists());

        // Not even read: cargo refuses to go on with a broken configuration.
        repository.write(".cargo/config.toml", "[build\n");
        assert!(cargo_workspace(repository.root(), "Cargo.toml").is_ok());
    }
}
