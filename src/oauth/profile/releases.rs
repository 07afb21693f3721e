//! One constant per release, oldest first, each with what it changed; a state of a release that later patches left is a row below it.
//!
//! To add a release: a constant that says what is new, and its place in [`PROFILES`].

use super::{CallbackClient, GraphQlErrors, ParentRule, PatchLevel, Profile, TokenForm};
use crate::oauth::{Dialect, SignatureMethod};

use SignatureMethod::{HmacSha1, HmacSha256};

const V2_4_3: Profile = Profile {
    name: "magento-2.4.3",
    summary: "the last release that takes HMAC-SHA1 and any access token as bearer",
    since: Some(PatchLevel::new("2.4.3", 0)),
    measured: None,
    dialect: Dialect::Zend,
    methods: &[HmacSha1, HmacSha256],
    is_store: true,
    parent_rule: ParentRule::Measured,
    bearer_by_default: true,
    token_form: TokenForm::Opaque,
    customer_revocation: false,
    callback_client: CallbackClient::Zend,
    identity_link_validated: false,
    emails_hidden: false,
    password_ends_form_key: false,
    graphql_errors: GraphQlErrors::Forgiving,
};

const V2_4_4: Profile = Profile {
    name: "magento-2.4.4",
    summary: "HMAC-SHA256 only, JSON web tokens, bearer off; with the patches to 2.4.4-p10",
    since: Some(PatchLevel::new("2.4.4", 10)),
    methods: &[HmacSha256],
    bearer_by_default: false,
    token_form: TokenForm::Jwt,
    identity_link_validated: true,
    emails_hidden: true,
    ..V2_4_3
};

const V2_4_4_P0: Profile = Profile {
    name: "magento-2.4.4-p0",
    summary: "2.4.4 to 2.4.4-p3: identity links unchecked, e-mail addresses told",
    since: Some(PatchLevel::new("2.4.4", 0)),
    identity_link_validated: false,
    emails_hidden: false,
    ..V2_4_4
};

const V2_4_4_P4: Profile = Profile {
    name: "magento-2.4.4-p4",
    summary: "2.4.4-p4 to -p9: identity links unchecked",
    since: Some(PatchLevel::new("2.4.4", 4)),
    identity_link_validated: false,
    ..V2_4_4
};

const V2_4_5: Profile = Profile {
    name: "magento-2.4.5",
    summary: "the last release with the Zend base string; with the patches to 2.4.5-p9",
    since: Some(PatchLevel::new("2.4.5", 9)),
    ..V2_4_4
};

const V2_4_5_P0: Profile = Profile {
    name: "magento-2.4.5-p0",
    summary: "2.4.5 to 2.4.5-p2: identity links unchecked, e-mail addresses told",
    since: Some(PatchLevel::new("2.4.5", 0)),
    identity_link_validated: false,
    emails_hidden: false,
    ..V2_4_5
};

const V2_4_5_P3: Profile = Profile {
    name: "magento-2.4.5-p3",
    summary: "2.4.5-p3 to -p8: identity links unchecked",
    since: Some(PatchLevel::new("2.4.5", 3)),
    identity_link_validated: false,
    ..V2_4_5
};

const V2_4_6: Profile = Profile {
    name: "magento-2.4.6",
    summary: "the Laminas base string, customers revoke their tokens; measured on 2.4.6-p11",
    since: Some(PatchLevel::new("2.4.6", 7)),
    measured: Some("2.4.6-p11"),
    dialect: Dialect::Laminas,
    customer_revocation: true,
    callback_client: CallbackClient::Laminas,
    ..V2_4_5
};

const V2_4_6_P0: Profile = Profile {
    name: "magento-2.4.6-p0",
    summary: "2.4.6 alone: identity links unchecked, e-mail addresses told",
    since: Some(PatchLevel::new("2.4.6", 0)),
    measured: None,
    identity_link_validated: false,
    emails_hidden: false,
    ..V2_4_6
};

const V2_4_6_P1: Profile = Profile {
    name: "magento-2.4.6-p1",
    summary: "2.4.6-p1 to -p6: identity links unchecked",
    since: Some(PatchLevel::new("2.4.6", 1)),
    measured: None,
    identity_link_validated: false,
    ..V2_4_6
};

const V2_4_7: Profile = Profile {
    name: "magento-2.4.7",
    summary: "each password check ends the form key; measured on 2.4.7-p3; the default",
    since: Some(PatchLevel::new("2.4.7", 2)),
    measured: Some("2.4.7-p3"),
    password_ends_form_key: true,
    graphql_errors: GraphQlErrors::Failing,
    ..V2_4_6
};

const V2_4_7_P0: Profile = Profile {
    name: "magento-2.4.7-p0",
    summary: "2.4.7 and 2.4.7-p1: identity links unchecked",
    since: Some(PatchLevel::new("2.4.7", 0)),
    measured: None,
    identity_link_validated: false,
    ..V2_4_7
};

const V2_4_8: Profile = Profile {
    name: "magento-2.4.8",
    summary: "the native base string, values looked at encoded; measured on 2.4.8-p1",
    since: Some(PatchLevel::new("2.4.8", 0)),
    measured: Some("2.4.8-p1"),
    dialect: Dialect::Native,
    graphql_errors: GraphQlErrors::Strict,
    callback_client: CallbackClient::LaminasByLine,
    ..V2_4_7
};

const V2_4_9: Profile = Profile {
    name: "magento-2.4.9",
    summary: "as 2.4.8, by its files",
    since: Some(PatchLevel::new("2.4.9", 0)),
    measured: None,
    ..V2_4_8
};

const DOCS: Profile = Profile {
    name: "magento-docs",
    summary: "what the guides promise: documented parents, RFC 5849 base string, HMAC-SHA1",
    since: None,
    measured: None,
    dialect: Dialect::Rfc5849,
    methods: &[HmacSha1, HmacSha256],
    parent_rule: ParentRule::Documented,
    ..V2_4_7
};

const RFC5849: Profile = Profile {
    name: "rfc5849",
    summary: "RFC 5849 to the letter where a store can be asked for it",
    is_store: false,
    parent_rule: ParentRule::Measured,
    ..DOCS
};

/// The newest patches that are known, by the vendor's list of releases.
pub(super) const NEWEST_PATCHES: [PatchLevel; 6] = [
    PatchLevel::new("2.4.3", 3),
    PatchLevel::new("2.4.4", 16),
    PatchLevel::new("2.4.5", 15),
    PatchLevel::new("2.4.6", 13),
    PatchLevel::new("2.4.7", 8),
    PatchLevel::new("2.4.8", 3),
];

/// The profile that is meant when none is named.
pub(super) static DEFAULT: &Profile = &V2_4_7;

/// Every profile: the releases, oldest first and each with its patches, then those that are no release.
pub static PROFILES: [&Profile; 9] = [
    &V2_4_3, &V2_4_4, &V2_4_5, &V2_4_6, &V2_4_7, &V2_4_8, &V2_4_9, &DOCS, &RFC5849,
];

/// States of releases that a later patch ended, oldest first.
pub static EARLIER_PATCHES: [&Profile; 7] = [
    &V2_4_4_P0, &V2_4_4_P4, &V2_4_5_P0, &V2_4_5_P3, &V2_4_6_P0, &V2_4_6_P1, &V2_4_7_P0,
];
