//! Rows as values, and the numbers that stand for enums in columns.

use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};

use crate::integration::{Consumer, Integration, IntegrationId, SetupType, Status, Token};
use crate::oauth::TokenKind;
use crate::secret::Secret;
use crate::storage::{Account, AccountKind, Document, PersonToken, ThrottleRow};
use crate::time::UnixTime;

pub(super) const INTEGRATION: &str =
    "id, name, email, endpoint, identity_link_url, status, setup_type, consumer_id";
pub(super) const CONSUMER: &str = "id, name, key, secret, updated_at";
pub(super) const TOKEN: &str =
    "id, consumer_id, kind, token, secret, verifier, revoked, created_at";
pub(super) const ACCOUNT: &str =
    "id, login, password_hash, active, failures, locked_until, limited";

fn unknown(column: usize, type_: Type) -> Error {
    Error::InvalidColumnType(column, "not a value magespec writes".to_owned(), type_)
}

pub(super) fn integration(row: &Row<'_>) -> Result<Integration> {
    Ok(Integration {
        id: IntegrationId(row.get(0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        endpoint: row.get(3)?,
        identity_link_url: row.get(4)?,
        status: Status::from_code(row.get(5)?).ok_or_else(|| unknown(5, Type::Integer))?,
        setup_type: SetupType::from_code(row.get(6)?).ok_or_else(|| unknown(6, Type::Integer))?,
        consumer_id: row.get(7)?,
    })
}

pub(super) fn consumer(row: &Row<'_>) -> Result<Consumer> {
    Ok(Consumer {
        id: row.get(0)?,
        name: row.get(1)?,
        key: row.get(2)?,
        secret: Secret::new(row.get::<_, String>(3)?),
        updated_at: row.get::<_, Option<i64>>(4)?.map(UnixTime),
    })
}

pub(super) fn token(row: &Row<'_>) -> Result<Token> {
    let kind: String = row.get(2)?;
    Ok(Token {
        id: row.get(0)?,
        consumer_id: row.get(1)?,
        kind: TokenKind::parse(&kind).ok_or_else(|| unknown(2, Type::Text))?,
        token: row.get(3)?,
        secret: Secret::new(row.get::<_, String>(4)?),
        verifier: row.get::<_, Option<String>>(5)?.map(Secret::new),
        revoked: row.get(6)?,
        created_at: UnixTime(row.get(7)?),
    })
}

pub(super) fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        login: row.get(1)?,
        password_hash: row.get(2)?,
        active: row.get(3)?,
        failures: row.get(4)?,
        locked_until: row.get::<_, Option<i64>>(5)?.map(UnixTime),
        limited: row.get(6)?,
    })
}

pub(super) fn throttle(row: &Row<'_>) -> Result<ThrottleRow> {
    Ok(ThrottleRow {
        failures: row.get(0)?,
        lock_expires_at: UnixTime(row.get(1)?),
    })
}

pub(super) fn person_token(row: &Row<'_>) -> Result<PersonToken> {
    let kind = match row.get(0)? {
        1 => AccountKind::Admin,
        2 => AccountKind::Customer,
        _ => return Err(unknown(0, Type::Integer)),
    };
    Ok(PersonToken {
        kind,
        account_id: row.get(1)?,
        token: row.get(2)?,
        created_at: UnixTime(row.get(3)?),
    })
}

pub(super) fn document(row: &Row<'_>) -> Result<Document> {
    Ok(Document {
        id: row.get(0)?,
        body: row.get(1)?,
    })
}

pub(super) fn kind_code(kind: AccountKind) -> i64 {
    match kind {
        AccountKind::Admin => 1,
        AccountKind::Customer => 2,
    }
}
