//! # The token of a REST call
//!
//! The shared integration's call is accepted with its own access token. Then one thing about the token is changed and the store says
//! what is wrong with it, before it looks at the signature.
//!
//! Source: docs/protocol/errors.md#which-error-wins, docs/protocol/errors.md#sentences.

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
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/token/31-characters",
        "an access token of 31 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz01234"),
                said::M3,
            )
        },
    )
    .covers(&["rest-token-length"])
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/token/33-characters",
        "an access token of 33 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", "abcdefghijklmnopqrstuvwxyz0123456"),
                said::M3,
            )
        },
    )
    .covers(&["rest-token-length"])
    .measured()
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
    .measured(),
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
    .measured(),
    Case::security(
        "rest/token/verifier-token",
        "a verifier token, which nobody was ever told, opens no route",
        |lab| {
            let mut integration = lab.verified()?;
            integration.access = lab.row_of_kind(&integration, "verifier")?;
            lab.control(&lab.call()?)?
                .then_refuses(&lab.rest(&integration), said::M12A)
        },
    )
    .covers(&["rest-access-type"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "rest/token/revoked",
        "an access token whose row is revoked is refused",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.revoke(&integration.access.value)?;
            proven.then_refuses(&lab.rest(&integration), said::M15)
        },
    )
    .covers(&["rest-revoked"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::security(
        "rest/token/upper-cased",
        "a token in another case should be another token",
        |lab| {
            let upper = lab.active()?.access.value.to_uppercase();
            lab.tolerates(
                &lab.call()?,
                |r| r.set("oauth_token", &upper),
                "an upper-cased access token is accepted",
            )
        },
    )
    .covers(&["rest-token-exists"])
    .measured()
    .needs(HELD),
    Case::must(
        "rest/token/secret-of-another",
        "another integration's token secret signs nothing",
        |lab| {
            let other = lab.other()?;
            lab.refuses(
                &lab.call()?,
                |r| r.token_secret(other.access.secret.expose()),
                said::M16,
            )
        },
    )
    .covers(&["rest-token-of-consumer"])
    .rfc("5849 §3.4.2"),
];
