//! Password hashes (argon2id, PHC strings).

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::random::Entropy;
use crate::secret::Secret;

/// Kibibytes, passes and lanes: a few milliseconds in a release build.
const COST: (u32, u32, u32) = (4096, 3, 1);

/// For a hash that is never stored: whoever could read it could read the password beside it.
const LEAST_COST: (u32, u32, u32) = (8, 1, 1);

/// Bytes of a hash.
const LENGTH: usize = 32;

/// What hashing works in: one at a time, so that sign-ins from many connections do not multiply its memory.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// The hash of a password with a fresh salt; `lasting` when it outlives the process, so that it must be hard to guess from.
pub(crate) fn hash(entropy: &dyn Entropy, password: &Secret, lasting: bool) -> String {
    let mut salt = [0_u8; 16];
    entropy.fill(&mut salt);
    let (memory, passes, lanes) = if lasting { COST } else { LEAST_COST };
    let parameters =
        Params::new(memory, passes, lanes, None).expect("the cost is within argon2's limits");
    let hash = computed(parameters, password, &salt)
        .expect("a salt of 16 bytes and any password can be hashed");
    format!(
        "$argon2id$v=19$m={memory},t={passes},p={lanes}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    )
}

/// Whether a password fits a hash; cost and salt are read from the hash.
pub(crate) fn fits(password: &Secret, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    let (Some(salt), Some(stored)) = (&parsed.salt, &parsed.hash) else {
        return false;
    };
    Params::try_from(&parsed).is_ok_and(|parameters| {
        computed(parameters, password, salt).is_some_and(|hash| hash.ct_eq(stored.as_ref()).into())
    })
}

/// Whether a password fits the hash of whoever it is said to be of. For somebody unknown it takes as long and never does: what takes no time
/// tells that there is nobody.
pub(crate) fn fits_one(password: &Secret, hash: Option<&str>, lasting: bool) -> bool {
    // Of no password that is known, at either cost.
    const NOBODY: &str =
        "$argon2id$v=19$m=4096,t=3,p=1$bWFnZXNwZWM$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const NOBODY_CHEAP: &str =
        "$argon2id$v=19$m=8,t=1,p=1$bWFnZXNwZWM$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let nobody = if lasting { NOBODY } else { NOBODY_CHEAP };
    fits(password, hash.unwrap_or(nobody)) && hash.is_some()
}

fn computed(parameters: Params, password: &Secret, salt: &[u8]) -> Option<[u8; LENGTH]> {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    memory.resize(parameters.block_count(), Block::default());
    let mut hash = [0_u8; LENGTH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into_with_memory(
            password.expose().as_bytes(),
            salt,
            &mut hash,
            memory.as_mut_slice(),
        )
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::{fits, hash};
    use crate::random::SystemEntropy;
    use crate::secret::Secret;

    #[test]
    fn a_password_fits_its_hash_whatever_that_costs() {
        let password = Secret::from("Admin-1234");
        for lasting in [true, false] {
            let hash = hash(&SystemEntropy, &password, lasting);
            assert_eq!(hash.contains("$m=4096,t=3,p=1$"), lasting, "{hash}");
            assert!(fits(&password, &hash));
            assert!(!fits(&Secret::from("Admin-1235"), &hash));
        }
    }
}
