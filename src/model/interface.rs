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

impl Interface {
    /// The digest of a contract's items, the same on every machine: FNV-1a of 64 bits
    /// (<https://datatracker.ietf.org/doc/html/rfc9923>) over their texts.
    pub fn digest_of(items: &[Item]) -> u64 {
        let mut digest = Digest::default();
        for item in items {
            digest.text(&item.path);
            digest.text(&item.shape);
        }
        digest.0
    }
}

/// A running digest of texts.
#[derive(Clone, Copy, Debug)]
pub struct Digest(pub u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Adds a text; `a`, `bc` and `ab`, `c` differ.
    pub fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
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
