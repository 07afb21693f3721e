//! What the digest is keyed with.

mod ways;

use super::{Family, Make, Mistake};
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
        make: Make::Keyed(ways::without_ampersand),
    },
    Mistake {
        id: "mistake/token-secret-left-out",
        family: Family::Key,
        statement: "The token secret is missing from the key",
        detection: "the signature fits with an empty token secret",
        seen: "two-legged clients on REST calls",
        fix: "Append the access token's secret behind the `&`.",
        make: Make::Keyed(|parts, variants| {
            ways::key(variants, parts.consumer_secret.expose(), "");
        }),
    },
    Mistake {
        id: "mistake/consumer-secret-left-out",
        family: Family::Key,
        statement: "The consumer secret is missing from the key",
        detection: "the signature fits with the token secret alone",
        seen: "configurations with an empty consumer secret",
        fix: "Begin the key with the consumer secret.",
        make: Make::Keyed(|parts, variants| {
            ways::key(variants, "", parts.token_secret.expose());
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
            ways::key(
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
        make: Make::Keyed(ways::others),
    },
    Mistake {
        id: "mistake/key-where-secret-belongs",
        family: Family::Key,
        statement: "A key or token was used where a secret belongs",
        detection: "the signature fits with another two of the integration's four values",
        seen: "OBP-API#1002",
        fix: "Make the key of the consumer *secret* and the access token *secret*.",
        make: Make::Keyed(ways::four_values),
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
                ways::surrounded(parts, variants, "", end);
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
                ways::surrounded(parts, variants, "", blank);
                ways::surrounded(parts, variants, blank, "");
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
            ways::key(
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
                ways::surrounded(parts, variants, quote, quote);
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
                ways::surrounded(parts, variants, mark, "");
                ways::surrounded(parts, variants, "", mark);
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
        make: Make::Keyed(ways::words),
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
            ways::key(variants, &consumer, &token);
        }),
    },
    Mistake {
        id: "mistake/secrets-form-encoded",
        family: Family::Key,
        statement: "The secrets were form-encoded in the key, or their escapes written in lower case",
        detection: "the signature fits with `+` for a blank, `%7E` for `~`, or lower-case digits",
        seen: "`urlencode`, .NET `HttpUtility.UrlEncode`",
        fix: "Percent-encode the secrets with RFC 3986 rules.",
        make: Make::Keyed(ways::form_encoded),
    },
    Mistake {
        id: "mistake/secrets-decoded",
        family: Family::Key,
        statement: "A secret was percent-, base64- or hex-decoded before use",
        detection: "the signature fits with decoded secrets",
        seen: "configurations that are decoded once too often",
        fix: "Use the secret's text as it stands in the panel.",
        make: Make::Keyed(ways::decoded),
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
            ways::key(
                variants,
                &consumer.to_ascii_uppercase(),
                &token.to_ascii_uppercase(),
            );
            ways::key(
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
        make: Make::Keyed(ways::cut),
    },
    Mistake {
        id: "mistake/html-entity-in-secret",
        family: Family::Key,
        statement: "`&` and the like in a secret were used as HTML entities",
        detection: "the signature fits with `&amp;`, `&lt;`, `&gt;` and `&quot;` in the secrets",
        seen: "secrets taken from the source of a page",
        fix: "Use the plain character.",
        make: Make::Keyed(ways::entities),
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
                ways::key(variants, parts.consumer_secret.expose(), verifier);
                ways::key(variants, verifier, parts.token_secret.expose());
            }
        }),
    },
];
