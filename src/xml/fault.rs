use crate::diagnostic::{Diagnostic, SourceId};
use crate::text::Span;

/// Why a text is no well-formed XML: a sentence of ours, and the words of libxml2 that a store prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is noticed.
    pub span: Span,
    /// One sentence, names in back ticks.
    pub message: Box<str>,
    /// What was expected; for the caret.
    pub expected: Box<str>,
    /// The first line that libxml2 reports; empty when it would not object, or when what it says is not certain.
    pub libxml: Box<str>,
    /// Where the other half stands, with its label.
    pub related: Option<(Span, String)>,
}

impl Fault {
    pub(super) fn new(
        span: Span,
        message: impl Into<Box<str>>,
        expected: impl Into<Box<str>>,
    ) -> Self {
        Self {
            span,
            message: message.into(),
            expected: expected.into(),
            libxml: Box::default(),
            related: None,
        }
    }

    /// With what libxml2 says, when that is certain.
    pub(super) fn quoting(mut self, sentence: Option<String>) -> Self {
        self.libxml = sentence.unwrap_or_default().into();
        self
    }

    pub(super) fn beside(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// As a diagnostic in this text.
    #[must_use]
    pub fn diagnostic(&self, source: SourceId) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(source, self.span, self.message.to_string())
            .label(self.expected.to_string());
        if !self.libxml.is_empty() {
            diagnostic = diagnostic.note(format!("a store says: {}", self.libxml));
        }
        if let Some((span, label)) = &self.related {
            diagnostic = diagnostic.related(source, *span, label.clone());
        }
        diagnostic
    }
}
