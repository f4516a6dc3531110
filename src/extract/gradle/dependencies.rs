//! The statements of a `dependencies` block: which configuration, which projects, artifacts and entries of catalogues?
//!
//! Source: <https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html>

use std::ops::Range;

use super::configuration;
use super::names::absolute;
use super::script::{Frame, Script};
use crate::extract::tokens::Kind;
use crate::model::{Context, Key};

/// One thing that a statement names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) key: Key,
    pub(super) context: Context,
    pub(super) bytes: Range<usize>,
    /// A bundle of a catalogue stands for all that is in it.
    pub(super) bundle: bool,
}

/// Words that start something else than a dependency.
const CONTROL: &[&str] = &[
    "attributes",
    "catch",
    "def",
    "else",
    "exclude",
    "for",
    "fun",
    "if",
    "import",
    "println",
    "return",
    "throw",
    "try",
    "val",
    "var",
    "when",
    "while",
];

/// What the statement at a place names, and where it ends; `None` when it is no dependency.
pub(super) fn statement(
    at: usize,
    script: &Script<'_>,
    frames: &[Frame],
    extended: &[&str],
) -> Option<(Vec<Named>, usize)> {
    let tokens = &script.tokens;
    // Kotlin names configurations that it does not know in quotes: `"kapt"(project(":x"))`.
    let quoted = tokens.literal(at).filter(|_| tokens.is(at + 1, b'('));
    let mut name = tokens.word(at).or(quoted)?;
    if CONTROL.contains(&name) {
        return None;
    }
    let parens = tokens.is(at + 1, b'(');
    let mut args = match parens {
        true => at + 2..tokens.mate(at + 1),
        false => at + 1..script.statement_end(at + 1),
    };
    if args.is_empty() || tokens.is(at + 1, b'=') || tokens.is(at + 1, b'.') {
        return None;
    }
    // `add("implementation", project(":x"))`
    if name == "add" {
        name = tokens.literal(args.start)?;
        args.start += 1;
    }
    let context = configuration::context(name, extended.contains(&name));
    let mut reader = Reader {
        script,
        frames,
        context,
        found: Vec::new(),
    };
    reader.read(args.clone());
    Some((reader.found, args.end))
}

struct Reader<'s, 't> {
    script: &'s Script<'t>,
    frames: &'s [Frame],
    context: Context,
    found: Vec<Named>,
}

impl Reader<'_, '_> {
    fn read(&mut self, args: Range<usize>) {
        let tokens = &self.script.tokens;
        let mut at = args.start;
        let mut single = Vec::new();
        let mut map: [Option<usize>; 2] = [None, None];
        while at < args.end {
            let calls = tokens.is(at + 1, b'(');
            let inner = at + 2..tokens.mate(at + 1);
            let member = at > 0 && tokens.is(at - 1, b'.');
            match tokens.word(at) {
                // Versions alone: nothing of a platform is on the class path.
                Some("platform" | "enforcedPlatform") if calls => at = inner.end,
                Some("testFixtures") if calls => {
                    let context = self.context;
                    self.context = context.join(Context::Test);
                    self.read(inner.clone());
                    self.context = context;
                    at = inner.end;
                }
                Some("project") if calls && !member => {
                    self.project(inner.clone());
                    at = inner.end;
                }
                Some("kotlin") if calls && !member => {
                    if let Some(module) = tokens.literal(inner.start) {
                        let name = format!("org.jetbrains.kotlin:kotlin-{module}");
                        self.push(Key::new("maven", name), at);
                    }
                    at = inner.end;
                }
                Some("files" | "fileTree" | "npm" | "gradleApi" | "localGroovy") if calls => {
                    at = inner.end;
                }
                Some(root) if !member && tokens.is(at + 1, b'.') => {
                    at = self.accessor(root, at);
                    continue;
                }
                Some(key @ ("group" | "name"))
                    if tokens.is(at + 1, b':') || tokens.is(at + 1, b'=') =>
                {
                    let place = usize::from(key == "name");
                    map[place] = Some(at + 2);
                    at += 2;
                }
                Some("version" | "classifier" | "ext" | "configuration")
                    if tokens.is(at + 1, b':') || tokens.is(at + 1, b'=') =>
                {
                    at += 2;
                }
                Some(_) => {}
                None if tokens.is(at, b'{') => at = tokens.mate(at).max(at),
                None if tokens.literal(at).is_some() => single.push(at),
                None => {}
            }
            at += 1;
        }
        self.coordinates(&single, map);
    }

    /// `"group:name:version"`, `group: "…", name: "…"`, and `"group", "name", "version"`.
    fn coordinates(&mut self, single: &[usize], map: [Option<usize>; 2]) {
        if let [Some(group), Some(name)] = map {
            let texts = |at| self.script.texts(at, self.frames);
            if let ([group_text], [name_text]) = (texts(group).as_slice(), texts(name).as_slice()) {
                let name = format!("{group_text}:{name_text}");
                self.push(Key::new("maven", name), group);
            }
            return;
        }
        let tokens = &self.script.tokens;
        let bare = |at: &usize| tokens.literal(*at).is_some_and(|text| !text.contains(':'));
        if let [group, name, ..] = single
            && bare(group)
            && bare(name)
        {
            let (group_text, name) = (tokens.literal(*group), tokens.literal(*name));
            let name = format!(
                "{}:{}",
                group_text.unwrap_or_default(),
                name.unwrap_or_default()
            );
            if !name.contains('$') {
                self.push(Key::new("maven", name), *group);
            }
            return;
        }
        for at in single {
            // The version may be anything.
            let text = tokens.literal(*at).unwrap_or_default();
            let mut parts = text.splitn(3, ':');
            if let (Some(group), Some(name)) = (parts.next(), parts.next())
                && is_name(group)
                && is_name(name)
            {
                self.push(Key::new("maven", format!("{group}:{name}")), *at);
            }
        }
    }

    /// `":x"`, `path: ":x", configuration: "y"`, or the variable of a loop.
    fn project(&mut self, args: Range<usize>) {
        let tokens = &self.script.tokens;
        let mut at = args.start;
        if tokens.is_word(at, "path") && (tokens.is(at + 1, b':') || tokens.is(at + 1, b'=')) {
            at += 2;
        }
        if at >= args.end {
            return;
        }
        for path in self.script.texts(at, self.frames) {
            self.push(Key::new("gradle-project", absolute(&path)), at);
        }
    }

    /// `projects.core.api`, `libs.okhttp`, `libs.bundles.test`; gives the place behind it.
    fn accessor(&mut self, root: &str, start: usize) -> usize {
        let tokens = &self.script.tokens;
        let (words, end) = words(self.script, start + 1);
        let is_catalog = root == "libs" || root.ends_with("Libs");
        let joined = |words: &[&str]| words.join(".");
        match words.as_slice() {
            [] => return end,
            ["bundles", rest @ ..] if is_catalog => {
                let name = format!("{root}.{}", joined(rest));
                self.push(Key::new("gradle-bundle", name), start);
                if let Some(last) = self.found.last_mut() {
                    last.bundle = true;
                }
            }
            ["plugins" | "versions", ..] => {}
            words if is_catalog => {
                let name = format!("{root}.{}", joined(words));
                self.push(Key::new("gradle-catalog", name), start);
            }
            words if root == "projects" => {
                self.push(Key::new("gradle-accessor", joined(words)), start);
            }
            // `dependencies.project(":x")`, `rootProject.project(":x")`.
            [.., "project"] if tokens.is(end, b'(') => {
                self.project(end + 1..tokens.mate(end));
                return tokens.mate(end) + 1;
            }
            // `libs.plugins.x.map { … }` and the like hold nothing that is linked.
            _ => {}
        }
        end
    }

    fn push(&mut self, key: Key, at: usize) {
        self.found.push(Named {
            key,
            context: self.context,
            bytes: self.script.tokens.bytes(at),
            bundle: false,
        });
    }
}

/// The words behind the dots that start at a place, without what is called on an accessor; and where they end.
pub(super) fn words<'t>(script: &Script<'t>, start: usize) -> (Vec<&'t str>, usize) {
    let tokens = &script.tokens;
    let mut words = Vec::new();
    let mut at = start;
    while tokens.is(at, b'.')
        && let Some(word) = tokens.word(at + 1)
    {
        let calls = tokens.is(at + 2, b'(') || tokens.is(at + 2, b'{');
        at += 2;
        if calls && word != "project" || matches!(word, "dependencyProject" | "path") {
            break;
        }
        words.push(word);
    }
    (words, at)
}

/// Whether a text can be a group or a name: no variable, no path.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// Whether a token can start a dependency.
pub(super) fn can_start(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::Text)
}
