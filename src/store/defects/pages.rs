//! What actions of the panel do and say, beside their guards.

use crate::integration::Token;
use crate::store::Store;
use crate::wire::{Request, Response};

use super::Defect;
use super::answers::reword;
use super::asked::{action, meant};

/// The tokens of the integration whose id stands in the address.
fn tokens(store: &Store, request: &Request) -> Vec<Token> {
    let storage = store.storage();
    let integration = meant(request).and_then(|id| storage.integration(id).ok().flatten());
    let consumer = integration.and_then(|row| row.consumer_id);
    consumer.map_or_else(Vec::new, |id| storage.tokens_of(id).unwrap_or_default())
}

/// Changes the last address of the grid's script.
fn return_address(request: &Request, response: &mut Response, change: fn(&str) -> String) {
    if action(request, "index").is_none() {
        return;
    }
    reword(response, |page| {
        let Some(at) = page.find("loginSuccessCallback") else {
            return page.to_owned();
        };
        let start = page[..at].rfind('\'').map_or(0, |quote| quote + 1);
        let end = page[at..]
            .find('\'')
            .map_or(page.len(), |length| at + length);
        let address = page[start..end].replace("\\u003A", ":");
        let address = address.replace("\\u002F", "/");
        format!("{}{}{}", &page[..start], change(&address), &page[end..])
    });
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/pages-for-strangers",
        "four actions of the panel do not ask for a session",
        "panel-session",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let open = [
                    "new",
                    "tokensDialog",
                    "tokensExchange",
                    "loginSuccessCallback",
                ];
                let asked = open.iter().any(|name| action(request, name).is_some());
                let text = response.text();
                let stopped = text.contains("ajaxExpired") || text.contains("login[username]");
                if asked && stopped {
                    let page =
                        "<!doctype html>\n<title>Integrations</title>\n<p>New Integration</p>\n";
                    *response = Response::new(200, "text/html; charset=UTF-8", page);
                }
            });
        },
    )
    .named_by(
        "panel/session/page/new",
        "200 with the sign-in form, and with the session another page",
        "New Integration",
    ),
    Defect::new(
        "store/pop-up-with-another-key",
        "the answer that opens the pop-up names another consumer key than the one that was posted",
        "guide-identity-link",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "tokensExchange").is_none() {
                    return;
                }
                reword(response, |body| {
                    let Some((before, rest)) = body.split_once("\"oauth_consumer_key\":\"") else {
                        return body.to_owned();
                    };
                    let (key, after) = rest.split_once('"').unwrap_or((rest, ""));
                    let other: String = key.chars().rev().collect();
                    format!("{before}\"oauth_consumer_key\":\"{other}\"{after}")
                });
            });
        },
    )
    .named_by("pop-up/answer/key", "key `", "key `"),
    Defect::new(
        "store/save-revokes-the-token",
        "a save of an active integration revokes its access token",
        "store-save-keeps-tokens",
        |faults| {
            faults.leaving.push(|(store, request), _| {
                if action(request, "save").is_none() {
                    return;
                }
                for row in tokens(store, request) {
                    // A row that cannot be written stays as it is, and the defect goes unnoticed.
                    let _ = store.storage().replace_token(&Token {
                        revoked: true,
                        ..row
                    });
                }
            });
        },
    )
    .named_by(
        "panel/save/keeps-the-token",
        "a status of the 200s",
        "401 {\"message\":\"Access token has been revoked\"}",
    ),
    Defect::new(
        "store/delete-says-nothing",
        "after a deletion the grid says nothing",
        "panel-delete",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| page.replace("has been deleted.", ""));
                }
            });
        },
    )
    .named_by(
        "panel/delete/gone",
        "has been deleted.",
        "Warning! Integrations not using HTTPS",
    ),
    Defect::new(
        "store/return-address-elsewhere",
        "success_call_back names the host of the installer",
        "store-return-address",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                return_address(request, response, |address| {
                    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
                    format!("http://localhost/{path}")
                });
            });
        },
    )
    .named_by(
        "pop-up/return-address/whole",
        "an address that begins with http",
        "http://localhost/",
    ),
    Defect::new(
        "store/return-address-without-key",
        "success_call_back has no secret key",
        "store-return-address",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                return_address(request, response, |address| {
                    let bare = address.split("key/").next();
                    bare.unwrap_or_default().to_owned()
                });
            });
        },
    )
    .named_by(
        "pop-up/return-address/secret-key",
        "`/key/` and 64 hexadecimal digits",
        "loginSuccessCallback/",
    ),
    Defect::new(
        "store/return-address-with-another-key",
        "success_call_back has the secret key of another action",
        "store-return-address",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                return_address(request, response, |address| {
                    let (bare, key) = address.split_once("/key/").unwrap_or((address, ""));
                    let other: String = key.trim_end_matches('/').chars().rev().collect();
                    format!("{bare}/key/{other}/")
                });
            });
        },
    )
    .named_by(
        "pop-up/return-address/leads-back",
        "the page that closes the pop-up",
        "status ",
    ),
];
