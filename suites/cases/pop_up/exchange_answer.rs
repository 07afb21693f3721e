//! # What the panel's script gets for the pop-up
//!
//! Identity link, consumer key and a text; never a secret, a verifier or a token. The script puts key and return address behind the link.
//!
//! Source: spec oauth.md §1.3, §4.1, PU-01, PU-03.

use magespec::conformance::{Case, Integration, Lab, Stop};
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

pub(super) const CASES: &[Case] = &[
    Case::profile("pop-up/answer/keys", "the script gets link, key and text, nothing else", |lab| {
        let (_, json) = answer(lab)?;
        let mut names: Vec<&str> = json.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default();
        names.sort_unstable();
        lab.equal("keys", "identity_link_url oauth_consumer_key popup_content", &names.join(" "))
    })
    .covers(&["store-popup-answer"])
    .measured("PU-01"),
    Case::must("pop-up/answer/link", "the link is the integration's identity link", |lab| {
        let (integration, json) = answer(lab)?;
        let wanted = format!("{}/identity", lab.listener()?.url(&integration.name));
        lab.equal("identity_link_url", &wanted, json["identity_link_url"].as_str().unwrap_or_default())
    })
    .covers(&["guide-identity-link"])
    .measured("PU-02"),
    Case::must("pop-up/answer/key", "the key is the one that was posted to the app", |lab| {
        let (integration, json) = answer(lab)?;
        let posts = lab.listener()?.posts(&integration.name);
        let posted = posts.last().map(|post| post.field("oauth_consumer_key")).unwrap_or_default();
        lab.equal("oauth_consumer_key", &posted, json["oauth_consumer_key"].as_str().unwrap_or_default())
    })
    .covers(&["guide-identity-link"])
    .measured("PU-02"),
    Case::security("pop-up/answer/no-secrets", "neither secret nor verifier reaches the browser", |lab| {
        let (integration, json) = answer(lab)?;
        let posts = lab.listener()?.posts(&integration.name);
        let post = posts.last().ok_or_else(|| Stop::CouldNotRun("no credentials POST came".to_owned()))?;
        let text = json.to_string();
        let leaked = ["oauth_consumer_secret", "oauth_verifier"].iter().any(|name| text.contains(&post.field(name)));
        lab.holds(!leaked, "no secret", "a secret")
    })
    .covers(&["store-popup-no-secrets"])
    .measured("PU-03"),
    Case::profile("pop-up/answer/text", "the text asks to sign in to the third-party account", |lab| {
        let (_, json) = answer(lab)?;
        lab.contains(json["popup_content"].as_str().unwrap_or_default(), "Please setup or sign in into your 3rd party account to complete setup of this integration.")
    })
    .covers(&["store-popup-answer"])
    .measured("PU-01"),
    Case::profile("pop-up/notice/activation", "the grid then says that the integration was sent for activation", |lab| {
        let (integration, _) = answer(lab)?;
        lab.contains(&lab.grid()?, &format!("Integration '{}' has been sent for activation.", integration.name))
    })
    .covers(&["store-exchange-messages"])
    .measured("spec oauth.md §4.1"),
    Case::profile("pop-up/notice/reauthorization", "the grid then says that the integration was sent for re-authorisation", |lab| {
        let mut integration = lab.fresh()?;
        lab.activate(&mut integration)?;
        lab.exchange(&mut integration, true)?;
        lab.contains(&lab.grid()?, &format!("Integration '{}' has been sent for re-authorization.", integration.name))
    })
    .covers(&["store-exchange-messages"])
    .measured("spec oauth.md §4.1"),
];
