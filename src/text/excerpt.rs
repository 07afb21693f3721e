use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use super::Span;

/// Bytes of a piece of memory that several texts share.
const SHARED: usize = 1 << 20;

/// A part of a text that others hold parts of as well: to take or copy one allocates nothing. Compares and hashes as the characters it
/// stands for.
#[derive(Clone)]
pub struct Excerpt {
    text: Arc<str>,
    span: Span,
}

impl Excerpt {
    /// The part of `text` at `span`, which must begin and end between characters.
    #[must_use]
    pub fn new(text: Arc<str>, span: Span) -> Self {
        Self { text, span }
    }

    /// Each of these texts. Short ones lie behind each other in one piece of memory, which is made and given back in one go. `buffer` is
    /// written over; to give the same one each time saves making it.
    #[must_use]
    pub fn together(texts: &[&str], buffer: &mut String) -> Vec<Self> {
        let mut excerpts = Vec::with_capacity(texts.len());
        let mut rest = texts;
        while !rest.is_empty() {
            let mut bytes = 0;
            let short = rest.iter().take_while(|text| {
                bytes += text.len();
                bytes <= SHARED
            });
            let (group, later) = rest.split_at(short.count().max(1));
            buffer.clear();
            buffer.extend(group.iter().copied());
            let all: Arc<str> = buffer.as_str().into();
            let mut begin = 0;
            for text in group {
                let span = Span::new(begin, begin + text.len());
                excerpts.push(Self::new(Arc::clone(&all), span));
                begin = span.end();
            }
            rest = later;
        }
        excerpts
    }

    /// A part of the part: `span` is counted from its beginning and must begin and end between characters.
    #[must_use]
    pub fn part(&self, span: Span) -> Self {
        Self::new(Arc::clone(&self.text), self.within(span))
    }

    /// The characters of [`Self::part`].
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[self.within(span).range()]
    }

    fn within(&self, span: Span) -> Span {
        let begin = self.span.start();
        Span::new(begin + span.start(), begin + span.end())
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text[self.span.range()]
    }

    /// Without blanks at either end.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let all = self.as_str();
        let start = self.span.start() + (all.len() - all.trim_start().len());
        let span = Span::new(start, start + all.trim().len());
        Self::new(Arc::clone(&self.text), span)
    }
}

impl Deref for Excerpt {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Excerpt {
    fn borrow(&self) -> &str {
        self
    }
}

impl Default for Excerpt {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<Arc<str>> for Excerpt {
    fn from(text: Arc<str>) -> Self {
        let span = Span::new(0, text.len());
        Self::new(text, span)
    }
}

impl From<&str> for Excerpt {
    fn from(text: &str) -> Self {
        Self::from(Arc::from(text))
    }
}

impl From<String> for Excerpt {
    fn from(text: String) -> Self {
        Self::from(Arc::from(text))
    }
}

impl PartialEq for Excerpt {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Excerpt {}

impl PartialEq<str> for Excerpt {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Excerpt {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialOrd for Excerpt {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Excerpt {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Excerpt {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}
