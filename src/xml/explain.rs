//! What is wrong with a text that is no XML, in our words. Those of libxml2 come from `libxml`.

use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::attributes::AttrError;

use super::element::Element;
use super::entity::Unresolved;
use super::fault::Fault;
use super::faults::unresolved;
use super::parse::Parser;
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn stray(&self, span: Span) -> Fault {
        let run = &self.text[span.range()];
        let start = span.start() + (run.len() - run.trim_start().len());
        let end = start + self.text[start..span.end()].trim_end().len();
        let span = Span::new(start, end);
        if self.has_root() {
            Fault::new(
                span,
                "something follows the root element",
                "expected the end of the file",
            )
        } else {
            Fault::new(
                span,
                "the file does not begin with an element",
                "expected `<`",
            )
        }
    }

    pub(super) fn explain(&self, error: &Error, start: usize, at: usize) -> Fault {
        let rest = Span::new(start, self.line_end(start));
        match error {
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let span = Span::new(start, (start + found.len() + 3).min(self.text.len()));
                let open = self.innermost().map_or(Span::default(), Element::name_span);
                Fault::new(
                    span,
                    format!("`{expected}` is closed by `</{found}>`"),
                    format!("expected `</{expected}>`"),
                )
                .beside(open, "opened here")
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => self.stray(rest),
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => Fault::new(
                rest,
                "a comment contains `--`",
                "expected single hyphens only",
            ),
            Error::IllFormed(IllFormedError::UnclosedReference) => unresolved(
                &Unresolved::Dangling,
                Span::new(at, (at + 1).min(self.text.len())),
            ),
            Error::Syntax(SyntaxError::UnclosedTag) => {
                Fault::new(rest, "a tag is not closed", "expected `>`")
            }
            Error::Syntax(
                SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => Fault::new(
                rest,
                format!(
                    "a quote in the tag `{}` is not closed",
                    self.tag_name(start)
                ),
                "expected the closing quote",
            ),
            Error::Syntax(syntax) => Fault::new(rest, syntax.to_string(), "expected its end"),
            other => Fault::new(rest, other.to_string(), "expected well-formed XML"),
        }
    }

    pub(super) fn explain_attribute(&self, error: &AttrError, name: Span, tag: Span) -> Fault {
        let place = |relative: usize| {
            let at = (tag.start() + 1 + relative).min(tag.end().saturating_sub(1));
            Span::new(at, at + 1)
        };
        match *error {
            AttrError::ExpectedEq(at) => Fault::new(
                place(at),
                format!(
                    "an attribute of `{}` has no value",
                    &self.text[name.range()]
                ),
                "expected `=` and a quoted value",
            ),
            AttrError::ExpectedValue(at) | AttrError::UnquotedValue(at) => Fault::new(
                place(at),
                format!(
                    "an attribute of `{}` has no quoted value",
                    &self.text[name.range()]
                ),
                "expected `\"`",
            ),
            AttrError::ExpectedQuote(at, quote) => Fault::new(
                place(at),
                "the quote of an attribute is not closed",
                format!("expected `{}`", char::from(quote)),
            ),
            AttrError::Duplicated(second, first) => {
                let again = place(second);
                let end = self.text[again.start()..]
                    .find(|letter: char| letter == '=' || letter.is_whitespace())
                    .map_or(again.end(), |length| again.start() + length);
                let twice = &self.text[again.start()..end];
                Fault::new(
                    Span::new(again.start(), end),
                    format!("the attribute `{twice}` is given twice"),
                    "second value",
                )
                .beside(place(first), "first value")
            }
        }
    }

    fn tag_name(&self, start: usize) -> &str {
        let rest = self.text[start..].trim_start_matches(['<', '/']);
        let end = rest
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/' | '<'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    pub(super) fn line_end(&self, start: usize) -> usize {
        self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |at| start + at)
            .max(start)
    }
}
