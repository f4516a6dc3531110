//! Which modules a Python file imports, and what of them: statements, and calls that import by a literal name.
//!
//! Sources: <https://docs.python.org/3/reference/simple_stmts.html#import>,
//! <https://docs.python.org/3/library/importlib.html#importlib.import_module>

use std::collections::HashMap;
use std::ops::Range;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Arguments, Expr, ExprCall, Stmt, StmtIf, StmtImportFrom, UnaryOp};

use super::parse::{bytes, span};
use super::strings::{dotted, elements, literal, text};
use crate::extract::strings::{Constants, Text};

/// Words in a file without which its expressions import nothing.
const WORDS: &[&str] = &[
    "import_module",
    "__import__",
    "importorskip",
    "sys.path",
    "addsitedir",
    "INSTALLED_APPS",
];

/// Packages whose classes and functions show what a component is, also where only a module of them is imported.
const FRAMEWORKS: &[&str] = &[
    "aiohttp",
    "beanie",
    "bottle",
    "connexion",
    "django",
    "falcon",
    "fastapi",
    "flask",
    "grpc",
    "litestar",
    "mongoengine",
    "peewee",
    "pony",
    "quart",
    "sanic",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "tornado",
    "tortoise",
];

/// One name that the file imports, as written: `a.b` for `import a.b` and `from a import b`, `..b` for `from .. import b`.
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) bytes: Range<usize>,
    /// Only type checkers see it.
    pub(super) types: bool,
}

/// What the statements of a file say of other modules.
#[derive(Debug, Default)]
pub(super) struct Imports {
    pub(super) imports: Vec<Import>,
    /// The folders that the file puts on `sys.path`, as texts.
    pub(super) paths: Vec<(Text, Range<usize>)>,
    pub(super) constants: Constants,
    /// `if __name__ == "__main__"`.
    pub(super) main: Option<Range<usize>>,
    /// The statements that import, in order.
    pub(super) statements: Vec<Range<usize>>,
}

/// Reads what a file imports; `expressions` are walked only where a word promises something.
pub(super) fn imports(body: &[Stmt], source: &str, file: &str, expressions: bool) -> Imports {
    let promised = || {
        WORDS
            .iter()
            .any(|word| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some())
    };
    let mut walk = Walk {
        file,
        out: Imports::default(),
        aliases: HashMap::new(),
        types: false,
        may: expressions,
        expressions: expressions && promised(),
        top: true,
    };
    walk.visit_body(body);
    walk.out
}

struct Walk<'a> {
    file: &'a str,
    out: Imports,
    /// What names of the file mean that are imported from a framework.
    aliases: HashMap<&'a str, String>,
    types: bool,
    /// Whether expressions may be walked at all.
    may: bool,
    expressions: bool,
    /// Outside of functions and classes.
    top: bool,
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                self.out.statements.push(span(import));
                for alias in &import.names {
                    let name = alias.name.as_str();
                    self.import(name.to_owned(), bytes(alias.range));
                    let root = name.split('.').next().unwrap_or(name);
                    match &alias.asname {
                        Some(other) => self.alias(other.as_str(), name),
                        None => self.alias(root, root),
                    }
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::If(branch) => self.branch(branch),
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                let top = std::mem::replace(&mut self.top, false);
                if let Stmt::ClassDef(class) = stmt {
                    for base in class.arguments.iter().flat_map(|list| &list.args) {
                        self.item(base);
                    }
                }
                walk_stmt(self, stmt);
                self.top = top;
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assigned(target, &assign.value);
                }
                walk_stmt(self, stmt);
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.assigned(&assign.target, value);
                }
                walk_stmt(self, stmt);
            }
            Stmt::AugAssign(assign) => {
                if dotted(&assign.target).as_deref() == Some("INSTALLED_APPS") {
                    self.applications(&assign.value);
                }
                self.path_value(&assign.target, &assign.value);
                walk_stmt(self, stmt);
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if !self.expressions {
            return;
        }
        if let Expr::Call(call) = expr {
            self.call(call);
        }
        walk_expr(self, expr);
    }

    // Annotations, decorators' types and patterns import nothing.
    fn visit_annotation(&mut self, _: &'a Expr) {}
}

impl<'a> Walk<'a> {
    fn import(&mut self, name: String, bytes: Range<usize>) {
        self.out.imports.push(Import {
            name,
            bytes,
            types: self.types,
        });
    }

    fn import_from(&mut self, import: &'a StmtImportFrom) {
        self.out.statements.push(span(import));
        let dots = ".".repeat(import.level as usize);
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        let between = if module.is_empty() { "" } else { "." };
        for alias in &import.names {
            let name = format!("{dots}{module}{between}{}", alias.name);
            if import.level == 0 {
                let local = alias.asname.as_ref().unwrap_or(&alias.name);
                self.alias(local.as_str(), &name);
            }
            self.import(name, bytes(alias.range));
        }
    }

    /// Keeps what a name means, when it is from a framework.
    fn alias(&mut self, local: &'a str, name: &str) {
        let root = name.split('.').next().unwrap_or(name);
        if FRAMEWORKS.binary_search(&root).is_ok() {
            self.aliases.insert(local, name.to_owned());
            self.expressions = self.may;
        }
    }

    /// An item of a framework that is named through a module of it: `models.Model`.
    fn item(&mut self, expr: &Expr) {
        let Expr::Attribute(attribute) = expr else {
            return;
        };
        let Some(name) = dotted(expr) else {
            return;
        };
        let (root, rest) = name.split_once('.').unwrap_or((&name, ""));
        if let Some(module) = self.aliases.get(root) {
            let name = format!("{module}.{rest}");
            self.import(name, span(attribute));
        }
    }

    /// `if TYPE_CHECKING:` and its other branches; `if __name__ == "__main__":`.
    fn branch(&mut self, branch: &'a StmtIf) {
        if self.top && is_main(&branch.test) {
            self.out.main.get_or_insert(span(&*branch.test));
        }
        let before = self.types;
        self.visit_expr(&branch.test);
        self.types = before || is_type_checking(&branch.test);
        self.visit_body(&branch.body);
        let negated = matches!(&*branch.test, Expr::UnaryOp(not)
            if not.op == UnaryOp::Not && is_type_checking(&not.operand));
        self.types = before || negated;
        for clause in &branch.elif_else_clauses {
            self.visit_elif_else_clause(clause);
        }
        self.types = before;
    }

    fn call(&mut self, call: &ExprCall) {
        let arguments = &call.arguments;
        if let Expr::Attribute(_) = &*call.func {
            self.item(&call.func);
        }
        let Some(function) = dotted(&call.func) else {
            return;
        };
        let last = function.rsplit('.').next().unwrap_or(&function);
        match last {
            "import_module" | "importorskip" => self.module(arguments),
            "__import__" if arguments.args.len() < 5 => self.module(arguments),
            "append" | "insert" | "extend" if function.starts_with("sys.path.") => {
                for value in &arguments.args {
                    self.path(value);
                }
            }
            "addsitedir" => {
                for value in arguments.args.iter().take(1) {
                    self.path(value);
                }
            }
            _ => {}
        }
    }

    /// A module that is imported by a literal name; a relative one from the package of the file.
    fn module(&mut self, arguments: &Arguments) {
        let Some(first) = arguments.args.first() else {
            return;
        };
        let name = match literal(first) {
            Some(name) => name.to_owned(),
            None => match self.out.constants.literal(&text(first, self.file)) {
                Some(name) => name,
                None => return,
            },
        };
        let package = arguments
            .find_keyword("package")
            .map(|keyword| &keyword.value)
            .or_else(|| arguments.args.get(1));
        let name = match package {
            Some(package) if name.starts_with('.') => match package {
                Expr::Name(own) if own.id.as_str() == "__package__" => name,
                Expr::StringLiteral(package) if !name.starts_with("..") => {
                    format!("{}{name}", package.value.to_str())
                }
                _ => return,
            },
            None if name.starts_with('.') => return,
            _ => name,
        };
        if is_module_name(&name) {
            self.import(name, span(first));
        }
    }

    /// An assignment: a constant, a list of Django's applications, the search path.
    fn assigned(&mut self, target: &Expr, value: &Expr) {
        if !self.expressions {
            return;
        }
        if let Expr::Name(name) = target {
            if name.id.as_str() == "INSTALLED_APPS" {
                self.applications(value);
            } else if self.top {
                self.out
                    .constants
                    .define(name.id.as_str(), text(value, self.file));
            }
        }
        self.path_value(target, value);
    }

    /// <https://docs.djangoproject.com/en/stable/ref/settings/#installed-apps>
    fn applications(&mut self, value: &Expr) {
        if !self.expressions {
            return;
        }
        let lists: Vec<&Expr> = match value {
            Expr::BinOp(sum) => vec![&sum.left, &sum.right],
            other => vec![other],
        };
        for element in lists.into_iter().flat_map(elements) {
            if let Some(name) = literal(element)
                && is_module_name(name)
            {
                self.import(name.to_owned(), span(element));
            }
        }
    }

    /// `sys.path = ["…"] + sys.path`, `sys.path += ["…"]`, `sys.path[0:0] = ["…"]`.
    fn path_value(&mut self, target: &Expr, value: &Expr) {
        let target = match target {
            Expr::Subscript(slice) => &*slice.value,
            other => other,
        };
        if self.expressions && dotted(target).as_deref() == Some("sys.path") {
            match value {
                Expr::BinOp(sum) => {
                    self.path(&sum.left);
                    self.path(&sum.right);
                }
                other => self.path(other),
            }
        }
    }

    /// One folder, or a list of them.
    fn path(&mut self, value: &Expr) {
        match value {
            Expr::List(_) | Expr::Tuple(_) => {
                for element in elements(value) {
                    self.out
                        .paths
                        .push((text(element, self.file), span(element)));
                }
            }
            Expr::NumberLiteral(_) => {}
            _ => self.out.paths.push((text(value, self.file), span(value))),
        }
    }
}

/// `TYPE_CHECKING`, `typing.TYPE_CHECKING`, and both together with something else.
fn is_type_checking(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id.as_str() == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        Expr::BoolOp(operation) if operation.op == ruff_python_ast::BoolOp::And => operation
            .values
            .iter()
            .any(|value| matches!(value, Expr::Name(name) if name.id.as_str() == "TYPE_CHECKING")),
        _ => false,
    }
}

/// `__name__ == "__main__"`.
fn is_main(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else {
        return false;
    };
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "__name__");
    let is_literal = |expr: &Expr| literal(expr) == Some("__main__");
    match &*compare.comparators {
        [right] => {
            is_name(&compare.left) && is_literal(right)
                || is_literal(&compare.left) && is_name(right)
        }
        _ => false,
    }
}

/// Whether a text can be the name of a module.
fn is_module_name(name: &str) -> bool {
    let name = name.trim_start_matches('.');
    !name.is_empty()
        && name.split('.').all(|segment| {
            segment.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && segment.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
}
