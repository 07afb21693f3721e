//! What a case can end with, before anybody judges it.

use std::fmt;

use super::absence::Absence;
use super::need::Need;
use crate::conformance::peer::ControlError;

/// Proof that an expectation was held against an answer. Only the lab makes one: a case cannot pass without having asked.
#[derive(Debug)]
pub struct Held(());

impl Held {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

/// Why a case did not pass.
#[derive(Debug)]
pub enum Stop {
    /// The requirement did not hold.
    Broken {
        /// What should have come.
        expected: String,
        /// What came.
        actual: String,
    },
    /// The weakness that the profile itself has was seen; the sentence names it.
    Weak(String),
    /// A precondition failed: the twin was refused, a time-out, a lost connection.
    CouldNotRun(String),
    /// The target or the profile has no such thing.
    NotApplicable(Absence),
    /// Our fault.
    Harness(String),
}

impl Stop {
    /// Not applicable: the target lacks this.
    #[must_use]
    pub fn lacks(need: Need) -> Self {
        Self::NotApplicable(Absence::Lacks(vec![need]))
    }

    /// The same with each of its texts put through `clean`.
    pub(crate) fn cleaned(self, clean: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Broken { expected, actual } => Self::Broken {
                expected: clean(&expected),
                actual: clean(&actual),
            },
            Self::Weak(text) => Self::Weak(clean(&text)),
            Self::CouldNotRun(text) => Self::CouldNotRun(clean(&text)),
            Self::NotApplicable(absence) => Self::NotApplicable(absence),
            Self::Harness(text) => Self::Harness(clean(&text)),
        }
    }
}

/// The sentence, without the word for the kind.
impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { expected, actual } => {
                write!(formatter, "expected {expected}, got {actual}")
            }
            Self::NotApplicable(absence) => absence.fmt(formatter),
            Self::Weak(text) | Self::CouldNotRun(text) | Self::Harness(text) => {
                formatter.write_str(text)
            }
        }
    }
}

/// What the control API does not do keeps a case from running.
impl From<ControlError> for Stop {
    fn from(error: ControlError) -> Self {
        Self::CouldNotRun(error.to_string())
    }
}

/// What a case found.
pub type Outcome = Result<Held, Stop>;
