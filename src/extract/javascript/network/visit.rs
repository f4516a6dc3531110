//! How a file's tree is walked: which declarations, assignments and calls are noted where.

use std::rc::Rc;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrowFunctionBody, AssignmentExpression, BindingPattern, CallExpression, Class, ClassElement,
    ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind,
    ExportFromDeclaration, ExportNamedDeclaration, FormalParameters, ImportDeclaration,
    ImportDeclarationSpecifier, MethodDefinition, MethodDefinitionKind, NewExpression,
    PropertyDefinition, ReturnStatement, Statement, TSEnumDeclaration, TSExportAssignment,
    TSImportEqualsDeclaration, TSModuleReference, TSType, VariableDeclaration,
    VariableDeclarationKind, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

use super::code::{self, Parameter};
use super::collect::Collector;
use super::read::key;
use super::value::Value;

impl<'a> Visit<'a> for Collector {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::Function(_)
            | AstKind::ArrowFunctionExpression(_)
            | AstKind::BlockStatement(_)
            | AstKind::ForStatement(_)
            | AstKind::ForInStatement(_)
            | AstKind::ForOfStatement(_)
            | AstKind::CatchClause(_)
            | AstKind::SwitchStatement(_)
            | AstKind::StaticBlock(_) => self.open(),
            _ => {}
        }
        match kind {
            AstKind::Function(function) => {
                let name = function.id.as_ref().map(|id| id.name.as_str());
                self.function(function.span.start, name);
            }
            AstKind::ArrowFunctionExpression(function) => self.function(function.span.start, None),
            AstKind::Class(class) => self.classes.push(class.span.start),
            _ => {}
        }
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => {
                self.functions.pop();
                self.scopes.pop();
            }
            AstKind::BlockStatement(_)
            | AstKind::ForStatement(_)
            | AstKind::ForInStatement(_)
            | AstKind::ForOfStatement(_)
            | AstKind::CatchClause(_)
            | AstKind::SwitchStatement(_)
            | AstKind::StaticBlock(_) => {
                self.scopes.pop();
            }
            AstKind::Class(_) => {
                self.classes.pop();
            }
            _ => {}
        }
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        let module = || Value::Module(import.source.value.as_str().into());
        for specifier in import.specifiers.iter().flatten() {
            let (local, value) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => {
                    (&one.local.name, module().member(&one.imported.name()))
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
                    (&one.local.name, module().member("default"))
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(one) => {
                    (&one.local.name, module())
                }
            };
            self.define(0, local, value);
        }
    }

    fn visit_ts_import_equals_declaration(&mut self, import: &TSImportEqualsDeclaration<'a>) {
        if let TSModuleReference::ExternalModuleReference(module) = &import.module_reference {
            let value = Value::Module(module.expression.value.as_str().into());
            self.define(0, &import.id.name, value);
        }
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        let hoists = declaration.kind == VariableDeclarationKind::Var;
        for declarator in &declaration.declarations {
            // What is inside of one may be declared in another way.
            self.hoists = hoists;
            self.visit_variable_declarator(declarator);
        }
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        let scope = match self.hoists {
            true => self.around(),
            false => self.scope(),
        };
        let value = match &declarator.init {
            Some(init) => self.value(init),
            None => Value::Nothing,
        };
        self.bind(scope, &declarator.id, &value);
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_statement(&mut self, statement: &Statement<'a>) {
        // A function has its name in all of the scope around it.
        match statement {
            Statement::FunctionDeclaration(function) => {
                if let Some(id) = &function.id {
                    let value = Value::Function(function.span.start);
                    self.define(self.scope(), &id.name, value);
                }
            }
            Statement::ClassDeclaration(class) => {
                if let Some(id) = &class.id {
                    let value = Value::Class(class.span.start);
                    self.define(self.scope(), &id.name, value);
                }
            }
            _ => {}
        }
        walk::walk_statement(self, statement);
    }

    fn visit_formal_parameters(&mut self, parameters: &FormalParameters<'a>) {
        let Some((start, scope)) = self.functions.last().copied() else {
            return walk::walk_formal_parameters(self, parameters);
        };
        let is_constructor = self
            .this()
            .and_then(|class| self.code.classes.get(&class))
            .is_some_and(|class| class.constructor == Some(start));
        for (at, item) in parameters.items.iter().enumerate() {
            let parameter = Parameter {
                kind: self.kind(item.type_annotation.as_deref()),
                decorators: self.decorators(&item.decorators),
            };
            let function = self.code.functions.entry(start).or_default();
            function.parameters.push(parameter);
            let mut value = Value::Parameter(start, at);
            if let Some(initializer) = &item.initializer {
                let default = self.value(initializer);
                value = value.or(default);
            }
            let is_field = item.accessibility.is_some() || item.readonly;
            if let (true, true, Some(class), BindingPattern::BindingIdentifier(name)) =
                (is_constructor, is_field, self.this(), &item.pattern)
            {
                let class = self.code.classes.entry(class).or_default();
                let values = class.fields.entry(name.name.as_str().into()).or_default();
                values.push(value.clone());
            }
            self.bind(scope, &item.pattern, &value);
        }
        walk::walk_formal_parameters(self, parameters);
    }

    fn visit_arrow_function_body(&mut self, body: &ArrowFunctionBody<'a>) {
        if let Some(expression) = body.as_expression() {
            let value = self.value(expression);
            self.gives(value);
        }
        walk::walk_arrow_function_body(self, body);
    }

    fn visit_return_statement(&mut self, statement: &ReturnStatement<'a>) {
        if let Some(argument) = &statement.argument {
            let value = self.value(argument);
            self.gives(value);
        }
        walk::walk_return_statement(self, statement);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let value = match assignment.operator {
            oxc_ast::ast::AssignmentOperator::Assign
            | oxc_ast::ast::AssignmentOperator::LogicalOr
            | oxc_ast::ast::AssignmentOperator::LogicalNullish => self.value(&assignment.right),
            _ => Value::Unknown,
        };
        self.assign(&assignment.left, value, assignment.span);
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let value = self.call(call, 0);
        self.note(value);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        let value = self.make(new, 0);
        self.note(value);
        walk::walk_new_expression(self, new);
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        let start = class.span.start;
        let extends = class
            .heritage
            .as_ref()
            .map(|heritage| self.value(&heritage.expression));
        let constructor = class.body.body.iter().find_map(|element| match element {
            ClassElement::MethodDefinition(method)
                if method.kind == MethodDefinitionKind::Constructor =>
            {
                Some(method.value.span.start)
            }
            _ => None,
        });
        let known = self.code.classes.entry(start).or_default();
        known.extends = extends;
        known.constructor = constructor;
        if let Some(id) = &class.id {
            self.name(&Value::Class(start), &id.name);
        }
        self.decorated(start, None, &class.decorators);
        walk::walk_class(self, class);
    }

    fn visit_method_definition(&mut self, method: &MethodDefinition<'a>) {
        if let (Some(class), Some(name)) = (self.this(), key(&method.key)) {
            let function = Value::Function(method.value.span.start);
            let known = self.code.classes.entry(class).or_default();
            let class_name = known.name.clone().unwrap_or_default();
            // A getter is read like a field; what it gives is not followed.
            let value = match method.kind {
                MethodDefinitionKind::Method => function.clone(),
                MethodDefinitionKind::Constructor => Value::Nothing,
                _ => Value::Unknown,
            };
            let members = match method.r#static {
                true => &mut known.statics,
                false => &mut known.fields,
            };
            members.entry(name.clone()).or_default().push(value);
            let name = match method.kind {
                MethodDefinitionKind::Constructor => class_name.to_string(),
                _ => format!("{class_name}.{name}"),
            };
            self.name(&function, &name);
            let member = key(&method.key);
            self.decorated(class, member.as_deref(), &method.decorators);
        }
        walk::walk_method_definition(self, method);
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        if let (Some(class), Some(name)) = (self.this(), key(&property.key)) {
            let value = match &property.value {
                Some(value) => self.value(value),
                None => {
                    // Somebody else fills it; its type and decorators tell with what.
                    let start = property.span.start;
                    let parameter = Parameter {
                        kind: self.kind(property.type_annotation.as_deref()),
                        decorators: self.decorators(&property.decorators),
                    };
                    match parameter.decorators.is_empty() {
                        true => Value::Nothing,
                        false => {
                            let filled = code::Function {
                                parameters: vec![parameter],
                                ..code::Function::default()
                            };
                            self.code.functions.insert(start, filled);
                            Value::Parameter(start, 0)
                        }
                    }
                }
            };
            let known = self.code.classes.entry(class).or_default();
            let class_name = known.name.clone().unwrap_or_default();
            let members = match property.r#static {
                true => &mut known.statics,
                false => &mut known.fields,
            };
            members.entry(name.clone()).or_default().push(value.clone());
            self.name(&value, &format!("{class_name}.{name}"));
            self.decorated(class, Some(&name), &property.decorators);
        }
        walk::walk_property_definition(self, property);
    }

    fn visit_ts_enum_declaration(&mut self, declaration: &TSEnumDeclaration<'a>) {
        let members = declaration.body.members.iter();
        let members: Vec<(Rc<str>, Value)> = members
            .filter_map(|member| {
                let value = self.value(member.initializer.as_ref()?);
                Some((member.id.static_name().as_str().into(), value))
            })
            .collect();
        let value = Value::Object(Rc::new(members));
        self.define(self.scope(), &declaration.id.name, value);
    }

    fn visit_export_declaration(&mut self, export: &ExportDeclaration<'a>) {
        let declaration = &export.declaration;
        let mut names = Vec::new();
        match declaration {
            oxc_ast::ast::Declaration::VariableDeclaration(list) => {
                for declarator in &list.declarations {
                    if let BindingPattern::BindingIdentifier(name) = &declarator.id {
                        names.push((name.name.as_str(), declarator.span));
                    }
                }
            }
            oxc_ast::ast::Declaration::FunctionDeclaration(function) => {
                if let Some(id) = &function.id {
                    let value = Value::Function(function.span.start);
                    self.define(0, &id.name, value);
                    names.push((id.name.as_str(), id.span));
                }
            }
            oxc_ast::ast::Declaration::ClassDeclaration(class) => {
                if let Some(id) = &class.id {
                    let value = Value::Class(class.span.start);
                    self.define(0, &id.name, value);
                    names.push((id.name.as_str(), id.span));
                }
            }
            oxc_ast::ast::Declaration::TSEnumDeclaration(one) => {
                names.push((one.id.name.as_str(), one.span));
            }
            _ => {}
        }
        for (name, span) in names {
            let value = Value::Name(0, name.into());
            self.export(name, value, span);
        }
        walk::walk_export_declaration(self, export);
    }

    fn visit_export_default_declaration(&mut self, export: &ExportDefaultDeclaration<'a>) {
        let value = match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                let value = Value::Function(function.span.start);
                if let Some(id) = &function.id {
                    self.define(0, &id.name, value.clone());
                }
                value
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let value = Value::Class(class.span.start);
                if let Some(id) = &class.id {
                    self.define(0, &id.name, value.clone());
                }
                value
            }
            declaration => match declaration.as_expression() {
                Some(expression) => self.value(expression),
                None => Value::Unknown,
            },
        };
        // Others know it as the default, whatever it calls itself.
        match &value {
            Value::Function(start) => {
                self.code.functions.entry(*start).or_default().name = Some("default".into());
            }
            Value::Class(start) => {
                self.code.classes.entry(*start).or_default().name = Some("default".into());
            }
            _ => {}
        }
        self.export("default", value, export.span);
        walk::walk_export_default_declaration(self, export);
    }

    fn visit_export_named_declaration(&mut self, export: &ExportNamedDeclaration<'a>) {
        for one in &export.specifiers {
            let value = Value::Name(0, one.local.name().as_str().into());
            self.export(&one.exported.name(), value, one.span);
        }
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        for one in &export.specifiers {
            let module = Value::Module(export.source.value.as_str().into());
            let value = module.member(&one.local.name());
            self.export(&one.exported.name(), value, one.span);
        }
    }

    fn visit_ts_export_assignment(&mut self, export: &TSExportAssignment<'a>) {
        let value = self.value(&export.expression);
        self.export("", value, export.span);
        walk::walk_ts_export_assignment(self, export);
    }

    // Types call nothing.
    fn visit_ts_type(&mut self, _: &TSType<'a>) {}

    fn visit_ts_interface_declaration(&mut self, _: &oxc_ast::ast::TSInterfaceDeclaration<'a>) {}
}
