//! Calls of functions and applications by their names: AWS Lambda, Dapr.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>, <https://docs.dapr.io/developing-applications/sdks/js/js-client/>

use super::Site;
use super::origin::Base;
use super::value::Value;
use crate::model::{DependencyKind, Key, Part, Template};

/// States what a call invokes.
pub(super) fn detect(site: &Site<'_>) {
    let texts = site.texts;
    let path = site.callee.path();
    let first = site.call.arguments.first();
    let is_lambda = match &site.callee.base {
        Base::Module(_) => {
            site.call.new
                && (site.callee.is("@aws-sdk/client-lambda", &["InvokeCommand"])
                    || site
                        .callee
                        .is("@aws-sdk/client-lambda", &["InvokeAsyncCommand"]))
        }
        Base::Call(made) => {
            let maker = texts.code.origin(&made.callee);
            let makes = maker.is("aws-sdk", &["Lambda"])
                || maker.is("aws-sdk/clients/lambda", &[])
                || maker.is("@aws-sdk/client-lambda", &["Lambda"]);
            makes && matches!(path.as_slice(), ["invoke" | "invokeAsync"])
        }
        _ => false,
    };
    if is_lambda {
        if let Some(function) = first.and_then(|options| texts.property(options, "FunctionName")) {
            let key = Key::new("invoke", function);
            site.requires(key, DependencyKind::CallInvoke);
        }
        return;
    }
    let Base::Call(made) = &site.callee.base else {
        return;
    };
    let is_dapr = texts
        .code
        .origin(&made.callee)
        .is("@dapr/dapr", &["DaprClient"]);
    if !is_dapr {
        return;
    }
    let argument = |at: usize| site.call.arguments.get(at).map(|value| texts.text(value));
    match path.as_slice() {
        ["invoker", "invoke"] => {
            let (Some(application), Some(method)) = (argument(0), argument(1)) else {
                return;
            };
            let mut url = Template::text("http://");
            url.extend(&application);
            url.push(Part::Text("/".into()));
            url.extend(&method);
            let verb = match site.call.arguments.get(2) {
                Some(Value::Member(_, verb)) => verb.to_uppercase(),
                _ => "ANY".to_owned(),
            };
            let key = Key::at("http", url, verb);
            site.requires(key, DependencyKind::CallInvoke);
        }
        ["pubsub", "publish" | "publishBulk"] => {
            let (Some(broker), Some(topic)) = (argument(0), argument(1)) else {
                return;
            };
            let key = Key::at("topic", Template::from(Key::new("broker", broker)), topic);
            site.requires(key, DependencyKind::EventPub);
        }
        ["pubsub", "subscribe" | "subscribeWithOptions"] => {
            let (Some(broker), Some(topic)) = (argument(0), argument(1)) else {
                return;
            };
            let key = Key::at("topic", Template::from(Key::new("broker", broker)), topic);
            site.requires(key, DependencyKind::EventSub);
        }
        _ => {}
    }
}
