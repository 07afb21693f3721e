//! # The good way
//!
//! The administrator activates an integration; the store POSTs the credentials to the app; the app exchanges the verifier for a request
//! token (E1) and this for an access token (E2), and signs its calls with it. Both answers are two form pairs, `oauth_token` first, each
//! value 32 characters of `0-9a-z`.
//!
//! Source: RFC 5849 §2, spec oauth.md §1.1, §4.1, HP-01 … HP-11.

use magespec::conformance::{Case, Need};

pub(super) const CASES: &[Case] = &[
    Case::must(
        "handshake/request-token",
        "a good E1 gives a request token and its secret",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            let (token, secret) = answer.token().unwrap_or_default();
            lab.holds(
                is_value(&token) && is_value(&secret),
                "two values of 32 × [0-9a-z]",
                answer.text(),
            )
        },
    )
    .covers(&["guide-token-exchange", "store-value-form"])
    .measured("HP-01"),
    Case::must(
        "handshake/access-token",
        "a good E2 gives an access token that differs from the request token",
        |lab| {
            let integration = lab.requested()?;
            let answer = lab.succeeds(&lab.token_access(&integration))?;
            let (token, secret) = answer.token().unwrap_or_default();
            lab.holds(
                is_value(&token) && is_value(&secret) && token != integration.request.value,
                "another token and its secret",
                answer.text(),
            )
        },
    )
    .covers(&["guide-token-exchange", "store-value-form"])
    .measured("HP-02"),
    Case::must(
        "handshake/rest-call",
        "a call signed with the access token is answered",
        |lab| {
            let answer = lab.succeeds(&lab.call()?)?;
            lab.holds(
                answer.json().is_array(),
                "a JSON list of store views",
                answer.text(),
            )
        },
    )
    .covers(&["guide-signed-call"])
    .measured("HP-03")
    .needs(&[Need::Credentials]),
];

/// 32 characters of `0-9a-z` (spec oauth.md §0.4).
fn is_value(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}
