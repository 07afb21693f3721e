//! One request and its answer, as a report shows them.

use serde::{Deserialize, Serialize};

/// One request and its response as text, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeText {
    /// Request line, header fields, body.
    pub request: String,
    /// Status line, header fields, body.
    pub response: String,
    /// What was signed, when something was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub base_string: Option<String>,
    /// Whether the case sent another signature than that of the base string and the right key.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub spoiled: bool,
    /// Whether its answer decided the verdict.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub decisive: bool,
}
