//! Whether a condition of MSBuild holds, as far as the properties of the tree tell.
//!
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/msbuild-conditions>

/// The deepest nesting of brackets.
const DEPTH: usize = 32;

/// The longest condition that is read, in bytes.
const LONGEST: usize = 4096;

/// What a condition may ask for.
pub(super) trait Asked {
    /// What a text comes to, with its properties and lists, when nothing outside of the tree can change it.
    fn text(&self, text: &str) -> Option<String>;

    /// Whether there is a file at a path.
    fn exists(&self, path: &str) -> bool;
}

/// Whether a condition holds; `None` when nothing in the tree decides it.
pub(super) fn holds(text: &str, asked: &dyn Asked) -> Option<bool> {
    if text.trim().is_empty() {
        return Some(true);
    }
    if text.len() > LONGEST {
        return None;
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        asked,
    };
    let result = parser.or(0)?;
    (parser.at == tokens.len()).then_some(result).flatten()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'t> {
    Open,
    Close,
    Not,
    /// `==`, `!=`, `<`, …
    Compare(&'t str),
    /// A quoted text, or a bare word or property.
    Text(&'t str),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'(' => {
                found.push(Token::Open);
                at += 1;
            }
            b')' => {
                found.push(Token::Close);
                at += 1;
            }
            b'\'' => {
                let end = quoted(&text[at + 1..])?;
                found.push(Token::Text(&text[at + 1..at + 1 + end]));
                at += end + 2;
            }
            b'=' | b'!' | b'<' | b'>' => {
                let double = bytes.get(at + 1) == Some(&b'=');
                if !double && bytes[at] == b'!' {
                    found.push(Token::Not);
                } else {
                    found.push(Token::Compare(&text[at..at + 1 + usize::from(double)]));
                }
                at += 1 + usize::from(double);
            }
            _ => {
                let end = bare(&text[at..]);
                if end == 0 {
                    return None;
                }
                found.push(Token::Text(&text[at..at + end]));
                at += end;
            }
        }
    }
    Some(found)
}

/// Where a quoted text ends; quotes in the brackets of a property are its own.
fn quoted(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            b'\'' if open == 0 => return Some(at),
            _ => {}
        }
    }
    // A bracket in the text that is none of a property.
    text.find('\'')
}

/// Where a word ends, or a property with its brackets.
fn bare(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' if at > 0
                && (open > 0 || matches!(text.as_bytes()[at - 1], b'$' | b'@' | b'%')) =>
            {
                open += 1;
            }
            b')' if open > 0 => open -= 1,
            b' ' | b'\t' | b'\r' | b'\n' | b'(' | b')' | b'=' | b'!' | b'<' | b'>' | b'\''
                if open == 0 =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}

struct Parser<'p, 't> {
    tokens: &'p [Token<'t>],
    at: usize,
    asked: &'p dyn Asked,
}

/// What could not be read is `None` outside; what is not known, inside.
type Read = Option<Option<bool>>;

impl Parser<'_, '_> {
    fn word(&self, wanted: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Text(text)) if text.eq_ignore_ascii_case(wanted))
    }

    fn or(&mut self, depth: usize) -> Read {
        let mut result = self.and(depth)?;
        while self.word("or") {
            self.at += 1;
            let next = self.and(depth)?;
            result = match (result, next) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        Some(result)
    }

    fn and(&mut self, depth: usize) -> Read {
        let mut result = self.one(depth)?;
        while self.word("and") {
            self.at += 1;
            let next = self.one(depth)?;
            result = match (result, next) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        Some(result)
    }

    fn one(&mut self, depth: usize) -> Read {
        if depth > DEPTH {
            return None;
        }
        match self.tokens.get(self.at)? {
            Token::Not => {
                self.at += 1;
                Some(self.one(depth + 1)?.map(|known| !known))
            }
            Token::Open => {
                self.at += 1;
                let result = self.or(depth + 1)?;
                (self.tokens.get(self.at) == Some(&Token::Close)).then_some(())?;
                self.at += 1;
                Some(result)
            }
            Token::Text(text) => {
                self.at += 1;
                self.comparison(text)
            }
            Token::Close | Token::Compare(_) => None,
        }
    }

    fn comparison(&mut self, left: &str) -> Read {
        match self.tokens.get(self.at) {
            Some(Token::Open) => self.function(left),
            Some(Token::Compare(sign)) => {
                let sign = *sign;
                let Some(Token::Text(right)) = self.tokens.get(self.at + 1) else {
                    return None;
                };
                self.at += 2;
                let (left, right) = (self.expand(left), self.expand(right));
                Some(match (sign, left, right) {
                    ("==", Some(left), Some(right)) => Some(left.eq_ignore_ascii_case(&right)),
                    ("!=", Some(left), Some(right)) => Some(!left.eq_ignore_ascii_case(&right)),
                    _ => None,
                })
            }
            _ => Some(
                match self
                    .expand(left)
                    .map(|text| text.to_ascii_lowercase())
                    .as_deref()
                {
                    Some("true" | "on" | "yes") => Some(true),
                    Some("false" | "off" | "no") => Some(false),
                    _ => None,
                },
            ),
        }
    }

    /// `Exists('…')`: what is not in the tree may be what a build makes.
    fn function(&mut self, name: &str) -> Read {
        self.at += 1;
        let mut arguments = Vec::new();
        loop {
            let token = self.tokens.get(self.at)?;
            self.at += 1;
            match token {
                Token::Close => break,
                Token::Text(text) => arguments.push(*text),
                _ => arguments.clear(),
            }
        }
        let is_there = match arguments.as_slice() {
            [path] if name.eq_ignore_ascii_case("exists") => self
                .expand(path)
                .is_some_and(|path| self.asked.exists(&path)),
            _ => false,
        };
        Some(is_there.then_some(true))
    }

    fn expand(&self, text: &str) -> Option<String> {
        Some(self.asked.text(text)?.replace('\\', "/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Asked for Known {
        fn text(&self, text: &str) -> Option<String> {
            match text {
                "$(Name)" => Some("Cart".to_owned()),
                "$(Name)|$(Name)" => Some("Cart|Cart".to_owned()),
                "$(Empty)" => Some(String::new()),
                "$(Yes)" => Some("true".to_owned()),
                text if text.contains(['$', '@']) => None,
                text => Some(text.to_owned()),
            }
        }

        fn exists(&self, path: &str) -> bool {
            path == "../a.props"
        }
    }

    fn check(text: &str) -> Option<bool> {
        holds(text, &Known)
    }

    #[test]
    fn what_is_known_decides() {
        for (text, expected) in [
            ("", Some(true)),
            ("'$(Name)' == 'cart'", Some(true)),
            (" '$(Name)' != 'Cart' AND '$(X)' == 'Debug' ", Some(false)),
            ("'$(X)' == 'Debug' or $(Yes)", Some(true)),
            ("'$(X)' == 'Debug' and $(Yes)", None),
            ("'$(Empty)' == ''", Some(true)),
            ("!('$(Name)' == 'Cart')", Some(false)),
            ("$(Name) == Cart", Some(true)),
            ("'$(Name)|$(Name)'=='Cart|Cart'", Some(true)),
            ("'$(Name.StartsWith('C'))' == 'true'", None),
            ("$(Name.EndsWith('Tests'))", None),
            ("Exists('..\\b.props') and '$(Name)' == 'Pay'", Some(false)),
            ("Exists('..\\a.props') and '$(Name)' == 'Cart'", Some(true)),
            ("!Exists('..\\a.props')", Some(false)),
            ("HasTrailingSlash('../a.props')", None),
            ("Exists('$(Name)')", None),
            ("'@(Compile)' == ''", None),
            ("'$(Name)' ==", None),
            ("((((", None),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
        assert_eq!(check(&"(".repeat(4000)), None);
        assert_eq!(check(&"!".repeat(4000)), None);
    }
}
