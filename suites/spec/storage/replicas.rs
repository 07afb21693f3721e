//! Two stores on one PostgreSQL database, as behind a balancer: whichever is asked, the answer is the same.

use std::sync::{Arc, Barrier};
use std::thread;

use magespec::random::SystemEntropy;
use magespec::secret::Secret;
use magespec::store::{Control, Options, Store};
use magespec::time::MovableClock;
use magespec::wire::{Headers, Request, Response};

use crate::spec::storage::postgres::Schema;
use crate::spec::store::fixture::{App, Fixture, Signing, answer, plain, with_header, with_json};

const ADMIN: &str = "/rest/V1/integration/admin/token";
const PASSWORD: &str = "Right-Secret-1";

fn replica(schema: &Schema) -> Arc<Store> {
    let options = Options {
        admins: vec![("merchant".to_owned(), Secret::from(PASSWORD))],
        integrations: vec![magespec::store::ReadyIntegration {
            name: "Ready".to_owned(),
            ..Default::default()
        }],
        lasting: false,
        ..Options::default()
    };
    let clock = Arc::new(MovableClock::new());
    let entropy = Box::new(SystemEntropy);
    Store::open(options, Box::new(schema.open()), clock, entropy).expect("it opens")
}

/// Two that start at the same time.
fn two() -> Option<(Schema, [Arc<Store>; 2])> {
    let schema = Schema::fresh()?;
    let stores = thread::scope(|scope| {
        let opening = [(); 2].map(|()| scope.spawn(|| replica(&schema)));
        opening.map(|opening| opening.join().expect("no panic"))
    });
    Some((schema, stores))
}

fn sign_in(store: &Store, password: &str) -> Response {
    let body = format!(r#"{{"username":"merchant","password":"{password}"}}"#);
    answer(store, &with_json(plain("POST", ADMIN), &body))
}

fn modules(store: &Store, token: &str) -> u16 {
    let request = with_header(
        plain("GET", "/rest/V1/modules"),
        "Authorization",
        &format!("Bearer {token}"),
    );
    answer(store, &request).status
}

fn control(store: &Arc<Store>, method: &str, path: &str, body: &str) -> Response {
    let request = Request {
        method: method.to_owned(),
        target: path.to_owned(),
        headers: Headers::from_iter([("Host", "localhost"), ("Content-Type", "application/json")]),
        body: body.as_bytes().to_vec(),
    };
    Control::new(Arc::clone(store), None).answer(&request)
}

#[test]
fn replicas_that_start_at_once_hand_out_the_same_values() {
    let Some((_schema, [one, other])) = two() else {
        return;
    };
    assert_eq!(one.ready_integrations(), other.ready_integrations());
    assert_eq!(one.storage().integrations().expect("read").len(), 1);
    assert!(one.storage().is_shared());
}

#[test]
fn no_token_that_was_handed_out_after_a_reset_is_refused() {
    let Some((_schema, stores)) = two() else {
        return;
    };
    for round in 0..6 {
        assert_eq!(control(&stores[0], "POST", "/v1/reset", "{}").status, 200);
        let start = Barrier::new(8);
        let tokens: Vec<String> = thread::scope(|scope| {
            let asking: Vec<_> = (0..8)
                .map(|number| {
                    let (store, start) = (&stores[number % 2], &start);
                    scope.spawn(move || {
                        start.wait();
                        let answer = sign_in(store, PASSWORD);
                        assert_eq!(answer.status, 200, "{}", answer.text());
                        answer.text().trim_matches('"').to_owned()
                    })
                })
                .collect();
            let told = asking.into_iter().map(thread::ScopedJoinHandle::join);
            told.map(|told| told.expect("no panic")).collect()
        });
        for (number, token) in tokens.iter().enumerate() {
            for store in &stores {
                assert_eq!(modules(store, token), 200, "round {round}, token {number}");
            }
        }
    }
}

#[test]
fn failures_are_counted_whoever_is_asked() {
    let Some((_schema, stores)) = two() else {
        return;
    };
    for number in 0..6 {
        assert_eq!(sign_in(&stores[number % 2], "wrong").status, 401);
    }
    for store in &stores {
        assert_eq!(sign_in(store, PASSWORD).status, 401);
    }
}

#[test]
fn settings_clock_and_caches_are_those_of_all() {
    let Some((_schema, [one, other])) = two() else {
        return;
    };
    let path = "/v1/config/webapi/webapisecurity/allow_insecure";
    let guest = plain("GET", "/rest/V1/store/storeViews");
    assert_eq!(answer(&other, &guest).status, 401);
    control(&one, "PUT", path, r#"{"value": "1"}"#);
    assert_eq!(answer(&other, &guest).status, 200);
    control(&one, "POST", "/v1/clock", r#"{"advance": 100000}"#);
    let told = |store: &Arc<Store>| -> i64 {
        let answer = control(store, "GET", "/v1/clock", "").text();
        let value: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        value["now"].as_i64().expect("a number")
    };
    let (ours, theirs) = (told(&one), told(&other));
    assert!((0..=2).contains(&(theirs - ours)), "{ours} and {theirs}");
    control(&other, "POST", "/v1/reset", "{}");
    assert_eq!(answer(&one, &guest).status, 401);
    assert!((told(&one) - told(&other)).abs() <= 2);
}

#[test]
fn a_session_of_the_panel_goes_on_wherever_the_next_request_arrives() {
    let Some((_schema, stores)) = two() else {
        return;
    };
    let cookie = |answer: &Response| {
        let cookies = answer.headers.all("Set-Cookie").collect::<Vec<_>>();
        let mut sessions = cookies
            .iter()
            .rev()
            .filter(|line| line.starts_with("admin="));
        let line = sessions.next().expect("a session");
        line.split(';').next().expect("a value").to_owned()
    };
    let mut session = None::<String>;
    let mut turn = 0;
    let mut ask = |method: &str, target: &str, body: String| {
        let mut request = plain(method, target);
        if let Some(session) = &session {
            request = with_header(request, "Cookie", session);
        }
        request.body = body.into_bytes();
        turn += 1;
        let answer = answer(&stores[turn % 2], &request);
        session = Some(cookie(&answer));
        answer
    };
    let page = ask("GET", "/admin", String::new()).text();
    let key = page.split("name=\"form_key\"").nth(1).expect("a form");
    let key = key.split("value=\"").nth(1).expect("a value");
    let key = key.split('"').next().expect("it ends");
    let body = magespec::text::form::encode_pairs([
        ("form_key", key),
        ("login[username]", "merchant"),
        ("login[password]", PASSWORD),
    ]);
    let mut page = ask("POST", "/admin", body);
    for _ in 0..4 {
        if page.status != 302 {
            break;
        }
        let place = page.headers.first("Location").expect("a place");
        let place = crate::spec::panel::browser::path_of(place);
        page = ask("GET", &place, String::new());
    }
    let page = page.text();
    assert!(page.contains("Dashboard"), "{page}");
    // Signed by the same key on both.
    let grid = crate::spec::panel::browser::url_with(&page, "/integration/");
    let grid = crate::spec::panel::browser::path_of(&grid);
    for _ in 0..2 {
        let answer = ask("GET", &grid, String::new());
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

#[test]
fn a_request_and_an_exchange_that_reach_both_are_granted_by_one() {
    let Some((_schema, stores)) = two() else {
        return;
    };
    let fixture = Fixture::over(Arc::clone(&stores[0]));
    let at_both = |requests: [Request; 2]| {
        let start = Barrier::new(2);
        let answers = thread::scope(|scope| {
            let asking: Vec<_> = requests
                .iter()
                .zip(&stores)
                .map(|(request, store)| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        answer(store, request)
                    })
                })
                .collect();
            let told = asking.into_iter().map(thread::ScopedJoinHandle::join);
            told.map(|told| told.expect("no panic")).collect::<Vec<_>>()
        });
        let granted: Vec<Response> = answers
            .into_iter()
            .filter(|answer| answer.status == 200)
            .collect();
        assert_eq!(granted.len(), 1, "{granted:?}");
        granted.into_iter().next().expect("one")
    };
    for round in 0..10 {
        let mut app = fixture.activated(&format!("a{round}"));
        let sign = |app: &App, signing: Signing| fixture.sign(app, &signing);
        let requests = [(); 2].map(|()| sign(&app, fixture.token_request()));
        app = app.with_pair(&at_both(requests));
        let requests = [(); 2].map(|()| sign(&app, fixture.token_access()));
        app = app.with_pair(&at_both(requests));
        for _ in 0..5 {
            let once = sign(&app, fixture.signing("GET", "/rest/V1/store/storeViews"));
            at_both([once.clone(), once]);
        }
    }
}

#[test]
fn a_replica_with_the_key_reads_what_another_one_sealed_and_one_without_does_not_start() {
    use magespec::storage::{Cipher, Credentials as _, Postgres, PostgresOptions};
    let Some(schema) = Schema::fresh() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let open = || {
        let cipher = Cipher::from_file(&folder.path().join("key"), true, &SystemEntropy);
        let options = PostgresOptions {
            cipher: Some(cipher.expect("a key")),
            tls: None,
        };
        Postgres::open_with(&Secret::from(schema.url().as_str()), options).expect("it opens")
    };
    let held = crate::spec::storage::kept::consumer(&open(), 'k');
    assert_eq!(open().consumer(held.id).expect("read"), Some(held));
    let without = Postgres::open(&Secret::from(schema.url().as_str()));
    let error = without.expect_err("it is sealed").to_string();
    assert!(error.contains("give the key"), "{error}");
}

#[test]
fn the_way_to_the_database_is_encrypted_and_its_certificate_checked_as_asked() {
    use crate::spec::cli::processes::{Store as Process, magespec, text};
    let (Some(schema), Ok(authority)) =
        (Schema::fresh(), std::env::var("MAGESPEC_TEST_POSTGRES_CA"))
    else {
        println!("skipped: no server with TLS is named");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let with = |more: &str| format!("{}&{more}", schema.url());
    for mode in [
        "sslmode=require".to_owned(),
        format!("sslmode=verify-full&sslrootcert={authority}"),
    ] {
        let store = Process::on_database(folder.path(), &with(&mode), &[]);
        assert_eq!(store.control("/ready")["status"], "ready");
        assert_eq!(schema.encrypted(), vec![true], "{mode}");
        store.stopped();
    }
    for (mode, part) in [
        ("sslmode=verify-full", "certificate"),
        ("sslmode=verify-ca", "choose `verify-full`"),
    ] {
        let output = magespec(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("MAGESPEC_DATABASE", with(mode))
            .output()
            .expect("magespec runs");
        assert!(!output.status.success());
        assert!(text(&output).contains(part), "{}", text(&output));
    }
}
