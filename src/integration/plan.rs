//! From what module files declare to what a store does with its rows (docs/protocol/config-integrations.md). Pure decisions: the store applies them.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::acl::{Grant, ResourceId, ResourceTree};

use super::save::cut;
use super::{Integration, IntegrationId, SetupType, Status};

/// An integration as module files declare it, read and merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Byte-identical across files.
    pub name: String,
    /// Absent only when no file gives one (`processIntegrationConfig` of a name without e-mail).
    pub email: Option<String>,
    /// `endpoint_url`; absent when no file has the element.
    pub endpoint: Option<String>,
    /// `identity_link_url`; absent when no file has the element.
    pub identity_link_url: Option<String>,
    /// The list to grant: expanded for `integration.xml`, verbatim for `api.xml`. `None` when neither file names the integration:
    /// a real store fails then, after it saved the row.
    pub resources: Option<Vec<ResourceId>>,
}

/// A row that is there already, and the ids that its rules allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// The row.
    pub integration: Integration,
    /// What it is granted.
    pub grant: Grant,
}

/// The contact data of a row as a declaration sets them; an absent value leaves the row's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name, as declared.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Callback URL.
    pub endpoint: Option<String>,
    /// Identity link URL.
    pub identity_link_url: Option<String>,
}

/// Why a row is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The set of allowed ids differs.
    Resources,
    /// The e-mail address differs.
    Email,
    /// The callback URL differs or is new.
    Endpoint,
    /// The identity link URL differs or is new.
    IdentityLinkUrl,
    /// A manual row of the same name is taken over.
    SetupType,
}

/// What a store does for one declared integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// No row has the name: make one with `setup_type` 1 and this status, a consumer and no token.
    Create {
        /// What to write.
        contact: Contact,
        /// What to grant.
        resources: Vec<ResourceId>,
        /// [`Status::Inactive`].
        status: Status,
    },
    /// Nothing differs: row, status and tokens stay.
    Keep {
        /// The row.
        id: IntegrationId,
    },
    /// Write the row in place and grant anew; status, consumer and tokens stay (only the deprecated entry point does this).
    Update {
        /// The row.
        id: IntegrationId,
        /// What to write.
        contact: Contact,
        /// What to grant.
        resources: Vec<ResourceId>,
    },
    /// Delete the row and make it anew: new id, new consumer, no token; old consumer and tokens stay behind, attached to nothing.
    /// When the row was manual, this is a take-over ([`Cause::SetupType`] is among the causes).
    Reset {
        /// The row that goes.
        id: IntegrationId,
        /// What to write, with values kept from the old row where the declaration has none.
        contact: Contact,
        /// What to grant.
        resources: Vec<ResourceId>,
        /// What differed, in the order of the fields.
        causes: Vec<Cause>,
        /// [`Status::Recreated`].
        status: Status,
    },
    /// A real store fails here and stops; rows written before stay.
    Fail {
        /// The integration.
        name: String,
        /// The row that was saved before the failure, when there is one to write.
        saved: Option<Contact>,
        /// The sentence.
        sentence: String,
    },
}

/// Decides what every `setup:upgrade` does with the integrations of `integration.xml` (docs/protocol/config-integrations.md#what-an-upgrade-does-to-an-existing-row).
///
/// `declared` is the map in order of first appearance, lists already expanded. Stops at the first [`Action::Fail`].
#[must_use]
pub fn plan(declared: &[Declared], existing: &[Existing], tree: &ResourceTree) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut created: HashSet<String> = HashSet::new();
    for declared in declared {
        let action = if digits_only(&declared.name) || declared.resources.is_none() {
            missing_key(declared)
        } else if !created.insert(folded(&declared.name)) {
            name_taken(&declared.name)
        } else {
            decide(declared, row_named(existing, &declared.name), tree)
        };
        let failed = matches!(action, Action::Fail { .. });
        actions.push(action);
        if failed {
            break;
        }
    }
    actions
}

fn decide(declared: &Declared, row: Option<&Existing>, tree: &ResourceTree) -> Action {
    let resources = declared.resources.clone().unwrap_or_default();
    let contact = contact_of(declared);
    let Some(Existing { integration, grant }) = row else {
        return Action::Create {
            contact,
            resources,
            status: Status::Inactive,
        };
    };
    if declared.name != integration.name {
        return name_taken(&declared.name);
    }
    let causes = causes(declared, &resources, integration, grant, tree);
    if causes.is_empty() {
        return Action::Keep { id: integration.id };
    }
    Action::Reset {
        id: integration.id,
        contact: Contact {
            name: contact.name,
            email: contact.email.or_else(|| Some(integration.email.clone())),
            endpoint: contact.endpoint.or_else(|| integration.endpoint.clone()),
            identity_link_url: contact
                .identity_link_url
                .or_else(|| integration.identity_link_url.clone()),
        },
        resources,
        causes,
        status: Status::Recreated,
    }
}

fn causes(
    declared: &Declared,
    resources: &[ResourceId],
    row: &Integration,
    grant: &Grant,
    tree: &ResourceTree,
) -> Vec<Cause> {
    let allowed: HashSet<ResourceId> = grant.allowed_ids(tree).into_iter().collect();
    let wanted: HashSet<ResourceId> = resources.iter().cloned().collect();
    // A value longer than its column was cut when it was stored, so it differs on every run.
    let changed =
        |declared: Option<&String>, stored: &str| declared.is_some_and(|new| new != stored);
    let stored = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        (allowed != wanted, Cause::Resources),
        (changed(declared.email.as_ref(), &row.email), Cause::Email),
        (
            changed(declared.endpoint.as_ref(), &stored(&row.endpoint)),
            Cause::Endpoint,
        ),
        (
            changed(
                declared.identity_link_url.as_ref(),
                &stored(&row.identity_link_url),
            ),
            Cause::IdentityLinkUrl,
        ),
        (row.setup_type == SetupType::Manual, Cause::SetupType),
    ]
    .into_iter()
    .filter_map(|(differs, cause)| differs.then_some(cause))
    .collect()
}

/// Decides what `processIntegrationConfig(names)` does, the deprecated entry point that a setup script calls
/// (docs/protocol/config-integrations.md#who-makes-a-row): rows are created or updated in place, never made anew.
///
/// `declared` maps the names of `integration/config.xml` to contact data and to the list of `api.xml` or, first, `integration.xml`.
/// A name that is no key of it ends the run.
#[must_use]
pub fn plan_named(
    names: &[String],
    declared: &IndexMap<String, Declared>,
    existing: &[Existing],
) -> Vec<Action> {
    let mut actions = Vec::new();
    for name in names {
        let action = match declared.get(name) {
            None => Action::Fail {
                name: name.clone(),
                saved: None,
                sentence: format!("Undefined array key \"{name}\""),
            },
            Some(declared) if declared.resources.is_none() || digits_only(name) => {
                missing_key(declared)
            }
            Some(declared) => {
                let contact = contact_of(declared);
                let resources = declared.resources.clone().unwrap_or_default();
                match row_named(existing, name) {
                    Some(row) if row.integration.name != *name => name_taken(name),
                    Some(row) => Action::Update {
                        id: row.integration.id,
                        contact,
                        resources,
                    },
                    None => Action::Create {
                        contact,
                        resources,
                        status: Status::Inactive,
                    },
                }
            }
        };
        let failed = matches!(action, Action::Fail { .. });
        actions.push(action);
        if failed {
            break;
        }
    }
    actions
}

/// The values as their columns keep them.
fn contact_of(declared: &Declared) -> Contact {
    let kept = |value: &Option<String>| value.as_deref().map(cut);
    Contact {
        name: cut(&declared.name),
        email: kept(&declared.email),
        endpoint: kept(&declared.endpoint),
        identity_link_url: kept(&declared.identity_link_url),
    }
}

/// A name that differs in case or trailing blanks finds the row, and then counts as a new name, which that very row has taken
/// (docs/protocol/config-integrations.md#who-makes-a-row and docs/protocol/module-files.md).
fn name_taken(name: &str) -> Action {
    Action::Fail {
        name: name.to_owned(),
        saved: None,
        sentence: format!("The integration with name \"{name}\" exists."),
    }
}

fn missing_key(declared: &Declared) -> Action {
    Action::Fail {
        name: declared.name.clone(),
        saved: Some(contact_of(declared)),
        sentence: format!("Undefined array key \"{}\"", declared.name),
    }
}

/// An all-digit name becomes a number where the maps are joined, and its key is lost (docs/protocol/module-files.md).
fn digits_only(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn row_named<'row>(existing: &'row [Existing], name: &str) -> Option<&'row Existing> {
    let name = folded(name);
    existing
        .iter()
        .find(|row| folded(&row.integration.name) == name)
}

/// As the database compares names: without regard to case and trailing blanks (docs/protocol/config-integrations.md#who-makes-a-row).
fn folded(name: &str) -> String {
    name.trim_end_matches(' ').to_lowercase()
}
