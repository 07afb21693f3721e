//! The form of an integration: new, edit, view.

use std::collections::HashSet;

use askama::Template;
use serde_json::json;

use crate::acl::ResourceId;
use crate::integration::{Integration, SetupType};
use crate::storage;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Script, Section};
use super::fields::{self, is_true};
use super::visit::Visit;
use super::{credentials, markup, messages, tree};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Create,
    Edit,
    View,
}

#[derive(Template)]
#[template(path = "store/admin/templates/form.html")]
struct Page {
    chrome: Chrome,
    script: Script,
    purpose: Purpose,
    id: Option<i64>,
    name: String,
    email: String,
    endpoint: String,
    identity_link_url: String,
    details: Vec<credentials::Field>,
    all: bool,
    /// What the script makes the tree of.
    tree: String,
    save: String,
    back: String,
    /// The grid's address as JSON writes it.
    grid: String,
    /// Asked before a delete; there is none here.
    question: &'static str,
}

/// What the fields hold.
#[derive(Default)]
struct Values {
    name: String,
    email: String,
    endpoint: String,
    identity_link_url: String,
    resources: Vec<ResourceId>,
}

impl Values {
    fn stored(integration: &Integration, resources: Vec<ResourceId>) -> Self {
        Self {
            name: integration.name.clone(),
            email: integration.email.clone(),
            endpoint: integration.endpoint.clone().unwrap_or_default(),
            identity_link_url: integration.identity_link_url.clone().unwrap_or_default(),
            resources,
        }
    }

    /// Lays the values that a refused save left behind over these, whichever integration they were meant for.
    fn remembered(mut self, posted: &[(String, String)]) -> Self {
        if posted.is_empty() {
            return self;
        }
        let value = |name: &str| posted.iter().rev().find(|(other, _)| other == name);
        for (name, field) in [
            ("name", &mut self.name),
            ("email", &mut self.email),
            ("endpoint", &mut self.endpoint),
            ("identity_link_url", &mut self.identity_link_url),
        ] {
            if let Some((_, value)) = value(name) {
                field.clone_from(value);
            }
        }
        self.resources = if value("all_resources").is_some_and(|(_, all)| is_true(all)) {
            vec![ResourceId::from(ResourceId::EVERYTHING)]
        } else {
            fields::list(posted, "resource")
                .into_iter()
                .map(ResourceId::from)
                .collect()
        };
        self
    }
}

/// The empty form.
pub(super) fn new(visit: &Visit<'_>) -> storage::Result<Response> {
    let trail = "New Integration / Extensions / System";
    let chrome = Chrome::new(visit, "New Integration", trail, Section::Integrations)?;
    Ok(page(
        visit,
        chrome,
        Purpose::Create,
        None,
        Values::default(),
        Vec::new(),
    ))
}

/// The form of a stored integration; read-only when it came from a module.
pub(super) fn edit(visit: &Visit<'_>) -> storage::Result<Response> {
    let Some(id) = visit.id() else {
        return Ok(visit.back_to_grid(messages::ID_INVALID));
    };
    let loaded = visit.integrations(|services| {
        let integration = services.load(id, &id.to_string())?;
        let requested = services.requested(&integration)?;
        let credentials = services.credentials(&integration)?;
        Ok((integration, requested, credentials))
    });
    let (integration, requested, credentials) = match loaded {
        Ok(loaded) => loaded,
        Err(refusal) => return Ok(visit.back_to_grid(Visit::sentence(&refusal))),
    };
    let (purpose, verb) = match integration.setup_type {
        SetupType::Manual => (Purpose::Edit, "Edit"),
        SetupType::ConfigFile => (Purpose::View, "View"),
    };
    let heading = format!("{verb} \"{}\" Integration", integration.name);
    let chrome = Chrome::new(
        visit,
        &heading,
        &format!("{heading} / Extensions / System"),
        Section::Integrations,
    )?;
    let details = credentials::fields(credentials);
    let values = Values::stored(&integration, requested);
    Ok(page(visit, chrome, purpose, Some(id.0), values, details))
}

fn page(
    visit: &Visit<'_>,
    chrome: Chrome,
    purpose: Purpose,
    id: Option<i64>,
    values: Values,
    details: Vec<credentials::Field>,
) -> Response {
    let remembered = visit
        .store
        .panel()
        .sessions
        .take_remembered(&visit.session.id);
    let values = values.remembered(&remembered);
    let selected: HashSet<&str> = values.resources.iter().map(ResourceId::as_str).collect();
    let back = visit.url(Action::Index, &[]);
    let page = Page {
        chrome,
        script: Script::new(visit),
        purpose,
        id,
        all: selected.contains(ResourceId::EVERYTHING),
        tree: tree::for_form(&visit.store.tree(), &selected),
        name: values.name.clone(),
        email: values.email.clone(),
        endpoint: values.endpoint.clone(),
        identity_link_url: values.identity_link_url.clone(),
        details,
        save: visit.url(Action::Save, &[]),
        grid: markup::php_json(&json!(back)),
        back,
        question: "",
    };
    visit.html(200, page.to_string())
}
