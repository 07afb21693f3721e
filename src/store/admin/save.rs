//! Saving and deleting an integration.

use serde_json::json;

use crate::acl::ResourceId;
use crate::integration::{Draft, Integration, IntegrationId, SetupType, Status};
use crate::storage::{self, Account};
use crate::store::defects::Guard;
use crate::store::integrations::Refusal;
use crate::store::permissions::Permissions;
use crate::wire::Response;

use super::address::Action;
use super::fields::{self, Fields, is_true};
use super::home;
use super::messages::{self, fill};
use super::password::{self, Checked};
use super::session::Kind;
use super::visit::Visit;

/// The fields that a form shows again after a refused save, beside the list of resources; never the password.
const REMEMBERED: [&str; 5] = [
    "name",
    "email",
    "endpoint",
    "identity_link_url",
    "all_resources",
];

/// Text columns: a list in one of them is a fault of the database.
const LISTS_REFUSED: [&str; 3] = ["name", "email", "endpoint"];

/// What the database keeps of a letter beyond the basic plane: one mark for each of its bytes (measured 2.4.7-p3).
const MARKS: &str = "????";

/// Saves the posted form. The order of the checks is measured: the row, its origin, the password, the URL rule, the name.
pub(super) fn save(visit: &Visit<'_>, account: &Account) -> storage::Result<Response> {
    let id = visit.id();
    let stored = match id {
        Some(id) => match visit.integrations(|services| services.load(id, &id.to_string())) {
            Ok(stored) => Some(stored),
            Err(refusal) => return Ok(visit.back_to_grid(Visit::sentence(&refusal))),
        },
        None => None,
    };
    if stored
        .as_ref()
        .is_some_and(|stored| stored.setup_type == SetupType::ConfigFile)
        && visit.store.makes(Guard::ModuleSave)
    {
        return Ok(back_to_form(visit, id, messages::CONFIG_NOT_EDITED, false));
    }
    let Some(typed) = visit.fields.posted("current_password") else {
        return Ok(home::unhandled());
    };
    let checked = password::check(visit.store, account, typed)?;
    visit.password_was_checked();
    match checked {
        Checked::Right => {}
        _ if !visit.store.makes(Guard::Password) => {}
        Checked::Wrong => return Ok(back_to_form(visit, id, messages::PASSWORD_WRONG, true)),
        Checked::Locked => return Ok(password::locked_out(visit)),
    }
    if visit.fields.is_list("identity_link_url") {
        return Ok(home::unhandled());
    }
    if LISTS_REFUSED.iter().any(|name| visit.fields.is_list(name)) {
        return Ok(back_to_form(visit, id, messages::ARRAY_CONVERTED, false));
    }
    let draft = draft(&visit.fields);
    let permissions = permissions(&visit.fields);
    let saved = visit.integrations(|services| match &stored {
        Some(stored) => services.update(stored, &draft, &permissions),
        None => services.create(&draft, &permissions),
    });
    Ok(match saved {
        Ok(saved) => done(visit, &saved),
        Err(refusal) => {
            let remembered = matches!(refusal, Refusal::NameTaken(_));
            back_to_form(visit, id, &Visit::sentence(&refusal), remembered)
        }
    })
}

fn done(visit: &Visit<'_>, saved: &Integration) -> Response {
    if visit.scripted {
        let exchange = if saved.exchanges_tokens() { "1" } else { "0" };
        let id = saved.id.to_string();
        return visit.json(&json!({ "integrationId": id, "isTokenExchange": exchange }));
    }
    visit.say(Kind::Success, fill(messages::SAVED, &saved.name));
    visit.redirect(&visit.url(Action::Index, &[]))
}

fn back_to_form(
    visit: &Visit<'_>,
    id: Option<IntegrationId>,
    sentence: &str,
    remember: bool,
) -> Response {
    if remember {
        let values = visit.fields.all_posted().iter();
        let shown = |name: &str| REMEMBERED.contains(&name) || name.starts_with("resource[");
        let values: Vec<_> = values.filter(|(name, _)| shown(name)).cloned().collect();
        visit
            .store
            .panel()
            .sessions
            .remember(&visit.session.id, &values);
    }
    visit.say(Kind::Error, sentence);
    visit.go(&match id {
        Some(id) => visit.url(Action::Edit, &[("id", &id.to_string())]),
        None => visit.url(Action::New, &[]),
    })
}

/// Every posted key lands in the row, status and setup type too.
fn draft(fields: &Fields) -> Draft {
    let kept = |letter: char| match letter {
        '\u{10000}'.. => MARKS.to_owned(),
        letter => letter.to_string(),
    };
    let text = |name: &str| {
        let typed = fields.posted(name)?;
        Some(typed.chars().map(kept).collect::<String>())
    };
    let code = |name: &str| {
        fields
            .posted(name)
            .and_then(|code| code.trim().parse().ok())
    };
    Draft {
        name: text("name"),
        email: text("email"),
        endpoint: text("endpoint"),
        identity_link_url: text("identity_link_url"),
        status: code("status").and_then(Status::from_code),
        setup_type: code("setup_type").and_then(SetupType::from_code),
    }
}

/// `all_resources` when it is on, else the list, which is empty when no `resource[]` is posted.
fn permissions(fields: &Fields) -> Permissions {
    if fields.posted("all_resources").is_some_and(is_true) {
        return Permissions::All;
    }
    let ids = fields::list(fields.all_posted(), "resource");
    Permissions::Listed(ids.into_iter().map(ResourceId::from).collect())
}

/// Deletes an integration and goes to the grid, a script too (measured 2.4.7-p3).
pub(super) fn delete(visit: &Visit<'_>) -> Response {
    let Some(id) = visit.id() else {
        visit.say(Kind::Error, messages::ID_INVALID);
        return visit.redirect(&visit.url(Action::Index, &[]));
    };
    let deleted = visit.integrations(|services| {
        let integration = services.load(id, &id.to_string())?;
        services.delete(&integration)?;
        Ok(integration.name)
    });
    match deleted {
        Ok(name) => visit.say(Kind::Success, fill(messages::DELETED, &name)),
        // Measured: a failure that is no service's is logged only.
        Err(refusal @ (Refusal::Files(_) | Refusal::Undeclared(_) | Refusal::Storage(_))) => {
            tracing::error!(%refusal, "delete");
        }
        Err(refusal) => visit.say(Kind::Error, Visit::sentence(&refusal)),
    }
    visit.redirect(&visit.url(Action::Index, &[]))
}
