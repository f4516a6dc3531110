//! Tasks of Celery: who sends them, who works on them, and where their broker is.
//!
//! A task without a name of its own is named after its module as the worker imports it, which one file does not tell:
//! its broker is used without a name.
//!
//! Sources: <https://docs.celeryq.dev/en/stable/userguide/calling.html>, <https://docs.celeryq.dev/en/stable/userguide/tasks.html#names>,
//! <https://docs.celeryq.dev/en/stable/userguide/configuration.html#std-setting-broker_url>

use std::cell::RefCell;
use std::ops::Range;

use super::is_known;
use super::origin::Base;
use super::texts::Texts;
use super::value::{Call, Value};
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Template};

/// Settings that tell the broker, as modules of configuration and Django's settings name them.
const SETTINGS: &[&str] = &["CELERY_BROKER_URL", "BROKER_URL", "broker_url"];

/// States all tasks of a file.
pub(super) fn detect(texts: &Texts<'_>, said: &RefCell<Said>) {
    let tasks = Tasks { texts, said };
    for function in texts.code.functions.values() {
        for decorator in &function.decorators {
            tasks.declared(decorator, &function.bytes);
        }
    }
    for call in &texts.code.calls {
        tasks.called(call);
    }
    for (target, value, bytes) in &texts.code.assigned {
        if let Value::Member(object, name) = target
            && &**name == "broker_url"
            && texts
                .code
                .known(object)
                .is_some_and(|known| known.name == "celery.Celery().conf")
        {
            tasks.bind(&texts.text(value), bytes);
        }
    }
    let is_named = texts.place.contains("celery") || texts.place.contains("settings");
    for name in SETTINGS.iter().filter(|_| is_named) {
        if let (Some(value), Some(bytes)) = (texts.code.global(name), texts.code.bytes_of(name)) {
            tasks.bind(&texts.text(&value), &bytes);
        }
    }
}

struct Tasks<'t> {
    texts: &'t Texts<'t>,
    said: &'t RefCell<Said>,
}

impl Tasks<'_> {
    /// `@shared_task(name="mail.send")`, `@app.task`
    fn declared(&self, decorator: &Value, bytes: &Range<usize>) {
        let (maker, call) = match decorator {
            Value::Call(call) => (&call.callee, Some(call)),
            value => (value, None),
        };
        let Some(known) = self.texts.code.known(maker) else {
            return;
        };
        let is_own = known.name.contains("celery") && known.name.ends_with(".task");
        if !is_own && known.name != "celery.shared_task" {
            return;
        }
        let name = call.and_then(|call| self.texts.argument(call, usize::MAX, "name"));
        let name = name.unwrap_or_default();
        self.topic(name, DependencyKind::EventSub, bytes, false);
    }

    fn called(&self, call: &Call) {
        let code = self.texts.code;
        let known = code.known(&call.callee);
        let name = known.as_ref().map_or("", |known| &*known.name);
        if name == "celery.Celery" || name == "celery.Celery().conf.update" {
            let names = ["broker", "broker_url"];
            let broker = names
                .iter()
                .find_map(|name| self.texts.argument(call, usize::MAX, name));
            if let Some(broker) = broker {
                self.bind(&broker, &call.bytes);
            }
            return;
        }
        let Value::Member(object, method) = &call.callee else {
            return;
        };
        let publish = DependencyKind::EventPub;
        match &**method {
            "send_task" => {
                let is_surely = name == "celery.Celery().send_task";
                let task = self.texts.argument(call, 0, "name");
                if let Some(task) = task.filter(|task| is_surely || names_a_task(task)) {
                    self.topic(task, publish, &call.bytes, !is_surely);
                }
            }
            "delay" | "apply_async" => {
                let origin = code.origin(object);
                match &origin.base {
                    Base::Value(Value::Function(start)) if origin.path.is_empty() => {
                        let function = code.functions.get(start);
                        if function.is_some_and(|function| !function.decorators.is_empty()) {
                            self.topic(Template::default(), publish, &call.bytes, true);
                        }
                    }
                    Base::Module(module)
                        if !super::markers::is_foreign(module) && !origin.path.is_empty() =>
                    {
                        self.topic(Template::default(), publish, &call.bytes, true);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn topic(&self, name: Template, kind: DependencyKind, bytes: &Range<usize>, only_with: bool) {
        // Celery itself reads this variable.
        let env = Template::from(Key::new("env", "CELERY_BROKER_URL"));
        let at = Template::reference(Key::new("broker", "celery"), Some(env));
        let mut said = self.said.borrow_mut();
        if let Some(statement) = said.requires(Key::at("topic", at, name), kind, bytes)
            && only_with
        {
            statement.with("pypi", "celery");
        }
    }

    fn bind(&self, broker: &Template, bytes: &Range<usize>) {
        if is_known(broker) {
            let key = Key::new("broker", "celery");
            self.said.borrow_mut().binds(key, broker.clone(), bytes);
        }
    }
}

/// Whether a text is the full name of a task.
fn names_a_task(name: &Template) -> bool {
    name.as_text()
        .is_some_and(|name| name.contains('.') && !name.contains(char::is_whitespace))
}
