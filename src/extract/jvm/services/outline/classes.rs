//! What does the head of a class declare, and where is its body?

use std::ops::Range;

use super::members::{Members, Step};
use super::syntax::annotation;
use super::{Class, LONGEST};

impl Members<'_, '_> {
    /// A class at its keyword.
    pub(super) fn class(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let outer = &self.outline.classes[self.class];
        let keyword = source.word(at);
        let mut next = at + 1;
        let mut name = source.word(next).to_owned();
        // `companion object {`: its members are those of the class around it.
        let is_companion = keyword == "object" && source.is_word(at.wrapping_sub(1), "companion");
        if !name.is_empty() {
            next += 1;
        }
        let nameless = is_companion || name.is_empty() || outer.full.len() > LONGEST;
        let full = match (outer.full.is_empty(), nameless) {
            (_, true) => outer.full.clone(),
            (true, false) => name.clone(),
            (false, false) => format!("{}.{name}", outer.full),
        };
        if is_companion {
            name.clear();
        }
        let mut class = Class {
            full,
            name,
            is_interface: keyword == "interface",
            annotations: std::mem::take(&mut self.pending),
            outer: Some(self.class),
            at,
            ..Class::default()
        };
        if source.is(next, b'<') {
            next = source.after_types(next).unwrap_or(next + 1);
        }
        let mut supers = false;
        while next < end {
            if source.is(next, b'{') {
                break;
            }
            if source.is(next, b';') {
                self.push_class(class, next..next);
                return Step::Done(next + 1);
            }
            if source.is(next, b'(') && !supers {
                class.params = self.params(source.inside(next));
                next = source.after(next);
                continue;
            }
            // In Kotlin a class may have no body, and what stands in the next line is something else.
            if source.is_kotlin()
                && source.is_fresh(next)
                && !source.is_any(next, b":,{(")
                && !source.is_any(next.wrapping_sub(1), b":,(")
                && !source.is_word(next, "where")
                && !source.is_word(next, "constructor")
                && !source.is(next, b'@')
            {
                self.push_class(class, next..next);
                return Step::Done(next);
            }
            if source.is(next, b'@') {
                next = annotation(source, next).map_or(next + 1, |found| found.tokens.end);
                continue;
            }
            match source.word(next) {
                "extends" | "implements" => supers = true,
                "" if source.is_kotlin() && source.is(next, b':') => supers = true,
                "" => {}
                _ if supers => {
                    if let Some((name, behind)) = source.dotted(next) {
                        class.supers.push(name);
                        next = behind;
                        if source.is(next, b'<') {
                            next = source.after_types(next).unwrap_or(next + 1);
                        }
                        continue;
                    }
                }
                _ => {}
            }
            next = source.after(next);
        }
        let body = match source.is(next, b'{') {
            true => source.inside(next),
            false => end..end,
        };
        let done = body.end + 1;
        // Values of an enumeration stand in front of its members.
        let mut members = body;
        if keyword == "enum" || source.is_word(at.wrapping_sub(1), "enum") {
            let mut open = members.start;
            while open < members.end && !source.is(open, b';') {
                open = source.after(open);
            }
            members.start = (open + 1).min(members.end);
        }
        self.push_class(class, members);
        Step::Done(done)
    }

    fn push_class(&mut self, class: Class, body: Range<usize>) {
        *self.count += 1;
        self.outline.classes.push(class);
        self.open.push((self.outline.classes.len() - 1, body));
    }
}
