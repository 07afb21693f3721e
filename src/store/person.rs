//! Tokens of administrators and customers: opening, checking, revoking, and the throttle (docs/protocol/person-tokens.md).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::oauth::TokenForm;
use crate::random;
use crate::secret::Secret;
use crate::storage::{self, AccountKind, Lock, PersonToken};
use crate::time::UnixTime;

use super::defects::Guard;
use super::{Store, password};

/// The name of the installation's key in the keeper.
const CRYPT_KEY: &str = "crypt_key";

/// Seconds that a web token lives when the setting is no positive whole number (measured 2.4.7-p3).
const SHORTEST_LIFE: i64 = 1800;

/// The index of the only crypt key, and the algorithm of a stock store.
const KEY_INDEX: &str = "1";
const ALGORITHM: &str = "HS256";

/// What the settings of a kind of account are called, and its number in a token.
struct Names {
    jwt_minutes: &'static str,
    opaque_hours: &'static str,
    user_type: i64,
}

const fn names(kind: AccountKind) -> Names {
    match kind {
        AccountKind::Admin => Names {
            jwt_minutes: "webapi/jwtauth/admin_expiration",
            opaque_hours: "oauth/access_token_lifetime/admin",
            user_type: 2,
        },
        AccountKind::Customer => Names {
            jwt_minutes: "webapi/jwtauth/customer_expiration",
            opaque_hours: "oauth/access_token_lifetime/customer",
            user_type: 3,
        },
    }
}

/// A fresh token for whoever knows the password; none when it is wrong, the account is closed or the throttle holds. All look the same
/// from outside.
pub(super) fn open(
    store: &Store,
    kind: AccountKind,
    user_name: &str,
    secret: &Secret,
) -> storage::Result<Option<String>> {
    let now = store.now();
    let lock = Lock {
        most: store.number("oauth/authentication_lock/max_failures_count")?,
        until: now.plus(store.number("oauth/authentication_lock/timeout")?),
    };
    let _turn = store.guesses().turn(kind, user_name);
    let storage = store.storage();
    let (counted, counted_name) = counted_as(store, kind, user_name);
    if !storage.count_attempt(counted, &counted_name, now, lock)? {
        return Ok(None);
    }
    let account = storage.account(kind, user_name)?;
    let account = match store.faults() {
        None => account,
        Some(faults) => account.map(|account| faults.account(account)),
    };
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.as_str());
    let is_right = password::fits_one(secret, hash, store.options().lasting)
        || (account.is_some() && !store.makes(Guard::PersonPassword));
    let Some(account) = account.filter(|_| is_right) else {
        return Ok(None);
    };
    if !account.active {
        storage.forgive_attempt(counted, &counted_name)?;
        return Ok(None);
    }
    storage.set_throttle(counted, &counted_name, None)?;
    issue(store, kind, account.id).map(Some)
}

/// Whose row of the throttle a user name has.
fn counted_as<'a>(
    store: &Store,
    kind: AccountKind,
    user_name: &'a str,
) -> (AccountKind, Cow<'a, str>) {
    match store.faults() {
        None => (kind, Cow::Borrowed(user_name)),
        Some(faults) => {
            let (kind, name) = faults.counted(kind, user_name);
            (kind, Cow::Owned(name))
        }
    }
}

fn issue(store: &Store, kind: AccountKind, account_id: i64) -> storage::Result<String> {
    let now = store.now();
    match store.profile().token_form {
        TokenForm::Opaque => {
            let token = random::value(store.entropy());
            store.storage().add_person_token(&PersonToken {
                kind,
                account_id,
                token: token.clone(),
                created_at: now,
            })?;
            store.sweep_tokens()?;
            Ok(token)
        }
        TokenForm::Jwt => {
            let minutes = store.number(names(kind).jwt_minutes)?;
            let seconds = if minutes > 0 {
                minutes.saturating_mul(60)
            } else {
                SHORTEST_LIFE
            };
            let claims = json!({
                "uid": account_id,
                "utypid": names(kind).user_type,
                "iat": now.0,
                "exp": now.plus(seconds).0,
            });
            let claims = match store.faults() {
                None => claims,
                Some(faults) => faults.claims(claims),
            };
            let header = json!({"kid": KEY_INDEX, "alg": ALGORITHM});
            let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!("{}.{}", encode(&header), encode(&claims));
            let signature = URL_SAFE_NO_PAD.encode(mac(store, &signed)?.finalize().into_bytes());
            Ok(format!("{signed}.{signature}"))
        }
    }
}

fn mac(store: &Store, signed: &str) -> storage::Result<Hmac<Sha256>> {
    let key = crypt_key(store)?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    Ok(mac)
}

/// The installation's key; drawn when it is first needed.
pub(super) fn crypt_key(store: &Store) -> storage::Result<Secret> {
    if let Some(key) = store.storage().installation(CRYPT_KEY)? {
        return Ok(key);
    }
    let drawn = Secret::new(random::value(store.entropy()));
    store.storage().keep_installation(CRYPT_KEY, &drawn)
}

/// Whose bearer token this is: the opaque look-up first, then the web token. Unknown, expired and revoked ones are nobody's.
pub(super) fn bearer(store: &Store, value: &str) -> storage::Result<Option<(AccountKind, i64)>> {
    if let Some(token) = store.storage().person_token(value)? {
        let expired = opaque_life(store, token.kind)?
            .is_some_and(|life| store.now().since(token.created_at) >= life);
        return Ok((!expired).then_some((token.kind, token.account_id)));
    }
    let Some((kind, id, issued)) = web_token(store, value)? else {
        return Ok(None);
    };
    let revoked = store.storage().revoked_at(kind, id)?;
    Ok(revoked
        .is_none_or(|revoked| issued > revoked)
        .then_some((kind, id)))
}

/// Seconds that an opaque token lives; an empty setting means for ever.
fn opaque_life(store: &Store, kind: AccountKind) -> storage::Result<Option<i64>> {
    let hours = store.setting(names(kind).opaque_hours)?.unwrap_or_default();
    if hours.is_empty() {
        return Ok(None);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates, and a life of whole seconds is meant"
    )]
    let seconds = hours
        .trim()
        .parse::<f64>()
        .map_or(0, |hours| (hours * 3600.0) as i64);
    Ok(Some(seconds))
}

/// Account and time of issue of a web token that this installation signed and that has not expired.
fn web_token(store: &Store, value: &str) -> storage::Result<Option<(AccountKind, i64, UnixTime)>> {
    let parts: Vec<&str> = value.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Ok(None);
    };
    let (Some(header), Some(claims)) = (decoded(header), decoded(claims)) else {
        return Ok(None);
    };
    if header["alg"] != ALGORITHM || header["kid"] != KEY_INDEX {
        return Ok(None);
    }
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
        return Ok(None);
    };
    let signed = &value[..parts[0].len() + 1 + parts[1].len()];
    if mac(store, signed)?.verify_slice(&signature).is_err() {
        return Ok(None);
    }
    let number = |name: &str| claims[name].as_i64();
    let kind = match number("utypid") {
        Some(2) => AccountKind::Admin,
        Some(3) => AccountKind::Customer,
        _ => return Ok(None),
    };
    let (Some(id), Some(issued), Some(expires)) = (number("uid"), number("iat"), number("exp"))
    else {
        return Ok(None);
    };
    Ok((UnixTime(expires) > store.now()).then_some((kind, id, UnixTime(issued))))
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
