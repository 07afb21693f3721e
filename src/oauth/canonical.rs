//! Texts in canonical percent-encoded form: unreserved bytes as they are, every other byte as `%XX` with upper-case digits.
//!
//! A text of a request that is canonical already is borrowed from it; any other is written to an arena that the caller brings.

use super::dialect::Plus;
use super::output::{Full, Output};
use super::scan::is_canonical;
use crate::text::percent;

/// Bytes that are handed out from the front and never taken back.
#[derive(Debug)]
pub(super) struct Arena<'s>(pub(super) &'s mut [u8]);

impl<'s> Arena<'s> {
    /// Hands out what `bytes` gives.
    pub(super) fn write(&mut self, bytes: impl Iterator<Item = u8>) -> Result<&'s mut [u8], Full> {
        let mut length = 0;
        for byte in bytes {
            *self.0.get_mut(length).ok_or(Full)? = byte;
            length += 1;
        }
        Ok(self.take(length))
    }

    /// The canonical form of the bytes that `decoded` gives.
    pub(super) fn encode(&mut self, decoded: impl Iterator<Item = u8>) -> Result<&'s [u8], Full> {
        let mut output = Output::new(self.0);
        output.encode(decoded)?;
        let length = output.written().len();
        Ok(self.take(length))
    }

    /// The canonical form of `wire`, which may be escaped in any way.
    pub(super) fn canonical(&mut self, wire: &'s [u8], plus: Plus) -> Result<&'s [u8], Full> {
        if is_canonical(wire) {
            return Ok(wire);
        }
        let mut output = Output::new(self.0);
        output.recode(wire, plus)?;
        let length = output.written().len();
        Ok(self.take(length))
    }

    fn take(&mut self, length: usize) -> &'s mut [u8] {
        let (written, free) = std::mem::take(&mut self.0).split_at_mut(length);
        self.0 = free;
        written
    }
}

/// The bytes that `wire` stands for; an incomplete escape stands for itself.
pub(super) fn decoded(wire: &[u8], plus: Plus) -> impl Iterator<Item = u8> + Clone + '_ {
    let mut rest = wire;
    std::iter::from_fn(move || {
        let (&byte, after) = rest.split_first()?;
        if byte == b'%'
            && let Some(byte) = percent::escape(rest, 0)
        {
            rest = &rest[3..];
            return Some(byte);
        }
        rest = after;
        Some(if byte == b'+' && plus == Plus::Blank {
            b' '
        } else {
            byte
        })
    })
}
