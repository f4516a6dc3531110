//! What does a team file say: a team, its handle, and the globs and gems that it owns?
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>,
//! <https://github.com/rubyatscale/code_teams>

use super::{root, team};
use crate::extract::owned::{Statements, glob, is_sample};
use crate::extract::tree::{Node, Value, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, OwnershipSource, Selector, SourceFile,
    Subject, Team,
};

/// Reads `config/teams/**/*.yml`.
#[derive(Debug)]
pub(in crate::extract) struct Teams;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("code-ownership/teams"),
    summary: "Teams of code_ownership, their globs and gems",
    globs: &["**/config/teams/**/*.{yml,yaml}"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Teams {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let folder = root(&file.path.path, "config/teams/");
        for document in documents(file, facts) {
            // Others keep teams in such folders, too: this format has a name and a handle.
            let Some(name) = document.get("name") else {
                continue;
            };
            let handle = document.at(&["github", "team"]);
            let has_globs = ["owned_globs", "unowned_globs", "subtracted_globs", "ruby"];
            if handle.is_none() && has_globs.iter().all(|key| document.get(key).is_none()) {
                continue;
            }
            read(&document, name, handle, folder, facts);
        }
    }
}

fn read(document: &Node, name: &Node, handle: Option<&Node>, folder: &str, facts: &mut Facts<'_>) {
    let mut say = Statements::new(facts, OwnershipSource::TeamFile);
    let bytes = name.bytes.clone();
    let Some(text) = name.text().map(str::trim).filter(|text| !text.is_empty()) else {
        say.wrong(bytes, "`name` must be the name of a team");
        return;
    };
    let claim = Claim::Team(Box::new(Team {
        id: text.to_owned(),
        aliases: handle
            .and_then(Node::text)
            .map(str::to_owned)
            .into_iter()
            .collect(),
        ..Team::default()
    }));
    say.facts
        .push(Subject::File, claim, bytes.clone())
        .certainty = Certainty::Declared;
    let owner = || vec![team(text)];
    say.owns(Selector::File, owner(), bytes);
    for pattern in patterns(document, &["owned_globs"], &mut say) {
        let text = pattern.text().unwrap_or_default();
        say.owns(glob(folder, text), owner(), pattern.bytes.clone());
    }
    for pattern in patterns(document, &["unowned_globs", "subtracted_globs"], &mut say) {
        let text = pattern.text().unwrap_or_default();
        say.cuts(glob(folder, text), pattern.bytes.clone());
    }
    let gems = document.at(&["ruby", "owned_gems"]);
    for gem in gems.map_or(&[][..], Node::items) {
        if let Some(name) = gem.text() {
            // Where vendored gems lie is told by the configuration.
            let what = Selector::Name(Key::at("vendored-gem", folder, name));
            say.owns(what, owner(), gem.bytes.clone());
        }
    }
}

/// The texts of lists of globs; what is no such list is told.
fn patterns<'n>(document: &'n Node, keys: &[&str], say: &mut Statements<'_, '_>) -> Vec<&'n Node> {
    let mut found = Vec::new();
    for (key, node) in keys
        .iter()
        .filter_map(|key| Some((key, document.get(key)?)))
    {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Null => &[],
            _ => std::slice::from_ref(node),
        };
        for item in items {
            if item.text().is_some_and(|text| !text.is_empty()) && !std::ptr::eq(item, node) {
                found.push(item);
            } else {
                say.wrong(
                    item.bytes.clone(),
                    format!("`{key}` must be a list of globs"),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn a_team_with_globs_and_gems() {
        let text = "name: Cart Folks\ngithub:\n  team: '@acme/cart'\nowned_globs:\n- app/cart/**/*\nunowned_globs:\n- app/cart/legacy/**/*\nruby:\n  owned_gems: [money]\n";
        expect![[r#"
            file owns file by team-file Cart Folks [declared]  @ "Cart Folks"
            file owns glob:app/cart/**/* by team-file Cart Folks [declared]  @ "app/cart/**/*"
            file owns glob:app/cart/legacy/**/* by team-file nobody [cut] [declared]  @ "app/cart/legacy/**/*"
            file owns vendored-gem:money by team-file Cart Folks [declared]  @ "money"
            file team Cart Folks alias @acme/cart [declared]  @ "Cart Folks"
        "#]]
        .assert_eq(&lines(&Teams, "config/teams/shop/cart.yml", text));
    }

    #[test]
    fn what_is_no_team_says_nothing() {
        assert!(
            facts(&Teams, "config/teams/a.yml", b"name: Cart\nchannel: cart\n")
                .facts
                .is_empty()
        );
        assert!(facts(&Teams, "config/teams/a.yml", b"").facts.is_empty());
        expect![[r#"
            ! `owned_globs` must be a list of globs  @ "app/**"
            file owns file by team-file Cart [declared]  @ "Cart"
            file team Cart alias @acme/cart [declared]  @ "Cart"
        "#]]
        .assert_eq(&lines(
            &Teams,
            "config/teams/a.yml",
            "name: Cart\ngithub: {team: '@acme/cart'}\nowned_globs: app/**\n",
        ));
    }
}
