//! The commands that set variables, look for packages and name projects.
//!
//! Source: <https://cmake.org/cmake/help/latest/manual/cmake-commands.7.html>

use super::interpret::{Interpreter, is_word};
use super::model::Package;
use super::statements::{Argument, Command};
use super::values::{VARIABLE, path};
use crate::model::{Key, Template, parent};

/// The most variables that one file tells others.
const VARIABLES: usize = 256;

impl Interpreter<'_, '_> {
    pub(super) fn command(&mut self, command: &Command<'_>) {
        let arguments = command.arguments.as_slice();
        match command.name.as_str() {
            "project" => self.project(command),
            "set" => self.set(command),
            "list" => self.list(arguments),
            "file" => self.file(arguments),
            "get_filename_component" => self.file_name(arguments),
            "cmake_parse_arguments" => self.parse_arguments(arguments),
            "find_package" | "find_dependency" => self.find_package(command),
            "add_subdirectory" => self.add_subdirectory(command),
            "install" => self.install(command),
            _ => self.target_command(command),
        }
    }

    fn project(&mut self, command: &Command<'_>) {
        let Some(name) = self.one(command.arguments.first()) else {
            return;
        };
        let Some(text) = name.as_text().filter(|_| self.is_lists) else {
            return;
        };
        let bytes = command.arguments[0].bytes.clone();
        self.model.projects.push((text.to_owned(), bytes));
        let here = Template::text(format!("path:{}", self.folder));
        self.variables
            .set(&format!("{text}_SOURCE_DIR"), vec![here.clone()]);
        self.variables.set("PROJECT_SOURCE_DIR", vec![here]);
        self.variables.set("PROJECT_NAME", vec![name]);
    }

    fn set(&mut self, command: &Command<'_>) {
        let Some((name, rest)) = command.arguments.split_first() else {
            return;
        };
        let Some(name) = self.one(Some(name)) else {
            return;
        };
        let Some(name) = name.as_text() else {
            return;
        };
        let end = rest
            .iter()
            .position(|word| is_word(word, "CACHE") || is_word(word, "PARENT_SCOPE"));
        let values = self.expand_all(&rest[..end.unwrap_or(rest.len())]);
        let restarts = rest
            .iter()
            .any(|word| word.text.contains(&format!("${{{name}}}")));
        if restarts || rest.is_empty() {
            self.variables.set(name, values.clone());
        } else {
            self.assign(name, values.clone());
        }
        let is_told = self.at_top() && !name.starts_with("CMAKE_");
        if is_told && self.model.variables.len() < VARIABLES && !values.is_empty() {
            self.model
                .variables
                .push((name.to_owned(), values, command.bytes.clone()));
        }
    }

    fn list(&mut self, arguments: &[Argument<'_>]) {
        if let [verb, name, rest @ ..] = arguments
            && matches!(verb.text, "APPEND" | "PREPEND")
        {
            let values = self.expand_all(rest);
            self.variables.add(name.text, values);
        }
    }

    /// `file(GLOB name patterns…)`: the patterns stay, and resolving knows the files.
    fn file(&mut self, arguments: &[Argument<'_>]) {
        if let [verb, name, rest @ ..] = arguments
            && matches!(verb.text, "GLOB" | "GLOB_RECURSE")
        {
            let skip = ["CONFIGURE_DEPENDS", "FOLLOW_SYMLINKS", "LIST_DIRECTORIES"];
            let mut patterns = Vec::new();
            let mut words = rest.iter();
            while let Some(word) = words.next() {
                match word.text {
                    "RELATIVE" | "LIST_DIRECTORIES" => {
                        words.next();
                    }
                    text if skip.contains(&text) => {}
                    _ => patterns.extend(self.variables.expand(word)),
                }
            }
            self.variables.add(name.text, patterns);
        }
    }

    fn file_name(&mut self, arguments: &[Argument<'_>]) {
        let [name, value, mode, ..] = arguments else {
            return;
        };
        let given = self
            .one(Some(value))
            .and_then(|value| path(&value, self.folder));
        let text = given.as_ref().and_then(Template::as_text);
        let found = match (mode.text, text) {
            ("ABSOLUTE" | "REALPATH", Some(text)) => Template::text(text),
            ("DIRECTORY" | "PATH", Some(text)) => match text.strip_prefix("path:") {
                Some(path) => Template::text(format!("path:{}", parent(path))),
                None => return,
            },
            ("NAME", Some(text)) => {
                let name = text.trim_start_matches("path:").rsplit('/').next();
                Template::text(name.unwrap_or_default())
            }
            ("NAME_WE", Some(text)) => {
                let name = text.trim_start_matches("path:").rsplit('/').next();
                let stem = name.and_then(|name| name.split('.').next());
                Template::text(stem.unwrap_or_default())
            }
            _ => return,
        };
        self.variables.set(name.text, vec![found]);
    }

    /// `cmake_parse_arguments(prefix options one-value multi-value args…)`.
    fn parse_arguments(&mut self, arguments: &[Argument<'_>]) {
        let [prefix, rest @ ..] = arguments else {
            return;
        };
        let (prefix, rest, given) = if is_word(prefix, "PARSE_ARGV") {
            let [_, prefix, rest @ ..] = rest else {
                return;
            };
            let given = self.variables.get("ARGV").unwrap_or_default().to_vec();
            (prefix, rest, given)
        } else {
            let given = self.expand_all(rest.get(3..).unwrap_or_default());
            (prefix, rest, given)
        };
        let words = |at: usize| -> Vec<String> {
            let values = rest.get(at).map(|list| self.variables.expand(list));
            let words = values.into_iter().flatten();
            words
                .filter_map(|word| word.as_text().map(str::to_owned))
                .collect()
        };
        let (options, single, multiple) = (words(0), words(1), words(2));
        let mut found: Vec<(String, Vec<Template>)> = Vec::new();
        let mut current = "UNPARSED_ARGUMENTS".to_owned();
        for value in given {
            let word = value.as_text().unwrap_or_default();
            let is_keyword = |list: &[String]| list.iter().any(|keyword| keyword == word);
            if is_keyword(&options) {
                found.push((word.to_owned(), vec!["TRUE".into()]));
            } else if is_keyword(&single) || is_keyword(&multiple) {
                word.clone_into(&mut current);
                found.push((word.to_owned(), Vec::new()));
            } else {
                match found.iter_mut().find(|(name, _)| *name == current) {
                    Some((_, values)) => values.push(value),
                    None => found.push((current.clone(), vec![value])),
                }
            }
        }
        let names = options.iter().chain(&single).chain(&multiple);
        let prefix = prefix.text.to_owned();
        let names: Vec<String> = names.cloned().collect();
        for name in names {
            self.variables.set(&format!("{prefix}_{name}"), Vec::new());
        }
        for (name, values) in found {
            self.variables.set(&format!("{prefix}_{name}"), values);
        }
    }

    fn find_package(&mut self, command: &Command<'_>) {
        let Some(name) = self.one(command.arguments.first()) else {
            return;
        };
        self.model.packages.push(Package {
            name,
            test: self.in_tests(),
            bytes: command.arguments[0].bytes.clone(),
        });
    }

    /// Folders below are part of the same whole; one from elsewhere is taken in.
    fn add_subdirectory(&mut self, command: &Command<'_>) {
        let Some(argument) = command.arguments.first() else {
            return;
        };
        for value in self.variables.expand(argument) {
            if let Some(folder) = path(&value, self.folder) {
                self.model.folders.push((folder, argument.bytes.clone()));
            }
        }
    }

    /// `install(EXPORT x NAMESPACE acme::)` tells how others call the targets.
    fn install(&mut self, command: &Command<'_>) {
        let mut words = command.arguments.iter();
        while let Some(word) = words.next() {
            if is_word(word, "NAMESPACE")
                && let Some(value) = words.next()
                && let Some(namespace) = self.one(Some(value))
                && let Some(text) = namespace.as_text()
            {
                let text = text.trim_end_matches(':').to_owned();
                self.model.namespaces.push((text, value.bytes.clone()));
            }
        }
    }

    /// The package that a variable of a found package stands for: `${cart_LIBRARIES}`, `${cart_TARGETS}`.
    pub(super) fn package_of(value: &Template) -> Option<String> {
        let key = value
            .as_ref_key()
            .filter(|key| key.namespace.0 == VARIABLE)?;
        package_variable(key)
    }
}

fn package_variable(key: &Key) -> Option<String> {
    let name = key.name.as_text()?;
    [
        "_LIBRARIES",
        "_TARGETS",
        "_INCLUDE_DIRS",
        "_INCLUDE_DIR",
        "_LIBRARY",
    ]
    .iter()
    .find_map(|end| name.strip_suffix(end))
    .map(str::to_owned)
}
