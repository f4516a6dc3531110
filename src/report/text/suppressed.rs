//! What comments beside code accept, with their reasons.

use std::io::{self, Write};

use super::super::names::{fit, plural, safe};
use super::super::position::site;
use super::super::style::{BOLD, DIM};
use crate::analysis::Analysis;
use crate::model::{Level, Standing};

/// Counts the suppressed findings and writes the first of them, one a line.
pub(super) fn write(analysis: &Analysis, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for finding in &analysis.findings {
        let Standing::Suppressed { reason } = &finding.standing else {
            continue;
        };
        if finding.level == Level::Allow {
            continue;
        }
        let hop = finding.evidence.first().and_then(|one| one.chain.first());
        let place = hop.map_or_else(String::new, |hop| {
            format!(" {}", safe(&site(analysis, hop.span)))
        });
        let rule = finding.rule.0;
        lines.push(format!("{rule}{place}: {}", fit(reason, 120)));
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let count = plural(lines.len(), "finding");
    writeln!(out, "{BOLD}{count} suppressed by comments{BOLD:#}")?;
    for line in lines.iter().take(most) {
        writeln!(out, "  {line}")?;
    }
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        writeln!(out, "  {DIM}+{more} more; --full shows them{DIM:#}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::plain;
    use super::super::super::testing::{analysis, render};
    use super::super::Text;
    use crate::graph::testing::{Builder, dep};
    use crate::model::DependencyKind;

    #[test]
    fn what_a_comment_accepts_is_shown_with_its_reason_and_thanked() {
        let link = dep("cart-api", "catalog-core", DependencyKind::LinkImpl);
        let shop = Builder::new()
            .service("cart-api", "cart")
            .service("catalog-core", "catalog")
            .dep(link.allowed("direct-link"));
        let text = plain(&render(&Text::SHORT, &analysis(shop)));
        assert!(
            text.contains(
                "\n1 finding suppressed by comments\n  direct-link cart-api/src/main.rs:1:5: a test\n"
            ),
            "{text}"
        );
        assert!(!text.contains("error["), "{text}");
        assert!(text.contains("Thank you"), "{text}");
    }
}
