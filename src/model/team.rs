//! Teams, people, and owners as files write them.

/// An owner as an ownership file writes it; folded to teams when resolving.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub text: Box<str>,
    pub form: OwnerForm,
}

/// How an owner is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerForm {
    /// `@org/team`
    TeamHandle,
    /// `@login`
    UserHandle,
    /// `name@example.org`
    Email,
    /// A team by its bare name, as catalogs, team files and section titles have it.
    Group,
    /// A bare login, or the alias of several people.
    Login,
    /// Those whom another ownership file names, by its path; taken over when resolving.
    File,
    /// Everybody, or whoever has a role: nobody in particular.
    Anyone,
}

impl Owner {
    /// Reads a GitHub owner token; `None` when it is neither a handle nor an e-mail address.
    pub fn parse(text: &str) -> Option<Self> {
        let form = match text.strip_prefix('@') {
            Some(handle) => match handle.split_once('/') {
                Some((org, team)) if word(org) && word(team) => OwnerForm::TeamHandle,
                None if word(handle) => OwnerForm::UserHandle,
                _ => return None,
            },
            None => match text.split_once('@') {
                Some((user, host))
                    if word(&user.replace(['+', '%'], "-")) && host.contains('.') && word(host) =>
                {
                    OwnerForm::Email
                }
                _ => return None,
            },
        };
        Some(Self {
            text: text.into(),
            form,
        })
    }
}

/// Whether a part of a handle has only the characters that GitHub allows.
fn word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// A team as a roster, the configuration or an ownership file describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    pub id: String,
    /// The organisation, or namespace, of the roster in which the id is unique.
    pub org: Option<String>,
    pub name: Option<String>,
    pub kind: TeamKind,
    pub parent: Option<String>,
    /// Other names of the team: handles, former spellings.
    pub aliases: Vec<String>,
    /// Names that the team had before.
    pub previously: Vec<String>,
    /// Who leads it; people of the team, whether the members name them or not.
    pub leads: Vec<String>,
    /// Direct members, bots among them; `None` when no roster tells them.
    pub members: Option<Vec<String>>,
    /// Teams whose people belong to this one, too, without being direct members.
    pub includes: Vec<String>,
    /// Where the team works.
    pub site: Option<String>,
    /// By its name in the IANA time zone database, such as `Europe/Lisbon`.
    pub time_zone: Option<String>,
    pub may_depend_on: Option<Vec<String>>,
    /// An ownership file tells it for its own use: whom it leaves out may well belong to the organisation.
    pub local: bool,
}

/// What a team is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TeamKind {
    #[default]
    Work,
    WorkingGroup,
    /// Exists to grant access.
    Permission,
    /// Marks people, does no work together.
    Marker,
    /// Made up: an owner set of people only.
    People,
}

impl TeamKind {
    /// Every kind that a roster may name, with its text.
    pub const ALL: &[(TeamKind, &str)] = &[
        (TeamKind::Work, "work"),
        (TeamKind::WorkingGroup, "working-group"),
        (TeamKind::Permission, "permission"),
        (TeamKind::Marker, "marker"),
        (TeamKind::People, "people"),
    ];

    /// The text of the kind.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, text)| text)
    }

    /// Whether size limits apply.
    pub fn is_sized(self) -> bool {
        matches!(self, Self::Work | Self::WorkingGroup)
    }
}

/// A person as a roster describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    pub name: Option<String>,
    /// Other logins and addresses of the person.
    pub aliases: Vec<String>,
    /// Alumni and emeriti are not.
    pub active: bool,
    /// A program with an account.
    pub bot: bool,
    /// Teams of which the person is a direct member, where the roster says it on the person's side.
    pub teams: Vec<String>,
    pub manager: Option<String>,
    /// Where the person works.
    pub site: Option<String>,
    /// By its name in the IANA time zone database, such as `Europe/Lisbon`.
    pub time_zone: Option<String>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: None,
            aliases: Vec::new(),
            active: true,
            bot: false,
            teams: Vec::new(),
            manager: None,
            site: None,
            time_zone: None,
        }
    }
}

impl Person {
    /// Whether a login is that of a program, by the endings that hosts and habit give them.
    pub fn is_bot_login(login: &str) -> bool {
        let login = login.to_lowercase();
        let ends = ["[bot]", "-bot", "-robot"];
        ends.iter().any(|end| login.ends_with(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_tokens() {
        let form = |text| Owner::parse(text).map(|owner| owner.form);
        assert_eq!(form("@acme/cart"), Some(OwnerForm::TeamHandle));
        assert_eq!(form("@alice"), Some(OwnerForm::UserHandle));
        assert_eq!(form("alice@acme.example"), Some(OwnerForm::Email));
        assert_eq!(form("cart"), None);
        assert_eq!(form("@"), None);
        assert_eq!(form("@a/b/c"), None);
        assert_eq!(form("alice+pay@acme.example"), Some(OwnerForm::Email));
        assert_eq!(form("alice@acme.example,"), None);
        assert_eq!(form("<alice@acme.example>"), None);
    }
}
