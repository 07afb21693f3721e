//! How the digest is made.

use super::{Family, Make, Mistake, Variants};
use crate::doctor::digest::{Construction, Digest, Hash};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/sha1-under-sha256-label",
        family: Family::Digest,
        statement: "`oauth_signature_method` says HMAC-SHA256, and HMAC-SHA1 was computed",
        detection: "the signature is the HMAC-SHA1",
        seen: "clients in which only the label was changed for 2.4.4",
        fix: "Use SHA-256 in the hash function too: `hash_hmac('sha256', …)`, `crypto.createHmac('sha256', …)`, `hashlib.sha256`.",
        make: Make::Signed(|_, variants| hmac(variants, Hash::Sha1)),
    },
    Mistake {
        id: "mistake/sha256-under-sha1-label",
        family: Family::Digest,
        statement: "`oauth_signature_method` names another method, and HMAC-SHA256 was computed",
        detection: "the signature is the HMAC-SHA256",
        seen: "clients in which only the hash was changed for 2.4.4",
        fix: "Send `oauth_signature_method=\"HMAC-SHA256\"`, and sign that value.",
        make: Make::Signed(|_, variants| hmac(variants, Hash::Sha256)),
    },
    Mistake {
        id: "mistake/sha512-computed",
        family: Family::Digest,
        statement: "HMAC-SHA512, -SHA384 or -SHA224 was computed",
        detection: "the signature is one of these",
        seen: "libraries whose strongest hash is the default",
        fix: "Compute HMAC-SHA256.",
        make: Make::Signed(|_, variants| {
            for hash in [Hash::Sha512, Hash::Sha384, Hash::Sha224] {
                hmac(variants, hash);
            }
        }),
    },
    Mistake {
        id: "mistake/md5-computed",
        family: Family::Digest,
        statement: "HMAC-MD5 or MD5 was computed",
        detection: "the signature is one of these",
        seen: "mix-ups with the hashes of passwords: magento2#33940",
        fix: "Compute HMAC-SHA256.",
        make: Make::Signed(|_, variants| {
            use Construction::{Hmac, KeyFirst, KeyLast, Unkeyed};
            for construction in [Hmac, KeyFirst, KeyLast, Unkeyed] {
                variants.digest(Digest {
                    hash: Hash::Md5,
                    construction,
                });
            }
        }),
    },
    Mistake {
        id: "mistake/hash-instead-of-hmac",
        family: Family::Digest,
        statement: "A plain hash of base string and key was made, not an HMAC",
        detection: "the signature is the hash of the two behind each other",
        seen: "`sha256(base + key)`",
        fix: "Use the HMAC function of the library, with the key as key.",
        make: Make::Signed(|_, variants| {
            made(variants, Construction::KeyLast);
            made(variants, Construction::KeyFirst);
        }),
    },
    Mistake {
        id: "mistake/hash-without-key",
        family: Family::Digest,
        statement: "The base string was hashed without a key",
        detection: "the signature is the hash of the base string alone",
        seen: "`hash('sha256', …)` for `hash_hmac`",
        fix: "Use the HMAC function of the library, with the key as key.",
        make: Make::Signed(|_, variants| made(variants, Construction::Unkeyed)),
    },
    Mistake {
        id: "mistake/key-and-text-exchanged",
        family: Family::Digest,
        statement: "Key and base string were exchanged in the call of the HMAC function",
        detection: "the signature is the HMAC of the key, keyed with the base string",
        seen: "libraries that take the key first, or second",
        fix: "Look up the order of the arguments of the HMAC function.",
        make: Make::Signed(|_, variants| made(variants, Construction::Swapped)),
    },
    Mistake {
        id: "mistake/utf16-hashed",
        family: Family::Digest,
        statement: "The base string was hashed as UTF-16",
        detection: "the signature is the HMAC of the base string with two bytes a character",
        seen: ".NET `Encoding.Unicode`, SQL Server `nvarchar`",
        fix: "Hash the bytes of UTF-8 or ASCII: `Encoding.UTF8`, `varchar`.",
        make: Make::Signed(|_, variants| made(variants, Construction::Wide)),
    },
    Mistake {
        id: "mistake/line-feed-hashed",
        family: Family::Digest,
        statement: "A line feed behind the base string was hashed",
        detection: "the signature is the HMAC of the base string and a line feed",
        seen: "`echo \"$base\" | openssl dgst …`",
        fix: "Use `printf %s \"$base\"`, which adds nothing.",
        make: Make::Signed(|_, variants| made(variants, Construction::LineFeed)),
    },
    Mistake {
        id: "mistake/hashed-before-hmac",
        family: Family::Digest,
        statement: "The base string was hashed first, and the HMAC made of the hexadecimal hash",
        detection: "the signature is the HMAC of the base string's hash",
        seen: "signers of AWS or OAuth 2 schemes used for OAuth 1",
        fix: "Make the HMAC of the base string itself.",
        make: Make::Signed(|_, variants| made(variants, Construction::Prehashed)),
    },
];

fn hmac(variants: &mut Variants, hash: Hash) {
    variants.digest(Digest {
        hash,
        construction: Construction::Hmac,
    });
}

fn made(variants: &mut Variants, construction: Construction) {
    for hash in [Hash::Sha256, Hash::Sha1] {
        variants.digest(Digest { hash, construction });
    }
}
