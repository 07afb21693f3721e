//! What can be seen of a secret without knowing the right one. Nothing here shows a secret.

use crate::secret::Secret;

/// Characters of every secret of a store.
const LENGTH: usize = 32;

/// What is wrong with the look of a secret; fits behind *the consumer secret*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// As it stands in the database since 2.4.4.
    #[error(
        "has the form of an encrypted value (`0:3:…`), as it stands in the database since 2.4.4; take it from the integration's page in the panel, which shows it decrypted"
    )]
    Encrypted,
    /// Blanks or line ends at an end.
    #[error("has a blank or line end before or behind it; cut it")]
    Padded,
    /// Quotes around it.
    #[error("stands in quotes; take them away")]
    Quoted,
    /// A word for nothing.
    #[error(
        "is a word for nothing, such as `undefined` or `null`; the setting that it comes from is not read"
    )]
    Word,
    /// A mark that cannot be seen.
    #[error("holds a character that cannot be seen, such as a byte order mark; type it anew")]
    Invisible,
}

impl SecretFault {
    /// The first fault of `secret`, if it has one.
    #[must_use]
    pub fn of(secret: &Secret) -> Option<Self> {
        let text = secret.expose();
        let quoted =
            |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
        if text.is_empty() {
            Some(Self::Empty)
        } else if is_encrypted(text) {
            Some(Self::Encrypted)
        } else if text.trim() != text {
            Some(Self::Padded)
        } else if text.chars().any(|letter| {
            matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}') || letter.is_control()
        }) {
            Some(Self::Invisible)
        } else if quoted('"') || quoted('\'') {
            Some(Self::Quoted)
        } else if ["undefined", "null", "none", "nil"].contains(&text.to_ascii_lowercase().as_str())
        {
            Some(Self::Word)
        } else {
            None
        }
    }
}

/// Two numbers and base64, with colons between them.
fn is_encrypted(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    number(parts.next()) && number(parts.next()) && parts.next().is_some_and(|rest| rest.len() > 8)
}

/// What can be said of the secrets, one sentence each; `token` is none without a token.
pub(super) fn remarks(consumer: &Secret, token: Option<&Secret>) -> Vec<String> {
    let mut remarks = Vec::new();
    let named = [("consumer", Some(consumer)), ("token", token)];
    for (whose, secret) in named {
        let Some(secret) = secret else {
            continue;
        };
        if let Some(fault) = SecretFault::of(secret) {
            remarks.push(format!("the {whose} secret {fault}"));
        } else if secret.expose().len() != LENGTH {
            remarks.push(format!(
                "the {whose} secret has {} characters; those of a store have {LENGTH}",
                secret.expose().chars().count()
            ));
        }
    }
    if token == Some(consumer) {
        remarks.push("consumer secret and token secret are the same text".to_owned());
    }
    remarks
}
