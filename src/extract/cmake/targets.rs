//! The commands that make targets and say what they are made of, where they look for headers, and what they link.

use std::ops::Range;

use super::interpret::{Interpreter, as_target, is_word};
use super::model::{Kind, Link, Package, Visibility};
use super::statements::{Argument, Command};
use super::values::path;
use crate::model::{Part, Template};

/// Words in the list of sources that are none.
const NOT_SOURCES: &[&str] = &[
    "EXCLUDE_FROM_ALL",
    "GLOBAL",
    "IMPORTED",
    "INTERFACE",
    "MACOSX_BUNDLE",
    "MANUAL_FINALIZATION",
    "MODULE",
    "NO_EXTRAS",
    "OBJECT",
    "SHARED",
    "STATIC",
    "UNKNOWN",
    "WIN32",
];

impl Interpreter<'_, '_> {
    pub(super) fn target_command(&mut self, command: &Command<'_>) {
        match command.name.as_str() {
            "add_library"
            | "cuda_add_library"
            | "qt_add_library"
            | "qt_add_plugin"
            | "pybind11_add_module"
            | "nanobind_add_module"
            | "python_add_library"
            | "rosidl_generate_interfaces" => self.add_target(command, Kind::Library, false),
            "add_executable" | "cuda_add_executable" | "qt_add_executable" => {
                self.add_target(command, Kind::Program, false);
            }
            "target_sources" => self.target_sources(command),
            "target_link_libraries" => self.target_link_libraries(command),
            "target_include_directories" => self.target_include_directories(command),
            "include_directories" => {
                for (value, bytes) in self.values(&command.arguments) {
                    self.model.include_directories.push((value, bytes));
                }
            }
            "link_libraries" => {
                let links = self.links(&command.arguments);
                self.model.links.extend(links);
            }
            "ament_target_dependencies" => self.target_packages(command),
            "add_dependencies" => {}
            "set_target_properties" | "set_property" => self.properties(command),
            "add_test" => self.add_test(command),
            "gtest_discover_tests"
            | "gtest_add_tests"
            | "catch_discover_tests"
            | "doctest_discover_tests" => {
                let named = command
                    .arguments
                    .iter()
                    .find(|word| !is_word(word, "TARGET"));
                if let Some(name) = self.one(named) {
                    self.model.target(&name, &command.bytes).test = true;
                }
            }
            "generate_messages" | "ament_export_dependencies" => {}
            name if adds_test(name) => self.add_target(command, Kind::Program, true),
            _ => self.keyword_target(command),
        }
    }

    /// `add_library(name …)`, `add_executable(name …)` and their like.
    fn add_target(&mut self, command: &Command<'_>, kind: Kind, test: bool) {
        let Some((first, rest)) = command.arguments.split_first() else {
            return;
        };
        // A folder's tests share one name for each round of a loop.
        let Some(name) = self.one(Some(first)).filter(is_known) else {
            return;
        };
        if let [alias, target] = rest
            && is_word(alias, "ALIAS")
        {
            if let Some(target) = self.one(Some(target)) {
                let bytes = command.bytes.clone();
                self.model.aliases.push((name, target, bytes));
            }
            return;
        }
        if rest.iter().any(|word| is_word(word, "IMPORTED")) {
            return;
        }
        let test = test || self.in_tests();
        // The commands of test modules have keywords, which end the sources.
        let is_keyword = |word: &Argument<'_>| {
            matches!(
                word.text,
                "DEPENDENCIES"
                    | "ADD_LINTER_TESTS"
                    | "TIMEOUT"
                    | "WORKING_DIRECTORY"
                    | "ENV"
                    | "APPEND_ENV"
                    | "APPEND_LIBRARY_DIRS"
                    | "RUNNER"
                    | "SKIP_TEST"
                    | "LIBRARY_NAME"
                    | "COMMAND"
                    | "TEST_ARGS"
            )
        };
        let end = rest.iter().position(is_keyword).unwrap_or(rest.len());
        let sources = self.values(&rest[..end]);
        if command.name == "rosidl_generate_interfaces" {
            self.interface_packages(&rest[end..]);
        }
        let target = self.model.target(&name, &first.bytes);
        if target.kind == Kind::Elsewhere {
            target.kind = kind;
            target.bytes = first.bytes.clone();
        }
        target.test |= test;
        self.add_sources(&name, sources);
    }

    /// The packages whose messages other messages hold.
    fn interface_packages(&mut self, words: &[Argument<'_>]) {
        let test = self.in_tests();
        let from = words.iter().position(|word| is_word(word, "DEPENDENCIES"));
        for word in words.iter().skip(from.map_or(words.len(), |at| at + 1)) {
            if word.text.chars().any(|c| c.is_ascii_lowercase()) {
                self.model
                    .packages
                    .extend(self.one(Some(word)).map(|name| Package {
                        name,
                        test,
                        bytes: word.bytes.clone(),
                    }));
            }
        }
    }

    fn add_sources(&mut self, name: &Template, sources: Vec<(Template, Range<usize>)>) {
        let test = self.in_tests();
        let folder = self.folder;
        let target = self.model.target(name, &(0..0));
        for (value, bytes) in sources {
            if let Some(key) = as_target(&value) {
                target.links.push(Link {
                    visibility: Visibility::Private,
                    name: key.name.clone(),
                    test,
                    bytes,
                });
            } else if !is_noise(&value)
                && let Some(path) = path(&value, folder)
            {
                target.sources.push((path, bytes));
            }
        }
    }

    fn target_sources(&mut self, command: &Command<'_>) {
        let Some((first, rest)) = command.arguments.split_first() else {
            return;
        };
        let Some(name) = self.one(Some(first)).filter(is_known) else {
            return;
        };
        let mut sources = Vec::new();
        let mut words = rest.iter().peekable();
        while let Some(word) = words.next() {
            match word.text {
                "FILE_SET" | "TYPE" => {
                    words.next();
                }
                "BASE_DIRS" => {
                    while let Some(base) = words.next_if(|word| !is_keyword(word.text)) {
                        let bases = self.variables.expand(base).into_iter();
                        let bases = bases.filter_map(|base| path(&base, self.folder));
                        let bases: Vec<Template> = bases.collect();
                        let target = self.model.target(&name, &first.bytes);
                        target.include_directories.extend(
                            bases
                                .into_iter()
                                .map(|base| (Visibility::Public, base, word.bytes.clone())),
                        );
                    }
                }
                text if is_keyword(text) => {}
                _ => {
                    let values = self.variables.expand(word).into_iter();
                    sources.extend(values.map(|value| (value, word.bytes.clone())));
                }
            }
        }
        self.add_sources(&name, sources);
    }

    fn target_link_libraries(&mut self, command: &Command<'_>) {
        let Some((first, rest)) = command.arguments.split_first() else {
            return;
        };
        let links = self.links(rest);
        for name in self.variables.expand(first) {
            let target = self.model.target(&name, &first.bytes);
            target.links.extend(links.iter().cloned());
        }
    }

    /// What a list of libraries names: targets, or packages by their variables.
    fn links(&self, words: &[Argument<'_>]) -> Vec<Link> {
        let mut visibility = Visibility::default();
        let mut found = Vec::new();
        for word in words {
            if let Some(keyword) = Visibility::keyword(word.text) {
                visibility = keyword;
                continue;
            }
            for value in self.variables.expand(word) {
                let name = match (as_target(&value), Self::package_of(&value)) {
                    (Some(key), _) => key.name.clone(),
                    (None, Some(package)) => Template::text(format!("{package}::")),
                    (None, None) => value,
                };
                if is_library(&name) {
                    found.push(Link {
                        visibility,
                        name,
                        test: self.in_tests(),
                        bytes: word.bytes.clone(),
                    });
                }
            }
        }
        found
    }

    /// `ament_target_dependencies(target packages…)`.
    fn target_packages(&mut self, command: &Command<'_>) {
        let Some((first, rest)) = command.arguments.split_first() else {
            return;
        };
        let mut visibility = Visibility::default();
        let test = self.in_tests();
        let mut links = Vec::new();
        for word in rest {
            if word.text == "SYSTEM" {
                continue;
            }
            if let Some(keyword) = Visibility::keyword(word.text) {
                visibility = keyword;
                continue;
            }
            for value in self.variables.expand(word) {
                if let Some(name) = value.as_text() {
                    links.push(Link {
                        visibility,
                        name: Template::text(format!("{name}::")),
                        test,
                        bytes: word.bytes.clone(),
                    });
                }
            }
        }
        for name in self.variables.expand(first) {
            let target = self.model.target(&name, &first.bytes);
            target.links.extend(links.iter().cloned());
        }
    }

    fn target_include_directories(&mut self, command: &Command<'_>) {
        let Some((first, rest)) = command.arguments.split_first() else {
            return;
        };
        let mut visibility = Visibility::default();
        let mut found = Vec::new();
        for word in rest {
            if let Some(keyword) = Visibility::keyword(word.text) {
                visibility = keyword;
                continue;
            }
            let values = self.values(std::slice::from_ref(word)).into_iter();
            found.extend(values.map(|(value, bytes)| (visibility, value, bytes)));
        }
        let folder = self.folder;
        for name in self.variables.expand(first) {
            let target = self.model.target(&name, &first.bytes);
            for (visibility, value, bytes) in &found {
                // The folders of a package or target that it links anyway.
                let linked = as_target(value)
                    .map(|key| key.name.clone())
                    .or_else(|| Self::package_of(value).map(|name| format!("{name}::").into()));
                if let Some(name) = linked {
                    target.links.push(Link {
                        visibility: *visibility,
                        name,
                        test: false,
                        bytes: bytes.clone(),
                    });
                } else if let Some(value) = path(value, folder) {
                    let entry = (*visibility, value, bytes.clone());
                    target.include_directories.push(entry);
                }
            }
        }
    }

    /// `EXPORT_NAME` is how others call a target.
    fn properties(&mut self, command: &Command<'_>) {
        let words = command.arguments.as_slice();
        let Some(at) = words.iter().position(|word| is_word(word, "EXPORT_NAME")) else {
            return;
        };
        let named = match command.name.as_str() {
            "set_property" if words.first().is_some_and(|word| is_word(word, "TARGET")) => {
                words.get(1)
            }
            "set_property" => None,
            _ => words.first(),
        };
        if let (Some(target), Some(alias)) = (self.one(named), self.one(words.get(at + 1))) {
            let bytes = words[at].bytes.clone();
            self.model.aliases.push((alias, target, bytes));
        }
    }

    /// `add_test(NAME x COMMAND target …)`, `add_test(x target …)`.
    fn add_test(&mut self, command: &Command<'_>) {
        let words = command.arguments.as_slice();
        let program = match words.iter().position(|word| is_word(word, "COMMAND")) {
            Some(at) => words.get(at + 1),
            None => words.get(1),
        };
        for name in program.map_or_else(Vec::new, |word| self.variables.expand(word)) {
            let name = as_target(&name).map_or(name.clone(), |key| key.name.clone());
            if self.model.makes(&name) {
                self.model.target(&name, &command.bytes).test = true;
            }
        }
    }

    /// `acme_cc_library(NAME cart SRCS cart.cc DEPS acme::prices)`: how companies write what they share.
    fn keyword_target(&mut self, command: &Command<'_>) {
        let words = command.arguments.as_slice();
        let list = |names: &[&str]| -> Vec<&Argument<'_>> {
            let mut inside = false;
            let mut found = Vec::new();
            for word in words {
                if names.contains(&word.text) {
                    inside = true;
                } else if is_upper(word.text) {
                    inside = false;
                } else if inside {
                    found.push(word);
                }
            }
            found
        };
        let sources = list(&["SRCS", "SOURCES", "HDRS", "HEADERS"]);
        let linked = list(&["DEPS", "PUBLIC_DEPS", "PRIVATE_DEPS"]);
        let [name] = list(&["NAME"])[..] else {
            return;
        };
        if sources.is_empty() && linked.is_empty() {
            return;
        }
        let Some(text) = self.one(Some(name)).filter(is_known) else {
            return;
        };
        let test = self.in_tests() || command.name.contains("test");
        let program =
            test || command.name.contains("binary") || command.name.contains("executable");
        let sources: Vec<Argument<'_>> = sources.into_iter().cloned().collect();
        let sources = self.values(&sources);
        let linked: Vec<Argument<'_>> = linked.into_iter().cloned().collect();
        let links = self.links(&linked);
        let target = self.model.target(&text, &name.bytes);
        target.kind = if program {
            Kind::Program
        } else {
            Kind::Library
        };
        target.test |= test;
        target.links.extend(links);
        self.add_sources(&text, sources);
    }

    /// The values of arguments, each with its place.
    fn values(&self, words: &[Argument<'_>]) -> Vec<(Template, Range<usize>)> {
        let mut found = Vec::new();
        for word in words {
            let values = self.variables.expand(word).into_iter();
            found.extend(values.map(|value| (value, word.bytes.clone())));
        }
        found
    }
}

/// Whether a name can be known at all.
fn is_known(name: &Template) -> bool {
    !name.0.contains(&Part::Hole)
}

fn is_noise(value: &Template) -> bool {
    value
        .as_text()
        .is_some_and(|text| NOT_SOURCES.contains(&text) || Visibility::keyword(text).is_some())
}

/// A word of the list of libraries that can be a target: no flag, no file, no framework.
fn is_library(name: &Template) -> bool {
    if !is_known(name) {
        return false;
    }
    let Some(text) = name.as_text() else {
        return true;
    };
    let is_flag = text.starts_with('-') || text.starts_with('/') || text.starts_with("path:");
    let is_keyword = matches!(text, "debug" | "optimized" | "general");
    !text.is_empty() && !is_flag && !is_keyword && !text.contains(['/', ' ', '$'])
}

fn is_keyword(word: &str) -> bool {
    Visibility::keyword(word).is_some()
        || matches!(word, "FILE_SET" | "TYPE" | "BASE_DIRS" | "FILES")
}

fn is_upper(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// `ament_add_gtest`, `acme_add_unit_test`: a target for each test, made and registered at once.
fn adds_test(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    words.contains(&"add")
        && words
            .iter()
            .any(|word| matches!(*word, "test" | "gtest" | "gmock" | "unittest" | "benchmark"))
}
