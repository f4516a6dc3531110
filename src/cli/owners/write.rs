//! Files and folders with their owners: for people, as a table, as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use twopizza::model::FileId;

use super::super::output::plain;
use super::rows::{Line, Row};
use super::target::Target;
use super::{Group, Owners};

impl Owners {
    /// Files one by one, folders as a sum over the lines that decided.
    pub(super) fn write_text(&self, out: &mut dyn Write, groups: &[Group<'_>]) -> io::Result<()> {
        for (index, (target, files)) in groups.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            match files.as_slice() {
                [file] if *self.analysis.graph.files().path(*file).path == *target.path => {
                    one(out, &self.row(*file))?;
                }
                files => self.folder(out, target, files)?,
            }
        }
        Ok(())
    }

    fn folder(&self, out: &mut dyn Write, target: &Target, files: &[FileId]) -> io::Result<()> {
        let mut sums: BTreeMap<(String, Option<Line>), usize> = BTreeMap::new();
        for file in files {
            let row = self.row(*file);
            let owners = owners(&row);
            *sums.entry((owners, row.decided_by)).or_default() += 1;
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by(|(a, most), (b, more)| (more, a).cmp(&(most, b)));
        let plural = if files.len() == 1 { "" } else { "s" };
        writeln!(
            out,
            "{} ({} file{plural})",
            shown(&target.path),
            files.len()
        )?;
        for ((owners, decided), count) in sums {
            writeln!(out, "{count:>8}  {owners}")?;
            if let Some(line) = decided {
                writeln!(out, "          {}", place(&line))?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    schema_version: u32,
    paths: &'a [Row],
}

/// One file, for people who ask for it alone.
fn one(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    writeln!(out, "{}", shown(&row.path))?;
    writeln!(out, "  owners: {}", owners(row))?;
    if !row.teams.is_empty() {
        writeln!(out, "  teams:  {}", plain(&row.teams.join(" ")))?;
    }
    if let Some(line) = &row.decided_by {
        writeln!(out, "  line:   {}", place(line))?;
    }
    let together = row.voices.first().map_or(&[][..], |voice| &voice.more);
    for line in together {
        writeln!(out, "  and:    {}", place(line))?;
    }
    for voice in row.voices.iter().skip(1) {
        let says = match voice.owners.as_slice() {
            [] => "nobody".to_owned(),
            owners => plain(&owners.join(" ")),
        };
        if let Some(line) = &voice.line {
            writeln!(out, "  also:   {} says {says}", place(line))?;
        }
    }
    Ok(())
}

/// One file of many.
pub(super) fn line(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    let place = match &row.decided_by {
        Some(line) => format!(" ({}:{})", plain(&line.path), line.line),
        None => String::new(),
    };
    writeln!(out, "{}: {}{place}", shown(&row.path), owners(row))
}

fn owners(row: &Row) -> String {
    match row.state {
        "owned" => plain(&row.owners.join(" ")),
        "unowned" => "nobody, explicitly".to_owned(),
        _ => "nobody, no line matches".to_owned(),
    }
}

fn place(line: &Line) -> String {
    format!("{}:{}: {}", plain(&line.path), line.line, plain(&line.text))
}

fn shown(path: &str) -> String {
    if path.is_empty() {
        ".".to_owned()
    } else {
        plain(path)
    }
}

pub(super) fn tsv(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    writeln!(out, "path\towners\tline")?;
    for row in rows {
        let owners = if row.owners.is_empty() {
            "-".to_owned()
        } else {
            row.owners.join(" ")
        };
        let line = match &row.decided_by {
            Some(line) => line.line.to_string(),
            None => "-".to_owned(),
        };
        writeln!(out, "{}\t{}\t{line}", field(&row.path), field(&owners))?;
    }
    Ok(())
}

/// Text that neither ends a field nor a line: `\t`, `\n`, `\r`, `\\`.
fn field(text: &str) -> String {
    let mut field = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => field.push_str("\\t"),
            '\n' => field.push_str("\\n"),
            '\r' => field.push_str("\\r"),
            '\\' => field.push_str("\\\\"),
            c => field.push(c),
        }
    }
    field
}

pub(super) fn json(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let page = Page {
        schema_version: 1,
        paths: rows,
    };
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}
