//! Every profile's store against every profile's expectations: what fails is what the profiles differ in, and nothing else.
//!
//! [`DIFFERENCES`] names the field of [`Profile`] that each such case shows; no outcome is written down. The first test runs these cases
//! alone, for pairs of neighbours and with the default. The second runs the whole suite for each pair, through the URL, which takes
//! minutes:
//!
//! ```console
//! $ cargo test --test spec profile_matrix -- --ignored
//! ```

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;

use magespec::conformance::glob;
use magespec::oauth::{Authority, LookedUp, Order, PROFILES, Plus, Profile, QueryPieces, Rules};
use serde_json::Value;
use tempfile::TempDir;

use crate::spec::cli::processes::{PASSWORD, Store, magespec};

/// Whether the case holds when `store` is held against `expected`.
type Holds = fn(store: &Profile, expected: &Profile) -> bool;

/// Both say the same about this.
macro_rules! same {
    (|$rules:ident| $trait:expr) => {
        |store, expected| {
            let one = |$rules: &Rules| $trait;
            one(store.dialect.rules()) == one(expected.dialect.rules())
        }
    };
    ($field:ident) => {
        |store, expected| store.$field == expected.$field
    };
}

/// Pieces of the query with no `=`, or with several, are left out.
fn drops(rules: &Rules) -> bool {
    rules.query_pieces == QueryPieces::OneEquals && !rules.query_overlay
}

/// Patterns of case ids, and when they hold. Of several that fit, the first counts.
const DIFFERENCES: &[(&str, Holds)] = &[
    ("bearer/default", same!(bearer_by_default)),
    ("signature/method/hmac-sha1", same!(methods)),
    ("acl/grant/child-without-parent", same!(parent_rule)),
    ("acl/grant/all-with-admin", same!(parent_rule)),
    ("processing/upgrade/explicit-parent", same!(parent_rule)),
    ("person-token/admin/form", same!(token_form)),
    ("person-token/input/token-of-an-hour", same!(token_form)),
    ("person-token/web-token/claims", same!(token_form)),
    ("person-token/web-token/header", same!(token_form)),
    ("person-token/web-token/upper-cased", same!(token_form)),
    ("person-token/web-token/expired", same!(token_form)),
    (
        "person-token/input/revoke-as-guest",
        same!(customer_revocation),
    ),
    ("person-token/customer/revoked", same!(customer_revocation)),
    ("person-token/revoke-by-admin", same!(customer_revocation)),
    ("rest/body/json-post-processed", same!(customer_revocation)),
    (
        "panel/identity-link/refused/*",
        same!(identity_link_validated),
    ),
    (
        "panel/identity-link/unchecked",
        same!(identity_link_validated),
    ),
    ("guest/email-taken", same!(emails_hidden)),
    ("header/scheme/not-first", same!(|rules| rules.scheme)),
    (
        "header/name/encoded-underscore",
        same!(|rules| rules.header_names),
    ),
    ("header/name/foreign", same!(|rules| rules.header_names)),
    ("header/duplicate/*", same!(|rules| rules.duplicates)),
    (
        "placement/query/token",
        same!(|rules| (rules.placement, drops(rules))),
    ),
    ("placement/query/encoded-underscore", |_, _| true),
    ("placement/query/*", same!(|rules| rules.placement)),
    // A store that takes parameters from anywhere takes them there too.
    ("placement/body/empty-header", |_, _| true),
    ("placement/body/*", same!(|rules| rules.placement)),
    ("placement/other/upper-case-type", same!(|rules| rules.body)),
    (
        "placement/form/duplicate-*",
        same!(|rules| rules.duplicates),
    ),
    ("placement/form/query-wins", same!(|rules| rules.duplicates)),
    ("placement/form/dot-*", same!(|rules| rules.body)),
    (
        "placement/form/array-error",
        same!(|rules| rules.body_array),
    ),
    ("query/quirk/bare-name-*", same!(|rules| drops(rules))),
    ("query/quirk/two-equals-*", same!(|rules| drops(rules))),
    ("query/quirk/semicolon-*", same!(|rules| drops(rules))),
    (
        "query/quirk/foreign-oauth-name-*",
        same!(|rules| drops(rules)),
    ),
    (
        "query/quirk/plus-*",
        same!(|rules| rules.query_plus == Plus::Literal && !rules.query_overlay),
    ),
    ("query/quirk/duplicate-*", same!(|rules| rules.duplicates)),
    ("query/quirk/array-*", same!(|rules| rules.duplicates)),
    (
        "query/quirk/digits-*",
        same!(|rules| rules.order == Order::Natural),
    ),
    (
        "query/quirk/eleven-groups-by-bytes",
        same!(|rules| rules.order == Order::Bytes),
    ),
    (
        "query/quirk/eleven-groups-naturally",
        same!(|rules| rules.order == Order::Natural),
    ),
    (
        "query/quirk/eleven-groups-decoded",
        same!(|rules| rules.order == Order::Keys),
    ),
    (
        "query/quirk/bracket-before-letter",
        same!(|rules| rules.order == Order::Keys),
    ),
    ("query/quirk/dot-*", same!(|rules| rules.query_overlay)),
    (
        "query/quirk/blank-in-name",
        same!(|rules| rules.query_overlay),
    ),
    // An error page or a signed name, where the query is read twice.
    ("query/quirk/numeric-name", |store, expected| {
        !store.dialect.rules().query_overlay || expected.dialect.rules().query_overlay
    }),
    (
        "query/random/repeated-name",
        same!(|rules| rules.duplicates),
    ),
    // The RFC demands it of every store, and one dialect cannot: its own profile warns.
    (
        "query/utf-8-name",
        same!(|rules| rules.order == Order::Keys),
    ),
    ("header/quotes/single", same!(|rules| rules.looked_up)),
    ("signature/method/unsupported/trailing-blank", in_words),
    ("signature/method/markup", in_words),
    // Accepted, or refused in the profile's words.
    ("replay/version/loose/*-blank", |store, expected| {
        looked_up_decoded(store, expected) || !looked_up_decoded(expected, store)
    }),
    ("replay/timestamp/leading-*", same!(|rules| rules.looked_up)),
    (
        "replay/nonce/trailing-blank",
        same!(|rules| rules.looked_up),
    ),
    (
        "url/default-port-dropped",
        same!(|rules| rules.authority == Authority::AsSent),
    ),
    (
        "url/host-lower-case",
        same!(|rules| rules.authority == Authority::AsSent),
    ),
    (
        "url/native-*",
        same!(|rules| rules.authority == Authority::AsSent),
    ),
    ("url/path/slash-*", same!(|rules| rules.path)),
    ("url/path/*-decoded", same!(|rules| rules.path)),
    ("url/path/utf-8-upper-case", same!(|rules| rules.path)),
];

fn looked_up_decoded(store: &Profile, _: &Profile) -> bool {
    store.dialect.rules().looked_up == LookedUp::Decoded
}

/// The value is quoted; the profile `rfc5849` looks at no sentence.
fn in_words(store: &Profile, expected: &Profile) -> bool {
    expected.name == "rfc5849"
        || store.dialect.rules().looked_up == expected.dialect.rules().looked_up
}

/// The store of one profile, until it is dropped.
struct Served {
    folder: TempDir,
    profile: &'static Profile,
    store: Store,
}

impl Served {
    fn start(profile: &'static Profile) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let customer = format!("ada@magespec.example:{PASSWORD}");
        let module = folder.path().join("modules/first/etc");
        fs::create_dir_all(&module).expect("a folder");
        let text = "<config><module name=\"Acme_First\"/></config>";
        fs::write(module.join("module.xml"), text).expect("a file");
        let flags = [
            ["--profile", profile.name],
            ["--customer", &customer],
            ["--modules", "modules"],
        ];
        let store = Store::start(folder.path(), flags.as_flattened());
        Self {
            folder,
            profile,
            store,
        }
    }

    /// The exit code and the report of a run as this profile.
    fn tested(&self, profile: &Profile, flags: &[&str]) -> (Option<i32>, Value) {
        let control = self.store.control_url();
        let report = self.folder.path().join("report.json");
        let status = magespec(self.folder.path())
            .args(["test", &self.store.url(), "--profile", profile.name])
            .args(["--control", &control, "--modules", "modules"])
            .args(["--control-token-file", "ready.json"])
            .args(["--admin-user", "admin"])
            .args(["--admin-password-file", "password.txt"])
            .args(["--customer-user", "ada@magespec.example"])
            .args(["--customer-password-file", "password.txt"])
            .args(["--seed", "7", "--report", "json=report.json"])
            .args(flags)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("magespec starts");
        (status.code(), read(&report))
    }

    /// What went otherwise than the profiles' fields say.
    fn surprises(&self, expected: &Profile, flags: &[&str]) -> Vec<String> {
        let (code, report) = self.tested(expected, flags);
        let cases = report["cases"].as_array().expect("cases are a list");
        let mut failed = false;
        let mut surprises = Vec::new();
        for case in cases {
            let text = |name: &str| case[name].as_str().unwrap_or_default();
            let held = match text("verdict") {
                "not-applicable" => continue,
                "pass" => true,
                // What is derived can only warn.
                "warn" => text("expected").is_empty(),
                "fail" => {
                    failed = true;
                    false
                }
                verdict => {
                    surprises.push(self.surprise(expected, text("id"), verdict));
                    continue;
                }
            };
            let row = DIFFERENCES.iter().find(|(ids, _)| glob(ids, text("id")));
            if held != row.is_none_or(|(_, holds)| holds(self.profile, expected)) {
                surprises.push(self.surprise(expected, text("id"), text("verdict")));
            }
        }
        if surprises.is_empty() && code != Some(i32::from(failed)) {
            surprises.push(self.surprise(expected, "exit code", &format!("{code:?}")));
        }
        surprises
    }

    fn surprise(&self, expected: &Profile, what: &str, came: &str) -> String {
        let store = self.profile.name;
        format!("{store} as {}: {what} {came}", expected.name)
    }
}

fn read(report: &Path) -> Value {
    let text = fs::read_to_string(report).expect("a report");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Whether a profile is this one, its neighbour in time, or the default: where releases differ, they differ from a neighbour.
fn is_near(one: &Profile, other: &Profile) -> bool {
    let place = |name| PROFILES.iter().position(|profile| profile.name == name);
    let near = place(one.name)
        .zip(place(other.name))
        .is_some_and(|(one, other)| one.abs_diff(other) <= 1);
    let default = <&Profile>::default().name;
    near || [one.name, other.name].contains(&default)
}

/// Every store against every profile of these pairs, two stores at a time.
fn surprises_of_all(flags: &[&str], pairs: fn(&Profile, &Profile) -> bool) -> Vec<String> {
    let halves = PROFILES.chunks(PROFILES.len().div_ceil(2));
    thread::scope(|scope| {
        let every: Vec<_> = halves
            .map(|half| {
                scope.spawn(move || {
                    let stores = half.iter().map(|profile| Served::start(profile));
                    let every = stores.flat_map(|store| {
                        let each = PROFILES.iter();
                        let each = each.filter(|expected| pairs(store.profile, expected));
                        each.flat_map(|expected| store.surprises(expected, flags))
                            .collect::<Vec<_>>()
                    });
                    every.collect::<Vec<_>>()
                })
            })
            .collect();
        let every = every.into_iter();
        every
            .flat_map(|half| half.join().expect("it does not panic"))
            .collect()
    })
}

#[test]
fn a_store_fails_another_profile_in_what_the_profiles_differ() {
    let mut flags = Vec::new();
    for (ids, _) in DIFFERENCES {
        flags.extend(["--only", *ids]);
    }
    // Many cases that show one field, or that take long.
    for ids in [
        "query/random/*",
        "panel/identity-link/refused/*-*",
        "*/web-token/*",
        "*/revoked",
    ] {
        flags.extend(["--skip", ids]);
    }
    let surprises = surprises_of_all(&flags, is_near);
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
#[ignore = "takes minutes: the whole suite for each pair"]
fn a_store_fails_another_profile_in_nothing_else() {
    let surprises = surprises_of_all(&[], |_, _| true);
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn a_broken_law_is_shrunk_and_told_with_the_seed_that_draws_it_again() {
    let named = |name| Profile::named(name).expect("it is a profile");
    let store = Served::start(named("rfc5849"));
    let told = || {
        let only = ["--only", "query/random/repeated-name"];
        let (code, report) = store.tested(named("magento-2.4.7"), &only);
        assert_eq!(code, Some(1));
        let actual = report["cases"][0]["actual"].as_str().unwrap_or_default();
        actual.to_owned()
    };
    let first = told();
    assert!(
        first.contains("of --seed 7") && first.contains("for [(\""),
        "{first}"
    );
    assert_eq!(
        first.matches("\", \"").count(),
        2,
        "one name twice is all that it takes: {first}"
    );
    assert_eq!(first, told());
}
