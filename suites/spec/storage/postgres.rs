//! A store on PostgreSQL: alone, beside another one, and while the database is away.
//!
//! `MAGESPEC_TEST_POSTGRES=postgres://USER:PASSWORD@HOST/DATABASE` names a server to use; each test has a schema of its own there, and
//! leaves nothing behind. Without it the tests say that they were skipped.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use magespec::oauth::Spent;
use magespec::secret::Secret;
use magespec::storage::{AccountKind, Credentials as _, Error, People as _, Postgres};
use magespec::time::UnixTime;
use url::Url;

use crate::spec::cli::processes::{PASSWORD, Store, magespec, text};

const VARIABLE: &str = "MAGESPEC_TEST_POSTGRES";

/// A schema of the server; dropped with everything in it.
pub(crate) struct Schema {
    server: Url,
    name: String,
}

impl Schema {
    /// A new one; none, and a sentence about it, when no server is named.
    pub(crate) fn fresh() -> Option<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let Ok(server) = std::env::var(VARIABLE) else {
            println!("skipped on PostgreSQL: {VARIABLE} names no server");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = Self {
            server: server.parse().expect("the variable holds a URL"),
            name: format!("magespec_{}_{number}", std::process::id()),
        };
        schema.run(&format!("CREATE SCHEMA {}", schema.name));
        Some(schema)
    }

    pub(crate) fn url(&self) -> Url {
        let mut url = self.server.clone();
        // Not as a form: `+` is no blank there.
        url.set_query(Some(&format!(
            "options=-csearch_path%3D{0}&application_name={0}",
            self.name
        )));
        url
    }

    pub(crate) fn open(&self) -> Postgres {
        Postgres::open(&Secret::from(self.url().as_str())).expect("the server takes a connection")
    }

    fn password(&self) -> &str {
        self.server.password().expect("the URL has a password")
    }

    /// Whether the ways of this schema's keepers are encrypted.
    pub(crate) fn encrypted(&self) -> Vec<bool> {
        let sql = format!(
            "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = '{}'",
            self.name
        );
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(self.server.as_str(), tokio_postgres::NoTls)
                    .await
                    .expect("the server takes a connection");
            tokio::spawn(connection);
            let rows = client.query(&sql, &[]).await.expect("it is told");
            rows.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Runs statements as somebody else.
    fn run(&self, sql: &str) {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(self.server.as_str(), tokio_postgres::NoTls)
                    .await
                    .expect("the server takes a connection");
            tokio::spawn(connection);
            client.batch_execute(sql).await.expect("it is done");
        });
    }

    /// Ends every connection of this schema's keepers, as an administrator of the server would.
    fn disconnect(&self) {
        self.run(&format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '{}'",
            self.name
        ));
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.run(&format!("DROP SCHEMA {} CASCADE", self.name));
        }
    }
}

/// A way to the server that can be shut.
struct Gate {
    open: Arc<AtomicBool>,
    passing: Arc<Mutex<Vec<TcpStream>>>,
    port: u16,
}

impl Gate {
    fn before(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = (
            server.host_str().expect("a host").to_owned(),
            server.port().unwrap_or(5432),
        );
        let gate = Self {
            open: Arc::new(AtomicBool::new(true)),
            passing: Arc::default(),
            port,
        };
        let (open, passing) = (Arc::clone(&gate.open), Arc::clone(&gate.passing));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if !open.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect((server.0.as_str(), server.1)).expect("it listens");
                let mut kept = passing.lock().expect("nobody panicked");
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (copy_of(from), copy_of(to));
                    thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                kept.extend([client, server]);
            }
        });
        gate
    }

    fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
        for stream in self.passing.lock().expect("nobody panicked").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }
}

fn copy_of(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a socket can be shared")
}

const NOW: UnixTime = UnixTime(1_700_000_000);

#[test]
fn stores_that_start_at_once_make_the_tables_once_and_share_them() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let keepers: Vec<Postgres> = thread::scope(|scope| {
        let openers: Vec<_> = (0..4).map(|_| scope.spawn(|| schema.open())).collect();
        openers
            .into_iter()
            .map(|opener| opener.join().expect("it opens"))
            .collect()
    });
    let consumer = keepers[0]
        .add_consumer("Integration1", "key", &Secret::from("secret"))
        .expect("added");
    for round in 0..20 {
        let nonce = format!("nonce{round}");
        let spent: Vec<Spent> = thread::scope(|scope| {
            let spenders: Vec<_> = keepers
                .iter()
                .map(|keeper| scope.spawn(|| keeper.spend_nonce(consumer.id, &nonce, NOW)))
                .collect();
            spenders
                .into_iter()
                .map(|spender| spender.join().expect("no panic").expect("asked"))
                .collect()
        });
        let fresh = spent.iter().filter(|spent| **spent == Spent::Fresh).count();
        assert_eq!(fresh, 1, "{spent:?}");
    }
}

#[test]
fn tables_of_a_later_magespec_are_left_alone() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    drop(schema.open());
    schema.run(&format!(
        "INSERT INTO {}.migration VALUES (1000)",
        schema.name
    ));
    let opened = Postgres::open(&Secret::from(schema.url().as_str()));
    let sentence = opened.expect_err("it is later").to_string();
    assert!(sentence.contains("a later magespec"), "{sentence}");
    assert!(!sentence.contains(schema.password()), "{sentence}");
}

#[test]
fn a_lost_connection_costs_one_call_at_most_and_no_row() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let keeper = schema.open();
    let add = |login: &str| keeper.put_account(AccountKind::Admin, login, "hash");
    add("before").expect("added");
    schema.disconnect();
    if let Err(error) = add("between") {
        assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    }
    add("after").expect("there is another connection");
    let there = |login| {
        keeper
            .account(AccountKind::Admin, login)
            .expect("read")
            .is_some()
    };
    assert!(there("before") && there("after"));
}

#[test]
fn a_refused_row_is_an_error_that_quotes_none_of_it() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let keeper = schema.open();
    let secret = Secret::from("a-secret-of-a-consumer");
    keeper.add_consumer("one", "key", &secret).expect("added");
    let again = keeper.add_consumer("two", "other key", &secret);
    let sentence = again.expect_err("a secret is unique").to_string();
    assert!(sentence.contains("consumer_secret_key"), "{sentence}");
    assert!(!sentence.contains(secret.expose()), "{sentence}");
    assert!(!sentence.contains(schema.password()), "{sentence}");
}

/// Asks a store for something that only its database knows.
fn sign_in(store: &Store) -> String {
    let body = format!(r#"{{"username":"admin","password":"{PASSWORD}"}}"#);
    let mut stream = TcpStream::connect(store.address()).expect("it listens");
    write!(
        stream,
        "POST /rest/V1/integration/admin/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

#[test]
fn a_store_whose_database_goes_away_says_so_and_goes_on_when_it_is_back() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let gate = Gate::before(&schema.server);
    let mut url = schema.url();
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(gate.port)).expect("a port");
    let store = Store::on_database(folder.path(), url.as_str(), &[]);
    let before = sign_in(&store);
    assert!(before.starts_with("HTTP/1.1 200"), "{before}");
    gate.shut();
    for _ in 0..3 {
        let away = sign_in(&store);
        assert!(away.starts_with("HTTP/1.1 500"), "{away}");
        assert!(away.contains("\"message\""), "{away}");
        assert!(!away.contains(schema.password()), "{away}");
    }
    gate.open();
    let back = sign_in(&store);
    assert!(back.starts_with("HTTP/1.1 200"), "{back}");
    assert_eq!(store.stopped().code(), Some(0));
    let log = std::fs::read_to_string(folder.path().join("log.txt")).expect("a log");
    assert!(log.contains("data      in postgres://"), "{log}");
    assert!(log.contains("cannot be reached"), "{log}");
    assert!(!log.contains(schema.password()), "{log}");
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn a_store_on_postgresql_is_conformant_and_keeps_what_it_has_over_a_kill() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let url = schema.url();
    let setting = ["--set", "general/store_information/name=Kept"];
    let store = Store::on_database(folder.path(), url.as_str(), &setting);
    let output = magespec(folder.path())
        .args(["test", &store.url(), "--admin-user", "admin"])
        .args(["--admin-password-file", "password.txt"])
        .args(["--control", &store.control_url()])
        .args(["--control-token-file", "ready.json"])
        .args(["--only", "handshake/*", "--only", "replay/nonce/*"])
        .args(["--only", "access-token/*", "--only", "order/*"])
        .output()
        .expect("magespec runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    // Killed, as `Running` is when it is dropped.
    drop(store);
    let again = Store::on_database(folder.path(), url.as_str(), &[]);
    let kept = again.control("/v1/config/general/store_information/name");
    assert_eq!(kept["value"], "Kept");
}

#[test]
fn a_database_that_cannot_be_used_is_one_sentence_without_the_password() {
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let changed = |change: &dyn Fn(&mut Url)| {
        let mut url = schema.url();
        change(&mut url);
        url.to_string()
    };
    let password = schema.password();
    for (url, code, part) in [
        (
            format!("postgres://magespec:{password}@127.0.0.1:{port}/shop"),
            4,
            "cannot be reached",
        ),
        (
            changed(&|url| url.set_password(Some("Wrong-Secret-1")).expect("set")),
            2,
            "password authentication failed",
        ),
        (changed(&|url| url.set_path("/absent")), 2, "does not exist"),
        (
            changed(&|url| url.set_password(None).expect("set")),
            2,
            "password missing",
        ),
        (
            changed(&|url| url.set_query(Some("sslmode=verify-ca"))),
            2,
            "choose `verify-full`",
        ),
        (
            format!("postgres://magespec:p@{password}@127.0.0.1/shop"),
            2,
            "`%40` for an `@`",
        ),
        (
            format!("postgres://magespec:1/{password}@127.0.0.1/shop"),
            2,
            "`%40` for an `@`",
        ),
        (
            format!("mysql://magespec:{password}@127.0.0.1/shop"),
            2,
            "expected postgres://",
        ),
        (
            format!("postgres://magespec:{password}@127.0.0.1:port/shop"),
            2,
            "expected postgres://",
        ),
    ] {
        let began = Instant::now();
        let output = magespec(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("MAGESPEC_DATABASE", &url)
            .output()
            .expect("magespec runs");
        let said = text(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.starts_with("error: ") && said.contains(part), "{said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        assert!(
            !said.contains(password) && !said.contains("Wrong-Secret-1"),
            "{said}"
        );
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
