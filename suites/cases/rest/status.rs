//! # An integration that is not active is a guest
//!
//! The signature is right and the token is known, yet the integration is inactive or was reset: there is no OAuth error, the caller is
//! nobody. While a re-authorization is under way the old token is gone; once it has ended the new one opens the route.
//!
//! Source: docs/protocol/rest.md#who-is-calling, docs/protocol/flow.md#states-of-an-integration.

use magespec::conformance::{ANONYMOUS, Case, Lab, Need, Outcome, Stop, said};

const CONTROLLED: &[Need] = &[Need::Admin, Need::Callback, Need::Control];
const GUEST: &[&str] = &["rest-inactive-is-guest"];

/// Active it may call; with this status it may not.
fn refused_with_status(lab: &Lab<'_>, status: u8) -> Outcome {
    let integration = lab.activated()?;
    let proven = lab.control(&lab.rest(&integration))?;
    lab.set_status(&integration, status)?;
    proven.then_refuses(&lab.rest(&integration), lab.unauthorized())
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "rest/status/inactive",
        "an inactive integration is refused as a guest",
        |lab| refused_with_status(lab, 0),
    )
    .covers(GUEST)
    .measured()
    .needs(CONTROLLED),
    Case::profile(
        "rest/status/inactive-on-anonymous",
        "an inactive integration may read what everybody may",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.set_status(&integration, 0)?;
            let protected = proven.then_sends(&lab.rest(&integration))?;
            lab.holds(
                protected.status() == 401,
                "401 on a protected route",
                protected.summary(),
            )?;
            lab.is_accepted(&lab.rest_at(&integration, ANONYMOUS))
        },
    )
    .covers(GUEST)
    .measured()
    .needs(CONTROLLED),
    Case::profile(
        "rest/status/recreated",
        "an integration that was reset is refused as a guest",
        |lab| refused_with_status(lab, 2),
    )
    .covers(GUEST)
    .measured()
    .needs(CONTROLLED),
    Case::profile(
        "rest/status/active-again",
        "set active again, the same token opens its routes",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.set_status(&integration, 0)?;
            let closed = proven.then_sends(&lab.rest(&integration))?;
            lab.holds(closed.status() == 401, "401 in between", closed.summary())?;
            lab.set_status(&integration, 1)?;
            lab.is_accepted(&lab.rest(&integration))
        },
    )
    .covers(GUEST)
    .derived("source 2.4.7-p3")
    .needs(CONTROLLED),
    Case::must(
        "rest/status/during-reauthorization",
        "a re-authorization ends the old token at once",
        |lab| {
            let integration = lab.activated()?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.exchange(&mut integration.clone(), true)?;
            proven.then_refuses(&lab.rest(&integration), said::M10)
        },
    )
    .covers(&["rest-reauthorization"])
    .measured(),
    Case::must(
        "rest/status/after-reauthorization",
        "the token of a re-authorization opens the routes, and the one of before stays dead",
        |lab| {
            let mut integration = lab.activated()?;
            let old = integration.clone();
            lab.exchange(&mut integration, true)?;
            lab.obtain_request_token(&mut integration)?;
            lab.obtain_access_token(&mut integration)?;
            let proven = lab.proves(&lab.rest(&integration))?;
            lab.holds(
                integration.access.value != old.access.value,
                "a new access token",
                "the old one",
            )?;
            proven.then_refuses(&lab.rest(&old), said::M10)
        },
    )
    .covers(&["rest-reauthorization"])
    .measured(),
    Case::must(
        "rest/status/deleted",
        "a deleted integration's calls are refused: its consumer is gone",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            delete(lab, &integration.id)?;
            proven.then_refuses(&lab.rest(&integration), said::M6)
        },
    )
    .covers(&["rest-deleted"])
    .measured(),
    Case::must(
        "rest/status/deleted-at-request-token",
        "a deleted integration gets no request token",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            delete(lab, &integration.id)?;
            proven.then_refuses(&lab.token_request(&integration), said::M6)
        },
    )
    .covers(&["rest-deleted"])
    .measured(),
];

fn delete(lab: &Lab<'_>, id: &str) -> Result<(), Stop> {
    lab.with_panel(|panel| panel.delete(lab.channel(), id))
        .map(|_| ())
}
