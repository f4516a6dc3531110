//! What manifests declare: links to packages of the run, opened features, and the names under which code knows packages.

use std::collections::HashMap;

use super::super::packages::{self, Package};
use super::super::sites::{Sites, variants};
use super::holders::Holder;
use super::{Declaration, Extern, FoldContext, Pass, is_package, provide};
use crate::model::{
    Certainty, Claim, ComponentId, Condition, Context, DependencyKind, Fact, FileId, Hop, HopKind,
    Key, Part, Span, Subject, Template, Why,
};

impl<'a> Pass<'a, '_> {
    /// Every package that a manifest requires inside the run.
    pub(super) fn declarations(&mut self, sites: &mut Sites) -> Vec<Declaration<'a>> {
        let mut found = Vec::new();
        for fact in self.index.facts {
            let Claim::Requires { key, kind, .. } = &fact.claim else {
                continue;
            };
            if !is_package(key.namespace) {
                continue;
            }
            let holders = self.holders(fact);
            if let (true, Some(name)) = (holders.is_empty(), unknown_folder(fact)) {
                sites.unknown(fact, *kind, key.to_string(), Why::Unbound(name));
            }
            for holder in holders {
                self.declaration(fact, key, *kind, &holder, &mut found, sites);
            }
        }
        found
    }

    /// What one requirement declares for one component.
    fn declaration(
        &mut self,
        fact: &'a Fact,
        key: &Key,
        kind: DependencyKind,
        holder: &Holder<'a>,
        found: &mut Vec<Declaration<'a>>,
        sites: &mut Sites,
    ) {
        let from = holder.component;
        // A module lists what the modules that it requires require, too: no link of its own.
        let indirect = Condition::Variant("indirect".into());
        if key.namespace.0 == "gomod" && fact.when.contains(&indirect) {
            return;
        }
        let template = Template::from(key.clone());
        let Some((folded, value)) = self.package_key_in(&template, fact, holder.file) else {
            sites.unknown(fact, kind, key.to_string(), Why::TooDeep);
            return;
        };
        let section = self
            .managed(&folded, holder.file)
            .unwrap_or_default()
            .join(fact.context)
            .join(holder.context());
        let context = section
            .join(self.contexts.file(fact.span.file))
            .join(self.contexts.file(holder.file))
            .join(self.of_component(from));
        let package = packages::find(&folded, holder.file, self.index, self.units);
        let known = match package {
            Package::Released(..) => Certainty::Inferred,
            _ => Certainty::Declared,
        };
        match package {
            Package::Found(to, provider) | Package::Released(to, provider) => {
                let mut chain = vec![Hop {
                    span: fact.span,
                    what: HopKind::Use,
                    name: folded.to_string(),
                }];
                chain.extend(holder.hop());
                chain.extend(value.hops);
                chain.push(provide(provider, &folded));
                found.push(Declaration {
                    fact,
                    section,
                    variants: variants(&fact.when),
                    from,
                    to,
                    kind,
                    symbol: None,
                    context,
                    chain,
                    certainty: fact.certainty.min(value.certainty).min(known),
                });
            }
            Package::External => {
                if let Some(why) = open(&folded) {
                    sites.unknown(fact, kind, folded.to_string(), why);
                }
                // A `go.mod` does not tell what is for tests alone: the imports do.
                if folded.namespace.0 == "gomod" {
                    return;
                }
                let name = folded.name.to_string();
                if context == Context::Production && fact.when.is_empty() {
                    let packages = self.links.external.entry(from).or_default();
                    let package = (folded.namespace, name);
                    packages.entry(package).or_insert(fact.span);
                }
            }
            Package::Ambiguous(several) => {
                let names = several
                    .iter()
                    .map(|id| self.units.components[id.0 as usize].id.clone())
                    .collect();
                sites.unknown(fact, kind, folded.to_string(), Why::Ambiguous(names));
            }
            Package::Missing => {
                sites.unknown(fact, kind, folded.to_string(), Why::NotFound);
            }
        }
    }

    /// The context that a scope gives which Maven manages in another place than the dependency.
    fn managed(&self, package: &Key, file: FileId) -> Option<Context> {
        if package.namespace.0 != "maven" {
            return None;
        }
        let scope = Key::new("maven-scope", package.name.clone());
        let context = FoldContext {
            file,
            component: self.folder.scopes.component_of(file),
            workload: None,
        };
        let span = Span {
            file,
            ..Span::default()
        };
        let values = self.folder.fold(&scope.into(), span, context).ok()?;
        let is_test = values
            .iter()
            .any(|value| value.template.as_text() == Some("test"));
        is_test.then_some(Context::Test)
    }

    /// Every feature that a manifest turns on although the package keeps it to itself.
    pub(super) fn opened_features(&self) -> Vec<Declaration<'a>> {
        let mut found = Vec::new();
        for fact in self.index.facts {
            let Claim::Requires { key, kind, .. } = &fact.claim else {
                continue;
            };
            if key.namespace.0 != "cargo-feature" || fact.subject != Subject::Here {
                continue;
            }
            // A package that is not found is told where it is linked.
            let template = Template::from(key.clone());
            let Some((folded, value)) = self.package_key(&template, fact) else {
                continue;
            };
            let text = folded.name.as_text().and_then(|name| name.split_once('/'));
            let Some((package, feature)) = text else {
                continue;
            };
            let package = Key::at("cargo", folded.at.clone(), package);
            let Package::Found(to, provider) =
                packages::find(&package, fact.span.file, self.index, self.units)
            else {
                continue;
            };
            let is_open = |fact: &Fact| {
                matches!(&fact.claim, Claim::Provides { key, .. }
                    if key.namespace.0 == "cargo-open-feature" && key.name.as_text() == Some(feature))
            };
            let said = self.index.facts_of_file(provider.span.file);
            if said.iter().any(is_open) {
                continue;
            }
            let mut chain = vec![Hop {
                span: fact.span,
                what: HopKind::Use,
                name: format!("feature `{feature}`"),
            }];
            chain.extend(value.hops);
            chain.push(provide(provider, &package));
            found.push(Declaration {
                fact,
                from: self.component(fact),
                to,
                kind: *kind,
                symbol: Some(format!("feature:{feature}")),
                context: self.context(fact),
                section: fact.context,
                variants: variants(&fact.when),
                chain,
                certainty: fact.certainty.min(value.certainty),
            });
        }
        found
    }

    /// The names under which each component's code knows the packages of the run.
    pub(super) fn externs(&self) -> HashMap<(ComponentId, &'a str), Vec<Extern<'a>>> {
        let mut externs: HashMap<(ComponentId, &'a str), Vec<Extern<'a>>> = HashMap::new();
        for fact in self.index.facts {
            let (Subject::Here, Claim::Binds { key, value }) = (&fact.subject, &fact.claim) else {
                continue;
            };
            let (true, Some(name)) = (key.namespace.0 == "crate", key.name.as_text()) else {
                continue;
            };
            let Some((folded, folded_value)) = self.package_key(value, fact) else {
                continue;
            };
            let Package::Found(target, provider) =
                packages::find(&folded, fact.span.file, self.index, self.units)
            else {
                continue;
            };
            let mut hops = vec![Hop {
                span: fact.span,
                what: HopKind::Bind,
                name: format!("{name} = {folded}"),
            }];
            hops.extend(folded_value.hops);
            hops.push(provide(provider, &folded));
            let name = self.library_name(&folded, name, provider);
            externs
                .entry((self.component(fact), name))
                .or_default()
                .push(Extern {
                    target,
                    context: self.context(fact),
                    when: &fact.when,
                    hops,
                    certainty: fact.certainty.min(folded_value.certainty),
                });
        }
        externs
    }

    /// The name that code uses: a package that is not renamed goes by the name of its library target.
    fn library_name(&self, package: &Key, name: &'a str, provider: &'a Fact) -> &'a str {
        let renamed = package
            .name
            .as_text()
            .is_none_or(|package| package.replace('-', "_") != name);
        if renamed {
            return name;
        }
        self.index
            .facts_of_file(provider.span.file)
            .iter()
            .find_map(|fact| match &fact.claim {
                Claim::Provides { key, .. } if key.namespace.0 == "lib" => key.name.as_text(),
                _ => None,
            })
            .unwrap_or(name)
    }
}

/// The folder that a fact is about, when nothing in the run tells which it is.
fn unknown_folder(fact: &Fact) -> Option<String> {
    match &fact.subject {
        Subject::Named(key) if key.namespace.0 == "path" && !key.is_literal() => {
            Some(key.name.to_string())
        }
        _ => None,
    }
}

/// What keeps a folded key from saying which package it means.
fn open(key: &Key) -> Option<Why> {
    let mut parts = key.at.0.iter().chain(&key.name.0);
    parts.find_map(|part| match part {
        Part::Text(_) => None,
        Part::Ref(reference) => Some(Why::Unbound(reference.key.to_string())),
        Part::Hole | Part::Star => Some(Why::NotFound),
    })
}
