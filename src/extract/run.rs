//! Reads every file once and hands it to the extractors that its path and its bytes select.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::thread;

use globset::GlobSet;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::Extractor;
use super::select::{Selection, is_generated, not_text};
use crate::model::{
    Fact, Facts, FileFacts, FileId, FileInfo, FileRow, FileTable, GivenRoster, Mode, Parsed, Place,
    Problem, Progress, RepoId, RepoPath, SourceFile, without_bom,
};
use crate::source::{Bounds, Listing, Source, classify_all, link_loops};

/// The fewest threads that read: cold disks answer many readers faster than few, however few the cores are.
const READERS: usize = 8;

/// Grammars recurse over what they read; this is address space, used only where needed.
const STACK: usize = 32 << 20;

/// The facts of all files, in the order of the file table.
#[derive(Debug, Default)]
pub struct Extraction {
    pub files: FileTable,
    pub facts: Vec<Fact>,
    /// Sorted.
    pub problems: Vec<Problem>,
    /// By the extractor's id: the files that it read, and the facts that it found; every extractor is there.
    pub by_extractor: BTreeMap<&'static str, (usize, usize)>,
    /// The globs of `exclude`, by their place in the set, that match a path.
    pub excluded_by: BTreeSet<usize>,
}

/// Reads what the extractors want of all sources; the result depends neither on threads nor on the order of listings.
///
/// `exclude` is matched against paths relative to the root of their source. Links and submodules are in the table;
/// of a link only the path of its target is read, and by those who ask for links. A panic in an extractor is a bug and ends the run: going on without the file would hide it.
pub fn run(
    sources: &[&dyn Source],
    bounds: &Bounds,
    exclude: &GlobSet,
    extractors: &[&dyn Extractor],
    progress: &dyn Progress,
) -> Extraction {
    let bounds = &Bounds {
        // The offsets of spans have 32 bits.
        file_size: bounds.file_size.min(u32::MAX.into()),
        ..*bounds
    };
    let work = || {
        let mut problems = Vec::new();
        let mut excluded_by = BTreeSet::new();
        let mut out = |path: &str| {
            let globs = exclude.matches(path);
            excluded_by.extend(globs.iter().copied());
            !globs.is_empty()
        };
        let files = list(sources, bounds, &mut out, progress, &mut problems);
        let selection = Selection::new(extractors, &mut problems);
        Extraction {
            excluded_by,
            ..extract(sources, bounds, files, &selection, progress, problems)
        }
    };
    match pool(bounds.threads) {
        Some(pool) => pool.install(work),
        // The system gives no more threads; rayon's own still serve.
        None => work(),
    }
}

fn pool(threads: Option<usize>) -> Option<ThreadPool> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(cores.max(READERS)))
        .stack_size(STACK)
        .build()
        .ok()
}

/// Lists and classifies the files of all sources, but those that `out` tells to leave out.
fn list(
    sources: &[&dyn Source],
    bounds: &Bounds,
    out: &mut impl FnMut(&str) -> bool,
    progress: &dyn Progress,
    problems: &mut Vec<Problem>,
) -> FileTable {
    progress.start("listing files", sources.len() as u64);
    let names = unique_names(sources);
    let mut rows = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let Ok(id) = u16::try_from(index) else {
            problems.push(Problem {
                place: Place::Run,
                message: format!(
                    "more than {} repositories: the others are left out",
                    u16::MAX
                ),
            });
            break;
        };
        let repo = RepoId(id);
        let Listing {
            mut entries,
            problems: mut left_out,
        } = source.list(bounds);
        entries.retain(|entry| !out(&entry.path));
        entries.sort();
        let (classes, misunderstood) = classify_all(*source, &entries, bounds);
        left_out.retain(|(path, _)| path.is_empty() || !out(path));
        left_out.extend(misunderstood);
        left_out.extend(link_loops(*source, &entries, bounds));
        problems.extend(left_out.into_iter().map(|(path, message)| {
            match (path.is_empty(), sources.len()) {
                (false, _) => Problem {
                    place: Place::Path(repo, path),
                    message,
                },
                (true, 1) => Problem {
                    place: Place::Run,
                    message,
                },
                (true, _) => Problem {
                    place: Place::Run,
                    message: format!("{}: {message}", names[index]),
                },
            }
        }));
        rows.extend(
            entries
                .into_iter()
                .zip(classes)
                .map(|(entry, class)| FileRow {
                    path: RepoPath::new(repo, entry.path),
                    mode: entry.mode,
                    class,
                    ..FileRow::default()
                }),
        );
        progress.step(1);
    }
    progress.finish();
    FileTable::new(names, rows)
}

/// The sources' names; one that was taken before gets the next free number.
fn unique_names(sources: &[&dyn Source]) -> Vec<String> {
    let given: BTreeSet<&str> = sources.iter().map(|source| source.name()).collect();
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(sources.len());
    for source in sources {
        let mut name = source.name().to_owned();
        let mut number = 2;
        while taken.contains(&name) || (number > 2 && given.contains(&*name)) {
            name = format!("{}-{number}", source.name());
            number += 1;
        }
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Reads the selected files in parallel and joins what they say in the order of the table.
fn extract(
    sources: &[&dyn Source],
    bounds: &Bounds,
    mut files: FileTable,
    selection: &Selection<'_>,
    progress: &dyn Progress,
    mut problems: Vec<Problem>,
) -> Extraction {
    let wanted: Vec<(FileId, Vec<usize>)> = files
        .iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter(|(_, row)| row.mode != Mode::Submodule)
        .map(|(file, row)| (file, selection.of(row, roster(sources, row))))
        .filter(|(_, extractors)| !extractors.is_empty())
        .collect();
    progress.start("reading files", wanted.len() as u64);
    let read: Vec<Read> = wanted
        .into_par_iter()
        .map(|(file, extractors)| {
            let row = files.row(file);
            let content = sources[usize::from(row.path.repo.0)].read(&row.path.path, bounds);
            let read = match content {
                Ok(bytes) => {
                    let roster = roster(sources, row);
                    hand_out(selection, &extractors, (file, row), roster, &bytes)
                }
                Err(error) => Read::failed(file, unreadable(&error, bounds)),
            };
            progress.step(1);
            read
        })
        .collect();
    progress.finish();

    let mut by_extractor: BTreeMap<&'static str, (usize, usize)> = selection
        .extractors
        .iter()
        .map(|extractor| (extractor.info().id.0, (0, 0)))
        .collect();
    let mut facts = Vec::with_capacity(read.iter().map(|read| read.found.facts.len()).sum());
    for read in read {
        for (id, count) in read.counts {
            let total = by_extractor.entry(id).or_default();
            total.0 += 1;
            total.1 += count;
        }
        files.set_info(read.file, read.found.info);
        facts.extend(read.found.facts);
        problems.extend(read.found.problems);
    }
    problems.sort();
    problems.dedup();
    Extraction {
        files,
        facts,
        problems,
        by_extractor,
        ..Extraction::default()
    }
}

/// What the run is told of a file.
fn roster<'a>(sources: &[&'a dyn Source], row: &FileRow) -> Option<&'a GivenRoster> {
    sources[usize::from(row.path.repo.0)].roster(&row.path.path)
}

/// Hands the bytes of a file to the extractors that they select.
fn hand_out(
    selection: &Selection<'_>,
    extractors: &[usize],
    (file, row): (FileId, &FileRow),
    roster: Option<&GivenRoster>,
    content: &[u8],
) -> Read {
    let bytes = without_bom(content);
    if let Some(message) = not_text(bytes, row.class.language.is_code()) {
        return Read::failed(file, message);
    }
    let mut read = Read::new(file);
    let out = &mut read.found;
    // The path that a link holds is no text of the repository.
    if row.mode != Mode::Symlink {
        out.info = FileInfo {
            generated: is_generated(bytes),
            lines: lines(bytes),
            // Looked through is read, even if nobody found a marker.
            parsed: Parsed::Whole,
        };
    }
    let source = SourceFile {
        path: &row.path,
        bytes,
        mode: row.mode,
        bom: bytes.len() < content.len(),
        roster,
    };
    let extractors = match roster {
        Some(_) => extractors.to_vec(),
        None => selection.by_bytes(bytes, extractors),
    };
    for index in extractors {
        let extractor = selection.extractors[index];
        let id = extractor.info().id;
        let before = out.facts.len();
        extractor.extract(&source, &mut Facts::new(out, file, id, row.class.context));
        read.counts.push((id.0, out.facts.len() - before));
    }
    read
}

fn unreadable(error: &io::Error, bounds: &Bounds) -> String {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            format!("larger than {} bytes: not read", bounds.file_size)
        }
        kind => format!("cannot read: {kind}"),
    }
}

/// What one file gave.
struct Read {
    file: FileId,
    found: FileFacts,
    /// The extractors that read it, with their numbers of facts.
    counts: Vec<(&'static str, usize)>,
}

impl Read {
    fn failed(file: FileId, message: impl Into<String>) -> Self {
        let mut read = Self::new(file);
        read.found.info.parsed = Parsed::Failed;
        read.found.problems.push(Problem {
            place: Place::File(file),
            message: message.into(),
        });
        read
    }

    fn new(file: FileId) -> Self {
        Self {
            file,
            found: FileFacts::default(),
            counts: Vec::new(),
        }
    }
}

fn lines(bytes: &[u8]) -> u32 {
    let ends = memchr::memchr_iter(b'\n', bytes).count();
    let open = usize::from(bytes.last().is_some_and(|last| *last != b'\n'));
    u32::try_from(ends + open).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use globset::{Glob, GlobSetBuilder};

    use super::*;
    use crate::extract::ExtractorInfo;
    use crate::model::{
        Claim, ComponentKind, Context, ExtractorId, Language, NoProgress, Span, Subject,
    };
    use crate::source::{Entry, TextSource};

    /// States one fact for each line that has its marker.
    struct Lines(&'static ExtractorInfo);

    impl Extractor for Lines {
        fn info(&self) -> &'static ExtractorInfo {
            self.0
        }

        fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
            let mut at = 0;
            for line in file.bytes.split_inclusive(|byte| *byte == b'\n') {
                if self
                    .0
                    .markers
                    .iter()
                    .all(|marker| memchr::memmem::find(line, marker.as_bytes()).is_some())
                {
                    let claim = Claim::Component {
                        kind: ComponentKind::Library,
                        name: None,
                    };
                    facts.push(Subject::Here, claim, at..at + line.len());
                }
                at += line.len();
            }
        }
    }

    const RUST: Lines = Lines(&ExtractorInfo {
        id: ExtractorId("test/rust"),
        summary: "lines of Rust files",
        globs: &["**/*.rs", "**/lib.*"],
        markers: &[],
        languages: &[Language::Rust],
        ownership: false,
    });

    const USES: Lines = Lines(&ExtractorInfo {
        id: ExtractorId("test/uses"),
        summary: "lines with `use`",
        globs: &["**/*.rs"],
        markers: &["use "],
        languages: &[Language::Rust],
        ownership: false,
    });

    const SQL: Lines = Lines(&ExtractorInfo {
        id: ExtractorId("test/sql"),
        summary: "lines of SQL files",
        globs: &["db/*.sql"],
        markers: &[],
        languages: &[Language::Sql],
        ownership: false,
    });

    const ALL: &[&dyn Extractor] = &[&RUST, &USES, &SQL];

    fn extraction(sources: &[&dyn Source]) -> Extraction {
        run(
            sources,
            &Bounds::default(),
            &GlobSet::empty(),
            ALL,
            &NoProgress,
        )
    }

    fn facts(extraction: &Extraction) -> Vec<String> {
        extraction
            .facts
            .iter()
            .map(|fact| {
                let Span { file, start, end } = fact.span;
                let path = extraction.files.display(file);
                format!("{path} {start}..{end} {}", fact.extractor.0)
            })
            .collect()
    }

    fn problems(extraction: &Extraction) -> Vec<String> {
        let problem = |problem: &Problem| match &problem.place {
            Place::Run => problem.message.clone(),
            Place::Path(_, path) => format!("{path}: {}", problem.message),
            Place::File(file) => {
                format!("{}: {}", extraction.files.display(*file), problem.message)
            }
            Place::Span(span) => format!("{span:?}: {}", problem.message),
        };
        extraction.problems.iter().map(problem).collect()
    }

    #[test]
    fn facts_come_in_the_order_of_files_then_of_extractors() {
        let source = TextSource::new(
            "acme",
            "//- src/b.rs\nuse a;\nmod c;\n//- src/a.rs\nmod c;\n//- db/x.sql\nSELECT\n//- db/deep/x.sql\nSELECT\n//- README.md\nuse it\n",
        );
        let extraction = extraction(&[&source]);
        assert_eq!(
            facts(&extraction),
            [
                "db/x.sql 0..7 test/sql",
                "src/a.rs 0..7 test/rust",
                "src/b.rs 0..7 test/rust",
                "src/b.rs 7..14 test/rust",
                "src/b.rs 0..7 test/uses",
            ]
        );
        let counts: Vec<_> = extraction.by_extractor.into_iter().collect();
        assert_eq!(
            counts,
            [
                ("test/rust", (2, 3)),
                ("test/sql", (1, 1)),
                ("test/uses", (1, 1))
            ]
        );
        let parsed: Vec<Parsed> = extraction
            .files
            .iter()
            .map(|(_, row)| row.info.parsed)
            .collect();
        use Parsed::{NotRead, Whole};
        assert_eq!(parsed, [NotRead, NotRead, Whole, Whole, Whole]);
    }

    /// The same repository, listed backwards.
    struct Backwards(TextSource);

    impl Source for Backwards {
        fn name(&self) -> &str {
            self.0.name()
        }

        fn list(&self, bounds: &Bounds) -> Listing {
            let mut listing = self.0.list(bounds);
            listing.entries.reverse();
            listing.problems.reverse();
            listing
        }

        fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>> {
            self.0.read(path, bounds)
        }
    }

    #[test]
    fn the_order_of_listing_and_the_threads_do_not_show() {
        let mut source = TextSource::new("acme", "");
        for number in 0..200 {
            let text = "use a;\n".repeat(number % 7);
            source = source.with(format!("{}/lib.rs", number * 7919 % 211), text);
            source = source.with(format!("bin/{number}.rs"), [0u8, 0]);
        }
        let one = extraction(&[&source]);
        let other = extraction(&[&Backwards(source)]);
        assert_eq!(one.facts.len(), 1188);
        assert_eq!(format!("{:?}", one.facts), format!("{:?}", other.facts));
        assert_eq!(one.problems, other.problems);
        assert_eq!(one.by_extractor, other.by_extractor);
        let rows =
            |extraction: &Extraction| format!("{:?}", extraction.files.iter().collect::<Vec<_>>());
        assert_eq!(rows(&one), rows(&other));
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_of_the_file() {
        let source = TextSource::new("acme", "//- ok.rs\nmod a;\n//- big.md\n0123456789\n")
            .with("bin.rs", b"\x7fELF\0\0".as_slice())
            .with("key.rs", b"f(\"a\0\");".as_slice())
            .with("big.rs", "0123456789")
            .with("wide.rs", b"\xFF\xFEa".as_slice())
            .with("logo.png", b"\0".as_slice());
        let bounds = Bounds {
            file_size: 9,
            ..Bounds::default()
        };
        let extraction = run(&[&source], &bounds, &GlobSet::empty(), ALL, &NoProgress);
        assert_eq!(
            problems(&extraction),
            [
                "big.rs: larger than 9 bytes: not read",
                "bin.rs: not text: not read",
                "wide.rs: UTF-16 text: not read, save it as UTF-8",
            ]
        );
        let failed = extraction
            .files
            .iter()
            .filter(|(_, row)| row.info.parsed == Parsed::Failed);
        assert_eq!(failed.count(), 3);
    }

    #[test]
    fn spans_start_after_the_byte_order_mark_and_lines_count_the_open_one() {
        let source = TextSource::new("acme", "")
            .with("lib.rs", "\u{feff}// @generated\nmod a;")
            .with("tests/lib.rs", "");
        let extraction = extraction(&[&source]);
        assert_eq!(
            facts(&extraction),
            ["lib.rs 0..14 test/rust", "lib.rs 14..20 test/rust"]
        );
        let infos: Vec<FileInfo> = extraction.files.iter().map(|(_, row)| row.info).collect();
        assert_eq!((infos[0].lines, infos[0].generated), (2, true));
        assert_eq!((infos[1].lines, infos[1].generated), (0, false));
    }

    #[test]
    fn facts_have_the_context_of_their_path() {
        let source = TextSource::new(
            "acme",
            "//- .gitattributes\nsrc/b.rs linguist-generated\n//- tests/a.rs\nmod a;\n//- src/b.rs\nmod b;\n",
        );
        let contexts: Vec<Context> = extraction(&[&source])
            .facts
            .iter()
            .map(|fact| fact.context)
            .collect();
        assert_eq!(contexts, [Context::Generated, Context::Test]);
    }

    #[test]
    fn excluded_paths_are_not_in_the_table() {
        let source = TextSource::new("acme", "//- a.rs\nmod a;\n//- old/b.rs\nmod b;\n");
        let exclude = GlobSetBuilder::new()
            .add(Glob::new("old/**").unwrap())
            .build()
            .unwrap();
        let extraction = run(&[&source], &Bounds::default(), &exclude, ALL, &NoProgress);
        assert_eq!(extraction.files.len(), 1);
        assert_eq!(facts(&extraction), ["a.rs 0..7 test/rust"]);
    }

    #[test]
    fn repositories_of_one_name_are_told_apart() {
        let names = ["cart", "cart-2", "cart", "cart", "pay"];
        let sources: Vec<TextSource> = names
            .iter()
            .map(|name| TextSource::new(*name, "//- a.rs\nmod a;\n"))
            .collect();
        let sources: Vec<&dyn Source> =
            sources.iter().map(|source| source as &dyn Source).collect();
        let extraction = extraction(&sources);
        assert_eq!(
            extraction.files.repos(),
            ["cart", "cart-2", "cart-3", "cart-4", "pay"]
        );
        assert_eq!(facts(&extraction)[2], "cart-3/a.rs 0..7 test/rust");
    }

    /// Lists a link and a file that it cannot read, and complains.
    struct Odd;

    impl Source for Odd {
        fn name(&self) -> &str {
            "odd"
        }

        fn list(&self, _: &Bounds) -> Listing {
            let entry = |path: &str, mode| Entry {
                path: path.to_owned(),
                mode,
            };
            Listing {
                entries: vec![
                    entry("link.rs", Mode::Symlink),
                    entry("sub.rs", Mode::Submodule),
                    entry("locked.rs", Mode::File),
                ],
                problems: vec![
                    (String::new(), "no git".to_owned()),
                    ("pipe".to_owned(), "left out".to_owned()),
                ],
            }
        }

        fn read(&self, path: &str, _: &Bounds) -> io::Result<Vec<u8>> {
            match path {
                // Where a link leads; no extractor sees it.
                "link.rs" => Ok(b"use a::B;".to_vec()),
                "locked.rs" => Err(io::ErrorKind::PermissionDenied.into()),
                other => panic!("a submodule is not read: {other}"),
            }
        }
    }

    #[test]
    fn links_are_listed_only_and_problems_of_the_source_are_kept() {
        let extraction = extraction(&[&Odd, &TextSource::new("acme", "")]);
        assert_eq!(extraction.files.len(), 3);
        assert!(extraction.facts.is_empty());
        assert_eq!(
            problems(&extraction),
            [
                "odd: no git",
                "pipe: left out",
                "odd/locked.rs: cannot read: permission denied"
            ]
        );
    }

    #[derive(Default)]
    struct Count {
        total: AtomicU64,
        done: AtomicU64,
    }

    impl Progress for Count {
        fn start(&self, _: &str, total: u64) {
            self.total.fetch_add(total, Ordering::Relaxed);
        }

        fn step(&self, by: u64) {
            self.done.fetch_add(by, Ordering::Relaxed);
        }

        fn finish(&self) {}
    }

    #[test]
    fn progress_adds_up() {
        let source = TextSource::new("acme", "//- a.rs\n//- b.rs\n//- c.md\n").with("d.rs", [0u8]);
        let count = Count::default();
        run(
            &[&source],
            &Bounds::default(),
            &GlobSet::empty(),
            ALL,
            &count,
        );
        assert_eq!((count.total.into_inner(), count.done.into_inner()), (4, 4));
    }
}
