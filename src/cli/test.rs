//! `magespec test [URL]`: conformance of a store.

use std::path::PathBuf;
use std::sync::Arc;

use crate::conformance::{Catalogue, Ledger, Options, Report, Scope, Target, run};
use crate::report::Format;
use crate::time::{Clock as _, SystemClock};
use crate::wire::tls::Trust;

use super::clean;
use super::known::KnownArgs;
use super::output::tell;
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
    magespec test http://127.0.0.1:8080 --admin-user admin --admin-password-file pw.txt --clean\n  \
    magespec test https://shop.example --credentials integration.toml --report junit=report.xml\n  \
    magespec test https://shop.example --credentials integration.toml --read-only\n  \
    magespec test http://127.0.0.1:8080 --credentials integration.toml --wait 120\n  \
    magespec test https://shop.example --manual --listen 0.0.0.0:9443 --public-url http://me.example:9443\n\n\
    Exit code: 0 no deviation in the cases that were asked for, 1 any failure, 2 usage or configuration, 3 incomplete (also without any \
    credentials, unless --guest asks for that), 4 unreachable, 5 our fault or output that cannot be written."
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
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
    /// Only what a guest can try is wanted: no credentials are missing
    #[arg(long, env = "MAGESPEC_GUEST", requires = "url", conflicts_with_all = ["admin_user", "credentials", "manual", "customer_user"])]
    guest: bool,
    /// The run is incomplete when fewer cases than this are judged
    #[arg(
        long,
        env = "MAGESPEC_MIN_CASES",
        value_name = "N",
        default_value_t = 0
    )]
    min_cases: usize,
    /// Only removes the integrations named magespec-… that runs which were killed have left in the store
    #[arg(long, env = "MAGESPEC_CLEAN", requires_all = ["url", "admin_user"])]
    clean: bool,
    /// What is printed: pretty, json, ndjson, junit, tap, github, badge, html, summary (Markdown for the summary of a job)
    #[arg(
        long,
        env = "MAGESPEC_FORMAT",
        value_name = "KIND",
        default_value = "pretty"
    )]
    format: Format,
    /// Writes a report of a kind of --format to a file, `-` for stdout; may be repeated
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<ReportArg>,
    #[command(flatten)]
    known: KnownArgs,
    /// Shows the passed and the not-applicable cases too
    #[arg(long, short, env = "MAGESPEC_VERBOSE")]
    verbose: bool,
    /// Prints only the counts and how the run ended
    #[arg(long, short, conflicts_with = "verbose", env = "MAGESPEC_QUIET")]
    quiet: bool,
}

pub(super) fn run_command(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    if args.clean {
        return clean::run_command(&args.target, args.url.as_deref(), &arguments::runtime()?);
    }
    let cases = args.selection.cases(catalogue)?;
    let baseline = args.known.read(catalogue)?;
    let ledger = Ledger::parse(catalogue.requirements).map_err(|error| {
        Failure::new(Exit::Harness, format_args!("the ledger is broken: {error}"))
    })?;
    let mut printer = Printer::new(args.format, &args.reports, args.verbose)?
        .explaining(ledger)
        .quietly(args.quiet);
    let runtime = arguments::runtime()?;
    if args.target.trust.trust() == Trust::Anyone {
        tell("warning: --insecure accepts any certificate; the store may be anybody\n");
    }
    // A case that panics is reported as a harness error with the panic's text.
    std::panic::set_hook(Box::new(|_| {}));
    let url = args.url.as_deref();
    let ready = prepare(
        &args.target,
        url,
        args.module.as_deref(),
        &runtime,
        |judged| {
            let judged = Arc::clone(judged);
            let doing = "ending the cases that run, deleting the suite's integrations";
            arguments::stop_when_told(&runtime, doing, move |reason| judged.channel.stop(reason));
        },
    )?;
    let now = SystemClock.now().to_string();
    let options = Options {
        jobs: args.jobs,
        strict: args.strict,
        shuffle: args.shuffle,
        command: "test",
        catalogue: catalogue.cases().len(),
        scope: args.scope(catalogue, ready.run.target()),
        baseline: &baseline,
        opening: &[],
        today: now.split('T').next().unwrap_or_default(),
    };
    let conclusion = run(&*ready.run, &cases, ready.notes, options, |event| {
        printer.take(event);
    });
    printer.finish()?;
    if let Some(report) = Report::of(&printer.events) {
        args.known.write(&baseline, &report, args.strict)?;
    }
    Ok(conclusion.into())
}

impl Args {
    /// What the run can reach of all that the profile has.
    fn scope(&self, catalogue: &Catalogue, target: &Target) -> Scope {
        let access = &target.access;
        let given = access.admin.is_some()
            || access.credentials.is_some()
            || access.posted.is_some()
            || access.customer.is_some();
        let cases = catalogue.cases();
        let of_profile = cases
            .iter()
            .filter(|case| case.outside(target.profile).is_none());
        Scope {
            profile_cases: of_profile.count(),
            read_only: target.read_only,
            guest: self.guest,
            anonymous: !given && !self.guest,
            min_cases: self.min_cases,
        }
    }
}
