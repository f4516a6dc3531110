//! What the texts of a C# file come to: constants, interpolation, keys of the configuration, variables of the environment.
//!
//! Keys are written in lower case with `:` between their sections, as .NET compares them:
//! <https://learn.microsoft.com/dotnet/core/extensions/configuration#concepts-and-abstractions>.
//! A key of one section may be a variable of the environment as well, which comes first:
//! <https://learn.microsoft.com/dotnet/core/extensions/configuration-providers#environment-variable-configuration-provider>.

mod calls;
mod keys;
mod names;

use std::collections::HashMap;
use std::ops::Range;

use crate::extract::dotnet::outline::{Argument, Outline};
use crate::extract::dotnet::tokens::Kind;
use crate::extract::strings::{Constants, Text};
use crate::model::{Key, Part, Template};

/// The longest chain of names, methods and brackets.
const DEPTH: usize = 24;

/// The most expressions that one value is made of.
const STEPS: usize = 512;

/// Evaluates the expressions of a file.
pub(super) struct Texts<'o, 't> {
    outline: &'o Outline<'t>,
    /// Names whose value is known otherwise.
    pub(super) known: HashMap<String, Text>,
}

/// Where an expression stands: the arguments of the method around it, when it was called from this file.
struct Frame<'f> {
    names: &'f [&'f str],
    values: Vec<Text>,
}

/// One evaluation.
struct Run<'r, 'o, 't> {
    texts: &'r Texts<'o, 't>,
    steps: usize,
}

impl<'o, 't> Texts<'o, 't> {
    pub(super) fn new(outline: &'o Outline<'t>) -> Self {
        Self {
            outline,
            known: HashMap::new(),
        }
    }

    /// What an expression comes to.
    pub(super) fn template(&self, tokens: Range<usize>) -> Template {
        Constants::default().template(&self.text(tokens))
    }

    /// What an expression comes to, when it is text alone.
    pub(super) fn literal(&self, tokens: Range<usize>) -> Option<String> {
        Constants::default().literal(&self.text(tokens))
    }

    fn text(&self, tokens: Range<usize>) -> Text {
        let mut run = Run {
            texts: self,
            steps: 0,
        };
        run.value(tokens, None, 0)
    }
}

/// An argument by its name, or by its place.
pub(super) fn argument<'c, 't>(
    list: &'c [Argument<'t>],
    name: &str,
    place: usize,
) -> Option<&'c Argument<'t>> {
    let named = list.iter().find(|argument| argument.name == Some(name));
    named.or_else(|| list.get(place).filter(|argument| argument.name.is_none()))
}

/// A reference to a key of the configuration.
pub(super) fn property(name: Template) -> Text {
    let name = lower(&name);
    if name.0.is_empty() || name.0.iter().any(|part| matches!(part, Part::Hole)) {
        return Text::Unknown;
    }
    Text::Bound(Key::new("property", name))
}

/// A reference to a key as code asks for it: of one section, the environment comes first.
fn asked(name: &Template) -> Text {
    let key = property(name.clone());
    match name.as_text() {
        Some(text) if !text.contains(':') && key != Text::Unknown => {
            let variable = Text::Bound(Key::new("env", text));
            Text::Or(Box::new(variable), Box::new(key))
        }
        _ => key,
    }
}

/// A template in lower case.
pub(super) fn lower(template: &Template) -> Template {
    let mut out = Template::default();
    for part in &template.0 {
        out.push(match part {
            Part::Text(text) => Part::Text(text.to_lowercase().into()),
            part => part.clone(),
        });
    }
    out
}

/// The value of a text token, or of a piece of one.
fn unquoted(source: &str) -> String {
    let verbatim = source
        .find('"')
        .is_some_and(|quote| source[..quote].contains('@'));
    let text = source.trim_start_matches(['@', '$']);
    let quotes = text.bytes().take_while(|byte| *byte == b'"').count();
    let is_raw = quotes >= 3;
    let text = text.trim_matches('"');
    let text = text.strip_suffix('{').unwrap_or(text).trim_end_matches('{');
    if is_raw {
        return text.trim().to_owned();
    }
    let text = text.replace("{{", "{").replace("}}", "}");
    match verbatim {
        true => text.replace("\"\"", "\""),
        false => text.replace("\\\"", "\"").replace("\\\\", "\\"),
    }
}

impl<'t> Run<'_, '_, 't> {
    /// The value of an expression.
    fn value(&mut self, tokens: Range<usize>, frame: Option<&Frame<'_>>, depth: usize) -> Text {
        self.steps += 1;
        if depth > DEPTH || self.steps > STEPS || tokens.is_empty() {
            return Text::Unknown;
        }
        let outline = self.texts.outline;
        let is = |at: usize, sign: u8| outline.tokens.is_sign(at, sign);
        let mut range = tokens;
        loop {
            if outline.tokens.is_word(range.start, "await") {
                range.start += 1;
            } else if range.end > range.start + 1 && is(range.end - 1, b'!') {
                range.end -= 1;
            } else if is(range.start, b'(') && outline.pair(range.start) == Some(range.end - 1) {
                range = range.start + 1..range.end - 1;
            } else {
                break;
            }
            if range.is_empty() {
                return Text::Unknown;
            }
        }
        // The operator that binds least.
        let mut sums = Vec::new();
        let mut at = range.start;
        while at < range.end {
            match outline.tokens.kind(at) {
                Some(Kind::Sign(b'(' | b'[' | b'{')) => at = outline.pair(at).unwrap_or(at),
                Some(Kind::Text) => at = outline.text_end(at),
                Some(Kind::Sign(b'?')) if is(at + 1, b'?') => {
                    let first = self.value(range.start..at, frame, depth + 1);
                    if outline.tokens.is_word(at + 2, "throw") {
                        return first;
                    }
                    let second = self.value(at + 2..range.end, frame, depth + 1);
                    return Text::Or(Box::new(first), Box::new(second));
                }
                Some(Kind::Sign(b'?')) if !is(at + 1, b'.') && !is(at + 1, b'[') => {
                    return Text::Unknown;
                }
                Some(Kind::Sign(b'=' | b'&' | b'|')) => return Text::Unknown,
                Some(Kind::Sign(b'+')) => sums.push(at),
                _ => {}
            }
            at += 1;
        }
        if sums.is_empty() {
            return self.primary(range, frame, depth);
        }
        let mut start = range.start;
        let mut parts = Vec::new();
        for end in sums.into_iter().chain([range.end]) {
            parts.push(self.value(start..end, frame, depth + 1));
            start = end + 1;
        }
        Text::Join(parts)
    }

    fn primary(&mut self, range: Range<usize>, frame: Option<&Frame<'_>>, depth: usize) -> Text {
        let outline = self.texts.outline;
        let tokens = &outline.tokens;
        let last = range.end - 1;
        if tokens.kind(range.start) == Some(Kind::Text) && outline.text_end(range.start) == last {
            return self.interpolated(range, frame, depth);
        }
        if let Some(call) = outline.call_ending(last) {
            // Casts and operators in front say something else.
            let start = match call.is_new {
                true => call.at,
                false => outline.start(range.end),
            };
            if start == range.start || call.is_new {
                return self.call(call, frame, depth);
            }
        }
        if tokens.is_sign(last, b']')
            && let Some(open) = outline.pair(last)
        {
            return self.element(range.start..open, open + 1..last, frame, depth);
        }
        match tokens.word(last) {
            Some(name) => self.name(range, name, frame, depth),
            None => Text::Unknown,
        }
    }

    /// A text, with code in it or without.
    fn interpolated(
        &mut self,
        range: Range<usize>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Text {
        let outline = self.texts.outline;
        let source = |at: usize| {
            let bytes = outline.tokens.bytes(at);
            unquoted(outline.tokens.text.get(bytes).unwrap_or_default())
        };
        let mut parts = vec![Text::Literal(source(range.start))];
        let mut hole = range.start + 1;
        let mut at = hole;
        while at < range.end {
            match outline.tokens.kind(at) {
                Some(Kind::Sign(b'(' | b'[' | b'{')) => {
                    at = outline.pair(at).unwrap_or(at) + 1;
                }
                Some(Kind::Text) => {
                    let end = outline.text_end(at);
                    if end > at {
                        at = end + 1;
                        continue;
                    }
                    let bytes = outline.tokens.bytes(at);
                    let text = outline.tokens.text.get(bytes).unwrap_or_default();
                    // A text in the hole, not the piece behind it.
                    if text.len() > 1 && text.starts_with('"') && at + 1 < range.end {
                        at += 1;
                        continue;
                    }
                    parts.push(self.value(hole..at, frame, depth + 1));
                    parts.push(Text::Literal(source(at)));
                    at += 1;
                    hole = at;
                }
                _ => at += 1,
            }
        }
        match parts.len() {
            1 => parts.remove(0),
            _ => Text::Join(parts),
        }
    }

    fn template(
        &mut self,
        range: Option<Range<usize>>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Template {
        let text = match range {
            Some(range) => self.value(range, frame, depth + 1),
            None => Text::Unknown,
        };
        Constants::default().template(&text)
    }

    fn literal(
        &mut self,
        range: Option<Range<usize>>,
        frame: Option<&Frame<'_>>,
        depth: usize,
    ) -> Option<String> {
        let template = self.template(range, frame, depth);
        template.as_text().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let outline = Outline::new(text);
        let texts = Texts::new(&outline);
        let call = outline
            .calls
            .iter()
            .find(|call| call.name == "Use")
            .unwrap();
        let argument = call.arguments[0].tokens.clone();
        texts.template(argument).to_string()
    }

    #[test]
    fn texts_are_put_together() {
        for (text, expected) in [
            ("Use(\"a\" + \"/b\");", "a/b"),
            (
                "class A { const string R = \"api/\"; void B(int id) { var u = $\"{R}items/{id}?x={string.Join(\"&\", id)}\"; Use(u); } void C() { var u = 1; } }",
                "api/items/{}?x={}",
            ),
            (
                "class A { void B() { Use(Url(\"a\", 1)); } string Url(string r, int x) { return $\"{r}/b/{x}\"; } }",
                "a/b/{}",
            ),
            ("Use(new Uri(\"http://x\"));", "http://x"),
            ("Use(new(\"http://x\"));", "http://x"),
            ("Use(string.Format(\"a/{0}/b\", x));", "a/{}/b"),
            ("Use(a ? \"x\" : \"y\");", "{}"),
            ("Use($\"{{a}}\");", "{a}"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_of_the_configuration_are_references() {
        for (text, expected) in [
            (
                "Use(configuration[\"Urls:Cart\"]);",
                "${property:urls:cart}",
            ),
            (
                "Use(builder.Configuration[\"CART\"] ?? \"cart\");",
                "${env:CART|${property:cart}}",
            ),
            (
                "Use(Configuration.GetSection(\"A\").GetSection(\"B\").GetValue<string>(\"C\"));",
                "${property:a:b:c}",
            ),
            (
                "var s = config.GetSection(\"A\"); Use(s[\"B\"]!);",
                "${property:a:b}",
            ),
            (
                "Use(c.Configuration.GetConnectionString(\"Db\"));",
                "${property:connectionstrings:db}",
            ),
            (
                "Use(Environment.GetEnvironmentVariable(\"X\") ?? throw new E());",
                "${env:X}",
            ),
            (
                "class A(IOptions<UrlOptions> o) { void B() { Use(o.Value.Cart + \"/x\"); } }",
                "${property:${options:UrlOptions}cart}/x",
            ),
            (
                "class A { UrlOptions _o; void B() { Use(_o.Cart); } }",
                "${property:${options:UrlOptions}cart}",
            ),
            (
                "var u = sp.GetRequiredService<IOptions<UrlOptions>>().Value; Use(u.Cart);",
                "${property:${options:UrlOptions}cart}",
            ),
            (
                "var s = builder.Configuration.GetSection(\"A\").Get<Urls>(); Use(s.Cart);",
                "${property:a:cart}",
            ),
            (
                "Use(sp.GetRequiredService<IConfiguration>()[\"A:B\"]);",
                "${property:a:b}",
            ),
            ("Use(Topics.Orders);", "${slot(Topics)Orders}"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_certain_stays_unknown() {
        for text in [
            "class A { void B(string x) { Use(x); } }",
            "class A { string x = \"a\"; void B() { x = \"b\"; Use(x); } string y; }",
            "class A { void B() { var x = \"a\"; x += \"b\"; Use(x); } }",
            "Use(x);",
            "var x = x; Use(x);",
            "Use(a.b.c());",
        ] {
            let found = read(text);
            assert!(found == "{}" || found == "b", "{text}: {found}");
        }
    }
}
