//! What does a `package.xml` of ROS say: a package, and the packages that it depends on?
//!
//! Source: <https://ros.org/reps/rep-0149.html>; formats 1 and 2 (REP 127, REP 140) are read, too.

use std::collections::BTreeSet;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Fact, Facts,
    Key, Language, Offer, Parsed, SourceFile, Subject,
};

/// Reads `package.xml`.
#[derive(Debug)]
pub(in crate::extract) struct Package;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("ros/package"),
    summary: "ROS packages and their dependencies",
    globs: &["**/package.xml"],
    markers: &["<package"],
    languages: &[Language::Data],
    ownership: false,
};

/// The most elements of one file: a package has dozens.
const NODES: u32 = 100_000;

impl Extractor for Package {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: NODES,
            ..ParsingOptions::default()
        };
        let document = match Document::parse_with_options(text, options) {
            Ok(document) => document,
            Err(error) => {
                facts.problem(0..0, format!("not understood as XML: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        let root = document.root_element();
        // PEAR has files of this name, too; its elements are in a namespace, and packages lie in channels.
        let is_ros = root.has_tag_name("package")
            && root.tag_name().namespace().is_none()
            && child(root, "channel").is_none();
        if let Some(name) = child(root, "name").filter(|_| is_ros) {
            package(root, name, file.path.parent(), facts);
        }
    }
}

fn package(root: Node<'_, '_>, named: Node<'_, '_>, folder: &str, facts: &mut Facts<'_>) {
    let Some((name, bytes)) = text(named) else {
        facts.problem(named.range(), "the package has no name");
        return;
    };
    let claim = Claim::Component {
        kind: kind(root, name),
        name: Some(name.into()),
    };
    declared(facts.push(Subject::Here, claim, bytes.clone()));
    let key = Key::at("ros", format!("path:{folder}"), name);
    declared(facts.provides(key, Offer::Implements, bytes));
    let mut told = BTreeSet::new();
    for node in root.children().filter(Node::is_element) {
        let (Some(context), Some((name, bytes))) = (context(node.tag_name().name()), text(node))
        else {
            continue;
        };
        let condition = node.attribute("condition");
        if !told.insert((name, context, condition)) {
            continue;
        }
        let key = Key::at("ros", "registry:rosdep", name);
        let fact = declared(facts.requires(key, DependencyKind::LinkImpl, 1, bytes));
        fact.context = fact.context.join(context);
        fact.when = condition
            .map(|condition| Condition::Variant(condition.into()))
            .into_iter()
            .collect();
    }
}

/// What only names packages that belong together is no program of its own; `acme_system_tests` is nothing but tests.
fn kind(root: Node<'_, '_>, name: &str) -> ComponentKind {
    let is_meta =
        child(root, "export").is_some_and(|export| child(export, "metapackage").is_some());
    if is_meta {
        ComponentKind::Orchestrator
    } else if name.ends_with("_tests") || name.ends_with("_test") {
        ComponentKind::Test
    } else {
        ComponentKind::Library
    }
}

/// What a dependency of this kind is for.
fn context(element: &str) -> Option<Context> {
    Some(match element {
        "depend" | "build_depend" | "build_export_depend" | "exec_depend" | "run_depend" => {
            Context::Production
        }
        "buildtool_depend" | "buildtool_export_depend" => Context::Build,
        "test_depend" => Context::Test,
        "doc_depend" => Context::Development,
        _ => return None,
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// The text of an element, with its bytes.
fn text<'a>(node: Node<'a, '_>) -> Option<(&'a str, Range<usize>)> {
    let inner = node.children().find(|child| child.is_text())?;
    let text = inner.text()?;
    let name = text.trim();
    let start = inner.range().start + (text.len() - text.trim_start().len());
    (!name.is_empty()).then(|| (name, start..start + name.len()))
}

fn declared(fact: &mut Fact) -> &mut Fact {
    fact.certainty = Certainty::Declared;
    fact
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Package, "nav/cart/package.xml", text));
    }

    #[test]
    fn dependencies_have_the_context_of_their_element() {
        check(
            "<?xml version=\"1.0\"?>
<package format=\"3\">
  <name>acme_cart</name>
  <version>1.0.0</version>
  <buildtool_depend>ament_cmake</buildtool_depend>
  <depend>acme_util</depend>
  <build_depend>acme_util</build_depend>
  <exec_depend condition=\"$ROS_VERSION == 2\"> acme_msgs </exec_depend>
  <test_depend>acme_fakes</test_depend>
  <doc_depend>doxygen</doc_depend>
  <!-- <depend>old</depend> -->
  <member_of_group>x</member_of_group>
</package>
",
            expect![[r#"
                here is library acme_cart [declared]  @ "acme_cart"
                here provides ros(path:nav/cart)acme_cart [declared]  @ "acme_cart"
                here requires ros(registry:rosdep)acme_fakes [link.impl] [declared] [test]  @ "acme_fakes"
                here requires ros(registry:rosdep)acme_msgs [link.impl] [declared] when $ROS_VERSION == 2  @ "acme_msgs"
                here requires ros(registry:rosdep)acme_util [link.impl] [declared]  @ "acme_util"
                here requires ros(registry:rosdep)ament_cmake [link.impl] [declared] [build]  @ "ament_cmake"
                here requires ros(registry:rosdep)doxygen [link.impl] [declared] [development]  @ "doxygen"
            "#]],
        );
    }

    #[test]
    fn a_metapackage_puts_others_together() {
        check(
            "<package><name>acme</name><export><metapackage/></export></package>",
            expect![[r#"
                here is orchestrator acme [declared]  @ "acme"
                here provides ros(path:nav/cart)acme [declared]  @ "acme"
            "#]],
        );
    }

    #[test]
    fn other_files_of_the_name_say_nothing() {
        for text in [
            "<package xmlns=\"http://pear.php.net/dtd/package-2.0\"><name>x</name></package>",
            "<package><name>x</name><channel>pear.php.net</channel></package>",
            "<packages><name>x</name></packages>",
        ] {
            assert_eq!(lines(&Package, "package.xml", text), "", "{text}");
        }
    }

    #[test]
    fn garbage_is_one_problem() {
        for text in [
            &b"<package><name>x"[..],
            b"\xff",
            b"<!DOCTYPE package [<!ENTITY a \"b\">]><package/>",
            b"<package><name></name></package>",
            &b"<package>".repeat(5000),
        ] {
            assert_eq!(facts(&Package, "package.xml", text).problems.len(), 1);
        }
    }
}
