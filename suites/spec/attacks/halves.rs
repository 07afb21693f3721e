//! Rows that belong together: none is ever seen, or left, without the others.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use magespec::acl::Grant;
use magespec::integration::IntegrationId;
use magespec::secret::Secret;
use magespec::storage::{Credentials as _, Integrations as _, Making, Sqlite, Storage};

use crate::spec::storage::kept::{NOW, each, named, open};

fn make(storage: &dyn Storage, name: &str, instead_of: Option<IntegrationId>) -> IntegrationId {
    let made = storage.make_integration(Making {
        row: named(name),
        grant: &Grant::All,
        consumer_key: name,
        consumer_secret: &Secret::new(name),
        instead_of,
    });
    made.expect("made").id
}

#[test]
fn an_integration_is_never_seen_without_its_consumer_and_grant() {
    each(|storage| {
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..40 {
                    let id = make(storage, &format!("n{number}"), None);
                    assert!(storage.erase_integration(id).expect("erased"));
                }
                done.store(true, Ordering::SeqCst);
            });
            while !done.load(Ordering::SeqCst) {
                for row in storage.integrations().expect("read") {
                    let consumer = row.consumer_id.expect("it has a consumer");
                    let grant = storage.grant(row.id).expect("read");
                    // Erased since, or whole.
                    let is_there = storage.integration(row.id).expect("read").is_some();
                    assert!(!is_there || grant == Grant::All);
                    let consumer = storage.consumer(consumer).expect("read");
                    let is_there = storage.integration(row.id).expect("read").is_some();
                    assert!(!is_there || consumer.is_some());
                }
            }
        });
    });
}

#[test]
fn a_name_that_is_taken_leaves_no_consumer_behind() {
    each(|storage| {
        make(storage, "a", None);
        let again = storage.make_integration(Making {
            row: named("A "),
            grant: &Grant::All,
            consumer_key: "other",
            consumer_secret: &Secret::from("other"),
            instead_of: None,
        });
        again.expect_err("the name is taken");
        assert_eq!(storage.consumer_with_key("other").expect("read"), None);
    });
}

#[test]
fn what_is_erased_takes_every_nonce_along_and_no_one_elses() {
    each(|storage| {
        let (one, other) = (make(storage, "a", None), make(storage, "b", None));
        let consumer = |id| {
            let row = storage.integration(id).expect("read").expect("there");
            row.consumer_id.expect("it has one")
        };
        let (one_consumer, other_consumer) = (consumer(one), consumer(other));
        for consumer in [one_consumer, other_consumer] {
            storage.spend_nonce(consumer, "n", NOW).expect("spent");
        }
        assert!(storage.erase_integration(one).expect("erased"));
        assert!(!storage.erase_integration(one).expect("asked"));
        assert_eq!(storage.consumer(one_consumer).expect("read"), None);
        assert_eq!(storage.purge_nonces(NOW).expect("purged"), 1);
    });
}

#[test]
fn a_reset_integration_leaves_its_consumer_for_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let storage = open(&path);
    let first = make(&storage, "a", None);
    let second = {
        let made = storage.make_integration(Making {
            row: named("a"),
            grant: &Grant::All,
            consumer_key: "another",
            consumer_secret: &Secret::from("another"),
            instead_of: Some(first),
        });
        made.expect("made").id
    };
    assert!(second > first);
    drop(storage);
    let again = open(&path);
    assert!(again.consumer_with_key("a").expect("read").is_some());
    assert!(again.integration(second).expect("read").is_some());
}

#[test]
fn what_an_earlier_version_left_by_half_is_gone_and_a_consumer_that_outlived_its_integration_is_not()
 {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let storage = open(&path);
    let whole = make(&storage, "whole", None);
    make(&storage, "reset", None);
    make(&storage, "begun", None);
    drop(storage);
    let raw = rusqlite::Connection::open(&path).expect("opens");
    raw.execute_batch(
        "UPDATE integration SET consumer_id = NULL WHERE name = 'begun';
         DELETE FROM integration WHERE name = 'reset';
         DELETE FROM migration WHERE number = 5; DROP TABLE note; DROP INDEX token_created;",
    )
    .expect("the last step is taken back");
    drop(raw);
    let again = open(&path);
    let left = again.integrations().expect("read");
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [whole]);
    assert!(again.consumer_with_key("reset").expect("read").is_some());
}

#[test]
fn nonces_whose_consumer_is_gone_are_forgotten_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let storage = open(&path);
    make(&storage, "killed", None);
    let consumer = storage.consumer_with_key("killed").expect("read");
    let consumer = consumer.expect("there").id;
    storage.spend_nonce(consumer, "n", NOW).expect("spent");
    drop(storage);
    let raw = rusqlite::Connection::open(&path).expect("opens");
    raw.execute("DELETE FROM consumer", []).expect("deleted");
    drop(raw);
    assert_eq!(open(&path).purge_nonces(NOW).expect("purged"), 0);
}

#[test]
fn a_consumer_with_a_great_many_nonces_is_erased_without_a_scan_of_the_others() {
    let storage = Sqlite::in_memory().expect("SQLite starts in memory");
    let (few, many) = (make(&storage, "few", None), make(&storage, "many", None));
    let consumer = |id| {
        let row = storage.integration(id).expect("read").expect("there");
        row.consumer_id.expect("it has one")
    };
    for number in 0..30_000 {
        let nonce = format!("{number:032}");
        storage
            .spend_nonce(consumer(many), &nonce, NOW)
            .expect("spent");
    }
    let began = std::time::Instant::now();
    storage.erase_integration(few).expect("erased");
    let alone = began.elapsed();
    assert!(alone < std::time::Duration::from_millis(20), "{alone:?}");
    storage.erase_integration(many).expect("erased");
    assert_eq!(storage.purge_nonces(NOW).expect("purged"), 0);
}
