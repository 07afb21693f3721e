//! `magespec plan [URL]`: what a run would do, without doing it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tokio::runtime::Runtime;

use crate::conformance::{Case, Catalogue, Need, Plan, Target};

use super::target::TargetArgs;
use super::test::SelectionArgs;
use super::{Exit, Failure};

/// Print the cases that `magespec test` would run, in their order, and send nothing.
///
/// How many requests a case sends depends on the answers; `--budget` bounds those of a whole run and `--rate` their pace.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec plan\n  magespec plan https://shop.example --credentials integration.toml --group access-token"
)]
pub(super) struct Args {
    /// Base URL of the store; without it the plan is that of the embedded run
    #[arg(env = "MAGESPEC_TARGET")]
    url: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    /// The order that this seed gives
    #[arg(long, env = "MAGESPEC_SHUFFLE")]
    shuffle: Option<u64>,
}

pub(super) fn run(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let chosen = args
        .selection
        .selection(catalogue)?
        .choose(&catalogue.cases())
        .map_err(Failure::usage)?;
    let target = match args.url.as_deref() {
        None => None,
        Some(url) => {
            let runtime = Runtime::new().map_err(|error| {
                Failure::new(
                    Exit::Harness,
                    format_args!("no runtime could be started: {error}"),
                )
            })?;
            Some(args.target.target(url, runtime.handle())?)
        }
    };
    anstream::print!("{}", page(args, &chosen, target.as_ref()));
    Ok(Exit::Success)
}

fn page(args: &Args, chosen: &[Case], target: Option<&Target>) -> String {
    let offered = target.map(Target::capabilities);
    let mut page = String::new();
    let (mut sent, mut kept) = (0, 0);
    for case in Plan::of(chosen, args.shuffle).cases() {
        let needs: Vec<&str> = case.needs.iter().map(|need| need.name()).collect();
        let needs = needs.join(", ");
        match kept_from(case, args, offered.as_deref()) {
            None => {
                sent += 1;
                let _ = writeln!(page, "{:<50} {needs}", case.id);
            }
            Some(reason) => {
                kept += 1;
                let _ = writeln!(page, "{:<50} not applicable: {reason}", case.id);
            }
        }
    }
    let place = target.map_or_else(
        || "the reference store of this process".to_owned(),
        Target::base,
    );
    let budget = args.target.budget.map_or_else(
        || "any number of requests".to_owned(),
        |budget| format!("at most {budget} requests"),
    );
    let _ = writeln!(
        page,
        "\n{sent} cases would run against {place} as {} with {budget}, {kept} do not apply; nothing was sent",
        args.target.profile.name
    );
    page
}

/// Why a case would send nothing, if so: the same two reasons as in a run.
fn kept_from(case: &Case, args: &Args, offered: Option<&[Need]>) -> Option<String> {
    if let Some(reason) = case.outside(args.target.profile) {
        return Some(reason.to_owned());
    }
    let offered = offered?;
    let lacking: BTreeSet<&str> = case
        .needs
        .iter()
        .filter(|need| !offered.contains(need))
        .map(|need| need.remedy())
        .collect();
    let lacking: Vec<&str> = lacking.into_iter().collect();
    (!lacking.is_empty()).then(|| format!("give {}", lacking.join("; ")))
}
