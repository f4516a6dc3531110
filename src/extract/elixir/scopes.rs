//! What a short name of a module means at a place of an Elixir file: aliases, and the module around it.
//!
//! Source: <https://hexdocs.pm/elixir/Kernel.SpecialForms.html#alias/2>

/// Modules and aliases around a place, the innermost last.
#[derive(Default)]
pub(super) struct Scopes {
    /// The full name of the module around the place; empty outside of all.
    pub(super) module: String,
    aliases: Vec<(String, String)>,
    open: Vec<Scope>,
}

/// What held before a block.
struct Scope {
    end: usize,
    aliases: usize,
    module: String,
}

impl Scopes {
    /// Closes the blocks that end before a place.
    pub(super) fn close(&mut self, at: usize) {
        while self.open.last().is_some_and(|scope| scope.end <= at) {
            if let Some(scope) = self.open.pop() {
                self.aliases.truncate(scope.aliases);
                self.module = scope.module;
            }
        }
    }

    /// Opens a block: what it sets holds to its end.
    pub(super) fn open(&mut self, end: usize) {
        self.open.push(Scope {
            end,
            aliases: self.aliases.len(),
            module: self.module.clone(),
        });
    }

    /// A short name means a module from here on.
    pub(super) fn alias(&mut self, short: &str, full: &str) {
        self.aliases.push((short.to_owned(), full.to_owned()));
    }

    /// The full name of a module as it is written; `None` when it is no fixed name.
    pub(super) fn expand(&self, written: &str) -> Option<String> {
        let name: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (&*name, None),
        };
        let head = match first {
            "__MODULE__" if self.module.is_empty() => return None,
            "__MODULE__" => &*self.module,
            // `Elixir.Cart` is the full name, whatever is called `Cart` here.
            "Elixir" => return rest.map(str::to_owned),
            first => {
                let known = self.aliases.iter().rfind(|(short, _)| short == first);
                known.map_or(first, |(_, full)| full)
            }
        };
        let is_module = head.starts_with(|c: char| c.is_uppercase());
        is_module.then(|| match rest {
            Some(rest) => format!("{head}.{rest}"),
            None => head.to_owned(),
        })
    }

    /// The full name of a module that is defined here, and the alias that the definition brings inside another module.
    pub(super) fn define(&mut self, written: &str) -> Option<String> {
        let name: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        if self.module.is_empty() || name.starts_with("__MODULE__") || name.starts_with("Elixir.") {
            return self.expand(&name);
        }
        let full = format!("{}.{name}", self.module);
        let first = name.split('.').next().unwrap_or(&name);
        let known = format!("{}.{first}", self.module);
        self.alias(first, &known);
        Some(full)
    }
}
