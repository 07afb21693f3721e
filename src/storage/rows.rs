use crate::acl::{Grant, ResourceId, ResourceTree};
use crate::integration::{SetupType, Status};
use crate::oauth::TokenKind;
use crate::secret::Secret;
use crate::time::UnixTime;

/// An integration that has no row yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewIntegration {
    /// Unique without regard to case and trailing blanks.
    pub name: String,
    /// May be empty.
    pub email: String,
    /// The callback URL.
    pub endpoint: Option<String>,
    /// The identity link URL.
    pub identity_link_url: Option<String>,
    /// Its first status.
    pub status: Status,
    /// Where it comes from.
    pub setup_type: SetupType,
}

/// A token that has no row yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Whose.
    pub consumer_id: i64,
    /// Which life it begins in.
    pub kind: TokenKind,
    /// 32 characters.
    pub token: String,
    /// 32 characters.
    pub secret: Secret,
    /// 32 characters.
    pub verifier: Option<Secret>,
    /// Now.
    pub created_at: UnixTime,
}

/// A person with an account: an administrator of the panel, or a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Row id.
    pub id: i64,
    /// User name of an administrator, e-mail address of a customer; unique per kind when folded.
    pub login: String,
    /// A PHC string (argon2id).
    pub password_hash: String,
    /// Whether it may sign in.
    pub active: bool,
    /// An administrator without any resource but the dashboard (docs/protocol/admin-panel.md#routes).
    pub limited: bool,
    /// Failed panel logins in a row (docs/protocol/admin-panel.md#signing-in).
    pub failures: u32,
    /// No sign-in to the panel before this.
    pub locked_until: Option<UnixTime>,
    /// When the password was set; none when nobody knows, then it is never too old.
    pub password_changed_at: Option<UnixTime>,
}

impl Account {
    /// The one resource of a limited administrator.
    const LIMITED_TO: &str = "Magento_Backend::dashboard";

    /// What an administrator is allowed: everything, unless it is a limited one.
    #[must_use]
    pub fn grant(&self, tree: &ResourceTree) -> Grant {
        if self.limited {
            Grant::measured(tree, &[ResourceId::from(Self::LIMITED_TO)])
        } else {
            Grant::All
        }
    }
}

/// Which kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// Signs in to the panel and at E9.
    Admin,
    /// Signs in at E10.
    Customer,
}

/// A row of the token-request throttle (docs/protocol/person-tokens.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottleRow {
    /// Failures counted.
    pub failures: u32,
    /// The lock holds until then.
    pub lock_expires_at: UnixTime,
}

/// A token of a person (E9, E10), kept for revocation and, in its opaque form, for look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonToken {
    /// Which kind of account.
    pub kind: AccountKind,
    /// Whose.
    pub account_id: i64,
    /// The opaque value.
    pub token: String,
    /// When it was issued.
    pub created_at: UnixTime,
}

/// One row of the data that the REST front answers with, as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Unique among documents of its kind, from 1.
    pub id: i64,
    /// A JSON object.
    pub body: String,
}
