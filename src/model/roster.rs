//! What a run is told of a roster that lies where no extractor would look for it.

use std::collections::BTreeMap;

/// A format of rosters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RosterFormat {
    /// Users and groups of a Backstage catalog.
    Backstage,
    /// One row for each person.
    Csv,
    /// Teams of a GitHub organisation, as its API gives them.
    GitHub,
    /// Groups and users of Google Workspace, as its Directory API gives them.
    Google,
    /// What directory servers export.
    Ldif,
    /// Teams of GitHub organisations, as the tool of Kubernetes applies them.
    Peribolos,
    /// Teams and people of the Rust project.
    RustTeam,
    /// Groups and users, as identity providers hand them on.
    Scim,
    /// Special interest groups of Kubernetes.
    Sigs,
}

impl RosterFormat {
    /// Every format with its text.
    pub const ALL: &[(RosterFormat, &str)] = &[
        (RosterFormat::Backstage, "backstage"),
        (RosterFormat::Csv, "csv"),
        (RosterFormat::GitHub, "github"),
        (RosterFormat::Google, "google"),
        (RosterFormat::Ldif, "ldif"),
        (RosterFormat::Peribolos, "peribolos"),
        (RosterFormat::RustTeam, "rust-team"),
        (RosterFormat::Scim, "scim"),
        (RosterFormat::Sigs, "sigs"),
    ];

    /// The text of the format.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(format, _)| *format == self)
            .map_or("", |(_, text)| text)
    }
}

/// What a column of a table tells of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The login, or what else names the person for good.
    Person,
    /// The name for people.
    Name,
    Email,
    Team,
    /// Who leads the team, or whether this person does.
    Lead,
    Manager,
    Site,
    TimeZone,
    Active,
}

impl Column {
    /// Every column with its text.
    pub const ALL: &[(Column, &str)] = &[
        (Column::Person, "person"),
        (Column::Name, "name"),
        (Column::Email, "email"),
        (Column::Team, "team"),
        (Column::Lead, "lead"),
        (Column::Manager, "manager"),
        (Column::Site, "site"),
        (Column::TimeZone, "time-zone"),
        (Column::Active, "active"),
    ];

    /// The text of the column.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(column, _)| *column == self)
            .map_or("", |(_, text)| text)
    }
}

/// What the run is told of one roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRoster {
    pub format: RosterFormat,
    /// The headers of columns, where a table does not call them as usual.
    pub columns: BTreeMap<Column, String>,
}
