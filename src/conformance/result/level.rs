//! How binding a case is.

use serde::{Deserialize, Serialize};

/// How binding a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// RFC 5849 or a published guide demands it.
    Must,
    /// Recommended; not holding is a warning.
    Should,
    /// Permitted; recorded only.
    May,
    /// What a store of the chosen profile does, though nothing published demands it.
    Profile,
    /// Security: a weakness of the profile is a warning, a worse one a failure.
    Security,
}

impl Level {
    /// All of them, the most binding first.
    pub const ALL: [Self; 5] = [
        Self::Must,
        Self::Should,
        Self::May,
        Self::Profile,
        Self::Security,
    ];

    /// The word in reports and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
            Self::Profile => "profile",
            Self::Security => "security",
        }
    }

    /// The level of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}
