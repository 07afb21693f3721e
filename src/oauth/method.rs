use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::secret::Secret;
use crate::text::percent;

/// A signature method that some profile accepts. Every other name is refused before a signature is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureMethod {
    /// `HMAC-SHA1`, RFC 5849 §3.4.2.
    HmacSha1,
    /// `HMAC-SHA256`, the only one since 2.4.4 (spec oauth.md §2.7).
    HmacSha256,
}

impl SignatureMethod {
    /// Both, in order of age.
    pub const ALL: [Self; 2] = [Self::HmacSha1, Self::HmacSha256];

    /// The name on the wire, compared byte by byte.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    /// The method of exactly this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Base64 of the HMAC of `base_string` (RFC 5849 §3.4.2).
    #[must_use]
    pub fn sign(self, base_string: &[u8], key: &SigningKey) -> String {
        match self {
            Self::HmacSha1 => STANDARD.encode(mac::<Hmac<Sha1>>(base_string, key)),
            Self::HmacSha256 => STANDARD.encode(mac::<Hmac<Sha256>>(base_string, key)),
        }
    }
}

fn mac<M: Mac + KeyInit>(base_string: &[u8], key: &SigningKey) -> impl AsRef<[u8]> + use<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key.0.expose().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(base_string);
    mac.finalize().into_bytes()
}

/// The HMAC key: both secrets percent-encoded and joined with `&`, which is there even without a token secret (RFC 5849 §3.4.2).
#[derive(Clone, Debug)]
pub struct SigningKey(Secret);

impl SigningKey {
    /// The key of a consumer secret and a token secret, the latter empty when there is no token yet.
    #[must_use]
    pub fn new(consumer_secret: &Secret, token_secret: &Secret) -> Self {
        let mut key = percent::encode(consumer_secret.expose());
        key.push('&');
        percent::encode_into(&mut key, token_secret.expose().as_bytes());
        Self(Secret::new(key))
    }
}
