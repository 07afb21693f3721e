//! Texts in canonical percent-encoded form: unreserved bytes as they are, every other byte as `%XX` with upper-case digits.
//!
//! A text of a request that is canonical already is borrowed from it; any other is written to an arena that the caller brings.

use super::dialect::Plus;
use crate::text::percent::{self, UNRESERVED};

/// The arena or a table is full; the caller starts again with a bigger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// Bytes that are handed out from the front and never taken back.
#[derive(Debug)]
pub(super) struct Arena<'s>(pub(super) &'s mut [u8]);

impl<'s> Arena<'s> {
    /// Hands out what `bytes` gives.
    pub(super) fn write(
        &mut self,
        bytes: impl IntoIterator<Item = u8>,
    ) -> Result<&'s mut [u8], Full> {
        let mut length = 0;
        for byte in bytes {
            *self.0.get_mut(length).ok_or(Full)? = byte;
            length += 1;
        }
        let (written, free) = std::mem::take(&mut self.0).split_at_mut(length);
        self.0 = free;
        Ok(written)
    }

    /// The canonical form of the bytes that `decoded` gives.
    pub(super) fn encode(
        &mut self,
        decoded: impl IntoIterator<Item = u8>,
    ) -> Result<&'s [u8], Full> {
        let mut length = 0;
        for byte in decoded {
            if UNRESERVED[usize::from(byte)] {
                *self.0.get_mut(length).ok_or(Full)? = byte;
                length += 1;
            } else {
                let place = self.0.get_mut(length..length + 3).ok_or(Full)?;
                place.copy_from_slice(&percent::escaped(byte));
                length += 3;
            }
        }
        let (written, free) = std::mem::take(&mut self.0).split_at_mut(length);
        self.0 = free;
        Ok(written)
    }

    /// The canonical form of `wire`, which may be escaped in any way.
    pub(super) fn canonical(&mut self, wire: &'s [u8], plus: Plus) -> Result<&'s [u8], Full> {
        if is_canonical(wire) {
            return Ok(wire);
        }
        self.encode(decoded(wire, plus))
    }
}

/// The bytes that `wire` stands for; an incomplete escape stands for itself.
pub(super) fn decoded(wire: &[u8], plus: Plus) -> impl Iterator<Item = u8> + Clone + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let byte = *wire.get(at)?;
        if let Some(byte) = percent::escape(wire, at) {
            at += 3;
            return Some(byte);
        }
        at += 1;
        Some(if byte == b'+' && plus == Plus::Blank {
            b' '
        } else {
            byte
        })
    })
}

/// Whether decoding and encoding `text` would give it back.
pub(super) fn is_canonical(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if UNRESERVED[usize::from(text[at])] {
            at += 1;
            continue;
        }
        match percent::escape(text, at) {
            Some(byte)
                if !UNRESERVED[usize::from(byte)]
                    && !text[at + 1].is_ascii_lowercase()
                    && !text[at + 2].is_ascii_lowercase() =>
            {
                at += 3;
            }
            _ => return false,
        }
    }
    true
}
