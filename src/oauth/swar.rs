//! Scans and copies that look at eight bytes at a time, or that the compiler turns into vector code: the inner loops of verification.
//!
//! Each has a plain twin in the tests.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch the compiler turns the checks into vector code"
)]

use crate::text::percent::{UNRESERVED, UPPER_HEX};

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

/// [`zero_bytes`] of a word that has no high bit set, as the difference of ASCII texts.
pub(super) const fn zero_bytes_of_ascii(word: u64) -> u64 {
    !(word + LOW_BITS) & HIGH_BITS
}

/// The high bit of the first zero byte and perhaps of later ones; cheaper, and enough to know whether and where the first is.
const fn first_zero_byte(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
}

/// Which byte a flag of [`zero_bytes`] belongs to.
const fn place(flags: u64) -> usize {
    (flags.trailing_zeros() / 8) as usize
}

/// At most eight bytes as a word; where there are fewer, the places behind them are zero.
pub(super) fn word_of(text: &[u8]) -> u64 {
    if let Some(bytes) = text.first_chunk::<8>() {
        return u64::from_le_bytes(*bytes);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let [first, last] = [*first, *last].map(|bytes| u64::from(u32::from_le_bytes(bytes)));
        return first | last << (8 * (text.len() - 4));
    }
    (text.iter().rev()).fold(0, |word, &byte| word << 8 | u64::from(byte))
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
        let ascii = word & LOW_BITS;
        let no_ampersand = (ascii ^ repeated(b'&')) + LOW_BITS;
        let no_equals = (ascii ^ repeated(b'=')) + LOW_BITS;
        let mut flags = !((no_ampersand & no_equals) | word) & HIGH_BITS;
        while flags != 0 {
            let lowest = flags & flags.wrapping_neg();
            found(at * 8 + place(flags), no_ampersand & lowest == 0)?;
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

/// Whether `text` is canonical percent-encoded text, `&` and `=` allowed between its parts. For long texts: without a branch in a block.
pub(super) fn is_canonical_list(text: &[u8]) -> bool {
    // Each block is looked at with the two bytes behind it.
    let mut rest = text;
    while let Some((block, _)) = rest.split_first_chunk::<18>() {
        let mut good = true;
        for ((&byte, &high), &low) in block[..16].iter().zip(&block[1..17]).zip(&block[2..]) {
            // Of bytes that may stand in the text only `=` is between the digits and the letters.
            let digits = is_within(high, b'0', b'F')
                & is_within(low, b'0', b'F')
                & (high != b'=')
                & (low != b'=');
            let escape = (byte == b'%') & digits & !escapes_unreserved(high, low);
            good &= is_unreserved(byte) | (byte == b'&') | (byte == b'=') | escape;
        }
        if !good {
            return false;
        }
        rest = &rest[16..];
    }
    all_unreserved_but::<b'&', b'=', b'%'>(rest) && all_escapes_canonical(rest)
}

const fn is_within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

/// Whether two upper-case hex digits escape an unreserved byte. By comparing digits: vectors of bytes cannot multiply.
const fn escapes_unreserved(high: u8, low: u8) -> bool {
    // `2D` and `2E`, `30–39`, `41–5A` and `61–7A`, `5F`, `7E`.
    let pair = high & !2;
    ((high == b'2') & ((low == b'D') | (low == b'E')))
        | ((high == b'3') & (low <= b'9'))
        | ((pair == b'4') & (low != b'0'))
        | ((pair == b'5') & (low <= b'A'))
        | ((high == b'5') & (low == b'F'))
        | ((high == b'7') & (low == b'E'))
}

/// Whether decoding and encoding `text` would give it back.
pub(super) fn is_canonical(text: &[u8]) -> bool {
    all_unreserved_but::<b'%', b'%', b'%'>(text) && all_escapes_canonical(text)
}

/// Whether behind each `%` stand the upper-case digits of a byte that is not unreserved.
fn all_escapes_canonical(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let mut good = true;
        let mut flags = zero_bytes(u64::from_le_bytes(*word) ^ repeated(b'%'));
        while flags != 0 {
            good &= is_canonical_escape(text, at * 8 + place(flags));
            flags &= flags - 1;
        }
        if !good {
            return false;
        }
    }
    let start = words.len() * 8;
    let escapes = (rest.iter().enumerate()).filter(|&(_, &byte)| byte == b'%');
    escapes
        .map(|(at, _)| start + at)
        .all(|at| is_canonical_escape(text, at))
}

/// Whether the two bytes behind `at` are the upper-case digits of a byte that is not unreserved.
#[inline]
fn is_canonical_escape(text: &[u8], at: usize) -> bool {
    let Some(&[high, low]) = text.get(at + 1..at + 3) else {
        return false;
    };
    LOW_DIGITS[usize::from(high)] & DIGIT_BIT[usize::from(low)] != 0
}

/// For each upper-case hex digit the bit of its value; no bit for any other byte.
const DIGIT_BIT: [u16; 256] = {
    let mut table = [0; 256];
    let mut value = 0;
    while value < 16 {
        table[UPPER_HEX[value] as usize] = 1 << value;
        value += 1;
    }
    table
};

/// For each upper-case hex digit the bits of those second digits with which it escapes a byte that is not unreserved.
const LOW_DIGITS: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if !UNRESERVED[byte] {
            table[UPPER_HEX[byte >> 4] as usize] |= 1 << (byte & 15);
        }
        byte += 1;
    }
    table
};

const fn is_unreserved(byte: u8) -> bool {
    is_within(byte | 0x20, b'a', b'z')
        | (is_within(byte, b'-', b'9') & (byte != b'/'))
        | (byte == b'_')
        | (byte == b'~')
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
pub(super) fn is_lower_case_value(value: &[u8; 32]) -> bool {
    let mut good = true;
    for &byte in value {
        good &= (byte.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10);
    }
    good
}

fn all_unreserved(text: &[u8]) -> bool {
    all_unreserved_but::<b'~', b'~', b'~'>(text)
}

/// Whether `text` is a path of which no byte but `/` is reserved.
pub(super) fn is_unreserved_path(text: &[u8]) -> bool {
    all_unreserved_but::<b'/', b'/', b'/'>(text)
}

/// Whether `text` is a query or a form of which no byte but `&` and `=` is reserved.
pub(super) fn is_unreserved_list(text: &[u8]) -> bool {
    all_unreserved_but::<b'&', b'=', b'='>(text)
}

/// Sixteen or eight bytes at a time, the last of them once more; shorter texts by table.
#[inline]
fn all_unreserved_but<const A: u8, const B: u8, const C: u8>(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<16>() {
        let (blocks, _) = text.as_chunks::<16>();
        return blocks.iter().all(is_unreserved_block::<A, B, C, 16>)
            && is_unreserved_block::<A, B, C, 16>(last);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return is_unreserved_block::<A, B, C, 8>(first) && is_unreserved_block::<A, B, C, 8>(last);
    }
    text.iter()
        .all(|&byte| UNRESERVED[usize::from(byte)] || byte == A || byte == B || byte == C)
}

/// One block after the other: the compiler is to make vectors of a block, not of a column through all.
#[inline]
fn is_unreserved_block<const A: u8, const B: u8, const C: u8, const N: usize>(
    block: &[u8; N],
) -> bool {
    let mut good = true;
    for &byte in block {
        good &= is_unreserved(byte) | (byte == A) | (byte == B) | (byte == C);
    }
    good
}

/// Whether `byte` is in `text`. For long texts in which it seldom is.
pub(super) fn has(text: &[u8], byte: u8) -> bool {
    text.iter()
        .fold(false, |found, &other| found | (other == byte))
}

/// Whether a byte of `text` is an upper-case letter.
pub(super) fn has_upper_case(text: &[u8]) -> bool {
    text.iter()
        .fold(false, |found, &byte| found | (byte.wrapping_sub(b'A') < 26))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        common_prefix, find, has, is_canonical, is_canonical_list, is_unreserved_path,
        is_unreserved_text, separators, word_of,
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
            prop_assert_eq!(has(&text, byte), text.contains(&byte));
            prop_assert_eq!(find(&text, byte), text.iter().position(|&one| one == byte));
            for length in 0..=text.len().min(8) {
                let mut bytes = [0; 8];
                bytes[..length].copy_from_slice(&text[..length]);
                prop_assert_eq!(word_of(&text[..length]), u64::from_le_bytes(bytes));
            }
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

    #[test]
    fn every_pair_of_digits_is_judged_as_its_plain_twin_judges_it() {
        let letters = b"a".repeat(40);
        for (high, low) in (0..=u8::MAX).flat_map(|high| (0..=u8::MAX).map(move |low| (high, low)))
        {
            let mut text = letters.clone();
            text[5..8].copy_from_slice(&[b'%', high, low]);
            let mut parts = text.split(|&one| matches!(one, b'&' | b'='));
            assert_eq!(
                is_canonical_list(&text),
                parts.all(|part| twin(part) == part)
            );
            let canonical = twin(&text) == text;
            assert_eq!(is_canonical(&text), canonical);
        }
    }
}
