//! Clients of GraphQL and SOAP, and gateways that join graphs of other services.
//!
//! Sources: <https://www.apollographql.com/docs/react/api/core/ApolloClient>, <https://github.com/graffle-js/graffle>,
//! <https://commerce.nearform.com/open-source/urql/docs/api/core/>, <https://www.apollographql.com/docs/apollo-server/using-federation/api/apollo-gateway>,
//! <https://github.com/vpulim/node-soap>

use super::Site;
use super::origin::Base;
use super::url;
use super::value::Value;
use crate::model::DependencyKind;

/// States the graph or the service that a client is made for.
pub(super) fn detect(site: &Site<'_>) {
    let Base::Module(module) = &site.callee.base else {
        return;
    };
    let Some(path) = site.callee.of_package(|_| true) else {
        return;
    };
    let texts = site.texts;
    let first = site.call.arguments.first();
    let option = |name: &str| first.and_then(|options| texts.property(options, name));
    let graph = match (&**module, path.as_slice()) {
        (
            "@apollo/client"
            | "apollo-client"
            | "apollo-boost"
            | "@apollo/client/core"
            | "apollo-link-http"
            | "@apollo/client/link/http",
            [] | ["ApolloClient" | "HttpLink" | "createHttpLink" | "BatchHttpLink"],
        ) => option("uri"),
        ("graphql-request", ["GraphQLClient" | "request" | "rawRequest"]) => {
            match first.map(|first| texts.code.near_origin(first).base) {
                Some(Base::Value(Value::Object(_))) => option("url"),
                _ => first.map(|url| texts.text(url)),
            }
        }
        ("urql" | "@urql/core", ["createClient" | "Client"]) => option("url"),
        ("@apollo/gateway", ["RemoteGraphQLDataSource"]) => option("url"),
        ("@apollo/gateway", ["ApolloGateway" | "IntrospectAndCompose"]) => {
            let lists = ["subgraphs", "serviceList"];
            let list = lists.iter().find_map(|name| texts.member(first?, name));
            let Some(Base::Value(Value::Array(graphs))) =
                list.map(|list| texts.code.near_origin(&list).base)
            else {
                return;
            };
            for graph in graphs.iter() {
                if let Some(address) = texts.property(graph, "url") {
                    url::state(site, &address, "POST", DependencyKind::CallGraphql);
                }
            }
            return;
        }
        _ => None,
    };
    if let Some(graph) = graph {
        url::state(site, &graph, "POST", DependencyKind::CallGraphql);
    }
    if let ("soap" | "strong-soap", ["createClient" | "createClientAsync"]) =
        (&**module, path.as_slice())
        && let Some(address) = first
    {
        let address = texts.text(address);
        url::state(site, &address, "POST", DependencyKind::CallSoap);
    }
}
