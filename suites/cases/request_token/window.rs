//! # The key-exchange window
//!
//! E1 must come within 300 seconds of the credentials POST. The window is checked before the signature, and at no other step.
//!
//! Source: docs/protocol/token-endpoints.md, docs/protocol/errors.md#which-error-wins, docs/protocol/flow.md#states-of-an-integration.

use magespec::conformance::{Case, Integration, Lab, Need, Stop, said};

const CLOCK: &[Need] = &[Need::Admin, Need::Callback, Need::Control];

/// A verified integration of the case alone, and the store's clock moved on by `seconds` since its POST.
fn aged(lab: &Lab<'_>, seconds: i64) -> Result<Integration, Stop> {
    let mut integration = lab.fresh()?;
    lab.exchange(&mut integration, false)?;
    lab.advance(seconds)?;
    Ok(integration)
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "request-token/window/within",
        "E1 after 297 seconds is accepted",
        |lab| {
            let integration = aged(lab, 297)?;
            lab.is_accepted(&lab.token_request(&integration))
        },
    )
    .covers(&["store-exchange-window"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/over",
        "E1 after 301 seconds is refused",
        |lab| {
            let late = aged(lab, 301)?;
            lab.control(&lab.e1()?)?
                .then_refuses(&lab.token_request(&late), said::M9)
        },
    )
    .covers(&["store-exchange-window"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/configured",
        "the window follows its setting",
        |lab| {
            lab.configure("oauth/consumer/expiration_period", "2")?;
            let late = aged(lab, 3)?;
            lab.control(&lab.e1()?)?
                .then_refuses(&lab.token_request(&late), said::M9)
        },
    )
    .covers(&["store-exchange-window"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/configured-zero",
        "a window of 0 means the default",
        |lab| {
            lab.configure("oauth/consumer/expiration_period", "0")?;
            let integration = aged(lab, 200)?;
            lab.is_accepted(&lab.token_request(&integration))
        },
    )
    .covers(&["store-exchange-window"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/not-at-access-token",
        "E2 an hour later is accepted",
        |lab| {
            let integration = lab.requested()?;
            lab.advance(3600)?;
            lab.is_accepted(&lab.token_access(&integration))
        },
    )
    .covers(&["store-window-e1-only"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/restarts",
        "another exchange starts the window again",
        |lab| {
            let mut integration = aged(lab, 301)?;
            lab.exchange(&mut integration, false)?;
            lab.is_accepted(&lab.token_request(&integration))
        },
    )
    .covers(&["store-exchange-window"])
    .measured()
    .needs(CLOCK)
    .alone(),
    Case::profile(
        "request-token/window/never-exchanged",
        "a new integration that was never sent out has no window",
        |lab| {
            let fresh = lab.fresh()?;
            let keys = lab.keys_in_panel(&fresh)?;
            lab.control(&lab.e1()?)?
                .then_refuses(&lab.token_request(&keys), said::M9)
        },
    )
    .covers(&["store-exchange-window"])
    .measured(),
];
