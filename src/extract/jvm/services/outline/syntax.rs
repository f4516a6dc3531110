//! Annotations, types and expressions: where do they start and end, and what are they called?

use super::Annotation;
use crate::extract::jvm::services::source::Source;

/// The annotation at a sign.
pub(in super::super) fn annotation(source: &Source<'_>, at: usize) -> Option<Annotation> {
    let mut start = at + 1;
    // `@field:Value`, `@get:Value`.
    if source.is_kotlin() && source.is(start + 1, b':') {
        start += 2;
    }
    let (name, mut next) = source.dotted(start)?;
    let mut args = next..next;
    if source.is(next, b'(') {
        args = source.inside(next);
        next = source.after(next);
    }
    Some(Annotation {
        name: name.rsplit('.').next().unwrap_or_default().to_owned(),
        args,
        tokens: at..next,
    })
}

/// The type whose last token stands in front of a place: `List<String> name` gives `List`.
pub(in super::super) fn type_before(source: &Source<'_>, start: usize, at: usize) -> String {
    let mut end = at;
    while end > start && source.is_any(end - 1, b"[].") {
        end -= 1;
    }
    if end > start && source.is(end - 1, b'>') {
        let mut depth = 0usize;
        while end > start {
            end -= 1;
            if source.is(end, b'>') {
                depth += 1;
            } else if source.is(end, b'<') {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
        }
    }
    let mut name = String::new();
    while end > start {
        let word = source.word(end - 1);
        if word.is_empty() {
            break;
        }
        name = match name.is_empty() {
            true => word.to_owned(),
            false => format!("{word}.{name}"),
        };
        if end >= start + 3 && source.is(end - 2, b'.') {
            end -= 2;
        } else {
            break;
        }
    }
    name
}

/// The type that starts at a place, and what comes behind it.
pub(in super::super) fn type_at(source: &Source<'_>, at: usize) -> (String, usize) {
    match source.dotted(at) {
        Some((name, mut next)) => {
            if source.is(next, b'<') {
                next = source.after_types(next).unwrap_or(next + 1);
            }
            if source.is(next, b'?') {
                next += 1;
            }
            (name, next)
        }
        None => (String::new(), source.after(at)),
    }
}

/// Where an expression of Kotlin ends: at the first line that does not go on with it.
pub(in super::super) fn expression_end(source: &Source<'_>, start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end {
        if source.is(at, b';') || source.is_any(at, b"})]") {
            return at;
        }
        if at > start && source.is_fresh(at) {
            let goes_on = source.is_any(at, b".?:+-*/%&|=<>,")
                || matches!(source.word(at), "as" | "else" | "in" | "is");
            let is_open = source.is_any(at - 1, b"=+-*/%&|<,.?:")
                || matches!(
                    source.word(at - 1),
                    "as" | "else" | "by" | "in" | "is" | "return"
                );
            if !goes_on && !is_open {
                return at;
            }
        }
        at = source.after(at);
    }
    end
}
