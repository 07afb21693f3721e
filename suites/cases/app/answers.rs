//! # What the store answers to the exchange
//!
//! A token is two fields of a form, read by name, whatever the content type says. A refusal has a sentence that the person who waits has to
//! see; anything else is no token, and ends the attempt.
//!
//! Source: docs/protocol/token-endpoints.md#answers, docs/protocol/errors.md#sentences.

use std::time::{Duration, Instant};

use magespec::conformance::{
    Carriage, Case, Level, Need, Outcome, Play, Rule, Shape, Stop, Theatre, Visit, When,
};
use magespec::text::form;
use magespec::wire::Response;

use super::{MOST_TRIES, problem};

/// Sentences with which the token endpoints refuse.
const REFUSALS: [(u16, &str); 5] = [
    (401, "The signature is invalid. Verify and try again."),
    (401, "Consumer key has expired"),
    (401, "An error occurred validating the nonce"),
    (401, "A consumer having the specified key does not exist"),
    (
        401,
        "Cannot create request token because consumer token is not a verifier token",
    ),
];

/// A handshake in which the store keeps to these rules.
fn played<'a>(
    theatre: &'a Theatre<'a>,
    rules: Vec<Rule>,
) -> Result<(Play<'a>, Option<Visit>), Stop> {
    theatre.is_sound()?;
    let play = theatre.opens()?;
    play.arrange(rules);
    let visit = play.through()?;
    Ok((play, visit))
}

/// The handshake succeeds although the store answers so.
fn reads(theatre: &Theatre<'_>, altered: fn(&mut Response)) -> Outcome {
    let rules = vec![
        Rule::altered(When::RequestToken, altered),
        Rule::altered(When::AccessToken, altered),
    ];
    let (play, _) = played(theatre, rules)?;
    theatre.is_connected(&play)
}

fn pairs_of(response: &Response) -> Option<[(String, String); 2]> {
    let pairs: Vec<(String, String)> = form::pairs(&response.text()).collect();
    let pairs: [(String, String); 2] = pairs.try_into().ok()?;
    (response.status == 200).then_some(pairs)
}

fn rewritten(response: &mut Response, write: impl Fn([(String, String); 2]) -> String) {
    if let Some(pairs) = pairs_of(response) {
        response.body = write(pairs).into_bytes();
    }
}

/// What came is no token: no second step, no return as after a success, and an end within a minute.
fn gives_up(theatre: &Theatre<'_>, rule: Rule) -> Outcome {
    let when = rule.when;
    let start = Instant::now();
    let (play, visit) = played(theatre, vec![rule])?;
    let next = if when == When::RequestToken {
        When::AccessToken
    } else {
        When::Rest
    };
    if play.of(when).is_empty() {
        return Err(Stop::CouldNotRun(play.record().told()));
    }
    theatre.holds(
        play.of(next).is_empty(),
        "no further step with what is no token",
        play.record().told(),
    )?;
    if let Some(visit) = visit {
        theatre.holds(
            !visit.returned(),
            "a failure that can be seen, and no return as after a success",
            visit.told(),
        )?;
    }
    theatre.holds(
        start.elapsed() < Duration::from_mins(1),
        "an end within 60 s",
        format!("{:.0} s", start.elapsed().as_secs_f64()),
    )
}

/// After each refusal nothing further is tried, and the person who waits reads the store's sentence.
fn refusals(theatre: &Theatre<'_>, when: When, next: When, is_read: bool) -> Outcome {
    for (status, sentence) in REFUSALS {
        let rule = Rule::instead(when, move |_, _| problem(status, sentence));
        let (play, visit) = played(theatre, vec![rule])?;
        if play.of(when).is_empty() {
            return Err(Stop::CouldNotRun(play.record().told()));
        }
        let visit = visit.filter(|_| is_read);
        let tries = play.of(when).len();
        theatre.holds(
            tries <= MOST_TRIES,
            &format!("at most {MOST_TRIES} tries"),
            format!("{tries}"),
        )?;
        theatre.holds(
            play.of(next).is_empty(),
            "no further step after a refusal",
            play.record().told(),
        )?;
        if let Some(visit) = visit {
            theatre.holds(
                visit.text.contains(sentence),
                &format!("a page that says: {sentence}"),
                visit.told(),
            )?;
        }
    }
    theatre.lives_on()
}

fn page(_: &magespec::wire::Request, _: usize) -> Response {
    Response::new(
        200,
        "text/html; charset=UTF-8",
        "<!doctype html><html><head><title>Welcome</title></head><body><h1>Our shop</h1></body></html>",
    )
}

macro_rules! garbage {
    ($id:literal, $title:literal, $when:ident, $status:literal, $body:expr) => {
        Case::app(Level::Should, $id, $title, |theatre| {
            gives_up(
                theatre,
                Rule::instead(When::$when, |_, _| {
                    Response::new($status, "text/html; charset=UTF-8", $body)
                }),
            )
        })
        .covers(&["app-answer-garbage"])
        .derived("docs/protocol/token-endpoints.md#answers")
    };
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/answer/content-type",
        "a token under `text/html` with a cookie is read",
        |theatre| {
            reads(theatre, |response| {
                response
                    .headers
                    .set("Content-Type", "text/html; charset=UTF-8");
                response
                    .headers
                    .add("Set-Cookie", "PHPSESSID=0123456789abcdef; path=/");
            })
        },
    )
    .covers(&["app-answer-content-type"])
    .measured(),
    Case::app(
        Level::Should,
        "app/answer/other-order",
        "a token is read by name when its secret comes first",
        |theatre| {
            reads(theatre, |response| {
                rewritten(response, |[first, second]| {
                    form::encode_pairs([
                        (second.0.as_str(), second.1.as_str()),
                        (first.0.as_str(), first.1.as_str()),
                    ])
                });
            })
        },
    )
    .covers(&["app-answer-by-name"])
    .rfc("5849 section 2.1"),
    Case::app(
        Level::Should,
        "app/answer/further-field",
        "a token is read by name beside another field",
        |theatre| {
            reads(theatre, |response| {
                rewritten(response, |[first, second]| {
                    form::encode_pairs([
                        ("oauth_callback_confirmed", "true"),
                        (first.0.as_str(), first.1.as_str()),
                        (second.0.as_str(), second.1.as_str()),
                    ])
                });
            })
        },
    )
    .covers(&["app-answer-by-name"])
    .rfc("5849 section 2.1"),
    Case::app(
        Level::Should,
        "app/answer/escaped",
        "a token with percent escapes is read",
        |theatre| {
            reads(theatre, |response| {
                rewritten(response, |pairs| {
                    let escaped = |text: &str| {
                        let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
                        bytes.collect::<String>()
                    };
                    let pairs = pairs
                        .iter()
                        .map(|(name, value)| format!("{name}={}", escaped(value)));
                    pairs.collect::<Vec<_>>().join("&")
                });
            })
        },
    )
    .covers(&["app-answer-by-name"])
    .rfc("5849 section 2.1"),
    Case::app(
        Level::Should,
        "app/answer/refused/request-token",
        "a refused request token ends the attempt",
        |theatre| refusals(theatre, When::RequestToken, When::AccessToken, false),
    )
    .covers(&["app-answer-refused"])
    .derived("docs/protocol/errors.md#sentences"),
    Case::app(
        Level::Should,
        "app/answer/refused/request-token-said",
        "the sentence of a refused request token is shown to the person who waits",
        |theatre| refusals(theatre, When::RequestToken, When::AccessToken, true),
    )
    .covers(&["app-answer-refused"])
    .needs(&[Need::Identity])
    .derived("docs/protocol/errors.md#sentences"),
    Case::app(
        Level::Should,
        "app/answer/refused/access-token",
        "a refused access token ends the attempt: no call with the request token",
        |theatre| refusals(theatre, When::AccessToken, When::Rest, false),
    )
    .covers(&["app-access-refused"])
    .measured(),
    Case::app(
        Level::Should,
        "app/answer/refused/access-token-said",
        "the sentence of a refused access token is shown to the person who waits",
        |theatre| refusals(theatre, When::AccessToken, When::Rest, true),
    )
    .covers(&["app-access-refused"])
    .needs(&[Need::Identity])
    .derived("docs/protocol/errors.md#sentences"),
    Case::app(
        Level::Should,
        "app/answer/garbage/page",
        "an HTML page with status 200 is no request token",
        |theatre| gives_up(theatre, Rule::instead(When::RequestToken, page)),
    )
    .covers(&["app-answer-garbage"])
    .derived("docs/protocol/token-endpoints.md#answers"),
    garbage!(
        "app/answer/garbage/empty",
        "an empty answer with status 200 is no request token",
        RequestToken,
        200,
        ""
    ),
    garbage!(
        "app/answer/garbage/one-field",
        "a token without its secret is no request token",
        RequestToken,
        200,
        "oauth_token=abcdefghijklmnopqrstuvwxyz012345"
    ),
    garbage!(
        "app/answer/garbage/large",
        "ten megabytes are no request token",
        RequestToken,
        200,
        vec![b'a'; 10 * 1024 * 1024]
    ),
    garbage!(
        "app/answer/garbage/server-error",
        "a 500 is no request token",
        RequestToken,
        500,
        "An error has happened during application run. See exception log for details."
    ),
    Case::app(
        Level::Should,
        "app/answer/garbage/access-token-page",
        "an HTML page with status 200 is no access token",
        |theatre| gives_up(theatre, Rule::instead(When::AccessToken, page)),
    )
    .covers(&["app-answer-garbage"])
    .derived("docs/protocol/token-endpoints.md#answers"),
    Case::app(
        Level::Should,
        "app/answer/garbage/cut",
        "an answer that breaks off is no request token",
        |theatre| gives_up(theatre, Rule::carried(When::RequestToken, Carriage::Short)),
    )
    .covers(&["app-answer-garbage"])
    .derived("docs/protocol/token-endpoints.md#answers"),
    Case::app(
        Level::Should,
        "app/answer/garbage/closed",
        "a connection that is closed without an answer gives no request token",
        |theatre| gives_up(theatre, Rule::carried(When::RequestToken, Carriage::Lost)),
    )
    .covers(&["app-answer-garbage"])
    .derived("docs/protocol/token-endpoints.md#answers"),
    Case::app(
        Level::Should,
        "app/answer/garbage/silence",
        "after half a minute of silence the attempt has ended",
        |theatre| {
            gives_up(
                theatre,
                Rule::instead(When::RequestToken, |_, _| {
                    std::thread::sleep(Duration::from_secs(40));
                    page(&magespec::wire::Request::default(), 0)
                }),
            )
        },
    )
    .covers(&["app-answer-garbage"])
    .needs(&[Need::Slow])
    .derived("docs/protocol/token-endpoints.md#answers"),
    Case::app(
        Level::Security,
        "app/answer/redirect/other-host",
        "a redirect to another host gets no Authorization field",
        |theatre| {
            theatre.is_sound()?;
            let shape = Shape {
                number: 8,
                ..Shape::default()
            };
            for status in [302, 307] {
                let other = theatre.watches(shape)?;
                let rule = Rule::moved(When::RequestToken, status, shape);
                let (play, _) = played(theatre, vec![rule])?;
                if play.of(When::RequestToken).is_empty() {
                    return Err(Stop::CouldNotRun(play.record().told()));
                }
                let told = other.requests();
                let mut told = told.iter();
                theatre.holds(
                    !told.any(|seen| seen.request.headers.first("Authorization").is_some()),
                    "no Authorization field at the other host",
                    format!("one, after a {status}"),
                )?;
            }
            theatre.lives_on()
        },
    )
    .covers(&["app-answer-redirect"])
    .weakness("CWE-522"),
    Case::app(
        Level::Should,
        "app/answer/redirect/same-host",
        "a redirect on the same host is followed with a new signature, or reported",
        |theatre| {
            let rule = Rule::moved(When::RequestToken, 307, Shape::default()).times(1);
            let (play, visit) = played(theatre, vec![rule])?;
            let asked = play.of(When::RequestToken);
            let nonces: Vec<Option<String>> = asked
                .iter()
                .map(|seen| seen.parameter("oauth_nonce"))
                .collect();
            let again = nonces.len() > 1 && nonces[1..].contains(&nonces[0]);
            theatre.holds(
                !again,
                "a new nonce and signature for the second address",
                "the same Authorization field again",
            )?;
            let returned = visit.is_some_and(|visit| visit.returned());
            theatre.holds(
                !returned || play.connected()?,
                "an exchange, or a failure that can be seen",
                "a return as after a success",
            )
        },
    )
    .covers(&["app-answer-redirect"])
    .derived("docs/protocol/signatures.md#the-url"),
];
