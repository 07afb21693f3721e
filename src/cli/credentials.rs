//! The credentials file of an activated integration, for `--credentials FILE`.
//!
//! TOML or JSON with four texts, as the tokens dialog of the panel shows them:
//!
//! ```toml
//! consumer_key = "…"
//! consumer_secret = "…"
//! access_token = "…"
//! access_token_secret = "…"
//! ```
//!
//! `token` and `token_secret` are understood as well, as are several integrations under `integrations`, which is what the ready file of
//! `magespec serve` and its --credentials-out write: then the first counts. `keyring.rs` reads each of them.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::secret::Secret;

use super::Failure;

/// What an activated integration calls with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) consumer_key: String,
    pub(super) consumer_secret: Secret,
    pub(super) access_token: String,
    pub(super) access_token_secret: Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "name")]
    _name: IgnoredAny,
    consumer_key: String,
    consumer_secret: String,
    #[serde(alias = "token")]
    access_token: String,
    #[serde(alias = "token_secret")]
    access_token_secret: String,
}

/// A file with several integrations; whatever else is in it does not matter.
#[derive(Deserialize)]
struct Several {
    integrations: Option<Vec<Fields>>,
}

impl Credentials {
    /// Reads the credentials of one integration. JSON is what begins with `{`, everything else TOML.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = text_of(path)?;
        let several = parse::<Several>(&text)
            .ok()
            .and_then(|file| file.integrations);
        let first = match several {
            Some(every) => every.into_iter().next().ok_or_else(|| {
                Failure::usage(format_args!(
                    "`{}` names no integration; start the store with --integration NAME",
                    path.display()
                ))
            })?,
            None => parse(&text).map_err(|reason| {
                Failure::usage(format_args!(
                    "`{}` is no credentials file: {reason}; expected TOML or JSON with `consumer_key`, `consumer_secret`, `token` and `token_secret`",
                    path.display()
                ))
            })?,
        };
        Ok(first.into())
    }
}

impl From<Fields> for Credentials {
    fn from(fields: Fields) -> Self {
        Self {
            consumer_key: fields.consumer_key,
            consumer_secret: Secret::from(fields.consumer_secret),
            access_token: fields.access_token,
            access_token_secret: Secret::from(fields.access_token_secret),
        }
    }
}

/// The text of a file that holds secrets.
pub(super) fn text_of(path: &Path) -> Result<String, Failure> {
    crate::cli::file::read_text(path).map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}; check the path",
            path.display()
        ))
    })
}

/// Parses JSON or TOML. The reason never quotes a value: it may be a secret.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) && !start.starts_with("[[") {
        return serde_json::from_str(text).map_err(|error| {
            if error.is_data() {
                without_values(&error.to_string())
            } else {
                let (line, column) = (error.line(), error.column());
                format!("it is no JSON, see line {line} column {column}")
            }
        });
    }
    toml::from_str(text).map_err(|error: toml::de::Error| without_values(error.message()))
}

fn without_values(reason: &str) -> String {
    if reason.starts_with("invalid type") || reason.starts_with("invalid value") {
        "a value is no text in quotes".to_owned()
    } else {
        reason.to_owned()
    }
}
