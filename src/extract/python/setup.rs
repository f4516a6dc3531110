//! What does `setup.py` say, without running it: the arguments of `setup(…)` as far as they are literal.
//!
//! Source: <https://setuptools.pypa.io/en/latest/references/keywords.html>

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Arguments, Expr, ExprCall, Stmt};

use super::parse::span;
use super::project::Project;
use super::requirement::{Requirement, Section, require};
use super::strings::{elements, literal};
use crate::model::Facts;

/// The longest chain of names that are defined by each other.
const DEPTH: usize = 16;

/// States what the call of `setup` says.
pub(super) fn read(body: &[Stmt], folder: &str, facts: &mut Facts<'_>) {
    let mut calls = Calls::default();
    calls.visit_body(body);
    let Some(call) = calls.setup else {
        return;
    };
    let mut reader = Reader {
        names: names(body),
        arguments: &call.arguments,
        project: Project { folder, facts },
    };
    reader.setup(call);
}

/// The first call of `setup`.
#[derive(Default)]
struct Calls<'a> {
    setup: Option<&'a ExprCall>,
}

impl<'a> Visitor<'a> for Calls<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            let is_setup = match &*call.func {
                Expr::Name(name) => name.id.as_str() == "setup",
                Expr::Attribute(attribute) => {
                    attribute.attr.as_str() == "setup"
                        && matches!(&*attribute.value, Expr::Name(name)
                            if matches!(name.id.as_str(), "setuptools" | "distutils" | "core"))
                }
                _ => false,
            };
            if is_setup {
                self.setup.get_or_insert(call);
            }
        }
        walk_expr(self, expr);
    }
}

/// What the names of the file are assigned, once each.
fn names(body: &[Stmt]) -> HashMap<&str, &Expr> {
    let mut names = HashMap::new();
    for stmt in body {
        if let Stmt::Assign(assign) = stmt
            && let [Expr::Name(name)] = assign.targets.as_slice()
        {
            names.insert(name.id.as_str(), &*assign.value);
        }
    }
    names
}

struct Reader<'a, 'f> {
    names: HashMap<&'a str, &'a Expr>,
    arguments: &'a Arguments,
    project: Project<'a, 'f>,
}

impl<'a> Reader<'a, '_> {
    fn setup(&mut self, call: &ExprCall) {
        let name = self.argument("name");
        let text = name.and_then(literal);
        match (name, text) {
            (Some(expr), Some(name)) => {
                self.project.named(name, span(expr));
            }
            // The name is in `setup.cfg` or `pyproject.toml`, or put together.
            _ => self.project.component(None, span(&*call.func)),
        }
        for (key, section) in [
            ("install_requires", Section::PRODUCTION),
            ("tests_require", Section::TEST),
            ("setup_requires", Section::BUILD),
        ] {
            if let Some(list) = self.argument(key) {
                self.requirements(list, section, 0);
            }
        }
        if let Some(Expr::Dict(extras)) = self.argument("extras_require") {
            for item in &extras.items {
                let extra = item.key.as_ref().and_then(literal).unwrap_or_default();
                let list = self.resolved(&item.value);
                self.requirements(list, Section::extra(extra), 0);
            }
        }
        if let Some(Expr::Dict(folders)) = self.argument("package_dir") {
            for item in &folders.items {
                let package = item.key.as_ref().and_then(literal);
                if let (Some(package), Some(folder)) = (package, literal(&item.value)) {
                    match package {
                        "" => self.project.sources(folder, span(&item.value)),
                        _ => self.project.package(package, folder, span(&item.value)),
                    }
                }
            }
        }
        if let Some(Expr::Call(find)) = self.argument("packages") {
            let place = find
                .arguments
                .find_keyword("where")
                .map(|keyword| &keyword.value);
            let place = place.or_else(|| find.arguments.args.first());
            if let Some(place) = place
                && let Some(folder) = literal(place)
            {
                self.project.sources(folder, span(place));
            }
        }
        self.programs(text);
    }

    fn programs(&mut self, name: Option<&str>) {
        let Some(Expr::Dict(points)) = self.argument("entry_points") else {
            return;
        };
        for item in &points.items {
            if item.key.as_ref().and_then(literal) != Some("console_scripts") {
                continue;
            }
            for element in elements(self.resolved(&item.value)) {
                if let Some(text) = literal(element) {
                    let program = text.split('=').next().unwrap_or("").trim();
                    self.project.program(program, name, span(element));
                }
            }
        }
    }

    /// A list, lists that are added, or names of such.
    fn requirements(&mut self, expr: &'a Expr, section: Section, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match self.resolved(expr) {
            Expr::BinOp(sum) => {
                self.requirements(&sum.left, section, depth + 1);
                self.requirements(&sum.right, section, depth + 1);
            }
            list => {
                for element in elements(list) {
                    if let Some(text) = literal(element)
                        && let Some(requirement) = Requirement::parse(text)
                    {
                        let folder = self.project.folder;
                        let facts = &mut *self.project.facts;
                        require(&requirement, section, folder, span(element), facts);
                    }
                }
            }
        }
    }

    fn argument(&self, key: &str) -> Option<&'a Expr> {
        let keyword = self.arguments.find_keyword(key)?;
        Some(self.resolved(&keyword.value))
    }

    /// The expression that a name of the file is assigned.
    fn resolved(&self, expr: &'a Expr) -> &'a Expr {
        let mut at = expr;
        for _ in 0..DEPTH {
            match at {
                Expr::Name(name) => match self.names.get(name.id.as_str()) {
                    Some(value) => at = value,
                    None => return at,
                },
                _ => return at,
            }
        }
        at
    }
}
