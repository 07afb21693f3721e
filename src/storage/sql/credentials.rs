//! Consumers, tokens and nonces.

use super::{Database, Done, Session, first, rows, values};
use crate::integration::{Consumer, Token};
use crate::oauth::{Spent, TokenKind};
use crate::secret::Secret;
use crate::storage::{Credentials, NewToken, Result, fold};
use crate::time::UnixTime;

/// The nonce column holds this many characters (docs/protocol/timestamp-nonce.md).
const NONCE_LENGTH: usize = 32;

impl<D: Database> Credentials for D {
    fn add_consumer(&self, name: &str, key: &str, secret: &Secret) -> Result<Consumer> {
        let sql = "INSERT INTO consumer (name, key, key_folded, secret) VALUES (?1, ?2, ?3, ?4) RETURNING id";
        let id = self.added(sql, values![name, key, fold(key), secret.expose()])?;
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
        let sql = format!(
            "SELECT {} FROM consumer WHERE key_folded = ?1",
            rows::CONSUMER
        );
        self.one(&sql, values![fold(key)], rows::consumer)
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
        Ok(())
    }

    fn tokens_of(&self, consumer_id: i64) -> Result<Vec<Token>> {
        let sql = format!(
            "SELECT {} FROM token WHERE consumer_id = ?1 ORDER BY id",
            rows::TOKEN
        );
        self.many(&sql, values![consumer_id], rows::token)
    }

    fn token(&self, value: &str) -> Result<Option<Token>> {
        let sql = format!("SELECT {} FROM token WHERE token_folded = ?1", rows::TOKEN);
        self.one(&sql, values![fold(value)], rows::token)
    }

    fn add_token(&self, new: NewToken) -> Result<Token> {
        let sql = "INSERT INTO token (consumer_id, kind, token, token_folded, secret, verifier, revoked, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) RETURNING id";
        let values = values![
            new.consumer_id,
            new.kind.name(),
            new.token.as_str(),
            fold(&new.token),
            new.secret.expose(),
            new.verifier.as_ref().map(Secret::expose),
            new.created_at.0,
        ];
        let id = self.added(sql, values)?;
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
            values![
                token.id,
                token.consumer_id,
                token.kind.name(),
                token.token.as_str(),
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
        let kept: String = nonce.chars().take(NONCE_LENGTH).collect();
        let present = "SELECT nonce FROM nonce WHERE nonce_folded = ?1 AND consumer_id = ?2";
        let write = "INSERT INTO nonce (consumer_id, nonce, nonce_folded, timestamp) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.transact(|session| {
            // The look-up compares the nonce as sent, the insert stores it cut: hence two ways to be refused (docs/protocol/timestamp-nonce.md).
            let values = values![fold(nonce), consumer_id];
            let used = |session: &mut dyn Session| -> Done<bool> {
                let present: Option<String> =
                    first(session, present, values, |mut row| row.take())?;
                Ok(present.is_some_and(|present| !matches!(present.as_str(), "" | "0")))
            };
            if used(session)? {
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
        self.execute("DELETE FROM nonce WHERE timestamp <= ?1", values![limit.0])
    }
}
