//! Python's expressions as texts that are put together: literals, f-strings, `os.path`, `pathlib`.
//!
//! Sources: <https://docs.python.org/3/library/os.path.html>, <https://docs.python.org/3/library/pathlib.html>

use ruff_python_ast::{Arguments, Expr, InterpolatedStringElement, Number, Operator};

use crate::extract::strings::Text;
use crate::model::Key;

/// The deepest expression that is read.
const DEPTH: usize = 64;

/// What stands before a path of the repository that is known in full, because `__file__` is in it.
///
/// It has two segments: a path that leaves the repository takes one of them away, which shows.
const HERE: &str = "\0/\0";

/// The path in the repository that a text starting from `__file__` comes to; `Err`: another text.
pub(super) fn from_here(text: &str) -> Result<Option<&str>, &str> {
    if !text.starts_with('\0') {
        return Err(text);
    }
    let rest = text.strip_prefix(HERE);
    Ok(rest.and_then(|rest| match rest {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }))
}

/// What an expression comes to; `file` is the path of the file itself, for `__file__`.
pub(super) fn text(expr: &Expr, file: &str) -> Text {
    Reader { file }.text(expr, 0)
}

/// The dotted name that an expression is: `os.path.join`.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::Attribute(attribute) if parts.len() < DEPTH => {
                parts.push(attribute.attr.as_str());
                at = &attribute.value;
            }
            Expr::Name(name) => {
                parts.push(name.id.as_str());
                parts.reverse();
                return Some(parts.join("."));
            }
            _ => return None,
        }
    }
}

/// The text of a plain literal.
pub(super) fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringLiteral(literal) => Some(literal.value.to_str()),
        _ => None,
    }
}

/// The elements of a list, tuple or set.
pub(super) fn elements(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Set(set) => &set.elts,
        _ => &[],
    }
}

struct Reader<'a> {
    file: &'a str,
}

impl Reader<'_> {
    fn text(&self, expr: &Expr, depth: usize) -> Text {
        if depth > DEPTH {
            return Text::Unknown;
        }
        let depth = depth + 1;
        match expr {
            Expr::StringLiteral(literal) => Text::Literal(literal.value.to_str().to_owned()),
            Expr::Name(name) if name.id.as_str() == "__file__" => {
                Text::Literal(format!("{HERE}/{}", self.file))
            }
            Expr::Name(name) => Text::Local(name.id.to_string()),
            Expr::FString(string) => Text::Join(
                string
                    .value
                    .elements()
                    .map(|element| match element {
                        InterpolatedStringElement::Literal(literal) => {
                            Text::Literal(literal.value.to_string())
                        }
                        InterpolatedStringElement::Interpolation(piece) => {
                            self.text(&piece.expression, depth)
                        }
                    })
                    .collect(),
            ),
            Expr::BinOp(operation) => {
                let parts = vec![
                    self.text(&operation.left, depth),
                    self.text(&operation.right, depth),
                ];
                match operation.op {
                    Operator::Add => Text::Join(parts),
                    Operator::Div => Text::Path(parts),
                    _ => Text::Unknown,
                }
            }
            Expr::BoolOp(operation) if operation.op == ruff_python_ast::BoolOp::Or => {
                let mut parts = operation.values.iter().rev();
                let last = parts
                    .next()
                    .map_or(Text::Unknown, |last| self.text(last, depth));
                parts.fold(last, |second, first| {
                    Text::Or(Box::new(self.text(first, depth)), Box::new(second))
                })
            }
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "parent" => above(self.text(&attribute.value, depth), 1),
                "pardir" => Text::Literal("..".to_owned()),
                "curdir" => Text::Literal(".".to_owned()),
                _ => Text::Unknown,
            },
            Expr::Subscript(subscript) => self.subscript(&subscript.value, &subscript.slice, depth),
            Expr::Call(call) => self.call(&call.func, &call.arguments, depth),
            _ => Text::Unknown,
        }
    }

    /// `Path(…).parents[2]`, `os.environ["NAME"]`.
    fn subscript(&self, value: &Expr, index: &Expr, depth: usize) -> Text {
        let Expr::Attribute(attribute) = value else {
            return Text::Unknown;
        };
        match (attribute.attr.as_str(), index) {
            ("parents", Expr::NumberLiteral(number)) => match &number.value {
                Number::Int(number) => match number.as_usize() {
                    Some(levels) if levels < DEPTH => {
                        above(self.text(&attribute.value, depth), levels + 1)
                    }
                    _ => Text::Unknown,
                },
                _ => Text::Unknown,
            },
            ("environ", Expr::StringLiteral(name)) => {
                Text::Bound(Key::new("env", name.value.to_str()))
            }
            _ => Text::Unknown,
        }
    }

    fn call(&self, function: &Expr, arguments: &Arguments, depth: usize) -> Text {
        let first = || match arguments.args.first() {
            Some(first) => self.text(first, depth),
            None => Text::Unknown,
        };
        let parts = |list: &[Expr]| list.iter().map(|part| self.text(part, depth)).collect();
        let (owner, name) = match function {
            Expr::Name(name) => (None, name.id.as_str()),
            Expr::Attribute(attribute) => (Some(&*attribute.value), attribute.attr.as_str()),
            _ => return Text::Unknown,
        };
        match (name, owner) {
            ("dirname", _) => above(first(), 1),
            (
                "abspath" | "realpath" | "normpath" | "expanduser" | "expandvars" | "fspath"
                | "str" | "Path" | "PurePath" | "PosixPath",
                _,
            ) => match arguments.args.len() {
                0 | 1 => first(),
                _ => Text::Path(parts(&arguments.args)),
            },
            ("join", Some(owner)) if is_path_module(owner) => Text::Path(parts(&arguments.args)),
            ("joinpath", Some(owner)) => {
                let mut pieces = vec![self.text(owner, depth)];
                pieces.extend(arguments.args.iter().map(|part| self.text(part, depth)));
                Text::Path(pieces)
            }
            ("resolve" | "absolute" | "as_posix", Some(owner)) => self.text(owner, depth),
            ("getenv", _) => self.environment(arguments, depth),
            ("get", Some(Expr::Attribute(owner))) if owner.attr.as_str() == "environ" => {
                self.environment(arguments, depth)
            }
            _ => Text::Unknown,
        }
    }

    /// `os.getenv("NAME", "default")`.
    fn environment(&self, arguments: &Arguments, depth: usize) -> Text {
        let Some(name) = arguments.args.first().and_then(literal) else {
            return Text::Unknown;
        };
        let bound = Text::Bound(Key::new("env", name));
        match arguments.args.get(1) {
            Some(default) => Text::Or(Box::new(bound), Box::new(self.text(default, depth))),
            None => bound,
        }
    }
}

/// The folder some levels above a path.
fn above(path: Text, levels: usize) -> Text {
    let mut parts = vec![path];
    parts.extend((0..levels).map(|_| Text::Literal("..".to_owned())));
    Text::Path(parts)
}

/// `os.path`, or the short names under which it is imported.
fn is_path_module(expr: &Expr) -> bool {
    dotted(expr).is_some_and(|name| {
        matches!(
            name.rsplit('.').next(),
            Some("path" | "osp" | "ospath" | "posixpath")
        )
    })
}
