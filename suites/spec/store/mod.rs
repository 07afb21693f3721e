//! The reference store over sockets and in the process.

mod configuration;
mod control;
mod credentials_post;
pub(crate) mod fixture;
mod front;
pub(crate) mod log;
mod lost;
pub(crate) mod person;
mod person_throttle;
pub(crate) mod rest;
mod rest_access;
mod rest_data;
mod rest_formats;
pub(crate) mod services;
mod surfaces;
pub(crate) mod token;
mod token_rows;
