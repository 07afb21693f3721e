//! Which protocol parameters are signed, and with which values.

use super::{Change, Family, Make, Mistake, Variants};
use crate::doctor::facts::{Facts, Pair};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/empty-token-dropped",
        family: Family::Protocol,
        statement: "`oauth_token` was sent empty and not signed",
        detection: "the signature fits without the empty parameter",
        seen: "Postman, *add empty parameters to signature*; magento2#19159",
        fix: "Leave `oauth_token` out of the header as well where there is no token: stores refuse an empty one.",
        make: Make::Signed(empty_token_dropped),
    },
    Mistake {
        id: "mistake/empty-token-signed",
        family: Family::Protocol,
        statement: "An empty `oauth_token` was signed and not sent",
        detection: "the signature fits with `oauth_token=` added",
        seen: "signers that always have a token field, at `/oauth/token/request`",
        fix: "Leave `oauth_token` out of the base string where there is no token.",
        make: Make::Signed(empty_token_signed),
    },
    Mistake {
        id: "mistake/token-not-signed",
        family: Family::Protocol,
        statement: "`oauth_token` was sent and not signed",
        detection: "the signature fits without it",
        seen: "hand-written signers that add the token to the header later",
        fix: "Put `oauth_token` among the signed parameters.",
        make: Make::Signed(token_not_signed),
    },
    Mistake {
        id: "mistake/verifier-not-signed",
        family: Family::Protocol,
        statement: "`oauth_verifier` was sent and not signed",
        detection: "the signature fits without it",
        seen: "clients that add the verifier to the header after signing",
        fix: "Put `oauth_verifier` among the signed parameters of `/oauth/token/access`.",
        make: Make::Signed(verifier_not_signed),
    },
    Mistake {
        id: "mistake/version-not-signed",
        family: Family::Protocol,
        statement: "`oauth_version` was sent and not signed",
        detection: "the signature fits without it",
        seen: "magento2#30693",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`.",
        make: Make::Signed(version_not_signed),
    },
    Mistake {
        id: "mistake/version-not-sent",
        family: Family::Protocol,
        statement: "`oauth_version=1.0` was signed and not sent",
        detection: "the signature fits with it added",
        seen: "magento2#30693; hand-written headers",
        fix: "Send `oauth_version=\"1.0\"` in the header, or do not sign it.",
        make: Make::Signed(version_not_sent),
    },
    Mistake {
        id: "mistake/callback-not-signed",
        family: Family::Protocol,
        statement: "`oauth_callback` was sent and not signed",
        detection: "the signature fits without it",
        seen: "signers with a fixed list of parameters",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`; a store needs no callback.",
        make: Make::Signed(callback_not_signed),
    },
    Mistake {
        id: "mistake/callback-not-sent",
        family: Family::Protocol,
        statement: "`oauth_callback=oob` was signed and not sent, or signed empty",
        detection: "the signature fits with `oob` or an empty callback added",
        seen: "OAuth 1.0a clients at `/oauth/token/request`",
        fix: "Leave the callback out of both: stores take it from the integration.",
        make: Make::Signed(callback_not_sent),
    },
    Mistake {
        id: "mistake/timestamp-not-signed",
        family: Family::Protocol,
        statement: "`oauth_timestamp` was sent and not signed",
        detection: "the signature fits without it",
        seen: "signers with a fixed list of parameters",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`.",
        make: Make::Signed(timestamp_not_signed),
    },
    Mistake {
        id: "mistake/nonce-not-signed",
        family: Family::Protocol,
        statement: "`oauth_nonce` was sent and not signed",
        detection: "the signature fits without it",
        seen: "signers with a fixed list of parameters",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`.",
        make: Make::Signed(nonce_not_signed),
    },
    Mistake {
        id: "mistake/signature-method-not-signed",
        family: Family::Protocol,
        statement: "`oauth_signature_method` was sent and not signed",
        detection: "the signature fits without it",
        seen: "signers that filter names by `oauth_signature`",
        fix: "Sign `oauth_signature_method`; only `oauth_signature` itself is left out.",
        make: Make::Signed(method_not_signed),
    },
    Mistake {
        id: "mistake/consumer-key-not-signed",
        family: Family::Protocol,
        statement: "`oauth_consumer_key` was sent and not signed",
        detection: "the signature fits without it",
        seen: "signers with a fixed list of parameters",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`.",
        make: Make::Signed(consumer_key_not_signed),
    },
    Mistake {
        id: "mistake/body-hash-not-signed",
        family: Family::Protocol,
        statement: "`oauth_body_hash` or another further parameter of the header was sent and not signed",
        detection: "the signature fits without the parameters beyond the eight of RFC 5849",
        seen: "clients with extensions",
        fix: "Sign every parameter of the header but `realm` and `oauth_signature`.",
        make: Make::Signed(extensions_not_signed),
    },
    Mistake {
        id: "mistake/realm-signed",
        family: Family::Protocol,
        statement: "`realm` was signed",
        detection: "the signature fits with the header's `realm`, or an empty one",
        seen: "signers that take every parameter of the header",
        fix: "Leave `realm` out of the base string (RFC 5849 §3.4.1.3.1).",
        make: Make::Signed(realm_signed),
    },
    Mistake {
        id: "mistake/signature-signed",
        family: Family::Protocol,
        statement: "An empty `oauth_signature` was signed",
        detection: "the signature fits with `oauth_signature=` added",
        seen: "signers that fill in the signature last",
        fix: "Leave `oauth_signature` out of the base string.",
        make: Make::Signed(signature_signed),
    },
    Mistake {
        id: "mistake/protocol-not-signed",
        family: Family::Protocol,
        statement: "No protocol parameter at all was signed",
        detection: "the signature fits without any of them",
        seen: "signers of other schemes used for OAuth",
        fix: "Put the parameters of the header, but `realm` and `oauth_signature`, among the signed ones.",
        make: Make::Signed(nothing_signed),
    },
    Mistake {
        id: "mistake/protocol-signed-twice",
        family: Family::Protocol,
        statement: "The protocol parameters stand twice in the base string",
        detection: "the signature fits with each of them twice",
        seen: "clients that sign a request that is signed already",
        fix: "Remove the old `Authorization` header before signing again.",
        make: Make::Signed(twice),
    },
    Mistake {
        id: "mistake/timestamp-taken-twice",
        family: Family::Protocol,
        statement: "The signed timestamp is not the one in the header",
        detection: "the signature fits with a timestamp a few seconds away, or counted in milliseconds",
        seen: "code that reads the clock once for the base string and once for the header",
        fix: "Read the clock once, and use that value in both.",
        make: Make::Signed(other_timestamp),
    },
    Mistake {
        id: "mistake/other-method-name-signed",
        family: Family::Protocol,
        statement: "The signed `oauth_signature_method` is not the one in the header",
        detection: "the signature fits with another method's name in the base string",
        seen: "clients that switched to SHA-256 in one place only",
        fix: "Use one value for header, base string and digest.",
        make: Make::Signed(other_method_name),
    },
    Mistake {
        id: "mistake/other-version-signed",
        family: Family::Protocol,
        statement: "The signed `oauth_version` is not the one in the header",
        detection: "the signature fits with `1.0a`, `1` or `2.0`",
        seen: "hand-written base strings",
        fix: "Sign the version that is sent: `1.0`.",
        make: Make::Signed(other_version),
    },
    Mistake {
        id: "mistake/protocol-values-signed-as-sent",
        family: Family::Protocol,
        statement: "The values of the header were signed with their escapes, not decoded first",
        detection: "the signature fits with the values escaped once more",
        seen: "base64 nonces and callbacks",
        fix: "Escape values for the header after signing; better, use nonces of letters and digits.",
        make: Make::Signed(as_sent),
    },
    Mistake {
        id: "mistake/key-and-token-exchanged",
        family: Family::Protocol,
        statement: "Consumer key and token were exchanged in the base string",
        detection: "the signature fits with the two values exchanged",
        seen: "hand-written base strings",
        fix: "Use one set of values for header and base string.",
        make: Make::Signed(exchanged),
    },
    Mistake {
        id: "mistake/names-without-prefix",
        family: Family::Protocol,
        statement: "The protocol parameters were signed without `oauth_` in their names",
        detection: "the signature fits with `consumer_key`, `nonce` and so on",
        seen: "home-made parameter sets",
        fix: "Sign the names as they stand in the header.",
        make: Make::Signed(without_prefix),
    },
    Mistake {
        id: "mistake/verifier-not-sent",
        family: Family::Protocol,
        statement: "An empty `oauth_verifier` was signed and not sent",
        detection: "the signature fits with `oauth_verifier=` added",
        seen: "clients that keep a verifier field after the exchange",
        fix: "Leave `oauth_verifier` out once there is an access token.",
        make: Make::Signed(verifier_not_sent),
    },
];

/// The eight of RFC 5849 §3.1 and §2.
const STANDARD: [&[u8]; 8] = [
    b"oauth_callback",
    b"oauth_consumer_key",
    b"oauth_nonce",
    b"oauth_signature_method",
    b"oauth_timestamp",
    b"oauth_token",
    b"oauth_verifier",
    b"oauth_version",
];

fn without(facts: &Facts<'_>, dropped: impl Fn(&Pair) -> bool, variants: &mut Variants) {
    let kept = facts.protocol.iter().filter(|pair| !dropped(pair));
    variants.protocol(kept.cloned().collect());
}

fn without_name(facts: &Facts<'_>, name: &str, variants: &mut Variants) {
    without(facts, |pair| pair.name == name.as_bytes(), variants);
}

fn with(facts: &Facts<'_>, name: &str, value: &str, variants: &mut Variants) {
    if !facts.has(name) {
        let mut pairs = facts.protocol.clone();
        pairs.push(Pair::new(name, value));
        variants.protocol(pairs);
    }
}

fn replaced(facts: &Facts<'_>, name: &str, value: &str) -> Vec<Pair> {
    let mut pairs = facts.protocol.clone();
    for pair in pairs.iter_mut().filter(|pair| pair.name == name.as_bytes()) {
        pair.value = value.into();
    }
    pairs
}

fn empty_token_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    without(
        facts,
        |pair| pair.name == b"oauth_token" && pair.value.is_empty(),
        variants,
    );
}

fn empty_token_signed(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_token", "", variants);
}

fn token_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without(
        facts,
        |pair| pair.name == b"oauth_token" && !pair.value.is_empty(),
        variants,
    );
}

fn verifier_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_verifier", variants);
}

fn version_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_version", variants);
}

fn version_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_version", "1.0", variants);
}

fn callback_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_callback", variants);
}

fn callback_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_callback", "oob", variants);
    with(facts, "oauth_callback", "", variants);
}

fn timestamp_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_timestamp", variants);
}

fn nonce_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_nonce", variants);
}

fn method_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_signature_method", variants);
}

fn consumer_key_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_consumer_key", variants);
}

fn extensions_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without(facts, |pair| !STANDARD.contains(&&pair.name[..]), variants);
    without_name(facts, "oauth_body_hash", variants);
}

fn realm_signed(facts: &Facts<'_>, variants: &mut Variants) {
    let Some(realm) = facts.in_header("realm") else {
        return;
    };
    for value in [realm, ""] {
        let mut pairs = facts.protocol.clone();
        pairs.push(Pair::new("realm", value));
        variants.protocol(pairs);
    }
}

fn signature_signed(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = facts.protocol.clone();
    pairs.push(Pair::new("oauth_signature", ""));
    variants.protocol(pairs);
}

fn nothing_signed(_: &Facts<'_>, variants: &mut Variants) {
    variants.protocol(Vec::new());
}

fn twice(facts: &Facts<'_>, variants: &mut Variants) {
    variants.protocol([facts.protocol.clone(), facts.protocol.clone()].concat());
}

fn other_timestamp(facts: &Facts<'_>, variants: &mut Variants) {
    let Some(timestamp) = facts
        .value("oauth_timestamp")
        .and_then(|text| text.parse::<i64>().ok())
    else {
        return;
    };
    let near = [-3, -2, -1, 1, 2, 3].map(|offset| timestamp.saturating_add(offset));
    let scaled = [timestamp / 1_000, timestamp.saturating_mul(1_000)];
    for (value, alone) in near
        .map(|value| (value, false))
        .into_iter()
        .chain(scaled.map(|value| (value, true)))
    {
        variants.push(Change {
            detail: Some(format!("{value} was signed")),
            protocol: Some(replaced(facts, "oauth_timestamp", &value.to_string())),
            alone,
            ..Change::default()
        });
    }
}

fn other_method_name(facts: &Facts<'_>, variants: &mut Variants) {
    for name in [
        "HMAC-SHA1",
        "HMAC-SHA256",
        "HMAC-SHA512",
        "PLAINTEXT",
        "hmac-sha256",
        "SHA256",
        "HMAC_SHA256",
        "HMACSHA256",
    ] {
        variants.push(Change {
            detail: Some(format!("`{name}` was signed")),
            protocol: Some(replaced(facts, "oauth_signature_method", name)),
            ..Change::default()
        });
    }
}

fn other_version(facts: &Facts<'_>, variants: &mut Variants) {
    for version in ["1.0", "1.0a", "1", "2.0"] {
        variants.protocol(replaced(facts, "oauth_version", version));
    }
}

fn as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    let raw = facts
        .header
        .iter()
        .filter(|(name, _)| *name != "oauth_signature" && !name.eq_ignore_ascii_case("realm"))
        .map(|&(name, value)| Pair::new(name, value));
    variants.protocol(raw.collect());
}

fn exchanged(facts: &Facts<'_>, variants: &mut Variants) {
    let (Some(key), Some(token)) = (
        facts.value("oauth_consumer_key"),
        facts.value("oauth_token"),
    ) else {
        return;
    };
    let mut pairs = facts.protocol.clone();
    for pair in &mut pairs {
        match &pair.name[..] {
            b"oauth_consumer_key" => pair.value = token.as_bytes().to_vec(),
            b"oauth_token" => pair.value = key.as_bytes().to_vec(),
            _ => {}
        }
    }
    variants.protocol(pairs);
}

fn without_prefix(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = facts.protocol.clone();
    for pair in &mut pairs {
        if let Some(rest) = pair.name.strip_prefix(b"oauth_") {
            pair.name = rest.to_vec();
        }
    }
    variants.protocol(pairs);
}

fn verifier_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_verifier", "", variants);
}
