//! Follows the statements of a CMake file: loops over what is known, every branch of a condition, functions of the file.

use std::collections::HashMap;

use super::model::Model;
use super::statements::{Argument, Command, Form, Statement};
use super::values::{TARGET, Variables};
use crate::model::{Key, Template};

/// The most rounds of one loop that are followed.
const ROUNDS: usize = 128;

/// The deepest nesting of calls that is followed.
const CALLS: usize = 8;

/// The most statements that are followed: loops in loops in functions multiply.
const STATEMENTS: usize = 50_000;

/// Follows one file.
pub(super) struct Interpreter<'s, 't> {
    pub(super) folder: &'s str,
    /// Whether the file is `CMakeLists.txt`, whose folder is the one that is built.
    pub(super) is_lists: bool,
    pub(super) variables: Variables,
    pub(super) model: Model,
    functions: HashMap<String, (&'s Command<'t>, &'s [Statement<'t>])>,
    /// How many blocks around hold for tests alone.
    tests: usize,
    /// The branch of a condition that is followed now; 0 when none is.
    branch: usize,
    branches: usize,
    /// The branch in which a variable was set last.
    set_in: HashMap<String, usize>,
    calls: usize,
    followed: usize,
}

impl<'s, 't> Interpreter<'s, 't> {
    pub(super) fn new(folder: &'s str, is_lists: bool) -> Self {
        let mut variables = Variables::default();
        let here = || vec![Template::text(format!("path:{folder}"))];
        variables.set("CMAKE_CURRENT_LIST_DIR", here());
        if is_lists {
            variables.set("CMAKE_CURRENT_SOURCE_DIR", here());
        }
        Self {
            folder,
            is_lists,
            variables,
            model: Model::default(),
            functions: HashMap::new(),
            tests: 0,
            branch: 0,
            branches: 0,
            set_in: HashMap::new(),
            calls: 0,
            followed: 0,
        }
    }

    /// Whether what is followed now holds for tests alone.
    pub(super) fn in_tests(&self) -> bool {
        self.tests > 0
    }

    /// Sets a variable; what is set in one branch of a condition is only what it may be.
    pub(super) fn assign(&mut self, name: &str, values: Vec<Template>) {
        let before = self.set_in.insert(name.to_owned(), self.branch);
        if self.branch == 0 || before == Some(self.branch) {
            self.variables.set(name, values);
        } else {
            self.variables.add(name, values);
        }
    }

    /// Whether what is followed now is the file itself, no function of it.
    pub(super) fn at_top(&self) -> bool {
        self.calls == 0
    }

    /// Whether all was followed.
    pub(super) fn is_whole(&self) -> bool {
        self.followed < STATEMENTS
    }

    pub(super) fn follow(&mut self, statements: &'s [Statement<'t>]) {
        for statement in statements {
            self.followed += 1;
            if !self.is_whole() {
                return;
            }
            match statement {
                Statement::Command(command) => self.call(command),
                Statement::If(branches) => {
                    for (condition, body) in branches {
                        let test = usize::from(is_test_condition(condition));
                        self.tests += test;
                        self.branches += 1;
                        let outer = std::mem::replace(&mut self.branch, self.branches);
                        self.follow(body);
                        self.branch = outer;
                        self.tests -= test;
                    }
                }
                Statement::Foreach(head, body) => self.foreach(head, body),
                Statement::Function(head, body) => {
                    if let Some(name) = head.arguments.first() {
                        let name = name.text.to_ascii_lowercase();
                        self.functions.insert(name, (head, body));
                    }
                }
                Statement::Block(body) => self.follow(body),
            }
        }
    }

    /// A command: a function of the file, or one that CMake or a known module brings.
    fn call(&mut self, command: &'s Command<'t>) {
        let Some((head, body)) = self.functions.get(&command.name).copied() else {
            self.command(command);
            return;
        };
        if self.calls >= CALLS {
            return;
        }
        let values = self.expand_all(&command.arguments);
        let mut variables = self.variables.clone();
        let parameters = head.arguments.get(1..).unwrap_or_default();
        for (at, parameter) in parameters.iter().enumerate() {
            let value = values.get(at).cloned();
            variables.set(parameter.text, value.into_iter().collect());
        }
        for (at, value) in values.iter().enumerate().take(16) {
            variables.set(&format!("ARGV{at}"), vec![value.clone()]);
        }
        let rest = values.get(parameters.len()..).unwrap_or_default();
        variables.set("ARGN", rest.to_vec());
        variables.set("ARGV", values);
        let outer = std::mem::replace(&mut self.variables, variables);
        self.calls += 1;
        self.follow(body);
        self.calls -= 1;
        self.variables = outer;
    }

    fn foreach(&mut self, head: &'s Command<'t>, body: &'s [Statement<'t>]) {
        let Some((name, rest)) = head.arguments.split_first() else {
            return;
        };
        let mut items = Vec::new();
        let mut lists = false;
        let mut values = rest.iter().peekable();
        if values.peek().is_some_and(|word| is_word(word, "RANGE")) {
            self.follow(body);
            return;
        }
        if values.peek().is_some_and(|word| is_word(word, "IN")) {
            values.next();
        }
        for value in values {
            match value.text {
                "LISTS" if value.form == Form::Unquoted => lists = true,
                "ITEMS" if value.form == Form::Unquoted => lists = false,
                list if lists => {
                    items.extend(self.variables.get(list).unwrap_or_default().iter().cloned());
                }
                _ => items.extend(self.variables.expand(value)),
            }
        }
        let outer = self.variables.get(name.text).map(<[Template]>::to_vec);
        for item in items.into_iter().take(ROUNDS) {
            if !self.is_whole() {
                break;
            }
            self.variables.set(name.text, vec![item]);
            self.follow(body);
        }
        match outer {
            Some(values) => self.variables.set(name.text, values),
            None => self.variables.unset(name.text),
        }
    }

    pub(super) fn expand_all(&self, arguments: &[Argument<'_>]) -> Vec<Template> {
        let values = arguments.iter();
        values
            .flat_map(|argument| self.variables.expand(argument))
            .collect()
    }

    /// The one value of an argument.
    pub(super) fn one(&self, argument: Option<&Argument<'_>>) -> Option<Template> {
        let mut values = self.variables.expand(argument?);
        (values.len() == 1).then(|| values.remove(0))
    }
}

/// The target that a value stands for, when it is one.
pub(super) fn as_target(value: &Template) -> Option<&Key> {
    value.as_ref_key().filter(|key| key.namespace.0 == TARGET)
}

pub(super) fn is_word(argument: &Argument<'_>, word: &str) -> bool {
    argument.form == Form::Unquoted && argument.text == word
}

/// `BUILD_TESTING`, `ACME_ENABLE_TESTS`, `WITH_UNIT_TEST`; not `NOT BUILD_TESTING`.
fn is_test_condition(condition: &str) -> bool {
    let words: Vec<&str> = condition
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let is_test = |word: &&str| {
        word.split('_').any(|part| {
            matches!(
                part,
                "TEST" | "TESTS" | "TESTING" | "UNITTEST" | "UNITTESTS"
            )
        })
    };
    words.iter().any(is_test)
        && !words
            .iter()
            .any(|word| matches!(*word, "NOT" | "OR" | "TARGET"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_for_tests_are_told() {
        for condition in ["BUILD_TESTING", "ACME_BUILD_TESTS AND UNIX", "${WITH_TEST}"] {
            assert!(is_test_condition(condition), "{condition}");
        }
        for condition in [
            "NOT BUILD_TESTING",
            "CONTEST",
            "A OR BUILD_TESTS",
            "TARGET test_x",
        ] {
            assert!(!is_test_condition(condition), "{condition}");
        }
    }
}
