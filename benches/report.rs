//! What the judge prints: rows, as a table, as JSON and as the README's block.

use std::fmt::Write as _;
use std::process::ExitCode;

/// What a figure must be to be met.
#[derive(Clone, Copy)]
pub(crate) enum Gate {
    AtMost(f64),
    AtLeast(f64),
}

/// One figure: the quartiles of the ratios of all rounds.
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) candidate: String,
    pub(crate) quartiles: [f64; 3],
    /// The least time of one run, in nanoseconds; none for what is not a time.
    pub(crate) least: Option<f64>,
    pub(crate) gate: Option<Gate>,
}

impl Row {
    pub(crate) fn new(case: &str, candidate: &str, ratios: &[f64], gate: Option<Gate>) -> Self {
        let mut sorted = ratios.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            case: case.to_owned(),
            candidate: candidate.to_owned(),
            quartiles: [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4]),
            least: None,
            gate,
        }
    }

    /// What is held against the gate: the lower quartile of a cost, the median of an advantage.
    fn judged(&self) -> f64 {
        self.quartiles[usize::from(matches!(self.gate, Some(Gate::AtLeast(_))))]
    }

    fn missed(&self) -> bool {
        match self.gate {
            Some(Gate::AtMost(gate)) => self.judged() > gate,
            Some(Gate::AtLeast(gate)) => self.judged() < gate,
            None => false,
        }
    }

    fn verdict(&self) -> String {
        let word = if self.missed() { "**missed**" } else { "met" };
        match self.gate {
            Some(Gate::AtMost(gate)) => format!("≤ {gate} {word}"),
            Some(Gate::AtLeast(gate)) => format!("≥ {gate} {word}"),
            None => String::new(),
        }
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!(
        "{:<28} {:<32} {:>8} {:>8} {:>8} {:>9}  gate",
        "case", "candidate", "q25", "median", "q75", "min ns"
    );
    for row in rows {
        let [low, median, high] = row.quartiles;
        let least = row
            .least
            .map_or("-".to_owned(), |least| format!("{least:.0}"));
        println!(
            "{:<28} {:<32} {low:>8.2} {median:>8.2} {high:>8.2} {least:>9}  {}",
            row.case,
            row.candidate,
            row.verdict()
        );
    }
}

pub(crate) fn json(rows: &[Row], rounds: usize) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let [low, median, high] = row.quartiles;
            serde_json::json!({
                "case": row.case, "candidate": row.candidate, "q25": low, "median": median, "q75": high,
                "min_ns": row.least, "gate": row.verdict(), "missed": row.missed(),
            })
        })
        .collect();
    serde_json::json!({ "schema": "magespec-ratio/2", "rounds": rounds, "machine": machine(), "rows": rows })
        .to_string()
}

/// The rows that have a gate, as the README shows them, misses and all.
pub(crate) fn markdown(rows: &[Row], rounds: usize) -> String {
    let mut text = format!(
        "Measured in one run of `cargo bench --bench ratio -- --readme README.md`, {rounds} rounds, on {}.\n\n\
         | case | figure | q25 | median | gate |\n|---|---|---|---|---|\n",
        machine()
    );
    for row in rows.iter().filter(|row| row.gate.is_some()) {
        let [low, median, _] = row.quartiles;
        let _ = writeln!(
            text,
            "| {} | {} | {low:.2} | {median:.2} | {} |",
            row.case,
            row.candidate,
            row.verdict()
        );
    }
    text
}

/// Replaces the block of `readme` between its two marks.
pub(crate) fn into_readme(path: &str, block: &str) {
    const MARKS: [&str; 2] = ["<!-- ratio -->\n", "<!-- /ratio -->"];
    let failed = |error: std::io::Error| -> String { panic!("{path} cannot be changed: {error}") };
    let text = std::fs::read_to_string(path).unwrap_or_else(failed);
    let [start, end] = MARKS.map(|mark| text.find(mark).expect("the README has both marks"));
    let start = start + MARKS[0].len();
    let text = format!("{}{block}{}", &text[..start], &text[end..]);
    if let Err(error) = std::fs::write(path, text) {
        failed(error);
    }
}

/// Exit code 1 when a gate is missed.
pub(crate) fn exit_code(rows: &[Row]) -> ExitCode {
    ExitCode::from(u8::from(rows.iter().any(Row::missed)))
}

/// The processor, whether it has SHA and vector instructions, and how busy the machine is.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = cpu.lines().find(|line| line.starts_with(name));
        line.and_then(|line| Some(line.split_once(": ")?.1))
            .unwrap_or("unknown")
    };
    let flags: Vec<&str> = field("flags").split(' ').collect();
    let has = |flag: &str| if flags.contains(&flag) { "yes" } else { "no" };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{}, {} processors, SHA-NI {}, AVX2 {}, AVX-512 {}; load average {}",
        field("model name"),
        std::thread::available_parallelism().map_or(1, usize::from),
        has("sha_ni"),
        has("avx2"),
        has("avx512f"),
        load.split(' ').next().unwrap_or("unknown")
    )
}
