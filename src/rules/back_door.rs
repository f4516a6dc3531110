//! Does a team go through a back door of another team's component?

use super::couplings::{Coupling, couplings};
use super::words::subject;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, DependencyKind, Finding, Level, RuleId};

/// The rule `back-door`.
pub(super) struct BackDoor;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("back-door"),
    clause: Clause::NoBackDoors,
    level: Level::Deny,
    summary: "a team goes through a back door of another team's component",
    docs: include_str!("../../docs/rules/back-door.md"),
    options: &[],
};

impl Rule for BackDoor {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for coupling in couplings(graph, INFO.id, |dependency| {
            dependency.kind.group() == "door"
        }) {
            let mild = matches!(
                coupling.kind,
                DependencyKind::DoorSocket | DependencyKind::DoorAdmin | DependencyKind::DoorTest
            );
            let at_most = if mild {
                Level::Warn
            } else {
                coupling.at_most()
            };
            findings.push(finding(graph, &coupling), at_most);
        }
    }
}

/// What stands behind a door.
enum Door<'a> {
    /// A feature that only insiders should turn on.
    Feature(&'a str),
    /// A name that is hidden from users.
    Hidden(&'a str),
    /// Anything else, by the kind of the dependency.
    Other(&'static str),
}

impl<'a> Door<'a> {
    fn of(coupling: &Coupling<'a>) -> Self {
        match coupling.kind {
            DependencyKind::DoorPrivate => match coupling.symbol.strip_prefix("feature:") {
                Some(feature) => Self::Feature(feature),
                None if coupling.symbol.is_empty() => Self::Other("go into the inside of"),
                None => Self::Hidden(coupling.symbol),
            },
            DependencyKind::DoorExec => Self::Other("run commands inside"),
            DependencyKind::DoorSocket => Self::Other("go to the socket of"),
            DependencyKind::DoorConfig => Self::Other("read the configuration of"),
            DependencyKind::DoorTest => Self::Other("use the test code of"),
            DependencyKind::DoorCi => Self::Other("start the pipeline of"),
            _ => Self::Other("operate the administration of"),
        }
    }
}

fn finding(graph: &Graph, coupling: &Coupling<'_>) -> Finding {
    let (users, one_user) = subject(graph, &coupling.from_teams);
    let (owners, one_owner) = subject(graph, &coupling.to_teams);
    let target = &coupling.target(graph);
    let door = Door::of(coupling);
    let verb = |several: &str| conjugate(several, one_user);
    let owns = if one_owner { "owns" } else { "own" };
    let does = match door {
        Door::Feature(feature) => format!(
            "{} the internal feature `{feature}` of `{target}`, which {owners} {owns}",
            verb("turn on")
        ),
        Door::Hidden(name) => {
            let hide = conjugate("hide", one_owner);
            format!(
                "{} `{name}`, which {owners} {hide} from the users of `{target}`",
                verb("use")
            )
        }
        Door::Other(what) => format!("{} `{target}`, which {owners} {owns}", verb(what)),
    };
    Finding {
        message: format!("{users} {does}"),
        help: help(&door, target, &owners),
        ..coupling.finding(graph, &INFO)
    }
}

/// The verb, which comes first, for one or for several.
fn conjugate(several: &str, one: bool) -> String {
    if !one {
        return several.to_owned();
    }
    let (verb, rest) = several
        .split_once(' ')
        .map_or((several, ""), |(verb, rest)| (verb, rest));
    let verb = if verb == "go" {
        "goes".to_owned()
    } else {
        format!("{verb}s")
    };
    if rest.is_empty() {
        verb
    } else {
        format!("{verb} {rest}")
    }
}

fn help(door: &Door<'_>, target: &str, owners: &str) -> Vec<String> {
    let service = format!("call the service interface of {owners} instead");
    match door {
        Door::Feature(feature) => {
            let mut ways = Vec::new();
            if feature.contains("test") || feature.contains("mock") {
                ways.push(format!(
                    "if only tests need `{feature}`, turn it on in the dependencies of the tests"
                ));
            }
            ways.push(format!(
                "ask {owners} to offer what `{target}` has behind `{feature}` without it"
            ));
            ways.push(service);
            ways
        }
        Door::Hidden(name) => vec![
            format!("use what the documentation of `{target}` shows"),
            format!("ask {owners} to document `{name}` and so to keep it stable"),
            service,
        ],
        Door::Other(_) => vec![service],
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, Dep, dep};
    use crate::model::{Certainty, Context};

    fn shop() -> Builder {
        Builder::new()
            .service("cart-api", "cart")
            .service("catalog-core", "catalog")
    }

    fn door(kind: DependencyKind) -> Dep {
        dep("cart-api", "catalog-core", kind)
    }

    fn told(dep: Dep) -> (Level, String) {
        let mut findings = check(&BackDoor, &shop().dep(dep).graph());
        let finding = findings.pop().unwrap();
        assert!(findings.is_empty());
        (finding.level, finding.message)
    }

    #[test]
    fn a_hidden_item_is_denied_and_an_internal_feature_warned_about() {
        let hidden = door(DependencyKind::DoorPrivate).symbol("catalog_core::__raw");
        assert_eq!(
            told(hidden),
            (
                Level::Deny,
                "team `cart` uses `catalog_core::__raw`, \
                 which team `catalog` hides from the users of `catalog-core`"
                    .to_owned()
            )
        );
        let feature = door(DependencyKind::DoorPrivate)
            .symbol("feature:testing")
            .certainty(Certainty::Inferred);
        assert_eq!(
            told(feature),
            (
                Level::Warn,
                "team `cart` turns on the internal feature `testing` of `catalog-core`, \
                 which team `catalog` owns"
                    .to_owned()
            )
        );
    }

    #[test]
    fn every_kind_of_door_has_its_level_and_its_words() {
        for (kind, text) in DependencyKind::ALL {
            if kind.group() != "door" {
                continue;
            }
            let (level, message) = told(door(*kind));
            let mild = matches!(*text, "door.socket" | "door.admin" | "door.test");
            assert_eq!(level == Level::Warn, mild, "{text}");
            assert!(message.contains("s "), "{message}");
        }
        assert_eq!(
            told(door(DependencyKind::DoorSocket)).1,
            "team `cart` goes to the socket of `catalog-core`, which team `catalog` owns"
        );
    }

    #[test]
    fn it_is_silent_in_one_team_in_tests_and_for_other_couplings() {
        let private = || door(DependencyKind::DoorPrivate);
        for dep in [
            private().in_file_of("catalog"),
            private().context(Context::Test),
            door(DependencyKind::LinkImpl),
            door(DependencyKind::LinkSplice),
        ] {
            assert!(check(&BackDoor, &shop().dep(dep).graph()).is_empty());
        }
    }
}
