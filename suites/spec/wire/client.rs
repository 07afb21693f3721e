//! The client against peers that answer with given bytes: exact requests, lenient reading, and whose fault it is.

use std::net::SocketAddr;
use std::time::Duration;

use magespec::wire::tls::Trust;
use magespec::wire::{Client, Error, Origin, Proxies, Request, Response, Scheme, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Takes one connection, reads until the end of a head, answers with these bytes, closes; gives what it read.
async fn peer(answer: &'static [u8]) -> (Origin, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = origin(listener.local_addr().expect("bound"));
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut read = Vec::new();
        while !read.windows(4).any(|four| four == b"\r\n\r\n") {
            if stream.read_buf(&mut read).await.expect("readable") == 0 {
                break;
            }
        }
        stream.write_all(answer).await.expect("writable");
        String::from_utf8_lossy(&read).into_owned()
    });
    (origin, task)
}

fn origin(address: SocketAddr) -> Origin {
    Origin {
        scheme: Scheme::Http,
        host: address.ip().to_string(),
        port: address.port(),
    }
}

fn client() -> Client {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        answer: Duration::from_millis(300),
    };
    Client::new(&Trust::System, timeouts).expect("a client")
}

fn request(method: &str, target: &str) -> Request {
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        ..Request::default()
    }
}

async fn answer_to(method: &str, answer: &'static [u8]) -> Result<Response, Error> {
    let (origin, _task) = peer(answer).await;
    client().send(&origin, &request(method, "/")).await
}

#[tokio::test]
async fn a_request_goes_out_byte_for_byte() {
    let (origin, task) = peer(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut request = request("get", "//a/./b%2f?x=[1]#y");
    request.headers.add("hOsT", "Shop.Example:80");
    request.headers.add("AUTHORIZATION", "  OAuth a=\"b\"");
    request.headers.add("AUTHORIZATION", "second");
    let response = client().send(&origin, &request).await.expect("an answer");
    assert_eq!(response.status, 204);
    assert_eq!(
        task.await.expect("no panic"),
        "get //a/./b%2f?x=[1]#y HTTP/1.1\r\nhOsT: Shop.Example:80\r\nAUTHORIZATION:   OAuth a=\"b\"\r\nAUTHORIZATION: second\r\nConnection: close\r\n\r\n"
    );
}

#[tokio::test]
async fn host_and_length_are_added_when_missing() {
    let (origin, task) = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    client()
        .send(&origin, &request("POST", "/"))
        .await
        .expect("an answer");
    assert_eq!(
        task.await.expect("no panic"),
        format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            origin.authority()
        )
    );
}

#[tokio::test]
async fn a_response_keeps_names_order_and_repeats() {
    let response = answer_to(
        "GET",
        b"HTTP/1.1 200 OK\r\nset-COOKIE: a=1\r\nX:\t y \r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi more",
    )
    .await
    .expect("an answer");
    let fields: Vec<_> = response.headers.iter().collect();
    assert_eq!(
        fields[..3],
        [("set-COOKIE", "a=1"), ("X", "y"), ("Set-Cookie", "b=2")]
    );
    assert_eq!(response.text(), "hi");
}

#[tokio::test]
async fn every_framing_of_a_body_is_read() {
    let bodies: [(&str, &[u8], &str); 7] = [
        ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nwiki\r\n05\r\npedia\r\n0\r\nT: 1\r\n\r\n", "wikipedia"),
        ("GET", b"HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ""),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", ""),
        ("GET", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"),
        ("GET", b"HTTP/1.1 200\nContent-Length: 1\n\nx", "x"),
        ("GET", b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 1\r\n\r\nx", "x"),
    ];
    for (method, answer, body) in bodies {
        let response = answer_to(method, answer).await.expect("an answer");
        assert_eq!(response.text(), body, "{}", String::from_utf8_lossy(answer));
    }
}

#[tokio::test]
async fn a_peer_that_misbehaves_is_named_with_its_fault() {
    let faults: [(&[u8], &str); 5] = [
        (b"", "closed the connection without an answer"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
            "closed the connection in the middle of its answer, after 2 bytes",
        ),
        (
            b"SSH-2.0-OpenSSH_9.2\r\n",
            "does not speak HTTP/1, its answer begins with `SSH-2.0-OpenSSH_9.2\\r\\n`",
        ),
        (b"HTTP/2 200\r\n\r\n", "does not speak HTTP/1"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "does not speak HTTP/1, its answer begins with `zz`",
        ),
    ];
    for (answer, sentence) in faults {
        let error = answer_to("GET", answer).await.expect_err("a fault");
        let error = error.to_string();
        assert!(error.starts_with("http://127.0.0.1:"), "{error}");
        assert!(error.contains(sentence), "{error}");
    }
}

#[tokio::test]
async fn a_silent_peer_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = origin(listener.local_addr().expect("bound"));
    let error = client()
        .send(&origin, &request("GET", "/"))
        .await
        .expect_err("silence");
    assert_eq!(
        error.to_string(),
        format!(
            "{origin} did not answer within 0.3 s: check that it is not stuck, or allow more time"
        )
    );
}

#[tokio::test]
async fn a_closed_port_refuses_and_an_unknown_name_has_no_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let mut origin = origin(listener.local_addr().expect("bound"));
    drop(listener);
    let error = client().send(&origin, &request("GET", "/")).await;
    assert!(matches!(error, Err(Error::Refused { .. })), "{error:?}");
    "nobody.invalid".clone_into(&mut origin.host);
    let error = client().send(&origin, &request("GET", "/")).await;
    assert!(matches!(error, Err(Error::Dns { .. })), "{error:?}");
}

#[tokio::test]
async fn a_channel_carries_several_requests() {
    let (origin, _task) = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n2").await;
    let mut channel = client().connect(&origin).await.expect("connected");
    let first = channel.send(&request("GET", "/")).await.expect("an answer");
    assert_eq!((first.text().as_str(), channel.is_reusable()), ("1", true));
    let second = channel.receive("GET").await.expect("an answer");
    assert_eq!(
        (second.text().as_str(), channel.is_reusable()),
        ("2", false)
    );
}

#[tokio::test]
async fn an_exchange_is_recorded_without_secrets() {
    let (origin, _task) = peer(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: PHPSESSID=abc; path=/\r\nContent-Length: 38\r\n\r\noauth_token=t0k&oauth_token_secret=5ecr",
    )
    .await;
    let mut request = request("POST", "/oauth/token/request");
    request.headers.add(
        "Authorization",
        "OAuth oauth_verifier=\"v3r1\", oauth_signature=\"s1g\"",
    );
    request.headers.add("Host", "x");
    let (outcome, exchange) = client().exchange(&origin, &request).await;
    outcome.expect("an answer");
    assert_eq!(
        exchange.request,
        "POST /oauth/token/request HTTP/1.1\r\nAuthorization: OAuth oauth_verifier=\"…\", oauth_signature=\"s1g\"\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(
        exchange.response,
        "HTTP/1.1 200\r\nSet-Cookie: PHPSESSID=…; path=/\r\nContent-Length: 38\r\n\r\noauth_token=t0k&oauth_token_secret=…"
    );
}

/// A client for shops elsewhere, through the proxy at this origin.
fn through(proxy: &Origin) -> Client {
    let url = format!("http://me:secret@{}", proxy.authority());
    let proxies = Proxies::of(|name| (name == "ALL_PROXY").then(|| url.clone()));
    client().through(proxies.expect("it can be used"))
}

#[tokio::test]
async fn a_proxy_gets_the_whole_url_and_the_store_s_bytes() {
    let (proxy, read) = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let (origin, target) = Origin::split("http://shop.example//rest/./V1?a=%5b").expect("a URL");
    let request = Request {
        method: "GET".to_owned(),
        target,
        ..Request::default()
    };
    let answer = through(&proxy).send(&origin, &request).await;
    assert_eq!(answer.expect("an answer").text(), "ok");
    assert_eq!(
        read.await.expect("read"),
        "GET http://shop.example//rest/./V1?a=%5b HTTP/1.1\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
    );
}

#[tokio::test]
async fn a_proxy_that_makes_no_tunnel_is_named_with_its_answer() {
    let (proxy, read) = peer(b"HTTP/1.1 403 Not from here\r\n\r\n").await;
    let (origin, _) = Origin::split("https://shop.example/").expect("a URL");
    let failed = through(&proxy).send(&origin, &Request::default()).await;
    let said = failed.expect_err("no tunnel").to_string();
    assert_eq!(
        said,
        format!(
            "the proxy {proxy} makes no tunnel to https://shop.example: it answers `HTTP/1.1 403 Not from here`; check HTTPS_PROXY, or name the host in NO_PROXY"
        )
    );
    let asked = read.await.expect("read");
    assert!(
        asked.starts_with("CONNECT shop.example:443 HTTP/1.1\r\n"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_tunnel_leads_to_the_store_s_own_certificate() {
    use magespec::wire::{server, tls};
    let (config, pem) = tls::self_signed(&["shop.example".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.pem");
    std::fs::write(&file, pem).expect("written");
    let listener = server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let store = server::spawn_blocking(
        listener,
        server::Limits::default(),
        Some(config),
        |request, _| Response::new(200, "text/plain", request.target.clone()),
    );
    let proxy = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = proxy.local_addr().expect("bound");
    let behind = store.local();
    tokio::spawn(async move {
        let (mut client, _) = proxy.accept().await.expect("a client");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.expect("readable"));
        }
        let mut store = tokio::net::TcpStream::connect(behind)
            .await
            .expect("it listens");
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await
            .expect("writable");
        let _ = tokio::io::copy_bidirectional(&mut client, &mut store).await;
    });
    let (shop, target) = Origin::split("https://shop.example/a%2fb").expect("a URL");
    let proxies = Proxies::of(|name| (name == "HTTPS_PROXY").then(|| address.to_string()));
    let answer = Client::new(&Trust::File(file), Timeouts::default())
        .expect("a client")
        .through(proxies.expect("it can be used"))
        .send(
            &shop,
            &Request {
                method: "GET".to_owned(),
                target,
                ..Request::default()
            },
        )
        .await;
    assert_eq!(answer.expect("an answer").text(), "/a%2fb");
}
