//! `registration.php`: the one registration call, read without running PHP (spec config-acl-admin.md §1.3).

use super::Spanned;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// A call of `ComponentRegistrar::register`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The component type as a word: `module`, or what stands there when it is no known constant.
    pub kind: Spanned<String>,
    /// The component name; none when it is no string literal.
    pub name: Option<Spanned<String>>,
}

/// The component types that a store knows.
pub const COMPONENT_TYPES: [&str; 5] = ["module", "library", "theme", "language", "setup"];

impl Registration {
    /// Every registration call in a PHP text, comments and strings aside.
    #[must_use]
    pub fn read(text: &str, source: SourceId) -> Vec<Self> {
        let mut tokens = Tokens { text, at: 0 };
        let mut last = [""; 4];
        let mut calls = Vec::new();
        while let Some(token) = tokens.next() {
            last.rotate_left(1);
            last[3] = token.text;
            let [class, colons, method, open] = last;
            let is_call = class.rsplit('\\').next() == Some("ComponentRegistrar")
                && colons == "::"
                && method.eq_ignore_ascii_case("register")
                && open == "(";
            if is_call {
                calls.extend(Self::of_arguments(&tokens.arguments(), source));
            }
        }
        calls
    }

    fn of_arguments(tokens: &[Token<'_>], source: SourceId) -> Option<Self> {
        let mut arguments = tokens.split(|token| token.is(","));
        let first = arguments.next()?;
        let word = first.last()?;
        let span = Span::new(first.first()?.span.start, word.span.end);
        let kind = match word.literal {
            Some(literal) => literal.to_owned(),
            None => word.text.to_lowercase(),
        };
        let name = match arguments.next()? {
            [only] => only
                .literal
                .map(|name| Spanned::new(name.replace("\\\\", "\\"), source, only.span)),
            _ => None,
        };
        Some(Self {
            kind: Spanned::new(kind, source, span),
            name,
        })
    }
}

/// Tokens that are read for the arguments of one call: a constant with its class and a literal take five.
const MAX_ARGUMENTS: usize = 64;

struct Token<'text> {
    text: &'text str,
    /// The content of a string literal.
    literal: Option<&'text str>,
    /// Of a literal: between its quotes.
    span: Span,
}

impl Token<'_> {
    fn is(&self, sign: &str) -> bool {
        self.literal.is_none() && self.text == sign
    }
}

/// Words, `::`, string literals and single signs; white space and comments are dropped.
struct Tokens<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Tokens<'text> {
    /// The tokens up to the bracket that closes. They are spent, so that a text is read once however many calls open in it.
    fn arguments(&mut self) -> Vec<Token<'text>> {
        self.take(MAX_ARGUMENTS)
            .take_while(|token| !token.is(")"))
            .collect()
    }
}

impl<'text> Iterator for Tokens<'text> {
    type Item = Token<'text>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '\\' | '$');
        loop {
            let at = self.at;
            let rest = &self.text[at..];
            let letter = rest.chars().next()?;
            let skip_to = |end: &str| rest.find(end).map_or(rest.len(), |found| found + end.len());
            if letter.is_whitespace() {
                self.at += letter.len_utf8();
            } else if rest.starts_with("/*") {
                self.at += skip_to("*/");
            } else if rest.starts_with("//") || (letter == '#' && !rest.starts_with("#[")) {
                self.at += skip_to("\n");
            } else if letter == '"' || letter == '\'' {
                let length = literal_length(rest, letter);
                let literal = &rest[1..=length];
                self.at = (at + length + 2).min(self.text.len());
                return Some(Token {
                    text: literal,
                    literal: Some(literal),
                    span: Span::new(at + 1, at + length + 1),
                });
            } else {
                let length = if is_word(letter) {
                    rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
                } else if rest.starts_with("::") {
                    2
                } else {
                    letter.len_utf8()
                };
                self.at += length;
                return Some(Token {
                    text: &rest[..length],
                    literal: None,
                    span: Span::new(at, at + length),
                });
            }
        }
    }
}

/// Bytes between the quotes of a literal that begins at `rest`.
fn literal_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at - 1,
            _ => {}
        }
    }
    rest.len() - 1
}
