//! Which processes does a Procfile start?
//!
//! Source: <https://devcenter.heroku.com/articles/procfile>

use crate::extract::command::Command;
use crate::extract::interpolation::{Escape, template};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::secrets::masked;
use crate::model::{
    Certainty, Claim, ComponentKind, ExtractorId, Facts, Key, Language, Parsed, SourceFile,
    Subject, Template,
};

/// Reads Procfiles.
#[derive(Debug)]
pub(in crate::extract) struct Procfile;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("deploy/procfile"),
    summary: "Processes that Procfiles start",
    globs: &["**/Procfile"],
    markers: &[":"],
    languages: &[Language::Data],
    ownership: false,
};

/// The most processes of one file.
const PROCESSES: usize = 64;

impl Extractor for Procfile {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let mut at = 0;
        let mut processes = 0;
        for line in text.split_inclusive('\n') {
            let bytes = at..at + line.trim_end().len();
            at += line.len();
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let process = line.split_once(':').filter(|(name, command)| {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                !name.is_empty() && name.chars().all(is_plain) && !command.trim().is_empty()
            });
            let Some((name, command)) = process else {
                facts.problem(bytes, "no process");
                facts.parsed(Parsed::Partly);
                continue;
            };
            processes += 1;
            if processes > PROCESSES {
                let message = format!("more than {PROCESSES} processes; the rest is not read");
                facts.problem(bytes, message);
                facts.parsed(Parsed::Partly);
                return;
            }
            process_facts(name, command, file.path.parent(), bytes, facts);
        }
    }
}

fn process_facts(
    name: &str,
    command: &str,
    folder: &str,
    bytes: std::ops::Range<usize>,
    facts: &mut Facts<'_>,
) {
    let place = if folder.is_empty() { "." } else { folder };
    let subject = Subject::Named(Key::at("procfile", format!("path:{place}"), name));
    let kind = match name {
        "release" | "postdeploy" | "migrate" => ComponentKind::Job,
        _ => ComponentKind::Service,
    };
    let command = Command::split(command);
    let mut state = |claim: Claim| {
        facts.push(subject.clone(), claim, bytes.clone()).certainty = Certainty::Declared;
    };
    state(Claim::Component { kind, name: None });
    let entry = command.as_ref().and_then(Command::entry);
    // What answers requests is what the code is for.
    let entry = entry.filter(|_| name != "web").map(Template::text);
    state(Claim::Runs {
        what: Key::new("path", folder),
        entry,
    });
    for setting in command.iter().flat_map(Command::settings) {
        let value = template(setting.value, Escape::Backslash, &|name, default| {
            Template::reference(Key::new("env", name), default)
        });
        let value = masked(setting.name, &value);
        let key = Key::new("property", setting.name);
        state(Claim::Binds { key, value });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Procfile, "shop/Procfile", text));
    }

    #[test]
    fn processes() {
        check(
            "# a comment\nweb: java -Dserver.port=$PORT -jar shop.jar\nworker: bundle exec sidekiq -c 2\nrelease: rake db:migrate\n",
            expect![[r#"
                procfile(path:shop)release is job [declared]  @ "release: rake db:migrate"
                procfile(path:shop)release runs path:shop rake db:migrate [declared]  @ "release: rake db:migrate"
                procfile(path:shop)web binds property:server.port = ${env:PORT} [declared]  @ "web: java -Dserver.port=$PORT -jar shop.jar"
                procfile(path:shop)web is service [declared]  @ "web: java -Dserver.port=$PORT -jar shop.jar"
                procfile(path:shop)web runs path:shop [declared]  @ "web: java -Dserver.port=$PORT -jar shop.jar"
                procfile(path:shop)worker is service [declared]  @ "worker: bundle exec sidekiq -c 2"
                procfile(path:shop)worker runs path:shop bundle exec sidekiq [declared]  @ "worker: bundle exec sidekiq -c 2"
            "#]],
        );
        check(
            "what is this\n: x\nweb:\n",
            expect![[r#"
            ! no process  @ ": x"
            ! no process  @ "web:"
            ! no process  @ "what is this"
        "#]],
        );
        check("", expect![[r#""#]]);
    }
}
