//! What MSBuild's expressions come to: properties and functions of them, lists of items and what is made of each item, metadata.
//!
//! All paths have `/`; one that starts with it counts from the root of the repository. What cannot be worked out is `None`, never empty.
//! Sources: <https://learn.microsoft.com/visualstudio/msbuild/property-functions>,
//! <https://learn.microsoft.com/visualstudio/msbuild/msbuild-transforms>,
//! <https://learn.microsoft.com/visualstudio/msbuild/msbuild-batching>

use std::collections::BTreeSet;

use super::entry::{Entry, item_function};
use super::functions;
use crate::model::{join, parent};

/// The deepest nesting of expressions.
const DEPTH: usize = 16;

/// The longest text that is read or made.
const LONGEST: usize = 64 << 10;

/// The most functions in a row.
const CHAIN: usize = 64;

/// What an expression may ask for.
pub(super) trait Scope {
    /// The text of a property.
    fn property(&self, name: &str) -> Option<String>;

    /// The items of a list.
    fn list(&self, name: &str) -> Option<Vec<Entry>>;

    /// Whether there is a file at a path from the root.
    fn exists(&self, path: &str) -> bool;

    /// The nearest file of a name at or above a folder; its path from the root.
    fn above(&self, folder: &str, name: &str) -> Option<String>;

    /// The folder of the project, from which paths count.
    fn folder(&self) -> &str;
}

/// An expression in its place.
#[derive(Clone, Copy)]
pub(super) struct Expression<'e> {
    pub(super) scope: &'e dyn Scope,
    /// The file in which it stands, from the root.
    pub(super) file: &'e str,
    /// The item of which something is made.
    pub(super) entry: Option<&'e Entry>,
}

/// A path without `.` and `..` from the root of the repository; one that does not start there counts from the folder.
pub(super) fn rooted(path: &str, folder: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    match path.strip_prefix('/') {
        Some(path) => join("", path.trim_start_matches('/')),
        // A drive is nowhere in the tree.
        None if path.contains(':') => None,
        None => join(folder, &path),
    }
}

impl<'e> Expression<'e> {
    /// The text that an expression comes to; lists are joined by `;`.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        self.nested(text, 0)
    }

    /// The items that an expression comes to.
    pub(super) fn items(&self, text: &str) -> Option<Vec<Entry>> {
        let text = text.trim();
        if let Some(inner) = whole_list(text).filter(|inner| separated(inner).1 == ";") {
            return self.list(separated(inner).0, 0);
        }
        let Some(batched) = batched(text).filter(|_| self.entry.is_none()) else {
            return Some(Entry::all(&self.text(text)?));
        };
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in self.scope.list(batched)? {
            let each = Expression {
                entry: Some(&entry),
                ..*self
            };
            let made = each.text(text)?;
            if seen.insert(made.clone()) {
                let made = Entry::all(&made).into_iter().map(|made| Entry {
                    variants: entry.variants.clone(),
                    ..made
                });
                found.extend(made);
            }
        }
        Some(found)
    }

    fn nested(&self, text: &str, depth: usize) -> Option<String> {
        if depth > DEPTH || text.len() > LONGEST {
            return None;
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = opening(rest) {
            out.push_str(&rest[..at]);
            let end = at + 1 + closing(&rest[at + 1..])?;
            let inner = rest[at + 2..end].trim();
            match rest.as_bytes()[at] {
                b'$' => out.push_str(&self.property(inner, depth + 1)?),
                b'%' => out.push_str(&self.metadata(inner)?),
                _ => {
                    let (inner, separator) = separated(inner);
                    let list = self.list(inner, depth + 1)?;
                    let texts: Vec<&str> = list.iter().map(|entry| &*entry.text).collect();
                    out.push_str(&texts.join(separator));
                }
            }
            if out.len() > LONGEST {
                return None;
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        Some(unescaped(&out))
    }

    /// `Name`, `Name.Replace('a', 'b')`, `[MSBuild]::NormalizePath('a', 'b')`, and more functions of what they give.
    fn property(&self, inner: &str, depth: usize) -> Option<String> {
        let (mut value, mut rest) = match inner.strip_prefix('[') {
            Some(call) => {
                let (class, member) = call.split_once("]::")?;
                let (name, arguments, rest) = self.member(member, depth)?;
                let value = functions::of_class(class.trim(), name, &arguments, self)?;
                (value, rest)
            }
            None => {
                let (name, rest) = inner.split_at(word(inner)?);
                (self.named(name)?, rest)
            }
        };
        for _ in 0..CHAIN {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Some(value);
            }
            let (name, arguments, behind) = self.member(rest.strip_prefix('.')?, depth)?;
            value = functions::of_text(&value, name, &arguments)?;
            rest = behind;
        }
        None
    }

    fn named(&self, name: &str) -> Option<String> {
        let file = self.file.rsplit('/').next().unwrap_or_default();
        Some(match name.to_ascii_lowercase().as_str() {
            "msbuildthisfiledirectory" => functions::slashed(parent(self.file)),
            "msbuildthisfilefullpath" => format!("/{}", self.file),
            "msbuildthisfile" => file.to_owned(),
            "msbuildthisfilename" => file.rsplit_once('.').map_or(file, |(stem, _)| stem).into(),
            "msbuildthisfileextension" => file.rfind('.').map_or("", |dot| &file[dot..]).into(),
            _ => return self.scope.property(name),
        })
    }

    /// A name with its arguments, and what is behind them; an argument that cannot be worked out is `None`.
    fn member<'t>(
        &self,
        text: &'t str,
        depth: usize,
    ) -> Option<(&'t str, Vec<Option<String>>, &'t str)> {
        let text = text.trim_start();
        let (name, rest) = text.split_at(word(text)?);
        if !rest.trim_start().starts_with('(') {
            return Some((name, Vec::new(), rest));
        }
        let rest = rest.trim_start();
        let end = closing(rest)?;
        let arguments = arguments(&rest[1..end]);
        let values = arguments
            .into_iter()
            .map(|text| self.nested(text, depth + 1));
        Some((name, values.collect(), &rest[end + 1..]))
    }

    /// `Name->'%(Identity).csproj'->Exists()`, and so on.
    fn list(&self, inner: &str, depth: usize) -> Option<Vec<Entry>> {
        if depth > DEPTH {
            return None;
        }
        let (name, mut rest) = inner.split_at(word(inner)?);
        let mut list = self.scope.list(name)?;
        for _ in 0..CHAIN {
            rest = rest.trim();
            if rest.is_empty() {
                return Some(list);
            }
            let how = rest.strip_prefix("->")?.trim_start();
            if how.starts_with('\'') {
                let end = quote_end(how)?;
                for entry in &mut list {
                    let each = Expression {
                        entry: Some(&*entry),
                        ..*self
                    };
                    entry.text = each.nested(&how[1..end], depth + 1)?;
                }
                rest = &how[end + 1..];
            } else {
                let (name, arguments, behind) = self.member(how, depth)?;
                let arguments: Option<Vec<String>> = arguments.into_iter().collect();
                list = item_function(list, name, &arguments?, self.scope)?;
                rest = behind;
            }
        }
        None
    }

    /// `Identity`, or `Project.Identity`.
    fn metadata(&self, inner: &str) -> Option<String> {
        let name = inner.rsplit('.').next().unwrap_or(inner).trim();
        self.entry?.metadata(name, self.scope.folder())
    }
}

/// Where the next expression starts.
fn opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'(', bytes)
        .filter(|at| *at > 0 && matches!(bytes[at - 1], b'$' | b'@' | b'%'))
        .map(|at| at - 1)
        .next()
}

/// Where the bracket closes that a text starts with; brackets in quotes are text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'(' => open += 1,
            b')' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at);
                }
            }
            b'\'' | b'"' | b'`' if open > 0 => at += quote_end(&text[at..])?,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the quotes close that a text starts with; those in the brackets of an expression are its own.
fn quote_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    for at in 1..bytes.len() {
        match bytes[at] {
            b'(' if open > 0 || matches!(bytes[at - 1], b'$' | b'@' | b'%') => open += 1,
            b')' => open = open.saturating_sub(1),
            byte if byte == bytes[0] && open == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// How long the name is that a text starts with.
fn word(text: &str) -> Option<usize> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let minus = |at: usize| {
        text.as_bytes()
            .get(at + 1)
            .is_some_and(|next| is_part(*next))
    };
    let end = text
        .bytes()
        .enumerate()
        .find(|(at, byte)| !(is_part(*byte) || *byte == b'-' && minus(*at)));
    let end = end.map_or(text.len(), |(at, _)| at);
    (end > 0).then_some(end)
}

/// The inside of `@(…)`, when a text is one list and nothing else.
fn whole_list(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("@(")?.strip_suffix(')')?;
    (closing(&text[1..])? == text.len() - 2).then_some(inner)
}

/// A list and the separator that is asked for: `Name, ' '`.
fn separated(inner: &str) -> (&str, &str) {
    let separator = inner.strip_suffix('\'').and_then(|text| {
        let (before, separator) = text.rsplit_once('\'')?;
        Some((before.trim_end().strip_suffix(',')?, separator))
    });
    separator.map_or((inner, ";"), |(list, separator)| {
        (list.trim_end(), separator)
    })
}

/// The one list of whose items a text names metadata: `%(Project.Identity)`.
fn batched(text: &str) -> Option<&str> {
    let mut found = None;
    for (at, _) in text.match_indices("%(") {
        let inner = &text[at + 2..at + 1 + closing(&text[at + 1..])?];
        let (list, _) = inner.split_once('.')?;
        if *found.get_or_insert(list) != list {
            return None;
        }
    }
    found
}

/// The arguments of a call, without their quotes.
fn arguments(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut at, mut open) = (0, 0, 0_usize);
    let bytes = text.as_bytes();
    if text.trim().is_empty() {
        return found;
    }
    while at <= bytes.len() {
        match bytes.get(at) {
            Some(b'(') => open += 1,
            Some(b')') => open = open.saturating_sub(1),
            Some(b'\'' | b'"' | b'`') => at += quote_end(&text[at..]).unwrap_or_default(),
            Some(b',') if open > 0 => {}
            None | Some(b',') => {
                found.push(unquoted(text[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn unquoted(text: &str) -> &str {
    match text.as_bytes() {
        [quote @ (b'\'' | b'"' | b'`'), .., last] if quote == last => &text[1..text.len() - 1],
        _ => text,
    }
}

/// `%2A` for `*`: <https://learn.microsoft.com/visualstudio/msbuild/msbuild-special-characters>.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let (byte, taken) = byte
            .filter(u8::is_ascii)
            .map_or((b'%', 1), |byte| (byte, 3));
        out.push(byte as char);
        rest = &rest[at + taken..];
    }
    out + rest
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A project in `src/Cart`, with a few properties, lists and files.
    pub(in super::super) struct Shop;

    impl Scope for Shop {
        fn property(&self, name: &str) -> Option<String> {
            match name {
                "Root" => Some("/".to_owned()),
                "Name" => Some("Acme.Cart".to_owned()),
                "Empty" => Some(String::new()),
                _ => None,
            }
        }

        fn list(&self, name: &str) -> Option<Vec<Entry>> {
            let mut list = Entry::all("Cart;Pay;cart;Ghost");
            list[1].set("Kind", "money".to_owned());
            match name {
                "Part" => Some(list),
                "None" => Some(Vec::new()),
                _ => None,
            }
        }

        fn exists(&self, path: &str) -> bool {
            ["src/Cart/Cart.csproj", "src/Pay/Pay.csproj"].contains(&path)
        }

        fn above(&self, folder: &str, name: &str) -> Option<String> {
            (folder.starts_with("src") && name == "all.props").then(|| "src/all.props".to_owned())
        }

        fn folder(&self) -> &str {
            "src/Cart"
        }
    }

    fn check(text: &str) -> Option<String> {
        let expression = Expression {
            scope: &Shop,
            file: "eng/Common.props",
            entry: None,
        };
        let items = expression.items(text)?;
        let texts: Vec<&str> = items.iter().map(|entry| &*entry.text).collect();
        Some(texts.join(" "))
    }

    #[test]
    fn what_is_made_of_items_is_worked_out() {
        for (text, expected) in [
            ("@(Part)", Some("Cart Pay cart Ghost")),
            ("@(None)", Some("")),
            ("@(Unknown)", None),
            (
                "@(Part->'$(Root)src/%(Identity)/%(Part.Identity).csproj'->Exists())",
                Some("/src/Cart/Cart.csproj /src/Pay/Pay.csproj"),
            ),
            (
                "@(Part -> Distinct() -> 'x%(identity)')",
                Some("xCart xPay xGhost"),
            ),
            (
                "@(Part->DistinctWithCase()->Reverse())",
                Some("Ghost cart Pay Cart"),
            ),
            ("@(Part->WithMetadataValue('kind', 'MONEY'))", Some("Pay")),
            (
                "@(Part->WithoutMetadataValue('Kind', 'money'))",
                Some("Cart cart Ghost"),
            ),
            ("@(Part->HasMetadata('Kind'))", Some("Pay")),
            (
                "@(Part->HasMetadata('Kind')->ClearMetadata()->HasMetadata('Kind'))",
                Some(""),
            ),
            ("@(Part->Metadata('Kind'))", Some("money")),
            (
                "@(Part->AnyHaveMetadataValue('Kind', 'money'))",
                Some("true"),
            ),
            ("@(Part->Count())", Some("4")),
            ("@(Part->Replace('a', 'o'))", Some("Cort Poy cort Ghost")),
            (
                "@(Part->Combine('x.cs'))",
                Some("Cart/x.cs Pay/x.cs cart/x.cs Ghost/x.cs"),
            ),
            ("@(Part->DirectoryName()->Distinct())", Some("/src/Cart")),
            ("@(Part->Unknown())", None),
            ("@(Part, ', ')", Some("Cart, Pay, cart, Ghost")),
            (
                "a/%(Part.Identity).cs",
                Some("a/Cart.cs a/Pay.cs a/cart.cs a/Ghost.cs"),
            ),
            ("%(Identity)", None),
            ("@(Part->'", None),
        ] {
            assert_eq!(check(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn functions_of_properties_are_worked_out() {
        for (text, expected) in [
            ("$(Name.Replace('.', '/'))/x", Some("Acme/Cart/x")),
            ("$(Name.Substring(5).ToLowerInvariant())", Some("cart")),
            ("$(Name.Substring($(Name.IndexOf('.'))))", Some(".Cart")),
            (
                "$(Name.EndsWith('Cart'))$(Name.Contains(')'))",
                Some("TrueFalse"),
            ),
            ("$(Name.Trim('A', 't'))$(Name.Length)", Some("cme.Car9")),
            ("$(Name.Unknown('A'))", None),
            ("$(Unknown.Replace('a', 'b'))", None),
            (
                "$([System.String]::Copy('%41$(Name)').Remove(3))",
                Some("AAc"),
            ),
            (
                "$([System.String]::IsNullOrEmpty('$(Empty)'))",
                Some("True"),
            ),
            ("$([MSBuild]::ValueOrDefault('$(Empty)', 'x'))", Some("x")),
            (
                "$([MSBuild]::NormalizePath('$(MSBuildThisFileDirectory)', '../src', 'a.cs'))",
                Some("/src/a.cs"),
            ),
            ("$([MSBuild]::NormalizeDirectory('..'))", Some("/src/")),
            ("$([MSBuild]::EnsureTrailingSlash('a/'))", Some("a/")),
            (
                "$([MSBuild]::MakeRelative('/src/Cart/', '/src/Pay/a.cs'))",
                Some("../Pay/a.cs"),
            ),
            (
                "$([MSBuild]::GetPathOfFileAbove('all.props', '/src/a'))",
                Some("/src/all.props"),
            ),
            (
                "$([MSBuild]::GetDirectoryNameOfFileAbove(/src/a, all.props))/x",
                Some("/src/x"),
            ),
            (
                "$([MSBuild]::GetPathOfFileAbove('no.props', '/src/a'))",
                None,
            ),
            ("$([MSBuild]::IsOSPlatform('windows'))", None),
            ("$([System.IO.Path]::Combine('a', '/b', 'c'))", Some("/b/c")),
            (
                "$([System.IO.Path]::GetFileNameWithoutExtension('a/b.c.cs'))",
                Some("b.c"),
            ),
            ("$([System.IO.Path]::GetDirectoryName('a/b.cs'))", Some("a")),
            (
                "$([System.IO.Path]::ChangeExtension('a/b.cs', 'vb'))",
                Some("a/b.vb"),
            ),
            ("$([System.IO.File]::Exists('Cart.csproj'))", Some("True")),
            ("$([System.IO.File]::Exists('made.cs'))", None),
            ("$(", None),
        ] {
            assert_eq!(check(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn hostile_expressions_end() {
        for piece in [
            "$(",
            "@(a->'",
            "$([MSBuild]::NormalizePath(",
            ")",
            "%",
            "$([a]::b(",
            "'",
            "$(Name.Replace('a', '$(Name)'",
        ] {
            for end in ["", ")", "'"] {
                check(&(piece.repeat(2_000) + &end.repeat(2_000)));
            }
        }
        check(&format!("@(Part{})", "->Reverse()".repeat(2_000)));
    }
}
