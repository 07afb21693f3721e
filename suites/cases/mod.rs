//! Every case of the suite, in the order of the handshake. Outside the library, so that a case can use its public interface only.
//!
//! One folder per protocol step, one file per case or small family. A file offers `CASES`; its prose is what `magespec explain` prints.

use magespec::conformance::{Catalogue, Group};

mod access_token;
mod acl;
mod app;
mod bearer;
mod credentials_post;
mod guest;
mod handshake;
mod header;
mod order;
mod panel;
mod parameters;
mod person_token;
mod placement;
mod pop_up;
mod processing;
mod query;
mod renamed;
mod replay;
mod request_token;
mod rest;
mod signature;
mod url;

/// The folders in reading order.
const GROUPS: &[Group] = &[
    handshake::GROUP,
    credentials_post::GROUP,
    pop_up::GROUP,
    parameters::GROUP,
    header::GROUP,
    placement::GROUP,
    query::GROUP,
    url::GROUP,
    signature::GROUP,
    replay::GROUP,
    request_token::GROUP,
    access_token::GROUP,
    rest::GROUP,
    bearer::GROUP,
    person_token::GROUP,
    acl::GROUP,
    guest::GROUP,
    order::GROUP,
    panel::GROUP,
    processing::GROUP,
];

/// Cases and requirements, for the command line and the harnesses.
pub(crate) const CATALOGUE: Catalogue = Catalogue {
    groups: GROUPS,
    apps: &[app::GROUP],
    requirements: &[
        include_str!("../requirements/rfc5849.toml"),
        include_str!("../requirements/guides.toml"),
        include_str!("../requirements/store.toml"),
        include_str!("../requirements/callers.toml"),
        include_str!("../requirements/acl.toml"),
        include_str!("../requirements/panel.toml"),
        include_str!("../requirements/apps.toml"),
    ],
    renamed: renamed::RENAMED,
};
