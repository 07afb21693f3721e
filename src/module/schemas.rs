//! What each XML file must look like (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson), and which attributes tell its elements apart.

use std::sync::LazyLock;

use super::FileKind;
pub use super::names::{is_email, is_module_name, is_resource_id, is_resource_name};
use super::names::{is_reference_list, is_setup_version};
use crate::xml::schema::Content::{All, Empty, Sequence, Value};
use crate::xml::schema::{AttributeRule, Content, ElementRule, Kind, Particle, Unique, names};
use crate::xml::{Identity, Words};

/// The rule for each file as it is loaded, in strict mode; none where stores check only the merged document.
#[must_use]
pub fn per_file(kind: FileKind) -> Option<&'static ElementRule> {
    match kind {
        FileKind::Acl => Some(&ACL_FILE),
        FileKind::Consolidated => Some(&CONSOLIDATED_FILE),
        FileKind::Webapi => Some(&WEBAPI_FILE),
        _ => None,
    }
}

/// The rule for the merged document, in strict mode.
#[must_use]
pub fn merged(kind: FileKind) -> Option<&'static ElementRule> {
    match kind {
        FileKind::Acl => Some(&ACL_MERGED),
        FileKind::Consolidated => Some(&CONSOLIDATED_MERGED),
        FileKind::IntegrationConfig => Some(&CONFIG),
        FileKind::IntegrationApi => Some(&API),
        FileKind::Webapi => Some(&WEBAPI_MERGED),
        _ => None,
    }
}

/// The rule that the author of one file is held to, whether or not a store applies it.
#[must_use]
pub fn author(kind: FileKind) -> Option<&'static ElementRule> {
    match kind {
        FileKind::Module => Some(&MODULE),
        kind => per_file(kind),
    }
}

/// The names that all these files are made of.
#[must_use]
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        let rules = FileKind::ALL
            .into_iter()
            .flat_map(|kind| [author(kind), merged(kind)]);
        let location = ["xmlns:xsi", "xsi:noNamespaceSchemaLocation"];
        Words::new(names(rules.flatten()).chain(location))
    });
    &WORDS
}

/// What tells the elements of a file apart when it is merged.
#[must_use]
pub fn identities(kind: FileKind) -> &'static [Identity] {
    match kind {
        FileKind::Acl => ACL_IDENTITIES,
        FileKind::Consolidated => CONSOLIDATED_IDENTITIES,
        FileKind::IntegrationConfig => CONFIG_IDENTITIES,
        FileKind::IntegrationApi => API_IDENTITIES,
        FileKind::Webapi => WEBAPI_IDENTITIES,
        _ => &[],
    }
}

const ACL_IDENTITIES: &[Identity] = &[Identity {
    path: &["config", "acl", "resources", "resource"],
    repeats: true,
    attributes: &["id"],
}];
const CONSOLIDATED_IDENTITIES: &[Identity] = &[
    by_name(&["config", "integration"]),
    by_name(&["config", "integration", "resources", "resource"]),
];
const CONFIG_IDENTITIES: &[Identity] = &[by_name(&["integrations", "integration"])];
const API_IDENTITIES: &[Identity] = &[
    by_name(&["integrations", "integration"]),
    by_name(&["integrations", "integration", "resources", "resource"]),
];
const WEBAPI_IDENTITIES: &[Identity] = &[
    Identity {
        path: &["routes", "route"],
        repeats: false,
        attributes: &["url", "method"],
    },
    Identity {
        path: &["routes", "route", "resources", "resource"],
        repeats: false,
        attributes: &["ref"],
    },
    by_name(&["routes", "route", "data", "parameter"]),
];

const fn by_name(path: &'static [&'static str]) -> Identity {
    Identity {
        path,
        repeats: false,
        attributes: &["name"],
    }
}

const fn rule(
    name: &'static str,
    attributes: &'static [AttributeRule],
    content: Content,
) -> ElementRule {
    ElementRule {
        name,
        attributes,
        content,
        unique: None,
    }
}

const fn times(element: &'static ElementRule, min: usize, max: usize) -> Particle {
    Particle { element, min, max }
}

const fn attribute(name: &'static str, kind: Kind, required: bool) -> AttributeRule {
    AttributeRule {
        name,
        kind,
        required,
    }
}

const MANY: usize = usize::MAX;
const MODULE_NAME: Kind = Kind::Pattern {
    pattern: "[A-Z]+[A-Za-z0-9]{1,}_[A-Z]+[A-Z0-9a-z]{1,}",
    fits: is_module_name,
};
const RESOURCE_ID: Kind = Kind::Pattern {
    pattern: "([A-Z]+[a-zA-Z0-9]{1,}){1,}_[A-Z]+[A-Z0-9a-z]{1,}::[A-Za-z_0-9]{1,}",
    fits: is_resource_id,
};
const RESOURCE_NAME: Kind = Kind::Pattern {
    pattern: ".+_.+::.+",
    fits: is_resource_name,
};
const URL: Kind = Kind::Uri { min: 4 };

// etc/module.xml

static DEPENDENCY: ElementRule = rule("module", &[attribute("name", MODULE_NAME, true)], Empty);
static SEQUENCE: ElementRule = ElementRule {
    name: "sequence",
    attributes: &[],
    content: Sequence(&[times(&DEPENDENCY, 0, MANY)]),
    unique: Some(Unique {
        name: "uniqueSequenceName",
        element: "module",
        attribute: "name",
        children_only: true,
        fits: is_module_name,
    }),
};
static MODULE_ELEMENT: ElementRule = rule(
    "module",
    &[
        attribute("name", MODULE_NAME, true),
        attribute(
            "setup_version",
            Kind::Pattern {
                pattern: "[0-9.]+",
                fits: is_setup_version,
            },
            false,
        ),
    ],
    Sequence(&[times(&SEQUENCE, 0, 1)]),
);
static MODULE: ElementRule = ElementRule {
    name: "config",
    attributes: &[],
    content: Sequence(&[times(&MODULE_ELEMENT, 1, MANY)]),
    unique: Some(Unique {
        name: "uniqueModuleName",
        element: "module",
        attribute: "name",
        children_only: true,
        fits: is_module_name,
    }),
};

// etc/integration.xml, etc/integration/config.xml, etc/integration/api.xml

const NAME: AttributeRule = attribute("name", Kind::Length { min: 2, max: MANY }, true);
static EMAIL: ElementRule = rule(
    "email",
    &[],
    Value(Kind::Pattern {
        pattern: r"[^@]+@[^\.]+\..+",
        fits: is_email,
    }),
);
static ENDPOINT: ElementRule = rule("endpoint_url", &[], Value(URL));
static IDENTITY: ElementRule = rule("identity_link_url", &[], Value(URL));
static GRANTED: ElementRule = rule(
    "resource",
    &[attribute("name", RESOURCE_NAME, true)],
    Value(Kind::Text),
);
static RESOURCES: ElementRule = rule("resources", &[], Sequence(&[times(&GRANTED, 1, MANY)]));

static CONSOLIDATED_FILE: ElementRule = rule(
    "config",
    &[],
    Sequence(&[times(&CONSOLIDATED_FILE_INTEGRATION, 1, MANY)]),
);
static CONSOLIDATED_FILE_INTEGRATION: ElementRule = rule(
    "integration",
    &[NAME],
    All(&[
        times(&EMAIL, 0, 1),
        times(&ENDPOINT, 0, 1),
        times(&IDENTITY, 0, 1),
        times(&RESOURCES, 0, 1),
    ]),
);
static CONSOLIDATED_MERGED: ElementRule = rule(
    "config",
    &[],
    Sequence(&[times(&CONSOLIDATED_MERGED_INTEGRATION, 1, MANY)]),
);
static CONSOLIDATED_MERGED_INTEGRATION: ElementRule = rule(
    "integration",
    &[NAME],
    All(&[
        times(&EMAIL, 1, 1),
        times(&ENDPOINT, 0, 1),
        times(&IDENTITY, 0, 1),
        times(&RESOURCES, 0, 1),
    ]),
);
static CONFIG: ElementRule = rule(
    "integrations",
    &[],
    Sequence(&[times(&CONFIG_INTEGRATION, 1, MANY)]),
);
static CONFIG_INTEGRATION: ElementRule = rule(
    "integration",
    &[NAME],
    Sequence(&[
        times(&EMAIL, 1, 1),
        times(&ENDPOINT, 0, 1),
        times(&IDENTITY, 0, 1),
    ]),
);
static API: ElementRule = rule(
    "integrations",
    &[],
    Sequence(&[times(&API_INTEGRATION, 1, MANY)]),
);
static API_INTEGRATION: ElementRule =
    rule("integration", &[NAME], Sequence(&[times(&RESOURCES, 1, 1)]));

// etc/acl.xml

const TITLE: Kind = Kind::Length { min: 3, max: 50 };
const UNIQUE_RESOURCE: Option<Unique> = Some(Unique {
    name: "uniqueResourceId",
    element: "resource",
    attribute: "id",
    children_only: false,
    fits: is_resource_id,
});

static ACL_FILE: ElementRule = rule("config", &[], Sequence(&[times(&ACL_FILE_ACL, 1, 1)]));
static ACL_FILE_ACL: ElementRule = rule("acl", &[], Sequence(&[times(&ACL_FILE_RESOURCES, 1, 1)]));
static ACL_FILE_RESOURCES: ElementRule = ElementRule {
    name: "resources",
    attributes: &[],
    content: Sequence(&[times(&ACL_FILE_RESOURCE, 0, MANY)]),
    unique: UNIQUE_RESOURCE,
};
static ACL_FILE_RESOURCE: ElementRule = rule(
    "resource",
    &[
        attribute("id", RESOURCE_ID, true),
        attribute("title", TITLE, false),
        attribute("translate", Kind::Text, false),
        attribute("sortOrder", Kind::Int, false),
        attribute("disabled", Kind::Boolean, false),
    ],
    Sequence(&[times(&ACL_FILE_RESOURCE, 0, MANY)]),
);
static ACL_MERGED: ElementRule = rule("config", &[], Sequence(&[times(&ACL_MERGED_ACL, 1, 1)]));
static ACL_MERGED_ACL: ElementRule =
    rule("acl", &[], Sequence(&[times(&ACL_MERGED_RESOURCES, 1, 1)]));
static ACL_MERGED_RESOURCES: ElementRule = ElementRule {
    name: "resources",
    attributes: &[],
    content: Sequence(&[times(&ACL_MERGED_RESOURCE, 0, MANY)]),
    unique: UNIQUE_RESOURCE,
};
static ACL_MERGED_RESOURCE: ElementRule = rule(
    "resource",
    &[
        attribute("id", RESOURCE_ID, true),
        attribute("title", TITLE, true),
        attribute("translate", Kind::Text, false),
        attribute("sortOrder", Kind::Int, false),
        attribute("disabled", Kind::Boolean, false),
    ],
    Sequence(&[times(&ACL_MERGED_RESOURCE, 0, MANY)]),
);

// etc/webapi.xml

const ROUTE: &[AttributeRule] = &[
    attribute("url", Kind::Text, true),
    attribute(
        "method",
        Kind::OneOf(&["GET", "PUT", "POST", "DELETE"]),
        true,
    ),
    attribute("secure", Kind::Boolean, false),
    attribute("soapOperation", Kind::Text, false),
];
static SERVICE: ElementRule = rule(
    "service",
    &[
        attribute("class", Kind::Text, true),
        attribute("method", Kind::Text, true),
    ],
    Empty,
);
static REQUIRED: ElementRule = rule(
    "resource",
    &[attribute(
        "ref",
        Kind::Pattern {
            pattern: ".+(, ?.+)*",
            fits: is_reference_list,
        },
        true,
    )],
    Empty,
);
static REQUIRED_LIST: ElementRule = rule("resources", &[], Sequence(&[times(&REQUIRED, 1, MANY)]));
static PARAMETER: ElementRule = rule(
    "parameter",
    &[
        attribute("name", Kind::Text, true),
        attribute("force", Kind::Boolean, false),
    ],
    Value(Kind::Text),
);
static DATA: ElementRule = rule(
    "data",
    &[attribute(
        "input-array-size-limit",
        Kind::NonNegative,
        false,
    )],
    Sequence(&[times(&PARAMETER, 0, MANY)]),
);
static WEBAPI_FILE: ElementRule = rule(
    "routes",
    &[],
    Sequence(&[times(&WEBAPI_FILE_ROUTE, 0, MANY)]),
);
static WEBAPI_FILE_ROUTE: ElementRule = rule(
    "route",
    ROUTE,
    Sequence(&[
        times(&SERVICE, 0, 1),
        times(&REQUIRED_LIST, 0, 1),
        times(&DATA, 0, 1),
    ]),
);
static WEBAPI_MERGED: ElementRule = rule(
    "routes",
    &[],
    Sequence(&[times(&WEBAPI_MERGED_ROUTE, 0, MANY)]),
);
static WEBAPI_MERGED_ROUTE: ElementRule = rule(
    "route",
    ROUTE,
    Sequence(&[
        times(&SERVICE, 1, 1),
        times(&REQUIRED_LIST, 1, 1),
        times(&DATA, 0, 1),
    ]),
);
