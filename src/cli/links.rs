//! `twopizza links`: every link as it was found, file by file, before links are merged into couplings.

use std::collections::BTreeSet;
use std::io::{self, Write};

use twopizza::Options;
use twopizza::analysis::Analysis;
use twopizza::model::{ComponentId, FileId, LinkEnd, Span};

use super::Outcome;
use super::args::{Global, LinksArgs, LinksFormat};
use super::inputs::Inputs;
use super::output::{self, Kind, plain};

pub(super) fn run(global: &Global, args: &LinksArgs) -> Outcome {
    let mut inputs = Inputs::open(global, &args.paths)?;
    inputs.options = Options {
        keep_links: true,
        cargo_metadata: false,
        ..inputs.options
    };
    let analysis = inputs.analyze()?;
    let rows = rows(&analysis, args.unresolved);
    let file = args.output.as_deref();
    match args.format {
        LinksFormat::Text => output::write(file, Kind::Text, |out| {
            rows.iter().try_for_each(|row| text(out, row))
        }),
        LinksFormat::Tsv => output::write(file, Kind::Data, |out| {
            writeln!(out, "from\tto\tkind\tcontext\tname\tline")?;
            rows.iter().try_for_each(|row| tsv(out, row))
        }),
    }
}

/// One link from one file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    from: String,
    /// A file; a folder, with `/`, when its files offer the name together; a package from outside; `-`: not known.
    to: String,
    kind: &'static str,
    context: &'static str,
    name: String,
    line: u32,
    /// Why the far end is not known.
    why: Option<String>,
}

fn rows(analysis: &Analysis, unresolved_only: bool) -> BTreeSet<Row> {
    let graph = &analysis.graph;
    let files = graph.files();
    let line = |span: Span| analysis.texts.position(span).line;
    let unresolved = graph.unresolved().iter().map(|site| Row {
        from: files.display(site.span.file),
        to: "-".to_owned(),
        kind: site.kind.as_str(),
        context: files.row(site.span.file).class.context.as_str(),
        name: site.name.clone(),
        line: line(site.span),
        why: Some(site.why.to_string()),
    });
    let mut rows: BTreeSet<Row> = unresolved.collect();
    if unresolved_only {
        return rows;
    }
    for link in graph.links() {
        for to in ends(analysis, &link.to) {
            rows.insert(Row {
                from: files.display(link.at.file),
                to,
                kind: link.kind.as_str(),
                context: link.context.as_str(),
                name: link.name.clone(),
                line: line(link.at),
                why: None,
            });
        }
    }
    rows
}

fn ends(analysis: &Analysis, end: &LinkEnd) -> Vec<String> {
    match end {
        LinkEnd::Outside(package) => vec![package.clone()],
        LinkEnd::Component(id) => vec![component(analysis, *id)],
        LinkEnd::Files(offering) => together(analysis, offering),
    }
}

fn component(analysis: &Analysis, id: ComponentId) -> String {
    let graph = &analysis.graph;
    let component = graph.component(id);
    match &component.root {
        Some(root) => match graph.files().display_path(root) {
            root if root.is_empty() => "./".to_owned(),
            root => format!("{root}/"),
        },
        None => component.id.clone(),
    }
}

/// Files that offer a name together are told as their folders.
fn together(analysis: &Analysis, offering: &[FileId]) -> Vec<String> {
    let files = analysis.graph.files();
    let [file] = offering else {
        let folders: BTreeSet<String> = offering
            .iter()
            .map(|file| match files.display(*file).rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/"),
                None => "./".to_owned(),
            })
            .collect();
        return folders.into_iter().collect();
    };
    vec![files.display(*file)]
}

fn text(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    let Row {
        from,
        to,
        kind,
        context,
        name,
        line,
        why,
    } = row;
    let (from, to, name) = (plain(from), plain(to), plain(name));
    match why {
        Some(why) => writeln!(out, "{from}:{line}  {name}  {kind}: {}", plain(why)),
        None if *context == "production" => writeln!(out, "{from}:{line} → {to}  {kind}"),
        None => writeln!(out, "{from}:{line} → {to}  {kind} ({context})"),
    }
}

fn tsv(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    let Row {
        from,
        to,
        kind,
        context,
        name,
        line,
        ..
    } = row;
    let (from, to, name) = (plain(from), plain(to), plain(name));
    writeln!(out, "{from}\t{to}\t{kind}\t{context}\t{name}\t{line}")
}
