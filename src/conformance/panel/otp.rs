//! One-time passwords of authenticator apps: RFC 6238 with HMAC-SHA1, 30 seconds and 6 digits, from a base32 secret (RFC 4648 §6).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Seconds for which one password counts.
const STEP: i64 = 30;

/// The password at this Unix time; none when the secret is no base32.
pub(crate) fn password(secret: &str, now: i64) -> Option<String> {
    let key = base32(secret)?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).ok()?;
    mac.update(&now.div_euclid(STEP).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest.last()? & 0xF);
    let four: [u8; 4] = digest.get(at..at + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 1_000_000;
    Some(format!("{number:06}"))
}

/// Case, blanks, hyphens and the padding are of no account, as people type secrets.
fn base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.trim().trim_end_matches('=').bytes() {
        let value = match letter.to_ascii_uppercase() {
            b' ' | b'-' => continue,
            upper @ b'A'..=b'Z' => upper - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        buffer = (buffer << 5 | u32::from(value)) & 0xFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xFF).ok()?);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six of its eight digits; the secret is `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (time, wanted) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(password(SECRET, time).as_deref(), Some(wanted), "{time}");
        }
    }

    #[test]
    fn a_secret_is_read_as_people_type_it() {
        assert_eq!(
            password("gezd gnbv-GY3TQOJQGEZDGNBVGY3TQOJQ====\n", 59),
            password(SECRET, 59)
        );
        assert_eq!(password("not base32!", 59), None);
        assert_eq!(password("", 59), None);
    }
}
