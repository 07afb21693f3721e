//! # The whole handshake with a third-party app
//!
//! The integration of an extension, declared in its files, is activated in the panel; the app gets the credentials POST, shows its login
//! page to the administrator's browser, exchanges the verifier, and sends the browser back. At the end the integration is active and the
//! grid offers to re-authorise it.
//!
//! The suite plays the browser: it opens the identity link as the panel's script does, fills the app's form in, and follows the way back.
//!
//! Source: guides, OAuth-based authentication, docs/protocol/credentials-post.md, docs/protocol/flow.md.

use magespec::conformance::{Case, Integration, Lab, Need, Outcome, Stop};
use magespec::text::form;

const APP: &[Need] = &[Need::Admin, Need::App];

/// The declared integration, as a case names it.
fn declared(lab: &Lab<'_>) -> Result<Integration, Stop> {
    let declared = lab
        .declared()
        .first()
        .ok_or_else(|| Stop::NotApplicable("the module declares no integration".into()))?;
    Ok(Integration {
        id: declared.id.clone(),
        name: declared.name.clone(),
        ..Integration::default()
    })
}

/// What the app's form carries to show that it is the app's own.
fn form_token(page: &str) -> String {
    let value = page.split_once("name=\"form_token\" value=\"");
    let value = value.and_then(|(_, rest)| rest.split('"').next());
    value.unwrap_or_default().to_owned()
}

fn whole(lab: &Lab<'_>) -> Outcome {
    let integration = declared(lab)?;
    let parameters = [("id", integration.id.as_str()), ("reauthorize", "0")];
    let dialog = lab.panel_get("permissionsDialog", &parameters)?;
    lab.contains(
        &dialog.text(),
        "The integration you selected asks you to approve access to the following:",
    )?;
    let exchange = lab.panel_get("tokensExchange", &parameters)?;
    let json: serde_json::Value = serde_json::from_slice(&exchange.body).unwrap_or_default();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    let back = lab.with_panel(|panel| Ok(panel.path("loginSuccessCallback", &[])))?;
    let back = format!("{}{back}", lab.origin());
    let query = form::encode_pairs([
        ("oauth_consumer_key", text("oauth_consumer_key").as_str()),
        ("success_call_back", back.as_str()),
    ]);
    let page = lab.browse(
        "GET",
        &format!("{}?{query}", text("identity_link_url")),
        &[],
    )?;
    lab.holds(
        page.status == 200,
        "the app's login page",
        format!("{} from the identity link", page.status),
    )?;
    let cookie = page.headers.first("Set-Cookie").unwrap_or_default();
    let cookie = cookie.split(';').next().unwrap_or_default();
    let fields = [
        ("oauth_consumer_key", text("oauth_consumer_key")),
        ("success_call_back", back.clone()),
        ("form_token", form_token(&page.text())),
        ("username", "merchant".to_owned()),
        ("password", "merchant".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let sent_back = lab.browse_on("POST", &text("identity_link_url"), cookie, &fields)?;
    lab.equal(
        "Location",
        &back,
        sent_back.headers.first("Location").unwrap_or_default(),
    )?;
    let closing = lab.panel_get("loginSuccessCallback", &[])?;
    lab.contains(&closing.text(), "self.close.bind(this)")?;
    lab.equal("status", "Active", lab.status(&integration)?)?;
    let row = lab.row(&integration)?;
    lab.holds(row.shows("Reauthorize"), "a link `Reauthorize`", row.text())
}

pub(super) const CASES: &[Case] = &[Case::must(
    "handshake/with-app/whole",
    "an extension's integration and its app complete the handshake",
    whole,
)
.covers(&[
    "guide-declared-integration",
    "guide-handshake",
    "guide-identity-link",
    "guide-credentials-post",
])
.guide("OAuth-based authentication")
.needs(APP)];
