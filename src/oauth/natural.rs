//! The orders of PHP that decide where a parameter stands: `strnatcmp` and `ksort`.

use std::cmp::Ordering;

use super::numeric;
use super::swar::common_prefix;

/// PHP's `strnatcmp`, case-sensitive: runs of digits compare as numbers, with a leading zero as fractions; blanks are skipped
/// (docs/protocol/signatures.md#encoding-and-order).
///
/// ```
/// use std::cmp::Ordering;
/// use magespec::oauth::natural_order;
/// assert_eq!(natural_order(b"a9", b"a10"), Ordering::Less);
/// assert_eq!(natural_order(b"x01", b"x1"), Ordering::Less);
/// assert_eq!(natural_order(b"B", b"a"), Ordering::Less);
/// ```
#[must_use]
pub fn natural_order(left: &[u8], right: &[u8]) -> Ordering {
    if left.is_empty() || right.is_empty() {
        return left.len().cmp(&right.len());
    }
    let is_ordinary = |byte: u8| !byte.is_ascii_digit() && !is_blank(byte);
    if left[0] != right[0] && is_ordinary(left[0]) && is_ordinary(right[0]) {
        return left[0].cmp(&right[0]);
    }
    let common = common_prefix(left, right);
    let (first, second) = (byte(&left[common..]), byte(&right[common..]));
    if is_blank(first) || is_blank(second) || left[0] == b'0' || right[0] == b'0' {
        return step_by_step(without_leading_zeros(left), without_leading_zeros(right));
    }
    if !first.is_ascii_digit() && !second.is_ascii_digit() {
        return first.cmp(&second).then(left.len().cmp(&right.len()));
    }
    // The difference may be inside a run of digits, which compares as a whole.
    let digits = left[..common]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let start = common - digits;
    if start == 0 || start == left.len() || start == right.len() {
        return step_by_step(without_leading_zeros(left), without_leading_zeros(right));
    }
    step_by_step(&left[start..], &right[start..])
}

fn step_by_step(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        a = without_blanks(a);
        b = without_blanks(b);
        if byte(a).is_ascii_digit() && byte(b).is_ascii_digit() {
            let fraction = byte(a) == b'0' || byte(b) == b'0';
            let (order, digits) = if fraction {
                fractions(a, b)
            } else {
                numbers(a, b)
            };
            if order != Ordering::Equal {
                return order;
            }
            a = &a[digits..];
            b = &b[digits..];
            if a.is_empty() || b.is_empty() {
                return a.len().cmp(&b.len());
            }
        }
        if byte(a) != byte(b) {
            return byte(a).cmp(&byte(b));
        }
        a = a.get(1..).unwrap_or_default();
        b = b.get(1..).unwrap_or_default();
        if a.is_empty() || b.is_empty() {
            return a.len().min(1).cmp(&b.len().min(1));
        }
    }
}

/// Zeros at the very beginning that another digit follows do not count.
fn without_leading_zeros(mut text: &[u8]) -> &[u8] {
    while let [b'0', next, ..] = text
        && next.is_ascii_digit()
    {
        text = &text[1..];
    }
    text
}

fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    text
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The first byte; past the end it reads as NUL, as in a C string.
fn byte(text: &[u8]) -> u8 {
    text.first().copied().unwrap_or(0)
}

/// Compares two runs of digits as numbers: the longer is greater, then the first difference decides. Gives the order and, when equal,
/// the length of both runs.
fn numbers(a: &[u8], b: &[u8]) -> (Ordering, usize) {
    let mut bias = Ordering::Equal;
    for at in 0.. {
        match (digit(a, at), digit(b, at)) {
            (None, None) => return (bias, at),
            (None, Some(_)) => return (Ordering::Less, at),
            (Some(_), None) => return (Ordering::Greater, at),
            (first, second) => bias = bias.then(first.cmp(&second)),
        }
    }
    unreachable!("a run of digits ends")
}

/// Compares two runs of digits from the left, as fractions; gives what [`numbers`] gives.
fn fractions(a: &[u8], b: &[u8]) -> (Ordering, usize) {
    for at in 0.. {
        match (digit(a, at), digit(b, at)) {
            (None, None) => return (Ordering::Equal, at),
            (first, second) if first != second => return (first.cmp(&second), at),
            _ => {}
        }
    }
    unreachable!("a run of digits ends")
}

fn digit(text: &[u8], at: usize) -> Option<u8> {
    text.get(at).copied().filter(u8::is_ascii_digit)
}

/// PHP's comparison of two string keys in `ksort`: as numbers when both look like numbers, else byte by byte.
#[must_use]
pub(super) fn key_order(left: &[u8], right: &[u8]) -> Ordering {
    if let (Some(a), Some(b)) = (numeric::number(left), numeric::number(right)) {
        return a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    }
    left.cmp(right)
}
