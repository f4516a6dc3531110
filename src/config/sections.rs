//! The sections of the document, one function each: what may stand in them and what it means.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::Glob;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Mistakes;
use super::reader::{Keys, Reader, one_of};
use super::{
    ComponentConfig, Config, Declared, Host, Limits, Ownership, PRESETS, RosterConfig, Source, gate,
};
use crate::model::{
    Column, ComponentKind, Level, OwnershipSource, Person, RepoPath, RosterFormat, Team, TeamKind,
};

pub(super) const DOCUMENT: Keys = Keys {
    title: "",
    keys: &[
        "component",
        "exempt",
        "gate",
        "limits",
        "ownership",
        "person",
        "roster",
        "rules",
        "source",
        "team",
    ],
};
const LIMITS: Keys = Keys {
    title: "[limits]",
    keys: &["preset", "team-max", "team-min"],
};
const OWNERSHIP: Keys = Keys {
    title: "[ownership]",
    keys: &["host", "ignore-owners", "sources"],
};
const SOURCE: Keys = Keys {
    title: "[source]",
    keys: &["exclude", "max-file-size"],
};
pub(super) const TEAM: Keys = Keys {
    title: "[[team]]",
    keys: &[
        "id",
        "name",
        "kind",
        "parent",
        "lead",
        "members",
        "includes",
        "site",
        "time-zone",
        "aliases",
        "previously",
        "may-depend-on",
    ],
};
pub(super) const PERSON: Keys = Keys {
    title: "[[person]]",
    keys: &["id", "name", "aliases", "bot", "site", "time-zone"],
};
pub(super) const COMPONENT: Keys = Keys {
    title: "[[component]]",
    keys: &["path", "name", "kind", "team"],
};

const ROSTER: Keys = Keys {
    title: "[[roster]]",
    keys: &["path", "format", "columns"],
};
const COLUMNS: Keys = Keys {
    title: "`columns` of [[roster]]",
    keys: &[
        "person",
        "name",
        "email",
        "team",
        "lead",
        "manager",
        "site",
        "time-zone",
        "active",
    ],
};

/// More entries than there will ever be rules: each of them is kept with its place.
const MOST_RULES: usize = 1_000;

/// Reads the whole document; what is wrong goes to `mistakes` and leaves its default.
pub(super) fn read(document: &Spanned<DeTable<'_>>, mistakes: &mut Mistakes<'_>) -> Config {
    let mut reader = Reader::new(&DOCUMENT, document.get_ref(), document.span(), mistakes);
    let mut config = Config::default();
    if let Some((table, span)) = reader.table("limits") {
        config.limits = limits(Reader::new(&LIMITS, table, span, reader.mistakes()));
    }
    if let Some((table, span)) = reader.table("ownership") {
        config.ownership = ownership(Reader::new(&OWNERSHIP, table, span, reader.mistakes()));
    }
    if let Some((table, span)) = reader.table("source") {
        config.source = source(Reader::new(&SOURCE, table, span, reader.mistakes()));
    }
    if let Some((table, span)) = reader.table("rules") {
        rules(table, span, &mut config, reader.mistakes());
    }
    if let Some((table, span)) = reader.table("gate") {
        config.gate = gate::gate(Reader::new(&gate::GATE, table, span, reader.mistakes()));
    }
    for (table, span) in reader.tables("roster") {
        let inner = Reader::new(&ROSTER, table, span.clone(), reader.mistakes());
        let roster = roster(inner).map(|value| declared(value, span, None));
        config.rosters.extend(roster);
    }
    declarations(&mut reader, &mut BTreeMap::new(), None, &mut config);
    config
}

fn roster(mut reader: Reader<'_, '_, '_>) -> Option<RosterConfig> {
    reader.require("path");
    let path = reader.text("path");
    let format = reader.one_of("format", RosterFormat::ALL);
    let mut columns = BTreeMap::new();
    if let Some((table, span)) = reader.table("columns") {
        let mut inner = Reader::new(&COLUMNS, table, span, reader.mistakes());
        for (column, key) in Column::ALL {
            columns.extend(inner.text(key).map(|header| (*column, header)));
        }
    }
    if let (Some(value), Some(format)) = (reader.value("columns"), format)
        && format != RosterFormat::Csv
    {
        let message = format!(
            "`columns` are those of a table, not of the format `{}`",
            format.as_str()
        );
        reader.mistake(value, message);
    }
    Some(RosterConfig {
        path: path?,
        format,
        columns,
    })
}

/// Reads what any configuration may declare: teams, components and exemptions.
///
/// `names`: the ids and aliases of teams so far, folded, with the team that has them.
pub(super) fn declarations(
    reader: &mut Reader<'_, '_, '_>,
    names: &mut BTreeMap<String, String>,
    at: Option<&RepoPath>,
    config: &mut Config,
) {
    for (table, span) in reader.tables("team") {
        let inner = Reader::new(&TEAM, table, span.clone(), reader.mistakes());
        let team = team(inner, names).map(|value| declared(value, span, at));
        config.teams.extend(team);
    }
    for (table, span) in reader.tables("person") {
        let inner = Reader::new(&PERSON, table, span.clone(), reader.mistakes());
        let person = person(inner).map(|value| declared(value, span, at));
        config.people.extend(person);
    }
    for (table, span) in reader.tables("component") {
        let inner = Reader::new(&COMPONENT, table, span.clone(), reader.mistakes());
        let component = component(inner).map(|value| declared(value, span, at));
        config.components.extend(component);
    }
    for (table, span) in reader.tables("exempt") {
        let inner = Reader::new(&gate::EXEMPT, table, span.clone(), reader.mistakes());
        let exemption = gate::exemption(inner).map(|value| declared(value, span, at));
        config.exemptions.extend(exemption);
    }
}

fn declared<T>(value: T, span: Range<usize>, at: Option<&RepoPath>) -> Declared<T> {
    Declared {
        value,
        start: span.start,
        end: span.end,
        at: at.cloned(),
    }
}

fn limits(mut reader: Reader<'_, '_, '_>) -> Limits {
    let preset = reader.one_of("preset", PRESETS).unwrap_or_default();
    let default = Limits {
        team_max: preset.team_max,
        team_min: preset.team_min,
        ..Limits::default()
    };
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let team_max = reader.number("team-max", 1).map_or(default.team_max, size);
    let team_min = reader
        .number("team-min", 0)
        .map_or(default.team_min.min(team_max), size);
    let limits = Limits {
        team_max,
        team_min,
        ..default
    };
    if limits.team_min > limits.team_max
        && let Some(value) = reader.value("team-min")
    {
        reader.mistake(
            value,
            format!(
                "`team-min` ({}) is above `team-max` ({})",
                limits.team_min, limits.team_max
            ),
        );
    }
    limits
}

fn ownership(mut reader: Reader<'_, '_, '_>) -> Ownership {
    let ignore_owners = reader.texts("ignore-owners").unwrap_or_default();
    each_text(&mut reader, "ignore-owners", |owner| {
        (!owner.trim().is_empty() && !owner.contains('@')).then(|| {
            format!(
                "`{}` is no owner: write `@org/team`, `@user` or an e-mail address",
                owner.escape_debug()
            )
        })
    });
    let sources = sources(&mut reader);
    Ownership {
        ignore_owners,
        sources,
        host: reader.one_of("host", Host::ALL),
    }
}

/// The sources that count, the strongest first; the configuration itself always counts most.
fn sources(reader: &mut Reader<'_, '_, '_>) -> Vec<OwnershipSource> {
    let known = &OwnershipSource::ALL[1..];
    let named = reader.texts("sources");
    each_text(reader, "sources", |text| {
        let is_known = known.iter().any(|(_, name)| *name == text);
        let names: Vec<String> = known.iter().map(|(_, name)| format!("`{name}`")).collect();
        (!is_known).then(|| {
            format!(
                "`{}` is no source of ownership: write {}",
                text.escape_debug(),
                names.join(", ")
            )
        })
    });
    let named = named.unwrap_or_else(|| known.iter().map(|(_, name)| (*name).to_owned()).collect());
    named
        .iter()
        .filter_map(|text| known.iter().find(|(_, name)| name == text))
        .map(|(source, _)| *source)
        .collect()
}

fn source(mut reader: Reader<'_, '_, '_>) -> Source {
    // For its mistakes; the places of the globs are wanted, too.
    reader.texts("exclude");
    each_text(&mut reader, "exclude", glob_mistake);
    let globs = reader
        .value("exclude")
        .and_then(|list| list.get_ref().as_array());
    let exclude = globs.into_iter().flat_map(|globs| globs.iter());
    let exclude = exclude
        .filter_map(|glob| {
            Some(declared(
                glob.get_ref().as_str()?.to_owned(),
                glob.span(),
                None,
            ))
        })
        .collect();
    let max_file_size = match reader.value("max-file-size") {
        Some(value) if value.get_ref().is_str() => {
            let size = value.get_ref().as_str().and_then(bytes);
            if size.is_none() {
                reader.mistake(
                    value,
                    "`max-file-size` must be a whole number of bytes or text like \"2 MB\" (B, kB, MB, GB, KiB, MiB, GiB)",
                );
            }
            size
        }
        Some(value) if !value.get_ref().is_integer() => {
            reader.expected(
                "max-file-size",
                value,
                "a whole number of bytes or text like \"2 MB\"",
            );
            None
        }
        _ => reader.number("max-file-size", 1),
    };
    Source {
        exclude,
        max_file_size,
    }
}

fn rules(
    table: &DeTable<'_>,
    span: Range<usize>,
    config: &mut Config,
    mistakes: &mut Mistakes<'_>,
) {
    if table.len() > MOST_RULES {
        mistakes.push(span, format!("[rules] has more than {MOST_RULES} entries"));
        return;
    }
    for (key, value) in table {
        let rule = key.get_ref().to_string();
        config
            .rule_places
            .insert(rule.clone(), mistakes.place(key.span().start));
        let level = match value.get_ref() {
            DeValue::Table(options) if options.is_empty() => {
                mistakes.push(
                    value.span(),
                    "a rule of [rules] needs the key `level` or an option".to_owned(),
                );
                None
            }
            DeValue::Table(options) => rule_table(&rule, options, config, mistakes),
            _ => one_of(mistakes, &rule, value, Level::ALL),
        };
        if let Some(level) = level {
            config.rules.insert(rule, level);
        }
    }
}

/// The level of a rule's table; the other keys are options, which the rule knows.
fn rule_table(
    rule: &str,
    table: &DeTable<'_>,
    config: &mut Config,
    mistakes: &mut Mistakes<'_>,
) -> Option<Level> {
    let mut level = None;
    for (key, value) in table {
        let name = key.get_ref().to_string();
        if name == "level" {
            level = one_of(mistakes, &name, value, Level::ALL);
            continue;
        }
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite() && *number >= 0.0) {
            Some(number) => {
                let place = mistakes.place(key.span().start);
                let options = config.limits.options.entry(rule.to_owned());
                options.or_default().insert(name, (number, place));
            }
            None => mistakes.push(
                value.span(),
                format!(
                    "`{}` of a rule must be a number that is not negative",
                    name.escape_debug()
                ),
            ),
        }
    }
    level
}

/// `names`: the ids and aliases so far, folded, with the team that has them.
fn team(mut reader: Reader<'_, '_, '_>, names: &mut BTreeMap<String, String>) -> Option<Team> {
    reader.require("id");
    let id = reader.text("id");
    let team = Team {
        id: id.clone().unwrap_or_default(),
        org: None,
        name: reader.text("name"),
        kind: reader.one_of("kind", TeamKind::ALL).unwrap_or_default(),
        parent: reader.text("parent"),
        aliases: reader.texts("aliases").unwrap_or_default(),
        previously: reader.texts("previously").unwrap_or_default(),
        leads: text_or_texts(&mut reader, "lead"),
        members: reader.texts("members"),
        includes: reader.texts("includes").unwrap_or_default(),
        site: reader.text("site"),
        time_zone: reader.text("time-zone"),
        may_depend_on: reader.texts("may-depend-on"),
        local: false,
    };
    let id = id?;
    if let Some(value) = reader.value("id") {
        match names.get(&folded(&id)) {
            Some(other) if *other == id => {
                reader.mistake(value, format!("team `{id}` is declared twice"));
            }
            Some(other) => {
                reader.mistake(value, format!("`{id}` already names team `{other}`"));
            }
            None => {
                names.insert(folded(&id), id.clone());
            }
        }
    }
    each_text(&mut reader, "aliases", |alias| {
        let other = names.entry(folded(alias)).or_insert_with(|| id.clone());
        (*other != id).then(|| format!("`{alias}` already names team `{other}`"))
    });
    if let (Some(value), Some(parent)) = (reader.value("parent"), &team.parent)
        && folded(parent) == folded(&id)
    {
        reader.mistake(value, format!("team `{id}` cannot be its own parent"));
    }
    Some(team)
}

/// One text, or a list of them.
fn text_or_texts(reader: &mut Reader<'_, '_, '_>, key: &str) -> Vec<String> {
    let is_list = reader
        .value(key)
        .is_some_and(|value| value.get_ref().is_array());
    if is_list {
        reader.texts(key).unwrap_or_default()
    } else {
        reader.text(key).into_iter().collect()
    }
}

fn person(mut reader: Reader<'_, '_, '_>) -> Option<Person> {
    reader.require("id");
    Some(Person {
        id: reader.text("id")?,
        name: reader.text("name"),
        aliases: reader.texts("aliases").unwrap_or_default(),
        bot: reader.flag("bot").unwrap_or_default(),
        site: reader.text("site"),
        time_zone: reader.text("time-zone"),
        ..Person::default()
    })
}

fn component(mut reader: Reader<'_, '_, '_>) -> Option<ComponentConfig> {
    reader.require("path");
    let path = reader.text("path");
    let component = ComponentConfig {
        path: path.clone().unwrap_or_default(),
        name: reader.text("name"),
        kind: reader.one_of("kind", ComponentKind::ALL),
        team: reader.text("team"),
    };
    if let (Some(value), Some(message)) = (reader.value("path"), glob_mistake(&path?)) {
        reader.mistake(value, message);
    }
    Some(component)
}

/// Checks each text of a list that was read before.
fn each_text(
    reader: &mut Reader<'_, '_, '_>,
    key: &str,
    mut check: impl FnMut(&str) -> Option<String>,
) {
    let array = reader
        .value(key)
        .and_then(|value| value.get_ref().as_array());
    for item in array.into_iter().flat_map(|array| array.iter()) {
        if let Some(message) = item.get_ref().as_str().and_then(&mut check) {
            reader.mistake(item, message);
        }
    }
}

/// What is wrong with a path glob.
fn glob_mistake(glob: &str) -> Option<String> {
    Glob::new(glob)
        .err()
        .map(|error| format!("not a glob: {}: `{}`", error.kind(), glob.escape_debug()))
}

/// How names of teams are compared: case and a leading `@` do not matter.
pub(super) fn folded(name: &str) -> String {
    name.trim_start_matches('@').to_lowercase()
}

/// A size with its unit, at least one byte.
fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    let bytes = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (bytes > 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FILE_NAME;
    use expect_test::{Expect, expect};

    const ALL: &[&Keys] = &[
        &DOCUMENT,
        &LIMITS,
        &OWNERSHIP,
        &SOURCE,
        &TEAM,
        &COMPONENT,
        &PERSON,
        &ROSTER,
        &COLUMNS,
        &gate::GATE,
        &gate::EXEMPT,
    ];
    const PAGE: &str = include_str!("../../docs/configuration.md");

    fn refused(text: &str, expected: Expect) {
        let error = Config::parse(text, FILE_NAME).unwrap_err();
        expected.assert_eq(&error.to_string());
    }

    /// The TOML blocks of the documentation.
    fn examples() -> Vec<&'static str> {
        PAGE.split("```toml\n")
            .skip(1)
            .map(|rest| rest.split("```").next().unwrap())
            .collect()
    }

    #[test]
    fn rosters_say_where_they_are_and_what_their_columns_are_called() {
        let text = "[[roster]]\npath = \"../hr/people.csv\"\ncolumns = {person = \"Login\", team = \"Squad\"}\n";
        let config = Config::parse(text, "t").unwrap();
        let roster = &config.rosters[0].value;
        assert_eq!(roster.path, "../hr/people.csv");
        assert_eq!(roster.columns[&Column::Team], "Squad");
        for (text, expected) in [
            ("[[roster]]\n", "t:1:1: [[roster]] needs the key `path`"),
            (
                "[[roster]]\npath = \"a\"\nformat = \"scimm\"\n",
                "did you mean `scim`?",
            ),
            (
                "[[roster]]\npath = \"a\"\ncolumns = {teem = \"Squad\"}\n",
                "t:3:12: unknown key `teem` in `columns` of [[roster]], did you mean `team`?",
            ),
            (
                "[[roster]]\npath = \"a\"\nformat = \"ldif\"\ncolumns = {team = \"Squad\"}\n",
                "`columns` are those of a table",
            ),
        ] {
            let error = Config::parse(text, "t").unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let config = Config::parse("", FILE_NAME).unwrap();
        assert_eq!((config.limits.team_max, config.limits.team_min), (7, 3));
        assert!(config.teams.is_empty() && config.rules.is_empty());
    }

    #[test]
    fn a_preset_sets_both_sizes_and_each_can_be_set_apart() {
        let sizes = |limits: &str| {
            let text = format!("[limits]\n{limits}");
            let limits = Config::parse(&text, FILE_NAME).unwrap().limits;
            (limits.team_min, limits.team_max)
        };
        assert_eq!(sizes("preset = 'strict'"), (3, 7));
        assert_eq!(sizes("preset = 'amazon'"), (3, 10));
        assert_eq!(sizes("preset = 'topologies'"), (3, 9));
        assert_eq!(sizes("preset = 'larson'"), (4, 8));
        assert_eq!(sizes("preset = 'larson'\nteam-max = 3"), (3, 3));
        assert_eq!(sizes("preset = 'larson'\nteam-min = 2"), (2, 8));
        refused(
            "[limits]\npreset = 'amazons'",
            expect![
                "twopizza.toml:2:10: `amazons` is none of `strict`, `amazon`, `topologies`, `larson`, did you mean `amazon`?"
            ],
        );
    }

    #[test]
    fn every_value_arrives_where_it_belongs() {
        let text = examples()[0];
        let config = Config::parse(text, FILE_NAME).unwrap();
        assert_eq!((config.limits.team_max, config.limits.team_min), (8, 4));
        assert_eq!(config.ownership.ignore_owners, ["@acme/reviewers"]);
        let exclude = config.source.exclude.iter().map(|glob| &*glob.value);
        assert_eq!(exclude.collect::<Vec<_>>(), ["third_party/**", "**/*.snap"]);
        assert_eq!(config.source.max_file_size, Some(2_000_000));
        assert_eq!(config.rules["direct-link"], Level::Warn);
        assert_eq!(config.rules["oversized-team"], Level::Deny);
        let cart = &config.teams[0];
        assert!(text[cart.start..cart.end].starts_with("[[team]]"));
        expect![[r#"
            Team {
                id: "cart",
                org: None,
                name: Some(
                    "Cart and checkout",
                ),
                kind: Work,
                parent: Some(
                    "shop",
                ),
                aliases: [
                    "@acme/cart",
                    "@acme/cart-oncall",
                ],
                previously: [
                    "basket",
                ],
                leads: [
                    "alice",
                ],
                members: Some(
                    [
                        "alice",
                        "bob",
                        "carol",
                    ],
                ),
                includes: [],
                site: None,
                time_zone: None,
                may_depend_on: Some(
                    [
                        "platform",
                    ],
                ),
                local: false,
            }
        "#]]
        .assert_debug_eq(&cart.value);
        expect![[r#"
            ComponentConfig {
                path: "libs/money",
                name: Some(
                    "money",
                ),
                kind: Some(
                    Library,
                ),
                team: Some(
                    "platform",
                ),
            }
        "#]]
        .assert_debug_eq(&config.components[0].value);
    }

    #[test]
    fn options_of_rules_are_numbers_and_the_rules_tell_which_there_are() {
        let text = "[rules]\nshared-ownership = { share = 0.3, min-files = 8, shar = 1 }\n";
        let config = Config::parse(text, FILE_NAME).unwrap();
        let options = &config.limits.options["shared-ownership"];
        assert_eq!((options["share"].0, options["min-files"].0), (0.3, 8.0));
        assert!(!config.rules.contains_key("shared-ownership"));
        let known = BTreeMap::from([("shared-ownership", vec!["share", "min-files"])]);
        let errors = config.check_options(&known);
        assert_eq!(errors.len(), 1);
        assert_eq!(
            errors[0].to_string(),
            "twopizza.toml:2:50: unknown option `shar` of the rule `shared-ownership`, did you mean `share`?"
        );
        refused(
            "[rules]\nshared-ownership = { share = -1, min-files = \"five\" }\n",
            expect![[r#"
                twopizza.toml:2:30: `share` of a rule must be a number that is not negative
                twopizza.toml:2:46: `min-files` of a rule must be a number that is not negative"#]],
        );
    }

    #[test]
    fn unknown_keys_are_told_with_what_may_be_meant_and_all_at_once() {
        refused(
            "limit = 1\nwhatever = 2\n[limits]\nteam-mx = 3\n[[team]]\nid = \"a\"\nmember = []\n[rules]\nr = { lvel = \"warn\" }\n",
            expect![[r#"
                twopizza.toml:1:1: unknown key `limit`, did you mean `limits`?
                twopizza.toml:2:1: unknown key `whatever`
                twopizza.toml:4:1: unknown key `team-mx` in [limits], did you mean `team-max`?
                twopizza.toml:7:1: unknown key `member` in [[team]], did you mean `members`?
                twopizza.toml:9:14: `lvel` of a rule must be a number that is not negative"#]],
        );
    }

    #[test]
    fn wrong_types_and_values_name_what_was_expected() {
        refused(
            "rules = 1\nteam = {}\n[limits]\nteam-max = \"7\"\nteam-min = -1\n[source]\nexclude = \"x\"\nmax-file-size = 1.5\n[ownership]\nignore-owners = [\"@a/b\", 3, \"core\", \"\", \"@a\\u001b[2J\"]\n",
            expect![[r#"
                twopizza.toml:1:9: `rules` must be a table `[rules]`, not a whole number
                twopizza.toml:2:8: `team` must be a list of tables `[[team]]`, not a table
                twopizza.toml:4:12: `team-max` must be a whole number, not text
                twopizza.toml:5:12: `team-min` must be a whole number of at least 0
                twopizza.toml:7:11: `exclude` must be a list of texts, not text
                twopizza.toml:8:17: `max-file-size` must be a whole number of bytes or text like "2 MB", not a number with a fraction
                twopizza.toml:10:26: `ignore-owners` must be text, not a whole number
                twopizza.toml:10:29: `core` is no owner: write `@org/team`, `@user` or an e-mail address
                twopizza.toml:10:37: `ignore-owners` must not be empty
                twopizza.toml:10:41: `ignore-owners` must be one line without control characters"#]],
        );
        refused(
            "[limits]\nteam-max = 2\nteam-min = 3\n[source]\nexclude = [\"a[\"]\nmax-file-size = \"2 MX\"\n[rules]\na = \"dney\"\nb = {}\nc = 3\n",
            expect![[r#"
                twopizza.toml:3:12: `team-min` (3) is above `team-max` (2)
                twopizza.toml:5:12: not a glob: unclosed character class; missing ']': `a[`
                twopizza.toml:6:17: `max-file-size` must be a whole number of bytes or text like "2 MB" (B, kB, MB, GB, KiB, MiB, GiB)
                twopizza.toml:8:5: `dney` is none of `allow`, `warn`, `deny`, did you mean `deny`?
                twopizza.toml:9:5: a rule of [rules] needs the key `level` or an option
                twopizza.toml:10:5: `c` must be text, not a whole number"#]],
        );
    }

    #[test]
    fn teams_and_components_are_checked() {
        refused(
            r#"
[[team]]
id = "cart"
aliases = ["@acme/cart", "basket"]
members = ["alice", "alice"]
[[team]]
id = "Cart"
[[team]]
id = "cart"
[[team]]
id = "basket"
parent = "basket"
kind = "wrk"
[[team]]
name = "nameless"
[[component]]
kind = "servce"
[[component]]
path = "libs/{money"
"#,
            expect![[r#"
                twopizza.toml:5:21: `alice` is in `members` twice
                twopizza.toml:7:6: `Cart` already names team `cart`
                twopizza.toml:9:6: team `cart` is declared twice
                twopizza.toml:11:6: `basket` already names team `cart`
                twopizza.toml:12:10: team `basket` cannot be its own parent
                twopizza.toml:13:8: `wrk` is none of `work`, `working-group`, `permission`, `marker`, `people`, did you mean `work`?
                twopizza.toml:14:1: [[team]] needs the key `id`
                twopizza.toml:16:1: [[component]] needs the key `path`
                twopizza.toml:17:8: `servce` is none of `service`, `job`, `library`, `contract`, `tool`, `test`, `orchestrator`, `website`, `gateway`, `datastore`, `broker`, `volume`, `infrastructure`, `external`, `rest`, did you mean `service`?
                twopizza.toml:19:8: not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?): `libs/{money`"#]],
        );
    }

    #[test]
    fn a_parent_that_only_an_ownership_file_names_is_fine() {
        Config::parse("[[team]]\nid = \"cart\"\nparent = \"shop\"\n", FILE_NAME).unwrap();
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("2 MB"), Some(2_000_000));
        assert_eq!(bytes("64KiB"), Some(65_536));
        assert_eq!(bytes("17"), Some(17));
        for wrong in ["", "0", "MB", "-1 MB", "1.5 MB", "99999999999 GB"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn rules_that_nobody_knows_are_told() {
        let text = "[rules]\ndirect-lnk = \"warn\"\nforeign-data = \"deny\"\nnope = \"deny\"\n";
        let errors = Config::parse(text, FILE_NAME)
            .unwrap()
            .check_rules(&["direct-link", "foreign-data"]);
        let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            [
                "twopizza.toml:2:1: unknown rule `direct-lnk`, did you mean `direct-link`?",
                "twopizza.toml:4:1: unknown rule `nope`",
            ]
        );
    }

    #[test]
    fn the_page_names_every_key_and_no_other() {
        // The tables of rules have options, too, which the rules' pages name.
        let mut expected: Vec<&str> = vec!["level"];
        for keys in ALL.iter().filter(|keys| !keys.title.is_empty()) {
            for key in keys.keys {
                assert!(PAGE.contains(&format!("| `{key}` |")), "no row for `{key}`");
                expected.push(key);
            }
        }
        for section in DOCUMENT.keys {
            assert!(
                PAGE.contains(&format!("[{section}]")),
                "no section `{section}`"
            );
        }
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
        for key in rows.filter_map(|row| row.split('`').next()) {
            assert!(expected.contains(&key), "`{key}` is no key");
        }
    }

    #[test]
    fn every_example_of_the_page_is_accepted() {
        assert!(examples().len() > 1);
        for example in examples() {
            Config::parse(example, "docs/configuration.md").unwrap();
        }
    }
}
