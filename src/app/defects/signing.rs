//! How requests are signed.

use crate::oauth::{SignatureMethod, SigningKey};
use crate::secret::Secret;
use crate::time::UnixTime;

use super::Defect;
use super::faults::right_key;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "app/sha1-always",
        "every request is signed with HMAC-SHA1",
        "app/request-token/signature-method",
        |faults| {
            faults
                .signing
                .push(|writing| writing.method = SignatureMethod::HmacSha1);
        },
    ),
    Defect::new(
        "app/signs-another-scheme",
        "the other scheme is signed: http for https",
        "app/request-token/signature",
        |faults| {
            faults.signing.push(|writing| {
                let other = if writing.url.scheme() == "https" {
                    "http"
                } else {
                    "https"
                };
                let port = writing.url.port_or_known_default();
                // Both are schemes with a host: this cannot fail.
                let _ = writing.url.set_scheme(other);
                let _ = writing.url.set_port(port);
            });
        },
    ),
    Defect::new(
        "app/port-not-signed",
        "the port is left out of what is signed",
        "app/request-token/signature",
        |faults| {
            faults.signing.push(|writing| {
                // An http URL has room for a port.
                let _ = writing.url.set_port(None);
            });
        },
    ),
    Defect::new(
        "app/index-php-not-signed",
        "index.php in the base URL is left out of what is signed",
        "app/request-token/base-url/index-php",
        |faults| {
            faults.signing.push(|writing| {
                let path = writing.url.path().replace("/index.php/", "/");
                writing.url.set_path(&path);
            });
        },
    ),
    Defect::new(
        "app/key-with-a-secret-too-many",
        "E1 is signed as if there were a token, with the consumer's secret for its own",
        "app/request-token/key",
        |faults| {
            faults.signing.push(|writing| {
                if writing.token.is_none() {
                    let secret = &writing.credentials.consumer_secret;
                    writing.key = Some(SigningKey::new(secret, secret));
                }
            });
        },
    ),
    Defect::new(
        "app/key-without-ampersand",
        "the key of E1 has no & at its end",
        "app/request-token/key",
        |faults| {
            faults.signing.push(|writing| {
                if writing.token.is_none() {
                    let secret = &writing.credentials.consumer_secret;
                    writing.key = Some(SigningKey::from_text(secret));
                }
            });
        },
    ),
    Defect::new(
        "app/key-of-swapped-secrets",
        "the token's secret stands before the consumer's in the key",
        "app/access-token/key",
        |faults| {
            faults.signing.push(|writing| {
                if let Some(token) = &writing.token {
                    let secret = &writing.credentials.consumer_secret;
                    writing.key = Some(SigningKey::new(&token.secret, secret));
                }
            });
        },
    ),
    Defect::new(
        "app/key-without-token-secret",
        "E2 is signed without the request token's secret",
        "app/access-token/key",
        |faults| {
            faults.signing.push(|writing| {
                if writing.verifier.is_some() {
                    let secret = &writing.credentials.consumer_secret;
                    writing.key = Some(SigningKey::new(secret, &Secret::default()));
                }
            });
        },
    ),
    Defect::new(
        "app/verifier-not-signed",
        "the verifier is added after signing",
        "app/access-token/signature",
        |faults| {
            faults.signing.push(|writing| {
                if let Some(verifier) = writing.verifier.take() {
                    writing.unsigned = format!(", oauth_verifier=\"{}\"", verifier.expose());
                }
            });
        },
    ),
    Defect::new(
        "app/verifier-of-the-first-round",
        "every exchange sends the verifier of the first one",
        "app/life/re-authorised",
        |faults| {
            faults.signing.push(|writing| {
                let key = &writing.credentials.consumer_key;
                if let Some(verifier) = &mut writing.verifier {
                    *verifier = writing.faults.first(key, verifier.expose()).into();
                }
            });
        },
    ),
    Defect::new(
        "app/timestamp-in-milliseconds",
        "the timestamp is in milliseconds",
        "app/request-token/timestamp/in-seconds",
        |faults| {
            faults
                .signing
                .push(|writing| writing.timestamp = UnixTime(writing.timestamp.0 * 1000));
        },
    ),
    Defect::new(
        "app/clock-of-another-zone",
        "the timestamp is an hour ahead",
        "app/request-token/timestamp/right",
        |faults| {
            faults
                .signing
                .push(|writing| writing.timestamp = writing.timestamp.plus(3600));
        },
    ),
    Defect::new(
        "app/nonce-constant",
        "every request has the same nonce",
        "app/nonce/unique",
        |faults| {
            faults
                .signing
                .push(|writing| "0123456789abcdef".clone_into(&mut writing.nonce));
        },
    ),
    Defect::new(
        "app/nonce-is-the-timestamp",
        "the nonce is the timestamp",
        "app/nonce/unguessable",
        |faults| {
            faults
                .signing
                .push(|writing| writing.nonce = writing.timestamp.0.to_string());
        },
    ),
    Defect::new(
        "app/nonce-of-the-request-token",
        "E2 has the nonce of E1",
        "app/access-token/nonce",
        |faults| {
            faults.signing.push(|writing| {
                let key = &writing.credentials.consumer_key;
                let first = writing
                    .faults
                    .first(&format!("nonce {key}"), &writing.nonce);
                if writing.verifier.is_some() {
                    writing.nonce = first;
                }
            });
        },
    ),
    Defect::new(
        "app/nonce-too-long",
        "the nonce differs only after its 32nd character",
        "app/nonce/significant",
        |faults| {
            faults.signing.push(|writing| {
                writing.nonce = format!("{}{}", "a".repeat(32), &writing.nonce[..8]);
            });
        },
    ),
    Defect::new(
        "app/version-of-its-own",
        "the version is 1.0a",
        "app/request-token/version",
        |faults| {
            faults.signing.push(|writing| {
                writing.unsigned.push_str(", oauth_version=\"1.0a\"");
            });
        },
    ),
    Defect::new(
        "app/callback-with-a-url",
        "E1 carries oauth_callback with an address of the app",
        "app/request-token/callback",
        |faults| {
            faults.signing.push(|writing| {
                if writing.token.is_none() {
                    let url = "http%3A%2F%2Fapp.example%2Freturn";
                    writing.unsigned.push_str(", oauth_callback=\"");
                    writing.unsigned.push_str(url);
                    writing.unsigned.push('"');
                }
            });
        },
    ),
    Defect::new(
        "app/names-not-encoded",
        "names of the query are signed as they are shown and not as they are sent",
        "app/calls/signature",
        |faults| {
            faults.signing.push(|writing| {
                let shown = writing
                    .url
                    .query()
                    .map(|query| query.replace("%5B", "%255B"));
                if let Some(query) = shown {
                    writing.url.set_query(Some(&query));
                }
            });
        },
    ),
    Defect::new(
        "app/key-of-the-request-token",
        "calls are signed with the request token's secret",
        "app/calls/signature",
        |faults| {
            faults.signing.push(|writing| {
                let key = format!("secret {}", writing.credentials.consumer_key);
                let Some(token) = &writing.token else { return };
                let first = writing.faults.first(&key, token.secret.expose());
                let mut pair = token.clone();
                pair.secret = Secret::new(first);
                if writing.verifier.is_none() {
                    writing.key = Some(right_key(writing.credentials, Some(&pair)));
                }
            });
        },
    ),
];
