//! # A request of the panel carries the session's key
//!
//! A form carries the form key; a GET carries the secret key of its action, when the panel uses secret keys. Without it the panel's
//! scripts are told so, a page is sent to the dashboard, and nothing is done.
//!
//! Source: docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#signing-in.

use magespec::conformance::{Case, Lab, Need, Outcome, Screen, Stop};

use super::UNKNOWN_ID;

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const FORM_KEY: &str = "Invalid Form Key. Please refresh the page.";
const SECRET_KEY: &str = "You entered an invalid Secret Key. Please refresh the page.";

/// A deletion with this form key; the integration must be there afterwards, and gone after a deletion with the right one.
fn deletion(
    lab: &Lab<'_>,
    form_key: Option<&str>,
    xhr: bool,
    refused: fn(&Screen) -> bool,
    wanted: &str,
) -> Outcome {
    let integration = lab.fresh()?;
    let screen = lab.screen(|panel| {
        let fields: Vec<(&str, &str)> = form_key.map(|key| ("form_key", key)).into_iter().collect();
        panel.post(
            &panel.path("delete", &[("id", &integration.id)]),
            &fields,
            xhr,
        )
    })?;
    let held = lab.holds(refused(&screen), wanted, screen.summary())?;
    lab.row(&integration)?;
    let twin = lab.submit("delete", &[("id", &integration.id)], &[], xhr)?;
    if lab.row_named(&integration.name)? {
        return Err(Stop::CouldNotRun(format!(
            "with the right form key it was not deleted either: {}",
            twin.summary()
        )));
    }
    Ok(held)
}

fn told_form_key(screen: &Screen) -> bool {
    screen.status() == 200 && screen.json()["error"] == true && screen.json()["message"] == FORM_KEY
}

fn sent_away(screen: &Screen) -> bool {
    screen.status() == 302 && !screen.goes_to_grid()
}

/// A GET of the action with this secret key.
fn with_secret_key(lab: &Lab<'_>, action: &str, key: &str, xhr: bool) -> Result<Screen, Stop> {
    lab.page(action, &[("id", UNKNOWN_ID)])?;
    if !lab.with_panel(|panel| Ok(panel.has_secret_keys()))? {
        return Err(Stop::NotApplicable("the panel uses no secret keys".into()));
    }
    lab.screen(|panel| {
        let mut path = panel.keyless_path(action, &[("id", UNKNOWN_ID)]);
        if !key.is_empty() {
            path = format!("{path}key/{key}/");
        }
        panel.request("GET", &path, xhr)
    })
}

/// With the right key the script is told something else: that is the twin.
fn script_is_told(lab: &Lab<'_>, action: &str, key: &str) -> Outcome {
    let twin = lab.script(action, &[("id", UNKNOWN_ID)])?;
    if twin.json()["message"] == SECRET_KEY {
        return Err(Stop::CouldNotRun(format!(
            "the right secret key was refused: {}",
            twin.summary()
        )));
    }
    let screen = with_secret_key(lab, action, key, true)?;
    let told = screen.json();
    lab.holds(
        screen.status() == 200 && told["error"] == true && told["message"] == SECRET_KEY,
        format!("200 and `{SECRET_KEY}`"),
        screen.summary(),
    )
}

const WRONG: &str = "0000000000000000000000000000000000000000000000000000000000000000";

macro_rules! secret_keys {
    ($($name:literal, $title:literal, |$lab:ident| $body:expr;)+) => {
        [$(
            Case::security(concat!("panel/secret-key/", $name), $title, |$lab| $body)
                .covers(&["panel-secret-key"])
                .measured()
                .needs(&[Need::Admin])
        ),+]
    };
}

const SECRET_KEYS: [Case; 5] = secret_keys! {
    "missing-for-a-script", "a script without secret key is told so", |lab| script_is_told(lab, "tokensExchange", "");
    "wrong-for-a-script", "a script with a wrong secret key is told so", |lab| script_is_told(lab, "tokensExchange", WRONG);
    "missing-for-a-dialog", "a dialog without secret key is refused", |lab| script_is_told(lab, "permissionsDialog", "");
    "missing-for-a-page", "a page without secret key is sent to the dashboard", |lab| {
        let screen = with_secret_key(lab, "index", "", false)?;
        lab.holds(sent_away(&screen), "302 to the dashboard", screen.summary())
    };
    "of-another-action", "the secret key of another action opens nothing", |lab| {
        lab.page("new", &[])?;
        let path = lab.with_panel(|panel| Ok(panel.path("new", &[])))?;
        let key = path.split("/key/").nth(1).unwrap_or_default().trim_end_matches('/').to_owned();
        script_is_told(lab, "tokensExchange", &key)
    };
};

macro_rules! form_keys {
    ($($name:literal, $title:literal, $key:expr, $xhr:literal, $refused:expr, $wanted:expr;)+) => {
        [$(
            Case::security(concat!("panel/form-key/", $name), $title, |lab| deletion(lab, $key, $xhr, $refused, $wanted))
                .covers(&["panel-form-key"])
                .measured()
                .needs(NEEDS)
        ),+]
    };
}

/// The form key of another session deletes nothing.
const FOREIGN: [Case; 1] = [Case::security(
    "panel/form-key/of-another-session",
    "the form key of another session deletes nothing",
    |lab| {
        let browser = lab.visitor("magespec-nobody", "magespec-nobody-1")?;
        browser.opens()?;
        deletion(
            lab,
            Some(&browser.form_key()),
            true,
            told_form_key,
            FORM_KEY,
        )
    },
)
.covers(&["panel-form-key"])
.measured()
.needs(NEEDS)];

const FORM_KEYS: [Case; 5] = form_keys! {
    "missing-for-a-script", "a script's form without key deletes nothing", None, true, told_form_key, FORM_KEY;
    "wrong-for-a-script", "a script's form with a wrong key deletes nothing", Some("abcdefgh01234567"), true, told_form_key, FORM_KEY;
    "empty", "a script's form with an empty key deletes nothing", Some(""), true, told_form_key, FORM_KEY;
    "missing-for-a-page", "a page's form without key deletes nothing", None, false, sent_away, "302 to the dashboard";
    "wrong-for-a-page", "a page's form with a wrong key deletes nothing", Some("abcdefgh01234567"), false, sent_away, "302 to the dashboard";
};

pub(super) const CASES: &[Case] =
    &magespec::conformance::joined::<11>(&[&SECRET_KEYS, &FORM_KEYS, &FOREIGN]);
