//! Accounts, throttles and tokens of people.

use super::rows::{self, kind_code};
use super::{Database, first, values};
use crate::storage::{
    Account, AccountChange, AccountKind, Attempt, Lock, People, PersonToken, Result, ThrottleRow,
    fold,
};
use crate::time::UnixTime;

impl<D: Database> People for D {
    fn account(&self, kind: AccountKind, login: &str) -> Result<Option<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 AND login_folded = ?2",
            rows::ACCOUNT
        );
        self.one(&sql, values![kind_code(kind), fold(login)], rows::account)
    }

    fn account_with_id(&self, kind: AccountKind, id: i64) -> Result<Option<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 AND id = ?2",
            rows::ACCOUNT
        );
        self.one(&sql, values![kind_code(kind), id], rows::account)
    }

    fn accounts(&self, kind: AccountKind) -> Result<Vec<Account>> {
        let sql = format!(
            "SELECT {} FROM account WHERE kind = ?1 ORDER BY id",
            rows::ACCOUNT
        );
        self.many(&sql, values![kind_code(kind)], rows::account)
    }

    fn remove_account(&self, kind: AccountKind, id: i64) -> Result<()> {
        self.transact(|session| {
            for sql in [
                "DELETE FROM person_token WHERE kind = ?1 AND account_id = ?2",
                "DELETE FROM account WHERE kind = ?1 AND id = ?2",
            ] {
                session.execute(sql, values![kind_code(kind), id])?;
            }
            Ok(())
        })
    }

    fn put_account(&self, kind: AccountKind, login: &str, password_hash: &str) -> Result<Account> {
        let change = format!(
            "UPDATE account SET password_hash = ?3 WHERE kind = ?1 AND login_folded = ?2 RETURNING {}",
            rows::ACCOUNT
        );
        let add = format!(
            "INSERT INTO account (kind, id, login, login_folded, password_hash, active, failures)
             VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM account WHERE kind = ?1), ?2, ?3, ?4, 1, 0)
             ON CONFLICT DO NOTHING RETURNING {}",
            rows::ACCOUNT
        );
        let (kind, folded) = (kind_code(kind), fold(login));
        self.transact(|session| {
            // Neither gives a row when another took the login or the id in between: then it is there now.
            loop {
                let values = values![kind, folded.as_str(), password_hash];
                if let Some(account) = first(session, &change, values, rows::account)? {
                    return Ok(account);
                }
                let values = values![kind, login, folded.as_str(), password_hash];
                if let Some(account) = first(session, &add, values, rows::account)? {
                    return Ok(account);
                }
            }
        })
    }

    fn change_account(&self, kind: AccountKind, id: i64, change: &AccountChange) -> Result<()> {
        self.execute(
            "UPDATE account SET login = coalesce(?3, login), login_folded = coalesce(?4, login_folded),
             password_hash = coalesce(?5, password_hash), password_changed_at = coalesce(?6, password_changed_at),
             active = coalesce(?7, active), limited = coalesce(?8, limited) WHERE kind = ?1 AND id = ?2",
            values![
                kind_code(kind),
                id,
                change.login.as_deref(),
                change.login.as_deref().map(fold),
                change.password_hash.as_deref(),
                change.password_changed_at.map(|changed| changed.0),
                change.active,
                change.limited,
            ],
        )?;
        Ok(())
    }

    fn count_sign_in(
        &self,
        kind: AccountKind,
        id: i64,
        now: UnixTime,
        lock: Option<Lock>,
    ) -> Result<Attempt> {
        let count = "UPDATE account SET failures = CASE WHEN locked_until IS NOT NULL AND locked_until <= ?3 THEN 1 ELSE failures + 1 END
             WHERE kind = ?1 AND id = ?2 RETURNING failures, locked_until";
        let write = "UPDATE account SET locked_until = ?3 WHERE kind = ?1 AND id = ?2";
        let kind = kind_code(kind);
        self.transact(|session| {
            let counted = first(session, count, values![kind, id, now.0], |mut row| {
                Ok((row.take::<i64>()?, row.take::<Option<i64>>()?))
            })?;
            let (failures, held) = counted.unwrap_or_default();
            let held_before = held.map(UnixTime).filter(|until| *until > now);
            let begins = lock.filter(|lock| lock.most > 0 && failures >= lock.most);
            let holds = begins.map(|lock| lock.until).or(held_before);
            session.execute(write, values![kind, id, holds.map(|until| until.0)])?;
            Ok(Attempt { held_before, holds })
        })
    }

    fn forgive_sign_in(&self, kind: AccountKind, id: i64, attempt: Attempt) -> Result<()> {
        let kind = kind_code(kind);
        match attempt.held_before {
            None => self.execute(
                "UPDATE account SET failures = 0, locked_until = NULL WHERE kind = ?1 AND id = ?2",
                values![kind, id],
            )?,
            // A failure that came in between has moved the lock on.
            Some(before) => self.execute(
                "UPDATE account SET failures = failures - 1, locked_until = CASE WHEN locked_until = ?4 THEN ?3 ELSE locked_until END
                 WHERE kind = ?1 AND id = ?2 AND failures > 0",
                values![kind, id, before.0, attempt.holds.map(|until| until.0)],
            )?,
        };
        Ok(())
    }

    fn count_attempt(
        &self,
        kind: AccountKind,
        user_name: &str,
        now: UnixTime,
        lock: Lock,
    ) -> Result<bool> {
        let sql = "INSERT INTO throttle VALUES (?1, ?2, 1, ?4) ON CONFLICT (kind, user_folded) DO UPDATE
             SET failures = CASE WHEN throttle.lock_expires_at > ?3 THEN throttle.failures + 1 ELSE 1 END, lock_expires_at = ?4
             WHERE throttle.lock_expires_at <= ?3 OR throttle.failures < ?5";
        let values = values![
            kind_code(kind),
            fold(user_name),
            now.0,
            lock.until.0,
            lock.most
        ];
        Ok(lock.most > 0 && self.execute(sql, values)? == 1)
    }

    fn forgive_attempt(&self, kind: AccountKind, user_name: &str) -> Result<()> {
        let sql = "UPDATE throttle SET failures = failures - 1 WHERE kind = ?1 AND user_folded = ?2 AND failures > 0";
        self.execute(sql, values![kind_code(kind), fold(user_name)])?;
        Ok(())
    }

    fn replace_account(&self, kind: AccountKind, account: &Account) -> Result<()> {
        self.execute(
            "UPDATE account SET login = ?3, login_folded = ?4, password_hash = ?5, active = ?6, failures = ?7,
             locked_until = ?8, limited = ?9, password_changed_at = ?10 WHERE kind = ?1 AND id = ?2",
            values![
                kind_code(kind),
                account.id,
                account.login.as_str(),
                fold(&account.login),
                account.password_hash.as_str(),
                account.active,
                account.failures,
                account.locked_until.map(|until| until.0),
                account.limited,
                account.password_changed_at.map(|changed| changed.0),
            ],
        )?;
        Ok(())
    }

    fn throttle(&self, kind: AccountKind, user_name: &str) -> Result<Option<ThrottleRow>> {
        self.one(
            "SELECT failures, lock_expires_at FROM throttle WHERE kind = ?1 AND user_folded = ?2",
            values![kind_code(kind), fold(user_name)],
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
                 ON CONFLICT (kind, user_folded) DO UPDATE SET failures = ?3, lock_expires_at = ?4",
                values![kind, user.as_str(), row.failures, row.lock_expires_at.0],
            )?,
            None => self.execute(
                "DELETE FROM throttle WHERE kind = ?1 AND user_folded = ?2",
                values![kind, user],
            )?,
        };
        Ok(())
    }

    fn person_token(&self, value: &str) -> Result<Option<PersonToken>> {
        self.one(
            "SELECT kind, account_id, token, created_at FROM person_token WHERE token_folded = ?1",
            values![fold(value)],
            rows::person_token,
        )
    }

    fn add_person_token(&self, token: &PersonToken) -> Result<()> {
        self.execute(
            "INSERT INTO person_token (token_folded, token, kind, account_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            values![
                fold(&token.token),
                token.token.as_str(),
                kind_code(token.kind),
                token.account_id,
                token.created_at.0
            ],
        )?;
        Ok(())
    }

    fn revoke_person(&self, kind: AccountKind, account_id: i64, now: UnixTime) -> Result<()> {
        self.transact(|session| {
            session.execute(
                "DELETE FROM person_token WHERE kind = ?1 AND account_id = ?2",
                values![kind_code(kind), account_id],
            )?;
            session.execute(
                "INSERT INTO revocation VALUES (?1, ?2, ?3) ON CONFLICT (kind, account_id) DO UPDATE SET revoked_at = ?3",
                values![kind_code(kind), account_id, now.0],
            )?;
            Ok(())
        })
    }

    fn revoked_at(&self, kind: AccountKind, account_id: i64) -> Result<Option<UnixTime>> {
        self.one(
            "SELECT revoked_at FROM revocation WHERE kind = ?1 AND account_id = ?2",
            values![kind_code(kind), account_id],
            |mut row| row.take().map(UnixTime),
        )
    }
}
