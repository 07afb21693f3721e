//! One suite of behaviour, run over every keeper.

use std::path::Path;

use magespec::acl::{Grant, ResourceId};
use magespec::integration::{Consumer, Status};
use magespec::oauth::{Spent, TokenKind};
use magespec::secret::Secret;
use magespec::storage::{
    AccountKind, Error, NewIntegration, NewToken, Sqlite, Storage, ThrottleRow,
};
use magespec::time::UnixTime;

/// Runs `check` over a fresh keeper of each kind.
pub(crate) fn each(check: impl Fn(&dyn Storage)) {
    check(&Sqlite::in_memory().expect("SQLite starts in memory"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    check(&open(&folder.path().join("store.db")));
    on_postgres(&check);
}

#[cfg(feature = "postgres")]
fn on_postgres(check: impl Fn(&dyn Storage)) {
    if let Some(schema) = crate::spec::storage::postgres::Schema::fresh() {
        check(&schema.open());
    }
}

#[cfg(not(feature = "postgres"))]
fn on_postgres(_: impl Fn(&dyn Storage)) {
    println!("skipped on PostgreSQL: built without the cargo feature `postgres`");
}

pub(crate) fn open(path: &Path) -> Sqlite {
    Sqlite::open(path).expect("a new file can be opened")
}

pub(crate) fn named(name: &str) -> NewIntegration {
    NewIntegration {
        name: name.to_owned(),
        ..NewIntegration::default()
    }
}

pub(crate) fn consumer(storage: &dyn Storage, letter: char) -> Consumer {
    let value = letter.to_string().repeat(32);
    storage
        .add_consumer(
            "Integration1",
            &value,
            &Secret::new(format!("secret {letter}")),
        )
        .expect("a consumer can be added")
}

pub(crate) fn token(consumer_id: i64, kind: TokenKind, letter: char, created_at: i64) -> NewToken {
    NewToken {
        consumer_id,
        kind,
        token: letter.to_string().repeat(32),
        secret: Secret::new("token secret"),
        verifier: Some(Secret::new("verifier")),
        created_at: UnixTime(created_at),
    }
}

pub(crate) const NOW: UnixTime = UnixTime(1_700_000_000);

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
