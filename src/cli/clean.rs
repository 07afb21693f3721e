//! `magespec test URL --clean`: removes what earlier runs left in the store.

use tokio::runtime::Runtime;

use crate::conformance::{LeftOver, PanelError, remove_left_over};

use super::output::{say, tell};
use super::target::TargetArgs;
use super::{Exit, Failure};

/// Deletes the suite's integrations and says which; nothing else is done.
pub(super) fn run_command(
    args: &TargetArgs,
    url: Option<&str>,
    runtime: &Runtime,
) -> Result<Exit, Failure> {
    let url = url.ok_or_else(|| {
        Failure::usage("--clean removes what runs left in a store that runs already: give its URL")
    })?;
    let run = args.run(args.target(url, runtime.handle())?, runtime.handle())?;
    let (gone, kept) = remove_left_over(&run).map_err(|error| {
        let exit = match error {
            PanelError::Send(_) => Exit::Unreachable,
            _ => Exit::Usage,
        };
        Failure::new(exit, error)
    })?;
    for row in &gone {
        say(format_args!("removed {} (id {})", row.name, row.id));
    }
    if gone.is_empty() {
        say(format_args!(
            "no integration of an earlier run was there to remove"
        ));
    }
    if kept.is_empty() {
        return Ok(Exit::Success);
    }
    let names: Vec<String> = kept.iter().map(named).collect();
    tell(format_args!(
        "the panel did not delete {}: one that a module declares goes with its row in the store's database\n",
        names.join(", ")
    ));
    Ok(Exit::Incomplete)
}

fn named(row: &LeftOver) -> String {
    format!("{} (id {})", row.name, row.id)
}
