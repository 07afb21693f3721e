//! # Transport
//!
//! Answers travel in every form that HTTP has, and a store that nobody vouches for is told nothing.
//!
//! Source: docs/protocol/credentials-post.md#tls, docs/protocol/token-endpoints.md#answers.

use magespec::conformance::{
    Carriage, Case, Host, Level, Need, Outcome, Rule, Shape, Stop, Theatre, When,
};

/// The whole handshake succeeds although every answer travels so.
fn reads(theatre: &Theatre<'_>, carriage: Carriage) -> Outcome {
    theatre.is_sound()?;
    let play = theatre.opens()?;
    play.arrange(vec![
        Rule::carried(When::RequestToken, carriage),
        Rule::carried(When::AccessToken, carriage),
        Rule::carried(When::Rest, carriage),
    ]);
    play.through()?;
    theatre.is_connected(&play)
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Security,
        "app/transport/self-signed",
        "a store whose certificate nobody vouches for gets no request",
        |theatre| {
            let shape = Shape {
                untrusted: true,
                ..Shape::default()
            };
            let watch = theatre.watches(shape)?;
            let play = theatre.opens_at(shape)?;
            let posted = play.post()?;
            play.settle();
            if theatre.identity().is_ok() && posted.status() < 400 {
                play.look()?;
            }
            let connections = watch.connections();
            let told = watch.requests();
            theatre.holds(
                told.is_empty(),
                "no request, and so no credentials",
                super::told(&told),
            )?;
            if connections == 0 && posted.status() < 400 {
                return Err(Stop::NotApplicable(
                    "the app did not connect to the store".into(),
                ));
            }
            theatre.lives_on()
        },
    )
    .covers(&["app-transport-certificate"])
    .needs(&[Need::TwoStores])
    .weakness("CWE-295"),
    Case::app(
        Level::Must,
        "app/transport/http-1-0",
        "answers of HTTP/1.0 are read",
        |theatre| reads(theatre, Carriage::Old),
    )
    .covers(&["app-transport-http"])
    .measured(),
    Case::app(
        Level::Must,
        "app/transport/chunked",
        "answers in chunks are read",
        |theatre| reads(theatre, Carriage::Chunked),
    )
    .covers(&["app-transport-http"])
    .measured(),
    Case::app(
        Level::Should,
        "app/transport/closing",
        "a connection that is closed between two requests is opened anew",
        |theatre| reads(theatre, Carriage::Closing),
    )
    .covers(&["app-transport-http"])
    .derived("docs/protocol/token-endpoints.md#answers"),
    Case::app(
        Level::Should,
        "app/transport/ipv6",
        "a store with an IPv6 address works",
        |theatre| {
            theatre.is_sound()?;
            let play = theatre.opens_at(Shape {
                host: Host::Ipv6,
                ..Shape::default()
            })?;
            theatre.connects(&play)
        },
    )
    .covers(&["app-transport-ipv6"])
    .needs(&[Need::TwoStores])
    .derived("docs/protocol/apps.md#the-exchange"),
];
