//! Infrastructure as code: folders that Terraform, Helm and Kustomize take in.

mod helm;
mod kustomize;
mod labels;
mod tags;
mod terraform;

pub(super) use helm::Chart;
pub(super) use kustomize::Kustomization;
pub(super) use labels::Labels;
pub(super) use tags::Tags;
pub(super) use terraform::Terraform;

use std::ops::Range;

use crate::model::{Certainty, Context, DependencyKind, Facts, Key, join};

/// States that the file takes in a folder, or a file, by its path.
fn folder(from: &str, path: &str, bytes: Range<usize>, facts: &mut Facts<'_>) {
    let key = match join(from, path) {
        Some(folder) => Key::new("folder", folder),
        None => Key::at("folder", format!("outside:{path}"), path),
    };
    state(key, bytes, facts);
}

/// States that the file takes in something from elsewhere.
fn outside(place: &str, name: &str, bytes: Range<usize>, facts: &mut Facts<'_>) {
    state(Key::at("folder", place, name), bytes, facts);
}

fn state(key: Key, bytes: Range<usize>, facts: &mut Facts<'_>) {
    let fact = facts.requires(key, DependencyKind::LinkImpl, 1, bytes);
    fact.certainty = Certainty::Declared;
    // What is rolled out together is put together: no code of one is in the other.
    fact.context = fact.context.join(Context::Build);
}
