//! # Without URLs the panel shows the tokens
//!
//! The dialog of an integration that exchanges nothing makes its tokens at once and shows all four values. Re-authorizing makes a new
//! token under the same consumer. When a token of another kind is in the way nothing is made, yet success is announced.
//!
//! Source: docs/protocol/flow.md, docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Integration, Lab, Need, Stop, Token, said};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const SHOWN: &[&str] = &["panel-tokens"];

/// An integration without URLs.
fn without_urls(lab: &Lab<'_>) -> Result<Integration, Stop> {
    lab.fresh_with(&[
        ("all_resources", "1"),
        ("endpoint", ""),
        ("identity_link_url", ""),
    ])
}

/// Opens the dialog and takes in the four values.
fn shown(lab: &Lab<'_>, integration: &mut Integration, reauthorize: &str) -> Result<(), Stop> {
    let screen = lab.script(
        "tokensDialog",
        &[("id", &integration.id), ("reauthorize", reauthorize)],
    )?;
    let value = |name: &str| {
        screen
            .input(&format!("integration_token_{name}"))
            .or_else(|| screen.input(name))
            .unwrap_or_default()
    };
    for name in ["consumer_secret", "token_secret"] {
        lab.hide(&value(name), "secret");
    }
    integration.key = value("consumer_key");
    integration.secret = value("consumer_secret").into();
    integration.access = Token {
        value: value("token"),
        secret: value("token_secret").into(),
    };
    if screen.status() == 200 && integration.key.len() == 32 {
        return Ok(());
    }
    Err(Stop::Broken {
        expected: "200 with the fields integration_token_consumer_key and three more".to_owned(),
        actual: screen.summary(),
    })
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "panel/tokens/activates",
        "the dialog activates, and its four values open the routes",
        |lab| {
            let mut integration = without_urls(lab)?;
            shown(lab, &mut integration, "0")?;
            lab.equal("status", "Active", lab.status(&integration)?)?;
            lab.accepts(&lab.rest(&integration), |r| r)
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/tokens/message",
        "the next page says that it was activated",
        |lab| {
            let mut integration = without_urls(lab)?;
            shown(lab, &mut integration, "0")?;
            lab.says(&format!(
                "The integration '{}' has been activated.",
                integration.name
            ))
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/tokens/again",
        "opened again, the dialog shows the same values",
        |lab| {
            let mut integration = without_urls(lab)?;
            shown(lab, &mut integration, "0")?;
            let before = integration.clone();
            shown(lab, &mut integration, "0")?;
            lab.equal("token", &before.access.value, &integration.access.value)?;
            lab.equal("consumer key", &before.key, &integration.key)
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/tokens/reauthorized",
        "re-authorizing makes a new token under the same consumer",
        |lab| {
            let mut integration = without_urls(lab)?;
            shown(lab, &mut integration, "0")?;
            let before = integration.clone();
            shown(lab, &mut integration, "1")?;
            lab.equal("consumer key", &before.key, &integration.key)?;
            lab.holds(
                before.access.value != integration.access.value,
                "another token",
                "the same token",
            )?;
            lab.control(&lab.rest(&integration))?
                .then_refuses(&lab.rest(&before), said::M10)
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/tokens/reauthorized-message",
        "the next page says that it was re-authorized",
        |lab| {
            let mut integration = without_urls(lab)?;
            shown(lab, &mut integration, "0")?;
            shown(lab, &mut integration, "1")?;
            lab.says(&format!(
                "The integration '{}' has been re-authorized.",
                integration.name
            ))
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/tokens/verifier-in-the-way",
        "beside a verifier the dialog makes nothing and announces success",
        |lab| {
            let integration = lab.verified()?;
            let screen = lab.script(
                "tokensDialog",
                &[("id", &integration.id), ("reauthorize", "0")],
            )?;
            let token = screen.input("integration_token_token").unwrap_or_default();
            // The first page that is asked for shows the message.
            let said = lab.has_said(&format!(
                "The integration '{}' has been activated.",
                integration.name
            ))?;
            let status = lab.status(&integration)?;
            // A store that says the truth is better and fits as well.
            lab.holds(
                status == "Inactive" && token.is_empty() && said
                    || status == "Active" && !token.is_empty(),
                "Inactive, no token and success announced (measured), or Active and a token",
                format!(
                    "{status}, a token of {} characters, success announced: {said}",
                    token.len()
                ),
            )
        },
    )
    .covers(&["panel-tokens-in-the-way"])
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/tokens/no-post",
        "the dialog sends no credentials POST",
        |lab| {
            let mut integration = lab.fresh()?;
            shown(lab, &mut integration, "0")?;
            lab.holds(
                lab.listener()?.count(&integration.name) == 0,
                "no credentials POST",
                "a credentials POST",
            )
        },
    )
    .covers(SHOWN)
    .measured()
    .needs(NEEDS),
];
