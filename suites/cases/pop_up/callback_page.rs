//! # The page that the app returns to
//!
//! It closes the pop-up and changes nothing. That it needs the administrator's session, `panel/session` shows.
//!
//! Source: docs/protocol/flow.md.

use magespec::conformance::Case;

const SCRIPT: &str = "<script>setTimeout(self.close.bind(this), 1000);</script>";

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "pop-up/return/script",
        "the page is the script that closes the window",
        |lab| {
            let response = lab.panel_send(|panel| {
                panel.request("GET", &panel.path("loginSuccessCallback", &[]), false)
            })?;
            lab.equal("body", SCRIPT, &response.text())
        },
    )
    .covers(&["store-return-page"])
    .measured(),
    Case::profile(
        "pop-up/return/content-type",
        "the page is HTML in UTF-8",
        |lab| {
            let response = lab.panel_send(|panel| {
                panel.request("GET", &panel.path("loginSuccessCallback", &[]), false)
            })?;
            lab.equal(
                "Content-Type",
                "text/html; charset=UTF-8",
                response.headers.first("Content-Type").unwrap_or_default(),
            )
        },
    )
    .covers(&["store-return-page"])
    .measured(),
    Case::security(
        "pop-up/return/changes-nothing",
        "the page does not make the integration active",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            lab.panel_get("loginSuccessCallback", &[])?;
            lab.equal("status", "Inactive", lab.status(&integration)?)
        },
    )
    .covers(&["store-return-page"])
    .measured(),
    Case::security(
        "pop-up/return/keeps-verifier",
        "the page leaves the verifier usable",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            lab.panel_get("loginSuccessCallback", &[])?;
            lab.is_accepted(&lab.token_request(&integration))
        },
    )
    .catches_nothing("the page knows of no integration: what spends one verifier there spends that of every handshake beside it")
    .covers(&["store-return-page"])
    .measured(),
];
