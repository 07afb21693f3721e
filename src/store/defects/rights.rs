//! Who is let in and with what, beyond the grants themselves.

use crate::acl::{Grant, ResourceId};
use crate::store::caller::Caller;
use crate::store::rest_sentence as sentence;
use crate::store::{Store, settings};
use crate::wire::{Request, Response};

use super::Defect;

/// The refusal of a caller without rights.
fn unauthorized() -> Response {
    let body = format!("{{\"message\":\"{}\"}}", sentence::NOT_AUTHORIZED);
    Response::new(401, "application/json; charset=utf-8", body)
}

/// What the integration was granted whose access token the OAuth header names.
fn granted(store: &Store, request: &Request) -> Option<Grant> {
    let header = request.headers.first("Authorization")?;
    let (_, rest) = header.split_once("oauth_token=\"")?;
    let token = store.storage().token(rest.split('"').next()?).ok()??;
    let integration = store.storage().integration_of(token.consumer_id).ok()??;
    store.storage().grant(integration.id).ok()
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/nothing-opens-nothing",
        "an integration without resources may not even read what is open to everybody",
        "guide-anonymous-routes",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let open = request.target.starts_with("/rest/") && response.status == 200;
                if open && granted(store, request) == Some(Grant::Nothing) {
                    *response = unauthorized();
                }
            });
        },
    )
    .named_by("acl/grant/nothing-anonymous", "a status of the 200s", "401"),
    Defect::new(
        "store/everything-without-the-root",
        "all resources do not hold Magento_Backend::admin",
        "guide-all-resources",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let root = asked.resource == ResourceId::ADMIN && asked.grant() == Grant::All;
                allowed && !root
            });
        },
    )
    .named_by("acl/grant/all-modules", "a status of the 200s", "401"),
    Defect::new(
        "store/list-beats-everything",
        "a list that is sent beside Resource Access All counts",
        "guide-all-resources",
        |faults| {
            faults.arriving.push(|_, request| {
                let body = String::from_utf8_lossy(&request.body).into_owned();
                let listed = body.contains("resource%5B%5D=") || body.contains("resource[]=");
                if request.target.contains("/integration/save") && listed {
                    request.body = body
                        .replace("all_resources=1", "all_resources=0")
                        .into_bytes();
                }
            });
        },
    )
    .named_by(
        "acl/granted/everything-by-choice",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/currencies-closed",
        "a guest may not read the currencies",
        "guide-anonymous-routes",
        |faults| {
            faults.instead.push(|_, request| {
                let guest = request.headers.first("Authorization").is_none();
                let asked = request.target.starts_with("/rest/V1/directory/currency");
                (guest && asked).then(unauthorized)
            });
        },
    )
    .named_by("guest/open/currency", "a status of the 200s", "401"),
    Defect::new(
        "store/bearer-instead-of-signature",
        "where access tokens work as bearer, a signature does not",
        "guide-signed-call",
        |faults| {
            faults.calling.push(|calling, found| {
                let on = calling.store.is_on(settings::BEARER).unwrap_or_default();
                match found {
                    Ok(Caller::Integration(_)) if on && calling.credentials("OAuth").is_some() => {
                        Ok(Caller::Guest)
                    }
                    found => found,
                }
            });
        },
    )
    .named_by(
        "bearer/on/signed-still-works",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/unknown-key-forbidden",
        "a consumer key that nobody has is told on REST with status 403",
        "store-consumer-known",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let told = response
                    .text()
                    .contains("A consumer having the specified key");
                if request.target.starts_with("/rest/") && told {
                    response.status = 403;
                }
            });
        },
    )
    .named_by(
        "request-token/key/unknown-on-rest",
        "401 {\"message\":\"A consumer having the specified key does not exist\"}",
        "403 {\"message\":\"A consumer having the specified key does not exist\"}",
    ),
];
