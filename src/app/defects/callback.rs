//! The callback endpoint: what it asks for, when it answers, what it keeps.

use std::time::Duration;

use crate::wire::{Request, Response};

use super::Defect;
use super::faults::Guard;

fn is_callback(request: &Request) -> bool {
    request.target.split('?').next() == Some("/callback")
}

fn refuse(request: &Request, status: u16, text: &str) -> Option<Response> {
    (is_callback(request) && request.method == "POST")
        .then(|| Response::new(status, "text/html; charset=UTF-8", text))
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "app/callback-wants-json",
        "the callback takes JSON alone",
        "app/callback/success",
        |faults| {
            faults
                .instead
                .push(|request| refuse(request, 415, "expected application/json"));
        },
    ),
    Defect::new(
        "app/callback-behind-a-login",
        "the callback sends whoever posts to a login page",
        "app/callback/no-redirect",
        |faults| {
            faults.instead.push(|request| {
                let mut answer = refuse(request, 302, "")?;
                answer.headers.add("Location", "/sign-in");
                Some(answer)
            });
        },
    ),
    Defect::new(
        "app/callback-wants-a-form-token",
        "the callback is guarded against forged forms, and refuses the store",
        "app/callback/no-form-token-asked",
        |faults| {
            faults
                .instead
                .push(|request| refuse(request, 419, "CSRF token mismatch."));
        },
    ),
    Defect::new(
        "app/callback-answers-late",
        "the callback is answered after six seconds",
        "app/callback/at-once",
        |faults| faults.delay = Duration::from_secs(6),
    ),
    Defect::new(
        "app/callback-answers-500",
        "the callback works and answers with an error of the server",
        "app/callback/success",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_callback(request) && response.status == 200 {
                    response.status = 500;
                }
            });
        },
    ),
    Defect::new(
        "app/callback-by-get",
        "the callback answers GET with success",
        "app/callback/method/get",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_callback(request) && request.method == "GET" {
                    response.status = 200;
                }
            });
        },
    ),
    Defect::new(
        "app/callback-loses-the-query",
        "the callback is unknown under an address with a query",
        "app/callback/query-kept",
        |faults| {
            faults.instead.push(|request| {
                let query = request.target.contains('?');
                refuse(request, 404, "not found").filter(|_| query)
            });
        },
    ),
    Defect::new(
        "app/callback-echoes",
        "the callback answers with what was posted",
        "app/callback/answer-without-secrets",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_callback(request) && response.status == 200 {
                    response.body.clone_from(&request.body);
                }
            });
        },
    ),
    Defect::new(
        "app/callback-shows-a-trace",
        "a bad POST is answered with a stack trace",
        "app/callback/answer-without-trace",
        |faults| {
            faults.leaving.push(|_, request, response| {
                if is_callback(request) && response.status >= 400 {
                    let trace = b"\nTraceback (most recent call last):\n  File \"/srv/app/views.py\", line 12, in callback\n";
                    response.body.extend_from_slice(trace);
                }
            });
        },
    ),
    Defect::new(
        "app/first-credentials-kept",
        "credentials that are posted again are not taken over",
        "app/life/re-authorised",
        |faults| faults.leave_out(Guard::NewestCredentials),
    ),
    Defect::new(
        "app/believes-any-poster",
        "posted credentials replace working ones before the store has proven them",
        "app/callback/stranger/same-key",
        |faults| faults.leave_out(Guard::ProofBeforeUse),
    ),
];
