//! The signature doctor: takes received requests apart, says whether a profile accepts their signatures, and proves what went wrong.
//!
//! A signature is made anew under every known mistake ([`Mistake`]); the one that gives exactly what was received is proven. Reading
//! ([`read_each`]) and examining ([`examine`]) are pure; files, the environment and the terminal are the command's. A profile's answer speaks
//! of the signature and its method only, not of nonce, clock or permission.
//!
//! | to | use |
//! |---|---|
//! | read requests | [`read_each`], [`read`] |
//! | examine one | [`examine`] |
//! | know every mistake | [`mistakes`], [`Family`] |
//! | know what a sentence means | [`sentence::find`] |
//!
//! Deliberately absent: anything that asks a store.

mod beyond;
mod client;
mod diagnosis;
mod digest;
mod encoders;
mod examine;
mod explaining;
mod facts;
mod input;
mod keyring;
mod layout;
mod mask;
mod mistakes;
mod raw;
mod received;
mod recipe;
mod render;
mod search;
mod secrets;
pub mod sentence;

pub use diagnosis::{BuiltBaseString, Diagnosis, Explained, Verdict, first_difference};
pub use examine::examine;
pub use input::{read_each, request_of};
pub use keyring::{Keyring, KeyringEntry};
pub use mistakes::{Family, Mistake, mistakes};
pub use received::{InputError, LARGEST, ReceivedRequest, ReceivedResponse};
pub use render::{json, json_one, pretty, pretty_one, summary};
pub use secrets::SecretFault;

/// The requests of an input that is in memory; the first that cannot be read ends it.
///
/// # Errors
/// [`InputError`] that says where and what was expected.
pub fn read(input: &[u8]) -> Result<Vec<ReceivedRequest>, InputError> {
    let mut requests = Vec::new();
    read_each(input, &mut |request| requests.push(request))?;
    Ok(requests)
}
