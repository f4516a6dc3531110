//! The header of a machine-readable contract, flat enough that rules can compare two of them.

use super::{Certainty, ComponentId, FileId, Hop, Span, Template};

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

/// A contract of the run: a document that describes an interface, or a package that is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Where it says what it is.
    pub at: Span,
    /// The document; `None` when a package as a whole is the contract.
    pub document: Option<FileId>,
    /// The component that it lies in, or is.
    pub component: ComponentId,
    /// What people call it: title, package.
    pub name: String,
    /// Who serves what it describes, as far as anything tells.
    pub provider: Option<Provider>,
    /// The contract that this one is a copy of, by its place in the list.
    pub copy_of: Option<usize>,
    /// The elements in which the copy differs, by name.
    pub differences: Vec<String>,
}

/// Who serves a contract, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub component: ComponentId,
    pub certainty: Certainty,
    /// Empty when only names tell.
    pub why: Vec<Hop>,
}
