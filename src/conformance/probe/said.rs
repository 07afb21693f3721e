//! What a store says when it refuses, written down literally from docs/protocol/errors.md#sentences and docs/protocol/errors.md#rest.
//!
//! The suite keeps its own copy on purpose: were it to read the store's table, both could agree on a mistake.

use crate::text::form;

/// A refusal: status, template and the values of its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// HTTP status.
    pub status: u16,
    /// The sentence with `%1` or `%name`.
    pub template: &'static str,
    /// The placeholders' names, without `%`, and their values; a value of `*` is any run of digits.
    pub values: Vec<(&'static str, String)>,
    /// Several sentences of the same template, joined at the token endpoints and listed under `errors` on REST.
    pub also: Vec<(&'static str, String)>,
}

const fn plain(status: u16, template: &'static str) -> Said {
    Said {
        status,
        template,
        values: Vec::new(),
        also: Vec::new(),
    }
}

/// The token, where one is given, is not 32 bytes long.
pub const M3: Said = plain(
    400,
    "The token length is invalid. Check the length and try again.",
);
/// The consumer key is not 32 bytes long.
pub const M5: Said = plain(401, "Consumer key is not the correct length");
/// No consumer has this key.
pub const M6: Said = plain(401, "A consumer having the specified key does not exist");
/// The timestamp is out of range, or the nonce cannot be written.
pub const M7: Said = plain(401, "An error occurred validating the nonce");
/// The key-exchange window is over.
pub const M9: Said = plain(401, "Consumer key has expired");
/// No token has this value.
pub const M10: Said = plain(401, "Specified token does not exist");
/// The request token is another consumer's.
pub const M11R: Said = plain(
    401,
    "Request token is not associated with the specified consumer",
);
/// The access token is another consumer's.
pub const M11A: Said = plain(401, "Token is not associated with the specified consumer");
/// The token is no longer, or not yet, a request token.
pub const M12R: Said = plain(401, "Token is already being used");
/// The token is a verifier or request token.
pub const M12A: Said = plain(401, "Token is not an access token");
/// The verifier is not 32 bytes long.
pub const M13: Said = plain(401, "Verifier is not the correct length");
/// The verifier is another one.
pub const M14: Said = plain(401, "Token verifier and verifier token do not match");
/// The access token's row is revoked.
pub const M15: Said = plain(401, "Access token has been revoked");
/// The signature is not the expected one.
pub const M16: Said = plain(401, "The signature is invalid. Verify and try again.");
/// The consumer's first token is no verifier.
pub const M17: Said = plain(
    401,
    "Cannot create request token because consumer token is not a verifier token",
);

/// M8: the nonce was used; the consumer's id is not known to the suite.
#[must_use]
pub fn nonce_used() -> Said {
    Said {
        values: vec![("1", "*".into())],
        ..plain(
            401,
            "The nonce is already being used by the consumer with ID %1",
        )
    }
}

/// M1: the version is not supported.
#[must_use]
pub fn version(version: impl Into<String>) -> Said {
    Said {
        values: vec![("1", version.into())],
        ..plain(400, "The \"%1\" Oauth version isn't supported.")
    }
}

/// M4: the signature method is not supported.
#[must_use]
pub fn method(name: impl Into<String>) -> Said {
    Said {
        values: vec![("1", name.into())],
        ..plain(400, "Signature method %1 is not supported")
    }
}

/// M2: these parameters are missing, in the order in which the store reports them.
#[must_use]
pub fn missing(names: &[&'static str]) -> Said {
    let mut every = names.iter().map(|name| ("fieldName", (*name).to_owned()));
    Said {
        values: every.next().into_iter().collect(),
        also: every.collect(),
        ..plain(400, "\"%fieldName\" is required. Enter and try again.")
    }
}

/// The caller has no right to these resources, as REST says it (docs/protocol/acl.md#refusal).
#[must_use]
pub fn unauthorized(resources: &str) -> Said {
    Said {
        values: vec![("resources", resources.into())],
        ..plain(401, "The consumer isn't authorized to access %resources.")
    }
}

/// No route has this path and method (docs/protocol/errors.md#rest).
pub const NO_ROUTE: Said = plain(404, "Request does not match any route.");
/// The path is none of the web API's (docs/protocol/errors.md#rest).
pub const NO_REQUEST: Said = plain(400, "Specified request cannot be processed.");

/// The five parameters that every step needs, in the order of docs/protocol/token-endpoints.md.
pub const FIVE: [&str; 5] = [
    "oauth_consumer_key",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_nonce",
    "oauth_timestamp",
];

impl Said {
    /// The sentence with its values; several sentences lose their full stops and are joined with `, ` (docs/protocol/errors.md#e1-and-e2).
    #[must_use]
    pub fn sentence(&self) -> String {
        let first = self.filled(&self.values);
        if self.also.is_empty() {
            return first;
        }
        let every = self.values.iter().chain(&self.also);
        let sentences: Vec<String> = every
            .map(|value| {
                let sentence = self.filled(std::slice::from_ref(value));
                sentence.trim_end_matches('.').to_owned()
            })
            .collect();
        sentences.join(", ")
    }

    fn filled(&self, values: &[(&'static str, String)]) -> String {
        values
            .iter()
            .fold(self.template.to_owned(), |text, (name, value)| {
                text.replace(&format!("%{name}"), value)
            })
    }

    /// The body at E1 and E2; `*` where any digits may stand.
    #[must_use]
    pub fn form_body(&self) -> String {
        format!("oauth_problem={}", form::encode(&self.sentence())).replace("%2A", "*")
    }

    /// The JSON object on REST; `*` where any digits may stand.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        use serde_json::{Map, Value, json};
        let parameters = |values: &[(&'static str, String)]| -> Value {
            if values.iter().all(|(name, _)| name.parse::<u8>().is_ok()) {
                return values.iter().map(|(_, value)| value.clone()).collect();
            }
            let named = values.iter();
            Value::Object(
                named
                    .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                    .collect::<Map<_, _>>(),
            )
        };
        if !self.also.is_empty() {
            let every = self.values.iter().chain(&self.also);
            let errors: Vec<Value> = every
                .map(|value| {
                    json!({"message": self.template, "parameters": parameters(std::slice::from_ref(value))})
                })
                .collect();
            return json!({"message": "One or more input exceptions have occurred.", "errors": errors});
        }
        if self.values.is_empty() {
            return json!({"message": self.template});
        }
        json!({"message": self.template, "parameters": parameters(&self.values)})
    }
}
