//! How long the doctor takes to find a mistake, or that there is none; before that, a thousand pairs are named and ten thousand wrong
//! signatures prove nothing.
//!
//! `cargo bench --bench doctor`; `DOCTOR_QUICK=1` leaves out what is checked before.

#![expect(clippy::pedantic, reason = "judged where the tests are")]

#[path = "../suites/spec/doctor/client.rs"]
mod client;
#[path = "../suites/spec/doctor/made.rs"]
mod made;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use magespec::doctor::{Verdict, examine};
use magespec::oauth::Profile;

use client::{Client, base64, loud_exchange, loud_json, loud_search, percent, plain};
use made::MADE;

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

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn family(id: &str) -> magespec::doctor::Family {
    magespec::doctor::Mistake::find(id)
        .expect("a mistake")
        .family
}

fn shows(client: &Client, make: fn(&mut Client)) -> Option<Client> {
    let mut wrong = client.clone();
    make(&mut wrong);
    (wrong.request() != client.request()).then_some(wrong)
}

/// Every pair of this many that is neither named nor explained by something no larger.
fn pairs(count: usize) -> Vec<String> {
    let clients = [loud_search(), loud_exchange(), loud_json()];
    let mut numbers = Numbers(11);
    let (mut sampled, mut named, mut wrong) = (0, 0, Vec::new());
    while sampled < count {
        let (one, other) = (
            &MADE[numbers.below(MADE.len())],
            &MADE[numbers.below(MADE.len())],
        );
        let client = &clients[numbers.below(3)];
        if family(one.0) == family(other.0) {
            continue;
        }
        let (Some(first), Some(second)) = (shows(client, one.1), shows(client, other.1)) else {
            continue;
        };
        let Some(both) = shows(&first, other.1) else {
            continue;
        };
        if [first.signature(), second.signature(), client.signature()].contains(&both.signature()) {
            continue;
        }
        sampled += 1;
        let diagnosis = examine(1, &both.request(), &both.keyring(), profile());
        let pair = diagnosis.explanations.iter().any(|explanation| {
            let ids: Vec<&str> = explanation
                .mistakes
                .iter()
                .map(|mistake| mistake.id)
                .collect();
            ids.len() == 2 && ids.contains(&one.0) && ids.contains(&other.0)
        });
        named += usize::from(pair);
        if !pair && diagnosis.reconstructed.is_none() {
            wrong.push(format!(
                "{} + {} on {} {}",
                one.0,
                other.0,
                client.sent.method,
                client.sent.target.split('?').next().unwrap_or_default()
            ));
        }
    }
    println!(
        "{count} pairs: {named} named as the pair, {} as an equal or smaller explanation, {} not",
        count - named - wrong.len(),
        wrong.len()
    );
    wrong
}

fn false_proofs(count: usize) -> usize {
    let client = plain();
    let right = client.request();
    let header = right.authorization.clone().unwrap_or_default();
    let (before, _) = header.split_once("oauth_signature=").expect("a signature");
    let keyring = client.keyring();
    let mut numbers = Numbers(5);
    (0..count)
        .filter(|_| {
            let digest: Vec<u8> = (0..32).map(|_| numbers.below(256) as u8).collect();
            let mut request = right.clone();
            request.authorization = Some(format!(
                "{before}oauth_signature=\"{}\"",
                percent(&base64(&digest))
            ));
            examine(1, &request, &keyring, profile()).verdict != Verdict::Unknown
        })
        .count()
}

fn doctor(criterion: &mut Criterion) {
    if std::env::var_os("DOCTOR_QUICK").is_none() {
        let proofs = false_proofs(10_000);
        println!("10000 wrong signatures: {proofs} false proofs");
        assert_eq!(proofs, 0);
        let wrong = pairs(1_000);
        assert!(
            wrong.is_empty(),
            "{} pairs are not named:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
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
    wrong.consumer_secret.push('x');
    let (request, keyring) = (client.request(), wrong.keyring());
    group.bench_function("unknown", |bencher| {
        bencher.iter(|| examine(1, black_box(&request), &keyring, profile()).verdict)
    });
    group.finish();
}

criterion_group!(benches, doctor);
criterion_main!(benches);
