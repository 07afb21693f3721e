//! # Of two faults at E2, the first in the order of checks is told
//!
//! The request of a fresh request token is good. Then two things about it are wrong at once; token, owner, kind and verifier are looked at
//! before the signature is, so that somebody without any secret can tell them apart.
//!
//! Source: docs/protocol/errors.md#which-error-wins.

use magespec::conformance::{Case, Need, joined, said};

use super::{UNKNOWN, far_ahead, first_is_told};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];

const PAIRS: [Case; 10] = first_is_told! { "access-token", " at E2", e2, NEEDS;
    "version-before-missing", "a wrong version is told before a missing verifier", |r| r.set("oauth_version", "2.0").without("oauth_verifier") => said::version("2.0");
    "missing-before-token-length", "a missing verifier is told before a short token", |r| r.without("oauth_verifier").set("oauth_token", "short") => said::missing(&["oauth_verifier"]);
    "token-length-before-method", "a short token is told before a method that is not supported", |r| r.set("oauth_token", "short").set("oauth_signature_method", "MD5") => said::M3;
    "method-before-unknown-key", "a method that is not supported is told before an unknown key", |r| r.set("oauth_signature_method", "MD5").set("oauth_consumer_key", UNKNOWN) => said::method("MD5");
    "key-length-before-timestamp", "a short key is told before a timestamp far ahead", |r| far_ahead(r.set("oauth_consumer_key", "short")) => said::M5;
    "unknown-key-before-token", "an unknown key is told before an unknown token", |r| r.set("oauth_consumer_key", UNKNOWN).set("oauth_token", UNKNOWN) => said::M6;
    "timestamp-before-token", "a timestamp far ahead is told before an unknown token", |r| far_ahead(r.set("oauth_token", UNKNOWN)) => said::M7;
    "unknown-token-before-verifier", "an unknown token is told before a short verifier", |r| r.set("oauth_token", UNKNOWN).set("oauth_verifier", "short") => said::M10;
    "unknown-token-before-signature", "an unknown token is told before a bad signature", |r| r.set("oauth_token", UNKNOWN).signature("cmFuZG9t") => said::M10;
    "verifier-before-signature", "another verifier is told before a bad signature", |r| r.set("oauth_verifier", UNKNOWN).signature("cmFuZG9t") => said::M14;
};

const FURTHER: [Case; 2] = [
    Case::profile(
        "order/access-token/owner-before-kind",
        "another consumer's token is told before its being an access token",
        |lab| {
            let other = lab.other()?;
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_token", &other.access.value),
                said::M11R,
            )
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/access-token/kind-before-verifier",
        "an access token is told before a short verifier",
        |lab| {
            let mut integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            integration.request = integration.access.clone();
            let mut draft = lab.token_access(&integration);
            draft.set("oauth_verifier", "short");
            proven.then_refuses(&draft, said::M12R)
        },
    )
    .covers(&["store-check-order"])
    .measured(),
];

pub(super) const CASES: &[Case] = &joined::<12>(&[&PAIRS, &FURTHER]);
