//! # An empty value is present, and fails where its value is looked at
//!
//! "Present" means that the name occurred. An empty nonce is accepted by measured stores; refusing it is safer and accepted as well.
//!
//! Source: docs/protocol/token-endpoints.md#where-the-parameters-may-stand.

use magespec::conformance::{Case, Need, said};

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "parameters/empty/consumer-key",
        "an empty consumer key is unknown",
        |lab| lab.refuses(&lab.e1()?, |r| r.set("oauth_consumer_key", ""), said::M6),
    )
    .covers(&["store-empty-is-present"])
    .measured(),
    Case::security(
        "parameters/empty/nonce",
        "an empty nonce should not be accepted",
        |lab| {
            let control = lab.token_request(&lab.verified()?);
            lab.spoil();
            lab.tolerates(
                &control,
                |r| r.set("oauth_nonce", ""),
                "an empty nonce is accepted once per consumer",
            )
        },
    )
    .covers(&["store-empty-is-present", "rfc5849-3.3-nonce-unique"])
    .measured(),
    Case::must(
        "parameters/empty/timestamp",
        "an empty timestamp is refused",
        |lab| lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", ""), said::M7),
    )
    .covers(&["rfc5849-3.3-timestamp-positive", "store-empty-is-present"])
    .measured(),
    Case::must(
        "parameters/empty/verifier",
        "an empty verifier is refused for its length",
        |lab| lab.refuses(&lab.e2()?, |r| r.set("oauth_verifier", ""), said::M13),
    )
    .covers(&["store-verifier-length", "store-empty-is-present"])
    .measured(),
    Case::profile(
        "parameters/empty/token",
        "an empty token at E1 is refused for its length",
        |lab| lab.refuses(&lab.e1()?, |r| r.set("oauth_token", ""), said::M3),
    )
    .covers(&["store-token-length", "store-empty-is-present"])
    .measured(),
    Case::must(
        "parameters/empty/signature",
        "an empty signature is refused",
        |lab| lab.refuses(&lab.e1()?, |r| r.signature(""), said::M16),
    )
    .covers(&["rfc5849-3.2-signature-checked"])
    .measured(),
    Case::must(
        "parameters/empty/signature-method",
        "an empty method is not supported",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_signature_method", ""),
                said::method(""),
            )
        },
    )
    .covers(&["store-method-list"])
    .measured(),
    Case::profile(
        "parameters/extra/token-of-32",
        "an unknown token of 32 characters at E1 is ignored",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz012345")
            })
        },
    )
    .covers(&["store-token-ignored-at-e1"])
    .measured(),
    Case::profile(
        "parameters/extra/token-of-5",
        "a token of 5 characters at E1 is refused for its length",
        |lab| lab.refuses(&lab.e1()?, |r| r.set("oauth_token", "abcde"), said::M3),
    )
    .covers(&["store-token-length"])
    .measured(),
    Case::must(
        "parameters/extra/signed",
        "an unknown oauth_ parameter that is signed does not matter",
        |lab| lab.accepts(&lab.e1()?, |r| r.set("oauth_foo", "bar")),
    )
    .covers(&["rfc5849-3.4.1.3-header-signed"])
    .measured(),
    Case::must(
        "parameters/extra/unsigned",
        "an unknown oauth_ parameter that is not signed breaks the signature",
        |lab| lab.refuses(&lab.e1()?, |r| r.after("oauth_foo", Some("bar")), said::M16),
    )
    .covers(&["rfc5849-3.4.1.3-header-signed"])
    .measured(),
    Case::profile(
        "parameters/extra/body-hash",
        "oauth_body_hash is not checked",
        |lab| lab.accepts(&lab.call()?, |r| r.set("oauth_body_hash", "wrong")),
    )
    .covers(&["store-body-hash-ignored"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "parameters/extra/verifier-on-rest",
        "oauth_verifier on REST is signed and ignored",
        |lab| {
            lab.accepts(&lab.call()?, |r| {
                r.set("oauth_verifier", "abcdefghijklmnopqrstuvwxyz012345")
            })
        },
    )
    .covers(&["store-extra-ignored"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "parameters/extra/callback-at-access-token",
        "oauth_callback at E2 is signed and ignored",
        |lab| lab.accepts(&lab.e2()?, |r| r.set("oauth_callback", "oob")),
    )
    .covers(&["store-extra-ignored"])
    .measured(),
    Case::profile(
        "parameters/extra/verifier-at-request-token",
        "oauth_verifier at E1 is signed and ignored",
        |lab| lab.accepts(&lab.e1()?, |r| r.set("oauth_verifier", "x")),
    )
    .covers(&["store-extra-ignored"])
    .measured(),
];
