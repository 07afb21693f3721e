//! Rows as values, and the numbers that stand for enums in columns.

use super::{Done, Failure, Record};
use crate::integration::{Consumer, Integration, IntegrationId, SetupType, Status, Token};
use crate::oauth::TokenKind;
use crate::storage::{Account, AccountKind, Document, PersonToken, ThrottleRow};
use crate::time::UnixTime;

pub(super) const INTEGRATION: &str =
    "id, name, email, endpoint, identity_link_url, status, setup_type, consumer_id";
pub(super) const CONSUMER: &str = "id, name, key, secret, updated_at";
pub(super) const TOKEN: &str =
    "id, consumer_id, kind, token, secret, verifier, revoked, created_at";
pub(super) const ACCOUNT: &str =
    "id, login, password_hash, active, failures, locked_until, limited, password_changed_at";

pub(super) fn integration(mut row: Record) -> Done<Integration> {
    Ok(Integration {
        id: IntegrationId(row.take()?),
        name: row.take()?,
        email: row.take()?,
        endpoint: row.take()?,
        identity_link_url: row.take()?,
        status: Status::from_code(row.take()?).ok_or(Failure::Malformed)?,
        setup_type: SetupType::from_code(row.take()?).ok_or(Failure::Malformed)?,
        consumer_id: row.take()?,
    })
}

pub(super) fn consumer(mut row: Record) -> Done<Consumer> {
    Ok(Consumer {
        id: row.take()?,
        name: row.take()?,
        key: row.take()?,
        secret: row.take_secret()?,
        updated_at: row.take::<Option<i64>>()?.map(UnixTime),
    })
}

pub(super) fn token(mut row: Record) -> Done<Token> {
    Ok(Token {
        id: row.take()?,
        consumer_id: row.take()?,
        kind: row
            .take::<String>()?
            .parse::<TokenKind>()
            .map_err(|_| Failure::Malformed)?,
        token: row.take()?,
        secret: row.take_secret()?,
        verifier: row.take_optional_secret()?,
        revoked: row.take()?,
        created_at: UnixTime(row.take()?),
    })
}

pub(super) fn account(mut row: Record) -> Done<Account> {
    Ok(Account {
        id: row.take()?,
        login: row.take()?,
        password_hash: row.take()?,
        active: row.take()?,
        failures: row.take()?,
        locked_until: row.take::<Option<i64>>()?.map(UnixTime),
        limited: row.take()?,
        password_changed_at: row.take::<Option<i64>>()?.map(UnixTime),
    })
}

pub(super) fn throttle(mut row: Record) -> Done<ThrottleRow> {
    Ok(ThrottleRow {
        failures: row.take()?,
        lock_expires_at: UnixTime(row.take()?),
    })
}

pub(super) fn person_token(mut row: Record) -> Done<PersonToken> {
    let kind = match row.take::<i64>()? {
        1 => AccountKind::Admin,
        2 => AccountKind::Customer,
        _ => return Err(Failure::Malformed),
    };
    Ok(PersonToken {
        kind,
        account_id: row.take()?,
        token: row.take()?,
        created_at: UnixTime(row.take()?),
    })
}

pub(super) fn document(mut row: Record) -> Done<Document> {
    Ok(Document {
        id: row.take()?,
        body: row.take()?,
    })
}

pub(super) fn kind_code(kind: AccountKind) -> i64 {
    match kind {
        AccountKind::Admin => 1,
        AccountKind::Customer => 2,
    }
}
