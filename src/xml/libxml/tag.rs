//! Tags, attributes and references.

use super::super::limits::MAX_ATTRIBUTES;
use super::{Open, Read, Scanner, Stop, is_allowed, is_blank};

/// An attribute that declares no name space.
type Qualified<'text> = (Option<&'text str>, &'text str);

impl<'text> Scanner<'text> {
    pub(super) fn start_tag(&mut self) -> Read {
        let at = self.at;
        self.at += 1;
        let Some((prefix, name)) = self.qualified()? else {
            return Err(Stop::saying("StartTag: invalid element name"));
        };
        let mut open = Open {
            prefix,
            name,
            at,
            declared: Vec::new(),
        };
        let mut attributes: Vec<Qualified<'text>> = Vec::new();
        self.blanks();
        while !self.at_tag_end() && self.rest().starts_with(is_allowed) {
            let (attribute, value) = self.attribute()?;
            match attribute {
                (None, "xmlns") => open.declare("", value)?,
                (Some("xmlns"), declared) => open.declare(declared, value)?,
                // Its values are checked with a warning.
                (Some("xml"), _) => return Err(Stop::UNCERTAIN),
                ordinary => attributes.push(ordinary),
            }
            if attributes.len() + open.declared.len() > MAX_ATTRIBUTES {
                return Err(Stop::UNCERTAIN);
            }
            if self.at_tag_end() {
                break;
            }
            if !self.blanks() {
                return Err(Stop::saying("attributes construct error"));
            }
        }
        self.open.push(open);
        self.check_names(&attributes)?;
        if self.eat("/>") {
            self.open.pop();
            Ok(())
        } else if self.eat(">") {
            Ok(())
        } else {
            Err(Stop::saying(format!(
                "Couldn't find end of Start Tag {name} line {}",
                self.line(at)
            )))
        }
    }

    pub(super) fn end_tag(&mut self) -> Read {
        let open = self.open.pop().expect("only asked inside an element");
        let (is_same, found) = if open.prefix.is_some() {
            let found = self.qualified()?;
            (
                found == Some((open.prefix, open.name)),
                found.map(|name| name.1),
            )
        } else {
            let found = self.name()?;
            (found == Some(open.name), found)
        };
        self.blanks();
        if !self.eat(">") {
            return Err(Stop::saying("expected '>'"));
        }
        if is_same {
            return Ok(());
        }
        Err(Stop::saying(format!(
            "Opening and ending tag mismatch: {} line {} and {}",
            open.name,
            self.line(open.at),
            found.unwrap_or("unparsable")
        )))
    }

    pub(super) fn reference(&mut self) -> Read {
        if self.eat("&#x") {
            return self.number(16, "hexadecimal");
        }
        if self.eat("&#") {
            return self.number(10, "decimal");
        }
        self.at += 1;
        let Some(name) = self.name()? else {
            return Err(Stop::saying("xmlParseEntityRef: no name"));
        };
        if !self.eat(";") {
            return Err(Stop::saying("EntityRef: expecting ';'"));
        }
        if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
            return Ok(());
        }
        Err(Stop::saying(format!("Entity '{name}' not defined")))
    }

    fn number(&mut self, radix: u32, kind: &str) -> Read {
        const BEYOND: u32 = 0x11_0000;
        let mut number = 0;
        while !self.eat(";") {
            let digit = self.rest().chars().next().and_then(|it| it.to_digit(radix));
            let Some(digit) = digit else {
                return Err(Stop::saying(format!("CharRef: invalid {kind} value")));
            };
            number = (number * radix + digit).min(BEYOND);
            self.at += 1;
        }
        if number == BEYOND {
            return Err(Stop::saying(
                "xmlParseCharRef: character reference out of bounds",
            ));
        }
        match char::from_u32(number) {
            Some('\u{FFFE}'..='\u{FFFF}') | None => {}
            Some(character) if !is_allowed(character) => {}
            Some(_) => return Ok(()),
        }
        Err(Stop::saying(format!(
            "xmlParseCharRef: invalid xmlChar value {number}"
        )))
    }

    fn at_tag_end(&self) -> bool {
        self.rest().starts_with('>') || self.rest().starts_with("/>")
    }

    fn attribute(&mut self) -> Read<(Qualified<'text>, &'text str)> {
        let Some(attribute) = self.qualified()? else {
            return Err(Stop::saying("error parsing attribute name"));
        };
        self.blanks();
        if !self.eat("=") {
            return Err(Stop::saying(format!(
                "Specification mandates value for attribute {}",
                attribute.1
            )));
        }
        self.blanks();
        let Some(quote @ ('"' | '\'')) = self.rest().chars().next() else {
            return Err(Stop::saying("AttValue: \" or ' expected"));
        };
        self.at += 1;
        let start = self.at;
        loop {
            match self.character()? {
                None => return Err(Stop::saying("AttValue: ' expected")),
                Some('<') => {
                    return Err(Stop::saying(
                        "Unescaped '<' not allowed in attributes values",
                    ));
                }
                Some('&') => self.reference()?,
                Some(end) if end == quote => break,
                Some(character) if is_allowed(character) => self.at += character.len_utf8(),
                Some(_) => return Err(Stop::saying("invalid character in attribute value")),
            }
        }
        let value = &self.text[start..self.at];
        self.at += 1;
        Ok((attribute, value))
    }

    /// Of the innermost element and its attributes: prefixes that nothing declares, attributes given twice.
    fn check_names(&self, attributes: &[Qualified<'text>]) -> Read {
        let open = self.open.last().expect("it was opened just now");
        for (number, (prefix, name)) in attributes.iter().enumerate() {
            if let Some(prefix) = prefix
                && !self.is_declared(prefix)
            {
                return Err(Stop::saying(format!(
                    "Namespace prefix {prefix} for {name} on {} is not defined",
                    open.name
                )));
            }
            for (other, same) in &attributes[..number] {
                if same != name {
                    continue;
                }
                match (prefix, other) {
                    (None, None) => {
                        return Err(Stop::saying(format!("Attribute {name} redefined")));
                    }
                    (Some(one), Some(two)) if one == two => {
                        return Err(Stop::saying(format!("Attribute {one}:{name} redefined")));
                    }
                    // They may stand for the same name space.
                    (Some(_), Some(_)) => return Err(Stop::UNCERTAIN),
                    _ => {}
                }
            }
        }
        match open.prefix {
            Some(prefix) if !self.is_declared(prefix) => Err(Stop::saying(format!(
                "Namespace prefix {prefix} on {} is not defined",
                open.name
            ))),
            _ => Ok(()),
        }
    }

    fn is_declared(&self, prefix: &str) -> bool {
        prefix == "xml" || self.open.iter().any(|open| open.declared.contains(&prefix))
    }
}

impl<'text> Open<'text> {
    /// Takes in a name space, of which libxml2 says nothing when it is a plain absolute URI.
    fn declare(&mut self, prefix: &'text str, uri: &str) -> Read {
        let is_plain = |rest: &str| {
            rest.chars().all(|letter| {
                letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '-' | '_')
            })
        };
        let is_known = uri.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.chars().all(|letter| letter.is_ascii_alphanumeric())
                && is_plain(rest)
        });
        let is_reserved = matches!(prefix, "xml" | "xmlns")
            || uri.starts_with("http://www.w3.org/XML/")
            || uri.starts_with("http://www.w3.org/2000/xmlns");
        let colon = if prefix.is_empty() { "" } else { ":" };
        if self.declared.contains(&prefix) {
            return Err(Stop::saying(format!(
                "Attribute xmlns{colon}{prefix} redefined"
            )));
        }
        let is_none = uri.is_empty() && prefix.is_empty();
        if uri.contains(is_blank) && !uri.contains('&') && !is_reserved {
            return Err(Stop::saying(format!(
                "xmlns{colon}{prefix}: '{}' is not a valid URI",
                uri.replace("\r\n", " ").replace(is_blank, " ")
            )));
        }
        if is_reserved || !(is_known || is_none) {
            return Err(Stop::UNCERTAIN);
        }
        self.declared.push(prefix);
        Ok(())
    }
}
