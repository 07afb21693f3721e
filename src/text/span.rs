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
    /// What stands before each block of [`BLOCK`] bytes; empty when every character is one byte.
    blocks: Vec<Count>,
}

/// Characters, and those of them that UTF-16 writes in two units.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    characters: usize,
    pairs: usize,
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
        let mut blocks = Vec::new();
        if !text.is_ascii() {
            let mut before = Count::default();
            for block in text.as_bytes().chunks(BLOCK) {
                blocks.push(before);
                before = before.with(block);
            }
        }
        Self { starts, blocks }
    }

    /// Line and column of byte `offset` in `text`, which must be the text the index was built from.
    /// An offset past the end counts as the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> LineColumn {
        let (line, before, here) = self.counts(text, offset);
        let column = here.characters - before.characters + 1;
        LineColumn { line, column }
    }

    /// The same with the column in units of UTF-16, as some formats count.
    #[must_use]
    pub fn position_utf16(&self, text: &str, offset: usize) -> LineColumn {
        let (line, before, here) = self.counts(text, offset);
        let column = here.characters + here.pairs - before.characters - before.pairs + 1;
        LineColumn { line, column }
    }

    /// The line of byte `offset`, and what stands before that line and before the byte.
    fn counts(&self, text: &str, offset: usize) -> (usize, Count, Count) {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        (line, self.before(text, start), self.before(text, offset))
    }

    /// The line of byte `offset` in `text`, without its line feed.
    #[must_use]
    pub fn line(&self, text: &str, offset: usize) -> Span {
        let number = self.starts.partition_point(|&start| start <= offset);
        let end = self.starts.get(number).map_or(text.len(), |next| next - 1);
        Span::new(self.starts[number - 1], end)
    }

    /// What begins before byte `offset`.
    fn before(&self, text: &str, offset: usize) -> Count {
        // The end of the text may be the start of a block that is not there.
        let block = (offset / BLOCK).min(self.blocks.len().saturating_sub(1));
        let every_byte = Count {
            characters: offset,
            pairs: 0,
        };
        self.blocks.get(block).map_or(every_byte, |before| {
            before.with(&text.as_bytes()[block * BLOCK..offset])
        })
    }
}

impl Count {
    /// With what begins in `bytes`.
    fn with(self, bytes: &[u8]) -> Self {
        let count = |is_it: fn(u8) -> bool| bytes.iter().filter(|&&byte| is_it(byte)).count();
        Self {
            characters: self.characters + count(|byte| byte & 0xC0 != 0x80),
            pairs: self.pairs + count(|byte| byte >= 0xF0),
        }
    }
}
