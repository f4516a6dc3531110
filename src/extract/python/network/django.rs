//! Routes of Django: lists of patterns, which include each other, and the routers of Django REST framework.
//!
//! Sources: <https://docs.djangoproject.com/en/stable/ref/urls/>, <https://www.django-rest-framework.org/api-guide/routers/>

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::origin::Base;
use super::paths::{normal, of_pattern};
use super::stores;
use super::texts::Texts;
use super::value::{Call, Value};
use crate::extract::said::Said;
use crate::model::{Key, Part, Template};

/// The deepest nesting of lists in lists.
const NESTING: usize = 8;

/// States the routes of a list of patterns, the databases of settings, and what settings mean.
pub(super) fn serve(texts: &Texts<'_>, said: &RefCell<Said>) {
    stores::django(texts, said);
    let Some(patterns) = texts.code.global("urlpatterns") else {
        return;
    };
    let mount = Key::at("mount", texts.place.clone(), "urlpatterns");
    let mut lists = Lists { texts, said };
    let prefix = Template::reference(mount, Some("/".into()));
    lists.list(&patterns, &prefix, 0);
}

struct Lists<'l> {
    texts: &'l Texts<'l>,
    said: &'l RefCell<Said>,
}

impl Lists<'_> {
    /// A list of patterns, or several that are put together.
    fn list(&mut self, value: &Value, prefix: &Template, depth: usize) {
        if depth > NESTING {
            return;
        }
        match value {
            Value::List(patterns) => {
                for pattern in patterns.iter() {
                    if let Value::Call(call) = pattern {
                        self.pattern(call, prefix, depth);
                    }
                }
            }
            Value::Join(lists) => {
                for list in lists.iter() {
                    self.list(list, prefix, depth + 1);
                }
            }
            Value::Either(first, second) => {
                self.list(first, prefix, depth + 1);
                self.list(second, prefix, depth + 1);
            }
            Value::Name(place, name) => {
                if let Some(value) = self.texts.code.look_up(*place, name) {
                    self.list(&value, prefix, depth + 1);
                }
            }
            Value::Member(router, name) if &**name == "urls" => self.router(router, prefix),
            // What a function makes of a list has the list: `format_suffix_patterns(urlpatterns)`.
            Value::Call(call) => {
                if let Some(first) = call.arguments.first() {
                    self.list(first, prefix, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// `path("items/", view)`, `re_path(r"^items/$", view)`, `path("shop/", include("shop.urls"))`.
    fn pattern(&mut self, call: &Rc<Call>, prefix: &Template, depth: usize) {
        let Some(known) = self.texts.code.known(&call.callee) else {
            return;
        };
        let is_pattern = match &*known.name {
            "django.urls.path" | "django.urls.conf.path" => false,
            "django.urls.re_path" | "django.conf.urls.url" | "django.urls.conf.re_path" => true,
            _ => return,
        };
        let Some(route) = self.texts.argument(call, 0, "route") else {
            return;
        };
        let route = match is_pattern {
            true => of_pattern(&route),
            false => normal(&route),
        };
        let mut whole = prefix.clone();
        whole.extend(&route);
        let Some(view) = call.argument(1, "view") else {
            return;
        };
        if let Value::Call(included) = view
            && self
                .texts
                .code
                .known(&included.callee)
                .is_some_and(|known| {
                    known.name.starts_with("django.") && known.name.ends_with(".include")
                })
        {
            self.include(included, &whole, depth);
            return;
        }
        self.offer("ANY", &whole, &call.bytes);
    }

    fn include(&mut self, included: &Rc<Call>, prefix: &Template, depth: usize) {
        let Some(target) = included.arguments.first() else {
            return;
        };
        let first = match target {
            Value::List(parts) => parts.first().unwrap_or(target),
            target => target,
        };
        if let Some(module) = first.as_text() {
            let place = Template::from(Key::new("pymodule", module));
            let key = Key::at("mount", place, "urlpatterns");
            let mut said = self.said.borrow_mut();
            said.binds(key, prefix.clone(), &included.bytes);
            return;
        }
        // `include(shop.urls)`: the module is imported.
        let origin = self.texts.code.near_origin(first);
        if let Some(name) = origin.dotted()
            && matches!(origin.base, Base::Module(_))
            && !super::markers::is_foreign(&name)
        {
            let key = Key::at(
                "mount",
                Template::from(Key::new("pymodule", name)),
                "urlpatterns",
            );
            let mut said = self.said.borrow_mut();
            said.binds(key, prefix.clone(), &included.bytes);
            return;
        }
        self.list(target, prefix, depth + 1);
    }

    /// `router.register(r"items", ItemViewSet)`
    fn router(&mut self, router: &Value, prefix: &Template) {
        let code = self.texts.code;
        let Base::Call(made) = code.origin(router).base else {
            return;
        };
        let is_router = code
            .known(&made.callee)
            .is_some_and(|known| known.name.contains("routers.") && known.name.ends_with("Router"));
        if !is_router {
            return;
        }
        for call in &code.calls {
            let Value::Member(object, method) = &call.callee else {
                continue;
            };
            if &**method != "register" {
                continue;
            }
            let Base::Call(of) = code.origin(object).base else {
                continue;
            };
            if of.bytes != made.bytes {
                continue;
            }
            if let Some(route) = self.texts.argument(call, 0, "prefix") {
                let mut whole = prefix.clone();
                whole.extend(&of_pattern(&route));
                self.offer("ANY", &whole, &call.bytes);
                whole.push(Part::Text("/".into()));
                whole.push(Part::Hole);
                self.offer("ANY", &whole, &call.bytes);
            }
        }
    }

    fn offer(&mut self, verb: &str, path: &Template, bytes: &Range<usize>) {
        let mut name = Template::text(format!("{verb} "));
        name.extend(path);
        self.said
            .borrow_mut()
            .provides(Key::new("http", name), bytes);
    }
}
