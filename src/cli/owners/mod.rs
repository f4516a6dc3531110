//! `twopizza owners`: who owns which files, and which line decided.

mod problems;
mod rows;
mod target;
mod write;

use std::collections::BTreeSet;

use twopizza::analysis::Analysis;
use twopizza::model::{FileId, RepoId, within};

use super::Outcome;
use super::args::{Global, OwnersArgs, OwnersFormat};
use super::error::{Stop, failed_with_help};
use super::inputs::{Inputs, default_root};
use super::output::{self, Kind};

use self::rows::Row;
use self::target::{Target, below, from_here_or_root};
use self::write::{json, line, tsv};

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
    if !global.quiet {
        problems::warn(&owners.analysis);
    }
    let targets = owners.disguised(targets);
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

/// A target with its files.
type Group<'a> = (&'a Target, Vec<FileId>);

struct Owners {
    analysis: Analysis,
}

impl Owners {
    /// The targets by the paths that are shown.
    fn disguised(&self, mut targets: Vec<Target>) -> Vec<Target> {
        if let Some(disguise) = self.analysis.graph.disguise() {
            for target in &mut targets {
                target.given = disguise.path(&target.given);
                target.path = disguise.path(&target.path);
            }
        }
        targets
    }

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
            let inside = inside.filter(|(file, _)| !files.is_given(*file));
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use twopizza::graph::Graph;
    use twopizza::model::{
        FileRow, FileTable, Organisation, Owned, Owner, OwnerSet, OwnerSetId, OwnershipSource,
        RepoPath, Resolved, Span, Team, TeamId, TeamNode, Voice,
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
    fn what_other_sources_say_is_told_of_a_file() {
        let mut owners = sample();
        let mut organisation = owners.analysis.graph.organisation().clone();
        let file = owners.analysis.graph.files().find(RepoId(0), "cart/x.rs");
        let voice = |source, owned: Owned| Voice {
            source,
            owned,
            general: false,
            lines: owned.line().into_iter().collect(),
        };
        let hole = Owned::Unowned(organisation.file(file.unwrap()).line().unwrap());
        let said = organisation.file(file.unwrap());
        organisation.voices = vec![
            Vec::new(),
            vec![
                voice(OwnershipSource::Codeowners, said),
                voice(OwnershipSource::Catalog, hole),
                voice(OwnershipSource::Manifest, said),
            ],
        ];
        organisation.file_voices = vec![0, 0, 1, 0];
        owners.analysis.graph = Graph::new(Resolved {
            files: owners.analysis.graph.files().clone(),
            organisation,
            ..Resolved::default()
        });
        let targets = [target("cart/x.rs")];
        let groups = owners.select(&targets).unwrap();
        let mut out = Vec::new();
        owners.write_text(&mut out, &groups).unwrap();
        expect![[r#"
            cart/x.rs
              owners: @acme/cart @bob
              teams:  cart
              line:   CODEOWNERS:1: /cart/ @acme/cart @bob
              also:   CODEOWNERS:1: /cart/ @acme/cart @bob says nobody
              also:   CODEOWNERS:1: /cart/ @acme/cart @bob says @acme/cart @bob
        "#]]
        .assert_eq(&String::from_utf8(out).unwrap());
        let mut out = Vec::new();
        json(&mut out, &owners.rows(&groups)).unwrap();
        let page: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let voices = page["paths"][0]["voices"].as_array().unwrap();
        assert_eq!(voices.len(), 3);
        assert_eq!(voices[1]["source"], "catalog");
        assert_eq!(voices[1]["line"]["line"], 1);
    }

    #[test]
    fn a_path_that_is_not_there_is_no_silent_nothing() {
        let owners = sample();
        assert!(owners.select(&[target("carton")]).is_err());
    }
}
