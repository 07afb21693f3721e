//! The ways in which clients escape a text, right and wrong. Each appends to `output`; none looks beyond single characters, so that a text
//! may be escaped piece by piece.

use crate::text::percent::{UNRESERVED, decode};

/// Appends `text`, escaped in one way.
pub(super) type Escape = fn(text: &[u8], output: &mut Vec<u8>);

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

fn escape_with(text: &[u8], output: &mut Vec<u8>, digits: &[u8; 16], kept: impl Fn(u8) -> bool) {
    output.reserve(text.len() + text.len() / 2);
    for &byte in text {
        if kept(byte) {
            output.push(byte);
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| digits[usize::from(digit)]);
            output.extend_from_slice(&[b'%', high, low]);
        }
    }
}

fn unreserved(byte: u8) -> bool {
    UNRESERVED[usize::from(byte)]
}

/// RFC 5849 §3.6.
pub(super) fn standard(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, unreserved);
}

/// Not at all.
pub(super) fn raw(text: &[u8], output: &mut Vec<u8>) {
    output.extend_from_slice(text);
}

/// Twice.
pub(super) fn twice(text: &[u8], output: &mut Vec<u8>) {
    let mut once = Vec::new();
    standard(text, &mut once);
    standard(&once, output);
}

/// Three times.
pub(super) fn thrice(text: &[u8], output: &mut Vec<u8>) {
    let mut once = Vec::new();
    standard(text, &mut once);
    twice(&once, output);
}

/// A blank as `+`, as forms have it; the next escaping makes `%2B` of it.
pub(super) fn blank_as_plus(text: &[u8], output: &mut Vec<u8>) {
    let start = output.len();
    standard(text, output);
    replace_from(output, start, *b"%20", b'+');
}

/// As `urlencode` of PHP: a blank as `+`, `~` escaped.
pub(super) fn php_form(text: &[u8], output: &mut Vec<u8>) {
    let start = output.len();
    escape_with(text, output, UPPER, |byte| unreserved(byte) && byte != b'~');
    replace_from(output, start, *b"%20", b'+');
}

/// As `encodeURIComponent`: `! * ' ( )` stay.
pub(super) fn uri_component(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| {
        unreserved(byte) || b"!*'()".contains(&byte)
    });
}

/// As `URLSearchParams` and `application/x-www-form-urlencoded` of browsers: `*` stays, `~` is escaped, a blank as `+`.
pub(super) fn browser_form(text: &[u8], output: &mut Vec<u8>) {
    let start = output.len();
    escape_with(text, output, UPPER, |byte| {
        (unreserved(byte) && byte != b'~') || byte == b'*'
    });
    replace_from(output, start, *b"%20", b'+');
}

/// As `encodeURI`: what separates parts of a URL stays.
pub(super) fn whole_uri(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| {
        unreserved(byte) || b"!*'();:@&=+$,/?#".contains(&byte)
    });
}

/// Brackets stay.
pub(super) fn brackets_raw(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| {
        unreserved(byte) || matches!(byte, b'[' | b']')
    });
}

/// `/` stays, as `quote` of Python leaves it.
pub(super) fn slash_raw(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| unreserved(byte) || byte == b'/');
}

/// `~` escaped.
pub(super) fn tilde_escaped(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| unreserved(byte) && byte != b'~');
}

/// `- . _ ~` escaped: letters and digits alone stay.
pub(super) fn letters_only(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, UPPER, |byte| byte.is_ascii_alphanumeric());
}

/// Lower-case digits.
pub(super) fn lower_hex(text: &[u8], output: &mut Vec<u8>) {
    escape_with(text, output, LOWER, unreserved);
}

/// Decoded once more before it is escaped.
pub(super) fn decoded_first(text: &[u8], output: &mut Vec<u8>) {
    standard(&decode(text), output);
}

/// UTF-8 read as Latin-1 and written as UTF-8 again.
pub(super) fn utf8_twice(text: &[u8], output: &mut Vec<u8>) {
    let wide: String = text.iter().map(|&byte| char::from(byte)).collect();
    standard(wide.as_bytes(), output);
}

/// Latin-1 in place of UTF-8; what has no Latin-1 form is `?`.
pub(super) fn latin1(text: &[u8], output: &mut Vec<u8>) {
    let narrow: Vec<u8> = String::from_utf8_lossy(text)
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
        .collect();
    standard(&narrow, output);
}

/// Everything beyond ASCII left out.
pub(super) fn ascii_only(text: &[u8], output: &mut Vec<u8>) {
    let ascii: Vec<u8> = text.iter().copied().filter(u8::is_ascii).collect();
    standard(&ascii, output);
}

/// Everything beyond ASCII replaced by one `?` a character.
pub(super) fn question_marks(text: &[u8], output: &mut Vec<u8>) {
    let ascii: Vec<u8> = String::from_utf8_lossy(text)
        .chars()
        .map(|letter| {
            if letter.is_ascii() {
                letter as u8
            } else {
                b'?'
            }
        })
        .collect();
    standard(&ascii, output);
}

/// Lower case throughout, the digits of escapes included.
pub(super) fn lower_case(text: &[u8], output: &mut Vec<u8>) {
    lower_hex(&text.to_ascii_lowercase(), output);
}

/// `& < > " '` as HTML entities.
pub(super) fn html(text: &[u8], output: &mut Vec<u8>) {
    let mut marked = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'&' => marked.extend_from_slice(b"&amp;"),
            b'<' => marked.extend_from_slice(b"&lt;"),
            b'>' => marked.extend_from_slice(b"&gt;"),
            b'"' => marked.extend_from_slice(b"&quot;"),
            b'\'' => marked.extend_from_slice(b"&#039;"),
            _ => marked.push(byte),
        }
    }
    standard(&marked, output);
}

/// Blanks at either end cut.
pub(super) fn trimmed(text: &[u8], output: &mut Vec<u8>) {
    standard(text.trim_ascii(), output);
}

fn replace_from(output: &mut Vec<u8>, start: usize, from: [u8; 3], to: u8) {
    let (mut read, mut write) = (start, start);
    while read < output.len() {
        if output[read..].starts_with(&from) {
            output[write] = to;
            read += from.len();
        } else {
            output[write] = output[read];
            read += 1;
        }
        write += 1;
    }
    output.truncate(write);
}
