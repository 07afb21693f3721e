//! Why it is not known who sent a request.

use crate::oauth::{Fault, Rejection};
use crate::storage;

/// Why it cannot be told who asks.
#[derive(Debug)]
pub(super) enum Unknown {
    /// The OAuth credentials are refused.
    Rejected(Rejection),
    /// The store fails on the request.
    Failed(Fault),
    /// The database failed.
    Storage(storage::Error),
}
