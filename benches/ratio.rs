//! The judge of the published figures: verification against bare HMAC in the same process and the same rounds.
//!
//! Every round runs each candidate once, in an order that rotates, over 256 different signed requests; a figure is a lower quartile of
//! the ratios of one round. Hostile requests are held against the search GET, per byte. Peers: `oauth1-request`, `oauth-client`, a textbook
//! version, and verifiers in other languages as far as they are installed. Prints a table, or with `--markdown` the block of BENCHMARKS.md; exits
//! with 1 when a gate is missed.
//!
//! `cargo bench --bench ratio -- [--rounds N] [--filter TEXT] [--json PATH] [--markdown] [--readme PATH]`

mod foreign;
mod hostile;
mod peers;
mod report;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, SignatureMethod, base_string, verify};
use report::{Gate, Row, Table};
use sha1::Sha1;
use sha2::Sha256;

const REQUESTS: u16 = 256;
const BATCH: Duration = Duration::from_micros(150);

/// Runs number `n` of a candidate; the argument picks the request.
type Run<'a> = Box<dyn FnMut(usize) -> bool + 'a>;

struct Candidate<'a> {
    name: String,
    gate: Option<Gate>,
    /// By what its time is divided before it is compared.
    bytes: usize,
    batch: usize,
    run: Run<'a>,
    ratios: Vec<f64>,
    least: f64,
}

fn main() -> ExitCode {
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
    for method in SignatureMethod::ALL {
        for shape in Shape::ALL {
            let case = format!("{} {}", shape.name(), method.name());
            if case.contains(&filter) {
                rows.extend(shape_rows(&case, shape, method, rounds));
            }
        }
    }
    for dialect in [Dialect::Rfc5849, Dialect::Laminas] {
        let case = format!("hostile {}", dialect.name());
        if case.contains(&filter) {
            rows.extend(hostile_rows(&case, dialect, rounds));
        }
    }
    if "cores".contains(&filter) {
        let ratios = hostile::two_cores((rounds / 20).max(1));
        let gate = Some(Gate::AtLeast(1.9));
        rows.push(Row::new("cores", "two cores / one core", &ratios, gate));
    }
    let mut skipped = Vec::new();
    if "other languages".contains(&filter) {
        let (foreign, left_out) = foreign::rows(rounds);
        rows.extend(foreign);
        skipped = left_out;
    }
    let table = Table {
        rows,
        rounds,
        skipped,
    };
    if arguments.iter().any(|argument| argument == "--markdown") {
        print!("{}", table.markdown());
    } else {
        table.print();
    }
    if let Some(path) = option("--json") {
        std::fs::write(&path, table.json())
            .unwrap_or_else(|error| panic!("{path} cannot be written: {error}"));
    }
    if let Some(path) = option("--readme") {
        report::into_readme(&path, &table.markdown());
    }
    table.exit_code()
}

/// Everything of one shape against bare HMAC, then the fastest peer against our verification.
fn shape_rows(case: &str, shape: Shape, method: SignatureMethod, rounds: usize) -> Vec<Row> {
    let mut candidates = vec![candidate("bare HMAC", None, bare(shape, method))];
    for dialect in [Dialect::Rfc5849, Dialect::Laminas] {
        candidates.push(candidate(
            &format!("verify {}", dialect.name()),
            Some(Gate::AtMost(gate(shape))),
            verifier(shape, dialect, method),
        ));
    }
    let sign_gate = (shape == Shape::SmallGet).then_some(Gate::AtMost(2.5));
    candidates.push(candidate(
        "sign rfc5849",
        sign_gate,
        peers::sign(shape, method),
    ));
    let first_peer = candidates.len();
    for (name, run) in peers::verifiers(shape, method) {
        candidates.push(candidate(name, None, run));
    }
    measure(&mut candidates, rounds);
    let mut rows: Vec<Row> = (candidates.iter()).map(|one| one.row(case)).collect();
    let ours = &candidates[1].ratios;
    let advantage = (candidates[first_peer..].iter())
        .map(|peer| {
            let ratios: Vec<f64> = (peer.ratios.iter().zip(ours))
                .map(|(peer, own)| peer / own)
                .collect();
            let name = format!("{} / verify rfc5849", peer.name);
            let gate = (method == SignatureMethod::HmacSha1).then(|| peer_gate(shape));
            Row::new(case, &name, &ratios, gate.flatten())
        })
        .min_by(|left, right| left.quartiles[1].total_cmp(&right.quartiles[1]));
    rows.extend(advantage);
    rows
}

/// Hostile requests against the search GET, per byte.
fn hostile_rows(case: &str, dialect: Dialect, rounds: usize) -> Vec<Row> {
    let method = SignatureMethod::HmacSha1;
    let mut base = candidate(
        "search-get",
        None,
        verifier(Shape::SearchGet, dialect, method),
    );
    let sample = Sample::signed(Shape::SearchGet, dialect, method, 7).expect("a sample is small");
    let request = sample.request();
    base.bytes = request.target.len() + request.authorization.map_or(0, str::len);
    let mut candidates = vec![base];
    for (name, bytes, run) in hostile::verifiers(dialect) {
        let mut one = candidate(name, Some(Gate::AtMost(4.0)), run);
        one.bytes = bytes;
        candidates.push(one);
    }
    measure(&mut candidates, rounds);
    (candidates.iter()).map(|one| one.row(case)).collect()
}

fn verifier(shape: Shape, dialect: Dialect, method: SignatureMethod) -> Run<'static> {
    let samples = samples(shape, dialect, method);
    let key = signing_key();
    Box::new(move |n| verify(dialect, &[method], &samples[n].request(), &key).is_ok())
}

/// Fills the ratios of each candidate, to the first of them.
fn measure(candidates: &mut [Candidate<'_>], rounds: usize) {
    for one in &mut *candidates {
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
            #[expect(clippy::cast_precision_loss, reason = "a request is small")]
            let per_byte = each / one.bytes as f64;
            times[at] = per_byte;
            one.least = one.least.min(each);
        }
        for (one, time) in candidates.iter_mut().zip(&times) {
            one.ratios.push(time / times[0]);
        }
    }
}

fn candidate<'a>(name: &str, gate: Option<Gate>, run: Run<'a>) -> Candidate<'a> {
    Candidate {
        name: name.to_owned(),
        gate,
        bytes: 1,
        batch: 1,
        run,
        ratios: Vec::new(),
        least: f64::INFINITY,
    }
}

impl Candidate<'_> {
    fn row(&self, case: &str) -> Row {
        let mut row = Row::new(case, &self.name, &self.ratios, self.gate);
        row.least = Some(self.least);
        row
    }
}

/// By how much the fastest correct peer must be slower.
const fn peer_gate(shape: Shape) -> Option<Gate> {
    match shape {
        Shape::SmallGet => Some(Gate::AtLeast(3.5)),
        Shape::FormPost => Some(Gate::AtLeast(2.8)),
        Shape::SearchGet => Some(Gate::AtLeast(2.5)),
        Shape::SearchGetRaw => None,
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
