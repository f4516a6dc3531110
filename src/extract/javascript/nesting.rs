//! How deep may a parser have to recurse into a text, and how often start over? Upper bounds, found without one.

/// What a bracket weighs: parsers go through more functions for it than for an operator.
const BRACKET: usize = 4;

/// What a text asks of its parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Nesting {
    /// The most levels that any place of the text can lie in.
    ///
    /// Every operator and word may nest (`!!a`, `a ? b : c ? d : e`, `if (a) if (b)`) until a `;` ends the chain or a
    /// bracket closes around it.
    pub(super) levels: usize,
    /// The most places that are open at once and may mean two things, so that what follows them is read twice: in each
    /// of them (`a<b<c<`, `(a = (b = (`), so that time and memory grow with the square.
    pub(super) doubtful: usize,
}

/// An open bracket and what stands in it so far.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    chain: usize,
    base: usize,
    /// `<` without `>`.
    angles: usize,
    is_paren: bool,
    /// A `=` was there.
    assigns: bool,
    /// Another bracket was opened behind it.
    doubtful: bool,
}

/// What a byte may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A part of a word.
    Word,
    /// It may nest.
    Operator,
    /// It opens, closes, ends or quotes something.
    Sign,
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        kinds[at] = match byte {
            b'_' | b'$' | 0x80.. => Kind::Word,
            b'!' | b'~' | b'?' | b'=' | b'<' | b':' | b'+' | b'-' | b'*' | b'`' => Kind::Operator,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'>' | b';' | b'"' | b'\'' | b'\\'
            | b'\n' => Kind::Sign,
            _ if byte.is_ascii_alphanumeric() => Kind::Word,
            _ => Kind::Other,
        };
        at += 1;
    }
    kinds
};

/// Measures a text.
///
/// Strings and regular expressions can mislead this, but for levels only upwards: within what looks like a string
/// everything counts and nothing ends.
pub(super) fn nesting(text: &[u8]) -> Nesting {
    let mut most = Nesting::default();
    let mut now = Nesting::default();
    let mut open = vec![Open::default()];
    let mut quote = 0;
    let mut escaped = false;
    let mut in_word = false;
    let mut before = 0;
    for (at, byte) in text.iter().enumerate() {
        let kind = KINDS[usize::from(*byte)];
        // Most of a text goes on with what came before.
        if matches!(kind, Kind::Word | Kind::Other) {
            let starts_word = kind == Kind::Word && !in_word;
            in_word = kind == Kind::Word;
            escaped = false;
            if quote == 0 {
                before = *byte;
            }
            if starts_word && let Some(last) = open.last_mut() {
                last.chain += 1;
                now.levels += 1;
                most.levels = most.levels.max(now.levels);
            }
            continue;
        }
        in_word = false;
        let is_operator = kind == Kind::Operator;
        let is_bracket = matches!(byte, b'(' | b'[' | b'{');
        let depth = open.len();
        let Some(last) = open.last_mut() else {
            break;
        };
        if is_operator || is_bracket && quote != 0 {
            last.chain += 1;
            now.levels += 1;
        }
        if quote != 0 {
            if escaped {
                escaped = false;
            } else if *byte == b'\\' {
                escaped = true;
            } else if *byte == quote || *byte == b'\n' {
                quote = 0;
            }
            most.levels = most.levels.max(now.levels);
            continue;
        }
        let next = text.get(at + 1).copied().unwrap_or(0);
        match byte {
            b'"' | b'\'' => quote = *byte,
            b'<' if before != b'<' && !matches!(next, b'<' | b'=') => {
                last.angles += 1;
                now.doubtful += 1;
            }
            b'>' if before != b'=' && last.angles > 0 => {
                last.angles -= 1;
                now.doubtful -= 1;
            }
            b'=' if !matches!(before, b'=' | b'<' | b'>' | b'!')
                && !matches!(next, b'=' | b'>') =>
            {
                last.assigns = true;
            }
            b'(' | b'[' | b'{' => {
                if last.is_paren && last.assigns && !last.doubtful {
                    last.doubtful = true;
                    now.doubtful += 1;
                }
                now.levels += BRACKET;
                open.push(Open {
                    chain: BRACKET,
                    base: BRACKET,
                    is_paren: *byte == b'(',
                    ..Open::default()
                });
            }
            b')' | b']' | b'}' if depth > 1 => {
                if let Some(closed) = open.pop() {
                    now.levels -= closed.chain;
                    now.doubtful -= closed.angles + usize::from(closed.doubtful);
                }
            }
            b';' => {
                now.levels -= last.chain - last.base;
                now.doubtful -= last.angles;
                last.chain = last.base;
                last.angles = 0;
            }
            _ => {}
        }
        before = *byte;
        most.levels = most.levels.max(now.levels);
        most.doubtful = most.doubtful.max(now.doubtful);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::nesting;

    #[test]
    fn chains_and_brackets_nest() {
        for (text, least) in [
            ("(".repeat(1000), 4000),
            ("!".repeat(1000), 1000),
            ("a?b:c?d:e".repeat(100), 500),
            ("if(a)if(b)".repeat(100), 200),
            ("typeof ".repeat(100), 100),
            ("for(;;)".repeat(100), 100),
            ("if(a){;}else ".repeat(100), 200),
        ] {
            assert!(nesting(text.as_bytes()).levels >= least, "{text}");
        }
    }

    #[test]
    fn what_is_read_twice_is_counted_while_it_is_open() {
        for text in [
            "A<",
            "(a=",
            "A<(",
            "A<{a:",
            "A<B,",
            "({a}=",
            "typeof a<",
            "import('a')<",
        ] {
            assert!(
                nesting(text.repeat(300).as_bytes()).doubtful >= 299,
                "{text}"
            );
        }
        for text in [
            "if (a < b) { c = (d >= e) }\n",
            "x.map((a) => a.b<C>(d => <e f={g}>h</e>))\n",
            "let a = b < c, d = (e = f);\n",
            "f((a, b = {}) => { (c = d) })\n",
            "1 << 2 <= 3\n",
        ] {
            assert!(nesting(text.repeat(300).as_bytes()).doubtful < 4, "{text}");
        }
    }

    #[test]
    fn statements_do_not_add_up() {
        assert!(nesting("a = b(c) + d;\n".repeat(1000).as_bytes()).levels < 20);
        assert!(nesting("function f() { a(b); c = d }\n;".repeat(1000).as_bytes()).levels < 40);
    }
}
