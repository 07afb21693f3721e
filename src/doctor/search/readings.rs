//! What a signature may mean as it is written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::doctor::mistakes::{Family, Make, Mistake};

/// A digest that a signature may be read as, and the mistake in its writing.
pub(super) type Reading = (Vec<u8>, Option<&'static Mistake>);

/// The signature read in every way in which it may have been written; the right way first.
pub(super) fn readings(signature: &str) -> Vec<Reading> {
    let standard = STANDARD.decode(signature).ok();
    let mut readings: Vec<_> = standard.map(|digest| (digest, None)).into_iter().collect();
    for mistake in Family::Signature.mistakes() {
        if let Make::Written(read) = mistake.make
            && let Some(digest) = read(signature)
            && readings.iter().all(|(known, _)| *known != digest)
        {
            readings.push((digest, Some(mistake)));
        }
    }
    readings
}
