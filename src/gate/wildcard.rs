//! Names with `*` for any text.

/// Whether a name is meant by a pattern; case and a leading `@` do not matter.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (folded(pattern), folded(name));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// How names are compared.
pub(super) fn folded(name: &str) -> String {
    name.trim_start_matches('@').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text_and_nothing_else_is_special() {
        for (pattern, name) in [
            ("cart", "Cart"),
            ("@acme/cart", "acme/cart"),
            ("cart-*", "cart-api"),
            ("*", ""),
            ("*-api", "cart-api"),
            ("a*b*c", "a-b-b-c"),
            ("a*a", "aa"),
            ("[x]", "[x]"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("cart", "cart-api"),
            ("cart-*", "cart"),
            ("a*a", "a"),
            ("a*b*c", "a-c-b"),
            ("", "a"),
            ("?", "a"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
