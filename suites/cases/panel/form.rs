//! # The form of an integration
//!
//! Field names, labels and notes of the new form and of the form of an existing integration, which also shows its credentials.
//!
//! Source: docs/protocol/admin-panel.md#the-form.

use magespec::conformance::{Case, Lab, Need, Outcome, Screen};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const FORM: &[&str] = &["panel-form"];

fn shows(lab: &Lab<'_>, screen: &Screen, texts: &[&str]) -> Outcome {
    let page = screen.text();
    let missing: Vec<&str> = texts
        .iter()
        .filter(|text| !page.contains(**text))
        .copied()
        .collect();
    lab.holds(
        screen.status() == 200 && missing.is_empty(),
        format!("a page with {}", texts.join(", ")),
        format!("{}, without {}", screen.status(), missing.join(", ")),
    )
}

fn has_fields(lab: &Lab<'_>, screen: &Screen, fields: &[&str]) -> Outcome {
    let missing: Vec<&str> = fields
        .iter()
        .filter(|field| !screen.has("name", field))
        .copied()
        .collect();
    lab.holds(
        missing.is_empty(),
        format!("the fields {}", fields.join(", ")),
        format!("no {}", missing.join(", ")),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::profile("panel/form/new-fields", "the new form has the fields of a save", |lab| {
        let fields = ["form_key", "name", "email", "endpoint", "identity_link_url", "current_password", "all_resources"];
        has_fields(lab, &lab.page("new", &[])?, &fields)
    })
    .covers(FORM)
    .measured()
    .needs(&[Need::Admin]),
    Case::profile("panel/form/new-labels", "the new form has its title, labels and buttons", |lab| {
        let texts = ["New Integration", "Callback URL", "Identity link URL", "Your Password", "Resource Access", "Save & Activate", "Back"];
        shows(lab, &lab.page("new", &[])?, &texts)
    })
    .covers(FORM)
    .measured()
    .needs(&[Need::Admin]),
    Case::profile("panel/form/new-notes", "two notes say what the URLs are for", |lab| {
        let texts = [
            "Enter URL where Oauth credentials can be sent when using Oauth for token exchange. We strongly recommend using https://.",
            "URL to redirect user to link their 3rd party account with this Magento integration credentials.",
        ];
        shows(lab, &lab.page("new", &[])?, &texts)
    })
    .covers(FORM)
    .measured()
    .needs(&[Need::Admin]),
    Case::profile("panel/form/new-without-details", "a new integration has no credentials yet", |lab| {
        let page = lab.page("new", &[])?;
        lab.holds(page.input("consumer_key").is_none(), "no field consumer_key", page.summary())
    })
    .covers(FORM)
    .measured()
    .needs(&[Need::Admin]),
    Case::profile("panel/form/edit", "the form of an integration shows what was saved", |lab| {
        lab.clear_session()?;
        let integration = lab.fresh_with(&[("all_resources", "0"), ("email", "magespec+edit@example.com")])?;
        let page = lab.page("edit", &[("id", &integration.id)])?;
        lab.contains(&page.text(), &format!("Edit \"{}\" Integration", integration.name))?;
        lab.equal("email", "magespec+edit@example.com", &page.input("email").unwrap_or_default())?;
        lab.equal("name", &integration.name, &page.input("name").unwrap_or_default())
    })
    .covers(FORM)
    .measured()
    .needs(NEEDS),
    Case::profile("panel/form/edit-details", "the form of an active integration shows its four credentials", |lab| {
        lab.clear_session()?;
        let integration = lab.activated()?;
        let page = lab.page("edit", &[("id", &integration.id)])?;
        let shown = |name: &str| page.input(name).unwrap_or_default();
        lab.holds(
            shown("consumer_key") == integration.key
                && shown("consumer_secret") == integration.secret.expose()
                && shown("token") == integration.access.value
                && shown("token_secret") == integration.access.secret.expose(),
            "consumer key, consumer secret, token and token secret as the app knows them",
            "other values",
        )
    })
    .covers(FORM)
    .measured()
    .needs(NEEDS),
    Case::profile("panel/form/edit-without-activate", "an existing integration is saved without activating it", |lab| {
        let integration = lab.fresh()?;
        let page = lab.page("edit", &[("id", &integration.id)])?;
        lab.holds(page.status() == 200 && !page.text().contains("Save & Activate"), "a form without `Save & Activate`", page.summary())
    })
    .covers(FORM)
    .measured()
    .needs(NEEDS),
];
