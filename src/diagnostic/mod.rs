//! What is wrong in a file, where, and what to do: code, severity, message, spans, help; and the one renderer.
//!
//! A diagnostic points into [`Sources`] by id and byte span, so that findings of many files travel together. Fixes are not known here.

mod render;
mod sources;

pub use render::{Look, render};
pub use sources::{Source, SourceId, Sources};

use std::borrow::Cow;

use crate::text::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Will surprise.
    Warning,
    /// Breaks.
    Error,
}

impl Severity {
    /// The word that reports print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place beside the main one, with what it has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Which text.
    pub source: SourceId,
    /// Where in it.
    pub span: Span,
    /// What stands there.
    pub label: Cow<'static, str>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, such as `ACL002`; none for a plain parse error.
    pub code: Option<&'static str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is, in one sentence, names in back ticks.
    pub message: Cow<'static, str>,
    /// In which text.
    pub source: SourceId,
    /// Where it stands.
    pub span: Span,
    /// What the caret points at; may be empty.
    pub label: Cow<'static, str>,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// Facts that explain it, such as what a store would print.
    pub notes: Vec<Cow<'static, str>>,
    /// What to do.
    pub help: Option<Cow<'static, str>>,
}

impl Diagnostic {
    /// A finding with nothing but its message and place.
    #[must_use]
    pub fn new(
        severity: Severity,
        source: SourceId,
        span: Span,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code: None,
            severity,
            message: message.into(),
            source,
            span,
            label: Cow::Borrowed(""),
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// An error.
    #[must_use]
    pub fn error(source: SourceId, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Error, source, span, message)
    }

    /// What a rule finds: how bad it is says the table of the rules.
    #[must_use]
    pub fn finding(source: SourceId, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Error, source, span, message)
    }

    /// With this label at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// With this advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With one more fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With one more place.
    #[must_use]
    pub fn related(
        mut self,
        source: SourceId,
        span: Span,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.related.push(Related {
            source,
            span,
            label: label.into(),
        });
        self
    }
}
