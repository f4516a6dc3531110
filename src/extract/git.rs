//! How is the address of a git repository written so that equal repositories are equal text?

/// `host/organisation/repository`: host in lower case, no scheme, user, default port, `.git` or page below it.
///
/// Returns `None` for what names no host (a path, `file://`, free text).
pub(super) fn normalise(url: &str) -> Option<String> {
    let url = url.trim();
    let url = url.split(['#', '?']).next().unwrap_or(url);
    let (authority, path) = match url.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("file") => return None,
        Some((_, rest)) => rest.split_once('/')?,
        // The scp form: `git@host:organisation/repository`.
        None => url.split_once(':').filter(|(host, _)| is_host(host))?,
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.to_lowercase();
    let host = [":22", ":80", ":443"]
        .iter()
        .find_map(|port| host.strip_suffix(port))
        .unwrap_or(&host);
    let path = ["/-/", "/tree/", "/blob/"]
        .iter()
        .find_map(|page| path.split_once(page).map(|(repository, _)| repository))
        .unwrap_or(path)
        .trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let path = path.trim_end_matches('/');
    (!host.is_empty() && !path.is_empty()).then(|| format!("{host}/{path}"))
}

fn is_host(text: &str) -> bool {
    // A single letter is a Windows drive.
    text.len() > 1 && !text.contains(['/', '\\', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_repository_gives_one_text() {
        for url in [
            "https://github.com/acme/shop",
            "https://GitHub.com/acme/shop.git",
            "https://github.com/acme/shop/",
            "https://token@github.com:443/acme/shop.git/",
            "ssh://git@github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
            "git://github.com/acme/shop?branch=main",
            "https://github.com/acme/shop/tree/main/crates/cart",
        ] {
            assert_eq!(normalise(url).as_deref(), Some("github.com/acme/shop"));
        }
        assert_eq!(
            normalise("ssh://git@git.acme.example:2222/a/b").as_deref(),
            Some("git.acme.example:2222/a/b")
        );
    }

    #[test]
    fn what_names_no_host_is_no_repository() {
        for url in [
            "../shop",
            "file:///srv/shop",
            "C:\\shop",
            "",
            "https://github.com",
            "see the wiki: there",
        ] {
            assert_eq!(normalise(url), None, "{url}");
        }
    }
}
