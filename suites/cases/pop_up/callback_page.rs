//! # The page that the app returns to
//!
//! It closes the pop-up and changes nothing; it needs the administrator's session.
//!
//! Source: spec oauth.md §1.3, PU-05 … PU-08, ADM-41.

use magespec::conformance::{Case, Panel, said};
use magespec::wire::Request;

/// The request without the session's cookies.
fn sessionless(panel: &Panel, xhr: bool) -> Request {
    let mut request = panel.request("GET", &panel.path("loginSuccessCallback", &[]), xhr);
    request.headers = request
        .headers
        .iter()
        .filter(|(name, _)| *name != "Cookie")
        .collect();
    request
}

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
    .measured("PU-05"),
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
    .measured("PU-05"),
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
    .measured("PU-06"),
    Case::security(
        "pop-up/return/keeps-verifier",
        "the page leaves the verifier usable",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            lab.panel_get("loginSuccessCallback", &[])?;
            lab.refuses(
                &lab.token_request(&integration),
                |r| r.signature("cmFuZG9t"),
                said::M16,
            )
        },
    )
    .covers(&["store-return-page"])
    .measured("PU-06"),
    Case::security(
        "pop-up/return/no-session",
        "without a session the page is the sign-in form",
        |lab| {
            let response = lab.panel_send(|panel| sessionless(panel, false))?;
            lab.contains(&response.text(), "login[username]")
        },
    )
    .covers(&["panel-session"])
    .measured("PU-07"),
    Case::security(
        "pop-up/return/no-session-for-a-script",
        "without a session a script is told that it is over",
        |lab| {
            let response = lab.panel_send(|panel| sessionless(panel, true))?;
            lab.contains(&response.text(), "\"ajaxExpired\":1")
        },
    )
    .covers(&["panel-session"])
    .measured("PU-07"),
    Case::profile(
        "pop-up/closed/inactive",
        "closing the pop-up without signing in leaves the integration inactive",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            lab.equal("status", "Inactive", lab.status(&integration)?)
        },
    )
    .covers(&["store-e2-activates"])
    .measured("PU-08"),
];
