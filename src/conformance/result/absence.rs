use std::fmt;

use serde::{Deserialize, Serialize};

use super::need::Need;

/// How the reason begins of what a target that may only be read keeps from being sent.
pub(crate) const READ_ONLY: &str = "--read-only";

/// Why a case does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// The target lacks what the case needs.
    Lacks(Vec<Need>),
    /// The target may only be read, and the case would do more.
    ReadOnly(String),
    /// The profile has no such thing.
    Profile(String),
    /// This store has no such thing.
    Target(String),
}

impl Absence {
    /// Whether more access to the same store would make the case apply: such a case is missing from the run, not from the store.
    #[must_use]
    pub const fn is_of_access(&self) -> bool {
        matches!(self, Self::Lacks(_) | Self::ReadOnly(_))
    }
}

/// The reason in words, for a report.
impl fmt::Display for Absence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(needs) => {
                let mut names: Vec<&str> = needs.iter().map(|need| need.name()).collect();
                let mut remedies: Vec<&str> = needs.iter().map(|need| need.remedy()).collect();
                names.dedup();
                remedies.sort_unstable();
                remedies.dedup();
                write!(
                    formatter,
                    "the target offers no {}; give {}",
                    names.join(", "),
                    remedies.join("; ")
                )
            }
            Self::ReadOnly(what) => write!(formatter, "{READ_ONLY}: {what}"),
            Self::Profile(text) | Self::Target(text) => formatter.write_str(text),
        }
    }
}

/// What a case or the lab says of the store that it met.
impl From<String> for Absence {
    fn from(text: String) -> Self {
        Self::Target(text)
    }
}

impl From<&str> for Absence {
    fn from(text: &str) -> Self {
        Self::Target(text.to_owned())
    }
}
