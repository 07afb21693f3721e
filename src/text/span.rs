use std::ops::Range;

/// A half-open range of bytes in a source text. What lies beyond the first 4 GiB counts as their end; texts are refused long before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self {
            start: narrow(start),
            end: narrow(end),
        }
    }

    /// First byte.
    #[must_use]
    pub const fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    #[must_use]
    pub const fn end(self) -> usize {
        self.end as usize
    }

    /// As a range, for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end() - self.start()
    }

    /// True when the span covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Half the memory of a `usize`: every element, attribute and value of a file has two or three of them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit is cut to the greatest offset before"
)]
const fn narrow(offset: usize) -> u32 {
    if offset > u32::MAX as usize {
        u32::MAX
    } else {
        offset as u32
    }
}

/// A position as people count it: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Finds lines and columns in one text; built once, asked many times, and no slower on a long line than on a short one.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Characters before each block of [`BLOCK`] bytes; empty when every character is one byte.
    characters: Vec<usize>,
}

/// At most so many bytes are counted through for one position.
const BLOCK: usize = 256;

impl LineIndex {
    /// Reads the line starts of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                characters.push(before);
                before += count(block);
            }
        }
        Self { starts, characters }
    }

    /// Line and column of byte `offset` in `text`, which must be the text the index was built from.
    /// An offset past the end counts as the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> LineColumn {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let column = self.characters(text, offset) - self.characters(text, start) + 1;
        LineColumn { line, column }
    }

    /// The line of byte `offset` in `text`, without its line feed.
    #[must_use]
    pub fn line(&self, text: &str, offset: usize) -> Span {
        let number = self.starts.partition_point(|&start| start <= offset);
        let end = self.starts.get(number).map_or(text.len(), |next| next - 1);
        Span::new(self.starts[number - 1], end)
    }

    /// Number of characters that begin before byte `offset`.
    fn characters(&self, text: &str, offset: usize) -> usize {
        // The end of the text may be the start of a block that is not there.
        let block = (offset / BLOCK).min(self.characters.len().saturating_sub(1));
        self.characters.get(block).map_or(offset, |before| {
            before + count(&text.as_bytes()[block * BLOCK..offset])
        })
    }
}

/// Number of characters that begin in `bytes`.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}
