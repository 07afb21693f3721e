//! Scans and copies that look at eight bytes at a time, or that the compiler turns into vector code: the inner loops of verification.
//!
//! Each has a plain twin in the tests.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch the compiler turns the checks into vector code"
)]

use crate::text::percent::{self, UNRESERVED};

const ONES: u64 = 0x0101_0101_0101_0101;
const LOW_BITS: u64 = 0x7F7F_7F7F_7F7F_7F7F;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// `byte` in each of the eight places.
pub(super) const fn repeated(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The high bit of each byte of `word` that is zero, exactly.
pub(super) const fn zero_bytes(word: u64) -> u64 {
    !(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS)
}

/// The high bit of the first zero byte and perhaps of later ones; cheaper, and enough to know whether and where the first is.
const fn first_zero_byte(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
}

/// Which byte a flag of [`zero_bytes`] belongs to.
const fn place(flags: u64) -> usize {
    (flags.trailing_zeros() / 8) as usize
}

/// Where `byte` first stands in `text`.
pub(super) fn find(text: &[u8], byte: u8) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let flags = first_zero_byte(u64::from_le_bytes(*word) ^ repeated(byte));
        if flags != 0 {
            return Some(at * 8 + place(flags));
        }
    }
    let start = words.len() * 8;
    rest.iter()
        .position(|&other| other == byte)
        .map(|at| start + at)
}

/// Calls `found` with the place of each `&` and `=`, in order.
pub(super) fn separators<E>(
    text: &[u8],
    mut found: impl FnMut(usize, bool) -> Result<(), E>,
) -> Result<(), E> {
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let ampersands = zero_bytes(word ^ repeated(b'&'));
        let mut flags = ampersands | zero_bytes(word ^ repeated(b'='));
        while flags != 0 {
            let lowest = flags & flags.wrapping_neg();
            found(at * 8 + place(flags), ampersands & lowest != 0)?;
            flags ^= lowest;
        }
    }
    for (at, &byte) in rest.iter().enumerate() {
        if matches!(byte, b'&' | b'=') {
            found(words.len() * 8 + at, byte == b'&')?;
        }
    }
    Ok(())
}

/// How many bytes both texts have in common at the beginning.
pub(super) fn common_prefix(left: &[u8], right: &[u8]) -> usize {
    let (lefts, rights) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let mut length = 0;
    for (a, b) in lefts.iter().zip(rights) {
        let difference = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if difference != 0 {
            return length + place(difference);
        }
        length += 8;
    }
    let rest = left[length..].iter().zip(&right[length..]);
    length + rest.take_while(|(a, b)| a == b).count()
}

/// Whether `text` is canonical percent-encoded text, `&` and `=` allowed between its parts. Without a branch, for long texts.
pub(super) fn is_canonical_list(text: &[u8]) -> bool {
    let Some(starts) = text.len().checked_sub(2) else {
        return text
            .iter()
            .all(|&byte| is_unreserved(byte) | is_separator(byte));
    };
    let mut good = true;
    for ((&byte, &high), &low) in text[..starts].iter().zip(&text[1..]).zip(&text[2..]) {
        let escape = (byte == b'%')
            & is_upper_hex(high)
            & is_upper_hex(low)
            & !is_unreserved(nibble(high) << 4 | nibble(low));
        good &= is_unreserved(byte) | is_separator(byte) | escape;
    }
    // Too near the end for an escape to begin.
    good & text[starts..]
        .iter()
        .all(|&byte| is_unreserved(byte) | is_separator(byte))
}

const fn is_separator(byte: u8) -> bool {
    (byte == b'&') | (byte == b'=')
}

const fn is_unreserved(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26)
        | (byte.wrapping_sub(b'-') < 2)
        | (byte.wrapping_sub(b'0') < 10)
        | (byte == b'_')
        | (byte == b'~')
}

const fn is_upper_hex(byte: u8) -> bool {
    (byte.wrapping_sub(b'0') < 10) | (byte.wrapping_sub(b'A') < 6)
}

/// The value of an upper-case hex digit.
const fn nibble(byte: u8) -> u8 {
    (byte & 15) + 9 * (byte >> 6)
}

/// Whether every byte of `text` is unreserved.
pub(super) fn is_unreserved_text(text: &[u8]) -> bool {
    match text.first_chunk::<32>() {
        // The usual key, token or nonce.
        Some(value) if text.len() == 32 => is_lower_case_value(value) || all_unreserved(text),
        _ => all_unreserved(text),
    }
}

/// Whether `value` is of `0–9` and `a–z`, as generated values are.
fn is_lower_case_value(value: &[u8; 32]) -> bool {
    let mut good = true;
    for &byte in value {
        good &= (byte.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10);
    }
    good
}

fn all_unreserved(text: &[u8]) -> bool {
    all_unreserved_but::<b'~', b'~'>(text)
}

/// Whether `text` is a path of which no byte but `/` is reserved.
pub(super) fn is_unreserved_path(text: &[u8]) -> bool {
    all_unreserved_but::<b'/', b'/'>(text)
}

/// Whether `text` is a query or a form of which no byte but `&` and `=` is reserved.
pub(super) fn is_unreserved_list(text: &[u8]) -> bool {
    all_unreserved_but::<b'&', b'='>(text)
}

/// Sixteen bytes at a time, then the rest by table.
#[inline]
fn all_unreserved_but<const A: u8, const B: u8>(text: &[u8]) -> bool {
    let (blocks, rest) = text.as_chunks::<16>();
    // One block after the other: the compiler is to make vectors of a block, not of a column through all.
    for block in blocks {
        let mut good = true;
        for &byte in block {
            good &= is_unreserved(byte) | (byte == A) | (byte == B);
        }
        if !good {
            return false;
        }
    }
    rest.iter()
        .all(|&byte| UNRESERVED[usize::from(byte)] || byte == A || byte == B)
}

/// Whether a byte of `text` is an upper-case letter.
pub(super) fn has_upper_case(text: &[u8]) -> bool {
    text.iter()
        .fold(false, |found, &byte| found | (byte.wrapping_sub(b'A') < 26))
}

/// Whether decoding and encoding `text` would give it back. For short texts.
pub(super) fn is_canonical(text: &[u8]) -> bool {
    if is_unreserved_text(text) {
        return true;
    }
    let mut at = 0;
    while at < text.len() {
        if UNRESERVED[usize::from(text[at])] {
            at += 1;
            continue;
        }
        match percent::escape(text, at) {
            Some(byte)
                if !UNRESERVED[usize::from(byte)]
                    && is_upper_hex(text[at + 1])
                    && is_upper_hex(text[at + 2]) =>
            {
                at += 3;
            }
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        common_prefix, find, is_canonical, is_canonical_list, is_unreserved_path,
        is_unreserved_text, separators,
    };
    use crate::text::percent::{self, UNRESERVED};

    /// Bytes among which every case is likely.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop::sample::select(b"aZ09-._~%&=/+[]ABCDEFabcdef235\0\x80\xFF".to_vec());
        prop::collection::vec(byte, 0..80)
    }

    /// Decoded and encoded again.
    fn twin(text: &[u8]) -> Vec<u8> {
        let mut output = String::new();
        percent::encode_into(&mut output, &percent::decode(text));
        output.into_bytes()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn each_scan_says_what_its_plain_twin_says(text in text(), other in text(), byte in any::<u8>()) {
            prop_assert_eq!(find(&text, byte), text.iter().position(|&one| one == byte));
            let common = text.iter().zip(&other).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(common_prefix(&text, &other), common);
            let mut longer = text.clone();
            longer.extend_from_slice(&other);
            prop_assert_eq!(common_prefix(&text, &longer), text.len());
            prop_assert_eq!(is_unreserved_text(&text), text.iter().all(|&one| UNRESERVED[usize::from(one)]));
            prop_assert_eq!(is_unreserved_path(&text), text.iter().all(|&one| one == b'/' || UNRESERVED[usize::from(one)]));
            prop_assert_eq!(is_canonical(&text), twin(&text) == text);
            let list = text.split(|&one| matches!(one, b'&' | b'=')).all(|part| twin(part) == part);
            prop_assert_eq!(is_canonical_list(&text), list);
            let mut found = Vec::new();
            let all: Result<(), ()> = separators(&text, |at, ends| { found.push((at, ends)); Ok(()) });
            prop_assert_eq!(all, Ok(()));
            let plain = text.iter().enumerate().filter(|(_, one)| matches!(one, b'&' | b'='));
            prop_assert_eq!(found, plain.map(|(at, &one)| (at, one == b'&')).collect::<Vec<_>>());
        }
    }
}
