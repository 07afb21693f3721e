//! Randomness that is passed in, and the form of the protocol's random values.

use std::sync::Mutex;

/// The alphabet of keys, secrets, tokens, verifiers and generated nonces (docs/protocol/flow.md).
const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Length in characters of every generated key, secret, token and verifier (docs/protocol/flow.md).
pub const VALUE_LENGTH: usize = 32;

/// Gives random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

/// A reproducible generator (SplitMix64): equal seeds give equal values. For tests and seeded runs, never for secrets that matter.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// Starts at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A random text of `length` characters from `0-9a-z`, every character equally likely.
#[must_use]
pub fn text(entropy: &dyn Entropy, length: usize) -> String {
    let mut value = String::with_capacity(length);
    let mut buffer = [0_u8; 64];
    while value.len() < length {
        entropy.fill(&mut buffer);
        let unbiased = buffer.iter().filter(|&&byte| byte < 252);
        value.extend(
            unbiased
                .map(|&byte| char::from(ALPHABET[usize::from(byte % 36)]))
                .take(length - value.len()),
        );
    }
    value
}

/// A random UUID (RFC 9562 §5.4).
#[must_use]
pub fn uuid(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    groups.map(|group| digits[group].to_owned()).join("-")
}

/// A random key, secret, token or verifier: 32 characters of `0-9a-z`.
#[must_use]
pub fn value(entropy: &dyn Entropy) -> String {
    text(entropy, VALUE_LENGTH)
}
