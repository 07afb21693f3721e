//! E1 and E2: what they make of token rows and nonces (docs/protocol/timestamp-nonce.md and docs/protocol/flow.md#one-row-three-lives).

use magespec::oauth::TokenKind;
use magespec::store::Store;
use magespec::wire::Response;

use crate::spec::store::fixture::{Fixture, Signing, answer, tampered};
use crate::spec::store::token::{assert_problem, problem};

#[test]
fn a_request_token_is_given_once_per_verifier() {
    let fixture = Fixture::new();
    let sentence = "Cannot create request token because consumer token is not a verifier token";
    let app = fixture.with_request_token("requested");
    let again = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
    assert_problem(&again, 401, sentence);
    let active = fixture.active("active");
    let again = fixture.answer(&fixture.sign(&active, &fixture.token_request()));
    assert_problem(&again, 401, sentence);
}

#[test]
fn a_consumer_without_token_rows_is_told_so() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let storage = fixture.store.storage();
    for row in storage.tokens_of(app.consumer.id).expect("read") {
        storage.remove_token(row.id).expect("removed");
    }
    let response = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
    let id = app.consumer.id;
    assert_problem(
        &response,
        401,
        &format!("A token with consumer ID {id} does not exist"),
    );
}

#[test]
fn access_is_refused_when_another_row_of_the_consumer_comes_first() {
    let fixture = Fixture::new();
    let app = fixture.with_request_token("a");
    let storage = fixture.store.storage();
    let rows = storage.tokens_of(app.consumer.id).expect("read");
    let request_row = rows.into_iter().next().expect("one row");
    storage.remove_token(request_row.id).expect("removed");
    for (kind, token) in [
        (TokenKind::Verifier, fixture.store.fresh_value()),
        (TokenKind::Request, request_row.token.clone()),
    ] {
        storage
            .add_token(magespec::storage::NewToken {
                consumer_id: app.consumer.id,
                kind,
                token,
                secret: request_row.secret.clone(),
                verifier: request_row.verifier.clone(),
                created_at: request_row.created_at,
            })
            .expect("added");
    }
    let response = fixture.answer(&fixture.sign(&app, &fixture.token_access()));
    assert_problem(
        &response,
        401,
        "Cannot get access token because consumer token is not a request token",
    );
}

#[test]
fn a_replayed_exchange_finds_no_token_and_an_access_token_is_used_already() {
    let fixture = Fixture::new();
    let requested = fixture.with_request_token("a");
    let active =
        requested.with_pair(&fixture.answer(&fixture.sign(&requested, &fixture.token_access())));
    let replay = fixture.answer(&fixture.sign(&requested, &fixture.token_access()));
    assert_problem(&replay, 401, "Specified token does not exist");
    let access = fixture.answer(&fixture.sign(&active, &fixture.token_access()));
    assert_problem(&access, 401, "Token is already being used");
}

#[test]
fn a_failed_exchange_changes_no_token_but_burns_the_nonce() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let signing = fixture.token_request();
    let bad = fixture.answer(&tampered(fixture.sign(&app, &signing)));
    assert_problem(&bad, 401, "The signature is invalid. Verify and try again.");
    let same_nonce = fixture.answer(&fixture.sign(&app, &signing));
    let id = app.consumer.id;
    assert_problem(
        &same_nonce,
        401,
        &format!("The nonce is already being used by the consumer with ID {id}"),
    );
    assert_eq!(
        fixture
            .answer(&fixture.sign(&app, &fixture.token_request()))
            .status,
        200
    );
}

#[test]
fn a_long_nonce_replayed_is_an_error_of_the_nonce() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let long = "n".repeat(64);
    let call = |nonce: &str| {
        let signing = Signing {
            nonce: nonce.to_owned(),
            ..fixture.token_access()
        };
        problem(&fixture.answer(&fixture.sign(&app, &signing))).1
    };
    assert_eq!(call(&long), "Token is already being used");
    assert_eq!(call(&long), "An error occurred validating the nonce");
    assert!(call(&long[..32]).starts_with("The nonce is already being used"));
}

#[test]
fn a_clean_up_forgets_old_nonces_and_makes_their_replay_possible() {
    let fixture = Fixture::new();
    fixture.set("oauth/cleanup/cleanup_probability", "1");
    let app = fixture.active("a");
    let replay = |age: i64| {
        let signing = Signing {
            timestamp: fixture.store.now().0 - age,
            ..fixture.token_access()
        };
        let request = fixture.sign(&app, &signing);
        fixture.answer(&request);
        problem(&fixture.answer(&request)).1
    };
    assert_eq!(replay(7300), "Token is already being used");
    assert!(replay(7100).starts_with("The nonce is already being used"));
    fixture.set("oauth/cleanup/cleanup_probability", "0");
    assert!(replay(7300).starts_with("The nonce is already being used"));
}

#[test]
fn a_clean_up_takes_a_request_token_that_waited_two_hours() {
    let fixture = Fixture::new();
    let app = fixture.with_request_token("slow");
    fixture.store.clock().advance(2 * 3600 + 1);
    fixture.set("oauth/cleanup/cleanup_probability", "1");
    fixture.with_request_token("other");
    let response = fixture.answer(&fixture.sign(&app, &fixture.token_access()));
    assert_problem(&response, 401, "Specified token does not exist");
}

#[test]
fn a_clean_up_leaves_verifiers_and_takes_the_token_that_replaces_an_old_one() {
    let fixture = Fixture::new();
    let waiting = fixture.activated("waiting");
    fixture.store.clock().advance(2 * 3600 + 1);
    fixture.set("oauth/cleanup/cleanup_probability", "1");
    fixture.with_request_token("other");
    let storage = fixture.store.storage();
    let rows = || storage.tokens_of(waiting.consumer.id).expect("read");
    assert_eq!(rows().len(), 1, "a verifier has no age");
    let now = fixture.store.now();
    let touched = storage.touch_consumer(waiting.consumer.id, now);
    touched.expect("touched");
    let response = fixture.answer(&fixture.sign(&waiting, &fixture.token_request()));
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(rows(), [], "the row kept its time of creation");
}

#[test]
fn of_parallel_exchanges_one_token_is_valid_afterwards() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let requests: Vec<_> = (0..6)
        .map(|_| fixture.sign(&app, &fixture.token_request()))
        .collect();
    let store: &Store = &fixture.store;
    let answers: Vec<Response> = std::thread::scope(|scope| {
        let threads: Vec<_> = requests
            .iter()
            .map(|request| scope.spawn(|| answer(store, request)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let valid = answers
        .iter()
        .filter(|response| response.status == 200)
        .filter(|response| {
            let token = app.with_pair(response).token;
            store.storage().token(&token).expect("read").is_some()
        })
        .count();
    assert_eq!(valid, 1);
    assert!(
        answers
            .iter()
            .all(|response| matches!(response.status, 200 | 401))
    );
}
