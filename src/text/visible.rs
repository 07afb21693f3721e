//! What a peer sent, as a person may see it: nothing that a terminal obeys, nothing that looks like something else, and not too much of it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters of an answer that a report quotes.
pub const QUOTED: usize = 1000;

/// Whether a reader would not see the character for what it is, or a terminal would obey it: controls, direction marks, blanks without width
/// or with another than that of a space, the byte order mark.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
            | '\u{3000}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text on one line, with an escape such as `\n` or `\u{202e}` for each hidden character.
///
/// ```
/// # use magespec::text::visible;
/// assert_eq!(visible::line("a\u{1b}[31m\n"), r"a\u{1b}[31m\n");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// The same with its lines kept.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter == '\n')
}

/// The same with its lines kept, whose carriage returns go: the head of an HTTP message as text.
#[must_use]
pub fn message(text: &str) -> String {
    lines(&text.replace("\r\n", "\n")).into_owned()
}

fn escaped(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |letter: char| is_hidden(letter) && !kept(letter);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut output = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            letter if !hidden(letter) => output.push(letter),
            '\n' | '\r' | '\t' => output.extend(letter.escape_default()),
            letter => output.extend(letter.escape_unicode()),
        }
    }
    Cow::Owned(output)
}

/// The text with everything but printable ASCII escaped, backslashes too: no two different texts look the same.
#[must_use]
pub fn exact(text: &str) -> String {
    text.escape_default().to_string()
}

/// The first `most` characters; what is left out is counted in bytes.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}… ({} bytes more)", &text[..at], text.len() - at)),
    }
}

/// A JSON text whose hidden characters are escaped as JSON does it: the same document, harmless on a terminal. Line ends between its values
/// stay.
#[must_use]
pub fn json(text: String) -> String {
    let hidden = |letter: char| is_hidden(letter) && letter != '\n';
    if !text.contains(hidden) {
        return text;
    }
    let mut output = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(output, "\\u{unit:04x}");
            }
        } else {
            output.push(letter);
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left_and_the_rest_stays() {
        let sent = "é\u{202e}\u{feff}\u{9b}31m\r\n\u{7}\t\u{200b}`\\n`";
        assert_eq!(
            line(sent),
            r"é\u{202e}\u{feff}\u{9b}31m\r\n\u{7}\t\u{200b}`\n`"
        );
        assert_eq!(lines("a\nb\u{1b}c"), "a\nb\\u{1b}c");
        assert_eq!(message("a: b\r\n\r\nc\rd"), "a: b\n\nc\\rd");
    }

    #[test]
    fn what_is_cut_off_is_counted() {
        assert_eq!(cut("dèf", 3), "dèf");
        assert_eq!(cut("dèfgh", 2), "dè… (3 bytes more)");
    }

    #[test]
    fn a_json_text_stays_the_same_document() {
        let value = serde_json::json!({"a": "\u{1b}[0m\u{9b}\u{202e}\u{e0041}é"});
        let text = json(format!("{value:#}"));
        assert!(
            !text.contains(|letter| is_hidden(letter) && letter != '\n'),
            "{text}"
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(read, value);
    }
}
