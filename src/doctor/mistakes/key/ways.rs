//! The keys that a client may have used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::doctor::mistakes::{KeyParts, Variants};
use crate::secret::Secret;
use crate::text::percent;

pub(super) fn key(variants: &mut Variants, consumer: &str, token: &str) {
    variants.key([consumer, token].map(percent::encode).join("&"), None);
}

pub(super) fn without_ampersand(parts: &KeyParts<'_>, variants: &mut Variants) {
    let [consumer, token] =
        [parts.consumer_secret, parts.token_secret].map(|secret| percent::encode(secret.expose()));
    variants.key(consumer.clone(), None);
    variants.key(format!("{consumer}{token}"), None);
}

pub(super) fn others(parts: &KeyParts<'_>, variants: &mut Variants) {
    let consumer = parts.consumer_secret.expose();
    for (other_consumer, other_token) in parts.others.iter().take(MOST_OTHERS) {
        key(variants, consumer, other_token.expose());
        key(variants, other_consumer.expose(), other_token.expose());
        key(
            variants,
            other_consumer.expose(),
            parts.token_secret.expose(),
        );
    }
}

/// So many other pairs of secrets are tried.
const MOST_OTHERS: usize = 16;

pub(super) fn four_values(parts: &KeyParts<'_>, variants: &mut Variants) {
    let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
    let named = [
        ("consumer secret", consumer),
        ("token secret", token),
        ("consumer key", parts.consumer_key),
        ("token", parts.token.unwrap_or_default()),
    ];
    for (first_name, first) in named {
        for (second_name, second) in named {
            let keys = first_name.ends_with("secret")
                && second_name.ends_with("secret")
                && first_name != second_name;
            if first.is_empty() || second.is_empty() || keys {
                continue;
            }
            let detail = format!("the key is {first_name} and {second_name}");
            variants.key(
                [first, second].map(percent::encode).join("&"),
                Some(&detail),
            );
        }
    }
}

pub(super) fn surrounded(parts: &KeyParts<'_>, variants: &mut Variants, before: &str, after: &str) {
    let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
    let wrapped = |secret: &str| format!("{before}{secret}{after}");
    let both = [
        (
            "of the consumer secret",
            wrapped(consumer),
            token.to_owned(),
        ),
        ("of the token secret", consumer.to_owned(), wrapped(token)),
        ("of both secrets", wrapped(consumer), wrapped(token)),
    ];
    for (place, consumer, token) in &both {
        let key = [consumer.as_str(), token.as_str()].map(percent::encode);
        variants.key(key.join("&"), Some(place));
    }
    for (place, consumer, token) in &both {
        variants.key(format!("{consumer}&{token}"), Some(place));
    }
}

pub(super) fn words(parts: &KeyParts<'_>, variants: &mut Variants) {
    let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
    for word in [
        "undefined",
        "null",
        "None",
        "nil",
        "NULL",
        "false",
        "[object Object]",
        "0",
    ] {
        let detail = format!("`{word}` stands for the token secret");
        variants.key(
            [consumer, word].map(percent::encode).join("&"),
            Some(&detail),
        );
        let detail = format!("`{word}` stands for the consumer secret");
        variants.key([word, token].map(percent::encode).join("&"), Some(&detail));
        let detail = format!("`{word}` stands for both secrets");
        variants.key([word, word].map(percent::encode).join("&"), Some(&detail));
    }
}

pub(super) fn form_encoded(parts: &KeyParts<'_>, variants: &mut Variants) {
    let secrets =
        [parts.consumer_secret, parts.token_secret].map(|secret| percent::encode(secret.expose()));
    let changed = |change: fn(&str) -> String| [change(&secrets[0]), change(&secrets[1])].join("&");
    variants.key(changed(|text| text.replace("%20", "+")), None);
    variants.key(
        changed(|text| text.replace("%20", "+").replace('~', "%7E")),
        None,
    );
    variants.key(changed(|text| text.replace('~', "%7E")), None);
    variants.key(changed(lower_escapes), None);
    variants.key(
        changed(|text| lower_escapes(&text.replace("%20", "+"))),
        None,
    );
}

fn lower_escapes(text: &str) -> String {
    let mut rest = 0;
    text.chars()
        .map(|letter| {
            if letter == '%' {
                rest = 3;
            }
            let inside = rest > 0;
            rest = rest.max(1) - 1;
            if inside {
                letter.to_ascii_lowercase()
            } else {
                letter
            }
        })
        .collect()
}

pub(super) fn decoded(parts: &KeyParts<'_>, variants: &mut Variants) {
    let secrets = [parts.consumer_secret, parts.token_secret].map(Secret::expose);
    let texts = secrets.map(|secret| percent::decode_text(secret).into_owned());
    key(variants, &texts[0], &texts[1]);
    let base64 = secrets.map(|secret| STANDARD.decode(secret).unwrap_or_else(|_| secret.into()));
    variants.key([&base64[0][..], b"&", &base64[1]].concat(), None);
    let hex = secrets.map(|secret| from_hex(secret).unwrap_or_else(|| secret.into()));
    variants.key([&hex[0][..], b"&", &hex[1]].concat(), None);
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

pub(super) fn cut(parts: &KeyParts<'_>, variants: &mut Variants) {
    let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
    for (name, cut) in [
        ("last", without_last as fn(&str) -> &str),
        ("first", without_first),
    ] {
        let pairs = [
            ("consumer", cut(consumer), token),
            ("token", consumer, cut(token)),
        ];
        for (whose, consumer, token) in pairs {
            let detail = format!("the {whose} secret lacks its {name} character");
            variants.key(
                [consumer, token].map(percent::encode).join("&"),
                Some(&detail),
            );
        }
    }
}

fn without_last(text: &str) -> &str {
    text.char_indices()
        .next_back()
        .map_or("", |(at, _)| &text[..at])
}

fn without_first(text: &str) -> &str {
    let mut letters = text.chars();
    letters.next();
    letters.as_str()
}

pub(super) fn entities(parts: &KeyParts<'_>, variants: &mut Variants) {
    let marked = [parts.consumer_secret, parts.token_secret].map(|secret| {
        let text = secret.expose().replace('&', "&amp;").replace('<', "&lt;");
        text.replace('>', "&gt;").replace('"', "&quot;")
    });
    key(variants, &marked[0], &marked[1]);
    let plain = [parts.consumer_secret, parts.token_secret].map(|secret| {
        let text = secret.expose().replace("&lt;", "<").replace("&gt;", ">");
        text.replace("&quot;", "\"").replace("&amp;", "&")
    });
    key(variants, &plain[0], &plain[1]);
}
