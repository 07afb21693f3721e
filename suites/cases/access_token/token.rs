//! # The request token
//!
//! It must exist, belong to the consumer, and be a request token still.
//!
//! Source: RFC 5849 §2.3, §3.2, docs/protocol/errors.md#which-error-wins, docs/protocol/flow.md#states-of-an-integration.

use magespec::conformance::{Case, Need, said};

pub(super) const CASES: &[Case] = &[
    Case::must(
        "access-token/token/unknown",
        "an unknown token of 32 characters is refused",
        |lab| {
            let other = lab.nonce();
            lab.refuses(&lab.e2()?, |r| r.set("oauth_token", &other), said::M10)
        },
    )
    .covers(&["rfc5849-3.2-token-checked"])
    .rfc("5849 §3.2"),
    Case::profile(
        "access-token/token/short",
        "a request token of 31 characters is refused for its length",
        |lab| {
            let other = lab.nonce()[1..].to_owned();
            lab.refuses(&lab.e2()?, |r| r.set("oauth_token", &other), said::M3)
        },
    )
    .covers(&["store-token-length"])
    .measured(),
    Case::profile(
        "access-token/token/long",
        "a request token of 33 characters is refused for its length",
        |lab| {
            let other = format!("{}0", lab.nonce());
            lab.refuses(&lab.e2()?, |r| r.set("oauth_token", &other), said::M3)
        },
    )
    .covers(&["store-token-length"])
    .measured(),
    Case::security(
        "access-token/token/upper-cased",
        "an upper-cased token should be unknown",
        |lab| {
            let control = lab.e2()?;
            let upper = control.value("oauth_token").to_uppercase();
            lab.tolerates(
                &control,
                |r| r.set("oauth_token", &upper),
                "tokens are looked up without regard to case",
            )
        },
    )
    .covers(&["store-case-insensitive"])
    .measured(),
    Case::must(
        "access-token/token/of-another",
        "another consumer's request token is refused",
        |lab| {
            let other = lab.requested()?;
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_token", &other.request.value),
                said::M11R,
            )
        },
    )
    .covers(&["rfc5849-3.2-token-checked"])
    .rfc("5849 §3.2"),
    Case::must(
        "access-token/token/replayed",
        "a request token is exchanged once",
        |lab| {
            let integration = lab.requested()?;
            lab.control(&lab.token_access(&integration))?
                .then_refuses(&lab.token_access(&integration), said::M10)
        },
    )
    .covers(&["rfc5849-2.3-token-once"])
    .rfc("5849 §2.3"),
    Case::must(
        "access-token/token/access-token",
        "an access token is no request token",
        |lab| {
            let integration = lab.activated()?;
            let mut draft = lab.token_access(&integration);
            draft.set("oauth_token", &integration.access.value);
            draft.secrets(&integration.secret, &integration.access.secret);
            lab.control(&lab.rest(&integration))?
                .then_refuses(&draft, said::M12R)
        },
    )
    .covers(&["store-token-kind"])
    .measured(),
    Case::security(
        "access-token/token/verifier-type",
        "the token row of the verifier is no request token",
        |lab| {
            let integration = lab.verified()?;
            let row = lab.row_of_kind(&integration, "verifier")?;
            let mut draft = lab.token_access(&integration);
            draft
                .set("oauth_token", &row.value)
                .secrets(&integration.secret, &row.secret);
            lab.control(&lab.e2()?)?.then_refuses(&draft, said::M12R)
        },
    )
    .covers(&["store-token-kind"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::must(
        "access-token/token/old",
        "the request token before a re-authorisation is refused",
        |lab| {
            let mut integration = lab.requested()?;
            let old = lab.token_access(&integration);
            lab.exchange(&mut integration, true)?;
            lab.control(&lab.token_request(&integration))?
                .then_refuses(&old, said::M10)
        },
    )
    .covers(&["store-reauthorize-kills-old"])
    .measured(),
    Case::must(
        "access-token/token/bad-signature-keeps-it",
        "a refused E2 leaves the request token usable",
        |lab| {
            let good = lab.e2()?;
            let mut bad = good.clone();
            bad.set("oauth_nonce", &lab.nonce()).signature("cmFuZG9t");
            lab.provoke(&bad)?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-refusal-consumes-nothing"])
    .measured(),
    Case::must(
        "access-token/token/wrong-verifier-keeps-it",
        "a wrong verifier leaves the request token usable",
        |lab| {
            let good = lab.e2()?;
            let mut bad = good.clone();
            bad.set("oauth_nonce", &lab.nonce())
                .set("oauth_verifier", &lab.nonce());
            lab.provoke(&bad)?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-refusal-consumes-nothing"])
    .measured(),
    Case::must(
        "access-token/token/signed-with-its-secret",
        "E2 is signed with the request token's secret and no other",
        |lab| {
            let other = lab.requested()?;
            lab.refuses(
                &lab.e2()?,
                |r| r.token_secret(other.request.secret.expose()),
                said::M16,
            )
        },
    )
    .covers(&["rfc5849-3.4.2-key"])
    .measured(),
    Case::must(
        "access-token/token/secret-is-new",
        "the access token has a secret of its own",
        |lab| {
            let integration = lab.requested()?;
            let proven = lab.proves(&lab.token_access(&integration))?;
            let (_, secret) = proven.answer.token().unwrap_or_default();
            lab.holds(
                !secret.is_empty() && secret != integration.request.secret.expose(),
                "another secret than the request token's",
                "the secret of the request token",
            )
        },
    )
    .covers(&["guide-token-exchange"])
    .measured(),
];
