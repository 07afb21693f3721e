//! What is wrong in a file, where, and what to do: code, severity, message, spans, help.

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

/// One finding in one source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, such as `ACL002`; none for a plain parse error.
    pub code: Option<&'static str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is, in one sentence, names in back ticks.
    pub message: String,
    /// Where it stands.
    pub span: Span,
    /// What the caret points at; may be empty.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
}
