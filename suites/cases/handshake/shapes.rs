//! # What the token endpoints' answers look like
//!
//! Content type, caching, the fields that RFC 5849 would add and a store does not.
//!
//! Source: docs/protocol/token-endpoints.md.

use magespec::conformance::{Case, Expected, said};

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "handshake/content-type",
        "a token comes as text/html in UTF-8",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            lab.equal(
                "Content-Type",
                "text/html; charset=UTF-8",
                answer.header("Content-Type"),
            )
        },
    )
    .covers(&["store-token-content-type"])
    .measured(),
    Case::profile(
        "handshake/no-callback-confirmation",
        "oauth_callback is signed, ignored and not confirmed",
        |lab| {
            let mut draft = lab.e1()?;
            draft.set("oauth_callback", "oob");
            let answer = lab.succeeds(&draft)?;
            let silent = !answer.text().contains("oauth_callback_confirmed");
            lab.holds(silent, "no oauth_callback_confirmed", answer.text())
        },
    )
    .covers(&["store-no-callback-confirmation"])
    .measured(),
    Case::profile(
        "handshake/not-cacheable",
        "a token may not be cached",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            let header = answer.header("Cache-Control").to_owned();
            lab.holds(
                header.contains("no-store"),
                "Cache-Control with no-store",
                header,
            )
        },
    )
    .covers(&["store-token-not-cacheable"])
    .measured(),
    Case::profile(
        "handshake/no-www-authenticate/request-token",
        "a refusal at E1 carries no WWW-Authenticate",
        |lab| {
            let wrong = said::M16.into();
            let answer = lab.probe(&lab.e1()?, |r| r.signature("cmFuZG9t"), &wrong)?;
            lab.equal("WWW-Authenticate", "", answer.header("WWW-Authenticate"))
        },
    )
    .covers(&["store-no-www-authenticate"])
    .measured(),
    Case::profile(
        "handshake/no-www-authenticate/rest",
        "a refusal on REST carries no WWW-Authenticate",
        |lab| {
            let wrong = Expected::Refused(said::M16);
            let answer = lab.probe(&lab.call()?, |r| r.signature("cmFuZG9t"), &wrong)?;
            lab.equal("WWW-Authenticate", "", answer.header("WWW-Authenticate"))
        },
    )
    .covers(&["store-no-www-authenticate"])
    .measured(),
    Case::security(
        "handshake/nosniff",
        "a token's content type may not be guessed",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            lab.equal(
                "X-Content-Type-Options",
                "nosniff",
                answer.header("X-Content-Type-Options"),
            )
        },
    )
    .covers(&["store-token-headers"])
    .measured(),
    Case::security(
        "handshake/frame-options",
        "a token's page may not be framed by others",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            lab.equal(
                "X-Frame-Options",
                "SAMEORIGIN",
                answer.header("X-Frame-Options"),
            )
        },
    )
    .covers(&["store-token-headers"])
    .measured(),
];
