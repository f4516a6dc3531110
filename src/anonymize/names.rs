//! Who and what has a name in an organisation, by which names?

use crate::model::{Known, Organisation, Owner, OwnerForm, Person, Sort, Team, TeamKind};

/// All names of teams, people, organisations and sites.
pub(super) fn known(organisation: &Organisation) -> Known {
    let mut known = Known::default();
    // Ids first: an alias never takes another team's id.
    for node in &organisation.teams {
        if node.team.kind != TeamKind::People {
            known.add(Sort::Team, &node.team.id, &node.team.id);
        }
    }
    for node in &organisation.teams {
        team(&node.team, &mut known);
    }
    for one in &organisation.people {
        person(one, &mut known);
    }
    references(organisation, &mut known);
    for node in &organisation.teams {
        for member in node.people.iter().flatten() {
            known.login(&member.id, &member.id);
        }
        for login in node.team.members.iter().flatten().chain(&node.team.leads) {
            known.login(login, login);
        }
    }
    let lines = organisation.lines.iter().flat_map(|line| &line.owners);
    let sets = organisation.sets.iter().flat_map(|set| &set.written);
    let strangers = organisation.strangers.iter().map(|one| &one.owner);
    for one in lines.chain(sets).chain(strangers) {
        owner(one, organisation, &mut known);
    }
    for set in &organisation.sets {
        for atom in set.atoms.iter().chain(&set.members) {
            if let Some(login) = atom.strip_prefix("person:") {
                known.login(login, login);
            }
        }
    }
    known
}

fn team(team: &Team, known: &mut Known) {
    let Team {
        id,
        org,
        name,
        kind,
        parent: _,
        aliases,
        previously,
        leads: _,
        members: _,
        includes: _,
        site,
        time_zone: _,
        may_depend_on: _,
        local: _,
    } = team;
    if *kind == TeamKind::People {
        return;
    }
    known.handle(Sort::Team, id, id);
    if let Some(name) = name {
        known.add(Sort::Team, id, name);
    }
    for name in aliases.iter().chain(previously) {
        known.handle(Sort::Team, id, name);
        // An owner that is an address may be a team.
        if name.contains('@') && !name.starts_with('@') {
            known.login(name, name);
        }
    }
    if let Some(org) = org {
        known.handle(Sort::Organisation, org, org);
    }
    if let Some(site) = site {
        known.add(Sort::Site, site, site);
    }
}

fn person(person: &Person, known: &mut Known) {
    let Person {
        id,
        name,
        aliases,
        active: _,
        bot: _,
        teams: _,
        manager: _,
        site,
        time_zone: _,
    } = person;
    known.login(id, id);
    if let Some(name) = name {
        known.full_name(id, name);
    }
    for alias in aliases {
        known.login(id, alias);
    }
    if let Some(site) = site {
        known.add(Sort::Site, site, site);
    }
}

/// Teams and people that nothing describes but others refer to; whoever is described has the names already.
fn references(organisation: &Organisation, known: &mut Known) {
    let mut team = |name: &str| match organisation.find_team(name) {
        Some(_) => {}
        None => known.handle(Sort::Team, name, name),
    };
    for node in &organisation.teams {
        let one = &node.team;
        let others = one.parent.iter().chain(&one.includes);
        let others = others.chain(one.may_depend_on.iter().flatten());
        others.for_each(|name| team(name));
    }
    let people = organisation.people.iter();
    people
        .clone()
        .flat_map(|one| &one.teams)
        .for_each(|name| team(name));
    for manager in people.filter_map(|one| one.manager.as_ref()) {
        known.login(manager, manager);
    }
}

fn owner(owner: &Owner, organisation: &Organisation, known: &mut Known) {
    match owner.form {
        OwnerForm::TeamHandle | OwnerForm::Group => {
            let team = organisation.find_team(&owner.text).or_else(|| {
                let (_, slug) = owner.text.rsplit_once('/')?;
                organisation.find_team(slug)
            });
            let id = team.map_or(&*owner.text, |team| &organisation.team(team).team.id);
            known.handle(Sort::Team, id, &owner.text);
        }
        OwnerForm::UserHandle | OwnerForm::Email | OwnerForm::Login => {
            match organisation.find_team(&owner.text) {
                Some(team) if organisation.team(team).team.kind != TeamKind::People => {
                    known.handle(Sort::Team, &organisation.team(team).team.id, &owner.text);
                }
                _ => known.login(&owner.text, &owner.text),
            }
        }
        OwnerForm::File | OwnerForm::Anyone => {}
    }
}
