//! What a C# file holds besides names: types, methods, calls, and what is assigned; from its tokens alone.
//!
//! It knows no types of expressions beyond what declarations in the same file say.

mod declare;
mod read;
mod walk;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::extract::dotnet::tokens::{Kind, Tokens};
use crate::model::{Facts, Parsed, SourceFile};

/// Stands for no place.
const NONE: u32 = u32::MAX;

/// A type as it is written: the dotted name and the names of its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypeName {
    pub(super) path: String,
    pub(super) arguments: Vec<String>,
}

impl TypeName {
    /// The name without what stands in front of it.
    pub(super) fn simple(&self) -> &str {
        simple(&self.path)
    }
}

/// The last segment of a dotted name.
pub(super) fn simple(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// A class, a record, a struct or an interface.
#[derive(Debug)]
pub(super) struct Type<'t> {
    pub(super) name: &'t str,
    pub(super) bases: Vec<TypeName>,
    pub(super) attributes: Vec<Attribute<'t>>,
    pub(super) at: usize,
}

impl Type<'_> {
    /// As names of interfaces are written: `ICart`.
    pub(super) fn is_interface(&self) -> bool {
        let mut signs = self.name.chars();
        signs.next() == Some('I') && signs.next().is_some_and(char::is_uppercase)
    }
}

/// A method, a constructor or a local function.
#[derive(Debug)]
pub(super) struct Method<'t> {
    pub(super) name: &'t str,
    /// The number of the type around it.
    pub(super) owner: Option<usize>,
    pub(super) parameters: Vec<&'t str>,
    pub(super) attributes: Vec<Attribute<'t>>,
    /// Between its braces or behind its arrow; empty where it has none.
    pub(super) body: Range<usize>,
    pub(super) at: usize,
}

/// `[Name(arguments)]`.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'t> {
    pub(super) name: &'t str,
    pub(super) arguments: Vec<Argument<'t>>,
    pub(super) at: usize,
}

/// An argument: its name when it is told, and its tokens.
#[derive(Clone, Debug)]
pub(super) struct Argument<'t> {
    pub(super) name: Option<&'t str>,
    pub(super) tokens: Range<usize>,
}

/// A call, or the creation of an object.
#[derive(Debug)]
pub(super) struct Call<'t> {
    /// The method, or the last name of the type; `new` where the type is left out.
    pub(super) name: &'t str,
    /// The dotted name of a created type.
    pub(super) path: String,
    pub(super) is_new: bool,
    pub(super) generics: Vec<TypeName>,
    pub(super) arguments: Vec<Argument<'t>>,
    /// The token of its name.
    pub(super) at: usize,
    /// The token of the last bracket.
    pub(super) end: usize,
}

/// A name, or a member, gets a value.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) at: usize,
    /// Nothing where the value is changed and not set.
    pub(super) value: Option<Range<usize>>,
    /// `var x = …`, `string x = …`, and what a type declares.
    pub(super) is_declaration: bool,
    /// `x.Name = …`: a member of something else.
    pub(super) is_member: bool,
}

/// A whole file.
pub(super) struct Outline<'t> {
    pub(super) tokens: Tokens<'t>,
    pairs: Vec<u32>,
    /// The numbers of type and method around each token.
    around: Vec<(u32, u32)>,
    pub(super) types: Vec<Type<'t>>,
    pub(super) methods: Vec<Method<'t>>,
    pub(super) calls: Vec<Call<'t>>,
    by_end: HashMap<usize, usize>,
    pub(super) definitions: HashMap<&'t str, Vec<Definition>>,
    declared: HashMap<&'t str, Vec<(usize, TypeName)>>,
    aliases: HashMap<&'t str, String>,
    /// Brackets of primary constructors, of what they give to base types, and of attributes.
    heads: HashSet<usize>,
    /// Imported namespaces.
    pub(super) usings: Vec<String>,
    /// Attributes wherever they stand, those of parameters among them.
    pub(super) attributes: Vec<Attribute<'t>>,
    /// A bound was reached.
    pub(super) is_cut: bool,
}

/// Words in front of a name that make it no declaration.
const KEYWORDS: &[&str] = &[
    "and", "as", "await", "case", "do", "else", "goto", "in", "is", "new", "not", "operator", "or",
    "out", "ref", "return", "throw", "when", "where", "yield",
];

/// The text of a file; where it is not UTF-8, that is told, and what can be read is.
pub(super) fn text<'a>(file: &SourceFile<'a>, facts: &mut Facts<'_>) -> Cow<'a, str> {
    facts.parsed(Parsed::Whole);
    if let Err(at) = file.text() {
        facts.problem(at..at + 1, "not UTF-8");
        facts.parsed(Parsed::Partly);
    }
    String::from_utf8_lossy(file.bytes)
}

impl<'t> Outline<'t> {
    /// The outline of a file's text; that not all of it is read is told.
    pub(super) fn told(text: &'t str, facts: &mut Facts<'_>) -> Self {
        let outline = Self::new(text);
        if outline.is_cut {
            facts.problem(0..0, "more calls than are read; the rest is left out");
            facts.parsed(Parsed::Partly);
        }
        outline
    }

    pub(super) fn new(text: &'t str) -> Self {
        let tokens = Tokens::new(text);
        let pairs = pairs(&tokens);
        let mut outline = Self {
            around: Vec::with_capacity(tokens.list.len()),
            tokens,
            pairs,
            types: Vec::new(),
            methods: Vec::new(),
            calls: Vec::new(),
            by_end: HashMap::new(),
            definitions: HashMap::new(),
            declared: HashMap::new(),
            aliases: HashMap::new(),
            heads: HashSet::new(),
            usings: Vec::new(),
            attributes: Vec::new(),
            is_cut: false,
        };
        outline.read();
        outline
    }

    /// Whether a namespace, or one below it, is imported.
    pub(super) fn imports(&self, namespace: &str) -> bool {
        self.usings.iter().any(|using| {
            using
                .strip_prefix(namespace)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The bytes from one token to another.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.bytes(tokens.start).start;
        let last = self.tokens.bytes(tokens.end.max(tokens.start + 1) - 1).end;
        start..last.max(start)
    }

    /// The other bracket of a pair.
    pub(super) fn pair(&self, at: usize) -> Option<usize> {
        let pair = *self.pairs.get(at)?;
        (pair != NONE).then_some(pair as usize)
    }

    pub(super) fn type_around(&self, at: usize) -> Option<&Type<'t>> {
        let (number, _) = *self.around.get(at)?;
        self.types.get(number as usize)
    }

    pub(super) fn method_around(&self, at: usize) -> Option<&Method<'t>> {
        let (_, number) = *self.around.get(at)?;
        self.methods.get(number as usize)
    }

    /// The call whose brackets end at a token.
    pub(super) fn call_ending(&self, at: usize) -> Option<&Call<'t>> {
        self.calls.get(*self.by_end.get(&at)?)
    }

    /// The type that the file declares for a name: in the same method, else in the same type, else the only one.
    pub(super) fn type_of(&self, name: &str, at: usize) -> Option<TypeName> {
        let all = self.declared.get(name);
        let near = |same: &dyn Fn(usize) -> bool| {
            let all = all.into_iter().flatten();
            all.filter(|(place, _)| same(*place))
                .map(|(_, kind)| kind)
                .next_back()
        };
        let around = |at: usize| self.around.get(at).copied().unwrap_or((NONE, NONE));
        let here = around(at);
        let found = near(&|place| here.1 != NONE && around(place) == here)
            .or_else(|| near(&|place| here.0 != NONE && around(place).0 == here.0))
            .or_else(|| {
                let mut all = all.into_iter().flatten().map(|(_, kind)| kind);
                let first = all.next()?;
                all.all(|other| other == first).then_some(first)
            })?;
        Some(self.unaliased(found))
    }

    /// What a name means at a place: in its method, else in its type; nothing where that is not certain.
    pub(super) fn definition(&self, name: &str, at: usize) -> Option<Definition> {
        let all = self.definitions.get(name)?;
        let all = all.iter().filter(|one| !one.is_member && one.at != at);
        let method = |at: usize| self.method_around(at).map(|method| method.at);
        let kind = |at: usize| self.type_around(at).map(|kind| kind.at);
        let here = method(at);
        let near: Vec<&Definition> = all.clone().filter(|one| method(one.at) == here).collect();
        if here.is_some() && !near.is_empty() {
            let before: Vec<&&Definition> = near.iter().filter(|one| one.at < at).collect();
            return match (near.as_slice(), before.last()) {
                ([only], _) => Some((*only).clone()),
                (_, Some(last)) if last.is_declaration => Some((**last).clone()),
                _ => None,
            };
        }
        let is_parameter = self
            .method_around(at)
            .is_some_and(|method| method.parameters.contains(&name));
        if is_parameter {
            return None;
        }
        let mut own = all.filter(|one| kind(one.at) == kind(at));
        // A field that is set to nothing first counts where it is set.
        let is_null = |one: &&Definition| match &one.value {
            Some(value) => {
                let first = self.tokens.word(value.start);
                value.len() <= 2 && matches!(first, Some("null" | "default"))
            }
            None => false,
        };
        let found = own.by_ref().find(|one| !is_null(one))?;
        let is_only = own.all(|one| is_null(&one));
        // A local of another method is not meant.
        let is_local = method(found.at).is_some() && found.is_declaration;
        (is_only && !is_local).then(|| found.clone())
    }

    /// A type whose name is a local one for another type.
    pub(super) fn unaliased(&self, kind: &TypeName) -> TypeName {
        match self.aliases.get(&*kind.path) {
            Some(path) => TypeName {
                path: path.clone(),
                arguments: kind.arguments.clone(),
            },
            None => kind.clone(),
        }
    }

    fn is(&self, at: usize, sign: u8) -> bool {
        self.tokens.is_sign(at, sign)
    }
}

/// The other bracket of each bracket; one that closes what was not opened has none.
fn pairs(tokens: &Tokens<'_>) -> Vec<u32> {
    let mut pairs = vec![NONE; tokens.list.len()];
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (at, token) in tokens.list.iter().enumerate() {
        let wanted = match token.kind {
            Kind::Sign(sign @ (b'(' | b'[' | b'{')) => {
                open.push((sign, at));
                continue;
            }
            Kind::Sign(b')') => b'(',
            Kind::Sign(b']') => b'[',
            Kind::Sign(b'}') => b'{',
            _ => continue,
        };
        // What is left open inside ends here, too.
        let Some(depth) = open
            .iter()
            .rev()
            .take(64)
            .position(|(sign, _)| *sign == wanted)
        else {
            continue;
        };
        open.truncate(open.len() - depth);
        if let Some((_, start)) = open.pop() {
            pairs[start] = at as u32;
            pairs[at] = start as u32;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_methods_and_calls_are_told_apart() {
        let outline = Outline::new(
            "using G = A.B.CClient;\nclass Cart(G client) : Base<Item>, IOther { [Get(\"/x\")] Task<int> Load(int id) => client.GetAsync($\"{Root(\"a\")}/b\", id); Cart() : base(1) { } void Z() { return new Uri(\"x\"); } }",
        );
        let types: Vec<_> = outline
            .types
            .iter()
            .map(|one| (one.name, one.bases.len()))
            .collect();
        assert_eq!(types, [("Cart", 2)]);
        let methods: Vec<_> = outline.methods.iter().map(|one| one.name).collect();
        assert_eq!(methods, ["Load", "Cart", "Z"]);
        assert_eq!(outline.methods[0].attributes[0].name, "Get");
        let calls: Vec<_> = outline.calls.iter().map(|one| one.name).collect();
        assert_eq!(calls, ["GetAsync", "Root", "Uri"]);
        let get = &outline.calls[0];
        assert_eq!(get.arguments.len(), 2);
        let name = outline.receiver_name(get).unwrap();
        assert_eq!(outline.type_of(name, get.at).unwrap().path, "A.B.CClient");
        assert!(outline.calls[2].is_new);
    }

    #[test]
    fn chains_are_followed_to_their_start() {
        let outline =
            Outline::new("var x = builder.AddA(\"a\").WithB<C>(d => d.E()).WithF(); x.G();");
        let last = outline
            .calls
            .iter()
            .find(|call| call.name == "WithF")
            .unwrap();
        let (calls, root) = outline.chain(last);
        let names: Vec<_> = calls.iter().map(|call| call.name).collect();
        assert_eq!(names, ["AddA", "WithB"]);
        assert_eq!(outline.tokens.word(root.unwrap().start), Some("builder"));
    }

    #[test]
    fn hostile_texts_end() {
        for piece in [
            "(", "[", "{", "a<", "a.b(", "class A(", "$\"{", "x = ", "[A(", "new ", ")",
        ] {
            Outline::new(&piece.repeat(20_000));
        }
    }
}
