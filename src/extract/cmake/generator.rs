//! Generator expressions, `$<…>`: what they can come to while building.
//!
//! Source: <https://cmake.org/cmake/help/latest/manual/cmake-generator-expressions.7.html>

/// The deepest nesting that is followed.
const DEPTH: usize = 16;

/// A piece that an argument comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// What a target is made of, or what it tells its users: the target itself counts.
    Target(String),
}

/// What a text comes to: every branch of a condition, what holds for the build and not what holds once installed.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    if !text.contains("$<") {
        return vec![Piece::Text(text.to_owned())];
    }
    let mut found = Vec::new();
    flatten(text, 0, &mut found);
    found
}

fn flatten(text: &str, depth: usize, found: &mut Vec<Piece>) {
    let Some(open) = text.find("$<").filter(|_| depth < DEPTH) else {
        if !text.is_empty() {
            found.push(Piece::Text(text.to_owned()));
        }
        return;
    };
    let Some(close) = matching(&text[open..]).map(|at| open + at) else {
        return;
    };
    let mut inner = Vec::new();
    expression(&text[open + 2..close], depth + 1, &mut inner);
    let (before, after) = (&text[..open], &text[close + 1..]);
    if before.is_empty() && after.is_empty() {
        found.extend(inner);
        return;
    }
    // An expression within a text: each of its values gives one.
    for piece in inner {
        match piece {
            Piece::Text(piece) => flatten(&format!("{before}{piece}{after}"), depth + 1, found),
            Piece::Target(_) => found.push(piece),
        }
    }
}

/// What stands between `$<` and `>`.
fn expression(text: &str, depth: usize, found: &mut Vec<Piece>) {
    let (name, rest) = match split(text, ':') {
        Some((name, rest)) => (name, rest),
        None => return,
    };
    match name {
        "INSTALL_INTERFACE" | "INSTALL_PREFIX" => {}
        "TARGET_OBJECTS"
        | "TARGET_NAME_IF_EXISTS"
        | "TARGET_NAME"
        | "LINK_ONLY"
        | "TARGET_LINKER_FILE"
        | "TARGET_FILE" => found.push(Piece::Target(rest.to_owned())),
        "TARGET_PROPERTY" => {
            if let Some((target, property)) = split(rest, ',')
                && matches!(
                    property,
                    "INTERFACE_INCLUDE_DIRECTORIES" | "INCLUDE_DIRECTORIES" | "SOURCES"
                )
            {
                found.push(Piece::Target(target.to_owned()));
            }
        }
        "IF" => {
            let branches = split(rest, ',').and_then(|(_, rest)| split(rest, ','));
            if let Some((yes, no)) = branches {
                flatten(yes, depth, found);
                flatten(no, depth, found);
            }
        }
        "BUILD_INTERFACE" | "BUILD_LOCAL_INTERFACE" | "1" | "GENEX_EVAL" | "REMOVE_DUPLICATES" => {
            flatten(rest, depth, found);
        }
        "0" => {}
        // A condition of any kind.
        name if name.starts_with("$<") || name.starts_with("${") => flatten(rest, depth, found),
        // `$<LINK_LIBRARY:WHOLE_ARCHIVE,a,b>` and the like.
        "LINK_LIBRARY" | "LINK_GROUP" => {
            let mut rest = split(rest, ',').map(|(_, rest)| rest);
            while let Some(list) = rest {
                let (first, more) = match split(list, ',') {
                    Some((first, more)) => (first, Some(more)),
                    None => (list, None),
                };
                flatten(first, depth, found);
                rest = more;
            }
        }
        // Everything else is a property of the platform, or text that names no file.
        _ => {}
    }
}

/// Splits at the first separator that is in no nested expression.
fn split(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' | '{' if before == '$' => depth += 1,
            '>' | '}' => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 => {
                // `a::b` is one name.
                let is_scope = separator == ':' && text[at + 1..].starts_with(':');
                if !(is_scope || separator == ':' && before == ':') {
                    return Some((&text[..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Where the expression ends that starts at `$<`.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' if before == '$' => depth += 1,
            '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let piece = |piece| match piece {
            Piece::Text(text) => text,
            Piece::Target(target) => format!("@{target}"),
        };
        pieces(text).into_iter().map(piece).collect()
    }

    #[test]
    fn what_holds_for_the_build_counts() {
        for (text, found) in [
            ("a/b.cc", &["a/b.cc"][..]),
            ("$<BUILD_INTERFACE:${X}/include>", &["${X}/include"]),
            ("$<INSTALL_INTERFACE:include>", &[]),
            ("$<TARGET_OBJECTS:cart>", &["@cart"]),
            ("$<$<CONFIG:Debug>:acme::debug>", &["acme::debug"]),
            ("$<$<AND:$<BOOL:${X}>,$<PLATFORM_ID:Linux>>:rt>", &["rt"]),
            ("$<IF:$<BOOL:${X}>,a,b>", &["a", "b"]),
            ("src/$<IF:$<BOOL:${X}>,a,b>.cc", &["src/a.cc", "src/b.cc"]),
            ("$<LINK_ONLY:acme::cart>", &["@acme::cart"]),
            (
                "$<TARGET_PROPERTY:cart,INTERFACE_INCLUDE_DIRECTORIES>",
                &["@cart"],
            ),
            (
                "$<BUILD_INTERFACE:$<TARGET_PROPERTY:cart,INCLUDE_DIRECTORIES>>",
                &["@cart"],
            ),
            ("$<LINK_LIBRARY:WHOLE_ARCHIVE,a,acme::b>", &["a", "acme::b"]),
            ("$<PLATFORM_ID>", &[]),
        ] {
            assert_eq!(texts(text), found, "{text}");
        }
    }

    #[test]
    fn broken_expressions_give_nothing_and_end() {
        for text in ["$<", "$<A", "$<A:", "a$<>b>", "$<IF:a>", "$<:>"] {
            texts(text);
        }
        texts(&"$<1:".repeat(10_000));
        texts(&format!("{}a{}", "$<1:".repeat(1000), ">".repeat(1000)));
    }
}
