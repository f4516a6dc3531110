//! Configurations made of words, `;` and blocks in braces, as nginx has them.
//!
//! Source: <https://nginx.org/en/docs/beginners_guide.html#conf_structure>

use std::ops::Range;

/// The deepest nesting of blocks.
const DEPTH: usize = 32;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) bytes: Range<usize>,
}

/// A directive with what stands in its block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) words: Vec<Word>,
    pub(super) block: Vec<Directive>,
}

impl Directive {
    /// The first word.
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", |word| &word.text)
    }

    /// The word behind the name at this number.
    pub(super) fn argument(&self, number: usize) -> Option<&Word> {
        self.words.get(number + 1)
    }
}

/// The directives of a text, and where it could not be read.
pub(super) fn directives(text: &str) -> (Vec<Directive>, Option<usize>) {
    let mut open: Vec<Directive> = vec![Directive::default()];
    let mut words: Vec<Word> = Vec::new();
    let mut wrong = None;
    let mut rest = Rest { text, at: 0 };
    while let Some(token) = rest.next() {
        match token {
            Token::Word(word) => words.push(word),
            Token::End if words.is_empty() => {}
            Token::End => {
                let directive = Directive {
                    words: std::mem::take(&mut words),
                    block: Vec::new(),
                };
                push(&mut open, directive);
            }
            Token::Open(at) => {
                if open.len() > DEPTH {
                    wrong = wrong.or(Some(at));
                    break;
                }
                open.push(Directive {
                    words: std::mem::take(&mut words),
                    block: Vec::new(),
                });
            }
            Token::Close(at) if open.len() < 2 => wrong = wrong.or(Some(at)),
            Token::Close(_) => {
                words.clear();
                if let Some(done) = open.pop() {
                    push(&mut open, done);
                }
            }
        }
    }
    if open.len() > 1 || !words.is_empty() {
        wrong = wrong.or(Some(text.len()));
    }
    while open.len() > 1 {
        if let Some(done) = open.pop() {
            push(&mut open, done);
        }
    }
    (open.pop().unwrap_or_default().block, wrong)
}

fn push(open: &mut [Directive], directive: Directive) {
    if let Some(last) = open.last_mut() {
        last.block.push(directive);
    }
}

enum Token {
    Word(Word),
    End,
    Open(usize),
    Close(usize),
}

struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl Rest<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = &self.text[self.at..];
            let sign = rest.chars().next()?;
            match sign {
                '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
                sign if sign.is_whitespace() => self.at += sign.len_utf8(),
                ';' | '{' | '}' => {
                    let at = self.at;
                    self.at += 1;
                    return Some(match sign {
                        ';' => Token::End,
                        '{' => Token::Open(at),
                        _ => Token::Close(at),
                    });
                }
                '"' | '\'' => return Some(Token::Word(self.quoted(sign))),
                _ => return Some(Token::Word(self.plain())),
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Word {
        let start = self.at;
        let mut text = String::new();
        let mut signs = self.text[start + 1..].char_indices();
        let mut end = self.text.len();
        while let Some((at, sign)) = signs.next() {
            if sign == quote {
                end = start + 1 + at + 1;
                break;
            }
            match sign {
                '\\' => text.extend(signs.next().map(|(_, sign)| sign)),
                sign => text.push(sign),
            }
        }
        self.at = end;
        Word {
            text,
            bytes: start..end,
        }
    }

    /// A word up to a blank or a sign; `${NAME}` is part of it.
    fn plain(&mut self) -> Word {
        let start = self.at;
        let rest = &self.text[start..];
        let mut in_variable = false;
        let mut before = ' ';
        let mut length = rest.len();
        for (at, sign) in rest.char_indices() {
            match sign {
                '{' if before == '$' => in_variable = true,
                '}' if in_variable => in_variable = false,
                ';' | '{' | '}' => {
                    length = at;
                    break;
                }
                sign if sign.is_whitespace() => {
                    length = at;
                    break;
                }
                _ => {}
            }
            before = sign;
        }
        self.at = start + length;
        Word {
            text: rest[..length].to_owned(),
            bytes: start..start + length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_words() {
        let (found, wrong) = directives(
            "# a comment { ;\nserver {\n  listen 80;\n  location /a/ { proxy_pass http://${HOST}:8080/; }\n  set $x \"a b\";\n}\n",
        );
        assert_eq!(wrong, None);
        let server = &found[0];
        assert_eq!(server.name(), "server");
        let names: Vec<&str> = server.block.iter().map(Directive::name).collect();
        assert_eq!(names, ["listen", "location", "set"]);
        let pass = &server.block[1].block[0];
        assert_eq!(pass.argument(0).unwrap().text, "http://${HOST}:8080/");
        assert_eq!(server.block[2].argument(1).unwrap().text, "a b");
    }

    #[test]
    fn broken_texts_are_read_as_far_as_they_go() {
        let (found, wrong) = directives("server { listen 80; location / {");
        assert!(wrong.is_some());
        assert_eq!(found[0].block.len(), 2);
        assert_eq!(directives("}").1, Some(0));
        let deep = "a {".repeat(10_000);
        assert!(directives(&deep).1.is_some());
        assert_eq!(directives("\"open").0.len(), 0);
    }
}
