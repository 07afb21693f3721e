//! # Bearer on
//!
//! With `oauth/consumer/enable_integration_as_bearer` the token row is found by its value alone: measured stores look neither at its kind nor
//! at the integration's status, which is weaker than it need be.
//!
//! Source: docs/protocol/rest.md#bearer-tokens-of-integrations, docs/protocol/security.md.

use magespec::conformance::{Case, Draft, Lab, Need, Outcome};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback, Need::Control];
const FLAG: &str = "oauth/consumer/enable_integration_as_bearer";

/// A guest's request with this bearer.
fn bearer(lab: &Lab<'_>, scheme: &str, token: &str) -> Draft {
    lab.hide(token, "bearer");
    let mut draft = lab.guest("GET", lab.protected());
    draft.header("Authorization", &format!("{scheme} {token}"));
    draft
}

/// With the flag on, the shared token works as bearer; then this one is tried, and taking it is a weakness.
fn weak_if_taken(lab: &Lab<'_>, token: &str, weak: &str) -> Outcome {
    lab.configure(FLAG, "1")?;
    let good = lab.active()?;
    lab.control(&bearer(lab, "Bearer", &good.access.value))?
        .then_tolerates(&bearer(lab, "Bearer", token), weak)
}

fn taken(lab: &Lab<'_>, scheme: &str) -> Outcome {
    lab.configure(FLAG, "1")?;
    let good = lab.active()?;
    lab.is_accepted(&bearer(lab, scheme, &good.access.value))
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "bearer/on/access-token",
        "with the flag on an access token works as bearer",
        |lab| taken(lab, "Bearer"),
    )
    .covers(&["guide-bearer-on"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "bearer/on/missing-resource",
        "a bearer needs the resource all the same",
        |lab| {
            lab.configure(FLAG, "1")?;
            let limited = lab.limited()?;
            let good = lab.active()?;
            lab.control(&bearer(lab, "Bearer", &good.access.value))?
                .then_refuses(
                    &bearer(lab, "Bearer", &limited.access.value),
                    lab.unauthorized(),
                )
        },
    )
    .covers(&["guide-bearer-on", "guide-resources-guard"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::security(
        "bearer/on/inactive",
        "a bearer of an inactive integration should be a guest",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            lab.set_status(&integration, 0)?;
            weak_if_taken(
                lab,
                &integration.access.value,
                "a bearer works though its integration is inactive",
            )
        },
    )
    .covers(&["store-bearer-unchecked"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::security(
        "bearer/on/request-token",
        "a request token should be no bearer",
        |lab| {
            let integration = lab.requested()?;
            weak_if_taken(
                lab,
                &integration.request.value,
                "a request token works as bearer",
            )
        },
    )
    .covers(&["store-bearer-unchecked"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::security(
        "bearer/on/verifier-type",
        "the token row of a verifier should be no bearer",
        |lab| {
            let integration = lab.verified()?;
            let row = lab.row_of_kind(&integration, "verifier")?;
            weak_if_taken(
                lab,
                &row.value,
                "the never disclosed token of a verifier works as bearer",
            )
        },
    )
    .covers(&["store-bearer-unchecked"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile("bearer/on/revoked", "a revoked token is no bearer", |lab| {
        let mut integration = lab.fresh()?;
        lab.activate(&mut integration)?;
        lab.configure(FLAG, "1")?;
        let own = bearer(lab, "Bearer", &integration.access.value);
        let proven = lab.control(&own)?;
        lab.revoke(&integration.access.value)?;
        proven.then_refuses(&own, lab.unauthorized())
    })
    .covers(&["store-token-revoked"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile("bearer/on/old", "a bearer works after 30 days", |lab| {
        lab.configure(FLAG, "1")?;
        let good = lab.active()?;
        lab.advance(30 * 86_400)?;
        lab.is_accepted(&bearer(lab, "Bearer", &good.access.value))
    })
    .covers(&["guide-access-token-no-expiry"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::security(
        "bearer/on/upper-cased",
        "an upper-cased bearer should be unknown",
        |lab| {
            let good = lab.active()?;
            weak_if_taken(
                lab,
                &good.access.value.to_uppercase(),
                "bearers are looked up without regard to case",
            )
        },
    )
    .covers(&["store-case-insensitive"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "bearer/on/off-again",
        "with the flag off again a bearer is a guest",
        |lab| {
            let good = lab.active()?;
            lab.configure(FLAG, "1")?;
            let proven = lab.control(&bearer(lab, "Bearer", &good.access.value))?;
            lab.configure(FLAG, "0")?;
            proven.then_refuses(
                &bearer(lab, "Bearer", &good.access.value),
                lab.unauthorized(),
            )
        },
    )
    .covers(&["guide-bearer-off"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "bearer/on/signed-still-works",
        "with the flag on a signed call works as before",
        |lab| {
            lab.configure(FLAG, "1")?;
            lab.is_accepted(&lab.call()?)
        },
    )
    .covers(&["guide-signed-call"])
    .measured()
    .needs(NEEDS)
    .alone(),
];
