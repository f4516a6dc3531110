//! What do the settings of a .NET program say: keys with addresses, ports, routes of YARP and Ocelot?
//!
//! Sources: <https://learn.microsoft.com/aspnet/core/fundamentals/configuration/>,
//! <https://learn.microsoft.com/aspnet/core/fundamentals/servers/yarp/config-files>,
//! <https://ocelot.readthedocs.io/en/latest/features/routing.html>.

mod gateways;

use std::ops::Range;

use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Condition, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
    Subject, Template,
};

/// Reads `appsettings.json`, `appsettings.Development.json`, `launchSettings.json`, `ocelot.json`.
#[derive(Debug)]
pub(in crate::extract) struct Settings;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/settings"),
    summary: "Settings of .NET programs: keys, ports, routes of YARP and Ocelot",
    globs: &[
        "**/appsettings*.json",
        "**/launchSettings.json",
        "**/ocelot*.json",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most keys of one file.
const KEYS: usize = 512;

/// The longest value that is a setting and no text for people.
const VALUE: usize = 1024;

/// Sections that say how a program writes about itself.
const TALK: &[&str] = &["logging", "nlog", "serilog", "humanizer"];

impl Extractor for Settings {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = match file.text() {
            Ok(text) => text,
            Err(at) => {
                facts.problem(at..at + 1, "not UTF-8");
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        let root = match tree::json(text) {
            Ok(Some(root)) => root,
            Ok(None) => return,
            Err(wrong) => {
                facts.problem(wrong.bytes, wrong.message);
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        let name = file.path.file_name();
        let variant = name
            .strip_suffix(".json")
            .and_then(|stem| stem.split_once('.'))
            .map(|(_, variant)| Condition::Variant(variant.into()));
        let mut reader = Reader { facts, variant };
        if name == "launchSettings.json" {
            reader.launch(&root);
            return;
        }
        if !name.starts_with("ocelot") {
            reader.keys(&root);
        }
        if let Some(proxy) = get(&root, "ReverseProxy") {
            reader.yarp(proxy);
        }
        reader.ocelot(&root);
    }
}

/// The value of a key, whatever its case.
fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let entries = node.entries().iter();
    let mut found = entries.filter(|entry| entry.key.eq_ignore_ascii_case(key));
    found.next_back().map(|entry| &entry.value)
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    get(node, key)?.text()
}

struct Reader<'r, 'f> {
    facts: &'r mut Facts<'f>,
    variant: Option<Condition>,
}

impl Reader<'_, '_> {
    /// Every text under its key.
    fn keys(&mut self, root: &Node) {
        let mut open: Vec<(&Node, String)> = vec![(root, String::new())];
        let mut count = 0;
        while let Some((node, name)) = open.pop() {
            let below = |key: &str| match name.is_empty() {
                true => key.to_lowercase(),
                false => format!("{name}:{}", key.to_lowercase()),
            };
            match &node.value {
                Value::Map(entries) => {
                    let entries = entries.iter().rev();
                    let told = entries.filter(|entry| {
                        !name.is_empty() || !TALK.contains(&&*entry.key.to_lowercase())
                    });
                    open.extend(told.map(|entry| (&entry.value, below(&entry.key))));
                }
                Value::List(items) => {
                    let items = items.iter().enumerate().rev();
                    open.extend(items.map(|(number, item)| (item, below(&number.to_string()))));
                }
                Value::Scalar { text, quoted } if *quoted && !text.is_empty() => {
                    if text.len() > VALUE || text.contains('\n') {
                        continue;
                    }
                    count += 1;
                    if count > KEYS {
                        let message = format!("more than {KEYS} settings; the rest is not read");
                        self.facts.problem(node.bytes.clone(), message);
                        return;
                    }
                    let is_address = name == "urls"
                        || name.starts_with("kestrel:endpoints:") && name.ends_with(":url");
                    if is_address {
                        self.ports(text, &node.bytes);
                    }
                    let value = Template::text(text.as_str());
                    let key = Key::new("property", name);
                    self.push(Claim::Binds { key, value }, node.bytes.clone());
                }
                _ => {}
            }
        }
    }

    /// Ports on which the program listens when it is started by hand.
    fn launch(&mut self, root: &Node) {
        let profiles = get(root, "profiles").map_or(&[][..], Node::entries);
        let profiles = profiles.iter().map(|entry| &entry.value);
        let server = get(root, "iisSettings").and_then(|node| get(node, "iisExpress"));
        for profile in profiles.chain(server) {
            if let Some(node) = get(profile, "applicationUrl")
                && let Some(urls) = node.text()
            {
                self.ports(urls, &node.bytes);
            }
        }
    }

    /// The ports of `http://localhost:5000;https://localhost:5001`.
    fn ports(&mut self, urls: &str, bytes: &Range<usize>) {
        for url in urls.split(';').take(16) {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let authority = rest.split('/').next().unwrap_or_default();
            let port = authority.rsplit_once(':').map(|(_, port)| port);
            if let Some(port) = port.filter(|port| {
                !port.is_empty() && *port != "0" && port.bytes().all(|byte| byte.is_ascii_digit())
            }) {
                let key = Key::new("port", port);
                let how = Offer::Implements;
                self.push(Claim::Provides { key, how }, bytes.clone());
            }
        }
    }

    fn push(&mut self, claim: Claim, bytes: Range<usize>) {
        let fact = self.facts.push(Subject::Here, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.when.extend(self.variant.clone());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn keys_are_told_in_lower_case_and_without_secrets() {
        let found = lines(
            &Settings,
            "src/Cart/appsettings.Development.json",
            r#"{
  // comment
  "Logging": {"LogLevel": "x"},
  "Urls": "http://*:5000",
  "ConnectionStrings": {"CartDb": "Host=db;Password=secret"},
  "Services": [{"Url": "http://stock"}],
  "ApiKey": "secret", "Retries": 3,
}"#,
        );
        expect![[r#"
            here binds property:apikey = {} [declared] when Development  @ "\"secret\""
            here binds property:connectionstrings:cartdb = Host=db;Password={} [declared] when Development  @ "\"Host=db;Password=secret\""
            here binds property:services:0:url = http://stock [declared] when Development  @ "\"http://stock\""
            here binds property:urls = http://*:5000 [declared] when Development  @ "\"http://*:5000\""
            here provides port:5000 [declared] when Development  @ "\"http://*:5000\""
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn routes_of_gateways() {
        let found = lines(
            &Settings,
            "appsettings.json",
            r#"{"ReverseProxy": {
  "Routes": {"cart": {"ClusterId": "c", "Match": {"Path": "/cart/{**rest}"}, "Transforms": [{"PathRemovePrefix": "/cart"}, {"PathPrefix": "/api"}]},
             "none": {"ClusterId": "missing", "Match": {"Path": "/x"}}},
  "Clusters": {"c": {"Destinations": {"one": {"Address": "http://cart:8080/"}}}}}}"#,
        );
        expect![[r#"
            here binds property:reverseproxy:clusters:c:destinations:one:address = http://cart:8080/ [declared]  @ "\"http://cart:8080/\""
            here binds property:reverseproxy:routes:cart:clusterid = c [declared]  @ "\"c\""
            here binds property:reverseproxy:routes:cart:match:path = /cart/{**rest} [declared]  @ "\"/cart/{**rest}\""
            here binds property:reverseproxy:routes:cart:transforms:0:pathremoveprefix = /cart [declared]  @ "\"/cart\""
            here binds property:reverseproxy:routes:cart:transforms:1:pathprefix = /api [declared]  @ "\"/api\""
            here binds property:reverseproxy:routes:none:clusterid = missing [declared]  @ "\"missing\""
            here binds property:reverseproxy:routes:none:match:path = /x [declared]  @ "\"/x\""
            here binds route:/cart/* = http://cart:8080/api/* [declared]  @ "\"http://cart:8080/\""
            here provides trait:gateway [declared]  @ "\"http://cart:8080/\""
            here requires http(http://cart:8080/api/*)ANY [call.route] [declared]  @ "\"http://cart:8080/\""
        "#]]
        .assert_eq(&found);
        let found = lines(
            &Settings,
            "ocelot.json",
            r#"{"Routes": [{"UpstreamPathTemplate": "/cart/{all}", "DownstreamPathTemplate": "/api/{all}", "DownstreamScheme": "http", "DownstreamHostAndPorts": [{"Host": "cart", "Port": 80}]}]}"#,
        );
        expect![[r#"
            here binds route:/cart/* = http://cart:80/api/* [declared]  @ "\"/api/{all}\""
            here provides trait:gateway [declared]  @ "\"/api/{all}\""
            here requires http(http://cart:80/api/*)ANY [call.route] [declared]  @ "\"/api/{all}\""
        "#]]
        .assert_eq(&found);
    }
}
