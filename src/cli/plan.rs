//! `magespec plan [URL]`: what a run would do, without doing it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::conformance::{Case, Catalogue, Need, Plan, Target};

use super::output::{Format, say, show};
use super::selection::SelectionArgs;
use super::target::TargetArgs;
use super::{Exit, Failure, arguments};

/// Print the cases that `magespec test` would run, in their order, and send nothing.
///
/// How many requests a case sends depends on the answers; `--budget` bounds those of a whole run and `--rate` their pace.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec plan\n  magespec plan https://shop.example --credentials integration.toml --group access-token\n  \
    magespec plan https://shop.example --read-only --format json"
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
    #[arg(long, env = "MAGESPEC_SHUFFLE", value_name = "NUMBER")]
    shuffle: Option<u64>,
    /// How the plan is printed
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

/// A case and why it sends nothing, if so.
type Row = (Case, Option<String>);

pub(super) fn run(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let chosen = args.selection.cases(catalogue)?;
    let target = match args.url.as_deref() {
        None => {
            if let Some(flag) = args.target.needs_a_url() {
                return Err(Failure::usage(format_args!(
                    "{flag} is about a store that runs already: give its URL"
                )));
            }
            None
        }
        Some(url) => {
            let runtime = arguments::runtime()?;
            Some(args.target.planned(url, runtime.handle())?)
        }
    };
    let kept_from = |case: &Case| match &target {
        Some(target) => case.kept_from(target),
        None => case.outside(args.target.profile),
    };
    let rows: Vec<Row> = Plan::of(&chosen, args.shuffle)
        .cases()
        .map(|case| (*case, kept_from(case).map(|absence| absence.to_string())))
        .collect();
    let place = target.as_ref().map(Target::base);
    match args.format {
        Format::Pretty => show(page(args, &rows, place.as_deref())),
        Format::Json => say(format_args!(
            "{:#}",
            document(args, &rows, place.as_deref())
        )),
    }
    Ok(Exit::Success)
}

fn needs(case: &Case) -> Vec<&'static str> {
    case.needs.iter().map(|need| need.name()).collect()
}

fn page(args: &Args, rows: &[Row], place: Option<&str>) -> String {
    let mut page = String::new();
    for (case, kept) in rows {
        let _ = match kept {
            None => writeln!(page, "{:<50} {}", case.id, needs(case).join(", ")),
            Some(reason) => writeln!(page, "{:<50} not applicable: {reason}", case.id),
        };
    }
    let kept = rows.iter().filter(|(_, kept)| kept.is_some()).count();
    let budget = args.target.budget.map_or_else(
        || "any number of requests".to_owned(),
        |budget| format!("at most {budget} requests"),
    );
    let _ = writeln!(
        page,
        "\n{} cases would run against {} as {} with {budget}, {kept} do not apply; nothing was sent",
        rows.len() - kept,
        place.unwrap_or("the reference store of this process"),
        args.target.profile.name
    );
    let writing = rows
        .iter()
        .filter(|(case, kept)| kept.is_none() && case.needs.contains(&Need::Modules))
        .count();
    if writing > 0 {
        let _ = writeln!(
            page,
            "{writing} of them write a module into --modules and delete over the control API what it declared: no panel does"
        );
    }
    let left: BTreeSet<&str> = rows
        .iter()
        .filter(|(_, kept)| kept.is_none())
        .filter_map(|(case, _)| case.leaves)
        .collect();
    for what in left {
        let _ = writeln!(page, "what stays in the store: {what}");
    }
    if args.target.read_only {
        page.push_str("--read-only: where one of them comes to another method than GET and HEAD, it ends as not applicable\n");
    }
    page
}

fn document(args: &Args, rows: &[Row], place: Option<&str>) -> Value {
    let cases: Value = rows
        .iter()
        .map(|(case, kept)| {
            json!({
                "id": case.id,
                "title": case.title,
                "needs": needs(case),
                "runs": kept.is_none(),
                "reason": kept.as_deref().unwrap_or_default(),
            })
        })
        .collect();
    json!({
        "schema": "magespec-plan/1",
        "target": place,
        "profile": args.target.profile.name,
        "budget": args.target.budget,
        "cases": cases,
    })
}
