//! Parses a text with oxc, on a stack that is deep enough for it.

use std::cell::RefCell;
use std::ops::Range;
use std::thread;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use super::nesting::nesting;

/// The most levels that are parsed on the stack of the caller.
const HERE: usize = 1000;

/// The most levels that are parsed at all, and the stack for them: address space, used only where needed.
const DEEPEST: usize = 150_000;
const STACK: usize = 1 << 30;

/// The most places that are open at once and may mean two things.
const DOUBTFUL: usize = 256;

thread_local! {
    /// The memory of the trees: kept from one file to the next.
    static MEMORY: RefCell<Allocator> = RefCell::default();
}

/// A text that is not in the language, and where.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) bytes: Range<usize>,
    pub(super) message: String,
}

/// Parses a text as the first of the types that fits, and hands what came out to `read`.
pub(super) fn parse<T: Send>(
    text: &str,
    types: &[SourceType],
    read: impl Fn(&ParserReturn<'_>) -> T + Sync,
) -> Result<T, Broken> {
    let nesting = nesting(text.as_bytes());
    if nesting.levels <= HERE && nesting.doubtful <= DOUBTFUL {
        return MEMORY.with_borrow_mut(|memory| {
            let parsed = parse_here(memory, text, types, &read);
            memory.reset();
            parsed
        });
    }
    let too_deep = || Broken {
        bytes: 0..0,
        message: "not read: nested too deep".to_owned(),
    };
    if nesting.levels > DEEPEST || nesting.doubtful > DOUBTFUL {
        return Err(too_deep());
    }
    thread::scope(|scope| {
        let work = || parse_here(&Allocator::default(), text, types, &read);
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(parsed)) => parsed,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(too_deep()),
        }
    })
}

fn parse_here<T>(
    memory: &Allocator,
    text: &str,
    types: &[SourceType],
    read: &impl Fn(&ParserReturn<'_>) -> T,
) -> Result<T, Broken> {
    let mut broken = None;
    for kind in types {
        let options = ParseOptions {
            allow_return_outside_function: true,
            ..ParseOptions::default()
        };
        let parsed = Parser::new(memory, text, *kind)
            .with_options(options)
            .parse();
        if !parsed.panicked {
            return Ok(read(&parsed));
        }
        if broken.is_none() {
            let first = parsed.diagnostics.iter().next();
            let label = first.and_then(|error| {
                error
                    .labels
                    .first()
                    .map(|label| (label.offset() as usize, label.len() as usize))
            });
            let (start, len) = label.unwrap_or((0, 0));
            broken = Some(Broken {
                bytes: start..start + len,
                message: first.map_or_else(String::new, |error| error.message.to_string()),
            });
        }
    }
    Err(broken.unwrap_or(Broken {
        bytes: 0..0,
        message: "not understood".to_owned(),
    }))
}
