//! How the signature is written.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::{Family, Make, Mistake};
use crate::text::percent;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/hex-signature",
        family: Family::Signature,
        statement: "The signature was sent as hexadecimal digits, not as base64",
        detection: "the digits are those of the right digest",
        seen: "OBP-API#1002; `hash_hmac` without its `true`, `.hexdigest()`, `digest('hex')`",
        fix: "Encode the bytes of the digest in base64: `base64_encode(hash_hmac('sha256', $base, $key, true))`.",
        make: Make::Written(hex),
    },
    Mistake {
        id: "mistake/base64-of-hex",
        family: Family::Signature,
        statement: "The signature is the base64 of hexadecimal digits, not of the digest's bytes",
        detection: "decoded, it is the hexadecimal form of the right digest",
        seen: "OBP-API#1002; `base64_encode(hash_hmac(…))` without `true`",
        fix: "Take the raw digest: `hash_hmac('sha256', $base, $key, true)`, `.digest()`, `digest('base64')`.",
        make: Make::Written(base64_of_hex),
    },
    Mistake {
        id: "mistake/base64url-signature",
        family: Family::Signature,
        statement: "The signature was written with the base64 alphabet for URLs: `-` and `_`",
        detection: "with `+` and `/` it is the right signature",
        seen: "JWT libraries used for signing",
        fix: "Use the standard base64 alphabet, then percent-encode.",
        make: Make::Written(base64url),
    },
    Mistake {
        id: "mistake/padding-missing",
        family: Family::Signature,
        statement: "The `=` at the end of the signature is missing",
        detection: "with its padding it is the right signature",
        seen: "encoders without padding; headers split at every `=`",
        fix: "Keep the padding, percent-encoded as `%3D`.",
        make: Make::Written(unpadded),
    },
    Mistake {
        id: "mistake/line-break-in-signature",
        family: Family::Signature,
        statement: "A line break or blank stands in or behind the signature",
        detection: "without it, it is the right signature",
        seen: "Android `Base64.DEFAULT`, `openssl base64`, `base64` of the shell",
        fix: "Encode without line breaks: `Base64.NO_WRAP`, `openssl base64 -A`.",
        make: Make::Written(broken),
    },
    Mistake {
        id: "mistake/plus-lost-in-signature",
        family: Family::Signature,
        statement: "Every `+` of the signature became a blank",
        detection: "with `+` for each blank it is the right signature",
        seen: "signatures sent unescaped through a form decoder",
        fix: "Percent-encode the signature: `+` is `%2B`.",
        make: Make::Written(plus_lost),
    },
    Mistake {
        id: "mistake/signature-encoded-twice",
        family: Family::Signature,
        statement: "The signature was percent-encoded twice: `%253D` at its end",
        detection: "decoded once more, it is the right signature",
        seen: "clients that escape the signature before a header writer that escapes as well",
        fix: "Percent-encode the signature once, when the header is written.",
        make: Make::Written(encoded_twice),
    },
    Mistake {
        id: "mistake/base64-twice",
        family: Family::Signature,
        statement: "The signature was encoded in base64 twice",
        detection: "decoded once more, it is the right signature",
        seen: "libraries that return base64 already",
        fix: "Encode once.",
        make: Make::Written(base64_twice),
    },
    Mistake {
        id: "mistake/signature-in-quotes",
        family: Family::Signature,
        statement: "Quotes were sent as part of the signature",
        detection: "without them, it is the right signature",
        seen: "JSON texts put in headers",
        fix: "Send the signature without quotes of its own.",
        make: Make::Written(quoted),
    },
];

fn standard(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.is_empty()
        || !digits.len().is_multiple_of(2)
        || !digits.iter().all(u8::is_ascii_hexdigit)
    {
        return None;
    }
    let (pairs, _) = digits.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect()
}

fn base64_of_hex(text: &str) -> Option<Vec<u8>> {
    let inner = String::from_utf8(STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
    hex(&inner)
}

fn base64url(text: &str) -> Option<Vec<u8>> {
    if !text.contains(['-', '_']) {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

fn unpadded(text: &str) -> Option<Vec<u8>> {
    (!text.ends_with('=')).then(|| STANDARD_NO_PAD.decode(text).ok())?
}

fn broken(text: &str) -> Option<Vec<u8>> {
    let whole: String = text.split_whitespace().collect();
    (whole != text).then(|| standard(&whole))?
}

fn plus_lost(text: &str) -> Option<Vec<u8>> {
    text.contains(' ')
        .then(|| standard(&text.replace(' ', "+")))?
}

fn encoded_twice(text: &str) -> Option<Vec<u8>> {
    text.contains('%')
        .then(|| standard(&percent::decode_text(text)))?
}

fn base64_twice(text: &str) -> Option<Vec<u8>> {
    let inner = String::from_utf8(STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
    standard(inner.trim())
}

fn quoted(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_matches(['"', '\'']);
    (bare != text).then(|| standard(bare))?
}
