//! Inputs that are cut, doubled, binary, endless or not meant to be run: a clear sentence, and the exit code that goes with it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use super::client::{KEY, TOKEN, plain};
use crate::spec::cli::processes::{magespec, text};

fn examined(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = magespec(folder)
        .arg("doctor")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // It may end before it has read everything.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("it ends")
}

#[test]
fn each_has_its_sentence_and_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let client = plain();
    let secrets = serde_json::json!([{
        "consumer_key": KEY, "consumer_secret": client.consumer_secret,
        "token": TOKEN, "token_secret": client.token_secret,
    }]);
    fs::write(folder.join("secrets.json"), secrets.to_string()).expect("written");
    let header = client.request().authorization.expect("signed");
    let quoted = header.replace('"', "\\\"");
    let url = "https://shop.example/rest/V1/orders";
    let raw = |fields: &str, body: &[u8]| {
        let head = format!("GET {url} HTTP/1.1\r\nHost: shop.example\r\n{fields}\r\n");
        [head.as_bytes(), body].concat()
    };
    let signed = format!("Authorization: {header}\r\n");
    let har = format!(
        r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"{url}","headers":[{{"name":"Authorization","value":"{quoted}"}}]}}}},"#
    );
    let windows = format!(
        "curl.exe ^\"{url}^\" -H ^\"Authorization: {}^\"",
        header.replace('"', "^\\^\"")
    );
    let table: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("right", raw(&signed, b""), 0, "verdict   right"),
        (
            "wrong",
            raw(&signed.replace("nonce=\"n0", "nonce=\"n1"), b""),
            1,
            "verdict   unknown",
        ),
        (
            "a HAR that was cut",
            har.into_bytes(),
            2,
            "it ends in the middle of a value, at line 1: the capture was cut",
        ),
        (
            "a body that was cut",
            raw(&format!("{signed}Content-Length: 9\r\n"), b"abc"),
            0,
            "the body is cut: 3 of the 9 bytes",
        ),
        (
            "two fields, one of them OAuth",
            raw(&format!("Authorization: Basic eDp5\r\n{signed}"), b""),
            0,
            "two Authorization fields were sent: the one with OAuth data is examined here",
        ),
        (
            "two OAuth fields",
            raw(&format!("{signed}{signed}"), b""),
            0,
            "two Authorization fields with OAuth data were sent: servers keep the first, the last, or both",
        ),
        (
            "two fields in a curl line",
            format!("curl {url} -H 'Authorization: Basic eDp5' -H 'Authorization: {header}'")
                .into_bytes(),
            0,
            "two Authorization fields were sent",
        ),
        (
            "a binary body",
            raw(&signed, b"\x00\xff\x1b[31m\x9b"),
            0,
            "verdict   right",
        ),
        (
            "nothing",
            Vec::new(),
            2,
            "it is empty; expected a raw HTTP request, a curl line, a HAR",
        ),
        (
            "something else",
            b"\x7fELF\x02\x01".to_vec(),
            2,
            "is no request line; expected `METHOD TARGET HTTP/1.1`",
        ),
        (
            "a command in a curl line",
            format!("curl {url} -H \"Authorization: $(touch run)\"").into_bytes(),
            2,
            "which the shell would replace and which is never run here",
        ),
        (
            "another one",
            format!("curl {url} -H \"X: `touch run`\"").into_bytes(),
            2,
            "never run here",
        ),
        (
            "a curl line for Windows",
            windows.into_bytes(),
            0,
            "verdict   right",
        ),
        (
            "a quote without its end",
            format!("curl '{url}").into_bytes(),
            2,
            "has a quote ' without its end; copy the whole line",
        ),
        (
            "JSON that is none",
            b"{\"method\": \"GET\", oops}".to_vec(),
            2,
            "line 1: it is no JSON from column",
        ),
    ];
    for (what, input, code, sentence) in table {
        let output = examined(folder, &["-", "--secrets", "secrets.json"], &input);
        let shown = text(&output);
        assert_eq!(output.status.code(), Some(code), "{what}: {shown}");
        assert!(shown.contains(sentence), "{what}: {shown}");
        let raw = shown
            .chars()
            .find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(raw, None, "{what}: {shown}");
    }
    assert!(!folder.join("run").exists(), "something was run");
    let without = examined(folder, &["-"], &raw(&signed, b""));
    assert_eq!(without.status.code(), Some(3), "{}", text(&without));
    for (file, sentence) in [
        ("/dev/zero", "has more than 16 MiB; cut it"),
        ("nowhere.har", "cannot read `nowhere.har`"),
        (".", "cannot read `.`"),
    ] {
        let output = examined(folder, &[file], b"");
        assert_eq!(output.status.code(), Some(2), "{file}: {}", text(&output));
        assert!(text(&output).contains(sentence), "{}", text(&output));
    }
}
