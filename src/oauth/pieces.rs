//! The pieces of a query or a form body, and how they are read.

use super::dialect::{BodyGrammar, Plus, QueryPieces};
use super::scan::find;
use super::{Request, Rules};

/// How the pieces of a query or a form are read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) which: QueryPieces,
    pub(super) plus: Plus,
    /// What is behind a `#` is not read.
    pub(super) to_fragment: bool,
    /// There is a `_`, without which no name looks like a protocol parameter.
    pub(super) underscores: bool,
}

impl Reading {
    /// A form by the RFC.
    pub(super) const FORM: Self = Self {
        which: QueryPieces::All,
        plus: Plus::Blank,
        to_fragment: false,
        underscores: true,
    };
}

/// What decoding and encoding a text would do to it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Nothing: nothing in it is escaped.
    #[default]
    Plain,
    /// Nothing, though something is escaped.
    Canonical,
    /// Change it.
    Other,
}

/// What was seen of a piece of a query so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    pub(super) start: usize,
    /// The first `=`.
    pub(super) equals: Option<usize>,
    /// There is another.
    pub(super) more_equals: bool,
    /// Of its name and its value.
    pub(super) form: Form,
}

impl Piece {
    pub(super) fn starting(start: usize) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    pub(super) fn see_equals(&mut self, at: usize) {
        self.more_equals = self.equals.is_some();
        self.equals.get_or_insert(at);
    }
}

/// What `parse_str` makes of a name.
pub(super) enum PhpName<'s> {
    Nothing,
    /// In canonical form.
    Plain(&'s [u8]),
    /// The name before the first bracket.
    Array(&'s [u8]),
}

/// Whether the body is read: exactly this type in Magento, in any case by the RFC (docs/protocol/token-endpoints.md#the-body; RFC 5849 §3.4.1.3.1).
pub(super) fn is_form(rules: &Rules, request: &Request<'_>) -> bool {
    const FORM: &str = "application/x-www-form-urlencoded";
    let Some(content_type) = request.content_type else {
        return false;
    };
    match rules.body {
        BodyGrammar::Php => content_type.starts_with(FORM),
        BodyGrammar::Form => content_type
            .split(';')
            .next()
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM)),
    }
}

pub(super) fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = find(text, b'&');
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
    .filter(|piece| !piece.is_empty())
}

pub(super) fn split_first(piece: &[u8]) -> (&[u8], &[u8]) {
    find(piece, b'=').map_or((piece, b""), |end| (&piece[..end], &piece[end + 1..]))
}
