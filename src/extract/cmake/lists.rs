//! What does a CMake file say: projects, targets, packages that it looks for, and folders for headers?
//!
//! A folder is a component when its `CMakeLists.txt` has `project()`, or when it defines a library with its own
//! folder for public headers, or a program, and is called after what it holds. A folder that only orders a project
//! (`src`, `lib`, `tests`) stays part of it: real projects have a `CMakeLists.txt` in every folder, and a graph of
//! folders is no graph of things that anybody owns. Teams that share a project are still told apart, by folders.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::interpret::Interpreter;
use super::model::{Kind, Link, Model, Target, Visibility};
use super::statements::statements;
use super::values::{TARGET, VARIABLE};
use crate::extract::syntax::{self, Nodes, bytes};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Access, Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Fact, Facts,
    Key, Language, Offer, Parsed, SourceFile, Subject, Template, within,
};

/// Reads `CMakeLists.txt` and `*.cmake`.
#[derive(Debug)]
pub(in crate::extract) struct Lists;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("cmake/lists"),
    summary: "CMake projects, targets and what they link",
    globs: &["**/CMakeLists.txt", "**/*.cmake"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// Folders that order a project and are not called after what they hold.
const ORDER: &[&str] = &[
    "app",
    "apps",
    "bench",
    "benchmark",
    "benchmarks",
    "bin",
    "build",
    "cmake",
    "cpp",
    "demo",
    "demos",
    "example",
    "examples",
    "ext",
    "external",
    "include",
    "lib",
    "libs",
    "main",
    "plugins",
    "samples",
    "source",
    "sources",
    "src",
    "test",
    "tests",
    "tool",
    "tools",
    "unittest",
    "unittests",
];

impl Extractor for Lists {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let grammar = || tree_sitter_cmake::LANGUAGE.into();
        let Some(tree) = syntax::parse("CMake", grammar, file.bytes, facts) else {
            return;
        };
        syntax::tell_errors(&tree, "CMake", facts);
        if allowances::promised(file.bytes) {
            let comments: Vec<Range<usize>> = Nodes::new(tree.root_node())
                .filter(|node| matches!(node.kind(), "line_comment" | "bracket_comment"))
                .map(bytes)
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let (statements, whole) = statements(&tree, file.bytes);
        let folder = file.path.parent();
        let is_lists = file.path.file_name() == "CMakeLists.txt";
        let mut interpreter = Interpreter::new(folder, is_lists);
        interpreter.follow(&statements);
        if !whole || !interpreter.is_whole() {
            facts.problem(0..0, "blocks or loops are nested too deeply to follow all");
            facts.parsed(Parsed::Partly);
        }
        let teller = Teller {
            folder,
            model: &interpreter.model,
            facts,
        };
        teller.tell(is_lists);
    }
}

struct Teller<'a, 'f> {
    folder: &'a str,
    model: &'a Model,
    facts: &'a mut Facts<'f>,
}

impl Teller<'_, '_> {
    fn tell(mut self, is_lists: bool) {
        if is_lists {
            self.component();
        }
        self.variables();
        for (path, bytes) in &self.model.include_directories {
            let key = Key::at("cmake-include", "directory", "");
            self.declare(binds(key, path.clone()), bytes.clone());
        }
        for target in &self.model.targets {
            self.target(target);
        }
        for (alias, target, bytes) in &self.model.aliases {
            let subject = self.named(target);
            let key = Key::new(TARGET, alias.clone());
            let claim = Claim::Provides {
                key,
                how: Offer::Declares,
            };
            self.say(subject, claim, bytes.clone());
        }
        for (namespace, bytes) in &self.model.namespaces {
            let key = Key::new("cmake-namespace", namespace.as_str());
            let how = Offer::Implements;
            self.declare(Claim::Provides { key, how }, bytes.clone());
        }
        self.links();
        self.packages();
        self.folders();
    }

    fn component(&mut self) {
        let place = format!("path:{}", self.folder);
        let named = self.model.projects.first().cloned();
        for (name, bytes) in &self.model.projects {
            let provides = |key| Claim::Provides {
                key,
                how: Offer::Implements,
            };
            let key = Key::at("cmake", place.as_str(), name.as_str());
            self.declare(provides(key), bytes.clone());
            let names = [
                ("PROJECT_NAME".to_owned(), name.as_str()),
                ("PROJECT_SOURCE_DIR".to_owned(), place.as_str()),
                (format!("{name}_SOURCE_DIR"), place.as_str()),
            ];
            for (variable, value) in names {
                let key = Key::new(VARIABLE, variable);
                self.declare(binds(key, Template::text(value)), bytes.clone());
            }
        }
        let Some((name, bytes)) = named.or_else(|| self.own_target()) else {
            return;
        };
        let kind = if is_test_name(&name) {
            ComponentKind::Test
        } else {
            ComponentKind::Library
        };
        let name = Some(name.into());
        self.declare(Claim::Component { kind, name }, bytes);
    }

    /// The target after which a folder without a project is called.
    fn own_target(&mut self) -> Option<(String, Range<usize>)> {
        let folder = self.folder.rsplit('/').next().unwrap_or_default();
        if ORDER.contains(&folder.to_ascii_lowercase().as_str()) {
            return None;
        }
        let is_test = |target: &&Target| target.test || self.facts.context() == Context::Test;
        let mut made = self.model.targets.iter().filter(|target| !is_test(target));
        let target = made.find(|target| match target.kind {
            Kind::Elsewhere => false,
            Kind::Program => !target.sources.is_empty(),
            Kind::Library => target
                .include_directories
                .iter()
                .any(|(visibility, path, _)| {
                    let path = path.as_text().and_then(|path| path.strip_prefix("path:"));
                    *visibility != Visibility::Private
                        && path.is_some_and(|path| within(path, self.folder))
                }),
        })?;
        let name = target.name.as_text()?.to_owned();
        let place = format!("path:{}", self.folder);
        let key = Key::at("cmake", place, name.as_str());
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, target.bytes.clone());
        Some((name, target.bytes.clone()))
    }

    fn variables(&mut self) {
        let mut values: BTreeMap<&str, (Vec<&str>, Range<usize>)> = BTreeMap::new();
        for (name, list, bytes) in &self.model.variables {
            let texts = list.iter().filter_map(Template::as_text);
            let entry = values.entry(name).or_insert((Vec::new(), bytes.clone()));
            entry.0.extend(texts);
        }
        for (name, (texts, bytes)) in values {
            if !texts.is_empty() {
                let value = Template::text(texts.join(";"));
                self.declare(binds(Key::new(VARIABLE, name), value), bytes);
            }
        }
    }

    fn target(&mut self, target: &Target) {
        let subject = self.named(&target.name);
        if target.kind != Kind::Elsewhere {
            let claim = Claim::Provides {
                key: Key::new(TARGET, target.name.clone()),
                how: Offer::Implements,
            };
            let test = target.test;
            let fact = self.say(subject.clone(), claim, target.bytes.clone());
            if test {
                fact.context = fact.context.join(Context::Test);
            }
        }
        if target.kind == Kind::Program && !target.test {
            let key = Key::new("program", target.name.clone());
            let how = Offer::Implements;
            self.say(
                subject.clone(),
                Claim::Provides { key, how },
                target.bytes.clone(),
            );
        }
        for (path, bytes) in &target.sources {
            let claim = binds(Key::new("cmake-source", ""), path.clone());
            self.say(subject.clone(), claim, bytes.clone());
        }
        for (visibility, path, bytes) in &target.include_directories {
            let key = Key::at("cmake-include", visibility.as_str(), "");
            self.say(subject.clone(), binds(key, path.clone()), bytes.clone());
        }
        for link in &target.links {
            let key = Key::at("cmake-link", link.visibility.as_str(), "");
            let claim = binds(key, link.name.clone());
            self.say(subject.clone(), claim, link.bytes.clone());
        }
    }

    /// What targets of other files are linked, each once.
    fn links(&mut self) {
        let mut found: BTreeMap<(&Template, Context), (u32, &Range<usize>)> = BTreeMap::new();
        let of_targets = self.model.targets.iter().flat_map(|target| {
            let links = target.links.iter();
            links.map(|link| (link, target.test))
        });
        let of_folder = self.model.links.iter().map(|link| (link, false));
        for (link, test) in of_targets.chain(of_folder) {
            let Link {
                name, test: inside, ..
            } = link;
            if self.model.makes(name) {
                continue;
            }
            let context = if test || *inside {
                Context::Test
            } else {
                Context::Production
            };
            found.entry((name, context)).or_insert((0, &link.bytes)).0 += 1;
        }
        for ((name, context), (count, bytes)) in found {
            let key = Key::new(TARGET, name.clone());
            let fact = self.declare(
                requires(key, DependencyKind::LinkImpl, count),
                bytes.clone(),
            );
            fact.context = fact.context.join(context);
        }
        self.sources();
    }

    /// Sources from outside of the folder: borrowed, when they are another component's.
    fn sources(&mut self) {
        let mut found: BTreeMap<(&Template, bool), &Range<usize>> = BTreeMap::new();
        for target in &self.model.targets {
            for (path, bytes) in &target.sources {
                let text = path.as_text().and_then(|path| path.strip_prefix("path:"));
                if text.is_some_and(|path| !within(path, self.folder)) {
                    found.entry((path, target.test)).or_insert(bytes);
                }
            }
        }
        for ((path, test), bytes) in found {
            let key = Key::new("cmake-file", path.clone());
            let claim = requires(key, DependencyKind::LinkSplice, 1);
            let fact = self.declare(claim, bytes.clone());
            if test {
                fact.context = fact.context.join(Context::Test);
            }
        }
    }

    /// A package that is looked for is there while building; what is linked of it is told apart.
    fn packages(&mut self) {
        // A package of ROS declares them in its manifest, with what each is for.
        let is_ros = |name: &str| name == "catkin" || name.starts_with("ament_cmake");
        let packages = || self.model.packages.iter();
        if packages().any(|package| package.name.as_text().is_some_and(is_ros)) {
            return;
        }
        let mut told = BTreeSet::new();
        for package in &self.model.packages {
            let context = if package.test {
                Context::Test
            } else {
                Context::Build
            };
            if !told.insert((&package.name, context)) {
                continue;
            }
            let key = Key::at("cmake", "registry:find-package", package.name.clone());
            let claim = requires(key, DependencyKind::LinkImpl, 1);
            let fact = self.declare(claim, package.bytes.clone());
            fact.context = fact.context.join(context);
        }
    }

    fn folders(&mut self) {
        for (path, bytes) in &self.model.folders {
            let text = path.as_text().and_then(|path| path.strip_prefix("path:"));
            if text.is_some_and(|path| !within(path, self.folder)) {
                let key = Key::new("cmake-file", path.clone());
                let claim = requires(key, DependencyKind::LinkImpl, 1);
                let fact = self.declare(claim, bytes.clone());
                fact.context = fact.context.join(Context::Build);
            }
        }
    }

    fn named(&self, target: &Template) -> Subject {
        let place = format!("path:{}", self.folder);
        Subject::Named(Key::at(TARGET, place, target.clone()))
    }

    fn declare(&mut self, claim: Claim, bytes: Range<usize>) -> &mut Fact {
        self.say(Subject::Here, claim, bytes)
    }

    fn say(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) -> &mut Fact {
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact
    }
}

/// `acme_system_tests`: a project that is nothing but tests.
fn is_test_name(name: &str) -> bool {
    name.ends_with("_tests") || name.ends_with("_test") || name.ends_with("-tests")
}

fn binds(key: Key, value: Template) -> Claim {
    Claim::Binds { key, value }
}

fn requires(key: Key, kind: DependencyKind, count: u32) -> Claim {
    Claim::Requires {
        key,
        kind,
        access: Access::Use,
        count,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Lists, path, text));
    }

    #[test]
    fn a_project_has_targets_that_link_and_look_for_headers() {
        check(
            "cart/CMakeLists.txt",
            "cmake_minimum_required(VERSION 3.20)
project(acme_cart VERSION 1.0)
find_package(acme_catalog REQUIRED)
set(SOURCES src/cart.cc)
list(APPEND SOURCES src/price.cc)
add_library(${PROJECT_NAME}_core SHARED ${SOURCES} ../shared/src/money.cc)
add_library(acme::cart ALIAS acme_cart_core)
target_include_directories(acme_cart_core
  PUBLIC \"$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>\" $<INSTALL_INTERFACE:include>
  PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(acme_cart_core PUBLIC acme::catalog PRIVATE $<$<CONFIG:Debug>:tracing> -lm pthread)
add_executable(acme_cart src/main.cc $<TARGET_OBJECTS:acme_cart_core>)
install(EXPORT cart NAMESPACE acme::)
",
            expect![[r#"
                cmake-target(path:cart)acme_cart binds cmake-link(private) = acme_cart_core [declared]  @ "$<TARGET_OBJECTS:acme_cart_core>"
                cmake-target(path:cart)acme_cart binds cmake-source: = path:cart/src/main.cc [declared]  @ "src/main.cc"
                cmake-target(path:cart)acme_cart provides cmake-target:acme_cart [declared]  @ "acme_cart"
                cmake-target(path:cart)acme_cart provides program:acme_cart [declared]  @ "acme_cart"
                cmake-target(path:cart)acme_cart_core binds cmake-include(private) = path:cart/src [declared]  @ "${PROJECT_SOURCE_DIR}/src"
                cmake-target(path:cart)acme_cart_core binds cmake-include(public) = path:cart/include [declared]  @ "\"$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>\""
                cmake-target(path:cart)acme_cart_core binds cmake-link(private) = pthread [declared]  @ "pthread"
                cmake-target(path:cart)acme_cart_core binds cmake-link(private) = tracing [declared]  @ "$<$<CONFIG:Debug>:tracing>"
                cmake-target(path:cart)acme_cart_core binds cmake-link(public) = acme::catalog [declared]  @ "acme::catalog"
                cmake-target(path:cart)acme_cart_core binds cmake-source: = path:cart/src/cart.cc [declared]  @ "${SOURCES}"
                cmake-target(path:cart)acme_cart_core binds cmake-source: = path:cart/src/price.cc [declared]  @ "${SOURCES}"
                cmake-target(path:cart)acme_cart_core binds cmake-source: = path:shared/src/money.cc [declared]  @ "../shared/src/money.cc"
                cmake-target(path:cart)acme_cart_core provides cmake-target:acme::cart [declares] [declared]  @ "add_library(acme::cart ALIAS acme_cart_core)"
                cmake-target(path:cart)acme_cart_core provides cmake-target:acme_cart_core [declared]  @ "${PROJECT_NAME}_core"
                here binds cmakevar:PROJECT_NAME = acme_cart [declared]  @ "acme_cart"
                here binds cmakevar:PROJECT_SOURCE_DIR = path:cart [declared]  @ "acme_cart"
                here binds cmakevar:SOURCES = src/cart.cc [declared]  @ "set(SOURCES src/cart.cc)"
                here binds cmakevar:acme_cart_SOURCE_DIR = path:cart [declared]  @ "acme_cart"
                here is library acme_cart [declared]  @ "acme_cart"
                here provides cmake(path:cart)acme_cart [declared]  @ "acme_cart"
                here provides cmake-namespace:acme [declared]  @ "acme::"
                here requires cmake(registry:find-package)acme_catalog [link.impl] [declared] [build]  @ "acme_catalog"
                here requires cmake-file:path:shared/src/money.cc [link.splice] [declared]  @ "../shared/src/money.cc"
                here requires cmake-target:acme::catalog [link.impl] [declared]  @ "acme::catalog"
                here requires cmake-target:pthread [link.impl] [declared]  @ "pthread"
                here requires cmake-target:tracing [link.impl] [declared]  @ "$<$<CONFIG:Debug>:tracing>"
            "#]],
        );
    }

    #[test]
    fn tests_are_told_by_their_commands_and_conditions() {
        check(
            "cart/CMakeLists.txt",
            "project(cart)
if(BUILD_TESTING)
  find_package(GTest)
  ament_add_gtest(test_cart test/test_cart.cc TIMEOUT 60)
  target_link_libraries(test_cart ledger)
endif()
add_executable(more more.cc)
target_link_libraries(more cart_fakes)
add_test(NAME more COMMAND more)
",
            expect![[r#"
                cmake-target(path:cart)more binds cmake-link(public) = cart_fakes [declared]  @ "cart_fakes"
                cmake-target(path:cart)more binds cmake-source: = path:cart/more.cc [declared]  @ "more.cc"
                cmake-target(path:cart)more provides cmake-target:more [declared] [test]  @ "more"
                cmake-target(path:cart)test_cart binds cmake-link(public) = ledger [declared]  @ "ledger"
                cmake-target(path:cart)test_cart binds cmake-source: = path:cart/test/test_cart.cc [declared]  @ "test/test_cart.cc"
                cmake-target(path:cart)test_cart provides cmake-target:test_cart [declared] [test]  @ "test_cart"
                here binds cmakevar:PROJECT_NAME = cart [declared]  @ "cart"
                here binds cmakevar:PROJECT_SOURCE_DIR = path:cart [declared]  @ "cart"
                here binds cmakevar:cart_SOURCE_DIR = path:cart [declared]  @ "cart"
                here is library cart [declared]  @ "cart"
                here provides cmake(path:cart)cart [declared]  @ "cart"
                here requires cmake(registry:find-package)GTest [link.impl] [declared] [test]  @ "GTest"
                here requires cmake-target:cart_fakes [link.impl] [declared] [test]  @ "cart_fakes"
                here requires cmake-target:ledger [link.impl] [declared] [test]  @ "ledger"
            "#]],
        );
    }

    #[test]
    fn loops_and_functions_of_the_file_are_followed() {
        check(
            "cart/CMakeLists.txt",
            "function(acme_part name)
  cmake_parse_arguments(P \"\" \"KIND\" \"DEPS;SRCS\" ${ARGN})
  add_library(acme_${name} ${P_SRCS})
  target_link_libraries(acme_${name} PRIVATE ${P_DEPS})
endfunction()
foreach(part a b)
  acme_part(${part} SRCS ${part}.cc DEPS acme_base KIND x)
endforeach()
acme_cc_library(NAME c SRCS c.cc DEPS acme::d)
",
            expect![[r#"
                cmake-target(path:cart)acme_a binds cmake-link(private) = acme_base [declared]  @ "${P_DEPS}"
                cmake-target(path:cart)acme_a binds cmake-source: = path:cart/a.cc [declared]  @ "${P_SRCS}"
                cmake-target(path:cart)acme_a provides cmake-target:acme_a [declared]  @ "acme_${name}"
                cmake-target(path:cart)acme_b binds cmake-link(private) = acme_base [declared]  @ "${P_DEPS}"
                cmake-target(path:cart)acme_b binds cmake-source: = path:cart/b.cc [declared]  @ "${P_SRCS}"
                cmake-target(path:cart)acme_b provides cmake-target:acme_b [declared]  @ "acme_${name}"
                cmake-target(path:cart)c binds cmake-link(public) = acme::d [declared]  @ "acme::d"
                cmake-target(path:cart)c binds cmake-source: = path:cart/c.cc [declared]  @ "c.cc"
                cmake-target(path:cart)c provides cmake-target:c [declared]  @ "c"
                here requires cmake-target:acme::d [link.impl] [declared]  @ "acme::d"
                here requires cmake-target:acme_base [link.impl] ×2 [declared]  @ "${P_DEPS}"
            "#]],
        );
    }

    #[test]
    fn packages_of_ros_are_linked_by_name() {
        check(
            "nav/CMakeLists.txt",
            "find_package(catkin_like REQUIRED)
ament_target_dependencies(${library} PUBLIC acme_util)
target_link_libraries(${library} ${acme_core_TARGETS} ${catkin_LIBRARIES})
rosidl_generate_interfaces(${PROJECT_NAME} msg/Cart.msg DEPENDENCIES std_msgs)
",
            expect![[r#"
                cmake-target(path:nav)${cmakevar:PROJECT_NAME} binds cmake-source: = path:nav/msg/Cart.msg [declared]  @ "msg/Cart.msg"
                cmake-target(path:nav)${cmakevar:PROJECT_NAME} provides cmake-target:${cmakevar:PROJECT_NAME} [declared]  @ "${PROJECT_NAME}"
                cmake-target(path:nav)${cmakevar:library} binds cmake-link(public) = acme_core:: [declared]  @ "${acme_core_TARGETS}"
                cmake-target(path:nav)${cmakevar:library} binds cmake-link(public) = acme_util:: [declared]  @ "acme_util"
                cmake-target(path:nav)${cmakevar:library} binds cmake-link(public) = catkin:: [declared]  @ "${catkin_LIBRARIES}"
                here requires cmake(registry:find-package)catkin_like [link.impl] [declared] [build]  @ "catkin_like"
                here requires cmake(registry:find-package)std_msgs [link.impl] [declared] [build]  @ "std_msgs"
                here requires cmake-target:acme_core:: [link.impl] [declared]  @ "${acme_core_TARGETS}"
                here requires cmake-target:acme_util:: [link.impl] [declared]  @ "acme_util"
                here requires cmake-target:catkin:: [link.impl] [declared]  @ "${catkin_LIBRARIES}"
            "#]],
        );
    }

    #[test]
    fn a_folder_is_a_component_when_it_is_called_after_what_it_holds() {
        let library = "add_library(cart cart.cc)\ntarget_include_directories(cart PUBLIC include)";
        for (path, text, is_component) in [
            ("CMakeLists.txt", "project(acme)", true),
            ("libs/cart/CMakeLists.txt", library, true),
            (
                "libs/cart/CMakeLists.txt",
                "add_library(cart cart.cc)",
                false,
            ),
            (
                "services/cart/CMakeLists.txt",
                "add_executable(cart main.cc)",
                true,
            ),
            ("src/CMakeLists.txt", "add_executable(cart main.cc)", false),
            (
                "cart/CMakeLists.txt",
                "ament_add_gtest(cart cart.cc)",
                false,
            ),
            ("cart/cart.cmake", "project(cart)", false),
            ("CMakeLists.txt", "project(${NAME})", false),
        ] {
            let found = lines(&Lists, path, text).contains("here is library");
            assert_eq!(found, is_component, "{path}: {text}");
        }
    }

    #[test]
    fn a_comment_that_allows_is_told() {
        check(
            "cart/CMakeLists.txt",
            "# twopizza: allow direct-link -- soon gone\ntarget_link_libraries(cart catalog)\n",
            expect![[r##"
                cmake-target(path:cart)cart binds cmake-link(public) = catalog [declared]  @ "catalog"
                file binds allow:direct-link = soon gone [declared]  @ "# twopizza: allow direct-link -- soon gone\ntarget_link_libraries(cart catalog)"
                here requires cmake-target:catalog [link.impl] [declared]  @ "catalog"
            "##]],
        );
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = facts(
            &Lists,
            "CMakeLists.txt",
            b"project(cart)\nadd_library(cart\n",
        );
        assert!(
            found
                .facts
                .iter()
                .any(|fact| fact.to_string().contains("is library cart"))
        );
        assert_eq!(found.problems.len(), 1);
        facts(&Lists, "CMakeLists.txt", b"\xff\xfe\x00(");
    }

    #[test]
    fn hostile_files_end_quickly() {
        facts(&Lists, "CMakeLists.txt", "if(A)\n".repeat(3000).as_bytes());
        facts(&Lists, "CMakeLists.txt", "foo(".repeat(3000).as_bytes());
        let calls = format!("function(f)\n{}endfunction()\nf()\n", "f()\n".repeat(100));
        facts(&Lists, "CMakeLists.txt", calls.as_bytes());
        let doubles = "set(A x)\n".to_owned() + &"set(A ${A} ${A})\n".repeat(100);
        facts(&Lists, "CMakeLists.txt", doubles.as_bytes());
        let rounds = format!(
            "set(L {})\n{}add_library(x${{a}} a.cc)\n{}",
            "i;".repeat(2000),
            "foreach(a ${L})\n".repeat(6),
            "endforeach()\n".repeat(6)
        );
        facts(&Lists, "CMakeLists.txt", rounds.as_bytes());
    }
}
