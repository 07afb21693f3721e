//! The store's record of an app and the state machine of its activation, as pure transitions (docs/protocol/flow.md#states-of-an-integration; docs/protocol/config-integrations.md).
//!
//! Nothing here reads a clock, draws a value or touches a row: callers hand in time and fresh values and carry out what is decided.

pub mod plan;
mod save;
mod transition;

pub use save::{Draft, DraftRefusal, identity_link_is_valid};
pub use transition::{
    Change, Deletion, Exchange, FreshToken, TokenGrant, deletion, exchange_tokens,
    issue_access_token, issue_request_token, issue_tokens,
};

use std::fmt;

use crate::oauth::TokenKind;
use crate::secret::Secret;
use crate::time::UnixTime;

/// Whether an integration may call (docs/protocol/flow.md).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// 0
    #[default]
    Inactive,
    /// 1
    Active,
    /// 2, shown as `Reset`: made anew because its XML changed.
    Recreated,
}

impl Status {
    /// The number in the database and on the control API.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Inactive => 0,
            Self::Active => 1,
            Self::Recreated => 2,
        }
    }

    /// The status of this number.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Inactive),
            1 => Some(Self::Active),
            2 => Some(Self::Recreated),
            _ => None,
        }
    }

    /// The label in the grid.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inactive => "Inactive",
            Self::Active => "Active",
            Self::Recreated => "Reset",
        }
    }
}

/// Where an integration came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SetupType {
    /// 0: by hand, in the panel.
    #[default]
    Manual,
    /// 1: from a module's XML.
    ConfigFile,
}

impl SetupType {
    /// The number in the database and on the control API.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Manual => 0,
            Self::ConfigFile => 1,
        }
    }

    /// The setup type of this number.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Manual),
            1 => Some(Self::ConfigFile),
            _ => None,
        }
    }
}

/// The row id of an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IntegrationId(pub i64);

impl fmt::Display for IntegrationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The store's record of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// Row id.
    pub id: IntegrationId,
    /// Unique without regard to case and trailing blanks.
    pub name: String,
    /// May be empty.
    pub email: String,
    /// The callback URL; absent or empty means none.
    pub endpoint: Option<String>,
    /// The page that the pop-up opens; absent or empty means none.
    pub identity_link_url: Option<String>,
    /// Whether it may call.
    pub status: Status,
    /// Where it came from.
    pub setup_type: SetupType,
    /// Its consumer, once made.
    pub consumer_id: Option<i64>,
}

impl Integration {
    /// Whether activation goes through the token exchange: both URLs are there (docs/protocol/admin-panel.md#the-grid).
    #[must_use]
    pub fn exchanges_tokens(&self) -> bool {
        let filled = |url: &Option<String>| url.as_deref().is_some_and(|url| !url.is_empty());
        filled(&self.endpoint) && filled(&self.identity_link_url)
    }
}

/// The OAuth client credentials of an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// Row id.
    pub id: i64,
    /// `Integration` followed by the integration's id.
    pub name: String,
    /// 32 characters; looked up without regard to case.
    pub key: String,
    /// 32 characters.
    pub secret: Secret,
    /// When the last credentials POST began; never set before (docs/protocol/errors.md#which-error-wins).
    pub updated_at: Option<UnixTime>,
}

/// A token row of a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Row id; the lowest of a consumer's is "the" token of its integration (docs/protocol/flow.md#one-row-three-lives).
    pub id: i64,
    /// Whose it is.
    pub consumer_id: i64,
    /// Which of its lives it is in.
    pub kind: TokenKind,
    /// 32 characters; looked up without regard to case.
    pub token: String,
    /// 32 characters.
    pub secret: Secret,
    /// 32 characters, kept through all lives.
    pub verifier: Option<Secret>,
    /// Set by nothing in the product, but checked.
    pub revoked: bool,
    /// When the verifier row was made.
    pub created_at: UnixTime,
}
