//! The peers of a run beside the store: its control API, and the callback endpoint that the suite offers to it.

mod control;
mod listener;

pub use control::{ControlApi, ControlError};
pub use listener::{Behaviour, CredentialsPost, Listener};
