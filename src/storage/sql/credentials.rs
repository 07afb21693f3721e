//! Consumers, tokens and nonces.

use super::nonces::{PIECE, forget_nonces};
use super::{Database, Done, Failure, Session, first, rows, values};
use crate::integration::{Change, Consumer, Token};
use crate::oauth::{Spent, TokenKind};
use crate::secret::Secret;
use crate::storage::{Credentials, NewToken, Result, fold};
use crate::time::UnixTime;

/// The nonce column holds this many characters (docs/protocol/timestamp-nonce.md).
const NONCE_LENGTH: usize = 32;

impl<D: Database> Credentials for D {
    fn add_consumer(&self, name: &str, key: &str, secret: &Secret) -> Result<Consumer> {
        let sql = "INSERT INTO consumer (name, key, key_folded, secret) VALUES (?1, ?2, ?3, ?4) RETURNING id";
        let id = self.added(sql, values![name, key, fold(key), secret])?;
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
        self.one(&sql, values![id], rows::consumer)
    }

    fn consumer_with_key(&self, key: &str) -> Result<Option<Consumer>> {
        self.recalled(
            |known| &known.consumers,
            fold(key),
            |key| {
                let sql = format!(
                    "SELECT {} FROM consumer WHERE key_folded = ?1",
                    rows::CONSUMER
                );
                self.one(&sql, values![key.as_str()], rows::consumer)
            },
        )
    }

    fn touch_consumer(&self, id: i64, now: UnixTime) -> Result<()> {
        self.execute(
            "UPDATE consumer SET updated_at = ?2 WHERE id = ?1",
            values![id, now.0],
        )?;
        Ok(())
    }

    fn remove_consumer(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM consumer WHERE id = ?1", values![id])?;
        forget_nonces(self, id)
    }

    fn change_tokens(
        &self,
        consumer_id: i64,
        now: UnixTime,
        decide: &mut dyn FnMut(&[Token]) -> Vec<Change>,
    ) -> Result<bool> {
        // Holds up whoever changes the tokens of the same consumer.
        let lock = "UPDATE consumer SET updated_at = updated_at WHERE id = ?1";
        self.transact(|session| {
            session.execute(lock, values![consumer_id])?;
            let held = session.rows(&of_consumer(), values![consumer_id])?;
            let held: Vec<Token> = held.into_iter().map(rows::token).collect::<Done<_>>()?;
            let mut saved = false;
            for change in decide(&held) {
                saved |= carry_out(session, consumer_id, change, now)?;
            }
            Ok(saved)
        })
    }

    fn revoke_token(&self, value: &str) -> Result<Option<Token>> {
        let sql = format!(
            "UPDATE token SET revoked = 1 WHERE token_folded = ?1 RETURNING {}",
            rows::TOKEN
        );
        self.written(&sql, values![fold(value)], rows::token)
    }

    fn tokens_of(&self, consumer_id: i64) -> Result<Vec<Token>> {
        self.many(&of_consumer(), values![consumer_id], rows::token)
    }

    fn token(&self, value: &str) -> Result<Option<Token>> {
        self.recalled(
            |known| &known.tokens,
            fold(value),
            |value| {
                let sql = format!("SELECT {} FROM token WHERE token_folded = ?1", rows::TOKEN);
                self.one(&sql, values![value.as_str()], rows::token)
            },
        )
    }

    fn add_token(&self, new: NewToken) -> Result<Token> {
        self.alone(|session| insert(session, &new))
    }

    fn replace_token(&self, token: &Token) -> Result<()> {
        self.alone(|session| replace(session, token))
    }

    fn remove_token(&self, id: i64) -> Result<()> {
        self.execute("DELETE FROM token WHERE id = ?1", values![id])?;
        Ok(())
    }

    fn purge_tokens(&self, limit: UnixTime) -> Result<usize> {
        self.execute(
            "DELETE FROM token WHERE created_at <= ?1 AND kind = ?2",
            values![limit.0, TokenKind::Request.name()],
        )
    }

    fn spend_nonce(&self, consumer_id: i64, nonce: &str, timestamp: UnixTime) -> Result<Spent> {
        let length = nonce.chars().count();
        let kept: String = nonce.chars().take(NONCE_LENGTH).collect();
        let present = "SELECT nonce FROM nonce WHERE nonce_folded = ?1 AND consumer_id = ?2";
        let write = "INSERT INTO nonce (consumer_id, nonce, nonce_folded, timestamp) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.spend(|session| {
            // The look-up compares the nonce as sent, the insert stores it cut: hence two ways to be refused (docs/protocol/timestamp-nonce.md).
            let values = values![fold(nonce), consumer_id];
            let used = |session: &mut dyn Session| -> Done<bool> {
                let present: Option<String> =
                    first(session, present, values, |mut row| row.take())?;
                Ok(present.is_some_and(|present| !matches!(present.as_str(), "" | "0")))
            };
            // One that is not cut is looked up as it is stored: the insert alone tells.
            if length > NONCE_LENGTH && used(session)? {
                return Ok(Spent::Used);
            }
            let row = values![consumer_id, kept.as_str(), fold(&kept), timestamp.0];
            if session.execute(write, row)? == 1 {
                return Ok(Spent::Fresh);
            }
            // Who came in between counts as if it had come before.
            Ok(if used(session)? {
                Spent::Used
            } else {
                Spent::Refused
            })
        })
    }

    fn purge_nonces(&self, limit: UnixTime) -> Result<usize> {
        let sql = "DELETE FROM nonce WHERE (consumer_id, nonce_folded) IN
             (SELECT consumer_id, nonce_folded FROM nonce WHERE timestamp <= ?1 ORDER BY timestamp LIMIT ?2)";
        self.execute(sql, values![limit.0, PIECE])
    }
}

fn of_consumer() -> String {
    format!(
        "SELECT {} FROM token WHERE consumer_id = ?1 ORDER BY id",
        rows::TOKEN
    )
}

fn insert(session: &mut dyn Session, new: &NewToken) -> Done<Token> {
    let sql = format!(
        "INSERT INTO token (consumer_id, kind, token, token_folded, secret, verifier, revoked, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) RETURNING {}",
        rows::TOKEN
    );
    let row = values![
        new.consumer_id,
        new.kind.name(),
        new.token.as_str(),
        fold(&new.token),
        &new.secret,
        new.verifier.as_ref(),
        new.created_at.0,
    ];
    first(session, &sql, row, rows::token)?.ok_or(Failure::Malformed)
}

fn replace(session: &mut dyn Session, token: &Token) -> Done<()> {
    session.execute(
        "UPDATE token SET consumer_id = ?2, kind = ?3, token = ?4, token_folded = ?5, secret = ?6, verifier = ?7,
         revoked = ?8, created_at = ?9 WHERE id = ?1",
        values![
            token.id,
            token.consumer_id,
            token.kind.name(),
            token.token.as_str(),
            fold(&token.token),
            &token.secret,
            token.verifier.as_ref(),
            token.revoked,
            token.created_at.0,
        ],
    )?;
    Ok(())
}

/// Answers whether a token row was saved.
fn carry_out(
    session: &mut dyn Session,
    consumer_id: i64,
    change: Change,
    now: UnixTime,
) -> Done<bool> {
    match change {
        Change::TouchConsumer => {
            let sql = "UPDATE consumer SET updated_at = ?2 WHERE id = ?1";
            session.execute(sql, values![consumer_id, now.0])?;
        }
        Change::SetStatus(status) => {
            let sql = "UPDATE integration SET status = ?2 WHERE consumer_id = ?1";
            session.execute(sql, values![consumer_id, status.code()])?;
        }
        Change::AddToken { kind, values } => {
            let new = NewToken {
                consumer_id,
                kind,
                token: values.token,
                secret: values.secret,
                verifier: Some(values.verifier),
                created_at: now,
            };
            insert(session, &new)?;
            return Ok(true);
        }
        Change::ReplaceToken(row) => {
            replace(session, &row)?;
            return Ok(true);
        }
        Change::RemoveToken(id) => {
            session.execute("DELETE FROM token WHERE id = ?1", values![id])?;
        }
    }
    Ok(false)
}
