//! The names by which Gradle's files know projects, and how they refer to the build that they are part of.
//!
//! Sources: <https://docs.gradle.org/current/userguide/multi_project_builds.html>,
//! <https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html#sec:type-safe-project-accessors>

use crate::model::{Key, Part, Template, join};

/// What the settings of a build bind: its folder, with `/` behind it.
pub(super) fn root_folder() -> Template {
    Template::reference(Key::new("gradle-root", "folder"), Some(Template::default()))
}

/// A path below the folder of the build.
pub(super) fn below_root(path: &str) -> Template {
    let mut template = root_folder();
    template.push(Part::Text(path.trim_start_matches('/').into()));
    template
}

/// The project in a folder, as what is built there.
pub(super) fn project_in(folder: &str) -> Key {
    Key::at("gradle", format!("path:{folder}"), project_name(folder))
}

/// What people call the project in a folder: `core:api`.
fn project_name(folder: &str) -> String {
    match folder {
        "" => "root".to_owned(),
        folder => folder.replace('/', ":"),
    }
}

/// The path of the project in a folder, where nobody says otherwise: `:core:api`.
pub(super) fn project_path(folder: &str) -> String {
    format!(":{}", folder.replace('/', ":"))
}

/// The accessor of a project path: `core.dataApi` for `:core:data-api`.
pub(super) fn accessor(path: &str) -> String {
    let segments = path.split(':').filter(|segment| !segment.is_empty());
    segments.map(camel).collect::<Vec<_>>().join(".")
}

fn camel(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for (number, word) in segment.split(['-', '_', '.']).enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if number > 0 => out.extend(first.to_uppercase()),
            Some(first) => out.push(first),
            None => {}
        }
        out.push_str(letters.as_str());
    }
    out
}

/// A project path with a colon in front, however it is written.
pub(super) fn absolute(path: &str) -> String {
    format!(":{}", path.trim_matches(':'))
}

/// What the whole of a build says for all of its projects but the first.
pub(super) fn subprojects(root: Template) -> Key {
    let mut place = Template::text("path:");
    place.extend(&root);
    Key::at("gradle-common", place, "subprojects")
}

/// A path in a script: below the build, or below the project; `None` when it is not told.
pub(super) fn path(written: &str, folder: &str) -> Option<Template> {
    const ROOTS: &[&str] = &[
        "$rootDir",
        "${rootDir}",
        "$rootProject.projectDir",
        "${rootProject.projectDir}",
        "${rootProject.rootDir}",
        "$project.rootDir",
        "${project.rootDir}",
        "${settingsDir}",
        "$settingsDir",
    ];
    const PROJECTS: &[&str] = &["$projectDir", "${projectDir}", "${project.projectDir}"];
    let strip = |prefixes: &[&str]| {
        let stripped = prefixes
            .iter()
            .find_map(|prefix| written.strip_prefix(prefix));
        stripped.filter(|rest| rest.starts_with('/'))
    };
    let (below, is_root) = match (strip(ROOTS), strip(PROJECTS)) {
        (Some(below), _) => (below, true),
        (None, Some(below)) => (below, false),
        (None, None) => (written, false),
    };
    let below = below.trim_start_matches('/');
    if below.is_empty() || below.contains(['$', ':']) {
        return None;
    }
    match is_root {
        true => join("", below).map(|below| below_root(&below)),
        false => join(folder, below).map(Template::text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accessors_are_written_in_camel_case() {
        assert_eq!(accessor(":core:data-api"), "core.dataApi");
        assert_eq!(accessor("detekt_rules.style"), "detektRulesStyle");
        assert_eq!(accessor(":"), "");
    }

    #[test]
    fn paths_start_at_the_build_or_at_the_project() {
        let shown = |text| path(text, "core").map(|path| path.to_string());
        assert_eq!(
            shown("$rootDir/gradle/a.gradle").as_deref(),
            Some("${gradle-root:folder|}gradle/a.gradle")
        );
        assert_eq!(shown("../a.gradle").as_deref(), Some("a.gradle"));
        assert_eq!(
            shown("${projectDir}/a.gradle").as_deref(),
            Some("core/a.gradle")
        );
        assert_eq!(shown("https://acme.example/a.gradle"), None);
        assert_eq!(shown("$other/a.gradle"), None);
    }
}
