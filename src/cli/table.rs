//! Columns for people, CSV for programs.

use std::io::{self, Write};

/// Which side of a column its texts keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Writes rows as aligned columns with two spaces between; no space at the end of a line.
///
/// # Errors
/// What writing to `out` gives.
pub(super) fn columns(
    out: &mut dyn Write,
    align: &[Align],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..align.len()).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for ((text, width), align) in row.iter().zip(&widths).zip(align) {
            let gap = " ".repeat(width.saturating_sub(text.chars().count()));
            match align {
                Align::Left => line.extend([text, gap.as_str()]),
                Align::Right => line.extend([gap.as_str(), text]),
            }
            line.push_str("  ");
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes one line of CSV (RFC 4180, with `\n` as line end).
///
/// # Errors
/// What writing to `out` gives.
pub(super) fn csv(out: &mut dyn Write, row: &[String]) -> io::Result<()> {
    let fields: Vec<String> = row
        .iter()
        .map(|field| {
            if field.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        })
        .collect();
    writeln!(out, "{}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_text() {
        let rows = [
            vec!["a".into(), "1".into()],
            vec!["büro".into(), "12".into()],
        ];
        let table = text(|out| columns(out, &[Align::Left, Align::Right], &rows));
        assert_eq!(table, "a      1\nbüro  12\n");
    }

    #[test]
    fn csv_quotes_what_would_break_it() {
        let row = ["a,b".to_owned(), "c\"d".to_owned(), "e".to_owned()];
        assert_eq!(text(|out| csv(out, &row)), "\"a,b\",\"c\"\"d\",e\n");
    }
}
