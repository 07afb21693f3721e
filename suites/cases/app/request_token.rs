//! # The request for a request token
//!
//! Within 300 s of the credentials POST the app asks for a request token below the base URL that was posted, with protocol parameters in one
//! `Authorization` field and a signature that the release accepts.
//!
//! Source: docs/protocol/token-endpoints.md, docs/protocol/signatures.md, docs/protocol/apps.md#the-exchange.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use magespec::conformance::{
    Case, Host, Level, Moment, Need, Outcome, Seen, Shape, Stop, Theatre, VisitEnd, When,
};
use magespec::doctor::Family;

/// A look at every request of this kind in the first handshake.
fn each(
    theatre: &Theatre<'_>,
    when: When,
    expected: &str,
    wrong: impl Fn(&Seen) -> Option<String>,
) -> Outcome {
    theatre.all(expected, theatre.first_of(when)?, |seen| wrong(seen))
}

/// The token endpoints' requests of the first handshake.
fn both(theatre: &Theatre<'_>, expected: &str, wrong: impl Fn(&Seen) -> Option<String>) -> Outcome {
    let mut seen = theatre.first_of(When::RequestToken)?;
    let first = theatre.first()?;
    seen.extend(first.of(When::AccessToken));
    theatre.all(expected, seen, |seen| wrong(seen))
}

/// The path of a token endpoint below a base URL.
pub(super) fn below(base: &str, path: &str) -> String {
    let rest = base.splitn(4, '/').nth(3).unwrap_or_default();
    format!("/{rest}{path}")
}

/// Seconds that the request's timestamp is ahead of the moment in which it came; none when it is no number.
fn ahead(seen: &Seen) -> Option<i64> {
    let stamp: i64 = seen.parameter("oauth_timestamp")?.parse().ok()?;
    let came = SystemTime::now().checked_sub(seen.at.elapsed())?;
    let came = came.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(stamp - i64::try_from(came).ok()?)
}

fn stamp_of(seen: &Seen) -> String {
    let stamp = seen.parameter("oauth_timestamp");
    format!(
        "oauth_timestamp {}",
        stamp.unwrap_or_else(|| "absent".to_owned())
    )
}

/// A whole handshake with a store whose base URL looks so; each request keeps all of it.
fn keeps(theatre: &Theatre<'_>, shape: Shape) -> Outcome {
    theatre.is_sound()?;
    let play = theatre.opens_at(shape)?;
    play.through()?;
    let base = play.store.base_url();
    for (when, path) in [
        (When::RequestToken, "oauth/token/request"),
        (When::AccessToken, "oauth/token/access"),
    ] {
        for seen in play.of(when) {
            theatre.holds(
                seen.path() == below(&base, path),
                &below(&base, path),
                seen.path(),
            )?;
        }
    }
    theatre.is_connected(&play)
}

/// Why the app may have asked for nothing although it is right.
fn excuse(theatre: &Theatre<'_>) -> Result<Option<Stop>, Stop> {
    let first = theatre.first()?;
    let ends = first.visits.last().map(|visit| &visit.end);
    Ok(match ends {
        Some(VisitEnd::Login) => Some(Stop::lacks(Need::Login)),
        None if theatre.house().target.identity.is_none() => Some(Stop::lacks(Need::Identity)),
        _ => None,
    })
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/request-token/arrives",
        "a request token is asked for within the window, at the store's endpoint",
        |theatre| {
            theatre.recall();
            let first = theatre.first()?;
            let asked = first.of(When::RequestToken).next();
            let (Some(asked), Some(posted)) = (asked, first.posted.first()) else {
                if let Some(stop) = excuse(theatre)? {
                    return Err(stop);
                }
                let wait = theatre.house().target.wait.as_secs();
                return theatre.holds(
                    false,
                    &format!("a request to oauth/token/request, at the latest {wait} s after the login; an app that takes longer: --wait"),
                    first.told(),
                );
            };
            theatre.holds(
                asked.at.duration_since(posted.at) < Duration::from_mins(5),
                "a request within 300 s of the credentials POST",
                format!("{:.0} s", asked.at.duration_since(posted.at).as_secs_f64()),
            )?;
            theatre.holds(
                asked.path() == below(&first.base_url, "oauth/token/request"),
                &below(&first.base_url, "oauth/token/request"),
                asked.path(),
            )
        },
    )
    .covers(&["app-request-arrives"])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/base-url/index-php",
        "`index.php/` of the base URL is kept",
        |theatre| {
            keeps(
                theatre,
                Shape {
                    index_php: true,
                    ..Shape::default()
                },
            )
        },
    )
    .covers(&["app-request-base-url"])
    .needs(&[Need::TwoStores])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/base-url/folder",
        "the folder of the base URL is kept",
        |theatre| {
            keeps(
                theatre,
                Shape {
                    folder: "/shop",
                    ..Shape::default()
                },
            )
        },
    )
    .covers(&["app-request-base-url"])
    .needs(&[Need::TwoStores])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/base-url/upper-case",
        "a host in upper case is called, and signed as it is sent",
        |theatre| {
            keeps(
                theatre,
                Shape {
                    host: Host::UpperCase,
                    ..Shape::default()
                },
            )
        },
    )
    .covers(&["app-request-base-url"])
    .needs(&[Need::TwoStores])
    .measured(),
    Case::app(
        Level::Should,
        "app/request-token/method",
        "the token endpoints are called with POST",
        |theatre| {
            both(theatre, "POST", |seen| {
                (seen.request.method != "POST").then(|| seen.request.method.clone())
            })
        },
    )
    .covers(&["app-request-method"])
    .guide("authentication guide, OAuth-based authentication"),
    Case::app(
        Level::Must,
        "app/request-token/placement",
        "the protocol parameters stand in one Authorization field",
        |theatre| {
            both(
                theatre,
                "one field `Authorization: OAuth …`, and no protocol parameter elsewhere",
                |seen| {
                    let fields: Vec<&str> = seen.request.headers.all("Authorization").collect();
                    let body = String::from_utf8_lossy(&seen.request.body);
                    let signed = "oauth_consumer_key=";
                    match fields.as_slice() {
                        [] if seen.query().contains(signed) => Some("them in the query".to_owned()),
                        [] if body.contains(signed) => Some("them in the body".to_owned()),
                        [] => Some("no Authorization field".to_owned()),
                        [_, _, ..] => Some(format!("{} Authorization fields", fields.len())),
                        [field] if !field.to_ascii_lowercase().starts_with("oauth ") => {
                            Some(format!("the scheme {}", field.split(' ').next().unwrap_or_default()))
                        }
                        [_] if seen.query().contains("oauth_") || body.contains("oauth_") => {
                            Some("some of them in query or body as well".to_owned())
                        }
                        [_] => None,
                    }
                },
            )
        },
    )
    .covers(&["app-request-placement"])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/signature-method",
        "the signature method is one that the release takes",
        |theatre| {
            let methods = theatre.profile().methods.iter();
            let taken: Vec<&str> = methods.map(|method| method.name()).collect();
            both(theatre, &taken.join(" or "), |seen| {
                let method = seen.parameter("oauth_signature_method");
                let method = method.unwrap_or_else(|| "none".to_owned());
                (!taken.contains(&method.as_str())).then_some(method)
            })
        },
    )
    .covers(&["app-request-signature-method"])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/signature",
        "the request for a request token is signed right",
        |theatre| {
            each(
                theatre,
                When::RequestToken,
                "a signature that the store accepts",
                |seen| {
                    let judged = theatre.judge(seen);
                    (!judged.is_right()).then(|| judged.sentence())
                },
            )
        },
    )
    .covers(&["app-request-signature"])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/key",
        "the request for a request token is keyed with the consumer secret and an ampersand",
        |theatre| {
            let asked = theatre.first_of(When::RequestToken)?;
            let mut other = false;
            for seen in asked {
                let judged = theatre.judge(seen);
                if judged.is_of(Family::Key) {
                    return theatre.holds(
                        false,
                        "the key `consumer secret&`",
                        judged.sentence(),
                    );
                }
                other |= !judged.is_right();
            }
            if other {
                return Err(Stop::NotApplicable(
                    "the signature is wrong for another reason, which app/request-token/signature names".into(),
                ));
            }
            theatre.holds(true, "", "")
        },
    )
    .covers(&["app-request-key"])
    .rfc("5849 section 3.4.2"),
    Case::app(
        Level::Must,
        "app/request-token/no-token",
        "the request for a request token carries no token",
        |theatre| {
            each(
                theatre,
                When::RequestToken,
                "no oauth_token, or an empty one",
                |seen| {
                    let token = seen.parameter("oauth_token").unwrap_or_default();
                    (!token.is_empty()).then(|| format!("a token of {} characters", token.len()))
                },
            )
        },
    )
    .covers(&["app-request-no-token"])
    .measured(),
    Case::app(
        Level::Must,
        "app/request-token/timestamp/in-seconds",
        "the timestamp counts seconds, and is not ten minutes ahead",
        |theatre| {
            both(theatre, "seconds since 1970, at most 600 ahead", |seen| {
                let wrong = ahead(seen).is_none_or(|ahead| ahead > 600);
                wrong.then(|| stamp_of(seen))
            })
        },
    )
    .covers(&["app-request-timestamp"])
    .measured(),
    Case::app(
        Level::Should,
        "app/request-token/timestamp/right",
        "the timestamp is the time of day",
        |theatre| {
            both(theatre, "the time within a minute", |seen| {
                let wrong = ahead(seen).is_none_or(|ahead| ahead.abs() > 60);
                wrong.then(|| stamp_of(seen))
            })
        },
    )
    .covers(&["app-request-timestamp"])
    .rfc("5849 section 3.3"),
    Case::app(
        Level::Must,
        "app/request-token/version",
        "the version is 1.0 or left out",
        |theatre| {
            both(theatre, "oauth_version 1.0, or none", |seen| {
                let mut versions = seen.parameters().into_iter();
                let other = versions.find(|(name, value)| name == "oauth_version" && value != "1.0");
                other.map(|(_, version)| version)
            })
        },
    )
    .covers(&["app-request-version"])
    .measured(),
    Case::app(
        Level::Should,
        "app/request-token/callback",
        "no callback URL is sent",
        |theatre| {
            each(
                theatre,
                When::RequestToken,
                "no oauth_callback, or `oob`: with a URL there the signature fails on 2.4.8",
                |seen| {
                    seen.parameter("oauth_callback")
                        .filter(|callback| callback != "oob")
                },
            )
        },
    )
    .covers(&["app-request-callback"])
    .measured(),
    Case::app(
        Level::Should,
        "app/request-token/body",
        "the token endpoints get no body, and its length",
        |theatre| {
            both(theatre, "no body and `Content-Length: 0`", |seen| {
                let length = seen.request.headers.first("Content-Length");
                let needed = seen.request.method == "POST";
                if !seen.request.body.is_empty() {
                    Some(format!("{} bytes of body", seen.request.body.len()))
                } else if needed && length != Some("0") {
                    Some("no Content-Length, which proxies refuse with 411".to_owned())
                } else {
                    None
                }
            })
        },
    )
    .covers(&["app-request-body"])
    .derived("docs/protocol/token-endpoints.md#the-body"),
    Case::app(
        Level::Should,
        "app/request-token/moment",
        "the exchange is set off by the handshake",
        |theatre| {
            if let Some(stop) = excuse(theatre)? {
                return Err(stop);
            }
            let moment = theatre.house().door().moment;
            theatre.holds(
                moment != Moment::Never,
                "an exchange inside the POST, after it, at the link or after the login",
                theatre.first()?.told(),
            )
        },
    )
    .covers(&["app-request-arrives"])
    .derived("docs/protocol/apps.md#the-exchange"),
];
