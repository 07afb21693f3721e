//! `magespec test` where little applies, with known failures, and its recorded cases sent again.

use std::fs;

use serde_json::Value;

use crate::spec::cli::processes::{Recorder, Store, output, text};
use crate::spec::cli::test::credentials;

#[test]
fn a_store_on_which_little_applies_is_not_called_conformant_without_saying_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &["--profile", "rfc5849"]);
    let output = output(
        folder.path(),
        &["test", &store.url(), "--profile", "rfc5849"],
    );
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    let said = text(&output);
    let last = said.lines().next_back().expect("a last line");
    assert!(
        last.starts_with("incomplete against rfc5849: no credentials were given, which leaves "),
        "{last}"
    );
    assert!(
        last.contains("give --admin-user or --credentials, or --guest"),
        "{last}"
    );
}

#[test]
fn known_failures_keep_their_reasons_and_a_stale_one_fails_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    // A store that lets guests in where it must not.
    let open = Recorder::before(store.address(), |head| {
        let open = "GET /rest/V1/directory/currency ";
        head.replace("GET /rest/V1/products ", open)
            .replace("GET /rest/V1/categories ", open)
    });
    let url = open.url;
    let run = |more: &[&str]| {
        let arguments = [
            "test",
            &url,
            "--only",
            "guest/closed/*",
            "--baseline",
            "known.toml",
        ];
        let output = output(folder.path(), &[&arguments[..], more].concat());
        (output.status.code(), text(&output))
    };
    let known = folder.path().join("known.toml");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("write one with --update-baseline"), "{said}");
    let (code, said) = run(&["--update-baseline"]);
    assert_eq!(code, Some(1), "nobody accepted anything yet: {said}");
    assert!(said.contains("wait for their reason"), "{said}");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("has no reason; write there why"), "{said}");
    let written = fs::read_to_string(&known).expect("it was written");
    let reasoned = written.replacen(
        "reason = \"\"",
        "reason = 'guests may read \"here\"'\nexpires = \"2999-12-31\"",
        1,
    );
    assert_ne!(written, reasoned, "{written}");
    fs::write(&known, &reasoned).expect("written");
    let (code, said) = run(&["--update-baseline", "--reason", "the setting is on"]);
    assert_eq!(code, Some(0), "{said}");
    let kept = fs::read_to_string(&known).expect("it was written");
    assert!(
        kept.contains("guests may read \"here\"") && kept.contains("2999-12-31"),
        "{kept}"
    );
    assert!(kept.contains("the setting is on"), "{kept}");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("guests may read \"here\""), "{said}");
    let last = said.lines().next_back().expect("a last line");
    assert!(last.contains(" known failures)"), "{last}");
    fs::write(&known, kept.replace("2999-12-31", "2020-01-01")).expect("written");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("has expired"), "{said}");
    let stale = "[[known]]\ncase = \"guest/closed/orders\"\nreason = \"x\"\n";
    fs::write(&known, format!("{kept}\n{stale}")).expect("written");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("stale guest/closed/orders: ") && said.contains("does not fail any more"),
        "{said}"
    );
    for (fault, sentence) in [
        (
            "[[known]]\ncase = \"guest/nothing\"\nreason = \"x\"",
            "names no case",
        ),
        (
            "[[known]]\ncase = \"guest/closed/orders\"\nreason = \" \"",
            "has no reason; write there why",
        ),
        (
            "[[known]]\ncase = \"guest/closed/orders\"",
            "missing field `reason`",
        ),
        (
            "[[known]]\ncase = \"guest/closed/orders\"\nreason = \"x\"\nexpires = \"soon\"",
            "which is not a day",
        ),
    ] {
        fs::write(&known, fault).expect("written");
        let (code, said) = run(&[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn a_recorded_case_is_sent_again_and_its_answers_are_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let file = credentials(&store, folder.path());
    let url = store.url();
    let weak = "replay/nonce/burnt-by-bad-signature";
    let arguments = ["test", &url, "--credentials", &file, "--only", weak];
    let first = output(
        folder.path(),
        &[&arguments[..], &["--report", "json=r.json"]].concat(),
    );
    assert_eq!(first.status.code(), Some(0), "{}", text(&first));
    let without = output(folder.path(), &["replay", "r.json", weak, "--send"]);
    assert_eq!(without.status.code(), Some(3));
    assert!(
        text(&without).contains("give --credentials"),
        "{}",
        text(&without)
    );
    let arguments = ["replay", "r.json", weak, "--send", "--credentials", &file];
    let again = output(
        folder.path(),
        &[&arguments[..], &["--format", "json"]].concat(),
    );
    assert_eq!(again.status.code(), Some(0), "{}", text(&again));
    let replayed: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    let rows = replayed["exchanges"].as_array().expect("a list");
    assert!(rows.len() >= 2, "{replayed:#}");
    for row in rows {
        assert_eq!(row["same"], true, "{row:#}");
    }
    let statuses: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["now"].as_str()?.split(' ').next())
        .collect();
    assert!(
        statuses.contains(&"401"),
        "a spoiled signature stays spoiled: {statuses:?}"
    );
}
