//! Does a version fall into a range, as npm reads ranges?
//!
//! Source: <https://github.com/npm/node-semver#ranges>

use std::cmp::Ordering;

/// A version: its three numbers, and what makes it a pre-release.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version<'t> {
    numbers: [u64; 3],
    pre: &'t str,
}

/// Whether the version satisfies the range; `None` where that cannot be told, as with a tag.
pub(super) fn satisfies(range: &str, version: &str) -> Option<bool> {
    let version = full(version.trim().trim_start_matches(['v', '=']))?;
    let mut any = false;
    for part in range.split("||") {
        any |= all(part, &version)?;
    }
    Some(any)
}

/// Whether a version satisfies all comparators of a range without alternatives.
fn all(range: &str, version: &Version<'_>) -> Option<bool> {
    if let Some((low, high)) = range.split_once(" - ") {
        let (low, _) = partial(low)?;
        let above = compare(version, &low) != Ordering::Less;
        return Some(above && up_to(high, version)?);
    }
    // Blanks may stand between an operator and its version.
    let mut text = range.trim().to_owned();
    for operator in [">=", "<=", ">", "<", "=", "^", "~"] {
        while text.contains(&format!("{operator} ")) {
            text = text.replace(&format!("{operator} "), operator);
        }
    }
    let mut holds = true;
    let mut same_release = version.pre.is_empty();
    for comparator in text.split_whitespace() {
        holds &= one(comparator, version)?;
        let bound = comparator.trim_start_matches(['>', '<', '=', '^', '~', 'v']);
        // A pre-release counts only where the range names one of the same release.
        same_release |= partial(bound)
            .is_some_and(|(bound, _)| bound.numbers == version.numbers && !bound.pre.is_empty());
    }
    Some(holds && same_release)
}

fn one(comparator: &str, version: &Version<'_>) -> Option<bool> {
    let cut = comparator
        .find(|c: char| !matches!(c, '>' | '<' | '=' | '^' | '~'))
        .unwrap_or(comparator.len());
    let (operator, text) = comparator.split_at(cut);
    let (bound, known) = partial(text)?;
    let order = compare(version, &bound);
    let below = |next: [u64; 3]| version.numbers < next;
    let from = order != Ordering::Less;
    Some(match operator {
        _ if known == 0 => !matches!(operator, "<" | ">"),
        ">=" => from,
        "<" => order == Ordering::Less,
        ">" if known == 3 => order == Ordering::Greater,
        ">" => version.numbers >= next(&bound, known - 1),
        "<=" if known == 3 => order != Ordering::Greater,
        "<=" => below(next(&bound, known - 1)),
        "^" => {
            // The first number that is not zero stays.
            let fixed = bound.numbers.iter().position(|number| *number > 0);
            from && below(next(&bound, fixed.unwrap_or(known - 1).min(known - 1)))
        }
        "~" | "~>" => from && below(next(&bound, (known - 1).min(1))),
        "" | "=" if known == 3 => order == Ordering::Equal,
        "" | "=" => from && below(next(&bound, known - 1)),
        _ => return None,
    })
}

/// The upper end of a hyphen range.
fn up_to(text: &str, version: &Version<'_>) -> Option<bool> {
    let (bound, known) = partial(text)?;
    Some(match known {
        0 => true,
        3 => compare(version, &bound) != Ordering::Greater,
        _ => version.numbers < next(&bound, known - 1),
    })
}

/// The first version in which the number at a place is one higher.
fn next(bound: &Version<'_>, place: usize) -> [u64; 3] {
    let mut numbers = bound.numbers;
    numbers[place] = numbers[place].saturating_add(1);
    numbers[place + 1..].fill(0);
    numbers
}

fn full(text: &str) -> Option<Version<'_>> {
    let (version, known) = partial(text)?;
    (known == 3).then_some(version)
}

/// A version of which some numbers may be missing or `x`, and how many there are.
fn partial(text: &str) -> Option<(Version<'_>, usize)> {
    let text = text.trim().trim_start_matches('v');
    let text = text.split('+').next().unwrap_or(text);
    let (release, pre) = text.split_once('-').unwrap_or((text, ""));
    let mut numbers = [0; 3];
    let mut known = 0;
    for (place, number) in release.split('.').enumerate() {
        if place >= 3 {
            return None;
        }
        if matches!(number, "" | "*" | "x" | "X") {
            break;
        }
        numbers[place] = number.parse().ok()?;
        known = place + 1;
    }
    Some((Version { numbers, pre }, known))
}

fn compare(a: &Version<'_>, b: &Version<'_>) -> Ordering {
    let pre = |a: &str, b: &str| match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_pre(a, b),
    };
    a.numbers.cmp(&b.numbers).then_with(|| pre(a.pre, b.pre))
}

/// Numbers by size and below words, words by text, the shorter first.
fn compare_pre(a: &str, b: &str) -> Ordering {
    let part = |a: &str, b: &str| match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    };
    let pairs = a.split('.').zip(b.split('.'));
    pairs
        .map(|(a, b)| part(a, b))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or_else(|| a.split('.').count().cmp(&b.split('.').count()))
}

#[cfg(test)]
mod tests {
    use super::satisfies;

    #[test]
    fn ranges_hold_as_npm_reads_them() {
        for (range, yes, no) in [
            ("1.2.3", "1.2.3", "1.2.4"),
            ("=1.2.3", "1.2.3", "1.2.2"),
            ("v1.2.3", "1.2.3", "1.2.2"),
            ("^1.2.3", "1.9.0", "2.0.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("^0.0", "0.0.9", "0.1.0"),
            ("^0", "0.9.0", "1.0.0"),
            ("~1.2.3", "1.2.9", "1.3.0"),
            ("~1.2", "1.2.9", "1.3.0"),
            ("~1", "1.9.0", "2.0.0"),
            ("1.x", "1.9.0", "2.0.0"),
            ("1.2", "1.2.9", "1.3.0"),
            (">=1.2.3 <2", "1.9.0", "2.0.0"),
            (">= 1.2.3 < 2", "1.9.0", "1.2.2"),
            (">1", "2.0.0", "1.9.0"),
            ("<=1.2", "1.2.9", "1.3.0"),
            ("1.2.3 - 2.3", "2.3.9", "2.4.0"),
            ("^1.0.0 || ^3.0.0", "3.1.0", "2.0.0"),
            ("^1.0.0-beta.2", "1.0.0-beta.10", "1.0.0-beta.1"),
            ("^1.0.0-beta.2", "1.4.0", "1.4.0-beta.3"),
            ("1.0.0-rc.1", "1.0.0-rc.1", "1.0.0"),
        ] {
            assert_eq!(satisfies(range, yes), Some(true), "{range} {yes}");
            assert_eq!(satisfies(range, no), Some(false), "{range} {no}");
        }
        for range in ["*", "x", ""] {
            assert_eq!(satisfies(range, "1.2.3"), Some(true), "{range}");
        }
    }

    #[test]
    fn what_is_no_range_is_not_decided() {
        for (range, version) in [
            ("latest", "1.2.3"),
            ("next || ^1", "1.2.3"),
            ("^1", "not-a-version"),
            ("^1", "1.2"),
            ("^99999999999999999999", "1.2.3"),
            ("1.2.3.4", "1.2.3"),
        ] {
            assert_eq!(satisfies(range, version), None, "{range} {version}");
        }
    }
}
