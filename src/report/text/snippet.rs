//! The source lines of a span, with the span marked.

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};

use super::super::names::{fit, safe, width};
use super::super::{plain, style};
use crate::analysis::Analysis;
use crate::model::{Level, Span, Touched, is_unsafe};

/// The columns of a source line.
const COLUMNS: usize = 92;

/// Of a span of more lines, the first line alone is marked.
const MOST_LINES: usize = 20;

/// Lines for a terminal, and how wide their line numbers are.
pub(super) struct Lines {
    pub(super) text: Vec<String>,
    pub(super) gutter: usize,
}

/// The lines of a span with its mark and what the mark says; empty when the text was not kept.
pub(super) fn lines(analysis: &Analysis, span: Span, label: Option<&str>, level: Level) -> Lines {
    let Some(touched) = analysis.texts.touched(span) else {
        return Lines {
            text: Vec::new(),
            gutter: 1,
        };
    };
    let source = Source::new(&touched);
    let last = (touched.line as usize).saturating_add(source.text.matches('\n').count());
    let gutter = last.to_string().len();
    if source.mark.is_empty() || analysis.texts.are_hidden() {
        return Lines {
            text: Vec::new(),
            gutter,
        };
    }
    let mark = AnnotationKind::Primary.span(source.mark);
    let snippet = Snippet::source(source.text)
        .line_start(touched.line as usize)
        .annotation(mark.label(label.map(str::to_owned)));
    let severity = match level {
        Level::Deny => Severity::ERROR,
        Level::Warn => Severity::WARNING,
        Level::Allow => Severity::NOTE,
    };
    let text = RENDERER.render(&[Group::with_level(severity).element(snippet)]);
    let empty = |line: &&str| plain(line).trim() == "|";
    let text = text.lines().skip_while(empty).map(str::to_owned);
    Lines {
        text: text.collect(),
        gutter,
    }
}

const RENDERER: Renderer = Renderer::styled()
    .hyperlink(false)
    .term_width(4 * COLUMNS)
    .error(style::ERROR)
    .warning(style::WARNING)
    .note(style::DIM)
    .line_num(style::MARGIN)
    .context(style::MARGIN);

/// Lines that are safe and short enough, and the bytes of the mark.
struct Source {
    text: String,
    mark: std::ops::Range<usize>,
}

impl Source {
    fn new(touched: &Touched<'_>) -> Self {
        let mut inside = touched.inside.split('\n');
        let first = inside.next().unwrap_or_default();
        let more: Vec<&str> = inside.collect();
        let before = touched.before.trim_start();
        let before = if more.is_empty() {
            before
        } else {
            &touched.before
        };
        let behind = width_up_to(first) + width_up_to(&touched.after).min(COLUMNS / 3);
        let head = tail(before, COLUMNS.saturating_sub(behind).max(COLUMNS / 4));
        let used = width(&head);
        let body = clip(first, COLUMNS.saturating_sub(used).max(COLUMNS / 2));
        let start = head.len();
        let mut text = head + &body;
        let mut end = text.len();
        if let Some((last, between)) = more.split_last().filter(|_| more.len() < MOST_LINES) {
            for line in between {
                text.push('\n');
                text += &clip(line, COLUMNS);
            }
            text.push('\n');
            text += &clip(last, COLUMNS);
            end = text.len();
        }
        if more.len() < MOST_LINES {
            let line = text.rsplit('\n').next().unwrap_or_default();
            let room = COLUMNS.saturating_sub(width(line));
            text += clip(&touched.after, room).trim_end();
        }
        Self {
            text,
            mark: start..end,
        }
    }
}

/// The start of a line, cut to some columns.
fn clip(line: &str, columns: usize) -> String {
    // Nothing takes less than a column for long; names with thousands of marks are cut anyway.
    let start: String = line.chars().take(columns.saturating_mul(4)).collect();
    let cells: String = start.chars().map(cell).collect();
    fit(&cells, columns.max(1))
}

/// The end of a line, cut to some columns.
fn tail(line: &str, columns: usize) -> String {
    let mut cells: Vec<String> = Vec::new();
    let mut used = 0;
    let mut letters = line.chars().rev();
    for c in letters.by_ref() {
        let cell = cell(c);
        used += width(&cell);
        if used + 1 > columns {
            cells.push("…".to_owned());
            break;
        }
        cells.push(cell);
    }
    cells.reverse();
    cells.concat()
}

/// The columns of a text, or the most that matter.
fn width_up_to(text: &str) -> usize {
    let start = text.chars().take(COLUMNS);
    width(&start.map(cell).collect::<String>())
}

/// One character for a terminal.
fn cell(c: char) -> String {
    match c {
        '\t' => "    ".to_owned(),
        c if is_unsafe(c) => safe(c.encode_utf8(&mut [0; 4])),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    /// The lines of a file in which `wanted` is marked.
    fn shown(text: &str, wanted: &str) -> String {
        let start = text.find(wanted).unwrap();
        let mut analysis = Analysis::default();
        analysis.texts.insert(FileId(0), text.into());
        let span = Span {
            file: FileId(0),
            start: start as u32,
            end: (start + wanted.len()) as u32,
        };
        let lines = lines(&analysis, span, Some("here"), Level::Deny);
        let lines = lines.text.iter().map(|line| plain(line) + "\n");
        lines.collect()
    }

    #[test]
    fn a_mark_stands_under_its_span_with_its_label() {
        expect_test::expect![[r#"
            2 | use cart::Item;
              |     ^^^^ here
        "#]]
        .assert_eq(&shown("a\n\t\tuse cart::Item;\n", "cart"));
    }

    #[test]
    fn tabs_wide_letters_and_controls_move_the_mark_as_a_terminal_does() {
        let text = "\tlet a\t= \"🍕🍕\u{1b}[2J\u{202e}\", cart;";
        expect_test::expect![[r#"
            1 | let a    = "🍕🍕\u{1b}[2J\u{202e}", cart;
              |                                     ^^^^ here
        "#]]
        .assert_eq(&shown(text, "cart"));
    }

    #[test]
    fn a_long_line_is_cut_around_its_span() {
        let text = format!("{} cart {}", "x".repeat(5000), "y".repeat(5000));
        expect_test::expect![[r#"
            1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx cart yyyyyyyyyyyyyyyyyyyyyyyyyyyy…
              |                                                           ^^^^ here
        "#]].assert_eq(&shown(&text, "cart"));
        let shown = shown(&text, &"x".repeat(5000));
        assert!(shown.lines().all(|line| width(line) < 120), "{shown}");
    }

    #[test]
    fn a_span_of_lines_is_marked_from_first_to_last() {
        let text = "[dependencies]\n  cart = {\n  path = \"..\",\n  }\nmore = 1\n";
        expect_test::expect![[r#"
            2 |     cart = {
              |  __________^
            3 | |   path = "..",
            4 | |   }
              | |___^ here
        "#]]
        .assert_eq(&shown(text, "{\n  path = \"..\",\n  }\n"));
        let many = format!("start {{\n{}}}", "x\n".repeat(100));
        assert_eq!(shown(&many, &many[6..]).lines().count(), 2);
    }

    #[test]
    fn a_span_without_text_shows_nothing() {
        let span = Span::default();
        assert!(
            lines(&Analysis::default(), span, None, Level::Deny)
                .text
                .is_empty()
        );
        let mut analysis = Analysis::default();
        analysis.texts.insert(FileId(0), b"\xff\xfe".into());
        assert!(lines(&analysis, span, None, Level::Deny).text.is_empty());
        let whole = Span { end: 2, ..span };
        assert_eq!(lines(&analysis, whole, None, Level::Deny).text.len(), 2);
    }
}
