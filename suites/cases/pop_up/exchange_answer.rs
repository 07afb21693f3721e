//! # What the panel's script gets for the pop-up
//!
//! Identity link, consumer key and a text; never a secret, a verifier or a token. The script puts key and return address behind the link.
//!
//! Source: docs/protocol/flow.md.

use magespec::conformance::{Case, CredentialsPost, Integration, Lab, Stop};
use serde_json::Value;

/// A fresh integration after an exchange, and the JSON that the script got.
fn answer(lab: &Lab<'_>) -> Result<(Integration, Value), Stop> {
    let integration = lab.fresh()?;
    let response = lab.panel_get(
        "tokensExchange",
        &[("id", &integration.id), ("reauthorize", "0")],
    )?;
    Ok((
        integration,
        serde_json::from_slice(&response.body).unwrap_or_default(),
    ))
}

/// The fields of the credentials POST that the exchange sent.
fn posted(lab: &Lab<'_>, integration: &Integration) -> Result<CredentialsPost, Stop> {
    let posts = lab.listener()?.posts(&integration.name);
    let last = posts.last().cloned();
    last.ok_or_else(|| Stop::CouldNotRun("no credentials POST came".to_owned()))
}

fn text<'json>(json: &'json Value, name: &str) -> &'json str {
    json[name].as_str().unwrap_or_default()
}

const SIGN_IN: &str =
    "Please setup or sign in into your 3rd party account to complete setup of this integration.";

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "pop-up/answer/keys",
        "the script gets link, key and text, nothing else",
        |lab| {
            let (_, json) = answer(lab)?;
            let mut names: Vec<&str> = json
                .as_object()
                .map(|object| object.keys().map(String::as_str).collect())
                .unwrap_or_default();
            names.sort_unstable();
            let wanted = "identity_link_url oauth_consumer_key popup_content";
            lab.equal("keys", wanted, &names.join(" "))
        },
    )
    .covers(&["store-popup-answer"])
    .measured(),
    Case::must(
        "pop-up/answer/link",
        "the link is the integration's identity link",
        |lab| {
            let (integration, json) = answer(lab)?;
            let wanted = format!("{}/identity", lab.listener()?.url(&integration.name));
            lab.equal("link", &wanted, text(&json, "identity_link_url"))
        },
    )
    .covers(&["guide-identity-link"])
    .measured(),
    Case::must(
        "pop-up/answer/key",
        "the key is the one that was posted to the app",
        |lab| {
            let (integration, json) = answer(lab)?;
            let key = posted(lab, &integration)?.field("oauth_consumer_key");
            lab.equal("key", &key, text(&json, "oauth_consumer_key"))
        },
    )
    .covers(&["guide-identity-link"])
    .measured(),
    Case::security(
        "pop-up/answer/no-secrets",
        "neither secret nor verifier reaches the browser",
        |lab| {
            let (integration, json) = answer(lab)?;
            let (post, shown) = (posted(lab, &integration)?, json.to_string());
            let leaked = ["oauth_consumer_secret", "oauth_verifier"]
                .into_iter()
                .find(|name| shown.contains(&post.field(name)));
            let seen = leaked.unwrap_or("neither");
            lab.holds(leaked.is_none(), "no secret in the answer", seen)
        },
    )
    .covers(&["store-popup-no-secrets"])
    .measured(),
    Case::profile(
        "pop-up/answer/text",
        "the text asks to sign in to the third-party account",
        |lab| {
            let (_, json) = answer(lab)?;
            lab.contains(text(&json, "popup_content"), SIGN_IN)
        },
    )
    .covers(&["store-popup-answer"])
    .measured(),
    Case::profile(
        "pop-up/notice/activation",
        "the grid then says that the integration was sent for activation",
        |lab| {
            let (integration, _) = answer(lab)?;
            let name = &integration.name;
            let notice = format!("Integration '{name}' has been sent for activation.");
            lab.says(&notice)
        },
    )
    .covers(&["store-exchange-messages"])
    .measured(),
    Case::profile(
        "pop-up/notice/reauthorization",
        "the grid then says that the integration was sent for re-authorisation",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            lab.take_turn();
            lab.exchange(&mut integration, true)?;
            let name = &integration.name;
            let notice = format!("Integration '{name}' has been sent for re-authorization.");
            lab.says(&notice)
        },
    )
    .covers(&["store-exchange-messages"])
    .measured(),
];
