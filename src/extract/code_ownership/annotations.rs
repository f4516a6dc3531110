//! Which team does the first line of a file name: `# @team Cart`, `// @team Cart`, `<!-- @team Cart -->`?
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>

use super::team;
use crate::extract::owned::Statements;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, OwnershipSource, Selector, SourceFile};

/// Reads first lines.
#[derive(Debug)]
pub(in crate::extract) struct Annotations;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("code-ownership/annotations"),
    summary: "Teams that the first lines of files name",
    // Every language whose comments the tool knows.
    globs: &[
        "**/*.arb",
        "**/*.c",
        "**/*.cc",
        "**/*.cjs",
        "**/*.cpp",
        "**/*.cs",
        "**/*.cts",
        "**/*.dart",
        "**/*.erb",
        "**/*.ex",
        "**/*.exs",
        "**/*.fs",
        "**/*.go",
        "**/*.graphql",
        "**/*.groovy",
        "**/*.h",
        "**/*.haml",
        "**/*.hpp",
        "**/*.htm",
        "**/*.html",
        "**/*.java",
        "**/*.js",
        "**/*.jsx",
        "**/*.kt",
        "**/*.kts",
        "**/*.m",
        "**/*.mjs",
        "**/*.mts",
        "**/*.php",
        "**/*.proto",
        "**/*.py",
        "**/*.rake",
        "**/*.rb",
        "**/*.rs",
        "**/*.ru",
        "**/*.scala",
        "**/*.sh",
        "**/*.slim",
        "**/*.sql",
        "**/*.svelte",
        "**/*.swift",
        "**/*.tf",
        "**/*.ts",
        "**/*.tsx",
        "**/*.vue",
    ],
    // The first line is looked at faster than the whole file is searched.
    markers: &[],
    languages: &[],
    ownership: true,
};

/// What starts a comment, and what ends it on its line.
const COMMENTS: &[(&[u8], &[u8])] = &[
    (b"#", b""),
    (b"//", b""),
    (b"<!--", b"-->"),
    (b"<%#", b"%>"),
];

/// The longest name of a team; what is longer is prose.
const NAME: usize = 100;

impl Extractor for Annotations {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let comment = COMMENTS.iter().find_map(|(start, end)| {
            let rest = file.bytes.strip_prefix(*start)?;
            Some((rest, *end))
        });
        let Some((rest, end)) = comment else {
            return;
        };
        let line = memchr::memchr(b'\n', rest).map_or(rest, |at| &rest[..at]);
        let line = line.trim_ascii_end();
        let line = line.strip_suffix(end).unwrap_or(line);
        let Some(name) = annotated(line.trim_ascii_start()) else {
            return;
        };
        let start = name.as_ptr() as usize - file.bytes.as_ptr() as usize;
        let bytes = start..start + name.len();
        let mut say = Statements::new(facts, OwnershipSource::Annotation);
        match std::str::from_utf8(name) {
            Ok("") => say.wrong(0..start, "`@team` names no team"),
            Ok(name) if name.len() <= NAME => {
                say.owns(Selector::File, vec![team(name)], bytes);
            }
            Ok(_) => say.wrong(
                bytes,
                format!("longer than {NAME} bytes: no name of a team"),
            ),
            Err(_) => say.wrong(bytes, "not UTF-8"),
        }
    }
}

/// The name behind `@team`, `@team:` or `team:`; a mere `team` is prose.
fn annotated(line: &[u8]) -> Option<&[u8]> {
    let (rest, at) = match line.strip_prefix(b"@team") {
        Some(rest) => (rest, true),
        None => (line.strip_prefix(b"team")?, false),
    };
    let name = match rest.strip_prefix(b":") {
        Some(name) => name,
        None if at && rest.first().is_none_or(u8::is_ascii_whitespace) => rest,
        None => return None,
    };
    // Trimming gives a piece of the same bytes.
    Some(name.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{facts, lines};

    fn team_of(line: &str) -> Option<String> {
        let text = format!("{line}\nclass Cart\n");
        let said = lines(&Annotations, "app/cart.rb", &text);
        let said = said.strip_prefix("file owns file by annotation ")?;
        let (name, covered) = said.trim_end().split_once(" [declared]  @ ")?;
        assert_eq!(covered, format!("{name:?}"));
        Some(name.to_owned())
    }

    #[test]
    fn comments_of_every_kind() {
        for (line, name) in [
            ("# @team Cart", "Cart"),
            ("#@team Cart", "Cart"),
            ("// @team Cart Folks", "Cart Folks"),
            ("// @team: Cart", "Cart"),
            ("# team: Cart\r", "Cart"),
            ("<!-- @team Cart -->", "Cart"),
            ("<%# @team Cart Folks%>", "Cart Folks"),
            ("# @team acme/cart", "acme/cart"),
        ] {
            assert_eq!(team_of(line).as_deref(), Some(name), "{line}");
        }
    }

    #[test]
    fn prose_is_no_annotation() {
        for line in [
            "# team up with others",
            "# teams: many",
            "// @teammate Cart",
            "# the @team Cart",
            "/* @team Cart */",
            "class Cart # @team Cart",
        ] {
            assert_eq!(team_of(line), None, "{line}");
        }
        assert!(
            facts(&Annotations, "a.rb", b"\n# @team Cart\n")
                .facts
                .is_empty()
        );
        assert!(facts(&Annotations, "a.rb", b"").problems.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let long = format!("# @team {}", "x".repeat(200));
        assert_eq!(
            facts(&Annotations, "a.rb", long.as_bytes()).problems.len(),
            1
        );
        assert_eq!(facts(&Annotations, "a.rb", b"# @team").problems.len(), 1);
        assert_eq!(
            facts(&Annotations, "a.rb", b"# @team caf\xe9")
                .problems
                .len(),
            1
        );
    }
}
