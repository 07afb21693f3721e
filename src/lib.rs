//! Protocol conformance for Magento-2-style integrations.
//!
//! # Bird's eye
//! A *store* issues credentials, verifies OAuth 1.0a signatures and guards REST routes by an ACL tree. An *app* owns a callback
//! endpoint and an identity-link page. They meet at a socket: activation in the admin panel, the credentials POST, the exchange of a
//! verifier for a request token and an access token, and signed calls. This crate holds a reference of each, a suite that judges
//! stores, and the tools that explain what went wrong.
//!
//! ```text
//! L5  cli              app_test
//! L4  report           stage
//! L3  conformance      store      app            never import each other: they meet at a socket
//! L2  lint   source   doctor   storage   wire
//! L1  module ─► xml ─► diagnostic    oauth   acl   integration   defect      no I/O, no clock, no randomness
//! L0  text   time   random   secret
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`text`], [`time`], [`random`], [`secret`] | percent and form encoders, spans; clocks; entropy; what is never printed |
//! | [`diagnostic`] | what is wrong in a file, where, and what to do; one renderer |
//! | [`xml`] | a spanned tree, the merging of stores, schemas, limits |
//! | [`module`] | the files of an extension as typed values, and what a store makes of all of them together |
//! | [`oauth`] | header grammar, parameters, dialects, base string, signing, verifying, profiles; usable alone |
//! | [`acl`] | resource tree, parent chains, grants, decisions |
//! | [`integration`] | the state machine of an activation, as pure transitions |
//! | [`defect`] | how a switchable fault of the store or the app is found by its name |
//! | [`source`] | module folders on disk, read with limits |
//! | [`lint`] | one rule per file, with its page and, where safe, its fix |
//! | [`doctor`] | why a signed request is refused, proven by signing it again with each known mistake; what a store's sentences mean |
//! | [`storage`] | what a store keeps: one trait; SQLite, and PostgreSQL with the cargo feature `postgres` |
//! | [`wire`] | HTTP/1.1 with exact bytes, client and server, TLS; recorded exchanges, redacted |
//! | [`store`] | the reference store: token endpoints, REST, admin panel, control API, credentials POST |
//! | [`app`] | the reference app: callback, identity link, exchange, dashboard |
//! | [`conformance`] | case, requirement, target, runner, judge, events |
//! | [`stage`] | stores as an app under test meets them: the reference store behind a layer that records, waits, cuts and answers wrongly |
//! | [`report`] | pure functions of the events: what is printed, written and compared |
//! | [`app_test`] | the suite for apps as a library, for the tests of an app that is written in Rust |
//! | [`cli`] | one file per command, and the exit codes |
//!
//! The cases, the ledger of requirements and the tests live in `suites/`. The library has the cases for its users; the tests compile them
//! once more as a crate of their own, so that a case sees what is public here and no more.
//!
//! # Without the rest
//! `default-features = false, features = ["oauth"]` compiles [`oauth`] and the four modules below it, and needs no C compiler.
//!
//! # Invariants
//! 1. L0 and L1 do no I/O, read no clock and draw no randomness: time and entropy are arguments.
//! 2. A case never sees `store`, `app` or `stage`; it knows a base URL, credentials and bytes, and asserts on raw text and JSON.
//! 3. One function judges. `cargo test` and the command line call it.
//! 4. The runner prints nothing; every report is a pure function of its events.
//! 5. Parsing a module never fails as a whole: it gives the value and the diagnostics.
//! 6. Every sentence that a client can see is data, in one table.
//! 7. A quirk is a field or small function of a [`oauth::Profile`], never a comparison of versions in a handler.
//! 8. No secret reaches a log, a report or a snapshot: [`secret::Secret`] has no `Display`; an exchange is redacted when recorded.
//! 9. Suite and store must not agree by sharing a mistake: cases give literal pairs, vectors come from real stores.

#[cfg(feature = "full")]
pub mod acl;
#[cfg(feature = "full")]
pub mod app;
#[cfg(feature = "full")]
pub mod app_test;
#[cfg(feature = "full")]
#[path = "../suites/cases/mod.rs"]
mod cases;
#[cfg(feature = "full")]
pub mod cli;
#[cfg(feature = "full")]
pub mod conformance;
#[cfg(feature = "full")]
pub mod defect;
#[cfg(feature = "full")]
pub mod diagnostic;
#[cfg(feature = "full")]
pub mod doctor;
#[cfg(feature = "full")]
pub mod integration;
#[cfg(feature = "full")]
pub mod lint;
#[cfg(feature = "full")]
pub mod module;
pub mod oauth;
pub mod random;
#[cfg(feature = "full")]
pub mod report;
pub mod secret;
#[cfg(feature = "full")]
pub mod source;
#[cfg(feature = "full")]
pub mod stage;
#[cfg(feature = "full")]
pub mod storage;
#[cfg(feature = "full")]
pub mod store;
pub mod text;
pub mod time;
#[cfg(feature = "full")]
pub mod wire;
#[cfg(feature = "full")]
pub mod xml;

// The cases name this crate as a user of it does.
#[cfg(feature = "full")]
extern crate self as magespec;

/// Every case and requirement of the suite.
#[cfg(feature = "full")]
#[must_use]
pub const fn catalogue() -> &'static conformance::Catalogue {
    &cases::CATALOGUE
}
