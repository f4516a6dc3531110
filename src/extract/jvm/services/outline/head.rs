//! Which package is a file in, and what does it import?

use super::{Import, Outline};
use crate::extract::jvm::services::source::Source;

/// The package and the imports, and where they end.
pub(super) fn head(source: &Source<'_>, outline: &mut Outline) -> usize {
    let mut at = 0;
    let mut end = 0;
    while at < source.len() {
        match source.word(at) {
            "package" => {
                if let Some((name, next)) = source.dotted(at + 1) {
                    outline.package = name;
                    at = next;
                    end = at;
                    continue;
                }
            }
            "import" => {
                let is_static = source.is_word(at + 1, "static");
                let from = at + 1 + usize::from(is_static);
                if let Some((mut name, mut next)) = source.dotted(from) {
                    if source.is(next, b'.') && source.is(next + 1, b'*') {
                        name.push_str(".*");
                        next += 2;
                    }
                    let mut alias = name.rsplit('.').next().unwrap_or_default().to_owned();
                    if source.is_kotlin() && source.is_word(next, "as") {
                        alias = source.word(next + 1).to_owned();
                        next += 2;
                    }
                    outline.imports.push(Import {
                        name,
                        alias,
                        is_static,
                    });
                    at = next;
                    end = at;
                    continue;
                }
            }
            "class" | "interface" | "object" | "enum" | "record" | "fun" | "val" => break,
            _ => {}
        }
        at = match source.is(at, b'{') {
            true => break,
            false => at + 1,
        };
    }
    end
}
