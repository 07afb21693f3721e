//! `magespec sign` as a process, on the golden vectors (fixtures/vectors/golden.json).

use std::fmt::Write as _;
use std::process::{Command, Output};

use magespec::oauth::{self, Dialect, SignatureMethod, SigningKey};
use magespec::secret::Secret;
use magespec::wire::{Response, server};

const CONSUMER_SECRET: &str = "0123456789abcdefghijklmnopqrstuv";
const TOKEN_SECRET: &str = "s3cret00000000000000000000000001";
const URL: &str = "http://shop.example:8080/rest/V1/products?searchCriteria%5BpageSize%5D=2&searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=a%20b%25";

/// Runs with the golden vectors' credentials, nonce and time.
fn sign(arguments: &[&str]) -> Output {
    let fixed = [
        "--consumer-key",
        "abcdefghijklmnopqrstuvwxyz012345",
        "--token",
        "t0ken000000000000000000000000001",
        "--nonce",
        "n0nce00000000000000000000000000a",
        "--timestamp",
        "1700000000",
    ];
    bare()
        .args(arguments)
        .args(fixed)
        .output()
        .expect("it runs")
}

fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    command
        .arg("sign")
        .stdin(std::process::Stdio::null())
        .env("MAGESPEC_CONSUMER_SECRET", CONSUMER_SECRET)
        .env("MAGESPEC_TOKEN_SECRET", TOKEN_SECRET);
    command
}

fn stdout(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for secret in [CONSUMER_SECRET, TOKEN_SECRET] {
        assert!(!text.contains(secret), "a secret is printed");
    }
    text
}

#[test]
fn the_header_carries_the_golden_signature_of_each_generation() {
    let table = [
        (
            "magento-2.4.7",
            "http://shop.example/rest/V1/products/ABC%2F10",
            "BTf5usOC7eFoRynr%2FYNzj9laZCq%2BxIFpVrP1g5%2FmX4Q%3D",
        ),
        (
            "magento-2.4.9",
            "http://shop.example/rest/V1/products/ABC%2F10",
            "iulcd8fMmfM%2F6ULmpVaA3r2dRFirtnLbHVvGksaJdB0%3D",
        ),
        (
            "rfc5849",
            "http://shop.example/rest/V1/x?a=1&a=2",
            "9b0uu4PLGpHN6laWGAoe9RREkUdbZVDJQfVGJHvdK%2Bk%3D",
        ),
        (
            "magento-2.4.7",
            URL,
            "NXb7sQR%2F1ZrqCcvGa2BAljN%2BL3SCZ9W9V8ND%2FLmj5xE%3D",
        ),
    ];
    for (profile, url, signature) in table {
        let header = stdout(&sign(&["GET", url, "--profile", profile]));
        assert!(header.contains(signature), "{profile} {url}: {header}");
    }
}

#[test]
fn header_base_string_curl_and_json_are_printed() {
    let form = [
        "POST",
        "https://shop.example/x?y=it's",
        "--data",
        "a=b'c",
        "--content-type",
        "application/x-www-form-urlencoded",
    ];
    let runs: [(&str, Vec<&str>); 5] = [
        ("--show header", vec!["GET", URL, "--show", "header"]),
        (
            "--show base-string",
            vec!["GET", URL, "--show", "base-string"],
        ),
        ("--show curl", vec!["GET", URL, "--show", "curl"]),
        (
            "a form, --show curl",
            [&form[..], &["--show", "curl"]].concat(),
        ),
        ("--format json", vec!["GET", URL, "--format", "json"]),
    ];
    let mut shown = String::new();
    for (title, arguments) in runs {
        writeln!(shown, "{title}\n{}", stdout(&sign(&arguments))).expect("a string");
    }
    insta::assert_snapshot!("sign", shown);
}

#[test]
fn a_sent_request_verifies_and_the_answer_decides_the_exit_code() {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let _inside = runtime.enter();
    let listener = server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let store = server::spawn_blocking(listener, server::Limits::default(), None, |request, _| {
        let key = SigningKey::new(&Secret::from(CONSUMER_SECRET), &Secret::from(TOKEN_SECRET));
        let signed = oauth::Request {
            method: &request.method,
            scheme: "http",
            host: request.headers.first("Host").unwrap_or_default(),
            target: &request.target,
            authorization: request.headers.first("Authorization"),
            content_type: request.headers.first("Content-Type"),
            body: &request.body,
        };
        match oauth::verify(Dialect::Laminas, &SignatureMethod::ALL, &signed, &key) {
            Ok(_) => Response::new(200, "application/json", "[1]"),
            Err(refusal) => Response::new(401, "text/plain", refusal.to_string()),
        }
    });
    let url = format!("http://{}//rest/./V1/x?b=[1]&a=%7e", store.local());
    let good = sign(&["GET", &url, "--send"]);
    let answer = stdout(&good);
    assert!(
        answer.starts_with("HTTP/1.1 200\n") && answer.ends_with("\n[1]\n"),
        "{answer}"
    );
    let bad = sign(&[
        "GET",
        &url,
        "--send",
        "--header",
        "Authorization: x",
        "--profile",
        "magento-2.4.9",
        "--signature-method",
        "HMAC-SHA1",
    ]);
    assert_eq!(bad.status.code(), Some(1));
    drop(store);
}

#[test]
fn what_cannot_be_signed_is_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("broken.toml");
    std::fs::write(
        &file,
        "consumer_key = \"k\"\nconsumer_secret = \"hush-hush\"",
    )
    .expect("written");
    let broken = file.to_string_lossy().into_owned();
    let kept = |name: &str, secret: &str| {
        let file = folder.path().join(name);
        let text = format!(
            "consumer_key = \"k\"\nconsumer_secret = \"{secret}\"\naccess_token = \"t\"\naccess_token_secret = \"s\"\n"
        );
        std::fs::write(&file, text).expect("written");
        file.to_string_lossy().into_owned()
    };
    let encrypted = kept("encrypted.toml", "0:3:hush-hush-and-base64==");
    let padded = kept("padded.toml", "hush-hush ");
    let table: [(&[&str], i32, &str); 9] = [
        (
            &["GET", "http://h/", "--credentials", &encrypted],
            2,
            "the consumer secret in `",
        ),
        (
            &["GET", "http://h/", "--credentials", &padded],
            2,
            "has a blank or line end before or behind it; cut it",
        ),
        (
            &["GET", "shop.example"],
            2,
            "error: `shop.example` is not a usable URL, it has no scheme",
        ),
        (&["G T", "http://h/"], 2, "error: `G T` is no HTTP method"),
        (
            &["GET", "http://h/"],
            2,
            "error: nothing to sign with: give --credentials FILE or --consumer-key KEY",
        ),
        (
            &["GET", "http://h/", "--credentials", "/nowhere/x"],
            2,
            "error: cannot read `/nowhere/x`",
        ),
        (
            &["GET", "http://h/", "--credentials", &broken],
            2,
            "names no access token, and only /oauth/token/request is called without one",
        ),
        (
            &[
                "GET",
                "http://h/",
                "--consumer-key",
                "k",
                "--data-file",
                "/nowhere/x",
            ],
            2,
            "error: cannot read the body from `/nowhere/x`",
        ),
        (
            &[
                "GET",
                "http://127.0.0.1:9/",
                "--consumer-key",
                "k",
                "--send",
            ],
            4,
            "error: http://127.0.0.1:9 refuses the connection",
        ),
    ];
    for (arguments, code, sentence) in table {
        let output = bare().args(arguments).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(sentence), "{stderr}");
        assert!(!stderr.contains("hush-hush"), "{stderr}");
    }
    let output = bare()
        .env_remove("MAGESPEC_CONSUMER_SECRET")
        .args(["GET", "http://h/", "--consumer-key", "k"])
        .output()
        .expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: the consumer secret is missing: give --consumer-secret-file FILE or set MAGESPEC_CONSUMER_SECRET\n"
    );
}

#[test]
fn a_credentials_file_is_read_as_toml_or_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let toml = format!(
        "consumer_key = \"abcdefghijklmnopqrstuvwxyz012345\"\nconsumer_secret = \"{CONSUMER_SECRET}\"\naccess_token = \"t0ken000000000000000000000000001\"\naccess_token_secret = \"{TOKEN_SECRET}\"\n"
    );
    let json = serde_json::json!({
        "consumer_key": "abcdefghijklmnopqrstuvwxyz012345", "consumer_secret": CONSUMER_SECRET,
        "access_token": "t0ken000000000000000000000000001", "access_token_secret": TOKEN_SECRET,
    })
    .to_string();
    for text in [toml, json] {
        let file = folder.path().join("credentials");
        std::fs::write(&file, text).expect("written");
        let output = bare()
            .args([
                "GET",
                URL,
                "--nonce",
                "n0nce00000000000000000000000000a",
                "--timestamp",
                "1700000000",
                "--credentials",
            ])
            .arg(&file)
            .output()
            .expect("it runs");
        assert!(stdout(&output).contains("NXb7sQR%2F1ZrqCcvGa2BAljN%2BL3SCZ9W9V8ND%2FLmj5xE%3D"));
    }
}
