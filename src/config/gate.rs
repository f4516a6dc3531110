//! `[gate]` and `[[exempt]]`: what the gate lets pass, and for how long.

use jiff::civil::Date;
use toml::de::DeValue;

use super::reader::{Keys, Reader};
use super::{Exemption, Gate};
use crate::model::Level;

pub(super) const GATE: Keys = Keys {
    title: "[gate]",
    keys: &["baseline", "fail-on", "unparsed-floor", "stale"],
};
pub(super) const EXEMPT: Keys = Keys {
    title: "[[exempt]]",
    keys: &[
        "rule", "from", "to", "object", "reason", "owner", "expires", "max",
    ],
};

const FAIL_ON: &[(Level, &str)] = &[(Level::Warn, "warn"), (Level::Deny, "deny")];

pub(super) fn gate(mut reader: Reader<'_, '_, '_>) -> Gate {
    let default = Gate::default();
    let baseline = reader.text("baseline");
    if let (Some(value), Some(path)) = (reader.value("baseline"), &baseline)
        && !stays_below(path)
    {
        reader.mistake(
            value,
            "`baseline` must be a path below the folder of this file, with `/` and without `..`",
        );
    }
    Gate {
        baseline,
        fail_on: reader.one_of("fail-on", FAIL_ON).unwrap_or(default.fail_on),
        unparsed_floor: share(&mut reader, "unparsed-floor").unwrap_or(default.unparsed_floor),
        stale: reader.one_of("stale", Level::ALL).unwrap_or(default.stale),
    }
}

/// `None` without a rule; the other keys that are demanded are the gate's to judge.
pub(super) fn exemption(mut reader: Reader<'_, '_, '_>) -> Option<Exemption> {
    reader.require("rule");
    let rule = reader.text("rule");
    let exemption = Exemption {
        rule: rule.clone().unwrap_or_default(),
        rule_place: match reader.value("rule") {
            Some(value) => reader.mistakes().place(value.span().start),
            None => Default::default(),
        },
        from: reader.text("from"),
        to: reader.text("to"),
        object: reader.text("object"),
        reason: reader.text("reason"),
        owner: reader.text("owner"),
        expires: date(&mut reader, "expires"),
        max: reader.number("max", 1),
    };
    let sides = [&exemption.from, &exemption.to, &exemption.object];
    let star = sides
        .iter()
        .any(|side| side.as_ref().is_some_and(|text| text.contains('*')));
    let any = exemption.from.is_none() && exemption.to.is_none();
    if reader.value("max").is_none() {
        if star {
            reader.missing(
                "an exemption with `*` needs the key `max`, the most sites that it accepts",
            );
        } else if any && rule.is_some() {
            reader.missing("an exemption without `from` and `to` needs the key `max`, the most sites that it accepts");
        }
    }
    rule.map(|_| exemption)
}

/// Whether a path of the configuration stays in its folder, on every system.
fn stays_below(path: &str) -> bool {
    !path.contains(['\\', ':']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A number from 0 to 1.
fn share(reader: &mut Reader<'_, '_, '_>, key: &str) -> Option<f64> {
    let value = reader.value(key)?;
    let number = match value.get_ref() {
        DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
        DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
        _ => {
            reader.expected(key, value, "a number from 0 to 1");
            return None;
        }
    };
    let number = number.filter(|number| (0.0..=1.0).contains(number));
    if number.is_none() {
        reader.mistake(value, format!("`{key}` must be a number from 0 to 1"));
    }
    number
}

/// A day, as text or as a date of TOML.
fn date(reader: &mut Reader<'_, '_, '_>, key: &str) -> Option<Date> {
    let value = reader.value(key)?;
    let text = match value.get_ref() {
        DeValue::Datetime(date) => date.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => {
            reader.expected(key, value, "a date like \"2027-01-31\"");
            return None;
        }
    };
    // `parse` alone would take the day of a longer text and forget the rest.
    let date = (text.len() == 10)
        .then(|| text.parse::<Date>().ok())
        .flatten();
    if date.is_none() {
        reader.mistake(value, format!("`{key}` must be a date like \"2027-01-31\""));
    }
    date
}

#[cfg(test)]
mod tests {
    use super::super::{Config, FILE_NAME};
    use super::*;
    use expect_test::{Expect, expect};

    fn refused(text: &str, expected: Expect) {
        let error = Config::parse(text, FILE_NAME).unwrap_err();
        expected.assert_eq(&error.to_string());
    }

    #[test]
    fn every_value_arrives_where_it_belongs() {
        let text = "[gate]\nbaseline = \"ci/known.jsonl\"\nfail-on = \"warn\"\nunparsed-floor = 0.5\nstale = \"deny\"\n\
                    [[exempt]]\nrule = \"direct-link\"\nfrom = \"cart\"\nto = \"*\"\nobject = \"t\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31\nmax = 3\n\
                    [[exempt]]\nrule = \"direct-link\"\nfrom = \"cart\"\nexpires = \"2027-02-01\"\n";
        let config = Config::parse(text, FILE_NAME).unwrap();
        assert_eq!(config.gate.baseline.as_deref(), Some("ci/known.jsonl"));
        assert_eq!(config.gate.fail_on, Level::Warn);
        assert_eq!(config.gate.stale, Level::Deny);
        assert!((config.gate.unparsed_floor - 0.5).abs() < f64::EPSILON);
        let days: Vec<String> = config
            .exemptions
            .iter()
            .filter_map(|one| Some(one.value.expires?.to_string()))
            .collect();
        assert_eq!(days, ["2027-01-31", "2027-02-01"]);
        let first = &config.exemptions[0];
        assert_eq!((first.value.max, first.value.rule_place.line), (Some(3), 7));
        assert!(text[first.start..first.end].starts_with("[[exempt]]"));
    }

    #[test]
    fn wrong_values_are_told_at_their_places() {
        refused(
            "[gate]\nbaseline = \"../x\"\nfail-on = \"allow\"\nunparsed-floor = 5\nstale = 1\n[[exempt]]\nfrom = \"a\"\n[[exempt]]\nrule = \"r\"\nfrom = \"a\"\nexpires = \"31.1.2027\"\nmax = 0\nresaon = \"x\"\n",
            expect![[r#"
                twopizza.toml:2:12: `baseline` must be a path below the folder of this file, with `/` and without `..`
                twopizza.toml:3:11: `allow` is none of `warn`, `deny`
                twopizza.toml:4:18: `unparsed-floor` must be a number from 0 to 1
                twopizza.toml:5:9: `stale` must be text, not a whole number
                twopizza.toml:6:1: [[exempt]] needs the key `rule`
                twopizza.toml:11:11: `expires` must be a date like "2027-01-31"
                twopizza.toml:12:7: `max` must be a whole number of at least 1
                twopizza.toml:13:1: unknown key `resaon` in [[exempt]], did you mean `reason`?"#]],
        );
    }

    #[test]
    fn a_baseline_stays_in_the_repository() {
        for path in ["/etc/passwd", "a/../../b", "C:x", "a\\\\b", "./a", ""] {
            let text = format!("[gate]\nbaseline = \"{path}\"\n");
            assert!(Config::parse(&text, FILE_NAME).is_err(), "{path}");
        }
    }

    #[test]
    fn an_exemption_that_could_grow_needs_a_most() {
        refused(
            "[[exempt]]\nrule = \"r\"\nfrom = \"a*\"\n[[exempt]]\nrule = \"r\"\n[[exempt]]\nrule = \"r\"\nto = \"b\"\n",
            expect![[r#"
                twopizza.toml:1:1: an exemption with `*` needs the key `max`, the most sites that it accepts
                twopizza.toml:4:1: an exemption without `from` and `to` needs the key `max`, the most sites that it accepts"#]],
        );
    }

    #[test]
    fn rules_of_exemptions_are_checked() {
        let config = Config::parse("[[exempt]]\nrule = \"direct-lnk\"\nto = \"b\"\n", FILE_NAME);
        let errors = config.unwrap().check_rules(&["direct-link"]);
        assert_eq!(
            errors[0].to_string(),
            "twopizza.toml:2:8: unknown rule `direct-lnk`, did you mean `direct-link`?"
        );
    }
}
