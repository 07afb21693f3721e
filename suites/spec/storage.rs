//! One suite of behaviour, run over every keeper.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Barrier;
use std::thread::ScopedJoinHandle;

use magespec::acl::{Grant, ResourceId};
use magespec::integration::{Consumer, Status, Token};
use magespec::oauth::{Spent, TokenKind};
use magespec::secret::Secret;
use magespec::storage::{
    AccountKind, Credentials as _, Document, Error, NewIntegration, NewToken, PersonToken, Sqlite,
    Storage, ThrottleRow,
};
use magespec::time::UnixTime;

/// Runs `check` over a fresh keeper of each kind.
fn each(check: impl Fn(&dyn Storage)) {
    check(&Sqlite::in_memory().expect("SQLite starts in memory"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    check(&open(&folder.path().join("store.db")));
    on_postgres(&check);
}

#[cfg(feature = "postgres")]
fn on_postgres(check: impl Fn(&dyn Storage)) {
    if let Some(schema) = super::postgres::Schema::fresh() {
        check(&schema.open());
    }
}

#[cfg(not(feature = "postgres"))]
fn on_postgres(_: impl Fn(&dyn Storage)) {
    println!("skipped on PostgreSQL: built without the cargo feature `postgres`");
}

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

fn open(path: &Path) -> Sqlite {
    Sqlite::open(path).expect("a new file can be opened")
}

fn named(name: &str) -> NewIntegration {
    NewIntegration {
        name: name.to_owned(),
        ..NewIntegration::default()
    }
}

fn consumer(storage: &dyn Storage, letter: char) -> Consumer {
    let value = letter.to_string().repeat(32);
    storage
        .add_consumer(
            "Integration1",
            &value,
            &Secret::new(format!("secret {letter}")),
        )
        .expect("a consumer can be added")
}

fn token(consumer_id: i64, kind: TokenKind, letter: char, created_at: i64) -> NewToken {
    NewToken {
        consumer_id,
        kind,
        token: letter.to_string().repeat(32),
        secret: Secret::new("token secret"),
        verifier: Some(Secret::new("verifier")),
        created_at: UnixTime(created_at),
    }
}

const NOW: UnixTime = UnixTime(1_700_000_000);

#[test]
fn an_integration_is_found_by_id_and_by_folded_name() {
    each(|storage| {
        let added = storage.add_integration(named("Acme Demo")).expect("added");
        assert_eq!(
            storage.integration(added.id).expect("read"),
            Some(added.clone())
        );
        assert_eq!(
            storage.integration_named("ACME demo  ").expect("read"),
            Some(added)
        );
        assert_eq!(storage.integration_named(" Acme Demo").expect("read"), None);
    });
}

#[test]
fn a_name_is_taken_whatever_its_case_or_trailing_blanks() {
    each(|storage| {
        storage.add_integration(named("Acme")).expect("added");
        let other = storage.add_integration(named("Other")).expect("added");
        let again = storage.add_integration(named("aCME "));
        assert!(matches!(again, Err(Error::NameTaken(name)) if name == "aCME "));
        let renamed = magespec::integration::Integration {
            name: "ACME".to_owned(),
            ..other
        };
        let clash = storage.replace_integration(&renamed);
        assert!(matches!(clash, Err(Error::NameTaken(_))));
    });
}

#[test]
fn ids_are_not_used_again_after_a_deletion() {
    each(|storage| {
        let first = storage.add_integration(named("a")).expect("added").id;
        storage.remove_integration(first).expect("removed");
        let second = storage.add_integration(named("a")).expect("added").id;
        assert!(second > first);
    });
}

#[test]
fn deleting_a_consumer_takes_tokens_nonces_and_integration_along() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        let mut integration = storage.add_integration(named("a")).expect("added");
        integration.consumer_id = Some(consumer.id);
        integration.status = Status::Active;
        storage.replace_integration(&integration).expect("replaced");
        storage
            .set_grant(integration.id, &Grant::All)
            .expect("granted");
        storage
            .add_token(token(consumer.id, TokenKind::Access, 't', 1))
            .expect("added");
        storage.spend_nonce(consumer.id, "n", NOW).expect("spent");
        assert_eq!(
            storage
                .integration_of(consumer.id)
                .expect("read")
                .map(|found| found.id),
            Some(integration.id)
        );

        storage.remove_consumer(consumer.id).expect("removed");

        assert_eq!(storage.integration(integration.id).expect("read"), None);
        assert!(storage.token(&"t".repeat(32)).expect("read").is_none());
        assert_eq!(storage.grant(integration.id).expect("read"), Grant::Nothing);
    });
}

#[test]
fn deleting_an_integration_leaves_consumer_and_tokens() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        let mut integration = storage.add_integration(named("a")).expect("added");
        integration.consumer_id = Some(consumer.id);
        storage.replace_integration(&integration).expect("replaced");
        storage
            .add_token(token(consumer.id, TokenKind::Access, 't', 1))
            .expect("added");
        storage.remove_integration(integration.id).expect("removed");
        assert!(storage.consumer(consumer.id).expect("read").is_some());
        assert!(storage.token(&"t".repeat(32)).expect("read").is_some());
    });
}

#[test]
fn keys_and_tokens_are_found_in_any_case() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        storage
            .add_token(token(consumer.id, TokenKind::Request, 't', 1))
            .expect("added");
        let found = storage.consumer_with_key(&"K".repeat(32)).expect("read");
        assert_eq!(found, Some(consumer));
        assert!(storage.token(&"T".repeat(32)).expect("read").is_some());
        assert!(storage.token(&"T".repeat(31)).expect("read").is_none());
    });
}

#[test]
fn a_consumer_is_untouched_until_its_window_begins() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        assert_eq!(consumer.updated_at, None);
        storage.touch_consumer(consumer.id, NOW).expect("touched");
        let touched = storage.consumer(consumer.id).expect("read").expect("there");
        assert_eq!(touched.updated_at, Some(NOW));
    });
}

#[test]
fn a_token_row_keeps_its_id_through_its_lives() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        let mut row = storage
            .add_token(token(consumer.id, TokenKind::Verifier, 'v', 1))
            .expect("added");
        row.kind = TokenKind::Access;
        row.token = "a".repeat(32);
        row.revoked = true;
        storage.replace_token(&row).expect("replaced");
        assert_eq!(
            storage.tokens_of(consumer.id).expect("read"),
            vec![row.clone()]
        );
        assert!(storage.token(&"v".repeat(32)).expect("read").is_none());
        storage.remove_token(row.id).expect("removed");
        storage
            .replace_token(&row)
            .expect("replacing a gone row does nothing");
        assert!(storage.tokens_of(consumer.id).expect("read").is_empty());
    });
}

#[test]
fn a_purge_takes_old_request_tokens_only() {
    each(|storage| {
        let consumer = consumer(storage, 'k');
        for (kind, letter, created_at) in [
            (TokenKind::Verifier, 'a', 10),
            (TokenKind::Request, 'b', 11),
            (TokenKind::Access, 'c', 1),
            (TokenKind::Request, 'd', 12),
        ] {
            storage
                .add_token(token(consumer.id, kind, letter, created_at))
                .expect("added");
        }
        assert_eq!(storage.purge_tokens(UnixTime(11)).expect("purged"), 1);
        let left: Vec<String> = storage
            .tokens_of(consumer.id)
            .expect("read")
            .into_iter()
            .map(|row| row.token[..1].to_owned())
            .collect();
        assert_eq!(left, ["a", "c", "d"]);
    });
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

#[test]
fn a_text_may_hold_any_letter_and_a_key_be_of_any_length() {
    each(|storage| {
        for value in [
            "a\0b",
            "a\u{1}0b",
            "a\u{1}\u{1}b\0",
            "\u{feff}\u{10ffff}'\"\\?1$1",
        ] {
            storage.set_setting("a/b/c", Some(value)).expect("set");
            let read = storage.setting("a/b/c").expect("read");
            assert_eq!(read.as_deref(), Some(value));
        }
        let consumer = consumer(storage, 'k');
        for nonce in ["n\0", "n\u{1}0", "n"] {
            let spent = storage.spend_nonce(consumer.id, nonce, NOW).expect("asked");
            assert_eq!(spent, Spent::Fresh, "{nonce:?}");
        }
        assert_eq!(storage.consumer_with_key("k\0").expect("read"), None);
        // Nothing that repeats, which an index could hold in short.
        let long: String = (0..20_000_u64)
            .map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29) % 94)
            .map(|letter| char::from(33 + u8::try_from(letter).expect("less than 94")))
            .collect();
        let row = ThrottleRow {
            failures: 1,
            lock_expires_at: NOW,
        };
        let kind = AccountKind::Admin;
        storage.set_throttle(kind, &long, Some(row)).expect("set");
        let upper = long.to_uppercase();
        assert_eq!(storage.throttle(kind, &upper).expect("read"), Some(row));
        assert_eq!(storage.throttle(kind, &long[1..]).expect("read"), None);
    });
}

#[test]
fn a_grant_is_replaced_as_a_whole_and_keeps_its_order() {
    each(|storage| {
        let id = storage.add_integration(named("a")).expect("added").id;
        assert_eq!(storage.grant(id).expect("read"), Grant::Nothing);
        let selected =
            Grant::Selected(["b::b", "a::a"].map(ResourceId::from).into_iter().collect());
        for grant in [
            selected,
            Grant::All,
            Grant::Selected(indexmap::IndexSet::new()),
            Grant::Nothing,
        ] {
            storage.set_grant(id, &grant).expect("granted");
            assert_eq!(storage.grant(id).expect("read"), grant);
        }
    });
}

#[test]
fn settings_are_set_and_unset() {
    each(|storage| {
        let path = "oauth/consumer/expiration_period";
        assert_eq!(storage.setting(path).expect("read"), None);
        storage.set_setting(path, Some("2")).expect("set");
        storage.set_setting(path, Some("3")).expect("set");
        assert_eq!(storage.setting(path).expect("read").as_deref(), Some("3"));
        assert_eq!(
            storage.settings().expect("read"),
            [(path.to_owned(), "3".to_owned())]
        );
        storage.set_setting(path, None).expect("unset");
        assert_eq!(storage.setting(path).expect("read"), None);
    });
}

#[test]
fn accounts_are_kept_apart_by_kind_and_found_in_any_case() {
    each(|storage| {
        let admin = storage
            .put_account(AccountKind::Admin, "Admin", "hash")
            .expect("put");
        let customer = storage
            .put_account(AccountKind::Customer, "admin", "other")
            .expect("put");
        let again = storage
            .put_account(AccountKind::Admin, "ADMIN", "new")
            .expect("put");
        assert_eq!((again.id, again.login.as_str()), (admin.id, "Admin"));
        assert_eq!(again.password_hash, "new");
        let locked = magespec::storage::Account {
            active: false,
            limited: true,
            failures: 6,
            locked_until: Some(NOW),
            ..again
        };
        storage
            .replace_account(AccountKind::Admin, &locked)
            .expect("replaced");
        assert_eq!(
            storage.account(AccountKind::Admin, "admin").expect("read"),
            Some(locked)
        );
        assert_eq!(
            storage
                .account_with_id(AccountKind::Customer, customer.id)
                .expect("read"),
            Some(customer)
        );
        assert_eq!(
            storage.accounts(AccountKind::Customer).expect("read").len(),
            1
        );
    });
}

#[test]
fn the_throttle_counts_per_kind_and_folded_name() {
    each(|storage| {
        let row = ThrottleRow {
            failures: 3,
            lock_expires_at: NOW,
        };
        storage
            .set_throttle(AccountKind::Admin, "Admin", Some(row))
            .expect("set");
        assert_eq!(
            storage
                .throttle(AccountKind::Admin, "aDMIN ")
                .expect("read"),
            Some(row)
        );
        assert_eq!(
            storage
                .throttle(AccountKind::Customer, "Admin")
                .expect("read"),
            None
        );
        storage
            .set_throttle(AccountKind::Admin, "ADMIN", None)
            .expect("removed");
        assert_eq!(
            storage.throttle(AccountKind::Admin, "admin").expect("read"),
            None
        );
    });
}

#[test]
fn revoking_a_person_removes_its_tokens_and_is_remembered() {
    each(|storage| {
        let token = |account_id, value: &str| PersonToken {
            kind: AccountKind::Customer,
            account_id,
            token: value.to_owned(),
            created_at: NOW,
        };
        storage.add_person_token(&token(1, "one")).expect("added");
        storage.add_person_token(&token(2, "two")).expect("added");
        storage
            .revoke_person(AccountKind::Customer, 1, NOW)
            .expect("revoked");
        assert_eq!(storage.person_token("ONE").expect("read"), None);
        assert_eq!(
            storage.person_token("TWO").expect("read"),
            Some(token(2, "two"))
        );
        assert_eq!(
            storage.revoked_at(AccountKind::Customer, 1).expect("read"),
            Some(NOW)
        );
        assert_eq!(
            storage.revoked_at(AccountKind::Customer, 2).expect("read"),
            None
        );
    });
}

#[test]
fn documents_are_numbered_per_kind() {
    each(|storage| {
        assert_eq!(storage.add_document("order", "{}").expect("added"), 1);
        assert_eq!(storage.add_document("order", "{}").expect("added"), 2);
        assert_eq!(storage.add_document("product", "{}").expect("added"), 1);
        let changed = Document {
            id: 2,
            body: "{\"a\":1}".to_owned(),
        };
        storage.put_document("order", &changed).expect("put");
        assert_eq!(storage.document("order", 2).expect("read"), Some(changed));
        assert!(storage.remove_document("order", 1).expect("removed"));
        assert!(!storage.remove_document("order", 1).expect("asked"));
        assert_eq!(storage.documents("order").expect("read").len(), 1);
    });
}

#[test]
fn clearing_leaves_nothing_and_begins_ids_anew() {
    each(|storage| {
        consumer(storage, 'k');
        storage.add_integration(named("a")).expect("added");
        storage
            .set_installation("crypt key", &Secret::new("x"))
            .expect("set");
        storage.add_document("order", "{}").expect("added");
        storage.clear().expect("cleared");
        assert!(storage.integrations().expect("read").is_empty());
        assert_eq!(storage.installation("crypt key").expect("read"), None);
        assert_eq!(storage.add_integration(named("a")).expect("added").id.0, 1);
        assert_eq!(consumer(storage, 'k').id, 1);
    });
}

#[test]
fn a_file_keeps_what_was_written_when_it_is_opened_again_without_being_closed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("store.db");
    let first = open(&path);
    let consumer = consumer(&first, 'k');
    first.spend_nonce(consumer.id, "n", NOW).expect("spent");
    // As after kill -9: nothing was flushed or closed by the first.
    std::mem::forget(first);
    let second = open(&path);
    assert_eq!(
        second.consumer(consumer.id).expect("read"),
        Some(consumer.clone())
    );
    assert_eq!(
        second.spend_nonce(consumer.id, "n", NOW).expect("asked"),
        Spent::Used
    );
}

#[test]
fn what_is_no_database_is_refused_with_the_name_of_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "this is no database, and long enough to be looked at",
    )
    .expect("written");
    let error = Sqlite::open(&path)
        .expect_err("it is no database")
        .to_string();
    assert!(error.contains("notes.txt"), "{error}");
    assert!(error.contains("not a database"), "{error}");
    let error = Sqlite::open(&folder.path().join("absent/store.db")).expect_err("no folder");
    assert!(error.to_string().contains("absent/store.db"), "{error}");
}
