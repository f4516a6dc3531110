//! Which tables, and views, does a text in SQL create, change, read, write and refer to?
//!
//! Queries are parsed by `sqlparser`, in the dialects that the text may be of; what no dialect parses, and all of DDL,
//! is read by its keywords, which is as sure for names as a tree and works in every dialect.

mod names;
mod parse;
mod recognise;
mod scan;
mod script;
mod tokens;

use std::ops::Range;

pub(in crate::extract) use names::table;
pub(in crate::extract) use parse::Reader;
pub(in crate::extract) use recognise::{HOLE, may_be, plain, statement};
pub(in crate::extract) use script::statements;

/// The longest statement that is parsed: longer ones are loads of data, of which the head tells the table.
const PARSED: usize = 32 << 10;

/// What a statement does with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::extract) enum How {
    Create,
    /// `ALTER`, `DROP`, an index, a trigger, a right.
    Alter,
    Read,
    Write,
    /// A foreign key to it.
    Reference,
}

/// A table that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Object {
    /// In lower case and without quotes, with as much of database and schema as is written.
    pub(in crate::extract) name: String,
    pub(in crate::extract) how: How,
    /// The name in the text.
    pub(in crate::extract) bytes: Range<usize>,
}

/// Who could read a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::extract) enum By {
    /// The parser, in this dialect.
    Dialect(&'static str),
    Keywords,
    /// Nobody: it has the verb of a query and no table was found.
    Nobody,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Statement {
    pub(in crate::extract) objects: Vec<Object>,
    /// Tables that live as long as the connection.
    pub(in crate::extract) temporary: Vec<String>,
    pub(in crate::extract) by: By,
}
