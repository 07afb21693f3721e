use std::collections::HashMap;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesRef;

use super::limits::MAX_EXPANSION;

/// The general entities that an internal DTD declares, with what is left of the room for expansion.
#[derive(Debug)]
pub(super) struct Entities {
    values: HashMap<String, Option<String>>,
    room: usize,
}

/// Why a reference cannot be resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// Nothing declares it.
    Undeclared(String),
    /// It stands for a file or URL.
    External(String),
    /// It contains itself, or all expansions together are too long.
    TooMuch,
    /// `&` without name, or a name without `;`.
    Dangling,
    /// A character number that XML does not allow.
    NoCharacter(String),
}

impl Entities {
    pub(super) fn new() -> Self {
        Self {
            values: HashMap::new(),
            room: MAX_EXPANSION,
        }
    }

    /// Reads the `<!ENTITY …>` declarations of a DOCTYPE. The first declaration of a name counts.
    pub(super) fn declare(&mut self, doctype: &str) {
        let mut rest = doctype;
        while let Some(at) = rest.find("<!ENTITY") {
            rest = &rest[at + "<!ENTITY".len()..];
            let words = rest.trim_start();
            let Some((name, after)) = words.split_once(char::is_whitespace) else {
                return;
            };
            // A parameter entity (`%`) only matters inside the DTD.
            if name == "%" {
                continue;
            }
            let after = after.trim_start();
            let value = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..]
                    .split_once(quote)
                    .map(|(value, _)| value.to_owned()),
                _ => None,
            };
            self.values.entry(name.to_owned()).or_insert(value);
        }
    }

    /// What `&name;` stands for.
    pub(super) fn resolve(&mut self, name: &str) -> Result<String, Unresolved> {
        self.resolve_at(name, 0)
    }

    fn resolve_at(&mut self, name: &str, depth: usize) -> Result<String, Unresolved> {
        if name.starts_with('#') {
            return match BytesRef::new(name).resolve_char_ref() {
                Ok(Some(character)) if is_xml_character(character) => Ok(character.to_string()),
                _ => Err(Unresolved::NoCharacter(name.to_owned())),
            };
        }
        if let Some(predefined) = resolve_xml_entity(name) {
            return Ok(predefined.to_owned());
        }
        if depth > 16 {
            return Err(Unresolved::TooMuch);
        }
        let value = match self.values.get(name) {
            None => return Err(Unresolved::Undeclared(name.to_owned())),
            Some(None) => return Err(Unresolved::External(name.to_owned())),
            Some(Some(value)) => value.clone(),
        };
        self.room = self
            .room
            .checked_sub(value.len() + 1)
            .ok_or(Unresolved::TooMuch)?;
        self.expand_at(&value, depth + 1)
    }

    /// `raw` with every reference resolved. The offset of the reference comes with the error.
    pub(super) fn expand(&mut self, raw: &str) -> Result<String, (usize, Unresolved)> {
        let mut expanded = String::with_capacity(raw.len());
        let mut at = 0;
        while let Some(found) = raw[at..].find('&') {
            let start = at + found;
            expanded.push_str(&raw[at..start]);
            let Some(name) = reference(&raw[start + 1..]) else {
                return Err((start, Unresolved::Dangling));
            };
            let value = self.resolve(name).map_err(|why| (start, why))?;
            expanded.push_str(&value);
            at = start + name.len() + 2;
        }
        expanded.push_str(&raw[at..]);
        Ok(expanded)
    }

    fn expand_at(&mut self, raw: &str, depth: usize) -> Result<String, Unresolved> {
        let mut expanded = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('&') {
            expanded.push_str(before);
            let name = reference(after).ok_or(Unresolved::Dangling)?;
            expanded.push_str(&self.resolve_at(name, depth)?);
            rest = &after[name.len() + 1..];
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

/// The name of the reference whose text begins after its `&`.
fn reference(after: &str) -> Option<&str> {
    let name = &after[..after.find(';')?];
    let fits =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '#' | '_' | '.' | '-' | ':');
    (!name.is_empty() && name.chars().all(fits)).then_some(name)
}

/// Whether XML 1.0 allows the character.
pub(super) fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
