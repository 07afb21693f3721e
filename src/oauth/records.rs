use std::fmt;
use std::str::FromStr;

use crate::secret::Secret;
use crate::time::UnixTime;

use super::{SignatureMethod, UnknownName};

/// A request as its bytes arrived, borrowed. Nothing is decoded or normalised yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Method as sent; it is upper-cased in the base string.
    pub method: &'a str,
    /// `http` or `https`, as the store sees it.
    pub scheme: &'a str,
    /// The `Host` header as sent, port included.
    pub host: &'a str,
    /// The request target as sent: path and query, still encoded.
    pub target: &'a str,
    /// The `Authorization` header's value, when there is one.
    pub authorization: Option<&'a str>,
    /// The `Content-Type` header's value, when there is one.
    pub content_type: Option<&'a str>,
    /// The body as sent.
    pub body: &'a [u8],
}

/// Which of the three signed steps a request belongs to; it decides the required parameters and the checks (docs/protocol/token-endpoints.md and docs/protocol/errors.md#which-error-wins).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// `/oauth/token/request` (E1).
    RequestToken,
    /// `/oauth/token/access` (E2).
    AccessToken,
    /// A call with an access token, `/rest/…` (E8).
    Resource,
}

/// The three lives of a token row, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// Made when the credentials POST is sent; carries the verifier.
    Verifier,
    /// Made at E1.
    Request,
    /// Made at E2.
    Access,
}

/// The name, as [`TokenKind::name`] has it.
impl fmt::Display for TokenKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// From exactly this name.
impl FromStr for TokenKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let mut all = [Self::Verifier, Self::Request, Self::Access].into_iter();
        all.find(|known| known.name() == name).ok_or(UnknownName)
    }
}

impl TokenKind {
    /// The word in Magento's `type` column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verifier => "verifier",
            Self::Request => "request",
            Self::Access => "access",
        }
    }
}

/// What the check of a request needs to know of a consumer.
#[derive(Clone, Debug)]
pub struct ConsumerRecord {
    /// Row id, printed in some sentences.
    pub id: i64,
    /// Signs together with the token's secret.
    pub secret: Secret,
    /// The key-exchange window is over, or never began (docs/protocol/errors.md#which-error-wins).
    pub window_over: bool,
}

/// What the check of a request needs to know of a token.
#[derive(Clone, Debug)]
pub struct TokenRecord {
    /// Row id.
    pub id: i64,
    /// The consumer it was given to; none for an admin's or a customer's.
    pub consumer_id: Option<i64>,
    /// Which of its lives it is in.
    pub kind: TokenKind,
    /// Signs together with the consumer's secret.
    pub secret: Secret,
    /// Kept from the verifier row through all three lives.
    pub verifier: Option<Secret>,
    /// The row's `revoked` flag.
    pub revoked: bool,
}

/// What became of a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spent {
    /// It was new and is written now.
    Fresh,
    /// The consumer has used it (M8).
    Used,
    /// The row could not be written: its first 32 characters collide with another nonce's, or it reads as false and is there (M7, docs/protocol/timestamp-nonce.md).
    Refused,
}

/// What the store knows, asked in the order of the checks and not before.
pub trait Records {
    /// Why a look-up failed: the database's fault, never the caller's.
    type Error;

    /// The consumer with this key. The look-up ignores case and trailing blanks (docs/protocol/timestamp-nonce.md).
    ///
    /// # Errors
    /// When the records cannot be read.
    fn consumer(&self, key: &str) -> Result<Option<ConsumerRecord>, Self::Error>;

    /// Writes the nonce unless it is there (docs/protocol/timestamp-nonce.md).
    ///
    /// # Errors
    /// When the records cannot be read or written.
    fn spend_nonce(
        &self,
        consumer_id: i64,
        nonce: &str,
        timestamp: UnixTime,
    ) -> Result<Spent, Self::Error>;

    /// The token with this value. The look-up ignores case and trailing blanks.
    ///
    /// # Errors
    /// When the records cannot be read.
    fn token(&self, token: &str) -> Result<Option<TokenRecord>, Self::Error>;
}

/// A request that passed every check up to the signature.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// Whose request it is.
    pub consumer: ConsumerRecord,
    /// The token it was signed with; none at E1.
    pub token: Option<TokenRecord>,
    /// How it was signed.
    pub method: SignatureMethod,
}
