//! What the names of a PHP file mean in full: its namespace and its imports.
//!
//! Source: <https://www.php.net/manual/en/language.namespaces.rules.php>

use std::collections::HashMap;

/// What a name names: the three have tables of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Space {
    Class,
    Function,
    Constant,
}

impl Space {
    /// The namespace of its keys.
    pub(super) fn namespace(self) -> &'static str {
        match self {
            Self::Class => "phpclass",
            Self::Function => "phpfunction",
            Self::Constant => "phpconst",
        }
    }
}

/// The namespace that holds at a place of a file, and what is imported there.
#[derive(Debug, Default)]
pub(super) struct Imports {
    namespace: String,
    /// By alias: classes and namespaces, and functions, regardless of case.
    classes: HashMap<String, String>,
    functions: HashMap<String, String>,
}

impl Imports {
    /// Another namespace starts; imports end with the one before.
    pub(super) fn enter(&mut self, namespace: &str) {
        *self = Self {
            namespace: namespace.trim_matches('\\').to_owned(),
            ..Self::default()
        };
    }

    /// `use name as alias`.
    pub(super) fn import(&mut self, space: Space, name: &str, alias: Option<&str>) {
        let last = name.rsplit('\\').next().unwrap_or(name);
        let alias = alias.unwrap_or(last).to_lowercase();
        match space {
            Space::Class => self.classes.insert(alias, name.to_owned()),
            Space::Function => self.functions.insert(alias, name.to_owned()),
            Space::Constant => None,
        };
    }

    /// The full name of what is declared here.
    pub(super) fn own(&self, name: &str) -> String {
        if self.namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{}\\{name}", self.namespace)
        }
    }

    /// The full name of a class.
    pub(super) fn class(&self, name: &str) -> String {
        self.absolute(name).unwrap_or_else(|| {
            let known = self.classes.get(&name.to_lowercase());
            known.cloned().unwrap_or_else(|| self.own(name))
        })
    }

    /// The full name of a function; without qualification it may also be a global one, which nothing here tells.
    pub(super) fn function(&self, name: &str) -> Option<String> {
        match self.absolute(name) {
            // What stands in no namespace is nearly always PHP's own.
            Some(name) => name.contains('\\').then_some(name),
            None => self.functions.get(&name.to_lowercase()).cloned(),
        }
    }

    /// The full name of what is qualified.
    fn absolute(&self, name: &str) -> Option<String> {
        if let Some(name) = name.strip_prefix('\\') {
            return Some(name.to_owned());
        }
        let (first, rest) = name.split_once('\\')?;
        if first.eq_ignore_ascii_case("namespace") {
            return Some(self.own(rest));
        }
        Some(match self.classes.get(&first.to_lowercase()) {
            Some(known) => format!("{known}\\{rest}"),
            None => self.own(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_as_php_does() {
        let mut imports = Imports::default();
        assert_eq!(imports.class("Cart"), "Cart");
        imports.enter("Acme\\Shop");
        imports.import(Space::Class, "Acme\\Ledger\\Entry", None);
        imports.import(Space::Class, "Doctrine\\ORM\\Mapping", Some("ORM"));
        imports.import(Space::Function, "Acme\\Money\\round", None);
        for (name, full) in [
            ("Cart", "Acme\\Shop\\Cart"),
            ("entry", "Acme\\Ledger\\Entry"),
            ("Entry\\Line", "Acme\\Ledger\\Entry\\Line"),
            ("ORM\\Entity", "Doctrine\\ORM\\Mapping\\Entity"),
            ("\\Vault", "Vault"),
            ("namespace\\Cart", "Acme\\Shop\\Cart"),
            ("Sub\\Cart", "Acme\\Shop\\Sub\\Cart"),
        ] {
            assert_eq!(imports.class(name), full);
        }
        assert_eq!(imports.function("strlen"), None);
        assert_eq!(imports.function("\\strlen"), None);
        assert_eq!(
            imports.function("Round").as_deref(),
            Some("Acme\\Money\\round")
        );
        assert_eq!(
            imports.function("money\\add").as_deref(),
            Some("Acme\\Shop\\money\\add")
        );
    }
}
