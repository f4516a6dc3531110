//! Which tables do statements of SQL in the texts of code create, read and write?

use super::code::language;
use super::fold::chains;
use super::lexer::tokens;
use super::sink::Sink;
use crate::extract::sql::{By, HOLE, Reader, may_be, plain, statement, statements};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads statements in the texts of code.
#[derive(Debug)]
pub(in crate::extract) struct Queries;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("database/queries"),
    summary: "Tables that SQL in texts of code creates and uses",
    globs: super::code::GLOBS,
    markers: &[
        "SELECT ",
        "SELECT\n",
        "SELECT\r",
        "select ",
        "Select ",
        "select\n",
        "INSERT INTO",
        "insert into",
        "Insert Into",
        "INSERT IGNORE",
        "UPDATE ",
        "update ",
        "DELETE FROM",
        "delete from",
        "Delete From",
        "REPLACE INTO",
        "MERGE INTO",
        "TRUNCATE TABLE",
        "CREATE TABLE",
        "create table",
        "ALTER TABLE",
        "alter table",
        "DROP TABLE",
        "drop table",
        "CREATE VIEW",
    ],
    languages: &[],
    ownership: false,
};

impl Extractor for Queries {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(language) = language(&file.path.path) else {
            return;
        };
        if !may_be(file.bytes) {
            return;
        }
        let source = String::from_utf8_lossy(file.bytes);
        let tests = tests_from(&source, language);
        let tokens = tokens(&source, language);
        let (chains, constants) = chains(&source, &tokens, language);
        let mut reader = Reader::default();
        let mut sink = Sink::default();
        let mut lost = Vec::new();
        for chain in chains {
            let text = plain(&constants.template(&chain.text));
            let Some(text) = statement(&text) else {
                continue;
            };
            let is_test = chain.bytes.start >= tests;
            let (parts, _) = statements(&text);
            for part in parts {
                let text = &text[part];
                let read = reader.read(text);
                // A name that is only known while running is nobody's fault.
                if read.by == By::Nobody && !text.contains(HOLE) {
                    lost.push(chain.bytes.clone());
                }
                for object in &read.objects {
                    let is_class = is_class(&text[object.bytes.clone()], language);
                    if !is_class && !read.temporary.contains(&object.name) {
                        sink.object(object, chain.bytes.clone(), is_test);
                    }
                }
            }
        }
        sink.state(facts);
        if let Some(first) = lost.first() {
            facts.parsed(Parsed::Partly);
            let count = lost.len();
            let plural = if count == 1 {
                "statement"
            } else {
                "statements"
            };
            let message = format!("{count} {plural} of which no table could be read");
            facts.problem(first.clone(), message);
        }
    }
}

/// Whether a name is that of a class, as in the query languages of Jakarta Persistence and Doctrine.
fn is_class(name: &str, language: Language) -> bool {
    let mut chars = name.chars();
    matches!(language, Language::Java | Language::Kotlin | Language::Php)
        && chars.next().is_some_and(char::is_uppercase)
        && chars.any(char::is_lowercase)
}

/// Where tests start that stand in the file with what they test.
fn tests_from(source: &str, language: Language) -> usize {
    let start = match language {
        Language::Rust => source.find("#[cfg(test)]"),
        _ => None,
    };
    start.unwrap_or(source.len())
}
