//! # Saving an integration
//!
//! The panel's script is answered with the id and whether tokens are exchanged; a browser is sent to the grid with a message. What cannot
//! be saved is told on the next page, and nothing changes.
//!
//! Source: docs/protocol/flow.md, docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#the-form.

use magespec::conformance::{Case, Integration, Lab, Need, Outcome, Screen, Stop, joined};

use super::{UNKNOWN_ID, unknown};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const SAVED: &[&str] = &["panel-save"];
const REFUSED: &[&str] = &["panel-save-refused"];
const PASSWORD: &str =
    "The password entered for the current user is invalid. Verify the password and try again.";

/// What a save answers for these URLs.
fn exchange_flag(lab: &Lab<'_>, endpoint: &str, identity: &str, flag: &str) -> Outcome {
    let name = lab.new_name();
    let fields = [
        ("name", name.as_str()),
        ("endpoint", endpoint),
        ("identity_link_url", identity),
        ("all_resources", "0"),
    ];
    let screen = lab.submit_save(&[], &fields, true)?;
    let id = screen.json()["integrationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    lab.adopt(&id);
    lab.holds(
        id.parse::<u64>().is_ok() && screen.json()["isTokenExchange"] == flag,
        format!("`integrationId` in digits and `isTokenExchange` \"{flag}\""),
        screen.summary(),
    )
}

/// The saved integration's fields are refused with this message; the panel goes back to its form.
fn refused(lab: &Lab<'_>, fields: &[(&str, &str)], message: &str) -> Outcome {
    lab.clear_session()?;
    let name = lab.new_name();
    let mut all = vec![("name", name.as_str()), ("all_resources", "0")];
    all.extend_from_slice(fields);
    let screen = lab.submit_save(&[], &all, true)?;
    lab.holds(
        screen.status() == 200 && screen.goes_to().contains("/integration/new"),
        "`_redirect` to the new form",
        screen.summary(),
    )?;
    lab.says(message)?;
    lab.holds(
        !lab.row_named(&name)?,
        "no integration of that name",
        "the integration was saved",
    )
}

/// A second integration under a name that differs from the first one's by this.
fn same_name(lab: &Lab<'_>, other: fn(&str) -> String) -> Outcome {
    let name = other(&lab.untouched()?.name);
    let screen = lab.submit_save(&[], &[("name", &name), ("all_resources", "0")], true)?;
    lab.holds(
        screen.goes_to().contains("/integration/new"),
        "`_redirect` to the new form",
        screen.summary(),
    )?;
    lab.says(&format!("The integration with name \"{name}\" exists."))
}

/// A save of what the suite's own integrations have, with this beside it.
fn saved_with(lab: &Lab<'_>, fields: &[(&str, &str)]) -> Result<(Integration, Screen), Stop> {
    lab.clear_session()?;
    let integration = lab.fresh_with(fields)?;
    let page = lab.page("edit", &[("id", &integration.id)])?;
    Ok((integration, page))
}

macro_rules! flags {
    ($($name:literal, $title:literal, $endpoint:literal, $identity:literal, $flag:literal;)+) => {
        [$(
            Case::profile(concat!("panel/save/exchange/", $name), $title, |lab| exchange_flag(lab, $endpoint, $identity, $flag))
                .covers(SAVED)
                .measured()
                .needs(NEEDS)
        ),+]
    };
}

const FLAGS: [Case; 4] = flags! {
    "both", "with both URLs a save announces the token exchange", "https://app.example/callback", "https://app.example/identity", "1";
    "endpoint-only", "with a callback URL alone a save announces none", "https://app.example/callback", "", "0";
    "identity-only", "with an identity link alone a save announces none", "", "https://app.example/identity", "0";
    "none", "without URLs a save announces none", "", "", "0";
};

macro_rules! names {
    ($($name:literal, $title:literal, $other:expr;)+) => {
        [$(
            Case::profile(concat!("panel/save/name/", $name), $title, |lab| same_name(lab, $other))
                .covers(&["panel-name-unique"])
                .measured()
                .needs(NEEDS)
        ),+]
    };
}

const NAMES: [Case; 2] = names! {
    "taken", "a name that is taken is refused", str::to_owned;
    "taken-in-other-case", "a name that is taken in another case is refused", str::to_uppercase;
};

const FURTHER: [Case; 12] = [
    Case::must(
        "panel/save/begins-inactive",
        "a new integration is inactive",
        |lab| lab.equal("status", "Inactive", lab.status(&lab.untouched()?)?),
    )
    .covers(SAVED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/save/without-token",
        "a new integration has a consumer and no token",
        |lab| {
            let kept = lab.kept(&lab.untouched()?)?;
            lab.holds(
                kept.status == 0 && kept.setup_type == 0 && kept.tokens.is_empty(),
                "status 0, setup type 0, no token row",
                format!(
                    "status {}, setup type {}, {:?}",
                    kept.status,
                    kept.setup_type,
                    kept.kinds()
                ),
            )
        },
    )
    .covers(SAVED)
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "panel/save/for-a-browser",
        "a browser is sent to the grid, which says that it was saved",
        |lab| {
            let integration = lab.fresh()?;
            let fields = [("name", integration.name.as_str()), ("all_resources", "0")];
            let screen = lab.submit_save(&[("id", &integration.id)], &fields, false)?;
            lab.holds(
                screen.status() == 302 && screen.goes_to_grid(),
                "302 to the grid",
                screen.summary(),
            )?;
            lab.says(&format!(
                "The integration '{}' has been saved.",
                integration.name
            ))
        },
    )
    .covers(SAVED)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/for-a-script",
        "a script's save leaves no message",
        |lab| {
            let name = lab.new_name();
            let screen = lab.submit_save(&[], &[("name", &name), ("all_resources", "0")], true)?;
            lab.adopt(screen.json()["integrationId"].as_str().unwrap_or_default());
            let said = lab.has_said(&format!("The integration '{name}' has been saved."))?;
            lab.holds(
                !said && lab.row_named(&name)?,
                "its row in the grid, and no message",
                "no row, or the message of a saved integration",
            )
        },
    )
    .covers(SAVED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/save/wrong-password",
        "a wrong password saves nothing",
        |lab| refused(lab, &[("current_password", "magespec-wrong-1")], PASSWORD),
    )
    .covers(&["panel-save-password"])
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/save/empty-password",
        "an empty password saves nothing",
        |lab| refused(lab, &[("current_password", "")], PASSWORD),
    )
    .covers(&["panel-save-password"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/no-password",
        "a save without the password's field is an error page",
        |lab| {
            let name = lab.new_name();
            let screen = lab.submit(
                "save",
                &[],
                &[("name", &name), ("all_resources", "0")],
                false,
            )?;
            lab.holds(
                screen.status() == 500 && !lab.grid()?.contains(name.as_str()),
                "500, and nothing saved",
                screen.summary(),
            )
        },
    )
    .covers(&["panel-save-password"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/unknown-id",
        "an integration that is not there cannot be saved",
        |lab| {
            let name = lab.new_name();
            let screen = lab.submit_save(
                &[("id", UNKNOWN_ID)],
                &[("name", &name), ("all_resources", "0")],
                true,
            )?;
            lab.holds(
                screen.goes_to_grid(),
                "`_redirect` to the grid",
                screen.summary(),
            )?;
            lab.says(&unknown(UNKNOWN_ID))
        },
    )
    .covers(REFUSED)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/junk-is-kept",
        "callback URL and e-mail address are not looked at",
        |lab| {
            let (_, page) = saved_with(
                lab,
                &[
                    ("all_resources", "0"),
                    ("endpoint", "no url"),
                    ("email", "no address"),
                ],
            )?;
            lab.equal(
                "endpoint",
                "no url",
                &page.input("endpoint").unwrap_or_default(),
            )?;
            lab.equal(
                "email",
                "no address",
                &page.input("email").unwrap_or_default(),
            )
        },
    )
    .covers(SAVED)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/long-name",
        "a name is cut at 255 characters",
        |lab| {
            let name = format!("{}-{}", lab.new_name(), "x".repeat(300));
            let (_, page) = saved_with(lab, &[("all_resources", "0"), ("name", &name)])?;
            lab.equal(
                "name",
                &name[..255],
                &page.input("name").unwrap_or_default(),
            )
        },
    )
    .covers(SAVED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/save/keeps-the-token",
        "another name and other URLs leave status and token",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let name = lab.new_name();
            let fields = [
                ("name", name.as_str()),
                ("endpoint", "https://app.example/new"),
                ("identity_link_url", "https://app.example/new"),
                ("all_resources", "1"),
            ];
            lab.submit_save(&[("id", &integration.id)], &fields, true)?;
            lab.equal("status", "Active", lab.status(&integration)?)?;
            let row = lab.row(&integration)?;
            lab.holds(row.shows(&name), "the new name in its row", row.text())?;
            lab.is_accepted(&lab.rest(&integration))
        },
    )
    .covers(&["store-save-keeps-tokens"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/save/remembered",
        "what could not be saved is shown in the form to which the panel goes back",
        |lab| {
            let first = lab.untouched()?;
            let fields = [
                ("name", first.name.as_str()),
                ("email", "magespec+remembered@example.com"),
                ("all_resources", "0"),
            ];
            let screen = lab.submit_save(&[], &fields, true)?;
            let page = lab.lead_on(&screen)?;
            lab.equal(
                "email",
                "magespec+remembered@example.com",
                &page.input("email").unwrap_or_default(),
            )
        },
    )
    .covers(&["panel-remembers"])
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
];

pub(super) const CASES: &[Case] = &joined::<18>(&[&FLAGS, &NAMES, &FURTHER]);
