//! The nonces of consumers that are gone: they belong to no row, and are removed piece by piece.

use super::{Database, Done, Session, first, values};
use crate::storage::Result;

/// Nonces that are removed at a time: a few milliseconds, for which others wait.
pub(super) const PIECE: i64 = 2_000;

/// Removes those that a process which was killed has left.
pub(super) fn forget_lost_nonces<D: Database>(database: &D) -> Result<()> {
    let mut after = 0;
    while let Some(next) = database.transact(|session| forget_some(session, after))? {
        after = next;
    }
    Ok(())
}

/// Removes some nonces of the first consumer after `after`, if it is gone; answers where to go on, none at the end.
fn forget_some(session: &mut dyn Session, after: i64) -> Done<Option<i64>> {
    let next = "SELECT min(consumer_id) FROM nonce WHERE consumer_id > ?1";
    let Some(consumer) = first(session, next, values![after], |mut row| row.take())?.flatten()
    else {
        return Ok(None);
    };
    let there = "SELECT id FROM consumer WHERE id = ?1";
    let is_there: Option<i64> = first(session, there, values![consumer], |mut row| row.take())?;
    if is_there.is_none() && forget_piece(session, consumer)? {
        return Ok(Some(after));
    }
    Ok(Some(consumer))
}

/// Removes those of a consumer that is gone.
pub(super) fn forget_nonces<D: Database>(database: &D, consumer: i64) -> Result<()> {
    while database.alone(|session| forget_piece(session, consumer))? {}
    Ok(())
}

/// Removes some nonces of a consumer; answers whether there may be more.
fn forget_piece(session: &mut dyn Session, consumer: i64) -> Done<bool> {
    let sql = "DELETE FROM nonce WHERE consumer_id = ?1 AND nonce_folded IN
         (SELECT nonce_folded FROM nonce WHERE consumer_id = ?1 LIMIT ?2)";
    let gone = session.execute(sql, values![consumer, PIECE])?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= PIECE))
}
