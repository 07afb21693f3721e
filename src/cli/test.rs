//! `magespec test [URL]`: conformance of a store.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::conformance::{Bench, Catalogue, Conclusion, Options, Report, run};
use crate::report::Format;
use crate::wire::tls::Trust;

use super::known::KnownArgs;
use super::prepare::prepare;
use super::reports::{Printer, ReportArg};
use super::selection::SelectionArgs;
use super::target::TargetArgs;
use super::{Exit, Failure, arguments};

/// Test a store: against the reference store and app of this process, or against a URL.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec test\n  magespec test --module my/extension\n  \
    magespec test http://127.0.0.1:8080 --admin-user admin --admin-password-file pw.txt\n  \
    magespec test https://shop.example --credentials integration.toml --report junit=report.xml\n  \
    magespec test https://shop.example --credentials integration.toml --read-only\n  \
    magespec test https://shop.example --manual --listen 0.0.0.0:9443 --public-url http://me.example:9443\n\n\
    Exit code: 0 conformant, 1 not conformant, 2 usage or configuration, 3 incomplete, 4 unreachable, 5 our fault."
)]
pub(super) struct Args {
    /// Base URL of the store; without it the reference store and app are started
    #[arg(env = "MAGESPEC_TARGET")]
    url: Option<String>,
    /// Module folder whose integration the reference app is connected to, in a run without URL
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    module: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Cases at the same time
    #[arg(long, env = "MAGESPEC_JOBS", default_value_t = 4, value_name = "N", value_parser = arguments::jobs)]
    jobs: usize,
    /// Runs the cases in an order shuffled with this seed
    #[arg(long, env = "MAGESPEC_SHUFFLE", value_name = "NUMBER")]
    shuffle: Option<u64>,
    /// Warnings fail the run
    #[arg(long, env = "MAGESPEC_STRICT")]
    strict: bool,
    /// What is printed: pretty, json, ndjson, junit, tap, github, badge, html
    #[arg(
        long,
        env = "MAGESPEC_FORMAT",
        value_name = "KIND",
        default_value = "pretty"
    )]
    format: Format,
    /// Writes a report of a kind of --format to a file; may be repeated
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<ReportArg>,
    #[command(flatten)]
    known: KnownArgs,
    /// Shows the passed and the not-applicable cases too
    #[arg(long, short, env = "MAGESPEC_VERBOSE")]
    verbose: bool,
}

pub(super) fn run_command(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let cases = args.selection.cases(catalogue)?;
    let known = args.known.read(catalogue)?;
    let mut printer = Printer::new(args.format, &args.reports, args.verbose)?;
    let runtime = arguments::runtime()?;
    if args.target.trust.trust() == Trust::Anyone {
        anstream::eprintln!(
            "warning: --insecure accepts any certificate; the store may be anybody"
        );
    }
    // A case that panics is reported as a harness error with the panic's text.
    std::panic::set_hook(Box::new(|_| {}));
    let url = args.url.as_deref();
    let ready = prepare(
        &args.target,
        url,
        args.module.as_deref(),
        &runtime,
        |bench| {
            stop_when_told(&runtime, bench);
        },
    )?;
    let options = Options {
        jobs: args.jobs,
        strict: args.strict,
        shuffle: args.shuffle,
        command: "test",
        catalogue: catalogue.cases().len(),
    };
    let conclusion = run(&ready.bench, &cases, ready.notes, options, |event| {
        printer.take(event);
    });
    printer.finish()?;
    match (known, Report::of(&printer.events)) {
        (Some(known), Some(report)) => known.settle(&report, args.strict),
        _ => Ok(exit_of(conclusion)),
    }
}

/// The exit code of a conclusion (DESIGN section 4).
pub(super) const fn exit_of(conclusion: Conclusion) -> Exit {
    match conclusion {
        Conclusion::Conformant => Exit::Success,
        Conclusion::NotConformant => Exit::NotConformant,
        Conclusion::Incomplete => Exit::Incomplete,
        Conclusion::HarnessError => Exit::Harness,
    }
}

/// The first signal ends the run in good order, the second at once.
fn stop_when_told(runtime: &Runtime, bench: &Arc<Bench>) {
    let bench = Arc::clone(bench);
    runtime.spawn(async move {
        arguments::told_to_stop().await;
        anstream::eprintln!(
            "\ninterrupted: ending the cases that run, deleting the suite's integrations; once more ends at once"
        );
        bench.stop("it was interrupted");
        arguments::told_to_stop().await;
        std::process::exit(Exit::Incomplete.code().into());
    });
}
