//! Tokens of administrators and customers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::storage::AccountKind;
use crate::store::caller::Caller;
use crate::wire::Request;

use super::Defect;
use super::answers::reword;
use super::faults::{Calling, Guard};

/// The parts of a web token that came as bearer, read without asking who signed it.
fn unsigned(calling: &Calling<'_>) -> Option<(Value, Value, String)> {
    let token = calling.credentials("Bearer")?;
    let mut parts = token.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let read = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    if parts.next().is_some() {
        return None;
    }
    Some((read(header)?, read(claims)?, signature.to_owned()))
}

/// Whom the claims name.
fn named(claims: &Value) -> Option<Caller> {
    let id = claims["uid"].as_i64()?;
    match claims["utypid"].as_i64()? {
        2 => Some(Caller::Admin(id)),
        3 => Some(Caller::Customer(id)),
        _ => None,
    }
}

fn has_expired(calling: &Calling<'_>, claims: &Value) -> bool {
    claims["exp"]
        .as_i64()
        .is_none_or(|end| end <= calling.store.now().0)
}

fn is_token_route(request: &Request) -> bool {
    let path = request.target.split('?').next().unwrap_or_default();
    path.ends_with("/integration/admin/token") || path.ends_with("/integration/customer/token")
}

const FAILURES: &str = "oauth/authentication_lock/max_failures_count";
const LOCK: &str = "oauth/authentication_lock/timeout";

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/any-password",
        "any password opens an account",
        "guide-person-token-refused",
        |faults| faults.leave_out(Guard::PersonPassword),
    )
    .named_by("person-token/customer/wrong-password", "401, and as for an unknown name: 401 {\"message\":\"The account sign-in", "200"),
    Defect::new(
        "store/unknown-name-told",
        "an unknown user name is told apart from a wrong password",
        "guide-person-token-refused",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["username"].as_str().unwrap_or_default();
                let known = |kind| store.storage().account(kind, name).ok().flatten().is_some();
                let anybody = known(AccountKind::Admin) || known(AccountKind::Customer);
                if is_token_route(request) && response.status == 401 && !anybody {
                    reword(response, |_| "{\"message\":\"There is no such account.\"}".to_owned());
                }
            });
        },
    )
    .named_by("person-token/customer/wrong-password", "401, and as for an unknown name: 401 {\"message\":\"There is no such", "401 {\"message\":\"The account sign-in was incorrect or your account is"),
    Defect::new(
        "store/sign-in-refused-in-other-words",
        "a wrong password is told as such",
        "guide-person-token-refused",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_route(request) && response.status == 401 {
                    reword(response, |body| {
                        body.replace(
                            "The account sign-in was incorrect or your account is disabled temporarily.",
                            "The password is wrong.",
                        )
                    });
                }
            });
        },
    )
    .named_by("person-token/sentence", "401 {\"message\":\"The account sign-in was incorrect or your account is", "401 {\"message\":\"The password is wrong. Please wait and try again"),
    Defect::new(
        "store/no-throttle",
        "a password may be tried as often as one likes",
        "store-throttle",
        |faults| {
            faults.setting.push(|path, value| match path {
                FAILURES => Some("1000000".to_owned()),
                _ => value,
            });
        },
    )
    .named_by("person-token/throttle/admin-six", "401 after six failures, 401 after 29 minutes, and a token after half", "\", then 200"),
    Defect::new(
        "store/throttle-of-three",
        "three failures lock an account",
        "store-throttle",
        |faults| {
            faults.setting.push(|path, value| match path {
                FAILURES => Some("3".to_owned()),
                _ => value,
            });
        },
    )
    .named_by("person-token/throttle/admin-five", "a token after five failures", "401 {\"message\":\"The account sign-in was incorrect or your account is"),
    Defect::new(
        "store/throttle-of-a-minute",
        "a lock lasts for a minute",
        "store-throttle",
        |faults| {
            faults.setting.push(|path, value| match path {
                LOCK => Some("60".to_owned()),
                _ => value,
            });
        },
    )
    .named_by("person-token/throttle/customer-six", "401 after six failures, 401 after 29 minutes, and a token after half", "401 {\"message\":\"The account sign-in was incorrect or your account is"),
    Defect::new(
        "store/throttle-by-case",
        "a name in another case has failures of its own",
        "store-throttle",
        |faults| {
            faults.counting.push(|(kind, name)| {
                let raised = name.chars().filter(|letter| letter.is_uppercase()).count();
                (kind, format!("{name}{raised}"))
            });
        },
    )
    .named_by("person-token/throttle/other-case", "401 after three failures in each case, and a token after half an hour", "\", then 200"),
    Defect::new(
        "store/closed-administrator-gets-a-token",
        "a closed administrator gets a token",
        "person-token-inactive-admin",
        |faults| faults.account.push(|account| account.active = true),
    )
    .named_by("person-token/closed/no-token", "401, and as for a wrong password: 401 {\"message\":\"The account sign-in", "200"),
    Defect::new(
        "store/web-token-unsigned",
        "a web token of the algorithm `none` is good",
        "store-web-token-checked",
        |faults| {
            faults.calling.push(|calling, found| {
                let claims = unsigned(calling).filter(|(header, ..)| header["alg"] == "none");
                match (found, claims) {
                    (Ok(Caller::Guest), Some((_, claims, _))) => {
                        Ok(named(&claims).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                }
            });
        },
    )
    .named_by("person-token/web-token/no-algorithm", "401 {\"message\":\"The consumer isn't authorized to access", "200 [{"),
    Defect::new(
        "store/web-token-signature-not-checked",
        "the signature of a web token is not checked",
        "store-web-token-checked",
        |faults| {
            faults.calling.push(|calling, found| {
                let claims = unsigned(calling).filter(|(header, claims, _)| {
                    header["alg"] == "HS256" && !has_expired(calling, claims)
                });
                match (found, claims) {
                    (Ok(Caller::Guest), Some((_, claims, _))) => {
                        Ok(named(&claims).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                }
            });
        },
    )
    .named_by("person-token/web-token/signature", "401 {\"message\":\"The consumer isn't authorized to access", "200 [{"),
    Defect::new(
        "store/web-token-never-expires",
        "an expired web token works on",
        "store-web-token-expiry",
        |faults| {
            faults.calling.push(|calling, found| {
                let claims = unsigned(calling).filter(|(_, claims, _)| has_expired(calling, claims));
                match (found, claims) {
                    (Ok(Caller::Guest), Some((_, claims, _))) => {
                        Ok(named(&claims).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                }
            });
        },
    )
    .named_by("person-token/web-token/expired", "401 {\"message\":\"The consumer isn't authorized to access", "200 [{"),
    Defect::new(
        "store/web-token-of-a-day",
        "a web token is made out for a day",
        "store-web-token",
        |faults| {
            faults.claims.push(|claims| {
                const DAY: i64 = 24 * 3600;
                claims["exp"] = (claims["iat"].as_i64().unwrap_or_default() + DAY).into();
            });
        },
    )
    .named_by("person-token/web-token/claims", "uid, utypid 2, iat, exp = iat + 3600", "\"utypid\":2,"),
    Defect::new(
        "store/revocation-ignored",
        "a revoked customer's token works on",
        "guide-revoke",
        |faults| {
            faults.calling.push(|calling, found| {
                let claims = unsigned(calling).filter(|(header, claims, signature)| {
                    header["alg"] == "HS256"
                        && !signature.is_empty()
                        && claims["utypid"] == 3
                        && !has_expired(calling, claims)
                });
                match (found, claims) {
                    (Ok(Caller::Guest), Some((_, claims, _))) => {
                        Ok(named(&claims).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                }
            });
        },
    )
    .named_by("person-token/customer/revoked", "401 {\"message\":\"The consumer isn't authorized to access", "\",\"created_in\":\"Default Store"),
    Defect::new(
        "store/customer-opens-the-panel",
        "a customer's token opens resources of the panel",
        "guide-self",
        |faults| {
            faults
                .deciding
                .push(|asked, allowed| allowed || matches!(asked.caller, Caller::Customer(_)));
        },
    )
    .named_by("person-token/customer/not-admin", "401 {\"message\":\"The consumer isn't authorized to access", "200 [{"),
    Defect::new(
        "store/token-by-get",
        "a person's token is to be had with GET",
        "guide-person-token",
        |faults| {
            faults.arriving.push(|_, request| {
                if is_token_route(request) && request.method == "GET" {
                    "POST".clone_into(&mut request.method);
                    request.headers.set("Content-Type", "application/json");
                }
            });
        },
    )
    .named_by("person-token/get", "404 {\"message\":\"Request does not match any route.\"}", "400 {\"message\":\"One or more input exceptions have"),
    Defect::new(
        "store/token-by-form",
        "user name and password may come as a form",
        "person-token-input",
        |faults| {
            faults.arriving.push(|_, request| {
                let media = request.headers.first("Content-Type").unwrap_or_default();
                if is_token_route(request) && media.contains("form-urlencoded") {
                    let body = url::form_urlencoded::parse(&request.body);
                    let fields: serde_json::Map<String, Value> = body
                        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
                        .collect();
                    request.body = Value::Object(fields).to_string().into_bytes();
                    request.headers.set("Content-Type", "application/json");
                }
            });
        },
    )
    .named_by("person-token/form", "400 with `Server cannot understand Content-Type HTTP header media", "200"),
    Defect::new(
        "store/empty-fields-not-asked-for",
        "an empty password is a wrong one and not a missing one",
        "guide-person-token-fields",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_route(request) && response.status == 400 {
                    response.status = 401;
                }
            });
        },
    )
    .named_by("person-token/fields/admin/both-empty", "400 {\"message\":\"One or more input exceptions have", "401 {\"message\":\"One or more input exceptions have"),
    Defect::new(
        "store/person-token-in-an-object",
        "a person's token comes in an object",
        "guide-person-token",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_token_route(request) && response.status == 200 {
                    reword(response, |body| format!("{{\"token\":{body}}}"));
                }
            });
        },
    )
    .named_by("person-token/admin/good", "a JSON string", "{\"token\":"),
    Defect::new(
        "store/unknown-person-not-found",
        "a person whom nobody knows is told with status 404",
        "guide-person-token-refused",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                if !is_token_route(request) || response.status != 401 {
                    return;
                }
                let kind = if request.target.contains("/admin/") {
                    AccountKind::Admin
                } else {
                    AccountKind::Customer
                };
                let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = asked["username"].as_str().unwrap_or_default();
                if matches!(store.storage().account(kind, name), Ok(None)) {
                    response.status = 404;
                }
            });
        },
    )
    .named_by("person-token/admin/unknown", "401", "404 {\"message\":"),
    Defect::new(
        "store/expired-person-may-not-read",
        "a web token that has expired is refused on routes that are open to everybody",
        "store-web-token-expiry",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let header = request.headers.first("Authorization").unwrap_or_default();
                let token = header.strip_prefix("Bearer ").unwrap_or_default();
                let claims = token.split('.').nth(1).unwrap_or_default();
                let claims = URL_SAFE_NO_PAD.decode(claims).unwrap_or_default();
                let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
                if claims["exp"].as_i64().is_some_and(|end| end <= store.now().0) {
                    response.status = 401;
                }
            });
        },
    )
    .named_by("person-token/web-token/expired-anonymous", "a status of the 200s", "401"),
];
