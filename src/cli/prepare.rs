//! From the flags of a target to a run that is ready for cases: the peers started, a person asked where one has to help, the preflight
//! passed.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::conformance::{Invitation, PreflightError, Run, Target, preflight, reachable};

use super::declared::Given;
use super::embedded::{self, Embedded};
use super::target::TargetArgs;
use super::{Exit, Failure};

/// A run, what was found out about its target, and the peers that run as long as they are kept.
pub(super) struct Ready {
    pub(super) run: Arc<Run>,
    pub(super) notes: Vec<String>,
    pub(super) peers: Option<Embedded>,
}

/// The store at `url`, or without one the reference store with the reference app, ready for cases. `begun` is told of the run before
/// anything is made on the store.
pub(super) fn prepare(
    args: &TargetArgs,
    url: Option<&str>,
    module: Option<&Path>,
    runtime: &Runtime,
    begun: impl FnOnce(&Arc<Run>),
) -> Result<Ready, Failure> {
    let (target, mut notes, peers) = target_or_embedded(args, url, module, runtime)?;
    if peers.is_none() {
        wait_for(args, &target, runtime)?;
    }
    let mut run = args.run(target, runtime.handle())?;
    if args.manual {
        let name = ask_a_person(args, &mut run)?;
        notes.push(format!(
            "a person activated `{name}`: delete it in System, Integrations when it is not needed any more"
        ));
    }
    let run = Arc::new(run);
    begun(&run);
    notes.extend(
        preflight(&run).map_err(|failure| match run.channel.stopped() {
            Some(reason) => Failure::new(
                Exit::Incomplete,
                format_args!("the run was stopped: {reason}"),
            ),
            None => preflight_failure(&failure),
        })?,
    );
    Ok(Ready { run, notes, peers })
}

/// A target, what was started for it, and the peers that run as long as they are kept.
type Found = (Target, Vec<String>, Option<Embedded>);

fn target_or_embedded(
    args: &TargetArgs,
    url: Option<&str>,
    module: Option<&Path>,
    runtime: &Runtime,
) -> Result<Found, Failure> {
    if let Some(url) = url {
        let target = args.target(url, runtime.handle())?;
        check_modules(&target)?;
        return Ok((target, Vec::new(), None));
    }
    if let Some(flag) = args.needs_a_url() {
        return Err(Failure::usage(format_args!(
            "{flag} is about a store that runs already: give its URL"
        )));
    }
    let mut peers = embedded::start(runtime.handle(), args.profile, module, &[], args.client()?)?;
    let notes = std::mem::take(&mut peers.notes);
    Ok((peers.target.clone(), notes, Some(peers)))
}

/// How often a store that is starting is asked.
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// Waits until the store answers like one, as long as `--wait` says. What it costs is not counted: it is a run of its own.
fn wait_for(args: &TargetArgs, target: &Target, runtime: &Runtime) -> Result<(), Failure> {
    let patience = Duration::from_secs(args.wait);
    if patience.is_zero() {
        return Ok(());
    }
    let began = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let outcome = loop {
        let run = args.run(target.clone(), runtime.handle())?;
        let failure = match reachable(&run) {
            Ok(()) => break Ok(()),
            Err(failure) => failure,
        };
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() || matches!(failure, PreflightError::Configuration(_)) {
            break Err(failure);
        }
        if terminal {
            anstream::eprint!(
                "\r\u{1b}[Kwaiting for {}, {} s left",
                target.base(),
                left.as_secs()
            );
        }
        std::thread::sleep(left.min(BETWEEN_TRIES));
    };
    if terminal {
        anstream::eprint!("\r\u{1b}[K");
    }
    outcome.map_err(|failure| {
        let failure = preflight_failure(&failure);
        Failure::new(
            failure.exit,
            format_args!(
                "{}; waited {} s",
                failure.message,
                began.elapsed().as_secs()
            ),
        )
    })
}

/// The modules that the store reads and the suite may write beside: each is taken over.
fn check_modules(target: &Target) -> Result<(), Failure> {
    let access = &target.access;
    let (Some(folder), Some(control)) = (&access.modules, &access.control) else {
        return Ok(());
    };
    let given = Given::read_others("--modules", folder)?;
    let rows = control
        .integrations()
        .map_err(|error| Failure::new(Exit::Unreachable, error))?;
    let names = rows.iter().filter_map(|row| row["name"].as_str());
    given.are_taken_over(&names.map(ToOwned::to_owned).collect(), &[])
}

/// Prints what a person types into the panel and waits for the store's credentials POST; answers the integration's name.
fn ask_a_person(args: &TargetArgs, run: &mut Run) -> Result<String, Failure> {
    let failed = |failure: PreflightError| preflight_failure(&failure);
    reachable(run).map_err(failed)?;
    let invitation = Invitation::new(run).map_err(failed)?;
    let mut screen = anstream::stderr();
    let _ = writeln!(
        screen,
        "Make an integration in the store's admin panel, under System, Integrations, Add New Integration:\n\n  \
         Name               {}\n  \
         Callback URL       {}\n  \
         Identity link URL  {}\n  \
         Your Password      that of the administrator who is signed in\n  \
         Resource Access    All, on the tab API\n\n\
         Choose Save & Activate, then Allow, and leave the window that opens.",
        invitation.name, invitation.callback, invitation.identity
    );
    let terminal = std::io::stderr().is_terminal();
    let patience = Duration::from_secs(args.patience);
    if !terminal {
        let _ = writeln!(
            screen,
            "waiting up to {} s for the store's credentials POST",
            args.patience
        );
    }
    let found = invitation.accepted(run, patience, |passed| {
        if terminal {
            let left = patience.saturating_sub(passed).as_secs();
            anstream::eprint!("\r\u{1b}[Kwaiting for the store's credentials POST, {left} s left");
        }
    });
    if terminal {
        anstream::eprint!("\r\u{1b}[K");
    }
    let (credentials, post) = found.map_err(failed)?;
    let _ = writeln!(
        screen,
        "the store sent the credentials; the exchange is done"
    );
    run.channel.target.access.credentials = Some(credentials);
    run.channel.target.access.posted = Some(post);
    Ok(invitation.name)
}

fn preflight_failure(failure: &PreflightError) -> Failure {
    let exit = match failure {
        PreflightError::Unreachable(_) | PreflightError::NoStore(_) => Exit::Unreachable,
        PreflightError::Configuration(_) => Exit::Usage,
    };
    Failure::new(exit, failure)
}
