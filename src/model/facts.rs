//! The sink that extractors write into.

use std::ops::Range;

use super::{
    Access, Certainty, Claim, Context, DependencyKind, Fact, FileId, FileInfo, Key, Offer, Parsed,
    Place, Problem, Span, Subject, Template, secrets,
};

/// The id of an extractor (`cargo/manifest`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtractorId(pub &'static str);

/// Everything that one file said.
#[derive(Clone, Debug, Default)]
pub struct FileFacts {
    pub facts: Vec<Fact>,
    pub problems: Vec<Problem>,
    pub info: FileInfo,
}

/// The sink of one extractor on one file: stamps file, extractor and context.
#[derive(Debug)]
pub struct Facts<'a> {
    out: &'a mut FileFacts,
    file: FileId,
    extractor: ExtractorId,
    context: Context,
}

impl<'a> Facts<'a> {
    /// A sink for `extractor` on `file`; `context` is what the path tells.
    pub fn new(
        out: &'a mut FileFacts,
        file: FileId,
        extractor: ExtractorId,
        context: Context,
    ) -> Self {
        Self {
            out,
            file,
            extractor,
            context,
        }
    }

    /// What the path tells of the code's use.
    pub fn context(&self) -> Context {
        self.context
    }

    /// States a claim; the returned fact can be refined.
    ///
    /// What must not be told is left out of it.
    pub fn push(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) -> &mut Fact {
        let span = self.span(bytes);
        let mut claim = claim;
        secrets::keep(&mut claim);
        self.out.facts.push(Fact {
            subject,
            claim,
            span,
            extractor: self.extractor,
            certainty: Certainty::Observed,
            context: self.context,
            when: Vec::new(),
        });
        self.out.facts.last_mut().expect("a fact was just pushed")
    }

    /// The enclosing unit offers a name.
    pub fn provides(&mut self, key: Key, how: Offer, bytes: Range<usize>) -> &mut Fact {
        self.push(Subject::Here, Claim::Provides { key, how }, bytes)
    }

    /// The enclosing unit uses a name.
    pub fn requires(
        &mut self,
        key: Key,
        kind: DependencyKind,
        count: u32,
        bytes: Range<usize>,
    ) -> &mut Fact {
        let claim = Claim::Requires {
            key,
            kind,
            access: Access::Use,
            count,
        };
        self.push(Subject::Here, claim, bytes)
    }

    /// In the enclosing unit, a name means a value.
    pub fn binds(&mut self, key: Key, value: Template, bytes: Range<usize>) -> &mut Fact {
        self.push(Subject::Here, Claim::Binds { key, value }, bytes)
    }

    /// Something that could not be understood, at a place.
    pub fn problem(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        let span = self.span(bytes);
        self.out.problems.push(Problem {
            place: Place::Span(span),
            message: message.into(),
        });
    }

    /// Records how far this extractor could read the file; the worst counts.
    pub fn parsed(&mut self, parsed: Parsed) {
        self.out.info.parsed = self.out.info.parsed.max(parsed);
    }

    /// The path says the code is not for production; a header can say so, too.
    pub fn generated(&mut self) {
        self.out.info.generated = true;
    }

    fn span(&self, bytes: Range<usize>) -> Span {
        let clip = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: clip(bytes.start),
            end: clip(bytes.end),
        }
    }
}
