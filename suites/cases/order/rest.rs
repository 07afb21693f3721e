//! # Of two faults on REST, the first in the order of checks is told
//!
//! The shared integration's call is good. Then two things about it are wrong at once, and the sentence of the one that the store looks at
//! first comes back. Routing comes before the caller, the caller before the body.
//!
//! Source: docs/protocol/errors.md#which-error-wins, docs/protocol/rest.md.

use magespec::conformance::{Case, Expected, Need, joined, said};

use super::{UNKNOWN, far_ahead, first_is_told};

const HELD: &[Need] = &[Need::Credentials];

const PAIRS: [Case; 11] = first_is_told! { "rest", " on REST", call, HELD;
    "version-before-missing", "a wrong version is told before a missing nonce", |r| r.set("oauth_version", "2.0").without("oauth_nonce") => said::version("2.0");
    "missing-before-token-length", "a missing nonce is told before a short token", |r| r.without("oauth_nonce").set("oauth_token", "short") => said::missing(&["oauth_nonce"]);
    "token-length-before-method", "a short token is told before a method that is not supported", |r| r.set("oauth_token", "short").set("oauth_signature_method", "MD5") => said::M3;
    "method-before-unknown-key", "a method that is not supported is told before an unknown key", |r| r.set("oauth_signature_method", "MD5").set("oauth_consumer_key", UNKNOWN) => said::method("MD5");
    "key-length-before-timestamp", "a short key is told before a timestamp far ahead", |r| far_ahead(r.set("oauth_consumer_key", "short")) => said::M5;
    "unknown-key-before-token", "an unknown key is told before an unknown token", |r| r.set("oauth_consumer_key", UNKNOWN).set("oauth_token", UNKNOWN) => said::M6;
    "timestamp-before-token", "a timestamp far ahead is told before an unknown token", |r| far_ahead(r.set("oauth_token", UNKNOWN)) => said::M7;
    "unknown-token-before-signature", "an unknown token is told before a bad signature", |r| r.set("oauth_token", UNKNOWN).signature("cmFuZG9t") => said::M10;
    "route-before-everything", "an unknown route is told before a missing parameter and a wrong version", |r| r.to("/rest/V1/magespec/unknown").set("oauth_version", "2.0").without("oauth_nonce") => said::NO_ROUTE;
    "method-405-before-everything", "a method that REST does not have is told before a wrong version", |r| r.method("PATCH").set("oauth_version", "2.0") => Expected::Text(405, "The PATCH HTTP method is not supported.".to_owned());
    "missing-before-content-type", "a missing nonce is told before a body that cannot be read", |r| r.method("POST").to("/rest/V1/products").content("text/plain", "x").without("oauth_nonce") => said::missing(&["oauth_nonce"]);
};

const FURTHER: [Case; 7] = [
    Case::profile(
        "order/rest/owner-before-kind",
        "another consumer's request token is told for its owner",
        |lab| {
            let other = lab.requested()?;
            lab.refuses(
                &lab.rest(&lab.other()?),
                |r| r.set("oauth_token", &other.request.value),
                said::M11A,
            )
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/rest/kind-before-signature",
        "a request token is told before a bad signature",
        |lab| {
            let mut integration = lab.requested()?;
            integration.access = integration.request.clone();
            let mut draft = lab.rest(&integration);
            draft.signature("cmFuZG9t");
            lab.control(&lab.call()?)?.then_refuses(&draft, said::M12A)
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/rest/nonce-before-token",
        "a used nonce is told before an unknown token",
        |lab| {
            let first = lab.call()?;
            let mut second = first.clone();
            second.set("oauth_token", UNKNOWN);
            lab.control(&first)?
                .then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(HELD),
    Case::profile(
        "order/rest/revoked-before-signature",
        "a revoked token is told before a bad signature",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.revoke(&integration.access.value)?;
            let mut draft = lab.rest(&integration);
            draft.signature("cmFuZG9t");
            proven.then_refuses(&draft, said::M15)
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "order/rest/signature-before-status",
        "a bad signature is told before an inactive integration",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.set_status(&integration, 0)?;
            let mut draft = lab.rest(&integration);
            draft.signature("cmFuZG9t");
            proven.then_refuses(&draft, said::M16)
        },
    )
    .covers(&["store-check-order"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "order/rest/signature-before-resource",
        "a bad signature is told before a missing resource",
        |lab| {
            let powerless = lab.powerless()?;
            let mut draft = lab.rest_at(&powerless, lab.protected());
            draft.signature("cmFuZG9t");
            lab.control(&lab.call()?)?.then_refuses(&draft, said::M16)
        },
    )
    .covers(&["store-check-order"])
    .measured(),
    Case::profile(
        "order/rest/resource-before-content-type",
        "a missing resource is told before a body that cannot be read",
        |lab| {
            let powerless = lab.powerless()?;
            let mut draft = lab.rest_at(&powerless, "/rest/V1/products");
            draft.method("POST").content("text/plain", "x");
            lab.control(&lab.call()?)?
                .then_refuses(&draft, said::unauthorized("Magento_Catalog::products"))
        },
    )
    .covers(&["store-check-order", "store-rest-order"])
    .measured(),
];

pub(super) const CASES: &[Case] = &joined::<18>(&[&PAIRS, &FURTHER]);
