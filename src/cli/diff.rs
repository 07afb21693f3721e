//! `magespec diff A B`: what changed between two reports.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::conformance::{Report, Verdict};

use super::output::{Format, say};
use super::reports::read_report;
use super::{Exit, Failure};

/// Compare two reports, JSON or NDJSON; exits 1 when a case got worse.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec diff before.json after.json\n  magespec diff before.json after.json --format json"
)]
pub(super) struct Args {
    /// The older report
    before: PathBuf,
    /// The newer report
    after: PathBuf,
    /// How the changes are printed
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

/// A case whose verdict changed.
struct Change<'a> {
    id: &'a str,
    /// None when the report does not have the case.
    before: Option<Verdict>,
    after: Option<Verdict>,
}

impl Change<'_> {
    /// A case that vanished is worse than any but a failed one: nobody looks at it any more.
    fn is_worse(&self) -> bool {
        self.after.is_none() || rank(self.after) > rank(self.before)
    }
}

/// The verdict's word.
const fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(verdict) => verdict.name(),
        None => "absent",
    }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let before = read_report(&args.before)?;
    let after = read_report(&args.after)?;
    let changes = changes(&before, &after);
    let worse = changes.iter().filter(|change| change.is_worse()).count();
    match args.format {
        Format::Pretty => {
            for change in &changes {
                say(format_args!(
                    "{} {:<14} -> {:<14} {}",
                    if change.is_worse() { "✗" } else { "✓" },
                    word(change.before),
                    word(change.after),
                    change.id
                ));
            }
            if (&before.profile, &before.target.url) != (&after.profile, &after.target.url) {
                say(format_args!(
                    "compared {} at {} with {} at {}",
                    before.profile, before.target.url, after.profile, after.target.url
                ));
            }
            say(format_args!(
                "{} cases changed, {worse} for the worse",
                changes.len()
            ));
        }
        Format::Json => {
            let rows: Value = changes
                .iter()
                .map(|change| {
                    json!({"id": change.id, "before": word(change.before), "after": word(change.after), "worse": change.is_worse()})
                })
                .collect();
            say(format_args!(
                "{:#}",
                json!({"schema": "magespec-diff/1", "worse": worse, "changes": rows})
            ));
        }
    }
    Ok(if worse > 0 {
        Exit::NotConformant
    } else {
        Exit::Success
    })
}

fn changes<'a>(before: &'a Report, after: &'a Report) -> Vec<Change<'a>> {
    let verdict_in = |report: &'a Report, id: &str| {
        let found = report.cases.iter().find(|case| case.id == id);
        found.map(|case| case.verdict)
    };
    let ours = after.cases.iter().map(|case| Change {
        id: &case.id,
        before: verdict_in(before, &case.id),
        after: Some(case.verdict),
    });
    let gone = before.cases.iter().map(|case| Change {
        id: &case.id,
        before: Some(case.verdict),
        after: verdict_in(after, &case.id),
    });
    ours.filter(|change| change.before != change.after)
        .chain(gone.filter(|change| change.after.is_none()))
        .collect()
}

/// The higher, the worse.
const fn rank(verdict: Option<Verdict>) -> u8 {
    match verdict {
        Some(Verdict::Pass) => 0,
        Some(Verdict::NotApplicable) | None => 1,
        Some(Verdict::Warn) => 2,
        Some(Verdict::CouldNotRun) => 3,
        Some(Verdict::Fail) => 4,
        Some(Verdict::HarnessError) => 5,
    }
}
