//! OAuth 1.0a as stores of four generations and RFC 5849 have it: header grammar, parameters, dialects, base string, signing, verifying.
//!
//! No I/O, no clock, no randomness: time and records are handed in. Usable without the rest of the crate:
//!
//! | to | use |
//! |---|---|
//! | read an `Authorization` header | [`AuthorizationHeader::parse`] |
//! | collect what is signed | [`signed_parameters`] |
//! | build a base string | [`base_string`], or from literal pairs [`base_string_of_pairs`] |
//! | sign | [`Signer`]; with every field by hand [`SignedHeader`]; a base string [`SignatureMethod::sign`] |
//! | verify | [`Verifier`]; the signature alone [`verify`]; a base string [`SignatureMethod::verify`] |
//! | judge a request as a store does | [`authenticate`] |
//! | compare two generations | [`RULES`], one row per [`Dialect`] |
//!
//! # Limits
//! A request of more than [`MAX_LENGTH`] bytes or [`MAX_PARAMETERS`] parameters is refused unread, as one with a wrong signature. Up to
//! [`INLINE_PARAMETERS`] parameters and [`INLINE_BASE_STRING`] bytes of base string the heap is not touched.

mod authenticate;
mod base_string;
mod buffers;
mod canonical;
mod compose;
mod dialect;
mod header;
mod keyed;
mod limits;
mod method;
mod natural;
mod numeric;
mod order;
mod output;
mod pair;
mod parameters;
mod pieces;
mod policy;
mod problem;
mod profile;
mod protocol;
mod records;
pub mod sample;
mod scan;
mod signed_header;
mod signer;
mod swar;
mod uri;
mod verifier;
mod verify;

/// A name that none of the values has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such name")]
pub struct UnknownName;

pub use authenticate::{Outcome, authenticate, authenticate_by};
pub use base_string::{
    BaseStringError, Parameter, base_string, base_string_in_order, base_string_of_pairs,
    signed_parameters,
};
pub use dialect::{
    Authority, BodyArray, BodyGrammar, Dialect, Duplicates, HeaderNames, LookedUp, Order, PathForm,
    Placement, Plus, QueryPieces, RULES, Rules, Scheme,
};
pub use header::{AuthorizationHeader, looks_like_protocol};
pub use limits::{INLINE_BASE_STRING, INLINE_PARAMETERS, MAX_LENGTH, MAX_PARAMETERS};
pub use method::{SignatureMethod, SigningKey};
pub use natural::natural_order;
pub use policy::{Check, Policy};
pub use problem::{Class, Fault, Problem, Rejection, SENTENCES, Sentence};
pub use profile::{
    CallbackClient, EARLIER_PATCHES, GraphQlErrors, PROFILES, ParentRule, PatchLevel, PostField,
    Profile, TokenForm,
};
pub use protocol::Protocol;
pub use records::{
    Authenticated, ConsumerRecord, Records, Request, Spent, Step, TokenKind, TokenRecord,
};
pub use signed_header::{SignedHeader, render_authorization};
pub use signer::{SignError, Signer};
pub use verifier::{Accepted, Credentials, Refused, Verifier};
pub use verify::{Refusal, verify};
