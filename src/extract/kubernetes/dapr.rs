//! Components of Dapr: stores and brokers that programs use by a name, whatever runs behind it.
//!
//! Source: <https://docs.dapr.io/reference/resource-specs/component-schema/>

use super::manifest::Reader;
use crate::model::{Claim, ComponentKind, Key, Offer, images};

/// Reads a component.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let object = reader.object;
    let Some(kind) = object.at(&["spec", "type"]).and_then(|kind| kind.text()) else {
        return;
    };
    let (space, kind, engine) = match kind.split_once('.') {
        Some(("state", engine)) => ("store", ComponentKind::Datastore, engine),
        Some(("pubsub", engine)) => ("broker", ComponentKind::Broker, engine),
        _ => return,
    };
    let subject = Key::new(space, reader.name.clone());
    let claim = Claim::Component {
        kind,
        name: Some(reader.name.clone()),
    };
    let at = reader.at.clone();
    reader.say(&subject, claim, at.clone());
    if let Some(engine) = images::known(engine).and_then(|known| known.engine) {
        let claim = Claim::Provides {
            key: Key::new("trait", format!("engine/{engine}")),
            how: Offer::Implements,
        };
        reader.say(&subject, claim, at);
    }
    // Without a prefix the applications share their keys.
    let settings = object.at(&["spec", "metadata"]);
    for setting in settings.map_or(&[][..], |list| list.items()) {
        if setting.text_of("name") == Some("keyPrefix")
            && let Some(value) = setting.get("value")
            && let Some(prefix) = reader.template(value)
        {
            let claim = Claim::Binds {
                key: Key::new("property", "keyPrefix"),
                value: prefix,
            };
            reader.say(&subject, claim, value.bytes.clone());
        }
    }
}
