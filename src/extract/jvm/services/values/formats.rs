//! What do formats come to once their arguments are put in?

use std::ops::Range;

use super::{Scope, Value, Values};
use crate::model::{Part, Template};

impl Values<'_, '_> {
    /// `String.format("http://%s:%d/x", a, b)`
    pub(super) fn formatted(
        &self,
        formats: Vec<Template>,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let mut out = Value::default();
        for format in formats {
            let mut value = Value::text("");
            let mut next = 0;
            for part in &format.0 {
                let Part::Text(text) = part else {
                    value.append(vec![Template(vec![part.clone()])]);
                    continue;
                };
                let mut rest: &str = text;
                while let Some(at) = rest.find('%') {
                    value.append(vec![rest[..at].into()]);
                    rest = &rest[at + 1..];
                    let end = rest.find(|c: char| c.is_ascii_alphabetic() || c == '%');
                    let Some(end) = end else {
                        break;
                    };
                    let (flags, kind) = (&rest[..end], rest.as_bytes()[end]);
                    rest = &rest[end + 1..];
                    match kind {
                        b'%' => value.append(vec!["%".into()]),
                        b'n' => value.append(vec!["\n".into()]),
                        _ => {
                            let number = match flags.split_once('$') {
                                Some((number, _)) => number.parse::<usize>().ok(),
                                None => {
                                    next += 1;
                                    Some(next)
                                }
                            };
                            let arg = number
                                .and_then(|number| args.get(number.wrapping_sub(1)))
                                .map(|tokens| self.expression(tokens.clone(), scope, depth + 1));
                            value.append(arg.unwrap_or_default().or_hole());
                        }
                    }
                }
                value.append(vec![rest.into()]);
            }
            out.join(value);
        }
        out.typed("String")
    }
}

pub(super) fn replaced(text: &Template, what: &str, with: &Template) -> Template {
    let mut out = Template::default();
    for part in &text.0 {
        let Part::Text(piece) = part else {
            out.push(part.clone());
            continue;
        };
        for (number, piece) in piece.split(what).enumerate() {
            if number > 0 {
                out.extend(with);
            }
            out.push(Part::Text(piece.into()));
        }
    }
    out
}
