//! What reaches a store over the wire, and what an app answers to it.

use std::cell::RefCell;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use magespec::random::SeededEntropy;
use magespec::secret::Secret;
use magespec::storage::Sqlite;
use magespec::store::{Options, Store};
use magespec::time::{MovableClock, UnixTime};
use magespec::wire::server::{self, Connection, Limits};
use magespec::wire::tls::Trust;
use magespec::wire::{Blocking, Headers, Origin, Request, Response, Scheme, Timeouts};

use super::Target;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "rest_bodies",
        run: bodies,
        seeds: &[
            b"/rest/V1/integration/admin/token\napplication/json\n{\"username\":\"merchant\",\"password\":\"x\"}",
            b"/rest/V1/customers\napplication/xml\n<?xml version=\"1.0\"?><response><customer><email>a@b.c</email></customer></response>",
            b"/rest/V1/products?searchCriteria[filter_groups][0][filters][0][field]=sku\n\n",
            b"/rest/all/V1/carts/mine\napplication/json; charset=utf-8\n[[[{\"a\":1}]]]",
            b"/oauth/token/request\napplication/x-www-form-urlencoded\noauth_consumer_key=a&b[]=c",
            b"/admin/admin/integration/save/id/1/key/a\napplication/x-www-form-urlencoded\nform_key=a&resource[]=b",
            b"/admin\nmultipart/form-data; boundary=b\n--b\r\nContent-Disposition: form-data; name=\"login[username]\"\r\n\r\nx\r\n--b--",
        ],
    },
    Target {
        name: "requests",
        run: requests,
        seeds: &[
            b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nCookie: admin=a; b=c\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /\" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            b"GET http://a/b HTTP/1.0\r\n\r\n",
        ],
    },
    Target {
        name: "responses",
        run: responses,
        seeds: &[
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\na: b\r\n\r\n",
            b"HTTP/1.0 204 \r\n\r\n",
        ],
    },
];

fn bodies(bytes: &[u8]) {
    thread_local! {
        static STORE: Arc<Store> = store();
    }
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (target, content_type, body) = (part(), part(), part());
    let connection = Connection {
        secure: false,
        peer: SocketAddr::from(([127, 0, 0, 1], 50_000)),
        local: SocketAddr::from(([127, 0, 0, 1], 8_080)),
    };
    for method in ["POST", "GET"] {
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter([("Host", "x"), ("Content-Type", content_type)]),
            body: body.as_bytes().to_vec(),
        };
        let answer = STORE.with(|store| store.answer(&request, &connection));
        assert!((200..600).contains(&answer.status));
    }
}

fn store() -> Arc<Store> {
    let options = Options {
        admins: vec![("merchant".to_owned(), Secret::from("Right-Secret-1"))],
        lasting: false,
        ..Options::default()
    };
    Store::open(
        options,
        Box::new(Sqlite::in_memory().expect("SQLite starts in memory")),
        Arc::new(MovableClock::standing(UnixTime(1_795_000_000))),
        Box::new(SeededEntropy::new(7)),
    )
    .expect("a store opens in memory")
}

/// A server that lives as long as the process.
fn server() -> SocketAddr {
    static LOCAL: OnceLock<SocketAddr> = OnceLock::new();
    *LOCAL.get_or_init(|| {
        let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let local = listener.local();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("threads").block_on(async {
                let answer = |request: &Request, _: &Connection| {
                    Response::new(200, "text/plain", request.target.clone())
                };
                let _running = server::spawn_blocking(listener, Limits::default(), None, answer);
                std::future::pending::<()>().await;
            });
        });
        local
    })
}

fn requests(bytes: &[u8]) {
    let mut stream = TcpStream::connect(server()).expect("it listens");
    let patience = Some(Duration::from_secs(5));
    stream.set_read_timeout(patience).expect("set");
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    // It may end with a reset; it does end.
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("no end"),
        _ => {}
    }
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1."),
        "{}",
        answer.escape_ascii()
    );
}

/// An app whose next answer is set before.
struct Peer {
    local: SocketAddr,
    next: Arc<Mutex<Vec<u8>>>,
    client: Blocking,
}

fn responses(bytes: &[u8]) {
    thread_local! {
        static PEER: RefCell<Option<Peer>> = const { RefCell::new(None) };
    }
    PEER.with_borrow_mut(|peer| {
        let peer = peer.get_or_insert_with(peer_of_the_store);
        bytes.clone_into(&mut peer.next.lock().expect("nobody panicked"));
        let origin = Origin {
            scheme: Scheme::Http,
            host: peer.local.ip().to_string(),
            port: peer.local.port(),
        };
        let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let _ = peer.client.wait(async |client| {
            client.send_raw(&origin, request, "GET").await.map(|answer| answer.status)
        });
    });
}

fn peer_of_the_store() -> Peer {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let local = listener.local_addr().expect("an address");
    let next = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&next);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 1024];
            let _ = stream.read(&mut head);
            let answer = told.lock().expect("nobody panicked").clone();
            let _ = stream.write_all(&answer);
        }
    });
    let second = Duration::from_secs(2);
    let timeouts = Timeouts {
        connect: second,
        answer: second,
    };
    Peer {
        local,
        next,
        client: Blocking::new(Trust::System, timeouts),
    }
}
