//! Can two coupled teams talk: do they sit together, and do their days overlap?

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::super::{Graph, TeamGraph};
use crate::model::{DependencyKind, Member, Organisation, Person, TeamId};

/// The working day in local time, in hours: a common convention, no measurement.
const DAY: (i64, i64) = (9, 17);

/// Days in both halves of the year, since clocks are put forward at different times; the smaller overlap counts.
const DATES: [Date; 2] = [date(2025, 1, 15), date(2025, 7, 15)];

const QUARTERS: usize = 24 * 4;

/// How two coupled teams can talk.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The pair, the smaller id first.
    pub teams: (TeamId, TeamId),
    /// Whether one needs the other at once: by a link, data, memory, a back door or a call, not only by events.
    pub synchronous: bool,
    pub locality: Option<Locality>,
    /// In hours of a working day; `None` when no roster tells the time zones of both.
    pub overlap: Option<f64>,
}

/// Where the people of two teams sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locality {
    /// Four fifths of each team at one site, the same for both.
    CoLocated,
    /// At several sites.
    Distributed,
    /// Half of one of the teams or more at no site.
    Remote,
}

impl Locality {
    /// The text of the locality.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CoLocated => "co-located",
            Self::Distributed => "distributed",
            Self::Remote => "remote",
        }
    }
}

/// What an overlap allows: a convention, no measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Four hours or more.
    Synchronous,
    /// Two hours or more.
    Constrained,
    Asynchronous,
}

impl Band {
    /// The text of the band.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synchronous => "synchronous",
            Self::Constrained => "constrained",
            Self::Asynchronous => "asynchronous",
        }
    }
}

impl Setting {
    /// What the overlap allows.
    pub fn band(&self) -> Option<Band> {
        self.overlap.map(|hours| match hours {
            hours if hours >= 4.0 => Band::Synchronous,
            hours if hours >= 2.0 => Band::Constrained,
            _ => Band::Asynchronous,
        })
    }

    /// Whether the teams need each other at once and can hardly talk at the same time.
    pub fn is_strained(&self) -> bool {
        self.synchronous && self.band() == Some(Band::Asynchronous)
    }
}

/// The settings of all coupled pairs of which a roster tells something, sorted.
pub(super) fn settings(graph: &Graph, couplings: &TeamGraph) -> Vec<Setting> {
    let mut pairs: BTreeMap<(TeamId, TeamId), bool> = BTreeMap::new();
    for edge in couplings.edges() {
        let pair = (edge.from.min(edge.to), edge.from.max(edge.to));
        let at_once = edge
            .kinds
            .keys()
            .any(|kind| !matches!(kind, DependencyKind::EventPub | DependencyKind::EventSub));
        *pairs.entry(pair).or_default() |= at_once;
    }
    let organisation = graph.organisation();
    let teams: BTreeSet<TeamId> = pairs.keys().flat_map(|(a, b)| [*a, *b]).collect();
    let places: BTreeMap<TeamId, Place> = teams
        .into_iter()
        .map(|team| (team, Place::of(organisation, team)))
        .collect();
    let settings = pairs.into_iter().map(|((a, b), synchronous)| Setting {
        teams: (a, b),
        synchronous,
        locality: locality(&places[&a], &places[&b]),
        overlap: overlap(&places[&a], &places[&b]),
    });
    settings
        .filter(|setting| setting.locality.is_some() || setting.overlap.is_some())
        .collect()
}

/// Where and when the people of a team work.
#[derive(Debug, Default)]
struct Place {
    /// The site of each person, `None` for those who have none; empty when nothing is known of anybody.
    sites: Vec<Option<String>>,
    /// For each date the quarters of the UTC day in which at least half of those work whose zone is known.
    works: Option<[[bool; QUARTERS]; DATES.len()]>,
}

impl Place {
    fn of(organisation: &Organisation, team: TeamId) -> Self {
        let node = organisation.team(team);
        let person = |member: &Member| {
            let found = organisation
                .people
                .binary_search_by(|person| folded(person).cmp(&member.id));
            found.ok().map(|index| &organisation.people[index])
        };
        let people = node.people.as_deref().unwrap_or_default();
        let people: Vec<Option<&Person>> = people.iter().map(person).collect();
        let of_team = node.team.site.clone();
        let mut sites: Vec<Option<String>> = people
            .iter()
            .map(|person| person.and_then(|person| person.site.clone()))
            .map(|site| site.or_else(|| of_team.clone()))
            .map(|site| site.filter(|site| !site.eq_ignore_ascii_case("remote")))
            .collect();
        let told = of_team.is_some() || people.iter().flatten().any(|one| one.site.is_some());
        if !told {
            sites.clear();
        } else if sites.is_empty() {
            sites.push(of_team);
        }
        let mut zones: Vec<&str> = people
            .iter()
            .filter_map(|person| person.and_then(|person| person.time_zone.as_deref()))
            .collect();
        let without = people
            .len()
            .saturating_sub(zones.len())
            .max(usize::from(people.is_empty()));
        let of_team = node.team.time_zone.as_deref();
        zones.extend(
            of_team
                .into_iter()
                .flat_map(|zone| std::iter::repeat_n(zone, without)),
        );
        Self {
            sites,
            works: works(&zones),
        }
    }

    /// The site of at least four fifths of the people.
    fn home(&self) -> Option<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for site in self.sites.iter().flatten() {
            *counts.entry(site).or_default() += 1;
        }
        let (site, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (count * 5 >= self.sites.len() * 4).then_some(site)
    }

    /// Whether half of the people or more have no site.
    fn is_remote(&self) -> bool {
        let away = self.sites.iter().filter(|site| site.is_none()).count();
        away * 2 >= self.sites.len()
    }
}

/// As [`Organisation::people`] is sorted.
fn folded(person: &Person) -> String {
    person.id.trim().trim_start_matches('@').to_lowercase()
}

fn locality(a: &Place, b: &Place) -> Option<Locality> {
    if a.sites.is_empty() || b.sites.is_empty() {
        return None;
    }
    Some(match (a.home(), b.home()) {
        (Some(a), Some(b)) if a == b => Locality::CoLocated,
        _ if a.is_remote() || b.is_remote() => Locality::Remote,
        _ => Locality::Distributed,
    })
}

/// The quarters in which at least half of the zones have their working day; a zone that nobody knows is left out.
fn works(zones: &[&str]) -> Option<[[bool; QUARTERS]; DATES.len()]> {
    let zones: Vec<TimeZone> = zones
        .iter()
        .filter_map(|zone| TimeZone::get(zone).ok())
        .collect();
    if zones.is_empty() {
        return None;
    }
    let mut works = [[false; QUARTERS]; DATES.len()];
    for (day, works) in DATES.iter().zip(&mut works) {
        let offsets: Vec<i64> = zones
            .iter()
            .filter_map(|zone| {
                let noon = day.at(12, 0, 0, 0).to_zoned(zone.clone()).ok()?;
                Some(i64::from(noon.offset().seconds()))
            })
            .collect();
        for (quarter, works) in works.iter_mut().enumerate() {
            let at = quarter as i64 * 15 * 60;
            let present = offsets.iter().filter(|offset| {
                let local = (at + **offset).rem_euclid(24 * 3600);
                (DAY.0 * 3600..DAY.1 * 3600).contains(&local)
            });
            *works = present.count() * 2 >= offsets.len();
        }
    }
    Some(works)
}

/// The hours in which both work, on the date on which they are fewer.
fn overlap(a: &Place, b: &Place) -> Option<f64> {
    let (a, b) = (a.works.as_ref()?, b.works.as_ref()?);
    let quarters = a.iter().zip(b).map(|(a, b)| {
        let both = a.iter().zip(b).filter(|(a, b)| **a && **b);
        both.count()
    });
    quarters.min().map(|quarters| quarters as f64 / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sites: &[&str], zones: &[&str]) -> Place {
        let site = |site: &&str| (!site.is_empty()).then(|| (*site).to_owned());
        Place {
            sites: sites.iter().map(site).collect(),
            works: works(zones),
        }
    }

    fn hours(a: &[&str], b: &[&str]) -> Option<f64> {
        overlap(&place(&[], a), &place(&[], b))
    }

    #[test]
    fn hours_of_overlap() {
        assert_eq!(hours(&["Europe/Berlin"], &["Europe/Berlin"]), Some(8.0));
        assert_eq!(hours(&["Europe/Berlin"], &["America/New_York"]), Some(2.0));
        assert_eq!(hours(&["Europe/Berlin"], &["Asia/Kolkata"]), Some(3.5));
        assert_eq!(hours(&["Europe/Berlin"], &["Asia/Tokyo"]), Some(0.0));
        assert_eq!(hours(&["Asia/Kathmandu"], &["Asia/Kolkata"]), Some(7.75));
        assert_eq!(hours(&["Europe/Nowhere"], &["Asia/Tokyo"]), None);
    }

    #[test]
    fn a_team_is_there_when_half_of_it_is() {
        let both = ["America/New_York", "Europe/Berlin"];
        assert_eq!(hours(&both, &["Europe/Berlin"]), Some(8.0));
        let three = ["America/New_York", "America/New_York", "Europe/Berlin"];
        assert_eq!(hours(&three, &["Europe/Berlin"]), Some(2.0));
    }

    #[test]
    fn where_people_sit() {
        let of = |a: &[&str], b: &[&str]| locality(&place(a, &[]), &place(b, &[]));
        let lisbon = ["Lisbon", "Lisbon", "Lisbon", "Lisbon", "Porto"];
        assert_eq!(of(&lisbon, &["Lisbon"]), Some(Locality::CoLocated));
        assert_eq!(of(&lisbon, &["Porto"]), Some(Locality::Distributed));
        assert_eq!(of(&["Lisbon", ""], &["Lisbon"]), Some(Locality::Remote));
        assert_eq!(of(&[], &["Lisbon"]), None);
    }

    #[test]
    fn only_what_needs_an_answer_at_once_is_strained() {
        let setting = |synchronous, overlap| Setting {
            teams: (TeamId(0), TeamId(1)),
            synchronous,
            locality: None,
            overlap: Some(overlap),
        };
        assert!(setting(true, 1.75).is_strained());
        assert!(!setting(true, 2.0).is_strained());
        assert!(!setting(false, 0.0).is_strained());
        assert_eq!(setting(true, 4.0).band(), Some(Band::Synchronous));
    }
}
