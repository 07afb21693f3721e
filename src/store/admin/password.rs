//! Checking an administrator's password, with the lock that failures lead to (spec config-acl-admin.md §5.1).

use crate::secret::Secret;
use crate::storage::{self, Account, AccountKind};
use crate::store::{Store, password};
use crate::wire::Response;

use super::messages;
use super::session::Kind;
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
/// `admin/security/lockout_threshold` minutes.
pub(super) fn check(store: &Store, account: &Account, typed: &str) -> storage::Result<Checked> {
    let now = store.now();
    let mut account = account.clone();
    if account.locked_until.is_some_and(|until| until > now) {
        return Ok(Checked::Locked);
    }
    if account.locked_until.take().is_some() {
        account.failures = 0;
    }
    let outcome = if password::fits(&Secret::from(typed), &account.password_hash) {
        account.failures = 0;
        Checked::Right
    } else {
        account.failures = account.failures.saturating_add(1);
        let most = store.number("admin/security/lockout_failures")?;
        if most > 0 && i64::from(account.failures) >= most {
            let minutes = store.number("admin/security/lockout_threshold")?;
            account.locked_until = Some(now.plus(minutes.saturating_mul(60)));
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

/// Signs out whoever typed a wrong password too often.
pub(super) fn locked_out(visit: &Visit<'_>) -> Response {
    let sessions = &visit.store.panel().sessions;
    sessions.sign_out(&visit.session.id, visit.store.entropy());
    visit.say(Kind::Error, messages::ACCOUNT_LOCKED);
    visit.go(&visit.front)
}
