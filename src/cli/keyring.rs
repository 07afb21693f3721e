//! Files with secrets, in every shape in which a command of this crate or a person writes them.
//!
//! One integration or a list of them, in TOML or JSON: what `serve --credentials-out` and the control API write, the ready file of
//! `serve`, the four values of the tokens dialog, a list under `[[secrets]]`.

use std::path::Path;

use serde::Deserialize;

use crate::doctor::{KeyringEntry, SecretFault};
use crate::secret::Secret;

use super::Failure;
use super::credentials::{parse, text_of};

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    List(Vec<Entry>),
    Secrets {
        secrets: Vec<Entry>,
    },
    /// The ready file of `serve`.
    Ready {
        integrations: Vec<Entry>,
    },
    One(Entry),
}

#[derive(Deserialize)]
struct Entry {
    #[serde(alias = "oauth_consumer_key")]
    consumer_key: String,
    #[serde(alias = "oauth_consumer_secret")]
    consumer_secret: String,
    #[serde(alias = "access_token", alias = "oauth_token")]
    token: Option<String>,
    #[serde(alias = "access_token_secret", alias = "oauth_token_secret")]
    token_secret: Option<String>,
}

/// What a file says of one integration.
pub(super) struct Known {
    pub(super) consumer_key: String,
    pub(super) consumer_secret: Secret,
    pub(super) token: Option<String>,
    pub(super) token_secret: Option<Secret>,
}

impl Known {
    /// The entry of a keyring.
    pub(super) fn entry(&self) -> KeyringEntry {
        KeyringEntry {
            consumer_key: Some(self.consumer_key.clone()),
            consumer_secret: self.consumer_secret.clone(),
            token: self.token.clone(),
            token_secret: self.token_secret.clone(),
        }
    }

    /// Nothing that a store would never have given: a secret as it stands in the database, blanks, quotes.
    pub(super) fn checked(self, path: &Path) -> Result<Self, Failure> {
        check(
            &self.consumer_secret,
            "consumer",
            &format!("in `{}`", path.display()),
        )?;
        if let Some(secret) = &self.token_secret {
            check(secret, "token", &format!("in `{}`", path.display()))?;
        }
        Ok(self)
    }
}

/// Refuses a secret whose look says that no signature made with it can be right.
pub(super) fn check(secret: &Secret, whose: &str, place: &str) -> Result<(), Failure> {
    match SecretFault::of(secret) {
        None | Some(SecretFault::Empty) => Ok(()),
        Some(fault) => Err(Failure::usage(format_args!(
            "the {whose} secret {place} {fault}"
        ))),
    }
}

/// Every integration of the file.
pub(super) fn read(path: &Path) -> Result<Vec<Known>, Failure> {
    let file: File = parse(&text_of(path)?).map_err(|reason| {
        let reason = if reason.contains("untagged") { "it holds no integration" } else { &reason };
        Failure::usage(format_args!(
            "`{}` is no secrets file: {reason}; expected TOML or JSON with `consumer_key`, `consumer_secret` and, for a token, `access_token` and `access_token_secret`, one integration or a list (in TOML each under `[[secrets]]`)",
            path.display()
        ))
    })?;
    let entries = match file {
        File::List(entries)
        | File::Secrets { secrets: entries }
        | File::Ready {
            integrations: entries,
        } => entries,
        File::One(entry) => vec![entry],
    };
    Ok(entries
        .into_iter()
        .map(|entry| Known {
            consumer_key: entry.consumer_key,
            consumer_secret: Secret::from(entry.consumer_secret),
            token: entry.token,
            token_secret: entry.token_secret.map(Secret::from),
        })
        .collect())
}
