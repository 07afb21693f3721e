//! The story of a handshake: who sent what to whom, when, and how it has to be seen.

use std::time::Instant;

use url::Url;

use crate::conformance::probe::shortened;
use crate::conformance::result::{Mark, Scene};
use crate::oauth::Profile;
use crate::wire::Response;

use super::played::{Posted, Seen, When};
use super::record::{Crafted, Record, said};
use super::signature::Judged;
use super::visit::{Hop, VisitEnd};

/// The scenes of these, in the order of time.
pub(super) fn scenes(
    records: &[Record],
    crafted: &[Crafted],
    profile: &'static Profile,
) -> Vec<Scene> {
    let mut told: Vec<(Instant, Scene)> = Vec::new();
    for record in records {
        let store = record.store_name();
        for posted in &record.posted {
            told.push((posted.at, of_post(posted, &store)));
        }
        for visit in &record.visits {
            for hop in &visit.hops {
                told.push((hop.at, of_hop(hop, record, &visit.end)));
            }
        }
        for seen in record.seen.iter().filter(|seen| !is_return(seen)) {
            told.push((seen.at, of_request(seen, profile, &store)));
        }
    }
    for sent in crafted {
        let scene = Scene {
            from: "stranger".to_owned(),
            to: "app".to_owned(),
            what: sent.what.clone(),
            answer: answered(&sent.answer),
            ..Scene::default()
        };
        told.push((sent.at, scene));
    }
    told.sort_by_key(|(at, _)| *at);
    let Some(first) = told.first().map(|(at, _)| *at) else {
        return Vec::new();
    };
    let scenes = told.into_iter().map(|(at, scene)| Scene {
        at: (at.duration_since(first).as_secs_f64() * 1000.0).round() / 1000.0,
        ..scene
    });
    scenes.collect()
}

fn answered(answer: &Result<Response, String>) -> String {
    match answer {
        Ok(answer) => match answer.headers.first("Location") {
            Some(place) => format!("{} to {}", answer.status, shortened(place)),
            None => answer.status.to_string(),
        },
        Err(reason) => shortened(reason),
    }
}

fn of_post(posted: &Posted, store: &str) -> Scene {
    let (mark, note) = match posted.status() {
        200..300 => (Mark::Good, ""),
        0 => (
            Mark::Bad,
            "without an answer within 5 s the activation fails",
        ),
        300..400 => (
            Mark::Bad,
            "a store does not follow it and takes it for success: the credentials are lost",
        ),
        _ => (
            Mark::Doubt,
            "a store takes it for success: the merchant is told nothing",
        ),
    };
    Scene {
        from: store.to_owned(),
        to: "app".to_owned(),
        what: "credentials POST".to_owned(),
        answer: posted.told(),
        mark,
        note: note.to_owned(),
        ..Scene::default()
    }
}

fn of_hop(hop: &Hop, record: &Record, end: &VisitEnd) -> Scene {
    let home = hop.url.starts_with(record.home());
    let place = Url::parse(&hop.url).map(|url| url.path().to_owned());
    let what = if home {
        "back through success_call_back".to_owned()
    } else {
        let form = if hop.body.is_empty() { "" } else { ", a form" };
        format!(
            "{} {}{form}",
            hop.method,
            shortened(&place.unwrap_or_default())
        )
    };
    let mark = match (home, end) {
        (true, VisitEnd::Returned) => Mark::Good,
        (true, _) => Mark::Bad,
        _ if hop.status() >= 500 || hop.status() == 0 => Mark::Doubt,
        _ => Mark::Plain,
    };
    Scene {
        from: "browser".to_owned(),
        to: if home {
            record.store_name()
        } else {
            "app".to_owned()
        },
        what,
        answer: answered(&hop.answer),
        mark,
        ..Scene::default()
    }
}

fn of_request(seen: &Seen, profile: &'static Profile, store: &str) -> Scene {
    let judged = Judged::of(seen, profile);
    let signed = seen.request.headers.first("Authorization").is_some();
    let (mark, note) = match (signed, judged.is_right(), seen.status()) {
        (false, ..) => (Mark::Doubt, "without an Authorization field".to_owned()),
        (_, false, _) => (Mark::Bad, judged.sentence()),
        (_, true, 200) => (Mark::Good, String::new()),
        (_, true, _) => (Mark::Doubt, String::new()),
    };
    let staged = if seen.staged { " on purpose" } else { "" };
    Scene {
        from: "app".to_owned(),
        to: store.to_owned(),
        what: format!(
            "{} {}",
            seen.request.method,
            shortened(&seen.request.target)
        ),
        answer: format!("{}{staged}", said(seen)),
        mark,
        note,
        ..Scene::default()
    }
}

/// Whether it is the browser's way back.
pub(super) fn is_return(seen: &Seen) -> bool {
    seen.when == When::Other && seen.request.headers.first("Authorization").is_none()
}
