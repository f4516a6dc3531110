//! Paths and names of the code: names of teams and people that are words in them are replaced, the rest stays.

use crate::model::{
    Allowance, Component, Contract, Dependency, Disguise, Endpoint, Evidence, HIDDEN, Hop, Key,
    Link, LinkEnd, Part, Provider, RepoPath, Resolved, Template, Unresolved, Why, Workload,
};

/// Replaces names in all that is no part of the organisation.
pub(super) fn hide(resolved: &mut Resolved, rules: &[&str], disguise: &mut Disguise) {
    let Resolved {
        files,
        components,
        workloads,
        dependencies,
        unresolved,
        declared: _,
        unused: _,
        unlisted: _,
        contracts,
        organisation: _,
        allowances,
        links,
        targets,
        disguise: _,
    } = resolved;
    files.disguise(|path| disguise.path(path), |repo| disguise.name(repo));
    for one in components {
        component(one, disguise);
    }
    for one in workloads {
        workload(one, disguise);
    }
    for one in dependencies {
        dependency(one, rules, disguise);
    }
    for one in unresolved {
        self::unresolved(one, disguise);
    }
    for one in contracts {
        contract(one, disguise);
    }
    for one in allowances {
        allowance(one, rules, disguise);
    }
    for one in links {
        link(one, disguise);
    }
    for (name, _) in targets.values_mut().flatten() {
        *name = disguise.name(name);
    }
}

fn component(component: &mut Component, disguise: &mut Disguise) {
    let Component {
        id,
        name,
        kind: _,
        root,
        declared_in: _,
        aliases,
        workloads: _,
        shared: _,
    } = component;
    *id = disguise.learn(id);
    *name = disguise.learn(name);
    if let Some(RepoPath { repo: _, path }) = root {
        *path = disguise.path(path).into();
    }
    for alias in aliases {
        key(alias, disguise);
    }
}

fn workload(workload: &mut Workload, disguise: &Disguise) {
    let Workload {
        subject,
        component: _,
        network,
    } = workload;
    key(subject, disguise);
    if let Some(network) = network {
        *network = disguise.name(network);
    }
}

fn key(key: &mut Key, disguise: &Disguise) {
    let Key {
        namespace: _,
        at,
        name,
    } = key;
    template(at, disguise);
    template(name, disguise);
}

fn template(template: &mut Template, disguise: &Disguise) {
    for part in &mut template.0 {
        match part {
            Part::Text(text) => *text = disguise.name(text).into(),
            Part::Ref(reference) => {
                key(&mut reference.key, disguise);
                if let Some(default) = &mut reference.default {
                    self::template(default, disguise);
                }
            }
            Part::Hole | Part::Star => {}
        }
    }
}

fn dependency(dependency: &mut Dependency, rules: &[&str], disguise: &mut Disguise) {
    let Dependency {
        from,
        to,
        kind: _,
        access: _,
        certainty: _,
        context: _,
        variants,
        declared: _,
        count: _,
        evidence,
        allowed,
    } = dependency;
    for end in [from, to] {
        let Endpoint {
            component: _,
            unit,
            path: _,
            symbol,
        } = end;
        *unit = disguise.learn(unit);
        if let Some(symbol) = symbol {
            *symbol = disguise.learn(symbol);
        }
    }
    for variant in variants {
        *variant = disguise.name(variant);
    }
    for Evidence { chain } in evidence {
        chain.iter_mut().for_each(|one| hop(one, disguise));
    }
    for one in allowed {
        allowance(one, rules, disguise);
    }
}

fn hop(hop: &mut Hop, disguise: &Disguise) {
    let Hop {
        span: _,
        what: _,
        name,
    } = hop;
    *name = disguise.name(name);
}

fn unresolved(unresolved: &mut Unresolved, disguise: &Disguise) {
    let Unresolved {
        span: _,
        kind: _,
        name,
        why,
    } = unresolved;
    *name = disguise.name(name);
    match why {
        Why::Unbound(key) => *key = disguise.name(key),
        Why::Ambiguous(names) => {
            for name in names {
                *name = disguise.name(name);
            }
        }
        Why::NotFound | Why::TooDeep => {}
    }
}

fn contract(contract: &mut Contract, disguise: &Disguise) {
    let Contract {
        at: _,
        document: _,
        component: _,
        name,
        provider,
        copy_of: _,
        differences,
    } = contract;
    *name = disguise.name(name);
    if let Some(Provider {
        component: _,
        certainty: _,
        why,
    }) = provider
    {
        why.iter_mut().for_each(|one| hop(one, disguise));
    }
    for difference in differences {
        *difference = disguise.name(difference);
    }
}

fn allowance(allowance: &mut Allowance, rules: &[&str], disguise: &Disguise) {
    let Allowance {
        span: _,
        rule,
        reason,
    } = allowance;
    if !rules.contains(&rule.as_str()) {
        *rule = disguise.quoted(rule);
    }
    // Somebody's own words may name anybody.
    HIDDEN.clone_into(reason);
}

fn link(link: &mut Link, disguise: &Disguise) {
    let Link {
        at: _,
        to,
        kind: _,
        context: _,
        name,
    } = link;
    *name = disguise.name(name);
    match to {
        LinkEnd::Files(_) | LinkEnd::Component(_) => {}
        LinkEnd::Outside(package) => *package = disguise.name(package),
    }
}
