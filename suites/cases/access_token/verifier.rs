//! # The verifier
//!
//! It is 32 characters, compared byte by byte, and belongs to one token. It is looked at before the signature.
//!
//! Source: RFC 5849 §2.3, docs/protocol/errors.md#which-error-wins.

use magespec::conformance::{Case, said};

pub(super) const CASES: &[Case] = &[
    Case::must(
        "access-token/verifier/wrong",
        "another verifier of 32 characters is refused",
        |lab| {
            let other = lab.nonce();
            lab.refuses(&lab.e2()?, |r| r.set("oauth_verifier", &other), said::M14)
        },
    )
    .covers(&["rfc5849-2.3-verifier"])
    .rfc("5849 §2.3"),
    Case::profile(
        "access-token/verifier/short",
        "a verifier of 31 characters is refused for its length",
        |lab| {
            let control = lab.e2()?;
            let short = control.value("oauth_verifier")[1..].to_owned();
            lab.refuses(&control, |r| r.set("oauth_verifier", &short), said::M13)
        },
    )
    .covers(&["store-verifier-length"])
    .measured(),
    Case::profile(
        "access-token/verifier/long",
        "a verifier of 33 characters is refused for its length",
        |lab| {
            let control = lab.e2()?;
            let long = format!("{}0", control.value("oauth_verifier"));
            lab.refuses(&control, |r| r.set("oauth_verifier", &long), said::M13)
        },
    )
    .covers(&["store-verifier-length"])
    .measured(),
    Case::must(
        "access-token/verifier/upper-cased",
        "an upper-cased verifier is another one",
        |lab| {
            let mut control = lab.e2()?;
            // A verifier of digits alone has no case.
            while !control
                .value("oauth_verifier")
                .bytes()
                .any(|byte| byte.is_ascii_lowercase())
            {
                control = lab.e2()?;
            }
            let upper = control.value("oauth_verifier").to_uppercase();
            lab.refuses(&control, |r| r.set("oauth_verifier", &upper), said::M14)
        },
    )
    .covers(&["rfc5849-2.3-verifier"])
    .measured(),
    Case::must(
        "access-token/verifier/of-another",
        "another integration's verifier is refused",
        |lab| {
            let other = lab.verified()?;
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_verifier", other.verifier.expose()),
                said::M14,
            )
        },
    )
    .covers(&["rfc5849-2.3-verifier"])
    .rfc("5849 §2.3"),
    Case::must(
        "access-token/verifier/old",
        "the verifier before a re-authorisation is refused",
        |lab| {
            let mut integration = lab.activated()?;
            let old = integration.verifier.clone();
            lab.exchange(&mut integration, true)?;
            lab.obtain_request_token(&mut integration)?;
            lab.refuses(
                &lab.token_access(&integration),
                |r| r.set("oauth_verifier", old.expose()),
                said::M14,
            )
        },
    )
    .covers(&["store-reauthorize-kills-old"])
    .measured(),
];
