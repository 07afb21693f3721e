//! Names, with a colon and without.

use super::{Read, Scanner, Stop};

impl<'text> Scanner<'text> {
    /// A name that may hold colons.
    pub(super) fn name(&mut self) -> Read<Option<&'text str>> {
        self.word(
            |first| first == ':' || begins(first),
            |other| other == ':' || goes_on(other),
        )
    }

    /// A name with its prefix.
    pub(super) fn qualified(&mut self) -> Read<Option<(Option<&'text str>, &'text str)>> {
        let Some(first) = self.local()? else {
            return match self.name()? {
                Some(whole) => Err(unparsable(whole)),
                None => Ok(None),
            };
        };
        if !self.eat(":") {
            return Ok(Some((None, first)));
        }
        let Some(second) = self.local()? else {
            return Err(unparsable(&format!("{first}:")));
        };
        if self.eat(":") {
            return Err(unparsable(&format!("{first}:{second}:")));
        }
        Ok(Some((Some(first), second)))
    }

    fn local(&mut self) -> Read<Option<&'text str>> {
        self.word(begins, goes_on)
    }

    fn word(
        &mut self,
        begins: impl Fn(char) -> bool,
        goes_on: impl Fn(char) -> bool,
    ) -> Read<Option<&'text str>> {
        let start = self.at;
        while let Some(character) = self.character()? {
            let fits = if self.at == start {
                begins(character)
            } else {
                goes_on(character)
            };
            if !fits {
                break;
            }
            self.at += character.len_utf8();
        }
        let word = &self.text[start..self.at];
        Ok((!word.is_empty()).then_some(word))
    }
}

fn unparsable(name: &str) -> Stop {
    Stop::saying(format!("Failed to parse QName '{name}'"))
}

/// Production `[4]` of XML 1.0, fifth edition, without the colon.
fn begins(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// Production `[4a]`.
fn goes_on(letter: char) -> bool {
    begins(letter)
        || matches!(letter,
            '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
