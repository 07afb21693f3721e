//! What `cargo test --test conformance` needs of the command line: the same target, preflight and judge as `magespec test`.

use std::sync::{Arc, PoisonError, RwLock};

use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use tokio::runtime::Runtime;

use crate::conformance::{Case, CaseReport, Pace, Run, clean_up, run_case};

use super::embedded::Embedded;
use super::prepare::prepare;
use super::target::TargetArgs;
use super::{Failure, arguments, configuration};

/// The flags of a target, taken from the environment alone.
#[derive(Debug, Parser)]
struct Environment {
    /// Base URL of the store.
    #[arg(long, env = "MAGESPEC_TARGET")]
    url: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
}

/// A run that is ready for cases one by one, on any thread.
pub struct Harness {
    run: Arc<Run>,
    turns: RwLock<()>,
    _peers: Option<Embedded>,
    _runtime: Runtime,
}

impl Harness {
    /// The store that `MAGESPEC_TARGET` and the other variables name, or the reference store; preflight included.
    ///
    /// # Errors
    /// When the target cannot be tested.
    pub fn start() -> Result<Self, Failure> {
        let environment = configuration::with_variables(Environment::command())
            .try_get_matches_from(["conformance"])
            .and_then(|matches| Environment::from_arg_matches(&matches))
            .map_err(Failure::usage)?;
        let runtime = arguments::runtime()?;
        let args = &environment.target;
        let url = environment.url.as_deref();
        let ready = prepare(args, url, None, &runtime, |_| ())?;
        Ok(Self {
            run: ready.run,
            turns: RwLock::new(()),
            _peers: ready.peers,
            _runtime: runtime,
        })
    }

    /// Runs and judges one case, alone where it has to be.
    pub fn run(&self, case: &Case) -> CaseReport {
        if case.pace == Pace::Alone {
            let _turn = self.turns.write().unwrap_or_else(PoisonError::into_inner);
            run_case(&self.run, case)
        } else {
            let _turn = self.turns.read().unwrap_or_else(PoisonError::into_inner);
            run_case(&self.run, case)
        }
    }

    /// Deletes every integration of the run; answers one sentence for what is left.
    pub fn clean_up(&self) -> Vec<String> {
        clean_up(&self.run)
    }
}
