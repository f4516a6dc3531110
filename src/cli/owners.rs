//! `twopizza owners`: who owns which files, and which line decided.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use twopizza::analysis::Analysis;
use twopizza::model::{FileId, Owned, RepoId, within};

use super::Outcome;
use super::args::{Global, OwnersArgs, OwnersFormat};
use super::error::{Stop, failed, failed_with_help};
use super::inputs::{Inputs, default_root};
use super::output::{self, Kind, name, plain};

pub(super) fn run(global: &Global, args: &OwnersArgs) -> Outcome {
    let root = match &args.root {
        Some(root) => root.clone(),
        None => default_root()?,
    };
    let targets = args
        .paths
        .iter()
        .map(|path| below(&root, &from_here_or_root(args.root.as_deref(), path)))
        .collect::<Result<Vec<_>, _>>()?;
    let inputs = Inputs::open(global, std::slice::from_ref(&root))?;
    let owners = Owners {
        analysis: inputs.ownership()?,
    };
    if !owners.analysis.graph.organisation().has_sources && !global.quiet {
        output::warning("no ownership file in this repository: nobody owns anything");
    }
    let groups = owners.select(&targets)?;
    let file = args.output.as_deref();
    match args.format {
        OwnersFormat::Text if args.all => output::write(file, Kind::Text, |out| {
            let rows = owners.rows(&groups);
            rows.iter().try_for_each(|row| line(out, row))
        }),
        OwnersFormat::Text => {
            output::write(file, Kind::Text, |out| owners.write_text(out, &groups))
        }
        OwnersFormat::Tsv => output::write(file, Kind::Data, |out| tsv(out, &owners.rows(&groups))),
        OwnersFormat::Json => {
            output::write(file, Kind::Data, |out| json(out, &owners.rows(&groups)))
        }
    }
}

/// A path from the root: a file, or a folder.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// As the command line has it.
    given: String,
    /// `/`-separated; empty for the root itself.
    path: String,
}

/// A target with its files.
type Group<'a> = (&'a Target, Vec<FileId>);

struct Owners {
    analysis: Analysis,
}

/// One file.
#[derive(Debug, Serialize)]
struct Row {
    path: String,
    state: &'static str,
    /// As written.
    owners: Vec<String>,
    /// Ids of teams, or of made-up teams of people.
    teams: Vec<String>,
    decided_by: Option<Line>,
}

/// The line that decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Line {
    path: String,
    line: u32,
    text: String,
}

#[derive(Serialize)]
struct Page<'a> {
    schema_version: u32,
    paths: &'a [Row],
}

impl Owners {
    /// The files of each target; of the whole root without one.
    fn select<'a>(&self, targets: &'a [Target]) -> Result<Vec<Group<'a>>, Stop> {
        static ROOT: Target = Target {
            given: String::new(),
            path: String::new(),
        };
        let files = self.analysis.graph.files();
        let below = |folder: &str| {
            let inside = files.iter();
            let inside = inside.filter(|(_, row)| within(&row.path.path, folder));
            inside.map(|(file, _)| file).collect::<Vec<_>>()
        };
        if targets.is_empty() {
            return Ok(vec![(&ROOT, below(""))]);
        }
        targets
            .iter()
            .map(|target| {
                let found = match files.find(RepoId(0), &target.path) {
                    Some(file) => vec![file],
                    None => below(&target.path),
                };
                if found.is_empty() {
                    return Err(failed_with_help(
                        format!("no file of the repository is or lies in `{}`", target.given),
                        "files that git ignores are not looked at",
                    ));
                }
                Ok((target, found))
            })
            .collect()
    }

    /// All files, each once, in the byte order of their paths.
    fn rows(&self, groups: &[Group<'_>]) -> Vec<Row> {
        let files = groups.iter().flat_map(|(_, files)| files.iter().copied());
        // Ids follow the order of the paths.
        let files: BTreeSet<FileId> = files.collect();
        files.into_iter().map(|file| self.row(file)).collect()
    }

    fn row(&self, file: FileId) -> Row {
        let graph = &self.analysis.graph;
        let organisation = graph.organisation();
        let owned = organisation.file(file);
        let set = owned.set();
        let written = set.and_then(|set| organisation.sets.get(set.0 as usize));
        let teams = set.map_or(&[][..], |set| organisation.teams_of(set));
        Row {
            path: graph.files().path(file).path.to_string(),
            state: match owned {
                Owned::By(..) => "owned",
                Owned::Unowned(_) => "unowned",
                Owned::Unmatched => "unmatched",
            },
            owners: written.map_or_else(Vec::new, |set| {
                set.written
                    .iter()
                    .map(|owner| owner.text.to_string())
                    .collect()
            }),
            teams: teams
                .iter()
                .map(|team| organisation.team(*team).team.id.clone())
                .collect(),
            decided_by: owned.line().map(|span| Line {
                path: graph.files().path(span.file).path.to_string(),
                line: self.analysis.texts.position(span).line,
                text: self.analysis.texts.line(span).unwrap_or_default(),
            }),
        }
    }

    /// Files one by one, folders as a sum over the lines that decided.
    fn write_text(&self, out: &mut dyn Write, groups: &[Group<'_>]) -> io::Result<()> {
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

/// A path from the current folder when it is there, else from the root that the command line names.
fn from_here_or_root(root: Option<&Path>, path: &Path) -> PathBuf {
    match root {
        Some(root) if path.symlink_metadata().is_err() => root.join(path),
        _ => path.to_owned(),
    }
}

/// The path from the root, by name where possible: what a symbolic link is called counts, not where it leads.
fn below(root: &Path, path: &Path) -> Result<Target, Stop> {
    let given = name(path);
    let full = |path: &Path| {
        std::path::absolute(path)
            .map(|path| normalised(&path))
            .map_err(|error| failed(format!("cannot tell where `{given}` is: {error}")))
    };
    let (base, wanted) = (full(root)?, full(path)?);
    let found = wanted.strip_prefix(&base).map(Path::to_owned).or_else(|_| {
        let base = root.canonicalize().unwrap_or(base);
        let wanted = path.canonicalize().unwrap_or(wanted.clone());
        wanted.strip_prefix(base).map(Path::to_owned)
    });
    let Ok(found) = found else {
        return Err(failed_with_help(
            format!("`{given}` lies outside of `{}`", name(root)),
            "name the repository with `--root DIR`",
        ));
    };
    let segments: Vec<_> = found
        .components()
        .map(|segment| segment.as_os_str().to_string_lossy())
        .collect();
    let path = segments.join("/");
    Ok(Target { given, path })
}

/// Without `.` and `..`, by the names alone.
fn normalised(path: &Path) -> PathBuf {
    let mut normalised = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normalised.pop();
            }
            part => normalised.push(part),
        }
    }
    normalised
}

/// One file, for people who ask for it alone.
fn one(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    writeln!(out, "{}", shown(&row.path))?;
    writeln!(out, "  owners: {}", owners(row))?;
    if !row.teams.is_empty() {
        writeln!(out, "  teams:  {}", plain(&row.teams.join(" ")))?;
    }
    match &row.decided_by {
        Some(line) => writeln!(out, "  line:   {}", place(line)),
        None => Ok(()),
    }
}

/// One file of many.
fn line(out: &mut dyn Write, row: &Row) -> io::Result<()> {
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

fn tsv(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
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

fn json(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let page = Page {
        schema_version: 1,
        paths: rows,
    };
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use twopizza::graph::Graph;
    use twopizza::model::{
        FileRow, FileTable, Organisation, Owner, OwnerSet, OwnerSetId, RepoPath, Resolved, Span,
        Team, TeamId, TeamNode,
    };

    /// Three files: owned, explicitly unowned, without a line.
    fn sample() -> Owners {
        let paths = ["CODEOWNERS", "a\tb", "cart/x.rs", "cart/y.rs"];
        let row = |path: &str| FileRow {
            path: RepoPath::new(RepoId(0), path),
            ..FileRow::default()
        };
        let files = FileTable::new(vec!["shop".into()], paths.map(row).into());
        let span = |start| Span {
            file: FileId(0),
            start,
            end: start + 1,
        };
        let text = "/cart/ @acme/cart @bob\n/cart/y.rs\n";
        let team = Team {
            id: "cart".into(),
            ..Team::default()
        };
        let organisation = Organisation {
            teams: vec![TeamNode {
                team,
                ..TeamNode::default()
            }],
            sets: vec![OwnerSet {
                written: ["@acme/cart", "@bob"]
                    .map(|owner| Owner::parse(owner).unwrap())
                    .into(),
                teams: vec![TeamId(0)],
                ..OwnerSet::default()
            }],
            files: vec![
                Owned::Unmatched,
                Owned::Unmatched,
                Owned::By(OwnerSetId(0), span(0)),
                Owned::Unowned(span(text.find("/cart/y").unwrap() as u32)),
            ],
            has_sources: true,
            ..Organisation::default()
        };
        let mut analysis = Analysis {
            graph: Graph::new(Resolved {
                files,
                organisation,
                ..Resolved::default()
            }),
            ..Analysis::default()
        };
        analysis.texts.insert(FileId(0), text.into());
        Owners { analysis }
    }

    fn target(path: &str) -> Target {
        Target {
            given: path.to_owned(),
            path: path.to_owned(),
        }
    }

    #[test]
    fn a_path_that_is_not_here_is_looked_for_in_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let there = from_here_or_root(Some(root), Path::new("services/no-such-here"));
        let target = below(root, &there).unwrap();
        assert_eq!(target.path, "services/no-such-here");
        let here = Path::new("Cargo.toml");
        assert_eq!(from_here_or_root(Some(root), here), here);
    }

    #[test]
    fn the_table_has_one_row_a_file_in_byte_order() {
        let owners = sample();
        let mut out = Vec::new();
        tsv(&mut out, &owners.rows(&owners.select(&[]).unwrap())).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "path\towners\tline\nCODEOWNERS\t-\t-\na\\tb\t-\t-\ncart/x.rs\t@acme/cart @bob\t1\ncart/y.rs\t-\t2\n"
        );
    }

    #[test]
    fn a_file_is_told_with_its_line_and_a_folder_as_a_sum() {
        let owners = sample();
        let targets = [target("cart/x.rs"), target("cart"), target("a\tb")];
        let mut out = Vec::new();
        owners
            .write_text(&mut out, &owners.select(&targets).unwrap())
            .unwrap();
        expect![[r#"
            cart/x.rs
              owners: @acme/cart @bob
              teams:  cart
              line:   CODEOWNERS:1: /cart/ @acme/cart @bob

            cart (2 files)
                   1  @acme/cart @bob
                      CODEOWNERS:1: /cart/ @acme/cart @bob
                   1  nobody, explicitly
                      CODEOWNERS:2: /cart/y.rs

            a\tb
              owners: nobody, no line matches
        "#]]
        .assert_eq(&String::from_utf8(out).unwrap());
    }

    #[test]
    fn a_path_that_is_not_there_is_no_silent_nothing() {
        let owners = sample();
        assert!(owners.select(&[target("carton")]).is_err());
    }

    #[test]
    fn paths_are_taken_from_the_root() {
        let path = |root: &str, path: &str| {
            below(Path::new(root), Path::new(path)).map(|target| target.path)
        };
        assert_eq!(path("/r", "/r/a/./b/../c").unwrap(), "a/c");
        assert_eq!(path("/r", "/r").unwrap(), "");
        assert!(path("/r", "/other").is_err());
    }
}
