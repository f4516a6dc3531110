//! Cells of a CSV table (RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>).

use std::io::{self, Write};

/// Writes one row.
pub(super) fn row<S: AsRef<str>>(
    out: &mut dyn Write,
    cells: impl IntoIterator<Item = S>,
) -> io::Result<()> {
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text.as_ref()).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// Quotes a cell where it has to be, and keeps a spreadsheet from running it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> String {
    let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let text = if armed {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        let mut out = Vec::new();
        row(&mut out, ["a", "b,\"c\"", "=1+1", "@acme/x", "two\nlines"]).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a,\"b,\"\"c\"\"\",'=1+1,'@acme/x,\"two\nlines\"\r\n"
        );
    }
}
