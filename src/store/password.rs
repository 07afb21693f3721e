//! Password hashes (argon2id, PHC strings).

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::random::Entropy;
use crate::secret::Secret;

/// Kibibytes, passes and lanes: about ten milliseconds in a release build, and little beside a store's resident memory.
const COST: (u32, u32, u32) = (4096, 3, 1);

/// The hash of a password with a fresh salt.
pub(crate) fn hash(entropy: &dyn Entropy, password: &Secret) -> String {
    let mut salt = [0_u8; 16];
    entropy.fill(&mut salt);
    let (memory, passes, lanes) = COST;
    let parameters =
        Params::new(memory, passes, lanes, None).expect("the cost is within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_with_salt(password.expose().as_bytes(), &salt)
        .expect("a salt of 16 bytes and any password can be hashed")
        .to_string()
}

/// Whether a password fits a hash; cost and salt are read from the hash.
pub(crate) fn fits(password: &Secret, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.expose().as_bytes(), &hash)
            .is_ok()
    })
}
