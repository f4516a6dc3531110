//! What does a build of sbt say: projects, what they depend on, and functions that make projects?
//!
//! A build is Scala in `*.sbt` and in `project/*.scala`; its parts see each other, and each is read alone.
//! Sources: <https://www.scala-sbt.org/1.x/docs/Multi-Project.html>, <https://www.scala-sbt.org/1.x/docs/Organizing-Build.html>.

use std::collections::BTreeMap;
use std::ops::Range;

use super::definitions::{Definition, definitions};
use super::expressions::Expressions;
use super::projects::Made;
use crate::extract::brackets::Tokens;
use crate::extract::tokens::Dialect;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, Claim, ComponentKind, ExtractorId, Facts, Key, Language, Offer, Parsed, Part,
    SourceFile, Subject, Template, parent,
};

/// Reads `*.sbt` and `project/*.scala`.
#[derive(Debug)]
pub(in crate::extract) struct Build;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("sbt/build"),
    summary: "sbt projects, their dependencies, and functions that make projects",
    globs: &["**/*.sbt", "**/project/*.scala"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most parameters of a function that makes projects.
const PARAMETERS: usize = 12;

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
        let is_code = file.path.file_name().ends_with(".scala");
        // A package may have the name of the folder of a build.
        if is_code && file.path.path.split('/').any(|folder| folder == "src") {
            return;
        }
        let tokens = Tokens::new(file.bytes, Dialect::Scala);
        facts.parsed(Parsed::Whole);
        if let Some((bytes, message)) = tokens.problem.as_ref().filter(|_| !is_code) {
            facts.problem(bytes.clone(), *message);
            facts.parsed(Parsed::Partly);
        }
        // Those of code are told by who reads it.
        if !is_code && allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &tokens.comments, |_| 0, facts);
        }
        if tokens.list.is_empty() {
            return;
        }
        let folder = file.path.parent();
        let definitions = definitions(&tokens, 0..tokens.list.len());
        let reader = Reader {
            build: if is_code { parent(folder) } else { folder },
            is_code,
            tokens: &tokens,
            names: Expressions::new(&tokens, &definitions),
            lists: BTreeMap::new(),
            facts,
        };
        reader.read(&definitions, file.path.file_name() == "build.sbt");
    }
}

/// What reads one file.
pub(super) struct Reader<'a, 't, 'f> {
    /// The folder of the build.
    pub(super) build: &'a str,
    is_code: bool,
    pub(super) tokens: &'a Tokens<'t>,
    pub(super) names: Expressions<'a, 't>,
    /// The values of the file that are no projects.
    pub(super) lists: BTreeMap<&'t str, Range<usize>>,
    pub(super) facts: &'a mut Facts<'f>,
}

impl<'t> Reader<'_, 't, '_> {
    fn read(mut self, definitions: &[Definition<'t>], is_main: bool) {
        if is_main {
            self.root();
        }
        let made: Vec<Option<Made>> = definitions.iter().map(|one| self.made(one)).collect();
        for (definition, _) in definitions
            .iter()
            .zip(&made)
            .filter(|(_, made)| made.is_none())
        {
            self.lists.insert(definition.name, definition.value.clone());
        }
        for (definition, made) in definitions.iter().zip(made) {
            match made {
                Some(made) => self.project(definition, made),
                None => self.function(definition),
            }
        }
        self.rest(definitions);
    }

    /// What stands outside of all projects is about the one in the folder of the build.
    fn rest(&mut self, definitions: &[Definition<'t>]) {
        if self.is_code {
            return;
        }
        let mut start = 0;
        for definition in definitions {
            self.outside(start..definition.body.start);
            start = definition.body.end.max(start);
        }
        self.outside(start..self.tokens.list.len());
    }

    fn outside(&mut self, range: Range<usize>) {
        let tokens = self.tokens;
        for at in range.clone() {
            // With something before it, it is about a task.
            if tokens.is_word(at, "dependsOn") && tokens.list[at].fresh && tokens.is(at + 1, b'(') {
                let inside = at + 2..tokens.mate(at + 1);
                self.depends(&Subject::Here, inside, None, 0);
            }
        }
        self.artifacts(&Subject::Here, range);
    }

    fn made(&self, definition: &Definition<'t>) -> Option<Made> {
        if !definition.is_value || definition.value.is_empty() {
            return None;
        }
        let name = Some(definition.name);
        self.names
            .project(definition.value.clone(), name, self.build)
    }

    fn project(&mut self, definition: &Definition<'t>, made: Made) {
        let bytes = || definition.bytes.clone();
        let here = made.folder.as_text() == Some(self.build) && !self.is_code;
        let place = Key::new("path", made.folder.clone());
        let subject = match here {
            true => Subject::Here,
            false => Subject::Named(place),
        };
        if !here && !made.is_part {
            let claim = Claim::Component {
                kind: ComponentKind::Library,
                name: Some(definition.name.into()),
            };
            self.declare(subject.clone(), claim, bytes());
        }
        let mut at = Template::text("path:");
        at.extend(&made.folder);
        let id = made.id.as_deref().filter(|id| *id != definition.name);
        for name in [definition.name].into_iter().chain(id) {
            let key = Key::at("sbt", at.clone(), name);
            let how = Offer::Implements;
            self.declare(subject.clone(), Claim::Provides { key, how }, bytes());
            let key = Key::new("sbt-folder", name);
            let value = made.folder.clone();
            let claim = Claim::Binds { key, value };
            self.declare(self.scope(), claim, bytes());
        }
        if let Some(maker) = made.maker {
            let from = Key::new("sbt-maker", maker);
            let claim = Claim::Inherits { from, prefix: None };
            self.declare(subject.clone(), claim, bytes());
        }
        self.links(&subject, definition.value.clone());
        self.programs(&subject, definition.value.clone());
        self.artifacts(&subject, definition.value.clone());
    }

    /// The build as what names are bound in.
    fn scope(&self) -> Subject {
        match self.is_code {
            true => Subject::Named(Key::new("path", self.build)),
            false => Subject::Here,
        }
    }

    /// A function that makes projects or texts, and a text that other files may use.
    fn function(&mut self, definition: &Definition<'t>) {
        let range = definition.value.clone();
        if range.is_empty() {
            return;
        }
        let bytes = definition.bytes.clone();
        let Some(parameters) = &definition.parameters else {
            // Texts of `project/` are there to be used elsewhere.
            let value = self.names.template(range);
            if self.is_code && value.as_text().is_some_and(|text| !text.is_empty()) {
                let key = Key::new("sbt-text", definition.name);
                self.declare(self.scope(), Claim::Binds { key, value }, bytes);
            }
            return;
        };
        let names = self.names.inside(definition);
        let made = names.project(range.clone(), None, self.build);
        let (namespace, value) = match &made {
            Some(made) => ("sbt-maker", made.folder.clone()),
            None => ("sbt-formatter", names.template(range.clone())),
        };
        let is_known = |part: &Part| matches!(part, Part::Text(_) | Part::Ref(_));
        if value.is_literal() || !value.0.iter().all(is_known) || parameters.len() > PARAMETERS {
            return;
        }
        let outer = std::mem::replace(&mut self.names, names);
        let required = parameters.iter().filter(|one| one.default.is_empty());
        for arity in required.count()..=parameters.len() {
            let key = Key::new(namespace, format!("{}/{arity}", definition.name));
            let subject = Subject::Named(key.clone());
            let value = value.clone();
            self.declare(self.scope(), Claim::Binds { key, value }, bytes.clone());
            // What the function adds, each project that it makes has.
            let Some(made) = &made else {
                continue;
            };
            if let Some(maker) = &made.maker {
                let from = Key::new("sbt-maker", maker.as_str());
                let claim = Claim::Inherits { from, prefix: None };
                self.declare(subject.clone(), claim, bytes.clone());
            }
            self.links(&subject, range.clone());
            self.artifacts(&subject, range.clone());
        }
        self.names = outer;
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
            .or(self.build.rsplit('/').next())
            .filter(|name| !name.is_empty())
        {
            let key = Key::at("sbt", format!("path:{}", self.build), name);
            let how = Offer::Implements;
            self.declare(Subject::Here, Claim::Provides { key, how }, bytes);
        }
    }

    fn programs(&mut self, subject: &Subject, range: Range<usize>) {
        let tokens = self.tokens;
        for at in range {
            if tokens.word(at).is_some_and(|word| PROGRAMS.contains(&word)) {
                let key = Key::new("trait", "entry-point");
                let how = Offer::Implements;
                let claim = Claim::Provides { key, how };
                self.declare(subject.clone(), claim, tokens.bytes(at));
            }
        }
    }

    fn declare(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) {
        self.facts.push(subject, claim, bytes).certainty = Certainty::Declared;
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
            here binds sbt-folder:api = contracts/api [declared]  @ "api"
            here binds sbt-folder:core = core [declared]  @ "core"
            here binds sbt-folder:root =  [declared]  @ "root"
            here binds sbt-folder:stock = ${sbt-make:module(stock)} [declared]  @ "stock"
            here binds sbt-folder:util = lib/util [declared]  @ "util"
            here binds sbt-maker:module/1 = modules/${sbt-parameter:1 name} [declared]  @ "module"
            here is library shop [declared]  @ "\"shop\""
            here provides sbt(path:)root [declared]  @ "root"
            here provides sbt(path:)shop [declared]  @ "\"shop\""
            here requires maven:com.acme:money [link.impl] [declared]  @ "\"com.acme\""
            path:${sbt-make:module(stock)} inherits sbt-maker:module/1 [declared]  @ "stock"
            path:${sbt-make:module(stock)} is library stock [declared]  @ "stock"
            path:${sbt-make:module(stock)} provides sbt(path:${sbt-make:module(stock)})stock [declared]  @ "stock"
            path:${sbt-make:module(stock)} provides trait:entry-point [declared]  @ "PlayScala"
            path:contracts/api is library api [declared]  @ "api"
            path:contracts/api provides sbt(path:contracts/api)api [declared]  @ "api"
            path:core is library core [declared]  @ "core"
            path:core provides sbt(path:core)core [declared]  @ "core"
            path:core requires maven:org.postgresql:postgresql [link.impl] [declared]  @ "\"org.postgresql\""
            path:core requires maven:org.scalatest:scalatest [link.impl] [declared] [test]  @ "\"org.scalatest\""
            path:core requires sbt(path:${sbt-folder:api})api [link.impl] [declared]  @ "api"
            path:core requires sbt(path:${sbt-folder:stock})stock [link.impl] [declared]  @ "stock"
            path:core requires sbt(path:${sbt-folder:util})util [link.impl] [declared] [test]  @ "util"
            path:lib/util is library util [declared]  @ "util"
            path:lib/util provides sbt(path:lib/util)util [declared]  @ "util"
            path:lib/util requires sbt(path:${sbt-folder:api})api [link.impl] [declared] [test]  @ "LocalProject"
        "#]].assert_eq(&lines(&Build, "build.sbt", text));
    }

    #[test]
    fn projects_for_several_platforms_are_one() {
        let text = "val Both = \"compile->compile;test->test\"
lazy val core = crossProject(JVMPlatform, JSPlatform).crossType(CrossType.Full).in(file(\"modules/core\"))
  .settings(Test / test := (Test / test).dependsOn(server / start).value)
  .jvmConfigure(_.dependsOn(util))
lazy val coreJVM = core.jvm.dependsOn(tests.jvm % \"it->test\")
lazy val tests: ProjectMatrix = (projectMatrix in file(\"tests\")).dependsOn(core % Both)
lazy val util = checked(project in file(\"util\")).dependsOn(Seq(core.jvm, tests).map(_ % Test): _*)
lazy val outer = ProjectRef(file(\"../other\"), \"money\")
lazy val all = Seq(core, util)
lazy val app = project.dependsOn(all: _*).dependsOn(outer, choose(1)).aggregate(tests)
";
        expect![[r#"
            here binds sbt-folder:app = shop/app [declared]  @ "app"
            here binds sbt-folder:core = shop/modules/core [declared]  @ "core"
            here binds sbt-folder:coreJVM = ${sbt-folder:core} [declared]  @ "coreJVM"
            here binds sbt-folder:tests = shop/tests [declared]  @ "tests"
            here binds sbt-folder:util = shop/util [declared]  @ "util"
            here is library [declared]  @ ""
            here provides sbt(path:shop)shop [declared]  @ ""
            path:${sbt-folder:core} provides sbt(path:${sbt-folder:core})coreJVM [declared]  @ "coreJVM"
            path:${sbt-folder:core} requires sbt(path:${sbt-folder:tests})tests [link.impl] [declared] [test]  @ "tests"
            path:shop/app is library app [declared]  @ "app"
            path:shop/app provides sbt(path:shop/app)app [declared]  @ "app"
            path:shop/app requires sbt(path:${sbt-folder(path:other)money|other})money [link.impl] [declared]  @ "ProjectRef"
            path:shop/app requires sbt(path:${sbt-folder:core})core [link.impl] [declared]  @ "core"
            path:shop/app requires sbt(path:${sbt-folder:util})util [link.impl] [declared]  @ "util"
            path:shop/app requires sbt({})choose [link.impl] [declared]  @ "choose"
            path:shop/modules/core is library core [declared]  @ "core"
            path:shop/modules/core provides sbt(path:shop/modules/core)core [declared]  @ "core"
            path:shop/modules/core requires sbt(path:${sbt-folder:util})util [link.impl] [declared]  @ "util"
            path:shop/tests is library tests [declared]  @ "tests"
            path:shop/tests provides sbt(path:shop/tests)tests [declared]  @ "tests"
            path:shop/tests requires sbt(path:${sbt-folder:core})core [link.impl] [declared]  @ "core"
            path:shop/util is library util [declared]  @ "util"
            path:shop/util provides sbt(path:shop/util)util [declared]  @ "util"
            path:shop/util requires sbt(path:${sbt-folder:core})core [link.impl] [declared] [test]  @ "core"
            path:shop/util requires sbt(path:${sbt-folder:tests})tests [link.impl] [declared] [test]  @ "tests"
        "#]].assert_eq(&lines(&Build, "shop/build.sbt", text));
    }

    #[test]
    fn functions_make_projects_for_other_files() {
        let text = "package acme
object Modules extends AutoPlugin {
  val Prefix = \"acme\"
  def folder(name: String) = s\"modules/${name}\"
  def module(name: String, group: String = \"shop\"): Project = {
    val full = s\"$Prefix-$name\"
    Project(id = full, base = file(group) / folder(full)).settings(common).dependsOn(util)
  }
  def plain(name: String): Project = module(name, group = \"plain\").enablePlugins(X)
  val list = exports(Seq(\"a\"))
}
";
        expect![[r#"
            path:shop binds sbt-formatter:folder/1 = modules/${sbt-parameter:1 name} [declared]  @ "folder"
            path:shop binds sbt-maker:module/1 = shop/${sbt-parameter:2 group|shop}/${sbt-format:folder(acme-${sbt-parameter:1 name})} [declared]  @ "module"
            path:shop binds sbt-maker:module/2 = shop/${sbt-parameter:2 group|shop}/${sbt-format:folder(acme-${sbt-parameter:1 name})} [declared]  @ "module"
            path:shop binds sbt-maker:plain/1 = ${sbt-make:module(${sbt-parameter:1 name},group=plain)} [declared]  @ "plain"
            path:shop binds sbt-text:Prefix = acme [declared]  @ "Prefix"
            sbt-maker:module/1 requires sbt(path:${sbt-folder:util})util [link.impl] [declared]  @ "util"
            sbt-maker:module/2 requires sbt(path:${sbt-folder:util})util [link.impl] [declared]  @ "util"
            sbt-maker:plain/1 inherits sbt-maker:module/2 [declared]  @ "plain"
        "#]].assert_eq(&lines(&Build, "shop/project/Modules.scala", text));
        let text = "import acme.Modules._
lazy val cart = module(\"cart\").dependsOn(LocalProject(\"acme-stock\"))
lazy val stock = Modules.plain(Modules.Stock)
";
        expect![[r#"
            here binds sbt-folder:cart = ${sbt-make:module(cart)} [declared]  @ "cart"
            here binds sbt-folder:stock = ${sbt-make:plain(${sbt-text:Stock})} [declared]  @ "stock"
            here is library [declared]  @ ""
            here provides sbt(path:shop)shop [declared]  @ ""
            path:${sbt-make:module(cart)} inherits sbt-maker:module/1 [declared]  @ "cart"
            path:${sbt-make:module(cart)} is library cart [declared]  @ "cart"
            path:${sbt-make:module(cart)} provides sbt(path:${sbt-make:module(cart)})cart [declared]  @ "cart"
            path:${sbt-make:module(cart)} requires sbt(path:${sbt-folder:acme-stock})acme-stock [link.impl] [declared]  @ "LocalProject"
            path:${sbt-make:plain(${sbt-text:Stock})} inherits sbt-maker:plain/1 [declared]  @ "stock"
            path:${sbt-make:plain(${sbt-text:Stock})} is library stock [declared]  @ "stock"
            path:${sbt-make:plain(${sbt-text:Stock})} provides sbt(path:${sbt-make:plain(${sbt-text:Stock})})stock [declared]  @ "stock"
        "#]].assert_eq(&lines(&Build, "shop/build.sbt", text));
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
