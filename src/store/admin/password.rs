//! Checking an administrator's password, with the lock that failures lead to.

use serde_json::json;

use crate::secret::Secret;
use crate::storage::{self, Account, AccountKind, Lock};
use crate::store::{Store, password};
use crate::wire::Response;

use super::address::Action;
use super::visit::Visit;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    Right,
    Wrong,
    /// The account is locked, by this failure or an earlier one.
    Locked,
}

/// Checks `typed` against the account. It counts as a failure until it is known to be right; `admin/security/lockout_failures` of them in a
/// row lock the account for `admin/security/lockout_threshold` minutes, and each further one pushes the end of the lock away.
pub(super) fn check(store: &Store, account: &Account, typed: &str) -> storage::Result<Checked> {
    let kind = AccountKind::Admin;
    let now = store.now();
    let most = store.number("admin/security/lockout_failures")?;
    let minutes = store.number("admin/security/lockout_threshold")?;
    let lock = (minutes > 0).then(|| Lock {
        most,
        until: now.plus(minutes.saturating_mul(60)),
    });
    let _turn = store.guesses().turn(kind, &account.login);
    let attempt = store.storage().count_sign_in(kind, account.id, now, lock)?;
    let is_right = password::fits(&Secret::from(typed), &account.password_hash);
    if is_right {
        store.storage().forgive_sign_in(kind, account.id, attempt)?;
    }
    let is_locked = if is_right {
        attempt.held_before.is_some()
    } else {
        attempt.holds.is_some()
    };
    Ok(match (is_locked, is_right) {
        (true, _) => Checked::Locked,
        (false, true) => Checked::Right,
        (false, false) => Checked::Wrong,
    })
}

/// The value of the cookie `loggedOutReasonCode` for a locked account.
const LOCKED_REASON: u8 = 10;

/// Signs out whoever typed a wrong password too often; nothing is said (measured 2.4.7-p3).
pub(super) fn locked_out(visit: &Visit<'_>) -> Response {
    visit.sign_out();
    visit.jar.delete_session(LOCKED_REASON);
    let place = if visit.keyed {
        Action::Home
    } else {
        Action::Start
    };
    let start = visit.url(place, &[]);
    if visit.scripted {
        return visit.json(&json!({ "_redirect": start }));
    }
    visit.redirect(&start)
}
