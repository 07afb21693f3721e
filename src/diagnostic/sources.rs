use std::sync::OnceLock;

use crate::text::{Excerpt, LineColumn, LineIndex, Span};

/// Names one text of a [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// The text that was built in, not read: it has no file to point at.
    pub const BUILT_IN: Self = Self(u32::MAX);

    /// How many texts were added before.
    #[must_use]
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

/// One text as read, decoded to UTF-8 and without a byte-order mark; spans are bytes of this text.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the user gave it or as it was found.
    pub path: Excerpt,
    /// The whole text.
    pub text: Excerpt,
    /// Most texts are never pointed into.
    lines: OnceLock<Box<LineIndex>>,
}

impl Source {
    fn lines(&self) -> &LineIndex {
        self.lines
            .get_or_init(|| Box::new(LineIndex::new(&self.text)))
    }

    /// Line and column of a byte.
    #[must_use]
    pub fn position(&self, offset: usize) -> LineColumn {
        self.lines().position(&self.text, offset)
    }

    /// Line and column of a byte, the column in units of.
    #[must_use]
    pub fn position_utf16(&self, offset: usize) -> LineColumn {
        self.lines().position_utf16(&self.text, offset)
    }

    /// The line that a byte stands in, without its line feed.
    #[must_use]
    pub fn line(&self, offset: usize) -> Span {
        self.lines().line(&self.text, offset.min(self.text.len()))
    }

    /// The span cut to the text, never inside a character.
    #[must_use]
    pub fn clamp(&self, span: Span) -> Span {
        let fit = |offset: usize| {
            let mut offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let start = fit(span.start());
        Span::new(start, fit(span.end()).max(start))
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[self.clamp(span).range()]
    }
}

/// The texts that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for more texts.
    pub fn reserve(&mut self, count: usize) {
        self.list.reserve_exact(count);
    }

    /// Adds a text.
    pub fn add(&mut self, path: impl Into<Excerpt>, text: impl Into<Excerpt>) -> SourceId {
        let id = u32::try_from(self.list.len()).expect("there are fewer than 2^32 files");
        self.list.push(Source {
            path: path.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        SourceId(id)
    }

    /// The text of this id; none for [`SourceId::BUILT_IN`].
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.number())
    }

    /// The path of this id; `built-in` for what was not read.
    #[must_use]
    pub fn path(&self, id: SourceId) -> &str {
        self.get(id).map_or("built-in", |source| &source.path)
    }

    /// Every id with its text, in order of addition.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.list)
    }
}
