//! What the digest is keyed with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Family, KeyParts, Make, Mistake, Variants};
use crate::secret::Secret;
use crate::text::percent;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/key-without-ampersand",
        family: Family::Key,
        statement: "The key lacks the `&` between the two secrets, which is there even without a token secret",
        detection: "the signature fits with the secrets joined by nothing",
        seen: "hand-written signers at `/oauth/token/request`",
        fix: "Make the key of the consumer secret, `&`, and the token secret, which may be empty.",
        make: Make::Keyed(without_ampersand),
    },
    Mistake {
        id: "mistake/token-secret-left-out",
        family: Family::Key,
        statement: "The token secret is missing from the key",
        detection: "the signature fits with an empty token secret",
        seen: "two-legged clients on REST calls",
        fix: "Append the access token's secret behind the `&`.",
        make: Make::Keyed(|parts, variants| key(variants, parts.consumer_secret.expose(), "")),
    },
    Mistake {
        id: "mistake/consumer-secret-left-out",
        family: Family::Key,
        statement: "The consumer secret is missing from the key",
        detection: "the signature fits with the token secret alone",
        seen: "configurations with an empty consumer secret",
        fix: "Begin the key with the consumer secret.",
        make: Make::Keyed(|parts, variants| {
            key(variants, "", parts.token_secret.expose());
            variants.key(parts.token_secret.expose(), None);
        }),
    },
    Mistake {
        id: "mistake/secrets-exchanged",
        family: Family::Key,
        statement: "Consumer secret and token secret were exchanged",
        detection: "the signature fits with the two exchanged",
        seen: "the four values of an integration pasted in another order",
        fix: "Put the consumer secret first.",
        make: Make::Keyed(|parts, variants| {
            key(
                variants,
                parts.token_secret.expose(),
                parts.consumer_secret.expose(),
            );
        }),
    },
    Mistake {
        id: "mistake/other-secret-of-the-consumer",
        family: Family::Key,
        statement: "The secret of another token or consumer was used: of the request token, or from before *Reauthorize*",
        detection: "the signature fits with another pair of the secrets that were given",
        seen: "apps that keep the request token's secret; re-authorised integrations",
        fix: "Use the secret that came with this very token.",
        make: Make::Keyed(others),
    },
    Mistake {
        id: "mistake/key-where-secret-belongs",
        family: Family::Key,
        statement: "A key or token was used where a secret belongs",
        detection: "the signature fits with another two of the integration's four values",
        seen: "OBP-API#1002",
        fix: "Make the key of the consumer *secret* and the access token *secret*.",
        make: Make::Keyed(four_values),
    },
    Mistake {
        id: "mistake/line-feed-in-secret",
        family: Family::Key,
        statement: "A line end was taken as part of a secret",
        detection: "the signature fits with a line feed, or carriage return and line feed, behind a secret",
        seen: "secrets read from a file or with `echo`",
        fix: "Cut the line end when the secret is read.",
        make: Make::Keyed(|parts, variants| {
            for end in ["\n", "\r\n", "\r"] {
                surrounded(parts, variants, "", end);
            }
        }),
    },
    Mistake {
        id: "mistake/blank-in-secret",
        family: Family::Key,
        statement: "A blank was taken as part of a secret",
        detection: "the signature fits with a blank, tab or non-breaking space before or behind a secret",
        seen: "secrets copied from the panel or an e-mail",
        fix: "Trim the secret.",
        make: Make::Keyed(|parts, variants| {
            for blank in [" ", "\t", "\u{a0}"] {
                surrounded(parts, variants, "", blank);
                surrounded(parts, variants, blank, "");
            }
        }),
    },
    Mistake {
        id: "mistake/secret-trimmed",
        family: Family::Key,
        statement: "The given secret has blanks at its ends, and the client signed without them",
        detection: "the signature fits with the trimmed secret",
        seen: "secrets pasted into this tool with a blank",
        fix: "Remove the blanks from the secret that was given here; the client is right about this.",
        make: Make::Keyed(|parts, variants| {
            key(
                variants,
                parts.consumer_secret.expose().trim(),
                parts.token_secret.expose().trim(),
            );
        }),
    },
    Mistake {
        id: "mistake/quotes-in-secret",
        family: Family::Key,
        statement: "Quotes were taken as part of a secret",
        detection: "the signature fits with quotes around a secret",
        seen: "`.env` files and Windows `set` commands",
        fix: "Take the quotes away.",
        make: Make::Keyed(|parts, variants| {
            for quote in ["\"", "'", "`"] {
                surrounded(parts, variants, quote, quote);
            }
        }),
    },
    Mistake {
        id: "mistake/byte-order-mark-in-secret",
        family: Family::Key,
        statement: "A byte order mark was taken as part of a secret",
        detection: "the signature fits with U+FEFF or U+200B before or behind a secret",
        seen: "files saved by Windows editors; zero-width blanks from web pages",
        fix: "Save the file as UTF-8 without a mark, or cut it.",
        make: Make::Keyed(|parts, variants| {
            for mark in ["\u{feff}", "\u{200b}"] {
                surrounded(parts, variants, mark, "");
                surrounded(parts, variants, "", mark);
            }
        }),
    },
    Mistake {
        id: "mistake/undefined-secret",
        family: Family::Key,
        statement: "A missing secret was signed as a word: `undefined`, `null`, `None`",
        detection: "the signature fits with that word for a secret",
        seen: "JavaScript and Python clients without a token secret",
        fix: "Use an empty text where there is no secret, and check that the setting is read.",
        make: Make::Keyed(words),
    },
    Mistake {
        id: "mistake/secrets-not-encoded",
        family: Family::Key,
        statement: "The secrets were not percent-encoded in the key",
        detection: "the signature fits with the secrets as they are",
        seen: "hand-written signers; it shows only with secrets beyond letters and digits",
        fix: "Percent-encode each secret before they are joined (RFC 5849 §3.4.2).",
        make: Make::Keyed(|parts, variants| {
            let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
            variants.key(format!("{consumer}&{token}"), None);
        }),
    },
    Mistake {
        id: "mistake/secrets-encoded-twice",
        family: Family::Key,
        statement: "The secrets were percent-encoded twice in the key",
        detection: "the signature fits with secrets escaped once too often",
        seen: "clients that escape before they call a signer",
        fix: "Hand the signer plain secrets.",
        make: Make::Keyed(|parts, variants| {
            let [consumer, token] = [parts.consumer_secret, parts.token_secret]
                .map(|secret| percent::encode(secret.expose()));
            key(variants, &consumer, &token);
        }),
    },
    Mistake {
        id: "mistake/secrets-form-encoded",
        family: Family::Key,
        statement: "The secrets were form-encoded in the key, or their escapes written in lower case",
        detection: "the signature fits with `+` for a blank, `%7E` for `~`, or lower-case digits",
        seen: "`urlencode`, .NET `HttpUtility.UrlEncode`",
        fix: "Percent-encode the secrets with RFC 3986 rules.",
        make: Make::Keyed(form_encoded),
    },
    Mistake {
        id: "mistake/secrets-decoded",
        family: Family::Key,
        statement: "A secret was percent-, base64- or hex-decoded before use",
        detection: "the signature fits with decoded secrets",
        seen: "configurations that are decoded once too often",
        fix: "Use the secret's text as it stands in the panel.",
        make: Make::Keyed(decoded),
    },
    Mistake {
        id: "mistake/whole-key-encoded",
        family: Family::Key,
        statement: "The whole key was percent-encoded, its `&` included",
        detection: "the signature fits with `%26` between the secrets",
        seen: "signers that escape what they hand to the HMAC",
        fix: "Escape the secrets, then join them with a plain `&`.",
        make: Make::Keyed(|parts, variants| {
            let [consumer, token] = [parts.consumer_secret, parts.token_secret].map(Secret::expose);
            variants.key(percent::encode(&format!("{consumer}&{token}")), None);
            let escaped = [consumer, token].map(percent::encode).join("&");
            variants.key(percent::encode(&escaped), None);
        }),
    },
    Mistake {
        id: "mistake/secrets-joined-otherwise",
        family: Family::Key,
        statement: "The secrets were not joined with `&`",
        detection: "the signature fits with another separator",
        seen: "signers of other schemes",
        fix: "Join the secrets with `&`.",
        make: Make::Keyed(|parts, variants| {
            let [consumer, token] = [parts.consumer_secret, parts.token_secret]
                .map(|secret| percent::encode(secret.expose()));
            for separator in ["+", ":", "|", "&amp;", " & ", ",", ";", "\n"] {
                variants.key(format!("{consumer}{separator}{token}"), None);
            }
        }),
    },
    Mistake {
        id: "mistake/secret-case-changed",
        family: Family::Key,
        statement: "A secret was put in upper or lower case",
        detection: "the signature fits with the secrets in one case",
        seen: "settings that are normalised",
        fix: "Keep the secret's case.",
        make: Make::Keyed(|parts, variants| {
            let (consumer, token) = (parts.consumer_secret.expose(), parts.token_secret.expose());
            key(
                variants,
                &consumer.to_ascii_uppercase(),
                &token.to_ascii_uppercase(),
            );
            key(
                variants,
                &consumer.to_ascii_lowercase(),
                &token.to_ascii_lowercase(),
            );
        }),
    },
    Mistake {
        id: "mistake/secret-cut",
        family: Family::Key,
        statement: "A secret lacks its first or last character",
        detection: "the signature fits with one character less",
        seen: "secrets copied by hand",
        fix: "Copy the secret again, all 32 characters of it.",
        make: Make::Keyed(cut),
    },
    Mistake {
        id: "mistake/html-entity-in-secret",
        family: Family::Key,
        statement: "`&` and the like in a secret were used as HTML entities",
        detection: "the signature fits with `&amp;`, `&lt;`, `&gt;` and `&quot;` in the secrets",
        seen: "secrets taken from the source of a page",
        fix: "Use the plain character.",
        make: Make::Keyed(entities),
    },
    Mistake {
        id: "mistake/empty-key",
        family: Family::Key,
        statement: "No secret at all is in the key",
        detection: "the signature fits with an empty key, or with `&` alone",
        seen: "settings that are not read",
        fix: "Check that the client reads its secrets.",
        make: Make::Keyed(|_, variants| {
            variants.key("", None);
            variants.key("&", None);
        }),
    },
    Mistake {
        id: "mistake/verifier-in-key",
        family: Family::Key,
        statement: "The verifier was used in the key",
        detection: "the signature fits with the verifier as a secret",
        seen: "apps that mix up what the credentials POST brings",
        fix: "Make the key of consumer secret and request token secret; the verifier is a parameter.",
        make: Make::Keyed(|parts, variants| {
            if let Some(verifier) = parts.verifier {
                key(variants, parts.consumer_secret.expose(), verifier);
                key(variants, verifier, parts.token_secret.expose());
            }
        }),
    },
];

fn key(variants: &mut Variants, consumer: &str, token: &str) {
    variants.key([consumer, token].map(percent::encode).join("&"), None);
}

fn without_ampersand(parts: &KeyParts<'_>, variants: &mut Variants) {
    let [consumer, token] =
        [parts.consumer_secret, parts.token_secret].map(|secret| percent::encode(secret.expose()));
    variants.key(consumer.clone(), None);
    variants.key(format!("{consumer}{token}"), None);
}

fn others(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn four_values(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn surrounded(parts: &KeyParts<'_>, variants: &mut Variants, before: &str, after: &str) {
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

fn words(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn form_encoded(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn decoded(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn cut(parts: &KeyParts<'_>, variants: &mut Variants) {
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

fn entities(parts: &KeyParts<'_>, variants: &mut Variants) {
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
