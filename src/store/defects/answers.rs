//! What the token endpoints answer: body, type and header fields.

use crate::wire::{Request, Response};

use super::Defect;

fn is_token_endpoint(request: &Request) -> bool {
    request.target.contains("/oauth/token/")
}

/// Changes the body as a text.
pub(super) fn reword(response: &mut Response, change: impl FnOnce(&str) -> String) {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    response.body = change(&text).into_bytes();
}

/// Takes a header field away.
pub(super) fn without(response: &mut Response, name: &str) {
    let kept = response
        .headers
        .iter()
        .filter(|(other, _)| !other.eq_ignore_ascii_case(name));
    response.headers = kept
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/token-in-upper-case",
        "tokens are handed out in upper case",
        "store-value-form",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) && response.status == 200 {
                    reword(response, |body| {
                        let (token, secret) = body.split_once('&').unwrap_or((body, ""));
                        let value = token.trim_start_matches("oauth_token=").to_uppercase();
                        format!("oauth_token={value}&{secret}")
                    });
                }
            });
        },
    )
    .named_by(
        "handshake/request-token",
        "two values of 32",
        "oauth_token=",
    ),
    Defect::new(
        "store/token-confirms-the-callback",
        "E1 confirms the callback",
        "store-no-callback-confirmation",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let asked = request.headers.first("Authorization").unwrap_or_default();
                if request.target.contains("/oauth/token/request")
                    && asked.contains("oauth_callback=")
                    && response.status == 200
                {
                    reword(response, |body| {
                        format!("{body}&oauth_callback_confirmed=true")
                    });
                }
            });
        },
    )
    .named_by(
        "handshake/no-callback-confirmation",
        "200 a token",
        "&oauth_callback_confirmed=true",
    ),
    Defect::new(
        "store/token-as-a-form",
        "a token comes as a form",
        "store-token-content-type",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) {
                    response
                        .headers
                        .set("Content-Type", "application/x-www-form-urlencoded");
                }
            });
        },
    )
    .named_by(
        "handshake/content-type",
        "Content-Type `text/html; charset=UTF-8`",
        "Content-Type `application/x-www-form-urlencoded`",
    ),
    Defect::new(
        "store/token-cacheable",
        "a token may be kept in caches",
        "store-token-not-cacheable",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) {
                    response
                        .headers
                        .set("Cache-Control", "public, max-age=3600");
                }
            });
        },
    )
    .named_by(
        "handshake/not-cacheable",
        "Cache-Control with no-store",
        "public, max-age=3600",
    ),
    Defect::new(
        "store/token-type-guessed",
        "the type of a token may be guessed",
        "store-token-headers",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) {
                    without(response, "X-Content-Type-Options");
                }
            });
        },
    )
    .named_by(
        "handshake/nosniff",
        "X-Content-Type-Options `nosniff`",
        "X-Content-Type-Options ``",
    ),
    Defect::new(
        "store/token-framed",
        "a token's page may be framed by anybody",
        "store-token-headers",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) {
                    without(response, "X-Frame-Options");
                }
            });
        },
    )
    .named_by(
        "handshake/frame-options",
        "X-Frame-Options `SAMEORIGIN`",
        "X-Frame-Options ``",
    ),
    Defect::new(
        "store/www-authenticate-at-token-endpoints",
        "a refusal at E1 asks for OAuth in a header field",
        "store-no-www-authenticate",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) && response.status == 401 {
                    response
                        .headers
                        .add("WWW-Authenticate", "OAuth realm=\"store\"");
                }
            });
        },
    )
    .named_by(
        "handshake/no-www-authenticate/request-token",
        "WWW-Authenticate ``",
        "WWW-Authenticate `OAuth realm=\"store\"`",
    ),
    Defect::new(
        "store/problem-as-json",
        "a problem at E1 comes as JSON",
        "store-problem-body",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) && response.status == 401 {
                    reword(response, |body| {
                        let sentence = body.trim_start_matches("oauth_problem=");
                        format!("{{\"oauth_problem\":\"{sentence}\"}}")
                    });
                }
            });
        },
    )
    .named_by(
        "request-token/key/unknown",
        "401 `A consumer having the specified key does not exist`",
        "401",
    ),
    Defect::new(
        "store/problem-in-other-words",
        "a bad signature is told as `signature_invalid`, as older protocols did",
        "store-problem-body",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) {
                    reword(response, |body| {
                        body.replace(
                            "The+signature+is+invalid.+Verify+and+try+again.",
                            "signature_invalid",
                        )
                    });
                }
            });
        },
    )
    .named_by(
        "signature/request-token/random",
        "401 `The signature is invalid. Verify and try again.`",
        "401 `signature_invalid`",
    ),
    Defect::new(
        "store/problem-not-encoded",
        "markup in a method's name comes back as it was sent",
        "store-no-markup",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_endpoint(request) && response.status == 400 {
                    reword(response, |body| {
                        body.replace("%3C", "<").replace("%3E", ">")
                    });
                }
            });
        },
    )
    .named_by(
        "signature/method/markup",
        "exactly 400",
        "400 (text/html; charset=UTF-8)",
    ),
    Defect::new(
        "store/bad-timestamp-is-a-bad-request",
        "a timestamp out of range is told with status 400",
        "store-timestamp-sentence",
        |faults| {
            faults.leaving.push(|_, response| {
                let told = String::from_utf8_lossy(&response.body).replace('+', " ");
                if told.contains("An error occurred validating the nonce") {
                    response.status = 400;
                }
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/38019")
    .named_by(
        "replay/timestamp/letters",
        "401 `An error occurred validating the nonce`",
        "400 `An error occurred validating the nonce`",
    ),
];
