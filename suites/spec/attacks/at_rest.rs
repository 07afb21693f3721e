//! The file of a store: who reads it, whose it is, what a copy gives away, and what becomes of it under a running store.

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use magespec::oauth::TokenKind;
use magespec::random::SystemEntropy;
use magespec::secret::Secret;
use magespec::storage::{Cipher, Credentials as _, Settings as _, Sqlite, SqliteOptions, back_up};

use crate::spec::storage::kept::{NOW, consumer, open, token};

fn sealed(folder: &Path) -> SqliteOptions {
    let key = Cipher::from_file(&folder.join("key"), true, &SystemEntropy).expect("a key");
    SqliteOptions {
        cipher: Some(key),
        fast_nonces: false,
    }
}

/// Everything that stands in the folder's files of the database.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).expect("a folder").flatten();
    files
        .filter(|file| file.file_name().to_string_lossy().starts_with("store.db"))
        .flat_map(|file| fs::read(file.path()).expect("it can be read"))
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[cfg(unix)]
#[test]
fn the_file_and_its_companions_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    drop(open(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    let storage = open(&path);
    consumer(&storage, 'k');
    for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
        let mode = file.metadata().expect("known").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
    }
}

#[test]
fn a_file_of_another_program_is_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let other = rusqlite::Connection::open(&path).expect("opens");
    other
        .execute_batch("CREATE TABLE diary (day TEXT)")
        .expect("made");
    drop(other);
    let before = fs::read(&path).expect("read");
    let error = Sqlite::open(&path).expect_err("it is a diary").to_string();
    assert!(error.contains("another program"), "{error}");
    assert_eq!(fs::read(&path).expect("read"), before);
}

#[test]
fn a_damaged_file_is_refused_at_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let storage = open(&path);
    for number in 0..2_000 {
        let key = format!("a/b/{number}");
        storage
            .set_setting(&key, Some(&"x".repeat(50)))
            .expect("set");
    }
    drop(storage);
    let mut whole = fs::read(&path).expect("read");
    let middle = whole.len() / 2;
    whole[middle..middle + 8_192].fill(0x5A);
    fs::write(&path, &whole).expect("written");
    let error = Sqlite::open(&path).expect_err("it is damaged").to_string();
    assert!(
        error.contains("damaged") || error.contains("malformed"),
        "{error}"
    );
}

#[test]
fn a_copy_of_the_file_holds_no_secret_in_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let plain = open(&path);
    let held = consumer(&plain, 'k');
    plain
        .add_token(token(held.id, TokenKind::Access, 't', 1))
        .expect("added");
    plain
        .set_installation("crypt_key", &Secret::from("the crypt key itself"))
        .expect("set");
    drop(plain);
    let secrets = ["secret k", "token secret", "the crypt key itself"];
    assert!(
        secrets
            .iter()
            .all(|secret| holds(&bytes(folder.path()), secret))
    );

    let storage = Sqlite::open_with(&path, sealed(folder.path())).expect("opens");
    let read = storage.consumer(held.id).expect("read").expect("there");
    assert_eq!(read.secret, Secret::from("secret k"));
    let rows = storage.tokens_of(held.id).expect("read");
    assert_eq!(rows[0].secret, Secret::from("token secret"));
    drop(storage);
    let copy = folder.path().join("copy.db");
    back_up(&path, &copy).expect("copied");
    let copied = fs::read(&copy).expect("read");
    for secret in secrets {
        assert!(!holds(&copied, secret), "{secret}");
    }

    let error = Sqlite::open(&path).expect_err("it is sealed").to_string();
    assert!(error.contains("give the key"), "{error}");
    fs::remove_file(folder.path().join("key")).expect("removed");
    let other = Sqlite::open_with(&path, sealed(folder.path()));
    let error = other.expect_err("the key is another").to_string();
    assert!(error.contains("another key"), "{error}");
}

#[test]
fn a_file_that_is_replaced_under_a_running_store_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let storage = open(&path);
    storage.set_setting("a/b/c", Some("1")).expect("set");
    fs::remove_file(&path).expect("removed");
    thread::sleep(Duration::from_millis(1_100));
    for outcome in [
        storage.set_setting("a/b/c", Some("2")),
        storage.setting("a/b/c").map(drop),
    ] {
        let error = outcome.expect_err("the file is gone").to_string();
        assert!(error.contains("deleted or replaced"), "{error}");
    }
}

#[test]
fn a_backup_is_whole_while_the_store_writes_and_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, copy) = (
        folder.path().join("store.db"),
        folder.path().join("copy.db"),
    );
    let storage = open(&path);
    let held = consumer(&storage, 'k');
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..500 {
                let nonce = number.to_string();
                storage.spend_nonce(held.id, &nonce, NOW).expect("spent");
            }
        });
        back_up(&path, &copy).expect("copied");
    });
    let copied = open(&copy);
    assert_eq!(copied.consumer(held.id).expect("read"), Some(held));
    drop(copied);
    let before = fs::read(&copy).expect("read");
    back_up(&path, &copy).expect_err("there is a file");
    assert_eq!(fs::read(&copy).expect("read"), before);
}

#[test]
fn writers_at_the_same_time_share_a_flush_and_each_fails_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = open(&folder.path().join("store.db"));
    let held = consumer(&storage, 'k');
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for number in 0..16 {
            let (storage, start) = (&storage, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..50 {
                    // A secret is unique, and one of four asks for one that is taken.
                    let name = if number % 4 == 0 { 'k' } else { 'x' };
                    let secret = Secret::new(match name {
                        'k' => "secret k".to_owned(),
                        _ => format!("{number} {round}"),
                    });
                    let key = format!("key {number} {round}");
                    let added = storage.add_consumer("one", &key, &secret);
                    assert_eq!(added.is_err(), name == 'k');
                    let found = storage.consumer_with_key(&key).expect("read");
                    assert_eq!(found.is_some(), name != 'k', "{key}");
                }
            });
        }
    });
    assert_eq!(storage.consumer(held.id).expect("read"), Some(held));
}

#[test]
fn a_fast_nonce_is_spent_at_once_and_on_disk_a_moment_later() {
    use magespec::oauth::Spent;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let options = SqliteOptions {
        cipher: None,
        fast_nonces: true,
    };
    let fast = Sqlite::open_with(&path, options).expect("opens");
    let held = consumer(&fast, 'k');
    let spend = |storage: &Sqlite| storage.spend_nonce(held.id, "n", NOW).expect("asked");
    assert_eq!((spend(&fast), spend(&fast)), (Spent::Fresh, Spent::Used));
    thread::sleep(Duration::from_millis(200));
    // As after kill -9.
    std::mem::forget(fast);
    assert_eq!(spend(&open(&path)), Spent::Used);
}
