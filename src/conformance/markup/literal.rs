//! The string literals of a script, as ECMAScript reads them.
//!
//! Enough of the grammar to tell a string from a comment, a regular expression and a template; JSON is read as well. Deliberately absent:
//! everything else of the language.

use std::iter::Peekable;
use std::str::Chars;

/// The values of all string literals, in the order in which they stand. Templates count when nothing is put into them.
pub(crate) fn strings(script: &str) -> Vec<String> {
    let mut letters = script.chars().peekable();
    let mut found = Vec::new();
    // Whether a slash here would begin a regular expression rather than divide.
    let mut operand = true;
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                found.extend(string(&mut letters, letter));
                operand = false;
            }
            '`' => {
                found.extend(template(&mut letters));
                operand = false;
            }
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| is_line_end(*letter));
            }
            '/' if letters.peek() == Some(&'*') => {
                letters.next();
                comment(&mut letters);
            }
            '/' if operand => {
                expression(&mut letters);
                operand = false;
            }
            _ if letter.is_whitespace() => {}
            _ => operand = !(letter.is_alphanumeric() || "_$)]}".contains(letter)),
        }
    }
    found
}

/// The string that a script assigns to this variable, when it is a literal.
pub(crate) fn assigned(script: &str, name: &str) -> Option<String> {
    let mut rest = script;
    while let Some(at) = rest.find(name) {
        rest = &rest[at + name.len()..];
        let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(value) = value.filter(|value| value.starts_with(['\'', '"'])) {
            return strings(value).into_iter().next();
        }
    }
    None
}

const fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The rest of a string whose first quote was read; none when it has no end on its line.
fn string(letters: &mut Peekable<Chars>, quote: char) -> Option<String> {
    let mut value = Units::default();
    loop {
        match letters.next()? {
            letter if letter == quote => return Some(value.text()),
            '\\' => escape(letters, &mut value)?,
            '\n' | '\r' => return None,
            letter => value.push(letter),
        }
    }
}

fn template(letters: &mut Peekable<Chars>) -> Option<String> {
    let mut value = Units::default();
    let mut plain = true;
    loop {
        match letters.next()? {
            '`' => return plain.then(|| value.text()),
            '\\' => escape(letters, &mut value)?,
            '$' if letters.peek() == Some(&'{') => plain = false,
            letter => value.push(letter),
        }
    }
}

fn comment(letters: &mut Peekable<Chars>) {
    let mut star = false;
    for letter in letters {
        if star && letter == '/' {
            return;
        }
        star = letter == '*';
    }
}

fn expression(letters: &mut Peekable<Chars>) {
    let mut class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return,
            _ if is_line_end(letter) => return,
            _ => {}
        }
    }
}

/// One escape, of which the backslash was read.
fn escape(letters: &mut Peekable<Chars>, value: &mut Units) -> Option<()> {
    match letters.next()? {
        'u' if letters.peek() == Some(&'{') => {
            letters.next();
            let mut code = 0_u32;
            loop {
                match letters.next()? {
                    '}' => break,
                    digit => code = code.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
                }
            }
            value.push(char::from_u32(code)?);
        }
        'u' => value.units.push(hexadecimal(letters, 4)?),
        'x' => value.units.push(hexadecimal(letters, 2)?),
        'b' => value.push('\u{8}'),
        'f' => value.push('\u{c}'),
        'n' => value.push('\n'),
        'r' => value.push('\r'),
        't' => value.push('\t'),
        'v' => value.push('\u{b}'),
        first @ '0'..='7' => octal(letters, first, value),
        '\r' => {
            letters.next_if_eq(&'\n');
        }
        '\n' | '\u{2028}' | '\u{2029}' => {}
        letter => value.push(letter),
    }
    Some(())
}

fn hexadecimal(letters: &mut Peekable<Chars>, digits: u8) -> Option<u16> {
    (0..digits).try_fold(0_u16, |code, _| {
        let digit = letters.next()?.to_digit(16)?;
        Some(code << 4 | u16::try_from(digit).ok()?)
    })
}

/// Up to three digits, at most 255, as scripts outside of strict mode have them.
fn octal(letters: &mut Peekable<Chars>, first: char, value: &mut Units) {
    let mut code = first.to_digit(8).unwrap_or_default();
    for _ in 0..2 {
        let next = letters.peek().and_then(|letter| letter.to_digit(8));
        let Some(more) = next
            .map(|digit| code * 8 + digit)
            .filter(|code| *code < 256)
        else {
            break;
        };
        code = more;
        letters.next();
    }
    value.push(char::from_u32(code).unwrap_or_default());
}

/// A value as the language keeps it: two escapes can make one letter.
#[derive(Default)]
struct Units {
    units: Vec<u16>,
}

impl Units {
    fn push(&mut self, letter: char) {
        self.units
            .extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }

    fn text(&self) -> String {
        String::from_utf16_lossy(&self.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(script: &str) -> String {
        strings(script).concat()
    }

    #[test]
    fn every_escape_is_read() {
        for (script, value) in [
            (r"'\u0068\u003A\x2F\/'", "h://"),
            (r#""\b\f\n\r\t\v\'\"\\""#, "\u{8}\u{c}\n\r\t\u{b}'\"\\"),
            (r"'\u{1F600}\uD83D\uDE00'", "😀😀"),
            (r"'\0\101\q'", "\0Aq"),
            ("'a\\\nb\\\r\nc'", "abc"),
            ("'it\u{2019}s'", "it\u{2019}s"),
        ] {
            assert_eq!(one(script), value, "{script}");
        }
    }

    #[test]
    fn what_is_no_string_is_passed_over() {
        let script = r#"// 'no'
            /* "no" */ var a = b / c / 'one'; x.replace(/['"\/]/g, "two"); if (/[/']/.test(y)) {}
            z = `three`; w = `no${1}`; "unterminated
            'four'"#;
        assert_eq!(strings(script), ["one", "two", "three", "four"]);
    }

    #[test]
    fn an_escape_that_is_none_ends_its_string_only() {
        assert_eq!(
            strings(r"f('\u00', 'good')").last().map(String::as_str),
            Some("good")
        );
    }

    #[test]
    fn the_urls_of_a_real_grid_are_its_arguments() {
        let script = r"window.integration = new Integration(
            'http\u003A\u002F\u002Fshop.example\u002Fadmin\u002Fadmin\u002Fintegration\u002FtokensExchange\u002Fid\u002F\u003Aid\u002Freauthorize\u002F\u003AisReauthorize\u002Fkey\u002Fab12\u002F',
            'b');";
        assert_eq!(
            strings(script),
            [
                "http://shop.example/admin/admin/integration/tokensExchange/id/:id/reauthorize/:isReauthorize/key/ab12/",
                "b"
            ]
        );
    }
}
