//! One file in, facts out: one folder per ecosystem, pure functions of path and bytes.

#[cfg(any(feature = "js", feature = "python"))]
mod addresses;
mod allowances;
#[cfg(feature = "grammars")]
mod bazel;
mod brackets;
mod c;
mod cargo;
mod catalogs;
#[cfg(feature = "grammars")]
mod cmake;
mod code_ownership;
mod codeowners;
mod command;
mod compose;
mod dart;
mod database;
mod deploy;
mod docker;
mod dotnet;
#[cfg(feature = "grammars")]
mod elixir;
mod environment;
mod git;
mod golang;
mod gradle;
#[cfg(feature = "grammars")]
mod header;
mod infra;
mod interpolation;
#[cfg(feature = "js")]
mod javascript;
mod jvm;
mod kubernetes;
mod links;
#[cfg(feature = "grammars")]
mod lua;
mod maintainers;
mod manifests;
mod maven;
#[cfg(feature = "grammars")]
mod mentions;
mod npm;
mod openapi;
mod owned;
mod owners;
mod php;
mod placeholders;
mod properties;
#[cfg(feature = "proto")]
mod protobuf;
mod proxies;
mod python;
mod ros;
mod rosters;
mod ruby;
mod run;
mod rust;
#[cfg(any(feature = "js", feature = "python"))]
mod said;
mod sbt;
mod select;
mod settings;
mod spring;
mod sql;
mod strings;
#[cfg(feature = "grammars")]
mod swift;
#[cfg(feature = "grammars")]
mod syntax;
mod tables;
#[cfg(test)]
mod testing;
mod tokens;
mod toml_comments;
mod tree;
mod utf8;

use std::collections::BTreeSet;

use crate::model::{ExtractorId, Facts, Language, RosterFormat, SourceFile};

pub use rosters::recognise as roster_format;
pub use run::{Extraction, run};

/// Reads facts from one file; pure, so that it runs in parallel and its result can be kept.
pub trait Extractor: Sync {
    /// What the extractor reads.
    fn info(&self) -> &'static ExtractorInfo;

    /// Whether it reads symbolic links, whose content is the path of their target, and nothing else.
    fn reads_links(&self) -> bool {
        false
    }

    /// States what the file says; never fails: what it cannot read becomes a problem.
    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>);
}

/// What the command line, the documentation and the file matching know of an extractor.
#[derive(Debug)]
pub struct ExtractorInfo {
    pub id: ExtractorId,
    /// One line for people.
    pub summary: &'static str,
    /// Which paths it reads; matched against the whole path, `**/` in front for any folder.
    pub globs: &'static [&'static str],
    /// It runs only when the bytes contain one of these; empty: always.
    pub markers: &'static [&'static str],
    /// The languages of which it reads the code; `Data` for manifests.
    pub languages: &'static [Language],
    /// Whether it tells who owns what.
    pub ownership: bool,
}

/// Every extractor.
pub const EXTRACTORS: &[&dyn Extractor] = &[
    #[cfg(feature = "grammars")]
    &bazel::Rules,
    #[cfg(feature = "grammars")]
    &bazel::Workspace,
    &c::Includes,
    #[cfg(feature = "grammars")]
    &c::Network,
    &cargo::Manifest,
    &catalogs::Backstage,
    &catalogs::Compass,
    &catalogs::Cortex,
    &catalogs::Datadog,
    &catalogs::OpsLevel,
    #[cfg(feature = "grammars")]
    &cmake::Lists,
    &code_ownership::Annotations,
    &code_ownership::Config,
    &code_ownership::Folders,
    &code_ownership::Packages,
    &code_ownership::Teams,
    &codeowners::Bitbucket,
    &codeowners::GitHub,
    &codeowners::GitLab,
    &codeowners::Gitea,
    &compose::File,
    &compose::Legacy,
    &dart::Pubspec,
    #[cfg(feature = "grammars")]
    &dart::Uses,
    &database::Changelogs,
    &database::Mappings,
    &database::Queries,
    &database::Scripts,
    &deploy::Dotenv,
    &deploy::Procfile,
    &deploy::Skaffold,
    &docker::Dockerfile,
    &dotnet::Code,
    #[cfg(feature = "proto")]
    &dotnet::Generated,
    &dotnet::Host,
    &dotnet::Network,
    &dotnet::Packages,
    &dotnet::Project,
    &dotnet::Razor,
    &dotnet::Settings,
    #[cfg(feature = "grammars")]
    &elixir::Mix,
    #[cfg(feature = "grammars")]
    &elixir::Uses,
    #[cfg(feature = "grammars")]
    &golang::Code,
    &golang::Module,
    &golang::Workspace,
    &gradle::Build,
    &gradle::Catalog,
    &gradle::Properties,
    &gradle::Settings,
    &infra::Chart,
    &infra::Kustomization,
    &infra::Labels,
    &infra::Tags,
    &infra::Terraform,
    #[cfg(feature = "js")]
    &javascript::Config,
    #[cfg(feature = "js")]
    &javascript::Imports,
    #[cfg(feature = "js")]
    &javascript::Prisma,
    &jvm::Java,
    &jvm::Kotlin,
    &jvm::Scala,
    &kubernetes::Manifest,
    &kubernetes::Settings,
    &kubernetes::Values,
    &jvm::Services,
    &links::Submodules,
    &links::Symlinks,
    #[cfg(feature = "grammars")]
    &lua::Network,
    &maintainers::Botmeta,
    &maintainers::Linux,
    &maintainers::Zephyr,
    &manifests::Cargo,
    &manifests::Kibana,
    &manifests::Moon,
    &manifests::Nx,
    &maven::Pom,
    &npm::Manifest,
    &npm::Workspace,
    &openapi::Document,
    &owners::Gerrit,
    &owners::Kubernetes,
    &php::Code,
    &php::Manifest,
    #[cfg(feature = "proto")]
    &protobuf::ProtoFile,
    &proxies::Caddy,
    &proxies::Envoy,
    &proxies::Lines,
    &proxies::Nginx,
    &proxies::Traefik,
    #[cfg(feature = "python")]
    &python::Code,
    &python::Ini,
    &python::Pyproject,
    &python::Requirements,
    &ros::Package,
    &rosters::Backstage,
    &rosters::Csv,
    &rosters::GitHub,
    &rosters::Google,
    &rosters::Ldif,
    &rosters::Peribolos,
    &rosters::RustPeople,
    &rosters::RustTeams,
    &rosters::Scim,
    &rosters::Sigs,
    #[cfg(feature = "grammars")]
    &ruby::Code,
    #[cfg(feature = "grammars")]
    &ruby::Gems,
    &ruby::Packs,
    &rust::Uses,
    #[cfg(feature = "rust")]
    &rust::Syntax,
    &sbt::Build,
    &spring::Config,
    &spring::Served,
    &settings::File,
    #[cfg(feature = "grammars")]
    &swift::Manifest,
    #[cfg(feature = "grammars")]
    &swift::Uses,
];

/// The languages of which some extractor reads the code.
pub fn languages() -> BTreeSet<Language> {
    let extractors = EXTRACTORS.iter();
    extractors
        .flat_map(|extractor| extractor.info().languages)
        .copied()
        .collect()
}

/// The extractors of a format of rosters, by id.
fn readers_of(format: RosterFormat) -> &'static [&'static str] {
    rosters::extractors(format)
}

/// The extractors that tell who owns what.
pub fn ownership() -> Vec<&'static dyn Extractor> {
    EXTRACTORS
        .iter()
        .copied()
        .filter(|extractor| extractor.info().ownership)
        .collect()
}
