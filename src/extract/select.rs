//! Which extractors read a file: by its path, by markers in its bytes, and whether it is text at all.

use aho_corasick::{AhoCorasick, MatchKind};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Extractor, readers_of};
use crate::model::{FileRow, GivenRoster, Mode, Place, Problem};

/// Where a zero byte shows that a file is no text, and where a header says that a machine made it.
const TEXT_HEAD: usize = 8 << 10;
/// For each zero byte that code may have, so many bytes of it.
const BYTES_FOR_A_ZERO: usize = 256;
const GENERATED_HEAD: usize = 1 << 10;

/// Who reads what: all globs in one set, the markers of each extractor in an automaton of its own.
pub(super) struct Selection<'a> {
    pub(super) extractors: &'a [&'a dyn Extractor],
    globs: GlobSet,
    /// The extractor of each glob.
    of_glob: Vec<usize>,
    /// The markers of each extractor that has some.
    ///
    /// One automaton of all markers had to look at every byte, and at the many marks of others, as `:`.
    markers: Vec<Option<AhoCorasick>>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(extractors: &'a [&'a dyn Extractor], problems: &mut Vec<Problem>) -> Self {
        let mut problem = |message: String| {
            problems.push(Problem {
                place: Place::Run,
                message,
            });
        };
        let mut set = GlobSetBuilder::new();
        let mut of_glob = Vec::new();
        let mut markers = Vec::new();
        for (index, extractor) in extractors.iter().enumerate() {
            let info = extractor.info();
            for glob in info.globs {
                match GlobBuilder::new(glob).literal_separator(true).build() {
                    Ok(glob) => {
                        set.add(glob);
                        of_glob.push(index);
                    }
                    Err(error) => problem(format!("extractor {}: {error}", info.id.0)),
                }
            }
            // Which of them is found does not matter, and whatever is leftmost is searched for the fastest.
            let mut builder = AhoCorasick::builder();
            let builder = builder.match_kind(MatchKind::LeftmostFirst);
            let built = (!info.markers.is_empty()).then(|| builder.build(info.markers));
            markers.push(built.transpose().unwrap_or_else(|error| {
                problem(format!("the markers of extractor {}: {error}", info.id.0));
                None
            }));
        }
        let globs = set.build().unwrap_or_else(|error| {
            problem(format!("the patterns of the extractors: {error}"));
            GlobSet::empty()
        });
        Self {
            extractors,
            globs,
            of_glob,
            markers,
        }
    }

    /// The extractors that read a file, in order: links have their own, and so has what is given as a roster.
    pub(super) fn of(&self, row: &FileRow, roster: Option<&GivenRoster>) -> Vec<usize> {
        if let Some(roster) = roster {
            let ids = readers_of(roster.format);
            let all = self.extractors.iter().enumerate();
            let read = all.filter(|(_, one)| ids.contains(&one.info().id.0));
            return read.map(|(index, _)| index).collect();
        }
        let is_link = row.mode == Mode::Symlink;
        if is_link && self.extractors.iter().all(|one| !one.reads_links()) {
            return Vec::new();
        }
        let mut extractors = self.by_path(&row.path.path);
        extractors.retain(|index| self.extractors[*index].reads_links() == is_link);
        extractors
    }

    /// The extractors that read files of this path, in order.
    pub(super) fn by_path(&self, path: &str) -> Vec<usize> {
        let mut extractors: Vec<usize> = self
            .globs
            .matches(path)
            .into_iter()
            .map(|glob| self.of_glob[glob])
            .collect();
        extractors.sort_unstable();
        extractors.dedup();
        extractors
    }

    /// Those of the extractors that have no markers or one of them in the bytes.
    pub(super) fn by_bytes(&self, bytes: &[u8], extractors: &[usize]) -> Vec<usize> {
        let promises = |index: &usize| match &self.markers[*index] {
            Some(markers) => markers.is_match(bytes),
            None => true,
        };
        extractors.iter().copied().filter(promises).collect()
    }
}

/// Why the bytes are no text that an extractor could read.
///
/// In a file that is code by its name, a zero byte here and there is a character of some text.
pub(super) fn not_text(bytes: &[u8], is_code: bool) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(TEXT_HEAD)];
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        Some("UTF-16 text: not read, save it as UTF-8")
    } else if memchr::memchr(0, head).is_some() && !(is_code && has_few_zeros(bytes)) {
        Some("not text: not read")
    } else {
        None
    }
}

/// Whether zero bytes are rare and all else is UTF-8: neither a program nor UTF-16 is such.
fn has_few_zeros(bytes: &[u8]) -> bool {
    let count = memchr::memchr_iter(0, bytes).count();
    count <= 1.max(bytes.len() / BYTES_FOR_A_ZERO) && std::str::from_utf8(bytes).is_ok()
}

/// Whether the head has one of the marks by which generators sign.
///
/// `Code generated … DO NOT EDIT` is <https://go.dev/s/generatedcode>.
/// `Generated by: https://openapi-generator.tech` stands in all templates of OpenAPI Generator that have a head.
pub(super) fn is_generated(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(GENERATED_HEAD)];
    let has = |line: &[u8], mark: &str| memchr::memmem::find(line, mark.as_bytes()).is_some();
    head.split(|byte| *byte == b'\n').any(|line| {
        let signed = memchr::memmem::find(line, b"Code generated ")
            .is_some_and(|at| has(&line[at..], "DO NOT EDIT"));
        // Not a part of an e-mail address.
        let tagged = memchr::memmem::find(line, b"@generated").is_some_and(|at| {
            !at.checked_sub(1)
                .is_some_and(|at| line[at].is_ascii_alphanumeric())
        });
        signed
            || tagged
            || has(line, "<auto-generated")
            || has(line, "AUTO-GENERATED")
            || has(line, "Generated by: https://openapi-generator.tech")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_sign_their_files() {
        for text in [
            "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage cart",
            "# @generated by acme\n",
            "// <auto-generated>\n",
            "/* AUTO-GENERATED FILE */",
            "/*\n * Acme Cart\n *\n * Generated by: https://openapi-generator.tech\n */",
        ] {
            assert!(is_generated(text.as_bytes()), "{text}");
        }
        let far = format!("{}// @generated\n", "//\n".repeat(400));
        for text in [
            "// Code generated by hand, mostly",
            "// Code generated by a tool\n// DO NOT EDIT the line above",
            "// mail to cart@generated.acme.example",
            "fn auto_generated() {}",
            &far,
        ] {
            assert!(!is_generated(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn text_is_told_from_other_bytes() {
        for is_code in [false, true] {
            let not_text = |bytes| not_text(bytes, is_code);
            assert_eq!(not_text("ü\n".as_bytes()), None);
            assert_eq!(not_text(b"caf\xe9"), None);
            assert_eq!(not_text(b""), None);
            assert_eq!(not_text(b"\x7fELF\0\0"), Some("not text: not read"));
            assert_eq!(
                not_text(b"\xFF\xFEa\0"),
                Some("UTF-16 text: not read, save it as UTF-8")
            );
        }
    }

    #[test]
    fn code_may_have_a_zero_byte_in_a_text() {
        let read = |bytes: &[u8]| not_text(bytes, true).is_none();
        let code = b"const key = `${table}\0${name}`;";
        assert!(read(code));
        assert_eq!(not_text(code, false), Some("not text: not read"));
        assert!(read(
            &[&code[..], &b" ".repeat(1000)[..], &code[..]].concat()
        ));
        for binary in [
            &b"a\0\xFF"[..],
            b"a\0\0b",
            b"i\0m\0p\0o\0r\0t\0",
            &code.repeat(50),
        ] {
            assert!(!read(binary));
        }
    }
}
