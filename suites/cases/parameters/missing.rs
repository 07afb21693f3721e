//! # Every required parameter is required
//!
//! One parameter is left out, of the header and of what is signed; the answer names it. The same request with the parameter is accepted.
//! With several missing, the sentences lose their full stops and are joined, in the order in which the store looks.
//!
//! Source: RFC 5849 §3.1, §2.1, §2.3, docs/protocol/token-endpoints.md#where-the-parameters-may-stand, docs/protocol/errors.md#e1-and-e2,
//! docs/protocol/rest.md.

use magespec::conformance::{Case, Need, said};

const REQUIRED: &[&str] = &["rfc5849-3.1-required-parameters", "store-problem-body"];

macro_rules! missing {
    ($step:literal, $at:literal, $fixture:ident, $place:literal, $name:literal) => {
        Case::must(
            concat!("parameters/missing/", $step, "/", $place),
            concat!($name, " is required ", $at),
            |lab| {
                lab.refuses(
                    &lab.$fixture()?,
                    |r| r.without($name),
                    said::missing(&[$name]),
                )
            },
        )
        .covers(REQUIRED)
        .measured()
    };
}

pub(super) const CASES: &[Case] = &[
    missing!(
        "request-token",
        "at E1",
        e1,
        "consumer-key",
        "oauth_consumer_key"
    ),
    missing!("request-token", "at E1", e1, "signature", "oauth_signature"),
    missing!(
        "request-token",
        "at E1",
        e1,
        "signature-method",
        "oauth_signature_method"
    ),
    missing!("request-token", "at E1", e1, "nonce", "oauth_nonce"),
    missing!("request-token", "at E1", e1, "timestamp", "oauth_timestamp"),
    missing!(
        "access-token",
        "at E2",
        e2,
        "consumer-key",
        "oauth_consumer_key"
    ),
    missing!("access-token", "at E2", e2, "signature", "oauth_signature"),
    missing!(
        "access-token",
        "at E2",
        e2,
        "signature-method",
        "oauth_signature_method"
    ),
    missing!("access-token", "at E2", e2, "nonce", "oauth_nonce"),
    missing!("access-token", "at E2", e2, "timestamp", "oauth_timestamp"),
    missing!("access-token", "at E2", e2, "token", "oauth_token"),
    missing!("access-token", "at E2", e2, "verifier", "oauth_verifier"),
    missing!(
        "rest",
        "on REST",
        call,
        "consumer-key",
        "oauth_consumer_key"
    )
    .needs(&[Need::Credentials]),
    missing!("rest", "on REST", call, "signature", "oauth_signature").needs(&[Need::Credentials]),
    missing!(
        "rest",
        "on REST",
        call,
        "signature-method",
        "oauth_signature_method"
    )
    .needs(&[Need::Credentials]),
    missing!("rest", "on REST", call, "nonce", "oauth_nonce").needs(&[Need::Credentials]),
    missing!("rest", "on REST", call, "timestamp", "oauth_timestamp").needs(&[Need::Credentials]),
    missing!("rest", "on REST", call, "token", "oauth_token").needs(&[Need::Credentials]),
    Case::profile(
        "parameters/missing/request-token/two",
        "two missing names are joined without full stops",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.without("oauth_nonce").without("oauth_consumer_key"),
                said::missing(&["oauth_consumer_key", "oauth_nonce"]),
            )
        },
    )
    .covers(&["store-missing-joined"])
    .measured(),
    Case::must(
        "parameters/missing/request-token/all",
        "E1 without a header names all five",
        |lab| lab.refuses(&lab.e1()?, |r| r.unsigned(), said::missing(&said::FIVE)),
    )
    .covers(REQUIRED)
    .measured(),
    Case::must(
        "parameters/missing/request-token/all-by-get",
        "GET on E1 without a header names all five",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.method("GET").unsigned(),
                said::missing(&said::FIVE),
            )
        },
    )
    .covers(REQUIRED)
    .measured(),
    Case::must(
        "parameters/missing/access-token/all",
        "E2 without a header names all seven",
        |lab| {
            let [a, b, c, d, e] = said::FIVE;
            let seven = said::missing(&[a, b, c, d, e, "oauth_token", "oauth_verifier"]);
            lab.refuses(&lab.e2()?, |r| r.unsigned(), seven)
        },
    )
    .covers(REQUIRED)
    .measured(),
    Case::profile(
        "parameters/missing/rest/two",
        "REST lists each missing name under errors",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.without("oauth_token").without("oauth_nonce"),
                said::missing(&["oauth_nonce", "oauth_token"]),
            )
        },
    )
    .covers(&["store-rest-errors"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "parameters/missing/rest/credentials",
        "a protected route without credentials is refused",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.to(lab.protected()).unsigned(),
                lab.unauthorized(),
            )
        },
    )
    .covers(&["guide-protected-needs-credentials", "store-acl-sentence"])
    .measured()
    .needs(&[Need::Credentials]),
];
