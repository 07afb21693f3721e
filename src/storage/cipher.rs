//! Secrets at rest: sealed in their columns with AES-256-GCM, so that a copied database alone opens nothing.
//!
//! Equal secrets are sealed to equal texts, for a column of secrets is unique: the nonce is made of the secret by a key of its own.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

use super::VaultError;
use super::vault::key_file;
use crate::random::Entropy;

/// Begins every sealed text; no secret that magespec makes has a colon.
const MARK: &str = "sealed:";

/// Seals and opens the secrets of a database.
pub struct Cipher {
    key: LessSafeKey,
    naming: Hmac<Sha256>,
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cipher(…)")
    }
}

impl Cipher {
    /// The key in this file, 32 bytes; made when it is not there and `may_be_made`.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read or made, or holds no key.
    pub fn from_file(
        place: &Path,
        may_be_made: bool,
        entropy: &dyn Entropy,
    ) -> Result<Self, VaultError> {
        let bytes = key_file(place, may_be_made, entropy)?;
        let wrong = || VaultError::Key(place.to_owned());
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| wrong())?;
        let naming = <Hmac<Sha256>>::new_from_slice(&bytes).map_err(|_| wrong())?;
        Ok(Self {
            key: LessSafeKey::new(key),
            naming: naming.chain_update(b"nonce"),
        })
    }

    /// The secret as it stands in a column.
    pub(super) fn seal(&self, secret: &str) -> String {
        let mut naming = self.naming.clone();
        naming.update(secret.as_bytes());
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&naming.finalize().into_bytes()[..NONCE_LEN]);
        let mut sealed = secret.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut sealed,
            )
            .expect("a secret is shorter than what can be sealed at once");
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        format!("{MARK}{}", URL_SAFE_NO_PAD.encode(whole))
    }

    /// The secret that stands in a column; none when another key sealed it.
    pub(super) fn open(&self, sealed: &str) -> Option<String> {
        let mut whole = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(MARK)?).ok()?;
        if whole.len() < NONCE_LEN {
            return None;
        }
        let mut text = whole.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&whole).ok()?;
        let opened = self.key.open_in_place(nonce, Aad::empty(), &mut text);
        String::from_utf8(opened.ok()?.to_vec()).ok()
    }
}

/// Whether a column holds a sealed text.
pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededEntropy;

    #[test]
    fn a_secret_opens_with_its_key_alone_and_is_sealed_to_the_same_text_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let cipher = |name: &str, seed| {
            let place = folder.path().join(name);
            Cipher::from_file(&place, true, &SeededEntropy::new(seed)).expect("made")
        };
        let (one, other) = (cipher("one", 1), cipher("other", 2));
        let sealed = one.seal("a secret");
        assert!(is_sealed(&sealed) && !sealed.contains("a secret"));
        assert_eq!(one.seal("a secret"), sealed);
        assert_ne!(one.seal("a secreu"), sealed);
        assert_eq!(one.open(&sealed).as_deref(), Some("a secret"));
        assert_eq!(other.open(&sealed), None);
        assert_eq!(one.open("sealed:AAAA"), None);
    }
}
