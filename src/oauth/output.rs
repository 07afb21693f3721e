//! Writing percent-encoded text into a buffer that the caller brings.

use super::dialect::Plus;
use super::scan::each_reserved;
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

    /// The buffer, and how many bytes of it were written.
    pub(super) fn parts(&mut self) -> (&mut [u8], usize) {
        (self.buffer, self.length)
    }

    /// How many bytes were written.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Gives up what was written behind the first `length` bytes.
    pub(super) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// The next `N` bytes behind `at`.
    #[inline]
    fn room<const N: usize>(&mut self, at: usize) -> Result<&mut [u8; N], Full> {
        let room = self.buffer.get_mut(at..);
        room.and_then(|room| room.first_chunk_mut()).ok_or(Full)
    }

    /// Takes `text` as it is.
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) -> Result<(), Full> {
        let end = self.length + text.len();
        let room = self.buffer.get_mut(self.length..end);
        room.ok_or(Full)?.copy_from_slice(text);
        self.length = end;
        Ok(())
    }

    /// Takes what stands in `text` from `start` to `end`, mostly little of it.
    #[inline]
    pub(super) fn push_part(&mut self, text: &[u8], start: usize, end: usize) -> Result<(), Full> {
        if end - start <= 16
            && let Some(part) = text[start..].first_chunk::<16>()
            && let Ok(room) = self.room(self.length)
        {
            *room = *part;
            self.length += end - start;
            return Ok(());
        }
        self.push(&text[start..end])
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
    pub(super) fn push_padded<const N: usize>(
        &mut self,
        text: &[u8; N],
        length: usize,
    ) -> Result<(), Full> {
        *self.room(self.length)? = *text;
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
        let mut start = 0;
        each_reserved(wire, |at| {
            if at > start {
                self.push_part(wire, start, at)?;
            }
            start = at + 1;
            match wire[at] {
                b'%' => {
                    let Some(byte) = percent::escape(wire, at) else {
                        return self.push_padded(b"%25\0", 3);
                    };
                    start = at + 3;
                    let encoded = &ENCODED[usize::from(byte)];
                    self.push_padded(encoded, usize::from(encoded[3]))
                }
                b'+' if plus == Plus::Blank => self.push_padded(b"%20\0", 3),
                byte => self.push_padded(&ENCODED[usize::from(byte)], 3),
            }
        })?;
        self.push_part(wire, start, wire.len())
    }

    /// Percent-encodes a text that is canonical, in which only `%` is not unreserved.
    pub(super) fn encode_canonical(&mut self, text: &[u8]) -> Result<(), Full> {
        let mut at = self.length;
        let mut rest = text;
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            let room: &mut [u8; WORD_ROOM] = self.room(at)?;
            if let &[b'%', a, b, b'%', c, d, ..] = word {
                // Where one escape follows the other.
                room[..10].copy_from_slice(&[b'%', b'2', b'5', a, b, b'%', b'2', b'5', c, d]);
                at += 10;
                rest = &rest[6..];
            } else {
                at += escape_percent(room, u64::from_le_bytes(*word), 8);
                rest = after;
            }
        }
        if !rest.is_empty() {
            let word = match text.last_chunk::<8>() {
                Some(last) => u64::from_le_bytes(*last) >> (8 * (8 - rest.len())),
                None => word_of(rest),
            };
            at += escape_percent(self.room(at)?, word, rest.len());
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
