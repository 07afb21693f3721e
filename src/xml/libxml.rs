//! What libxml2 2.9 says first of a text that is no XML: the order of its checks, so that a quoted sentence is the one a store prints.
//!
//! Mostly asked when a text is refused already. It knows no document types and no warnings: where they matter, it says nothing.

use super::limits::MAX_DEPTH;

mod markup;
mod names;
mod tag;

/// The first line of libxml2's first error; None when it has none, or when it is not certain.
pub(super) fn first_sentence(text: &str) -> Option<String> {
    let sentence = Scanner::new(text).document().err()?.0?;
    let line = sentence.lines().next().unwrap_or_default();
    Some(line.trim_end().to_owned())
}

/// Whether the text begins with an XML declaration.
fn is_declaration(text: &str) -> bool {
    text.strip_prefix("<?xml")
        .is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether an XML declaration is an error to it.
pub(super) fn refuses_declaration(written: &str) -> bool {
    let read = Scanner::new(written).declaration();
    read.is_err_and(|stop| stop.0.is_some())
}

/// Where the reading ends: libxml2's sentence, or None when what it says is not certain.
struct Stop(Option<String>);

impl Stop {
    const UNCERTAIN: Self = Self(None);

    fn saying(sentence: impl Into<String>) -> Self {
        Self(Some(sentence.into()))
    }
}

type Read<T = ()> = Result<T, Stop>;

struct Scanner<'text> {
    text: &'text str,
    at: usize,
    open: Vec<Open<'text>>,
}

/// An element that is not closed yet.
struct Open<'text> {
    prefix: Option<&'text str>,
    name: &'text str,
    at: usize,
    /// The prefixes that it declares.
    declared: Vec<&'text str>,
}

impl<'text> Scanner<'text> {
    fn new(text: &'text str) -> Self {
        Self {
            text,
            at: 0,
            open: Vec::new(),
        }
    }

    fn document(mut self) -> Read {
        if self.text.is_empty() {
            return Err(Stop::saying("Document is empty"));
        }
        if self.text.contains('\0') {
            return Err(Stop::UNCERTAIN);
        }
        if is_declaration(self.text) {
            self.declaration()?;
        }
        self.around_the_root()?;
        if self.rest().starts_with("<!DOCTYPE") {
            return Err(Stop::UNCERTAIN);
        }
        if !self.rest().starts_with('<') {
            return Err(Stop::saying("Start tag expected, '<' not found"));
        }
        self.start_tag()?;
        while !self.open.is_empty() {
            self.content()?;
        }
        self.around_the_root()?;
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(Stop::saying("Extra content at the end of the document"))
    }

    fn around_the_root(&mut self) -> Read {
        loop {
            self.blanks();
            if self.eat("<?") {
                self.instruction()?;
            } else if self.eat("<!--") {
                self.comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn content(&mut self) -> Read {
        if self.rest().is_empty() {
            let open = self.open.last().expect("only asked inside an element");
            return Err(Stop::saying(format!(
                "Premature end of data in tag {} line {}",
                open.name,
                self.line(open.at)
            )));
        }
        if self.eat("<?") {
            self.instruction()
        } else if self.eat("<![CDATA[") {
            self.section()
        } else if self.eat("<!--") {
            self.comment()
        } else if self.eat("</") {
            self.end_tag()
        } else if self.rest().starts_with('<') {
            if self.open.len() > MAX_DEPTH {
                return Err(Stop::saying(format!(
                    "Excessive depth in document: {MAX_DEPTH} use XML_PARSE_HUGE option"
                )));
            }
            self.start_tag()
        } else if self.rest().starts_with('&') {
            self.reference()
        } else {
            self.characters()
        }
    }

    fn characters(&mut self) -> Read {
        while let Some(character) = self.character()? {
            if matches!(character, '<' | '&') {
                break;
            }
            if self.rest().starts_with("]]>") {
                return Err(Stop::saying("Sequence ']]>' not allowed in content"));
            }
            if !is_allowed(character) {
                let value = u32::from(character);
                return Err(Stop::saying(format!("PCDATA invalid Char value {value}")));
            }
            self.at += character.len_utf8();
        }
        Ok(())
    }

    fn rest(&self) -> &'text str {
        &self.text[self.at..]
    }

    /// The next character as libxml2 decodes it; None at the end.
    fn character(&self) -> Read<Option<char>> {
        match self.rest().chars().next() {
            Some(outside @ '\u{FFFE}'..='\u{FFFF}') => Err(Stop::saying(format!(
                "Char 0x{:X} out of allowed range",
                u32::from(outside)
            ))),
            character => Ok(character),
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    /// Whether there were blanks; they are passed.
    fn blanks(&mut self) -> bool {
        let before = self.at;
        self.at = self.text.len() - self.rest().trim_start_matches(is_blank).len();
        self.at > before
    }

    fn line(&self, at: usize) -> usize {
        1 + self.text[..at].matches('\n').count()
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Whether XML allows the character; those beyond U+FFFD are refused where they are decoded.
fn is_allowed(character: char) -> bool {
    character >= ' ' || is_blank(character)
}
