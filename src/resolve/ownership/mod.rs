//! Who owns each file and each component?

mod books;
mod botmeta;
mod code_ownership;
mod codeowners;
mod components;
mod descriptors;
mod expressions;
mod folders;
mod gerrit;
mod gitea;
mod github;
mod gitlab;
mod globs;
mod kubernetes;
mod lines;
mod maintainers;
mod patterns;
mod people;
mod reach;
mod sets;
mod teams;
#[cfg(test)]
mod testing;
mod texts;
mod voices;

use std::collections::BTreeMap;

use globset::GlobBuilder;

use crate::config::{Config, Declared};
use crate::model::{
    Component, ComponentId, Fact, FileId, FileTable, Organisation, Owned, Owner, OwnerForm, Place,
    Problem, Span,
};

use self::sets::Sets;
use self::teams::Teams;

/// What ownership is resolved from.
pub(super) struct Input<'a> {
    pub(super) files: &'a FileTable,
    pub(super) facts: &'a [Fact],
    pub(super) components: &'a [Component],
    /// The component in which a file lies.
    pub(super) component_of: &'a dyn Fn(FileId) -> ComponentId,
    pub(super) config: &'a Config,
    /// The file of the configuration, for spans.
    pub(super) config_file: Option<FileId>,
}

/// Resolves teams, owner sets, and who owns what.
///
/// What the configuration says of a component goes before every other source, for the component and for its files.
pub(super) fn resolve(input: &Input<'_>) -> (Organisation, Vec<Problem>) {
    let mut problems = Vec::new();
    let books = books::all(input, &mut problems);
    let configured = configured(input, &mut problems);

    let lines = || books.iter().flat_map(|book| book.lines());
    let lists: Vec<&[Owner]> = lines()
        .map(|line| line.owners)
        .chain(configured.values().map(|(owner, _)| &owner[..]))
        .collect();
    let teams = Teams::new(input, &lists, &mut problems);
    let mut sets = Sets::new(teams, &input.config.ownership.ignore_owners);
    let named = lines().map(|line| (line.owners, line.span));
    let strangers = sets.strangers(named, input);
    let configured: BTreeMap<ComponentId, Owned> = configured
        .iter()
        .map(|(component, (owner, span))| (*component, sets.owned(owner, *span)))
        .collect();
    let said = voices::said(input, &books);
    let voices = voices::voices(input, &books, &said, &configured, &mut sets);

    let mut organisation = sets.organisation(input);
    organisation.has_sources = !lists.is_empty();
    organisation.strangers = strangers;
    organisation.lines = lines::lines(input, &books, &said);
    voices.apply(&mut organisation);
    organisation.components = components::owners(input, &organisation);
    for (component, owned) in configured {
        if let Some(entry) = organisation.components.get_mut(component.0 as usize) {
            entry.owned = owned;
        }
    }
    (organisation, problems)
}

/// The owners that the configuration gives to components; of several entries the last counts.
fn configured(
    input: &Input<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<ComponentId, ([Owner; 1], Span)> {
    let mut found = BTreeMap::new();
    for entry in &input.config.components {
        let Some(team) = &entry.value.team else {
            continue;
        };
        let span = config_span(input, entry);
        let pattern = entry.value.path.trim_start_matches("./").trim_matches('/');
        let pattern = if pattern == "." { "" } else { pattern };
        let glob = match GlobBuilder::new(pattern).literal_separator(true).build() {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                problems.push(Problem {
                    place: span.map_or(Place::Run, Place::Span),
                    message: format!("`team` of this component not used: {}", error.kind()),
                });
                continue;
            }
        };
        for (index, component) in input.components.iter().enumerate() {
            let Some(root) = &component.root else {
                continue;
            };
            let at = entry.at.as_ref();
            if at.is_none_or(|at| at.repo == root.repo) && glob.is_match(&*root.path) {
                let span = span.or_else(|| {
                    let file = component.declared_in?;
                    Some(Span {
                        file,
                        ..Span::default()
                    })
                });
                let owner = Owner::parse(team).unwrap_or_else(|| Owner {
                    text: team.as_str().into(),
                    form: OwnerForm::TeamHandle,
                });
                found.insert(
                    ComponentId(index as u32),
                    ([owner], span.unwrap_or_default()),
                );
            }
        }
    }
    found
}

/// A place in the configuration, when its file is part of the run.
fn config_span<T>(input: &Input<'_>, entry: &Declared<T>) -> Option<Span> {
    let file = match &entry.at {
        Some(at) => input.files.find(at.repo, &at.path),
        None => input.config_file,
    };
    Some(Span {
        file: file?,
        start: u32::try_from(entry.start).ok()?,
        end: u32::try_from(entry.end).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::testing::World;

    #[test]
    fn the_last_matching_line_wins_and_an_ownerless_one_is_a_hole() {
        let run = World::new(
            "/cart/ @acme/cart\n/cart/gen/\n/cart/gen/keep.rs @acme/core",
            &["cart/a.rs", "cart/gen/b.rs", "cart/gen/keep.rs", "pay/c.rs"],
        )
        .resolve();
        assert_eq!(run.owner("cart/a.rs"), "cart by 1");
        assert_eq!(run.owner("cart/gen/b.rs"), "unowned by 2");
        assert_eq!(run.owner("cart/gen/keep.rs"), "core by 3");
        assert_eq!(run.owner("pay/c.rs"), "unmatched");
    }

    #[test]
    fn only_the_first_of_several_files_counts() {
        let mut world = World::new("*.rs @acme/hidden", &["a.rs", "b.md"]);
        world.codeowners(0, "CODEOWNERS", "* @acme/root");
        world.codeowners(0, "docs/CODEOWNERS", "* @acme/docs");
        let run = world.resolve();
        assert_eq!(run.owner("a.rs"), "hidden by 1");
        assert_eq!(run.owner("b.md"), "unmatched");
        let invalid = run
            .organisation
            .lines
            .iter()
            .map(|line| line.invalid.as_deref());
        assert_eq!(
            invalid.flatten().collect::<Vec<_>>(),
            ["GitHub reads `.github/CODEOWNERS` only; move the lines there"; 2]
        );
        assert!(run.problems.is_empty());
        assert_eq!(run.organisation.teams.len(), 1);
    }

    #[test]
    fn a_repository_is_ruled_by_its_own_file_only() {
        let mut world = World::new("* @acme/shop", &["a.rs"]);
        world.file(1, "a.rs");
        world.file(1, "b.rs");
        world.codeowners(1, "docs/CODEOWNERS", "/b.rs @acme/bank");
        let run = world.resolve();
        assert_eq!(run.owner("a.rs"), "shop by 1");
        assert_eq!(run.owned(1, "a.rs").set(), None);
        assert!(run.owned(1, "b.rs").set().is_some());
    }

    #[test]
    fn the_configuration_goes_before_codeowners() {
        let mut world = World::new("* @acme/core", &["services/cart/a.rs", "services/pay/b.rs"]);
        world.component("services/cart");
        world.component("services/pay");
        world.component_team("services/*", "someone");
        world.component_team("./services/cart/", "@acme/cart");
        let run = world.resolve();
        assert_eq!(run.component(0), "core by 1");
        assert_eq!(run.component(1), "cart by 7");
        assert_eq!(run.owner("services/cart/a.rs"), "cart by 7");
        assert_eq!(run.component(2), "someone by 7");
    }

    #[test]
    fn a_broken_glob_in_the_configuration_is_a_problem() {
        let mut world = World::new("* @acme/core", &["a.rs"]);
        world.component_team("services/{a", "cart");
        let run = world.resolve();
        assert_eq!(run.problems.len(), 1);
        assert_eq!(run.owner("a.rs"), "core by 1");
    }

    #[test]
    fn without_a_line_there_is_no_source() {
        assert!(!World::new("", &["a.rs"]).resolve().organisation.has_sources);
        assert!(
            World::new("/x", &["a.rs"])
                .resolve()
                .organisation
                .has_sources
        );
    }
}
