//! # What a stranger can do with the identity link
//!
//! The link is an address that anybody can write. It leads nowhere but to the store that posted the key, shows nothing of what is secret,
//! and connects nobody's store to somebody else's account.
//!
//! Source: docs/protocol/apps.md#the-identity-link, docs/protocol/security.md.

use magespec::conformance::{
    Case, Hop, Level, Need, Outcome, Play, Stop, Theatre, Visit, VisitEnd,
};

/// A host that nobody has, in what is tried.
const ELSEWHERE: &str = "magespec-elsewhere.example";

/// A store that has posted, so that only the address of return is wrong.
fn posted<'a>(theatre: &'a Theatre<'a>) -> Result<Play<'a>, Stop> {
    theatre.identity()?;
    let play = theatre.opens()?;
    play.post()?;
    play.after_post();
    Ok(play)
}

/// The browser is not sent to this address, nor does a page offer it.
fn stays(theatre: &Theatre<'_>, play: &Play<'_>, back: &str) -> Outcome {
    play.back.replace(back.to_owned());
    let visit = play.look()?;
    play.settle();
    let left = matches!(visit.end, VisitEnd::Left(_)) || visit.returned();
    theatre.holds(
        !left,
        "a page of the app",
        format!("{}, for {back:?}", visit.told()),
    )?;
    let split = visit
        .hops
        .iter()
        .any(|hop| hop.field("X-Magespec").is_some());
    theatre.holds(
        !split,
        "no field of a stranger",
        format!("one, for {back:?}"),
    )?;
    let base = play.store.base_url();
    let pages = visit.hops.iter().filter(|hop| !hop.url.starts_with(&base));
    let echoed = pages.map(Hop::text).any(|text| {
        let hooks = [
            "href=\"javascript:",
            "href='javascript:",
            "href=\"data:",
            "href=\"//",
        ];
        hooks
            .iter()
            .any(|hook| text.contains(hook) && text.contains("magespec"))
            || text.contains("<script>magespec")
    });
    theatre.holds(
        !echoed,
        "no link to it and no markup of it",
        format!("it in a page, for {back:?}"),
    )
}

macro_rules! elsewhere {
    ($id:literal, $title:literal, $number:literal, $back:expr) => {
        Case::app(Level::Security, $id, $title, |theatre| {
            let play = posted(theatre)?;
            let own = play.back.borrow().clone();
            let back: fn(&str) -> String = $back;
            stays(theatre, &play, &back(&own))
        })
        .covers(&["app-link-elsewhere"])
        .needs(&[Need::Identity])
        .weakness($number)
    };
}

/// Every page, address and cookie of the first handshake.
fn shown(visit: &Visit) -> Vec<(&'static str, String)> {
    let mut shown = Vec::new();
    for hop in &visit.hops {
        shown.push(("an address", hop.url.clone()));
        let Ok(answer) = &hop.answer else { continue };
        shown.push(("a page", answer.text()));
        for (name, value) in answer.headers.iter() {
            let place = if name.eq_ignore_ascii_case("set-cookie") {
                "a cookie"
            } else {
                "a header field"
            };
            shown.push((place, value.to_owned()));
        }
    }
    shown
}

fn first_visit<'a>(theatre: &Theatre<'a>) -> Result<&'a Visit, Stop> {
    theatre.identity()?;
    theatre.recall();
    let visit = theatre.first()?.visits.last();
    visit.ok_or_else(|| Stop::NotApplicable("a person opened the identity link".into()))
}

/// The cookies that the app's pages set, each with its attributes in lower case.
fn cookies(visit: &Visit, home: &str) -> Vec<(String, String)> {
    let pages = visit.hops.iter().filter(|hop| !hop.url.starts_with(home));
    let answers = pages.filter_map(|hop| hop.answer.as_ref().ok());
    let mut found = Vec::new();
    for answer in answers {
        for field in answer.headers.all("Set-Cookie") {
            let (pair, attributes) = field.split_once(';').unwrap_or((field, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // What is short holds no session.
            if value.len() >= 16 {
                found.push((name.trim().to_owned(), attributes.to_ascii_lowercase()));
            }
        }
    }
    found
}

/// Each cookie of a session has this attribute.
fn cookies_have(theatre: &Theatre<'_>, attribute: &str) -> Outcome {
    let visit = first_visit(theatre)?;
    let first = theatre.first()?;
    let cookies = cookies(visit, &first.base_url);
    if cookies.is_empty() {
        return Err(Stop::NotApplicable(
            "the app set no cookie of a session".into(),
        ));
    }
    theatre.all(
        &format!("each cookie of a session with {attribute}"),
        cookies,
        |(name, attributes)| {
            let wanted = attribute.to_ascii_lowercase();
            (!attributes.contains(&wanted)).then(|| format!("`{name}` without"))
        },
    )
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Security,
        "app/link/unknown-key",
        "a key that nobody posted leads to no return",
        |theatre| {
            let back = theatre.watches(magespec::conformance::Shape::default())?;
            let back = back.store.return_url();
            let key = theatre.value();
            let visit = theatre.opens_link(&key, &back)?;
            theatre.holds(!visit.returned(), "a page that says so", visit.told())
        },
    )
    .covers(&["app-link-unknown-key"])
    .needs(&[Need::Identity])
    .weakness("CWE-601"),
    elsewhere!(
        "app/link/elsewhere/other-host",
        "the browser is not sent to another host than the store's",
        "CWE-601",
        |_| format!("http://{ELSEWHERE}/back")
    ),
    elsewhere!(
        "app/link/elsewhere/longer-host",
        "the browser is not sent to a host that begins like the store's",
        "CWE-601",
        |own| {
            let origin: Vec<&str> = own.splitn(4, '/').take(3).collect();
            let host = origin.join("/");
            let bare = host
                .rsplit_once(':')
                .map_or(host.as_str(), |(host, _)| host);
            format!("{bare}.{ELSEWHERE}/back")
        }
    ),
    elsewhere!(
        "app/link/elsewhere/user-part",
        "the browser is not sent to a host behind a user part",
        "CWE-601",
        |own| {
            let rest = own.split_once("://").map_or(own, |(_, rest)| rest);
            let host = rest.split('/').next().unwrap_or_default();
            format!("http://{host}@{ELSEWHERE}/back")
        }
    ),
    elsewhere!(
        "app/link/elsewhere/without-scheme",
        "the browser is not sent to an address without a scheme",
        "CWE-601",
        |_| format!("//{ELSEWHERE}/magespec")
    ),
    elsewhere!(
        "app/link/elsewhere/broken-scheme",
        "the browser is not sent to an address that browsers mend",
        "CWE-601",
        |_| format!("https:{ELSEWHERE}/magespec")
    ),
    elsewhere!(
        "app/link/elsewhere/javascript",
        "a script is not taken for an address of return",
        "CWE-79",
        |_| "javascript:alert('magespec')".to_owned()
    ),
    elsewhere!(
        "app/link/elsewhere/data",
        "a data URL is not taken for an address of return",
        "CWE-79",
        |_| "data:text/html,<script>magespec</script>".to_owned()
    ),
    elsewhere!(
        "app/link/elsewhere/line-ends",
        "line ends in the address of return start no field",
        "CWE-113",
        |own| format!("{own}\r\nX-Magespec: 1")
    ),
    Case::app(
        Level::Security,
        "app/link/markup/key",
        "markup in the consumer key is escaped in every page",
        |theatre| {
            theatre.identity()?;
            let key = "\"'><script>magespec</script>";
            let watch = theatre.watches(magespec::conformance::Shape::default())?;
            let back = watch.store.return_url();
            theatre
                .sends_form(
                    "credentials with markup",
                    &[
                        ("oauth_consumer_key", key),
                        ("oauth_consumer_secret", &theatre.value()),
                        ("store_base_url", &watch.store.base_url()),
                        ("oauth_verifier", &theatre.value()),
                    ],
                )?
                .ok();
            let visit = theatre.opens_link(key, &back)?;
            theatre.all("the key escaped", &visit.hops, |hop| {
                hop.text()
                    .contains("<script>magespec")
                    .then(|| "it as markup in a page".to_owned())
            })
        },
    )
    .covers(&["app-link-markup"])
    .needs(&[Need::Identity])
    .weakness("CWE-79"),
    Case::app(
        Level::Security,
        "app/link/no-secrets",
        "no page, address or cookie holds a secret",
        |theatre| {
            let visit = first_visit(theatre)?;
            let first = theatre.first()?;
            let mut secrets: Vec<(&str, &str)> = Vec::new();
            for entry in &first.secrets {
                if entry.consumer_key.as_deref() != Some(first.key.as_str()) {
                    continue;
                }
                secrets.push(("the consumer secret", entry.consumer_secret.expose()));
                if let Some(token) = &entry.token {
                    secrets.push(("a token", token));
                }
                if let Some(secret) = &entry.token_secret {
                    secrets.push(("a token secret", secret.expose()));
                }
            }
            for post in &first.posted {
                secrets.push(("the verifier", post.verifier.expose()));
            }
            let shown = shown(visit);
            theatre.all("no secret", secrets, |(name, secret)| {
                let held =
                    |(_, text): &&(&str, String)| !secret.is_empty() && text.contains(*secret);
                shown
                    .iter()
                    .find(held)
                    .map(|(place, _)| format!("{name} in {place}"))
            })
        },
    )
    .covers(&["app-link-no-secrets"])
    .weakness("CWE-200"),
    Case::app(
        Level::Should,
        "app/link/framing",
        "the pages of the identity link refuse to be framed",
        |theatre| {
            let visit = first_visit(theatre)?;
            let Some(page) = visit.hops.first() else {
                return Err(Stop::NotApplicable("no page came".into()));
            };
            if page.status() >= 300 {
                return Err(Stop::NotApplicable(
                    "the identity link shows no page".into(),
                ));
            }
            let policy = page.field("Content-Security-Policy").unwrap_or_default();
            let kept =
                page.field("X-Frame-Options").is_some() || policy.contains("frame-ancestors");
            theatre.holds(
                kept,
                "X-Frame-Options, or frame-ancestors in the Content-Security-Policy",
                "neither",
            )
        },
    )
    .covers(&["app-link-framing"])
    .weakness("CWE-1021"),
    Case::app(
        Level::Security,
        "app/link/cookie/http-only",
        "cookies of a session are kept from scripts",
        |theatre| cookies_have(theatre, "HttpOnly"),
    )
    .covers(&["app-link-cookies"])
    .weakness("CWE-1004"),
    Case::app(
        Level::Should,
        "app/link/cookie/same-site",
        "cookies of a session say which sites they are sent from",
        |theatre| cookies_have(theatre, "SameSite"),
    )
    .covers(&["app-link-cookies"])
    .weakness("CWE-1275"),
    Case::app(
        Level::Security,
        "app/link/cookie/secure",
        "cookies of a session go over HTTPS alone",
        |theatre| {
            if !theatre.identity()?.starts_with("https:") {
                return Err(Stop::NotApplicable(
                    "the identity link is plain HTTP".into(),
                ));
            }
            cookies_have(theatre, "Secure")
        },
    )
    .covers(&["app-link-cookies"])
    .weakness("CWE-614"),
    Case::app(
        Level::Security,
        "app/link/forged-login",
        "a login form without the page's own token is refused",
        |theatre| {
            let login = theatre.house().target.login.clone().unwrap_or_default();
            let play = posted(theatre)?;
            let visit = theatre.comes_as(&play, login, true)?;
            play.settle();
            if visit.tokens.is_empty() {
                return Err(Stop::NotApplicable(
                    "the login page has no token of its own".into(),
                ));
            }
            theatre.holds(!visit.returned(), "a refusal", visit.told())
        },
    )
    .covers(&["app-link-forged-login"])
    .needs(&[Need::Password])
    .weakness("CWE-352"),
    Case::app(
        Level::Security,
        "app/link/other-account",
        "a store that one account connected is not given to another without a word",
        |theatre| {
            theatre.is_sound()?;
            let second = theatre.house().target.second.clone().unwrap_or_default();
            let play = theatre.opens()?;
            play.through()?;
            if !play.connected()? {
                return Err(Stop::CouldNotRun(play.record().told()));
            }
            let visit = theatre.comes_as(&play, second, false)?;
            play.settle();
            theatre.holds(!visit.returned(), "a page that says so", visit.told())
        },
    )
    .covers(&["app-link-other-account"])
    .needs(&[Need::SecondAccount])
    .weakness("CWE-639"),
];
