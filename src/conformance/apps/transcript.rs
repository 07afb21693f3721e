//! What went over the wire in a case, as a report keeps it: without secrets, and cut.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::conformance::probe::Signed;
use crate::conformance::result::{ExchangeText, Scene};
use crate::text::{form, visible};
use crate::wire::{Exchange, Request, Response, redact};

use super::played::Posted;
use super::story::scenes;
use super::theatre::Theatre;

/// Bytes of a message that a report keeps.
const MOST_KEPT: usize = 4096;

impl Theatre<'_> {
    /// The story so far.
    pub(super) fn scenes(&self) -> Vec<Scene> {
        let records = self.records.borrow();
        let crafted = self.crafted.borrow();
        let told = scenes(&records, &crafted, self.profile());
        told.into_iter()
            .map(|scene| Scene {
                what: self.clean(&scene.what),
                answer: self.clean(&scene.answer),
                note: self.clean(&scene.note),
                ..scene
            })
            .collect()
    }

    /// What went over the wire, and the story of it.
    pub(crate) fn finish(self, by_the_last: bool) -> (Vec<ExchangeText>, Vec<Scene>) {
        let scenes = self.scenes();
        let mut told: Vec<(Instant, String, Exchange, Option<Signed>)> = Vec::new();
        let mut add = |at, request: &str, response: String, signed| {
            let exchange = Exchange {
                peer: String::new(),
                request: redact(&visible::cut(request, MOST_KEPT)),
                response: redact(&response),
                elapsed: Duration::ZERO,
            };
            told.push((at, String::new(), exchange, signed));
        };
        for record in self.records.borrow().iter() {
            for posted in &record.posted {
                add(posted.at, &of_post(posted), of_answer(&posted.answer), None);
            }
            for hop in record.visits.iter().flat_map(|visit| &visit.hops) {
                add(hop.at, &hop.request(), of_answer(&hop.answer), None);
            }
            for seen in &record.seen {
                let judged = self.judge(seen);
                let signed = judged.base_string().map(|text| Signed {
                    base_string: redact(text),
                    spoiled: false,
                });
                let answer = seen.response.clone();
                let answer = answer.ok_or_else(|| "nothing was answered".to_owned());
                add(
                    seen.at,
                    &of_request(&seen.request),
                    of_answer(&answer),
                    signed,
                );
            }
        }
        for crafted in self.crafted.borrow().iter() {
            add(
                crafted.at,
                &crafted.request,
                of_answer(&crafted.answer),
                None,
            );
        }
        told.sort_by_key(|(at, ..)| *at);
        for (_, _, exchange, signed) in told {
            self.recorder.add(exchange, signed);
        }
        (self.recorder.take(by_the_last), scenes)
    }
}

fn of_post(posted: &Posted) -> String {
    format!(
        "POST (callback) HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n\
         oauth_consumer_key=…&oauth_consumer_secret=…&store_base_url={}&oauth_verifier=…",
        form::encode(&posted.base_url)
    )
}

pub(super) fn of_request(request: &Request) -> String {
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    for (name, value) in request.headers.iter() {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let body = String::from_utf8_lossy(&request.body[..request.body.len().min(MOST_KEPT)]);
    let _ = write!(text, "\r\n{body}");
    text
}

fn of_answer(answer: &Result<Response, String>) -> String {
    match answer {
        Err(reason) => format!("({reason})"),
        Ok(response) => {
            let mut text = format!("HTTP/1.1 {}\r\n", response.status);
            for (name, value) in response.headers.iter() {
                let _ = write!(text, "{name}: {value}\r\n");
            }
            let body = &response.body[..response.body.len().min(MOST_KEPT)];
            let _ = write!(text, "\r\n{}", String::from_utf8_lossy(body));
            text
        }
    }
}
