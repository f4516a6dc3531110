//! What do functions of a type, and objects that are made, come to?

use std::ops::Range;

use super::expressions::or;
use super::formats::replaced;
use super::members::environment;
use super::{Scope, Value, Values};
use crate::model::{Key, Template};

impl Values<'_, '_> {
    /// A function of a type.
    pub(super) fn function(
        &self,
        ty: &str,
        name: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let short = ty.rsplit('.').next().unwrap_or(ty);
        match (short, name) {
            ("System", "getenv") => match args.is_empty() {
                true => Value::default().typed("environment"),
                false => environment(arg(0)),
            },
            ("System", "getProperty") => {
                let Some(name) = arg(0).texts.pop() else {
                    return Value::default();
                };
                let key = Key::new("property", name);
                Value::text(Template::reference(key, arg(1).texts.pop())).typed("String")
            }
            ("String", "format") | ("", "format") => {
                let format = arg(0).or_hole();
                self.formatted(format, args.get(1..).unwrap_or_default(), scope, depth)
            }
            ("MessageFormat", "format") => {
                let mut value = arg(0);
                for text in &mut value.texts {
                    for number in 0..args.len().saturating_sub(1).min(10) {
                        let piece = arg(number + 1).or_hole();
                        *text = replaced(text, &format!("{{{number}}}"), &piece[0]);
                    }
                }
                value
            }
            ("Optional", "of" | "ofNullable")
            | ("Objects", "requireNonNull")
            | ("", "requireNonNull")
            | ("String", "valueOf")
            | ("URI" | "HttpUrl" | "RedisURI" | "URIUtils", "create" | "parse" | "get") => arg(0),
            ("Objects", "requireNonNullElse") => or(arg(0), arg(1)),
            ("List" | "Set" | "Arrays" | "Collections" | "ImmutableList" | "", _)
                if matches!(
                    name,
                    "of" | "asList"
                        | "singletonList"
                        | "singleton"
                        | "listOf"
                        | "arrayOf"
                        | "setOf"
                ) =>
            {
                self.list(args, scope, depth)
            }
            (_, "newBuilder") if short == "HttpRequest" => arg(0).typed("HttpRequest.Builder"),
            (
                "ManagedChannelBuilder" | "NettyChannelBuilder" | "OkHttpChannelBuilder",
                "forAddress",
            ) => {
                let mut value = arg(0);
                value.append(vec![":".into()]);
                value.append(arg(1).or_hole());
                value.typed("ManagedChannelBuilder")
            }
            (_, "forTarget" | "newChannelBuilder") => arg(0).typed("ManagedChannelBuilder"),
            (_, "newBlockingStub" | "newStub" | "newFutureStub" | "newBlockingV2Stub") => {
                arg(0).typed(short)
            }
            ("UriComponentsBuilder" | "ServletUriComponentsBuilder", _) => {
                let mut value = match name {
                    "newInstance" => Value::default(),
                    "fromPath" => arg(0),
                    name if name.starts_with("from") && short == "UriComponentsBuilder" => arg(0),
                    _ => Value::default(),
                };
                value.ty = "UriComponentsBuilder".to_owned();
                value
            }
            ("WebClient" | "RestClient", "create") => arg(0).typed(short),
            ("WebClient" | "RestClient", "builder") => {
                Value::default().typed(&format!("{short}.Builder"))
            }
            (
                "WebClientAdapter"
                | "RestClientAdapter"
                | "RestTemplateAdapter"
                | "HttpServiceProxyFactory",
                _,
            ) => arg(0).typed(short),
            ("MongoClients" | "RedisClient" | "ConnectionFactories", "create" | "get") => {
                arg(0).typed(short)
            }
            ("DataSourceBuilder" | "Feign" | "JedisPool", "create" | "builder") => {
                Value::default().typed(short)
            }
            ("QueueBuilder", _) | ("ExchangeBuilder", _) | ("TopicBuilder", _) => {
                arg(0).typed(short)
            }
            ("RequestEntity", "method") => arg(1),
            ("RequestEntity", _) => arg(0),
            _ => match self.own_class(ty) {
                Some(class) => {
                    let methods = &self.outline.classes[class].methods;
                    let found = methods.iter().position(|method| method.name == name);
                    found.map_or_else(Value::default, |method| {
                        self.returned(class, method, depth + 1)
                    })
                }
                None => Value::default(),
            },
        }
    }

    /// An object that is made.
    pub(super) fn made(
        &self,
        ty: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let short = match ty.rsplit_once('.') {
            Some((_, "Builder")) => ty,
            Some((_, last)) => last,
            None => ty,
        };
        let mut value = match short {
            "URL" | "URI" if args.len() <= 2 => {
                let mut value = arg(0);
                if args.len() == 2 {
                    value.append(arg(1).or_hole());
                }
                value
            }
            "Queue"
            | "TopicExchange"
            | "DirectExchange"
            | "FanoutExchange"
            | "HeadersExchange"
            | "CustomExchange"
            | "NewTopic"
            | "ProducerRecord"
            | "PatternTopic"
            | "ChannelTopic"
            | "HttpGet"
            | "HttpPost"
            | "HttpPut"
            | "HttpDelete"
            | "HttpPatch"
            | "ActiveMQQueue"
            | "ActiveMQTopic"
            | "DefaultUriBuilderFactory"
            | "MongoClientURI" => arg(0),
            "Jedis"
            | "JedisPool"
            | "MongoClient"
            | "RedisStandaloneConfiguration"
            | "LettuceConnectionFactory"
            | "InetSocketAddress"
            | "HttpHost"
            | "HostAndPort" => {
                let mut value = arg(0);
                if args.len() > 1 && !value.texts.is_empty() {
                    value.append(vec![":".into()]);
                    value.append(arg(1).or_hole());
                }
                value
            }
            "String" | "StringBuilder" => arg(0),
            _ if short.ends_with("Stub") => arg(0),
            _ => Value::default(),
        };
        short.clone_into(&mut value.ty);
        value
    }
}
