//! Percent-encoding as RFC 3986 §2.3 and RFC 5849 §3.6 state it: `A–Z a–z 0–9 - . _ ~` stay, every other byte becomes `%XX`, upper-case.

use std::borrow::Cow;

/// `UNRESERVED[byte]` is true for the bytes that RFC 3986 §2.3 calls unreserved.
pub const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

pub(crate) const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends the percent-encoded form of `input` to `output` (RFC 5849 §3.6).
pub fn encode_into(output: &mut String, input: &[u8]) {
    let mut rest = input;
    while let Some(at) = rest.iter().position(|&byte| !UNRESERVED[usize::from(byte)]) {
        push_ascii(output, &rest[..at]);
        output.extend(escaped(rest[at]).map(char::from));
        rest = &rest[at + 1..];
    }
    push_ascii(output, rest);
}

fn push_ascii(output: &mut String, text: &[u8]) {
    output.push_str(str::from_utf8(text).expect("unreserved bytes are ASCII"));
}

/// The percent-encoded form of `input` (RFC 5849 §3.6).
///
/// ```
/// assert_eq!(magespec::text::percent::encode("a b%"), "a%20b%25");
/// ```
#[must_use]
pub fn encode(input: &str) -> String {
    let mut output = String::with_capacity(input.len() + input.len() / 2);
    encode_into(&mut output, input.as_bytes());
    output
}

/// Decodes `%XX` in either hex case; `+` stays `+`, an incomplete escape stays as it is.
///
/// Borrows when nothing is escaped. The result need not be UTF-8.
#[must_use]
pub fn decode(input: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = input.iter().position(|&byte| byte == b'%') else {
        return Cow::Borrowed(input);
    };
    let mut output = Vec::with_capacity(input.len());
    output.extend_from_slice(&input[..first]);
    let mut at = first;
    while at < input.len() {
        if let Some(byte) = escape(input, at) {
            output.push(byte);
            at += 3;
        } else {
            output.push(input[at]);
            at += 1;
        }
    }
    Cow::Owned(output)
}

/// [`decode`] for text; bytes that are not UTF-8 become U+FFFD.
#[must_use]
pub fn decode_text(input: &str) -> Cow<'_, str> {
    match decode(input.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(input),
        Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }),
    }
}

/// The byte that the complete escape `%XX` at `at` stands for; none when there is no such escape.
pub(crate) fn escape(input: &[u8], at: usize) -> Option<u8> {
    match input.get(at..at + 3)? {
        &[b'%', high, low] => {
            let [high, low] = [high, low].map(|digit| HEX_VALUE[usize::from(digit)]);
            (high | low < 16).then_some(high << 4 | low & 15)
        }
        _ => None,
    }
}

/// The escape of `byte`, with upper-case digits.
pub(crate) const fn escaped(byte: u8) -> [u8; 3] {
    [
        b'%',
        UPPER_HEX[(byte >> 4) as usize],
        UPPER_HEX[(byte & 15) as usize],
    ]
}

/// The value of each hex digit in either case; 16 for any other byte.
const HEX_VALUE: [u8; 256] = {
    let mut table = [16; 256];
    let mut value = 0;
    while value < 16 {
        let digit = UPPER_HEX[value as usize];
        table[digit as usize] = value;
        table[digit.to_ascii_lowercase() as usize] = value;
        value += 1;
    }
    table
};
