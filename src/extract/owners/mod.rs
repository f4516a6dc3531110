//! Ownership files called OWNERS, one per folder: YAML of Kubernetes, or the lines of Chromium and Gerrit.

mod gerrit;
mod kubernetes;

pub(super) use gerrit::Gerrit;
pub(super) use kubernetes::Kubernetes;

/// The keys of a Kubernetes OWNERS file, <https://www.kubernetes.dev/docs/guide/owners/#owners>.
const KEYS: &[&str] = &[
    "approvers",
    "reviewers",
    "required_reviewers",
    "emeritus_approvers",
    "emeritus_reviewers",
    "security_contacts",
    "labels",
    "filters",
    "options",
];

/// How an OWNERS file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Kubernetes,
    Gerrit,
    /// Comments and white space only.
    Empty,
    /// Neither of the two.
    Other,
}

/// What an OWNERS file is, by its content: a key of Kubernetes at the start of a line, or any line of Gerrit.
fn format(text: &str) -> Format {
    let mut found = Format::Empty;
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim_start().is_empty() || line.trim_start().starts_with('#') || line == "---" {
            continue;
        }
        let key = line.split_once(':').map_or("", |(key, _)| key.trim_end());
        if KEYS.contains(&key.trim_matches(['"', '\''])) {
            return Format::Kubernetes;
        }
        if gerrit::is_line(line) {
            found = Format::Gerrit;
        } else if found == Format::Empty {
            found = Format::Other;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_format() {
        let cases = [
            ("# nobody\n\n", Format::Empty),
            ("approvers:\n- ada\n", Format::Kubernetes),
            ("# see x\n\"options\" : {}\n", Format::Kubernetes),
            ("ada@acme.example\n", Format::Gerrit),
            ("set noparent\nfile://x/OWNERS", Format::Gerrit),
            ("file: x/OWNERS", Format::Gerrit),
            ("Ada Lovelace\n", Format::Other),
            ("owner: ada\n", Format::Other),
            ("whoever\nada@acme.example\n", Format::Gerrit),
        ];
        for (text, expected) in cases {
            assert_eq!(format(text), expected, "{text}");
        }
    }
}
