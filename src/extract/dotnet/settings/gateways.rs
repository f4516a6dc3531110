//! Routes of YARP and Ocelot.

use std::ops::Range;

use super::{Reader, get, text};
use crate::extract::dotnet::net::{joined, pattern, without_slash};
use crate::extract::tree::Node;
use crate::model::{Access, Claim, DependencyKind, Key, Offer, Template};

impl Reader<'_, '_> {
    /// `ReverseProxy`: routes that lead to clusters of destinations.
    pub(super) fn yarp(&mut self, proxy: &Node) {
        let clusters = get(proxy, "Clusters");
        let destinations = |cluster: &str| -> Vec<&Node> {
            let cluster = clusters.and_then(|clusters| get(clusters, cluster));
            let list = cluster.and_then(|cluster| get(cluster, "Destinations"));
            let list = list.map_or(&[][..], Node::entries).iter();
            list.filter_map(|entry| get(&entry.value, "Address"))
                .collect()
        };
        for route in get(proxy, "Routes").map_or(&[][..], Node::entries) {
            let route = &route.value;
            let path = get(route, "Match").and_then(|node| text(node, "Path"));
            let Some(cluster) = text(route, "ClusterId") else {
                continue;
            };
            let path = path.unwrap_or("/{**rest}");
            for address in destinations(cluster) {
                let Some(base) = address.text().filter(|base| !base.is_empty()) else {
                    continue;
                };
                let transforms = get(route, "Transforms").map_or(&[][..], Node::items);
                let behind = transformed(path, transforms);
                let to = joined(&Template::text(base), &pattern(&Template::text(behind)));
                self.route(path, &to, address.bytes.clone());
            }
        }
    }

    /// `Routes` of Ocelot, `ReRoutes` of its earlier versions.
    pub(super) fn ocelot(&mut self, root: &Node) {
        let routes = get(root, "Routes").or_else(|| get(root, "ReRoutes"));
        for route in routes.map_or(&[][..], Node::items) {
            let (Some(up), Some(down)) = (
                text(route, "UpstreamPathTemplate"),
                get(route, "DownstreamPathTemplate"),
            ) else {
                continue;
            };
            let Some(path) = down.text() else {
                continue;
            };
            let scheme = text(route, "DownstreamScheme").unwrap_or("http");
            let hosts = get(route, "DownstreamHostAndPorts").map_or(&[][..], Node::items);
            let hosts = hosts.iter().filter_map(|host| {
                let name = text(host, "Host")?;
                Some(match text(host, "Port") {
                    Some(port) => format!("{name}:{port}"),
                    None => name.to_owned(),
                })
            });
            let service = text(route, "ServiceName").map(str::to_owned);
            let hosts: Vec<String> = hosts.chain(service).collect();
            // The last open piece takes all the rest.
            let rest = |path: &str| match path
                .strip_suffix('}')
                .and_then(|path| path.rsplit_once('{'))
            {
                Some((front, _)) => format!("{front}{{**rest}}"),
                None => path.to_owned(),
            };
            for host in hosts {
                let base = Template::text(format!("{scheme}://{host}"));
                let to = joined(&base, &pattern(&Template::text(rest(path))));
                self.route(&rest(up), &to, down.bytes.clone());
            }
        }
    }

    pub(super) fn route(&mut self, path: &str, to: &Template, bytes: Range<usize>) {
        let path = match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{path}"),
        };
        let key = Key::new("route", pattern(&Template::text(path)));
        let value = to.clone();
        self.push(Claim::Binds { key, value }, bytes.clone());
        let claim = Claim::Requires {
            key: Key::at("http", to.clone(), "ANY"),
            kind: DependencyKind::CallRoute,
            access: Access::Use,
            count: 1,
        };
        self.push(claim, bytes.clone());
        let claim = Claim::Provides {
            key: Key::new("trait", "gateway"),
            how: Offer::Implements,
        };
        self.push(claim, bytes);
    }
}

/// The path behind a route, after what its transforms say.
pub(super) fn transformed(path: &str, transforms: &[Node]) -> String {
    let mut path = path.to_owned();
    for transform in transforms {
        if let Some(prefix) = text(transform, "PathRemovePrefix") {
            let rest = path.strip_prefix(prefix.trim_end_matches('/'));
            path = rest.map_or(path.clone(), str::to_owned);
        } else if let Some(prefix) = text(transform, "PathPrefix") {
            let whole = joined(
                &without_slash(&Template::text(prefix)),
                &Template::text(path.as_str()),
            );
            path = whole.as_text().map_or(path, str::to_owned);
        } else if let Some(other) =
            text(transform, "PathPattern").or_else(|| text(transform, "PathSet"))
        {
            path = other.to_owned();
        }
    }
    path
}
