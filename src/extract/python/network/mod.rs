//! What a Python file calls, serves, publishes, listens to and stores; and what its names mean for other files.
//!
//! The tree is read once into values ([`value`]); each detector asks under which name something is known everywhere
//! ([`origin`]) and what text its arguments come to ([`texts`]).

mod clients;
mod clouds;
mod code;
mod collect;
mod django;
mod environment;
mod events;
mod exports;
mod markers;
mod origin;
mod paths;
mod rabbit;
mod read;
mod rpc;
mod servers;
mod stores;
mod tasks;
mod texts;
mod value;
mod wrappers;

use std::cell::RefCell;

use ruff_python_ast::Stmt;

use collect::Collector;
pub(super) use markers::{is_network, may_matter};
use origin::Known;
use texts::Texts;
use value::Call;

use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Part, Template};

/// One call of a file, as the detectors see it.
struct Site<'s> {
    texts: &'s Texts<'s>,
    call: &'s Call,
    /// What is called.
    callee: Known,
    said: &'s RefCell<Said>,
}

impl Site<'_> {
    /// The component uses a name at this call.
    fn requires(&self, key: Key, kind: DependencyKind) {
        self.said.borrow_mut().requires(key, kind, &self.call.bytes);
    }

    /// The component offers a name at this call.
    fn provides(&self, key: Key) {
        self.said.borrow_mut().provides(key, &self.call.bytes);
    }

    /// An argument as text, by its place or its name.
    fn argument(&self, at: usize, name: &str) -> Option<Template> {
        self.texts.argument(self.call, at, name)
    }

    /// The argument of a call that makes what is called, counted from the start of the name.
    fn made_with(&self, call: usize, at: usize, name: &str) -> Option<Template> {
        let made = self.callee.calls.get(call)?.as_ref()?;
        self.texts.argument(made, at, name)
    }
}

/// Whether anything of an address is known: a name that others bind, or some text.
fn is_known(address: &Template) -> bool {
    !matches!(address.0.first(), None | Some(Part::Hole))
}

/// Everything that a file says of the network.
pub(super) fn read(body: &[Stmt], path: &str) -> Said {
    let code = Collector::read_body(body);
    let texts = Texts::new(&code, path);
    let said = RefCell::new(Said::default());
    for call in &code.calls {
        let Some(callee) = code.known(&call.callee) else {
            events::given(&texts, call, &said);
            continue;
        };
        let site = Site {
            texts: &texts,
            call,
            callee,
            said: &said,
        };
        clients::detect(&site);
        rpc::detect(&site);
        stores::detect(&site);
        clouds::detect(&site);
        events::detect(&site);
    }
    clients::users(&texts, &said);
    servers::serve(&texts, &said);
    tasks::detect(&texts, &said);
    wrappers::expand(&texts, &said);
    exports::bind(&texts, &said);
    let mut said = said.into_inner();
    if code.cut || code.is_spent() {
        said.cut(&(0..0));
    }
    said
}
