//! Every case as a test of its own, against the reference store or `$MAGESPEC_TARGET`.
//!
//! The same run, runner and judge as `magespec test`; what a case needs and the target lacks shows as ignored, with the reason.

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use magespec::cli::Harness;
use magespec::conformance::{Case, CaseReport, Verdict};

mod cases;

/// Started by the first test that runs: listing the tests starts nothing.
type Shared = Arc<OnceLock<Result<Harness, String>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let shared: Shared = Arc::default();
    let cases = cases::CATALOGUE.cases();
    let trials = cases.into_iter().map(|case| trial(case, &shared)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Some(Ok(harness)) = shared.get() {
        for sentence in harness.clean_up() {
            eprintln!("{sentence}");
        }
    }
    conclusion.exit_code()
}

fn trial(case: Case, shared: &Shared) -> Trial {
    let shared = Arc::clone(shared);
    Trial::ignorable_test(case.id, move || {
        let started =
            shared.get_or_init(|| Harness::start().map_err(|failure| failure.to_string()));
        let harness = started
            .as_ref()
            .map_err(|sentence| Failed::from(sentence.clone()))?;
        completion(&harness.run(&case))
    })
}

/// Passes and warnings pass; not-applicable is ignored with its reason; everything else fails.
fn completion(report: &CaseReport) -> Result<Completion, Failed> {
    match report.verdict {
        Verdict::Pass | Verdict::Warn => Ok(Completion::Completed),
        Verdict::NotApplicable => Ok(Completion::ignored_with(&report.reason)),
        verdict => Err(Failed::from(format!(
            "{verdict}: {}\n  expected  {}\n  got       {}\n  {}",
            report.title, report.expected, report.actual, report.reason
        ))),
    }
}
