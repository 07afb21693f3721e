//! Settings, accounts, revocations and documents, over every keeper, and files that are opened again.

use magespec::oauth::Spent;
use magespec::secret::Secret;
use magespec::storage::{
    AccountKind, Credentials as _, Document, PersonToken, Sqlite, ThrottleRow,
};

use crate::spec::storage::kept::{NOW, consumer, each, named, open};

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
