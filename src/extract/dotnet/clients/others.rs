//! Forwarders, and clients of Dapr, RestSharp, Flurl, WCF and Refit.

use super::Clients;
use crate::extract::dotnet::net::{is_address, joined, pattern, without_query};
use crate::extract::dotnet::outline::{Call, simple};
use crate::model::{DependencyKind, Key, Part, Template};

/// Methods of Flurl on addresses.
const FLURL: &[(&str, &str)] = &[
    ("DeleteAsync", "DELETE"),
    ("GetAsync", "GET"),
    ("GetJsonAsync", "GET"),
    ("GetStringAsync", "GET"),
    ("PatchJsonAsync", "PATCH"),
    ("PostJsonAsync", "POST"),
    ("PostUrlEncodedAsync", "POST"),
    ("PutJsonAsync", "PUT"),
];

impl<'t> Clients<'_, 't> {
    /// `MapForwarder("/x/{id}", "http://service", "/y/{id}")`.
    ///
    /// Source: <https://learn.microsoft.com/aspnet/core/fundamentals/servers/yarp/direct-forwarding>
    pub(super) fn forwarded(&mut self, call: &Call<'t>) {
        if call.name != "MapForwarder" {
            return;
        }
        let from = self.template(call, "pattern", 0);
        let to = self.template(call, "destinationPrefix", 1);
        let (Some(from), Some(to)) = (from, to.filter(is_address)) else {
            return;
        };
        let path = self.template(call, "targetPath", 2);
        let path = path.filter(|path| matches!(path.0.first(), Some(Part::Text(_))));
        let from = pattern(&from);
        let to = joined(&to, &pattern(&path.unwrap_or_else(|| from.clone())));
        let bytes = self.bytes(call);
        let key = Key::new("route", from);
        self.net.binds(key, to.clone(), bytes.clone());
        self.net.http(to, "ANY", DependencyKind::CallRoute, bytes);
    }

    /// Service invocation of Dapr: <https://docs.dapr.io/developing-applications/sdks/dotnet/dotnet-client/>.
    pub(super) fn dapr(&mut self, call: &Call<'t>) {
        let is_call = matches!(
            call.name,
            "InvokeMethodAsync" | "InvokeMethodWithResponseAsync" | "CreateInvokeMethodRequest"
        );
        let is_dapr = || {
            let name = self.outline.receiver_name(call);
            let kind = name.and_then(|name| self.outline.type_of(name, call.at));
            kind.is_some_and(|kind| kind.simple() == "DaprClient")
        };
        if !is_call || !self.outline.imports("Dapr") && !is_dapr() {
            return;
        }
        let verb = self.verb(call, 0);
        let first = usize::from(verb != "ANY");
        let app = self.literal(call, "appId", first);
        let method = self.template(call, "methodName", first + 1);
        let (Some(app), Some(method)) = (app.filter(|app| !app.is_empty()), method) else {
            return;
        };
        let url = joined(
            &Template::text(format!("http://{app}")),
            &without_query(&method),
        );
        let verb = if first == 0 { "POST" } else { &*verb };
        let bytes = self.bytes(call);
        self.net.http(url, verb, DependencyKind::CallHttp, bytes);
    }

    /// RestSharp, Flurl, WCF.
    pub(super) fn others(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        if call.is_new && simple(&call.path) == "RestRequest" && outline.imports("RestSharp") {
            let around = |at: usize| outline.type_around(at).map(|kind| kind.at);
            let mut clients = outline.calls.iter().filter(|one| {
                one.is_new
                    && matches!(simple(&one.path), "RestClient" | "RestClientOptions")
                    && around(one.at) == around(call.at)
            });
            let base = clients.find_map(|one| self.template(one, "baseUrl", 0).filter(is_address));
            let url = self.template(call, "resource", 0);
            let verb = match call.arguments.len() {
                0 | 1 => "GET".to_owned(),
                _ => self.verb(call, 1),
            };
            self.state(base, url.map(|url| pattern(&url)), &verb, call);
        }
        if let Ok(found) = FLURL.binary_search_by_key(&call.name, |(name, _)| name)
            && outline.imports("Flurl")
            && let Some(receiver) = outline.receiver(call)
        {
            let url = without_query(&self.texts.template(receiver));
            let is_text = matches!(url.0.first(), Some(Part::Text(_)));
            let is_key = url
                .as_ref_key()
                .is_none_or(|key| matches!(key.namespace.0, "env" | "property"));
            if is_address(&url) && (is_text || is_key) {
                let bytes = self.bytes(call);
                let verb = FLURL[found].1;
                self.net.http(url, verb, DependencyKind::CallHttp, bytes);
            }
        }
        if call.is_new
            && simple(&call.path) == "EndpointAddress"
            && let Some(url) = self.template(call, "uri", 0).filter(is_address)
        {
            let bytes = self.bytes(call);
            self.net.http(url, "POST", DependencyKind::CallSoap, bytes);
        }
    }

    /// Interfaces whose methods are requests.
    pub(super) fn refit(&mut self) {
        let outline = self.outline;
        for method in &outline.methods {
            let Some(owner) = method.owner.and_then(|owner| outline.types.get(owner)) else {
                continue;
            };
            for attribute in &method.attributes {
                let verb = attribute.name.to_uppercase();
                // Other libraries have attributes of the same names for interfaces, and the same meaning.
                let is_verb = owner.is_interface()
                    && matches!(
                        &*verb,
                        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"
                    );
                let Some(path) = attribute.arguments.first().filter(|_| is_verb) else {
                    continue;
                };
                let path = pattern(&without_query(&self.texts.template(path.tokens.clone())));
                let base = Template::from(Key::new("httpclient", owner.name));
                let bytes = outline.bytes(attribute.at..method.at + 1);
                let url = joined(&base, &path);
                self.net.http(url, &verb, DependencyKind::CallHttp, bytes);
            }
        }
    }
}
