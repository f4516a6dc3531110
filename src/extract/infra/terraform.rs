//! Which modules does a Terraform file call?
//!
//! Source: <https://developer.hashicorp.com/terraform/language/modules/sources>

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};

use super::{folder, outside};
use crate::extract::{Extractor, ExtractorInfo, allowances, git, toml_comments};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads `.tf` files.
#[derive(Debug)]
pub(in crate::extract) struct Terraform;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("infra/terraform"),
    summary: "Modules that Terraform calls",
    globs: &["**/*.{tf,tofu}"],
    markers: &["module"],
    languages: &[Language::Data],
    ownership: false,
};

/// The deepest nesting of brackets: the parser recurses.
const DEPTH: usize = 128;

/// The most signs in a row: lines of comments are drawn with them.
const SIGNS: usize = 1024;

impl Extractor for Terraform {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if allowances::promised(file.bytes) {
            let comments = toml_comments::comments(file.bytes);
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let Some(body) = body(file, facts) else {
            return;
        };
        for structure in &body {
            let Structure::Block(block) = structure else {
                continue;
            };
            if !block.has_ident("module") {
                continue;
            }
            let Some(source) = block.body.get_attribute("source") else {
                continue;
            };
            let Expression::String(value) = &source.value else {
                continue;
            };
            let bytes = source.value.span().unwrap_or(0..0);
            module(value.as_str(), file.path.parent(), bytes, facts);
        }
    }
}

/// What a file says; what cannot be read is told.
pub(super) fn body(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Option<Body> {
    let read = match file.text() {
        Ok(text) => match too_deep(text) {
            Some(at) => Err((at..at + 1, format!("nested deeper than {DEPTH}"))),
            None => hcl_edit::parser::parse_body(text).map_err(|error| {
                let at = error.location().offset().min(text.len());
                (
                    at..at,
                    format!("not understood as HCL: {}", error.message()),
                )
            }),
        },
        Err(offset) => Err((offset..offset + 1, "not UTF-8".to_owned())),
    };
    match read {
        Ok(body) => {
            facts.parsed(Parsed::Whole);
            Some(body)
        }
        Err((bytes, message)) => {
            facts.problem(bytes, message);
            facts.parsed(Parsed::Failed);
            None
        }
    }
}

fn module(source: &str, from: &str, bytes: std::ops::Range<usize>, facts: &mut Facts<'_>) {
    // Only what starts so is a folder; `a/b/c` is an address in a registry.
    if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
        folder(from, source, bytes, facts);
        return;
    }
    let url = source.strip_prefix("git::").unwrap_or(source);
    // `//` leads to a folder inside of what the address names.
    let end = url
        .match_indices("//")
        .map(|(at, _)| at)
        .find(|at| !url[..*at].ends_with(':'));
    match git::normalise(&url[..end.unwrap_or(url.len())]) {
        Some(address) if source.starts_with("git") || url.contains(".git") => {
            outside(&format!("git:{address}"), &address, bytes, facts);
        }
        _ => outside("registry:terraform", source, bytes, facts),
    }
}

/// Where the parser would recurse too deep: brackets, conditions in conditions, signs in front of signs.
///
/// Those in texts and comments count, too, which no file of people comes near to.
fn too_deep(text: &str) -> Option<usize> {
    let (mut brackets, mut conditions, mut signs) = (0usize, 0usize, 0usize);
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => {
                brackets += 1;
                conditions += usize::from(before == b'%');
            }
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'?' => conditions += 1,
            // The next attribute.
            b'\n' if brackets <= 1 => conditions = 0,
            _ => {}
        }
        signs = match byte {
            b'-' | b'!' => signs + 1,
            byte if byte.is_ascii_whitespace() => signs,
            _ => 0,
        };
        if brackets > DEPTH || conditions > 2 * DEPTH || signs > SIGNS {
            return Some(at);
        }
        before = byte;
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn modules_are_folders_or_come_from_outside() {
        let text = "module \"net\" {\n  source = \"../../modules/net\" # twopizza: allow direct-link -- soon gone\n}\nmodule \"vpc\" {\n  source  = \"terraform-aws-modules/vpc/aws\"\n  version = \"5.0.0\"\n}\nmodule \"x\" { source = \"git::https://github.com/acme/infra.git//net?ref=v1\" }\nmodule \"y\" {\n  source = var.source\n}\nresource \"a\" \"b\" {\n  source = \"./no\"\n}\nlocals {\n  t = \"${each.value}\"\n}\n";
        expect![[r#"
            file binds allow:direct-link = soon gone [declared]  @ "source = \"../../modules/net\" # twopizza: allow direct-link -- soon gone"
            here requires folder(git:github.com/acme/infra)github.com/acme/infra [link.impl] [declared] [build]  @ "\"git::https://github.com/acme/infra.git//net?ref=v1\""
            here requires folder(registry:terraform)terraform-aws-modules/vpc/aws [link.impl] [declared] [build]  @ "\"terraform-aws-modules/vpc/aws\""
            here requires folder:modules/net [link.impl] [declared] [build]  @ "\"../../modules/net\""
        "#]].assert_eq(&lines(&Terraform, "live/prod/main.tf", text));
    }

    #[test]
    fn what_is_broken_is_told() {
        expect![[r#"
            ! not understood as HCL: invalid expression; expected `"`, `[`, `{`, `-`, `!`, `(`, `_`, `<`, letter or digit  @ ""
        "#]].assert_eq(&lines(
            &Terraform,
            "main.tf",
            "module \"a\" {\n  source = \n",
        ));
        expect![[r#"
            ! nested deeper than 128  @ "{"
        "#]]
        .assert_eq(&lines(&Terraform, "main.tf", "{".repeat(300)));
        for piece in [
            "module \"a\" {",
            "[",
            "\"${",
            "!",
            "-",
            "a = b ? c : ",
            "<<A\n",
        ] {
            lines(&Terraform, "main.tf", piece.repeat(2000));
        }
    }
}
