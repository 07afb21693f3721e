use std::borrow::Cow;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, or ASCII, which is the same.
    Utf8,
    /// UTF-16, big or little endian.
    Utf16,
    /// ISO-8859-1.
    Latin1,
    /// Windows-1252.
    Windows1252,
}

/// A file as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'bytes> {
    /// Without byte-order mark.
    pub text: Cow<'bytes, str>,
    /// How it was written.
    pub encoding: Encoding,
    /// It began with a byte-order mark.
    pub has_mark: bool,
}

/// Why a file is no text that libxml2 would read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// Bytes at this offset are no UTF-8, and no other encoding is declared.
    NotUtf8 {
        /// Offset of the first wrong byte, without the byte-order mark.
        at: usize,
    },
    /// The declared encoding is not one that is read here.
    Unsupported {
        /// The name in the declaration.
        name: String,
    },
    /// It holds NUL bytes: no text file.
    Binary,
}

/// The characters of Windows-1252 at 0x80 to 0x9F; the five holes stay control characters.
const WINDOWS_1252: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// Turns the bytes of an XML file into text by byte-order mark, declaration, or else as UTF-8 (docs/protocol/module-files.md#xml-rules-that-surprise).
///
/// # Errors
/// When the bytes are no text in the encoding that they claim.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Undecodable> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes, true),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes, true),
        [b'<', 0, ..] => return utf16(bytes, u16::from_le_bytes, false),
        [0, b'<', ..] => return utf16(bytes, u16::from_be_bytes, false),
        _ => {}
    }
    let (body, has_mark) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (rest, true),
        _ => (bytes, false),
    };
    if body.contains(&0) {
        return Err(Undecodable::Binary);
    }
    let name = declared_encoding(body).unwrap_or("UTF-8");
    let single_byte = |table: fn(u8) -> char| Cow::Owned(body.iter().copied().map(table).collect());
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    // A UTF-8 mark settles it, whatever the declaration says.
    let (text, encoding) = if has_mark || is(&["UTF-8", "UTF8", "US-ASCII", "ASCII"]) {
        match std::str::from_utf8(body) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(error) => {
                return Err(Undecodable::NotUtf8 {
                    at: error.valid_up_to(),
                });
            }
        }
    } else if is(&["ISO-8859-1", "LATIN1", "LATIN-1"]) {
        (single_byte(char::from), Encoding::Latin1)
    } else if is(&["WINDOWS-1252", "CP1252"]) {
        let windows = |byte| match byte {
            0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        (single_byte(windows), Encoding::Windows1252)
    } else {
        return Err(Undecodable::Unsupported {
            name: name.to_owned(),
        });
    };
    Ok(Decoded {
        text,
        encoding,
        has_mark,
    })
}

fn utf16(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    has_mark: bool,
) -> Result<Decoded<'static>, Undecodable> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let text = String::from_utf16(&pairs.iter().copied().map(unit).collect::<Vec<u16>>());
    match text {
        Ok(text) if odd.is_empty() => Ok(Decoded {
            text: Cow::Owned(text),
            encoding: Encoding::Utf16,
            has_mark,
        }),
        _ => Err(Undecodable::Binary),
    }
}

/// The value of `encoding` in an XML declaration at the very start.
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(200)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let (_, value) = declaration.strip_prefix("<?xml")?.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next()
}
