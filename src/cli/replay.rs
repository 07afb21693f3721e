//! `magespec replay REPORT ID`: the recorded exchanges of a case as lines for a shell.

use std::path::PathBuf;

use crate::report::curl;

use super::test::read_report;
use super::{Exit, Failure};

/// Print the `curl` lines that send the recorded requests of a case again.
///
/// Nothing is sent. A report holds no secrets, so that nothing can be signed afresh: a store that remembers nonces refuses a signed request the
/// second time, and `<…>` stands where a secret was. To send a case afresh, run `magespec test URL --only ID`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec replay report.json replay/version/right\n  magespec replay report.json access-token/nonce/replayed | sh"
)]
pub(super) struct Args {
    /// A JSON report
    report: PathBuf,
    /// A case of the report
    id: String,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let report = read_report(&args.report)?;
    let found = report.cases.iter().find(|case| case.id == args.id);
    let case = found.ok_or_else(|| {
        Failure::usage(format_args!(
            "`{}` has no case `{}`; `magespec list cases` prints every id",
            args.report.display(),
            args.id
        ))
    })?;
    if case.exchanges.is_empty() {
        return Err(Failure::usage(format_args!(
            "the report keeps no exchange of `{}`, which is {}; send it afresh with `magespec test {} --only {}`",
            case.id, case.verdict, report.target.url, case.id
        )));
    }
    for exchange in &case.exchanges {
        let answer = exchange.response.lines().next().unwrap_or_default();
        anstream::println!(
            "# answered {answer}\n{}",
            curl(&exchange.request, &report.target.url)
        );
    }
    Ok(Exit::Success)
}
