//! Reads expressions of JavaScript that give a text, as what all languages share.

use std::cell::Cell;

use oxc_ast::ast::{BinaryOperator, Expression, LogicalOperator};

use crate::extract::strings::Text;
use crate::model::Key;

/// The deepest nesting of an expression that is read.
const DEPTH: u32 = 32;

/// Reads expressions of one file.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The folder of the file was named: the text is a path from there, also without `./` in front.
    pub(super) anchored: Cell<bool>,
}

impl Reader {
    /// The text that an expression gives.
    pub(super) fn text(&self, expression: &Expression<'_>) -> Text {
        self.read(expression, 0)
    }

    fn read(&self, expression: &Expression<'_>, depth: u32) -> Text {
        if depth > DEPTH {
            return Text::Unknown;
        }
        let deeper = |inner: &Expression<'_>| self.read(inner, depth + 1);
        match expression {
            Expression::StringLiteral(literal) => Text::Literal(literal.value.to_string()),
            Expression::TemplateLiteral(template) => {
                let mut parts = Vec::new();
                for (at, quasi) in template.quasis.iter().enumerate() {
                    let text = quasi.value.cooked.unwrap_or(quasi.value.raw);
                    parts.push(Text::Literal(text.to_string()));
                    parts.extend(template.expressions.get(at).map(deeper));
                }
                Text::Join(parts)
            }
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                Text::Join(vec![deeper(&sum.left), deeper(&sum.right)])
            }
            Expression::LogicalExpression(either)
                if matches!(
                    either.operator,
                    LogicalOperator::Or | LogicalOperator::Coalesce
                ) =>
            {
                Text::Or(
                    Box::new(deeper(&either.left)),
                    Box::new(deeper(&either.right)),
                )
            }
            Expression::Identifier(name) if name.name == "__dirname" => self.folder(),
            Expression::Identifier(name) => Text::Local(name.name.to_string()),
            Expression::StaticMemberExpression(member) => match &member.object {
                // `import.meta.dirname`
                Expression::ImportMeta(_) if member.property.name == "dirname" => self.folder(),
                // `process.env.NAME`
                Expression::StaticMemberExpression(object) if object.property.name == "env" => {
                    Text::Bound(Key::new("env", member.property.name.as_str()))
                }
                _ => Text::Unknown,
            },
            Expression::CallExpression(call) if joins_paths(&call.callee) => {
                let parts = call
                    .arguments
                    .iter()
                    .map(|argument| argument.as_expression().map_or(Text::Unknown, deeper));
                Text::Path(parts.collect())
            }
            Expression::ParenthesizedExpression(inner) => deeper(&inner.expression),
            Expression::TSAsExpression(inner) => deeper(&inner.expression),
            Expression::TSSatisfiesExpression(inner) => deeper(&inner.expression),
            Expression::TSNonNullExpression(inner) => deeper(&inner.expression),
            _ => Text::Unknown,
        }
    }

    fn folder(&self) -> Text {
        self.anchored.set(true);
        Text::Literal(".".to_owned())
    }
}

/// `path.join`, `path.resolve`, `path.posix.join`, `join`, `resolve`.
fn joins_paths(callee: &Expression<'_>) -> bool {
    match callee {
        Expression::Identifier(name) => matches!(&*name.name, "join" | "resolve"),
        Expression::StaticMemberExpression(member) => {
            let object = match &member.object {
                Expression::Identifier(name) => name.name.as_str(),
                Expression::StaticMemberExpression(inner) => inner.property.name.as_str(),
                _ => return false,
            };
            matches!(&*member.property.name, "join" | "resolve")
                && matches!(object, "path" | "Path" | "nodePath" | "posix" | "upath")
        }
        _ => false,
    }
}
