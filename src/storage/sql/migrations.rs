//! The tables, in numbered steps that are applied once each and recorded in `migration`.

use super::{Done, Failure, Session, first, values};

/// Every step in order; its number is its place from 1. A released step is never edited.
const STEPS: &[&str] = &[
    // Names, keys and tokens are unique in their folded form (docs/protocol/timestamp-nonce.md); a deleted consumer takes its tokens, nonces and
    // integration along, a deleted integration its grant.
    "CREATE TABLE consumer (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
        key TEXT NOT NULL, key_folded TEXT NOT NULL UNIQUE, secret TEXT NOT NULL UNIQUE, updated_at INTEGER);
     CREATE TABLE integration (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, name_folded TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
        endpoint TEXT, identity_link_url TEXT, status INTEGER NOT NULL, setup_type INTEGER NOT NULL,
        consumer_id INTEGER UNIQUE REFERENCES consumer (id) ON DELETE CASCADE);
     CREATE TABLE token (
        id INTEGER PRIMARY KEY AUTOINCREMENT, consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, token TEXT NOT NULL, token_folded TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, verifier TEXT,
        revoked INTEGER NOT NULL, created_at INTEGER NOT NULL);
     CREATE INDEX token_consumer ON token (consumer_id);
     CREATE TABLE nonce (
        consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
        nonce TEXT NOT NULL, nonce_folded TEXT NOT NULL, timestamp INTEGER NOT NULL,
        PRIMARY KEY (nonce_folded, consumer_id)) WITHOUT ROWID;
     CREATE INDEX nonce_timestamp ON nonce (timestamp);
     CREATE TABLE grant_rule (
        integration_id INTEGER PRIMARY KEY REFERENCES integration (id) ON DELETE CASCADE, everything INTEGER NOT NULL);
     CREATE TABLE grant_resource (
        integration_id INTEGER NOT NULL REFERENCES grant_rule (integration_id) ON DELETE CASCADE,
        position INTEGER NOT NULL, resource TEXT NOT NULL, PRIMARY KEY (integration_id, position)) WITHOUT ROWID;
     CREATE TABLE setting (path TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
     CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
    "CREATE TABLE account (
        kind INTEGER NOT NULL, id INTEGER NOT NULL, login TEXT NOT NULL, login_folded TEXT NOT NULL, password_hash TEXT NOT NULL,
        active INTEGER NOT NULL, failures INTEGER NOT NULL, locked_until INTEGER,
        PRIMARY KEY (kind, id), UNIQUE (kind, login_folded)) WITHOUT ROWID;
     CREATE TABLE throttle (
        kind INTEGER NOT NULL, user_folded TEXT NOT NULL, failures INTEGER NOT NULL, lock_expires_at INTEGER NOT NULL,
        PRIMARY KEY (kind, user_folded)) WITHOUT ROWID;
     CREATE TABLE person_token (
        token_folded TEXT PRIMARY KEY, token TEXT NOT NULL, kind INTEGER NOT NULL, account_id INTEGER NOT NULL,
        created_at INTEGER NOT NULL) WITHOUT ROWID;
     CREATE TABLE revocation (
        kind INTEGER NOT NULL, account_id INTEGER NOT NULL, revoked_at INTEGER NOT NULL,
        PRIMARY KEY (kind, account_id)) WITHOUT ROWID;
     CREATE TABLE document (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;",
    "ALTER TABLE account ADD COLUMN limited INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE account ADD COLUMN password_changed_at INTEGER",
    // A consumer's nonces stand together, and belong to no row: they are removed piece by piece after it. An integration without consumer
    // is what a process left that was killed before both were made in one transaction.
    "CREATE TABLE nonce_of_consumer (
        consumer_id INTEGER NOT NULL, nonce TEXT NOT NULL, nonce_folded TEXT NOT NULL, timestamp INTEGER NOT NULL,
        PRIMARY KEY (consumer_id, nonce_folded)) WITHOUT ROWID;
     INSERT INTO nonce_of_consumer SELECT consumer_id, nonce, nonce_folded, timestamp FROM nonce;
     DROP TABLE nonce;
     ALTER TABLE nonce_of_consumer RENAME TO nonce;
     CREATE INDEX nonce_timestamp ON nonce (timestamp);
     CREATE INDEX token_created ON token (created_at);
     DELETE FROM integration WHERE consumer_id IS NULL;
     CREATE TABLE note (
        kind TEXT NOT NULL, name TEXT NOT NULL, holder INTEGER, at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (kind, name)) WITHOUT ROWID;
     CREATE INDEX note_holder ON note (kind, holder);",
];

/// Brings the tables up to date. The steps are written for SQLite; `spelling` replaces words of them, the first of the list first.
pub(in crate::storage) fn apply(session: &mut dyn Session, spelling: &[(&str, &str)]) -> Done<()> {
    let spelt = |step: &str| {
        spelling
            .iter()
            .fold(step.to_owned(), |step, (from, to)| step.replace(from, to))
    };
    session.batch(&spelt(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)",
    ))?;
    let sql = "SELECT count(*) FROM migration";
    let done: u32 = first(session, sql, &[], |mut row| row.take())?.unwrap_or_default();
    let known = STEPS.len();
    if usize::try_from(done).is_ok_and(|done| done > known) {
        return Err(Failure::Newer { done, known });
    }
    for (number, step) in (1_u32..).zip(STEPS).filter(|(number, _)| *number > done) {
        session.batch(&spelt(step))?;
        session.execute(
            "INSERT INTO migration (number) VALUES (?1)",
            values![number],
        )?;
    }
    Ok(())
}
