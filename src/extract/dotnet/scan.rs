//! What a C# file declares and what it imports, from its tokens alone.
//!
//! Source: <https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/namespaces>

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::items;
use super::tokens::{Kind, Tokens};

/// How a `using` imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Namespace,
    /// `using static` a type, or a name for a type or a namespace.
    Type,
}

/// One imported name; `inside` is the namespace in which the directive stands, to which the name may be relative.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) form: Form,
    pub(super) name: String,
    pub(super) inside: String,
}

/// What a file says of itself.
#[derive(Debug, Default)]
pub(super) struct Scan<'t> {
    /// Each imported name, how often, and where first.
    pub(super) imports: BTreeMap<Import, (u32, Range<usize>)>,
    /// Namespaces with the first place of each.
    pub(super) namespaces: BTreeMap<String, Range<usize>>,
    /// Types that others can name: namespace and name.
    pub(super) types: BTreeMap<(String, &'t str), Range<usize>>,
    /// Methods that extend types of others, and so are used without the name of their class.
    pub(super) extensions: BTreeMap<(String, &'t str), Range<usize>>,
    /// Base types, attributes and members that may be items of well-known packages.
    pub(super) mentions: BTreeMap<String, Range<usize>>,
    /// Assemblies that may see what is internal.
    pub(super) friends: Vec<(&'t str, Range<usize>)>,
    /// Capitalised words of the code, without those of directives and declarations of namespaces.
    pub(super) words: BTreeSet<&'t str>,
    /// Names of attributes, which may leave out that they end with `Attribute`.
    pub(super) attributes: BTreeSet<&'t str>,
}

/// A namespace that is open: where its braces lie, and its full name.
#[derive(Clone, Debug)]
struct Open {
    depth: usize,
    name: String,
}

/// What was open where a conditional section began: its branches exclude each other.
#[derive(Clone, Debug)]
struct Branch {
    depth: usize,
    open: Vec<Open>,
}

struct Scanner<'s, 't> {
    tokens: &'s Tokens<'t>,
    at: usize,
    depth: usize,
    open: Vec<Open>,
    branches: Vec<Branch>,
    scan: Scan<'t>,
}

/// The most branches and namespaces that are open at a time.
const NESTING: usize = 256;

/// Reads a file.
pub(super) fn scan<'t>(tokens: &Tokens<'t>) -> Scan<'t> {
    let mut scanner = Scanner {
        tokens,
        at: 0,
        depth: 0,
        open: Vec::new(),
        branches: Vec::new(),
        scan: Scan::default(),
    };
    while scanner.at < tokens.list.len() {
        scanner.step();
    }
    scanner.scan
}

impl<'t> Scanner<'_, 't> {
    fn step(&mut self) {
        let start = self.at;
        match self.tokens.kind(start) {
            Some(Kind::Sign(b'{')) => self.depth += 1,
            Some(Kind::Sign(b'}')) => {
                self.depth = self.depth.saturating_sub(1);
                while self.open.last().is_some_and(|open| open.depth > self.depth) {
                    self.open.pop();
                }
            }
            Some(Kind::Sign(b'(')) => self.extension(),
            Some(Kind::If) if self.branches.len() < NESTING => self.branches.push(Branch {
                depth: self.depth,
                open: self.open.clone(),
            }),
            Some(Kind::Else) => {
                if let Some(branch) = self.branches.last().cloned() {
                    self.depth = branch.depth;
                    self.open = branch.open;
                }
            }
            Some(Kind::EndIf) => {
                self.branches.pop();
            }
            Some(Kind::Word) if self.word() => return,
            _ => {}
        }
        self.at = start + 1;
    }

    /// Whether declarations of namespaces and types can stand here.
    fn at_top(&self) -> bool {
        self.depth == self.open.last().map_or(0, |open| open.depth)
    }

    fn namespace(&self) -> &str {
        self.open.last().map_or("", |open| &open.name)
    }

    /// Reads what a word starts; whether it went on by itself.
    fn word(&mut self) -> bool {
        let tokens = self.tokens;
        let Some(word) = tokens.word(self.at) else {
            return false;
        };
        if self.at_top() {
            let read = match word {
                "using" => self.using(),
                "namespace" => self.namespace_declaration(),
                "extern" if tokens.is_word(self.at + 1, "alias") => {
                    self.at += 3;
                    true
                }
                "class" | "struct" | "interface" | "enum" | "record" => {
                    self.type_declaration();
                    false
                }
                "delegate" => {
                    self.delegate();
                    false
                }
                _ => false,
            };
            if read {
                return true;
            }
        }
        if matches!(word, "class" | "record") && !self.at_top() {
            self.bases(self.at + 2);
        }
        if matches!(word, "InternalsVisibleTo" | "InternalsVisibleToAttribute")
            && tokens.is_sign(self.at + 1, b'(')
            && let Some(name) = tokens.literal(self.at + 2)
        {
            let name = name.split(',').next().unwrap_or_default().trim();
            self.scan.friends.push((name, tokens.bytes(self.at + 2)));
        }
        if word.starts_with(|first: char| first.is_uppercase()) {
            self.scan.words.insert(word);
            if self.is_attribute() {
                self.scan.attributes.insert(word);
            }
            if items::is_known(word) {
                self.mention(word);
            }
        }
        false
    }

    /// Whether an attribute is named here: `[Name`, `[assembly: Name`.
    fn is_attribute(&self) -> bool {
        let tokens = self.tokens;
        let Some(mut open) = self.at.checked_sub(1) else {
            return false;
        };
        if tokens.is_sign(open, b':') && open > 1 && tokens.word(open - 1).is_some() {
            open -= 2;
        }
        // An index has a name or a bracket in front.
        let indexes = open
            .checked_sub(1)
            .is_some_and(|at| matches!(tokens.kind(at), Some(Kind::Word | Kind::Sign(b')'))));
        tokens.is_sign(open, b'[') && !tokens.is_sign(self.at + 1, b'.') && !indexes
    }

    /// An attribute, or a member that is used.
    fn mention(&mut self, word: &'t str) {
        let tokens = self.tokens;
        let before = self.at.checked_sub(1);
        let is = |sign| before.is_some_and(|at| tokens.is_sign(at, sign));
        let bytes = tokens.bytes(self.at);
        if self.is_attribute() {
            self.scan
                .mentions
                .entry(format!("[{word}]"))
                .or_insert(bytes);
        } else if is(b'.') {
            let owner = self.at.checked_sub(2).and_then(|at| tokens.word(at));
            if let Some(owner) = owner.filter(|owner| owner.starts_with(char::is_uppercase)) {
                let mention = format!("{owner}.{word}");
                self.scan
                    .mentions
                    .entry(mention)
                    .or_insert_with(|| bytes.clone());
            }
            self.scan
                .mentions
                .entry(format!(".{word}"))
                .or_insert(bytes);
        }
    }

    /// `using A.B;`, `using static A.B;`, `using C = A.B;`, `global using …`; statements are left alone.
    fn using(&mut self) -> bool {
        let tokens = self.tokens;
        let start = match self.at.checked_sub(1) {
            Some(before) if tokens.is_word(before, "global") => before,
            _ => self.at,
        };
        let mut at = self.at + 1;
        let mut form = Form::Namespace;
        while tokens.is_word(at, "static") || tokens.is_word(at, "unsafe") {
            if tokens.is_word(at, "static") {
                form = Form::Type;
            }
            at += 1;
        }
        let mut alias = None;
        if tokens.word(at).is_some() && tokens.is_sign(at + 1, b'=') {
            form = Form::Type;
            alias = tokens.word(at);
            at += 2;
        }
        let Some(end) = (at..tokens.list.len().min(at + 512)).find(|at| tokens.is_sign(*at, b';'))
        else {
            return false;
        };
        let mut names = Vec::new();
        let mut next = at;
        while next < end {
            match self.dotted(next) {
                Some((name, after)) => {
                    names.push(name);
                    next = after;
                }
                None => next += 1,
            }
        }
        let whole = self.dotted(at).is_some_and(|(_, after)| after == end);
        if names.is_empty() || (form == Form::Namespace && !whole) {
            return false;
        }
        let bytes = tokens.bytes(start).start..tokens.bytes(end).end;
        let inside = self.namespace().to_owned();
        for (number, name) in names.into_iter().enumerate() {
            // Keywords of the language (`int`) and short names in type arguments name nothing of their own.
            if number > 0 && !name.contains('.') {
                continue;
            }
            if alias.is_some() && is_builtin(&name) {
                continue;
            }
            let import = Import {
                form,
                name,
                inside: inside.clone(),
            };
            let entry = self.scan.imports.entry(import);
            entry.or_insert_with(|| (0, bytes.clone())).0 += 1;
        }
        self.at = end + 1;
        true
    }

    /// A dotted name, without `global::` or the name of an external alias in front; what follows it.
    fn dotted(&self, start: usize) -> Option<(String, usize)> {
        let tokens = self.tokens;
        let mut at = start;
        let mut name = tokens.word(at)?.to_owned();
        if tokens.is_sign(at + 1, b':') && tokens.is_sign(at + 2, b':') {
            at += 3;
            name = tokens.word(at)?.to_owned();
        }
        at += 1;
        while tokens.is_sign(at, b'.')
            && let Some(next) = tokens.word(at + 1)
        {
            name.push('.');
            name.push_str(next);
            at += 2;
        }
        Some((name, at))
    }

    fn namespace_declaration(&mut self) -> bool {
        let tokens = self.tokens;
        let Some((name, after)) = self.dotted(self.at + 1) else {
            return false;
        };
        let bytes = tokens.bytes(self.at + 1).start..tokens.bytes(after - 1).end;
        let full = match self.namespace() {
            "" => name,
            outer => format!("{outer}.{name}"),
        };
        let block = tokens.is_sign(after, b'{');
        if !block && !tokens.is_sign(after, b';') || self.open.len() >= NESTING {
            return false;
        }
        self.scan.namespaces.entry(full.clone()).or_insert(bytes);
        self.depth += usize::from(block);
        self.open.push(Open {
            depth: self.depth,
            name: full,
        });
        self.at = after + 1;
        true
    }

    fn type_declaration(&mut self) {
        let tokens = self.tokens;
        let mut at = self.at + 1;
        if tokens.is_word(self.at, "record")
            && (tokens.is_word(at, "class") || tokens.is_word(at, "struct"))
        {
            at += 1;
        }
        // `where T : class`, and names that are only spelled like the keyword.
        let Some(name) = tokens
            .word(at)
            .filter(|name| !matches!(*name, "class" | "struct" | "where"))
        else {
            return;
        };
        if !matches!(
            tokens.kind(at + 1),
            Some(Kind::Sign(b'{' | b':' | b'<' | b'(' | b';') | Kind::Word)
        ) {
            return;
        }
        let key = (self.namespace().to_owned(), name);
        self.scan
            .types
            .entry(key)
            .or_insert_with(|| tokens.bytes(at));
        self.bases(at + 1);
    }

    /// The types behind the colon of a type's head.
    fn bases(&mut self, from: usize) {
        let tokens = self.tokens;
        let mut at = from;
        let mut nested = 0_usize;
        let mut behind_colon = false;
        while at < tokens.list.len().min(from + 256) {
            match tokens.kind(at) {
                Some(Kind::Sign(b'{' | b';')) => return,
                Some(Kind::Sign(b'(' | b'<' | b'[')) => nested += 1,
                Some(Kind::Sign(b')' | b'>' | b']')) => nested = nested.saturating_sub(1),
                Some(Kind::Sign(b':')) if nested == 0 => behind_colon = true,
                Some(Kind::Word) if tokens.is_word(at, "where") => return,
                Some(Kind::Word)
                    if behind_colon && nested == 0 && !tokens.is_sign(at + 1, b'.') =>
                {
                    if let Some(word) = tokens.word(at).filter(|word| items::is_known(word)) {
                        let bytes = tokens.bytes(at);
                        self.scan
                            .mentions
                            .entry(format!(":{word}"))
                            .or_insert(bytes);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn delegate(&mut self) {
        let tokens = self.tokens;
        let mut nested = 0_usize;
        let mut name = None;
        for at in self.at + 1..tokens.list.len().min(self.at + 128) {
            match tokens.kind(at) {
                Some(Kind::Sign(b'<' | b'[')) => nested += 1,
                Some(Kind::Sign(b'>' | b']')) => nested = nested.saturating_sub(1),
                Some(Kind::Sign(b'(')) if nested == 0 => break,
                Some(Kind::Sign(b';' | b'{')) => return,
                Some(Kind::Word) if nested == 0 => name = Some(at),
                _ => {}
            }
        }
        if let Some(at) = name
            && let Some(name) = tokens.word(at)
        {
            let key = (self.namespace().to_owned(), name);
            self.scan
                .types
                .entry(key)
                .or_insert_with(|| tokens.bytes(at));
        }
    }

    /// `Name(this Type value` and `Name<T>(this Type value`.
    fn extension(&mut self) {
        let tokens = self.tokens;
        let mut at = self.at + 1;
        while tokens.is_sign(at, b'[') {
            let end = (at..tokens.list.len().min(at + 64)).find(|at| tokens.is_sign(*at, b']'));
            match end {
                Some(end) => at = end + 1,
                None => return,
            }
        }
        let is_parameter = tokens.is_word(at, "this")
            && tokens.word(at + 1).map_or_else(
                || tokens.is_sign(at + 1, b'('),
                |next| !matches!(next, "as" | "is" | "switch" | "with" | "and" | "or"),
            );
        if !is_parameter {
            return;
        }
        let mut before = self.at;
        let mut nested = 0_usize;
        for _ in 0..64 {
            let Some(at) = before.checked_sub(1) else {
                return;
            };
            before = at;
            match tokens.kind(at) {
                Some(Kind::Sign(b'>')) => nested += 1,
                Some(Kind::Sign(b'<')) => nested = nested.saturating_sub(1),
                Some(Kind::Word) if nested == 0 => break,
                _ if nested == 0 => return,
                _ => {}
            }
        }
        if let Some(name) = tokens.word(before) {
            let key = (self.namespace().to_owned(), name);
            let bytes = tokens.bytes(before);
            self.scan.extensions.entry(key).or_insert(bytes);
        }
    }
}

fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "byte"
            | "char"
            | "decimal"
            | "double"
            | "dynamic"
            | "float"
            | "int"
            | "long"
            | "nint"
            | "nuint"
            | "object"
            | "sbyte"
            | "short"
            | "string"
            | "uint"
            | "ulong"
            | "ushort"
            | "void"
            | "delegate"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(text: &str) -> Vec<String> {
        let scan = scan(&Tokens::new(text));
        let line = |import: &Import| {
            let form = match import.form {
                Form::Namespace => "",
                Form::Type => "type ",
            };
            let inside = match &*import.inside {
                "" => String::new(),
                inside => format!(" in {inside}"),
            };
            format!("{form}{}{inside}", import.name)
        };
        scan.imports.keys().map(line).collect()
    }

    fn names(text: &str) -> String {
        let scan = scan(&Tokens::new(text));
        let dotted = |((namespace, name), _): (&(String, &str), &Range<usize>)| {
            format!("{namespace}.{name}")
        };
        let types: Vec<String> = scan.types.iter().map(dotted).collect();
        let extensions: Vec<String> = scan.extensions.iter().map(dotted).collect();
        format!("{} / {}", types.join(" "), extensions.join(" "))
    }

    #[test]
    fn every_form_of_a_directive_is_read() {
        assert_eq!(
            imports(
                "extern alias X; using A.B; global using global::C;\nusing static D.E;\nusing F = G.H<I.J, int>; using X::K.L;\nusing M = (int, N.O); namespace P { using Q; class R { } }"
            ),
            [
                "A.B", "C", "K.L", "Q in P", "type D.E", "type G.H", "type I.J", "type N.O"
            ]
        );
    }

    #[test]
    fn statements_import_nothing() {
        assert!(
            imports("using var a = B.C(); using (d) { } using E f = new(); await using var g = h;")
                .is_empty()
        );
        assert!(imports("class A { void B() { using C.D e = f; using var g = h; } }").is_empty());
        assert!(imports("// using A;\nvar b = \"using C;\"; /* using D; */").is_empty());
        assert!(imports("using A").is_empty());
    }

    #[test]
    fn types_lie_in_the_namespace_around_them() {
        assert_eq!(
            names(
                "namespace A.B; public record C(int D); record struct E; class F<T> where T : class { class G { } } delegate Task<(int, int)> H<T>(T t);"
            ),
            "A.B.C A.B.E A.B.F A.B.H / "
        );
        assert_eq!(
            names(
                "namespace A { namespace B { interface C { } } enum D { } } namespace E { struct F { } } class G { }"
            ),
            ".G A.D A.B.C E.F / "
        );
    }

    #[test]
    fn methods_that_extend_are_named_without_their_class() {
        assert_eq!(
            names(
                "namespace A; static class B { public static C D(this E f) => f.G(this, 1); static H I<J>([K] this J l) => (this as M); static int N(this (int, int) o) => 1; }"
            ),
            "A.B / A.D A.I A.N"
        );
    }

    #[test]
    fn branches_of_conditional_sections_exclude_each_other() {
        assert_eq!(
            names(
                "#if X\nnamespace A {\n#else\nnamespace B {\n#endif\nclass C { }\n}\nclass D { }"
            ),
            ".D B.C / "
        );
    }

    #[test]
    fn friends_are_named_without_their_key() {
        let text = "[assembly: InternalsVisibleTo(\"A.Tests, PublicKey=00\")]\n[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(@\"B\")]";
        let scan = scan(&Tokens::new(text));
        let friends: Vec<&str> = scan.friends.iter().map(|(name, _)| *name).collect();
        assert_eq!(friends, ["A.Tests", "B"]);
    }

    #[test]
    fn base_types_attributes_and_calls_are_mentioned() {
        let text = "[ApiController, Route(\"x\")] class A(int b) : C.Hub, DbContext<F> where G : Controller { } WebApplication.CreateBuilder(args); app.MapGrpcService(x); y[ApiController];";
        let tokens = Tokens::new(text);
        let mentions: Vec<String> = scan(&tokens).mentions.into_keys().collect();
        assert_eq!(
            mentions,
            [
                ".CreateBuilder",
                ".Hub",
                ".MapGrpcService",
                ":DbContext",
                ":Hub",
                "C.Hub",
                "WebApplication.CreateBuilder",
                "[ApiController]"
            ]
        );
    }
}
