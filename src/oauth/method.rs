use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use super::UnknownName;
use super::canonical::decoded;
use super::dialect::Plus;
use super::keyed::{Keyed, Sha1State, Sha256State};
use super::output::Output;
use crate::secret::Secret;
use crate::text::percent;

/// A signature method that some profile accepts. Every other name is refused before a signature is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureMethod {
    /// `HMAC-SHA1`, RFC 5849 §3.4.2.
    HmacSha1,
    /// `HMAC-SHA256`, the only one since 2.4.4 (docs/protocol/signatures.md#key-and-comparison).
    HmacSha256,
}

/// The name, as [`SignatureMethod::name`] has it.
impl fmt::Display for SignatureMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// From exactly this name.
impl FromStr for SignatureMethod {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.name() == name).ok_or(UnknownName)
    }
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

    /// The method of this name, escaped or not.
    pub(super) fn written(name: &[u8]) -> Option<Self> {
        match name {
            b"HMAC-SHA1" => Some(Self::HmacSha1),
            b"HMAC-SHA256" => Some(Self::HmacSha256),
            _ => (Self::ALL.into_iter())
                .find(|method| decoded(name, Plus::Literal).eq(method.name().bytes())),
        }
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
            Self::HmacSha1 => STANDARD.encode(key.sha1.mac(base_string)),
            Self::HmacSha256 => STANDARD.encode(key.sha256.mac(base_string)),
        }
    }

    /// [`Self::sign`] of what was written.
    pub(super) fn sign_written(self, output: &mut Output<'_>, key: &SigningKey) -> String {
        let (buffer, length) = output.parts();
        match self {
            Self::HmacSha1 => STANDARD.encode(key.sha1.mac_in_place(buffer, length)),
            Self::HmacSha256 => STANDARD.encode(key.sha256.mac_in_place(buffer, length)),
        }
    }

    /// Whether `signature`, base64 with padding, is the one of `base_string`. The time does not depend on where a wrong one differs.
    #[must_use]
    pub fn verify(self, base_string: &[u8], key: &SigningKey, signature: &[u8]) -> bool {
        let presented = self.decode(signature);
        match self {
            Self::HmacSha1 => equal(&key.sha1.mac(base_string), &presented),
            Self::HmacSha256 => equal(&key.sha256.mac(base_string), &presented),
        }
    }

    /// What `signature` is the base64 of.
    ///
    /// Nothing secret is in it, and it can be done before the hash is known: that is why the digest is compared and not its text.
    pub(super) fn decode(self, signature: &[u8]) -> Presented {
        match self {
            Self::HmacSha1 => decode::<27>(signature),
            Self::HmacSha256 => decode::<43>(signature),
        }
    }

    /// Whether `presented` is the HMAC of what was written.
    #[inline]
    pub(super) fn matches(
        self,
        output: &mut Output<'_>,
        key: &SigningKey,
        presented: &Presented,
    ) -> bool {
        let (buffer, length) = output.parts();
        match self {
            Self::HmacSha1 => equal(&key.sha1.mac_in_place(buffer, length), presented),
            Self::HmacSha256 => equal(&key.sha256.mac_in_place(buffer, length), presented),
        }
    }
}

/// What was presented as a signature.
#[derive(Default)]
pub(super) struct Presented {
    /// With zeros behind it.
    digest: [u8; 32],
    /// It is the base64 of a digest of the method's length, to the last bit.
    whole: bool,
}

/// Characters of the longest signature: base64 of 32 bytes.
pub(super) const LONGEST_SIGNATURE: usize = 44;

/// Decodes base64 of `CHARACTERS` characters and one `=`, strictly: what it gives has no other text.
fn decode<const CHARACTERS: usize>(signature: &[u8]) -> Presented {
    let Some((text, b"=")) = signature.split_first_chunk::<CHARACTERS>() else {
        return Presented::default();
    };
    // `A` stands for zero.
    let mut padded = [b'A'; LONGEST_SIGNATURE + 4];
    padded[..CHARACTERS].copy_from_slice(text);
    let mut digest = [0; 40];
    let mut seen = 0;
    for at in 0..(CHARACTERS + 1).div_ceil(8) {
        let mut bits = 0;
        for character in &padded[8 * at..8 * at + 8] {
            let value = VALUE[usize::from(*character)];
            seen |= value;
            bits = bits << 6 | u64::from(value);
        }
        digest[6 * at..6 * at + 8].copy_from_slice(&(bits << 16).to_be_bytes());
    }
    let beyond = &digest[CHARACTERS * 3 / 4..];
    let rest = beyond.iter().fold(0, |all, byte| all | byte);
    Presented {
        digest: std::array::from_fn(|at| digest[at]),
        whole: seen & 0xC0 | rest == 0,
    }
}

/// The value of each base64 character; more than 63 for any other byte.
const VALUE: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut value = 0;
    while value < 64 {
        table[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    table
};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether the digests are equal: every word is compared, whatever the others are and however the presented one was written.
#[inline]
fn equal<const N: usize>(ours: &[u8; N], presented: &Presented) -> bool {
    let (ours, theirs) = (ours.as_chunks().0, presented.digest.as_chunks::<4>().0);
    let difference = ours.iter().zip(theirs).fold(0, |all, (ours, theirs)| {
        all | (u32::from_ne_bytes(*ours) ^ u32::from_ne_bytes(*theirs))
    });
    presented.whole & bool::from(difference.ct_eq(&0))
}

/// The HMAC key: both secrets percent-encoded and joined with `&`, which is there even without a token secret (RFC 5849 §3.4.2).
///
/// Holds the keyed state of each method, so that a key used often is hashed once.
#[derive(Clone)]
pub struct SigningKey {
    sha1: Keyed<Sha1State>,
    sha256: Keyed<Sha256State>,
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
            sha1: Keyed::new(bytes),
            sha256: Keyed::new(bytes),
        }
    }
}

/// Shows nothing of the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::SignatureMethod;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn signatures_are_decoded_as_the_crate_base64_decodes_them(bytes in prop::collection::vec(any::<u8>(), 18..36), at in 0_usize..48, other in any::<char>()) {
            let whole = STANDARD.encode(bytes);
            let mut changed: Vec<char> = whole.chars().collect();
            if let Some(place) = changed.get_mut(at) {
                *place = other;
            }
            for text in [whole, changed.into_iter().collect()] {
                for (method, length) in [(SignatureMethod::HmacSha1, 20), (SignatureMethod::HmacSha256, 32)] {
                    let twin = STANDARD.decode(&text).ok().filter(|digest| digest.len() == length);
                    let ours = method.decode(text.as_bytes());
                    prop_assert_eq!(ours.whole.then(|| ours.digest[..length].to_vec()), twin);
                }
            }
        }
    }
}
