//! Form encoding as PHP's `urlencode` and `parse_str` do it (docs/protocol/token-endpoints.md#paths and docs/protocol/token-endpoints.md#the-body; measured 2.4.7).
//!
//! Encoding keeps `A–Z a–z 0–9 - _ .`, turns a blank into `+` and every other byte, `~` included, into `%XX`, upper-case.

use std::borrow::Cow;

use super::percent;

/// Appends the form-encoded form of `input` to `output`.
pub fn encode_into(output: &mut String, input: &[u8]) {
    for &byte in input {
        match byte {
            b' ' => output.push('+'),
            b'~' => output.push_str("%7E"),
            _ => percent::encode_into(output, &[byte]),
        }
    }
}

/// The form-encoded form of `input`: blank `+`, everything but `A-Za-z0-9-_.` as upper-case `%XX`.
///
/// ```
/// assert_eq!(magespec::text::form::encode("a b~\"c"), "a+b%7E%22c");
/// ```
#[must_use]
pub fn encode(input: &str) -> String {
    let mut output = String::with_capacity(input.len() + input.len() / 2);
    encode_into(&mut output, input.as_bytes());
    output
}

/// `name=value` pairs joined with `&`, in the order given.
#[must_use]
pub fn encode_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut output = String::new();
    for (name, value) in pairs {
        if !output.is_empty() {
            output.push('&');
        }
        encode_into(&mut output, name.as_bytes());
        output.push('=');
        encode_into(&mut output, value.as_bytes());
    }
    output
}

/// Form decoding: `+` is a blank, then percent-decoding.
#[must_use]
pub fn decode(input: &[u8]) -> Cow<'_, [u8]> {
    if input.contains(&b'+') {
        let spaced: Vec<u8> = input
            .iter()
            .map(|&byte| if byte == b'+' { b' ' } else { byte })
            .collect();
        return Cow::Owned(percent::decode(&spaced).into_owned());
    }
    percent::decode(input)
}

/// [`decode`] for text; bytes that are not UTF-8 become U+FFFD.
#[must_use]
pub fn decode_text(input: &str) -> String {
    String::from_utf8_lossy(&decode(input.as_bytes())).into_owned()
}

/// The decoded pairs of a form body or query in the order they stand; a bare name has an empty value, empty pieces are skipped.
pub fn pairs(input: &str) -> impl Iterator<Item = (String, String)> + '_ {
    input
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (decode_text(name), decode_text(value))
        })
}
