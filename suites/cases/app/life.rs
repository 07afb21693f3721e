//! # Life after the first handshake
//!
//! Stores re-authorise, are reset, and come in twos; apps are restarted. New credentials of a store replace its old ones, and nothing is
//! mixed.
//!
//! Source: docs/protocol/flow.md, docs/protocol/apps.md#afterwards.

use magespec::conformance::{Case, Level, Need, PostAs, Shape, Stop, When};

use super::told;

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/life/re-authorised",
        "a re-authorisation is exchanged anew, and the old token is not used again",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.through()?;
            theatre.is_connected(&play)?;
            let before = play.of(When::AccessToken).len();
            let old: Vec<String> = play
                .store
                .secrets()
                .into_iter()
                .filter(|entry| entry.consumer_key.as_ref() == Some(&play.integration.key))
                .filter_map(|entry| entry.token)
                .collect();
            let from = play.seen().len();
            play.post_as(PostAs {
                reauthorize: true,
                ..PostAs::default()
            })?;
            if theatre.house().door().moment == magespec::conformance::Moment::AfterPost {
                let again = || play.of(When::AccessToken).len() > before;
                play.wait(theatre.house().target.wait, again);
            }
            play.on()?;
            let again = || play.of(When::AccessToken).len() > before;
            play.wait(theatre.house().target.wait, again);
            play.settle();
            theatre.is_connected(&play)?;
            theatre.holds(
                again(),
                "an exchange of the new verifier",
                play.record().told(),
            )?;
            let seen = play.seen().split_off(from);
            theatre.all("no call with the old token", &seen, |seen| {
                let token = seen.parameter("oauth_token").unwrap_or_default();
                let stale = seen.when == When::Rest && old.contains(&token);
                stale.then(|| seen.path().to_owned())
            })
        },
    )
    .covers(&["app-life-reauthorised"])
    .measured(),
    Case::app(
        Level::Must,
        "app/life/made-anew",
        "an integration that was deleted and made anew takes the place of the old one",
        |theatre| {
            theatre.is_sound()?;
            let old = theatre.opens()?;
            old.through()?;
            theatre.is_connected(&old)?;
            old.store
                .remove(&old.integration)
                .map_err(|error| Stop::CouldNotRun(error.to_string()))?;
            let new = theatre.opens()?;
            new.through()?;
            theatre.is_connected(&new)?;
            let triggered = theatre.house().target.trigger.is_some();
            let calls = if triggered {
                theatre.calls_again(&new)?
            } else {
                new.of(When::Rest)
            };
            let before = theatre.first()?.of(When::Rest);
            let succeeded = before.into_iter().all(|seen| seen.status() == 200);
            theatre.holds(
                calls.iter().all(|seen| seen.status() == 200 || !succeeded)
                    && !(triggered && calls.is_empty()),
                "calls with the new credentials, which succeed",
                told(&calls),
            )
        },
    )
    .covers(&["app-life-made-anew", "app-life-reset"])
    .measured(),
    Case::app(
        Level::Must,
        "app/life/two-stores",
        "two handshakes at a time with two stores are not mixed",
        |theatre| {
            theatre.is_sound()?;
            let one = theatre.opens()?;
            let other = theatre.opens_at(Shape {
                number: 1,
                ..Shape::default()
            })?;
            one.post()?;
            other.post()?;
            one.after_post();
            other.after_post();
            let back = [one.on()?, other.on()?];
            theatre.is_connected(&one)?;
            theatre.is_connected(&other)?;
            for visit in back.into_iter().flatten() {
                theatre.holds(
                    !matches!(visit.end, magespec::conformance::VisitEnd::Left(_)),
                    "each browser back at its own store",
                    visit.told(),
                )?;
            }
            let strays = |play: &magespec::conformance::Play<'_>, key: &str| {
                let seen = play.store.seen(0);
                seen.iter()
                    .any(|seen| seen.parameter("oauth_consumer_key").as_deref() == Some(key))
            };
            theatre.holds(
                !strays(&one, &other.integration.key) && !strays(&other, &one.integration.key),
                "no key at the store of the other",
                "one",
            )
        },
    )
    .covers(&["app-life-two-stores"])
    .needs(&[Need::TwoStores])
    .weakness("CWE-488"),
    Case::app(
        Level::Should,
        "app/life/restarted-between",
        "a handshake goes on when the app is restarted between the POST and the merchant",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.post()?;
            play.after_post();
            theatre.restarts()?;
            play.on()?;
            theatre.is_connected(&play)
        },
    )
    .covers(&["app-life-restarted-between"])
    .needs(&[Need::Restart])
    .derived("docs/protocol/apps.md#afterwards"),
    Case::app(
        Level::Must,
        "app/life/restarted-after",
        "calls go on when the app is restarted after the handshake",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.through()?;
            theatre.is_connected(&play)?;
            theatre.restarts()?;
            let calls = theatre.calls_again(&play)?;
            theatre.holds(
                calls.iter().any(|seen| seen.status() == 200),
                "calls with the credentials that it has kept",
                told(&calls),
            )
        },
    )
    .covers(&["app-life-restarted-after"])
    .needs(&[Need::Restart, Need::Trigger])
    .derived("docs/protocol/apps.md#afterwards"),
];
