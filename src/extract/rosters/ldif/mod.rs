//! Which groups and people has a directory server, by what it exports?
//!
//! Sources: <https://www.rfc-editor.org/rfc/rfc4519> (groups), <https://www.rfc-editor.org/rfc/rfc2798> (people),
//! <https://www.rfc-editor.org/rfc/rfc2307> (groups and accounts of POSIX).

mod dn;
mod records;

use super::directory::{Directory, Known, Members};
use super::{person, team};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team};
use dn::Dn;
use records::{Record, records};

/// Reads exports in LDIF.
#[derive(Debug)]
pub(in crate::extract) struct Ldif;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/ldif"),
    summary: "Groups and people that directory servers export as LDIF",
    globs: &[".twopizza/rosters/ldif/*"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

/// Classes of groups; `group` is that of Active Directory.
const GROUPS: &[&str] = &["groupofnames", "groupofuniquenames", "posixgroup", "group"];

/// Classes of people; `user` is that of Active Directory.
const PEOPLE: &[&str] = &["inetorgperson", "posixaccount", "account", "user", "person"];

/// The bit of `userAccountControl` that says that an account is disabled:
/// <https://learn.microsoft.com/en-us/windows/win32/adschema/a-useraccountcontrol>.
const DISABLED: u32 = 2;

impl Extractor for Ldif {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        read(&records(text, facts), facts);
    }
}

fn read(records: &[Record], facts: &mut Facts<'_>) {
    let mut directory = Directory::default();
    let mut groups: Vec<(&Record, Team)> = Vec::new();
    let mut people: Vec<(&Record, String)> = Vec::new();
    for record in records {
        let dn = Dn::read(&record.dn).text;
        if record.is_any(GROUPS) {
            let name = record.first("cn").map_or_else(|| dn.clone(), str::to_owned);
            let mail = record.first("mail");
            let keys = [dn.as_str()].into_iter().chain(mail);
            groups.push((record, directory.add_group(&name, &dn, keys)));
        } else if record.is_any(PEOPLE) && !record.is_any(&["computer"]) {
            let id = login(record).map_or_else(|| dn.clone(), str::to_owned);
            directory.add_person(&id, [id.as_str(), dn.as_str()]);
            people.push((record, id));
        }
    }
    for (record, group) in groups {
        let found = members(record, group, &directory, facts);
        team(facts, found, record.bytes.clone());
    }
    for (record, id) in people {
        let found = read_person(record, id, &mut directory);
        person(facts, found, record.bytes.clone());
    }
    directory.departments(facts);
}

fn login(record: &Record) -> Option<&str> {
    ["uid", "samaccountname", "mail"]
        .into_iter()
        .find_map(|name| record.first(name))
}

/// The group with its members. Who owns or manages the entry administers it, so that is no lead.
fn members(record: &Record, base: Team, directory: &Directory, facts: &mut Facts<'_>) -> Team {
    let mut members = Members::default();
    let mut strangers = 0;
    for value in record.all("member").chain(record.all("uniquemember")) {
        let dn = Dn::read(value);
        // A group must have a member: an empty name, or the group itself, stands for none.
        if dn.text.is_empty() || directory.find(&dn.text) == Some(&Known::Group(base.id.clone())) {
            continue;
        }
        match dn.login() {
            Some(login) if directory.find(&dn.text).is_none() => {
                directory.seat(login, false, &mut members);
            }
            _ => {
                strangers += usize::from(directory.find(&dn.text).is_none());
                directory.seat(&dn.text, false, &mut members);
            }
        }
    }
    for login in record.all("memberuid").filter(|login| !login.is_empty()) {
        members.people.push(directory.person(login));
    }
    if strangers > 0 {
        let message = format!(
            "{strangers} of the members are not in this file and may be groups: counted as people"
        );
        facts.problem(record.bytes.clone(), message);
        facts.parsed(Parsed::Partly);
    }
    if record.is_cut() {
        let message =
            "this group has more members than the server gave: it is read with fewer than it has";
        facts.problem(record.bytes.clone(), message);
        facts.parsed(Parsed::Partly);
    }
    Team {
        members: Some(members.people),
        includes: members.groups,
        ..base
    }
}

fn read_person(record: &Record, id: String, directory: &mut Directory) -> Person {
    let mut aliases: Vec<String> = Vec::new();
    let dn = Dn::read(&record.dn).text;
    for alias in record
        .all("mail")
        .chain(record.all("uid"))
        .chain([dn.as_str()])
    {
        if !alias.is_empty() && alias != id && !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.to_owned());
        }
    }
    let groups = record.all("memberof").map(|group| Dn::read(group).text);
    let mut teams: Vec<String> = groups.map(|group| directory.group(&group)).collect();
    for name in record.all("ou").chain(record.all("department")) {
        teams.extend(directory.department(name, record.bytes.clone()));
    }
    let manager = record.first("manager").map(|manager| {
        let dn = Dn::read(manager);
        match (directory.find(&dn.text), dn.login()) {
            (None, Some(login)) => login.to_owned(),
            _ => directory.person(&dn.text),
        }
    });
    let control = record.first("useraccountcontrol");
    let control: u32 = control.and_then(|bits| bits.parse().ok()).unwrap_or(0);
    let locked = record.first("nsaccountlock");
    Person {
        name: ["displayname", "cn"]
            .into_iter()
            .find_map(|name| record.first(name))
            .filter(|name| *name != id)
            .map(str::to_owned),
        aliases,
        active: control & DISABLED == 0
            && !locked.is_some_and(|text| text.eq_ignore_ascii_case("true")),
        teams,
        manager,
        site: record.first("l").map(str::to_owned),
        id,
        ..Person::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    fn read(text: &str) -> String {
        lines(&Ldif, ".twopizza/rosters/ldif/all.ldif", text)
    }

    #[test]
    fn members_are_people_or_groups_by_name() {
        let told = read(
            "dn: cn=Cart,dc=acme\nobjectClass: groupOfNames\ncn: Cart\nmember: UID=ada, dc=acme\nmember: uid=new,dc=acme\n\
             member: cn=pay,dc=acme\nmember: cn=who,dc=acme\nmember:\n\n\
             dn: cn=pay,dc=acme\nobjectClass: posixGroup\ncn: pay\nmemberUid: bob\n\n\
             dn: uid=ada,dc=acme\nobjectClass: inetOrgPerson\nuid: ada\n",
        );
        assert!(
            told.contains("team cart name Cart members ada, new, cn=who,dc=acme includes pay alias cn=cart,dc=acme"),
            "{told}"
        );
        assert!(told.contains("team pay members bob"), "{told}");
        assert!(
            told.contains("! 1 of the members are not in this file"),
            "{told}"
        );
    }

    #[test]
    fn people_with_place_department_and_manager() {
        let told = read(
            "version: 1\ndn: uid=ada,dc=acme\nobjectClass: inetOrgPerson\nuid: ada\ncn:: QWRhIMOE\nmail: ada@acme.example\n\
             l: Lisbon\nou: Shop\nmanager: uid=eve,dc=acme\nuserAccountControl: 514\n",
        );
        assert!(
            told.contains("person ada name Ada Ä alias ada@acme.example, uid=ada,dc=acme teams department/shop manager eve site Lisbon [inactive]"),
            "{told}"
        );
    }

    #[test]
    fn members_that_a_server_cut_off_are_told() {
        let told = read(
            "dn: cn=all,dc=acme\nobjectClass: group\ncn: all\nmember;range=0-1: uid=ada,dc=acme\n",
        );
        assert!(told.contains("members ada"), "{told}");
        assert!(told.contains("! this group has more members"), "{told}");
    }
}
