//! The protocol parameters that a client may have signed.

use crate::doctor::facts::{Facts, Pair};
use crate::doctor::mistakes::{Change, Variants};

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

pub(super) fn empty_token_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    without(
        facts,
        |pair| pair.name == b"oauth_token" && pair.value.is_empty(),
        variants,
    );
}

pub(super) fn empty_token_signed(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_token", "", variants);
}

pub(super) fn token_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without(
        facts,
        |pair| pair.name == b"oauth_token" && !pair.value.is_empty(),
        variants,
    );
}

pub(super) fn verifier_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_verifier", variants);
}

pub(super) fn version_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_version", variants);
}

pub(super) fn version_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_version", "1.0", variants);
}

pub(super) fn callback_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_callback", variants);
}

pub(super) fn callback_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_callback", "oob", variants);
    with(facts, "oauth_callback", "", variants);
}

pub(super) fn timestamp_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_timestamp", variants);
}

pub(super) fn nonce_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_nonce", variants);
}

pub(super) fn method_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_signature_method", variants);
}

pub(super) fn consumer_key_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without_name(facts, "oauth_consumer_key", variants);
}

pub(super) fn extensions_not_signed(facts: &Facts<'_>, variants: &mut Variants) {
    without(facts, |pair| !STANDARD.contains(&&pair.name[..]), variants);
    without_name(facts, "oauth_body_hash", variants);
}

pub(super) fn realm_signed(facts: &Facts<'_>, variants: &mut Variants) {
    let Some(realm) = facts.in_header("realm") else {
        return;
    };
    for value in [realm, ""] {
        let mut pairs = facts.protocol.clone();
        pairs.push(Pair::new("realm", value));
        variants.protocol(pairs);
    }
}

pub(super) fn signature_signed(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = facts.protocol.clone();
    pairs.push(Pair::new("oauth_signature", ""));
    variants.protocol(pairs);
}

pub(super) fn nothing_signed(_: &Facts<'_>, variants: &mut Variants) {
    variants.protocol(Vec::new());
}

pub(super) fn twice(facts: &Facts<'_>, variants: &mut Variants) {
    variants.protocol([facts.protocol.clone(), facts.protocol.clone()].concat());
}

pub(super) fn other_timestamp(facts: &Facts<'_>, variants: &mut Variants) {
    let Some(timestamp) = facts
        .value("oauth_timestamp")
        .and_then(|text| text.parse::<i64>().ok())
    else {
        return;
    };
    let near = [-1, 1, -2, 2, -3, 3].map(|offset| timestamp.saturating_add(offset));
    let scaled = [timestamp / 1_000, timestamp.saturating_mul(1_000)];
    for value in near.into_iter().chain(scaled) {
        variants.push(Change {
            detail: Some(format!("{value} was signed")),
            protocol: Some(replaced(facts, "oauth_timestamp", &value.to_string())),
            ..Change::default()
        });
    }
}

pub(super) fn other_method_name(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn other_version(facts: &Facts<'_>, variants: &mut Variants) {
    for version in ["1.0", "1.0a", "1", "2.0"] {
        variants.protocol(replaced(facts, "oauth_version", version));
    }
}

pub(super) fn as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    let raw = facts
        .header
        .iter()
        .filter(|(name, _)| *name != "oauth_signature" && !name.eq_ignore_ascii_case("realm"))
        .map(|&(name, value)| Pair::new(name, value));
    variants.protocol(raw.collect());
}

pub(super) fn exchanged(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn without_prefix(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = facts.protocol.clone();
    for pair in &mut pairs {
        if let Some(rest) = pair.name.strip_prefix(b"oauth_") {
            pair.name = rest.to_vec();
        }
    }
    variants.protocol(pairs);
}

pub(super) fn verifier_not_sent(facts: &Facts<'_>, variants: &mut Variants) {
    with(facts, "oauth_verifier", "", variants);
}
