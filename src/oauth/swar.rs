//! Eight bytes at a time, in one word.

const ONES: u64 = 0x0101_0101_0101_0101;
const LOW_BITS: u64 = 0x7F7F_7F7F_7F7F_7F7F;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// `byte` in each of the eight places.
pub(super) const fn repeated(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The high bit of each byte that is zero, in a word that has no high bit set, as the difference of ASCII texts.
pub(super) const fn zero_bytes_of_ascii(word: u64) -> u64 {
    !(word + LOW_BITS) & HIGH_BITS
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

/// How many bytes both texts have in common at the beginning.
pub(super) fn common_prefix(left: &[u8], right: &[u8]) -> usize {
    let (lefts, rights) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let mut length = 0;
    for (a, b) in lefts.iter().zip(rights) {
        let difference = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if difference != 0 {
            return length + (difference.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    let rest = left[length..].iter().zip(&right[length..]);
    length + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{common_prefix, repeated, word_of, zero_bytes_of_ascii};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn each_word_says_what_its_bytes_say(text in prop::collection::vec(b'a'..b'd', 0..40), other in prop::collection::vec(b'a'..b'd', 0..40)) {
            for length in 0..=text.len().min(8) {
                let mut bytes = [0; 8];
                bytes[..length].copy_from_slice(&text[..length]);
                let word = word_of(&text[..length]);
                prop_assert_eq!(word, u64::from_le_bytes(bytes));
                let flags = bytes.map(|byte| if byte == b'a' { 0x80 } else { 0 });
                prop_assert_eq!(zero_bytes_of_ascii(word ^ repeated(b'a')), u64::from_le_bytes(flags));
            }
            let common = text.iter().zip(&other).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(common_prefix(&text, &other), common);
            let longer = [text.as_slice(), &other].concat();
            prop_assert_eq!(common_prefix(&text, &longer), text.len());
        }
    }
}
