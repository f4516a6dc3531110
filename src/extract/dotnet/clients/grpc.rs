//! Calls of generated clients of gRPC.

use super::Clients;
use crate::extract::dotnet::net::{pattern, without_slash};
use crate::extract::dotnet::outline::{Call, TypeName};
use crate::model::{DependencyKind, Key, Part, Template};

impl<'t> Clients<'_, 't> {
    /// Calls of `Cart.CartClient`.
    pub(super) fn grpc(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        if call.is_new {
            let kind = TypeName {
                path: call.path.clone(),
                arguments: Vec::new(),
            };
            if let Some(service) = service(&kind).filter(|_| !self.is_called(&service_path(&kind)))
            {
                let at = self.channel(call).unwrap_or_else(|| at_client(&service));
                self.grpc_use(at, format!("{service}/{{}}"), call);
            }
            return;
        }
        let Some(receiver) = outline.receiver(call) else {
            return;
        };
        let Some(last) = receiver.end.checked_sub(1) else {
            return;
        };
        let made = outline.call_ending(last).filter(|made| made.is_new);
        let name = outline.tokens.word(last);
        let value = name
            .and_then(|name| outline.definition(name, last))
            .and_then(|one| one.value);
        let made = made.or_else(|| value.and_then(|value| self.creation(&value)));
        let kind = match (made, name) {
            (Some(made), _) if service_of(&made.path).is_some() => TypeName {
                path: made.path.clone(),
                arguments: Vec::new(),
            },
            (_, Some(name)) => match outline.type_of(name, last) {
                Some(kind) => kind,
                None => return,
            },
            _ => return,
        };
        let Some(service) = service(&kind) else {
            return;
        };
        let mut creations = outline.calls.iter();
        let made = made.or_else(|| creations.find(|one| one.is_new && one.path == kind.path));
        let at = made.and_then(|made| self.channel(made));
        let at = at.unwrap_or_else(|| at_client(&service));
        let method = call.name.strip_suffix("Async").unwrap_or(call.name);
        self.grpc_use(at, format!("{service}/{method}"), call);
    }

    pub(super) fn grpc_use(&mut self, at: Template, name: String, call: &Call<'t>) {
        let bytes = self.bytes(call);
        let name = pattern(&Template::text(name));
        let access = crate::model::Access::Use;
        let key = Key::at("grpc", at, name);
        self.net.uses(key, DependencyKind::CallGrpc, access, bytes);
    }

    /// Whether the file calls something of a type.
    pub(super) fn is_called(&self, path: &str) -> bool {
        let outline = self.outline;
        outline.calls.iter().any(|call| {
            let name = outline.receiver_name(call);
            name.is_some_and(|name| {
                let declared = outline.type_of(name, call.at);
                let made = outline
                    .definition(name, call.at)
                    .and_then(|one| one.value)
                    .and_then(|value| self.creation(&value));
                declared.is_some_and(|kind| kind.path == path)
                    || made.is_some_and(|made| made.path == path)
            })
        })
    }

    /// The address of the channel with which a client is made.
    pub(super) fn channel(&self, made: &Call<'t>) -> Option<Template> {
        let outline = self.outline;
        let given = made.arguments.first()?.tokens.clone();
        let last = given.end.checked_sub(1)?;
        let call = match outline.call_ending(last) {
            Some(call) => call,
            None => {
                let name = outline.tokens.word(last)?;
                let value = outline.definition(name, last)?.value?;
                outline.call_ending(value.end.checked_sub(1)?)?
            }
        };
        let is_channel = call.name == "ForAddress" || call.is_new && call.path.ends_with("Channel");
        let at = self.template(call, "address", 0).filter(|_| is_channel)?;
        (!matches!(at.0.first(), None | Some(Part::Hole))).then(|| without_slash(&at))
    }
}

pub(super) fn at_client(service: &str) -> Template {
    Key::new("grpcclient", service).into()
}

pub(super) fn service_path(kind: &TypeName) -> String {
    kind.path.clone()
}

/// `Cart` of `Acme.Cart.CartClient`.
pub(super) fn service(kind: &TypeName) -> Option<String> {
    service_of(&kind.path)
}

pub(super) fn service_of(path: &str) -> Option<String> {
    let mut segments = path.rsplit('.');
    let service = segments.next()?.strip_suffix("Client")?;
    (segments.next() == Some(service)).then(|| service.to_owned())
}
