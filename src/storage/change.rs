//! What is written in one go: rows that belong together, and of a row no more than what is named.
//!
//! A row that was read, changed and written back whole would undo what another request wrote in between.

use crate::acl::Grant;
use crate::integration::{IntegrationId, SetupType, Status};
use crate::secret::Secret;
use crate::time::UnixTime;

use super::NewIntegration;

/// An integration with its consumer and grant, which are there together or not at all.
#[derive(Debug)]
pub struct Making<'a> {
    /// The integration.
    pub row: NewIntegration,
    /// What it may do.
    pub grant: &'a Grant,
    /// 32 characters.
    pub consumer_key: &'a str,
    /// 32 characters.
    pub consumer_secret: &'a Secret,
    /// Goes in the same transaction; its consumer and tokens stay.
    pub instead_of: Option<IntegrationId>,
}

/// The columns of an integration to write; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationChange {
    /// Unique without regard to case and trailing blanks.
    pub name: Option<String>,
    /// May be empty.
    pub email: Option<String>,
    /// The callback URL.
    pub endpoint: Option<String>,
    /// The identity link URL.
    pub identity_link_url: Option<String>,
    /// Whether it may call.
    pub status: Option<Status>,
    /// Where it comes from.
    pub setup_type: Option<SetupType>,
}

/// The columns of an account to write; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// User name or e-mail address.
    pub login: Option<String>,
    /// A PHC string.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub password_changed_at: Option<UnixTime>,
    /// Whether it may sign in.
    pub active: Option<bool>,
    /// Whether it sees the dashboard alone.
    pub limited: Option<bool>,
}

/// When guessing is stopped, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// So many failures in a row begin it, and each further one begins it anew.
    pub most: i64,
    /// When it ends, if it begins now.
    pub until: UnixTime,
}

/// An attempt to sign in to the panel that was counted as a failure before its password was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The lock that held before it.
    pub held_before: Option<UnixTime>,
    /// The lock that holds now.
    pub holds: Option<UnixTime>,
}

/// What a running store remembers beside its data, such as a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whose it is, where that matters.
    pub holder: Option<i64>,
    /// When it was written or used.
    pub at: UnixTime,
    /// A text.
    pub body: String,
}
