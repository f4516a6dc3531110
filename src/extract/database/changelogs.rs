//! Which tables do changelogs of Liquibase create, and which do mappers of MyBatis read and write?
//!
//! Sources: <https://docs.liquibase.com/change-types/home.html>, <https://mybatis.org/mybatis-3/sqlmap-xml.html>

use roxmltree::{Document, Node, ParsingOptions};

use super::sink::Sink;
use crate::extract::sql::{HOLE, How, Reader, statement, statements, table};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads changelogs and mappers in XML.
#[derive(Debug)]
pub(in crate::extract) struct Changelogs;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("database/changelogs"),
    summary: "Tables in changelogs of Liquibase and mappers of MyBatis",
    globs: &["**/*.xml"],
    markers: &["databaseChangeLog", "mybatis.org//DTD Mapper"],
    languages: &[Language::Data],
    ownership: false,
};

/// Changes of Liquibase: element, what it does, the attributes that name the table and its schema.
const CHANGES: &[(&str, How, &str, &str)] = &[
    ("addColumn", How::Alter, "tableName", "schemaName"),
    (
        "addForeignKeyConstraint",
        How::Alter,
        "baseTableName",
        "baseTableSchemaName",
    ),
    (
        "addForeignKeyConstraint",
        How::Reference,
        "referencedTableName",
        "referencedTableSchemaName",
    ),
    (
        "addNotNullConstraint",
        How::Alter,
        "tableName",
        "schemaName",
    ),
    ("addPrimaryKey", How::Alter, "tableName", "schemaName"),
    ("addUniqueConstraint", How::Alter, "tableName", "schemaName"),
    ("createIndex", How::Alter, "tableName", "schemaName"),
    ("createTable", How::Create, "tableName", "schemaName"),
    ("createView", How::Create, "viewName", "schemaName"),
    ("delete", How::Write, "tableName", "schemaName"),
    ("dropColumn", How::Alter, "tableName", "schemaName"),
    ("dropTable", How::Alter, "tableName", "schemaName"),
    ("insert", How::Write, "tableName", "schemaName"),
    ("loadData", How::Write, "tableName", "schemaName"),
    ("modifyDataType", How::Alter, "tableName", "schemaName"),
    ("renameColumn", How::Alter, "tableName", "schemaName"),
    ("renameTable", How::Create, "newTableName", "schemaName"),
    ("update", How::Write, "tableName", "schemaName"),
];

impl Extractor for Changelogs {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let document = match Document::parse_with_options(&text, options) {
            Ok(document) => document,
            Err(error) => {
                facts.problem(0..0, format!("no XML: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        let mut sink = Sink::default();
        let mut reader = Reader::default();
        match document.root_element().tag_name().name() {
            "databaseChangeLog" => {
                for node in document.descendants().filter(Node::is_element) {
                    change(node, &mut reader, &mut sink);
                }
            }
            "mapper" => {
                for node in document.root_element().children() {
                    if matches!(
                        node.tag_name().name(),
                        "select" | "insert" | "update" | "delete"
                    ) && let Some(text) = statement(&written(node))
                    {
                        for object in reader.read(&text).objects {
                            sink.object(&object, node.range(), false);
                        }
                    }
                }
            }
            _ => {}
        }
        sink.state(facts);
    }
}

/// A change of Liquibase; what rolls back says nothing.
fn change(node: Node<'_, '_>, reader: &mut Reader, sink: &mut Sink) {
    let is_back = node
        .ancestors()
        .any(|node| matches!(node.tag_name().name(), "rollback" | "preConditions"));
    if is_back {
        return;
    }
    let element = node.tag_name().name();
    for (_, how, name, schema) in CHANGES.iter().filter(|(name, ..)| *name == element) {
        let Some(name) = node.attribute(*name) else {
            continue;
        };
        // A parameter of the changelog may be anything, and mostly is the schema that is meant anyway.
        let schema = node
            .attribute(*schema)
            .filter(|schema| !schema.contains("${"));
        let parts: Vec<String> = schema
            .into_iter()
            .chain([name])
            .map(str::to_lowercase)
            .collect();
        if let Some(name) = table(&parts) {
            sink.named(&name, *how, node.range());
        }
    }
    if element == "sql" {
        let text = written(node);
        for bytes in statements(&text).0 {
            for object in reader.read(&text[bytes]).objects {
                sink.object(&object, node.range(), false);
            }
        }
    }
}

/// The text in an element and all below it; what another element is included for is not known.
fn written(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        if inner.is_text() {
            text.push_str(inner.text().unwrap_or_default());
        } else if inner.tag_name().name() == "include" {
            text.push_str(HOLE);
        }
        text.push(' ');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;
    use expect_test::expect;

    #[test]
    fn changes_create_change_and_refer() {
        let text = r#"<databaseChangeLog><changeSet id="1" author="ann">
<createTable tableName="orders" schemaName="shop"><column name="id" type="int"/></createTable>
<addForeignKeyConstraint baseTableName="orders" referencedTableName="carts"/>
<sql>UPDATE stock SET x = 1; DELETE FROM old</sql>
<rollback><createTable tableName="back"/></rollback>
</changeSet></databaseChangeLog>"#;
        expect![[r#"
            here provides table:shop.orders [creates]  @ "<createTable tableName=\"orders\" schemaName=\"shop\"><column name=\"id\" type=\"int\"/></createTable>"
            here requires table:carts [data.fk]  @ "<addForeignKeyConstraint baseTableName=\"orders\" referencedTableName=\"carts\"/>"
            here requires table:old [data.write] [write]  @ "<sql>UPDATE stock SET x = 1; DELETE FROM old</sql>"
            here requires table:orders [data.ddl] [write]  @ "<addForeignKeyConstraint baseTableName=\"orders\" referencedTableName=\"carts\"/>"
            here requires table:stock [data.write] [write]  @ "<sql>UPDATE stock SET x = 1; DELETE FROM old</sql>"
        "#]].assert_eq(&lines(&Changelogs, "db/changelog.xml", text));
    }

    #[test]
    fn mappers_read_and_write() {
        let text = r#"<mapper namespace="x"><!-- mybatis.org//DTD Mapper -->
<select id="a">SELECT <include refid="columns"/> FROM orders WHERE id = #{id} <if test="x != null">AND x = #{x}</if></select>
<insert id="b">insert into order_items (id) values <foreach collection="all" item="i">(#{i.id})</foreach></insert>
</mapper>"#;
        expect![[r#"
            here requires table:order_items [data.write] [write]  @ "<insert id=\"b\">insert into order_items (id) values <foreach collection=\"all\" item=\"i\">(#{i.id})</foreach></insert>"
            here requires table:orders [data.read] [read]  @ "<select id=\"a\">SELECT <include refid=\"columns\"/> FROM orders WHERE id = #{id} <if test=\"x != null\">AND x = #{x}</if></select>"
        "#]].assert_eq(&lines(&Changelogs, "OrderMapper.xml", text));
    }
}
