//! States the use of an address, unless it is the own site's or leads nowhere that counts.

use super::Site;
use crate::extract::addresses::{address, dapr};
use crate::model::{DependencyKind, Key, Part, Template};

/// States a request to an address.
pub(super) fn state(site: &Site<'_>, url: &Template, verb: &str, kind: DependencyKind) {
    let Some(url) = address(url, site.is_browser) else {
        return;
    };
    if let Some((application, method)) = dapr(&url) {
        let mut url = Template::text("http://");
        url.extend(&application);
        url.push(Part::Text("/".into()));
        url.extend(&method);
        let key = Key::at("http", url, verb);
        site.requires(key, DependencyKind::CallInvoke);
        return;
    }
    site.requires(Key::at("http", url, verb), kind);
}
