//! What does a build script say: a project, what it depends on, the plugins and scripts that it applies?
//!
//! Blocks for other projects, scripts that others apply and plugins written as scripts say it for whom they hold.
//! Source: <https://docs.gradle.org/current/userguide/writing_build_scripts.html>

use std::ops::Range;

use super::apply::{self, Applied};
use super::configuration::{self, is_test};
use super::dependencies::{self, Named};
use super::names::{
    absolute, accessor, below_root, path, project_in, project_path, root_folder, subprojects,
};
use super::script::{Frame, Frames, Script};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject, Template,
};

/// Reads build scripts.
#[derive(Debug)]
pub(in crate::extract) struct Build;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("gradle/build"),
    summary: "Gradle projects, their dependencies, and the plugins and scripts that they apply",
    globs: &["**/*.gradle", "**/*.gradle.kts"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Build {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let name = file.path.file_name();
        let stem = name.strip_suffix(".kts").unwrap_or(name);
        let stem = stem.strip_suffix(".gradle").unwrap_or(stem);
        if matches!(stem, "settings" | "init") || is_resource(&file.path.path) {
            return;
        }
        let script = Script::new(file.bytes, &file.path.path);
        facts.parsed(Parsed::Whole);
        tell_problem(&script, facts);
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &script.tokens.comments, |_| 0, facts);
        }
        let folder = file.path.parent();
        let what = what(&file.path.path, folder, stem, &script);
        let mut reader = Reader {
            folder,
            script: &script,
            what,
            group: None,
            facts,
        };
        reader.read();
        reader.project();
    }
}

/// Scripts among the resources of a project are test data and templates.
pub(super) fn is_resource(path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    folders
        .windows(3)
        .any(|three| three[0] == "src" && three[2] == "resources")
}

pub(super) fn tell_problem(script: &Script<'_>, facts: &mut Facts<'_>) {
    if let Some((bytes, message)) = &script.tokens.problem {
        facts.problem(bytes.clone(), *message);
        facts.parsed(Parsed::Partly);
    }
}

/// What a script is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Project,
    /// A plugin, by its id: <https://docs.gradle.org/current/userguide/implementing_gradle_plugins_precompiled.html>.
    Plugin(String),
    /// Something that other scripts apply.
    Script(String),
}

fn what(path: &str, folder: &str, stem: &str, script: &Script<'_>) -> What {
    let precompiled = ["/src/main/kotlin/", "/src/main/groovy/"];
    if precompiled.iter().any(|part| path.contains(part)) {
        let package = script.tokens.is_word(0, "package").then(|| {
            let (rest, _) = dependencies::words(script, 2);
            let first = script.tokens.word(1).unwrap_or_default();
            let words = [first].into_iter().chain(rest);
            words.collect::<Vec<_>>().join(".")
        });
        return What::Plugin(match package {
            Some(package) => format!("{package}.{stem}"),
            None => stem.to_owned(),
        });
    }
    let of_folder = folder.rsplit('/').next() == Some(stem) && !stem.is_empty();
    if stem == "build" || of_folder {
        What::Project
    } else {
        What::Script(path.to_owned())
    }
}

/// For whom the statements at a place hold.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Whom {
    /// Whatever the script is.
    This,
    Subprojects,
    All,
    Projects(Vec<String>),
    /// Those that a condition picks.
    Unknown,
}

struct Reader<'a, 'f> {
    folder: &'a str,
    script: &'a Script<'a>,
    what: What,
    /// The group that the script gives to its own project.
    group: Option<String>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let script = self.script;
        let tokens = &script.tokens;
        let extended = extended(script);
        let mut frames = Frames::default();
        let mut at = 0;
        while at < tokens.list.len() {
            frames.go(at, script);
            let open = &frames.open;
            if open.iter().any(|frame| is_skipped(frame.name())) || !script.starts(at) {
                at += 1;
                continue;
            }
            if in_dependencies(open) && dependencies::can_start(tokens.list[at].kind) {
                let found = dependencies::statement(at, script, open, &extended);
                if let Some((named, end)) = found {
                    self.depend(named, open);
                    // A block behind it says what of it is left out.
                    let block = [end, end + 1].into_iter().find(|at| tokens.is(*at, b'{'));
                    at = block.map_or(end, |block| tokens.mate(block)).max(at + 1);
                    continue;
                }
            }
            match open.last().map(Frame::name) {
                Some("plugins") if !frames.has("gradlePlugin") => {
                    if let Some((applied, bytes)) = apply::plugin(at, script) {
                        self.apply(applied, bytes, &whom(open, script));
                    }
                }
                _ => self.other(at, &frames),
            }
            at += 1;
        }
    }

    fn other(&mut self, at: usize, frames: &Frames) {
        let tokens = &self.script.tokens;
        let open = &frames.open;
        if let Some((applied, bytes)) = apply::apply(at, self.script) {
            self.apply(applied, bytes, &whom(open, self.script));
            return;
        }
        match tokens.word(at) {
            Some("group") => {
                let value = at + if tokens.is(at + 1, b'=') { 2 } else { 1 };
                if let Some(group) = tokens.literal(value).filter(|text| !text.contains('$')) {
                    self.group(group, tokens.bytes(value), &whom(open, self.script));
                }
            }
            Some("id") if frames.has("gradlePlugin") => {
                let value = at + if tokens.is(at + 1, b'=') { 2 } else { 1 };
                if let Some(id) = tokens.literal(value).filter(|text| !text.contains('$')) {
                    let key = Key::new("gradle-plugin", id);
                    self.provide(key, tokens.bytes(value));
                }
            }
            _ => {}
        }
    }

    /// What a `dependencies` block names, for those for whom it stands.
    fn depend(&mut self, named: Vec<Named>, open: &[Frame]) {
        let around = around(open);
        let whom = whom(open, self.script);
        for named in named {
            let context = around.join(named.context);
            for subject in self.subjects(&whom) {
                let claim = match named.bundle {
                    false => Claim::Requires {
                        key: named.key.clone(),
                        kind: DependencyKind::LinkImpl,
                        access: Default::default(),
                        count: 1,
                    },
                    true => Claim::Inherits {
                        from: in_build(&named.key),
                        prefix: None,
                    },
                };
                let fact = self.facts.push(subject, claim, named.bytes.clone());
                fact.certainty = Certainty::Declared;
                fact.context = context;
            }
        }
    }

    /// The subjects of statements for somebody.
    fn subjects(&self, whom: &Whom) -> Vec<Subject> {
        let this = match &self.what {
            What::Project => Subject::Here,
            What::Plugin(id) => Subject::Named(Key::new("gradle-convention", id.as_str())),
            What::Script(path) => Subject::Named(Key::new("gradle-script", path.as_str())),
        };
        let others = || Subject::Named(subprojects(root_folder()));
        match whom {
            Whom::This => vec![this],
            Whom::Subprojects => vec![others()],
            Whom::All => vec![this, others()],
            Whom::Projects(paths) => paths
                .iter()
                .map(|path| Subject::Named(Key::new("gradle-project", absolute(path))))
                .collect(),
            Whom::Unknown => Vec::new(),
        }
    }

    fn apply(&mut self, applied: Applied, bytes: Range<usize>, whom: &Whom) {
        match applied {
            Applied::Plugin { id, released } => {
                if *whom == Whom::This && self.what == What::Project && apply::makes_program(&id) {
                    self.program(bytes.clone());
                }
                if released || apply::is_known(&id) {
                    return;
                }
                self.inherit(&Key::new("gradle-convention", id.as_str()), &bytes, whom);
                self.build_time(Key::new("gradle-plugin", id), &bytes, whom);
            }
            Applied::Alias(alias) => {
                let is_own = *whom == Whom::This && self.what == What::Project;
                if is_own && apply::alias_makes_program(&alias) {
                    self.program(bytes);
                }
            }
            Applied::Class(name) => {
                self.build_time(Key::new("gradle-plugin", name), &bytes, whom);
            }
            Applied::Script(written) => {
                if let Some(path) = path(&written, self.folder) {
                    let key = Key::new("gradle-script", path.clone());
                    self.inherit(&key, &bytes, whom);
                    if *whom == Whom::This {
                        let key = Key::new("file", path);
                        let kind = DependencyKind::LinkSplice;
                        let fact = self.facts.requires(key, kind, 1, bytes);
                        fact.context = fact.context.join(Context::Build);
                    }
                }
            }
        }
    }

    fn inherit(&mut self, from: &Key, bytes: &Range<usize>, whom: &Whom) {
        for subject in self.subjects(whom) {
            let from = from.clone();
            let claim = Claim::Inherits { from, prefix: None };
            let fact = self.facts.push(subject, claim, bytes.clone());
            fact.certainty = Certainty::Declared;
        }
    }

    fn build_time(&mut self, key: Key, bytes: &Range<usize>, whom: &Whom) {
        for subject in self.subjects(whom) {
            let claim = Claim::Requires {
                key: key.clone(),
                kind: DependencyKind::LinkImpl,
                access: Default::default(),
                count: 1,
            };
            let fact = self.facts.push(subject, claim, bytes.clone());
            fact.certainty = Certainty::Declared;
            fact.context = Context::Build;
        }
    }

    fn program(&mut self, bytes: Range<usize>) {
        self.provide(Key::new("trait", "entry-point"), bytes);
    }

    fn group(&mut self, group: &str, bytes: Range<usize>, whom: &Whom) {
        if *whom == Whom::This {
            self.group = Some(group.to_owned());
        } else if matches!(whom, Whom::Subprojects | Whom::All) {
            let claim = Claim::Binds {
                key: Key::new("gradle-group", "group"),
                value: group.into(),
            };
            self.facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
        }
    }

    /// What the script is.
    fn project(&mut self) {
        match self.what.clone() {
            What::Project => {}
            What::Plugin(id) => {
                self.provide(Key::new("gradle-plugin", id), 0..0);
                return;
            }
            What::Script(_) => return,
        }
        let name = self.folder.rsplit('/').next().unwrap_or_default();
        let claim = Claim::Component {
            kind: match name {
                "buildSrc" => ComponentKind::Tool,
                _ => ComponentKind::Library,
            },
            name: None,
        };
        self.facts.push(Subject::Here, claim, 0..0).certainty = Certainty::Declared;
        self.provide(project_in(self.folder), 0..0);
        let path = project_path(self.folder);
        self.provide(Key::new("gradle-accessor", accessor(&path)), 0..0);
        self.provide(Key::new("gradle-project", path), 0..0);
        if !name.is_empty() {
            let mut coordinates = match self.group.take() {
                Some(group) => Template::text(group),
                None => Key::new("gradle-group", "group").into(),
            };
            coordinates.extend(&format!(":{name}").into());
            let place = format!("path:{}", self.folder);
            self.provide(Key::at("maven", place, coordinates), 0..0);
        }
        if name != "buildSrc" {
            let from = subprojects(root_folder());
            let claim = Claim::Inherits { from, prefix: None };
            self.facts.push(Subject::Here, claim, 0..0).certainty = Certainty::Declared;
        }
    }

    fn provide(&mut self, key: Key, bytes: Range<usize>) {
        let how = Offer::Implements;
        let claim = Claim::Provides { key, how };
        self.facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
    }
}

/// A bundle is one of the catalogue of the build.
fn in_build(key: &Key) -> Key {
    let mut place = Template::text("path:");
    place.extend(&below_root(""));
    Key {
        at: place,
        ..key.clone()
    }
}

/// Configurations that one on the class path takes over: `implementation.extendsFrom(vendored)`.
fn extended<'t>(script: &Script<'t>) -> Vec<&'t str> {
    let tokens = &script.tokens;
    let mut found = Vec::new();
    let mut frames = Frames::default();
    for at in 0..tokens.list.len() {
        frames.go(at, script);
        if !tokens.is_word(at, "extendsFrom") {
            continue;
        }
        let receiver = match tokens.is(at.wrapping_sub(1), b'.') {
            true => tokens.word(at.wrapping_sub(2)),
            false => frames.open.last().map(Frame::name),
        };
        if configuration::context(receiver.unwrap_or_default(), false) != Context::Production {
            continue;
        }
        let args = match tokens.is(at + 1, b'(') {
            true => at + 2..tokens.mate(at + 1),
            false => at + 1..script.statement_end(at + 1),
        };
        found.extend(args.filter_map(|at| tokens.word(at).or_else(|| tokens.literal(at))));
    }
    found
}

/// Blocks that name what is not linked by it.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "constraints"
            | "dependencyManagement"
            | "dependencyResolutionManagement"
            | "pluginManagement"
            | "publishing"
            | "repositories"
            | "resolutionStrategy"
    )
}

/// Whether a place is among the statements of a `dependencies` block, also in conditions and loops.
fn in_dependencies(open: &[Frame]) -> bool {
    for frame in open.iter().rev() {
        match frame.name() {
            "dependencies" => return true,
            "all" | "each" | "else" | "for" | "forEach" | "if" | "try" | "when" => {}
            _ => return false,
        }
    }
    false
}

/// What the blocks around a place are for.
fn around(open: &[Frame]) -> Context {
    let words = || open.iter().flat_map(|frame| frame.path.iter());
    if words().any(|word| is_test(word)) {
        Context::Test
    } else if words().any(|word| word == "buildscript") {
        Context::Build
    } else {
        Context::Production
    }
}

/// For whom the blocks around a place hold.
fn whom(open: &[Frame], script: &Script<'_>) -> Whom {
    for frame in open {
        let has = |word: &str| frame.path.iter().any(|own| own == word);
        let first = frame.args.start;
        if has("subprojects") || has("allprojects") {
            let picks = ["filter", "findAll", "matching", "filterNot"];
            return match (picks.iter().any(|pick| has(pick)), has("allprojects")) {
                (true, _) => Whom::Unknown,
                (false, true) => Whom::All,
                (false, false) => Whom::Subprojects,
            };
        }
        match frame.name() {
            "project" if !frame.args.is_empty() => {
                return match script.texts(first, open) {
                    paths if paths.is_empty() => Whom::Unknown,
                    paths => Whom::Projects(paths),
                };
            }
            "configure" if !frame.args.is_empty() => {
                let word = script.tokens.word(first);
                let alone = frame.args.len() == 1;
                return match word {
                    Some("subprojects") if alone => Whom::Subprojects,
                    Some("allprojects") if alone => Whom::All,
                    _ => projects(frame.args.clone(), script),
                };
            }
            _ => {}
        }
    }
    Whom::This
}

/// The projects of `configure(listOf(project(":a"), project(":b")))`; not those of any other expression.
fn projects(args: Range<usize>, script: &Script<'_>) -> Whom {
    let tokens = &script.tokens;
    let mut paths = Vec::new();
    for at in args {
        match (tokens.word(at), tokens.literal(at)) {
            (Some("project" | "listOf" | "setOf"), _) => {}
            // `configure<JavaExtension> {` has none; a variable may be anything.
            (Some(_), _) => return Whom::Unknown,
            (None, Some(path)) if !path.contains('$') => paths.push(path.to_owned()),
            _ => {}
        }
    }
    match paths.is_empty() {
        true => Whom::Unknown,
        false => Whom::Projects(paths),
    }
}
