//! The header of a machine-readable contract, flat enough that rules can compare two of them.

use super::{Span, Template};

/// A contract document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    pub format: Format,
    pub title: Template,
    pub version: Option<Box<str>>,
    pub servers: Vec<Template>,
    /// Of the normalised content: equal digests, equal contracts.
    pub digest: u64,
    /// Sorted, so that base against head is a difference of two lists.
    pub items: Vec<Item>,
    pub gaps: Vec<Gap>,
}

/// The format of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    OpenApi,
    AsyncApi,
    Protobuf,
    GraphQl,
    Thrift,
    Avro,
    JsonSchema,
}

/// One element of a contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// `GET /orders/{}.200.total`
    pub path: Box<str>,
    /// `int`
    pub shape: Box<str>,
    pub required: bool,
}

/// A failed check of externalizability, as one file shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub check: Check,
    pub span: Span,
}

/// What a contract may lack (clause 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    Authentication,
    Version,
    InternalHost,
    Documentation,
    InternalType,
}
