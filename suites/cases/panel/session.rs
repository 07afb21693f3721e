//! # Nothing in the panel without a session
//!
//! A page shows the sign-in form at the requested URL; the panel's own scripts are told that the session is over. The same request with
//! the session's cookies is answered otherwise.
//!
//! Source: docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#signing-in.

use magespec::conformance::{Case, Lab, Need, Outcome, joined};

use super::{UNKNOWN_ID, stranger};

const ADMIN: &[Need] = &[Need::Admin];

fn script_is_told(lab: &Lab<'_>, action: &str) -> Outcome {
    let with = lab.script(action, &[("id", UNKNOWN_ID)])?;
    let without = stranger(lab, action, &[("id", UNKNOWN_ID)], true)?;
    let told = without.json();
    lab.holds(
        with.json()["ajaxExpired"].is_null()
            && without.status() == 200
            && told["ajaxExpired"] == 1
            && told["ajaxRedirect"].is_string(),
        "200 with `ajaxExpired` 1 and `ajaxRedirect`, and with the session another answer",
        without.summary(),
    )
}

fn page_is_sign_in(lab: &Lab<'_>, action: &str) -> Outcome {
    let with = lab.page(action, &[("id", UNKNOWN_ID)])?;
    let without = stranger(lab, action, &[("id", UNKNOWN_ID)], false)?;
    lab.holds(
        !with.is_sign_in() && without.status() == 200 && without.is_sign_in(),
        "200 with the sign-in form, and with the session another page",
        without.summary(),
    )
}

macro_rules! actions {
    ($($name:literal, $action:literal;)+) => {
        [$(
            Case::security(concat!("panel/session/script/", $name), concat!("a script without session learns nothing from ", $action), |lab| {
                script_is_told(lab, $action)
            })
            .covers(&["panel-session"])
            .measured()
            .needs(ADMIN),
            Case::security(concat!("panel/session/page/", $name), concat!("without session ", $action, " shows the sign-in form"), |lab| {
                page_is_sign_in(lab, $action)
            })
            .covers(&["panel-session"])
            .measured()
            .needs(ADMIN),
        )+]
    };
}

const ACTIONS: [Case; 14] = actions! {
    "index", "index";
    "new", "new";
    "edit", "edit";
    "permissions-dialog", "permissionsDialog";
    "tokens-dialog", "tokensDialog";
    "tokens-exchange", "tokensExchange";
    "login-success-callback", "loginSuccessCallback";
};

const FURTHER: [Case; 2] = [
    Case::profile("panel/sign-in/form", "the sign-in form has its two fields and a form key of 16 letters and digits", |lab| {
        let page = stranger(lab, "index", &[], false)?;
        let key = page.input("form_key").unwrap_or_default();
        let fields = page.input("login[username]").is_some() && page.input("login[password]").is_some();
        lab.holds(
            fields && key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) && page.text().contains("Welcome, please sign in"),
            "the fields login[username], login[password], form_key and `Welcome, please sign in`",
            page.summary(),
        )
    })
    .covers(&["panel-sign-in"])
    .measured()
    .needs(ADMIN),
    Case::profile("panel/sign-in/session-cookie", "the session's cookie is kept from scripts and from other sites", |lab| {
        let page = stranger(lab, "index", &[], false)?;
        let line = page.response.headers.all("Set-Cookie").find(|line| line.starts_with("admin=")).unwrap_or_default().to_ascii_lowercase();
        lab.holds(line.contains("httponly") && line.contains("samesite=lax"), "a cookie `admin` with HttpOnly and SameSite=Lax", line)
    })
    .covers(&["panel-sign-in"])
    .measured()
    .needs(ADMIN),
];

pub(super) const CASES: &[Case] = &joined::<16>(&[&ACTIONS, &FURTHER]);
