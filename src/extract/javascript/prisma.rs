//! Which databases do schemas of Prisma name, and where does the address come from?
//!
//! Source: <https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource>

use std::ops::Range;

use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Access, Claim, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Subject,
    Template,
};

/// Reads `schema.prisma`.
#[derive(Debug)]
pub(in crate::extract) struct Prisma;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("javascript/prisma"),
    summary: "Databases that schemas of Prisma connect to",
    globs: &["**/*.prisma"],
    markers: &["datasource"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Prisma {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let mut source: Option<Source> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let said = line.trim();
            match &mut source {
                None => {
                    let name = said.strip_prefix("datasource").map(str::trim);
                    if name.is_some_and(|name| name.ends_with('{')) {
                        source = Some(Source {
                            bytes: start..start + said.len(),
                            ..Source::default()
                        });
                    }
                }
                Some(_) if said.starts_with('}') => {
                    if let Some(source) = source.take() {
                        source.state(facts);
                    }
                }
                Some(source) => source.read(said, start),
            }
        }
        if let Some(open) = source {
            facts.problem(open.bytes.clone(), "the block does not end");
            facts.parsed(Parsed::Partly);
            open.state(facts);
        }
    }
}

/// A block `datasource`.
#[derive(Default)]
struct Source {
    bytes: Range<usize>,
    engine: Option<String>,
    address: Option<(Template, Range<usize>)>,
}

impl Source {
    /// A line of the block: `url = env("DATABASE_URL")`.
    fn read(&mut self, line: &str, start: usize) {
        let Some((name, value)) = line.split_once('=') else {
            return;
        };
        let value = value.trim();
        match name.trim() {
            "provider" => self.engine = text(value).map(|name| engine(name).to_owned()),
            // The direct address is the same store without what stands in front of it.
            "directUrl" => self.set(value, start..start + line.len()),
            "url" if self.address.is_none() => self.set(value, start..start + line.len()),
            _ => {}
        }
    }

    fn set(&mut self, value: &str, bytes: Range<usize>) {
        let variable = value
            .strip_prefix("env(")
            .and_then(|rest| text(rest.trim_start()));
        let address = match variable {
            Some(name) => Template::from(Key::new("env", name)),
            None => match text(value) {
                Some(text) => Template::text(text),
                None => return,
            },
        };
        self.address = Some((address, bytes));
    }

    fn state(self, facts: &mut Facts<'_>) {
        let engine = self.engine.unwrap_or_default();
        let (Some((address, bytes)), true) = (self.address, engine != "sqlite") else {
            return;
        };
        let claim = Claim::Requires {
            key: Key::at("store", address, engine),
            kind: DependencyKind::DataUse,
            access: Access::ReadWrite,
            count: 1,
        };
        facts.push(Subject::Here, claim, bytes);
    }
}

/// The text in quotes at the start of a value.
fn text(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.split('"').next()
}

/// The engine of a provider.
fn engine(provider: &str) -> &str {
    match provider {
        "postgresql" => "postgres",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn the_address_of_a_datasource_is_a_variable_or_a_text() {
        let said = lines(
            &Prisma,
            "prisma/schema.prisma",
            "// datasource x {\ndatasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\") // here\n}\n\
             datasource other {\n provider = \"mysql\"\n url = \"mysql://root:hunter2@users-db/users\"\n}\n\
             datasource file {\n provider = \"sqlite\"\n url = \"file:./dev.db\"\n}\nmodel User {\n url = String\n}\n",
        );
        assert_eq!(
            said.lines()
                .map(|line| line.split("  @").next().unwrap_or(line))
                .collect::<Vec<_>>(),
            [
                "here requires store(${env:DATABASE_URL})postgres [data.use] [read, write]",
                "here requires store(mysql://root:{}@users-db/users)mysql [data.use] [read, write]",
            ]
        );
    }
}
