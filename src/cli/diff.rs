//! `magespec diff A B`: what changed between two reports.

use std::path::PathBuf;

use super::test::read_report;
use super::{Exit, Failure};

/// Compare two JSON reports; exits 1 when a case got worse.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  magespec diff before.json after.json")]
pub(super) struct Args {
    /// The older report
    before: PathBuf,
    /// The newer report
    after: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let before = read_report(&args.before)?;
    let after = read_report(&args.after)?;
    let mut worse = false;
    for case in &after.cases {
        let old = before.cases.iter().find(|other| other.id == case.id);
        let old = old.map_or("absent", |other| other.verdict.as_str());
        if old != case.verdict {
            worse |= rank(&case.verdict) > rank(old);
            anstream::println!("{:<14} -> {:<14} {}", old, case.verdict, case.id);
        }
    }
    for case in &before.cases {
        if !after.cases.iter().any(|other| other.id == case.id) {
            worse = true;
            anstream::println!("{:<14} -> {:<14} {}", case.verdict, "absent", case.id);
        }
    }
    Ok(if worse {
        Exit::NotConformant
    } else {
        Exit::Success
    })
}

/// The higher, the worse.
fn rank(verdict: &str) -> u8 {
    match verdict {
        "pass" => 0,
        "not-applicable" | "absent" => 1,
        "warn" => 2,
        "could-not-run" => 3,
        "fail" => 4,
        _ => 5,
    }
}
