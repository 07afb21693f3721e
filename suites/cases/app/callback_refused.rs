//! # What is no credentials POST
//!
//! Anyone can post to a callback endpoint. What no store sends is refused with a status of the 400s, sets no exchange off, and the app goes
//! on working.
//!
//! Source: docs/protocol/apps.md#the-credentials-post.

use std::fmt::Write as _;
use std::time::Duration;

use magespec::conformance::{Case, Level, Outcome, Shape, Stop, Theatre};
use magespec::text::form;
use magespec::wire::Response;

const FORM: &str = "application/x-www-form-urlencoded";

const NAMES: [&str; 4] = [
    "oauth_consumer_key",
    "oauth_consumer_secret",
    "store_base_url",
    "oauth_verifier",
];

/// The four fields as the store could send them, with values that it has never drawn.
fn fields(theatre: &Theatre<'_>) -> Result<Vec<(&'static str, String)>, Stop> {
    let base = theatre.watches(Shape::default())?.store.base_url();
    let value = |name: &str| {
        if name == "store_base_url" {
            base.clone()
        } else {
            theatre.value()
        }
    };
    Ok(NAMES.iter().map(|name| (*name, value(name))).collect())
}

fn encoded(fields: &[(&'static str, String)]) -> String {
    form::encode_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())))
}

/// Each of these forms is refused, and none makes the app call the store.
fn refuses_forms(
    theatre: &Theatre<'_>,
    forms: Vec<(String, Vec<(&'static str, String)>)>,
) -> Outcome {
    let watch = theatre.watches(Shape::default())?;
    let mut taken = Vec::new();
    for (what, form) in forms {
        let answer = theatre.sends(&what, "POST", Some(FORM), encoded(&form))?;
        if !is_refusal(&answer) {
            taken.push(format!("{} {what}", told(&answer)));
        }
    }
    let called = watch.requests();
    theatre.holds(
        called.is_empty(),
        "no call to the store",
        super::told(&called),
    )?;
    theatre.holds(taken.is_empty(), "a status of the 400s", taken.join("; "))
}

/// The form with one field after the other made worse.
fn one_worse(
    theatre: &Theatre<'_>,
    what: &str,
    worse: impl Fn(&mut Vec<(&'static str, String)>, usize),
) -> Outcome {
    let mut forms = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        let mut form = fields(theatre)?;
        worse(&mut form, at);
        forms.push((format!("{what} {name}"), form));
    }
    refuses_forms(theatre, forms)
}

/// This body is refused, and none makes the app call the store.
fn refuses(theatre: &Theatre<'_>, what: &str, kind: Option<&str>, body: Vec<u8>) -> Outcome {
    let watch = theatre.watches(Shape::default())?;
    let (answer, took) = timed(|| theatre.sends(what, "POST", kind, body));
    let answer = answer?;
    let called = watch.requests();
    theatre.holds(
        called.is_empty(),
        "no call to the store",
        super::told(&called),
    )?;
    theatre.holds(
        is_refusal(&answer) && took < Duration::from_secs(5),
        "a status of the 400s within 5 s",
        told(&answer),
    )?;
    theatre.lives_on()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = std::time::Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn is_refusal(answer: &Result<Response, String>) -> bool {
    answer
        .as_ref()
        .is_ok_and(|answer| (400..500).contains(&answer.status))
}

fn told(answer: &Result<Response, String>) -> String {
    match answer {
        Ok(answer) => answer.status.to_string(),
        Err(reason) => format!("no answer: {reason}"),
    }
}

/// A body with this value in place of the consumer key.
fn keyed(theatre: &Theatre<'_>, key: &[u8]) -> Result<Vec<u8>, Stop> {
    let rest = fields(theatre)?.split_off(1);
    let mut body = b"oauth_consumer_key=".to_vec();
    body.extend_from_slice(key);
    body.push(b'&');
    body.extend_from_slice(encoded(&rest).as_bytes());
    Ok(body)
}

/// Another method than POST is refused, with nothing kept and nothing broken.
fn refuses_method(theatre: &Theatre<'_>, method: &str) -> Outcome {
    let answer = theatre.sends(method, method, None, "")?;
    let status = answer.as_ref().map_or(0, |answer| answer.status);
    theatre.holds(
        matches!(status, 404 | 405 | 501),
        "405 or 404",
        told(&answer),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Should,
        "app/callback/field/missing",
        "a form without one of the four fields is refused",
        |theatre| {
            one_worse(theatre, "without", |form, at| {
                form.remove(at);
            })
        },
    )
    .covers(&["app-callback-fields"])
    .weakness("CWE-20"),
    Case::app(
        Level::Should,
        "app/callback/field/empty",
        "a form with an empty field is refused",
        |theatre| one_worse(theatre, "with an empty", |form, at| form[at].1.clear()),
    )
    .covers(&["app-callback-fields"])
    .weakness("CWE-20"),
    Case::app(
        Level::Should,
        "app/callback/field/doubled",
        "a form with one of the fields twice is refused",
        |theatre| {
            one_worse(theatre, "with two of", |form, at| {
                let (name, value) = form[at].clone();
                form.push((name, value.chars().rev().collect()));
            })
        },
    )
    .covers(&["app-callback-fields"])
    .weakness("CWE-20"),
    Case::app(
        Level::Should,
        "app/callback/base-url/refused",
        "a base URL that is no store's is refused",
        |theatre| {
            let callback = &theatre.house().target.callback;
            let own = callback
                .splitn(4, '/')
                .take(3)
                .collect::<Vec<_>>()
                .join("/");
            let mut forms = Vec::new();
            for url in [
                "no URL",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://169.254.169.254/latest/meta-data/",
                "http://[fe80::1]/",
                own.as_str(),
            ] {
                let mut form = fields(theatre)?;
                url.clone_into(&mut form[2].1);
                forms.push((format!("base URL {url}"), form));
            }
            refuses_forms(theatre, forms)
        },
    )
    .covers(&["app-callback-base-url"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Security,
        "app/callback/base-url/called",
        "a base URL of another scheme or with a user part is not called",
        |theatre| {
            let watch = theatre.watches(Shape {
                number: 9,
                ..Shape::default()
            })?;
            let base = watch.store.base_url();
            let (scheme, rest) = base.split_once("://").unwrap_or(("http", &base));
            for url in [
                format!("ftp://{rest}"),
                format!("gopher://{rest}"),
                format!("{scheme}://user:password@{rest}"),
            ] {
                let mut form = fields(theatre)?;
                form[2].1.clone_from(&url);
                let key = form[0].1.clone();
                theatre
                    .sends(
                        &format!("base URL {url}"),
                        "POST",
                        Some(FORM),
                        encoded(&form),
                    )?
                    .ok();
                if theatre.identity().is_ok() {
                    theatre.opens_link(&key, &watch.store.return_url())?;
                }
            }
            let connections = watch.connections();
            theatre.holds(
                connections == 0,
                "no connection there",
                format!("{connections} connections"),
            )
        },
    )
    .covers(&["app-callback-base-url"])
    .weakness("CWE-918"),
    Case::app(
        Level::Should,
        "app/callback/content/json",
        "JSON in place of a form is refused",
        |theatre| {
            let fields = fields(theatre)?;
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("\"{name}\":\"{value}\""))
                .collect();
            let body = format!("{{{}}}", pairs.join(","));
            refuses(theatre, "JSON", Some("application/json"), body.into_bytes())
        },
    )
    .covers(&["app-callback-content"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/content/other-type",
        "a form under another content type is refused",
        |theatre| {
            let body = encoded(&fields(theatre)?);
            refuses(theatre, "text/plain", Some("text/plain"), body.into_bytes())
        },
    )
    .covers(&["app-callback-content"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/method/get",
        "GET on the callback endpoint is refused",
        |theatre| refuses_method(theatre, "GET"),
    )
    .covers(&["app-callback-method"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/method/put",
        "PUT on the callback endpoint is refused",
        |theatre| refuses_method(theatre, "PUT"),
    )
    .covers(&["app-callback-method"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/method/head",
        "HEAD on the callback endpoint is refused",
        |theatre| refuses_method(theatre, "HEAD"),
    )
    .covers(&["app-callback-method"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/hostile/large",
        "a value of a megabyte is refused",
        |theatre| {
            let body = keyed(theatre, &vec![b'a'; 1024 * 1024])?;
            refuses(theatre, "a megabyte", Some(FORM), body)
        },
    )
    .covers(&["app-callback-hostile"])
    .weakness("CWE-400"),
    Case::app(
        Level::Should,
        "app/callback/hostile/many-fields",
        "ten thousand fields are refused",
        |theatre| {
            let mut body = encoded(&fields(theatre)?);
            for number in 0..10_000 {
                // A text takes everything.
                let _ = write!(body, "&f{number}=1");
            }
            refuses(theatre, "10,000 fields", Some(FORM), body.into_bytes())
        },
    )
    .covers(&["app-callback-hostile"])
    .weakness("CWE-400"),
    Case::app(
        Level::Should,
        "app/callback/hostile/nul",
        "a key with a NUL in it is refused",
        |theatre| {
            let body = keyed(theatre, b"abc%00def")?;
            refuses(theatre, "a NUL in the key", Some(FORM), body)
        },
    )
    .covers(&["app-callback-hostile"])
    .weakness("CWE-20"),
    Case::app(
        Level::Should,
        "app/callback/hostile/not-utf8",
        "a key that is no UTF-8 is refused",
        |theatre| {
            let body = keyed(theatre, b"abc%FF%FEdef")?;
            refuses(theatre, "no UTF-8 in the key", Some(FORM), body)
        },
    )
    .covers(&["app-callback-hostile"])
    .weakness("CWE-20"),
    Case::app(
        Level::Should,
        "app/callback/hostile/broken-escapes",
        "a form with broken percent escapes breaks nothing",
        |theatre| {
            let body = keyed(theatre, b"abc%zz%2")?;
            let answer = theatre.sends("broken escapes", "POST", Some(FORM), body)?;
            theatre.holds(
                answer.as_ref().is_ok_and(|answer| answer.status < 500),
                "an answer below 500",
                told(&answer),
            )?;
            theatre.lives_on()
        },
    )
    .covers(&["app-callback-hostile"])
    .weakness("CWE-20"),
];
