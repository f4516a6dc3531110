//! How long extraction and analysis take over the demo, with all files in memory: the disk is not measured.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use twopizza::config::Config;
use twopizza::model::NoProgress;
use twopizza::source::{Source, TextSource};
use twopizza::{Options, analyze};

const CONFIG: &str = "twopizza.toml";

criterion_group!(benches, demo);
criterion_main!(benches);

fn demo(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/acme-shop/repo");
    let source = in_memory(&root);
    let sources: [&dyn Source; 1] = [&source];
    let text = fs::read_to_string(root.join(CONFIG)).expect("the demo has a configuration");
    let config = Config::parse(&text, CONFIG).expect("the demo's configuration is right");
    criterion.bench_function("analyze acme-shop", |bencher| {
        bencher.iter(|| {
            black_box(analyze(
                black_box(&sources),
                &config,
                Some((CONFIG, &text)),
                &Options::default(),
                &NoProgress,
            ))
        });
    });
}

fn in_memory(root: &Path) -> TextSource {
    let mut source = TextSource::new("acme-shop", "");
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path
                .strip_prefix(root)
                .expect("the walk starts at the root");
            let name: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
            let bytes = fs::read(&path).expect("a file of the demo can be read");
            source = source.with(name.join("/"), bytes);
        }
    }
    source
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .expect("a folder of the demo can be listed")
        .map(|entry| entry.expect("a folder of the demo can be listed").path())
        .collect()
}
