//! # The token of a REST call
//!
//! The shared integration's call is accepted with its own access token. Then one thing about the token is changed and the store says
//! what is wrong with it, before it looks at the signature.
//!
//! Source: spec oauth.md §2.10 checks 3 and 9–12′, §3.1 M3, M10, M11a, M12a, M15, RA-01 … RA-06.

use magespec::conformance::{Case, Need, said};

const HELD: &[Need] = &[Need::Credentials];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "rest/token/unknown",
        "a token that nobody was given is refused",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz012345"),
                said::M10,
            )
        },
    )
    .covers(&["rest-token-exists"])
    .measured("2.4.7-p3 (spec oauth.md RA-01)")
    .needs(HELD),
    Case::profile(
        "rest/token/31-characters",
        "a token of 31 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz01234"),
                said::M3,
            )
        },
    )
    .covers(&["rest-token-length"])
    .measured("2.4.7-p3 (spec oauth.md RA-02)")
    .needs(HELD),
    Case::profile(
        "rest/token/33-characters",
        "a token of 33 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz0123456"),
                said::M3,
            )
        },
    )
    .covers(&["rest-token-length"])
    .measured("2.4.7-p3 (spec oauth.md RA-02)")
    .needs(HELD),
    Case::must(
        "rest/token/of-another-consumer",
        "another integration's access token is refused",
        |lab| {
            let other = lab.other()?;
            lab.refuses(
                &lab.call()?,
                |r| {
                    r.set("oauth_token", &other.access.value)
                        .token_secret(other.access.secret.expose())
                },
                said::M11A,
            )
        },
    )
    .covers(&["rest-token-of-consumer"])
    .measured("2.4.7-p3 (spec oauth.md RA-03)"),
    Case::must(
        "rest/token/request-token",
        "a request token opens no route",
        |lab| {
            let mut integration = lab.requested()?;
            integration.access = integration.request.clone();
            lab.control(&lab.call()?)?
                .then_refuses(&lab.rest(&integration), said::M12A)
        },
    )
    .covers(&["rest-access-type"])
    .measured("2.4.7-p3 (spec oauth.md RA-04)"),
];
