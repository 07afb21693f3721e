//! Rows that belong together and were left alone by a process that was killed, before making and deleting were one transaction each.

use super::{Done, Session, first, values};

/// Nonces that are removed at a time: a few milliseconds, for which others wait.
pub(super) const PIECE: i64 = 2_000;

/// Removes halves: a consumer whose integration is gone, or was never joined to it, and an integration without consumer. A consumer that
/// outlives a reset of its integration on purpose is marked as kept. Answers how many rows went.
pub(in crate::storage) fn heal(session: &mut dyn Session) -> Done<usize> {
    let mut healed = 0;
    for sql in [
        "DELETE FROM integration WHERE consumer_id IS NULL",
        "DELETE FROM consumer WHERE kept = 0 AND id NOT IN (SELECT consumer_id FROM integration WHERE consumer_id IS NOT NULL)",
    ] {
        healed += session.execute(sql, &[])?;
    }
    Ok(healed)
}

/// Removes some nonces of the first consumer after `after`, if it is gone; answers where to go on, none at the end.
pub(in crate::storage) fn forget_lost_nonces(
    session: &mut dyn Session,
    after: i64,
) -> Done<Option<i64>> {
    let next = "SELECT min(consumer_id) FROM nonce WHERE consumer_id > ?1";
    let Some(consumer) = first(session, next, values![after], |mut row| row.take())?.flatten()
    else {
        return Ok(None);
    };
    let there = "SELECT id FROM consumer WHERE id = ?1";
    let is_there: Option<i64> = first(session, there, values![consumer], |mut row| row.take())?;
    if is_there.is_none()
        && i64::try_from(forget_nonces(session, consumer)?).is_ok_and(|gone| gone >= PIECE)
    {
        return Ok(Some(after));
    }
    Ok(Some(consumer))
}

/// Removes some nonces of a consumer; answers how many.
pub(super) fn forget_nonces(session: &mut dyn Session, consumer: i64) -> Done<usize> {
    let sql = "DELETE FROM nonce WHERE consumer_id = ?1 AND nonce_folded IN
         (SELECT nonce_folded FROM nonce WHERE consumer_id = ?1 LIMIT ?2)";
    session.execute(sql, values![consumer, PIECE])
}
