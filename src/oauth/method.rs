use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

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
    ///
    /// ```
    /// use magespec::oauth::{SignatureMethod, SigningKey};
    /// use magespec::secret::Secret;
    /// let key = SigningKey::new(&Secret::from("kd94hf93k423kf44"), &Secret::from("pfkkdhi9sl3r4s00"));
    /// let signature = SignatureMethod::HmacSha1.sign(b"GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3Dkllo9940pd9333jh%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1191242096%26oauth_token%3Dnnch734d00sl2jdk%26oauth_version%3D1.0%26size%3Doriginal", &key);
    /// assert_eq!(signature, "tR3+Ty81lMeYAr/Fid0kMTYa/WM=");
    /// ```
    #[must_use]
    pub fn sign(self, base_string: &[u8], key: &SigningKey) -> String {
        match self {
            Self::HmacSha1 => STANDARD.encode(mac(&key.sha1, base_string)),
            Self::HmacSha256 => STANDARD.encode(mac(&key.sha256, base_string)),
        }
    }

    /// Whether `signature`, base64 with padding, is the one of `base_string`. The time does not depend on where a wrong one differs.
    #[must_use]
    pub fn verify(self, base_string: &[u8], key: &SigningKey, signature: &[u8]) -> bool {
        match self {
            Self::HmacSha1 => matches(mac(&key.sha1, base_string).as_slice(), signature),
            Self::HmacSha256 => matches(mac(&key.sha256, base_string).as_slice(), signature),
        }
    }
}

/// Whether `signature` is the base64 of `digest`: every character is compared, whatever the others are.
fn matches(digest: &[u8], signature: &[u8]) -> bool {
    let mut expected = [0; LONGEST_SIGNATURE];
    let (groups, rest) = digest.as_chunks::<3>();
    let mut places = expected.as_chunks_mut::<4>().0.iter_mut();
    for (group, place) in groups.iter().zip(&mut places) {
        *place = characters(*group);
    }
    if let ([first, others @ ..], Some(place)) = (rest, places.next()) {
        let second = others.first().copied();
        let [a, b, c, _] = characters([*first, second.unwrap_or(0), 0]);
        *place = [a, b, if second.is_some() { c } else { b'=' }, b'='];
    }
    let length = digest.len().div_ceil(3) * 4;
    if signature.len() != length {
        return false;
    }
    let mut difference = 0;
    let (ours, theirs) = (expected.as_chunks::<4>().0, signature.as_chunks::<4>().0);
    for (ours, theirs) in ours.iter().zip(theirs) {
        difference |= u32::from_le_bytes(*ours) ^ u32::from_le_bytes(*theirs);
    }
    difference.ct_eq(&0).into()
}

/// Three bytes in base64.
fn characters([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, a, b, c]);
    [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift) as usize & 63])
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Characters of the longest signature: base64 of 32 bytes.
pub(super) const LONGEST_SIGNATURE: usize = 44;

fn mac<M: Mac + Clone>(keyed: &M, base_string: &[u8]) -> hmac::digest::Output<M> {
    let mut mac = keyed.clone();
    mac.update(base_string);
    mac.finalize().into_bytes()
}

/// The HMAC key: both secrets percent-encoded and joined with `&`, which is there even without a token secret (RFC 5849 §3.4.2).
///
/// Holds the keyed state of each method, so that a key used often is hashed once.
#[derive(Clone)]
pub struct SigningKey {
    sha1: Hmac<Sha1>,
    sha256: Hmac<Sha256>,
}

impl SigningKey {
    /// The key of a consumer secret and a token secret, the latter empty when there is no token yet.
    #[must_use]
    pub fn new(consumer_secret: &Secret, token_secret: &Secret) -> Self {
        let mut key = percent::encode(consumer_secret.expose());
        key.push('&');
        percent::encode_into(&mut key, token_secret.expose().as_bytes());
        Self::from_text(&Secret::from(key))
    }

    /// A key that is used as it stands. For what signs wrongly on purpose.
    #[must_use]
    pub fn from_text(key: &Secret) -> Self {
        let bytes = key.expose().as_bytes();
        Self {
            sha1: KeyInit::new_from_slice(bytes).expect("HMAC takes a key of any length"),
            sha256: KeyInit::new_from_slice(bytes).expect("HMAC takes a key of any length"),
        }
    }
}

/// Shows nothing of the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}
