//! What does a `pom.xml` say: an artifact, its parent, what it depends on?
//!
//! A parent, an imported bill of materials and the modules of an aggregator are no links: nothing of them is on the class path.
//! Source: <https://maven.apache.org/pom.html>

use std::collections::BTreeSet;
use std::ops::Range;

use roxmltree::{Document, Node, NodeType, ParsingOptions, TextPos};

use super::elements::{Properties, child, children, list, span, text, text_of};
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Facts, Key,
    Language, Offer, Parsed, SourceFile, Subject, Template, join,
};

/// Reads `pom.xml`.
#[derive(Debug)]
pub(in crate::extract) struct Pom;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("maven/pom"),
    summary: "Maven artifacts, parents and dependencies",
    globs: &["**/pom.xml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most elements and texts of one pom.
const NODES: u32 = 200_000;

/// The plugins of Maven itself, which are everywhere and say nothing.
const MAVEN: &str = "org.apache.maven.plugins";

/// The plugins that make a program of an artifact.
const PROGRAM_PLUGINS: &[&str] = &[
    "io.micronaut.maven:micronaut-maven-plugin",
    "io.quarkus.platform:quarkus-maven-plugin",
    "io.quarkus:quarkus-maven-plugin",
    "org.springframework.boot:spring-boot-maven-plugin",
];

impl Extractor for Pom {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_resource(&file.path.path) {
            return;
        }
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let options = ParsingOptions {
            nodes_limit: NODES,
            ..ParsingOptions::default()
        };
        let document = match Document::parse_with_options(text, options) {
            Ok(document) => document,
            Err(error) => {
                let at = offset(text, error.pos());
                facts.problem(at..at, format!("not well-formed: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        if allowances::promised(file.bytes) {
            let comments: Vec<Range<usize>> = document
                .descendants()
                .filter(|node| node.node_type() == NodeType::Comment)
                .map(|node| node.range())
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let project = document.root_element();
        if project.tag_name().name() == "project" {
            let mut reader = Reader {
                folder: file.path.parent(),
                properties: Properties::default(),
                facts,
            };
            reader.read(project);
        }
    }
}

/// Poms among the resources of a module are templates and test data, and build nothing here.
fn is_resource(path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    folders
        .windows(3)
        .any(|three| three[0] == "src" && three[2] == "resources")
}

/// The byte offset of a line and column.
fn offset(text: &str, at: TextPos) -> usize {
    let lines = text.split_inclusive('\n');
    let before: usize = lines
        .take(at.row.saturating_sub(1) as usize)
        .map(str::len)
        .sum();
    let line = &text[before..];
    let column = line.char_indices().nth(at.col.saturating_sub(1) as usize);
    before + column.map_or(line.len(), |(at, _)| at)
}

struct Reader<'a, 'f> {
    folder: &'a str,
    properties: Properties,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn read(&mut self, project: Node<'_, '_>) {
        let parent = child(project, "parent");
        self.coordinates_of(project, parent);
        self.properties_of(project, None);
        if let Some(parent) = parent {
            self.parent(parent);
        }
        self.artifact(project, parent);
        let is_bundle = text_of(project, "packaging") != Some("pom");
        self.section(project, None, is_bundle);
        for profile in list(project, "profiles", "profile") {
            let name = text_of(profile, "id").unwrap_or("profile");
            self.properties_of(profile, Some(name));
            self.section(profile, Some(name), false);
        }
    }

    /// The coordinates, under the names by which texts refer to them.
    fn coordinates_of(&mut self, project: Node<'_, '_>, parent: Option<Node<'_, '_>>) {
        for name in ["groupId", "artifactId", "version"] {
            let above = parent.and_then(|parent| child(parent, name));
            let own = child(project, name);
            let own = match name {
                "artifactId" => own,
                _ => own.or(above),
            };
            if let Some(own) = own {
                for prefix in ["project.", "pom.", ""] {
                    self.properties.set(&format!("{prefix}{name}"), text(own));
                }
                self.property(&format!("project.{name}"), own, None);
            }
            if let Some(above) = above {
                self.property(&format!("project.parent.{name}"), above, None);
            }
        }
    }

    fn properties_of(&mut self, node: Node<'_, '_>, profile: Option<&str>) {
        for property in child(node, "properties").into_iter().flat_map(children) {
            self.property(property.tag_name().name(), property, profile);
        }
    }

    fn property(&mut self, name: &str, node: Node<'_, '_>, profile: Option<&str>) {
        let value = text(node);
        if profile.is_none() {
            self.properties.set(name, value);
        }
        let claim = Claim::Binds {
            key: Key::new("maven-property", name),
            value: self.properties.template(value),
        };
        let fact = self.facts.push(Subject::Here, claim, span(node));
        fact.certainty = Certainty::Declared;
        fact.when = when(profile);
    }

    /// Who the parent is, and where it should be: the place counts only when it is the one.
    fn parent(&mut self, parent: Node<'_, '_>) {
        let group = text_of(parent, "groupId");
        let (Some(group), Some(artifact)) = (group, text_of(parent, "artifactId")) else {
            return;
        };
        let path = child(parent, "relativePath").map_or("../pom.xml", text);
        let place = match path {
            "" => None,
            path if path.ends_with(".xml") => join(self.folder, path),
            folder => join(self.folder, &format!("{folder}/pom.xml")),
        };
        let place = place.map_or_else(Template::default, |path| format!("path:{path}").into());
        let claim = Claim::Inherits {
            from: Key::at("maven-parent", place, format!("{group}:{artifact}")),
            prefix: None,
        };
        let bytes = child(parent, "artifactId").map_or(parent.range(), span);
        self.declare(claim, bytes);
    }

    fn artifact(&mut self, project: Node<'_, '_>, parent: Option<Node<'_, '_>>) {
        let Some(node) = child(project, "artifactId") else {
            let message = "a project without an `artifactId`";
            self.facts.problem(project.range(), message);
            self.facts.parsed(Parsed::Partly);
            return;
        };
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(self.properties.template(text(node))),
        };
        self.declare(claim, span(node));
        let group = text_of(project, "groupId")
            .or_else(|| parent.and_then(|parent| text_of(parent, "groupId")));
        if let Some(group) = group {
            let name = self.properties.template(&format!("{group}:{}", text(node)));
            let key = Key::at("maven", format!("path:{}", self.folder), name);
            self.provide(key, span(node));
        }
        if let Some(packaging) = child(project, "packaging")
            && matches!(text(packaging), "war" | "ear" | "quarkus")
        {
            self.provide(Key::new("trait", "entry-point"), span(packaging));
        }
    }

    /// What a project and a profile have alike.
    fn section(&mut self, node: Node<'_, '_>, profile: Option<&str>, is_bundle: bool) {
        let mut scoped = BTreeSet::new();
        for dependency in list(node, "dependencies", "dependency") {
            self.dependency(dependency, profile, &mut scoped);
        }
        if profile.is_none() {
            self.managed(node, &scoped);
        }
        let Some(build) = child(node, "build") else {
            return;
        };
        for plugin in list(build, "plugins", "plugin") {
            self.plugin(plugin, profile, is_bundle);
        }
        for extension in list(build, "extensions", "extension") {
            self.build_time(extension, profile);
        }
    }

    fn dependency(
        &mut self,
        node: Node<'_, '_>,
        profile: Option<&str>,
        scoped: &mut BTreeSet<String>,
    ) {
        let Some(name) = self.coordinates(node, None) else {
            return;
        };
        let scope = text_of(node, "scope");
        if let (Some(scope), Some(name), None) = (scope, name.as_text(), profile) {
            // What is said here counts, whatever is managed above.
            scoped.insert(name.to_owned());
            self.scope(name, scope, span(node));
        }
        if let (Some("system"), Some(path)) = (scope, child(node, "systemPath")) {
            self.system_path(path, profile);
        }
        let context = match scope {
            Some("test") => Context::Test,
            _ => Context::Production,
        };
        let at = child(node, "artifactId").unwrap_or(node);
        self.require(name, context, profile, span(at));
    }

    fn build_time(&mut self, node: Node<'_, '_>, profile: Option<&str>) {
        if let Some(name) = self.coordinates(node, None) {
            let at = child(node, "artifactId").unwrap_or(node);
            self.require(name, Context::Build, profile, span(at));
        }
    }

    fn require(
        &mut self,
        name: Template,
        context: Context,
        profile: Option<&str>,
        bytes: Range<usize>,
    ) {
        let key = Key::new("maven", name);
        let fact = self.facts.requires(key, DependencyKind::LinkImpl, 1, bytes);
        fact.certainty = Certainty::Declared;
        fact.context = context;
        fact.when = when(profile);
    }

    /// A file of the tree on the class path.
    fn system_path(&mut self, path: Node<'_, '_>, profile: Option<&str>) {
        let base = ["${project.basedir}/", "${basedir}/", "${pom.basedir}/"];
        let below = base.iter().find_map(|base| text(path).strip_prefix(base));
        if let Some(place) = below.and_then(|below| join(self.folder, below)) {
            let key = Key::new("file", place);
            let fact = self
                .facts
                .requires(key, DependencyKind::LinkSplice, 1, span(path));
            fact.when = when(profile);
        }
    }

    /// Scopes for dependencies that say none; versions do not matter here, and a bill of materials is no link.
    fn managed(&mut self, node: Node<'_, '_>, scoped: &BTreeSet<String>) {
        let Some(management) = child(node, "dependencyManagement") else {
            return;
        };
        for dependency in list(management, "dependencies", "dependency") {
            if let Some(name) = self.coordinates(dependency, None)
                && let Some(name) = name.as_text()
                && let Some(scope) = text_of(dependency, "scope")
                && scope != "import"
                && !scoped.contains(name)
            {
                self.scope(name, scope, span(dependency));
            }
        }
    }

    fn scope(&mut self, name: &str, scope: &str, bytes: Range<usize>) {
        let key = Key::new("maven-scope", name);
        let value = scope.into();
        self.declare(Claim::Binds { key, value }, bytes);
    }

    fn plugin(&mut self, plugin: Node<'_, '_>, profile: Option<&str>, is_bundle: bool) {
        if let Some(name) = self.coordinates(plugin, Some(MAVEN)) {
            let at = child(plugin, "artifactId").unwrap_or(plugin);
            let known = name.as_text().unwrap_or_default();
            if is_bundle && PROGRAM_PLUGINS.contains(&known) && !is_skipped(plugin) {
                self.provide(Key::new("trait", "entry-point"), span(at));
            }
            if !known.starts_with(MAVEN) {
                self.require(name, Context::Build, profile, span(at));
            }
        }
        for dependency in list(plugin, "dependencies", "dependency") {
            self.build_time(dependency, profile);
        }
    }

    /// `group:artifact`.
    fn coordinates(&self, node: Node<'_, '_>, group: Option<&str>) -> Option<Template> {
        let group = text_of(node, "groupId").or(group)?;
        let artifact = text_of(node, "artifactId")?;
        Some(self.properties.template(&format!("{group}:{artifact}")))
    }

    fn provide(&mut self, key: Key, bytes: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, bytes);
    }

    fn declare(&mut self, claim: Claim, bytes: Range<usize>) {
        self.facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
    }
}

/// Whether the configuration of a plugin turns it off.
fn is_skipped(plugin: Node<'_, '_>) -> bool {
    child(plugin, "configuration").and_then(|node| text_of(node, "skip")) == Some("true")
}

fn when(profile: Option<&str>) -> Vec<Condition> {
    let variant = profile.map(|name| Condition::Variant(format!("profile:{name}").into()));
    variant.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Pom, path, text));
    }

    #[test]
    fn an_artifact_with_dependencies_of_every_scope() {
        check(
            "cart/pom.xml",
            "<?xml version=\"1.0\"?>
<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
  <parent><groupId>com.acme</groupId><artifactId>shop</artifactId><version>1</version></parent>
  <artifactId>cart</artifactId>
  <packaging>war</packaging>
  <properties><db>postgresql</db><own>${elsewhere}</own></properties>
  <dependencies>
    <dependency><groupId>${project.groupId}</groupId><artifactId>catalog</artifactId></dependency>
    <dependency><groupId>org.${db}</groupId><artifactId>${own}</artifactId></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
    <dependency><groupId>a</groupId><artifactId>b</artifactId><scope>system</scope><systemPath>${project.basedir}/../lib/b.jar</systemPath></dependency>
  </dependencies>
  <dependencyManagement><dependencies>
    <dependency><groupId>com.acme</groupId><artifactId>bom</artifactId><type>pom</type><scope>import</scope></dependency>
    <dependency><groupId>com.acme</groupId><artifactId>testkit</artifactId><scope>test</scope></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>compile</scope></dependency>
  </dependencies></dependencyManagement>
  <modules><module>inner</module></modules>
  <build><plugins>
    <plugin><artifactId>maven-surefire-plugin</artifactId><dependencies>
      <dependency><groupId>com.acme</groupId><artifactId>listener</artifactId></dependency>
    </dependencies></plugin>
  </plugins></build>
  <profiles><profile><id>it</id><dependencies>
    <dependency><groupId>com.acme</groupId><artifactId>extra</artifactId></dependency>
  </dependencies></profile></profiles>
</project>
",
            expect![[r#"
                here binds maven-property:db = postgresql [declared]  @ "postgresql"
                here binds maven-property:own = ${maven-property:elsewhere} [declared]  @ "${elsewhere}"
                here binds maven-property:project.artifactId = cart [declared]  @ "cart"
                here binds maven-property:project.groupId = com.acme [declared]  @ "com.acme"
                here binds maven-property:project.parent.artifactId = shop [declared]  @ "shop"
                here binds maven-property:project.parent.groupId = com.acme [declared]  @ "com.acme"
                here binds maven-property:project.parent.version = 1 [declared]  @ "1"
                here binds maven-property:project.version = 1 [declared]  @ "1"
                here binds maven-scope:a:b = system [declared]  @ "<dependency><groupId>a</groupId><artifactId>b</artifactId><scope>system</scope><systemPath>${project.basedir}/../lib/b.jar</systemPath></dependency>"
                here binds maven-scope:com.acme:testkit = test [declared]  @ "<dependency><groupId>com.acme</groupId><artifactId>testkit</artifactId><scope>test</scope></dependency>"
                here binds maven-scope:junit:junit = test [declared]  @ "<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>"
                here inherits maven-parent(path:pom.xml)com.acme:shop [declared]  @ "shop"
                here is library cart [declared]  @ "cart"
                here provides maven(path:cart)com.acme:cart [declared]  @ "cart"
                here provides trait:entry-point [declared]  @ "war"
                here requires file:lib/b.jar [link.splice]  @ "${project.basedir}/../lib/b.jar"
                here requires maven:a:b [link.impl] [declared]  @ "b"
                here requires maven:com.acme:catalog [link.impl] [declared]  @ "catalog"
                here requires maven:com.acme:extra [link.impl] [declared] when profile:it  @ "extra"
                here requires maven:com.acme:listener [link.impl] [declared] [build]  @ "listener"
                here requires maven:junit:junit [link.impl] [declared] [test]  @ "junit"
                here requires maven:org.postgresql:${maven-property:own} [link.impl] [declared]  @ "${own}"
            "#]],
        );
    }

    #[test]
    fn a_parent_may_lie_anywhere() {
        for (path, place) in [
            (
                "<relativePath>../parent</relativePath>",
                "(path:parent/pom.xml)g:p",
            ),
            (
                "<relativePath>../p/a.xml</relativePath>",
                "(path:p/a.xml)g:p",
            ),
            ("", "(path:pom.xml)g:p"),
            ("<relativePath/>", ":g:p"),
        ] {
            let text = format!(
                "<project><parent><groupId>g</groupId><artifactId>p</artifactId>{path}</parent><artifactId>a</artifactId></project>"
            );
            let found = lines(&Pom, "cart/pom.xml", &text);
            let wanted = format!("inherits maven-parent{place}");
            assert!(found.contains(&wanted), "{found}");
        }
    }

    #[test]
    fn a_plugin_that_builds_programs_makes_one() {
        let pom = |more: &str| {
            format!(
                "<project><groupId>g</groupId><artifactId>a</artifactId>{more}<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
            )
        };
        assert!(lines(&Pom, "pom.xml", pom("")).contains("entry-point"));
        let parent = pom("<packaging>pom</packaging>");
        assert!(!lines(&Pom, "pom.xml", parent).contains("entry-point"));
    }

    #[test]
    fn templates_and_test_data_are_left_alone() {
        let text = "<project><groupId>g</groupId><artifactId>a</artifactId></project>";
        let path = "tool/src/main/resources/archetype-resources/pom.xml";
        assert_eq!(lines(&Pom, path, text), "");
        assert_eq!(lines(&Pom, "pom.xml", "<settings/>"), "");
    }

    #[test]
    fn broken_files_become_problems() {
        for (text, problem) in [
            ("<project>", "not well-formed"),
            ("", "not well-formed"),
            ("<project/>", "without an `artifactId`"),
            ("<project><artifactId>a</b></project>", "not well-formed"),
        ] {
            let found = lines(&Pom, "pom.xml", text);
            assert!(found.contains(problem), "{text}: {found}");
        }
        facts(&Pom, "pom.xml", b"\xff");
        let open = "<a>".repeat(90_000);
        facts(&Pom, "pom.xml", format!("<project>{open}").as_bytes());
        let closed = format!("<project>{open}{}</project>", "</a>".repeat(90_000));
        facts(&Pom, "pom.xml", closed.as_bytes());
    }
}
