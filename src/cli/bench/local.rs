//! Verifications per second in this process, beside bare HMAC in the same rounds.

use std::fmt::Write as _;
use std::hint::black_box;
use std::num::NonZero;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;

use crate::cli::CountAllocations;
use crate::oauth::sample::{Sample, Shape, signing_key};
use crate::oauth::{BaseStringError, Dialect, SignatureMethod, base_string, verify};

/// Different requests per row, so that no branch predictor learns one by heart.
const REQUESTS: u16 = 256;

/// Verifications between two looks at the clock.
const BATCH: usize = 64;

/// Characters of a full bar.
const BAR: usize = 24;

/// Hashes a text and throws the digest away.
type Hash = Box<dyn Fn(&[u8])>;

/// What to measure.
pub(super) struct Plan {
    pub(super) shapes: Vec<Shape>,
    pub(super) dialects: Vec<Dialect>,
    pub(super) methods: Vec<SignatureMethod>,
    pub(super) time: Duration,
}

impl Plan {
    pub(super) const fn rows(&self) -> usize {
        self.shapes.len() * self.dialects.len() * self.methods.len()
    }
}

/// One shape, dialect and method.
pub(super) struct Row {
    pub(super) shape: Shape,
    pub(super) dialect: Dialect,
    pub(super) method: SignatureMethod,
    /// Length of the base string in bytes.
    pub(super) base_string: usize,
    /// Verifications per second on one core.
    pub(super) per_second: f64,
    /// Verifications per second on all cores together.
    pub(super) all_cores: f64,
    /// Time of a verification in times of a bare HMAC: the lower quartile of the rounds.
    pub(super) ratio: f64,
    /// Heap allocations of a verification, rounded up, if they were counted.
    pub(super) allocations: Option<u64>,
}

/// All rows, and on how many cores.
pub(super) struct Measurement {
    pub(super) cores: usize,
    pub(super) rows: Vec<Row>,
}

/// Measures row by row; `done` is called after each.
pub(super) fn measure(
    plan: &Plan,
    allocations: CountAllocations,
    done: impl Fn(),
) -> Result<Measurement, BaseStringError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let rows = u32::try_from(plan.rows()).unwrap_or(u32::MAX).max(1);
    let share = plan.time / rows;
    let mut measured = Vec::new();
    for &shape in &plan.shapes {
        for &dialect in &plan.dialects {
            for &method in &plan.methods {
                measured.push(row(shape, dialect, method, (share, cores), allocations)?);
                done();
            }
        }
    }
    Ok(Measurement {
        cores,
        rows: measured,
    })
}

fn row(
    shape: Shape,
    dialect: Dialect,
    method: SignatureMethod,
    (time, cores): (Duration, usize),
    allocations: CountAllocations,
) -> Result<Row, BaseStringError> {
    let samples = (0..REQUESTS)
        .map(|number| Sample::signed(shape, dialect, method, number))
        .collect::<Result<Vec<_>, _>>()?;
    let base_strings = samples
        .iter()
        .map(|sample| base_string(dialect, &sample.request()))
        .collect::<Result<Vec<_>, _>>()?;
    let key = signing_key();
    let verified = |at: usize| {
        let request = samples[at % usize::from(REQUESTS)].request();
        black_box(verify(dialect, &[method], &request, &key)).is_ok()
    };
    let bare = bare(method);
    let hashed = |at: usize| bare(base_strings[at % usize::from(REQUESTS)].as_bytes());
    let (verify_time, ratio) = rounds(time.mul_f64(0.7), &hashed, &|at| {
        assert!(verified(at), "a right request is accepted");
    });
    let all =
        allocations.map(|count| count(&mut || assert!((0..usize::from(REQUESTS)).all(verified))));
    Ok(Row {
        shape,
        dialect,
        method,
        base_string: base_strings[0].len(),
        per_second: 1.0 / verify_time,
        all_cores: in_parallel(cores, time.mul_f64(0.3), &|at| {
            black_box(verified(at));
        }),
        ratio,
        allocations: all.map(|all| all.div_ceil(REQUESTS.into())),
    })
}

/// HMAC over a finished base string, from a key state that is made once: the floor below which no verification can be.
fn bare(method: SignatureMethod) -> Hash {
    const KEY: &[u8] = &[b'k'; 65];
    fn with<M: Mac + Clone + 'static>(keyed: M) -> Hash {
        Box::new(move |text| {
            let mut mac = keyed.clone();
            mac.update(text);
            black_box(mac.finalize().into_bytes());
        })
    }
    match method {
        SignatureMethod::HmacSha1 => {
            with(Hmac::<Sha1>::new_from_slice(KEY).expect("HMAC takes a key of any length"))
        }
        SignatureMethod::HmacSha256 => {
            with(Hmac::<Sha256>::new_from_slice(KEY).expect("HMAC takes a key of any length"))
        }
    }
}

/// Alternates batches of both for `time`; gives the lower quartiles of the seconds of one `measured` and of its ratio to `floor`.
fn rounds(time: Duration, floor: &dyn Fn(usize), measured: &dyn Fn(usize)) -> (f64, f64) {
    let mut times = Vec::new();
    let mut ratios = Vec::new();
    let begun = Instant::now();
    let mut at = 0;
    // The first round warms up and does not count.
    while times.len() < 2 || begun.elapsed() < time {
        let below = batch(at, floor);
        let above = batch(at, measured);
        times.push(above);
        ratios.push(above / below);
        at += BATCH;
    }
    (
        lower_quartile(&mut times[1..]),
        lower_quartile(&mut ratios[1..]),
    )
}

/// Seconds of one run.
fn batch(from: usize, run: &dyn Fn(usize)) -> f64 {
    let begun = Instant::now();
    for at in from..from + BATCH {
        run(at);
    }
    #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
    let runs = BATCH as f64;
    begun.elapsed().as_secs_f64() / runs
}

fn lower_quartile(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 4]
}

/// Runs per second of all cores together: the sum of what each core does while all are at it, by the lower quartile of its batches, so that a
/// busy neighbour counts as little as on one core.
fn in_parallel(cores: usize, time: Duration, run: &(dyn Fn(usize) + Sync)) -> f64 {
    let together = Barrier::new(cores);
    let one = |core: usize| {
        let mut times = Vec::new();
        let mut at = core * 97;
        together.wait();
        let begun = Instant::now();
        while times.is_empty() || begun.elapsed() < time {
            times.push(batch(at, &run));
            at += BATCH;
        }
        1.0 / lower_quartile(&mut times)
    };
    thread::scope(|scope| {
        let one = &one;
        let cores: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || one(core)))
            .collect();
        cores
            .into_iter()
            .map(|core| core.join().expect("a measuring thread does not panic"))
            .sum()
    })
}

/// Text with a bar for each row: its share of the speed of bare HMAC.
pub(super) fn pretty(measurement: &Measurement) -> String {
    let mut text = String::new();
    if cfg!(debug_assertions) {
        text.push_str("This is a debug build: the figures say nothing. Use `cargo run --release -- bench`.\n\n");
    }
    let mut before = None;
    for row in &measurement.rows {
        if before != Some(row.shape) {
            let gap = if before.is_some() { "\n" } else { "" };
            writeln!(text, "{gap}{}", row.shape.name()).expect("a string takes every text");
            before = Some(row.shape);
        }
        writeln!(
            text,
            "  {:<8} {:<11} {:>5} B {:>11}/s {} {:>5.2} × HMAC {:>11}/s on {} cores{}",
            row.dialect.name(),
            row.method.name(),
            row.base_string,
            thousands(row.per_second),
            bar(1.0 / row.ratio),
            row.ratio,
            thousands(row.all_cores),
            measurement.cores,
            row.allocations
                .map_or_else(String::new, |count| format!(", {count} allocations")),
        )
        .expect("a string takes every text");
    }
    text.push_str("\nB: bytes of the base string. Bar: share of the speed of bare HMAC over the same bytes, full is as fast.\n");
    text
}

/// The shape `magespec-bench/1`.
pub(super) fn json(measurement: &Measurement) -> String {
    let rows: Vec<serde_json::Value> = measurement
        .rows
        .iter()
        .map(|row| {
            json!({
                "shape": row.shape.name(),
                "dialect": row.dialect.name(),
                "method": row.method.name(),
                "base_string_bytes": row.base_string,
                "per_second": row.per_second.round(),
                "per_second_all_cores": row.all_cores.round(),
                "ratio_to_hmac": (row.ratio * 1000.0).round() / 1000.0,
                "allocations": row.allocations,
            })
        })
        .collect();
    let document = json!({
        "schema": "magespec-bench/1",
        "cores": measurement.cores,
        "debug_build": cfg!(debug_assertions),
        "rows": rows,
    });
    format!("{document:#}\n")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share between 0 and 1 of a short bar"
)]
fn bar(share: f64) -> String {
    let filled = ((share.clamp(0.0, 1.0) * BAR as f64).round() as usize).min(BAR);
    "█".repeat(filled) + &"░".repeat(BAR - filled)
}

/// A whole number with commas between thousands.
fn thousands(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement() -> Measurement {
        let row = |shape, method, per_second, ratio| Row {
            shape,
            dialect: Dialect::Laminas,
            method,
            base_string: 385,
            per_second,
            all_cores: per_second * 1.95,
            ratio,
            allocations: Some(0),
        };
        Measurement {
            cores: 2,
            rows: vec![
                row(Shape::SmallGet, SignatureMethod::HmacSha1, 1_234_567.8, 1.6),
                row(Shape::SmallGet, SignatureMethod::HmacSha256, 999.4, 2.0),
                row(Shape::FormPost, SignatureMethod::HmacSha1, 654_321.0, 0.99),
            ],
        }
    }

    #[test]
    fn rows_read_well_as_text() {
        let text = pretty(&measurement());
        let rows: Vec<&str> = text.lines().filter(|line| line.contains("HMAC-")).collect();
        assert_eq!(
            rows,
            [
                "  laminas  HMAC-SHA1     385 B   1,234,568/s ███████████████░░░░░░░░░  1.60 × HMAC   2,407,407/s on 2 cores, 0 allocations",
                "  laminas  HMAC-SHA256   385 B         999/s ████████████░░░░░░░░░░░░  2.00 × HMAC       1,949/s on 2 cores, 0 allocations",
                "  laminas  HMAC-SHA1     385 B     654,321/s ████████████████████████  0.99 × HMAC   1,275,926/s on 2 cores, 0 allocations",
            ]
        );
    }

    #[test]
    fn rows_have_the_promised_fields_as_json() {
        let document: serde_json::Value =
            serde_json::from_str(&json(&measurement())).expect("JSON");
        assert_eq!(document["schema"], "magespec-bench/1");
        assert_eq!(document["rows"][0]["shape"], "small-get");
        assert_eq!(document["rows"][0]["per_second"], 1_234_568.0);
        assert_eq!(document["rows"][0]["ratio_to_hmac"], 1.6);
        assert_eq!(document["rows"][0]["allocations"], 0);
    }

    #[test]
    fn a_short_measurement_gives_every_row() {
        let plan = Plan {
            shapes: vec![Shape::SmallGet],
            dialects: vec![Dialect::Rfc5849, Dialect::Native],
            methods: vec![SignatureMethod::HmacSha256],
            time: Duration::from_millis(20),
        };
        let two_each = |run: &mut dyn FnMut()| {
            run();
            u64::from(REQUESTS) + 1
        };
        let measurement = measure(&plan, Some(two_each), || {}).expect("signable");
        assert_eq!(measurement.rows.len(), plan.rows());
        for row in &measurement.rows {
            assert!(row.per_second > 0.0 && row.all_cores > 0.0 && row.ratio > 0.0);
            assert_eq!(row.allocations, Some(2), "rounded up");
        }
    }
}
