//! # The credentials POST arrives
//!
//! The store posts four fields and looks at nothing but whether an HTTP answer comes within five seconds. What the app answers beyond that
//! is for the merchant: a 404 or a login wall loses the credentials while the panel says that all is well.
//!
//! Source: docs/protocol/credentials-post.md, docs/protocol/apps.md#the-credentials-post.

use std::thread;
use std::time::Duration;

use magespec::conformance::{
    Case, Level, Moment, Outcome, PostAs, Rule, Shape, Stop, Theatre, Wanted, When,
};
use magespec::oauth::CallbackClient;
use magespec::wire::Response;

use super::first_post;

/// What a person reads where a framework wanted a token of its own form.
const FORGERY: [&str; 6] = [
    "csrf",
    "cross-site request forgery",
    "page expired",
    "invalidauthenticitytoken",
    "forgery",
    "requestverificationtoken",
];

/// How traces of programs look.
const TRACES: [&str; 8] = [
    "Traceback (most recent call last)",
    "Stack trace:",
    "#0 /",
    "at Object.<anonymous>",
    "node_modules/",
    "Werkzeug Debugger",
    "java.lang.",
    "goroutine 1 [",
];

/// The POST with this client is answered as the first one was.
fn taken_alike(theatre: &Theatre<'_>, client: CallbackClient) -> Outcome {
    let usual = first_post(theatre)?.status();
    let play = theatre.opens()?;
    let posted = play.post_as(PostAs {
        client: Some(client),
        ..PostAs::default()
    })?;
    play.settle();
    theatre.holds(
        posted.status() == usual,
        &format!("{usual}, as for the client of this release"),
        posted.told(),
    )
}

/// The POST to another URL is answered as the first one was.
fn taken_at(theatre: &Theatre<'_>, callback: String) -> Outcome {
    let usual = first_post(theatre)?.status();
    let wanted = Wanted {
        callback,
        ..Wanted::default()
    };
    let play = theatre.opens_as(Shape::default(), wanted)?;
    let posted = play.post()?;
    play.settle();
    theatre.holds(
        posted.status() == usual,
        &format!("{usual}, as without the query"),
        posted.told(),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/callback/answers",
        "the credentials POST is answered within five seconds",
        |theatre| {
            let posted = first_post(theatre)?;
            theatre.holds(
                posted.answer.is_ok() && posted.took < Duration::from_secs(5),
                "an HTTP answer within 5 s",
                posted.told(),
            )
        },
    )
    .covers(&["app-callback-answers"])
    .measured(),
    Case::app(
        Level::Should,
        "app/callback/success",
        "the answer to the credentials POST is a success",
        |theatre| {
            let posted = first_post(theatre)?;
            theatre.holds(
                (200..300).contains(&posted.status()),
                "a status of the 200s: a store ignores any other, and tells the merchant nothing",
                posted.told(),
            )
        },
    )
    .covers(&["app-callback-success"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/no-redirect",
        "the credentials POST is not redirected",
        |theatre| {
            let posted = first_post(theatre)?;
            let place = posted.answer.as_ref().ok();
            let place = place.and_then(|answer| answer.headers.first("Location"));
            theatre.holds(
                !(300..400).contains(&posted.status()),
                "no redirect: a store does not follow it, and the credentials are lost",
                format!("{} to {}", posted.status(), place.unwrap_or("nowhere")),
            )
        },
    )
    .covers(&["app-callback-no-redirect"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/no-form-token-asked",
        "the credentials POST is not refused for want of a form token",
        |theatre| {
            let posted = first_post(theatre)?;
            let body = posted.answer.as_ref().map(Response::text);
            let body = body.unwrap_or_default().to_lowercase();
            let says = FORGERY.iter().any(|words| body.contains(words));
            theatre.holds(
                posted.status() != 419 && !(posted.status() >= 400 && says),
                "no check of a form token: a store has none",
                posted.told(),
            )
        },
    )
    .covers(&["app-callback-no-form-token"])
    .derived("docs/protocol/apps.md#the-credentials-post"),
    Case::app(
        Level::Should,
        "app/callback/slow-exchange",
        "an exchange with a slow store does not keep the credentials POST waiting",
        |theatre| {
            first_post(theatre)?;
            if theatre.house().door().moment != Moment::InsidePost {
                return theatre.holds(true, "", "");
            }
            let play = theatre.opens()?;
            let slow = Duration::from_secs(3);
            play.arrange(vec![
                Rule::late(When::RequestToken, slow),
                Rule::late(When::AccessToken, slow),
            ]);
            let posted = play.post()?;
            play.settle();
            theatre.holds(
                posted.answer.is_ok(),
                "an answer within 5 s from a store that takes 3 s for each step",
                posted.told(),
            )
        },
    )
    .covers(&["app-callback-slow-exchange"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/client/zend",
        "the credentials POST of stores before 2.4.6 is taken alike",
        |theatre| taken_alike(theatre, CallbackClient::Zend),
    )
    .covers(&["app-callback-clients"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/client/laminas",
        "the credentials POST of 2.4.6 and 2.4.7, with its stray line, is taken alike",
        |theatre| taken_alike(theatre, CallbackClient::Laminas),
    )
    .covers(&["app-callback-clients"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/client/laminas-by-line",
        "the credentials POST of 2.4.8 is taken alike",
        |theatre| taken_alike(theatre, CallbackClient::LaminasByLine),
    )
    .covers(&["app-callback-clients"])
    .measured(),
    Case::app(
        Level::Should,
        "app/callback/query-kept",
        "the callback URL works with a query of its own",
        |theatre| {
            let callback = &theatre.house().target.callback;
            let sign = if callback.contains('?') { '&' } else { '?' };
            taken_at(theatre, format!("{callback}{sign}magespec=1"))
        },
    )
    .covers(&["app-callback-query"])
    .measured(),
    Case::app(
        Level::Must,
        "app/callback/twice",
        "the same credentials POST twice ends in one handshake",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            for _ in 0..2 {
                let posted = play.post()?;
                theatre.holds(
                    posted.answer.is_ok(),
                    "an answer to each POST",
                    posted.told(),
                )?;
            }
            play.after_post();
            play.on()?;
            theatre.is_connected(&play)?;
            let exchanges = play.of(When::AccessToken);
            let done = exchanges.iter().filter(|seen| seen.status() == 200);
            theatre.holds(done.count() == 1, "one access token", play.record().told())
        },
    )
    .covers(&["app-callback-twice"])
    .measured(),
    Case::app(
        Level::Should,
        "app/callback/at-once",
        "two credentials POSTs at once break nothing",
        |theatre| {
            let play = theatre.opens()?;
            let (store, integration) = (&play.store, &play.integration);
            let posted = thread::scope(|scope| {
                let post = || store.activate(integration, PostAs::default());
                let other = scope.spawn(post);
                [post(), other.join().unwrap_or_else(|_| post())]
            });
            play.settle();
            for one in posted {
                let one = one.map_err(|error| Stop::CouldNotRun(error.0))?;
                theatre.hide(one.verifier.expose(), "verifier");
                theatre.holds(
                    one.answer.is_ok() && one.status() < 500,
                    "an answer below 500 to each of both",
                    one.told(),
                )?;
            }
            theatre.lives_on()
        },
    )
    .covers(&["app-callback-at-once"])
    .derived("docs/protocol/flow.md#races"),
    Case::app(
        Level::Security,
        "app/callback/answer-without-secrets",
        "the answer to the credentials POST repeats nothing of it",
        |theatre| {
            let posted = first_post(theatre)?;
            let first = theatre.first()?;
            let Ok(answer) = &posted.answer else {
                return Err(Stop::NotApplicable("no answer came".into()));
            };
            let text = answer.text();
            let mut values = vec![
                ("the consumer key", first.key.as_str()),
                ("the verifier", posted.verifier.expose()),
                ("the base URL", first.base_url.as_str()),
            ];
            let secrets = first.secrets.iter();
            let mine = secrets.filter(|entry| entry.consumer_key.as_ref() == Some(&first.key));
            values
                .extend(mine.map(|entry| ("the consumer secret", entry.consumer_secret.expose())));
            theatre.all(
                "none of the four values in the answer",
                values,
                |(name, value)| text.contains(value).then(|| format!("{name} in it")),
            )
        },
    )
    .covers(&["app-callback-says-nothing"])
    .weakness("CWE-200"),
    Case::app(
        Level::Security,
        "app/callback/answer-without-trace",
        "an answer to a broken credentials POST shows no trace of the program",
        |theatre| {
            let broken = theatre.sends_form("a form without its fields", &[("a", "b")])?;
            let text = broken.map(|answer| answer.text()).unwrap_or_default();
            theatre.all("no trace of the program", TRACES, |trace| {
                text.contains(*trace).then(|| format!("`{trace}` in it"))
            })
        },
    )
    .covers(&["app-callback-says-nothing"])
    .weakness("CWE-209"),
    Case::app(
        Level::Should,
        "app/callback/encrypted",
        "the callback endpoint is reached over HTTPS",
        |theatre| {
            let callback = &theatre.house().target.callback;
            let local = ["http://127.", "http://localhost", "http://[::1]"];
            if local.iter().any(|start| callback.starts_with(start)) {
                return Err(Stop::NotApplicable(
                    "the callback endpoint is on this machine".into(),
                ));
            }
            theatre.holds(
                callback.starts_with("https:"),
                "an https URL: a panel warns of any other",
                callback.as_str(),
            )
        },
    )
    .covers(&["app-callback-encrypted"])
    .measured(),
];
