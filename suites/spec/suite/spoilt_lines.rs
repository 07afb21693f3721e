//! A right store behind a line that is spoilt fails no case; a wrong store fails all the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::spec::cli::processes::{Store, output, text};
use crate::spec::cli::test::credentials;
use crate::spec::suite::spoiler::{Message, Spoil, Spoiler};

type Ask<'a> = &'a dyn Fn(&Message) -> Option<Message>;

fn spoil(
    meddle: impl Fn(usize, Message, Ask<'_>) -> Option<Message> + Send + Sync + 'static,
) -> Spoil {
    Arc::new(meddle)
}

/// Every answer of this number's multiples is this one.
fn every(step: usize, answer: Message) -> Spoil {
    spoil(move |number, request, store| {
        if number % step == 0 {
            Some(answer.clone())
        } else {
            store(&request)
        }
    })
}

/// What a run through the panel made of the store behind the line.
struct Run {
    code: Option<i32>,
    said: String,
    report: Value,
}

impl Run {
    fn count(&self, verdict: &str) -> u64 {
        self.report["summary"][verdict].as_u64().unwrap_or_default()
    }

    fn reasons(&self) -> Vec<&str> {
        let cases = self.report["cases"].as_array();
        cases
            .into_iter()
            .flatten()
            .filter(|case| case["verdict"] == "could-not-run")
            .filter_map(|case| case["reason"].as_str())
            .collect()
    }
}

fn run(folder: &Path, url: &str, more: &[&str]) -> Run {
    let admin = [
        "--admin-user",
        "admin",
        "--admin-password-file",
        "password.txt",
        "--report",
        "json=r.json",
    ];
    let _ = fs::remove_file(folder.join("r.json"));
    let output = output(folder, &[&["test", url], &admin[..], more].concat());
    let report = fs::read_to_string(folder.join("r.json")).unwrap_or_default();
    Run {
        code: output.status.code(),
        said: text(&output),
        report: serde_json::from_str(&report).unwrap_or_default(),
    }
}

/// A run behind this line.
fn behind(spoil: Spoil, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let line = Spoiler::before(store.address(), spoil);
    run(folder.path(), &line.url, more)
}

fn gateway(status: &str) -> Message {
    let page = format!("<html><head><title>{status}</title></head><body></body></html>");
    Message::answer(
        status,
        &[("Server", "nginx"), ("Content-Type", "text/html")],
        &page,
    )
}

fn captive() -> Message {
    Message::answer(
        "200 OK",
        &[("Content-Type", "text/html")],
        "<!DOCTYPE html><html><head><title>Welcome to our network</title></head><body>Please accept</body></html>",
    )
}

/// The cases of which each sends a request or two.
const PART: [&str; 10] = [
    "--only",
    "parameters/*",
    "--only",
    "header/*",
    "--only",
    "query/*",
    "--only",
    "signature/*",
    "--only",
    "guest/*",
];

#[test]
fn a_right_store_behind_a_spoilt_line_fails_nothing() {
    for (name, spoil, reason) in [
        (
            "502 now and then",
            every(50, gateway("502 Bad Gateway")),
            "answered 502",
        ),
        (
            "429 now and then",
            every(20, gateway("429 Too Many Requests")),
            "too many requests",
        ),
        (
            "a captive page now and then",
            every(50, captive()),
            "a page `Welcome to our network`",
        ),
        (
            "maintenance from some time on",
            spoil(|number, request, store| {
                if number > 150 {
                    Some(gateway("503 Service Temporarily Unavailable"))
                } else {
                    store(&request)
                }
            }),
            "in maintenance or down",
        ),
        (
            "dropped connections",
            spoil(|number, request, store| (number % 30 != 0).then(|| store(&request))?),
            "closed the connection",
        ),
        (
            "a stray refusal",
            spoil(|number, request, store| {
                if number % 90 != 0 {
                    return store(&request);
                }
                let body = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Backend::store"}}"#;
                Some(Message::answer(
                    "401 Unauthorized",
                    &[("Content-Type", "application/json; charset=utf-8")],
                    body,
                ))
            }),
            "not steady",
        ),
    ] {
        let run = behind(spoil, &PART);
        assert_eq!(run.count("fail"), 0, "{name}: {}", run.said);
        assert_eq!(run.code, Some(3), "{name}: {}", run.said);
        let reasons = run.reasons();
        assert!(
            reasons.iter().any(|text| text.contains(reason)),
            "{name}: {reasons:?}"
        );
    }
}

#[test]
fn a_store_whose_requests_are_repeated_on_the_way_fails_nothing_and_is_told_so() {
    let twice = spoil(|_, request, store| {
        let first = store(&request);
        let _ = store(&request);
        first
    });
    let more = ["--only", "request-token/*", "--only", "panel/save/*"];
    let run = behind(twice, &more);
    assert_eq!(run.count("fail"), 0, "{}", run.said);
    assert!(
        run.said.contains("requests reach the store more than once"),
        "{}",
        run.said
    );
}

#[test]
fn a_store_that_is_down_for_good_ends_the_run_with_a_sentence() {
    let down = AtomicBool::new(false);
    let line = spoil(move |number, request, store| {
        if number > 120 {
            down.store(true, Ordering::SeqCst);
        }
        if down.load(Ordering::SeqCst) {
            let body = r#"{"message":"Internal Error. Details are available in Magento log file. Report ID: webapi-65f0c1d2e3a4b"}"#;
            return Some(Message::answer(
                "500 Internal Server Error",
                &[("Content-Type", "application/json; charset=utf-8")],
                body,
            ));
        }
        store(&request)
    });
    let run = behind(line, &PART);
    assert_eq!((run.code, run.count("fail")), (Some(3), 0), "{}", run.said);
    assert!(
        run.said
            .contains("the run was stopped: the store gives no answer of use any more: status 500"),
        "{}",
        run.said
    );
}

#[test]
fn answers_that_come_late_fail_nothing() {
    let late = spoil(|number, request, store| {
        if number % 40 == 0 {
            thread::sleep(Duration::from_millis(400));
        }
        store(&request)
    });
    let run = behind(late, &PART);
    assert_eq!((run.code, run.count("fail")), (Some(0), 0), "{}", run.said);
}

/// Lines on which nothing can be tested, and what is said of them before the first case.
#[test]
fn a_line_that_changes_what_is_sent_is_told_before_the_first_case() {
    let answers = |change: fn(Message) -> Message| {
        spoil(move |_, request, store| store(&request).map(change))
    };
    let requests =
        |change: fn(Message) -> Message| spoil(move |_, request, store| store(&change(request)));
    for (name, line, sentence) in [
        (
            "without Authorization",
            requests(|request| request.without("Authorization")),
            "the Authorization header does not reach the store",
        ),
        (
            "with an empty Authorization",
            requests(|request| request.with("Authorization", "")),
            "the Authorization header does not reach the store",
        ),
        (
            "with half of Authorization",
            requests(|request| {
                let value = request.field("Authorization").map(|value| {
                    let half: String = value.chars().take(70).collect();
                    half
                });
                match value {
                    Some(half) => request.with("Authorization", &half),
                    None => request,
                }
            }),
            "the Authorization header does not reach the store whole",
        ),
        (
            "with another Host",
            requests(|request| request.with("Host", "backend.internal")),
            "the store checks signatures for another host than 127.0.0.1:",
        ),
        (
            "with a parameter more",
            requests(|mut request| {
                let (path, version) = request.start.rsplit_once(' ').expect("a request line");
                let mark = if path.contains('?') { '&' } else { '?' };
                request.start = format!("{path}{mark}_cb=1 {version}");
                request
            }),
            "or for another scheme, path or query than it is asked for",
        ),
        (
            "without the cookies of answers",
            answers(|answer| answer.without("Set-Cookie")),
            "drops `Set-Cookie`",
        ),
        (
            "without the cookies of requests",
            requests(|request| request.without("Cookie")),
            "drops `Cookie`",
        ),
        (
            "with a byte order mark",
            answers(|mut answer| {
                answer.body = [b"\xEF\xBB\xBF", &answer.body[..]].concat();
                let length = answer.body.len().to_string();
                answer.with("Content-Length", &length)
            }),
            "begin with a byte order mark",
        ),
        (
            "compressed",
            answers(|mut answer| {
                answer.body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
                let length = answer.body.len().to_string();
                answer
                    .with("Content-Length", &length)
                    .with("Content-Encoding", "gzip")
            }),
            "encodes answers as gzip that nobody asked for",
        ),
        (
            "cut",
            answers(|mut answer| {
                answer.body.truncate(30);
                let length = answer.body.len().to_string();
                answer.with("Content-Length", &length)
            }),
            "cuts the bodies of answers",
        ),
        (
            "always 200",
            answers(|mut answer| {
                answer.start = "HTTP/1.1 200 OK".to_owned();
                answer
            }),
            "rewrites the status of answers",
        ),
        (
            "403 for every refusal",
            answers(|mut answer| {
                if answer.start.contains(" 400 ") || answer.start.contains(" 401 ") {
                    answer.start = "HTTP/1.1 403 Forbidden".to_owned();
                }
                answer
            }),
            "rewrites the status of answers",
        ),
    ] {
        let run = behind(line, &["--only", "guest/open/countries"]);
        assert_eq!(run.code, Some(2), "{name}: {}", run.said);
        assert!(run.said.contains(sentence), "{name}: {}", run.said);
        assert_eq!(run.report, Value::Null, "{name}: no case is begun");
        assert!(
            !run.said.contains("check --admin-user"),
            "{name}: {}",
            run.said
        );
    }
}

#[test]
fn the_second_answer_to_a_repeated_request_tells_of_the_repetition() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let file = credentials(&store, folder.path());
    let twice = spoil(|_, request, store| {
        let _ = store(&request);
        store(&request)
    });
    let line = Spoiler::before(store.address(), twice);
    let arguments = ["test", &line.url, "--credentials", &file];
    let output = output(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    let sentence = "requests reach the store more than once: the first request with a new nonce was answered 401";
    assert!(text(&output).contains(sentence), "{}", text(&output));
}

#[test]
fn a_wall_in_front_is_no_store_and_no_wrong_store() {
    let challenge = |status: &'static str| {
        let page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>";
        let fields = [
            ("Server", "cloudflare"),
            ("Content-Type", "text/html"),
            ("cf-mitigated", "challenge"),
        ];
        spoil(move |_, _, _| Some(Message::answer(status, &fields, page)))
    };
    for status in ["200 OK", "403 Forbidden", "503 Service Unavailable"] {
        let run = behind(challenge(status), &["--only", "guest/open/countries"]);
        assert_eq!(run.code, Some(4), "{status}: {}", run.said);
        let sentence =
            "something in front of the store (Server: cloudflare, a page `Just a moment...`";
        assert!(run.said.contains(sentence), "{status}: {}", run.said);
        assert!(
            run.said
                .contains("let magespec's User-Agent and address in")
        );
    }
}

/// A store that takes what it has to refuse, or refuses in other words, still fails.
#[test]
fn a_wrong_store_fails_however_often_it_is_asked() {
    let lenient = spoil(|_, request, store| {
        let answer = store(&request)?;
        if answer.text().contains("The signature is invalid") {
            let json = [("Content-Type", "application/json; charset=utf-8")];
            return Some(Message::answer("200 OK", &json, "[]"));
        }
        Some(answer)
    });
    let run = behind(
        lenient,
        &["--only", "signature/rest/*", "--only", "query/*"],
    );
    assert_eq!(run.code, Some(1), "{}", run.said);
    assert!(run.count("fail") >= 10, "{}", run.said);
    assert_eq!(run.count("could_not_run"), 0, "{}", run.said);

    let wordy = spoil(|_, request, store| {
        let mut answer = store(&request)?;
        answer.body = answer
            .text()
            .replace("already being used", "already in use")
            .into_bytes();
        let length = answer.body.len().to_string();
        Some(answer.with("Content-Length", &length))
    });
    let run = behind(wordy, &["--only", "replay/*"]);
    assert_eq!(run.code, Some(1), "{}", run.said);
    assert!(run.count("fail") >= 3, "{}", run.said);
    assert_eq!(run.count("could_not_run"), 0, "{}", run.said);

    // A store that breaks where it should refuse: its own page of an error, each time.
    let breaking = spoil(|_, request, store| {
        let answer = store(&request)?;
        if answer.text().contains("Oauth version isn") {
            let html = [("Content-Type", "text/html; charset=UTF-8")];
            let page = "<!doctype html><html><title>There has been an error</title></html>";
            return Some(Message::answer("500 Internal Server Error", &html, page));
        }
        Some(answer)
    });
    let run = behind(breaking, &["--only", "replay/version*"]);
    assert_eq!(run.code, Some(1), "{}", run.said);
    assert!(run.count("fail") >= 1, "{}", run.said);
}
