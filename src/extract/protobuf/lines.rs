//! Byte offsets of the lines and columns that a descriptor's source information gives.

use std::ops::Range;

use prost_types::SourceCodeInfo;

/// Where the lines of a text start.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The bytes of the element at a path of field numbers and indices; empty when nothing tells.
    pub(super) fn bytes(&self, info: Option<&SourceCodeInfo>, path: &[i32]) -> Range<usize> {
        let locations = info.map_or(&[][..], |info| &info.location);
        let found = locations.iter().find(|location| location.path == path);
        // Start line, start column, end line unless it is the same, end column; all from zero.
        match found.map(|location| location.span.as_slice()) {
            Some([line, start, end]) => self.offset(*line, *start)..self.offset(*line, *end),
            Some([line, start, last, end]) => self.offset(*line, *start)..self.offset(*last, *end),
            _ => 0..0,
        }
    }

    fn offset(&self, line: i32, column: i32) -> usize {
        let start = usize::try_from(line)
            .ok()
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or(self.text.len());
        let column = usize::try_from(column).unwrap_or(0);
        let mut at = (start + column).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}
