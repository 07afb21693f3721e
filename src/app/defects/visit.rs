//! The merchant's visit: the identity link, the sign-in, and the way back.

use crate::text::percent;
use crate::wire::{Request, Response};

use super::Defect;
use super::faults::Guard;

fn reword(response: &mut Response, change: impl FnOnce(&str) -> String) {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    response.body = change(&text).into_bytes();
}

fn without(response: &mut Response, name: &str) {
    let kept = response
        .headers
        .iter()
        .filter(|(other, _)| !other.eq_ignore_ascii_case(name));
    response.headers = kept
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
}

fn is_link(request: &Request) -> bool {
    request.target.split('?').next() == Some("/login")
}

/// Changes each cookie that an answer sets.
fn cookies(response: &mut Response, change: fn(&str) -> String) {
    let changed = response.headers.iter().map(|(name, value)| {
        let value = if name.eq_ignore_ascii_case("set-cookie") {
            change(value)
        } else {
            value.to_owned()
        };
        (name.to_owned(), value)
    });
    response.headers = changed.collect();
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "app/returns-anywhere",
        "the browser is sent wherever success_call_back says",
        "app/link/elsewhere/other-host",
        |faults| faults.leave_out(Guard::Return),
    ),
    Defect::new(
        "app/returns-though-it-failed",
        "the browser is sent back although the exchange failed",
        "app/link/failure/request-token",
        |faults| faults.leave_out(Guard::ReturnAfterSuccess),
    ),
    Defect::new(
        "app/return-decoded-twice",
        "success_call_back is decoded once too often",
        "app/link/returns-byte-for-byte",
        |faults| {
            faults
                .way_back
                .push(|back, _| percent::decode_text(back).into_owned());
        },
    ),
    Defect::new(
        "app/return-without-its-key",
        "the secret key is cut off success_call_back",
        "app/link/returns",
        |faults| {
            faults.way_back.push(|back, _| {
                let kept = back.split("/key/").next().unwrap_or_default();
                format!("{kept}/")
            });
        },
    ),
    Defect::new(
        "app/secret-in-the-address",
        "the address to which the browser is sent back has the consumer's secret",
        "app/link/no-secrets",
        |faults| {
            faults.way_back.push(|back, credentials| {
                format!("{back}?connected={}", credentials.consumer_secret.expose())
            });
        },
    ),
    Defect::new(
        "app/unknown-key-welcome",
        "the identity link welcomes a consumer key that nobody has posted",
        "app/link/unknown-key-said",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_link(request) && request.method == "GET" && response.status == 404 {
                    response.status = 200;
                }
            });
        },
    ),
    Defect::new(
        "app/pages-not-escaped",
        "markup in a consumer key is markup in the page",
        "app/link/markup/key",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_link(request) {
                    reword(response, |page| {
                        page.replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&#60;", "<")
                            .replace("&#62;", ">")
                    });
                }
            });
        },
    ),
    Defect::new(
        "app/login-without-form-token",
        "the sign-in after the identity link needs no form token",
        "app/link/forged-login",
        |faults| faults.leave_out(Guard::FormToken),
    ),
    Defect::new(
        "app/store-of-another-account",
        "a store is handed to whoever opens its identity link last",
        "app/link/other-account",
        |faults| faults.leave_out(Guard::Owner),
    ),
    Defect::new(
        "app/cookie-for-scripts",
        "scripts can read the session's cookie",
        "app/link/cookie/http-only",
        |faults| {
            faults.leaving.push(|_, _, response| {
                cookies(response, |value| value.replace("; HttpOnly", ""));
            });
        },
    ),
    Defect::new(
        "app/cookie-for-other-sites",
        "other sites can send the session's cookie",
        "app/link/cookie/same-site",
        |faults| {
            faults.leaving.push(|_, _, response| {
                cookies(response, |value| {
                    value
                        .replace("; SameSite=Lax", "")
                        .replace("; SameSite=Strict", "")
                });
            });
        },
    ),
    Defect::new(
        "app/pages-framed",
        "any site may frame the app's pages",
        "app/link/framing",
        |faults| {
            faults.leaving.push(|_, _, response| {
                without(response, "Content-Security-Policy");
                without(response, "X-Frame-Options");
            });
        },
    ),
];
