//! What the judge prints: rows, as a table, as JSON and as the block of BENCHMARKS.md.

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

/// Everything that was measured in one run.
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    pub(crate) rounds: usize,
    /// What was not measured, and why, a sentence each.
    pub(crate) skipped: Vec<String>,
}

impl Table {
    pub(crate) fn print(&self) {
        println!(
            "{:<28} {:<48} {:>8} {:>8} {:>8} {:>9}  gate",
            "case", "candidate", "q25", "median", "q75", "min ns"
        );
        for row in &self.rows {
            let [low, median, high] = row.quartiles;
            let least = row
                .least
                .map_or("-".to_owned(), |least| format!("{least:.0}"));
            println!(
                "{:<28} {:<48} {low:>8.2} {median:>8.2} {high:>8.2} {least:>9}  {}",
                row.case,
                row.candidate,
                row.verdict()
            );
        }
        for sentence in &self.skipped {
            println!("{sentence}");
        }
    }

    pub(crate) fn json(&self) -> String {
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                let [low, median, high] = row.quartiles;
                serde_json::json!({
                    "case": row.case, "candidate": row.candidate, "q25": low, "median": median, "q75": high,
                    "min_ns": row.least, "gate": row.verdict(), "missed": row.missed(),
                })
            })
            .collect();
        serde_json::json!({
            "schema": "magespec-ratio/3", "rounds": self.rounds, "machine": machine(), "rows": rows, "skipped": self.skipped,
        })
        .to_string()
    }

    /// The block of BENCHMARKS.md: the rows that have a gate, misses and all, and every advantage over another language.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!(
            "Measured in one run of `cargo bench --bench ratio -- --readme BENCHMARKS.md`, {} rounds, on {}.\n\n\
             | case | figure | q25 | median | gate |\n|---|---|---|---|---|\n",
            self.rounds,
            machine()
        );
        let is_shown = |row: &&Row| row.gate.is_some() || row.case.ends_with("other languages");
        for row in self.rows.iter().filter(is_shown) {
            let [low, median, _] = row.quartiles;
            let _ = writeln!(
                text,
                "| {} | {} | {low:.2} | {median:.2} | {} |",
                row.case,
                row.candidate,
                row.verdict()
            );
        }
        if !self.skipped.is_empty() {
            let _ = writeln!(text, "\n{}.", self.skipped.join("; "));
        }
        text
    }

    /// Exit code 1 when a gate is missed.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(u8::from(self.rows.iter().any(Row::missed)))
    }
}

/// Replaces the block of `readme` between its two marks.
pub(crate) fn into_readme(path: &str, block: &str) {
    const MARKS: [&str; 2] = ["<!-- ratio -->\n", "<!-- /ratio -->"];
    let failed = |error: std::io::Error| -> String { panic!("{path} cannot be changed: {error}") };
    let text = std::fs::read_to_string(path).unwrap_or_else(failed);
    let [start, end] = MARKS.map(|mark| text.find(mark).expect("the page has both marks"));
    let start = start + MARKS[0].len();
    let text = format!("{}{block}{}", &text[..start], &text[end..]);
    if let Err(error) = std::fs::write(path, text) {
        failed(error);
    }
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
