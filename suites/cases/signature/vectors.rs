//! # Golden vectors
//!
//! Signatures computed outside this project, with fixed credentials: the suite's own signer must make the same, or its probes mean nothing.
//! They need no store.
//!
//! Source: RFC 5849 §3.4.

use magespec::conformance::{Case, Lab, Outcome};
use magespec::secret::Secret;

/// Method, URL, extra signed pairs, signature.
type Vector = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

fn check(lab: &Lab<'_>, (method, url, pairs, signature): Vector) -> Outcome {
    let mut draft = lab.guest(method, "/");
    let token = !pairs.is_empty() || method == "GET";
    let token_secret = if token {
        "s3cret00000000000000000000000001"
    } else {
        ""
    };
    draft
        .set("oauth_consumer_key", "abcdefghijklmnopqrstuvwxyz012345")
        .set("oauth_nonce", "n0nce00000000000000000000000000a")
        .set("oauth_signature_method", "HMAC-SHA256")
        .set("oauth_timestamp", "1700000000")
        .set("oauth_version", "1.0")
        .secrets(
            &Secret::new("0123456789abcdefghijklmnopqrstuv"),
            &Secret::new(token_secret),
        )
        .signed_url(|_| url.to_owned())
        .sign(pairs);
    if token {
        draft.set("oauth_token", "t0ken000000000000000000000000001");
    }
    let made = draft
        .parameters()
        .pop()
        .map(|(_, value)| value)
        .unwrap_or_default();
    lab.equal("signature", signature, &made)
}

macro_rules! vector {
    ($id:literal, $title:literal, $vector:expr) => {
        Case::must(concat!("signature/vector/", $id), $title, |lab| {
            check(lab, $vector)
        })
        .covers(&["rfc5849-3.4.1-base-string"])
        .measured()
        .needs(&[])
        .catches_nothing("it asks no store: it holds the suite's own signer")
    };
}

pub(super) const CASES: &[Case] = &[
    vector!(
        "request-token",
        "E1 without a token",
        (
            "POST",
            "http://shop.example/oauth/token/request",
            &[],
            "PJi04C2IBY8NIx1sMOiqj8ncsEkKPHa7JrQNu8gSsMo="
        )
    ),
    vector!(
        "access-token",
        "E2 with a verifier over TLS",
        (
            "POST",
            "https://shop.example/oauth/token/access",
            &[("oauth_verifier", "v3rifier000000000000000000000001")],
            "HR55AI7iHux85UjVNJH1KhwhxB+Qg5rJ0eCenQRjrWk=",
        )
    ),
    vector!(
        "search-criteria",
        "a GET with search criteria",
        (
            "GET",
            "http://shop.example:8080/rest/V1/products",
            &[
                ("searchCriteria[pageSize]", "2"),
                (
                    "searchCriteria[filter_groups][0][filters][0][value]",
                    "a b%"
                ),
            ],
            "NXb7sQR/1ZrqCcvGa2BAljN+L3SCZ9W9V8ND/Lmj5xE=",
        )
    ),
    vector!(
        "encoded-slash",
        "a path with an escaped slash, as sent",
        (
            "GET",
            "http://shop.example/rest/V1/products/ABC%2F10",
            &[],
            "iulcd8fMmfM/6ULmpVaA3r2dRFirtnLbHVvGksaJdB0=",
        )
    ),
    vector!(
        "byte-order",
        "a10 before a9",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("a10", "1"), ("a9", "2")],
            "Fd1G16YxgIB+0sos8rxg7yosDr8P0PboHZaTckBktB0=",
        )
    ),
    vector!(
        "plus-as-blank",
        "a + as a blank",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("a", "x y")],
            "rrtFFLWI+KwrR6jchan0yr//7pXPiXmr6O4EPThjo3w=",
        )
    ),
    vector!(
        "duplicates",
        "equal names, both signed",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("a", "1"), ("a", "2")],
            "9b0uu4PLGpHN6laWGAoe9RREkUdbZVDJQfVGJHvdK+k=",
        )
    ),
    vector!(
        "bare-name",
        "a bare name as an empty value",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("flag", "")],
            "4Y6Ig52RTqRqJPlCTqT/ysv4StZbPTCj5Sz/FSA0N2o=",
        )
    ),
    vector!(
        "dot-in-name",
        "a dot in a name",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("a.b", "1")],
            "9xmVR4gi3y5gxChqQpkOMpqzW/fVdUUZaQqGbxZrNCw=",
        )
    ),
    vector!(
        "host-normalised",
        "a lower-cased host without its default port",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[],
            "+TPkfFZuBQm9BoelWX5V+fiTnH4Z0KZWLwZoYBR3qRQ=",
        )
    ),
    vector!(
        "encoded-order",
        "an encoded bracket before a letter",
        (
            "GET",
            "http://shop.example/rest/V1/x",
            &[("sc[k]", "1"), ("scK", "2")],
            "6cMdVCXxXvlWPGWtAMY+FoV1tgnxy9bLOCvcWHSX6sY=",
        )
    ),
];
