//! GraphQL documents, read as far as a store's answers tell them apart: operations, fields and where they stand; refusals are worded as
//! stores word them (measured 2.4.7-p3).

use std::fmt;

/// Line and column of a token, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Query,
    Mutation,
    Subscription,
}

impl Kind {
    /// The type whose fields it selects.
    pub(super) const fn root(self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Mutation => "Mutation",
            Self::Subscription => "Subscription",
        }
    }
}

/// An operation of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) place: Place,
    pub(super) fields: Vec<Field>,
}

/// A field that is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The name in the answer.
    pub(super) alias: String,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) fields: Vec<Field>,
    /// Whether fragments are selected beside the fields.
    pub(super) spreads: bool,
}

/// A document that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) sentence: String,
    pub(super) place: Place,
}

/// The operations of a document, in order.
pub(super) fn read(text: &str) -> Result<Vec<Operation>, SyntaxError> {
    let mut reader = Reader::new(text)?;
    let mut operations = Vec::new();
    loop {
        operations.extend(reader.definition()?);
        if reader.token == Token::End {
            return Ok(operations);
        }
    }
}

/// How deep selections may nest; deeper documents are answered as ones that end too early.
const DEEPEST: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Mark(&'static str),
    Name(String),
    Value(&'static str, String),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mark(mark) => formatter.write_str(mark),
            Self::Name(name) => write!(formatter, "Name \"{name}\""),
            Self::Value(kind, text) => write!(formatter, "{kind} \"{text}\""),
            Self::End => formatter.write_str("<EOF>"),
        }
    }
}

const MARKS: [&str; 14] = [
    "...", "!", "$", "&", "(", ")", ":", "=", "@", "[", "]", "{", "|", "}",
];

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    column: usize,
    token: Token,
    place: Place,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, SyntaxError> {
        let place = Place { line: 1, column: 1 };
        let mut reader = Self {
            rest: text,
            line: 1,
            column: 1,
            token: Token::End,
            place,
            depth: 0,
        };
        reader.advance()?;
        Ok(reader)
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.column += taken.chars().count();
        taken
    }

    fn skip_ignored(&mut self) {
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '\n' => {
                    self.rest = &self.rest[1..];
                    self.line += 1;
                    self.column = 1;
                }
                ' ' | '\t' | ',' | '\r' | '\u{feff}' => {
                    self.take(letter.len_utf8());
                }
                '#' => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.take(end);
                }
                _ => return,
            }
        }
    }

    fn advance(&mut self) -> Result<(), SyntaxError> {
        self.skip_ignored();
        self.place = Place {
            line: self.line,
            column: self.column,
        };
        self.token = self.next_token()?;
        Ok(())
    }

    fn next_token(&mut self) -> Result<Token, SyntaxError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        if let Some(mark) = MARKS.into_iter().find(|mark| self.rest.starts_with(mark)) {
            self.take(mark.len());
            return Ok(Token::Mark(mark));
        }
        let run = |text: &str, fits: fn(char) -> bool| {
            text.find(|letter| !fits(letter)).unwrap_or(text.len())
        };
        if first.is_ascii_alphabetic() || first == '_' {
            let end = run(self.rest, |letter| {
                letter.is_ascii_alphanumeric() || letter == '_'
            });
            return Ok(Token::Name(self.take(end).to_owned()));
        }
        if first.is_ascii_digit() || first == '-' {
            let end = run(self.rest, |letter| {
                letter.is_ascii_alphanumeric() || "+-.".contains(letter)
            });
            let text = self.take(end).to_owned();
            let kind = if text.contains(['.', 'e', 'E']) {
                "Float"
            } else {
                "Int"
            };
            return Ok(Token::Value(kind, text));
        }
        if first == '"' {
            return self.text();
        }
        Err(self.error(&format!(
            "Cannot parse the unexpected character \"{first}\"."
        )))
    }

    fn text(&mut self) -> Result<Token, SyntaxError> {
        if self.rest.starts_with("\"\"\"") {
            let Some(end) = self.rest[3..].find("\"\"\"") else {
                return Err(self.error("Unterminated string."));
            };
            let text = self.take(end + 6);
            self.line += text.matches('\n').count();
            return Ok(Token::Value("BlockString", text[3..end + 3].to_owned()));
        }
        let mut escaped = false;
        for (at, letter) in self.rest.char_indices().skip(1) {
            match letter {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let text = self.take(at + 1);
                    return Ok(Token::Value("String", text[1..at].to_owned()));
                }
                _ => {}
            }
        }
        Err(self.error("Unterminated string."))
    }

    fn error(&self, what: &str) -> SyntaxError {
        SyntaxError {
            sentence: format!("Syntax Error: {what}"),
            place: self.place,
        }
    }

    fn unexpected(&self) -> SyntaxError {
        self.error(&format!("Unexpected {}", self.token))
    }

    fn passes(&mut self, mark: &str) -> Result<bool, SyntaxError> {
        let there = matches!(&self.token, Token::Mark(found) if *found == mark);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, mark: &str) -> Result<(), SyntaxError> {
        if self.passes(mark)? {
            return Ok(());
        }
        Err(self.error(&format!("Expected {mark}, found {}", self.token)))
    }

    fn name(&mut self) -> Result<String, SyntaxError> {
        let Token::Name(name) = &self.token else {
            return Err(self.error(&format!("Expected Name, found {}", self.token)));
        };
        let name = name.clone();
        self.advance()?;
        Ok(name)
    }

    /// An operation; a fragment is passed over.
    fn definition(&mut self) -> Result<Option<Operation>, SyntaxError> {
        let place = self.place;
        let kind = match &self.token {
            Token::Mark("{") => {
                let (fields, _) = self.selection()?;
                return Ok(Some(Operation {
                    kind: Kind::Query,
                    name: None,
                    place,
                    fields,
                }));
            }
            Token::Name(word) => match word.as_str() {
                "query" => Some(Kind::Query),
                "mutation" => Some(Kind::Mutation),
                "subscription" => Some(Kind::Subscription),
                "fragment" => None,
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.advance()?;
        let name = match &self.token {
            Token::Name(_) => Some(self.name()?),
            _ => None,
        };
        let Some(kind) = kind else {
            while matches!(self.token, Token::Name(_)) {
                self.advance()?;
            }
            self.directives()?;
            self.selection()?;
            return Ok(None);
        };
        if self.passes("(")? {
            self.until(")")?;
        }
        self.directives()?;
        let (fields, _) = self.selection()?;
        Ok(Some(Operation {
            kind,
            name,
            place,
            fields,
        }))
    }

    /// Everything to a closing mark, with what is bracketed between.
    fn until(&mut self, end: &str) -> Result<(), SyntaxError> {
        if !matches!(self.token, Token::Mark("$") | Token::Name(_)) {
            self.name()?;
        }
        let mut open = 1_usize;
        while open > 0 {
            match &self.token {
                Token::Mark("(" | "[" | "{") => open += 1,
                Token::Mark(")" | "]" | "}") => open -= 1,
                Token::End => {
                    return Err(self.error(&format!("Expected {end}, found <EOF>")));
                }
                _ => {}
            }
            self.advance()?;
        }
        Ok(())
    }

    fn directives(&mut self) -> Result<(), SyntaxError> {
        while self.passes("@")? {
            self.name()?;
            if self.passes("(")? {
                self.until(")")?;
            }
        }
        Ok(())
    }

    /// The fields between braces, and whether fragments stand among them: the fields of fragments that have no name count.
    fn selection(&mut self) -> Result<(Vec<Field>, bool), SyntaxError> {
        self.expect("{")?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("Unexpected <EOF>"));
        }
        let (mut fields, mut spreads) = (Vec::new(), false);
        loop {
            if self.passes("...")? {
                spreads = true;
                if let Token::Name(word) = &self.token {
                    let on_type = word == "on";
                    self.advance()?;
                    if on_type {
                        self.name()?;
                    }
                }
                self.directives()?;
                if matches!(self.token, Token::Mark("{")) {
                    fields.extend(self.selection()?.0);
                }
            } else {
                fields.push(self.field()?);
            }
            if self.passes("}")? {
                self.depth -= 1;
                return Ok((fields, spreads));
            }
        }
    }

    fn field(&mut self) -> Result<Field, SyntaxError> {
        let place = self.place;
        let alias = self.name()?;
        let name = if self.passes(":")? {
            self.name()?
        } else {
            alias.clone()
        };
        if self.passes("(")? {
            self.until(")")?;
        }
        self.directives()?;
        let (fields, spreads) = match self.token {
            Token::Mark("{") => self.selection()?,
            _ => (Vec::new(), false),
        };
        Ok(Field {
            alias,
            name,
            place,
            fields,
            spreads,
        })
    }
}
