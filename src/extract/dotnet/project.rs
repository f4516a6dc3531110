//! What does an MSBuild file say: a project, what it refers to and takes in, properties for those that import it?
//!
//! Properties and items are stated as they are written; what they come to in each project is worked out when resolving.
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/msbuild-project-file-schema-reference>

use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use super::expressions::{entries, is_name, template};
use super::kind::Told;
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{
    Access, Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId,
    Facts, Key, Language, Offer, Parsed, RepoPath, SourceFile, Subject, Template,
};

/// Reads project files, and the property files that they import.
#[derive(Debug)]
pub(in crate::extract) struct Project;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/project"),
    summary: ".NET projects: references, packages, files taken in, properties",
    globs: &[
        "**/*.csproj",
        "**/*.fsproj",
        "**/*.projitems",
        "**/*.props",
        "**/*.proj",
        "**/*.shproj",
        "**/*.targets",
        "**/*.vbproj",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most facts of one file.
const FACTS: usize = 8192;

/// How many elements around one may set conditions.
const AROUND: usize = 64;

/// The most elements of one file.
const NODES: u32 = 1 << 20;

impl Extractor for Project {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        let options = ParsingOptions {
            allow_dtd: true,
            nodes_limit: NODES,
            ..ParsingOptions::default()
        };
        let document = match Document::parse_with_options(text, options) {
            Ok(document) => document,
            Err(error) => {
                let at = error.pos();
                let at = offset(text, at.row, at.col);
                facts.problem(at..at, format!("not read as XML: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        // Property files of other tools have other roots.
        let root = document.root_element();
        if root.tag_name().name() != "Project" {
            return;
        }
        facts.parsed(Parsed::Whole);
        if allowances::promised(file.bytes) {
            let comments: Vec<_> = document
                .descendants()
                .filter(Node::is_comment)
                .map(|comment| comment.range())
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let mut reader = Reader {
            path: file.path,
            subject: Subject::Here,
            facts,
            told: Told::default(),
            left: FACTS,
        };
        reader.told.root(&root);
        // A project that only lists others is none itself.
        let name = project_name(file.path).filter(|_| !reader.told.is_traversal());
        if name.is_none() {
            reader.subject = Subject::File;
        }
        for element in root.descendants().filter(Node::is_element) {
            reader.element(element);
        }
        if let Some(name) = name {
            reader.project(name, root);
        }
    }
}

/// The name of a project, by which others refer to it; `None` for files that projects import.
fn project_name(path: &RepoPath) -> Option<&str> {
    let (stem, ending) = path.file_name().rsplit_once('.')?;
    matches!(ending, "csproj" | "fsproj" | "vbproj" | "shproj").then_some(stem)
}

/// How an item of this type depends on the file that it includes.
fn kind_of(item: &str) -> Option<(DependencyKind, Context)> {
    Some(match item {
        "ProjectReference" | "Reference" => (DependencyKind::LinkImpl, Context::Production),
        "Compile"
        | "Content"
        | "EmbeddedResource"
        | "None"
        | "Page"
        | "Resource"
        | "ApplicationDefinition"
        | "AvaloniaResource"
        | "TypeScriptCompile" => (DependencyKind::LinkSplice, Context::Production),
        "Protobuf" => (DependencyKind::LinkContract, Context::Production),
        "AdditionalFiles" | "Analyzer" => (DependencyKind::LinkSplice, Context::Build),
        _ => return None,
    })
}

/// Items that name no file and no package.
fn is_irrelevant(item: &str) -> bool {
    matches!(
        item,
        "PackageVersion"
            | "GlobalPackageReference"
            | "Folder"
            | "Service"
            | "ProjectConfiguration"
            | "BootstrapperPackage"
            | "NoWarn"
            | "SupportedPlatform"
            | "ProjectCapability"
            | "PackageDownload"
            | "FrameworkReference"
            | "KnownFrameworkReference"
            | "COMReference"
            | "CodeAnalysisDictionary"
            | "MauiIcon"
            | "MauiFont"
            | "MauiImage"
            | "MauiAsset"
            | "TrimmerRootAssembly"
            | "RuntimeHostConfigurationOption"
            | "AssemblyMetadata"
    )
}

struct Reader<'a, 'f> {
    path: &'a RepoPath,
    subject: Subject,
    facts: &'a mut Facts<'f>,
    told: Told,
    /// How many facts may still be stated.
    left: usize,
}

impl Reader<'_, '_> {
    fn element(&mut self, element: Node<'_, '_>) {
        let name = element.tag_name().name();
        let parent = element
            .parent()
            .map_or("", |parent| parent.tag_name().name());
        match (parent, name) {
            (_, "Import") => self.import(element),
            ("PropertyGroup", _) => self.property(name, element),
            ("ItemGroup", "PackageReference" | "PackageVersion") => self.package(element),
            ("ItemGroup", "InternalsVisibleTo") => self.friends(element, "Include"),
            ("ItemGroup", "AssemblyAttribute") => self.attribute(element),
            ("ItemGroup", "Using") => self.using(element),
            ("ItemGroup", _) if !is_irrelevant(name) => self.item(name, element),
            _ => {}
        }
    }

    fn project(&mut self, name: &str, root: Node<'_, '_>) {
        let bytes = start_tag(root);
        let kind = self.told.kind(name);
        let claim = Claim::Component {
            kind,
            name: Some(name.into()),
        };
        self.state(Subject::Here, claim, bytes.clone(), Vec::new());
        let place = format!("path:{}", self.path.parent());
        self.provide(Key::at("dotnet", place, name), bytes.clone());
        if kind == ComponentKind::Library {
            // The name of the class that stands for the project in an Aspire host.
            let class = name.replace(|sign: char| !sign.is_alphanumeric(), "_");
            self.provide(Key::new("aspire-project", class), bytes.clone());
        }
        let assembly = self.told.assembly.clone();
        let assembly = assembly.map_or_else(|| name.into(), |text| template(&text, self.path));
        self.provide(Key::new("assembly", assembly), bytes.clone());
        if self.told.is_packed(kind) {
            let package = self.told.package.clone().unwrap_or_else(|| name.to_owned());
            if let Some(package) = template(&package, self.path).as_text() {
                let key = Key::at("dotnet", "registry:nuget", package);
                self.provide(key, bytes.clone());
            }
        }
        if kind == ComponentKind::Library && self.told.is_program() {
            self.provide(Key::new("trait", "entry-point"), bytes);
        }
    }

    fn property(&mut self, name: &str, element: Node<'_, '_>) {
        let Some(text) = element.text().map(str::trim) else {
            return;
        };
        self.told.property(name, text);
        // What targets set holds while they run, and for nothing that is read before.
        let mut around = element.ancestors().take(AROUND);
        if around.any(|above| above.has_tag_name("Target")) || !is_name(name) {
            return;
        }
        self.bind(Key::new("msbuild", name), text, element.range(), element);
    }

    fn import(&mut self, element: Node<'_, '_>) {
        let Some(path) = element.attribute_node("Project") else {
            return;
        };
        if let Some(sdk) = element.attribute("Sdk") {
            self.told.sdk(sdk);
            return;
        }
        let key = Key::at("msbuild-item", "Import", template(path.value(), self.path));
        let kind = (DependencyKind::LinkSplice, Context::Build);
        self.requires(key, kind, path.range_value(), conditions(element));
    }

    fn package(&mut self, element: Node<'_, '_>) {
        let Some(include) = element.attribute_node("Include") else {
            return;
        };
        if element.tag_name().name() == "PackageVersion" {
            return;
        }
        let assets = metadata(element, "PrivateAssets").unwrap_or_default();
        let is_tool = assets.eq_ignore_ascii_case("all");
        let context = if is_tool {
            Context::Build
        } else {
            Context::Production
        };
        for (name, _) in entries(include.value()) {
            self.told.package(name);
            let name = template(name, self.path);
            if !name.is_literal() {
                continue;
            }
            let key = Key::at("dotnet", "registry:nuget", name);
            let kind = (DependencyKind::LinkImpl, context);
            self.requires(key, kind, include.range_value(), conditions(element));
        }
    }

    /// Assemblies that may see what is internal.
    fn friends(&mut self, element: Node<'_, '_>, attribute: &str) {
        let Some(names) = element.attribute_node(attribute) else {
            return;
        };
        for (name, _) in entries(names.value()) {
            self.friend(name, names.range_value(), element);
        }
    }

    fn friend(&mut self, name: &str, bytes: Range<usize>, element: Node<'_, '_>) {
        let name = name.split(',').next().unwrap_or_default().trim();
        let claim = Claim::Provides {
            key: Key::new("friend", template(name, self.path)),
            how: Offer::Declares,
        };
        self.state(self.subject.clone(), claim, bytes, conditions(element));
    }

    fn attribute(&mut self, element: Node<'_, '_>) {
        let name = element.attribute("Include").unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        if !matches!(name, "InternalsVisibleTo" | "InternalsVisibleToAttribute") {
            return;
        }
        if element.attribute("_Parameter1").is_some() {
            self.friends(element, "_Parameter1");
        } else if let Some(parameter) = child(element, "_Parameter1")
            && let Some(friend) = parameter.text()
        {
            self.friend(friend.trim(), parameter.range(), element);
        }
    }

    fn using(&mut self, element: Node<'_, '_>) {
        let Some(include) = element.attribute_node("Include") else {
            return;
        };
        let is_type = metadata(element, "Static")
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
            || metadata(element, "Alias").is_some();
        let space = if is_type { "csharptype" } else { "csharpns" };
        for (name, _) in entries(include.value()) {
            let name = template(name, self.path);
            if name.is_literal() {
                let kind = (DependencyKind::LinkImpl, Context::Production);
                self.requires(
                    Key::new(space, name),
                    kind,
                    include.range_value(),
                    conditions(element),
                );
            }
        }
    }

    fn item(&mut self, item: &str, element: Node<'_, '_>) {
        // The project's own lists, what it refers to, and contracts: what is said of these items counts.
        let is_listed = matches!(item, "ProjectReference" | "Protobuf");
        let is_list = is_name(item) && (kind_of(item).is_none() || is_listed);
        for action in ["Remove", "Update"] {
            let is_read = is_list || (item, action) == ("Compile", "Remove");
            if let Some(changed) = element.attribute_node(action).filter(|_| is_read) {
                for (entry, _) in entries(changed.value()) {
                    let key = Key::at("msbuild-item", action, item);
                    self.bind(key, entry, changed.range_value(), element);
                }
                self.metadata(item, element, changed.range_value(), is_list);
            }
        }
        let Some(include) = element.attribute_node("Include") else {
            return;
        };
        self.metadata(item, element, include.range_value(), is_list);
        let kind = kind_of(item).map(|kind| refined(item, kind, element));
        for (entry, _) in entries(include.value()) {
            let path = template(entry, self.path);
            let path = if item == "Reference" {
                self.told.package(entry.split(',').next().unwrap_or(entry));
                // Only what is found by a path can be from here.
                match metadata(element, "HintPath") {
                    Some(hint) => template(hint, self.path),
                    None => continue,
                }
            } else {
                path
            };
            let stays = !matches!(item, "ProjectReference" | "Protobuf" | "Reference")
                && stays_inside(&path);
            match kind {
                Some(_) if stays => {}
                Some(kind) => {
                    let key = Key::at("msbuild-item", item, path);
                    self.requires(key, kind, include.range_value(), conditions(element));
                }
                // A list of the project's own, from which other items may be made.
                None if is_list => {
                    let key = Key::new("msbuild-items", item);
                    self.bind(key, entry, include.range_value(), element);
                }
                None => {}
            }
        }
    }

    /// What is said of the items that an element includes or changes, and what it leaves out of them; all at the place of these items.
    fn metadata(&mut self, item: &str, element: Node<'_, '_>, bytes: Range<usize>, is_list: bool) {
        if let Some(excluded) = element.attribute("Exclude") {
            for (entry, _) in entries(excluded) {
                let key = Key::at("msbuild-metadata", item, "Exclude");
                self.bind(key, entry, bytes.clone(), element);
            }
        }
        if !is_list {
            return;
        }
        let attributes = element
            .attributes()
            .filter(|said| !is_reserved(said.name()));
        for said in attributes {
            let key = Key::at("msbuild-metadata", item, said.name());
            self.bind(key, said.value(), bytes.clone(), element);
        }
        for said in element.children().filter(Node::is_element) {
            let name = said.tag_name().name();
            if is_name(name) && !is_reserved(name) {
                let key = Key::at("msbuild-metadata", item, name);
                let text = said.text().unwrap_or_default().trim();
                self.bind(key, text, bytes.clone(), said);
            }
        }
    }

    /// States what a name means under the conditions around an element.
    fn bind(&mut self, key: Key, text: &str, bytes: Range<usize>, element: Node<'_, '_>) {
        let claim = Claim::Binds {
            key,
            value: template(text, self.path),
        };
        self.state(self.subject.clone(), claim, bytes, conditions(element));
    }

    fn provide(&mut self, key: Key, bytes: Range<usize>) {
        let how = Offer::Implements;
        self.state(
            Subject::Here,
            Claim::Provides { key, how },
            bytes,
            Vec::new(),
        );
    }

    fn requires(
        &mut self,
        key: Key,
        (kind, context): (DependencyKind, Context),
        bytes: Range<usize>,
        when: Vec<Condition>,
    ) {
        let claim = Claim::Requires {
            key,
            kind,
            access: Access::Use,
            count: 1,
        };
        let subject = self.subject.clone();
        if let Some(fact) = self.state(subject, claim, bytes, when) {
            fact.context = context;
        }
    }

    fn state(
        &mut self,
        subject: Subject,
        claim: Claim,
        bytes: Range<usize>,
        when: Vec<Condition>,
    ) -> Option<&mut crate::model::Fact> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = format!("more than {FACTS} properties and items; the rest is not read");
            self.facts.problem(bytes, message);
            self.facts.parsed(Parsed::Partly);
            return None;
        }
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.when = when;
        Some(fact)
    }
}

/// Attributes of an item that are no metadata: <https://learn.microsoft.com/visualstudio/msbuild/item-element-msbuild>.
fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "Condition"
            | "Exclude"
            | "Include"
            | "KeepDuplicates"
            | "KeepMetadata"
            | "Label"
            | "MatchOnMetadata"
            | "MatchOnMetadataOptions"
            | "Remove"
            | "RemoveMetadata"
            | "Update"
    )
}

/// What the metadata of an item say of how it is used.
fn refined(
    item: &str,
    (kind, context): (DependencyKind, Context),
    element: Node<'_, '_>,
) -> (DependencyKind, Context) {
    let is = |name: &str, value: &str| {
        metadata(element, name).is_some_and(|text| text.trim().eq_ignore_ascii_case(value))
    };
    let copied = metadata(element, "CopyToOutputDirectory").is_some()
        || metadata(element, "CopyToPublishDirectory").is_some();
    let context = match item {
        "ProjectReference"
            if is("ReferenceOutputAssembly", "false") || is("OutputItemType", "Analyzer") =>
        {
            Context::Build
        }
        // Files that only go into the package (its readme), or only show in the editor.
        "None" | "Content" if is("Pack", "true") && !copied => Context::Build,
        "None" if !copied => Context::Development,
        _ => context,
    };
    (kind, context)
}

/// Metadata of an item: an attribute, or an element in it.
fn metadata<'a>(element: Node<'a, '_>, name: &str) -> Option<&'a str> {
    element
        .attribute(name)
        .or_else(|| child(element, name)?.text())
}

fn child<'a, 'i>(element: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    element
        .children()
        .find(|child| child.tag_name().name() == name)
}

/// The conditions around an element, the outermost first.
fn conditions(element: Node<'_, '_>) -> Vec<Condition> {
    let mut found: Vec<Condition> = element
        .ancestors()
        .take(AROUND)
        .filter_map(|above| match above.tag_name().name() {
            "Otherwise" => Some("otherwise"),
            "Target" => None,
            _ => above.attribute("Condition"),
        })
        .map(|text| Condition::Variant(text.trim().into()))
        .collect();
    found.reverse();
    found
}

/// Whether a path of an item cannot leave the folder of the project.
fn stays_inside(path: &Template) -> bool {
    path.as_text().is_some_and(|path| {
        !path.starts_with('/') && !path.split('/').any(|segment| segment == "..")
    })
}

/// The bytes of the tag that opens an element.
fn start_tag(element: Node<'_, '_>) -> Range<usize> {
    let range = element.range();
    let text = &element.document().input_text()[range.clone()];
    let end = text.find('>').map_or(text.len(), |at| at + 1);
    range.start..range.start + end
}

/// The offset of a row and a column, both from 1.
fn offset(text: &str, row: u32, column: u32) -> usize {
    let line = text
        .split_inclusive('\n')
        .take(row.saturating_sub(1) as usize)
        .map(str::len)
        .sum::<usize>();
    let rest = &text[line.min(text.len())..];
    let column = column.saturating_sub(1) as usize;
    line + rest
        .char_indices()
        .nth(column)
        .map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Project, path, text));
    }

    #[test]
    fn a_project_is_told_with_what_it_refers_to() {
        check(
            "src/Cart/Cart.csproj",
            r#"<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup Condition="'$(Configuration)' == 'Debug'">
    <RootNamespace>Acme.Cart</RootNamespace>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="..\Catalog\Catalog.csproj;$(RepoRoot)src\Money\Money.csproj" />
    <ProjectReference Include="..\Lint\Lint.csproj" OutputItemType="Analyzer" />
    <ProjectReference Include="..\Seed\Seed.csproj"><ReferenceOutputAssembly>false</ReferenceOutputAssembly></ProjectReference>
    <PackageReference Include="Dapper" Version="2" />
    <PackageReference Include="StyleCop" PrivateAssets="all" />
    <Compile Include="..\Shared\Clock.cs" Link="Clock.cs" />
    <Compile Include="Own.cs" />
    <Compile Remove="old\**" />
    <None Include="..\..\README.md" Pack="true" />
    <Protobuf Include="..\Catalog\catalog.proto" GrpcServices="Client" />
    <Reference Include="Ledger"><HintPath>..\lib\Ledger.dll</HintPath></Reference>
    <Reference Include="System.Xml" />
    <InternalsVisibleTo Include="$(AssemblyName).Tests;Acme.Pay, PublicKey=00" />
    <Using Include="Acme.Money" />
    <Parts Include="Money" />
  </ItemGroup>
  <Import Project="..\eng\Common.props" />
</Project>"#,
            expect![[r#"
                here binds msbuild-item(Remove)Compile = old/** [declared]  @ "old\\**"
                here binds msbuild-items:Parts = Money [declared]  @ "Money"
                here binds msbuild-metadata(ProjectReference)OutputItemType = Analyzer [declared]  @ "..\\Lint\\Lint.csproj"
                here binds msbuild-metadata(ProjectReference)ReferenceOutputAssembly = false [declared]  @ "..\\Seed\\Seed.csproj"
                here binds msbuild-metadata(Protobuf)GrpcServices = Client [declared]  @ "..\\Catalog\\catalog.proto"
                here binds msbuild:RootNamespace = Acme.Cart [declared] when '$(Configuration)' == 'Debug'  @ "<RootNamespace>Acme.Cart</RootNamespace>"
                here is library Cart [declared]  @ "<Project Sdk=\"Microsoft.NET.Sdk.Web\">"
                here provides aspire-project:Cart [declared]  @ "<Project Sdk=\"Microsoft.NET.Sdk.Web\">"
                here provides assembly:Cart [declared]  @ "<Project Sdk=\"Microsoft.NET.Sdk.Web\">"
                here provides dotnet(path:src/Cart)Cart [declared]  @ "<Project Sdk=\"Microsoft.NET.Sdk.Web\">"
                here provides friend:${msbuild:AssemblyName}.Tests [declares] [declared]  @ "$(AssemblyName).Tests;Acme.Pay, PublicKey=00"
                here provides friend:Acme.Pay [declares] [declared]  @ "$(AssemblyName).Tests;Acme.Pay, PublicKey=00"
                here provides trait:entry-point [declared]  @ "<Project Sdk=\"Microsoft.NET.Sdk.Web\">"
                here requires csharpns:Acme.Money [link.impl] [declared]  @ "Acme.Money"
                here requires dotnet(registry:nuget)Dapper [link.impl] [declared]  @ "Dapper"
                here requires dotnet(registry:nuget)StyleCop [link.impl] [declared] [build]  @ "StyleCop"
                here requires msbuild-item(Compile)../Shared/Clock.cs [link.splice] [declared]  @ "..\\Shared\\Clock.cs"
                here requires msbuild-item(Import)../eng/Common.props [link.splice] [declared] [build]  @ "..\\eng\\Common.props"
                here requires msbuild-item(None)../../README.md [link.splice] [declared] [build]  @ "..\\..\\README.md"
                here requires msbuild-item(ProjectReference)${msbuild:RepoRoot}src/Money/Money.csproj [link.impl] [declared]  @ "..\\Catalog\\Catalog.csproj;$(RepoRoot)src\\Money\\Money.csproj"
                here requires msbuild-item(ProjectReference)../Catalog/Catalog.csproj [link.impl] [declared]  @ "..\\Catalog\\Catalog.csproj;$(RepoRoot)src\\Money\\Money.csproj"
                here requires msbuild-item(ProjectReference)../Lint/Lint.csproj [link.impl] [declared] [build]  @ "..\\Lint\\Lint.csproj"
                here requires msbuild-item(ProjectReference)../Seed/Seed.csproj [link.impl] [declared] [build]  @ "..\\Seed\\Seed.csproj"
                here requires msbuild-item(Protobuf)../Catalog/catalog.proto [link.contract] [declared]  @ "..\\Catalog\\catalog.proto"
                here requires msbuild-item(Reference)../lib/Ledger.dll [link.impl] [declared]  @ "Ledger"
            "#]],
        );
    }

    #[test]
    fn what_a_project_builds_tells_what_it_is() {
        for (path, text, told) in [
            (
                "a/Host.csproj",
                r#"<Project Sdk="Aspire.AppHost.Sdk/9.0.0"/>"#,
                "here is orchestrator Host",
            ),
            (
                "a/Host.csproj",
                r#"<Project><Sdk Name="Aspire.AppHost.Sdk"/></Project>"#,
                "here is orchestrator Host",
            ),
            (
                "a/A.csproj",
                r#"<Project><ItemGroup><PackageReference Include="xunit"/></ItemGroup></Project>"#,
                "here is test A",
            ),
            ("a/A.Tests.csproj", "<Project/>", "here is test A.Tests"),
            (
                "a/A.csproj",
                r#"<Project Sdk="Microsoft.NET.Sdk.Worker"/>"#,
                "trait:entry-point",
            ),
            (
                "a/A.fsproj",
                "<Project><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>",
                "trait:entry-point",
            ),
        ] {
            let said = lines(&Project, path, text);
            assert!(said.contains(told), "{text}: {said}");
        }
        let library = r#"<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><OutputType>Library</OutputType></PropertyGroup></Project>"#;
        assert!(!lines(&Project, "a/A.csproj", library).contains("entry-point"));
    }

    #[test]
    fn files_that_projects_import_speak_for_them() {
        check(
            "eng/Common.props",
            r#"<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup><RepoRoot>$(MSBuildThisFileDirectory)..\</RepoRoot></PropertyGroup>
  <ItemGroup><ProjectReference Include="$(RepoRoot)src\Lint\Lint.csproj" OutputItemType="Analyzer" /></ItemGroup>
  <Target Name="T"><PropertyGroup><X>1</X></PropertyGroup></Target>
</Project>"#,
            expect![[r#"
                file binds msbuild-metadata(ProjectReference)OutputItemType = Analyzer [declared]  @ "$(RepoRoot)src\\Lint\\Lint.csproj"
                file binds msbuild:RepoRoot = /eng/../ [declared]  @ "<RepoRoot>$(MSBuildThisFileDirectory)..\\</RepoRoot>"
                file requires msbuild-item(ProjectReference)${msbuild:RepoRoot}src/Lint/Lint.csproj [link.impl] [declared] [build]  @ "$(RepoRoot)src\\Lint\\Lint.csproj"
            "#]],
        );
    }

    #[test]
    fn broken_and_foreign_files_give_no_facts() {
        let broken = facts(&Project, "a.csproj", b"<Project><a></Project>");
        assert_eq!((broken.facts.len(), broken.problems.len()), (0, 1));
        let foreign = facts(&Project, "a.props", b"<other/>");
        assert_eq!((foreign.facts.len(), foreign.problems.len()), (0, 0));
        facts(
            &Project,
            "a.csproj",
            format!("<Project>{}", "<PropertyGroup>".repeat(50_000)).as_bytes(),
        );
        let deep = format!(
            "<Project>{}{}</Project>",
            "<PropertyGroup>".repeat(20_000),
            "</PropertyGroup>".repeat(20_000)
        );
        facts(&Project, "a.csproj", deep.as_bytes());
    }
}
