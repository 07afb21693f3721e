//! The signature doctor: takes received requests apart and says which profiles accept their signatures, and what each dialect signs.
//!
//! Reading ([`read`]) and examining ([`examine`]) are pure; files, the environment and the terminal are the command's. A profile's answer
//! speaks of the signature and its method only, not of nonce, clock or permission.
//!
//! Deliberately absent so far: explanations of what a wrong signature was made from.

mod examine;
mod keyring;
mod raw;
mod received;
mod render;

pub use examine::{BuiltBaseString, Diagnosis, Verdict, examine, first_difference};
pub use keyring::{Keyring, KeyringEntry};
pub use received::{InputError, ReceivedRequest, read};
pub use render::{json, pretty};
