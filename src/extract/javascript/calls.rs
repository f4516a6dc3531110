//! Everything in a file's tree that names another module: declarations, calls, types.

use std::ops::Range;

use oxc_ast::ast::{
    BindingPattern, CallExpression, ExportAllDeclaration, ExportFromDeclaration, Expression,
    ImportDeclaration, ImportDeclarationSpecifier, ImportExpression, NewExpression, Statement,
    StaticMemberExpression, StringLiteral, TSImportEqualsDeclaration, TSImportType,
    TSModuleReference, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

use super::frameworks::is_framework;
use super::strings::Reader;
use crate::extract::strings::{Constants, Text};

/// What a module is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// The code of it runs.
    Value,
    /// Only its types are taken, which no compiled program holds.
    Types,
    /// A test replaces it.
    Test,
}

/// A place that names a module.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) name: Text,
    pub(super) bytes: Range<usize>,
    pub(super) how: Use,
    /// The name is a path from the file, also without `./` in front.
    pub(super) anchored: bool,
}

/// Something of a framework that code takes: package and item.
pub(super) type Item = (String, String);

/// Everything that a file names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) hits: Vec<Hit>,
    pub(super) items: Vec<(Item, Range<usize>)>,
    pub(super) constants: Constants,
    /// The statements that import, for comments above them.
    pub(super) statements: Vec<Range<usize>>,
}

/// What a local name of a framework stands for.
#[derive(Debug)]
struct Local {
    name: String,
    package: String,
}

#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) names: Names,
    locals: Vec<Local>,
    strings: Reader,
}

impl Collector {
    /// The declarations at the top of a file: all that there is in most files.
    pub(super) fn declarations(&mut self, body: &[Statement<'_>]) {
        for statement in body {
            match statement {
                Statement::ImportDeclaration(import) => self.import(import),
                Statement::ExportFromDeclaration(export) => self.export(export),
                Statement::ExportAllDeclaration(export) => self.export_all(export),
                _ => {}
            }
        }
    }

    /// Whether something is imported whose use in the code tells more.
    pub(super) fn has_frameworks(&self) -> bool {
        !self.locals.is_empty()
    }

    fn literal(&mut self, literal: &StringLiteral<'_>, how: Use) {
        self.names.hits.push(Hit {
            name: Text::Literal(literal.value.to_string()),
            bytes: bytes(literal.span),
            how,
            anchored: false,
        });
    }

    fn expression(&mut self, expression: &Expression<'_>, how: Use, anchored: bool) {
        self.strings.anchored.set(anchored);
        let name = self.strings.text(expression);
        self.names.hits.push(Hit {
            name,
            bytes: bytes(expression.span()),
            how,
            anchored: self.strings.anchored.get(),
        });
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) {
        let specifiers = import.specifiers.as_ref();
        let only_types = |specifier: &ImportDeclarationSpecifier<'_>| matches!(specifier, ImportDeclarationSpecifier::ImportSpecifier(one) if one.import_kind.is_type());
        let types = import.import_kind.is_type()
            || specifiers.is_some_and(|list| !list.is_empty() && list.iter().all(only_types));
        self.names.statements.push(bytes(import.span));
        self.literal(&import.source, if types { Use::Types } else { Use::Value });
        let package = import.source.value.as_str();
        if types || !is_framework(package) {
            return;
        }
        for specifier in specifiers.into_iter().flatten() {
            match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) if !one.import_kind.is_type() => {
                    self.item(package, &one.imported.name(), one.span);
                }
                ImportDeclarationSpecifier::ImportSpecifier(_) => {}
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
                    self.local(&one.local.name, package);
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(one) => {
                    self.local(&one.local.name, package);
                }
            }
        }
    }

    fn export(&mut self, export: &ExportFromDeclaration<'_>) {
        let types = export.export_kind.is_type()
            || !export.specifiers.is_empty()
                && export
                    .specifiers
                    .iter()
                    .all(|one| one.export_kind.is_type());
        self.names.statements.push(bytes(export.span));
        self.literal(&export.source, if types { Use::Types } else { Use::Value });
    }

    fn export_all(&mut self, export: &ExportAllDeclaration<'_>) {
        let types = export.export_kind.is_type();
        self.names.statements.push(bytes(export.span));
        self.literal(&export.source, if types { Use::Types } else { Use::Value });
    }

    fn local(&mut self, name: &str, package: &str) {
        self.locals.push(Local {
            name: name.to_owned(),
            package: package.to_owned(),
        });
    }

    fn item(&mut self, package: &str, item: &str, span: Span) {
        let item = (package.to_owned(), item.to_owned());
        self.names.items.push((item, bytes(span)));
    }

    /// The framework that an expression stands for by its local name.
    fn framework(&self, expression: &Expression<'_>) -> Option<String> {
        let Expression::Identifier(name) = expression else {
            return None;
        };
        let local = self
            .locals
            .iter()
            .find(|local| local.name == name.name.as_str())?;
        Some(local.package.clone())
    }
}

impl<'a> Visit<'a> for Collector {
    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.import(import);
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        self.export(export);
    }

    fn visit_export_all_declaration(&mut self, export: &ExportAllDeclaration<'a>) {
        self.export_all(export);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        self.expression(&import.source, Use::Value, false);
        walk::walk_import_expression(self, import);
    }

    fn visit_ts_import_type(&mut self, import: &TSImportType<'a>) {
        self.literal(&import.source, Use::Types);
        walk::walk_ts_import_type(self, import);
    }

    fn visit_ts_import_equals_declaration(&mut self, import: &TSImportEqualsDeclaration<'a>) {
        if let TSModuleReference::ExternalModuleReference(module) = &import.module_reference {
            let types = import.import_kind.is_type();
            self.names.statements.push(bytes(import.span));
            self.literal(
                &module.expression,
                if types { Use::Types } else { Use::Value },
            );
            let package = module.expression.value.as_str();
            if !types && is_framework(package) {
                self.local(&import.id.name, package);
            }
        }
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Some(argument) = call
            .arguments
            .first()
            .and_then(|first| first.as_expression())
            && let Some(how) = loads(&call.callee)
        {
            self.expression(argument, how, false);
        }
        if let Some(package) = self.framework(&call.callee) {
            self.item(&package, "default", call.span);
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if let Expression::Identifier(name) = &new.callee {
            let first = new
                .arguments
                .first()
                .and_then(|first| first.as_expression());
            if name.name == "URL"
                && let Some(path @ (Expression::StringLiteral(_) | Expression::TemplateLiteral(_))) =
                    first
                && new
                    .arguments
                    .get(1)
                    .and_then(|base| base.as_expression())
                    .is_some_and(is_own_address)
            {
                self.expression(path, Use::Value, true);
            }
        }
        if let Some(package) = self.framework(&new.callee) {
            self.item(&package, "default", new.span);
        }
        walk::walk_new_expression(self, new);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        if let Some(package) = self.framework(&member.object) {
            self.item(&package, &member.property.name, member.span);
        }
        walk::walk_static_member_expression(self, member);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        let required = declarator.init.as_ref().and_then(|init| match init {
            Expression::CallExpression(call) if loads(&call.callee) == Some(Use::Value) => {
                match call.arguments.first()?.as_expression()? {
                    Expression::StringLiteral(package) if is_framework(&package.value) => {
                        Some(package.value.as_str())
                    }
                    _ => None,
                }
            }
            _ => None,
        });
        match (&declarator.id, required) {
            (BindingPattern::BindingIdentifier(name), Some(package)) => {
                self.local(&name.name, package)
            }
            (BindingPattern::ObjectPattern(pattern), Some(package)) => {
                for property in &pattern.properties {
                    if let Some(name) = property.key.static_name() {
                        self.item(package, &name, property.span);
                    }
                }
            }
            (BindingPattern::BindingIdentifier(name), None) => {
                self.strings.anchored.set(false);
                let text = declarator
                    .init
                    .as_ref()
                    .map_or(Text::Unknown, |init| self.strings.text(init));
                // A constant path would lose that it starts at the file.
                let text = if self.strings.anchored.get() {
                    Text::Unknown
                } else {
                    text
                };
                self.names.constants.define(name.name.as_str(), text);
            }
            _ => {}
        }
        walk::walk_variable_declarator(self, declarator);
    }
}

/// Whether calling this loads the module that the first argument names.
fn loads(callee: &Expression<'_>) -> Option<Use> {
    match callee {
        Expression::Identifier(name) => (name.name == "require").then_some(Use::Value),
        Expression::StaticMemberExpression(member) => {
            let property = member.property.name.as_str();
            match &member.object {
                Expression::Identifier(object) => match (object.name.as_str(), property) {
                    ("require", "resolve") | ("module", "require") => Some(Use::Value),
                    (
                        "jest" | "vi" | "vitest",
                        "mock"
                        | "doMock"
                        | "unmock"
                        | "dontMock"
                        | "requireActual"
                        | "requireMock"
                        | "importActual"
                        | "importMock"
                        | "unstable_mockModule"
                        | "createMockFromModule",
                    ) => Some(Use::Test),
                    _ => None,
                },
                Expression::ImportMeta(_) if property == "resolve" => Some(Use::Value),
                _ => None,
            }
        }
        // `createRequire(import.meta.url)("x")`
        Expression::CallExpression(call) => match &call.callee {
            Expression::Identifier(name) if name.name == "createRequire" => Some(Use::Value),
            Expression::StaticMemberExpression(member)
                if member.property.name == "createRequire" =>
            {
                Some(Use::Value)
            }
            _ => None,
        },
        _ => None,
    }
}

/// `import.meta.url`
fn is_own_address(expression: &Expression<'_>) -> bool {
    matches!(expression, Expression::StaticMemberExpression(member)
        if member.property.name == "url" && matches!(member.object, Expression::ImportMeta(_)))
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
