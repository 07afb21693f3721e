//! The admin panel of the reference store, page by page.

pub(crate) mod browser;
mod configuration;
pub(crate) mod dialogs;
mod endpoints;
pub(crate) mod form;
mod form_refused;
mod grid;
pub(crate) mod guards;
pub(crate) mod modules;
mod modules_shown;
mod peer;
mod sessions;
mod sign_in;
