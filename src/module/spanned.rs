//! A value with its place.

use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};
use crate::xml::Attribute;

/// A value with the place it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// In which text.
    pub source: SourceId,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value and its place.
    #[must_use]
    pub const fn new(value: T, source: SourceId, span: Span) -> Self {
        Self {
            value,
            source,
            span,
        }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(change(self.value), self.source, self.span)
    }
}

impl From<Attribute<'_>> for Spanned<Excerpt> {
    fn from(attribute: Attribute<'_>) -> Self {
        Self::new(
            attribute.excerpt(),
            attribute.source(),
            attribute.value_span(),
        )
    }
}
