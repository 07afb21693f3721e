//! # Nothing in the panel without a session
//!
//! A page shows the sign-in form at the requested URL; the panel's own scripts are told that the session is over. The same request with
//! the session's cookies is answered.
//!
//! Source: spec oauth.md §4.2, SM-24; config-acl-admin.md §5.1, ADM-01, ADM-02.

use magespec::conformance::{Case, Need};

pub(super) const CASES: &[Case] = &[Case::security(
    "panel/session/none-for-a-script",
    "a script without session is told so",
    |lab| {
        let with = lab.panel_get("index", &[])?;
        let without = lab.panel_send(|panel| {
            let mut request = panel.request("GET", &panel.path("index", &[]), true);
            request.headers.set("Cookie", "admin=none");
            request
        })?;
        let told: serde_json::Value = serde_json::from_slice(&without.body).unwrap_or_default();
        lab.holds(
            with.status == 200 && told["ajaxExpired"] == 1 && told["ajaxRedirect"].is_string(),
            "200 with `ajaxExpired` 1 and `ajaxRedirect`",
            format!("{} {}", without.status, without.text()),
        )
    },
)
.covers(&["panel-session"])
.measured("2.4.7-p3 (spec oauth.md SM-24)")
.needs(&[Need::Admin])];
