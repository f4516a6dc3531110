//! Which tables do the classes and migrations of object-relational mappings stand for?
//!
//! A migration creates; a class that stands for a table reads and writes it, and owns it only where nobody creates it.

mod cursor;
mod dotnet;
mod javascript;
mod jvm;
mod others;
mod php;
mod python;
mod ruby;

use super::code::language;
use super::lexer::tokens;
use super::sink::{Sink, What};
use crate::extract::sql::How;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

use cursor::Cursor;

/// Reads classes and migrations of mappings.
#[derive(Debug)]
pub(in crate::extract) struct Mappings;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("database/mappings"),
    summary: "Tables that object-relational mappings and their migrations create and stand for",
    globs: super::code::GLOBS,
    markers: &[
        // Java and Kotlin.
        "persistence.Entity",
        "persistence.Table",
        "persistence.*",
        "relational.core.mapping",
        "annotation.TableName",
        // C#.
        "migrationBuilder.",
        "MigrationBuilder",
        "ToTable(",
        "[Table(",
        // Python.
        "CreateModel",
        "models.Model",
        "db_table",
        "__tablename__",
        "op.create_table",
        // Ruby.
        "ActiveRecord::Migration",
        "ActiveRecord::Schema",
        "self.table_name",
        // JavaScript and TypeScript.
        "createTable",
        "@Entity(",
        "pgTable(",
        "mysqlTable(",
        "sqliteTable(",
        "sequelize.define(",
        "tableName",
        // PHP.
        "Schema::",
        "protected $table",
        // Elixir, Rust, Go.
        "create table(",
        "use Ecto.Schema",
        "table! {",
        "sea_orm(",
        "TableName() string",
    ],
    languages: &[],
    ownership: false,
};

impl Extractor for Mappings {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let path = &file.path.path;
        let Some(language) = language(path) else {
            return;
        };
        let source = String::from_utf8_lossy(file.bytes);
        let tokens = tokens(&source, language);
        let cursor = Cursor::new(&source, &tokens);
        let mut found = Found::default();
        match language {
            Language::Java | Language::Kotlin => jvm::read(&cursor, &mut found),
            Language::CSharp => dotnet::read(&cursor, &mut found),
            Language::Python => python::read(&cursor, path, &mut found),
            Language::Ruby => ruby::read(&cursor, &mut found),
            Language::JavaScript | Language::TypeScript => javascript::read(&cursor, &mut found),
            Language::Php => php::read(&cursor, &mut found),
            Language::Elixir => others::elixir(&cursor, &mut found),
            Language::Rust => others::rust(&cursor, &mut found),
            Language::Go => others::golang(&cursor, &mut found),
            _ => {}
        }
        let mut sink = Sink::default();
        for (name, what, at) in found.0 {
            sink.add(&name, what, tokens[at].bytes.clone(), false);
        }
        sink.state(facts);
    }
}

/// Tables with what is said of each, and the token that says it.
#[derive(Default)]
struct Found(Vec<(String, What, usize)>);

impl Found {
    /// A migration creates a table.
    fn creates(&mut self, schema: Option<&str>, name: &str, at: usize) {
        self.add(schema, name, What::Sql(How::Create), at);
    }

    /// A migration changes a table, or refers to it.
    fn does(&mut self, how: How, schema: Option<&str>, name: &str, at: usize) {
        self.add(schema, name, What::Sql(how), at);
    }

    /// A class stands for a table.
    fn maps(&mut self, schema: Option<&str>, name: &str, at: usize) {
        self.add(schema, name, What::Maps, at);
    }

    fn add(&mut self, schema: Option<&str>, name: &str, what: What, at: usize) {
        let unquoted = |part: &str| part.trim_matches(['"', '`', '[', ']', '\\']).to_lowercase();
        let parts: Vec<String> = schema
            .into_iter()
            .chain(name.split('.'))
            .map(unquoted)
            .collect();
        if let Some(name) = crate::extract::sql::table(&parts) {
            self.0.push((name, what, at));
        }
    }
}

/// `OrderItem` as `order_item`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (number, c) in chars.iter().enumerate() {
        let before = number.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(number + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before != '_'
                    && (!before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()))
            });
        if begins {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    fn read(path: &str, text: &str) -> String {
        let all = lines(&Mappings, path, text);
        let told: Vec<&str> = all
            .lines()
            .filter_map(|line| line.split("  @ ").next()?.strip_prefix("here "))
            .collect();
        told.join("; ")
    }

    #[test]
    fn words_of_names_are_told_apart() {
        assert_eq!(snake("OrderItem"), "order_item");
        assert_eq!(snake("HTTPLog"), "http_log");
        assert_eq!(snake("orders"), "orders");
    }

    #[test]
    fn migrations_create_and_refer_and_their_way_back_does_not() {
        for (path, text, expected) in [
            (
                "a/Migrations/1_Init.cs",
                "protected override void Up(MigrationBuilder migrationBuilder) { migrationBuilder.CreateTable(name: \"orders\", schema: \"ordering\", columns: t => new { Id = t.Column<int>() }, constraints: t => { t.ForeignKey(name: \"FK\", column: x => x.Id, principalSchema: \"ordering\", principalTable: \"buyers\", onDelete: x); }); migrationBuilder.AddColumn<int>(name: \"a\", table: \"cards\"); }\nprotected override void Down(MigrationBuilder migrationBuilder) { migrationBuilder.CreateTable(name: \"old\"); }",
                "provides table:ordering.orders [creates]; requires table:cards [data.ddl] [write]; requires table:ordering.buyers [data.fk]",
            ),
            (
                "shop/cart/migrations/0001_initial.py",
                "operations = [migrations.CreateModel(name='CartItem', fields=[]), migrations.CreateModel(name='X', options={'db_table': 'items'})]",
                "provides table:cart_cartitem [creates]; provides table:items [creates]",
            ),
            (
                "a/versions/1.py",
                "def upgrade():\n    op.create_table('orders', sa.ForeignKeyConstraint(['a'], ['shop.carts.id']), schema='shop')\n    op.add_column('carts', x)\ndef downgrade():\n    op.create_table('old')\n",
                "provides table:shop.orders [creates]; requires table:carts [data.ddl] [write]",
            ),
            (
                "db/migrate/1_x.rb",
                "class X < ActiveRecord::Migration[7.0]\n  def up\n    create_table :orders do |t|\n    end\n    add_foreign_key \"orders\", \"carts\"\n    add_column :items, :x, :string\n  end\n  def down\n    create_table :old\n  end\nend",
                "provides table:orders [creates]; requires table:carts [data.fk]; requires table:items [data.ddl] [write]",
            ),
            (
                "migrations/1.js",
                "exports.up = (knex) => knex.schema.createTable('orders', t => { t.integer('x').references('id').inTable('carts'); });\nexports.down = knex => knex.schema.createTable('old');",
                "provides table:orders [creates]; requires table:carts [data.fk]",
            ),
            (
                "migrations/1.ts",
                "export class A implements MigrationInterface { async up(q) { await q.createTable(new Table({ name: 'orders', columns: [] })); } async down(q) { await q.createTable(new Table({ name: 'old' })) } }",
                "provides table:orders [creates]",
            ),
            (
                "database/migrations/1.php",
                "<?php return new class { public function up() { Schema::create('orders', function ($t) {}); Schema::table('carts', function ($t) {}); } public function down() { Schema::create('old', 1); } };",
                "provides table:orders [creates]; requires table:carts [data.ddl] [write]",
            ),
            (
                "priv/repo/migrations/1.exs",
                "def change do\n  create table(:orders) do\n    add :cart_id, references(:carts)\n  end\n  alter table(:items) do\n  end\nend",
                "provides table:orders [creates]; requires table:carts [data.fk]; requires table:items [data.ddl] [write]",
            ),
        ] {
            assert_eq!(read(path, text), expected, "{text}");
        }
    }

    #[test]
    fn classes_stand_for_tables() {
        for (path, text, name) in [
            (
                "a/A.java",
                "@Entity @Table(name = \"orders\", schema = \"shop\") class A {}",
                "shop.orders",
            ),
            (
                "a/A.java",
                "@Entity(name = \"x\")\npublic class OrderItem {}",
                "order_item",
            ),
            (
                "a/A.kt",
                "@Entity\ndata class OrderItem(val a: Int)",
                "order_item",
            ),
            (
                "a/A.cs",
                "b.ToTable(\"orders\", \"ordering\");",
                "ordering.orders",
            ),
            (
                "a/A.cs",
                "[Table(\"orders\", Schema = \"ordering\")] class A {}",
                "ordering.orders",
            ),
            (
                "shop/cart/models.py",
                "class CartItem(models.Model):\n    x = 1\n",
                "cart_cartitem",
            ),
            (
                "shop/cart/models.py",
                "class CartItem(models.Model):\n    class Meta:\n        db_table = 'items'\n",
                "items",
            ),
            (
                "a/m.py",
                "class A(Base):\n    __tablename__ = 'orders'\n    __table_args__ = {'schema': 'shop'}\n",
                "shop.orders",
            ),
            (
                "a/a.rb",
                "class A < ApplicationRecord\n  self.table_name = \"orders\"\nend",
                "orders",
            ),
            (
                "a/a.ts",
                "@Entity({ name: 'orders', schema: 'shop' }) class A {}",
                "shop.orders",
            ),
            ("a/a.ts", "@Entity('orders') class A {}", "orders"),
            (
                "a/a.ts",
                "export const orders = pgTable('orders', {});",
                "orders",
            ),
            (
                "a/a.js",
                "sequelize.define('x', {}, { tableName: 'orders' })",
                "orders",
            ),
            (
                "a/A.php",
                "<?php class A extends Model { protected $table = 'orders'; }",
                "orders",
            ),
            (
                "a/a.ex",
                "use Ecto.Schema\nschema \"orders\" do\nend",
                "orders",
            ),
            (
                "a/a.rs",
                "diesel::table! { shop.orders (id) { id -> Int4, } }",
                "shop.orders",
            ),
            ("a/a.rs", "#[sea_orm(table_name = \"orders\")]", "orders"),
            (
                "a/a.go",
                "func (Order) TableName() string {\n\treturn \"orders\"\n}",
                "orders",
            ),
        ] {
            let expected = format!(
                "provides table:{name} [maps]; requires table:{name} [data.read] [read, write]"
            );
            assert_eq!(read(path, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_mapping_says_nothing() {
        for (path, text) in [
            ("a/A.java", "@MappedSuperclass class A {} @Table class B {}"),
            (
                "shop/cart/models.py",
                "class A(models.Model):\n    class Meta:\n        abstract = True\n",
            ),
            ("a/a.ts", "const tableName = 'x'; createTable(foo)"),
            (
                "a/a.go",
                "func TableName() string { return prefix + \"x\" }",
            ),
        ] {
            assert_eq!(read(path, text), "", "{text}");
        }
    }
}
