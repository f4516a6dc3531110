//! The elements of a pom and their texts, with properties that another pom may bind.
//!
//! Source: <https://maven.apache.org/pom.html#properties>

use std::collections::HashMap;
use std::ops::Range;

use roxmltree::Node;

use crate::model::{Key, Part, Template};

/// What a pom itself says of properties, when that is text alone.
#[derive(Debug, Default)]
pub(super) struct Properties {
    values: HashMap<String, String>,
}

impl Properties {
    pub(super) fn set(&mut self, name: &str, value: &str) {
        if !value.contains("${") {
            self.values.insert(name.to_owned(), value.to_owned());
        }
    }

    /// A text whose properties are put in as far as the pom tells; the rest refers to its parents.
    pub(super) fn template(&self, text: &str) -> Template {
        let mut template = Template::default();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            template.push(Part::Text(rest[..at].into()));
            let inner = &rest[at + 2..];
            let Some(end) = inner.find('}') else {
                template.push(Part::Hole);
                return template;
            };
            let name = &inner[..end];
            match self.values.get(name) {
                Some(value) => template.push(Part::Text(value.as_str().into())),
                None => template.extend(&Key::new("maven-property", name).into()),
            }
            rest = &inner[end + 1..];
        }
        template.push(Part::Text(rest.into()));
        template
    }
}

/// The child elements.
pub(super) fn children<'a, 'd>(node: Node<'a, 'd>) -> impl Iterator<Item = Node<'a, 'd>> {
    node.children().filter(Node::is_element)
}

/// The first child of a name.
pub(super) fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    children(node).find(|child| child.tag_name().name() == name)
}

/// The children of a name in a child of a name: `<dependencies>` and each `<dependency>`.
pub(super) fn list<'a, 'd>(
    node: Node<'a, 'd>,
    list: &str,
    item: &'static str,
) -> impl Iterator<Item = Node<'a, 'd>> {
    child(node, list)
        .into_iter()
        .flat_map(children)
        .filter(move |child| child.tag_name().name() == item)
}

/// The text of an element without blanks around it.
pub(super) fn text<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

/// The text of a child, when it has any.
pub(super) fn text_of<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).map(text).filter(|text| !text.is_empty())
}

/// The bytes of the text of an element; of the element, when it has none.
pub(super) fn span(node: Node<'_, '_>) -> Range<usize> {
    let Some(inner) = node.first_child().filter(|child| child.is_text()) else {
        return node.range();
    };
    let Some(written) = node.document().input_text().get(inner.range()) else {
        return node.range();
    };
    let start = inner.range().start + written.len() - written.trim_start().len();
    match written.trim() {
        "" => node.range(),
        text => start..start + text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_properties_are_put_in_and_others_are_referred_to() {
        let mut properties = Properties::default();
        properties.set("a", "x");
        properties.set("b", "${c}");
        let shown = |text| properties.template(text).to_string();
        assert_eq!(shown("${a}-y"), "x-y");
        assert_eq!(shown("${b}:${a}"), "${maven-property:b}:x");
        assert_eq!(shown("a${"), "a{}");
    }
}
