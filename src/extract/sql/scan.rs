//! Reads the tables of a statement by its keywords: for DDL, and for what no dialect parses.

use std::collections::BTreeSet;
use std::ops::Range;

use super::names::table;
use super::tokens::{Kind, Tokens};
use super::{How, Object};

/// Functions whose arguments have a `FROM` of their own.
const WITH_FROM: &[&str] = &[
    "EXTRACT",
    "OVERLAY",
    "POSITION",
    "SUBSTR",
    "SUBSTRING",
    "TRIM",
];

/// Words that stand between a keyword and the name of a table.
const BETWEEN: &[&str] = &[
    "IF",
    "NOT",
    "EXISTS",
    "ONLY",
    "TABLE",
    "LATERAL",
    "CONCURRENTLY",
];

/// Words that end a list of tables, and so are no alias.
const ENDS: &[&str] = &[
    "CROSS",
    "EXCEPT",
    "FOR",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "OUTER",
    "RETURNING",
    "RIGHT",
    "SET",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// What keywords tell of a statement.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) objects: Vec<Object>,
    pub(super) temporary: Vec<String>,
    /// It has a keyword that a table should follow.
    pub(super) has_verb: bool,
    /// How many operators it has: a tree can be as deep.
    pub(super) operators: usize,
}

/// Reads a statement.
pub(super) fn scan(text: &str) -> Found {
    let tokens = Tokens::new(text);
    let mut scanner = Scanner {
        queries: queries(&tokens),
        aliases: Vec::new(),
        tokens,
        out: Found::default(),
    };
    scanner.run();
    let Scanner {
        mut out, aliases, ..
    } = scanner;
    // `UPDATE o SET … FROM orders o` names the alias first.
    for object in &mut out.objects {
        let meant = aliases.iter().find(|(alias, _)| *alias == object.name);
        if let Some((_, name)) = meant {
            object.name.clone_from(name);
        }
    }
    out
}

struct Scanner<'t> {
    tokens: Tokens<'t>,
    /// Names of common table expressions.
    queries: BTreeSet<String>,
    /// Names of tables in this statement alone.
    aliases: Vec<(String, String)>,
    out: Found,
}

/// A name in the text: where it ends, and what it is.
struct Named {
    next: usize,
    name: Option<String>,
    bytes: Range<usize>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        // Of each open bracket: whether it is of a function with a `FROM` of its own.
        let mut brackets: Vec<bool> = Vec::new();
        let mut at = 0;
        while at < self.tokens.list.len() {
            let mut next = at + 1;
            match self.tokens.list[at].kind {
                Kind::Sign(b'(') => {
                    let function = at.checked_sub(1).and_then(|at| self.tokens.keyword(at));
                    brackets.push(function.is_some_and(|name| WITH_FROM.contains(&&*name)));
                }
                Kind::Sign(b')') => {
                    brackets.pop();
                }
                Kind::Sign(b'+' | b'-' | b'*' | b'/' | b'|') => self.out.operators += 1,
                Kind::Word => {
                    let is_argument = brackets.last() == Some(&true);
                    if let Some(keyword) = self.tokens.keyword(at)
                        && let Some(end) = self.keyword(&keyword, at, is_argument)
                    {
                        next = end.max(next);
                    }
                }
                _ => {}
            }
            at = next;
        }
    }

    /// Reads on from a keyword; tells where what belongs to it ends.
    fn keyword(&mut self, keyword: &str, at: usize, is_argument: bool) -> Option<usize> {
        let before = at.checked_sub(1).and_then(|at| self.tokens.keyword(at));
        let before = before.as_deref().unwrap_or_default();
        if matches!(keyword, "AND" | "OR" | "UNION") {
            self.out.operators += 1;
        }
        match keyword {
            "FROM" if before == "DISTINCT" || is_argument => None,
            "FROM" => match before {
                "DELETE" => self.one(at + 1, How::Write),
                _ => self.tables(at + 1, How::Read),
            },
            "JOIN" | "APPLY" => self.tables(at + 1, How::Read),
            "USING" if self.tokens.keyword(at + 1).is_some() && self.is_merge() => {
                self.one(at + 1, How::Read)
            }
            "INSERT" | "REPLACE" | "MERGE" => {
                let mut at = at + 1;
                while [
                    "INTO",
                    "IGNORE",
                    "OR",
                    "REPLACE",
                    "OVERWRITE",
                    "LOW_PRIORITY",
                    "DELAYED",
                    "TOP",
                ]
                .iter()
                .any(|word| self.tokens.is(at, word))
                {
                    at += 1;
                }
                let says_into = self.tokens.is(at - 1, "INTO");
                // `INSERT` and `REPLACE` are functions, too, and `AFTER INSERT ON` is of a trigger.
                let is_verb = says_into || (keyword != "REPLACE" && before.is_empty());
                is_verb.then(|| self.one(at, How::Write)).flatten()
            }
            "UPDATE"
                if !matches!(
                    before,
                    "FOR" | "ON" | "KEY" | "DO" | "BEFORE" | "AFTER" | "OR" | "OF" | "NO" | "THEN"
                ) =>
            {
                let named = self.named(at + 1);
                let sets = (0..3).any(|ahead| self.tokens.is(named.next + ahead, "SET"));
                let joins = (0..4).any(|ahead| {
                    self.tokens.is(named.next + ahead, "JOIN")
                        || self.tokens.is_sign(named.next + ahead, b',')
                });
                (sets || joins)
                    .then(|| self.tables(at + 1, How::Write))
                    .flatten()
            }
            "DELETE" if !self.tokens.is(at + 1, "FROM") && before.is_empty() => {
                let named = self.named(at + 1);
                self.tokens
                    .is(named.next, "FROM")
                    .then(|| self.one(at + 1, How::Write))
                    .flatten()
            }
            "TRUNCATE" if !self.tokens.is_sign(at + 1, b'(') && before.is_empty() => {
                self.tables(at + 1, How::Write)
            }
            "COPY" if before.is_empty() && !self.tokens.is_sign(at + 1, b'(') => self.copy(at),
            "CREATE" => self.create(at),
            "ALTER" if self.tokens.is(at + 1, "TABLE") => self.alter(at),
            "DROP" if self.tokens.is(at + 1, "TABLE") || self.tokens.is(at + 1, "VIEW") => {
                self.tables(at + 2, How::Alter)
            }
            "RENAME" if self.tokens.is(at + 1, "TABLE") => self.rename(at + 2),
            "REFERENCES" if !self.tokens.is(0, "GRANT") && !self.tokens.is(0, "REVOKE") => {
                self.one(at + 1, How::Reference)
            }
            "GRANT" if before.is_empty() => self.grant(at),
            _ => None,
        }
    }

    fn is_merge(&self) -> bool {
        self.tokens.is(0, "MERGE")
    }

    /// `CREATE TABLE`, `CREATE VIEW`, `CREATE INDEX … ON`, `CREATE TRIGGER … ON`.
    fn create(&mut self, at: usize) -> Option<usize> {
        let mut temporary = false;
        let mut foreign = false;
        for ahead in at + 1..at + 8 {
            match self.tokens.keyword(ahead)?.as_str() {
                "TEMP" | "TEMPORARY" => temporary = true,
                // Made elsewhere, and seen here.
                "FOREIGN" | "EXTERNAL" => foreign = true,
                "TABLE" | "VIEW" => {
                    let named = self.named(ahead + 1);
                    self.out.has_verb = true;
                    let source = self.tokens.source(ahead + 1);
                    if temporary || source.starts_with('#') {
                        let name = named.name.clone().or_else(|| self.tokens.name(ahead + 1));
                        self.out.temporary.extend(name);
                    } else if !foreign {
                        self.note(&named, How::Create);
                    }
                    return Some(named.next);
                }
                "INDEX" | "TRIGGER" | "POLICY" => {
                    let on = (ahead..ahead + 16).find(|at| self.tokens.is(*at, "ON"))?;
                    return self.one(on + 1, How::Alter);
                }
                "OR" | "REPLACE" | "GLOBAL" | "LOCAL" | "UNLOGGED" | "MATERIALIZED"
                | "RECURSIVE" | "VIRTUAL" | "UNIQUE" | "CLUSTERED" | "NONCLUSTERED"
                | "FULLTEXT" | "SPATIAL" | "ALTER" | "CONSTRAINT" | "ALGORITHM" | "UNDEFINED"
                | "COLUMNSTORE" => {}
                _ => return None,
            }
        }
        None
    }

    /// `ALTER TABLE a RENAME TO b` makes `b`.
    fn alter(&mut self, at: usize) -> Option<usize> {
        let next = self.one(at + 2, How::Alter)?;
        if self.tokens.is(next, "RENAME") && self.tokens.is(next + 1, "TO") {
            return self.one(next + 2, How::Create);
        }
        Some(next)
    }

    /// `RENAME TABLE a TO b, c TO d`.
    fn rename(&mut self, at: usize) -> Option<usize> {
        let mut at = at;
        loop {
            let old = self.one(at, How::Alter)?;
            if !self.tokens.is(old, "TO") {
                return Some(old);
            }
            let new = self.one(old + 1, How::Create)?;
            if !self.tokens.is_sign(new, b',') {
                return Some(new);
            }
            at = new + 1;
        }
    }

    fn copy(&mut self, at: usize) -> Option<usize> {
        let named = self.named(at + 1);
        let direction = (named.next..named.next + 256)
            .take_while(|at| *at < self.tokens.list.len())
            .find_map(|at| match self.tokens.keyword(at)?.as_str() {
                "FROM" => Some((How::Write, at)),
                "TO" => Some((How::Read, at)),
                _ => None,
            });
        let (how, end) = direction?;
        self.out.has_verb = true;
        self.note(&named, how);
        // What is behind is a file.
        Some(end + 2)
    }

    /// `GRANT SELECT ON orders TO reader`: whoever grants acts on the table; whole schemas and databases are left out.
    fn grant(&mut self, at: usize) -> Option<usize> {
        let on = (at..at + 64).find(|at| self.tokens.is(*at, "ON"))?;
        let others = [
            "ALL",
            "DATABASE",
            "DOMAIN",
            "FOREIGN",
            "FUNCTION",
            "LANGUAGE",
            "LARGE",
            "OBJECT",
            "PARAMETER",
            "PROCEDURE",
            "ROUTINE",
            "SCHEMA",
            "SEQUENCE",
            "TABLESPACE",
            "TYPE",
        ];
        if others.iter().any(|word| self.tokens.is(on + 1, word)) {
            return Some(self.tokens.list.len());
        }
        self.tables(on + 1, How::Alter)
    }

    /// A table, its alias, and the tables behind commas; only the first is what the statement acts on.
    fn tables(&mut self, at: usize, how: How) -> Option<usize> {
        self.out.has_verb = true;
        let mut at = at;
        let mut how = how;
        loop {
            let named = self.named(at);
            if named.next == at {
                return None;
            }
            // A function, whose arguments are read as they come.
            if self.tokens.is_sign(named.next, b'(') && how == How::Read {
                return Some(named.next);
            }
            self.note(&named, how);
            at = named.next;
            if self.tokens.is(at, "AS") {
                at += 1;
            }
            let alias = self.tokens.keyword(at);
            let is_alias = alias.is_some_and(|word| !ENDS.contains(&&*word))
                || self
                    .tokens
                    .list
                    .get(at)
                    .is_some_and(|token| token.kind == Kind::Quoted);
            if is_alias && how != How::Alter {
                if let (Some(alias), Some(name)) = (self.tokens.name(at), &named.name) {
                    self.aliases.push((alias, name.clone()));
                }
                at += 1;
            }
            if !self.tokens.is_sign(at, b',') || self.tokens.is_sign(at + 1, b'(') {
                return Some(at);
            }
            at += 1;
            if how == How::Write && !self.tokens.is(0, "TRUNCATE") {
                how = How::Read;
            }
        }
    }

    /// One table.
    fn one(&mut self, at: usize, how: How) -> Option<usize> {
        self.out.has_verb = true;
        let named = self.named(at);
        if named.next == at {
            return None;
        }
        self.note(&named, how);
        // The alias of what is deleted from or merged into.
        let alias = named.next + usize::from(self.tokens.is(named.next, "AS"));
        if how == How::Write
            && let Some(word) = self.tokens.keyword(alias)
            && !ENDS.contains(&&*word)
            && let (Some(alias), Some(name)) = (self.tokens.name(alias), &named.name)
            && !matches!(word.as_str(), "SELECT" | "FROM" | "DEFAULT")
        {
            self.aliases.push((alias, name.clone()));
        }
        Some(named.next)
    }

    /// The name at a place, with dots between its parts.
    fn named(&self, at: usize) -> Named {
        let mut at = at;
        while self
            .tokens
            .keyword(at)
            .is_some_and(|word| BETWEEN.contains(&&*word))
        {
            at += 1;
        }
        // `:keyspace.orders`: a parameter stands for the schema.
        let is_parameter = |at: usize| self.tokens.source(at).starts_with(':');
        if is_parameter(at) && self.tokens.is_sign(at + 1, b'.') {
            at += 2;
        }
        let start = at;
        let mut parts = Vec::new();
        while let Some(name) = self.tokens.name(at) {
            parts.push(name);
            at += 1;
            if !self.tokens.is_sign(at, b'.') {
                break;
            }
            at += 1;
            // `db..table`
            if self.tokens.is_sign(at, b'.') {
                parts.push(String::new());
                at += 1;
            }
        }
        let is_keyword = parts.len() == 1
            && self.tokens.keyword(start).is_some_and(|word| {
                ENDS.contains(&&*word)
                    || matches!(word.as_str(), "SELECT" | "AS" | "FROM" | "TO" | "IN")
            });
        Named {
            name: table(&parts).filter(|_| !is_keyword),
            bytes: match parts.is_empty() {
                true => 0..0,
                false => self.tokens.bytes(start, at.max(1) - 1),
            },
            next: at,
        }
    }

    fn note(&mut self, named: &Named, how: How) {
        let Some(name) = &named.name else {
            return;
        };
        if self.queries.contains(name) {
            return;
        }
        self.out.objects.push(Object {
            name: name.clone(),
            how,
            bytes: named.bytes.clone(),
        });
    }
}

/// The names of common table expressions: `WITH name (columns) AS (`, `, name AS (`.
fn queries(tokens: &Tokens<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !(0..tokens.list.len()).any(|at| tokens.is(at, "WITH")) {
        return found;
    }
    for at in 1..tokens.list.len() {
        let leads = tokens.is(at - 1, "WITH")
            || tokens.is(at - 1, "RECURSIVE")
            || tokens.is_sign(at - 1, b',');
        let Some(name) = tokens.name(at).filter(|_| leads) else {
            continue;
        };
        let mut behind = at + 1;
        if tokens.is_sign(behind, b'(') {
            let close = (behind..tokens.list.len()).find(|at| tokens.is_sign(*at, b')'));
            behind = close.map_or(tokens.list.len(), |close| close + 1);
        }
        if !tokens.is(behind, "AS") {
            continue;
        }
        behind += 1;
        while tokens.is(behind, "NOT") || tokens.is(behind, "MATERIALIZED") {
            behind += 1;
        }
        if tokens.is_sign(behind, b'(') {
            found.insert(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn read(text: &str) -> String {
        let found = scan(text).objects;
        let told: Vec<String> = found
            .iter()
            .map(|object| format!("{:?} {}", object.how, object.name))
            .collect();
        told.join(", ")
    }

    #[test]
    fn queries_read_the_tables_behind_from_and_join() {
        for (text, expected) in [
            (
                "SELECT a FROM shop.orders o, \"Items\" i JOIN [dbo].[Users] u ON u.id = i.u WHERE EXTRACT(year FROM o.d) = 1",
                "Read shop.orders, Read items, Read dbo.users",
            ),
            ("WITH x (a) AS (SELECT 1 FROM t) SELECT * FROM x", "Read t"),
            (
                "SELECT * FROM generate_series(1, 2) g JOIN `a` ON 1",
                "Read a",
            ),
            ("SELECT * FROM (SELECT 1 FROM b) s", "Read b"),
            ("SELECT x IS DISTINCT FROM y FROM z FOR UPDATE", "Read z"),
            ("SELECT 1 FROM information_schema.tables", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn changes_write_their_table_and_read_the_others() {
        for (text, expected) in [
            ("INSERT INTO a (x) SELECT y FROM b", "Write a, Read b"),
            ("INSERT OR REPLACE INTO a VALUES (1)", "Write a"),
            (
                "UPDATE o SET x = 1 FROM orders o JOIN p ON p.id = o.id",
                "Write orders, Read orders, Read p",
            ),
            (
                "DELETE FROM a WHERE id IN (SELECT id FROM b)",
                "Write a, Read b",
            ),
            ("DELETE a FROM a JOIN b ON 1", "Write a, Read a, Read b"),
            ("TRUNCATE TABLE a, b", "Write a, Write b"),
            (
                "MERGE INTO a AS t USING b AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET x = 1",
                "Write a, Read b",
            ),
            ("COPY a (x, y) FROM stdin", "Write a"),
            (
                "INSERT INTO a VALUES (1) ON CONFLICT (x) DO UPDATE SET x = excluded.x",
                "Write a",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn definitions_make_change_and_refer() {
        for (text, expected) in [
            (
                "CREATE TABLE IF NOT EXISTS shop.a (x int REFERENCES b (id) ON UPDATE CASCADE ON DELETE SET NULL)",
                "Create shop.a, Reference b",
            ),
            (
                "CREATE OR REPLACE VIEW v AS SELECT * FROM a",
                "Create v, Read a",
            ),
            ("CREATE TEMPORARY TABLE t (x int)", ""),
            ("CREATE TABLE #t (x int)", ""),
            ("CREATE UNIQUE INDEX i ON a USING btree (x)", "Alter a"),
            (
                "ALTER TABLE ONLY a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b(id)",
                "Alter a, Reference b",
            ),
            ("ALTER TABLE a RENAME TO b", "Alter a, Create b"),
            ("DROP TABLE IF EXISTS a, b CASCADE", "Alter a, Alter b"),
            (
                "CREATE TRIGGER t AFTER INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()",
                "Alter a",
            ),
            ("GRANT SELECT, REFERENCES ON a TO reader", "Alter a"),
            ("GRANT USAGE ON SCHEMA s TO reader", ""),
            (
                "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 FROM a $$",
                "",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
