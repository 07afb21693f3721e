//! # The identity link and the way back
//!
//! The panel opens the identity link in a window with `oauth_consumer_key` and `success_call_back`. The merchant signs in, the exchange is
//! done, and the window ends at exactly the address that it was given: the panel compares it character by character.
//!
//! Source: docs/protocol/apps.md#the-identity-link, docs/protocol/flow.md.

use std::time::Duration;

use magespec::conformance::{
    Case, Level, LoginForm, Moment, Need, Outcome, Play, Rule, Shape, Stop, Theatre, Visit,
    VisitEnd, Wanted, When,
};
use magespec::secret::Secret;

use super::problem;

/// The visit of the first handshake.
fn first_visit<'a>(theatre: &Theatre<'a>) -> Result<&'a Visit, Stop> {
    theatre.identity()?;
    theatre.recall();
    let visit = theatre.first()?.visits.last();
    visit.ok_or_else(|| Stop::NotApplicable("a person opened the identity link".into()))
}

fn needs_login(visit: &Visit) -> Result<(), Stop> {
    if visit.end == VisitEnd::Login {
        return Err(Stop::lacks(Need::Login));
    }
    Ok(())
}

/// A handshake that ends at the store's own page.
fn returns(theatre: &Theatre<'_>, play: &Play<'_>) -> Outcome {
    theatre.is_sound()?;
    let visit = play.through()?;
    theatre.is_connected(play)?;
    let visit = visit.ok_or_else(|| Stop::lacks(Need::Identity))?;
    needs_login(&visit)?;
    theatre.holds(
        visit.returned(),
        "the browser at success_call_back, exactly as it was given",
        visit.told(),
    )
}

/// The page for this address of the identity link says that it is wrong, and nothing breaks.
fn complains(theatre: &Theatre<'_>, addresses: Vec<(&str, String)>) -> Outcome {
    for (what, address) in addresses {
        let visit = theatre.visits(&address, "")?;
        let first = visit.hops.first();
        let status = first.map_or(0, magespec::conformance::Hop::status);
        theatre.holds(
            (400..500).contains(&status),
            "a page with a status of the 400s",
            format!("{status} for {what}"),
        )?;
    }
    theatre.lives_on()
}

/// A refusal at this step shows instead of a return.
fn shows_failure(theatre: &Theatre<'_>, when: When) -> Outcome {
    theatre.is_sound()?;
    let play = theatre.opens()?;
    play.arrange(vec![Rule::instead(when, |_, _| {
        problem(401, "The signature is invalid. Verify and try again.")
    })]);
    play.post()?;
    play.after_post();
    let visit = play.visit()?;
    play.settle();
    if play.of(when).is_empty() {
        return Err(Stop::CouldNotRun(play.record().told()));
    }
    theatre.holds(
        !visit.returned(),
        "a page that says so: a store takes the return for success",
        visit.told(),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/link/opens",
        "the identity link shows a page, or leads back at once",
        |theatre| {
            let visit = first_visit(theatre)?;
            let good = match visit.end {
                VisitEnd::Returned | VisitEnd::Login => true,
                VisitEnd::Page => visit.status() < 400,
                VisitEnd::Left(_) | VisitEnd::Lost(_) => false,
            };
            theatre.holds(good, "a page with status 200, or the way back", visit.told())
        },
    )
    .covers(&["app-link-opens"])
    .measured(),
    Case::app(
        Level::Must,
        "app/link/returns",
        "the browser comes back to success_call_back, key and all",
        |theatre| {
            let visit = first_visit(theatre)?;
            needs_login(visit)?;
            let first = theatre.first()?;
            if !first.connected {
                return Err(Stop::CouldNotRun(first.told()));
            }
            theatre.holds(
                visit.returned(),
                "the browser at success_call_back, by redirect, form or link",
                visit.told(),
            )
        },
    )
    .covers(&["app-link-returns"])
    .measured(),
    Case::app(
        Level::Must,
        "app/link/returns-byte-for-byte",
        "an address of return with escapes and a query is kept byte for byte",
        |theatre| {
            let play = theatre.opens()?;
            let back = format!("{}?a=%20b%2Fc%26&d=%C3%A9+f", play.back.borrow());
            play.back.replace(back);
            returns(theatre, &play)
        },
    )
    .covers(&["app-link-returns"])
    .measured(),
    Case::app(
        Level::Must,
        "app/link/returns-to-folder",
        "the browser comes back to a store in a folder",
        |theatre| {
            let play = theatre.opens_at(Shape {
                folder: "/shop",
                ..Shape::default()
            })?;
            returns(theatre, &play)
        },
    )
    .covers(&["app-link-returns"])
    .needs(&[Need::TwoStores])
    .measured(),
    Case::app(
        Level::Should,
        "app/link/own-query",
        "an identity link with a query of its own works, second question mark and all",
        |theatre| {
            let identity = theatre.identity()?;
            let sign = if identity.contains('?') { '&' } else { '?' };
            let wanted = Wanted {
                identity: format!("{identity}{sign}magespec=1"),
                ..Wanted::default()
            };
            let play = theatre.opens_as(Shape::default(), wanted)?;
            returns(theatre, &play)
        },
    )
    .covers(&["app-link-own-query"])
    .measured(),
    Case::app(
        Level::Must,
        "app/link/in-time",
        "the exchange is done within the window, or before the merchant comes",
        |theatre| {
            let asked = theatre.first_of(When::RequestToken)?;
            let posted = theatre.first()?.posted.first();
            let since = match (asked.first(), posted) {
                (Some(asked), Some(posted)) => asked.at.duration_since(posted.at),
                _ => Duration::ZERO,
            };
            theatre.holds(
                since < Duration::from_mins(5),
                "at most 300 s from the credentials POST to the request token",
                format!("{:.0} s", since.as_secs_f64()),
            )
        },
    )
    .covers(&["app-link-in-time"])
    .measured(),
    Case::app(
        Level::Should,
        "app/link/wrong-password",
        "a wrong password leads neither back nor to an exchange",
        |theatre| {
            let login = theatre.house().target.login.clone().unwrap_or_default();
            let play = theatre.opens()?;
            play.post()?;
            play.after_post();
            let before = play.of(When::RequestToken).len();
            let wrong = LoginForm {
                password: Secret::new("wrong-magespec"),
                ..login
            };
            let visit = theatre.comes_as(&play, wrong, false)?;
            play.settle();
            if !visit.logged_in {
                return Err(Stop::NotApplicable("the app asked for no password".into()));
            }
            theatre.holds(!visit.returned(), "an error page", visit.told())?;
            theatre.holds(
                play.of(When::RequestToken).len() == before,
                "no exchange for somebody who is not let in",
                play.record().told(),
            )
        },
    )
    .covers(&["app-link-wrong-password"])
    .needs(&[Need::Password])
    .derived("docs/protocol/apps.md#the-identity-link"),
    Case::app(
        Level::Should,
        "app/link/too-early",
        "the identity link before the credentials POST breaks nothing",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            let early = play.glance()?;
            theatre.holds(
                early.status() < 500 && !early.returned(),
                "a page that says so",
                early.told(),
            )?;
            play.through()?;
            theatre.is_connected(&play)
        },
    )
    .covers(&["app-link-too-early"])
    .derived("docs/protocol/flow.md"),
    Case::app(
        Level::Should,
        "app/link/parameter/missing",
        "the identity link without one of its parameters, or with an empty one, is refused",
        |theatre| {
            let identity = theatre.identity()?;
            let play = theatre.opens()?;
            play.post()?;
            play.after_post();
            let key = &play.integration.key;
            let back = magespec::text::form::encode(&play.back.borrow());
            complains(
                theatre,
                vec![
                    ("no parameter", identity.to_owned()),
                    ("no key", format!("{identity}?success_call_back={back}")),
                    ("no address of return", format!("{identity}?oauth_consumer_key={key}")),
                    (
                        "an empty key",
                        format!("{identity}?oauth_consumer_key=&success_call_back={back}"),
                    ),
                    (
                        "an empty address of return",
                        format!("{identity}?oauth_consumer_key={key}&success_call_back="),
                    ),
                ],
            )
        },
    )
    .covers(&["app-link-parameters"])
    .derived("docs/protocol/apps.md#the-identity-link"),
    Case::app(
        Level::Should,
        "app/link/parameter/strange",
        "the identity link with a doubled or an endless parameter is refused",
        |theatre| {
            let identity = theatre.identity()?;
            let play = theatre.opens()?;
            play.post()?;
            play.after_post();
            let key = &play.integration.key;
            let back = magespec::text::form::encode(&play.back.borrow());
            let other = theatre.value();
            let long = "a".repeat(60 * 1024);
            complains(
                theatre,
                vec![
                    (
                        "two keys",
                        format!("{identity}?oauth_consumer_key={key}&oauth_consumer_key={other}&success_call_back={back}"),
                    ),
                    (
                        "a key of 60 KB",
                        format!("{identity}?oauth_consumer_key={long}&success_call_back={back}"),
                    ),
                ],
            )
        },
    )
    .covers(&["app-link-parameters"])
    .derived("docs/protocol/apps.md#the-identity-link"),
    Case::app(
        Level::Should,
        "app/link/unknown-key-said",
        "the identity link with a key that nobody posted is answered with a status of the 400s",
        |theatre| {
            let identity = theatre.identity()?;
            let back = theatre.watches(Shape::default())?.store.return_url();
            let key = theatre.value();
            let back = magespec::text::form::encode(&back);
            complains(
                theatre,
                vec![(
                    "an unknown key",
                    format!("{identity}?oauth_consumer_key={key}&success_call_back={back}"),
                )],
            )
        },
    )
    .covers(&["app-link-unknown-key"])
    .derived("docs/protocol/apps.md#the-identity-link"),
    Case::app(
        Level::Should,
        "app/link/failure/request-token",
        "a refused request token is shown instead of a return",
        |theatre| shows_failure(theatre, When::RequestToken),
    )
    .covers(&["app-link-failure-shown"])
    .needs(&[Need::Identity])
    .measured(),
    Case::app(
        Level::Should,
        "app/link/failure/access-token",
        "a refused access token is shown instead of a return",
        |theatre| shows_failure(theatre, When::AccessToken),
    )
    .covers(&["app-link-failure-shown"])
    .needs(&[Need::Identity])
    .measured(),
    Case::app(
        Level::Must,
        "app/link/second-round",
        "a merchant who closes the window and activates again is connected",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens()?;
            play.post()?;
            play.after_post();
            play.glance()?;
            if theatre.house().door().moment != Moment::InsidePost {
                play.post()?;
                play.after_post();
            }
            play.on()?;
            theatre.is_connected(&play)
        },
    )
    .covers(&["app-link-second-round"])
    .needs(&[Need::Identity])
    .measured(),
];
