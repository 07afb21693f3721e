//! Requests that overlap: a save and an exchange, two exchanges, two openings of one thing.

use std::sync::Barrier;
use std::thread;

use magespec::integration::{Draft, Status};
use magespec::secret::Secret;
use magespec::store::Store;
use magespec::store::permissions::Permissions;
use magespec::wire::{Request, Response};

use crate::spec::storage::kept::each;
use crate::spec::store::fixture::{App, Fixture, answer};

/// Sends requests at the same time.
fn at_once(store: &Store, requests: &[Request]) -> Vec<Response> {
    let start = Barrier::new(requests.len());
    thread::scope(|scope| {
        let threads: Vec<_> = requests
            .iter()
            .map(|request| {
                scope.spawn(|| {
                    start.wait();
                    answer(store, request)
                })
            })
            .collect();
        let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ended.map(|ended| ended.expect("no panic")).collect()
    })
}

#[test]
fn a_save_that_began_before_the_exchange_does_not_undo_the_activation() {
    let fixture = Fixture::new();
    let app = fixture.with_request_token("a");
    let active = fixture.store.with_integrations(|services| {
        // Loaded as the save does it before the password is checked.
        let stored = services.load(app.integration.id, "1").expect("there");
        let answer = fixture.answer(&fixture.sign(&app, &fixture.token_access()));
        let draft = Draft {
            name: Some("renamed".to_owned()),
            endpoint: Some("https://app.example/callback".to_owned()),
            ..Draft::default()
        };
        let saved = services.update(&stored, &draft, &Permissions::All);
        let saved = saved.expect("it is saved");
        assert_eq!(
            (saved.name.as_str(), saved.status),
            ("renamed", Status::Active)
        );
        app.with_pair(&answer)
    });
    assert_eq!(fixture.status(&app), Status::Active);
    let answer = fixture.get(&active, "/rest/V1/store/storeViews");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_save_of_an_integration_that_was_deleted_meanwhile_makes_none() {
    let fixture = Fixture::new();
    let app = fixture.created("a");
    fixture.store.with_integrations(|services| {
        let stored = services.load(app.integration.id, "1").expect("there");
        services.delete(&stored).expect("deleted");
        let saved = services.update(&stored, &Draft::default(), &Permissions::All);
        saved.expect_err("there is nothing to save");
    });
    let left = fixture.store.storage().integrations().expect("read");
    assert!(left.is_empty(), "{left:?}");
}

/// Several requests of one step, each with its own nonce; gives the answers.
fn race(fixture: &Fixture, app: &App, access: bool) -> Vec<Response> {
    let requests: Vec<Request> = (0..8)
        .map(|_| {
            let signing = if access {
                fixture.token_access()
            } else {
                fixture.token_request()
            };
            fixture.sign(app, &signing)
        })
        .collect();
    at_once(&fixture.store, &requests)
}

#[test]
fn of_parallel_exchanges_exactly_one_is_granted_and_its_token_works() {
    for round in 0..10 {
        let fixture = Fixture::new();
        let mut app = fixture.activated(&format!("a{round}"));
        for (access, refusal) in [
            (false, "consumer token is not a verifier token"),
            (true, "Specified token does not exist"),
        ] {
            let answers = race(&fixture, &app, access);
            let (granted, refused): (Vec<_>, Vec<_>) =
                answers.iter().partition(|answer| answer.status == 200);
            assert_eq!(granted.len(), 1, "{answers:?}");
            for answer in refused {
                let told = magespec::text::form::decode_text(&answer.text());
                assert_eq!(answer.status, 401, "{told}");
                assert!(told.contains(refusal), "{told}");
            }
            app = app.with_pair(granted[0]);
        }
        assert_eq!(fixture.status(&app), Status::Active);
        let answer = fixture.get(&app, "/rest/V1/store/storeViews");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

#[test]
fn of_a_request_that_is_sent_twenty_times_at_once_one_is_taken() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let signing = fixture.signing("GET", "/rest/V1/store/storeViews");
    let requests = vec![fixture.sign(&app, &signing); 20];
    let answers = at_once(&fixture.store, &requests);
    let taken = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(taken.count(), 1, "{answers:?}");
}

#[test]
fn what_is_made_once_is_the_same_for_everybody_who_came_first() {
    each(|storage| {
        let start = Barrier::new(8);
        let kept: Vec<Secret> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|number| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        let drawn = Secret::new(format!("drawn by {number}"));
                        storage.keep_installation("key", &drawn).expect("kept")
                    })
                })
                .collect();
            let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
            ended.map(|ended| ended.expect("no panic")).collect()
        });
        assert!(kept.iter().all(|key| *key == kept[0]));
    });
}

#[test]
fn tokens_are_decided_on_and_written_by_one_at_a_time() {
    use magespec::integration::Change;
    each(|storage| {
        let consumer = crate::spec::storage::kept::consumer(storage, 'k');
        let start = Barrier::new(8);
        let now = crate::spec::storage::kept::NOW;
        thread::scope(|scope| {
            for number in 0..8 {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let saved = storage.change_tokens(consumer.id, now, &mut |rows| {
                        let values = magespec::integration::FreshToken {
                            token: number.to_string().repeat(32),
                            secret: Secret::new(number.to_string()),
                            verifier: Secret::new("v"),
                        };
                        let kind = magespec::oauth::TokenKind::Verifier;
                        let add = Change::AddToken { kind, values };
                        rows.is_empty().then_some(add).into_iter().collect()
                    });
                    saved.expect("asked")
                });
            }
        });
        let rows = storage.tokens_of(consumer.id).expect("read");
        assert_eq!(rows.len(), 1, "{rows:?}");
    });
}
