//! The order of the checks: one that comes too early or too late.

use crate::oauth::{Check, Outcome, Problem, Rejection, Step};

use super::Defect;
use super::signed::Signed;

/// Whether the timestamp lies too far ahead.
fn is_ahead(signed: &Signed<'_>) -> bool {
    let stamp = signed.value("oauth_timestamp").unwrap_or_default();
    let stamp: i64 = stamp.parse().unwrap_or_default();
    stamp > signed.store.now().0 + 600
}

/// Whether the token is one that nobody was given.
pub(super) fn has_unknown_token(signed: &Signed<'_>) -> bool {
    let token = signed
        .value("oauth_token")
        .filter(|token| token.len() == 32);
    token.is_some_and(|token| matches!(signed.store.storage().token(&token), Ok(None)))
}

/// Whether the signature is wrong for what the header names.
pub(super) fn is_badly_signed(signed: &Signed<'_>) -> bool {
    let known = signed.looked_up();
    let key = known.value("oauth_signature").is_some();
    key && known.consumer.is_some() && !known.is_right_under(&known.key())
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/method-told-first",
        "a method that is not supported is told before anything else",
        "store-check-order",
        |faults| {
            faults.first.push(|signed| {
                let name = signed.value("oauth_signature_method")?;
                (name != "HMAC-SHA256" && !name.is_empty())
                    .then(|| Rejection::naming(Problem::MethodNotSupported, name))
            });
        },
    )
    .named_by(
        "order/request-token/token-length-before-method",
        "400 `The token length is invalid. Check the length and try again.`",
        "400 `Signature method MD5 is not supported`",
    ),
    Defect::new(
        "store/timestamp-told-first",
        "a timestamp far ahead is told before an unknown key",
        "store-check-order",
        |faults| {
            faults
                .first
                .push(|signed| is_ahead(signed).then(|| Rejection::of(Problem::NonceError)));
        },
    )
    .named_by(
        "order/request-token/unknown-key-before-timestamp",
        "401 `A consumer having the specified key does not exist`",
        "401 `An error occurred validating the nonce`",
    ),
    Defect::new(
        "store/missing-told-before-version",
        "a missing parameter is told before a wrong version",
        "store-check-order",
        |faults| {
            faults.first.push(|signed| {
                let signs = signed.value("oauth_signature").is_some();
                let missing = signs && signed.value("oauth_nonce").is_none();
                missing.then(|| Rejection {
                    problem: Problem::ParameterMissing,
                    values: vec!["oauth_nonce".to_owned()],
                })
            });
        },
    )
    .named_by(
        "order/request-token/version-before-missing",
        "400 `The \"2.0\" Oauth version isn't supported.`",
        "400 `\"oauth_nonce\" is required. Enter and try again.`",
    ),
    Defect::new(
        "store/token-told-before-nonce",
        "an unknown token is told before a used nonce",
        "store-check-order",
        |faults| {
            faults.first.push(|signed| {
                (signed.step == Step::Resource && !is_ahead(signed) && has_unknown_token(signed))
                    .then(|| Rejection::of(Problem::TokenUnknown))
            });
        },
    )
    .named_by(
        "order/rest/nonce-before-token",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "401 {\"message\":\"Specified token does not exist\"}",
    ),
    Defect::new(
        "store/signature-told-before-window",
        "a bad signature is told before an ended window",
        "store-check-order",
        |faults| {
            faults.verdict.push(|signed, outcome| match outcome {
                Outcome::Rejected(rejection)
                    if rejection.problem == Problem::ConsumerExpired && is_badly_signed(signed) =>
                {
                    Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))
                }
                other => other,
            });
        },
    )
    .named_by(
        "order/request-token/window-before-signature",
        "401 `Consumer key has expired`",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/signature-told-before-verifier",
        "a bad signature is told before a wrong verifier",
        "store-check-order",
        |faults| {
            faults.verdict.push(|signed, outcome| match outcome {
                Outcome::Rejected(rejection)
                    if rejection.problem == Problem::VerifierMismatch
                        && is_badly_signed(signed) =>
                {
                    Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))
                }
                other => other,
            });
        },
    )
    .named_by(
        "order/access-token/verifier-before-signature",
        "401 `Token verifier and verifier token do not match`",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/kind-told-before-owner",
        "a token of another life is told before its owner",
        "store-check-order",
        |faults| {
            faults.policy.leave_out(Check::TokenOwner);
            faults.verdict.push(|signed, outcome| match outcome {
                Outcome::Authenticated(authenticated)
                    if authenticated.token.as_ref().is_some_and(|token| {
                        token.consumer_id != Some(authenticated.consumer.id)
                    }) =>
                {
                    Outcome::Rejected(Rejection::of(if signed.step == Step::Resource {
                        Problem::TokenOfOther
                    } else {
                        Problem::RequestTokenOfOther
                    }))
                }
                other => other,
            });
        },
    )
    .named_by(
        "order/rest/owner-before-kind",
        "401 {\"message\":\"Token is not associated with the specified consumer\"}",
        "401 {\"message\":\"Token is not an access token\"}",
    ),
    Defect::new(
        "store/revoked-told-after-signature",
        "a bad signature is told before a revoked token",
        "store-check-order",
        |faults| {
            faults.verdict.push(|signed, outcome| match outcome {
                Outcome::Rejected(rejection)
                    if rejection.problem == Problem::TokenRevoked && is_badly_signed(signed) =>
                {
                    Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))
                }
                other => other,
            });
        },
    )
    .named_by(
        "order/rest/revoked-before-signature",
        "401 {\"message\":\"Access token has been revoked\"}",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
];
