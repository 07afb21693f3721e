//! # An integration's states
//!
//! Starting an exchange changes no status; only the access token makes an integration active. Starting a re-authorization ends the old
//! token and the status at once, whether the app can be reached or not. An exchange without re-authorization adds a verifier that nobody
//! can use.
//!
//! Source: docs/protocol/flow.md.

use magespec::conformance::{Behaviour, Case, Lab, Need, Outcome, said};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const CONTROLLED: &[Need] = &[Need::Admin, Need::Callback, Need::Control];
const STATES: &[&str] = &["panel-states"];

/// The kinds of the token rows are these.
fn rows(
    lab: &Lab<'_>,
    integration: &magespec::conformance::Integration,
    kinds: &[&str],
) -> Outcome {
    let kept = lab.kept(integration)?;
    lab.equal("token rows", &kinds.join(", "), &kept.kinds().join(", "))
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "panel/states/exchange",
        "an exchange leaves the integration inactive",
        |lab| lab.equal("status", "Inactive", lab.status(&lab.verified()?)?),
    )
    .covers(STATES)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/states/reauthorization",
        "a re-authorization makes the integration inactive at once",
        |lab| {
            let mut integration = lab.activated()?;
            lab.equal("status", "Active", lab.status(&integration)?)?;
            lab.exchange(&mut integration, true)?;
            lab.equal("status", "Inactive", lab.status(&integration)?)
        },
    )
    .covers(STATES)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/states/reauthorization-app-down",
        "a re-authorization that the app does not answer ends the old token all the same",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.callback_behaves(&integration, Behaviour::Close)?;
            let screen = lab.script(
                "tokensExchange",
                &[("id", &integration.id), ("reauthorize", "1")],
            )?;
            lab.holds(
                screen.goes_to_grid(),
                "`_redirect` to the grid",
                screen.summary(),
            )?;
            lab.equal("status", "Inactive", lab.status(&integration)?)?;
            proven.then_refuses(&lab.rest(&integration), said::M10)
        },
    )
    .covers(&["panel-states", "store-post-failure"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/states/reauthorization-app-down-row",
        "the verifier of a re-authorization that failed is kept",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            lab.callback_behaves(&integration, Behaviour::Close)?;
            lab.script(
                "tokensExchange",
                &[("id", &integration.id), ("reauthorize", "1")],
            )?;
            rows(lab, &integration, &["verifier"])
        },
    )
    .covers(STATES)
    .measured()
    .needs(CONTROLLED),
    Case::profile(
        "panel/states/exchange-while-active-rows",
        "an exchange without re-authorization adds a verifier beside the access token",
        |lab| {
            let mut integration = lab.activated()?;
            lab.spoil();
            lab.exchange(&mut integration, false)?;
            rows(lab, &integration, &["access", "verifier"])
        },
    )
    .covers(&["store-multi-row"])
    .measured()
    .needs(CONTROLLED),
    Case::profile(
        "panel/states/one-row-through-the-handshake",
        "verifier, request and access token are one row",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            rows(lab, &integration, &["verifier"])?;
            lab.obtain_request_token(&mut integration)?;
            rows(lab, &integration, &["request"])?;
            lab.obtain_access_token(&mut integration)?;
            rows(lab, &integration, &["access"])
        },
    )
    .covers(STATES)
    .measured()
    .needs(CONTROLLED),
];
