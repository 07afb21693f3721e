//! PHP as tokens, read without running it: as much as a registration, a setup script and `app/etc/config.php` need.

use crate::text::Span;

/// A word, a string literal, `::`, `=>` or a single sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'text> {
    /// As written; of a literal without its quotes.
    pub text: &'text str,
    /// It is a string literal.
    pub is_literal: bool,
    /// Where; of a literal between its quotes.
    pub span: Span,
}

impl Token<'_> {
    /// Whether it is this word or sign, and no literal.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        !self.is_literal && self.text.eq_ignore_ascii_case(text)
    }
}

/// The tokens of a PHP text. White space, comments, heredocs and what stands outside `<?php … ?>` are dropped.
#[derive(Clone, Debug)]
pub struct Tokens<'text> {
    text: &'text str,
    at: usize,
    is_inside: bool,
}

impl<'text> Tokens<'text> {
    /// From the start of a text.
    #[must_use]
    pub const fn new(text: &'text str) -> Self {
        Self {
            text,
            at: 0,
            is_inside: false,
        }
    }

    /// The tokens of an argument list up to the bracket that closes it, at most `most`. They are spent, so that a text is read once
    /// however many calls open in it.
    pub fn arguments(&mut self, most: usize) -> Vec<Token<'text>> {
        let mut depth = 0_usize;
        self.take(most)
            .take_while(|token| {
                if token.is("(") || token.is("[") {
                    depth += 1;
                } else if token.is(")") || token.is("]") {
                    match depth.checked_sub(1) {
                        Some(less) => depth = less,
                        None => return false,
                    }
                }
                true
            })
            .collect()
    }

    /// Bytes that hold no token at the start of `rest`; none when a token begins there.
    fn skipped(&mut self, rest: &str) -> Option<usize> {
        let past = |end: &str| rest.find(end).map_or(rest.len(), |found| found + end.len());
        let letter = rest.chars().next()?;
        if !self.is_inside {
            let open = rest.match_indices("<?").find_map(|(at, _)| {
                match rest.as_bytes().get(at + 2..)? {
                    [b'=', ..] => Some(at + 3),
                    [p, h, q, ..] if [*p, *h, *q].eq_ignore_ascii_case(b"php") => Some(at + 5),
                    _ => None,
                }
            });
            self.is_inside = open.is_some();
            return Some(open.unwrap_or(rest.len()));
        }
        if letter.is_whitespace() {
            Some(letter.len_utf8())
        } else if rest.starts_with("?>") {
            self.is_inside = false;
            Some(2)
        } else if rest.starts_with("/*") {
            Some(past("*/"))
        } else if rest.starts_with("//") || (letter == '#' && !rest.starts_with("#[")) {
            // The end of PHP ends the comment as well, and is not part of it.
            Some(past("\n").min(rest.find("?>").unwrap_or(rest.len())))
        } else {
            heredoc(rest)
        }
    }
}

impl<'text> Iterator for Tokens<'text> {
    type Item = Token<'text>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.text;
        while let Some(skipped) = self.skipped(&text[self.at..]) {
            self.at += skipped;
        }
        let at = self.at;
        let rest = &text[at..];
        let letter = rest.chars().next()?;
        if letter == '"' || letter == '\'' {
            let length = literal_length(rest, letter);
            self.at = (at + length + 2).min(text.len());
            return Some(Token {
                text: &rest[1..=length],
                is_literal: true,
                span: Span::new(at + 1, at + length + 1),
            });
        }
        let length = if is_word(letter) {
            rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
        } else if rest.starts_with("::") || rest.starts_with("=>") {
            2
        } else {
            letter.len_utf8()
        };
        self.at += length;
        Some(Token {
            text: &rest[..length],
            is_literal: false,
            span: Span::new(at, at + length),
        })
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '\\' | '$')
}

/// Bytes of the heredoc or nowdoc that begins at `rest`.
fn heredoc(rest: &str) -> Option<usize> {
    let head = rest.strip_prefix("<<<")?.trim_start_matches([' ', '\t']);
    let head = head.strip_prefix(['\'', '"']).unwrap_or(head);
    let label = &head[..head.find(|letter| !is_word(letter)).unwrap_or(head.len())];
    if label.is_empty() {
        return None;
    }
    let mut at = rest.find('\n').map_or(rest.len(), |end| end + 1);
    for line in rest[at..].split_inclusive('\n') {
        let indented = line.trim_start_matches([' ', '\t']);
        if let Some(behind) = indented.strip_prefix(label)
            && !behind.starts_with(is_word)
        {
            return Some(at + line.len() - behind.len());
        }
        at += line.len();
    }
    Some(rest.len())
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
