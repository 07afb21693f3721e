//! Nonces, and what becomes of calls at the same time, over every keeper.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread::ScopedJoinHandle;

use magespec::acl::{Grant, ResourceId};
use magespec::integration::Token;
use magespec::oauth::{Spent, TokenKind};
use magespec::storage::{AccountKind, Error};
use magespec::time::UnixTime;

use crate::spec::storage::kept::{NOW, consumer, each, named, token};

/// Calls `work` with 0 to 7, all at the same time; answers what it gave, in that order.
fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, work) = (Barrier::new(8), &work);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        let ended = threads.into_iter().map(ScopedJoinHandle::join);
        ended.map(|ended| ended.expect("no panic")).collect()
    })
}

#[test]
fn nonces_are_spent_as_the_measured_column_does() {
    let long = "0123456789abcdef0123456789abcdefXYZ";
    let (prefix, sibling) = (&long[..32], format!("{}Q", &long[..32]));
    let table: &[(&str, &[(&str, Spent)])] = &[
        ("plain", &[("n", Spent::Fresh), ("n", Spent::Used)]),
        (
            "other case",
            &[("Nonce", Spent::Fresh), ("nONCE", Spent::Used)],
        ),
        (
            "trailing blank",
            &[("n", Spent::Fresh), ("n  ", Spent::Used)],
        ),
        (
            "leading blank",
            &[("n", Spent::Fresh), (" n", Spent::Fresh)],
        ),
        ("empty", &[("", Spent::Fresh), ("", Spent::Refused)]),
        ("zero", &[("0", Spent::Fresh), ("0", Spent::Refused)]),
        ("zeros", &[("00", Spent::Fresh), ("00", Spent::Used)]),
        ("long", &[(long, Spent::Fresh), (long, Spent::Refused)]),
        ("its prefix", &[(long, Spent::Fresh), (prefix, Spent::Used)]),
        (
            "same prefix",
            &[(long, Spent::Fresh), (&sibling, Spent::Refused)],
        ),
        ("not ASCII", &[("é", Spent::Fresh), ("É", Spent::Used)]),
    ];
    for (title, steps) in table {
        each(|storage| {
            let consumer = consumer(storage, 'k');
            for (nonce, expected) in *steps {
                let spent = storage.spend_nonce(consumer.id, nonce, NOW).expect("asked");
                assert_eq!(spent, *expected, "{title}: {nonce:?}");
            }
        });
    }
}

#[test]
fn another_consumer_has_nonces_of_its_own() {
    each(|storage| {
        let (one, two) = (consumer(storage, 'k'), consumer(storage, 'l'));
        assert_eq!(
            storage.spend_nonce(one.id, "n", NOW).expect("asked"),
            Spent::Fresh
        );
        assert_eq!(
            storage.spend_nonce(two.id, "n", NOW).expect("asked"),
            Spent::Fresh
        );
    });
}

#[test]
fn purged_nonces_can_be_spent_again() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        storage
            .spend_nonce(consumer.id, "old", UnixTime(100))
            .expect("asked");
        storage
            .spend_nonce(consumer.id, "new", UnixTime(101))
            .expect("asked");
        assert_eq!(storage.purge_nonces(UnixTime(100)).expect("purged"), 1);
        assert_eq!(
            storage.spend_nonce(consumer.id, "old", NOW).expect("asked"),
            Spent::Fresh
        );
        assert_eq!(
            storage.spend_nonce(consumer.id, "new", NOW).expect("asked"),
            Spent::Used
        );
    });
}

#[test]
fn of_parallel_spenders_exactly_one_wins() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        for round in 0..10 {
            let nonce = format!("n{round}");
            let spent = at_once(|_| {
                storage
                    .spend_nonce(consumer.id, &nonce, NOW)
                    .expect("asked")
            });
            let count = |wanted| spent.iter().filter(|spent| **spent == wanted).count();
            assert_eq!(
                (count(Spent::Fresh), count(Spent::Used)),
                (1, 7),
                "{spent:?}"
            );
        }
    });
}

#[test]
fn of_parallel_exchanges_of_one_token_exactly_one_lasts() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        let row = storage
            .add_token(token(consumer.id, TokenKind::Request, 't', 1))
            .expect("added");
        let exchanged = at_once(|number| {
            let access = Token {
                kind: TokenKind::Access,
                token: number.to_string().repeat(32),
                ..row.clone()
            };
            storage.replace_token(&access).expect("replaced");
            access
        });
        let left = storage.tokens_of(consumer.id).expect("read");
        assert_eq!(left.len(), 1);
        let valid = exchanged
            .iter()
            .filter(|access| storage.token(&access.token).expect("read").is_some());
        assert_eq!(valid.count(), 1);
        assert!(storage.token(&row.token).expect("read").is_none());
    });
}

#[test]
fn of_parallel_additions_under_one_name_exactly_one_is_made() {
    each(|storage| {
        let added = at_once(|number| {
            storage.add_integration(named(if number % 2 == 0 { "Acme" } else { "ACME " }))
        });
        let made = added.iter().filter(|added| added.is_ok()).count();
        let taken = added
            .iter()
            .filter(|added| matches!(added, Err(Error::NameTaken(_))));
        assert_eq!((made, taken.count()), (1, 7));
    });
}

#[test]
fn parallel_additions_get_numbers_of_their_own() {
    each(|storage| {
        let ids = at_once(|_| storage.add_document("order", "{}").expect("added"));
        assert_eq!(BTreeSet::from_iter(ids), (1..=8).collect());
        let kind = AccountKind::Admin;
        let put = |login: &str| storage.put_account(kind, login, "hash").expect("put").id;
        let ids = at_once(|number| put(&format!("admin{number}")));
        assert_eq!(BTreeSet::from_iter(ids), (1..=8).collect());
        let ids = at_once(|_| put("one more"));
        assert_eq!(BTreeSet::from_iter(ids), BTreeSet::from([9]));
    });
}

#[test]
fn of_parallel_grants_one_lasts_and_none_is_seen_in_part() {
    each(|storage| {
        let id = storage.add_integration(named("a")).expect("added").id;
        let grants: Vec<Grant> = (0..7)
            .map(|number| {
                let resources = (0..=number).map(|place| format!("a{number}::{place}"));
                Grant::Selected(resources.map(ResourceId::new).collect())
            })
            .chain([Grant::All])
            .collect();
        storage.set_grant(id, &Grant::All).expect("granted");
        for _ in 0..4 {
            at_once(|number| {
                storage.set_grant(id, &grants[number]).expect("granted");
                let seen = storage.grant(id).expect("read");
                assert!(grants.contains(&seen), "{seen:?}");
            });
        }
        at_once(|number| {
            let grant = if number == 0 {
                &Grant::Nothing
            } else {
                &grants[number]
            };
            storage.set_grant(id, grant).expect("granted");
        });
        let left = storage.grant(id).expect("read");
        assert!(left == Grant::Nothing || grants.contains(&left), "{left:?}");
    });
}
