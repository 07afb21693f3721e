//! The panel against a driver that was written for a real store and owes nothing to this crate; it runs there unchanged.
//!
//! Without Python, or without requests, the test says that it was skipped.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use magespec::oauth::Profile;
use magespec::secret::Secret;
use magespec::store::Options;
use magespec::wire::server::{self, Limits};

use crate::spec::panel::browser::{PASSWORD, USER, store_with};

/// What the script exits with when a package is missing.
const SKIPPED: i32 = 77;

#[test]
fn a_driver_of_real_panels_creates_edits_activates_authorises_again_and_deletes() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let _inside = runtime.enter();
    let listener = server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let base = format!("http://{}/", listener.local());
    let store = store_with(Options {
        profile: Profile::find("2.4.7").expect("it is known"),
        base_url: base.clone(),
        admins: vec![(USER.to_owned(), Secret::new(PASSWORD))],
        ..Options::default()
    });
    let answering = Arc::clone(&store);
    let answer = move |request: &_, connection: &_| answering.answer(request, connection);
    let _server = server::spawn_blocking(listener, Limits::default(), None, answer);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/peers/panel_driver.py");
    let driven = Command::new("python3")
        .arg(script)
        .args([base.as_str(), USER, PASSWORD])
        .stdin(Stdio::null())
        .output();
    let Ok(driven) = driven else {
        println!("skipped: python3 is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&driven.stdout);
    if driven.status.code() == Some(SKIPPED) {
        println!("{said}");
        return;
    }
    let told = String::from_utf8_lossy(&driven.stderr);
    assert_eq!(driven.status.code(), Some(0), "{said}{told}");
    assert_eq!(
        store.storage().integrations().expect("read"),
        Vec::new(),
        "nothing is left"
    );
}
