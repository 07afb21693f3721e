//! The judge of the published figures: verification against bare HMAC in the same process and the same rounds (spec performance.md §7).
//!
//! Every round runs each candidate once, in an order that rotates, over 256 different signed requests; a figure is a lower quartile of
//! the ratios of one round. Prints a table, writes JSON to the path given as `--json PATH`, and exits with 1 when a gate is missed.
//!
//! `cargo bench --bench ratio -- [--rounds N] [--json PATH] [--filter TEXT]`

mod peers;

use std::hint::black_box;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, SignatureMethod, base_string, verify};
use sha1::Sha1;
use sha2::Sha256;

const REQUESTS: u16 = 256;
const BATCH: Duration = Duration::from_micros(150);

/// Runs number `n` of a candidate; the argument picks the request.
type Run<'a> = Box<dyn FnMut(usize) -> bool + 'a>;

struct Candidate<'a> {
    name: String,
    gate: Option<f64>,
    batch: usize,
    run: Run<'a>,
    ratios: Vec<f64>,
    least: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let rounds = option("--rounds")
        .and_then(|text| text.parse().ok())
        .unwrap_or(300);
    let filter = option("--filter").unwrap_or_default();
    let mut rows = Vec::new();
    let mut missed = false;
    println!(
        "{:<16} {:<12} {:<24} {:>8} {:>8} {:>8} {:>9}  gate",
        "shape", "method", "candidate", "q25", "median", "q75", "min ns"
    );
    for method in SignatureMethod::ALL {
        for shape in Shape::ALL {
            if !format!("{} {}", shape.name(), method.name()).contains(&filter) {
                continue;
            }
            for candidate in measure(shape, method, rounds) {
                let [low, median, high] = quartiles(&candidate.ratios);
                let verdict = candidate.gate.map_or(String::new(), |gate| {
                    missed |= low > gate;
                    format!("≤ {gate} {}", if low > gate { "MISSED" } else { "met" })
                });
                println!(
                    "{:<16} {:<12} {:<24} {low:>8.2} {median:>8.2} {high:>8.2} {:>9.0}  {verdict}",
                    shape.name(),
                    method.name(),
                    candidate.name,
                    candidate.least
                );
                rows.push(serde_json::json!({
                    "shape": shape.name(), "method": method.name(), "candidate": candidate.name, "q25": low,
                    "median": median, "q75": high, "min_ns": candidate.least, "gate": candidate.gate,
                }));
            }
        }
    }
    if let Some(path) = option("--json") {
        let report =
            serde_json::json!({ "schema": "magespec-ratio/1", "rounds": rounds, "rows": rows });
        std::fs::write(&path, report.to_string())
            .unwrap_or_else(|error| panic!("{path} cannot be written: {error}"));
    }
    if missed {
        std::process::exit(1);
    }
}

fn measure(shape: Shape, method: SignatureMethod, rounds: usize) -> Vec<Candidate<'static>> {
    let mut candidates = vec![candidate("bare HMAC", None, bare(shape, method))];
    for dialect in [Dialect::Rfc5849, Dialect::Laminas] {
        let samples = samples(shape, dialect, method);
        let key = signing_key();
        let run = move |n: usize| verify(dialect, &[method], &samples[n].request(), &key).is_ok();
        candidates.push(candidate(
            &format!("verify {}", dialect.name()),
            Some(gate(shape)),
            Box::new(run),
        ));
    }
    let gate = (shape == Shape::SmallGet).then_some(2.5);
    candidates.push(candidate("sign rfc5849", gate, peers::sign(shape, method)));
    for (name, run) in peers::verifiers(shape, method) {
        candidates.push(candidate(name, None, run));
    }
    for one in &mut candidates {
        assert!(
            (0..usize::from(REQUESTS)).all(|n| (one.run)(n)),
            "{} refuses a right request",
            one.name
        );
        let start = Instant::now();
        for n in 0..usize::from(REQUESTS) {
            black_box((one.run)(n));
        }
        let single = start.elapsed().as_secs_f64() / f64::from(REQUESTS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let batch = (BATCH.as_secs_f64() / single).ceil() as usize;
        one.batch = batch;
    }
    let mut next = 0;
    for round in 0..rounds {
        let mut times = vec![0.0; candidates.len()];
        for place in 0..candidates.len() {
            let at = (place + round) % candidates.len();
            let one = &mut candidates[at];
            let start = Instant::now();
            for _ in 0..one.batch {
                black_box((one.run)(next));
                next = (next + 1) % usize::from(REQUESTS);
            }
            #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
            let each = start.elapsed().as_secs_f64() * 1e9 / one.batch as f64;
            times[at] = each;
            one.least = one.least.min(each);
        }
        for (one, time) in candidates.iter_mut().zip(&times) {
            one.ratios.push(time / times[0]);
        }
    }
    candidates
}

fn candidate<'a>(name: &str, gate: Option<f64>, run: Run<'a>) -> Candidate<'a> {
    Candidate {
        name: name.to_owned(),
        gate,
        batch: 1,
        run,
        ratios: Vec::new(),
        least: f64::INFINITY,
    }
}

const fn gate(shape: Shape) -> f64 {
    match shape {
        Shape::SmallGet => 2.2,
        Shape::FormPost | Shape::SearchGet => 3.3,
        Shape::SearchGetRaw => 4.0,
    }
}

fn samples(shape: Shape, dialect: Dialect, method: SignatureMethod) -> Vec<Sample> {
    (0..REQUESTS)
        .map(|number| Sample::signed(shape, dialect, method, number).expect("a sample is small"))
        .collect()
}

/// The keyed state is cloned for each message: what no verifier can do without.
fn bare(shape: Shape, method: SignatureMethod) -> Run<'static> {
    fn run<M: Mac + KeyInit + Clone + 'static>(bases: Vec<String>) -> Run<'static> {
        let keyed = <M as KeyInit>::new_from_slice(&[7; 65]).expect("a key of any length");
        Box::new(move |n| {
            let mut mac = keyed.clone();
            mac.update(bases[n].as_bytes());
            black_box(mac.finalize().into_bytes());
            true
        })
    }
    let bases = samples(shape, Dialect::Rfc5849, method)
        .iter()
        .map(|sample| base_string(Dialect::Rfc5849, &sample.request()).expect("it was signed"))
        .collect();
    match method {
        SignatureMethod::HmacSha1 => run::<Hmac<Sha1>>(bases),
        SignatureMethod::HmacSha256 => run::<Hmac<Sha256>>(bases),
    }
}

fn quartiles(ratios: &[f64]) -> [f64; 3] {
    let mut sorted = ratios.to_vec();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}
