//! Out of which folders does Skaffold build images?
//!
//! Source: <https://skaffold.dev/docs/references/yaml/>

use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Condition, ExtractorId, Facts, Key, Language, SourceFile, Subject, Template,
    join,
};

/// Reads Skaffold's files.
#[derive(Debug)]
pub(in crate::extract) struct Skaffold;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("deploy/skaffold"),
    summary: "Folders out of which Skaffold builds images",
    globs: &["**/*skaffold*.{yml,yaml}"],
    markers: &["artifacts"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Skaffold {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let folder = file.path.parent();
        for document in documents(file, facts) {
            artifacts(&document, folder, None, facts);
            for profile in document.get("profiles").map_or(&[][..], Node::items) {
                artifacts(profile, folder, profile.text_of("name"), facts);
            }
        }
    }
}

fn artifacts(section: &Node, folder: &str, profile: Option<&str>, facts: &mut Facts<'_>) {
    let artifacts = section.at(&["build", "artifacts"]);
    for artifact in artifacts.map_or(&[][..], Node::items) {
        let Some(image) = artifact.get("image") else {
            continue;
        };
        let context = artifact.text_of("context").unwrap_or(".");
        let (Some(name), Some(context)) = (image.text(), join(folder, context)) else {
            continue;
        };
        let mut state = |subject: Subject, claim: Claim| {
            let fact = facts.push(subject, claim, image.bytes.clone());
            fact.certainty = Certainty::Declared;
            fact.when
                .extend(profile.map(|name| Condition::Variant(name.into())));
        };
        let mut runs = |what: Key| {
            let subject = Subject::Named(Key::new("image", name));
            state(subject, Claim::Runs { what, entry: None });
        };
        let others = ["bazel", "buildpacks", "custom", "jib", "ko"];
        if let Some(project) = artifact.at(&["jib", "project"]).and_then(Node::text)
            && let Some(path) = join(&context, &project.trim_start_matches(':').replace(':', "/"))
        {
            // A module of the build in the folder.
            runs(Key::new("path", path));
        } else if others.iter().all(|builder| artifact.get(builder).is_none()) {
            let docker = artifact.get("docker");
            let text = |key: &str| docker.and_then(|docker| docker.text_of(key));
            let dockerfile = join(&context, text("dockerfile").unwrap_or("Dockerfile"));
            if let Some(path) = dockerfile {
                let stage = text("target").unwrap_or_default().to_lowercase();
                runs(Key::at("dockerfile", format!("path:{path}"), stage));
                let claim = Claim::Binds {
                    key: Key::new("docker-context", path),
                    value: Template::text(format!("path:{context}")),
                };
                state(Subject::Here, claim);
            }
        }
        let subject = Subject::Named(Key::new("image", name));
        let what = Key::new("path", context);
        state(subject, Claim::Runs { what, entry: None });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn artifacts_of_all_builders_and_profiles() {
        let text = "build:
  artifacts:
    - image: acme/cart
      context: services/cart
    - image: acme/till
      context: ..
      docker: {dockerfile: till/Dockerfile, target: Run}
    - image: acme/stock
      jib: {project: stock}
    - image: acme/out
      context: ../..
    - context: no
profiles:
  - name: debug
    build: {artifacts: [{image: acme/cart, ko: {}}]}
";
        expect![[r#"
            here binds docker-context:deploy/services/cart/Dockerfile = path:deploy/services/cart [declared]  @ "acme/cart"
            here binds docker-context:till/Dockerfile = path: [declared]  @ "acme/till"
            image:acme/cart runs dockerfile(path:deploy/services/cart/Dockerfile) [declared]  @ "acme/cart"
            image:acme/cart runs path:deploy [declared] when debug  @ "acme/cart"
            image:acme/cart runs path:deploy/services/cart [declared]  @ "acme/cart"
            image:acme/stock runs path:deploy [declared]  @ "acme/stock"
            image:acme/stock runs path:deploy/stock [declared]  @ "acme/stock"
            image:acme/till runs dockerfile(path:till/Dockerfile)run [declared]  @ "acme/till"
            image:acme/till runs path: [declared]  @ "acme/till"
        "#]].assert_eq(&lines(&Skaffold, "deploy/skaffold.yaml", text));
    }
}
