//! Scans that look at sixteen bytes at a time: the inner loops of verification.
//!
//! Each has a plain twin in the tests. The vectors are the crate `wide`'s: safe to call, and plain code where a processor has none.

use wide::u8x16;

use super::swar::word_of;
use crate::text::percent::{UNRESERVED, UPPER_HEX};

/// Where `byte` first stands in `text`.
pub(super) fn find(text: &[u8], byte: u8) -> Option<usize> {
    first_of(text, |bytes| is(bytes, byte))
}

/// Where one of two bytes first stands in `text`.
pub(super) fn find_either(text: &[u8], one: u8, other: u8) -> Option<usize> {
    first_of(text, |bytes| is(bytes, one) | is(bytes, other))
}

/// Whether every byte of `text` is unreserved.
pub(super) fn is_unreserved_text(text: &[u8]) -> bool {
    first_of(text, |bytes| !unreserved(bytes)).is_none()
}

/// Whether `text` is of `a–z`, `0–9`, `-` and `.`, as hosts are.
pub(super) fn is_host_text(text: &[u8]) -> bool {
    first_of(text, |bytes| {
        !(within(bytes, b'a', b'z') | digit_or_dot(bytes))
    })
    .is_none()
}

/// Whether `value` is of `0–9` and `a–z`, as generated values are.
pub(super) fn is_lower_case_value(value: &[u8; 32]) -> bool {
    first_of(value, |bytes| {
        !(within(bytes, b'a', b'z') | within(bytes, b'0', b'9'))
    })
    .is_none()
}

/// Where the first byte of a class stands in `text`.
#[inline]
fn first_of(text: &[u8], class: impl Fn(u8x16) -> u8x16) -> Option<usize> {
    let bits = |block: &[u8; 16]| class(u8x16::new(*block)).to_bitmask();
    let (blocks, rest) = text.as_chunks::<16>();
    for (at, block) in blocks.iter().enumerate() {
        let bits = bits(block);
        if bits != 0 {
            return Some(at * 16 + bits.trailing_zeros() as usize);
        }
    }
    let found = rest_bits(text, rest, bits);
    (found != 0).then(|| text.len() - rest.len() + found.trailing_zeros() as usize)
}

/// The bits of the last bytes of a text, fewer than sixteen: they are looked at with those before them, if there are any.
#[inline]
fn rest_bits(text: &[u8], rest: &[u8], bits: impl Fn(&[u8; 16]) -> u32) -> u32 {
    match text.last_chunk::<16>() {
        _ if rest.is_empty() => 0,
        Some(last) => bits(last) >> (16 - rest.len()),
        None => bits(&padded(rest)) & ((1 << rest.len()) - 1),
    }
}

/// Bytes of which [`reserved_bits`] and [`separator_bits`] tell.
pub(super) const WINDOW: usize = 64;

/// A bit for each of the first 64 bytes that is there and not unreserved, the lowest for the first.
pub(super) fn reserved_bits(text: &[u8]) -> u64 {
    bits_of(text, |bytes| !unreserved(bytes))
}

/// A bit for each of the first 64 bytes that is `&`, `=` or `#`.
pub(super) fn separator_bits(text: &[u8]) -> u64 {
    bits_of(text, |bytes| {
        is(bytes, b'&') | is(bytes, b'=') | is(bytes, b'#')
    })
}

/// Calls `found` with the place of each byte that is not unreserved, in order.
#[inline]
pub(super) fn each_reserved<E>(
    text: &[u8],
    mut found: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut start = 0;
    while start < text.len() {
        let mut bits = reserved_bits(&text[start..]);
        while bits != 0 {
            found(start + bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
        }
        start += WINDOW;
    }
    Ok(())
}

/// A bit for each of the first 64 bytes that is there and in the class, the lowest for the first.
#[inline]
fn bits_of(text: &[u8], class: impl Fn(u8x16) -> u8x16) -> u64 {
    let bits = |block: &[u8; 16]| class(u8x16::new(*block)).to_bitmask();
    if let Some(window) = text.first_chunk::<WINDOW>() {
        let blocks = window.as_chunks::<16>().0;
        return (blocks.iter().rev()).fold(0, |all, block| all << 16 | u64::from(bits(block)));
    }
    let (blocks, rest) = text.as_chunks::<16>();
    let mut all = 0;
    let mut shift = 0;
    for block in blocks {
        all |= u64::from(bits(block)) << shift;
        shift += 16;
    }
    // Not for a full window, so that there is a place for the rest.
    all | u64::from(rest_bits(text, rest, bits)) << shift
}

#[inline]
fn unreserved(bytes: u8x16) -> u8x16 {
    within(bytes | u8x16::splat(0x20), b'a', b'z')
        | digit_or_dot(bytes)
        | is(bytes, b'_')
        | is(bytes, b'~')
}

/// `0–9`, `-` and `.`.
#[inline]
fn digit_or_dot(bytes: u8x16) -> u8x16 {
    within(bytes, b'0', b'9') | within(bytes, b'-', b'.')
}

#[inline]
fn within(bytes: u8x16, first: u8, last: u8) -> u8x16 {
    let distance = bytes - u8x16::splat(first);
    distance.min(u8x16::splat(last - first)).simd_eq(distance)
}

#[inline]
fn is(bytes: u8x16, byte: u8) -> u8x16 {
    bytes.simd_eq(u8x16::splat(byte))
}

/// Fewer than sixteen bytes, with zeros behind them.
fn padded(text: &[u8]) -> [u8; 16] {
    let word = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|bytes| u128::from(u64::from_le_bytes(*bytes)));
            first | last << (8 * (text.len() - 8))
        }
        _ => u128::from(word_of(text)),
    };
    word.to_le_bytes()
}

/// Whether decoding and encoding `text` would give it back.
pub(super) fn is_canonical(text: &[u8]) -> bool {
    let check = |at| is_canonical_escape(text, at).then_some(()).ok_or(());
    each_reserved(text, check).is_ok()
}

/// Whether at `at` stands `%` and behind it the upper-case digits of a byte that is not unreserved.
#[inline]
pub(super) fn is_canonical_escape(text: &[u8], at: usize) -> bool {
    let Some(&[b'%', high, low]) = text.get(at..at + 3) else {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        WINDOW, each_reserved, find, find_either, is_canonical, is_host_text, is_lower_case_value,
        is_unreserved_text, separator_bits,
    };
    use crate::text::percent::{self, UNRESERVED};

    /// Bytes among which every case is likely.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop::sample::select(b"aZ09-._~%&=#/+[]ABCDEFabcdef235\0\x80\xFF".to_vec());
        prop::collection::vec(byte, 0..200)
    }

    /// Decoded and encoded again.
    fn twin(text: &[u8]) -> Vec<u8> {
        let mut output = String::new();
        percent::encode_into(&mut output, &percent::decode(text));
        output.into_bytes()
    }

    fn is_unreserved(byte: u8) -> bool {
        UNRESERVED[usize::from(byte)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn each_scan_says_what_its_plain_twin_says(text in text(), byte in any::<u8>(), other in any::<u8>()) {
            prop_assert_eq!(find(&text, byte), text.iter().position(|&one| one == byte));
            prop_assert_eq!(find_either(&text, byte, other), text.iter().position(|&one| one == byte || one == other));
            let mut found = Vec::new();
            let all: Result<(), ()> = each_reserved(&text, |at| { found.push(at); Ok(()) });
            prop_assert_eq!(all, Ok(()));
            prop_assert_eq!(found, (0..text.len()).filter(|&at| !is_unreserved(text[at])).collect::<Vec<_>>());
            let bits = (text.iter().take(WINDOW).rev()).fold(0, |bits, byte| bits << 1 | u64::from(b"&=#".contains(byte)));
            prop_assert_eq!(separator_bits(&text), bits);
            prop_assert_eq!(is_canonical(&text), twin(&text) == text);
        }

        #[test]
        fn each_class_is_what_it_is_called(byte in any::<u8>(), at in 0_usize..32, length in 1_usize..=32) {
            let mut text = [b'a'; 32];
            text[at] = byte;
            let kept = |class: fn(u8) -> bool| at >= length || class(byte);
            prop_assert_eq!(is_unreserved_text(&text[..length]), kept(is_unreserved));
            prop_assert_eq!(is_host_text(&text[..length]), kept(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')));
            prop_assert_eq!(is_lower_case_value(&text), matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
        }
    }

    #[test]
    fn every_pair_of_digits_is_judged_as_its_plain_twin_judges_it() {
        let letters = b"a".repeat(40);
        for (high, low) in (0..=u8::MAX).flat_map(|high| (0..=u8::MAX).map(move |low| (high, low)))
        {
            let mut text = letters.clone();
            text[5..8].copy_from_slice(&[b'%', high, low]);
            assert_eq!(is_canonical(&text), twin(&text) == text);
        }
    }
}
