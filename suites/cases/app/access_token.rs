//! # The request for an access token
//!
//! The request token and the verifier of the credentials POST are turned into an access token once: signed with both secrets, with a nonce
//! of its own.
//!
//! Source: docs/protocol/token-endpoints.md, docs/protocol/flow.md#races.

use std::time::Duration;

use magespec::conformance::{Carriage, Case, Level, Need, Rule, Shape, Stop, Wanted, When};
use magespec::doctor::Family;

use super::request_token::below;

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/access-token/arrives",
        "one access token is asked for after the request token",
        |theatre| {
            let asked = theatre.first_of(When::RequestToken)?;
            if asked.iter().all(|seen| seen.status() != 200) {
                return Err(Stop::NotApplicable(
                    "the store gave no request token".into(),
                ));
            }
            let first = theatre.first()?;
            let path = below(&first.base_url, "oauth/token/access");
            let next: Vec<_> = first.of(When::AccessToken).collect();
            theatre.holds(
                next.len() == 1 && next[0].path() == path,
                &format!("one request to {path}"),
                first.told(),
            )
        },
    )
    .covers(&["app-access-arrives"])
    .measured(),
    Case::app(
        Level::Must,
        "app/access-token/signature",
        "the request for an access token is signed with both secrets",
        |theatre| {
            theatre.all(
                "a signature keyed with `consumer secret&request token secret`",
                theatre.first_of(When::AccessToken)?,
                |seen| {
                    let judged = theatre.judge(seen);
                    (!judged.is_right()).then(|| judged.sentence())
                },
            )
        },
    )
    .covers(&["app-access-signature"])
    .rfc("5849 section 3.4.2"),
    Case::app(
        Level::Must,
        "app/access-token/verifier",
        "the verifier of the credentials POST stands in the header as it came",
        |theatre| {
            let posts = &theatre.first()?.posted;
            theatre.all(
                "oauth_verifier as it was posted, in the Authorization field",
                theatre.first_of(When::AccessToken)?,
                |seen| {
                    let sent = seen.parameter("oauth_verifier");
                    let posted = |verifier: &str| {
                        posts.iter().any(|post| post.verifier.expose() == verifier)
                    };
                    match sent {
                        None => Some("none there".to_owned()),
                        Some(sent) if !posted(&sent) => Some("another one".to_owned()),
                        Some(_) => None,
                    }
                },
            )
        },
    )
    .covers(&["app-access-verifier"])
    .measured(),
    Case::app(
        Level::Must,
        "app/access-token/nonce",
        "the access token is asked for with a nonce of its own",
        |theatre| {
            let before = theatre.first_of(When::RequestToken)?;
            let used: Vec<_> = before
                .iter()
                .map(|seen| seen.parameter("oauth_nonce"))
                .collect();
            theatre.all(
                "another nonce than that of the request token",
                theatre.first_of(When::AccessToken)?,
                |seen| {
                    used.contains(&seen.parameter("oauth_nonce"))
                        .then(|| "the same".to_owned())
                },
            )
        },
    )
    .covers(&["app-access-nonce"])
    .measured(),
    Case::app(
        Level::Must,
        "app/access-token/strange-secrets",
        "secrets with reserved characters are escaped in the key",
        |theatre| {
            if theatre.profile().name != "rfc5849" {
                return Err(Stop::NotApplicable(
                    "stores of this profile draw secrets of 0-9a-z; profile rfc5849 has others"
                        .into(),
                ));
            }
            theatre.is_sound()?;
            let wanted = Wanted {
                strange_secrets: true,
                ..Wanted::default()
            };
            let play = theatre.opens_as(Shape::default(), wanted)?;
            play.through()?;
            for seen in play
                .of(When::RequestToken)
                .iter()
                .chain(&play.of(When::AccessToken))
            {
                let judged = theatre.judge(seen);
                theatre.holds(
                    judged.is_right(),
                    "both parts of the key percent-encoded",
                    judged.sentence(),
                )?;
            }
            theatre.is_connected(&play)
        },
    )
    .covers(&["app-access-strange-secrets"])
    .rfc("5849 section 3.4.2"),
    Case::app(
        Level::Should,
        "app/access-token/slow-store",
        "a store that takes twenty seconds is not asked twice at a time",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.arrange(vec![
                Rule::late(When::AccessToken, Duration::from_secs(20)).times(1),
            ]);
            play.through()?;
            let asked = play.of(When::AccessToken);
            let Some(first) = asked.first() else {
                return Err(Stop::CouldNotRun(play.record().told()));
            };
            let token = first.parameter("oauth_token");
            let overlapping = asked[1..].iter().any(|seen| {
                let open = first.done.is_none_or(|done| seen.at < done);
                open && seen.parameter("oauth_token") == token
            });
            theatre.holds(
                !overlapping,
                "no second request with the token while the first is open",
                play.record().told(),
            )
        },
    )
    .covers(&["app-access-slow-store"])
    .needs(&[Need::Slow])
    .measured(),
    Case::app(
        Level::Should,
        "app/access-token/answer-lost",
        "when the access token is lost on its way, the app does not ask for ever",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.arrange(vec![Rule::carried(When::AccessToken, Carriage::Lost)]);
            let visit = play.through()?;
            let asked = play.of(When::AccessToken);
            if asked.is_empty() {
                return Err(Stop::CouldNotRun(play.record().told()));
            }
            theatre.holds(
                asked.len() <= 3,
                "at most three requests: the token is spent",
                format!("{} requests", asked.len()),
            )?;
            match visit {
                None => theatre.lives_on(),
                Some(visit) => theatre.holds(
                    !visit.returned(),
                    "a page that tells the merchant to activate again",
                    visit.told(),
                ),
            }
        },
    )
    .covers(&["app-access-answer-lost"])
    .measured(),
    Case::app(
        Level::Must,
        "app/access-token/spent",
        "request token and verifier are not used after the exchange",
        |theatre| {
            let spent: Vec<String> = theatre
                .first_of(When::AccessToken)?
                .iter()
                .filter_map(|seen| seen.parameter("oauth_token"))
                .collect();
            theatre.all(
                "calls with the access token alone",
                theatre.first_of(When::Rest)?,
                |seen| {
                    let token = seen.parameter("oauth_token").unwrap_or_default();
                    if spent.contains(&token) {
                        Some("a call with the request token".to_owned())
                    } else {
                        let verifier = seen.parameter("oauth_verifier");
                        verifier.map(|_| "a call with oauth_verifier".to_owned())
                    }
                },
            )
        },
    )
    .covers(&["app-access-spent"])
    .measured(),
    Case::app(
        Level::Must,
        "app/access-token/key",
        "no mistake of the key is made for the access token",
        |theatre| {
            theatre.all(
                "the key of both secrets, in this order",
                theatre.first_of(When::AccessToken)?,
                |seen| {
                    let judged = theatre.judge(seen);
                    judged.is_of(Family::Key).then(|| judged.sentence())
                },
            )
        },
    )
    .covers(&["app-access-signature"])
    .rfc("5849 section 3.4.2"),
];
