//! What an Aspire host gives to what it starts: connections, variables, ports, routes.

use super::Reader;
use crate::extract::dotnet::net::{is_address, joined, pattern};
use crate::extract::dotnet::outline::Call;
use crate::extract::dotnet::texts::argument;
use crate::extract::environment::bindings;
use crate::model::{Access, Claim, ComponentKind, DependencyKind, Key, Part, Template};

impl<'t> Reader<'_, '_, 't> {
    /// `WithReference(cart)`: the name of a connection, or of a service.
    pub(super) fn reference(&mut self, number: usize, call: &Call<'t>) {
        let Some(given) = self.given(call) else {
            return;
        };
        let resource = &self.resources[given];
        let name = self.literal(call, "connectionName", 1);
        let name = name.unwrap_or_else(|| resource.name.clone());
        let (key, value) = match resource.kind {
            ComponentKind::Datastore | ComponentKind::Broker => (
                format!("connectionstrings:{}", name.to_lowercase()),
                Template::from(self.key(&resource.name)),
            ),
            _ => (
                format!("services:{}:http:0", name.to_lowercase()),
                format!("http://{}", resource.name).into(),
            ),
        };
        let key = Key::new("property", key);
        self.claim(number, Claim::Binds { key, value }, call);
    }

    pub(super) fn environment(&mut self, number: usize, call: &Call<'t>) {
        let Some(name) = self.literal(call, "name", 0) else {
            return;
        };
        let Some(value) = call.arguments.get(1) else {
            return;
        };
        let value = self.texts.template(value.tokens.clone());
        if !matches!(value.0.first(), Some(Part::Text(_) | Part::Ref(_))) {
            return;
        }
        for (key, value) in bindings(&name, &value) {
            self.claim(number, Claim::Binds { key, value }, call);
        }
    }

    /// A port that is open on the machine itself; numbers are no tokens, so they are read between those around.
    pub(super) fn port(&mut self, number: usize, call: &Call<'t>) {
        let port = argument(&call.arguments, "port", 0);
        let Some(start) = port.map(|port| port.tokens.start) else {
            return;
        };
        let tokens = &self.outline.tokens;
        let between = tokens.bytes(start - 1).end..tokens.bytes(start).start;
        let text = tokens.text.get(between).unwrap_or_default().trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.provides(number, Key::new("port", text), call);
        }
    }

    /// `AddRoute("/api/{**rest}", cart)` of a gateway.
    pub(super) fn routes(&mut self, number: usize, call: &Call<'t>) {
        let outline = self.outline;
        let inside = outline
            .calls
            .iter()
            .filter(|one| one.name == "AddRoute" && (call.at..call.end).contains(&one.at));
        for route in inside {
            let told = |place: usize| {
                let argument = route.arguments.get(place)?;
                Some(self.texts.template(argument.tokens.clone()))
            };
            let (Some(path), Some(to)) = (told(0), told(1).filter(is_address)) else {
                continue;
            };
            let path = pattern(&path);
            let to = joined(&to, &path);
            let key = Key::new("route", path);
            let value = to.clone();
            self.claim(number, Claim::Binds { key, value }, route);
            let claim = Claim::Requires {
                key: Key::at("http", to, "ANY"),
                kind: DependencyKind::CallRoute,
                access: Access::Use,
                count: 1,
            };
            self.claim(number, claim, route);
        }
    }
}
