//! Who owns a component: who owns more than half of its code?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Input;
use crate::model::{
    ComponentOwner, Context, FileId, FileRow, Organisation, Owned, OwnerSetId, Span,
};

/// The owners of all components, from those of the files.
pub(super) fn owners(input: &Input<'_>, organisation: &Organisation) -> Vec<ComponentOwner> {
    let same = same_sets(organisation);
    let mut files: Vec<Vec<FileId>> = vec![Vec::new(); input.components.len()];
    for (id, row) in input.files.iter() {
        if !row.class.vendored
            && !input.files.is_given(id)
            && let Some(files) = files.get_mut((input.component_of)(id).0 as usize)
        {
            files.push(id);
        }
    }
    input
        .components
        .iter()
        .zip(files)
        .map(|(component, mut files)| {
            let telling = [is_production_source, is_generated_source]
                .into_iter()
                .find(|tells| files.iter().any(|file| tells(input.files.row(*file))));
            if let Some(tells) = telling {
                files.retain(|file| tells(input.files.row(*file)));
            } else if files.is_empty() {
                files.extend(component.declared_in);
            }
            owner(files.iter().map(|file| organisation.file(*file)), &same)
        })
        .collect()
}

fn is_production_source(row: &FileRow) -> bool {
    row.class.context == Context::Production && row.class.language.is_code() && !row.info.generated
}

/// What stands for a component in which nobody wrote a line by hand.
fn is_generated_source(row: &FileRow) -> bool {
    row.class.language.is_code()
        && (row.class.context == Context::Generated
            || row.class.context == Context::Production && row.info.generated)
}

/// For each set the first one with the same teams and people.
fn same_sets(organisation: &Organisation) -> Vec<OwnerSetId> {
    let mut first = BTreeMap::new();
    (0_u32..)
        .map(OwnerSetId)
        .zip(&organisation.sets)
        .map(|(id, set)| *first.entry((&set.teams, &set.atoms)).or_insert(id))
        .collect()
}

/// Counts files by owner set.
fn owner(files: impl Iterator<Item = Owned>, same: &[OwnerSetId]) -> ComponentOwner {
    let mut lines: BTreeMap<Option<OwnerSetId>, BTreeMap<Option<Span>, u32>> = BTreeMap::new();
    let mut total = 0;
    for owned in files {
        let set = owned.set().map(|set| same[set.0 as usize]);
        *lines
            .entry(set)
            .or_default()
            .entry(owned.line())
            .or_default() += 1;
        total += 1;
    }
    let mut shares: Vec<(Option<OwnerSetId>, u32)> = lines
        .iter()
        .map(|(set, lines)| (*set, lines.values().sum()))
        .collect();
    shares.sort_by_key(|(set, count)| (Reverse(*count), set.is_none(), *set));
    let owned = match shares.first() {
        Some((set, count)) if *count > total / 2 => decided(*set, &lines[set]),
        _ => Owned::Unmatched,
    };
    ComponentOwner { owned, shares }
}

/// What the most frequent of the deciding lines says; of equally frequent ones the first.
fn decided(set: Option<OwnerSetId>, lines: &BTreeMap<Option<Span>, u32>) -> Owned {
    let line = lines
        .iter()
        .filter_map(|(line, count)| Some(((*line)?, *count)))
        .min_by_key(|(line, count)| (Reverse(*count), *line));
    let unmatched = lines.get(&None).copied().unwrap_or(0);
    let explicit = lines.values().sum::<u32>() - unmatched;
    match (set, line) {
        (Some(set), Some((line, _))) => Owned::By(set, line),
        (None, Some((line, _))) if explicit > unmatched => Owned::Unowned(line),
        _ => Owned::Unmatched,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Resolved, World};
    use crate::model::{Context, Language};

    fn cart(codeowners: &'static str, paths: &[&str]) -> World {
        let mut world = World::new(codeowners, paths);
        world.component("cart");
        world
    }

    /// Written owners of the sets and their shares of the component `cart`.
    fn shares(run: &Resolved) -> String {
        let organisation = &run.organisation;
        let shares = organisation.components[1].shares.iter();
        let shares = shares.map(|(set, count)| match set {
            Some(set) => {
                let written = &organisation.sets[set.0 as usize].written;
                let texts: Vec<&str> = written.iter().map(|owner| &*owner.text).collect();
                format!("{} {count}", texts.join(" "))
            }
            None => format!("nobody {count}"),
        });
        shares.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn more_than_half_of_the_source_decides() {
        let lines = "/cart/ @acme/cart\n/cart/c.rs @acme/pay";
        let run = cart(lines, &["cart/a.rs", "cart/b.rs", "cart/c.rs"]).resolve();
        assert_eq!(run.component(1), "cart by 1");
        assert_eq!(shares(&run), "@acme/cart 2; @acme/pay 1");
    }

    #[test]
    fn a_half_is_no_majority() {
        let lines = "/cart/ @acme/cart\n/cart/b.rs @acme/pay";
        let run = cart(lines, &["cart/a.rs", "cart/b.rs"]).resolve();
        assert_eq!(run.component(1), "unmatched");
        assert_eq!(shares(&run), "@acme/cart 1; @acme/pay 1");
    }

    #[test]
    fn the_same_owners_in_another_order_are_added_up() {
        let lines = "/cart/a.rs @acme/cart @ada\n/cart/b* @ada @acme/cart\n/cart/c.rs @acme/pay";
        let paths = [
            "cart/a.rs",
            "cart/b1.rs",
            "cart/b2.rs",
            "cart/c.rs",
            "cart/d.rs",
        ];
        let run = cart(lines, &paths).resolve();
        assert_eq!(run.component(1), "cart by 2", "the most frequent line");
        assert_eq!(shares(&run), "@acme/cart @ada 3; @acme/pay 1; nobody 1");
    }

    #[test]
    fn tests_generated_vendored_and_prose_do_not_count() {
        let lines = "/cart/ @acme/other\n/cart/a.rs @acme/cart";
        let mut world = cart(lines, &["cart/a.rs"]);
        world.file(0, "cart/test.rs").class.context = Context::Test;
        world.file(0, "cart/gen.rs").info.generated = true;
        world.file(0, "cart/vendor.rs").class.vendored = true;
        world.file(0, "cart/README.md").class.language = Language::Prose;
        assert_eq!(world.resolve().component(1), "cart by 2");
    }

    #[test]
    fn of_a_generated_client_the_generated_source_counts() {
        let lines = "/cart/ @acme/cart\n/cart/src/";
        let mut world = cart(lines, &[]);
        for path in ["cart/Cargo.toml", "cart/README.md"] {
            world.file(0, path).class.language = Language::Prose;
        }
        world.file(0, "cart/src/signed.rs").info.generated = true;
        world.file(0, "cart/src/listed.rs").class.context = Context::Generated;
        let run = world.resolve();
        assert_eq!(run.component(1), "unowned by 2");
        assert_eq!(shares(&run), "nobody 2");
    }

    #[test]
    fn without_source_all_own_files_count() {
        let lines = "/cart/ @acme/cart\n/cart/v* @acme/other";
        let mut world = cart(lines, &[]);
        world.file(0, "cart/a.proto").class.language = Language::Idl;
        world.file(0, "cart/t.rs").class.context = Context::Test;
        for path in ["cart/v1", "cart/v2", "cart/v3"] {
            world.file(0, path).class.vendored = true;
        }
        let run = world.resolve();
        assert_eq!(run.component(1), "cart by 1");
        assert_eq!(shares(&run), "@acme/cart 2");
    }

    #[test]
    fn what_only_a_manifest_names_has_the_owner_of_the_manifest() {
        // Ids follow the sorted paths: `.github/CODEOWNERS`, then `compose.yaml`.
        let mut world = World::new("/compose.yaml @acme/infra", &["compose.yaml"]);
        let component = world.component("none");
        component.root = None;
        component.declared_in = Some(crate::model::FileId(1));
        world.component("empty");
        let run = world.resolve();
        assert_eq!(run.component(1), "infra by 1");
        assert_eq!(run.component(2), "unmatched");
    }

    #[test]
    fn explicit_holes_and_silence_are_told_apart() {
        let paths = ["cart/a.rs", "cart/b.rs", "cart/c.rs"];
        let run = cart("/cart/a.rs\n/cart/b.rs", &paths).resolve();
        assert_eq!(run.component(1), "unowned by 1");
        let run = cart("/cart/a.rs", &paths).resolve();
        assert_eq!(run.component(1), "unmatched");
        assert_eq!(shares(&run), "nobody 3");
    }
}
