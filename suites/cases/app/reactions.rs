//! # How the app takes what stores answer
//!
//! A store refuses, is busy, in maintenance, slow, or gone. An app tries again where that helps, newly signed, not for ever, and tells a
//! person what the store said.
//!
//! Source: docs/protocol/errors.md, docs/protocol/rest.md#other-statuses.

use std::time::{Duration, Instant};

use magespec::conformance::{
    Carriage, Case, Level, Need, Outcome, Rule, Seen, Shape, Stop, Theatre, VisitEnd, When,
};
use magespec::wire::{Headers, Response};

use super::calls::calling;
use super::{MOST_TRIES, message, told};

/// Whatever the store answers, the same call is sent a few times at most and the app lives on.
fn bears(theatre: &Theatre<'_>, rule: Rule, most: usize) -> Outcome {
    let start = Instant::now();
    let (play, _) = calling(theatre, rule)?;
    let calls = play.of(When::Rest);
    theatre.holds(
        calls.len() <= most,
        &format!("at most {most} tries"),
        told(&calls),
    )?;
    theatre.holds(
        start.elapsed() < Duration::from_secs(200),
        "an end in bounded time",
        format!("{:.0} s", start.elapsed().as_secs_f64()),
    )?;
    theatre.lives_on()
}

/// The call is tried a few times at most, and a merchant who waits for the call gets a page.
fn outlasts(theatre: &Theatre<'_>, rule: Rule) -> Outcome {
    let (play, _) = calling(theatre, rule)?;
    let visit = play.record().visits.pop();
    if let Some(visit) = visit.filter(|visit| matches!(visit.end, VisitEnd::Lost(_))) {
        return theatre.holds(false, "a page for the merchant who waits", visit.told());
    }
    let calls = play.of(When::Rest);
    theatre.holds(
        calls.len() <= MOST_TRIES,
        &format!("at most {MOST_TRIES} tries"),
        told(&calls),
    )?;
    theatre.lives_on()
}

fn nonce(seen: &Seen) -> Option<String> {
    seen.parameter("oauth_nonce")
}

fn busy(status: u16, retry_after: Option<&str>) -> Response {
    let mut response = Response {
        status,
        headers: Headers::from_iter([("Content-Type", "text/html; charset=UTF-8")]),
        body: b"<!doctype html><title>Please wait</title>".to_vec(),
    };
    if let Some(seconds) = retry_after {
        response.headers.add("Retry-After", seconds);
    }
    response
}

macro_rules! refusal {
    ($id:literal, $title:literal, $status:literal, $body:literal) => {
        Case::app(Level::Should, $id, $title, |theatre| {
            bears(
                theatre,
                Rule::instead(When::Rest, |_, _| message($status, $body)),
                MOST_TRIES,
            )
        })
        .covers(&["app-reaction-refused"])
        .derived("docs/protocol/rest.md#other-statuses")
    };
}

macro_rules! transport {
    ($id:literal, $title:literal, $carriage:expr) => {
        Case::app(Level::Should, $id, $title, |theatre| {
            bears(theatre, Rule::carried(When::Rest, $carriage), MOST_TRIES)
        })
        .covers(&["app-reaction-transport"])
        .derived("docs/protocol/rest.md#other-statuses")
    };
}

macro_rules! silence {
    ($id:literal, $title:literal, $seconds:literal) => {
        Case::app(Level::Should, $id, $title, |theatre| {
            let late = Duration::from_secs($seconds);
            outlasts(theatre, Rule::late(When::Rest, late).times(1))
        })
        .covers(&["app-reaction-transport"])
        .needs(&[Need::Slow])
        .derived("docs/protocol/rest.md#other-statuses")
    };
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Should,
        "app/reaction/not-authorized",
        "a call without permission is not tried for ever",
        |theatre| {
            bears(
                theatre,
                Rule::instead(When::Rest, |_, _| {
                    message(
                        401,
                        "{\"message\":\"The consumer isn't authorized to access %resources.\",\"parameters\":{\"resources\":\"Magento_Customer::group\"}}",
                    )
                }),
                MOST_TRIES,
            )
        },
    )
    .covers(&["app-reaction-not-authorized"])
    .derived("docs/protocol/errors.md#rest"),
    Case::app(
        Level::Should,
        "app/reaction/nonce-used",
        "a nonce that is said to be used is answered with one newly signed call",
        |theatre| {
            let rule = Rule::instead(When::Rest, |_, _| {
                message(
                    401,
                    "{\"message\":\"The nonce is already being used by the consumer with ID %1\",\"parameters\":[\"7\"]}",
                )
            })
            .times(1);
            let (play, _) = calling(theatre, rule)?;
            let calls = play.of(When::Rest);
            let first = calls.first().and_then(nonce);
            let next = calls.get(1);
            theatre.holds(
                next.is_some_and(|next| nonce(next) != first && next.status() == 200),
                "one more call with a new nonce, which succeeds",
                told(&calls),
            )
        },
    )
    .covers(&["app-reaction-nonce-used"])
    .derived("docs/protocol/errors.md#sentences"),
    Case::app(
        Level::Should,
        "app/reaction/signature-invalid",
        "a call whose signature is refused is not sent again as it is",
        |theatre| {
            let rule = Rule::instead(When::Rest, |_, _| {
                message(
                    401,
                    "{\"message\":\"The signature is invalid. Verify and try again.\"}",
                )
            });
            let (play, _) = calling(theatre, rule)?;
            let calls = play.of(When::Rest);
            let first = calls.first().and_then(nonce);
            theatre.holds(
                calls.iter().skip(1).all(|seen| nonce(seen) != first) && calls.len() <= MOST_TRIES,
                "no second call with the same signature",
                told(&calls),
            )?;
            theatre.lives_on()
        },
    )
    .covers(&["app-reaction-signature-invalid"])
    .derived("docs/protocol/errors.md#sentences"),
    Case::app(
        Level::Should,
        "app/reaction/busy/retry-after",
        "a store that asks for two seconds gets them, and then another try",
        |theatre| {
            let rule = Rule::instead(When::Rest, |_, _| busy(429, Some("2"))).times(1);
            let (play, _) = calling(theatre, rule)?;
            let again = |seen: &[Seen]| seen.len() > 1;
            play.wait(Duration::from_secs(5), || again(&play.of(When::Rest)));
            let calls = play.of(When::Rest);
            let apart = match calls.as_slice() {
                [first, second, ..] => second.at.duration_since(first.at),
                _ => Duration::ZERO,
            };
            theatre.holds(
                apart >= Duration::from_millis(1900),
                "another try, not before 2 s",
                match calls.len() {
                    1 => "none".to_owned(),
                    _ => format!("one after {:.2} s", apart.as_secs_f64()),
                },
            )
        },
    )
    .covers(&["app-reaction-busy"])
    .derived("docs/protocol/rest.md#other-statuses"),
    Case::app(
        Level::Should,
        "app/reaction/busy/maintenance",
        "a store in maintenance is not asked for ever",
        |theatre| {
            let rule = Rule::instead(When::Rest, |_, _| busy(503, None));
            bears(theatre, rule, 5)
        },
    )
    .covers(&["app-reaction-busy"])
    .measured(),
    refusal!(
        "app/reaction/bad-request",
        "a 400 with a list of errors ends the call",
        400,
        "{\"message\":\"One or more input exceptions have occurred.\",\"errors\":[{\"message\":\"\\\"%fieldName\\\" is required. Enter and try again.\",\"parameters\":{\"fieldName\":\"sku\"}}]}"
    ),
    refusal!(
        "app/reaction/not-found",
        "a 404 ends the call",
        404,
        "{\"message\":\"The product that was requested doesn't exist. Verify the product and try again.\"}"
    ),
    refusal!(
        "app/reaction/server-error",
        "a 500 with a report id ends the call",
        500,
        "{\"message\":\"Internal Error. Details are available in Magento log file. Report ID: webapi-6b0cc831d4df1\"}"
    ),
    Case::app(
        Level::Should,
        "app/reaction/token-gone",
        "a store that knows the token no more is not called again",
        |theatre| {
            theatre.first_of(When::Rest)?;
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.through()?;
            play.arrange(vec![Rule::instead(When::Rest, |_, _| {
                message(401, "{\"message\":\"Specified token does not exist\"}")
            })]);
            let refused = theatre.calls_again(&play)?;
            if refused.is_empty() {
                return Err(Stop::CouldNotRun("the trigger made no call".to_owned()));
            }
            let after = theatre.calls_again(&play)?;
            theatre.holds(
                after.is_empty(),
                "no call with a token that is gone",
                told(&after),
            )
        },
    )
    .covers(&["app-reaction-token-gone"])
    .needs(&[Need::Trigger])
    .measured(),
    transport!(
        "app/reaction/drip",
        "an answer that comes byte by byte does not hold the app up",
        Carriage::Drip(Duration::from_millis(2))
    ),
    transport!(
        "app/reaction/cut",
        "an answer that breaks off is not taken for whole",
        Carriage::Short
    ),
    transport!(
        "app/reaction/closed",
        "a connection that is closed without an answer ends the call",
        Carriage::Lost
    ),
    silence!(
        "app/reaction/silence/twenty",
        "twenty seconds of silence do not hold the app up",
        20
    ),
    silence!(
        "app/reaction/silence/long",
        "two minutes of silence do not hold the app up",
        120
    ),
    Case::app(
        Level::Security,
        "app/reaction/moved",
        "a call that is redirected to another host takes no Authorization field there",
        |theatre| {
            let shape = Shape {
                number: 8,
                ..Shape::default()
            };
            let other = theatre.watches(shape)?;
            calling(theatre, Rule::moved(When::Rest, 301, shape))?;
            let told = other.requests();
            let mut told = told.iter();
            theatre.holds(
                !told.any(|seen| seen.request.headers.first("Authorization").is_some()),
                "no Authorization field at the other host",
                "one",
            )
        },
    )
    .covers(&["app-reaction-moved"])
    .weakness("CWE-522"),
    Case::app(
        Level::Should,
        "app/reaction/clock",
        "when the store's clock is twenty minutes behind, the message says clock",
        |theatre| {
            theatre.identity()?;
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.store.lead(-20 * 60);
            let visit = play.through();
            play.store.lead(0);
            let asked = play.of(When::RequestToken);
            if !asked.iter().any(|seen| seen.status() == 401) {
                return Err(Stop::CouldNotRun(play.record().told()));
            }
            let visit = visit?;
            let text = visit.map(|visit| visit.text).unwrap_or_default();
            let lower = text.to_lowercase();
            theatre.holds(
                lower.contains("clock") || lower.contains("time"),
                "a page that names the clock",
                text,
            )
        },
    )
    .covers(&["app-reaction-clock"])
    .needs(&[Need::Identity])
    .derived("docs/protocol/timestamp-nonce.md#timestamp"),
];
