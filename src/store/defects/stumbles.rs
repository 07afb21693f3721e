//! Errors of the server at what nobody should send: where a store may let a weakness be or refuse, it stumbles instead.

use crate::oauth::{self, Outcome, Problem, Rejection, Step, TokenKind};
use crate::store::Store;
use crate::wire::{Request, Response};

use super::Defect;
use super::order::{has_unknown_token, is_badly_signed};
use super::signed::Signed;

/// What a web server says for a program that has ended badly.
fn fault() -> Response {
    let body = "{\"message\":\"Internal Error. Details are available in Magento log file. Report ID: webapi-0\"}";
    Response::new(500, "application/json; charset=utf-8", body)
}

fn authorization(request: &Request) -> &str {
    request.headers.first("Authorization").unwrap_or_default()
}

/// The request as the signature check reads it.
fn signed<'a>(store: &'a Store, request: &'a Request) -> Signed<'a> {
    let scheme = store.options().base_url.split("://").next();
    Signed {
        store,
        step: Step::Resource,
        request: oauth::Request {
            method: &request.method,
            scheme: scheme.unwrap_or("http"),
            host: request.headers.first("Host").unwrap_or_default(),
            target: &request.target,
            authorization: request.headers.first("Authorization"),
            content_type: request.headers.first("Content-Type"),
            body: &request.body,
        },
        consumer: None,
        token: None,
    }
}

/// Whether a value of 32 characters is written in capitals.
fn is_upper_cased(value: &str) -> bool {
    value.len() == 32
        && !value.bytes().any(|byte| byte.is_ascii_lowercase())
        && value.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether nobody who has the secrets has written the OAuth header.
fn is_forged(store: &Store, request: &Request) -> bool {
    let signed = signed(store, request);
    signed.value("oauth_consumer_key").is_some()
        && (signed.value("oauth_nonce").is_none()
            || has_unknown_token(&signed)
            || is_badly_signed(&signed))
}

/// An error of the server in place of an answer, when the expression holds.
macro_rules! stumbling {
    (|$store:ident, $request:ident| $strange:expr) => {
        |faults| {
            faults.instead.push(|$store, $request| {
                let strange: bool = $strange;
                strange.then(fault)
            });
        }
    };
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/old-timestamp-is-a-fault",
        "a timestamp of an hour ago is an error of the server",
        "rfc5849-3.3-old-timestamps",
        stumbling!(|store, request| {
            let stamp = signed(store, request).value("oauth_timestamp");
            let stamp = stamp.and_then(|stamp| stamp.parse::<i64>().ok());
            stamp.is_some_and(|stamp| stamp > 0 && stamp <= store.now().0 - 3600)
        }),
    )
    .named_by("replay/timestamp/hour-old", "200 a token, or status 400", "500"),
    Defect::new(
        "store/cleaned-nonce-is-a-fault",
        "a nonce that a clean-up has forgotten is an error of the server when it comes again",
        "store-nonce-cleanup",
        stumbling!(|store, request| {
            let signed = signed(store, request);
            let stamp = signed.value("oauth_timestamp").unwrap_or_default();
            let old = stamp.parse::<i64>().is_ok_and(|stamp| stamp <= store.now().0 - 7200);
            let nonce = signed.value("oauth_nonce").unwrap_or_default();
            old && store
                .faults()
                .is_some_and(|faults| !faults.words().insert(format!("old nonce {nonce}")))
        }),
    )
    .named_by("replay/nonce/clean-up", "a status of the 200s", "500"),
    Defect::new(
        "store/other-case-is-a-fault",
        "a key or a token in capitals is an error of the server",
        "store-case-insensitive",
        stumbling!(|store, request| {
            let signed = signed(store, request);
            let bearer = authorization(request).strip_prefix("Bearer ");
            ["oauth_consumer_key", "oauth_token"]
                .into_iter()
                .filter_map(|name| signed.value(name))
                .any(|value| is_upper_cased(&value))
                || bearer.is_some_and(is_upper_cased)
        }),
    )
    .named_by("rest/token/upper-cased", "a status of the 200s", "500"),
    Defect::new(
        "store/empty-nonce-is-a-fault",
        "an empty nonce is an error of the server",
        "store-empty-is-present",
        stumbling!(|store, request| signed(store, request)
            .value("oauth_nonce")
            .is_some_and(|nonce| nonce.is_empty())),
    )
    .named_by("parameters/empty/nonce", "200 a token, or status 400", "500"),
    Defect::new(
        "store/forged-header-is-a-fault",
        "a forged OAuth header on a route that is open to everybody is an error of the server",
        "store-lazy-identity",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let open = request.target.starts_with("/rest/") && response.status == 200;
                if open && is_forged(store, request) {
                    *response = fault();
                }
            });
        },
    )
    .named_by("rest/anonymous/bad-signature", "a status of the 200s", "500"),
    Defect::new(
        "store/foreign-host-is-a-fault",
        "a Host that is not the store's is an error of the server",
        "store-foreign-host",
        stumbling!(|store, request| {
            let host = request.headers.first("Host").unwrap_or_default();
            let rest = store.options().base_url.split("://").nth(1).unwrap_or_default();
            let own = rest.split('/').next().unwrap_or_default();
            !host.eq_ignore_ascii_case(own) && host.ends_with(".example")
        }),
    )
    .named_by("url/foreign-host", "a status of the 200s", "500"),
    Defect::new(
        "store/forwarded-scheme-is-a-fault",
        "X-Forwarded-Proto is an error of the server",
        "store-forwarded-proto",
        stumbling!(|_store, request| request.headers.first("X-Forwarded-Proto").is_some()),
    )
    .named_by("url/forwarded-proto", "a status of the 200s", "500"),
    Defect::new(
        "store/bad-signature-blocks-its-nonce",
        "the nonce of a badly signed request belongs to a token that is unknown from then on",
        "store-nonce-burnt-first",
        |faults| {
            faults.first.push(|signed| {
                let nonce = signed.value("oauth_nonce")?;
                let faults = signed.store.faults()?;
                let blocked = faults.words().contains(&format!("blocked {nonce}"));
                blocked.then(|| Rejection::of(Problem::TokenUnknown))
            });
            faults.verdict.push(|signed, outcome| {
                let bad = matches!(&outcome, Outcome::Rejected(rejection) if rejection.problem == Problem::SignatureInvalid);
                if let (true, Some(faults), Some(nonce)) =
                    (bad, signed.store.faults(), signed.value("oauth_nonce"))
                {
                    faults.words().insert(format!("blocked {nonce}"));
                }
                outcome
            });
        },
    )
    .named_by(
        "replay/nonce/burnt-by-bad-signature",
        "a status of the 200s",
        "401 {\"message\":\"Specified token does not exist\"}",
    ),
    Defect::new(
        "store/odd-bearer-is-a-fault",
        "a bearer that is no access token of an active integration is an error of the server",
        "store-bearer-unchecked",
        stumbling!(|store, request| {
            let storage = store.storage();
            let token = authorization(request).strip_prefix("Bearer ");
            let row = token.and_then(|token| storage.token(token).ok().flatten());
            row.is_some_and(|row| {
                let owner = storage.integration_of(row.consumer_id).ok().flatten();
                let active = owner.is_some_and(|owner| owner.status == crate::integration::Status::Active);
                row.kind != TokenKind::Access || !active
            })
        }),
    )
    .named_by("bearer/on/request-token", "a status of the 200s", "500"),
    Defect::new(
        "store/password-in-the-query-is-a-fault",
        "a password in the query is an error of the server",
        "store-credentials-in-query",
        stumbling!(|_store, request| request.target.contains("password=")),
    )
    .named_by("person-token/in-query", "400", "500"),
    Defect::new(
        "store/array-shows-a-path",
        "an array in a form body shows where the program lies",
        "store-no-paths",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let body = String::from_utf8_lossy(&request.body);
                if body.starts_with("a[]=") || body.starts_with("a%5B%5D=") {
                    let text = "oauth_problem=Array+to+string+conversion+in+%2Fvar%2Fwww%2Fhtml%2Fvendor%2Fframework%2FRequest.php";
                    *response = Response::new(400, "text/html; charset=UTF-8", text);
                }
            });
        },
    )
    .named_by("placement/form/array", "no file path", "Request.php"),
];
