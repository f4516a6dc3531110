//! Is a package a program of its own: does its manifest name commands, or does a script start a server or an application?

use std::ops::Range;

use crate::extract::tree::{Node, Value};

/// Scripts that start what a package is, as npm and the frameworks name them.
const STARTS: &[&str] = &[
    "start",
    "start:prod",
    "start:production",
    "serve",
    "develop",
    "dev",
];

/// Programs that run a file of the package.
const RUNTIMES: &[&str] = &[
    "bun",
    "deno",
    "forever",
    "node",
    "nodemon",
    "pm2",
    "pm2-runtime",
    "ts-node",
    "ts-node-dev",
    "tsx",
];

/// Programs that serve or start the application around them, and nothing else.
const FRAMEWORKS: &[&str] = &[
    "astro",
    "blitz",
    "electron",
    "electron-forge",
    "electron-vite",
    "ember",
    "expo",
    "functions-framework",
    "gatsby",
    "medusa",
    "meteor",
    "nest",
    "next",
    "ng",
    "nuxi",
    "nuxt",
    "payload",
    "react-native",
    "react-router",
    "react-router-serve",
    "react-scripts",
    "redwood",
    "remix",
    "remix-serve",
    "sst",
    "strapi",
    "vite",
    "vue-cli-service",
    "webpack-dev-server",
    "wrangler",
];

/// Programs in front of the one that a script is about.
const WRAPPERS: &[&str] = &[
    "bunx",
    "cross-env",
    "dotenv",
    "dotenvx",
    "env",
    "env-cmd",
    "exec",
    "npx",
    "pnpm",
    "pnpx",
    "yarn",
];

/// The commands that a package installs: `bin`, a map of names or the file of one that is called like the package.
pub(super) fn names(manifest: &Node, package: &str) -> Vec<(String, Range<usize>)> {
    let Some(bin) = manifest.entry("bin") else {
        return Vec::new();
    };
    match &bin.value.value {
        Value::Map(entries) => {
            let names = entries.iter();
            names
                .map(|entry| (entry.key.to_string(), entry.key_bytes.clone()))
                .collect()
        }
        _ => {
            let name = package.rsplit('/').next().unwrap_or(package);
            vec![(name.to_owned(), bin.key_bytes.clone())]
        }
    }
}

/// Where a manifest says that the package is a program: what others link is an application.
pub(super) fn application(manifest: &Node) -> Option<Range<usize>> {
    let has = |key: &str| manifest.get(key).is_some();
    // What gives types or modules to others is there to be linked, whatever its playground starts.
    if ["exports", "module", "types", "typings"]
        .iter()
        .any(|key| has(key))
    {
        return None;
    }
    let private = manifest.text_of("private") == Some("true");
    let scripts = manifest.get("scripts")?;
    STARTS.iter().find_map(|name| {
        let script = scripts.get(name)?;
        let program = program(script.text()?)?;
        let runs = RUNTIMES.contains(&program) && *name != "dev" && *name != "develop";
        let serves = FRAMEWORKS.contains(&program) && (private || !has("main"));
        (runs || serves).then(|| script.bytes.clone())
    })
}

/// The program that the last command of a script starts.
fn program(script: &str) -> Option<&str> {
    let command = script
        .rsplit(['&', ';', '|'])
        .find(|command| !command.trim().is_empty())?;
    let mut words = command.split_whitespace().filter(|word| {
        let is_setting = word.contains('=') || word.starts_with('-');
        !is_setting && !WRAPPERS.contains(word)
    });
    let word = words.next()?;
    let name = word.rsplit('/').next().unwrap_or(word);
    Some(name.strip_suffix(".js").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tree::json;

    fn is_application(manifest: &str) -> bool {
        application(&json(manifest).unwrap().unwrap()).is_some()
    }

    #[test]
    fn a_script_that_serves_makes_an_application() {
        for manifest in [
            r#"{"scripts": {"start": "node server.js"}}"#,
            r#"{"main": "dist/main.js", "scripts": {"start": "node dist/main"}}"#,
            r#"{"private": true, "scripts": {"dev": "next dev --port 3000"}}"#,
            r#"{"scripts": {"dev": "cross-env NODE_ENV=dev npx vite"}}"#,
            r#"{"scripts": {"start": "npm run build && node --enable-source-maps ./dist"}}"#,
        ] {
            assert!(is_application(manifest), "{manifest}");
        }
    }

    #[test]
    fn a_playground_makes_none() {
        for manifest in [
            r#"{}"#,
            r#"{"scripts": {"start": "echo none"}}"#,
            r#"{"scripts": {"dev": "node build.js --watch"}}"#,
            r#"{"exports": "./src/index.ts", "scripts": {"dev": "vite"}}"#,
            r#"{"main": "dist/index.js", "types": "dist/index.d.ts", "scripts": {"start": "node x"}}"#,
            r#"{"main": "dist/index.js", "scripts": {"dev": "vite"}}"#,
            r#"{"scripts": {"start": 1}}"#,
        ] {
            assert!(!is_application(manifest), "{manifest}");
        }
    }
}
