//! What does a `build.sbt` say: projects, and what they depend on?
//!
//! A build is Scala; what is written out in the file is read, what objects of `project/` compute is not.
//! Source: <https://www.scala-sbt.org/1.x/docs/Multi-Project.html>

use std::collections::BTreeMap;
use std::ops::Range;

use super::projects::{Project, projects};
use crate::extract::brackets::Tokens;
use crate::extract::tokens::Dialect;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject, join,
};

/// Reads `build.sbt`.
#[derive(Debug)]
pub(in crate::extract) struct Build;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("sbt/build"),
    summary: "sbt projects and their dependencies",
    globs: &["**/build.sbt"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// Plugins of sbt that make a program of a project.
const PROGRAMS: &[&str] = &[
    "JavaAppPackaging",
    "JavaServerAppPackaging",
    "LagomJava",
    "LagomScala",
    "PlayJava",
    "PlayScala",
    "PlayService",
];

impl Extractor for Build {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let tokens = Tokens::new(file.bytes, Dialect::Scala);
        facts.parsed(Parsed::Whole);
        if let Some((bytes, message)) = &tokens.problem {
            facts.problem(bytes.clone(), *message);
            facts.parsed(Parsed::Partly);
        }
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &tokens.comments, |_| 0, facts);
        }
        if tokens.list.is_empty() {
            return;
        }
        let mut reader = Reader {
            folder: file.path.parent(),
            tokens: &tokens,
            facts,
        };
        reader.read();
    }
}

struct Reader<'a, 'f> {
    folder: &'a str,
    tokens: &'a Tokens<'a>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let projects = projects(self.tokens);
        let folders: BTreeMap<&str, String> = projects
            .iter()
            .filter_map(|project| Some((project.name, join(self.folder, &project.folder)?)))
            .collect();
        self.root();
        for project in &projects {
            let Some(folder) = folders.get(project.name) else {
                continue;
            };
            let subject = match folder == self.folder {
                true => Subject::Here,
                false => Subject::Named(Key::new("path", folder.as_str())),
            };
            if subject != Subject::Here {
                self.component(&subject, folder, project);
            }
            self.body(&subject, project.body.clone(), &folders);
        }
        // What stands outside of all projects is about the one in the folder of the build.
        let mut start = 0;
        for project in &projects {
            self.artifacts(&Subject::Here, start..project.body.start);
            start = project.body.end;
        }
        self.artifacts(&Subject::Here, start..self.tokens.list.len());
    }

    /// The project in the folder of the build, which is there in any case.
    fn root(&mut self) {
        let tokens = self.tokens;
        let name = (0..tokens.list.len()).find_map(|at| {
            let is_name = tokens.is_word(at, "name") && tokens.list[at].fresh;
            let set = is_name && tokens.is(at + 1, b':') && tokens.is(at + 2, b'=');
            let text = tokens.literal(at + 3).filter(|_| set)?;
            Some((text, tokens.bytes(at + 3)))
        });
        let (name, bytes) = match name {
            Some((name, bytes)) => (Some(name), bytes),
            None => (None, 0..0),
        };
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: name.map(Into::into),
        };
        self.declare(Subject::Here, claim, bytes.clone());
        if let Some(name) = name
            .or(self.folder.rsplit('/').next())
            .filter(|name| !name.is_empty())
        {
            let key = Key::at("sbt", format!("path:{}", self.folder), name);
            let how = Offer::Implements;
            self.declare(Subject::Here, Claim::Provides { key, how }, bytes);
        }
    }

    fn component(&mut self, subject: &Subject, folder: &str, project: &Project<'_>) {
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(project.name.into()),
        };
        self.declare(subject.clone(), claim, project.bytes.clone());
        let key = Key::at("sbt", format!("path:{folder}"), project.name);
        let how = Offer::Implements;
        let claim = Claim::Provides { key, how };
        self.declare(subject.clone(), claim, project.bytes.clone());
    }

    fn body(&mut self, subject: &Subject, body: Range<usize>, folders: &BTreeMap<&str, String>) {
        let tokens = self.tokens;
        for at in body.clone() {
            let args = at + 2..tokens.mate(at + 1);
            match tokens.word(at) {
                Some("dependsOn") if tokens.is(at + 1, b'(') => {
                    self.depends(subject, args, folders);
                }
                Some(word) if PROGRAMS.contains(&word) => {
                    let key = Key::new("trait", "entry-point");
                    let how = Offer::Implements;
                    let claim = Claim::Provides { key, how };
                    self.declare(subject.clone(), claim, tokens.bytes(at));
                }
                _ => {}
            }
        }
        self.artifacts(subject, body);
    }

    /// `dependsOn(core, util % "test->test", LocalProject("x"))`
    fn depends(&mut self, subject: &Subject, args: Range<usize>, folders: &BTreeMap<&str, String>) {
        let tokens = self.tokens;
        let mut at = args.start;
        while at < args.end {
            let by_name = tokens.is_word(at, "LocalProject") && tokens.is(at + 1, b'(');
            let name = match by_name {
                true => tokens.literal(at + 2),
                false => tokens.word(at),
            };
            let member = at > args.start && tokens.is(at - 1, b'.');
            let Some((name, folder)) = name
                .filter(|_| !member)
                .and_then(|name| Some((name, folders.get(name)?)))
            else {
                at += 1;
                continue;
            };
            let bytes = tokens.bytes(at);
            // Up to the next argument: how it is used.
            let mut end = if by_name {
                tokens.mate(at + 1) + 1
            } else {
                at + 1
            };
            let mut context = Context::Production;
            while end < args.end && !tokens.is(end, b',') {
                if tokens.is(end, b'%') {
                    context = configuration(tokens, end + 1);
                }
                end += 1;
            }
            let key = Key::at("sbt", format!("path:{folder}"), name);
            self.require(subject, key, context, bytes);
            at = end.max(at + 1);
        }
    }

    /// `"group" %% "name" % "version" % Test`
    fn artifacts(&mut self, subject: &Subject, range: Range<usize>) {
        let tokens = self.tokens;
        for at in range {
            let Some(group) = tokens.literal(at) else {
                continue;
            };
            let mut next = at + 1;
            while tokens.is(next, b'%') {
                next += 1;
            }
            let Some(name) = tokens.literal(next).filter(|_| next > at + 1) else {
                continue;
            };
            // A part of a longer chain is no group.
            if at > 0 && tokens.is(at - 1, b'%') || group.contains('$') || name.contains('$') {
                continue;
            }
            let mut context = Context::Production;
            let mut end = next + 1;
            let mut terms = 0;
            while tokens.is(end, b'%') && terms < 3 {
                terms += 1;
                if terms > 1 || tokens.literal(end + 1).is_none() {
                    context = context.join(configuration(tokens, end + 1));
                }
                end += 2;
                while tokens.is(end, b'.') {
                    end += 2;
                }
            }
            let key = Key::new("maven", format!("{group}:{name}"));
            self.require(subject, key, context, tokens.bytes(at));
        }
    }

    fn require(&mut self, subject: &Subject, key: Key, context: Context, bytes: Range<usize>) {
        let claim = Claim::Requires {
            key,
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let fact = self.facts.push(subject.clone(), claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.context = context;
    }

    fn declare(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) {
        self.facts.push(subject, claim, bytes).certainty = Certainty::Declared;
    }
}

/// What a configuration is for: `Test`, `"test->test;compile->compile"`, `"provided"`.
fn configuration(tokens: &Tokens<'_>, at: usize) -> Context {
    let test = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        name.ends_with("test") || name == "it" || name == "multi-jvm"
    };
    let is_test = match (tokens.word(at), tokens.literal(at)) {
        (Some(word), _) => test(word),
        (None, Some(text)) => text
            .split(';')
            .map(|pair| pair.split("->").next().unwrap_or(pair))
            .flat_map(|left| left.split(','))
            .all(test),
        _ => false,
    };
    if is_test {
        Context::Test
    } else {
        Context::Production
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn projects_are_made_in_every_way() {
        let text = "name := \"shop\"
def module(name: String): Project = Project(id = name, base = file(s\"modules/$name\"))
  .settings(common)
lazy val root = (project in file(\".\")).aggregate(core, api)
lazy val core = project
  .dependsOn(api, util % \"test->test\", stock % \"compile->compile;test->test\")
  .settings(libraryDependencies ++= Seq(
    \"org.postgresql\" % \"postgresql\" % \"42\",
    \"org.scalatest\" %% \"scalatest\" % version % Test))
lazy val api: Project = project.in(file(\"contracts/api\"))
lazy val util = Project(\"util\", file(\"lib/util\")).dependsOn(LocalProject(\"api\") % Test)
lazy val stock = module(\"stock\").enablePlugins(PlayScala)
val version = \"3\"
libraryDependencies += \"com.acme\" % \"money\" % \"1\"
";
        expect![[r#"
            here is library shop [declared]  @ "\"shop\""
            here provides sbt(path:)shop [declared]  @ "\"shop\""
            here requires maven:com.acme:money [link.impl] [declared]  @ "\"com.acme\""
            path:contracts/api is library api [declared]  @ "api"
            path:contracts/api provides sbt(path:contracts/api)api [declared]  @ "api"
            path:core is library core [declared]  @ "core"
            path:core provides sbt(path:core)core [declared]  @ "core"
            path:core requires maven:org.postgresql:postgresql [link.impl] [declared]  @ "\"org.postgresql\""
            path:core requires maven:org.scalatest:scalatest [link.impl] [declared] [test]  @ "\"org.scalatest\""
            path:core requires sbt(path:contracts/api)api [link.impl] [declared]  @ "api"
            path:core requires sbt(path:lib/util)util [link.impl] [declared] [test]  @ "util"
            path:core requires sbt(path:modules/stock)stock [link.impl] [declared]  @ "stock"
            path:lib/util is library util [declared]  @ "util"
            path:lib/util provides sbt(path:lib/util)util [declared]  @ "util"
            path:lib/util requires sbt(path:contracts/api)api [link.impl] [declared] [test]  @ "LocalProject"
            path:modules/stock is library stock [declared]  @ "stock"
            path:modules/stock provides sbt(path:modules/stock)stock [declared]  @ "stock"
            path:modules/stock provides trait:entry-point [declared]  @ "PlayScala"
        "#]].assert_eq(&lines(&Build, "build.sbt", text));
    }

    #[test]
    fn broken_files_end_quickly() {
        for text in [
            "lazy val a =",
            "dependsOn(",
            "val a = project.dependsOn(a, ",
            "\"a\" % ",
        ] {
            facts(&Build, "build.sbt", text.as_bytes());
            facts(&Build, "build.sbt", text.repeat(5_000).as_bytes());
        }
    }
}
