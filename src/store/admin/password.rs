//! Checking an administrator's password, with the lock that failures lead to.

use serde_json::json;

use crate::secret::Secret;
use crate::storage::{self, Account, AccountKind};
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

/// Checks `typed` against the account and counts a failure; `admin/security/lockout_failures` of them in a row lock it for
/// `admin/security/lockout_threshold` minutes, and each further one pushes the end of the lock away.
pub(super) fn check(store: &Store, account: &Account, typed: &str) -> storage::Result<Checked> {
    let now = store.now();
    let mut account = account.clone();
    let is_locked = account.locked_until.is_some_and(|until| until > now);
    if !is_locked && account.locked_until.take().is_some() {
        account.failures = 0;
    }
    let outcome = if password::fits(&Secret::from(typed), &account.password_hash) {
        if is_locked {
            return Ok(Checked::Locked);
        }
        account.failures = 0;
        Checked::Right
    } else {
        account.failures = account.failures.saturating_add(1);
        let most = store.number("admin/security/lockout_failures")?;
        let minutes = store.number("admin/security/lockout_threshold")?;
        if most > 0 && minutes > 0 && i64::from(account.failures) >= most {
            account.locked_until = Some(now.plus(minutes.saturating_mul(60)));
        }
        if account.locked_until.is_some() {
            Checked::Locked
        } else {
            Checked::Wrong
        }
    };
    store
        .storage()
        .replace_account(AccountKind::Admin, &account)?;
    Ok(outcome)
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
