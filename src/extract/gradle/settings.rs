//! What does a `settings.gradle` say: which projects a build has, where they are, and which other builds it includes?
//!
//! Source: <https://docs.gradle.org/current/userguide/multi_project_builds.html>

use std::collections::BTreeMap;
use std::ops::Range;

use super::names::{absolute, accessor, path, project_in};
use super::script::{Frames, Script};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject, Template, join,
};

/// Reads `settings.gradle` and `settings.gradle.kts`.
#[derive(Debug)]
pub(in crate::extract) struct Settings;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("gradle/settings"),
    summary: "Projects of Gradle builds, and builds that they include",
    globs: &["**/settings.gradle", "**/settings.gradle.kts"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most projects of one build.
const PROJECTS: usize = 20_000;

impl Extractor for Settings {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if super::build::is_resource(&file.path.path) {
            return;
        }
        let script = Script::new(file.bytes, &file.path.path);
        super::build::tell_problem(&script, facts);
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &script.tokens.comments, |_| 0, facts);
        }
        let mut reader = Reader {
            folder: file.path.parent(),
            script: &script,
            projects: BTreeMap::new(),
            builds: Vec::new(),
            name: None,
        };
        reader.read();
        reader.state(facts);
    }
}

/// A project: its folder, and where it is included; what only lies above an included one has no component of its own.
struct Project {
    folder: String,
    bytes: Range<usize>,
    included: bool,
}

struct Reader<'a> {
    folder: &'a str,
    script: &'a Script<'a>,
    projects: BTreeMap<String, Project>,
    builds: Vec<(String, Range<usize>)>,
    name: Option<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let tokens = &self.script.tokens;
        let mut frames = Frames::default();
        for at in 0..tokens.list.len() {
            frames.go(at, self.script);
            let member = at > 0 && tokens.is(at - 1, b'.');
            match tokens.word(at) {
                Some("include" | "includeFlat") if !member => {
                    let flat = tokens.is_word(at, "includeFlat");
                    let (args, _) = self.arguments(at);
                    for arg in args {
                        for path in self.script.texts(arg, &frames.open) {
                            self.include(&path, flat, tokens.bytes(arg));
                        }
                    }
                }
                Some("includeBuild") => {
                    let (args, _) = self.arguments(at);
                    if let Some(arg) = args.clone().find(|arg| tokens.literal(*arg).is_some())
                        && let Some(text) = tokens.literal(arg)
                    {
                        self.builds.push((text.to_owned(), tokens.bytes(arg)));
                    }
                }
                Some("projectDir") if member => self.project_folder(at, &frames),
                Some("name") if member && tokens.is_word(at.saturating_sub(2), "rootProject") => {
                    if tokens.is(at + 1, b'=')
                        && let Some(name) = tokens.literal(at + 2)
                        && !name.contains('$')
                    {
                        self.name = Some((name.to_owned(), tokens.bytes(at + 2)));
                    }
                }
                _ => {}
            }
        }
    }

    /// The tokens of the arguments of a call, with brackets or without.
    fn arguments(&self, at: usize) -> (Range<usize>, usize) {
        let tokens = &self.script.tokens;
        match tokens.is(at + 1, b'(') {
            true => (at + 2..tokens.mate(at + 1), tokens.mate(at + 1)),
            false => {
                let end = self.script.statement_end(at + 1);
                (at + 1..end, end)
            }
        }
    }

    /// A project and those above it, each in the folder of its name.
    fn include(&mut self, path: &str, flat: bool, bytes: Range<usize>) {
        let path = absolute(&path.replace('/', ":"));
        let below = match flat {
            true => format!("../{}", &path[1..]),
            false => path[1..].replace(':', "/"),
        };
        let Some(folder) = join(self.folder, &below) else {
            return;
        };
        if self.projects.len() >= PROJECTS {
            return;
        }
        let mut end = 0;
        while let Some(next) = path[end + 1..].find(':') {
            end += 1 + next;
            let above = path[1..end].replace(':', "/");
            if let Some(folder) = join(self.folder, &above) {
                let project = Project {
                    folder,
                    bytes: bytes.clone(),
                    included: false,
                };
                self.projects
                    .entry(path[..end].to_owned())
                    .or_insert(project);
            }
        }
        let project = Project {
            folder,
            bytes,
            included: true,
        };
        self.projects.insert(path, project);
    }

    /// `project(":x").projectDir = file("y")`: the last text that is assigned is the folder.
    fn project_folder(&mut self, at: usize, frames: &Frames) {
        let tokens = &self.script.tokens;
        let Some(close) = at.checked_sub(2).filter(|at| tokens.is(*at, b')')) else {
            return;
        };
        let open = tokens.mate(close);
        if !tokens.is_word(open.wrapping_sub(1), "project") || !tokens.is(at + 1, b'=') {
            return;
        }
        let paths = self.script.texts(open + 1, &frames.open);
        let end = self.script.statement_end(at + 2);
        let Some(last) = (at + 2..end).rev().find(|at| tokens.literal(*at).is_some()) else {
            return;
        };
        // One folder for each, also in a loop over both.
        for (number, project) in paths.iter().enumerate() {
            let texts = self.script.texts(last, &frames.open);
            let written = tokens.literal(last).unwrap_or_default();
            let text = match texts.get(number) {
                Some(text) if texts.len() == paths.len() => text.as_str(),
                _ => written,
            };
            let Some(folder) = path(text, self.folder).and_then(|path| self.literal(&path)) else {
                continue;
            };
            if let Some(project) = self.projects.get_mut(&absolute(project)) {
                project.folder = folder;
            }
        }
    }

    /// A path below the build is one below this file.
    fn literal(&self, path: &Template) -> Option<String> {
        match path.as_text() {
            Some(path) => Some(path.to_owned()),
            None => join(self.folder, path.to_string().split_once('}')?.1),
        }
    }

    fn state(self, facts: &mut Facts<'_>) {
        let mut declare = |subject: Subject, claim: Claim, bytes: Range<usize>| {
            facts.push(subject, claim, bytes).certainty = Certainty::Declared;
        };
        let bind = |key: Key, value: Template| Claim::Binds { key, value };
        let prefix = match self.folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let key = Key::new("gradle-root", "folder");
        declare(Subject::Here, bind(key, prefix.into()), 0..0);
        let key = Key::new("gradle-project", ":");
        let value = Template::from(project_in(self.folder));
        declare(Subject::Here, bind(key, value), 0..0);
        let library = ComponentKind::Library;
        if let Some((name, bytes)) = self.name {
            let claim = Claim::Component {
                kind: library,
                name: Some(name.as_str().into()),
            };
            declare(Subject::Here, claim, bytes.clone());
            let key = Key::at("gradle", format!("path:{}", self.folder), name);
            let how = Offer::Implements;
            declare(Subject::Here, Claim::Provides { key, how }, bytes);
        }
        for (path, project) in self.projects {
            let bytes = project.bytes;
            let value = Template::from(project_in(&project.folder));
            let key = Key::new("gradle-project", path.as_str());
            declare(Subject::Here, bind(key, value.clone()), bytes.clone());
            let key = Key::new("gradle-accessor", accessor(&path));
            declare(Subject::Here, bind(key, value), bytes.clone());
            if project.included {
                let subject = Subject::Named(Key::new("path", project.folder.as_str()));
                let kind = library;
                let claim = Claim::Component { kind, name: None };
                declare(subject.clone(), claim, bytes.clone());
                let key = project_in(&project.folder);
                let how = Offer::Implements;
                declare(subject, Claim::Provides { key, how }, bytes);
            }
        }
        for (written, bytes) in self.builds {
            let Some(folder) = path(&written, self.folder) else {
                continue;
            };
            let folder = match folder.as_text() {
                Some(folder) => folder.to_owned(),
                None => continue,
            };
            let key = project_in(&folder);
            let fact = facts.requires(key, DependencyKind::LinkImpl, 1, bytes);
            fact.certainty = Certainty::Declared;
            fact.context = Context::Build;
        }
        facts.parsed(Parsed::Whole);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn projects_are_included_in_every_way() {
        let text = "pluginManagement { includeBuild(\"build-logic\") }
rootProject.name = 'shop'
include ':core', \"core:api\",
        'web:app'
include(\"stock\")
// include 'not'
listOf(\"a\", \"b\").forEach { include(\":rules:$it\") }
project(':stock').projectDir = file(\"$rootDir/services/stock\")
project(':web:app').projectDir = new File(settingsDir, '../web')
";
        let found = lines(&Settings, "shop/settings.gradle.kts", text);
        let bound: Vec<&str> = found
            .lines()
            .filter(|line| !line.contains("gradle-accessor"))
            .map(|line| line.split("  @").next().unwrap_or(line))
            .collect();
        expect![[r#"
            here binds gradle-project:: = ${gradle(path:shop)shop} [declared]
            here binds gradle-project::core = ${gradle(path:shop/core)shop:core} [declared]
            here binds gradle-project::core:api = ${gradle(path:shop/core/api)shop:core:api} [declared]
            here binds gradle-project::rules = ${gradle(path:shop/rules)shop:rules} [declared]
            here binds gradle-project::rules:a = ${gradle(path:shop/rules/a)shop:rules:a} [declared]
            here binds gradle-project::rules:b = ${gradle(path:shop/rules/b)shop:rules:b} [declared]
            here binds gradle-project::stock = ${gradle(path:shop/stock)shop:stock} [declared]
            here binds gradle-root:folder = shop/ [declared]
            here requires gradle(path:shop/build-logic)shop:build-logic [link.impl] [declared] [build]
            path:shop/core/api is library [declared]
            path:shop/core/api provides gradle(path:shop/core/api)shop:core:api [declared]
            path:shop/rules/a is library [declared]
            path:shop/rules/a provides gradle(path:shop/rules/a)shop:rules:a [declared]
            path:shop/rules/b is library [declared]
            path:shop/rules/b provides gradle(path:shop/rules/b)shop:rules:b [declared]
            path:shop/stock is library [declared]
            path:shop/stock provides gradle(path:shop/stock)shop:stock [declared]"#]].assert_eq(&bound.join("\n"));
    }

    #[test]
    fn broken_files_end_quickly() {
        for text in [
            "include",
            "include(",
            "include ':a",
            "project(':x').projectDir =",
        ] {
            facts(&Settings, "settings.gradle", text.as_bytes());
            facts(&Settings, "settings.gradle", text.repeat(20_000).as_bytes());
        }
    }
}
