//! What does a project depend on: `dependsOn(core, util % "test->test")`?
//!
//! That projects are aggregated is no dependency.
//! Source: <https://www.scala-sbt.org/1.x/docs/Multi-Project.html#Classpath+dependencies>

use std::ops::Range;

use super::build::Reader;
use super::definitions::split;
use super::expressions::is_platform;
use crate::extract::tokens::Kind;
use crate::model::{Context, Key, Part, Ref, Subject, Template, join};

/// The deepest nesting of calls and lists.
const DEPTH: usize = 8;

/// Methods whose argument says more of the same project.
const CONFIGURE: &[&str] = &[
    "configure",
    "configureCross",
    "jsConfigure",
    "jvmConfigure",
    "nativeConfigure",
    "platformsConfigure",
    "wasmConfigure",
];

impl<'t> Reader<'_, 't, '_> {
    /// All that an expression makes a project depend on; what stands in its settings is about tasks.
    pub(super) fn links(&mut self, subject: &Subject, range: Range<usize>) {
        let tokens = self.tokens;
        let mut open = vec![(range, 0)];
        while let Some((range, depth)) = open.pop() {
            let start = range.start;
            let mut is_head = true;
            let mut at = start;
            while at < range.end {
                let opens = matches!(tokens.list[at].kind, Kind::Sign(b'(' | b'[' | b'{'));
                if !opens {
                    at += 1;
                    continue;
                }
                let inside = at + 1..tokens.mate(at);
                let word = at.checked_sub(1).filter(|before| *before >= start);
                let word = word.and_then(|before| tokens.word(before));
                match word {
                    Some("dependsOn") => self.depends(subject, inside.clone(), None, 0),
                    Some(word) if CONFIGURE.contains(&word) && depth < DEPTH => {
                        open.push((inside.clone(), depth + 1));
                    }
                    // Brackets around the project, and the function that it is given to.
                    _ if is_head && depth < DEPTH => open.push((inside.clone(), depth + 1)),
                    _ => {}
                }
                is_head = false;
                at = inside.end.max(at) + 1;
            }
        }
    }

    /// The arguments of `dependsOn`, or the elements of a list that is given to it.
    pub(super) fn depends(
        &mut self,
        subject: &Subject,
        range: Range<usize>,
        context: Option<Context>,
        depth: usize,
    ) {
        for argument in split(self.tokens, range, b',') {
            self.argument(subject, argument, context, depth);
        }
    }

    /// `core`, `core.jvm % Test`, `LocalProject("core")`, `Seq(core, util).map(_ % Test): _*`
    fn argument(
        &mut self,
        subject: &Subject,
        argument: Range<usize>,
        context: Option<Context>,
        depth: usize,
    ) {
        let tokens = self.tokens;
        if depth > DEPTH {
            return;
        }
        let start = self.names.unqualified(argument.clone());
        if tokens.is(start, b'(') {
            let context = self.context_in(start..argument.end).or(context);
            let inside = start + 1..tokens.mate(start);
            return self.depends(subject, inside, context, depth + 1);
        }
        let Some(name) = tokens.word(start) else {
            return;
        };
        let bytes = tokens.bytes(start);
        let is_call = tokens.is(start + 1, b'(');
        let inside = start + 2..tokens.mate(start + 1);
        let rest = if is_call { inside.end + 1 } else { start + 1 };
        let context = self.context_in(rest..argument.end).or(context);
        let key = match name {
            "List" | "Seq" | "Set" | "Vector" if is_call => {
                return self.depends(subject, inside, context, depth + 1);
            }
            "LocalProject" if is_call => match tokens.literal(inside.start) {
                Some(id) => local(id),
                None => unknown(name),
            },
            "LocalRootProject" => return,
            // What a function is given, only its callers tell.
            _ if self.names.is_parameter(name) => return,
            "ProjectRef" | "RootProject" if is_call => match self.elsewhere(inside) {
                Some(key) => key,
                // By an address: not here.
                None => return,
            },
            _ if self.lists.contains_key(name) && !is_call => {
                let list = self.lists.get(name).cloned().unwrap_or_default();
                return self.argument(subject, list, context, depth + 1);
            }
            _ if is_call && !is_platform(tokens.word(start + 1)) => unknown(name),
            _ => local(name),
        };
        self.require(subject, key, context.unwrap_or_default(), bytes);
    }

    /// The context of `% Test` in a range, also in `.map(_ % Test)`.
    fn context_in(&self, mut range: Range<usize>) -> Option<Context> {
        let found = range.find(|at| self.tokens.is(*at, b'%'))?;
        Some(self.configuration(found + 1))
    }

    /// `ProjectRef(file("../shop"), "core")`, `RootProject(file("../shop"))`; `None` where the build is at an address.
    fn elsewhere(&self, inside: Range<usize>) -> Option<Key> {
        let tokens = self.tokens;
        let mut arguments = split(tokens, inside, b',').into_iter();
        let folder = arguments.next()?;
        let start = self.names.unqualified(folder.clone());
        if !matches!(tokens.word(start), Some("File" | "file")) {
            return None;
        }
        let folder = self.names.template(folder);
        let Some(folder) = folder.as_text().and_then(|text| join(self.build, text)) else {
            return Some(unknown("ProjectRef"));
        };
        let place = format!("path:{folder}");
        let Some(id) = arguments.next().and_then(|id| tokens.literal(id.start)) else {
            let name = folder.rsplit('/').next().unwrap_or_default();
            return Some(Key::at("sbt", place, name));
        };
        let key = Key::at("sbt-folder", place, id);
        let default = Some(Template::text(folder));
        Some(at_folder(id, Ref { key, default }))
    }
}

/// A project of the same build, wherever it is defined.
fn local(name: &str) -> Key {
    let key = Key::new("sbt-folder", name);
    at_folder(name, Ref { key, default: None })
}

fn at_folder(name: &str, folder: Ref) -> Key {
    let mut at = Template::text("path:");
    at.push(Part::Ref(Box::new(folder)));
    Key::at("sbt", at, name)
}

/// What only running the build would tell.
fn unknown(name: &str) -> Key {
    Key::at("sbt", Template(vec![Part::Hole]), name)
}
