//! The hook for a function that says why a signature was refused: handed in, since a store knows no doctor.

use std::fmt;
use std::sync::Arc;

use crate::oauth::{Profile, Request};
use crate::secret::Secret;

/// A request whose signature was refused, with the secrets that it should have been signed with.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// Whose rules refused it.
    pub profile: &'static Profile,
    /// As it was received.
    pub request: Request<'a>,
    /// The consumer's secret.
    pub consumer_secret: &'a Secret,
    /// The token's secret, when there was a token.
    pub token_secret: Option<&'a Secret>,
}

/// Says in one line why a signature was refused, without any secret; none when it does not know. Asked only when someone reads it: a
/// journal is kept, the request log explains, or is at debug level.
#[derive(Clone)]
pub struct Explanation(Arc<Explain>);

type Explain = dyn Fn(&Refused<'_>) -> Option<String> + Send + Sync;

impl Explanation {
    /// An explanation by this function.
    pub fn new(explain: impl Fn(&Refused<'_>) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(explain))
    }

    pub(super) fn of(&self, refused: &Refused<'_>) -> Option<String> {
        (self.0)(refused)
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Explanation")
    }
}
