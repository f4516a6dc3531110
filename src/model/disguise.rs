//! Which pseudonym stands for which name of a team, a person, an organisation or a site.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::words::{Words, letters};
use super::{Digest, Owner, OwnerForm};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Team,
    Person,
    Organisation,
    Site,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Site => "site",
        }
    }
}

/// The names of an organisation, gathered before pseudonyms are given.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What has a name, by sort and folded name.
    things: BTreeMap<(Sort, String), String>,
    /// Every name as written, with the sort and the id of what has it.
    written: Vec<(Sort, String, String)>,
    /// Names of people that are no logins.
    full: Vec<(String, String)>,
}

/// Replaces names by pseudonyms, the same name by the same pseudonym everywhere.
#[derive(Clone, Debug, Default)]
pub struct Disguise {
    things: BTreeMap<(Sort, String), String>,
    pseudonyms: BTreeMap<(Sort, String), String>,
    /// All pseudonyms.
    given: BTreeSet<String>,
    /// For texts in which a name is one word among others.
    words: Words,
    /// Names that are no words of any language, for what is written already.
    certain: Words,
    /// What stands for names of the code, and the other way round: no two have the same.
    shown: HashMap<String, String>,
    real: HashMap<String, String>,
    /// What each team is called, by its pseudonym.
    called: BTreeMap<String, Vec<String>>,
}

/// What stands for something that nobody may see and no pseudonym is known for.
pub const HIDDEN: &str = "…";

/// The prefixes of names of the code: ours, whatever teams are called.
const NAMESPACES: &[&str] = &[
    "bazel", "cargo", "cmake", "composer", "crate", "cs", "dart", "docker", "elixir", "env", "gem",
    "git", "go", "gradle", "host", "hex", "image", "jvm", "maven", "npm", "nuget", "path", "php",
    "pub", "py", "pypi", "ros", "sbt", "swift", "table",
];

/// The endings of files that tell a language or format: ours, whatever teams are called.
const ENDINGS: &[&str] = &[
    "bazel", "bzl", "c", "cc", "cfg", "cjs", "cmake", "cpp", "cs", "csproj", "css", "csv", "cts",
    "cxx", "dart", "erb", "ex", "exs", "fs", "fsproj", "gemspec", "go", "gradle", "graphql",
    "groovy", "h", "hcl", "hpp", "html", "java", "js", "json", "json5", "jsonc", "jsx", "kt",
    "kts", "lock", "lua", "m", "md", "mjs", "mk", "mm", "mod", "mts", "php", "pl", "proto", "py",
    "pyi", "r", "rake", "rb", "rs", "rst", "sbt", "scala", "sh", "sql", "sum", "svelte", "swift",
    "tf", "thrift", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
];

/// Hosts of everybody's addresses: no organisation of the run.
const PUBLIC: &[&str] = &[
    "github",
    "gitlab",
    "gmail",
    "googlemail",
    "hotmail",
    "icloud",
    "outlook",
    "proton",
    "protonmail",
    "yahoo",
];

/// Labels of a host that no organisation chose.
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gov", "net", "org"];

impl Known {
    /// A name of something; the first thing to take a name keeps it.
    pub fn add(&mut self, sort: Sort, id: &str, name: &str) {
        let key = fold(name);
        if key.is_empty() {
            return;
        }
        self.things.entry((sort, key)).or_insert_with(|| fold(id));
        self.written.push((sort, fold(id), name.trim().to_owned()));
    }

    /// A handle (`@acme/cart`, `acme/web/cart`), which names organisations, too.
    pub fn handle(&mut self, sort: Sort, id: &str, handle: &str) {
        self.add(sort, id, handle);
        let parts: Vec<&str> = handle.trim().trim_start_matches('@').split('/').collect();
        let Some((slug, above)) = parts.split_last().filter(|(_, above)| !above.is_empty()) else {
            return;
        };
        // A slug may be another team's name in another organisation.
        self.add(sort, id, slug);
        for name in above {
            self.add(Sort::Organisation, name, name);
        }
    }

    /// A login or an address of a person.
    pub fn login(&mut self, id: &str, login: &str) {
        self.add(Sort::Person, id, login);
        let login = login.trim().trim_start_matches('@');
        if let Some((local, host)) = login.rsplit_once('@') {
            self.add(Sort::Person, id, local);
            match local.split_once('+') {
                // A hidden address at GitHub: a number, then the login.
                Some((number, login)) if number.chars().all(|c| c.is_ascii_digit()) => {
                    self.add(Sort::Person, id, login);
                }
                Some((own, _)) => self.add(Sort::Person, id, own),
                None => {}
            }
            self.host(host);
        }
    }

    /// A person's name for people.
    pub fn full_name(&mut self, id: &str, name: &str) {
        self.add(Sort::Person, id, name);
        self.full.push((fold(id), name.trim().to_owned()));
        if let Some((first, last)) = name.trim().split_once(' ') {
            self.full.push((fold(id), format!("{last} {first}")));
        }
    }

    /// The host of an address: `acme.example` and `mail.acme.co.uk` belong to `acme`.
    fn host(&mut self, host: &str) {
        let labels: Vec<&str> = host.split('.').collect();
        let above = labels.split_last().map_or(&[][..], |(_, above)| above);
        let own = above
            .iter()
            .rev()
            .find(|label| !SECOND_LEVEL.contains(label));
        let id = own.copied().unwrap_or(host);
        if PUBLIC.contains(&id) {
            return;
        }
        self.add(Sort::Organisation, id, id);
        self.add(Sort::Organisation, id, host);
    }

    /// Gives everything its pseudonym.
    #[must_use]
    pub fn disguise(self) -> Disguise {
        let Self {
            things,
            written,
            full,
        } = self;
        // In an order that tells nothing of the alphabet, and that only who knows all names can make.
        let mut ids: Vec<(Sort, String)> = things
            .iter()
            .map(|((sort, _), id)| (*sort, id.clone()))
            .collect();
        ids.sort();
        ids.dedup();
        let mut seed = Digest::default();
        ids.iter().for_each(|(_, id)| seed.text(id));
        ids.sort_by_cached_key(|(sort, id)| {
            let mut digest = Digest(seed.0);
            digest.text(id);
            // The last letters alone would decide little of the high bits.
            (
                *sort,
                digest.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (digest.0 >> 29),
                id.clone(),
            )
        });
        let mut taken = Words::default();
        for (_, _, name) in &written {
            taken.add(name, "");
        }
        let mut pseudonyms = BTreeMap::new();
        let mut last: BTreeMap<Sort, usize> = BTreeMap::new();
        for thing in ids {
            let number = last.entry(thing.0).or_default();
            let pseudonym = loop {
                *number += 1;
                let pseudonym = format!("{}-{number}", thing.0.word());
                // Somebody may be called like that.
                if !taken.has(&pseudonym) {
                    break pseudonym;
                }
            };
            pseudonyms.insert(thing, pseudonym);
        }
        let mut disguise = Disguise {
            things,
            given: pseudonyms.values().cloned().collect(),
            pseudonyms,
            ..Disguise::default()
        };
        disguise.learn_words(written, &full);
        disguise
    }
}

impl Disguise {
    fn learn_words(&mut self, mut written: Vec<(Sort, String, String)>, full: &[(String, String)]) {
        written.sort();
        written.dedup();
        for (sort, id, name) in &written {
            let Some(pseudonym) = self.pseudonyms.get(&(*sort, id.clone())).cloned() else {
                continue;
            };
            if *sort == Sort::Team {
                self.called
                    .entry(pseudonym.clone())
                    .or_default()
                    .push(name.clone());
            }
            if *sort == Sort::Site && is_nowhere(name) {
                continue;
            }
            let instead = self.address(name, &pseudonym);
            // Parts of handles are names of their own, and a path must not lose its folders.
            if !name.contains('/') || name.contains(' ') {
                self.words.add(name, &instead);
            }
            if !name.is_ascii() || is_address(name) {
                self.certain.add(name, &instead);
            }
        }
        for (id, name) in full {
            let pseudonym = self.pseudonyms.get(&(Sort::Person, id.clone())).cloned();
            let pseudonym = pseudonym.unwrap_or_default();
            self.words.add(name, &pseudonym);
            if name.contains(' ') && letters(name).chars().count() > 6 {
                self.certain.add(name, &pseudonym);
            }
        }
    }

    /// What a team is called in place of one of its names.
    pub fn team(&self, name: &str) -> String {
        self.named(Sort::Team, name)
            .unwrap_or_else(|| self.text(name))
    }

    /// What a person is called in place of a login or an address, which stays one.
    pub fn person(&self, login: &str) -> String {
        match self.named(Sort::Person, login) {
            Some(pseudonym) => self.address(login, &pseudonym),
            None => self.text(login),
        }
    }

    /// What an organisation is called.
    pub fn organisation(&self, name: &str) -> String {
        self.named(Sort::Organisation, name)
            .unwrap_or_else(|| self.text(name))
    }

    /// What a site is called; that somebody works nowhere in particular is no name.
    pub fn site(&self, name: &str) -> String {
        if is_nowhere(name) {
            return name.to_owned();
        }
        self.named(Sort::Site, name)
            .unwrap_or_else(|| self.text(name))
    }

    /// An owner as written, with its signs.
    pub fn owner(&self, owner: &Owner) -> Owner {
        let text = match owner.form {
            OwnerForm::TeamHandle | OwnerForm::Group => self.handle(&owner.text),
            OwnerForm::UserHandle | OwnerForm::Email | OwnerForm::Login => {
                match self.named(Sort::Person, &owner.text) {
                    Some(pseudonym) => at(&owner.text, &self.address(&owner.text, &pseudonym)),
                    None => self.handle(&owner.text),
                }
            }
            OwnerForm::File => self.path(&owner.text),
            OwnerForm::Anyone => self.text(&owner.text),
        };
        Owner {
            text: text.into(),
            form: owner.form,
        }
    }

    /// A name of a team with what stands around it in a handle.
    pub fn handle(&self, handle: &str) -> String {
        let bare = handle.trim().trim_start_matches('@');
        let spaced = bare.contains(' ');
        let (above, slug) = match bare.rsplit_once('/').filter(|_| !spaced) {
            Some((above, slug)) => (Some(above), slug),
            None => (None, bare),
        };
        let whole = self.named(Sort::Team, bare);
        let team = whole.unwrap_or_else(|| self.team(slug));
        let shown = match above {
            Some(above) => {
                let above: Vec<String> =
                    above.split('/').map(|one| self.organisation(one)).collect();
                format!("{}/{team}", above.join("/"))
            }
            None => team,
        };
        at(handle, &shown)
    }

    /// Text for people; what looks like a handle or an address and is nobody's is hidden, too.
    pub fn text(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for (index, piece) in text.split('`').enumerate() {
            if index > 0 {
                shown.push('`');
            }
            match self.exactly(piece).filter(|_| index % 2 == 1) {
                Some(pseudonym) => shown.push_str(&pseudonym),
                None => shown.push_str(&self.words.replace(piece)),
            }
        }
        shown
    }

    /// Text that somebody wrote in a file: its mentions (`@somebody`, `somebody@host`) are hidden even if nobody knows them.
    pub fn quoted(&self, text: &str) -> String {
        let text = self.text(text);
        let ends = |c: char| {
            c.is_whitespace() || matches!(c, '`' | '"' | '\'' | ',' | ';' | '(' | ')' | '<' | '>')
        };
        let mut shown = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(ends).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if word.contains('@') && !self.is_pseudonym(word) {
                shown.push('@');
                shown.push_str(HIDDEN);
            } else {
                shown.push_str(word);
            }
            let end = after.chars().next().map_or(0, char::len_utf8);
            shown.push_str(&after[..end]);
            rest = &after[end..];
        }
        shown
    }

    /// A path or a pattern of paths: names in it are replaced, its folders and the ending of its file stay.
    pub fn path(&self, path: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let count = path.split('/').count();
        for (index, part) in path.split('/').enumerate() {
            let ending = part
                .rsplit_once('.')
                .filter(|(_, ending)| index + 1 == count && ENDINGS.contains(ending));
            parts.push(match ending {
                Some((stem, ending)) => format!("{}.{ending}", self.segment(stem)),
                None => self.segment(part),
            });
        }
        parts.join("/")
    }

    /// A name of the code: `cargo:cart-api`, `acme.cart.Order`, `services/cart`.
    pub fn name(&self, name: &str) -> String {
        if let Some(shown) = self.shown.get(name) {
            return shown.clone();
        }
        let space = name.find([':', '(']).filter(|end| {
            NAMESPACES.contains(&name[..*end].split('-').next().unwrap_or(""))
                && !name[*end..].starts_with("::")
        });
        let (space, rest) = name.split_at(space.map_or(0, |end| end + 1));
        format!("{space}{}", self.path(rest))
    }

    /// Likewise, and no other name gets the same: what is two things stays two things.
    pub fn learn(&mut self, name: &str) -> String {
        if let Some(shown) = self.shown.get(name) {
            return shown.clone();
        }
        let wanted = self.name(name);
        let mut shown = wanted.clone();
        let mut number = 2;
        while self.real.contains_key(&shown) {
            shown = format!("{wanted}~{number}");
            number += 1;
        }
        self.real.insert(shown.clone(), name.to_owned());
        self.shown.insert(name.to_owned(), shown.clone());
        shown
    }

    /// The name of the code behind what is shown.
    pub fn real<'n>(&'n self, shown: &'n str) -> &'n str {
        self.real.get(shown).map_or(shown, String::as_str)
    }

    /// All names of the team with this pseudonym.
    pub fn called(&self, pseudonym: &str) -> &[String] {
        self.called.get(pseudonym).map_or(&[], Vec::as_slice)
    }

    /// What somebody typed, who may know the names, the pseudonyms or both.
    pub fn typed(&self, text: &str) -> String {
        if self.is_pseudonym(text) {
            return text.to_owned();
        }
        if let Some(shown) = self.shown.get(text) {
            return shown.clone();
        }
        self.named(Sort::Team, text)
            .unwrap_or_else(|| self.name(text))
    }

    /// A part of what a finding is known by: a name of the code, the ids of teams, or owners, with blanks between them.
    pub fn known_as(&self, text: &str) -> String {
        if let Some(shown) = self.shown.get(text) {
            return shown.clone();
        }
        if let Some(shown) = self.exactly(text) {
            return shown;
        }
        if text.contains(", ") {
            return self.people(text);
        }
        let word = |word: &str| match self.exactly(word) {
            Some(shown) => shown,
            None if word.starts_with('@') => format!("@{HIDDEN}"),
            None => self.name(word),
        };
        text.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// People who own together, as their id lists them.
    pub fn people(&self, id: &str) -> String {
        let login = |login: &str| at(login, &self.person(login));
        let mut people: Vec<String> = id.split(", ").map(login).collect();
        people.sort();
        people.join(", ")
    }

    /// Whether it is remembered what is shown for a text.
    pub fn knows(&self, text: &str) -> bool {
        self.shown.contains_key(text)
    }

    /// Remembers what is shown for a text, which need not be shown for it alone.
    pub fn remember(&mut self, text: &str, shown: &str) {
        let shown = || shown.to_owned();
        self.shown.entry(text.to_owned()).or_insert_with(shown);
    }

    /// The last line of defence: what is written already, without the names that are no words of any language.
    pub fn certain(&self, text: &str) -> String {
        self.certain.replace(text).into_owned()
    }

    fn segment(&self, text: &str) -> String {
        self.words.replace(text).into_owned()
    }

    fn exactly(&self, text: &str) -> Option<String> {
        let sorts = [Sort::Team, Sort::Person, Sort::Organisation];
        let found = sorts.iter().find_map(|sort| self.named(*sort, text))?;
        Some(if text.contains('/') {
            self.handle(text)
        } else {
            at(text, &self.address(text, &found))
        })
    }

    fn named(&self, sort: Sort, name: &str) -> Option<String> {
        let id = self.things.get(&(sort, fold(name)))?;
        self.pseudonyms.get(&(sort, id.clone())).cloned()
    }

    /// The pseudonym as an address, when the name is one.
    fn address(&self, name: &str, pseudonym: &str) -> String {
        if !is_address(name) {
            return pseudonym.to_owned();
        }
        let host = name.rsplit('@').next().unwrap_or_default();
        format!("{pseudonym}@{}", self.organisation(host))
    }

    /// Whether a text is made of pseudonyms alone.
    fn is_pseudonym(&self, text: &str) -> bool {
        let mut parts = text
            .split(['@', '/', ':', '.'])
            .filter(|part| !part.is_empty());
        !text.is_empty() && parts.all(|part| self.given.contains(part))
    }
}

/// Without `@`, and without case, as GitHub compares handles.
fn fold(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
}

/// With the `@` that the other text begins with.
fn at(like: &str, text: &str) -> String {
    let at = like.trim().starts_with('@');
    format!("{}{text}", if at { "@" } else { "" })
}

fn is_address(name: &str) -> bool {
    name.trim_start_matches('@').contains('@')
}

/// What rosters write for people without a site.
fn is_nowhere(site: &str) -> bool {
    site.eq_ignore_ascii_case("remote")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut known = Known::default();
        known.handle(Sort::Team, "cart", "cart");
        known.handle(Sort::Team, "cart", "@acme/cart");
        known.add(Sort::Team, "cart", "Cart & Checkout");
        known.handle(Sort::Team, "go", "go");
        known.handle(Sort::Team, "npm", "npm");
        known.login("ann", "ann");
        known.login("ann", "ann.lee@mail.acme.co.uk");
        known.full_name("ann", "Ann Lee");
        known.login("x", "x");
        known.add(Sort::Site, "Oslo", "Oslo");
        known.add(Sort::Site, "Remote", "Remote");
        known
    }

    fn owner(text: &str, form: OwnerForm) -> Owner {
        Owner {
            text: text.into(),
            form,
        }
    }

    #[test]
    fn all_names_of_a_thing_have_one_pseudonym() {
        let disguise = known().disguise();
        let team = disguise.team("cart");
        assert!(team.starts_with("team-"), "{team}");
        assert_eq!(disguise.team("Cart & Checkout"), team);
        assert_eq!(
            disguise.handle("@acme/cart"),
            format!("@organisation-1/{team}")
        );
        let ann = disguise.person("ann");
        assert_eq!(
            disguise.person("Ann.Lee@mail.acme.co.uk"),
            format!("{ann}@organisation-1")
        );
        assert_eq!(
            disguise.text("Lee, Ann of acme"),
            format!("{ann} of organisation-1")
        );
        assert_eq!(disguise.site("remote"), "remote");
        assert_eq!(disguise.site("Oslo"), "site-1");
    }

    #[test]
    fn owners_keep_their_signs() {
        let disguise = known().disguise();
        let shown = |text, form| disguise.owner(&owner(text, form)).text.to_string();
        assert!(shown("@acme/cart", OwnerForm::TeamHandle).starts_with("@organisation-1/team-"));
        assert!(shown("@ann", OwnerForm::UserHandle).starts_with("@person-"));
        let mail = shown("ann.lee@mail.acme.co.uk", OwnerForm::Email);
        assert!(
            mail.starts_with("person-") && mail.ends_with("@organisation-1"),
            "{mail}"
        );
        assert!(shown("x", OwnerForm::Login).starts_with("person-"));
    }

    #[test]
    fn endings_and_kinds_of_packages_are_ours() {
        let disguise = known().disguise();
        let (go, npm) = (disguise.team("go"), disguise.team("npm"));
        assert_eq!(disguise.path("go/go.go"), format!("{go}/{go}.go"));
        assert_eq!(disguise.name("npm:npm"), format!("npm:{npm}"));
        assert_eq!(disguise.name("npm::run"), format!("{npm}::run"));
        assert_eq!(disguise.path("x/y.rs"), "x/y.rs");
    }

    #[test]
    fn a_pseudonym_is_nobodys_name() {
        let mut known = Known::default();
        known.handle(Sort::Team, "team-1", "team-1");
        known.handle(Sort::Team, "Team 2", "Team 2");
        let disguise = known.disguise();
        let mut all = [disguise.team("team-1"), disguise.team("Team 2")];
        all.sort();
        assert_eq!(all, ["team-3", "team-4"]);
        assert_eq!(disguise.typed("team-3"), "team-3");
    }

    #[test]
    fn two_names_of_the_code_stay_two() {
        let mut disguise = known().disguise();
        let (a, b) = (
            disguise.learn("cargo:cart-x"),
            disguise.learn("cargo:Cart-x"),
        );
        assert_ne!(a, b);
        assert_eq!(disguise.learn("cargo:cart-x"), a);
        assert_eq!(
            (disguise.real(&a), disguise.real(&b)),
            ("cargo:cart-x", "cargo:Cart-x")
        );
    }

    #[test]
    fn mentions_of_nobody_are_hidden_in_what_others_wrote() {
        let disguise = known().disguise();
        assert_eq!(disguise.quoted("ask @bob, bob@b.example"), "ask @…, @…");
        let kept = disguise.quoted("ask @acme/cart or @ann");
        assert!(!kept.contains(HIDDEN), "{kept}");
    }

    #[test]
    fn what_is_written_loses_only_what_is_no_word() {
        let disguise = known().disguise();
        let shown = disguise.certain("{\"go\":\"Ann Lee\",\"cart\":\"ann.lee@mail.acme.co.uk\"}");
        assert!(
            shown.contains("\"go\"") && shown.contains("\"cart\""),
            "{shown}"
        );
        // Six letters may be a word of some format.
        assert!(
            shown.contains("Ann Lee") && !shown.contains("mail"),
            "{shown}"
        );
    }
}
