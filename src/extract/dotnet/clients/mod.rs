//! Whom does C# code call: clients of HTTP and gRPC, of Refit, RestSharp, Flurl and Dapr, forwarders?
//!
//! An address that another file gives to a client is a name: `httpclient:CatalogService`, `grpcclient:Basket`.
//! Sources: <https://learn.microsoft.com/aspnet/core/fundamentals/http-requests>,
//! <https://learn.microsoft.com/aspnet/core/grpc/clientfactory>, <https://github.com/reactiveui/refit>.

mod grpc;
mod others;

use std::ops::Range;

use grpc::service;

use crate::extract::dotnet::net::{Net, is_address, joined, without_query, without_slash};
use crate::extract::dotnet::outline::{Call, Outline, simple};
use crate::extract::dotnet::texts::{Texts, argument};
use crate::model::{DependencyKind, Key, Part, Template};

/// Methods of `HttpClient` and its extensions, with the verb.
const METHODS: &[(&str, &str)] = &[
    ("DeleteAsync", "DELETE"),
    ("DeleteFromJsonAsync", "DELETE"),
    ("GetAsync", "GET"),
    ("GetByteArrayAsync", "GET"),
    ("GetFromJsonAsAsyncEnumerable", "GET"),
    ("GetFromJsonAsync", "GET"),
    ("GetStreamAsync", "GET"),
    ("GetStringAsync", "GET"),
    ("PatchAsJsonAsync", "PATCH"),
    ("PatchAsync", "PATCH"),
    ("PostAsJsonAsync", "POST"),
    ("PostAsync", "POST"),
    ("PutAsJsonAsync", "PUT"),
    ("PutAsync", "PUT"),
];

/// Reads the clients of a file.
pub(super) struct Clients<'c, 't> {
    pub(super) outline: &'c Outline<'t>,
    pub(super) texts: &'c Texts<'c, 't>,
    pub(super) net: &'c mut Net,
}

impl<'t> Clients<'_, 't> {
    pub(super) fn read(&mut self) {
        let outline = self.outline;
        for call in &outline.calls {
            self.http(call);
            self.request(call);
            self.registered(call);
            self.handed(call);
            self.grpc(call);
            self.forwarded(call);
            self.dapr(call);
            self.others(call);
        }
        self.refit();
    }

    /// The bytes of a call.
    fn bytes(&self, call: &Call<'t>) -> Range<usize> {
        self.outline.bytes(call.at..call.end + 1)
    }

    /// What an argument comes to.
    fn template(&self, call: &Call<'t>, name: &str, place: usize) -> Option<Template> {
        let argument = argument(&call.arguments, name, place)?;
        Some(self.texts.template(argument.tokens.clone()))
    }

    fn literal(&self, call: &Call<'t>, name: &str, place: usize) -> Option<String> {
        let argument = argument(&call.arguments, name, place)?;
        self.texts.literal(argument.tokens.clone())
    }

    fn http(&mut self, call: &Call<'t>) {
        let Ok(found) = METHODS.binary_search_by_key(&call.name, |(name, _)| name) else {
            return;
        };
        let Some(base) = self.client(call) else {
            return;
        };
        let url = self.template(call, "requestUri", 0);
        self.state(base, url, METHODS[found].1, call);
    }

    /// `new HttpRequestMessage(HttpMethod.Get, url)`.
    fn request(&mut self, call: &Call<'t>) {
        if !call.is_new || simple(&call.path) != "HttpRequestMessage" || call.arguments.len() < 2 {
            return;
        }
        let verb = self.verb(call, 0);
        let url = self.template(call, "requestUri", 1);
        let base = self.base_around(call.at);
        self.state(base, url, &verb, call);
    }

    /// The last word of an argument, as a verb.
    fn verb(&self, call: &Call<'t>, place: usize) -> String {
        let argument = argument(&call.arguments, "method", place);
        let word = argument.and_then(|one| self.outline.tokens.word(one.tokens.end - 1));
        let verb = word.unwrap_or_default().to_uppercase();
        match matches!(
            &*verb,
            "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"
        ) {
            true => verb,
            false => "ANY".to_owned(),
        }
    }

    fn state(
        &mut self,
        base: Option<Template>,
        url: Option<Template>,
        verb: &str,
        call: &Call<'t>,
    ) {
        let mut url = url.map(|url| without_query(&url)).unwrap_or_default();
        // What code puts behind an address of the settings is a path.
        if let [Part::Ref(_), Part::Hole, ..] = url.0.as_slice() {
            url.0.insert(1, Part::Text("/".into()));
        }
        let hole = || Template(vec![Part::Hole]);
        let url = match base {
            _ if is_address(&url) => url,
            // Who knows whether the unknown start is an address or a path?
            _ if matches!(url.0.first(), Some(Part::Hole)) => url,
            Some(base) => joined(&base, &url),
            None => joined(&hole(), &url),
        };
        let bytes = self.bytes(call);
        self.net.http(url, verb, DependencyKind::CallHttp, bytes);
    }

    /// The address of the client on which a method is called; `None` when it is no client of HTTP.
    fn client(&self, call: &Call<'t>) -> Option<Option<Template>> {
        let outline = self.outline;
        let receiver = outline.receiver(call)?;
        let last = receiver.end.checked_sub(1)?;
        if let Some(made) = outline.call_ending(last) {
            return self.made(made);
        }
        let name = outline.tokens.word(last)?;
        if let Some(value) = outline.definition(name, last).and_then(|one| one.value)
            && let Some(made) = value.end.checked_sub(1)
            && let Some(made) = outline.call_ending(made).or_else(|| self.creation(&value))
            && let Some(base) = self.made(made)
        {
            return Some(base.or_else(|| self.base_address(call.at)));
        }
        let kind = outline.type_of(name, last)?;
        (kind.simple() == "HttpClient").then(|| self.base_around(call.at))
    }

    /// The object that an expression creates.
    fn creation(&self, value: &Range<usize>) -> Option<&Call<'t>> {
        let mut calls = self.outline.calls.iter();
        calls.find(|call| call.is_new && value.contains(&call.at))
    }

    /// The address of a client that is made here; `None`: something else is made.
    fn made(&self, made: &Call<'t>) -> Option<Option<Template>> {
        if made.is_new {
            return (simple(&made.path) == "HttpClient").then(|| self.base_address(made.at));
        }
        match made.name {
            "CreateClient" => {
                let name = self
                    .literal(made, "name", 0)
                    .filter(|name| !name.is_empty());
                let base = name.map(|name| Key::new("httpclient", name).into());
                Some(base)
            }
            "CreateInvokeHttpClient" => {
                let app = self.literal(made, "appId", 0)?;
                Some(Some(Template::text(format!("http://{app}"))))
            }
            _ => None,
        }
    }

    /// The address of the client that the type around a place is given.
    fn base_around(&self, at: usize) -> Option<Template> {
        let outline = self.outline;
        if let Some(base) = self.base_address(at) {
            return Some(base);
        }
        let around = outline.type_around(at)?;
        // A factory makes clients of several names.
        let mut made = outline.calls.iter().filter(|call| {
            call.name == "CreateClient"
                && outline
                    .type_around(call.at)
                    .is_some_and(|kind| kind.at == around.at)
        });
        match (made.next(), made.next()) {
            (Some(only), None) => self.made(only)?,
            (Some(_), Some(_)) => None,
            (None, _) => Some(Key::new("httpclient", around.name).into()),
        }
    }

    /// `client.BaseAddress = new Uri(…)` in the type around a place.
    fn base_address(&self, at: usize) -> Option<Template> {
        let outline = self.outline;
        let around = outline.type_around(at).map(|kind| kind.at);
        let all = outline.definitions.get("BaseAddress")?;
        let mut own = all
            .iter()
            .filter(|one| outline.type_around(one.at).map(|kind| kind.at) == around);
        let (only, None) = (own.next()?, own.next()) else {
            return None;
        };
        let base = self.texts.template(only.value.clone()?);
        is_address(&base).then(|| without_slash(&base))
    }

    /// `new CartService(factory.CreateClient("cart"))`: the type is given a client whose address is known.
    fn handed(&mut self, call: &Call<'t>) {
        let kind = simple(&call.path);
        if !call.is_new || kind.is_empty() || kind == "HttpClient" {
            return;
        }
        for given in &call.arguments {
            let made = (given.tokens.end.checked_sub(1))
                .and_then(|last| self.outline.call_ending(last))
                .or_else(|| self.creation(&given.tokens));
            if let Some(base) = made.and_then(|made| self.made(made)).flatten() {
                let bytes = self.bytes(call);
                self.net.binds(Key::new("httpclient", kind), base, bytes);
            }
        }
    }

    /// `AddHttpClient<T>(c => c.BaseAddress = …)` and its like for gRPC and Refit.
    fn registered(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        let (space, member) = match call.name {
            "AddHttpClient" | "AddRefitClient" | "AddTypedClient" => ("httpclient", "BaseAddress"),
            "AddGrpcClient" => ("grpcclient", "Address"),
            "For" if outline.receiver_name(call) == Some("RestService") => {
                let kind = call.generics.first();
                let url = self.template(call, "hostUrl", 0);
                if let (Some(kind), Some(url)) = (kind, url) {
                    let key = Key::new("httpclient", kind.simple());
                    let bytes = self.bytes(call);
                    self.net.binds(key, without_slash(&url), bytes);
                }
                return;
            }
            _ => return,
        };
        // Up to the end of the statement: what is configured may follow.
        let rest = outline.expression(call.at);
        let definitions = outline.definitions.get(member);
        let value = definitions.into_iter().flatten().find_map(|one| {
            let is_here = one.is_member && rest.contains(&one.at);
            one.value.clone().filter(|_| is_here)
        });
        let Some(value) = value else {
            return;
        };
        let base = without_slash(&self.texts.template(value));
        if matches!(base.0.first(), None | Some(Part::Hole)) {
            return;
        }
        let mut names: Vec<String> = call
            .generics
            .iter()
            .map(|kind| match space {
                "grpcclient" => service(kind).unwrap_or_else(|| kind.simple().to_owned()),
                _ => kind.simple().to_owned(),
            })
            .collect();
        let name = self.literal(call, "name", 0);
        names.extend(name.filter(|name| space == "httpclient" && !name.is_empty()));
        for name in names {
            let bytes = self.bytes(call);
            self.net.binds(Key::new(space, name), base.clone(), bytes);
        }
    }
}
