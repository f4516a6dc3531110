//! What does a `pyproject.toml`, a `Pipfile` or a `pants.toml` say: a project, its dependencies, where its sources lie?
//!
//! Sources: <https://packaging.python.org/en/latest/specifications/pyproject-toml/>,
//! <https://packaging.python.org/en/latest/specifications/dependency-groups/>,
//! <https://python-poetry.org/docs/pyproject/>, <https://docs.astral.sh/uv/concepts/projects/dependencies/>,
//! <https://github.com/pypa/pipfile>, <https://www.pantsbuild.org/stable/docs/using-pants/key-concepts/source-roots>

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::layout;
use super::project::Project;
use super::requirement::{Place, Requirement, Section, require};
use crate::extract::tables::{Value, Wrong, entry_span};
use crate::extract::toml_comments::comments;
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile};

/// Reads `pyproject.toml`, `Pipfile` and `pants.toml`.
#[derive(Debug)]
pub(in crate::extract) struct Pyproject;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("python/pyproject"),
    summary: "Python projects, their dependencies and where their sources lie, in TOML",
    globs: &["**/pyproject.toml", "**/Pipfile", "**/pants.toml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Pyproject {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &comments(file.bytes), |_| 0, facts);
        }
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut wrong = Wrong::default();
        for error in &errors {
            let message = error.message().replace('\n', "; ");
            wrong.note(error.span().unwrap_or(0..0), message);
        }
        let document = document.get_ref();
        facts.parsed(match (errors.is_empty(), document.is_empty()) {
            (true, _) => Parsed::Whole,
            (false, true) => Parsed::Failed,
            (false, false) => Parsed::Partly,
        });
        let mut reader = Reader {
            project: Project {
                folder: file.path.parent(),
                facts,
            },
            wrong,
        };
        match file.path.file_name() {
            "Pipfile" => reader.pipfile(document),
            "pants.toml" => layout::pants(document, &mut reader.project),
            _ => reader.pyproject(document),
        }
        if let Some((bytes, message)) = reader.wrong.summary() {
            reader.project.facts.problem(bytes, message);
            reader.project.facts.parsed(Parsed::Partly);
        }
    }
}

struct Reader<'a, 'f> {
    project: Project<'a, 'f>,
    wrong: Wrong,
}

impl Reader<'_, '_> {
    fn pyproject(&mut self, document: &DeTable<'_>) {
        let tool = self.wrong.table(document, "tool");
        let tool = |name: &str| {
            let value = tool.and_then(|tool| tool.get(name));
            value.and_then(|value| value.get_ref().as_table())
        };
        let name = self.name(document, tool("poetry"), tool("flit"));
        let uv = tool("uv");
        let sources = uv.and_then(|uv| uv.get("sources"));
        let sources = sources.and_then(|sources| sources.get_ref().as_table());
        if let Some(project) = self.wrong.table(document, "project") {
            self.specifiers(project, "dependencies", Section::PRODUCTION, sources);
            self.groups(project, "optional-dependencies", Section::extra, sources);
            for scripts in ["scripts", "gui-scripts"] {
                self.programs(project, scripts, name);
            }
            if let Some(points) = self.wrong.table(project, "entry-points") {
                self.programs(points, "console_scripts", name);
            }
        }
        self.groups(document, "dependency-groups", Section::group, sources);
        if let Some(build) = self.wrong.table(document, "build-system") {
            self.specifiers(build, "requires", Section::BUILD, None);
        }
        if let Some(uv) = uv {
            self.specifiers(uv, "dev-dependencies", Section::DEVELOPMENT, sources);
            if let Some(workspace) = uv.get("workspace") {
                let key = Key::new("trait", "uv-workspace");
                let facts = &mut self.project.facts;
                facts.provides(key, Offer::Implements, workspace.span());
            }
        }
        if let Some(poetry) = tool("poetry") {
            self.poetry(poetry, name);
        }
        if let Some(pdm) = tool("pdm") {
            self.groups(pdm, "dev-dependencies", Section::group, None);
        }
        if let Some(flit) = tool("flit") {
            self.flit(flit, name);
        }
        let environments = tool("hatch").and_then(|hatch| self.wrong.table(hatch, "envs"));
        for (name, environment) in environments.into_iter().flatten() {
            if let Some(environment) = environment.get_ref().as_table() {
                let section = Section::group(name.get_ref());
                for list in ["dependencies", "extra-dependencies"] {
                    self.specifiers(environment, list, section, None);
                }
            }
        }
        layout::pyproject(document, &mut self.project);
    }

    /// The name of the project, from whichever tool tells it.
    fn name<'d>(
        &mut self,
        document: &'d DeTable<'_>,
        poetry: Option<&'d DeTable<'_>>,
        flit: Option<&'d DeTable<'_>>,
    ) -> Option<&'d str> {
        let project = self.wrong.table(document, "project");
        let metadata = flit.and_then(|flit| flit.get("metadata"));
        let metadata = metadata.and_then(|metadata| metadata.get_ref().as_table());
        let named = [
            (project, "name"),
            (poetry, "name"),
            (metadata, "dist-name"),
            (metadata, "module"),
        ];
        for (table, key) in named {
            if let Some(table) = table
                && let Some(value) = table.get(key)
                && let Some(name) = self.wrong.text(table, key)
            {
                if !self.project.named(name, value.span()) {
                    let message = format!("`{name}` is not the name of a project");
                    self.wrong.note(value.span(), message);
                }
                return Some(name);
            }
        }
        let place = |key: &str| document.get(key).map_or(0..0, |value| value.span());
        if project.is_some() {
            self.wrong.note(place("project"), "the project has no name");
        } else if poetry.is_some_and(|poetry| poetry.contains_key("dependencies")) {
            // An application that is never packed needs none: `package-mode = false`.
            self.project.component(None, place("tool"));
        }
        None
    }

    /// A list of specifiers.
    fn specifiers(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        section: Section,
        sources: Option<&DeTable<'_>>,
    ) {
        for value in self.wrong.list(table, key) {
            // `{include-group = "test"}` names what is read anyway.
            let Some(text) = value.get_ref().as_str() else {
                continue;
            };
            match Requirement::parse(text) {
                Some(requirement) => self.required(requirement, section, sources, value.span()),
                None => {
                    let message = format!("`{text}` is no requirement");
                    self.wrong.note(value.span(), message);
                }
            }
        }
    }

    /// Lists of specifiers by the name of their group.
    fn groups(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        section: impl Fn(&str) -> Section,
        sources: Option<&DeTable<'_>>,
    ) {
        let Some(groups) = self.wrong.table(table, key) else {
            return;
        };
        for (name, _) in groups {
            let name = name.get_ref();
            self.specifiers(groups, name, section(name), sources);
        }
    }

    /// A requirement, with the place that uv's sources give it.
    fn required<'s>(
        &mut self,
        mut requirement: Requirement<'s>,
        section: Section,
        sources: Option<&'s DeTable<'_>>,
        span: Range<usize>,
    ) {
        let normal = super::requirement::normalise;
        let source = requirement.name.and_then(|name| {
            sources?
                .iter()
                .find(|(key, _)| normal(key.get_ref()) == normal(name))
                .map(|(_, value)| value)
        });
        let places = source.map(places).unwrap_or_default();
        if places.is_empty() {
            require(
                &requirement,
                section,
                self.project.folder,
                span,
                self.project.facts,
            );
            return;
        }
        for place in places {
            requirement.place = place;
            let facts = &mut *self.project.facts;
            require(
                &requirement,
                section,
                self.project.folder,
                span.clone(),
                facts,
            );
        }
    }

    fn programs(&mut self, table: &DeTable<'_>, key: &str, name: Option<&str>) {
        for (program, value) in self.wrong.table(table, key).into_iter().flatten() {
            let span = entry_span(&program.span(), value);
            self.project.program(program.get_ref(), name, span);
        }
    }

    fn poetry(&mut self, poetry: &DeTable<'_>, name: Option<&str>) {
        self.named(poetry, "dependencies", Section::PRODUCTION);
        self.named(poetry, "dev-dependencies", Section::DEVELOPMENT);
        let groups = self.wrong.table(poetry, "group");
        for (group, value) in groups.into_iter().flatten() {
            if let Some(value) = value.get_ref().as_table() {
                let section = match group.get_ref().as_ref() {
                    "main" => Section::PRODUCTION,
                    group => Section::group(group),
                };
                self.named(value, "dependencies", section);
            }
        }
        self.programs(poetry, "scripts", name);
    }

    /// <https://flit.pypa.io/en/stable/pyproject_toml.html>
    fn flit(&mut self, flit: &DeTable<'_>, name: Option<&str>) {
        if let Some(metadata) = self.wrong.table(flit, "metadata") {
            self.specifiers(metadata, "requires", Section::PRODUCTION, None);
            self.groups(metadata, "requires-extra", Section::extra, None);
        }
        self.programs(flit, "scripts", name);
    }

    fn pipfile(&mut self, document: &DeTable<'_>) {
        if let Some(packages) = document.get("packages") {
            self.project.component(None, packages.span());
        }
        for (key, value) in document {
            let section = match key.get_ref().as_ref() {
                "packages" => Section::PRODUCTION,
                "source" | "requires" | "scripts" | "pipenv" => continue,
                other => Section::group(other),
            };
            if value.get_ref().as_table().is_some() {
                self.named(document, key.get_ref(), section);
            }
        }
    }

    /// A table from names to versions or places, as Poetry and Pipenv have it.
    fn named(&mut self, table: &DeTable<'_>, key: &str, section: Section) {
        let Some(entries) = self.wrong.table(table, key) else {
            return;
        };
        for (name, value) in entries {
            if name.get_ref() == "python" {
                continue;
            }
            let span = entry_span(&name.span(), value);
            if !super::requirement::is_name(name.get_ref()) {
                let message = format!("`{}` is not the name of a project", name.get_ref());
                self.wrong.note(name.span(), message);
                continue;
            }
            let mut places = places(value);
            if places.is_empty() {
                places.push(Place::Registry);
            }
            let table = value.get_ref().as_table();
            let text = |key: &str| table?.get(key)?.get_ref().as_str();
            let optional = table
                .and_then(|table| table.get("optional"))
                .is_some_and(|value| value.get_ref().as_bool() == Some(true));
            for place in places {
                let requirement = Requirement {
                    name: Some(name.get_ref()),
                    place,
                    marker: text("markers"),
                };
                let section = Section {
                    optional: optional || section.optional,
                    ..section
                };
                let facts = &mut *self.project.facts;
                require(
                    &requirement,
                    section,
                    self.project.folder,
                    span.clone(),
                    facts,
                );
            }
        }
    }
}

/// The places that a table, or each table of a list, gives a requirement; none: the registry.
fn places<'v>(value: &'v Value<'_>) -> Vec<Place<'v>> {
    match value.get_ref() {
        DeValue::Table(table) => place(table).into_iter().collect(),
        DeValue::Array(list) => list
            .iter()
            .filter_map(|value| place(value.get_ref().as_table()?))
            .collect(),
        _ => Vec::new(),
    }
}

fn place<'v>(table: &'v DeTable<'_>) -> Option<Place<'v>> {
    let text = |key: &str| table.get(key)?.get_ref().as_str();
    if let Some(path) = text("path").or_else(|| text("file")) {
        return Some(match Requirement::address(path) {
            Requirement {
                place: Place::Path(path),
                ..
            } => Place::Path(path),
            _ => Place::Elsewhere,
        });
    }
    if let Some(url) = text("git") {
        return Some(Place::Git(url));
    }
    text("url").map(|_| Place::Elsewhere)
}
