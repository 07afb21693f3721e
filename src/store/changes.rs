//! Carries out what the state machine of integrations decided.

use crate::integration::{Change, FreshToken, Integration};
use crate::random::{self, Entropy};
use crate::secret::Secret;
use crate::storage::{self, NewToken, Storage};
use crate::time::UnixTime;

/// Draws the values of one token row.
pub(super) fn fresh_token(entropy: &dyn Entropy) -> FreshToken {
    FreshToken {
        token: random::value(entropy),
        secret: Secret::new(random::value(entropy)),
        verifier: Secret::new(random::value(entropy)),
    }
}

/// Carries out the changes of a consumer, in order; those before a failing one stay. `sweep` follows every save of a token row.
pub(super) fn carry_out(
    storage: &dyn Storage,
    consumer_id: i64,
    changes: Vec<Change>,
    now: UnixTime,
    sweep: &dyn Fn() -> storage::Result<()>,
) -> storage::Result<()> {
    for change in changes {
        match change {
            Change::TouchConsumer => storage.touch_consumer(consumer_id, now)?,
            Change::SetStatus(status) => {
                if let Some(row) = storage.integration_of(consumer_id)? {
                    storage.replace_integration(&Integration { status, ..row })?;
                }
            }
            Change::AddToken { kind, values } => {
                storage.add_token(NewToken {
                    consumer_id,
                    kind,
                    token: values.token,
                    secret: values.secret,
                    verifier: Some(values.verifier),
                    created_at: now,
                })?;
                sweep()?;
            }
            Change::ReplaceToken(row) => {
                storage.replace_token(&row)?;
                sweep()?;
            }
            Change::RemoveToken(id) => storage.remove_token(id)?,
        }
    }
    Ok(())
}
