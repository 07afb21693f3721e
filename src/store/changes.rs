//! Values of the rows that the state machine of integrations asks for.

use crate::integration::FreshToken;
use crate::random::{self, Entropy};
use crate::secret::Secret;

/// Draws the values of one token row.
pub(super) fn fresh_token(entropy: &dyn Entropy) -> FreshToken {
    FreshToken {
        token: random::value(entropy),
        secret: Secret::new(random::value(entropy)),
        verifier: Secret::new(random::value(entropy)),
    }
}
