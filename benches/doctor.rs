//! How long the doctor takes to find a mistake, or that there is none; before that, thousands of pairs are named and ten thousand wrong
//! signatures prove nothing.
//!
//! `cargo bench --bench doctor` checks both laws and the gates, then measures; with `DOCTOR_QUICK=1` in the environment it only measures.

#![expect(clippy::pedantic, reason = "judged where the tests are")]

#[path = "../suites/spec/doctor/client.rs"]
mod client;
#[path = "../suites/spec/doctor/law.rs"]
mod law;
#[path = "../suites/spec/doctor/made.rs"]
mod made;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use magespec::doctor::{Verdict, examine};
use magespec::oauth::Profile;

use client::{Client, loud_exchange, loud_json, loud_search, percent, plain};
use law::{Sampled, false_proofs, pairs};
use made::MADE;

/// What half of the pairs may take at most, on a request of thirty parameters.
const PAIR_GATE: Duration = Duration::from_millis(20);

/// The loud search, filled up to thirty parameters.
fn thirty() -> Client {
    let mut client = loud_search();
    let signed = client.query.len() + client.protocol.len();
    for number in signed..30 {
        let (name, value) = (
            format!("searchCriteria[filter_groups][2][filters][{number}][field]"),
            format!("value {number}"),
        );
        client
            .sent
            .target
            .push_str(&format!("&{}={}", percent(&name), percent(&value)));
        client.query.push((name, value));
    }
    client
}

fn mistaken(client: &Client, ids: &[&str]) -> Client {
    let mut client = client.clone();
    for (id, make) in MADE {
        if ids.contains(id) {
            make(&mut client);
        }
    }
    client
}

fn profile() -> &'static Profile {
    Profile::named("rfc5849").expect("there is one")
}

fn examined(client: &Client) -> Verdict {
    examine(1, &client.request(), &client.keyring(), profile()).verdict
}

/// Prints what came of a sample, and ends the bench when a pair has no name.
fn check(what: &str, sampled: &Sampled) {
    let count = sampled.times.len();
    let at = |percent: usize| sampled.times[(count * percent / 100).min(count - 1)];
    println!(
        "{count} pairs on {what}: {} named as the pair, {} as an equal or smaller explanation, {} not; median {:.1?}, 99 of 100 under {:.1?}, the slowest {:.1?}",
        sampled.named,
        sampled.equal,
        sampled.wrong.len(),
        at(50),
        at(99),
        at(100)
    );
    assert!(
        sampled.wrong.is_empty(),
        "{} pairs are not named:\n{}",
        sampled.wrong.len(),
        sampled.wrong.join("\n")
    );
}

fn laws() {
    let proofs = false_proofs(&plain(), profile(), 10_000);
    println!("10000 wrong signatures: {proofs} false proofs");
    assert_eq!(proofs, 0);
    check(
        "the loud requests",
        &pairs(&[loud_search(), loud_exchange(), loud_json()], 2_000, 11),
    );
    let sampled = pairs(&[thirty()], 1_000, 3);
    check("thirty parameters", &sampled);
    assert!(sampled.times[500] <= PAIR_GATE, "{:?}", sampled.times[500]);
}

fn doctor(criterion: &mut Criterion) {
    if std::env::var_os("DOCTOR_QUICK").is_none() {
        laws();
    }
    let client = thirty();
    let rows = [
        ("right", vec![]),
        ("single", vec!["mistake/names-not-encoded"]),
        (
            "pair",
            vec!["mistake/names-not-encoded", "mistake/token-secret-left-out"],
        ),
        (
            "triple",
            vec![
                "mistake/port-missing",
                "mistake/token-secret-left-out",
                "mistake/hash-instead-of-hmac",
            ],
        ),
    ];
    let mut group = criterion.benchmark_group("doctor");
    group.sample_size(20);
    for (name, ids) in rows {
        let wrong = mistaken(&client, &ids);
        let request = wrong.request();
        let keyring = wrong.keyring();
        group.bench_function(name, |bencher| {
            bencher.iter(|| examine(1, black_box(&request), &keyring, profile()).verdict)
        });
        println!("{name}: {:?}", examined(&wrong));
    }
    let mut wrong = client.clone();
    "another consumer's secret, of 32".clone_into(&mut wrong.consumer_secret);
    "another token's secret, 32 of it".clone_into(&mut wrong.token_secret);
    let (request, keyring) = (client.request(), wrong.keyring());
    group.bench_function("unknown", |bencher| {
        bencher.iter(|| examine(1, black_box(&request), &keyring, profile()).verdict)
    });
    group.finish();
}

criterion_group!(benches, doctor);
criterion_main!(benches);
