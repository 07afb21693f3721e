//! Every form of input gives the same request, and what cannot be read says why.

use magespec::doctor::{self, ReceivedRequest};

const AUTHORIZATION: &str = "OAuth oauth_consumer_key=\"k\", oauth_nonce=\"n\"";

fn read(text: &str) -> Vec<ReceivedRequest> {
    doctor::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What is signed of a request.
fn signed(request: &ReceivedRequest) -> [String; 7] {
    [
        request.method.clone(),
        request.scheme.clone().unwrap_or_default(),
        request.host.clone(),
        request.target.clone(),
        request.authorization.clone().unwrap_or_default(),
        request.content_type.clone().unwrap_or_default(),
        String::from_utf8_lossy(&request.body).into_owned(),
    ]
}

#[test]
fn every_form_gives_the_same_request() {
    let url = "https://shop.example:8443/rest/V1/x?a=b%20c";
    let body = r#"{"q":"it's"}"#;
    let quoted = AUTHORIZATION.replace('"', "\\\"");
    let json = |value: &str| serde_json::json!(value).to_string();
    let inputs = [
        ("raw with its answer", format!("POST /rest/V1/x?a=b%20c HTTP/1.1\r\nHost: shop.example:8443\r\nAuthorization: {AUTHORIZATION}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}\r\nHTTP/1.1 401 Unauthorized\r\n\r\n{{}}", body.len())),
        ("curl for bash", format!("$ curl -sS -X POST '{url}' \\\n  -H 'Authorization: {AUTHORIZATION}' -H 'Content-Type: application/json' --data-raw '{}'", body.replace('\'', r"'\''"))),
        ("curl for bash, double quotes", format!("curl --request=POST \"{url}\" -H \"Authorization: {quoted}\" -H \"Content-Type: application/json\" -d \"{}\"", body.replace('"', "\\\""))),
        ("curl with ANSI quotes", format!("curl {url} -H 'Authorization: {AUTHORIZATION}' --json $'{}'", body.replace('\'', "\\u0027"))),
        ("curl for Windows", format!("curl.exe -X POST ^\"{url}^\" ^\r\n -H ^\"Authorization: {}^\" ^\r\n -H ^\"Content-Type: application/json^\" -d ^\"{}^\"", AUTHORIZATION.replace('"', "^\\^\""), body.replace('"', "^\\^\""))),
        ("curl -v", format!("* Connected to shop.example (10.0.0.1) port 8443\n* SSL connection using TLSv1.3\n> POST /rest/V1/x?a=b%20c HTTP/1.1\n> Host: shop.example:8443\n> Authorization: {AUTHORIZATION}\n> Content-Type: application/json\n>\n< HTTP/1.1 401 Unauthorized\n< Content-Type: application/json\n<\n{{\"message\":\"no\"}}\n")),
        ("HAR", format!("{{\"log\":{{\"version\":\"1.2\",\"pages\":[{{}}],\"entries\":[{{\"startedDateTime\":\"2024-01-01T00:00:00Z\",\"request\":{{\"method\":\"POST\",\"url\":\"{url}\",\"headers\":[{{\"name\":\"Authorization\",\"value\":{}}},{{\"name\":\"Content-Type\",\"value\":\"application/json\"}}],\"postData\":{{\"mimeType\":\"application/json\",\"text\":{}}}}},\"response\":{{\"status\":401,\"content\":{{\"text\":\"{{}}\"}}}}}}]}}}}", json(AUTHORIZATION), json(body))),
        ("Postman", format!("{{\"info\":{{\"name\":\"c\"}},\"item\":[{{\"name\":\"folder\",\"item\":[{{\"name\":\"r\",\"request\":{{\"method\":\"POST\",\"header\":[{{\"key\":\"Authorization\",\"value\":{}}},{{\"key\":\"Content-Type\",\"value\":\"application/json\"}}],\"url\":{{\"raw\":\"{url}\"}},\"body\":{{\"mode\":\"raw\",\"raw\":{}}}}}}}]}}]}}", json(AUTHORIZATION), json(body))),
        ("Bruno", format!("meta {{\n  name: r\n}}\n\npost {{\n  url: {url}\n  body: json\n}}\n\nheaders {{\n  Authorization: {AUTHORIZATION}\n  Content-Type: application/json\n}}\n\nbody:json {{\n  {body}\n}}\n")),
        ("JSON line", serde_json::json!({"method": "POST", "scheme": "https", "host": "shop.example:8443", "uri": "/rest/V1/x?a=b%20c", "authorization": AUTHORIZATION, "content_type": "application/json", "body": body}).to_string()),
    ];
    for (form, input) in inputs {
        let requests = read(&input);
        assert_eq!(requests.len(), 1, "{form}");
        let mut expected = [
            "POST",
            "https",
            "shop.example:8443",
            "/rest/V1/x?a=b%20c",
            AUTHORIZATION,
            "application/json",
            body,
        ]
        .map(str::to_owned);
        if form.starts_with("raw") {
            expected[1].clear();
        }
        if form == "curl -v" {
            // It does not print what was sent as a body.
            expected[6].clear();
        }
        assert_eq!(signed(&requests[0]), expected, "{form}");
    }
}

#[test]
fn a_curl_line_is_never_run_and_a_cut_one_is_named() {
    let table = [
        (
            "curl \"$(touch /tmp/doctor-was-here)\"",
            "which the shell would replace and which is never run here",
        ),
        ("curl http://h/ -H \"Authorization: `whoami`\"", "never run"),
        ("curl http://h/ -H \"X: $TOKEN\"", "holds `$TOKEN`"),
        ("curl 'http://h/", "a quote ' without its end"),
        ("curl -H", "ends behind `-H`"),
        ("curl -s", "has no URL"),
        ("curl ftp://h/x", "`ftp://h/x` is no URL of http or https"),
        (
            "curl http://h/ -d @/etc/passwd",
            "reads its body from `@/etc/passwd`, which is not opened here",
        ),
    ];
    for (line, sentence) in table {
        let error = doctor::read(line.as_bytes()).expect_err(line).to_string();
        assert!(error.contains(sentence), "{line}: {error}");
    }
    assert!(!std::path::Path::new("/tmp/doctor-was-here").exists());
    let two = read("curl http://h/a\ncurl -G http://h/b -d c=d\n");
    assert_eq!([&two[0].target, &two[1].target], ["/a", "/b?c=d"]);
    assert_eq!(
        read("curl -u user:pass http://h/a -d x=1")[0]
            .content_type
            .as_deref(),
        Some("application/x-www-form-urlencoded")
    );
}

#[test]
fn cut_and_strange_inputs_are_one_sentence_and_what_was_whole_is_read() {
    let mut read = 0;
    let har = "{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://h/\"}},{\"request\":{\"meth";
    let error = doctor::read_each(har.as_bytes(), &mut |_| read += 1).expect_err("cut");
    assert!(
        error
            .to_string()
            .contains("it ends in the middle of a value, at line 1"),
        "{error}"
    );
    assert_eq!(read, 1);
    let binary =
        doctor::read(b"POST /x HTTP/1.1\nHost: h\nContent-Type: image/png\n\n\x89PNG\r\n\0\xff")
            .expect("readable");
    assert_eq!(binary[0].body, b"\x89PNG\r\n\0\xff");
    let zeros = doctor::read_each(std::io::BufReader::new(std::io::repeat(0)), &mut |_| {})
        .expect_err("endless");
    assert!(zeros.to_string().contains("more than 16 MiB"), "{zeros}");
    let cut =
        doctor::read(b"POST /x HTTP/1.1\nHost: h\nContent-Length: 9\n\nabc").expect("readable");
    assert!(
        cut[0].remarks[0].contains("3 of the 9 bytes"),
        "{:?}",
        cut[0].remarks
    );
}

/// A reader that makes a HAR of many entries as it is read.
struct LongHar {
    left: usize,
    part: Vec<u8>,
}

impl std::io::Read for LongHar {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.part.is_empty() && self.left > 0 {
            self.left -= 1;
            let end = if self.left == 0 { "]}}" } else { "," };
            let padding = "x".repeat(4_000);
            self.part = format!("{{\"request\":{{\"method\":\"GET\",\"url\":\"http://h/{}\"}},\"response\":{{\"status\":200,\"content\":{{\"text\":\"{padding}\"}}}}}}{end}", self.left).into_bytes();
        }
        let length = self.part.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.part[..length]);
        self.part.drain(..length);
        Ok(length)
    }
}

#[test]
fn a_har_larger_than_one_request_may_be_is_streamed() {
    let head = "{\"log\":{\"entries\":[".as_bytes();
    let entries = 6_000;
    let reader = std::io::Read::chain(
        head,
        LongHar {
            left: entries,
            part: Vec::new(),
        },
    );
    let mut read = 0;
    doctor::read_each(std::io::BufReader::new(reader), &mut |request| {
        read += 1;
        assert_eq!(request.host, "h");
    })
    .expect("24 MB of small entries");
    assert_eq!(read, entries);
}
