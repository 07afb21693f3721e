//! # A route that is open to everybody asks nobody who he is
//!
//! Credentials on an open route are not looked at, right or wrong, unless the service itself asks for the caller. A call without any is the
//! control. That a forged signature goes unnoticed is a weakness; refusing it is accepted as well.
//!
//! Source: docs/protocol/rest.md#who-is-calling, docs/protocol/acl.md.

use magespec::conformance::{ANONYMOUS, Case, Expected, Need, joined, said};

const UNNOTICED: &str = "a forged OAuth header is not noticed on an open route";

/// A header on the countries' route, which is then answered all the same.
macro_rules! ignored {
    ($($name:literal, $title:literal, $value:literal;)+) => {
        [$(
            Case::profile(concat!("rest/anonymous/", $name), $title, |lab| {
                lab.accepts(&lab.guest("GET", ANONYMOUS), |r| r.header("Authorization", $value))
            })
            .covers(&["store-lazy-identity", "store-bad-bearer-is-guest", "store-unknown-scheme-is-guest"])
            .measured()
            .needs(&[])
        ),+]
    };
}

/// A forged signature on the countries' route.
macro_rules! forged {
    ($($name:literal, $title:literal, |$r:ident| $change:expr;)+) => {
        [$(
            Case::security(concat!("rest/anonymous/", $name), $title, |lab| {
                lab.tolerates(&lab.rest_at(&lab.active()?, ANONYMOUS), |$r| $change, UNNOTICED)
            })
            .covers(&["store-lazy-identity"])
            .measured()
            .needs(&[Need::Credentials])
        ),+]
    };
}

const IGNORED: [Case; 3] = ignored! {
    "basic", "Basic credentials on an open route do not matter", "Basic bm9ib2R5Om5vdGhpbmc=";
    "unknown-bearer", "an unknown bearer token on an open route does not matter", "Bearer abcdefghijklmnopqrstuvwxyz012345";
    "unknown-scheme", "an unknown scheme on an open route does not matter", "Magespec nothing";
};

const FORGED: [Case; 3] = forged! {
    "bad-signature", "a bad signature on an open route should be refused", |r| r.signature("cmFuZG9t");
    "unknown-token", "an unknown token on an open route should be refused", |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz012345");
    "missing-nonce", "an OAuth header without nonce on an open route should be refused", |r| r.without("oauth_nonce");
};

const FURTHER: [Case; 1] = [Case::profile(
    "rest/anonymous/service-that-asks",
    "a service that asks for the caller notices a bad signature",
    |lab| {
        let unnoticed = Expected::Either(vec![
            Expected::Text(400, "The quote can't be created.".to_owned()),
            said::M16.into(),
        ]);
        lab.refuses(
            &lab.call()?,
            |r| {
                r.method("POST")
                    .to("/rest/V1/guest-carts")
                    .content("application/json", "{}")
                    .signature("cmFuZG9t")
            },
            unnoticed,
        )
    },
)
.covers(&["store-lazy-identity"])
.measured()
.needs(&[Need::Credentials])];

pub(super) const CASES: &[Case] = &joined::<7>(&[&IGNORED, &FORGED, &FURTHER]);
