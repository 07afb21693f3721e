//! The dialogs of an activation: permissions, tokens, exchange, and the page at which the pop-up ends.

use std::collections::HashSet;

use askama::Template;
use serde_json::json;

use crate::acl::ResourceId;
use crate::integration::{Integration, IntegrationId};
use crate::storage;
use crate::store::applied::ModulesError;
use crate::store::callback::Limits;
use crate::store::integrations::{Posting, Refusal};
use crate::wire::Response;

use super::credentials;
use super::messages::{self, fill};
use super::session::Kind;
use super::tree;
use super::visit::Visit;

/// The whole page at which the pop-up ends.
const CLOSING_PAGE: &str = "<script>setTimeout(self.close.bind(this), 1000);</script>";

/// What the dialog shows while the pop-up is open.
const POPUP_CONTENT_BEFORE: &str = "<div><p>";
const POPUP_CONTENT_AFTER: &str = "</p></div>\n";

#[derive(Template)]
#[template(path = "store/admin/templates/permissions.html")]
struct Permissions {
    nothing: bool,
    /// Begins the ids of the tabs, fresh in every dialog.
    prefix: String,
    tree: String,
}

#[derive(Template)]
#[template(path = "store/admin/templates/tokens.html")]
struct Tokens {
    fields: Vec<credentials::Field>,
}

/// What the integration asks for.
pub(super) fn permissions(visit: &Visit<'_>) -> Response {
    let Some(id) = visit.id() else {
        return visit.back_to_grid(messages::ID_INVALID);
    };
    let requested = visit.integrations(|services| {
        let integration = services.load(id, &id.to_string())?;
        services.requested(&integration)
    });
    let requested = match requested {
        Ok(requested) => requested,
        Err(refusal) => return visit.back_to_grid(Visit::sentence(&refusal)),
    };
    let ids: HashSet<&str> = requested.iter().map(ResourceId::as_str).collect();
    let selected = (!ids.contains(ResourceId::EVERYTHING)).then_some(&ids);
    let dialog = Permissions {
        nothing: ids.is_empty(),
        prefix: format!("id_{}", visit.store.fresh_value()),
        tree: tree::for_dialog(&visit.store.tree(), selected),
    };
    visit.html(200, dialog.to_string())
}

/// Tokens at once, for an integration without URLs. The message says that it worked, whatever happened.
pub(super) fn tokens(visit: &Visit<'_>) -> Response {
    let reauthorize = visit.fields.flag("reauthorize");
    let issued = visit.integrations(|services| {
        let integration = asked(visit, |id, asked| services.load(id, asked))?;
        let credentials = services.issue_tokens(&integration, reauthorize)?;
        Ok((integration, credentials))
    });
    let (integration, credentials) = match issued {
        Ok(issued) => issued,
        Err(refusal) => return visit.back_to_grid(told(&refusal)),
    };
    let sentence = if reauthorize {
        messages::REAUTHORIZED
    } else {
        messages::ACTIVATED
    };
    visit.say(Kind::Success, fill(sentence, &integration.name));
    let dialog = Tokens {
        fields: credentials::fields(credentials),
    };
    visit.html(200, dialog.to_string())
}

/// Sends the credentials POST and says where the pop-up goes.
pub(super) fn exchange(visit: &Visit<'_>) -> storage::Result<Response> {
    let reauthorize = visit.fields.flag("reauthorize");
    let store_base_url = visit.store.storefront_url(visit.turn.is_secure())?;
    let posting = Posting {
        store_base_url: &store_base_url,
        limits: Limits::configured(visit.store)?,
        sender: visit.store.sender(),
        clock: visit.store.clock(),
    };
    let exchanged = visit.integrations(|services| {
        let integration = asked(visit, |id, asked| services.load(id, asked))?;
        let (consumer, _) = services.exchange_tokens(&integration, reauthorize, posting)?;
        Ok((integration, consumer))
    });
    let (integration, consumer) = match exchanged {
        Ok(exchanged) => exchanged,
        Err(refusal) => return Ok(visit.back_to_grid(told(&refusal))),
    };
    let sentence = if reauthorize {
        messages::SENT_FOR_REAUTHORIZATION
    } else {
        messages::SENT_FOR_ACTIVATION
    };
    visit.say(Kind::Notice, fill(sentence, &integration.name));
    let content = [
        POPUP_CONTENT_BEFORE,
        messages::SET_UP_ACCOUNT,
        POPUP_CONTENT_AFTER,
    ]
    .concat();
    Ok(visit.json(&json!({
        "identity_link_url": integration.identity_link_url,
        "oauth_consumer_key": consumer.key,
        "popup_content": content,
    })))
}

/// Both token actions say what is wrong with a malformed file, where the others say that something is (measured 2.4.7).
fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Files(ModulesError::Stop { sentence, .. }) => sentence.clone(),
        other => Visit::sentence(other),
    }
}

/// The integration that was asked for; its id is printed as it was written.
fn asked(
    visit: &Visit<'_>,
    load: impl FnOnce(IntegrationId, &str) -> Result<Integration, Refusal>,
) -> Result<Integration, Refusal> {
    let raw = visit.fields.value("id").unwrap_or_default();
    load(IntegrationId(visit.fields.integer("id")), raw)
}

/// The page at which the pop-up ends: it closes itself and changes nothing.
pub(super) fn login_success_callback(visit: &Visit<'_>) -> Response {
    visit.html(200, CLOSING_PAGE.to_owned())
}
