//! What maps of settings say: each key is a variable for whoever takes the map.

use super::manifest::Reader;
use crate::extract::tree::Node;
use crate::model::{Claim, Key, Part};

/// Reads a map of settings.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let object = reader.object;
    let name = reader.name.clone();
    let subject = reader.named("configmap", "", &name);
    for entry in object.get("data").map_or(&[][..], Node::entries) {
        let Some(value) = reader.template(&entry.value) else {
            continue;
        };
        // Whole files are no settings.
        if entry.value.text().is_some_and(|text| text.contains('\n')) {
            continue;
        }
        let mut full = name.clone();
        full.push(Part::Text(format!("/{}", entry.key).into()));
        let key = Key::at("configmap", reader.namespace.clone(), full);
        let bytes = entry.value.bytes.clone();
        for key in [key, Key::new("env", entry.key.as_str())] {
            let claim = Claim::Binds {
                key,
                value: value.clone(),
            };
            reader.say(&subject, claim, bytes.clone());
        }
    }
}
