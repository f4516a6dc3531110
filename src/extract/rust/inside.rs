//! What does a Rust file say of its own crate: which modules it declares, which names it imports and offers, which paths it uses?
//!
//! Where a path leads takes the other files of the crate; so paths are told as they are written, with the inline module around.
//! Source: <https://doc.rust-lang.org/reference/paths.html>

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::imports::{Import, SEGMENTS};
use super::modules;
use super::tokens::Tokens;
use crate::model::{Claim, Context, DependencyKind, Facts, Key, Parsed, Subject, Template};

/// The most distinct paths, and the most names of each kind, of one file.
const NAMES: usize = 4096;

/// The most inline modules around a name; what lies deeper is not told.
const DEPTH: usize = 16;

/// Words that start an item and are followed by its name.
const ITEMS: &[&str] = &[
    "const", "enum", "fn", "macro", "static", "struct", "trait", "type", "union",
];

/// An inline module of a file; the first is the file's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Scope(usize);

/// Where a path is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// `None`: too deep to be told.
    pub(super) scope: Option<Scope>,
    /// Whether nothing but modules is around: what is imported here is a name of the module.
    pub(super) top: bool,
    pub(super) test: bool,
}

/// The first segments of a path, without allocation: files are full of paths.
#[derive(Clone, Copy, Debug, Default)]
struct Segments<'t> {
    list: [&'t str; SEGMENTS],
    len: usize,
}

/// A path that could lead to another module.
#[derive(Debug)]
struct Path<'t> {
    scope: Scope,
    segments: Segments<'t>,
    test: bool,
    bytes: Range<usize>,
}

/// A name that a `use` declaration brings into scope.
#[derive(Debug)]
struct Name<'t> {
    scope: Scope,
    top: bool,
    name: &'t str,
    path: Segments<'t>,
    bytes: Range<usize>,
}

/// Everything that a file says of its own crate.
#[derive(Debug)]
pub(super) struct Inside<'t> {
    /// The paths of the inline modules.
    scopes: Vec<String>,
    numbers: HashMap<(Scope, &'t str), Scope>,
    /// Modules in files of their own: scope, name, and the file or what it is called without its end.
    files: Vec<(Scope, &'t str, String, Range<usize>)>,
    /// Items, and whether they are for modules everywhere, not only for those inside.
    items: BTreeSet<(Scope, bool, &'t str)>,
    /// Macros that stand at the root of the crate, wherever they are written.
    macros: BTreeSet<&'t str>,
    names: Vec<Name<'t>>,
    paths: Vec<Path<'t>>,
    /// The first name beyond a bound.
    cut: Option<Range<usize>>,
}

impl Default for Inside<'_> {
    fn default() -> Self {
        Self {
            scopes: vec![String::new()],
            numbers: HashMap::new(),
            files: Vec::new(),
            items: BTreeSet::new(),
            macros: BTreeSet::new(),
            names: Vec::new(),
            paths: Vec::new(),
            cut: None,
        }
    }
}

impl<'t> Inside<'t> {
    /// The inline module `name` in another; `None` when it is too deep, or there are too many.
    pub(super) fn enter(
        &mut self,
        scope: Option<Scope>,
        name: &'t str,
        bytes: Range<usize>,
    ) -> Option<Scope> {
        let outer = scope?;
        if let Some(known) = self.numbers.get(&(outer, name)) {
            return Some(*known);
        }
        let path = &self.scopes[outer.0];
        let depth = path.split("::").count();
        if depth >= DEPTH || self.scopes.len() >= NAMES {
            self.cut.get_or_insert(bytes);
            return None;
        }
        let path = match path.as_str() {
            "" => name.to_owned(),
            _ => format!("{path}::{name}"),
        };
        let inner = Scope(self.scopes.len());
        self.scopes.push(path);
        self.numbers.insert((outer, name), inner);
        Some(inner)
    }

    /// A module in a file of its own, declared at a token.
    pub(super) fn declare(
        &mut self,
        path: &str,
        tokens: &Tokens<'t>,
        at: usize,
        (scope, inline): (Option<Scope>, &[&str]),
    ) {
        let Some(scope) = scope else {
            return;
        };
        let name = tokens.ident(at + 1);
        let file = match modules::redirection(tokens, at) {
            Some(relative) => modules::redirected(path, inline, relative)
                .map_or_else(|| "outside".to_owned(), |file| format!("file:{file}")),
            None => format!("path:{}", modules::stem(path, inline, name)),
        };
        let bytes = tokens.bytes(at + 1);
        if self.files.len() < NAMES {
            self.files.push((scope, name, file, bytes));
        } else {
            self.cut.get_or_insert(bytes);
        }
    }

    /// An item, when one starts at a token of a module.
    pub(super) fn item(&mut self, tokens: &Tokens<'t>, at: usize, place: Place) {
        let Some(scope) = place.scope.filter(|_| place.top) else {
            return;
        };
        let word = tokens.ident(at);
        let name = match word {
            "static" if tokens.is_word(at + 1, "mut") => at + 2,
            "macro_rules" if tokens.is(at + 1, TokenKind::Bang) => at + 2,
            _ if ITEMS.contains(&word) => at + 1,
            _ => return,
        };
        let name = tokens.ident(name);
        // `const fn` is named behind `fn`.
        if name.is_empty() || matches!(name, "_" | "async" | "extern" | "fn" | "unsafe") {
            return;
        }
        if self.items.len() >= NAMES {
            self.cut.get_or_insert(tokens.bytes(at));
        } else {
            self.items.insert((scope, is_public(tokens, at), name));
            if word == "macro_rules" && is_exported(tokens, at) {
                self.macros.insert(name);
            }
        }
    }

    /// One leaf of a `use` declaration.
    pub(super) fn import(&mut self, import: &Import<'t>, place: Place) {
        let Some(scope) = place.scope else {
            return;
        };
        let segments = import.segments();
        let Some(last) = segments.last() else {
            return;
        };
        if !import.global {
            self.add(scope, segments, place.test, import.bytes.clone());
        }
        // `use name;` brings in nothing new, and a path that is cut is not known.
        let name = match *last {
            "*" => Some("*"),
            _ => import.name,
        };
        if let Some(name) = name
            && !import.is_cut()
        {
            let path = match import.global {
                true => Segments::default(),
                false => Segments::of(segments),
            };
            if self.names.len() >= NAMES {
                self.cut.get_or_insert(import.bytes.clone());
                return;
            }
            self.names.push(Name {
                scope,
                top: place.top,
                name,
                path,
                bytes: import.bytes.clone(),
            });
        }
    }

    /// A path in an expression or a type.
    pub(super) fn path(&mut self, tokens: &Tokens<'t>, at: usize, place: Place) {
        let Some(scope) = place.scope else {
            return;
        };
        // A type's own names are not other modules'.
        let first = tokens.ident(at);
        if !first.starts_with(is_lower) {
            return;
        }
        let mut segments = [""; SEGMENTS];
        let mut count = 0;
        let mut next = at;
        while count < SEGMENTS && !tokens.ident(next).is_empty() {
            segments[count] = tokens.ident(next);
            count += 1;
            if !tokens.is_path_separator(next + 1) {
                break;
            }
            next += 3;
        }
        // `pub(in crate::a)` tells who may use it.
        let is_visibility = at > 1
            && tokens.is_word(at - 1, "in")
            && tokens.is(at - 2, TokenKind::OpenParen)
            && tokens.mate(at - 2) == next + 1;
        if is_visibility {
            return;
        }
        let bytes = tokens.bytes(at).start..tokens.bytes(next).end;
        self.add(scope, &segments[..count], place.test, bytes);
    }

    fn add(&mut self, scope: Scope, segments: &[&'t str], test: bool, bytes: Range<usize>) {
        let segments = Segments::up_to_item(segments);
        if segments.len > 1 {
            self.paths.push(Path {
                scope,
                segments,
                test,
                bytes,
            });
        }
    }

    /// States what the file declares, offers, imports and uses, each once.
    ///
    /// What one of the `allowed` ranges holds is told apart from what none does.
    pub(super) fn tell(&self, context: Context, allowed: &[Range<usize>], facts: &mut Facts<'_>) {
        for (scope, name, file, bytes) in &self.files {
            self.bind("rustfile", *scope, name, file.clone(), bytes.clone(), facts);
        }
        for (number, scope) in self.scopes.iter().enumerate() {
            let of = |public: bool| {
                let items = self.items.range((Scope(number), public, "")..);
                let is_of =
                    move |item: &&(Scope, bool, &str)| (item.0.0, item.1) == (number, public);
                items.take_while(is_of).map(|(.., name)| *name)
            };
            // An inline module is told even when it is empty: it is one.
            list("rustitems", scope, of(true), number > 0, facts);
            list("rustprivate", scope, of(false), false, facts);
        }
        list("rustmacros", "", self.macros.iter().copied(), false, facts);
        if let Some(bytes) = &self.cut {
            let message = format!(
                "more than {NAMES} names, or {DEPTH} modules inside each other; the rest is not read"
            );
            facts.problem(bytes.clone(), message);
            facts.parsed(Parsed::Partly);
        }
        let own = self.own();
        self.tell_names(&own, facts);
        self.tell_paths(&own, context, allowed, facts);
    }

    /// The names that mean something in the crate, as far as the file tells.
    fn own(&self) -> HashSet<&'t str> {
        let declared = self.files.iter().map(|(_, name, ..)| *name);
        let inline = self.numbers.keys().map(|(_, name)| *name);
        let mut own: HashSet<&str> = declared.chain(inline).collect();
        own.extend(["crate", "self", "super"]);
        // A name that is imported from a name that is imported is rare, and rarer still before it.
        for name in &self.names {
            if own.contains(name.path.first()) {
                own.insert(name.name);
            }
        }
        own
    }

    fn tell_names(&self, own: &HashSet<&str>, facts: &mut Facts<'_>) {
        let mut outside: BTreeMap<Scope, BTreeSet<&str>> = BTreeMap::new();
        let mut told = HashSet::new();
        // What a function imports is its own, unless the module has no such name.
        let of_modules: HashSet<_> = self
            .names
            .iter()
            .filter(|name| name.top)
            .map(|name| (name.scope, name.name))
            .collect();
        let names = self.names.iter().filter(|name| {
            name.top || name.name != "*" && !of_modules.contains(&(name.scope, name.name))
        });
        for name in names {
            if !own.contains(name.path.first()) {
                if name.top && name.name != "*" {
                    outside.entry(name.scope).or_default().insert(name.name);
                }
            } else if told.insert((name.scope, name.name, name.path)) {
                let (path, bytes) = (name.path.joined(), name.bytes.clone());
                self.bind("rustname", name.scope, name.name, path, bytes, facts);
            }
        }
        for (scope, names) in outside {
            let scope = &self.scopes[scope.0];
            list("rustoutside", scope, names.into_iter(), false, facts);
        }
    }

    fn tell_paths(
        &self,
        own: &HashSet<&str>,
        context: Context,
        allowed: &[Range<usize>],
        facts: &mut Facts<'_>,
    ) {
        let mut paths: Vec<(&Path<'_>, Context, u32)> = Vec::new();
        let mut numbers = HashMap::new();
        for path in &self.paths {
            if !own.contains(path.segments.first()) {
                continue;
            }
            let context = if path.test { Context::Test } else { context };
            let allowance = allowed
                .iter()
                .position(|range| range.contains(&path.bytes.start));
            let number = *numbers
                .entry((path.scope, path.segments, context, allowance))
                .or_insert(paths.len());
            if let Some((.., count)) = paths.get_mut(number) {
                *count = count.saturating_add(1);
            } else if paths.len() < NAMES {
                paths.push((path, context, 1));
            } else {
                let message = format!("more than {NAMES} paths in its crate; the rest is not read");
                facts.problem(path.bytes.clone(), message);
                facts.parsed(Parsed::Partly);
                break;
            }
        }
        for (path, context, count) in paths {
            let key = self.key("rustmod", path.scope, path.segments.joined());
            let fact = facts.requires(key, DependencyKind::LinkImpl, count, path.bytes.clone());
            fact.context = fact.context.join(context);
        }
    }

    fn bind(
        &self,
        namespace: &'static str,
        scope: Scope,
        name: &str,
        value: String,
        bytes: Range<usize>,
        facts: &mut Facts<'_>,
    ) {
        let key = self.key(namespace, scope, name.to_owned());
        let value = Template::text(value);
        facts.push(Subject::File, Claim::Binds { key, value }, bytes);
    }

    fn key(&self, namespace: &'static str, scope: Scope, name: String) -> Key {
        match scope.0 {
            0 => Key::new(namespace, name),
            number => Key::at(namespace, self.scopes[number].as_str(), name),
        }
    }
}

impl PartialEq for Segments<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.kept() == other.kept()
    }
}

impl Eq for Segments<'_> {}

impl Hash for Segments<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kept().hash(state);
    }
}

impl<'t> Segments<'t> {
    fn kept(&self) -> &[&'t str] {
        &self.list[..self.len]
    }

    fn of(segments: &[&'t str]) -> Self {
        let mut found = Self::default();
        for (kept, segment) in found.list.iter_mut().zip(segments) {
            *kept = segment;
            found.len += 1;
        }
        found
    }

    /// The segments that can be modules, and the item behind them: what an item has inside is its own.
    fn up_to_item(segments: &[&'t str]) -> Self {
        let modules = segments
            .iter()
            .take_while(|segment| segment.starts_with(is_lower))
            .count();
        Self::of(&segments[..segments.len().min(modules + 1)])
    }

    fn first(&self) -> &'t str {
        self.list[0]
    }

    fn joined(&self) -> String {
        self.kept().join("::")
    }
}

/// States many names of a module as one list: they are only looked up.
fn list<'n>(
    namespace: &'static str,
    scope: &str,
    names: impl Iterator<Item = &'n str>,
    even_empty: bool,
    facts: &mut Facts<'_>,
) {
    let names: Vec<&str> = names.collect();
    if even_empty || !names.is_empty() {
        let key = Key::new(namespace, scope);
        let value = Template::text(names.join(" "));
        facts.push(Subject::File, Claim::Binds { key, value }, 0..0);
    }
}

/// How the names of modules start, by custom.
fn is_lower(c: char) -> bool {
    c == '_' || c.is_lowercase()
}

/// Whether the item that starts at a token says that others may use it.
fn is_public(tokens: &Tokens<'_>, mut at: usize) -> bool {
    while let Some(before) = at.checked_sub(1) {
        at = match tokens.kind(before) {
            Some(TokenKind::CloseParen) => tokens.mate(before),
            // `extern "C"`
            Some(TokenKind::Literal { .. }) => before,
            Some(TokenKind::Ident) => match tokens.ident(before) {
                "pub" => return true,
                "async" | "auto" | "const" | "extern" | "safe" | "unsafe" => before,
                _ => return false,
            },
            _ => return false,
        };
    }
    false
}

/// Whether one of the attributes before a macro puts it at the root of the crate.
fn is_exported(tokens: &Tokens<'_>, mut at: usize) -> bool {
    while let Some(before) = at.checked_sub(1)
        && tokens.is(before, TokenKind::CloseBracket)
    {
        let open = tokens.mate(before);
        if tokens.is_word(open + 1, "macro_export") {
            return true;
        }
        at = open.saturating_sub(1);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::scan::Scan;
    use super::*;
    use crate::model::{ExtractorId, FileFacts, FileId};

    fn told(path: &str, text: &str) -> Vec<String> {
        let tokens = Tokens::new(text);
        let scan = Scan::new(path, &tokens);
        let mut out = FileFacts::default();
        let id = ExtractorId("test");
        let mut facts = Facts::new(&mut out, FileId(0), id, Context::Production);
        scan.inside.tell(Context::Production, &[], &mut facts);
        let covered = |start: u32, end: u32| &text[start as usize..end as usize];
        let line = |fact: &crate::model::Fact| {
            let place = covered(fact.span.start, fact.span.end);
            format!("{fact}  @ {place}").replace(" [link.impl]", "")
        };
        out.facts.iter().map(line).collect()
    }

    /// The paths alone.
    fn paths(text: &str) -> Vec<String> {
        let told = told("src/a.rs", text);
        let paths = told.iter().filter_map(|line| {
            let (_, path) = line.split_once("requires rustmod")?;
            let path = path.split("  @").next()?;
            Some(path.trim_start_matches(':').to_owned())
        });
        paths.collect()
    }

    #[test]
    fn paths_are_told_as_they_are_written() {
        assert_eq!(
            told(
                "cart/src/a/b.rs",
                "use crate::stock::{Level, shelf::{self, Shelf}}; use super::c::D; use std::fmt; mod h; use h::I;
                 fn f() -> crate::Result { crate::stock::count(); crate::log!(1); shelf::Board::new(); fmt::x(); Self::k() }"
            ),
            [
                "file binds rustfile:h = path:cart/src/a/b/h  @ h",
                "file binds rustprivate: = f  @ ",
                "file binds rustname:Level = crate::stock::Level  @ crate::stock",
                "file binds rustname:shelf = crate::stock::shelf  @ crate::stock",
                "file binds rustname:Shelf = crate::stock::shelf::Shelf  @ crate::stock",
                "file binds rustname:D = super::c::D  @ super::c",
                "file binds rustname:I = h::I  @ h::I",
                "file binds rustoutside: = fmt  @ ",
                "here requires rustmod:crate::stock::Level  @ crate::stock",
                "here requires rustmod:crate::stock::shelf  @ crate::stock",
                "here requires rustmod:crate::stock::shelf::Shelf  @ crate::stock",
                "here requires rustmod:super::c::D  @ super::c",
                "here requires rustmod:h::I  @ h::I",
                "here requires rustmod:crate::Result  @ crate::Result",
                "here requires rustmod:crate::stock::count  @ crate::stock::count",
                "here requires rustmod:crate::log  @ crate::log",
                "here requires rustmod:shelf::Board  @ shelf::Board::new",
            ]
        );
    }

    #[test]
    fn inline_modules_have_names_of_their_own() {
        assert_eq!(
            told(
                "src/a.rs",
                "pub mod b { pub(crate) struct C; mod d; pub unsafe extern \"C\" fn e() {} fn hidden() { use self::d::F; } }
                 #[cfg(test)] mod tests { use super::b::C; }"
            ),
            [
                "file binds rustfile(b)d = path:src/a/b/d  @ d",
                "file binds rustitems:b = C e  @ ",
                "file binds rustprivate:b = hidden  @ ",
                "file binds rustitems:tests =   @ ",
                "file binds rustname(b)F = self::d::F  @ self::d",
                "file binds rustname(tests)C = super::b::C  @ super::b",
                "here requires rustmod(b)self::d::F  @ self::d",
                "here requires rustmod(tests)super::b::C [test]  @ super::b",
            ]
        );
    }

    #[test]
    fn modules_lie_where_an_attribute_says() {
        assert_eq!(
            told(
                "src/a.rs",
                "#[path = \"x/y.rs\"] pub(crate) mod b; #[path = \"../../../z.rs\"] mod c; pub use b::*;"
            ),
            [
                "file binds rustfile:b = file:src/x/y.rs  @ b",
                "file binds rustfile:c = outside  @ c",
                "file binds rustname:* = b::*  @ b::*",
                "here requires rustmod:b::*  @ b::*",
            ]
        );
    }

    #[test]
    fn what_macros_fill_in_and_who_may_use_it_are_no_paths() {
        assert_eq!(
            paths(
                "macro_rules! m { ($x:ident) => { crate::a::b(); super::c(); $x::d::e() } }
                 pub(in crate::a) fn f() { for x in crate::g::h() {} } thing!(super::i::j)"
            ),
            ["crate::g::h", "super::i::j"]
        );
        assert_eq!(
            paths("use ::a::b; fn f() { b::c(); ::crate_::d() }"),
            [""; 0]
        );
    }

    #[test]
    fn names_that_functions_import_are_no_names_of_the_module_that_has_such() {
        let told = told(
            "src/a.rs",
            "use crate::b::X; fn f() { use crate::c::X; use crate::d::{self, *}; d::e() }",
        );
        let names: Vec<&String> = told
            .iter()
            .filter(|line| line.contains("rustname"))
            .collect();
        assert_eq!(
            names,
            [
                "file binds rustname:X = crate::b::X  @ crate::b",
                "file binds rustname:d = crate::d  @ crate::d",
            ]
        );
    }

    #[test]
    fn macros_are_items_and_some_stand_at_the_root() {
        assert_eq!(
            told(
                "src/a.rs",
                "macro_rules! near { () => {} } pub(crate) use near;
                 #[macro_export] #[doc(hidden)] macro_rules! far { () => {} }"
            ),
            [
                "file binds rustprivate: = far near  @ ",
                "file binds rustmacros: = far  @ ",
            ]
        );
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "crate::",
            "super::",
            "use crate::{a::",
            "mod a {",
            "mod a; use a::b;",
            "pub pub(",
            "macro_rules! m {",
            "self::a!",
        ] {
            told("src/a.rs", &piece.repeat(20_000));
        }
        let many: String = (0..NAMES + 10)
            .map(|n| format!("mod a{n}; use a{n}::b{n}; pub fn c{n}() {{}} mod d{n} {{ }}"))
            .collect();
        assert!(told("src/a.rs", &many).len() <= 5 * NAMES);
    }
}
