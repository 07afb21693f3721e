//! The signature doctor: what it reads, what it proves, and that it says nothing secret.

mod bad_input;
mod classics;
mod client;
mod commands;
mod inputs;
mod law;
mod live_clients;
mod made;
mod pairs;
mod seen;
mod sentences;
mod singles;
mod vectors;

use std::io::Write as _;
use std::process::{Command, Stdio};

use magespec::doctor::{self, Keyring, KeyringEntry, ReceivedRequest, Verdict, first_difference};
use magespec::oauth::{
    Dialect, PROFILES, Profile, Request, SignatureMethod, SignedHeader, SigningKey,
};
use magespec::secret::Secret;
use magespec::time::UnixTime;
use proptest::prelude::*;

const CONSUMER_KEY: &str = "abcdefghijklmnopqrstuvwxyz012345";
const CONSUMER_SECRET: &str = "0123456789abcdefghijklmnopqrstuv";
const TOKEN: &str = "t0ken000000000000000000000000001";
const TOKEN_SECRET: &str = "s3cret00000000000000000000000001";
const VERIFIER: &str = "v3rifier000000000000000000000001";

fn keyring() -> Keyring {
    Keyring::new(vec![KeyringEntry {
        consumer_key: Some(CONSUMER_KEY.to_owned()),
        consumer_secret: Secret::from(CONSUMER_SECRET),
        token: Some(TOKEN.to_owned()),
        token_secret: Some(Secret::from(TOKEN_SECRET)),
    }])
}

/// The `Authorization` header of a golden vector with this signature, percent-encoded.
fn header(method: &str, signature: &str) -> String {
    format!(
        "OAuth oauth_consumer_key=\"{CONSUMER_KEY}\", oauth_nonce=\"n0nce00000000000000000000000000a\", oauth_signature_method=\"{method}\", oauth_timestamp=\"1700000000\", oauth_token=\"{TOKEN}\", oauth_version=\"1.0\", oauth_signature=\"{signature}\""
    )
}

/// A GET of `target` on shop.example as it is on the wire, signed by `dialect`.
fn raw(dialect: Dialect, method: SignatureMethod, target: &str, verifier: Option<&str>) -> String {
    signed(dialect, method, target, verifier).expect("signable")
}

/// [`raw`]; none for a request that a store of the dialect fails on.
fn signed(
    dialect: Dialect,
    method: SignatureMethod,
    target: &str,
    verifier: Option<&str>,
) -> Option<String> {
    let key = SigningKey::new(&Secret::from(CONSUMER_SECRET), &Secret::from(TOKEN_SECRET));
    let signer = SignedHeader {
        dialect,
        method,
        consumer_key: CONSUMER_KEY,
        token: Some(TOKEN),
        key: &key,
        verifier,
        nonce: "n0nce00000000000000000000000000a",
        timestamp: UnixTime(1_700_000_000),
    };
    let request = Request {
        method: "GET",
        scheme: "http",
        host: "shop.example",
        target,
        ..Request::default()
    };
    let header = signer.authorization(&request).ok()?;
    Some(format!(
        "GET {target} HTTP/1.1\r\nHost: shop.example\r\nAuthorization: {header}\r\n\r\n"
    ))
}

fn examined(input: &str) -> Vec<doctor::Diagnosis> {
    let requests = doctor::read(input.as_bytes()).expect("readable");
    (1..)
        .zip(&requests)
        .map(|(number, request)| {
            doctor::examine(number, request, &keyring(), <&Profile>::default())
        })
        .collect()
}

fn accepted(diagnosis: &doctor::Diagnosis) -> Vec<&'static str> {
    let accepted = diagnosis.accepted_by.iter();
    accepted
        .filter(|(_, accepted)| *accepted)
        .map(|(name, _)| *name)
        .collect()
}

#[test]
fn the_golden_vectors_are_accepted_by_the_generations_that_made_them() {
    use Dialect::{Laminas, Native, Rfc5849, Zend};
    let table: [(&str, &str, &[Dialect]); 6] = [
        (
            "/rest/V1/products/ABC%2F10",
            "BTf5usOC7eFoRynr%2FYNzj9laZCq%2BxIFpVrP1g5%2FmX4Q%3D",
            &[Laminas],
        ),
        (
            "/rest/V1/products/ABC%2F10",
            "iulcd8fMmfM%2F6ULmpVaA3r2dRFirtnLbHVvGksaJdB0%3D",
            &[Rfc5849, Zend, Native],
        ),
        (
            "/rest/V1/x?a10=1&a9=2",
            "UFaOpRoz9eh6nTK4HmVvuxAN2se3hsdVU%2FIgorCFFd8%3D",
            &[Zend, Laminas],
        ),
        (
            "/rest/V1/x?a10=1&a9=2",
            "Fd1G16YxgIB%2B0sos8rxg7yosDr8P0PboHZaTckBktB0%3D",
            &[Rfc5849, Native],
        ),
        (
            "/rest/V1/x?a=1&a=2",
            "9b0uu4PLGpHN6laWGAoe9RREkUdbZVDJQfVGJHvdK%2Bk%3D",
            &[Rfc5849],
        ),
        (
            "/rest/V1/x?a=1&a=2",
            "9b0uu4PLGpHN6laWGAoe9RREkUdbZVDJQfVGJHvdK%2Bl%3D",
            &[],
        ),
    ];
    for (target, signature, dialects) in table {
        let line = serde_json::json!({
            "method": "GET", "scheme": "http", "host": "shop.example", "uri": target,
            "authorization": header("HMAC-SHA256", signature),
        });
        let diagnosis = examined(&line.to_string()).remove(0);
        let names: Vec<&str> = PROFILES
            .iter()
            .filter(|profile| dialects.contains(&profile.dialect))
            .map(|profile| profile.name)
            .collect();
        assert_eq!(accepted(&diagnosis), names, "{target}");
        let verdict = if names.is_empty() {
            Verdict::Unknown
        } else if names.contains(&<&Profile>::default().name) {
            Verdict::Right
        } else {
            Verdict::Refused
        };
        assert_eq!(diagnosis.verdict, verdict, "{target}");
    }
}

#[test]
fn a_diagnosis_reads_well() {
    use SignatureMethod::{HmacSha1, HmacSha256};
    let right = "wrong".to_owned();
    let stranger = header("HMAC-SHA256", &right).replace(CONSUMER_KEY, "someone-else");
    let inputs = [
        (
            "right everywhere",
            raw(Dialect::Laminas, HmacSha256, "/rest/V1/orders/1", None),
        ),
        (
            "right for one generation",
            raw(
                Dialect::Laminas,
                HmacSha256,
                "/rest/V1/products/ABC%2F10?a9=1&a10=2",
                None,
            ),
        ),
        (
            "the method of old",
            raw(Dialect::Rfc5849, HmacSha1, "/rest/V1/orders/1", None),
        ),
        (
            "with a verifier",
            raw(
                Dialect::Native,
                HmacSha256,
                "/oauth/token/access?x=a%20b",
                Some(VERIFIER),
            ),
        ),
        (
            "wrong",
            format!(
                "GET https://shop.example/x HTTP/1.1\nAuthorization: {}\n",
                header("HMAC-SHA256", &right)
            ),
        ),
        (
            "a method that nobody takes",
            format!(
                "GET https://shop.example/x HTTP/1.1\nAuthorization: {}\n",
                header("PLAINTEXT", &right)
            ),
        ),
        (
            "an unknown key",
            format!("GET https://shop.example/x HTTP/1.1\nAuthorization: {stranger}\n"),
        ),
        (
            "unsigned",
            "GET https://shop.example/x HTTP/1.1\n".to_owned(),
        ),
        (
            "a bearer",
            "GET https://shop.example/x HTTP/1.1\nAuthorization: Bearer x\n".to_owned(),
        ),
        (
            "an array in the body",
            format!(
                "POST https://shop.example/x HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nAuthorization: {}\n\na[]=1",
                header("HMAC-SHA256", &right)
            ),
        ),
    ];
    let mut shown = Vec::new();
    for (title, input) in inputs {
        shown.push(format!("## {title}\n{}", doctor::pretty(&examined(&input))));
    }
    let shown = shown.join("\n");
    for secret in [CONSUMER_SECRET, TOKEN_SECRET, VERIFIER] {
        assert!(!shown.contains(secret), "a secret is shown");
    }
    insta::assert_snapshot!("pretty", shown);
}

#[test]
fn the_json_has_the_shape_that_is_promised() {
    let input = raw(
        Dialect::Native,
        SignatureMethod::HmacSha256,
        "/x?a=b+c",
        None,
    );
    let text = doctor::json(&examined(&input));
    insta::assert_snapshot!("json", text);
}

#[test]
fn raw_requests_are_read_as_people_paste_them() {
    let without_headers = |mut request: ReceivedRequest| {
        request.headers.clear();
        request.remarks.clear();
        request
    };
    let expected = ReceivedRequest {
        method: "POST".to_owned(),
        host: "h:81".to_owned(),
        target: "/a%20b?c=d".to_owned(),
        authorization: Some("OAuth x=\"y\"".to_owned()),
        content_type: Some("application/json".to_owned()),
        body: b"{}".to_vec(),
        ..ReceivedRequest::default()
    };
    let fields =
        "content-type:application/json\nAuthorization: Basic Zm9v\nauthorization:  OAuth x=\"y\"\n";
    for input in [
        format!("POST /a%20b?c=d HTTP/1.1\nHost: h:81\n{fields}\n{{}}\n"),
        format!(
            "POST /a%20b?c=d HTTP/1.1\r\nHost: h:81\r\n{}\r\n{{}}\r\n",
            fields.replace('\n', "\r\n")
        ),
        format!("\n\nPOST /a%20b?c=d\nHOST: h:81\n{fields}Content-Length: 2\n\n{{}}and more"),
    ] {
        let read = doctor::read(input.as_bytes()).expect("readable");
        let read: Vec<_> = read.into_iter().map(without_headers).collect();
        assert_eq!(read, std::slice::from_ref(&expected), "{input}");
    }
    let absolute = doctor::read(b"GET HTTPS://h:81/x HTTP/1.1")
        .expect("readable")
        .remove(0);
    assert_eq!(absolute.scheme.as_deref(), Some("https"));
    assert_eq!(
        (absolute.host.as_str(), absolute.target.as_str()),
        ("h:81", "/x")
    );
}

#[test]
fn what_cannot_be_read_is_one_sentence() {
    let table: [(&[u8], &str); 8] = [
        (b" \n", "it is empty; expected a raw HTTP request"),
        (
            b"\xff\xfe\x00",
            "is no request line; expected `METHOD TARGET HTTP/1.1`",
        ),
        (b"hello", "`hello` is no request line"),
        (b"GET /x HTTP/1.1\nAccept: x\n", "has no `Host` header"),
        (b"{\"method\": \"GET\"}", "line 1: missing field `host`"),
        (
            b"{\"method\":\"GET\",\"host\":\"h\",\"uri\":\"/\"}\n\n{oops}",
            "line 3: it is no JSON from column 2 on",
        ),
        (
            b"{\"method\":\"GET\",\"host\":\"h\",\"uri\":\"/\",\"scheme\":\"ftp\"}",
            "line 1: the scheme `ftp` is neither http nor https",
        ),
        (b"[1]", "line 1: invalid type: integer `1`"),
    ];
    for (input, sentence) in table {
        let error = doctor::read(input).expect_err("unreadable").to_string();
        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn the_command_reads_files_and_standard_input_and_ends_with_the_right_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let secrets = folder.path().join("secrets.toml");
    std::fs::write(&secrets, format!("[[secrets]]\nconsumer_key = \"{CONSUMER_KEY}\"\nconsumer_secret = \"{CONSUMER_SECRET}\"\ntoken = \"{TOKEN}\"\ntoken_secret = \"{TOKEN_SECRET}\"\n")).expect("written");
    let secrets = secrets.to_string_lossy().into_owned();
    let good = raw(Dialect::Laminas, SignatureMethod::HmacSha256, "/x", None);
    let bad = good.replace("GET", "PUT");
    let runs: [(&[&str], &str, i32, &str); 6] = [
        (&["--secrets", &secrets], &good, 0, "verdict   right"),
        (
            &["--secrets", &secrets, "--scheme", "https"],
            &good,
            1,
            "mistake/other-scheme-signed",
        ),
        (
            &["-", "--secrets", &secrets],
            &bad,
            1,
            "mistake/other-method-signed",
        ),
        (&[], &good, 3, "no secret was given"),
        (
            &["--secrets", "/nowhere/x"],
            &good,
            2,
            "error: cannot read `/nowhere/x`",
        ),
        (&["/nowhere/y"], "", 2, "error: cannot read `/nowhere/y`"),
    ];
    for (arguments, input, code, text) in runs {
        let mut child = Command::new(env!("CARGO_BIN_EXE_magespec"))
            .arg("doctor")
            .args(arguments)
            .env_remove("MAGESPEC_CONSUMER_SECRET")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        // It may end before it reads.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let shown = [output.stdout, output.stderr].concat();
        let shown = String::from_utf8_lossy(&shown);
        assert_eq!(output.status.code(), Some(code), "{shown}");
        assert!(shown.contains(text), "{shown}");
    }
}

proptest! {
    #[test]
    fn no_input_breaks_the_reader(input in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(requests) = doctor::read(&input) {
            for request in &requests {
                let diagnosis = doctor::examine(1, request, &keyring(), <&Profile>::default());
                prop_assert_eq!(diagnosis.base_strings.len(), Dialect::ALL.len());
            }
        }
    }

    #[test]
    fn whatever_a_dialect_signs_its_profiles_accept(
        dialect in proptest::sample::select(Dialect::ALL.to_vec()),
        target in "/[a-zA-Z0-9%/]{0,8}(\\?[a-z0-9=&+%]{0,16})?",
    ) {
        let input = signed(dialect, SignatureMethod::HmacSha256, &target, None);
        prop_assume!(input.is_some());
        let diagnosis = examined(&input.unwrap_or_default()).remove(0);
        for (name, accepted) in &diagnosis.accepted_by {
            let profile = PROFILES.iter().find(|profile| profile.name == *name).expect("known");
            prop_assert!(*accepted || profile.dialect != dialect, "{name}");
        }
    }

    #[test]
    fn the_first_difference_is_where_two_texts_part(common in "[a-z%]{0,9}", left in "[a-z]{0,4}", right in "[A-Z]{1,4}") {
        let found = first_difference(&format!("{common}{left}"), &format!("{common}{right}"));
        prop_assert_eq!(found, Some(common.len()));
        prop_assert_eq!(first_difference(&common, &common), None);
    }
}
