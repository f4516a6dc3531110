//! What do the lines of a Bitbucket CODEOWNERS file say?
//!
//! Sources of the format: <https://support.atlassian.com/bitbucket-cloud/docs/set-up-and-use-code-owners/>,
//! <https://confluence.atlassian.com/bitbucketserver/code-owners-1296171116.html>.

use super::lines::{self, Invalid, Rule};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, Parsed, SourceFile};

/// Reads CODEOWNERS as Bitbucket does.
#[derive(Debug)]
pub(crate) struct Bitbucket;

impl Extractor for Bitbucket {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("codeowners/bitbucket"),
            summary: "owners of paths, from Bitbucket CODEOWNERS files",
            globs: &[".bitbucket/CODEOWNERS"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        lines::begin(file, &lines::comments(file.bytes), facts);
        lines::tell(file, Dialect::Bitbucket, read, facts);
        facts.parsed(Parsed::Whole);
    }
}

fn read(line: &[u8]) -> Result<Option<Rule<'_>>, Invalid> {
    lines::rule(
        line,
        owner,
        "@user, @workspace/group, @teams/name or an e-mail address",
    )
}

/// An owner without the strategy by which reviewers are picked from a group: `:random(2)`, `:least_busy(1)`, `:all`.
fn owner(text: &str) -> Option<Owner> {
    let (name, strategy) = text.split_once(':').unwrap_or((text, "all"));
    let is_known = |name: &str| {
        let rest = strategy.strip_prefix(name);
        rest.is_some_and(|rest| {
            let count = rest
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'));
            rest.is_empty() || count.is_some_and(|count| count.parse::<u32>().is_ok())
        })
    };
    if !["all", "random", "least_busy"].into_iter().any(is_known) {
        return None;
    }
    let owner = Owner::parse(name)?;
    let is_whole = strategy == "all" && name == text;
    // Only a group can be picked from.
    (is_whole || owner.form == OwnerForm::TeamHandle).then_some(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strategies_belong_to_no_name() {
        let name = |text| owner(text).map(|owner| owner.text.to_string());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(name("@teams/cart:all"), some("@teams/cart"));
        assert_eq!(name("@acme/cart:random(2)"), some("@acme/cart"));
        assert_eq!(name("@acme/cart:least_busy"), some("@acme/cart"));
        assert_eq!(name("@ada"), some("@ada"));
        assert_eq!(name("ada@acme.example"), some("ada@acme.example"));
        assert_eq!(name("@acme/cart:some(2)"), None);
        assert_eq!(name("@acme/cart:random(x)"), None);
        assert_eq!(name("@ada:random(1)"), None);
        assert_eq!(name("ada"), None);
    }
}
