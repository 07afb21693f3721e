//! SQLite: one file in WAL mode, or memory. What was answered survives a killed process.

mod migrations;
mod rows;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{
    Account, AccountKind, Document, Error, NewIntegration, NewToken, PersonToken, Result, Storage,
    ThrottleRow, fold,
};
use crate::acl::{Grant, ResourceId};
use crate::integration::{Consumer, Integration, IntegrationId, Token};
use crate::oauth::{Spent, TokenKind};
use crate::secret::Secret;
use crate::time::UnixTime;
use rows::kind_code;

/// The nonce column holds this many characters (spec oauth.md §2.9).
const NONCE_LENGTH: usize = 32;

/// A keeper on SQLite. One connection behind a lock: calls are short, and a request already runs on a thread of its own.
#[derive(Debug)]
pub struct Sqlite {
    connection: Mutex<Connection>,
    place: String,
}

impl Sqlite {
    /// Opens or creates the file and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Database`] when the file cannot be opened, is no SQLite database or was written by a later version.
    pub fn open(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let connection = Connection::open(path).map_err(|error| failed(&place, &error))?;
        Self::prepare(connection, place)
    }

    /// A keeper that forgets everything when it is dropped.
    ///
    /// # Errors
    /// [`Error::Database`] when SQLite cannot start.
    pub fn in_memory() -> Result<Self> {
        let place = ":memory:".to_owned();
        let connection = Connection::open_in_memory().map_err(|error| failed(&place, &error))?;
        Self::prepare(connection, place)
    }

    fn prepare(mut connection: Connection, place: String) -> Result<Self> {
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -1024;";
        connection
            .busy_timeout(Duration::from_secs(5))
            .and_then(|()| connection.execute_batch(pragmas))
            .map_err(|error| failed(&place, &error))?;
        migrations::apply(&mut connection).map_err(|error| failed(&place, &error))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection: Mutex::new(connection),
            place,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock is held leaves no half-done work: an open transaction is rolled back when it is dropped.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.lock()).map_err(|error| failed(&self.place, &error))
    }

    fn transact<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let outcome = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        outcome.map_err(|error| failed(&self.place, &error))
    }

    fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize> {
        self.run(|connection| connection.prepare_cached(sql)?.execute(parameters))
    }

    fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.run(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row(parameters, read)
                .optional()
        })
    }

    fn many<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.run(|connection| {
            connection
                .prepare_cached(sql)?
                .query_map(parameters, read)?
                .collect()
        })
    }

    fn name_is_free(&self, outcome: Result<usize>, name: &str) -> Result<()> {
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => match self.integration_named(name)? {
                Some(_) => Err(Error::NameTaken(name.to_owned())),
                None => Err(error),
            },
        }
    }
}

fn failed(place: &str, error: &impl std::fmt::Display) -> Error {
    Error::Database {
        place: place.to_owned(),
        reason: error.to_string(),
    }
}

fn write_grant(connection: &Connection, id: IntegrationId, grant: &Grant) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM grant_rule WHERE integration_id = ?1", [id.0])?;
    let rule = "INSERT INTO grant_rule (integration_id, everything) VALUES (?1, ?2)";
    match grant {
        Grant::Nothing => {}
        Grant::All => {
            connection.execute(rule, params![id.0, true])?;
        }
        Grant::Selected(resources) => {
            connection.execute(rule, params![id.0, false])?;
            let mut insert =
                connection.prepare_cached("INSERT INTO grant_resource VALUES (?1, ?2, ?3)")?;
            for (position, resource) in (0_i64..).zip(resources) {
                insert.execute(params![id.0, position, resource.as_str()])?;
            }
        }
    }
    Ok(())
}

impl Storage for Sqlite {
    fn integrations(&self) -> Result<Vec<Integration>> {
        let sql = format!("SELECT {} FROM integration ORDER BY id", rows::INTEGRATION);
        self.many(&sql, [], rows::integration)
    }

    fn integration(&self, id: IntegrationId) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [id.0], rows::integration)
    }

    fn integration_named(&self, name: &str) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE name_folded = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [fold(name)], rows::integration)
    }

    fn integration_of(&self, consumer_id: i64) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE consumer_id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [consumer_id], rows::integration)
    }

    fn add_integration(&self, new: NewIntegration) -> Result<Integration> {
        let sql = format!(
            "INSERT INTO integration (name, name_folded, email, endpoint, identity_link_url, status, setup_type)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING {}",
            rows::INTEGRATION
        );
        let values = params![
            new.name,
            fold(&new.name),
            new.email,
            new.endpoint,
            new.identity_link_url,
            new.status.code(),
            new.setup_type.code(),
        ];
        match self.one(&sql, values, rows::integration) {
            Ok(Some(integration)) => Ok(integration),
            Ok(None) => Err(failed(&self.place, &"an insert answered no row")),
            Err(error) => Err(self
                .name_is_free(Err(error), &new.name)
                .expect_err("an error stays an error")),
        }
    }

    fn replace_integration(&self, integration: &Integration) -> Result<()> {
        let outcome = self.execute(
            "UPDATE integration SET name = ?2, name_folded = ?3, email = ?4, endpoint = ?5, identity_link_url = ?6,
             status = ?7, setup_type = ?8, consumer_id = ?9 WHERE id = ?1",
            params![
                integration.id.0,
                integration.name,
                fold(&integration.name),
                integration.email,
                integration.endpoint,
                integration.identity_link_url,
                integration.status.code(),
                integration.setup_type.code(),
                integration.consumer_id,
            ],
        );
        self.name_is_free(outcome, &integration.name)
    }

    fn remove_integration(&self, id: IntegrationId) -> Result<()> {
        self.execute("DELETE FROM integration WHERE id = ?1", [id.0])?;
        Ok(())
    }

    fn add_consumer(&self, name: &str, key: &str, secret: &Secret) -> Result<Consumer> {
        let sql = "INSERT INTO consumer (name, key, key_folded, secret) VALUES (?1, ?2, ?3, ?4)";
        let id = self.transact(|connection| {
            connection.execute(sql, params![name, key, fold(key), secret.expose()])?;
            Ok(connection.last_insert_rowid())
        })?;
        Ok(Consumer {
            id,
            name: name.to_owned(),
            key: key.to_owned(),
            secret: secret.clone(),
            updated_at: None,
        })
    }

    fn consumer(&self, id: i64) -> Result<Option<Consumer>> {
        let sql = format!("SELECT {} FROM consumer WHERE id = ?1", rows::CONSUMER);
        self.one(&sql, [id], rows::consumer)
    }

    fn consumer_with_key(&self, key: &str) -> Result<Option<Consumer>> {
        let sql = format!(
            "SELECT {} FROM consumer WHERE key_folded = ?1",
            rows::CONSUMER
        );
        self.one(&sql, [fold(key)], rows::consumer)
    }

    fn touch_consumer(&self, id: i64, now: UnixTime) -> Result<()> {
        self.execute(
            "UPDATE consumer SET updated_at = ?2 WHERE id = ?1",
            params![id, now.0],
        )?;
        Ok(())
    }

    fn remove_consumer(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM consumer WHERE id = ?1", [id])?;
        Ok(())
    }

    fn tokens_of(&self, consumer_id: i64) -> Result<Vec<Token>> {
        let sql = format!(
            "SELECT {} FROM token WHERE consumer_id = ?1 ORDER BY id",
            rows::TOKEN
        );
        self.many(&sql, [consumer_id], rows::token)
    }

    fn token(&self, value: &str) -> Result<Option<Token>> {
        let sql = format!("SELECT {} FROM token WHERE token_folded = ?1", rows::TOKEN);
        self.one(&sql, [fold(value)], rows::token)
    }

    fn add_token(&self, new: NewToken) -> Result<Token> {
        let sql = "INSERT INTO token (consumer_id, kind, token, token_folded, secret, verifier, revoked, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)";
        let id = self.transact(|connection| {
            connection.execute(
                sql,
                params![
                    new.consumer_id,
                    new.kind.name(),
                    new.token,
                    fold(&new.token),
                    new.secret.expose(),
                    new.verifier.as_ref().map(Secret::expose),
                    new.created_at.0,
                ],
            )?;
            Ok(connection.last_insert_rowid())
        })?;
        Ok(Token {
            id,
            consumer_id: new.consumer_id,
            kind: new.kind,
            token: new.token,
            secret: new.secret,
            verifier: new.verifier,
            revoked: false,
            created_at: new.created_at,
        })
    }

    fn replace_token(&self, token: &Token) -> Result<()> {
        self.execute(
            "UPDATE token SET consumer_id = ?2, kind = ?3, token = ?4, token_folded = ?5, secret = ?6, verifier = ?7,
             revoked = ?8, created_at = ?9 WHERE id = ?1",
            params![
                token.id,
                token.consumer_id,
                token.kind.name(),
                token.token,
                fold(&token.token),
                token.secret.expose(),
                token.verifier.as_ref().map(Secret::expose),
                token.revoked,
                token.created_at.0,
            ],
        )?;
        Ok(())
    }

    fn remove_token(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM token WHERE id = ?1", [id])?;
        Ok(())
    }

    fn purge_tokens(&self, limit: UnixTime) -> Result<usize> {
        let (verifier, request) = (TokenKind::Verifier.name(), TokenKind::Request.name());
        self.execute(
            "DELETE FROM token WHERE created_at <= ?1 AND kind IN (?2, ?3)",
            params![limit.0, verifier, request],
        )
    }

    fn spend_nonce(&self, consumer_id: i64, nonce: &str, timestamp: UnixTime) -> Result<Spent> {
        let kept: String = nonce.chars().take(NONCE_LENGTH).collect();
        self.transact(|connection| {
            // The look-up compares the nonce as sent, the insert stores it cut: hence two ways to be refused (spec oauth.md §2.9).
            let present: Option<String> = connection
                .prepare_cached("SELECT nonce FROM nonce WHERE nonce_folded = ?1 AND consumer_id = ?2")?
                .query_row(params![fold(nonce), consumer_id], |row| row.get(0))
                .optional()?;
            if present.is_some_and(|present| !matches!(present.as_str(), "" | "0")) {
                return Ok(Spent::Used);
            }
            let written = connection
                .prepare_cached(
                    "INSERT INTO nonce (consumer_id, nonce, nonce_folded, timestamp) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![consumer_id, kept, fold(&kept), timestamp.0])?;
            Ok(if written == 1 { Spent::Fresh } else { Spent::Refused })
        })
    }

    fn purge_nonces(&self, limit: UnixTime) -> Result<usize> {
        self.execute("DELETE FROM nonce WHERE timestamp <= ?1", [limit.0])
    }

    fn grant(&self, id: IntegrationId) -> Result<Grant> {
        let rule = "SELECT everything FROM grant_rule WHERE integration_id = ?1";
        let listed =
            "SELECT resource FROM grant_resource WHERE integration_id = ?1 ORDER BY position";
        self.run(|connection| {
            let everything: Option<bool> = connection
                .prepare_cached(rule)?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            match everything {
                None => Ok(Grant::Nothing),
                Some(true) => Ok(Grant::All),
                Some(false) => connection
                    .prepare_cached(listed)?
                    .query_map([id.0], |row| row.get::<_, String>(0).map(ResourceId::new))?
                    .collect::<rusqlite::Result<_>>()
                    .map(Grant::Selected),
            }
        })
    }

    fn set_grant(&self, id: IntegrationId, grant: &Grant) -> Result<()> {
        self.transact(|connection| write_grant(connection, id, grant))
    }

    fn setting(&self, path: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM setting WHERE path = ?1", [path], |row| {
            row.get(0)
        })
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.many("SELECT path, value FROM setting ORDER BY path", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    fn set_setting(&self, path: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => self.execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                [path, value],
            )?,
            None => self.execute("DELETE FROM setting WHERE path = ?1", [path])?,
        };
        Ok(())
    }

    fn account(&self, kind: AccountKind, login: &str) -> Result<Option<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 AND login_folded = ?2",
            rows::ACCOUNT
        );
        self.one(&sql, params![kind_code(kind), fold(login)], rows::account)
    }

    fn account_with_id(&self, kind: AccountKind, id: i64) -> Result<Option<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 AND id = ?2",
            rows::ACCOUNT
        );
        self.one(&sql, params![kind_code(kind), id], rows::account)
    }

    fn accounts(&self, kind: AccountKind) -> Result<Vec<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 ORDER BY id",
            rows::ACCOUNT
        );
        self.many(&sql, [kind_code(kind)], rows::account)
    }

    fn remove_account(&self, kind: AccountKind, id: i64) -> Result<()> {
        self.transact(|connection| {
            for sql in [
                "DELETE FROM person_token WHERE kind = ?1 AND account_id = ?2",
                "DELETE FROM account WHERE kind = ?1 AND id = ?2",
            ] {
                connection.execute(sql, params![kind_code(kind), id])?;
            }
            Ok(())
        })
    }

    fn put_account(&self, kind: AccountKind, login: &str, password_hash: &str) -> Result<Account> {
        let sql = format!(
            "INSERT INTO account (kind, id, login, login_folded, password_hash, active, failures)
             VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM account WHERE kind = ?1), ?2, ?3, ?4, 1, 0)
             ON CONFLICT (kind, login_folded) DO UPDATE SET password_hash = ?4 RETURNING {}",
            rows::ACCOUNT
        );
        let values = params![kind_code(kind), login, fold(login), password_hash];
        self.one(&sql, values, rows::account)?
            .ok_or_else(|| failed(&self.place, &"an insert answered no row"))
    }

    fn replace_account(&self, kind: AccountKind, account: &Account) -> Result<()> {
        self.execute(
            "UPDATE account SET login = ?3, login_folded = ?4, password_hash = ?5, active = ?6, failures = ?7,
             locked_until = ?8, limited = ?9 WHERE kind = ?1 AND id = ?2",
            params![
                kind_code(kind),
                account.id,
                account.login,
                fold(&account.login),
                account.password_hash,
                account.active,
                account.failures,
                account.locked_until.map(|until| until.0),
                account.limited,
            ],
        )?;
        Ok(())
    }

    fn throttle(&self, kind: AccountKind, user_name: &str) -> Result<Option<ThrottleRow>> {
        self.one(
            "SELECT failures, lock_expires_at FROM throttle WHERE kind = ?1 AND user_folded = ?2",
            params![kind_code(kind), fold(user_name)],
            rows::throttle,
        )
    }

    fn set_throttle(
        &self,
        kind: AccountKind,
        user_name: &str,
        row: Option<ThrottleRow>,
    ) -> Result<()> {
        let (kind, user) = (kind_code(kind), fold(user_name));
        match row {
            Some(row) => self.execute(
                "INSERT INTO throttle VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET failures = ?3, lock_expires_at = ?4",
                params![kind, user, row.failures, row.lock_expires_at.0],
            )?,
            None => self.execute(
                "DELETE FROM throttle WHERE kind = ?1 AND user_folded = ?2",
                params![kind, user],
            )?,
        };
        Ok(())
    }

    fn person_token(&self, value: &str) -> Result<Option<PersonToken>> {
        self.one(
            "SELECT kind, account_id, token, created_at FROM person_token WHERE token_folded = ?1",
            [fold(value)],
            rows::person_token,
        )
    }

    fn add_person_token(&self, token: &PersonToken) -> Result<()> {
        self.execute(
            "INSERT INTO person_token (token_folded, token, kind, account_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                fold(&token.token),
                token.token,
                kind_code(token.kind),
                token.account_id,
                token.created_at.0
            ],
        )?;
        Ok(())
    }

    fn revoke_person(&self, kind: AccountKind, account_id: i64, now: UnixTime) -> Result<()> {
        self.transact(|connection| {
            connection.execute(
                "DELETE FROM person_token WHERE kind = ?1 AND account_id = ?2",
                params![kind_code(kind), account_id],
            )?;
            connection.execute(
                "INSERT INTO revocation VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET revoked_at = ?3",
                params![kind_code(kind), account_id, now.0],
            )?;
            Ok(())
        })
    }

    fn revoked_at(&self, kind: AccountKind, account_id: i64) -> Result<Option<UnixTime>> {
        self.one(
            "SELECT revoked_at FROM revocation WHERE kind = ?1 AND account_id = ?2",
            params![kind_code(kind), account_id],
            |row| row.get(0).map(UnixTime),
        )
    }

    fn installation(&self, name: &str) -> Result<Option<Secret>> {
        let sql = "SELECT value FROM installation WHERE name = ?1";
        self.one(sql, [name], |row| row.get::<_, String>(0).map(Secret::new))
    }

    fn set_installation(&self, name: &str, value: &Secret) -> Result<()> {
        self.execute(
            "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            [name, value.expose()],
        )?;
        Ok(())
    }

    fn documents(&self, kind: &str) -> Result<Vec<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 ORDER BY id";
        self.many(sql, [kind], rows::document)
    }

    fn document(&self, kind: &str, id: i64) -> Result<Option<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 AND id = ?2";
        self.one(sql, params![kind, id], rows::document)
    }

    fn add_document(&self, kind: &str, body: &str) -> Result<i64> {
        let sql = "INSERT INTO document VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM document WHERE kind = ?1), ?2)
             RETURNING id";
        self.one(sql, [kind, body], |row| row.get(0))?
            .ok_or_else(|| failed(&self.place, &"an insert answered no row"))
    }

    fn put_document(&self, kind: &str, document: &Document) -> Result<()> {
        self.execute(
            "INSERT INTO document VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = ?3",
            params![kind, document.id, document.body],
        )?;
        Ok(())
    }

    fn remove_document(&self, kind: &str, id: i64) -> Result<bool> {
        let sql = "DELETE FROM document WHERE kind = ?1 AND id = ?2";
        Ok(self.execute(sql, params![kind, id])? > 0)
    }

    fn clear(&self) -> Result<()> {
        self.transact(|connection| {
            for table in migrations::TABLES {
                connection.execute(&format!("DELETE FROM {table}"), [])?;
            }
            Ok(())
        })
    }
}
