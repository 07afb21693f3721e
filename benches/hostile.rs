//! Requests made to cost more than their length, and the same work on two cores: what the judge measures beside the usual shapes.

use std::time::{Duration, Instant};

use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, Request, SignatureMethod, SignedHeader, verify};
use magespec::time::UnixTime;

type Run = Box<dyn FnMut(usize) -> bool>;

const METHOD: SignatureMethod = SignatureMethod::HmacSha1;

/// Each hostile request: what it is, how many bytes it has, and its verification.
pub(crate) fn verifiers(dialect: Dialect) -> Vec<(&'static str, usize, Run)> {
    let reverse: Vec<String> = (0..96).rev().map(|n| format!("name{n:02}=value")).collect();
    [
        ("96 parameters in reverse order", reverse.join("&")),
        ("300 equal keys", vec!["name=value"; 300].join("&")),
        ("16 KB of `%`", format!("name={}", "%".repeat(16 * 1024))),
    ]
    .into_iter()
    .map(|(name, query)| {
        let target = format!("/rest/V1/products?{query}");
        let header = sign(dialect, &get(&target, None));
        let key = signing_key();
        let bytes = target.len() + header.len();
        let run = move |_| verify(dialect, &[METHOD], &get(&target, Some(&header)), &key).is_ok();
        (name, bytes, Box::new(run) as Run)
    })
    .collect()
}

fn get<'a>(target: &'a str, authorization: Option<&'a str>) -> Request<'a> {
    Request {
        method: "GET",
        scheme: "https",
        host: "www.shop.example",
        target,
        authorization,
        ..Request::default()
    }
}

fn sign(dialect: Dialect, request: &Request<'_>) -> String {
    SignedHeader {
        dialect,
        method: METHOD,
        consumer_key: "abcdefghijklmnopqrstuvwxyz012345",
        token: Some("t0ken000000000000000000000000001"),
        key: &signing_key(),
        verifier: None,
        nonce: "n0nce00000000000000000000000000a",
        timestamp: UnixTime(1_700_000_000),
    }
    .authorization(request)
    .expect("the request is within the limits")
}

/// Verifications by two threads in a tenth of a second for each one by a single thread, one figure per round.
pub(crate) fn two_cores(rounds: usize) -> Vec<f64> {
    const SPAN: Duration = Duration::from_millis(100);
    let work = || {
        let sample = Sample::signed(Shape::SmallGet, Dialect::Rfc5849, METHOD, 7)
            .expect("a sample is small");
        let (request, key) = (sample.request(), signing_key());
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < SPAN {
            for _ in 0..64 {
                assert!(verify(Dialect::Rfc5849, &[METHOD], &request, &key).is_ok());
            }
            count += 64;
        }
        f64::from(count)
    };
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let single = work();
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(work);
            let own = work();
            own + other.join().expect("the work does not panic")
        });
        ratios.push(both / single);
    }
    ratios
}
