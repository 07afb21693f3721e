//! # The grid of integrations
//!
//! Five columns; a row's link says what activating it means: caption, and the flags that the panel's script sends on.
//!
//! Source: docs/protocol/admin-panel.md#the-grid, docs/protocol/flow.md.

use magespec::conformance::{Case, Integration, Lab, Need, Outcome, Stop};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const BANNER: &str = "Warning! Integrations not using HTTPS are insecure and potentially expose private or personally identifiable information";
const BADGE: &str = "Integration not secure";

/// The row's activation link: caption, re-authorization flag, token-exchange flag.
fn linked(
    lab: &Lab<'_>,
    integration: &Integration,
    caption: &str,
    reauthorize: &str,
    exchange: &str,
) -> Outcome {
    let row = lab.row(integration)?;
    let flags = [
        ("data-row-dialog", "permissions"),
        ("data-row-is-reauthorize", reauthorize),
        ("data-row-is-token-exchange", exchange),
    ];
    let named: Vec<String> = flags
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    lab.holds(
        flags.iter().all(|(name, value)| row.has(name, value)) && row.shows(caption),
        format!("a link `{caption}` with {}", named.join(" ")),
        row.text(),
    )
}

fn with_urls(lab: &Lab<'_>, endpoint: &str, identity: &str) -> Result<Integration, Stop> {
    lab.fresh_with(&[
        ("all_resources", "0"),
        ("endpoint", endpoint),
        ("identity_link_url", identity),
    ])
}

/// Which URLs make the token exchange possible.
macro_rules! exchanges {
    ($($name:literal, $title:literal, $endpoint:literal, $identity:literal, $flag:literal;)+) => {
        [$(
            Case::profile(concat!("panel/grid/exchange/", $name), $title, |lab| {
                linked(lab, &with_urls(lab, $endpoint, $identity)?, "Activate", "0", $flag)
            })
            .covers(&["panel-grid-link"])
            .measured()
            .needs(NEEDS)
        ),+]
    };
}

const EXCHANGES: [Case; 4] = exchanges! {
    "both", "with both URLs tokens are exchanged", "https://app.example/callback", "https://app.example/identity", "1";
    "endpoint-only", "with a callback URL alone tokens are shown", "https://app.example/callback", "", "0";
    "identity-only", "with an identity link alone tokens are shown", "", "https://app.example/identity", "0";
    "none", "without URLs tokens are shown", "", "", "0";
};

const FURTHER: [Case; 9] = [
    Case::profile(
        "panel/grid/columns",
        "the columns are Name, Status, Activate, Edit and Delete",
        |lab| {
            let page = lab.page("index", &[])?;
            let missing: Vec<&str> = ["Name", "Status", "Activate", "Edit", "Delete"]
                .into_iter()
                .filter(|header| !page.shows(header))
                .collect();
            lab.holds(
                page.has("id", "integrationGrid_table") && missing.is_empty(),
                "the table integrationGrid_table with five headers",
                format!("no header {}", missing.join(", ")),
            )
        },
    )
    .covers(&["panel-grid"])
    .measured()
    .needs(&[Need::Admin]),
    Case::profile(
        "panel/grid/add-button",
        "a button leads to the form of a new integration",
        |lab| {
            let page = lab.page("index", &[])?;
            lab.holds(
                page.shows("Add New Integration"),
                "a button `Add New Integration`",
                page.summary(),
            )
        },
    )
    .covers(&["panel-grid"])
    .measured()
    .needs(&[Need::Admin]),
    Case::profile(
        "panel/grid/active-row",
        "an active integration can be re-authorized",
        |lab| linked(lab, &lab.active()?, "Reauthorize", "1", "1"),
    )
    .covers(&["panel-grid-link"])
    .measured(),
    Case::profile(
        "panel/grid/reset-row",
        "an integration that was reset is activated by a re-authorization",
        |lab| {
            let integration = lab.fresh()?;
            lab.set_status(&integration, 2)?;
            lab.equal("status", "Reset", lab.status(&integration)?)?;
            linked(lab, &integration, "Activate", "1", "1")
        },
    )
    .covers(&["panel-grid-link"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "panel/grid/buttons",
        "a manual integration can be edited and removed",
        |lab| {
            let row = lab.row(&lab.untouched()?)?;
            lab.holds(
                row.has("title", "Edit") && row.has("title", "Remove"),
                "buttons with the titles Edit and Remove",
                row.text(),
            )
        },
    )
    .covers(&["panel-grid"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/grid/insecure",
        "an `http:` URL is marked in its row and above the grid",
        |lab| {
            let integration = with_urls(
                lab,
                "http://app.example/callback",
                "https://app.example/identity",
            )?;
            let row = lab.row(&integration)?;
            lab.holds(
                row.shows(BADGE),
                format!("a row with `{BADGE}`"),
                row.text(),
            )?;
            lab.contains(&lab.grid()?, BANNER)
        },
    )
    .covers(&["panel-insecure"])
    .measured()
    .needs(NEEDS),
    Case::profile("panel/grid/secure", "`https:` URLs are not marked", |lab| {
        let integration = with_urls(
            lab,
            "https://app.example/callback",
            "https://app.example/identity",
        )?;
        let row = lab.row(&integration)?;
        lab.holds(!row.shows(BADGE), "a row without the badge", row.text())
    })
    .covers(&["panel-insecure"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/grid/insecure-upper-case",
        "an `HTTP:` callback URL is marked above the grid only",
        |lab| {
            let integration = with_urls(lab, "HTTP://app.example/callback", "")?;
            let row = lab.row(&integration)?;
            lab.holds(!row.shows(BADGE), "a row without the badge", row.text())?;
            lab.contains(&lab.grid()?, BANNER)
        },
    )
    .covers(&["panel-insecure"])
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::security(
        "panel/grid/markup-in-the-name",
        "markup in a name is shown as text",
        |lab| {
            let name = format!("{}<b>x</b>", lab.new_name());
            let fields = [("name", name.as_str()), ("all_resources", "0")];
            let saved = lab.submit_save(&[], &fields, true)?.json();
            lab.adopt(saved["integrationId"].as_str().unwrap_or_default());
            // A page of twenty may not hold it.
            let grid = lab.page("index", &[("limit", "200")])?;
            let raw = grid.response.text().contains(&name);
            lab.holds(
                !raw && grid.text().contains(&name),
                "the name as text in its row",
                if raw {
                    "its markup as markup"
                } else {
                    "no such name"
                },
            )
        },
    )
    .covers(&["panel-escapes"])
    .measured()
    .needs(NEEDS),
];

pub(super) const CASES: &[Case] = &magespec::conformance::joined::<13>(&[&EXCHANGES, &FURTHER]);
