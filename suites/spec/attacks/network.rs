//! What strangers do to sockets: hold on to memory and places, send what is no request, ask for more than there is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use magespec::wire::server::{self, Connection, Limits, Running};
use magespec::wire::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

fn bind() -> server::Listener {
    server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port")
}

fn start(limits: Limits) -> Running {
    server::spawn_blocking(bind(), limits, None, |request: &Request, _: &Connection| {
        Response::new(200, "text/plain", format!("{}", request.body.len()))
    })
}

async fn connected(local: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(local).await.expect("it listens");
    stream.write_all(bytes).await.expect("sent");
    stream
}

/// What comes until the server closes, within a few seconds.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
        .await
        .expect("the server ends the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn ask(local: SocketAddr, bytes: &[u8]) -> String {
    rest(connected(local, bytes).await).await
}

#[tokio::test]
async fn withheld_bodies_fill_a_budget_and_not_the_memory() {
    let server = start(Limits {
        bodies_bytes: 2 * 1024 * 1024,
        ..Limits::default()
    });
    let fields =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\nConnection: close\r\n\r\n";
    let most = [fields.as_bytes(), &vec![b'a'; 1_000_000]].concat();
    let mut held = Vec::new();
    let mut refused = 0;
    for _ in 0..8 {
        let mut stream = connected(server.local(), &most).await;
        let mut first = [0_u8; 12];
        let answered = timeout(Duration::from_millis(300), stream.read_exact(&mut first)).await;
        match answered {
            Ok(Ok(_)) => {
                assert_eq!(&first, b"HTTP/1.1 503");
                refused += 1;
            }
            _ => held.push(stream),
        }
    }
    assert!((1..=2).contains(&held.len()), "{} are held", held.len());
    assert_eq!(refused, 8 - held.len());
    assert!(ask(server.local(), GET.as_bytes()).await.contains("200 OK"));
    let form = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b";
    assert!(
        ask(server.local(), form.as_bytes())
            .await
            .contains("200 OK")
    );
    // Given back with the connection.
    let mut last = held.pop().expect("one is held");
    last.write_all(b"a").await.expect("sent");
    let answer = rest(last).await;
    assert!(answer.ends_with("1000001"), "{answer}");
    drop(held);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let whole = [&most[..], b"a"].concat();
    let answer = ask(server.local(), &whole).await;
    assert!(answer.ends_with("1000001"), "{answer}");
}

#[tokio::test]
async fn a_client_that_reads_nothing_loses_its_place() {
    let limits = Limits {
        write_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let handler = |_: &Request, _: &Connection| {
        Response::new(200, "text/plain", vec![b'a'; 16 * 1024 * 1024])
    };
    let server = server::spawn_blocking(bind(), limits, None, handler);
    let _silent = connected(server.local(), GET.as_bytes()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.counters().open(), 1);
    let began = Instant::now();
    while server.counters().open() > 0 {
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "it keeps its place"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn idle_connections_make_room_and_those_that_work_stay() {
    let server = start(Limits {
        connections: 8,
        ..Limits::default()
    });
    let mut kept = connected(server.local(), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut first = [0_u8; 15];
    kept.read_exact(&mut first).await.expect("an answer");
    let mut idle = Vec::new();
    for _ in 0..30 {
        idle.push(connected(server.local(), b"GET / HT").await);
    }
    for _ in 0..3 {
        let began = Instant::now();
        assert!(ask(server.local(), GET.as_bytes()).await.contains("200 OK"));
        assert!(began.elapsed() < Duration::from_secs(2));
    }
    assert!(server.counters().closed_idle() >= 20);
    // Whoever got an answer before goes last.
    kept.write_all(GET.as_bytes()).await.expect("sent");
    assert!(rest(kept).await.contains("200 OK"));
}

#[tokio::test]
async fn more_requests_than_can_be_answered_are_told_so_early() {
    let (open, limits) = (
        Arc::new(AtomicBool::new(false)),
        Limits {
            requests: 4,
            ..Limits::default()
        },
    );
    let gate = Arc::clone(&open);
    let server =
        server::spawn_blocking(bind(), limits, None, move |_: &Request, _: &Connection| {
            while !gate.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
            Response::new(200, "text/plain", "done")
        });
    let mut waiting = Vec::new();
    for _ in 0..4 {
        waiting.push(connected(server.local(), GET.as_bytes()).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let answer = ask(server.local(), GET.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("Retry-After: 1"), "{answer}");
    assert_eq!(server.counters().overloaded(), 1);
    open.store(true, Ordering::SeqCst);
    for stream in waiting {
        assert!(rest(stream).await.ends_with("done"));
    }
    assert!(ask(server.local(), GET.as_bytes()).await.ends_with("done"));
}

#[tokio::test]
async fn requests_that_wait_for_others_take_no_thread_from_the_rest() {
    let open = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&open);
    let waits = |request: &Request| request.target == "/wait";
    let handler = move |request: &Request, _: &Connection| {
        while request.target == "/wait" && !gate.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        Response::new(200, "text/plain", request.target.clone())
    };
    let limits = Limits {
        requests: 2,
        ..Limits::default()
    };
    let server = server::spawn_waiting(bind(), limits, None, waits, handler);
    let wait = "GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..70 {
        waiting.push(connected(server.local(), wait.as_bytes()).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(ask(server.local(), GET.as_bytes()).await.ends_with('/'));
    open.store(true, Ordering::SeqCst);
    for stream in waiting {
        assert!(rest(stream).await.ends_with("/wait"));
    }
}

#[tokio::test]
async fn what_no_client_sends_is_refused_by_its_limit() {
    let server = start(Limits::default());
    let long_method = format!("{} / HTTP/1.1\r\nHost: x\r\n\r\n", "M".repeat(70_000));
    let line_ends = format!("{}{GET}", "\r\n".repeat(50_000));
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: u:p@evil\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: @\r\n\r\n", 400),
        (long_method.as_str(), 400),
        (line_ends.as_str(), 400),
        // Shapes by which a request is smuggled past a proxy.
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
            400,
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n12345",
            400,
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
            400,
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            400,
        ),
    ] {
        let mut stream = TcpStream::connect(server.local())
            .await
            .expect("it listens");
        // The server may have refused before everything was sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = [0_u8; 12];
        let read = timeout(Duration::from_secs(5), stream.read_exact(&mut answer)).await;
        let shown = &request[..request.len().min(60)];
        // A reset may overtake the answer.
        if let Ok(Ok(_)) = read {
            let line = format!("HTTP/1.1 {status}");
            assert_eq!(String::from_utf8_lossy(&answer), line, "{shown}");
        }
        assert!(read.is_ok(), "no end: {shown}");
    }
    let few = format!("\r\n\r\n{GET}");
    assert!(ask(server.local(), few.as_bytes()).await.contains("200 OK"));
}

#[tokio::test]
async fn a_chunked_body_beside_a_length_is_never_two_requests() {
    let server = start(Limits::default());
    let smuggled = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    let answer = ask(server.local(), format!("{smuggled}{GET}").as_bytes()).await;
    let answers = answer.matches("HTTP/1.1 ").count();
    // One answer and the end: what follows such framing is not looked at.
    assert_eq!(answers, 1, "{answer}");
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_given_is_trusted_for_its_names_alone() {
    use magespec::wire::tls::{self, Trust};
    use magespec::wire::{Client, Origin, Scheme, Timeouts};

    let folder = tempfile::tempdir().expect("a folder");
    // As `openssl req -x509` makes it: its own authority.
    let made = |name: &str| {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).expect("a name");
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key).expect("signed");
        let place = folder.path().join(format!("{name}.pem"));
        std::fs::write(&place, certificate.pem()).expect("written");
        let private = folder.path().join(format!("{name}.key"));
        std::fs::write(&private, key.serialize_pem()).expect("written");
        (place, private)
    };
    let (chain, key) = made("localhost");
    let (other, _) = made("other.example");
    let config = tls::server(&chain, &key).expect("a configuration");
    let handler = |_: &Request, _: &Connection| Response::new(200, "text/plain", "secure");
    let server = server::spawn_blocking(bind(), Limits::default(), Some(config), handler);
    let ask = async |trusted: &std::path::Path, host: &str| {
        let timeouts = Timeouts {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(5),
        };
        let client = Client::new(&Trust::File(trusted.to_owned()), timeouts).expect("a client");
        let origin = Origin {
            scheme: Scheme::Https,
            host: host.to_owned(),
            port: server.local().port(),
        };
        let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        client.send_raw(&origin, request, "GET").await
    };
    let answer = ask(&chain, "localhost").await.expect("it is trusted");
    assert_eq!(answer.text(), "secure");
    ask(&chain, "127.0.0.1")
        .await
        .expect_err("the name is another");
    ask(&other, "localhost")
        .await
        .expect_err("nobody trusts it");
}
