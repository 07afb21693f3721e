//! Stores → Configuration: guest access, the bearer flag, the key-exchange window, lifetimes.

use askama::Template;

use crate::storage;
use crate::store::{Store, settings};
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::messages::{self, fill};
use super::session::Kind;
use super::visit::Visit;

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    /// Yes or No.
    Switch,
    /// A number, with its unit; fractions where the store takes them.
    Number(&'static str),
}

/// A field: section, group, name, label, what it takes, and a line below it.
struct Field {
    section: &'static str,
    group: &'static str,
    name: &'static str,
    label: &'static str,
    input: Input,
    note: &'static str,
}

/// The groups in the order of the page: section, id, title.
const GROUPS: [(&str, &str, &str); 6] = [
    ("webapi", "webapisecurity", "Web API Security"),
    ("webapi", "jwtauth", "JWT Authentication"),
    ("oauth", "access_token_lifetime", "Access Token Expiration"),
    ("oauth", "cleanup", "Cleanup Settings"),
    ("oauth", "consumer", "Consumer Settings"),
    ("oauth", "authentication_lock", "Authentication Locks"),
];

/// The sections: id and title.
const SECTIONS: [(&str, &str); 2] = [("webapi", "Magento Web API"), ("oauth", "OAuth")];

const FIELDS: [Field; 13] = {
    use Input::{Number, Switch};
    const fn field(
        path: (&'static str, &'static str, &'static str),
        label: &'static str,
        input: Input,
        note: &'static str,
    ) -> Field {
        Field {
            section: path.0,
            group: path.1,
            name: path.2,
            label,
            input,
            note,
        }
    }
    [
        field(
            ("webapi", "webapisecurity", "allow_insecure"),
            "Allow Anonymous Guest Access",
            Switch,
            messages::GUEST_NOTE,
        ),
        field(
            ("webapi", "jwtauth", "customer_expiration"),
            "Customer JWT Expires In",
            Number("minutes"),
            "",
        ),
        field(
            ("webapi", "jwtauth", "admin_expiration"),
            "Admin JWT Expires In",
            Number("minutes"),
            "",
        ),
        field(
            ("oauth", "access_token_lifetime", "customer"),
            "Customer Token Lifetime",
            Number("hours"),
            "",
        ),
        field(
            ("oauth", "access_token_lifetime", "admin"),
            "Admin Token Lifetime",
            Number("hours"),
            "",
        ),
        field(
            ("oauth", "cleanup", "cleanup_probability"),
            "Cleanup Probability",
            Number("1 in so many saves"),
            "0 never cleans up.",
        ),
        field(
            ("oauth", "cleanup", "expiration_period"),
            "Expiration Period",
            Number("minutes"),
            "Request tokens older than this are cleaned up.",
        ),
        field(
            ("oauth", "consumer", "expiration_period"),
            "Expiration Period",
            Number("seconds"),
            "The key-exchange window: how long after the credentials POST a request token is issued.",
        ),
        field(
            ("oauth", "consumer", "post_maxredirects"),
            "OAuth consumer credentials HTTP Post maxredirects",
            Number("redirects"),
            "",
        ),
        field(
            ("oauth", "consumer", "post_timeout"),
            "OAuth consumer credentials HTTP Post timeout",
            Number("seconds"),
            "",
        ),
        field(
            ("oauth", "consumer", "enable_integration_as_bearer"),
            "Allow OAuth Access Tokens to be used as standalone Bearer tokens",
            Switch,
            "",
        ),
        field(
            ("oauth", "authentication_lock", "max_failures_count"),
            "Maximum Login Failures to Lock Out Account",
            Number("failures"),
            "",
        ),
        field(
            ("oauth", "authentication_lock", "timeout"),
            "Lockout Time",
            Number("seconds"),
            "",
        ),
    ]
};

impl Field {
    fn path(&self) -> String {
        format!("{}/{}/{}", self.section, self.group, self.name)
    }

    /// The form field's name, as a real panel has it.
    fn posted_name(&self) -> String {
        format!("groups[{}][fields][{}][value]", self.group, self.name)
    }
}

/// A field with its value.
struct Shown {
    id: String,
    name: String,
    label: &'static str,
    note: &'static str,
    unit: Option<&'static str>,
    /// What is set; empty when nothing is.
    value: String,
    /// What counts when nothing is set.
    default: String,
}

impl Shown {
    fn new(store: &Store, field: &Field) -> storage::Result<Self> {
        let path = field.path();
        let default = settings::default_of(store.profile(), &path)
            .unwrap_or("0")
            .to_owned();
        let set = store.storage().setting(&path)?;
        let unit = match field.input {
            Input::Switch => None,
            Input::Number(unit) => Some(unit),
        };
        Ok(Self {
            id: path.replace('/', "_"),
            name: field.posted_name(),
            label: field.label,
            note: field.note,
            value: match unit {
                None => set.unwrap_or_else(|| default.clone()),
                Some(_) => set.unwrap_or_default(),
            },
            unit,
            default,
        })
    }
}

struct Group {
    id: String,
    title: &'static str,
    fields: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "store/admin/templates/configuration.html")]
struct Page {
    chrome: Chrome,
    /// Title, address, whether it is this one.
    sections: Vec<(&'static str, String, bool)>,
    title: &'static str,
    groups: Vec<Group>,
    save: String,
}

/// A section's page; the first section when none is named.
pub(super) fn page(visit: &Visit<'_>) -> storage::Result<Response> {
    let (section, title) = section_of(visit);
    let mut groups = Vec::new();
    for (of, id, title) in GROUPS {
        if of != section {
            continue;
        }
        let fields = FIELDS
            .iter()
            .filter(|field| (field.section, field.group) == (section, id));
        let shown: storage::Result<Vec<Shown>> =
            fields.map(|field| Shown::new(visit.store, field)).collect();
        groups.push(Group {
            id: format!("{section}_{id}"),
            title,
            fields: shown?,
        });
    }
    let page = Page {
        chrome: Chrome::new(
            visit,
            "Configuration",
            "Configuration / Settings / Stores",
            Section::Configuration,
        )?,
        sections: SECTIONS
            .map(|(id, title)| {
                (
                    title,
                    visit.url(Action::ConfigurationEdit, &[("section", id)]),
                    id == section,
                )
            })
            .to_vec(),
        title,
        groups,
        save: visit.url(Action::ConfigurationSave, &[("section", section)]),
    };
    Ok(visit.html(200, page.to_string()))
}

/// Stores the posted fields of a section; an empty one goes back to its default. Nothing is stored when one is no number.
pub(super) fn save(visit: &Visit<'_>) -> storage::Result<Response> {
    let (section, _) = section_of(visit);
    let back = visit.url(Action::ConfigurationEdit, &[("section", section)]);
    let posted: Vec<(String, &str)> = FIELDS
        .iter()
        .filter(|field| field.section == section)
        .filter_map(|field| {
            Some((
                field.path(),
                visit.fields.posted(&field.posted_name())?.trim(),
            ))
        })
        .collect();
    let wrong = posted
        .iter()
        .find(|(_, value)| !value.is_empty() && value.parse::<f64>().is_err());
    if let Some((_, value)) = wrong {
        visit.say(Kind::Error, fill(messages::CONFIG_NOT_NUMBER, value));
        return Ok(visit.go(&back));
    }
    for (path, value) in posted {
        visit
            .store
            .storage()
            .set_setting(&path, Some(value).filter(|value| !value.is_empty()))?;
    }
    visit.say(Kind::Success, messages::CONFIGURATION_SAVED);
    Ok(visit.go(&back))
}

fn section_of(visit: &Visit<'_>) -> (&'static str, &'static str) {
    let asked = visit.fields.value("section").unwrap_or_default();
    SECTIONS
        .into_iter()
        .find(|(id, _)| *id == asked)
        .unwrap_or(SECTIONS[0])
}
