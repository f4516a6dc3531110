//! Same input, same bytes: whatever the order of files, the number of threads, the run.

use std::io;
use std::path::Path;

use twopizza::source::{Bounds, Listing, Source, Worktree};

use crate::program::run;
use crate::run::{analyze_sources, reports};
use crate::support::{SHOP, folder, root};

/// Lists the files of a folder in another order.
struct Shuffled {
    tree: Worktree,
    seed: u64,
}

impl Source for Shuffled {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn folder(&self) -> Option<&Path> {
        self.tree.folder()
    }

    fn list(&self, bounds: &Bounds) -> Listing {
        let mut listing = self.tree.list(bounds);
        shuffle(&mut listing.entries, self.seed);
        shuffle(&mut listing.problems, self.seed);
        listing
    }

    fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>> {
        self.tree.read(path, bounds)
    }
}

#[test]
fn the_order_of_files_changes_no_byte_of_any_format() {
    let demo = root().join("fixtures/repos/acme-shop/repo");
    let other = folder(SHOP);
    let all = |seed| {
        let open = |path: &Path| Shuffled {
            tree: Worktree::open(path).unwrap(),
            seed,
        };
        let (first, second) = (open(&demo), open(other.path()));
        reports(&analyze_sources(&[&first, &second], &demo))
    };
    let expected = all(0);
    assert!(expected.iter().all(|(_, bytes)| !bytes.is_empty()));
    for seed in 1..5 {
        for ((name, actual), (_, expected)) in all(seed).iter().zip(&expected) {
            assert!(actual == expected, "{name} differs with seed {seed}");
        }
    }
}

#[test]
fn runs_and_threads_change_no_byte() {
    let demo = root().join("fixtures/repos/acme-shop/repo");
    for args in [
        &["--full", "--no-cargo", "."][..],
        &["--format", "json", "--no-cargo", "."],
        &["facts", "."],
        &["teams", "--no-cargo", "."],
    ] {
        let one = run(&demo, &[&["-j", "1"], args].concat());
        assert_eq!(one.code, Some(0), "{one:?}");
        for _ in 0..2 {
            assert_eq!(run(&demo, args), one, "{args:?}");
        }
    }
}

/// Another order for every seed; the same for 0.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for index in (1..items.len()).rev() {
        // Knuth's MMIX generator: the order needs to be odd, not random.
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        if seed > 0 {
            let other = (state >> 33) as usize % (index + 1);
            items.swap(index, other);
        }
    }
}
