//! Numbers in text as PHP reads them: loose comparison and integer cast (docs/protocol/timestamp-nonce.md and docs/protocol/errors.md#which-error-wins).

/// The number that `text` is as a whole, blanks around it allowed; none when it is not numeric.
#[must_use]
pub(super) fn number(text: &[u8]) -> Option<f64> {
    let (prefix, rest) = split(text)?;
    rest.iter()
        .all(|&byte| is_blank(byte))
        .then(|| std::str::from_utf8(prefix).ok()?.parse().ok())
        .flatten()
}

/// PHP's integer cast: the number at the beginning, truncated and saturated; 0 when there is none.
#[must_use]
pub(super) fn integer(text: &[u8]) -> i64 {
    let Some((prefix, _)) = split(text) else {
        return 0;
    };
    let prefix = std::str::from_utf8(prefix).unwrap_or_default();
    if prefix
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
    {
        let saturated = if prefix.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        };
        return prefix.parse().unwrap_or(saturated);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "truncation and saturation are the cast's rule"
    )]
    prefix.parse::<f64>().map_or(0, |value| value as i64)
}

/// The longest number at the beginning, leading blanks cut, and what follows it.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = text.iter().position(|&byte| !is_blank(byte))?;
    let text = &text[start..];
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = digits(&text[sign..]);
    let mut end = sign + whole;
    let mut fraction = 0;
    if text.get(end) == Some(&b'.') {
        fraction = digits(&text[end + 1..]);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(&text[end + 1 + sign..]);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some(text.split_at(end))
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests {
    use super::{integer, number};

    #[test]
    fn a_version_is_loosely_one() {
        for text in [
            "1", "1.00", "01.0", " 1.0", "1.0 ", "1e0", "+1", "1.", ".1e1",
        ] {
            assert_eq!(number(text.as_bytes()), Some(1.0), "{text:?}");
        }
        for text in ["1.0a", "abc", "", "0x1", "1e", ".", "--1", "1 1"] {
            assert_eq!(number(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_timestamp_is_cast_as_php_casts_it() {
        for (text, value) in [
            ("1795316782", 1_795_316_782),
            ("1795316782abc", 1_795_316_782),
            ("1795316782.5", 1_795_316_782),
            (" +17", 17),
            ("1e9", 1_000_000_000),
            ("0x10", 0),
            ("abc", 0),
            ("", 0),
            ("-1", -1),
            ("99999999999999999999", i64::MAX),
            ("-99999999999999999999", i64::MIN),
            ("1e99", i64::MAX),
        ] {
            assert_eq!(integer(text.as_bytes()), value, "{text:?}");
        }
    }
}
