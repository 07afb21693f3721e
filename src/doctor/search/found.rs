//! What a search looks for.

use crate::doctor::mistakes::{Family, Mistake};

/// Families of which three mistakes are tried together.
pub(super) const CHEAP: [[Family; 3]; 4] = [
    [Family::Address, Family::Key, Family::Digest],
    [Family::Method, Family::Key, Family::Digest],
    [Family::Method, Family::Address, Family::Key],
    [Family::Method, Family::Address, Family::Digest],
];

/// A mistake, and what is special about it.
pub(in crate::doctor) type Made = (&'static Mistake, Option<String>);

/// One explanation of a signature.
#[derive(Clone, Debug)]
pub(in crate::doctor) struct Found {
    /// The mistakes, all of which were made, each with what is special about it; none when the base string of RFC 5849 fits.
    pub(in crate::doctor) mistakes: Vec<Made>,
    /// What was signed.
    pub(in crate::doctor) base_string: Vec<u8>,
}
