//! # A limited administrator
//!
//! Somebody who may see the dashboard and nothing else is refused with 403 at every action of the integrations, and the token of such an
//! administrator opens no route. The run's own administrator may do both.
//!
//! Source: docs/protocol/admin-panel.md, docs/protocol/acl.md.

use magespec::conformance::{Case, Need, Person};

const LIMITED: &[&str] = &["panel-other-administrator"];
const DENIED: &str = "Sorry, you need permissions to view this content.";

/// Actions that are asked for by GET.
const ACTIONS: [&str; 6] = [
    "index",
    "new",
    "permissionsDialog",
    "tokensDialog",
    "tokensExchange",
    "loginSuccessCallback",
];

pub(super) const CASES: &[Case] = &[
    Case::security(
        "panel/limited/integrations",
        "a limited administrator is refused at every action of the integrations",
        |lab| {
            // Without secret keys an address is all that it takes.
            lab.configure("admin/security/use_form_key", "0")?;
            let (user, password) = lab.limited_administrator()?;
            let browser = lab.visitor(&user, &password)?;
            browser.signs_in()?;
            for action in ACTIONS {
                let path =
                    lab.with_panel(|panel| Ok(panel.keyless_path(action, &[("id", "1")])))?;
                let screen = browser.gets(&path)?;
                lab.holds(
                    screen.status() == 403 && screen.text().contains(DENIED),
                    format!("403 and `{DENIED}` at {action}"),
                    screen.summary(),
                )?;
            }
            let grid = lab.page("index", &[])?;
            lab.holds(
                grid.status() == 200,
                "200 for the run's administrator",
                grid.summary(),
            )
        },
    )
    .covers(LIMITED)
    .measured()
    .needs(&[Need::Admin, Need::Control, Need::LimitedAdmin])
    .alone(),
    Case::must(
        "panel/limited/rest",
        "the token of a limited administrator opens no route",
        |lab| {
            let (user, password) = lab.limited_administrator()?;
            let token = lab.token_from(&lab.sign_in(Person::Admin, &user, &password))?;
            let good = lab.token_of_person(Person::Admin)?;
            lab.control(&lab.bearer("GET", lab.protected(), &good))?
                .then_refuses(
                    &lab.bearer("GET", lab.protected(), &token),
                    lab.unauthorized(),
                )
        },
    )
    .covers(&["guide-resources-guard"])
    .measured()
    .needs(&[Need::AdminToken, Need::LimitedAdmin]),
];
