//! What a store keeps: integrations, consumers, tokens, nonces, grants, configuration, people.
//!
//! [`Storage`] is a trait in parts, one for each kind of rows. Calls are short and blocking; the edge runs a whole request on a blocking thread. Look-ups by name, key,
//! token and user name ignore case and trailing blanks, as the measured database collation does (docs/protocol/timestamp-nonce.md): the folded form
//! is stored beside the value through [`fold`].
//!
//! The rules stand once, in SQL, in the folder `sql`. [`Sqlite`] runs them in one file or in memory; `Postgres`, with the cargo feature
//! `postgres`, in a database that several stores may share.

mod change;
mod cipher;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
mod sql;
mod sqlite;
mod vault;

pub use change::{AccountChange, Attempt, IntegrationChange, Lock, Making, Note};
pub use cipher::Cipher;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresOptions};
pub use rows::{
    Account, AccountKind, Document, NewIntegration, NewToken, PersonToken, ThrottleRow,
};
pub use sqlite::{Sqlite, SqliteOptions, back_up, is_sealed};
pub use vault::{Vault, VaultError};

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::acl::Grant;
use crate::integration::{Change, Consumer, Integration, IntegrationId, Token};
use crate::oauth::Spent;
use crate::secret::Secret;
use crate::time::UnixTime;

/// Why a keeper failed. `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database file cannot be opened, read or written.
    #[error("the database `{place}` cannot be used: {reason}")]
    Database {
        /// File or URL, without a password.
        place: String,
        /// What the database said.
        reason: String,
    },
    /// The database server cannot be reached, or no longer.
    #[error("the database `{place}` cannot be reached: {reason}")]
    Unreachable {
        /// Its URL, without a password.
        place: String,
        /// What came instead of an answer.
        reason: String,
    },
    /// Another integration has this name.
    #[error("The integration with name \"{0}\" exists.")]
    NameTaken(String),
}

/// A shorthand.
pub type Result<T> = std::result::Result<T, Error>;

/// Bytes of a folded form at most: an index of PostgreSQL takes no more than about 2700.
const FOLDED_LENGTH: usize = 1024;

/// The folded form under which names, keys, tokens and user names are unique: lower case, trailing blanks cut. A digest stands for what is
/// longer than any of them; its capitals keep it apart from a folded text.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded = text.trim_end_matches(' ').to_lowercase();
    if folded.len() <= FOLDED_LENGTH {
        return folded;
    }
    Sha256::digest(folded.as_bytes())
        .iter()
        .fold("SHA256 ".to_owned(), |mut shown, byte| {
            let _ = write!(shown, "{byte:02X}");
            shown
        })
}

/// Integrations and what they are granted.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does, but for `NameTaken` where stated"
)]
pub trait Integrations {
    /// Every integration, by id.
    fn integrations(&self) -> Result<Vec<Integration>>;
    /// One integration.
    fn integration(&self, id: IntegrationId) -> Result<Option<Integration>>;
    /// The integration of this name, folded.
    fn integration_named(&self, name: &str) -> Result<Option<Integration>>;
    /// The integration of this consumer.
    fn integration_of(&self, consumer_id: i64) -> Result<Option<Integration>>;
    /// Adds an integration with its consumer and grant. [`Error::NameTaken`] when the folded name is taken.
    fn make_integration(&self, making: Making<'_>) -> Result<Integration>;
    /// Writes the columns that are named, and the grant if there is one; answers the row as it is then, none when there is none.
    /// [`Error::NameTaken`] when another row has the folded name.
    fn change_integration(
        &self,
        id: IntegrationId,
        change: &IntegrationChange,
        grant: Option<&Grant>,
    ) -> Result<Option<Integration>>;
    /// Removes an integration with its grant, consumer, tokens and nonces; answers whether it was there.
    fn erase_integration(&self, id: IntegrationId) -> Result<bool>;

    /// Adds a row without consumer. [`Error::NameTaken`] when the folded name is taken.
    fn add_integration(&self, new: NewIntegration) -> Result<Integration>;
    /// Replaces the row of the same id. [`Error::NameTaken`] when another row has the folded name.
    fn replace_integration(&self, integration: &Integration) -> Result<()>;
    /// Removes an integration and its grant; its consumer and tokens stay (docs/protocol/module-files.md).
    fn remove_integration(&self, id: IntegrationId) -> Result<()>;

    /// The grant of an integration.
    fn grant(&self, id: IntegrationId) -> Result<Grant>;
    /// Replaces the grant of an integration.
    fn set_grant(&self, id: IntegrationId, grant: &Grant) -> Result<()>;
}

/// Consumers, tokens and nonces.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait Credentials {
    /// Adds a consumer that was never touched.
    fn add_consumer(&self, name: &str, key: &str, secret: &Secret) -> Result<Consumer>;
    /// One consumer.
    fn consumer(&self, id: i64) -> Result<Option<Consumer>>;
    /// The consumer with this key, folded.
    fn consumer_with_key(&self, key: &str) -> Result<Option<Consumer>>;
    /// Starts the key-exchange window: sets `updated_at`.
    fn touch_consumer(&self, id: i64, now: UnixTime) -> Result<()>;
    /// Removes a consumer with its tokens, nonces and integration.
    fn remove_consumer(&self, id: i64) -> Result<()>;

    /// Asks `decide` about the tokens of a consumer, by row id, and carries its changes out in the same transaction, in which nobody else
    /// changes them; it may be asked again. Answers whether a token row was saved.
    fn change_tokens(
        &self,
        consumer_id: i64,
        now: UnixTime,
        decide: &mut dyn FnMut(&[Token]) -> Vec<Change>,
    ) -> Result<bool>;
    /// Marks the token with this value, folded, as revoked; answers the row, none when there is none.
    fn revoke_token(&self, value: &str) -> Result<Option<Token>>;
    /// The tokens of a consumer, by row id.
    fn tokens_of(&self, consumer_id: i64) -> Result<Vec<Token>>;
    /// The token with this value, folded.
    fn token(&self, value: &str) -> Result<Option<Token>>;
    /// Adds a row.
    fn add_token(&self, new: NewToken) -> Result<Token>;
    /// Replaces the row of the same id; does nothing when it is gone.
    fn replace_token(&self, token: &Token) -> Result<()>;
    /// Removes a row.
    fn remove_token(&self, id: i64) -> Result<()>;
    /// Removes request tokens whose row was made at or before `limit`; answers how many.
    fn purge_tokens(&self, limit: UnixTime) -> Result<usize>;

    /// Writes a nonce unless its row is there, atomically (docs/protocol/timestamp-nonce.md). The row holds the first 32 characters.
    fn spend_nonce(&self, consumer_id: i64, nonce: &str, timestamp: UnixTime) -> Result<Spent>;
    /// Removes nonces with a client-supplied timestamp at or before `limit`, so many at most that nobody waits for it; answers how many.
    fn purge_nonces(&self, limit: UnixTime) -> Result<usize>;
}

/// Configuration values, and what belongs to the installation itself.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait Settings {
    /// A configuration value by its path, e.g. `oauth/consumer/expiration_period`; none when unset.
    fn setting(&self, path: &str) -> Result<Option<String>>;
    /// Every configuration value that is set, by path.
    fn settings(&self) -> Result<Vec<(String, String)>>;
    /// Sets or, with `None`, unsets a configuration value.
    fn set_setting(&self, path: &str, value: Option<&str>) -> Result<()>;

    /// A value of the installation itself, such as its crypt key; not reachable as a setting.
    fn installation(&self, name: &str) -> Result<Option<Secret>>;
    /// Keeps a value of the installation unless there is one; answers the one that is kept, whoever came first.
    fn keep_installation(&self, name: &str, value: &Secret) -> Result<Secret>;
    /// Replaces a value of the installation.
    fn set_installation(&self, name: &str, value: &Secret) -> Result<()>;
}

/// Accounts, the throttle of their token requests, and their tokens.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait People {
    /// The account of this login, folded.
    fn account(&self, kind: AccountKind, login: &str) -> Result<Option<Account>>;
    /// One account by row id.
    fn account_with_id(&self, kind: AccountKind, id: i64) -> Result<Option<Account>>;
    /// Every account of a kind, by id.
    fn accounts(&self, kind: AccountKind) -> Result<Vec<Account>>;
    /// Removes an account with its tokens.
    fn remove_account(&self, kind: AccountKind, id: i64) -> Result<()>;
    /// Adds an account, or replaces the password hash of the one that has the folded login; answers the row.
    fn put_account(&self, kind: AccountKind, login: &str, password_hash: &str) -> Result<Account>;
    /// Writes the columns that are named.
    fn change_account(&self, kind: AccountKind, id: i64, change: &AccountChange) -> Result<()>;
    /// Replaces the row of the same id.
    fn replace_account(&self, kind: AccountKind, account: &Account) -> Result<()>;

    /// Counts a failed sign-in to the panel, before its password is looked at. A lock that is over is forgotten with its failures.
    fn count_sign_in(
        &self,
        kind: AccountKind,
        id: i64,
        now: UnixTime,
        lock: Option<Lock>,
    ) -> Result<Attempt>;
    /// The attempt was none: its password was right. Under a lock that held before, all is as it was before; else no failure is left.
    fn forgive_sign_in(&self, kind: AccountKind, id: i64, attempt: Attempt) -> Result<()>;

    /// Counts a failed token request of this user name, folded, before its password is looked at; false, and nothing is counted, when
    /// the lock of earlier ones holds.
    fn count_attempt(
        &self,
        kind: AccountKind,
        user_name: &str,
        now: UnixTime,
        lock: Lock,
    ) -> Result<bool>;
    /// Takes one failure of this user name back.
    fn forgive_attempt(&self, kind: AccountKind, user_name: &str) -> Result<()>;

    /// The throttle row of a user name, folded.
    fn throttle(&self, kind: AccountKind, user_name: &str) -> Result<Option<ThrottleRow>>;
    /// Sets or, with `None`, removes the throttle row of a user name.
    fn set_throttle(
        &self,
        kind: AccountKind,
        user_name: &str,
        row: Option<ThrottleRow>,
    ) -> Result<()>;

    /// The person's token with this opaque value, folded.
    fn person_token(&self, value: &str) -> Result<Option<PersonToken>>;
    /// Keeps a person's token.
    fn add_person_token(&self, token: &PersonToken) -> Result<()>;
    /// Every token of this person issued up to now is dead from now on.
    fn revoke_person(&self, kind: AccountKind, account_id: i64, now: UnixTime) -> Result<()>;
    /// When the person's tokens were last revoked.
    fn revoked_at(&self, kind: AccountKind, account_id: i64) -> Result<Option<UnixTime>>;
}

/// The data that the REST front answers with.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait Documents {
    /// Every document of a kind, by id.
    fn documents(&self, kind: &str) -> Result<Vec<Document>>;
    /// One document.
    fn document(&self, kind: &str, id: i64) -> Result<Option<Document>>;
    /// Adds a document under the next free id of its kind; answers the id.
    fn add_document(&self, kind: &str, body: &str) -> Result<i64>;
    /// Sets the document of this id, whether or not it is there.
    fn put_document(&self, kind: &str, document: &Document) -> Result<()>;
    /// Removes a document; answers whether it was there.
    fn remove_document(&self, kind: &str, id: i64) -> Result<bool>;
}

/// What a running store remembers beside its data: sessions, counts of failures, how far its clock is moved. Every store on the database sees
/// the same.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait Notes {
    /// The note of this kind and name.
    fn note(&self, kind: &str, name: &str) -> Result<Option<Note>>;
    /// Writes what `change` makes of a note, or of none, or removes it; it may be asked again.
    fn change_note(
        &self,
        kind: &str,
        name: &str,
        change: &mut dyn FnMut(Option<Note>) -> Option<Note>,
    ) -> Result<()>;
    /// The names and notes of a holder.
    fn notes_of(&self, kind: &str, holder: i64) -> Result<Vec<(String, Note)>>;
    /// Moves the time of every note of a kind by `seconds`.
    fn shift_notes(&self, kind: &str, seconds: i64) -> Result<()>;
    /// Leaves `most` notes of a kind: the oldest that nobody holds go first, then the oldest.
    fn trim_notes(&self, kind: &str, most: usize) -> Result<()>;
    /// Removes the notes of a kind.
    fn forget_notes(&self, kind: &str) -> Result<()>;
}

/// What a store keeps. Every method, here and in the parts, is one transaction.
#[expect(
    clippy::missing_errors_doc,
    reason = "every method fails only when the database does"
)]
pub trait Storage:
    Integrations + Credentials + Settings + People + Documents + Notes + Send + Sync
{
    /// Runs `work` while nobody else on the same database runs what this method was given.
    fn exclusively(&self, work: &mut dyn FnMut()) -> Result<()>;
    /// Whether other stores may use the same database at the same time, so that nothing it says can be remembered.
    fn is_shared(&self) -> bool;
    /// Removes every row of every table; settings, accounts and the installation's values too.
    fn clear(&self) -> Result<()>;
}
