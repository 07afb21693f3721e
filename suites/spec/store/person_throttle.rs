//! E9 and E10: how failures are counted and lock an account (docs/protocol/person-tokens.md).

use magespec::storage::AccountKind;

use crate::spec::store::person::{ADA, ADMIN, BAD, CUSTOMER, GOOD, fixture, post};

#[test]
fn five_failures_are_forgiven_and_six_are_not() {
    let fixture = fixture();
    for _ in 0..5 {
        assert_eq!(post(&fixture, ADMIN, BAD).status, 401);
    }
    assert_eq!(
        post(&fixture, ADMIN, GOOD).status,
        200,
        "a success forgets the failures"
    );
    for _ in 0..6 {
        assert_eq!(post(&fixture, ADMIN, BAD).status, 401);
    }
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 401);
    assert_eq!(
        post(&fixture, CUSTOMER, ADA).status,
        200,
        "customers are counted apart"
    );
}

#[test]
fn the_lock_slides_with_recorded_failures_only() {
    let fixture = fixture();
    for _ in 0..6 {
        post(&fixture, ADMIN, BAD);
        fixture.store.clock().advance(10);
    }
    // The last failure was 10 seconds ago; trying while locked must not push the end.
    fixture.store.clock().advance(1780);
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 401);
    fixture.store.clock().advance(10);
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 200);
}

#[test]
fn the_throttle_ignores_case_and_counts_unknown_names_too() {
    let fixture = fixture();
    for _ in 0..3 {
        post(&fixture, ADMIN, BAD);
        post(
            &fixture,
            ADMIN,
            r#"{"username":"ADMIN","password":"wrong"}"#,
        );
    }
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 401);
    let ghost = r#"{"username":"ghost","password":"x"}"#;
    for _ in 0..7 {
        assert_eq!(post(&fixture, ADMIN, ghost).status, 401);
    }
    let row = fixture
        .store
        .storage()
        .throttle(AccountKind::Admin, "GHOST");
    assert_eq!(row.expect("read").expect("there").failures, 6);
}

#[test]
fn the_throttle_follows_its_settings() {
    let fixture = fixture();
    fixture.set("oauth/authentication_lock/max_failures_count", "2");
    fixture.set("oauth/authentication_lock/timeout", "5");
    post(&fixture, ADMIN, BAD);
    post(&fixture, ADMIN, BAD);
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 401);
    fixture.store.clock().advance(5);
    assert_eq!(post(&fixture, ADMIN, GOOD).status, 200);
    fixture.set("oauth/authentication_lock/max_failures_count", "0");
    assert_eq!(
        post(&fixture, ADMIN, GOOD).status,
        401,
        "0 refuses everybody (derived)"
    );
}
