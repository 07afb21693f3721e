//! # Which fields of the header are protocol parameters
//!
//! A field counts when its raw, still encoded name holds `oauth_` and a letter, in lower case, anywhere. What counts must be signed.
//!
//! Source: docs/protocol/token-endpoints.md#reading-the-header.

use magespec::conformance::{Case, said, standard};

const FILTER: &[&str] = &["store-name-filter"];

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "header/name/encoded-underscore",
        "oauth%5Fnonce is no nonce",
        |lab| {
            let encoded =
                |p: &[(String, String)]| standard(p, ", ").replace("oauth_nonce", "oauth%5Fnonce");
            lab.refuses(
                &lab.e1()?,
                |r| r.written(encoded),
                said::missing(&["oauth_nonce"]),
            )
        },
    )
    .quirk()
    .covers(FILTER)
    .measured(),
    Case::must("header/name/upper-case", "OAUTH_NONCE is no nonce", |lab| {
        let upper =
            |p: &[(String, String)]| standard(p, ", ").replace("oauth_nonce", "OAUTH_NONCE");
        lab.refuses(
            &lab.e1()?,
            |r| r.written(upper),
            said::missing(&["oauth_nonce"]),
        )
    })
    .covers(FILTER)
    .measured(),
    Case::profile(
        "header/name/foreign",
        "x_param in the header is neither signed nor refused",
        |lab| lab.accepts(&lab.e1()?, |r| r.after("x_param", Some("1"))),
    )
    .quirk()
    .covers(FILTER)
    .measured(),
    Case::profile(
        "header/name/holds-oauth-signed",
        "myoauth_x counts, so it must be signed",
        |lab| lab.accepts(&lab.e1()?, |r| r.set("myoauth_x", "1")),
    )
    .covers(FILTER)
    .measured(),
    Case::profile(
        "header/name/holds-oauth-unsigned",
        "an unsigned myoauth_x breaks the signature",
        |lab| lab.refuses(&lab.e1()?, |r| r.after("myoauth_x", Some("1")), said::M16),
    )
    .covers(FILTER)
    .measured(),
];
