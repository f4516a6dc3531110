//! Holds the document against the structure that viewers rely on.

use serde_json::Value;

use super::super::testing::{NASTY, long, nasty, render, shop, standings};
use super::*;
use crate::model::{Hop, HopKind, Place, Problem};

fn document(analysis: &Analysis) -> Value {
    serde_json::from_str(&render(&Sarif, analysis)).unwrap()
}

fn array<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    let found = value.pointer(path);
    found.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn results(document: &Value) -> &[Value] {
    array(document, "/runs/0/results")
}

#[test]
fn a_result_has_rule_place_marks_and_teams() {
    let document = document(&shop());
    expect_test::expect![[r#"
        {
          "baselineState": "new",
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "index": 0,
                  "uri": "cart-api/src/main.rs",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 17,
                  "endLine": 1,
                  "startColumn": 5,
                  "startLine": 1
                }
              }
            }
          ],
          "message": {
            "text": "team `cart` links the implementation of `catalog-core`, which team `catalog` owns\nowner: catalog (CODEOWNERS:3 `/catalog-core/src/main.rs catalog`)\nclause 3: no direct linking, only calls over the network\ntry: call team `catalog` over the network, by the interface in `catalog-proto`"
          },
          "occurrenceCount": 1,
          "partialFingerprints": {
            "primaryLocationLineHash": "398815457f8f68d5:1",
            "twopizza/v1": "direct-link|link.impl|cargo:cart-api|cargo:catalog-core|"
          },
          "properties": {
            "from": [
              "cart"
            ],
            "to": [
              "catalog"
            ]
          },
          "relatedLocations": [
            {
              "id": 0,
              "message": {
                "text": "says who owns the far end"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "index": 1,
                  "uri": "CODEOWNERS",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 34,
                  "endLine": 3,
                  "startColumn": 1,
                  "startLine": 3
                }
              }
            }
          ],
          "ruleId": "direct-link",
          "ruleIndex": 0
        }"#]]
        .assert_eq(&serde_json::to_string_pretty(&results(&document)[0]).unwrap());
    assert_eq!(results(&document).len(), 6);
}

#[test]
fn everything_that_is_pointed_at_is_there() {
    for analysis in [shop(), nasty(), long(), standings(), Analysis::default()] {
        let document = document(&analysis);
        assert_eq!(document["version"], "2.1.0");
        let run = &document["runs"][0];
        assert_eq!(run["columnKind"], "utf16CodeUnits");
        let rules = array(run, "/tool/driver/rules");
        let artifacts = array(run, "/artifacts");
        for result in results(&document) {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let related = array(result, "/relatedLocations").iter();
            for place in array(result, "/locations").iter().chain(related) {
                let place = &place["physicalLocation"];
                let file = &place["artifactLocation"];
                assert!(run["originalUriBaseIds"].get("%SRCROOT%").is_some());
                assert_eq!(file["uriBaseId"], "%SRCROOT%");
                let listed = &artifacts[file["index"].as_u64().unwrap() as usize];
                assert_eq!(&listed["location"], file);
                let uri = file["uri"].as_str().unwrap();
                assert!(
                    uri.is_ascii() && !uri.contains([':', ' ', '<', '"']),
                    "{uri}"
                );
                assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
            }
        }
    }
}

#[test]
fn how_a_finding_stands_is_told_as_sarif_has_it() {
    let document = document(&standings());
    let by = |key: &str, value: &str| {
        let found = results(&document).iter().filter(|one| one[key] == value);
        found.count()
    };
    assert_eq!(by("baselineState", "unchanged"), 1);
    assert_eq!(by("baselineState", "updated"), 1);
    assert_eq!(by("baselineState", "new"), 2);
    let suppressed: Vec<_> = results(&document)
        .iter()
        .flat_map(|result| array(result, "/suppressions"))
        .map(|one| {
            (
                one["kind"].as_str().unwrap(),
                one["justification"].as_str().unwrap(),
            )
        })
        .collect();
    let reason = format!("until the move {}", super::super::safe(NASTY));
    assert_eq!(
        suppressed,
        [("external", reason.as_str()), ("inSource", reason.as_str())]
    );
    let first_accepted = results(&document)
        .iter()
        .position(|one| one["baselineState"] == "unchanged");
    assert!(first_accepted.unwrap() >= 3, "what counts comes first");
}

#[test]
fn a_rule_that_is_not_listed_is_described_in_the_document() {
    let mut analysis = shop();
    analysis.findings[0].rule = crate::model::RuleId("expired-exemption");
    let document = document(&analysis);
    let index = results(&document)[0]["ruleIndex"].as_u64().unwrap() as usize;
    let rules = array(&document, "/runs/0/tool/driver/rules");
    assert_eq!(rules[index]["id"], "expired-exemption");
}

#[test]
fn a_chain_is_a_flow_with_what_each_step_does() {
    let mut analysis = shop();
    let hop = Hop {
        what: HopKind::Bind,
        name: "[x](0)".to_owned(),
        ..analysis.findings[0].evidence[0].chain[0].clone()
    };
    analysis.findings[0].evidence[0].chain.push(hop);
    let document = document(&analysis);
    let steps = array(
        &results(&document)[0],
        "/codeFlows/0/threadFlows/0/locations",
    );
    let told: Vec<_> = steps
        .iter()
        .map(|step| step["location"]["message"]["text"].clone())
        .collect();
    assert_eq!(told, ["uses `catalog-core`", "binds `[x] (0)`"]);
}

#[test]
fn columns_are_utf16_units() {
    let mut analysis = shop();
    let span = analysis.findings[0].evidence[0].chain[0].span;
    analysis.texts.insert(span.file, "🍕catalog-core".into());
    let region = |document: Value| {
        results(&document)[0]["locations"][0]["physicalLocation"]["region"].clone()
    };
    assert_eq!(
        region(document(&analysis)),
        serde_json::json!({"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 15})
    );
}

#[test]
fn what_does_not_fit_is_counted_and_problems_are_notifications() {
    let mut analysis = shop();
    let problem = |number| Problem {
        place: Place::Run,
        message: format!("problem {number} [a](1)"),
    };
    analysis.problems = (0..5).map(problem).collect();
    let bounds = |results, bytes| Bounds {
        results,
        bytes,
        notifications: 2,
    };
    let told = |bounds| {
        let log = log(&analysis, bounds).unwrap();
        let value = serde_json::to_value(&log).unwrap();
        let notes = array(&value, "/runs/0/invocations/0/toolExecutionNotifications");
        let texts = notes
            .iter()
            .map(|note| note["message"]["text"].as_str().unwrap().to_owned());
        (results(&value).len(), texts.collect::<Vec<_>>())
    };
    let (count, notes) = told(bounds(4, 1_000_000));
    assert_eq!(count, 4);
    assert!(notes[0].starts_with("2 findings left out"));
    assert_eq!(
        notes[1..],
        ["problem 0 [a] (1)", "problem 1 [a] (1)", "3 more problems"]
    );
    assert_eq!(told(bounds(4, 1)).0, 0);
}

#[test]
fn equal_findings_are_told_apart_and_names_are_cut() {
    let mut analysis = long();
    let again = analysis.findings.clone();
    analysis.findings.extend(again);
    let document = document(&analysis);
    let mut marks: Vec<_> = results(&document)
        .iter()
        .map(|one| {
            one["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .unwrap()
        })
        .collect();
    marks.sort_unstable();
    marks.dedup();
    assert_eq!(marks.len(), results(&document).len());
    for result in results(&document) {
        assert!(result["message"]["text"].as_str().unwrap().len() < 10_000);
    }
}
