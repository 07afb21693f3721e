//! The command line: one thin file per command, and the exit codes.

mod app;
mod arguments;
mod backup;
mod bench;
mod clean;
mod completions;
mod configuration;
mod credentials;
mod declared;
mod diff;
mod doctor;
mod embedded;
mod embedded_app;
mod examples;
mod explain;
mod file;
mod harness;
mod headline;
mod keyring;
mod known;
mod lint;
mod list;
mod migrate;
mod output;
mod plan;
mod prepare;
mod proxy;
mod replay;
mod reports;
mod selection;
mod selftest;
mod serve;
mod sign;
mod target;
mod terminal;
mod test;
mod test_app;
mod tls;
mod vectors;

pub use harness::Harness;

use std::fmt;
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::conformance::{Catalogue, Conclusion};

/// How a command ended, as its exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: conformant, clean, done.
    Success,
    /// 1: not conformant, or findings.
    NotConformant,
    /// 2: usage or configuration.
    Usage,
    /// 3: incomplete.
    Incomplete,
    /// 4: the target is unreachable.
    Unreachable,
    /// 5: our fault.
    Harness,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::NotConformant => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::Unreachable => 4,
            Self::Harness => 5,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Conclusion> for Exit {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Conformant | Conclusion::NoDeviation => Self::Success,
            Conclusion::NotConformant => Self::NotConformant,
            Conclusion::Incomplete => Self::Incomplete,
            Conclusion::HarnessError => Self::Harness,
        }
    }
}

/// Why a command stopped: one sentence for stderr and the exit code that goes with it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How it ends.
    pub exit: Exit,
    /// Names the thing, what was expected, and the next step.
    pub message: String,
}

impl Failure {
    /// A failure that ends with `exit`.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self {
            exit,
            message: message.to_string(),
        }
    }

    /// A usage or configuration failure.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }
}

/// Protocol conformance for Magento-2-style integrations, in both directions.
#[derive(Debug, Parser)]
#[command(
    name = "magespec",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
struct Cli {
    /// When to colour: auto, always or never; `NO_COLOR` counts too
    #[arg(long, global = true, value_name = "WHEN", env = "MAGESPEC_COLOR", default_value = "auto", value_parser = ["auto", "always", "never"])]
    color: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    App(Box<app::Args>),
    Backup(backup::Args),
    Bench(Box<bench::Args>),
    Completions(completions::Args),
    Diff(diff::Args),
    Doctor(Box<doctor::Args>),
    Explain(explain::Args),
    Lint(lint::Args),
    List(list::Args),
    Man(completions::ManArgs),
    Migrate(migrate::Args),
    Plan(Box<plan::Args>),
    Proxy(Box<proxy::Args>),
    Replay(replay::Args),
    Selftest(selftest::Args),
    Serve(Box<serve::Args>),
    Sign(Box<sign::Args>),
    Test(Box<test::Args>),
    TestApp(Box<test_app::Args>),
    Vectors(vectors::Args),
}

/// Runs what it is given, and says how many heap allocations that made on this thread. Only a binary can know: the allocator is its choice.
/// None when its allocator does not count, as that of a release does not.
pub type CountAllocations = Option<fn(&mut dyn FnMut()) -> u64>;

/// Runs the command line of this process with these cases.
#[must_use]
pub fn main(catalogue: &Catalogue, allocations: CountAllocations) -> ExitCode {
    let command = match configuration::apply(examples::fitted(Cli::command())) {
        Ok(command) => command,
        Err(failure) => return output::ended(Err(failure)).into(),
    };
    let cli = match command
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches))
    {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            let usage = error.use_stderr().then_some(Exit::Usage.code());
            return ExitCode::from(usage.unwrap_or_default());
        }
    };
    match cli.color.as_str() {
        "always" => ColorChoice::Always.write_global(),
        "never" => ColorChoice::Never.write_global(),
        _ => {}
    }
    let outcome = match cli.command {
        Command::App(args) => app::run(*args),
        Command::Backup(args) => backup::run(&args),
        Command::Bench(args) => bench::run(&args, allocations),
        Command::Completions(args) => Ok(completions::run(&args, Cli::command())),
        Command::Diff(args) => diff::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Explain(args) => explain::run(&args, catalogue),
        Command::Lint(args) => lint::run(&args),
        Command::List(args) => list::run(&args, catalogue),
        Command::Man(args) => completions::run_man(&args, Cli::command()),
        Command::Migrate(args) => migrate::run(&args),
        Command::Proxy(args) => proxy::run(&args),
        Command::Plan(args) => plan::run(&args, catalogue),
        Command::Replay(args) => replay::run(&args),
        Command::Selftest(args) => selftest::run_command(&args, catalogue),
        Command::Serve(args) => serve::run(*args),
        Command::Sign(args) => sign::run(&args),
        Command::Test(args) => test::run_command(&args, catalogue),
        Command::TestApp(args) => test_app::run_command(&args, catalogue),
        Command::Vectors(args) => vectors::run(&args),
    };
    output::ended(outcome).into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
