//! # Of two faults at E1, the first in the order of checks is told
//!
//! The request of a fresh verifier is good. Then two things about it are wrong at once: version, missing parameter, token length, method,
//! consumer, timestamp, nonce, key-exchange window, signature, state of the token – in this order. A fault that is told burns no verifier.
//!
//! Source: docs/protocol/errors.md#which-error-wins.

use magespec::conformance::{Case, Need, joined, said};

use super::{UNKNOWN, far_ahead, first_is_told};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];

const PAIRS: [Case; 8] = first_is_told! { "request-token", " at E1", e1, NEEDS;
    "version-before-missing", "a wrong version is told before a missing nonce", |r| r.set("oauth_version", "2.0").without("oauth_nonce") => said::version("2.0");
    "missing-before-token-length", "a missing nonce is told before a short token", |r| r.without("oauth_nonce").set("oauth_token", "short") => said::missing(&["oauth_nonce"]);
    "token-length-before-method", "a short token is told before a method that is not supported", |r| r.set("oauth_token", "short").set("oauth_signature_method", "MD5") => said::M3;
    "method-before-unknown-key", "a method that is not supported is told before an unknown key", |r| r.set("oauth_signature_method", "MD5").set("oauth_consumer_key", UNKNOWN) => said::method("MD5");
    "key-length-before-timestamp", "a short key is told before a timestamp far ahead", |r| far_ahead(r.set("oauth_consumer_key", "short")) => said::M5;
    "unknown-key-before-timestamp", "an unknown key is told before a timestamp far ahead", |r| far_ahead(r.set("oauth_consumer_key", UNKNOWN)) => said::M6;
    "timestamp-before-signature", "a timestamp far ahead is told before a bad signature", |r| far_ahead(r).signature("cmFuZG9t") => said::M7;
    "method-before-signature", "a method that is not supported is told before a bad signature", |r| r.set("oauth_signature_method", "MD5").signature("cmFuZG9t") => said::method("MD5");
};

const FURTHER: [Case; 5] = [
    Case::profile(
        "order/request-token/timestamp-before-nonce",
        "a timestamp far ahead is told before a used nonce",
        |lab| {
            let integration = lab.verified()?;
            let first = lab.token_request(&integration);
            let mut second = first.clone();
            far_ahead(&mut second);
            lab.control(&first)?.then_refuses(&second, said::M7)
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/request-token/signature-before-state",
        "a bad signature is told before a verifier that is gone",
        |lab| {
            let integration = lab.verified()?;
            let mut second = lab.token_request(&integration);
            second.signature("cmFuZG9t");
            lab.control(&lab.token_request(&integration))?
                .then_refuses(&second, said::M16)
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/request-token/nonce-before-window",
        "a used nonce is told before an ended window",
        |lab| {
            let draft = lab.e1()?;
            let proven = lab.control(&draft)?;
            lab.advance(301)?;
            proven.then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::profile(
        "order/request-token/window-before-signature",
        "an ended window is told before a bad signature",
        |lab| {
            let integration = lab.verified()?;
            let proven = lab.control(&lab.call()?)?;
            lab.advance(301)?;
            let mut late = lab.token_request(&integration);
            late.signature("cmFuZG9t");
            proven.then_refuses(&late, said::M9)
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::profile(
        "order/request-token/version-before-window",
        "a wrong version is told before an ended window",
        |lab| {
            let integration = lab.verified()?;
            let proven = lab.control(&lab.call()?)?;
            lab.advance(301)?;
            let mut late = lab.token_request(&integration);
            late.set("oauth_version", "2.0");
            proven.then_refuses(&late, said::version("2.0"))
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
];

pub(super) const CASES: &[Case] = &joined::<13>(&[&PAIRS, &FURTHER]);
