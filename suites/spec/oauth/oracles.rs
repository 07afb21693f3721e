//! Two implementations that were not written here, over generated requests in the dialect of the standard.
//!
//! Known differences, which the generators leave out:
//! - `oauth1-request` 0.6.1 writes names as they are (its caller encodes them), wants them sorted and unique, and knows no HMAC-SHA256:
//!   names are of `a–z` here.
//! - `oauthlib` refuses a query with a character that the RFC does not allow there, raw brackets and raw UTF-8 among them: queries are
//!   canonical here, but for `+` and lower-case escapes. It drops a form body of which a part has no `=`.

use std::io::Write;
use std::process::{Command, Stdio};

use magespec::oauth::{Dialect, Request, SignatureMethod, SignedHeader, SigningKey, base_string};
use magespec::secret::Secret;
use magespec::text::percent;
use magespec::time::UnixTime;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::fuzz::signatures::signed_by_another;

const CONSUMER_SECRET: &str = "c&nsumer secret";
const TOKEN_SECRET: &str = "t%ken sécret";

fn key() -> SigningKey {
    SigningKey::new(&Secret::from(CONSUMER_SECRET), &Secret::from(TOKEN_SECRET))
}

/// Generates the same values on every run.
fn seeded() -> TestRunner {
    TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
    )
}

#[test]
fn what_oauth1_request_signs_is_verified() {
    let requests = (
        prop::sample::select(vec!["GET", "POST", "DELETE"]),
        prop::collection::btree_map("[a-np-z][a-z]{0,6}", "\\PC{0,16}", 0..12),
        "[a-zA-Z0-9+/=é ]{1,24}",
        1_u64..4_000_000_000,
    );
    let mut runner = seeded();
    for _ in 0..2_000 {
        let (method, pairs, nonce, timestamp) =
            requests.new_tree(&mut runner).expect("a value").current();
        signed_by_another(
            method,
            &pairs,
            [CONSUMER_SECRET, TOKEN_SECRET],
            &nonce,
            timestamp,
        );
    }
}

/// Reads one JSON request a line, writes base string and signature a line.
const SCRIPT: &str = r#"
import json, sys
from oauthlib.oauth1.rfc5849 import signature as s
for line in sys.stdin:
    r = json.loads(line)
    uri = r["scheme"] + "://" + r["host"] + r["target"]
    headers = {"Authorization": r["authorization"]}
    params = s.collect_parameters(uri_query=r["target"].partition("?")[2], body=r["body"], headers=headers)
    base = s.signature_base_string(r["method"], s.base_string_uri(uri, r["host"]), s.normalize_parameters(params))
    sign = s._sign_hmac
    algorithm = {"HMAC-SHA1": "SHA-1", "HMAC-SHA256": "SHA-256"}[r["signature_method"]]
    print(json.dumps([base, sign(algorithm, base, r["consumer_secret"], r["token_secret"])]))
"#;

#[test]
fn base_strings_and_signatures_are_those_of_oauthlib() {
    let probe = Command::new("python3")
        .args(["-c", "import oauthlib.oauth1"])
        .stderr(Stdio::null())
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        println!(
            "SKIPPED: python3 with oauthlib is not here; `pip install oauthlib` makes this test run"
        );
        return;
    }
    let requests: Vec<serde_json::Value> = generated(3_000);
    let mut lines = String::new();
    for request in &requests {
        lines.push_str(&request.to_string());
        lines.push('\n');
    }
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 was there a moment ago");
    let mut input = python.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = python.wait_with_output().expect("python3 ends");
    writer
        .join()
        .expect("the writer does not panic")
        .expect("python3 reads all");
    let answers: Vec<(String, String)> = String::from_utf8(output.stdout)
        .expect("JSON is text")
        .lines()
        .map(|line| serde_json::from_str(line).expect("the script writes pairs"))
        .collect();
    assert_eq!(answers.len(), requests.len());
    for (sent, (base, signature)) in requests.iter().zip(&answers) {
        let text = |name: &str| sent[name].as_str().expect("a text");
        let request = Request {
            method: text("method"),
            scheme: text("scheme"),
            host: text("host"),
            target: text("target"),
            authorization: Some(text("authorization")),
            content_type: (!text("body").is_empty()).then_some("application/x-www-form-urlencoded"),
            body: text("body").as_bytes(),
        };
        let ours = base_string(Dialect::Rfc5849, &request).expect("the request is small");
        assert_eq!(&ours, base, "{sent}");
        let method = text("signature_method")
            .parse::<SignatureMethod>()
            .expect("one of ours");
        assert_eq!(&method.sign(ours.as_bytes(), &key()), signature, "{sent}");
    }
    println!("{} requests agree with oauthlib", requests.len());
}

fn generated(count: usize) -> Vec<serde_json::Value> {
    let pair = ("[a-zA-Z0-9 é\\[\\]._~*'-]{1,10}", "\\PC{0,16}");
    let pairs = prop::collection::vec(pair, 0..10);
    let strategy = (
        prop::sample::select(vec!["GET", "POST", "put"]),
        prop::sample::select(vec![
            ("http", "shop.example"),
            ("http", "SHOP.example:80"),
            ("https", "shop.example:8443"),
            ("https", "shop.example:443"),
        ]),
        "(/[a-zA-Z0-9._~-]{1,6}|/%2F%c3%a9){1,3}",
        pairs.clone(),
        pairs,
        "\\PC{1,24}",
        any::<u8>(),
    );
    let encode = |pairs: &[(String, String)], plus: bool| {
        let pieces: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", percent::encode(name), percent::encode(value)))
            .collect();
        let text = pieces.join("&");
        if plus {
            text.replace("%20", "+").replace("%C3", "%c3")
        } else {
            text
        }
    };
    let mut runner = seeded();
    (0..count)
        .map(|_| {
            let (method, (scheme, host), path, query, form, nonce, dice) =
                strategy.new_tree(&mut runner).expect("a value").current();
            let signature_method = SignatureMethod::ALL[usize::from(dice & 1)];
            let authorization = SignedHeader {
                dialect: Dialect::Rfc5849,
                method: signature_method,
                consumer_key: "a consumer key",
                token: (dice & 2 == 0).then_some("a token"),
                key: &key(),
                verifier: (dice & 4 == 0).then_some("a verifier"),
                nonce: &nonce,
                timestamp: UnixTime(1_700_000_000),
            }
            .unsigned();
            serde_json::json!({
                "method": method, "scheme": scheme, "host": host,
                "target": format!("{path}?{}", encode(&query, dice & 8 == 0)),
                "body": if dice & 16 == 0 { encode(&form, dice & 32 == 0) } else { String::new() },
                "authorization": authorization, "signature_method": signature_method.name(),
                "consumer_secret": CONSUMER_SECRET, "token_secret": TOKEN_SECRET,
            })
        })
        .collect()
}
