//! Which teams has a chart that tells only who leads whom: a manager and those who report to them.

use std::collections::{BTreeMap, HashMap};

use super::rows::{Names, Row};
use super::team;
use crate::model::{Facts, Team};

/// States a team for each manager, at the manager's row, else at that of the first report.
///
/// A manager is in two teams: their own, and that of their manager, which stands above it.
pub(super) fn teams(rows: &[Row], names: &Names, facts: &mut Facts<'_>) {
    let own: HashMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut reports: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    // Who has left reports to nobody.
    for row in rows.iter().filter(|row| row.active) {
        let Some(manager) = manager(row, names) else {
            continue;
        };
        reports.entry(manager).or_default().push(row);
    }
    for (lead, reports) in &reports {
        let row = own.get(lead.as_str()).copied();
        let above = row.and_then(|row| manager(row, names));
        let shown = row.and_then(|row| row.name.as_ref());
        let found = Team {
            id: id(lead),
            name: shown.map(|name| format!("Team of {name}")),
            parent: above.map(|above| id(&above)),
            leads: vec![lead.clone()],
            members: Some(reports.iter().map(|row| row.id.clone()).collect()),
            ..Team::default()
        };
        let at = row.or_else(|| reports.first().copied());
        let bytes = at.map_or(0..0, |row| row.bytes.clone());
        team(facts, found, bytes);
    }
}

/// Not the login alone: a team is no person.
fn id(lead: &str) -> String {
    format!("team of {lead}")
}

/// Whom a person reports to, not themselves.
fn manager(row: &Row, names: &Names) -> Option<String> {
    let text = row.manager.as_ref()?;
    let id = names.id(text).unwrap_or_else(|| text.clone());
    (id != row.id).then_some(id)
}
