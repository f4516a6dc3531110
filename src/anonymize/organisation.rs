//! Teams, people and owner sets with pseudonyms, in an order that tells nothing of their names.

use std::sync::OnceLock;

use super::told;
use crate::model::{
    Disguise, FileTable, HIDDEN, Member, Organisation, OwnerSet, OwnershipLine, Person, Stranger,
    Team, TeamId, TeamKind, TeamNode,
};

/// Replaces all names; teams and people are sorted anew.
pub(super) fn hide(organisation: &mut Organisation, files: &FileTable, disguise: &Disguise) {
    let names = References {
        organisation: organisation.clone(),
        disguise,
    };
    let Organisation {
        teams,
        sets,
        files: _,
        file_voices: _,
        voices: _,
        people,
        components: _,
        has_sources: _,
        lines,
        strangers,
        names: looked_up,
    } = organisation;
    *looked_up = OnceLock::new();
    teams.iter_mut().for_each(|one| node(one, &names));
    let place = sorted(teams);
    for one in sets {
        set(one, disguise, &place);
    }
    for one in people.iter_mut() {
        person(one, &names);
    }
    people.sort_by(|a, b| a.id.cmp(&b.id));
    for one in lines {
        line(one, files, disguise);
    }
    for one in strangers {
        let Stranger {
            owner,
            is_team: _,
            line: _,
        } = one;
        *owner = disguise.owner(owner);
    }
}

/// What a reference by name means is looked up where the names still are.
struct References<'a> {
    organisation: Organisation,
    disguise: &'a Disguise,
}

impl References<'_> {
    fn team(&self, name: &str) -> String {
        match self.organisation.find_team(name) {
            Some(team) => self.id(&self.organisation.team(team).team),
            None => self.disguise.handle(name),
        }
    }

    /// The id of people who own together is a list of them.
    fn id(&self, team: &Team) -> String {
        if team.kind != TeamKind::People {
            return self.disguise.team(&team.id);
        }
        self.disguise.people(&team.id)
    }

    fn login(&self, login: &str) -> String {
        let at = if login.starts_with('@') { "@" } else { "" };
        format!("{at}{}", self.disguise.person(login))
    }
}

/// Sorts the teams by their new ids; gives the new place of each.
fn sorted(teams: &mut Vec<TeamNode>) -> Vec<TeamId> {
    let mut order: Vec<usize> = (0..teams.len()).collect();
    order.sort_by(|a, b| teams[*a].team.id.cmp(&teams[*b].team.id));
    let mut place = vec![TeamId(0); teams.len()];
    for (at, index) in order.iter().enumerate() {
        place[*index] = TeamId(at as u32);
    }
    *teams = order.iter().map(|index| teams[*index].clone()).collect();
    place
}

fn node(node: &mut TeamNode, names: &References<'_>) {
    let TeamNode {
        team: described,
        declared_at: _,
        members_at: _,
        known: _,
        people,
        whole: _,
    } = node;
    team(described, names);
    if let Some(people) = people {
        for Member { id, lead: _, at: _ } in people.iter_mut() {
            *id = names.disguise.person(id);
        }
        people.sort_by(|a, b| a.id.cmp(&b.id));
    }
}

fn team(team: &mut Team, names: &References<'_>) {
    let pseudonym = names.id(team);
    let Team {
        id,
        org,
        name,
        kind: _,
        parent,
        aliases,
        previously,
        leads,
        members,
        includes,
        site,
        // No format shows it, and the hours that teams share are reckoned with it.
        time_zone: _,
        may_depend_on,
        local: _,
    } = team;
    if let Some(org) = org {
        *org = names.disguise.organisation(org);
    }
    if let Some(name) = name {
        name.clone_from(&pseudonym);
    }
    for other in [parent].into_iter().flatten().chain(includes) {
        *other = names.team(other);
    }
    for other in may_depend_on.iter_mut().flatten() {
        *other = names.team(other);
    }
    for alias in aliases.iter_mut() {
        *alias = names.disguise.handle(alias);
    }
    aliases.sort();
    aliases.dedup();
    aliases.retain(|alias| *alias != pseudonym);
    previously.clear();
    for login in leads.iter_mut().chain(members.iter_mut().flatten()) {
        *login = names.login(login);
    }
    leads.sort();
    if let Some(members) = members {
        members.sort();
    }
    if let Some(site) = site {
        *site = names.disguise.site(site);
    }
    *id = pseudonym;
}

fn person(person: &mut Person, names: &References<'_>) {
    let Person {
        id,
        name,
        aliases,
        active: _,
        bot: _,
        teams,
        manager,
        site,
        time_zone: _,
    } = person;
    *id = names.disguise.person(id);
    if let Some(name) = name {
        name.clone_from(id);
    }
    aliases.clear();
    for team in teams {
        *team = names.team(team);
    }
    if let Some(manager) = manager {
        *manager = names.disguise.person(manager);
    }
    if let Some(site) = site {
        *site = names.disguise.site(site);
    }
}

fn set(set: &mut OwnerSet, disguise: &Disguise, place: &[TeamId]) {
    let OwnerSet {
        written,
        teams,
        atoms,
        members,
        ancestors,
    } = set;
    for owner in written {
        *owner = disguise.owner(owner);
    }
    for team in teams.iter_mut().chain(ancestors.iter_mut()) {
        *team = place[team.0 as usize];
    }
    teams.sort_unstable();
    ancestors.sort_unstable();
    for atoms in [atoms, members] {
        for atom in atoms.iter_mut() {
            *atom = match (atom.strip_prefix("team:"), atom.strip_prefix("person:")) {
                (Some(team), _) => format!("team:{}", disguise.team(team)),
                (None, Some(person)) => format!("person:{}", disguise.person(person)),
                (None, None) => disguise.text(atom),
            };
        }
        atoms.sort();
    }
}

fn line(line: &mut OwnershipLine, files: &FileTable, disguise: &Disguise) {
    let OwnershipLine {
        span: _,
        pattern,
        owners,
        matched: _,
        decided: _,
        shadowed_by: _,
        left_out: _,
        invalid,
    } = line;
    for owner in owners {
        *owner = disguise.owner(owner);
    }
    if let Some(why) = invalid {
        *why = told(why, files, disguise);
        // It may be the whole line, and hold what nobody could read.
        if let Some((first, _)) = pattern.trim().split_once(char::is_whitespace) {
            *pattern = format!("{first} {HIDDEN}");
        }
        *pattern = disguise.quoted(pattern);
        return;
    }
    *pattern = disguise.path(pattern);
}
