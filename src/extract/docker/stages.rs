//! The stages of a Dockerfile: what each of them sets, takes over from others and starts.
//!
//! The last stage is the image: `dockerfile(path:P)`; the others have their name behind it, as `target` names them.

use std::ops::Range;

use parse_dockerfile::Command as Arguments;

use super::variables::Variables;
use crate::extract::command::Command;
use crate::extract::environment::bindings;
use crate::extract::interpolation::{Escape, template};
use crate::model::images;
use crate::model::secrets::{is_secret, masked};
use crate::model::{
    Certainty, Claim, ComponentKind, Facts, Key, Offer, Parsed, Subject, Template, parent,
};

/// The most variables of one file.
const VARIABLES: usize = 1024;

/// The stages of one file.
#[derive(Default)]
pub(super) struct Stages {
    list: Vec<Stage>,
    variables: usize,
    /// Where the first variable stands that is left out.
    too_many: Option<Range<usize>>,
}

#[derive(Default)]
struct Stage {
    name: Option<String>,
    base: Option<String>,
    bytes: Range<usize>,
    sets: Vec<(String, Template, Range<usize>)>,
    /// Stages out of which it copies.
    takes: Vec<String>,
    entrypoint: Option<(Command, Range<usize>)>,
    command: Option<(Command, Range<usize>)>,
}

impl Stages {
    /// `FROM base AS name`.
    pub(super) fn begins(&mut self, name: Option<&str>, base: Option<String>, bytes: Range<usize>) {
        self.list.push(Stage {
            name: name.map(str::to_lowercase),
            base,
            bytes,
            ..Stage::default()
        });
    }

    /// `ENV` and `ARG`: `NAME=value`, several of them, or `NAME value`.
    pub(super) fn sets(&mut self, text: &str, bytes: Range<usize>, known: &Variables) {
        let Some(stage) = self.list.last_mut() else {
            return;
        };
        let first = text.split_whitespace().next().unwrap_or_default();
        let pairs: Vec<(String, String)> = if first.contains('=') {
            let words = shlex::split(text).unwrap_or_default().into_iter();
            words
                .filter_map(|word| {
                    let (name, value) = word.split_once('=')?;
                    Some((name.to_owned(), value.to_owned()))
                })
                .collect()
        } else {
            let pair = text.trim().split_once(char::is_whitespace);
            let pair = pair.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
            pair.into_iter().collect()
        };
        for (name, value) in pairs {
            self.variables += 1;
            if self.variables > VARIABLES {
                self.too_many.get_or_insert_with(|| bytes.clone());
                return;
            }
            let value = template(&value, Escape::Backslash, &|name, default| {
                // The value of a secret is put into nothing else.
                let value = known.replace(&format!("${name}"));
                match value.filter(|_| !is_secret(name)) {
                    Some((value, _)) => Template::text(value),
                    None => Template::reference(Key::new("env", name), default),
                }
            });
            // `ENV NAME=$NAME` passes on what the builder is given.
            if value.as_ref_key() != Some(&Key::new("env", name.as_str())) {
                stage.sets.push((name, value, bytes.clone()));
            }
        }
    }

    /// `COPY --from=stage`.
    pub(super) fn takes(&mut self, name: &str) {
        if let Some(stage) = self.list.last_mut()
            && !stage.takes.iter().any(|known| known == name)
        {
            stage.takes.push(name.to_owned());
        }
    }

    /// `ENTRYPOINT` or `CMD`.
    pub(super) fn starts(&mut self, arguments: &Arguments<'_>, is_entrypoint: bool) {
        let Some(stage) = self.list.last_mut() else {
            return;
        };
        let (command, bytes) = match arguments {
            Arguments::Exec(words) => {
                let texts = words.value.iter().map(|word| word.value.to_string());
                (Command::new(texts), words.span.clone())
            }
            Arguments::Shell(line) => (
                Command::split(line.value).unwrap_or_default(),
                line.span.clone(),
            ),
            _ => return,
        };
        let place = if is_entrypoint {
            // An entrypoint of its own makes the command of the image below void.
            &mut stage.entrypoint
        } else {
            &mut stage.command
        };
        *place = Some((command, bytes));
    }

    /// States what the stages are.
    pub(super) fn tell(self, path: &str, facts: &mut Facts<'_>) {
        if let Some(bytes) = self.too_many.clone() {
            let message = format!("more than {VARIABLES} variables; the rest is not read");
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
        let last = self.list.len().saturating_sub(1);
        let place = format!("path:{path}");
        let key = |number: usize| {
            let stage = &self.list[number];
            let name = match &stage.name {
                _ if number == last => String::new(),
                Some(name) => name.clone(),
                None => number.to_string(),
            };
            Key::at("dockerfile", place.as_str(), name)
        };
        let find = |name: &str, before: usize| {
            let by_name = |stage: &Stage| stage.name.as_deref() == Some(name);
            let found = self.list[..before].iter().rposition(by_name);
            found.or_else(|| name.parse().ok().filter(|number| *number < before))
        };
        for (number, stage) in self.list.iter().enumerate() {
            let subject = key(number);
            let mut state = |subject: &Key, claim: Claim, bytes: &Range<usize>| {
                let subject = Subject::Named(subject.clone());
                facts.push(subject, claim, bytes.clone()).certainty = Certainty::Declared;
            };
            let from = stage.base.as_deref().map(str::to_lowercase);
            let from = from.and_then(|base| find(&base, number));
            // Of what stands in one place the last one counts: the own base, before what is copied.
            let taken = stage.takes.iter().filter_map(|name| find(name, number));
            for other in taken.filter(|other| Some(*other) != from).chain(from) {
                let claim = Claim::Inherits {
                    from: key(other),
                    prefix: None,
                };
                state(&subject, claim, &stage.bytes);
            }
            for (name, value, bytes) in &stage.sets {
                for (key, value) in bindings(name, value) {
                    state(&subject, Claim::Binds { key, value }, bytes);
                }
            }
            if number < last {
                continue;
            }
            self.image(stage, &subject, path, &mut state);
            if let Some(name) = &stage.name {
                let claim = Claim::Inherits {
                    from: subject.clone(),
                    prefix: None,
                };
                let named = Key::at("dockerfile", place.as_str(), name.as_str());
                state(&named, claim, &stage.bytes);
            }
        }
    }

    /// What the image is, and what it starts.
    fn image(
        &self,
        stage: &Stage,
        subject: &Key,
        path: &str,
        state: &mut impl FnMut(&Key, Claim, &Range<usize>),
    ) {
        let command = match (&stage.entrypoint, &stage.command) {
            (Some((entrypoint, bytes)), Some((command, _))) => {
                Some((entrypoint.clone().then(command.clone()), bytes))
            }
            (first, second) => {
                let only = first.as_ref().or(second.as_ref());
                only.map(|(command, bytes)| (command.clone(), bytes))
            }
        };
        let entry = command.as_ref().and_then(|(command, _)| command.entry());
        let claim = Claim::Runs {
            what: Key::new("path", parent(path)),
            entry: entry.map(Template::text),
        };
        let bytes = command.as_ref().map_or(&stage.bytes, |(_, bytes)| bytes);
        state(subject, claim, bytes);
        for setting in command.iter().flat_map(|(command, _)| command.settings()) {
            let value = template(setting.value, Escape::Backslash, &|name, default| {
                Template::reference(Key::new("env", name), default)
            });
            let key = Key::new("property", setting.name);
            let value = masked(setting.name, &value);
            state(subject, Claim::Binds { key, value }, bytes);
        }
        // Data in front of a store's own program make no other program of it.
        let base = stage.base.as_deref().and_then(images::known);
        if command.is_some()
            && let Some(name) = stage.base.as_deref()
            && base.is_some_and(|base| {
                matches!(base.kind, ComponentKind::Broker | ComponentKind::Datastore)
            })
        {
            // Whether the script in front of it starts the store, only who deploys it can tell.
            let claim = Claim::Runs {
                what: Key::new("image", name),
                entry: None,
            };
            state(subject, claim, &stage.bytes);
            return;
        }
        let Some(base) = base.filter(|_| command.is_none()) else {
            return;
        };
        if !matches!(
            base.kind,
            ComponentKind::Broker | ComponentKind::Datastore | ComponentKind::Infrastructure
        ) {
            return;
        }
        let claim = Claim::Component {
            kind: base.kind,
            name: None,
        };
        state(subject, claim, &stage.bytes);
        if let Some(engine) = base.engine {
            let claim = Claim::Provides {
                key: Key::new("trait", format!("engine/{engine}")),
                how: Offer::Implements,
            };
            state(subject, claim, &stage.bytes);
        }
    }
}
