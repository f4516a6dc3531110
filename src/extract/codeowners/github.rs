//! What do the lines of a GitHub CODEOWNERS file say?
//!
//! Source of the format:
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>

use super::lines::{self, Invalid, Rule};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Dialect, ExtractorId, Facts, Language, Owner, Parsed, SourceFile};

/// The places where GitHub looks, relative to the root.
const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// In bytes; a larger file "will not be loaded".
const LARGEST: usize = 3 << 20;

/// Reads CODEOWNERS as GitHub does.
#[derive(Debug)]
pub(crate) struct GitHub;

impl Extractor for GitHub {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("codeowners/github"),
            summary: "owners of paths, from GitHub CODEOWNERS files",
            globs: &["**/CODEOWNERS"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !PLACES.contains(&&*file.path.path) {
            return;
        }
        // The others leave to GitHub what holds whoever reads the file.
        lines::begin(file, &lines::comments(file.bytes), facts);
        if file.bytes.len() > LARGEST {
            let why = "over 3 MB, GitHub does not load it: nobody owns anything; merge lines with wildcards";
            let invalid = Invalid {
                at: 0..0,
                why: why.to_owned(),
            };
            lines::skip(file, Dialect::GitHub, "", invalid, 0, facts);
            return;
        }
        lines::tell(file, Dialect::GitHub, read, facts);
        facts.parsed(Parsed::Whole);
    }
}

/// Reads one line; `None` for a comment or an empty line.
///
/// A bad owner makes the whole line invalid: the REST API lists "Invalid owner" among the errors of
/// the file (<https://docs.github.com/en/rest/repos/repos#list-codeowners-errors>), and of a line with
/// errors the documentation says "that line will be skipped".
fn read(line: &[u8]) -> Result<Option<Rule<'_>>, Invalid> {
    lines::rule(line, Owner::parse, "@user, @org/team or an e-mail address")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::{Claim, Context, FileFacts, FileId, Mode, RepoId, RepoPath, Selector};

    fn extract(path: &str, bytes: &[u8]) -> FileFacts {
        let mut out = FileFacts::default();
        let mut facts = Facts::new(&mut out, FileId(0), GitHub.info().id, Context::Production);
        let path = RepoPath::new(RepoId(0), path);
        let file = SourceFile {
            path: &path,
            bytes,
            mode: Mode::File,
            bom: false,
            roster: None,
        };
        GitHub.extract(&file, &mut facts);
        out
    }

    #[test]
    fn a_comment_that_allows_is_told() {
        let text = b"\
/a\\ #b # twopizza: allow unowned-component -- nobody yet
# twopizza: allow unknown-owner -- joins in May
/c\\ # @acme/c
";
        let facts = extract("CODEOWNERS", text).facts;
        let told: Vec<_> = facts
            .iter()
            .filter(|fact| matches!(fact.claim, Claim::Binds { .. }))
            .map(|fact| {
                let bytes = &text[fact.span.start as usize..fact.span.end as usize];
                format!("{} {:?}", fact.claim, String::from_utf8_lossy(bytes))
            })
            .collect();
        let expected = [
            r#"binds allow:unowned-component = nobody yet "/a\\ #b # twopizza: allow unowned-component -- nobody yet""#,
            r##"binds allow:unknown-owner = joins in May "# twopizza: allow unknown-owner -- joins in May\n/c\\ # @acme/c""##,
        ];
        assert_eq!(told, expected);
    }

    fn check(bytes: &[u8], expected: Expect) {
        let out = extract("CODEOWNERS", bytes);
        let mut text = String::new();
        for fact in &out.facts {
            let Claim::Owns { what, owners, .. } = &fact.claim else {
                panic!("another claim: {:?}", fact.claim);
            };
            let span = fact.span.start as usize..fact.span.end as usize;
            match what {
                Selector::Paths { pattern, .. } => {
                    let owners: Vec<_> = owners.iter().map(|owner| &*owner.text).collect();
                    writeln!(text, "{span:?} {pattern:?} {owners:?}").unwrap();
                }
                Selector::Unreadable {
                    text: line, why, ..
                } => {
                    let at = String::from_utf8_lossy(&bytes[span]);
                    assert!(line.contains(&*at), "{line} has {at}");
                    writeln!(text, "{at:?}: {why}").unwrap();
                }
                other => panic!("another selector: {other:?}"),
            }
        }
        assert_eq!(out.problems, []);
        expected.assert_eq(&text);
    }

    #[test]
    fn lines_become_facts_in_order() {
        check(
            b"# owners\n\n* @acme/core\n\t/cart/\t@acme/cart  ada@acme.example # both\n",
            expect![[r#"
                10..22 "*" ["@acme/core"]
                23..66 "/cart/" ["@acme/cart", "ada@acme.example"]
            "#]],
        );
    }

    #[test]
    fn a_line_without_owners_is_explicitly_unowned() {
        check(
            b"/cart/generated\n/cart/vendor # nobody",
            expect![[r#"
                0..15 "/cart/generated" []
                16..37 "/cart/vendor" []
            "#]],
        );
    }

    #[test]
    fn crlf_and_a_last_line_without_an_end_are_read() {
        check(
            b"* @ada\r\n\r\n*.rs @bob \t\r\n/x @eve",
            expect![[r#"
                0..6 "*" ["@ada"]
                10..19 "*.rs" ["@bob"]
                23..30 "/x" ["@eve"]
            "#]],
        );
    }

    #[test]
    fn an_escaped_space_belongs_to_the_pattern() {
        check(
            b"My\\ Docs/ @ada\nend\\ \nplain#hash @bob\n",
            expect![[r#"
                0..14 "My\\ Docs/" ["@ada"]
                15..20 "end\\ " []
                21..36 "plain#hash" ["@bob"]
            "#]],
        );
    }

    #[test]
    fn invalid_lines_are_skipped_and_told() {
        check(
            b"!/cart @ada\n*.[ch] @ada\n\\#x @ada\n/ @ada\nend\\\n/cart ada\n/pay @ada, @bob\n/log @ada @a/b/c\n/ok @ada\n",
            expect![[r#"
                "!/cart": `!` does not negate in CODEOWNERS; write the pattern without owners instead
                "*.[ch]": `[ ]` ranges and sections are not understood; write one line per name
                "\\#x": `\#` is not understood at the start of a pattern; name the folder or use `?`
                "/": `/` never matches; write `*` for every file
                "end\\": the pattern ends with a lone `\`; remove it
                "ada": `ada` is no owner; write @user, @org/team or an e-mail address, separated by spaces
                "@ada,": `@ada,` is no owner; write @user, @org/team or an e-mail address, separated by spaces
                "@a/b/c": `@a/b/c` is no owner; write @user, @org/team or an e-mail address, separated by spaces
                88..96 "/ok" ["@ada"]
            "#]],
        );
    }

    #[test]
    fn a_line_that_is_not_utf8_costs_that_line_only() {
        check(
            b"/a\xff @ada\n/\\\xc3\xa9t\xc3\xa9/ @bob\n",
            expect![[r#"
                "� @ada": not UTF-8; save the file as UTF-8
                9..22 "/\\été/" ["@bob"]
            "#]],
        );
    }

    #[test]
    fn files_elsewhere_are_not_read() {
        for place in PLACES {
            assert_eq!(extract(place, b"* @ada").facts.len(), 1, "{place}");
        }
        for place in [
            "cart/CODEOWNERS",
            ".gitlab/CODEOWNERS",
            "cart/docs/CODEOWNERS",
        ] {
            let out = extract(place, b"* @ada\nbad bad");
            assert_eq!((out.facts.len(), out.problems.len()), (0, 0), "{place}");
        }
    }

    #[test]
    fn a_file_over_three_megabytes_is_refused() {
        let out = extract("CODEOWNERS", &b"* @acme/core\n".repeat(LARGEST / 13 + 1));
        assert_eq!(out.facts.len(), 1);
        let told = out.facts[0].claim.to_string();
        assert!(told.contains("over 3 MB"), "{told}");
    }
}
