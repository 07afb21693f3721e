//! Guessing passwords: many at once, and by the time that an answer takes.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use magespec::secret::Secret;
use magespec::storage::{AccountKind, Lock};
use magespec::store::Options;
use magespec::wire::Request;

use crate::spec::storage::kept::{NOW, each};
use crate::spec::store::fixture::{Fixture, answer, plain, with_json};

const ADMIN: &str = "/rest/V1/integration/admin/token";

fn fixture(lasting: bool) -> Fixture {
    Fixture::with(Options {
        admins: vec![("merchant".to_owned(), Secret::from("Right-Secret-1"))],
        lasting,
        ..Options::default()
    })
}

fn asked(user: &str, password: &str) -> Request {
    let body = format!(r#"{{"username":"{user}","password":"{password}"}}"#);
    with_json(plain("POST", ADMIN), &body)
}

#[test]
fn a_burst_of_wrong_passwords_locks_and_the_right_one_among_them_is_refused() {
    let fixture = fixture(false);
    let requests: Vec<Request> = (0..30)
        .map(|number| asked("merchant", &format!("wrong {number}")))
        .collect();
    let start = Barrier::new(requests.len());
    thread::scope(|scope| {
        for request in &requests {
            let (store, start) = (&fixture.store, &start);
            scope.spawn(move || {
                start.wait();
                assert_eq!(answer(store, request).status, 401);
            });
        }
    });
    let right = fixture.answer(&asked("merchant", "Right-Secret-1"));
    assert_eq!(right.status, 401, "{}", right.text());
    let kept = fixture.store.storage();
    let row = kept.throttle(AccountKind::Admin, "merchant").expect("read");
    assert_eq!(row.expect("counted").failures, 6);
}

#[test]
fn many_who_sign_in_rightly_at_once_are_all_let_in() {
    let fixture = fixture(false);
    let start = Barrier::new(24);
    thread::scope(|scope| {
        for _ in 0..24 {
            let (store, start) = (&fixture.store, &start);
            scope.spawn(move || {
                start.wait();
                let answer = answer(store, &asked("merchant", "Right-Secret-1"));
                assert_eq!(answer.status, 200, "{}", answer.text());
            });
        }
    });
}

#[test]
fn attempts_are_counted_in_one_statement_over_every_keeper() {
    each(|storage| {
        let kind = AccountKind::Admin;
        let lock = Lock {
            most: 6,
            until: NOW.plus(1800),
        };
        let start = Barrier::new(20);
        let admitted = thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        storage
                            .count_attempt(kind, "Ada", NOW, lock)
                            .expect("asked")
                    })
                })
                .collect();
            let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
            ended
                .filter(|ended| *ended.as_ref().expect("no panic"))
                .count()
        });
        assert_eq!(admitted, 6);
        let later = NOW.plus(1800);
        assert!(
            storage
                .count_attempt(kind, "ada", later, lock)
                .expect("asked")
        );
        let account = storage.put_account(kind, "Ada", "hash").expect("put");
        let lock = Some(lock);
        let start = Barrier::new(20);
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    start.wait();
                    storage
                        .count_sign_in(kind, account.id, NOW, lock)
                        .expect("counted");
                });
            }
        });
        let locked = storage.account(kind, "ada").expect("read").expect("there");
        assert_eq!(
            (locked.failures, locked.locked_until),
            (20, Some(NOW.plus(1800)))
        );
    });
}

#[test]
fn the_right_password_under_a_lock_leaves_the_lock_as_it_was() {
    each(|storage| {
        let kind = AccountKind::Admin;
        let id = storage.put_account(kind, "Ada", "hash").expect("put").id;
        let lock = |seconds| {
            Some(Lock {
                most: 2,
                until: NOW.plus(seconds),
            })
        };
        let row = || storage.account(kind, "ada").expect("read").expect("there");
        for _ in 0..2 {
            storage
                .count_sign_in(kind, id, NOW, lock(60))
                .expect("counted");
        }
        let attempt = storage
            .count_sign_in(kind, id, NOW.plus(5), lock(65))
            .expect("counted");
        assert_eq!(attempt.held_before, Some(NOW.plus(60)));
        storage
            .forgive_sign_in(kind, id, attempt)
            .expect("forgiven");
        assert_eq!(
            (row().failures, row().locked_until),
            (2, Some(NOW.plus(60)))
        );
        let late = NOW.plus(60);
        let attempt = storage
            .count_sign_in(kind, id, late, lock(120))
            .expect("counted");
        assert_eq!((attempt.held_before, attempt.holds), (None, None));
        assert_eq!((row().failures, row().locked_until), (1, None));
        storage
            .forgive_sign_in(kind, id, attempt)
            .expect("forgiven");
        assert_eq!((row().failures, row().locked_until), (0, None));
    });
}

/// The quickest of a few answers: what the machine does beside it only adds.
fn quickest(work: impl Fn(usize)) -> Duration {
    (0..5)
        .map(|number| {
            let began = Instant::now();
            work(number);
            began.elapsed()
        })
        .min()
        .expect("there are some")
}

#[test]
fn a_name_that_nobody_has_is_refused_as_slowly_as_one_that_somebody_has() {
    let fixture = fixture(true);
    fixture.set("oauth/authentication_lock/max_failures_count", "1000");
    let refused = |user: &str| {
        let answer = fixture.answer(&asked(user, "wrong"));
        assert_eq!(answer.status, 401);
    };
    let known = quickest(|_| refused("merchant"));
    let unknown = quickest(|number| refused(&format!("nobody{number}")));
    assert!(
        unknown * 2 > known,
        "{unknown:?} for nobody, {known:?} for somebody"
    );
}
