//! `magespec test-app`: conformance of a third-party app.

mod flags;

use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::conformance::{
    AppTarget, Baseline, Case, Catalogue, House, Options, Report, Scope, first_handshake, run,
};
use crate::oauth::Profile;
use crate::report::Format;
use crate::stage;
use crate::time::{Clock as _, SystemClock};

use self::flags::AppArgs;
use super::embedded_app::EmbeddedApp;
use super::known::KnownArgs;
use super::output::tell;
use super::reports::{Printer, ReportArg};
use super::selection::SelectionArgs;
use super::tls::Certificate;
use super::{Exit, Failure, arguments};

/// Test a third-party app: magespec plays the store and the merchant's browser.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  magespec test-app\n  \
    magespec test-app --callback http://127.0.0.1:5000/callback --identity-link http://127.0.0.1:5000/login --login-form user=admin,password-file=pw.txt\n  \
    magespec test-app --callback https://app.example/callback --identity-link https://app.example/login --listen 0.0.0.0:8443 --public-url https://me.example\n  \
    magespec test-app --callback http://127.0.0.1:5000/cb --identity-link http://127.0.0.1:5000/login --trigger 'curl -s http://127.0.0.1:5000/sync' --report html=app.html\n  \
    magespec test-app --profile 2.4.3 --profile 2.4.7 --report 'json={profile}.json'\n\n\
    Without URLs the reference app is started and tested. The first handshake shows when the app exchanges; all of inside the POST, after it, at\n\
    the link and after the login are right.\n\n\
    Exit code: 0 no deviation in the cases that were asked for, 1 any failure, 2 usage or configuration, 3 incomplete, 4 unreachable, 5 our\n\
    fault or output that cannot be written.")]
pub(super) struct Args {
    #[command(flatten)]
    app: AppArgs,
    /// The behaviour that the played store shows; may be repeated
    #[arg(long, value_name = "NAME", default_value = "magento-2.4.7", value_parser = arguments::profile)]
    profile: Vec<&'static Profile>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Warnings fail the run
    #[arg(long, env = "MAGESPEC_STRICT")]
    strict: bool,
    /// The run is incomplete when fewer cases than this are judged
    #[arg(
        long,
        env = "MAGESPEC_MIN_CASES",
        value_name = "N",
        default_value_t = 0
    )]
    min_cases: usize,
    /// What is printed: pretty, json, ndjson, junit, tap, github, badge, html
    #[arg(
        long,
        env = "MAGESPEC_FORMAT",
        value_name = "KIND",
        default_value = "pretty"
    )]
    format: Format,
    /// Writes a report of a kind of --format to a file, `-` for stdout; may be repeated. `{profile}` in the name stands for the profile's
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<ReportArg>,
    #[command(flatten)]
    known: KnownArgs,
    /// Shows the passed and the not-applicable cases too
    #[arg(long, short, env = "MAGESPEC_VERBOSE")]
    verbose: bool,
}

pub(super) fn run_command(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let catalogue = catalogue.of_apps();
    let cases = args.selection.cases(&catalogue)?;
    let baseline = args.known.read(&catalogue)?;
    args.check_reports()?;
    let certificate = args.app.certificate()?;
    let runtime = arguments::runtime()?;
    // A case that panics is reported as a harness error with the panic's text.
    std::panic::set_hook(Box::new(|_| {}));
    let mut worst = Exit::Success;
    for profile in &args.profile {
        let ended = args.run_as(
            profile,
            certificate.as_ref(),
            (&cases, &catalogue),
            &baseline,
            &runtime,
        )?;
        worst = worse(worst, ended);
    }
    Ok(worst)
}

/// An app, what was started for it, and the app that runs as long as it is kept.
type Found = (AppTarget, Vec<String>, Option<Arc<EmbeddedApp>>);

impl Args {
    /// Reports of several runs need several files.
    fn check_reports(&self) -> Result<(), Failure> {
        let many = self.profile.len() > 1;
        if many && self.known.is_written() {
            return Err(Failure::usage(
                "--update-baseline writes the failures of one run: give one --profile",
            ));
        }
        match self
            .reports
            .iter()
            .find(|report| many && !report.is_by_profile())
        {
            None => Ok(()),
            Some(_) => Err(Failure::usage(
                "with more than one --profile each report needs a file of its own: write `{profile}` into its name",
            )),
        }
    }

    fn run_as(
        &self,
        profile: &'static Profile,
        certificate: Option<&Certificate>,
        (cases, catalogue): (&[Case], &Catalogue),
        baseline: &Baseline,
        runtime: &Runtime,
    ) -> Result<Exit, Failure> {
        let reports: Vec<ReportArg> = self
            .reports
            .iter()
            .map(|report| report.of_profile(profile.name))
            .collect();
        let mut printer = Printer::new(self.format, &reports, self.verbose)?;
        let (target, mut notes, _app) = self.target(profile, certificate, runtime)?;
        let asked = target.resources.as_deref();
        let asked = asked.filter(|_| target.kind != "embedded");
        let stage = self.app.stage(profile, asked, certificate)?;
        let house = Arc::new(stage::house(target, stage).map_err(Failure::usage)?);
        notes.extend(self.unreached(&house));
        let running = Arc::clone(&house);
        let doing = "ending the case that runs";
        let told = arguments::stop_when_told(runtime, doing, move |reason| running.stop(reason));
        let found = first_handshake(&house, &|link| {
            tell(format_args!(
                "open this address in a browser, sign in, and stay until the store's page comes:\n\n  {link}\n\n"
            ));
        });
        notes.extend(found.map_err(|reason| match house.stopped() {
            Some(reason) => Failure::new(
                Exit::Incomplete,
                format_args!("the run was stopped: {reason}"),
            ),
            None => Failure::usage(reason),
        })?);
        if let Some(reason) = house.unreachable() {
            return Err(Failure::new(
                Exit::Unreachable,
                format_args!("the callback endpoint cannot be reached: {reason}"),
            ));
        }
        let now = SystemClock.now().to_string();
        let options = Options {
            jobs: 1,
            strict: self.strict,
            shuffle: None,
            command: "test-app",
            catalogue: catalogue.cases().len(),
            scope: Scope {
                profile_cases: catalogue.cases().len(),
                min_cases: self.min_cases,
                ..Scope::default()
            },
            baseline,
            opening: house.opening(),
            today: now.split('T').next().unwrap_or_default(),
        };
        let conclusion = run(&*house, cases, notes, options, |event| printer.take(event));
        told.abort();
        printer.finish()?;
        if let Some(report) = Report::of(&printer.events) {
            self.known.write(baseline, &report, self.strict)?;
        }
        Ok(conclusion.into())
    }

    /// The app that the flags name, or the reference app.
    fn target(
        &self,
        profile: &'static Profile,
        certificate: Option<&Certificate>,
        runtime: &Runtime,
    ) -> Result<Found, Failure> {
        if let Some(target) = self.app.target()? {
            return Ok((target, Vec::new(), None));
        }
        let made = certificate.and_then(|(_, pem)| pem.as_deref());
        let app = EmbeddedApp::start(profile, self.app.trust(), made, &[], runtime.handle())?;
        let note = format!("reference app at {}", app.url());
        Ok((app.target(self.app.is_slow()), vec![note], Some(app)))
    }

    /// What --public-url leads to from here, when that is not the played store: an app that cannot reach the store either is not at fault.
    fn unreached(&self, house: &House) -> Option<String> {
        let url = self.app.public_url()?;
        (!house.reaches_itself()).then(|| {
            format!("nothing that is sent to {url} from here comes to the played store; if the app's requests do not come either, that is no fault of the app")
        })
    }
}

/// A failure counts more than a run that is incomplete, and that more than one without deviation.
const fn worse(one: Exit, other: Exit) -> Exit {
    const fn weight(exit: Exit) -> u8 {
        match exit {
            Exit::Success => 0,
            Exit::Incomplete => 1,
            Exit::NotConformant => 2,
            Exit::Usage | Exit::Unreachable => 3,
            Exit::Harness => 4,
        }
    }
    if weight(other) > weight(one) {
        other
    } else {
        one
    }
}
