//! # Credentials of a stranger
//!
//! Nothing proves that a store sent a credentials POST. Credentials are worth something only after an exchange with them has succeeded;
//! until then those that work stay in use. Otherwise anyone disconnects any merchant.
//!
//! Source: docs/protocol/apps.md#the-credentials-post.

use magespec::conformance::{Case, Level, Need, Outcome, Play, Shape, Stop, Theatre};

use super::told;

/// The app's next calls are signed with what it had before, and succeed.
fn goes_on(theatre: &Theatre<'_>, play: &Play<'_>) -> Outcome {
    let calls = theatre.calls_again(play)?;
    theatre.holds(
        calls.iter().any(|call| call.status() == 200),
        "calls that succeed with the credentials that worked before",
        told(&calls),
    )
}

/// A stranger posts credentials for the store at `base` and opens the identity link.
fn posts_a_strangers(theatre: &Theatre<'_>, base: &str, back: &str) -> Outcome {
    posts_with_key(theatre, &theatre.value(), base, back)
}

fn posts_with_key(theatre: &Theatre<'_>, key: &str, base: &str, back: &str) -> Outcome {
    let posted = theatre.sends_form(
        "credentials of a stranger",
        &[
            ("oauth_consumer_key", key),
            ("oauth_consumer_secret", &theatre.value()),
            ("store_base_url", base),
            ("oauth_verifier", &theatre.value()),
        ],
    )?;
    let status = posted.as_ref().map_or(0, |answer| answer.status);
    if theatre.identity().is_err() {
        return theatre.holds(status < 500, "an answer below 500", status.to_string());
    }
    // Whether that leads back is judged by app/link/unknown-key.
    theatre.opens_link(key, back)?;
    theatre.lives_on()
}

/// A connected store, without which nothing can be taken from it.
fn connected<'a>(theatre: &'a Theatre<'a>) -> Result<Play<'a>, Stop> {
    theatre.is_sound()?;
    let play = theatre.opens()?;
    play.through()?;
    if !play.connected()? {
        return Err(Stop::CouldNotRun(play.record().told()));
    }
    let calls = theatre.calls_again(&play)?;
    if !calls.iter().any(|call| call.status() == 200) {
        return Err(Stop::CouldNotRun(format!(
            "the trigger makes no call that succeeds: {}",
            told(&calls)
        )));
    }
    Ok(play)
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Security,
        "app/callback/stranger/other-store",
        "credentials that another store refuses leave a connected store alone",
        |theatre| {
            let play = connected(theatre)?;
            let other = theatre.watches(Shape {
                number: 1,
                ..Shape::default()
            })?;
            let back = other.store.return_url();
            posts_a_strangers(theatre, &other.store.base_url(), &back)?;
            goes_on(theatre, &play)
        },
    )
    .covers(&["app-callback-stranger-elsewhere"])
    .needs(&[Need::TwoStores, Need::Trigger])
    .weakness("CWE-345"),
    Case::app(
        Level::Security,
        "app/callback/stranger/same-store",
        "credentials in the name of a connected store do not replace those that work",
        |theatre| {
            let play = connected(theatre)?;
            let back = play.store.return_url();
            posts_a_strangers(theatre, &play.store.base_url(), &back)?;
            goes_on(theatre, &play)
        },
    )
    .covers(&["app-callback-stranger-same"])
    .needs(&[Need::Trigger])
    .weakness("CWE-345"),
    Case::app(
        Level::Security,
        "app/callback/stranger/same-key",
        "credentials under a connected store's own key, which stands in the identity link, do not replace those that work",
        |theatre| {
            let play = connected(theatre)?;
            let (back, key) = (play.store.return_url(), play.integration.key.clone());
            posts_with_key(theatre, &key, &play.store.base_url(), &back)?;
            goes_on(theatre, &play)
        },
    )
    .covers(&["app-callback-stranger-same"])
    .needs(&[Need::Trigger])
    .weakness("CWE-345"),
];
