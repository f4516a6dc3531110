//! Which variables does a `.env` file set?

use super::assignments::{self, Assignment};
use crate::extract::environment::bindings;
use crate::extract::interpolation::{Escape, template};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::images;
use crate::model::{
    Certainty, Claim, Condition, Context, ExtractorId, Facts, Key, Language, Offer, Parsed,
    SourceFile, Subject, Template,
};

/// Reads `.env` files.
#[derive(Debug)]
pub(in crate::extract) struct Dotenv;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("deploy/dotenv"),
    summary: "Variables that .env files set, values of secrets left out",
    globs: &["**/.env", "**/.env.*", "**/*.env"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most variables of one file.
const VARIABLES: usize = 2048;

/// The most unreadable lines that are told one by one.
const PROBLEMS: usize = 16;

impl Extractor for Dotenv {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let (assignments, wrong) = assignments::read(text);
        facts.parsed(Parsed::Whole);
        for wrong in wrong.into_iter().take(PROBLEMS) {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Partly);
        }
        if let Some(more) = assignments.get(VARIABLES) {
            let message = format!("more than {VARIABLES} variables; the rest is not read");
            facts.problem(more.bytes.clone(), message);
            facts.parsed(Parsed::Partly);
        }
        let form = Form::of(file.path.file_name());
        for assignment in assignments.iter().take(VARIABLES) {
            state(assignment, &form, file, facts);
        }
    }
}

/// What the name of the file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form<'n> {
    /// `cart.env`: holds for whoever names it.
    Named,
    /// `.env` and `.env.production`: also read by the programs of the folder itself.
    Own(Option<&'n str>),
    /// `.env.example`: what is to be copied to `.env`.
    Example,
}

impl<'n> Form<'n> {
    fn of(name: &'n str) -> Self {
        let Some(suffix) = name.strip_prefix(".env") else {
            return Self::Named;
        };
        let suffix = suffix.trim_start_matches('.');
        let is_example = suffix.split(['.', '-', '_']).any(|word| {
            matches!(
                word,
                "default" | "defaults" | "dist" | "example" | "sample" | "template"
            )
        });
        if is_example {
            Self::Example
        } else {
            Self::Own(Some(suffix).filter(|suffix| !suffix.is_empty()))
        }
    }

    fn context(&self) -> Context {
        match self {
            Self::Own(Some("dev" | "development" | "local" | "development.local")) => {
                Context::Development
            }
            Self::Own(Some("test" | "testing" | "ci" | "e2e" | "test.local")) => Context::Test,
            _ => Context::Production,
        }
    }
}

fn state(one: &Assignment, form: &Form<'_>, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    let beside = match file.path.parent() {
        "" => "path:.env".to_owned(),
        folder => format!("path:{folder}/.env"),
    };
    let place = match form {
        Form::Example => beside.clone(),
        _ => format!("path:{}", file.path.path),
    };
    let value = if one.literal {
        Template::text(one.value.as_str())
    } else {
        template(&one.value, Escape::Backslash, &|name, default| {
            Template::reference(Key::at("env", place.as_str(), name), default)
        })
    };
    for (mut key, value) in bindings(&one.name, &value) {
        let mut push = |subject: Subject, key: Key| {
            let claim = Claim::Binds {
                key,
                value: value.clone(),
            };
            let fact = facts.push(subject, claim, one.bytes.clone());
            fact.context = fact.context.join(form.context());
            fact.certainty = match form {
                Form::Example => Certainty::Inferred,
                _ => Certainty::Declared,
            };
            if let Form::Own(Some(variant)) = form {
                fact.when.push(Condition::Variant((*variant).into()));
            }
        };
        match form {
            Form::Named => push(Subject::File, key),
            Form::Own(_) => {
                push(Subject::File, key.clone());
                // Programs that read the file themselves take variables; frameworks take settings from the environment alone.
                if key.namespace.0 == "env" {
                    push(Subject::Here, key);
                }
            }
            Form::Example => {
                key.at = beside.as_str().into();
                push(Subject::File, key);
            }
        }
    }
    // Manifests may name images by variables; what is in them is told here.
    let names_image = one.name.to_ascii_uppercase().contains("IMAGE");
    if let Some(image) = value.as_text().filter(|_| names_image)
        && let Some(known) = images::known(image)
    {
        let subject = Subject::Named(Key::new("image", image));
        let claim = Claim::Component {
            kind: known.kind,
            name: None,
        };
        facts
            .push(subject.clone(), claim, one.bytes.clone())
            .certainty = Certainty::Declared;
        if let Some(engine) = known.engine {
            let claim = Claim::Provides {
                key: Key::new("trait", format!("engine/{engine}")),
                how: Offer::Implements,
            };
            facts.push(subject, claim, one.bytes.clone()).certainty = Certainty::Declared;
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Dotenv, path, text));
    }

    #[test]
    fn variables_and_what_must_not_be_told() {
        check(
            "deploy/cart.env",
            "HOST=stock\nSTOCK_URL=http://${HOST}:${PORT:-80}\nPASSWORD=hidden\nDB=postgres://u:hidden@db/x\nDB_IMAGE=postgres:16\n",
            expect![[r#"
                file binds env:DB = postgres://u:{}@db/x [declared]  @ "DB=postgres://u:hidden@db/x"
                file binds env:DB_IMAGE = postgres:16 [declared]  @ "DB_IMAGE=postgres:16"
                file binds env:HOST = stock [declared]  @ "HOST=stock"
                file binds env:PASSWORD = {} [declared]  @ "PASSWORD=hidden"
                file binds env:STOCK_URL = http://${env(path:deploy/cart.env)HOST}:${env(path:deploy/cart.env)PORT|80} [declared]  @ "STOCK_URL=http://${HOST}:${PORT:-80}"
                image:postgres:16 is datastore [declared]  @ "DB_IMAGE=postgres:16"
                image:postgres:16 provides trait:engine/postgres [declared]  @ "DB_IMAGE=postgres:16"
            "#]],
        );
        check(
            ".env.production",
            "A=1\n",
            expect![[r#"
            file binds env:A = 1 [declared] when production  @ "A=1"
            here binds env:A = 1 [declared] when production  @ "A=1"
        "#]],
        );
        check(
            "deploy/.env.example",
            "A=1\n",
            expect![[r#"
            file binds env(path:deploy/.env)A = 1 [inferred]  @ "A=1"
        "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told() {
        check(
            ".env",
            "no assignment\n",
            expect![[r#"
            ! no assignment  @ "no assignment"
        "#]],
        );
        check(".env", "", expect![[r#""#]]);
        lines(&Dotenv, ".env", b"A=\xff");
    }
}
