//! The accept loop over real sockets: exact targets, limits, slow and broken clients, stopping.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use magespec::wire::server::{self, Connection, Limits, Running};
use magespec::wire::{Client, Error, Origin, Request, Response, Scheme, Timeouts, tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LOOPBACK: &str = "127.0.0.1:0";

/// Answers with the target as it came.
fn echo(request: &Request, _: &Connection) -> Response {
    assert_ne!(request.target, "/panic", "asked for");
    let mut response = Response::new(200, "text/plain", request.target.clone());
    response.headers.add("X-Method", request.method.clone());
    response
        .headers
        .add("X-Length", request.body.len().to_string());
    for (name, value) in request.headers.iter().filter(|(name, _)| *name == "x-echo") {
        response.headers.add(format!("{name}-back"), value);
    }
    response
}

fn start(limits: Limits) -> Running {
    let listener = server::bind(LOOPBACK.parse().expect("an address")).expect("a free port");
    server::spawn_blocking(listener, limits, None, echo)
}

/// Sends bytes, then reads until the server closes.
async fn talk(local: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(local).await.expect("the server listens");
    stream.write_all(bytes).await.expect("the server reads");
    let mut answer = Vec::new();
    // A reset after the answer is as good as an end.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[tokio::test]
async fn a_target_reaches_the_handler_as_it_was_sent() {
    let server = start(Limits::default());
    let targets = [
        "//oauth/token/request",
        "/oauth/./token/../x",
        "/oauth/token/reques%74?a=%5b%5D+b%zz&&=c",
        "/rest/V1/x?searchCriteria[filter_groups][0]={'b'}|^~",
        "/caf\u{e9}?k=\u{fc}",
        "*",
        "http://other.example/a/../b?c",
    ];
    for target in targets {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
        let answer = talk(server.local(), request.as_bytes()).await;
        assert_eq!(body(&answer), target, "{answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn raw_bytes_that_web_servers_take_in_a_target_arrive_encoded() {
    let server = start(Limits::default());
    let one = |method: &str, target: &[u8], rest: &str| {
        let line = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nHost: x\r\n"].concat();
        [&line, rest.as_bytes()].concat()
    };
    let requests = [
        one("POST", b"/<a>?b=\"c\"", "Content-Length: 7\r\n\r\nGET <<\n"),
        one("GET", b"/\xe9?\xff=`\"", "Connection: close\r\n\r\n"),
    ];
    let answer = talk(server.local(), &requests.concat()).await;
    let seen: Vec<&str> = answer.split("\r\n\r\n").skip(1).collect();
    assert!(
        seen[0].starts_with("/%3Ca%3E?b=%22c%22HTTP/1.1 200"),
        "{answer}"
    );
    assert_eq!(seen[1], "/%E9?%FF=`%22");
    assert!(answer.contains("X-Length: 7\r\n"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn bytes_that_are_not_utf8_in_a_field_are_shown_and_harm_nothing() {
    let server = start(Limits::default());
    let request =
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Echo: caf\xc3\xa9 \xff\r\nConnection: close\r\n\r\n";
    let answer = talk(server.local(), request).await;
    assert!(
        answer.contains("X-Echo-Back: café \u{fffd}\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_is_no_request_is_answered_400() {
    let server = start(Limits::default());
    for garbage in [
        &b"hello\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ] {
        let answer = talk(server.local(), garbage).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 "),
            "{}: {answer}",
            String::from_utf8_lossy(garbage)
        );
    }
}

#[tokio::test]
async fn a_request_names_one_host_and_http_1_0_may_name_none() {
    let server = start(Limits::default());
    for (version, hosts, status) in [
        ("1.1", "", 400),
        ("1.1", "Host: a\r\nHost: a\r\n", 400),
        ("1.0", "Host: a\r\nHost: b\r\n", 400),
        ("1.1", "Host: a b\r\n", 400),
        ("1.1", "Host: <b>\r\n", 400),
        ("1.1", "Host: a/b\r\n", 400),
        ("1.0", "", 200),
        ("1.1", "Host:\r\n", 200),
        ("1.1", "Host: SHOP.example:8080\r\n", 200),
        ("1.1", "Host: [::1]:80\r\n", 200),
    ] {
        let request = format!("GET / HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
        let answer = talk(server.local(), request.as_bytes()).await;
        let line = format!("HTTP/{version} {status} ");
        assert!(answer.starts_with(&line), "{request}{answer}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_announced_or_not() {
    let server = start(Limits {
        body_bytes: 10,
        ..Limits::default()
    });
    let announced = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
    assert!(
        talk(server.local(), announced)
            .await
            .starts_with("HTTP/1.1 413 ")
    );
    let chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n";
    assert!(
        talk(server.local(), chunked)
            .await
            .starts_with("HTTP/1.1 413 ")
    );
    let fitting =
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789";
    assert!(talk(server.local(), fitting).await.contains("X-Length: 10"));
}

#[tokio::test]
async fn a_head_beyond_the_limits_is_431() {
    let server = start(Limits {
        head_bytes: 8192,
        header_count: 20,
        ..Limits::default()
    });
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(20_000));
    let answer = talk(server.local(), long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(21));
    let answer = talk(server.local(), many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_sends_its_head_slowly_is_cut_off() {
    let server = start(Limits {
        head_time: Duration::from_millis(150),
        ..Limits::default()
    });
    let began = Instant::now();
    let answer = talk(server.local(), b"GET / HT").await;
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let server = start(Limits {
        body_time: Duration::from_millis(100),
        ..Limits::default()
    });
    let answer = talk(
        server.local(),
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = start(Limits::default());
    let answer = talk(
        server.local(),
        b"GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await;
    let first = answer.find("/first").expect("the first answer");
    let second = answer.find("/second").expect("the second answer");
    assert!(first < second);
}

#[tokio::test]
async fn a_client_that_closes_its_half_still_gets_the_answer() {
    let server = start(Limits::default());
    let mut stream = TcpStream::connect(server.local()).await.expect("connected");
    stream
        .write_all(b"GET /half HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("written");
    stream.shutdown().await.expect("half closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    assert_eq!(body(&answer), "/half");
}

#[tokio::test]
async fn a_panic_in_the_handler_is_a_plain_500_and_the_server_goes_on() {
    let server = start(Limits::default());
    let request = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let answer = talk(server.local(), &request("/panic")).await;
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    assert_eq!(body(&answer), "The server met an error of its own.");
    assert_eq!(body(&talk(server.local(), &request("/on")).await), "/on");
}

#[tokio::test]
async fn a_port_in_use_is_one_sentence_with_the_way_out() {
    let first = server::bind(LOOPBACK.parse().expect("an address")).expect("a free port");
    let error = server::bind(first.local()).expect_err("the port is taken");
    assert_eq!(
        error.to_string(),
        format!(
            "cannot listen on {}: the port is in use; stop the program that has it or choose another port (0 takes a free one)",
            first.local()
        )
    );
}

#[tokio::test]
async fn stopping_lets_a_running_request_end_and_frees_the_port() {
    let listener = server::bind(LOOPBACK.parse().expect("an address")).expect("a free port");
    let server = server::spawn(listener, Limits::default(), None, |_, _| async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Response::new(200, "text/plain", "done")
    });
    let local = server.local();
    let running =
        tokio::spawn(async move { talk(local, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await });
    tokio::time::sleep(Duration::from_millis(80)).await;
    server.stop().await;
    assert_eq!(body(&running.await.expect("no panic")), "done");
    assert!(TcpStream::connect(local).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_for_an_idle_or_a_stuck_client() {
    let server = start(Limits {
        stop_time: Duration::from_millis(200),
        ..Limits::default()
    });
    let mut stuck = TcpStream::connect(server.local()).await.expect("connected");
    stuck
        .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
        .await
        .expect("written");
    let _idle = TcpStream::connect(server.local()).await.expect("connected");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    server.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_self_signed_server_is_believed_with_its_certificate_or_by_a_client_that_believes_anyone()
{
    let (config, pem) = tls::self_signed(&["localhost".to_owned()]).expect("a certificate");
    let listener = server::bind(LOOPBACK.parse().expect("an address")).expect("a free port");
    let server = server::spawn_blocking(
        listener,
        Limits::default(),
        Some(config),
        |_, connection| Response::new(200, "text/plain", connection.secure.to_string()),
    );
    let origin = Origin {
        scheme: Scheme::Https,
        host: "localhost".to_owned(),
        port: server.local().port(),
    };
    let request = Request {
        method: "GET".to_owned(),
        target: "/".to_owned(),
        ..Request::default()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).expect("written");
    for trust in [tls::Trust::File(file), tls::Trust::Anyone] {
        let client = Client::new(&trust, Timeouts::default()).expect("a client");
        let response = client.send(&origin, &request).await.expect("an answer");
        assert_eq!(response.text(), "true");
    }
    let client = Client::new(&tls::Trust::System, Timeouts::default()).expect("a client");
    let error = client.send(&origin, &request).await.expect_err("unknown");
    assert!(matches!(error, Error::Tls { .. }), "{error}");
    assert!(error.to_string().contains("--cacert"), "{error}");
}
