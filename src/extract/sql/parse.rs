//! Reads the tables of a statement from its tree, in the first dialect that parses it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};

use sqlparser::ast::{
    FromTable, ObjectName, Query, Statement as Tree, TableFactor, TableObject, TableWithJoins,
    Visit, Visitor,
};
use sqlparser::dialect::{
    Dialect, GenericDialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Location;

use super::names::table;
use super::scan::{self, scan};
use super::{By, How, Object, PARSED, Statement};

/// The deepest nesting that is parsed.
const DEPTH: usize = 48;

/// The most operators of a statement that is parsed, since each can make the tree deeper.
const OPERATORS: usize = 256;

/// The dialects, those first that most programs use.
const DIALECTS: &[(&str, &dyn Dialect)] = &[
    ("postgresql", &PostgreSqlDialect {}),
    ("mysql", &MySqlDialect {}),
    ("mssql", &MsSqlDialect {}),
    ("sqlite", &SQLiteDialect {}),
    ("generic", &GenericDialect {}),
];

/// Reads statements of one file; what parsed the last one is tried first.
#[derive(Debug, Default)]
pub(in crate::extract) struct Reader {
    last: usize,
}

impl Reader {
    /// Reads one statement.
    pub(in crate::extract) fn read(&mut self, text: &str) -> Statement {
        let scanned = scan(text);
        let tree = match text.len() <= PARSED && scanned.operators <= OPERATORS {
            true => self.parse(text),
            false => None,
        };
        match tree {
            Some((tree, dialect)) => Statement {
                objects: of_tree(&tree, text, scanned.objects),
                temporary: scanned.temporary,
                by: By::Dialect(dialect),
            },
            None => unparsed(scanned),
        }
    }

    fn parse(&mut self, text: &str) -> Option<(Tree, &'static str)> {
        let first = std::iter::once(self.last);
        let others = (0..DIALECTS.len()).filter(|number| *number != self.last);
        for number in first.chain(others) {
            let (name, dialect) = DIALECTS[number];
            let parser = Parser::new(dialect).with_recursion_limit(DEPTH);
            let parsed = parser
                .try_with_sql(text)
                .and_then(|mut parser| parser.parse_statements());
            if let Ok(mut trees) = parsed
                && trees.len() == 1
                && let Some(tree) = trees.pop()
            {
                self.last = number;
                return Some((tree, name));
            }
        }
        None
    }
}

fn unparsed(scanned: scan::Found) -> Statement {
    let is_lost = scanned.has_verb && scanned.objects.is_empty() && scanned.temporary.is_empty();
    Statement {
        objects: scanned.objects,
        temporary: scanned.temporary,
        by: if is_lost { By::Nobody } else { By::Keywords },
    }
}

/// The tables of a tree; of statements that are no query, their keywords tell them as surely.
fn of_tree(tree: &Tree, text: &str, scanned: Vec<Object>) -> Vec<Object> {
    let is_query = matches!(
        tree,
        Tree::Query(_) | Tree::Insert(_) | Tree::Update(_) | Tree::Delete(_) | Tree::Merge(_)
    );
    if !is_query {
        return scanned;
    }
    let mut walk = Walk::default();
    let _ = tree.visit(&mut walk);
    let mut offsets = Offsets::new(text);
    let mut objects = Vec::new();
    for (place, name) in &walk.relations {
        if walk.functions.contains(place) {
            continue;
        }
        let alone = (name.len() == 1).then(|| name[0].as_str());
        if alone.is_some_and(|name| walk.queries.contains(name)) {
            continue;
        }
        let written = walk.written.contains(place);
        // `UPDATE o SET … FROM orders o` names the alias first.
        let meant = alone
            .filter(|_| written)
            .and_then(|alias| walk.aliases.get(alias))
            .unwrap_or(name);
        if let Some(found) = table(meant) {
            objects.push(Object {
                bytes: offsets.bytes(*place, name),
                name: found,
                how: if written { How::Write } else { How::Read },
            });
        }
    }
    objects
}

/// What a walk over a tree finds; names by the place of their first part.
#[derive(Default)]
struct Walk {
    relations: BTreeMap<Location, Vec<String>>,
    written: BTreeSet<Location>,
    functions: BTreeSet<Location>,
    queries: BTreeSet<String>,
    aliases: BTreeMap<String, Vec<String>>,
}

impl Walk {
    fn write(&mut self, name: &ObjectName) {
        if let Some((place, _)) = read(name) {
            self.written.insert(place);
        }
    }

    fn write_first(&mut self, tables: &[TableWithJoins]) {
        for table in tables {
            self.write_factor(&table.relation);
        }
    }

    fn write_factor(&mut self, factor: &TableFactor) {
        if let TableFactor::Table { name, .. } = factor {
            self.write(name);
        }
    }
}

impl Visitor for Walk {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let tables = query.with.iter().flat_map(|with| &with.cte_tables);
        self.queries
            .extend(tables.map(|table| table.alias.name.value.to_lowercase()));
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        if let Some((place, parts)) = read(name) {
            self.relations.insert(place, parts);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table {
            name, alias, args, ..
        } = factor
            && let Some((place, parts)) = read(name)
        {
            if args.is_some() {
                self.functions.insert(place);
            } else if let Some(alias) = alias {
                self.aliases.insert(alias.name.value.to_lowercase(), parts);
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_statement(&mut self, tree: &Tree) -> ControlFlow<()> {
        match tree {
            Tree::Insert(insert) => {
                if let TableObject::TableName(name) = &insert.table {
                    self.write(name);
                }
            }
            Tree::Update(update) => self.write_factor(&update.table.relation),
            Tree::Delete(delete) if delete.tables.is_empty() => match &delete.from {
                FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables) => {
                    self.write_first(tables);
                }
            },
            Tree::Delete(delete) => {
                for name in &delete.tables {
                    self.write(name);
                    // Only what is deleted from is no relation of its own.
                    if let Some((place, parts)) = read(name) {
                        self.relations.insert(place, parts);
                    }
                }
            }
            Tree::Merge(merge) => self.write_factor(&merge.table),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The parts of a name in lower case, and where it stands; nothing for one that a function makes.
fn read(name: &ObjectName) -> Option<(Location, Vec<String>)> {
    let parts: Option<Vec<_>> = name.0.iter().map(|part| part.as_ident()).collect();
    let parts = parts?;
    let place = parts.first()?.span.start;
    let names = parts.iter().map(|part| part.value.to_lowercase());
    Some((place, names.collect()))
}

/// Turns lines and columns, which count characters, into offsets.
struct Offsets<'t> {
    text: &'t str,
    lines: Vec<usize>,
}

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        Self {
            text,
            lines: std::iter::once(0).chain(ends.map(|end| end + 1)).collect(),
        }
    }

    fn bytes(&mut self, place: Location, name: &[String]) -> Range<usize> {
        let line = usize::try_from(place.line).unwrap_or(1).max(1) - 1;
        let column = usize::try_from(place.column).unwrap_or(1).max(1) - 1;
        let start = self.lines.get(line).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let skipped: usize = rest.chars().take(column).map(char::len_utf8).sum();
        let start = start + skipped;
        let length: usize = name.iter().map(String::len).sum::<usize>() + name.len().max(1) - 1;
        let end = (start + length).min(self.text.len());
        let mut end = end.max(start);
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let statement = Reader::default().read(text);
        let told: Vec<String> = statement
            .objects
            .iter()
            .map(|object| {
                let covered = &text[object.bytes.clone()];
                format!("{:?} {} @ {covered}", object.how, object.name)
            })
            .collect();
        format!("{:?}: {}", statement.by, told.join(", "))
    }

    #[test]
    fn each_dialect_is_tried_and_keywords_read_the_rest() {
        for (text, expected) in [
            (
                "SELECT o.id FROM shop.orders AS o WHERE o.x = $1",
                "Dialect(\"postgresql\"): Read shop.orders @ shop.orders",
            ),
            (
                "SELECT `id` FROM `orders` LIMIT 1, 2",
                "Dialect(\"mysql\"): Read orders @ `order",
            ),
            (
                "SELECT TOP 1 [id] FROM [dbo].[Orders] WITH (NOLOCK)",
                "Dialect(\"mssql\"): Read dbo.orders @ [dbo].[Ord",
            ),
            (
                "SELECT id FROM orders WHERE ) x = = 1",
                "Keywords: Read orders @ orders",
            ),
            ("SELECT FROM WHERE", "Nobody: "),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_tree_tells_what_is_written_and_what_is_no_table() {
        for (text, expected) in [
            (
                "WITH gone AS (DELETE FROM a WHERE x RETURNING id) INSERT INTO b SELECT id FROM gone",
                "Dialect(\"postgresql\"): Write a @ a, Write b @ b",
            ),
            (
                "UPDATE o SET x = 1 FROM orders o",
                "Dialect(\"postgresql\"): Write orders @ o, Read orders @ orders",
            ),
            (
                "SELECT * FROM unnest($1) u JOIN a ON true, LATERAL f(1)",
                "Dialect(\"postgresql\"): Read a @ a",
            ),
            (
                "DELETE a FROM a JOIN b ON a.id = b.id",
                "Dialect(\"postgresql\"): Write a @ a, Read a @ a, Read b @ b",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn deep_and_long_texts_end() {
        let deep = format!("SELECT {}1{} FROM a", "(".repeat(5000), ")".repeat(5000));
        assert!(read(&deep).starts_with("Keywords: Read a"));
        let long = format!("SELECT 1 FROM a WHERE {}x", "x OR ".repeat(6000));
        assert!(read(&long).contains("Read a"));
    }
}
