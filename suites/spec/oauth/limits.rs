//! Work without the heap, and hostile requests: bounded, refused, never a panic.

use std::time::{Duration, Instant};

use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{
    Dialect, INLINE_BASE_STRING, INLINE_PARAMETERS, Refusal, Request, SignatureMethod,
    SignedHeader, SigningKey, base_string, verify,
};
use magespec::time::UnixTime;

/// Allocations of one verification.
fn allocations(dialect: Dialect, request: &Request<'_>, key: &SigningKey, accepted: bool) -> u64 {
    let mut verdict = Err(Refusal::TooLarge);
    let info = allocation_counter::measure(|| {
        verdict = verify(dialect, &SignatureMethod::ALL, request, key);
    });
    assert_eq!(verdict.is_ok(), accepted, "{verdict:?} for {request:?}");
    info.count_total
}

/// `authorization` of a request, signed.
fn sign(dialect: Dialect, request: &Request<'_>) -> String {
    SignedHeader {
        dialect,
        method: SignatureMethod::HmacSha256,
        consumer_key: "abcdefghijklmnopqrstuvwxyz012345",
        token: Some("t0ken000000000000000000000000001"),
        key: &signing_key(),
        verifier: None,
        nonce: "n0nce",
        timestamp: UnixTime(1_700_000_000),
    }
    .authorization(request)
    .expect("the request is within the limits")
}

fn get(target: &str) -> Request<'_> {
    Request {
        method: "GET",
        scheme: "https",
        host: "shop.example",
        target,
        ..Request::default()
    }
}

#[test]
fn no_sample_touches_the_heap_whether_accepted_or_refused() {
    let key = signing_key();
    for dialect in Dialect::ALL {
        for method in SignatureMethod::ALL {
            for shape in Shape::ALL {
                let sample = Sample::signed(shape, dialect, method, 7).expect("a sample is small");
                let request = sample.request();
                assert_eq!(
                    allocations(dialect, &request, &key, true),
                    0,
                    "{shape:?} {dialect:?}"
                );
                let tampered = Request {
                    method: "PUT",
                    ..request
                };
                assert_eq!(allocations(dialect, &tampered, &key, false), 0);
                for header in [
                    None,
                    Some("OAuth oauth_nonce"),
                    Some("Bearer x"),
                    Some("OAuth oauth_signature_method=\"MD5\""),
                ] {
                    let malformed = Request {
                        authorization: header,
                        ..request
                    };
                    assert_eq!(
                        allocations(dialect, &malformed, &key, false),
                        0,
                        "{header:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_heap_is_not_touched_up_to_the_stated_limits() {
    let key = signing_key();
    for dialect in Dialect::ALL {
        let many: Vec<String> = (0..INLINE_PARAMETERS)
            .rev()
            .map(|n| format!("p%5b{n:02}%5d=1"))
            .collect();
        let long = format!("p={}", "x".repeat(INLINE_BASE_STRING - 700));
        for query in [many.join("&"), long] {
            let target = format!("/rest?{query}");
            let header = sign(dialect, &get(&target));
            let request = Request {
                authorization: Some(&header),
                ..get(&target)
            };
            assert_eq!(allocations(dialect, &request, &key, true), 0, "{dialect:?}");
        }
    }
}

#[test]
fn a_path_that_generation_b_rewrites_does_not_touch_the_heap() {
    let key = signing_key();
    let long = format!("/rest/{}", "%2Fa/../".repeat(400));
    for target in [
        "/rest/a%2Fb",
        "/rest/./a/../V1",
        "/rest/%28%c3%a4",
        long.as_str(),
    ] {
        let header = sign(Dialect::Laminas, &get(target));
        let request = Request {
            authorization: Some(&header),
            ..get(target)
        };
        assert_eq!(
            allocations(Dialect::Laminas, &request, &key, true),
            0,
            "{target}"
        );
    }
}

#[test]
fn a_request_beyond_the_limits_of_the_stack_is_still_judged() {
    let key = signing_key();
    for dialect in [Dialect::Rfc5849, Dialect::Laminas, Dialect::Native] {
        let many: Vec<String> = (0..900).rev().map(|n| format!("p[{n}]=%25+")).collect();
        let target = format!("/rest?{}", many.join("&"));
        let header = sign(dialect, &get(&target));
        let request = Request {
            authorization: Some(&header),
            ..get(&target)
        };
        assert!(
            verify(dialect, &SignatureMethod::ALL, &request, &key).is_ok(),
            "{dialect:?}"
        );
    }
}

#[test]
fn hostile_requests_are_refused_within_a_bound() {
    let key = signing_key();
    let header = |text: &str| {
        format!("OAuth {text}, oauth_signature=\"x\", oauth_signature_method=\"HMAC-SHA1\"")
    };
    let megabyte = 1 << 20;
    let million: String = "a&".repeat(1_000_000);
    let equal: String = "a=1&".repeat(5_000);
    let join = |names: Vec<String>| format!("{}=1", names.join("=1&"));
    let equal_numbers = join(
        (0..990)
            .map(|n| format!("{}1", "0".repeat(n % 90)))
            .collect(),
    );
    let reversed = join((0..990).rev().map(|n| format!("x{n}")).collect());
    let requests = [
        (
            "a header of a megabyte",
            header(&"x".repeat(megabyte)),
            String::new(),
        ),
        (
            "a header of commas",
            header(&",".repeat(megabyte - 200)),
            String::new(),
        ),
        (
            "a header of quotes",
            header(&"\"".repeat(megabyte - 200)),
            String::new(),
        ),
        (
            "a header of quoted commas",
            header(&"\",".repeat(20_000)),
            String::new(),
        ),
        (
            "a header of underscores",
            header(&format!("{}=", "oauth_".repeat(100_000))),
            String::new(),
        ),
        ("a million parameters", header(""), million),
        ("thousands of equal names", header(""), equal),
        ("names that compare as equal", header(""), equal_numbers),
        ("the reverse order", header(""), reversed),
        (
            "a percent sign at the end",
            header("oauth_nonce=\"%\""),
            "a=%&b=%4".to_owned(),
        ),
        (
            "nothing but percent signs",
            header(""),
            format!("a={}", "%".repeat(16_384)),
        ),
        (
            "NUL",
            header("oauth_nonce=\"\0\""),
            "a%00b=%00&\0=1".to_owned(),
        ),
        (
            "bytes that are not UTF-8",
            header("oauth_nonce=\"%FF%C3\""),
            "%FF=%C3%28&%ED%A0%80=1".to_owned(),
        ),
        (
            "brackets",
            header(""),
            "[=1&]=1&a[=1&[]=1&a[[[b]]]=1".to_owned(),
        ),
    ];
    for (what, authorization, query) in &requests {
        let target = format!("/rest?{query}");
        for dialect in Dialect::ALL {
            for content_type in [None, Some("application/x-www-form-urlencoded")] {
                let request = Request {
                    authorization: Some(authorization),
                    content_type,
                    body: if content_type.is_some() {
                        query.as_bytes()
                    } else {
                        b""
                    },
                    ..get(&target)
                };
                let start = Instant::now();
                let verdict = verify(dialect, &SignatureMethod::ALL, &request, &key);
                assert!(verdict.is_err(), "{what} in {dialect:?}");
                let took = start.elapsed();
                assert!(
                    took < Duration::from_secs(5),
                    "{what} in {dialect:?} took {took:?}"
                );
            }
        }
    }
}

#[test]
fn a_body_of_bytes_that_are_not_text_is_refused() {
    let body: Vec<u8> = (0..=255).collect();
    for dialect in Dialect::ALL {
        let request = Request {
            method: "POST",
            authorization: Some(
                "OAuth oauth_signature=\"x\", oauth_signature_method=\"HMAC-SHA1\"",
            ),
            content_type: Some("application/x-www-form-urlencoded"),
            body: &body,
            ..get("/rest")
        };
        let verdict = verify(dialect, &SignatureMethod::ALL, &request, &signing_key());
        assert_eq!(verdict, Err(Refusal::Signature), "{dialect:?}");
        assert!(base_string(dialect, &request).is_ok());
    }
}
