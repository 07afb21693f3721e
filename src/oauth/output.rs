//! Writing percent-encoded text into a buffer that the caller brings.

use super::dialect::Plus;
use super::swar::{repeated, word_of, zero_bytes_of_ascii};
use crate::text::percent::{self, UNRESERVED};

/// The buffer is full; the caller starts again with a bigger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// Bytes that were given up, and their place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint<const N: usize> {
    pub(super) at: usize,
    pub(super) bytes: [u8; N],
}

/// Bytes of what is copied at once: a key, a token, a nonce.
pub(super) const BLOCK: usize = 32;

/// A text written from the front of a buffer that the caller brings.
#[derive(Debug)]
pub(super) struct Output<'b> {
    buffer: &'b mut [u8],
    length: usize,
}

impl<'b> Output<'b> {
    pub(super) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    /// What was written.
    pub(super) fn written(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    /// Takes `text` as it is.
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) -> Result<(), Full> {
        let end = self.length + text.len();
        self.buffer
            .get_mut(self.length..end)
            .ok_or(Full)?
            .copy_from_slice(text);
        self.length = end;
        Ok(())
    }

    /// Gives up the last `N` bytes, which must be there, and tells what and where they were.
    pub(super) fn step_back<const N: usize>(&mut self) -> Joint<N> {
        let written = self.written().last_chunk();
        let bytes = *written.expect("more was written than is given up");
        self.length -= N;
        Joint {
            at: self.length,
            bytes,
        }
    }

    /// Writes `text` at a place up to which, at least, something is written.
    pub(super) fn write_at(&mut self, at: usize, text: &[u8]) -> Result<(), Full> {
        let end = at + text.len();
        self.buffer
            .get_mut(at..end)
            .ok_or(Full)?
            .copy_from_slice(text);
        self.length = self.length.max(end);
        Ok(())
    }

    /// Takes the first `length` bytes of `text`; the others are written, too, and do not count.
    #[inline]
    pub(super) fn push_block(&mut self, text: &[u8; BLOCK], length: usize) -> Result<(), Full> {
        let room = self
            .buffer
            .get_mut(self.length..)
            .and_then(|room| room.first_chunk_mut());
        *room.ok_or(Full)? = *text;
        self.length += length;
        Ok(())
    }

    /// Percent-encodes the bytes that `bytes` gives.
    pub(super) fn encode(&mut self, bytes: impl Iterator<Item = u8>) -> Result<(), Full> {
        let mut at = self.length;
        for byte in bytes {
            let encoded = &ENCODED[usize::from(byte)];
            let room = self.buffer.get_mut(at..at + 4).ok_or(Full)?;
            room.copy_from_slice(encoded);
            at += usize::from(encoded[3]);
        }
        self.length = at;
        Ok(())
    }

    /// Percent-encodes what `wire`, escaped in any way, stands for; an incomplete escape stands for itself.
    pub(super) fn recode(&mut self, wire: &[u8], plus: Plus) -> Result<(), Full> {
        let (mut read, mut at) = (0, self.length);
        while let Some(&byte) = wire.get(read) {
            let escape = if byte == b'%' {
                percent::escape(wire, read)
            } else {
                None
            };
            read += if escape.is_some() { 3 } else { 1 };
            let blank = byte == b'+' && plus == Plus::Blank;
            let decoded = escape.unwrap_or(if blank { b' ' } else { byte });
            let encoded = &ENCODED[usize::from(decoded)];
            let room = self.buffer.get_mut(at..at + 4).ok_or(Full)?;
            room.copy_from_slice(encoded);
            at += usize::from(encoded[3]);
        }
        self.length = at;
        Ok(())
    }

    /// Percent-encodes a text that is canonical, in which only `%` is not unreserved.
    pub(super) fn encode_canonical(&mut self, text: &[u8]) -> Result<(), Full> {
        let (words, rest) = text.as_chunks::<8>();
        let mut at = self.length;
        for word in words {
            let room = self
                .buffer
                .get_mut(at..)
                .and_then(|room| room.first_chunk_mut());
            at += escape_percent(room.ok_or(Full)?, u64::from_le_bytes(*word), 8);
        }
        if !rest.is_empty() {
            let word = match text.last_chunk::<8>() {
                Some(last) => u64::from_le_bytes(*last) >> (8 * (8 - rest.len())),
                None => word_of(rest),
            };
            let room = self
                .buffer
                .get_mut(at..)
                .and_then(|room| room.first_chunk_mut());
            at += escape_percent(room.ok_or(Full)?, word, rest.len());
        }
        self.length = at;
        Ok(())
    }
}

/// What eight bytes of canonical text, at most three of them `%`, grow to, and what is written past the end.
pub(super) const WORD_ROOM: usize = 32;

/// Writes the first `length` bytes of `word`, ASCII, with each `%` as `%25`, and some more past the end. Gives how many count.
fn escape_percent(room: &mut [u8; WORD_ROOM], word: u64, length: usize) -> usize {
    let (mut word, mut flags) = (word, zero_bytes_of_ascii(word ^ repeated(b'%')));
    let mut at = 0;
    let mut grown = length;
    loop {
        room[at..at + 8].copy_from_slice(&word.to_le_bytes());
        if flags == 0 {
            return grown;
        }
        // The flag is the highest bit of its byte: by this and one more everything up to it is shifted out.
        let bits = flags.trailing_zeros();
        word = (word >> bits) >> 1;
        flags = (flags >> bits) >> 1;
        // Never more than 14; the mask says so to the compiler.
        at = (at + bits as usize / 8 + 1) & 15;
        room[at..at + 2].copy_from_slice(b"25");
        at += 2;
        grown += 2;
    }
}

/// The percent-encoded form of each byte, padded, and its length.
const ENCODED: [[u8; 4]; 256] = {
    let mut table = [[0; 4]; 256];
    let mut at = 0_usize;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let byte = at as u8;
        let [first, second, third] = percent::escaped(byte);
        table[at] = if UNRESERVED[at] {
            [byte, 0, 0, 1]
        } else {
            [first, second, third, 3]
        };
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Output;
    use crate::oauth::Plus;
    use crate::text::{form, percent};

    fn encoded(text: &[u8]) -> String {
        let mut output = String::new();
        percent::encode_into(&mut output, text);
        output
    }

    fn written_is(output: &Output<'_>, expected: &str) -> bool {
        output.written() == expected.as_bytes()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn every_way_of_encoding_says_what_its_plain_twin_says(text in prop::collection::vec(prop::sample::select(b"aZ09~%+/25fF\0\xFF".to_vec()), 0..80)) {
            let canonical = encoded(&percent::decode(&text));
            let mut buffer = [0; 1024];
            let mut output = Output::new(&mut buffer);
            prop_assert_eq!(output.encode_canonical(canonical.as_bytes()), Ok(()));
            prop_assert!(written_is(&output, &encoded(canonical.as_bytes())));
            let mut output = Output::new(&mut buffer);
            prop_assert_eq!(output.encode(text.iter().copied()), Ok(()));
            prop_assert!(written_is(&output, &encoded(&text)));
            let mut output = Output::new(&mut buffer);
            prop_assert_eq!(output.recode(&text, Plus::Literal), Ok(()));
            prop_assert!(written_is(&output, &canonical));
            let mut output = Output::new(&mut buffer);
            prop_assert_eq!(output.recode(&text, Plus::Blank), Ok(()));
            prop_assert!(written_is(&output, &encoded(&form::decode(&text))));
        }
    }
}
